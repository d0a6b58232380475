"""One AxeOS device without its socket: settings, hardware and what it is doing."""

import random

from simulator.axeos.boards import Board
from simulator.axeos.overheat import OverheatGuard
from simulator.axeos.settings import AxeOSSettings, Pool, default_pools
from simulator.axeos.statistics import StatisticsLog
from simulator.firmware import Version
from simulator.identity import mac_address
from simulator.physics import Drive, RigModel

# The chips start, and the first job comes from the pool, some seconds after boot.
WARM_UP_SECONDS = 5.0
RESET_REASONS = {
    "power": "Reset due to power-on event",
    "restart": "Software reset via esp_restart",
}

_TARGET_SETTING_SINCE: Version = (2, 7)
_FIXED_TARGET = 60.0


class AxeOSState:
    """Everything an AxeOS device knows of itself."""

    def __init__(
        self,
        *,
        board_name: str,
        board: Board,
        version: Version,
        seed: int,
        rng: random.Random,
        mac: str | None,
        hostname: str | None,
    ) -> None:
        """Set up a device as it leaves the factory, mining for its new owner."""
        self.board = board
        self.version = version
        self.mac = mac or mac_address("axeos", board_name, seed)
        self.address = ""
        name = hostname or "bitaxe"
        self.settings = AxeOSSettings(
            frequency=board.default_frequency,
            core_voltage=board.default_voltage,
            hostname=name,
            pools=default_pools(name),
        )
        self.model: RigModel = RigModel(board.hardware, rng)
        self.guard = OverheatGuard(board, version, self.settings)
        self.statistics = StatisticsLog()
        self.paused = False
        self.blocks_dismissed = 0
        self.uptime = 0.0
        self.past_uptime = float(rng.randrange(200_000, 9_000_000))
        self.past_hashes = self.past_uptime * self.expected_hashrate * 1e9
        self.reset_reason = RESET_REASONS["power"]
        self.free_heap: int = rng.randrange(8_100_000, 8_300_000)
        self.pool: Pool
        self.using_fallback: bool
        self._connect()

    @property
    def ready(self) -> bool:
        """Tell whether the chips are up and the pool has sent a job."""
        return self.uptime >= WARM_UP_SECONDS

    @property
    def powered(self) -> bool:
        """Tell whether the chips get their core voltage."""
        model = self.model
        return not (
            self.guard.halted
            or self.paused
            or model.power_fault is not None
            or model.hardware_fault is not None
        )

    @property
    def chip_temperature(self) -> float:
        """Return what the firmware reads; a chip that is off cannot be read."""
        if self.board.chip_diode and not self.powered:
            return -1.0
        return self.model.chip_temperature

    @property
    def vr_temperature(self) -> float:
        """Return the regulator's temperature; a board without sensor reads 0."""
        return self.model.vr_temperature if self.board.regulator else 0.0

    @property
    def current(self) -> float:
        """Return the current in mA: what the regulator puts out, or the input."""
        model = self.model
        if not self.board.regulator:
            return model.power / model.input_voltage * 1e6
        if model.core_voltage_actual == 0:
            return 0.0
        return model.chip_power / model.core_voltage_actual * 1e6

    @property
    def total_hashes(self) -> int:
        """Return every hash ever done, this session's and those before."""
        return int(self.past_hashes + self.model.shares.total_hashes)

    @property
    def actual_frequency(self) -> float:
        """Return the frequency the chips run at."""
        return self.settings.frequency if self.powered else 0.0

    @property
    def expected_hashrate(self) -> float:
        """Return the hashrate in GH/s of the frequency that is set."""
        return self.model.expected_hashrate(self.settings.frequency)

    def boot(self, reason: str) -> None:
        """Begin a session: apply what waited for a restart, forget the counters."""
        self.past_uptime += self.uptime
        self.uptime = 0.0
        self.paused = False
        self.blocks_dismissed = 0
        self.reset_reason = RESET_REASONS[reason]
        self.model.start_session()
        self.guard.boot()
        self.statistics.clear()
        self._connect()

    def tick(self, seconds: float, *, running: bool) -> None:
        """Move on by a short time in which the firmware was up, or was not."""
        if running:
            self.uptime += seconds
            self.guard.watch(self.model, seconds)
        self.model.step(seconds, self._drive(running=running))
        if running:
            self.statistics.record(self)

    def _connect(self) -> None:
        """Choose the pool that this session mines at."""
        self.using_fallback = self.settings.use_fallback
        self.pool = (
            self.settings.fallback_pool if self.using_fallback else self.settings.pool
        )

    def _drive(self, *, running: bool) -> Drive:
        """Return what the firmware asks of the hardware now."""
        settings = self.settings
        target: float | None = None
        if settings.autofan:
            adjustable = self.version >= _TARGET_SETTING_SINCE
            target = settings.target_temperature if adjustable else _FIXED_TARGET
        return Drive(
            frequency=settings.frequency,
            core_voltage=settings.core_voltage,
            hashing=running and self.ready,
            powered=running and self.powered,
            target_temperature=target,
            manual_fan=settings.manual_fan,
            minimum_fan=settings.minimum_fan,
        )
