"""The pool's side of mining: shares, why some are refused, the best of them."""

from dataclasses import dataclass, field
import math
import random

HASHES_PER_DIFFICULTY = 2**32
REASONS = ("Stale share", "Above target", "Duplicate share")
_REASON_WEIGHTS = (6, 3, 1)
_LARGE_MEAN = 40.0


@dataclass(slots=True, kw_only=True)
class ShareCounter:
    """Count what a miner submits in a session and keep the best it ever had."""

    best_ever: float
    pool_difficulty: float
    accepted: int = 0
    rejected: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    best_session: float = 0.0
    blocks_found: int = 0
    blocks_found_ever: int = 0
    total_hashes: float = 0.0
    session_hashes: float = 0.0

    def start_session(self) -> None:
        """Forget what a reboot forgets; the best share ever stays."""
        self.accepted = 0
        self.rejected = 0
        self.reasons = {}
        self.best_session = 0.0
        self.blocks_found = 0
        self.session_hashes = 0.0

    def mine(self, rng: random.Random, hashes: float, reject_chance: float) -> None:
        """Turn hashes into shares, most of them accepted."""
        self.total_hashes += hashes
        self.session_hashes += hashes
        found = poisson(rng, hashes / (self.pool_difficulty * HASHES_PER_DIFFICULTY))
        if found == 0:
            return
        # The best of n shares needs one draw: the smallest of n uniform numbers.
        smallest = 1.0 - (1.0 - rng.random()) ** (1.0 / found)
        best = self.pool_difficulty / max(smallest, 1e-12)
        self.best_session = max(self.best_session, best)
        self.best_ever = max(self.best_ever, best)
        refused = min(found, poisson(rng, found * reject_chance))
        self.accepted += found - refused
        self.rejected += refused
        for reason in rng.choices(REASONS, _REASON_WEIGHTS, k=refused):
            self.reasons[reason] = self.reasons.get(reason, 0) + 1


def poisson(rng: random.Random, mean: float) -> int:
    """Draw how many independent events happened where `mean` are expected."""
    if mean <= 0:
        return 0
    if mean > _LARGE_MEAN:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit = math.exp(-mean)
    count = 0
    product = rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count
