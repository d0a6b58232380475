"""One miner without its socket: hardware, pools, counters and its own clock."""

import math
import random
import time

from simulator.cgminer.pools import PoolTable
from simulator.clock import Clock
from simulator.physics import Drive, Hardware, RigModel
from simulator.shares import HASHES_PER_DIFFICULTY, poisson

WARM_UP_SECONDS = 15.0
RATE_WINDOWS = {"5s": 5.0, "1m": 60.0, "5m": 300.0, "15m": 900.0}
STALE = "Stale share"

_BLOCK_SECONDS = 600.0
_DIFFICULTY = 138_000_000_000_000.0
# The chips' errors that reach the counters are far fewer than those that were tried.
_ERRORS_PER_COUNT = 20_000.0


class RollingRates:
    """The decaying hashrates, made of the few nonces that are found in a moment."""

    def __init__(self, nonce_difficulty: float) -> None:
        """Begin with nothing."""
        self._quantum = nonce_difficulty * HASHES_PER_DIFFICULTY
        self.values = dict.fromkeys(RATE_WINDOWS, 0.0)

    def add(self, rng: random.Random, hashes: float, seconds: float) -> None:
        """Count the nonces of one step, in which luck decides how many there are."""
        counted = poisson(rng, hashes / self._quantum) * self._quantum / 1e6
        for name, window in RATE_WINDOWS.items():
            weight = 1.0 - math.exp(-seconds / window)
            value = self.values[name]
            self.values[name] = value + (counted / seconds - value) * weight

    def start_session(self) -> None:
        """Forget everything."""
        self.values = dict.fromkeys(RATE_WINDOWS, 0.0)


class MinerState:
    """Everything a cgminer knows of itself and of what it drives."""

    def __init__(
        self,
        *,
        hardware: Hardware,
        pools: PoolTable,
        nonce_difficulty: float,
        rng: random.Random,
        clock: Clock,
    ) -> None:
        """Set up a miner whose own clock is right."""
        self.model = RigModel(hardware, rng)
        self.model.network_difficulty = _DIFFICULTY
        self.pools = pools
        self.rates = RollingRates(nonce_difficulty)
        self.rng = rng
        self.clock = clock
        self.clock_offset = 0.0
        # Clients tell the time of day from their own clock, so the miner's agrees.
        self._epoch = time.time() - clock()
        self.uptime = 0.0
        self.hashing_since = WARM_UP_SECONDS
        self.first_height = 960_000 + rng.randrange(4000)
        self.block_at = rng.uniform(0.0, _BLOCK_SECONDS)

    def time_at(self, moment: float) -> int:
        """Return what the miner's clock shows at a moment of the device's clock."""
        return int(self._epoch + moment + self.clock_offset)

    @property
    def now(self) -> int:
        """Return what the miner's clock shows now."""
        return self.time_at(self.clock())

    @property
    def elapsed(self) -> int:
        """Return for how many whole seconds cgminer has been running."""
        return int(self.uptime)

    @property
    def megahashes(self) -> float:
        """Return how much was hashed in this session, in MH."""
        return self.model.shares.session_hashes / 1e6

    @property
    def average(self) -> float:
        """Return the hashrate since the start in MH/s."""
        return self.megahashes / max(1.0, self.uptime)

    @property
    def hardware_errors(self) -> int:
        """Return how many wrong nonces the chips returned."""
        return int(self.model.error_count / _ERRORS_PER_COUNT)

    @property
    def blocks_seen(self) -> int:
        """Return how many blocks the network found in this session."""
        return int((self.uptime + self.block_at) / _BLOCK_SECONDS)

    @property
    def mining(self) -> bool:
        """Tell whether the miner has started up and has a pool to work for."""
        return self.uptime >= self.hashing_since and self.pools.active is not None

    def boot(self) -> None:
        """Begin a session."""
        self.uptime = 0.0
        self.hashing_since = WARM_UP_SECONDS
        self.rates.start_session()
        self.model.start_session()
        self.pools.restart()

    def tick(self, seconds: float, *, running: bool, moment: float) -> None:
        """Move on by a short time in which the firmware was up, or was not."""
        if running:
            self.uptime += seconds
        pool = self.pools.active
        shares = self.model.shares
        accepted, rejected = shares.accepted, shares.rejected
        stale, hashes = shares.reasons.get(STALE, 0), shares.session_hashes
        best = shares.best_session
        self.model.step(seconds, self.drive(running=running))
        self.rates.add(self.rng, shares.session_hashes - hashes, seconds)
        if pool is None or not running:
            return
        late = shares.reasons.get(STALE, 0) - stale
        pool.difficulty = self.model.pool_difficulty
        pool.works += shares.accepted - accepted + late
        pool.getworks = 1 + int(self.uptime / 15)
        pool.credit(
            accepted=shares.accepted - accepted,
            rejected=shares.rejected - rejected - late,
            stale=late,
            # A record that another pool got is not this one's.
            best=shares.best_session if shares.best_session > best else 0.0,
            now=self.time_at(moment),
        )

    def drive(self, *, running: bool) -> Drive:
        """Return what the firmware asks of the hardware now."""
        hardware = self.model.hardware
        return Drive(
            frequency=hardware.nominal_frequency,
            core_voltage=hardware.nominal_voltage,
            hashing=running and self.mining,
            powered=running,
            target_temperature=75.0,
            manual_fan=100.0,
            minimum_fan=10.0,
        )
