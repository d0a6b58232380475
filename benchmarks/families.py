"""The kinds of miners that are measured: their devices, clients and floors."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

import aiohttp
import orjson

from custom_components.miner_controller.protocols.avalon import AvalonClient
from custom_components.miner_controller.protocols.axeos import AxeOSClient
from custom_components.miner_controller.protocols.client import MinerClient
from simulator.avalon import AvalonDevice
from simulator.axeos import AxeOSDevice
from simulator.clock import Clock

type Simulated = AxeOSDevice | AvalonDevice

HOST: Final = "127.0.0.1"

# What one poll of a Nano 3S sends.
_REQUEST: Final = orjson.dumps({"command": "summary+estats+pools"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A kind of miner.

    `exchange` is the floor: one bare exchange with the miner at a port, whose JSON is
    read. `client_aim` is how many floors a poll by the client may cost.
    """

    title: str
    create: Callable[[int, Clock], Simulated]
    client: Callable[[aiohttp.ClientSession, int], MinerClient]
    exchange: Callable[[aiohttp.ClientSession, int], Awaitable[None]]
    client_aim: float


def _create_bitaxe(number: int, clock: Clock) -> AxeOSDevice:
    """Return a Bitaxe Gamma with the newest firmware."""
    return AxeOSDevice(
        board="gamma601",
        firmware="2.15",
        seed=number + 1,
        clock=clock,
        mac=f"02:00:00:00:{number >> 8:02x}:{number & 255:02x}",
        hostname=f"bench{number + 1}",
    )


async def _get(session: aiohttp.ClientSession, port: int) -> None:
    """Do a bare GET."""
    async with session.get(f"http://{HOST}:{port}/api/system/info") as response:
        orjson.loads(await response.read())


async def _talk(_: aiohttp.ClientSession, port: int) -> None:
    """Send one command over a bare TCP connection and read to its end."""
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(_REQUEST)
    orjson.loads((await reader.read()).rstrip(b"\0"))
    writer.close()


FAMILIES: Final[Mapping[str, Family]] = {
    "axeos": Family(
        title="Bitaxe Gamma",
        create=_create_bitaxe,
        client=lambda session, port: AxeOSClient(session, HOST, port),
        exchange=_get,
        client_aim=1.5,
    ),
    "avalon": Family(
        title="Avalon Nano 3S",
        create=lambda number, clock: AvalonDevice(
            board="nano3s", seed=number + 1, clock=clock
        ),
        client=lambda session, port: AvalonClient(session, HOST, port),
        exchange=_talk,
        client_aim=1.6,
    ),
}
