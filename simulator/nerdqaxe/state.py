"""One NerdQAxe++ without its socket: settings, hardware and what it is doing."""

import random

from simulator.firmware import Version
from simulator.identity import mac_address
from simulator.nerdqaxe.board import HARDWARE, VR_LIMIT
from simulator.nerdqaxe.settings import (
    FAN_LEGACY,
    FAN_LINKED,
    FAN_MANUAL,
    FAN_PID,
    default_settings,
)
from simulator.physics import Drive, RigModel

# The chips start, and the first job comes from the pool, some seconds after boot.
WARM_UP_SECONDS = 5.0
RESET_REASONS = {
    "power": "SYSTEM.RESET_POWERON",
    "restart": "SYSTEM.RESET_SOFTWARE",
}

_LEGACY_TARGET = 55.0
_MINIMUM_FAN = 20.0


class NerdQAxeState:
    """Everything a NerdQAxe++ knows of itself."""

    def __init__(
        self, *, firmware: str, version: Version, seed: int, rng: random.Random
    ) -> None:
        """Set up a device as it leaves the factory, mining for its new owner."""
        self.firmware = firmware
        self.version = version
        self.mac = mac_address("nerdqaxe", "plusplus", seed)
        self.address = ""
        self.otp = False
        self.settings = default_settings()
        self.model = RigModel(HARDWARE, rng)
        self.shutdown = False
        self.overheated = False
        self.uptime = 0.0
        self.reset_reason = RESET_REASONS["power"]
        self.using_fallback = False
        self.active_pool_mode = self.settings.pool_mode
        self.free_heap = rng.randrange(6_700_000, 7_000_000)

    @property
    def ready(self) -> bool:
        """Tell whether the chips are up and the pool has sent a job."""
        return self.uptime >= WARM_UP_SECONDS

    @property
    def powered(self) -> bool:
        """Tell whether the chips get their core voltage."""
        return not (
            self.shutdown or self.overheated or self.model.power_fault is not None
        )

    @property
    def current(self) -> float:
        """Return the input current in mA."""
        return self.model.power / self.model.input_voltage * 1e6

    @property
    def second_fan_percent(self) -> float:
        """Return the second fan's speed, which may follow the first."""
        settings = self.settings
        if settings.second_fan_mode == FAN_MANUAL:
            return settings.second_fan
        return self.model.fan_percent

    def boot(self, reason: str) -> None:
        """Begin a session, which also ends a shutdown."""
        self.uptime = 0.0
        self.shutdown = False
        self.overheated = False
        self.reset_reason = RESET_REASONS[reason]
        self.active_pool_mode = self.settings.pool_mode
        self.model.start_session()

    def tick(self, seconds: float, *, running: bool) -> None:
        """Move on by a short time in which the firmware was up, or was not."""
        if running:
            self.uptime += seconds
            self._watch_heat()
        self.model.step(seconds, self._drive(running=running))

    def _watch_heat(self) -> None:
        """Cut the voltage for good when it gets too hot."""
        model = self.model
        too_hot = model.chip_temperature > self.settings.overheat_temperature
        if too_hot or model.vr_temperature > VR_LIMIT:
            self.overheated = True

    def _drive(self, *, running: bool) -> Drive:
        """Return what the firmware asks of the hardware now."""
        settings = self.settings
        targets = {
            FAN_LEGACY: _LEGACY_TARGET,
            FAN_PID: float(settings.pid_target),
            FAN_LINKED: float(settings.pid_target),
        }
        return Drive(
            frequency=settings.frequency,
            core_voltage=settings.core_voltage,
            hashing=running and self.ready,
            powered=running and self.powered,
            target_temperature=targets.get(settings.autofan),
            manual_fan=settings.manual_fan,
            minimum_fan=_MINIMUM_FAN,
        )
