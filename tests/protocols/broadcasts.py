"""NMMiners of which a test decides every datagram."""

import asyncio
import json
import socket
from typing import Any

from custom_components.miner_controller.protocols.nmminer_listener import (
    NMMinerListener,
)
from custom_components.miner_controller.protocols.nmminer_report import NMMinerReport

from . import HOST
from .raw_miner import PATIENCE, until

# What the first firmware tells, apart from its address.
TOLD: dict[str, Any] = {
    "BoardType": "NMLotto",
    "HashRate": "113.13K",
    "Share": "1/138",
    "NetDiff": "89.47T",
    "PoolDiff": "0.001",
    "LastDiff": "0.001",
    "BestDiff": "4.021M",
    "Valid": 0,
    "Temp": 48.5,
    "RSSI": -62,
    "FreeHeap": 8203.9,
    "Uptime": "00d 01:23:46",
    "Version": "v0.3.01",
    "PoolInUse": "pool.example:3333",
}


def datagram(**changes: Any) -> bytes:
    """Return the report of a miner, of which None leaves out a field."""
    told = {**TOLD, **changes}
    return json.dumps(
        {key: told[key] for key in told if told[key] is not None}
    ).encode()


def say(data: bytes, port: int, *, sender: str = HOST, to: str = HOST) -> None:
    """Send one datagram, which loopback delivers at once."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        opened.bind((sender, 0))
        opened.sendto(data, (to, port))


class Ear:
    """Notes what a listener hands on."""

    def __init__(self, listener: NMMinerListener, address: str | None = None) -> None:
        """Hear of one address, or of all."""
        self.listener = listener
        self.heard: list[tuple[str, NMMinerReport]] = []
        self.end = listener.listen(self._take, address)

    def _take(self, address: str, report: NMMinerReport) -> None:
        """Note a report."""
        self.heard.append((address, report))

    @property
    def addresses(self) -> list[str]:
        """Return who was heard."""
        return [address for address, _ in self.heard]

    async def until_heard(self, count: int) -> None:
        """Wait until so many reports were handed on."""
        await until(lambda: len(self.heard) >= count)


async def next_report(listener: NMMinerListener, address: str) -> NMMinerReport:
    """Return the next report of an address, or fail where none comes."""
    async with asyncio.timeout(PATIENCE):
        return await listener.next_report(address)
