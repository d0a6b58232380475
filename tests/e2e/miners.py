"""Simulated miners in the test's own process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from simulator.avalon import AvalonDevice
from simulator.axeos import AxeOSDevice
from simulator.clock import Clock
from simulator.families import build
from simulator.nerdqaxe import NerdQAxeDevice
from simulator.nmminer import NMMinerHttpDevice, NMMinerUdpDevice

type Miner = (
    AvalonDevice | AxeOSDevice | NerdQAxeDevice | NMMinerHttpDevice | NMMinerUdpDevice
)

_WARM_UP = 3 * 60 * 60


class HeadStartClock(Clock):
    """The time of a device that was plugged in some hours ago."""

    def __init__(self) -> None:
        """Start with the present."""
        self._ahead = 0.0

    def __call__(self) -> float:
        """Return the time now."""
        return super().__call__() + self._ahead

    def skip(self, seconds: float) -> None:
        """Let time pass at once."""
        self._ahead += seconds


@asynccontextmanager
async def running_miner(
    spec: str, host: str, seed: int, port: int = 0
) -> AsyncIterator[Miner]:
    """Run a miner that is warm, on a port of a loopback address, or on a free one."""
    clock = HeadStartClock()
    miner = build(spec, seed=seed, clock=clock)
    assert isinstance(miner, Miner.__value__)
    clock.skip(_WARM_UP)
    miner.catch_up()
    await miner.start(host, port)
    try:
        yield miner
    finally:
        await miner.stop()
