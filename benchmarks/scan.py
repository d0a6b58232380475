"""What scanning a network costs, beside a floor that is measured in the same run.

Run it with the environment of the newest Home Assistant:

    .venv-latest/bin/python -m benchmarks.scan

The network is a /24 of this machine's loopback with a few simulated miners. All other
hosts are dead in the way that costs a scan its time: nobody answers a SYN. The floor
is what a bare `open_connection` to these hosts takes, as many at once as in a scan.
Fails if a scan takes too long, misses a miner or bothers one too often.
"""

import asyncio
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from ipaddress import IPv4Address
import math
import socket
import sys
import time
from typing import Final

import aiohttp

from custom_components.miner_controller.protocols.private_network import (
    hosts,
    parse_network,
)
from custom_components.miner_controller.protocols.scan import (
    CONNECT_LIMIT,
    WORKERS,
    Sighting,
    scan,
)
from simulator.avalon import AvalonDevice
from simulator.axeos import AxeOSDevice
from simulator.cgminer.plain import PlainCgminerDevice
from simulator.nerdqaxe import NerdQAxeDevice

_NETWORK: Final = parse_network("127.0.3.0/24")
_ROUNDS: Final = 3

# What the project aims at: the largest value that is good enough.
_SECONDS_AIM: Final = 15
_CONNECTIONS_AIM: Final = 3

type Device = AxeOSDevice | NerdQAxeDevice | AvalonDevice | PlainCgminerDevice


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The two ports that a scan asks, unprivileged ones here."""

    http: int
    cgminer: int


def _say(line: str = "") -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _aim(value: float, aim: float) -> str:
    """Return whether a value keeps to its aim."""
    return f"aim ≤ {aim:g}: {'kept' if value <= aim else 'MISSED'}"


def _free_ports() -> Ports:
    """Return two ports that nobody uses."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return Ports(http=one.getsockname()[1], cgminer=other.getsockname()[1])


@contextmanager
def _dead(addresses: Sequence[IPv4Address], ports: Ports) -> Iterator[None]:
    """Have hosts that leave a SYN without an answer.

    A socket whose queue is full drops what comes. A connection stays in the queue
    until somebody accepts it, also after whoever made it is gone.
    """
    with ExitStack() as stack:
        for address in addresses:
            for port in (ports.http, ports.cgminer):
                listener = stack.enter_context(socket.socket())
                listener.bind((str(address), port))
                listener.listen(0)
                with socket.socket() as filler:
                    filler.connect((str(address), port))
        yield


class Front:
    """Stands before a miner at an address of the network and counts its callers."""

    def __init__(self, device: Device) -> None:
        """Start without callers."""
        self._device = device
        self.connections = 0

    async def relay(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Hand everything on in both directions, until the miner closes."""
        self.connections += 1
        there, back = await asyncio.open_connection(
            self._device.host, self._device.port
        )
        asking = asyncio.create_task(_pump(reader, back))
        await _pump(there, writer)
        asking.cancel()
        back.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hand on what comes until there is no more, and close."""
    with suppress(ConnectionError):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    writer.close()


async def _start_miners(
    stack: AsyncExitStack, addresses: Sequence[IPv4Address], ports: Ports
) -> list[Front]:
    """Start one miner of each kind, each at an address of its own."""
    devices: list[tuple[Device, int]] = [
        (AxeOSDevice(seed=1), ports.http),
        (NerdQAxeDevice(seed=2), ports.http),
        (AvalonDevice(board="nano3", seed=3), ports.cgminer),
        (AvalonDevice(board="q", seed=4), ports.cgminer),
        (PlainCgminerDevice(seed=5), ports.cgminer),
    ]
    fronts = []
    for (device, port), address in zip(devices, addresses, strict=True):
        await device.start("127.0.0.1")
        stack.push_async_callback(device.stop)
        front = Front(device)
        server = await asyncio.start_server(front.relay, str(address), port)
        stack.callback(server.close)
        fronts.append(front)
    return fronts


async def _measure_wall(ports: Ports) -> tuple[float, list[Sighting], list[Front]]:
    """Return the seconds of a scan, the miners it met and those that there are."""
    network = hosts(_NETWORK)
    places = network[20::50]
    async with AsyncExitStack() as stack:
        fronts = await _start_miners(stack, places, ports)
        stack.enter_context(_dead([a for a in network if a not in places], ports))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        start = time.monotonic()
        found = await scan(
            session, network, http_port=ports.http, cgminer_port=ports.cgminer
        )
        return time.monotonic() - start, found, fronts


async def _knock(address: str, port: int) -> None:
    """Try to connect to a dead host."""
    with suppress(TimeoutError):
        async with asyncio.timeout(CONNECT_LIMIT):
            await asyncio.open_connection(address, port)
        raise RuntimeError(f"{address} is not dead")


async def _knock_everywhere(addresses: Sequence[IPv4Address], ports: Ports) -> None:
    """Try to connect to dead hosts on both ports, as many at once as in a scan."""
    untaken = iter(addresses)

    async def work() -> None:
        for address in untaken:
            await asyncio.gather(
                _knock(str(address), ports.http), _knock(str(address), ports.cgminer)
            )

    await asyncio.gather(*(work() for _ in range(WORKERS)))


async def _timed(work: Awaitable[None]) -> tuple[float, float]:
    """Return the seconds on the clock and those of the processor."""
    wall, cpu = time.monotonic(), time.process_time()
    await work
    return time.monotonic() - wall, time.process_time() - cpu


async def _measure_dead(ports: Ports) -> tuple[float, float, float, float]:
    """Return the best seconds and CPU seconds of the floor and of a scan.

    They take turns, so a machine whose speed drifts treats all the same.
    """
    network = hosts(_NETWORK)
    with _dead(network, ports):
        async with aiohttp.ClientSession() as session:

            async def look() -> None:
                await scan(
                    session, network, http_port=ports.http, cgminer_port=ports.cgminer
                )

            await look()
            floors, scans = [], []
            for _ in range(_ROUNDS):
                floors.append(await _timed(_knock_everywhere(network, ports)))
                scans.append(await _timed(look()))
    return (
        *(min(values) for values in zip(*floors, strict=True)),
        *(min(values) for values in zip(*scans, strict=True)),
    )


def main() -> int:
    """Measure and print, and return 1 if an aim is missed."""
    count = len(hosts(_NETWORK))
    rounds = math.ceil(count / WORKERS)
    seconds, found, fronts = asyncio.run(_measure_wall(_free_ports()))
    floor_wall, floor_cpu, wall, cpu = asyncio.run(_measure_dead(_free_ports()))
    computed = rounds * CONNECT_LIMIT
    most = max(front.connections for front in fronts)
    _say(f"hosts {count}, of them miners {len(fronts)}, at once {WORKERS}")
    _say(
        f"scan / floor               {seconds:.2f} s / {computed:.2f} s ="
        f" {seconds / computed:.2f}×   {_aim(seconds, _SECONDS_AIM)}"
    )
    _say(f"  the floor: {rounds} rounds of {CONNECT_LIMIT:g} s")
    _say(
        f"scan / floor, all dead     {wall:.2f} s / {floor_wall:.2f} s ="
        f" {wall / floor_wall:.2f}×"
    )
    _say(
        f"CPU a host, all dead       {1000 * cpu / count:.2f} ms /"
        f" {1000 * floor_cpu / count:.2f} ms = {cpu / floor_cpu:.2f}×"
    )
    _say("  the floor: bare connections, measured")
    _say(
        f"miners met                 {len(found)} of {len(fronts)}:"
        f" {', '.join(sighting.identity.model for sighting in found)}"
    )
    _say(f"most connections a host    {most}   {_aim(most, _CONNECTIONS_AIM)}")
    return int(
        seconds > _SECONDS_AIM or most > _CONNECTIONS_AIM or len(found) < len(fronts)
    )


if __name__ == "__main__":
    sys.exit(main())
