"""One Avalon without its socket: its mode, its lamp, its schedule, its identity."""

from dataclasses import dataclass
import math
import random
from typing import override

from simulator.avalon.models import AvalonModel
from simulator.cgminer.pools import default_pools
from simulator.cgminer.state import WARM_UP_SECONDS, MinerState
from simulator.clock import Clock
from simulator.identity import mac_address, random_token
from simulator.physics import Drive

CANAAN = (0xE0, 0xE1, 0xA9)
NANO3_CALIBRATION_SECONDS = 10.0
AUTOMATIC_FAN = -1

# What one level below the full one costs and saves.
_ECO_WATTS = 0.8
_ECO_HASHRATE = 0.86


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingPool:
    """A pool that was set and waits for a reboot."""

    url: str
    user: str
    password: str


class AvalonState(MinerState):
    """Everything an Avalon knows of itself."""

    def __init__(
        self,
        *,
        kind: AvalonModel,
        firmware: str,
        seed: int,
        rng: random.Random,
        clock: Clock,
    ) -> None:
        """Set up a miner as it leaves the factory, mining for its new owner."""
        super().__init__(
            hardware=kind.hardware,
            pools=default_pools(kind.key),
            nonce_difficulty=kind.nonce_difficulty,
            rng=rng,
            clock=clock,
        )
        self.kind = kind
        self.firmware = firmware
        self.mac = mac_address("avalon", kind.key, seed, CANAAN)
        self.dna = f"0201{random_token(rng, 12, '0123456789abcdef')}"
        self.mode = kind.mode
        self.level = 0
        self.fan = AUTOMATIC_FAN
        self.target = kind.target
        self.led_mode = 0
        self.led = [0, 100, 50, 0, 0, 255]
        self.led_bright = 50
        self.lcd_on = 1
        self.lcd_switch = 2
        self.calibration_seconds = 120.0
        self.calibrating = 0.0
        self.soft_off = False
        self.off_at: int | None = None
        self.on_at: int | None = None
        self.off_time = 0
        self.on_time = 0
        self.reboot_in: float | None = None
        self.pending: dict[int, PendingPool] = {}

    @property
    def calibrated(self) -> bool:
        """Tell whether the chips are tuned for the mode they work in."""
        return self.calibrating <= 0

    @property
    def work(self) -> str:
        """Return what the miner says it is doing."""
        if self.soft_off:
            return "In Idle"
        return "In Init" if self.uptime < self.hashing_since else "In Work"

    @property
    def chip_voltage(self) -> float:
        """Return the voltage in mV that a chip should get."""
        hardware = self.kind.hardware
        mode = self.kind.modes[self.mode]
        saving = self._watts_share / self._hashrate_share
        return mode.voltage(hardware) * math.sqrt(saving)

    @property
    def frequency(self) -> float:
        """Return the frequency in MHz of the chips."""
        mode = self.kind.modes[self.mode]
        return mode.frequency(self.kind.hardware) * self._hashrate_share

    @property
    def limit(self) -> int:
        """Return the power in W that is configured, which is not what is drawn."""
        return round(self.kind.modes[self.mode].limit * self._watts_share)

    @property
    def _watts_share(self) -> float:
        """Return what part of the mode's power the level leaves."""
        return _ECO_WATTS if self.level < 0 else 1.0

    @property
    def _hashrate_share(self) -> float:
        """Return what part of the mode's hashrate the level leaves."""
        return _ECO_HASHRATE if self.level < 0 else 1.0

    def choose(self, mode: int, level: int) -> None:
        """Change how to work, which needs a calibration unless nothing changes."""
        if (mode, level) == (self.mode, self.level):
            return
        self.mode, self.level = mode, level
        self.calibrating = self.calibration_seconds
        if self.kind.driver == "AVANANO":
            self.calibrating = min(NANO3_CALIBRATION_SECONDS, self.calibrating)

    @override
    def boot(self) -> None:
        super().boot()
        self.soft_off = False
        self.off_at = self.on_at = self.reboot_in = None
        self.calibrating = 0.0
        for number, pool in self.pending.items():
            slot = self.pools[number]
            slot.url, slot.user, slot.password = pool.url, pool.user, pool.password
        self.pending = {}

    @override
    def tick(self, seconds: float, *, running: bool, moment: float) -> None:
        if running:
            self.calibrating = max(0.0, self.calibrating - seconds)
            self._follow_schedule(self.time_at(moment))
        super().tick(seconds, running=running, moment=moment)

    def _follow_schedule(self, now: int) -> None:
        """Switch off or on when the miner's own clock says so."""
        if self.off_at is not None and now >= self.off_at:
            self.off_at = None
            self.soft_off = True
        if self.on_at is not None and now >= self.on_at:
            self.on_at = None
            if self.soft_off:
                self.soft_off = False
                self.hashing_since = self.uptime + WARM_UP_SECONDS

    @override
    def drive(self, *, running: bool) -> Drive:
        automatic = self.fan == AUTOMATIC_FAN
        powered = running and not self.soft_off
        return Drive(
            frequency=self.frequency,
            core_voltage=self.chip_voltage,
            hashing=powered and self.mining,
            powered=powered,
            target_temperature=float(self.target) if automatic else None,
            manual_fan=float(self.fan),
            minimum_fan=15.0,
        )
