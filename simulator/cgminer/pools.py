"""The pools of a miner, of which one is in use while the others stand by."""

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.identity import (
    FALLBACK_HOST,
    FALLBACK_PORT,
    LAST_HOST,
    LAST_PORT,
    POOL_HOST,
    POOL_PORT,
    pool_user,
)

DEFAULT_PASSWORD = "x"  # noqa: S105


@dataclass(slots=True, kw_only=True)
class Pool:
    """One pool: how it is reached, and what was submitted to it."""

    url: str
    user: str
    password: str = DEFAULT_PASSWORD
    priority: int
    enabled: bool = True
    reachable: bool = True
    accepted: int = 0
    rejected: int = 0
    stale: int = 0
    getworks: int = 0
    works: int = 0
    last_share_time: int = 0
    difficulty: float = 0.0
    difficulty_accepted: float = 0.0
    difficulty_rejected: float = 0.0
    difficulty_stale: float = 0.0
    best_share: float = 0.0

    @property
    def alive(self) -> bool:
        """Tell whether the miner could work for this pool."""
        return self.enabled and self.reachable

    @property
    def status(self) -> str:
        """Return the state that a report shows."""
        if not self.enabled:
            return "Disabled"
        return "Alive" if self.reachable else "Dead"

    @property
    def host(self) -> str:
        """Return the host without its scheme and port."""
        return self.url.rpartition("://")[2].partition(":")[0]

    def credit(
        self, *, accepted: int, rejected: int, stale: int, best: float, now: int
    ) -> None:
        """Count what was submitted in one step."""
        self.accepted += accepted
        self.rejected += rejected
        self.stale += stale
        self.difficulty_accepted += accepted * self.difficulty
        self.difficulty_rejected += rejected * self.difficulty
        self.difficulty_stale += stale * self.difficulty
        if accepted:
            self.best_share = max(self.best_share, best, self.difficulty)
            self.last_share_time = now

    def start_session(self) -> None:
        """Forget what was counted."""
        self.accepted = self.rejected = self.stale = 0
        self.getworks = self.works = self.last_share_time = 0
        self.difficulty_accepted = self.difficulty_rejected = 0.0
        self.difficulty_stale = self.best_share = 0.0


class PoolTable:
    """The pools by their number, with the rules of failover."""

    def __init__(self, pools: list[Pool]) -> None:
        """Take over some pools, which are the configured ones."""
        self._configured = tuple(pools)
        self._pools = pools

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._pools)

    def __iter__(self) -> Iterator[Pool]:
        """Go through the pools by their number."""
        return iter(self._pools)

    def __getitem__(self, number: int) -> Pool:
        """Return the pool of a number."""
        return self._pools[number]

    @property
    def active(self) -> Pool | None:
        """Return the first pool that can be used, if there is one."""
        alive = [pool for pool in self._pools if pool.alive]
        return min(alive, key=lambda pool: pool.priority, default=None)

    @property
    def enabled(self) -> int:
        """Return how many are not disabled."""
        return sum(pool.enabled for pool in self._pools)

    def restart(self) -> None:
        """Go back to the configured pools, for all else was told at run time."""
        self._pools = list(self._configured)
        for priority, pool in enumerate(self._pools):
            pool.priority = priority
            pool.enabled = True
            pool.start_session()

    def switch_to(self, number: int) -> None:
        """Put a pool in front of all others."""
        chosen = self._pools[number]
        chosen.enabled = True
        for pool in self._pools:
            if pool.priority < chosen.priority:
                pool.priority += 1
        chosen.priority = 0

    def order(self, numbers: list[int]) -> None:
        """Put some pools in front, in this order; the others keep theirs."""
        named = [self._pools[number] for number in numbers]
        others = sorted(
            (pool for pool in self._pools if not any(pool is each for each in named)),
            key=lambda pool: pool.priority,
        )
        for priority, pool in enumerate((*named, *others)):
            pool.priority = priority

    def add(self, url: str, user: str, password: str) -> int:
        """Append a pool and return its number."""
        pool = Pool(url=url, user=user, password=password, priority=len(self._pools))
        self._pools.append(pool)
        return len(self._pools) - 1

    def remove(self, number: int) -> None:
        """Take a pool away; the later ones move up."""
        gone = self._pools.pop(number)
        for pool in self._pools:
            if pool.priority > gone.priority:
                pool.priority -= 1


def default_pools(hostname: str) -> PoolTable:
    """Return three pools of an invented owner."""
    places = (
        (POOL_HOST, POOL_PORT),
        (FALLBACK_HOST, FALLBACK_PORT),
        (LAST_HOST, LAST_PORT),
    )
    return PoolTable(
        [
            Pool(
                url=f"stratum+tcp://{host}:{port}",
                user=pool_user(hostname),
                priority=number,
            )
            for number, (host, port) in enumerate(places)
        ]
    )
