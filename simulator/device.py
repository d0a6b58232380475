"""What every simulated device has, whatever it speaks."""

from abc import ABC, abstractmethod
import random
from typing import ClassVar

from simulator.clock import Clock, ManualClock
from simulator.faults import COMMON_FAULTS, Fault
from simulator.physics import RigModel
from simulator.wire import JsonObject

RESTART_SECONDS = 8.0

# A device left alone for a day catches up in coarse steps, not in 86400 small ones.
_FINE_STEP = 1.0
_COARSE_STEP = 10.0
_LONG_ABSENCE = 3600.0


class SimulatedDevice(ABC):
    """A device with a clock, a body and a socket, but no life of its own.

    It never runs anything in the background: whenever it is asked something it
    first brings its model up to the clock.
    """

    family: str
    faults: ClassVar[frozenset[Fault]] = COMMON_FAULTS
    # The faults under which nothing listens at all.
    closing_faults: ClassVar[frozenset[Fault]] = frozenset({Fault.REFUSE})
    # Whether it is known by its address alone, which then has to be its own.
    own_address: ClassVar[bool] = False

    def __init__(
        self, *, board: str, firmware: str, seed: int, clock: Clock | None
    ) -> None:
        """Prepare a device that has just been plugged in."""
        self.board_name = board
        self.firmware_name = firmware
        self.seed = seed
        self.clock = clock or Clock()
        self.rng = random.Random(f"{self.family}/{board}/{seed}/behaviour")
        self.name = f"{self.family}-{board}-{seed}"
        self.host = ""
        self.port = 0
        self.requests: list[tuple[str, str]] = []
        self.slow_seconds = 3.0
        self.fault: Fault | None = None
        self.booted_at = self.clock()
        self._modelled = self.clock()
        self._started = False

    @property
    @abstractmethod
    def model(self) -> RigModel:
        """Return the physical model, which a test may change."""

    @property
    @abstractmethod
    def url(self) -> str:
        """Return where the device is reached."""

    @abstractmethod
    def info(self) -> JsonObject:
        """Return what the device would tell of itself now."""

    def current_otp(self) -> str | None:
        """Return the one-time code that is right now, if the device has one."""
        return None

    @abstractmethod
    async def _open(self) -> None:
        """Listen on `host` and `port`; port 0 is replaced by the one found."""

    @abstractmethod
    async def _close(self) -> None:
        """Stop listening and end every connection."""

    @abstractmethod
    def _release(self) -> None:
        """Drop the requests that a fault keeps waiting."""

    @abstractmethod
    def _tick(self, seconds: float, *, running: bool) -> None:
        """Move the device on by a short time in which it was up, or was not."""

    @abstractmethod
    def _boot(self, reason: str) -> None:
        """Forget what a reboot forgets and apply what waits for one."""

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Begin to listen; a refusing device only learns its port."""
        self.host = host
        self.port = port
        await self._open()
        self._started = True
        if self.fault in self.closing_faults:
            await self._close()

    async def stop(self) -> None:
        """End every connection and stop listening."""
        if self._started and self.fault not in self.closing_faults:
            await self._close()
        self._started = False

    async def set_fault(self, fault: Fault | None) -> None:
        """Misbehave from now on, or behave again."""
        if fault is not None and fault not in self.faults:
            msg = f"{self.name} has no fault {fault!s} in its protocol"
            raise ValueError(msg)
        before = self.fault
        self.fault = fault
        if not self._started or before is fault:
            return
        if fault in self.closing_faults:
            await self._close()
        elif before in self.closing_faults:
            await self._open()
        else:
            self._release()

    @property
    def online(self) -> bool:
        """Tell whether the firmware is up rather than restarting."""
        return self.clock() >= self.booted_at

    def advance(self, seconds: float) -> None:
        """Move a manual clock forward and the device with it."""
        if not isinstance(self.clock, ManualClock):
            msg = "only a device with a ManualClock can be advanced"
            raise TypeError(msg)
        self.clock.advance(seconds)
        self.catch_up()

    def reboot(self, *, outage: float = 0.0, reason: str = "power") -> None:
        """Boot anew, as after a power cut, being away for `outage` seconds."""
        self.catch_up()
        self.booted_at = self.clock() + outage
        self._boot(reason)

    def catch_up(self) -> None:
        """Bring the model up to the clock in whole steps."""
        behind = self.clock() - self._modelled
        step = _FINE_STEP if behind <= _LONG_ABSENCE else _COARSE_STEP
        while self._modelled + step <= self.clock():
            self._modelled += step
            self._tick(step, running=self._modelled > self.booted_at)
