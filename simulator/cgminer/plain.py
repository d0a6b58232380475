"""A cgminer 4.11 as its author left it, on some USB stick's host."""

from collections.abc import Mapping
import math
from typing import ClassVar, override

from simulator.cgminer.device import CgminerDevice, Command, Farewell
from simulator.cgminer.pool_commands import PoolCommands
from simulator.cgminer.pools import default_pools
from simulator.cgminer.state import MinerState
from simulator.cgminer.wire import Reply
from simulator.clock import Clock
from simulator.device import RESTART_SECONDS
from simulator.physics import Hardware
from simulator.wire import JsonObject

FIRMWARES = ("4.11",)

_HARDWARE = Hardware(
    chips=2,
    cores=114,
    nominal_frequency=600,
    nominal_voltage=760,
    chip_watts=14.0,
    fixed_watts=1.0,
    supply_voltage=5000,
    fan_rpm=3000,
    pool_difficulty=256,
)


class PlainCgminerDevice(CgminerDevice):
    """One simulated cgminer, which lets others read and perhaps write."""

    family = "cgminer"
    description: ClassVar[str] = "cgminer 4.11.1"
    driver = "GSX"

    state: MinerState

    def __init__(
        self,
        *,
        firmware: str = "4.11",
        seed: int = 1,
        clock: Clock | None = None,
        privileged: bool = False,
        joined_as_list: bool = True,
    ) -> None:
        """Start a cgminer; only a privileged client may change anything."""
        if firmware not in FIRMWARES:
            msg = f"no cgminer {firmware!r}; there are {FIRMWARES}"
            raise ValueError(msg)
        super().__init__(board="host", firmware=firmware, seed=seed, clock=clock)
        self.privileged = privileged
        self.joined_as_list = joined_as_list
        self.state = MinerState(
            hardware=_HARDWARE,
            pools=default_pools("cgminer"),
            nonce_difficulty=16.0,
            rng=self.rng,
            clock=self.clock,
        )
        self.pools = self.state.pools
        pools = PoolCommands(self)
        self._commands = {
            **self.report_commands(),
            **pools.choosing(),
            **pools.editing(),
            "privileged": Command(handler=self._privileged, changes=True),
            "restart": Command(handler=self._restart, changes=True),
            "quit": Command(handler=self._quit, changes=True),
        }

    @property
    @override
    def commands(self) -> Mapping[str, Command]:
        return self._commands

    @override
    def version_row(self) -> JsonObject:
        return {"CGMiner": "4.11.1", "API": "3.7"}

    @override
    def stats_row(self) -> JsonObject:
        return {"Frequency": round(self.model.frequency_actual)}

    @override
    def _tick(self, seconds: float, *, running: bool) -> None:
        self.state.tick(seconds, running=running, moment=self._modelled)

    @override
    def _boot(self, reason: str) -> None:
        self.state.boot()
        self._hang_up()

    def _privileged(self, _parameter: str | None) -> Reply:
        """Tell that changes are allowed, without changing anything."""
        return self.reply(46, "Privileged access OK")

    def _restart(self, _parameter: str | None) -> Farewell:
        """Start again, once the reply is out."""
        self._afterwards = lambda: self.reboot(outage=RESTART_SECONDS)
        return Farewell("RESTART")

    def _quit(self, _parameter: str | None) -> Farewell:
        """End for good, once the reply is out."""
        self._afterwards = lambda: self.reboot(outage=math.inf)
        return Farewell("BYE")
