"""Simulated miners in a process of their own, whose time is their polls."""

import argparse
import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
import json
import subprocess
import sys
from typing import override

from benchmarks.families import FAMILIES, HOST, Simulated
from simulator.clock import Clock

# Long enough for a miner to be warm and to have found shares.
_WARM_UP = 900.0


class PollClock(Clock):
    """Moves on by one poll interval with each request.

    Then each poll finds values as different as polls in real life do, however fast
    they follow each other.
    """

    INTERVAL = 15.0

    def __init__(self) -> None:
        """Start at a point in time."""
        self.device: Simulated | None = None
        self.base = 0.0

    @override
    def __call__(self) -> float:
        requests = 0 if self.device is None else len(self.device.requests)
        return self.base + requests * self.INTERVAL


async def _serve(family: str, count: int) -> None:
    """Run devices until the standard input closes."""
    devices = []
    for number in range(count):
        clock = PollClock()
        device = FAMILIES[family].create(number, clock)
        clock.device = device
        await device.start(HOST)
        clock.base += _WARM_UP
        device.catch_up()
        devices.append(device)
    sys.stdout.write(json.dumps([device.port for device in devices]) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    for device in devices:
        await device.stop()


@contextmanager
def serving(family: str, count: int) -> Iterator[list[int]]:
    """Have miners on loopback ports for as long as the context lasts."""
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "benchmarks.server", family, str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        if process.stdout is None or process.stdin is None:
            raise RuntimeError("The pipes are missing")
        yield json.loads(process.stdout.readline())
        process.stdin.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("family", choices=FAMILIES)
    parser.add_argument("count", type=int)
    options = parser.parse_args()
    asyncio.run(_serve(options.family, options.count))
