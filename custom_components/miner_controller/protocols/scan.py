"""Finds the miners on a network, with few connections to each host."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address
from typing import Final

import aiohttp

from .avalon import AvalonClient
from .avalon_status import device_fields
from .cgminer import CGMINER_PORT, CgminerDevice
from .cgminer_miner import CgminerClient
from .cgminer_reply import CgminerReply
from .detect import HTTP_PORT, http_client_class
from .errors import (
    MinerError,
    MinerProtocolError,
    MinerTimeoutError,
    MinerUnreachableError,
)
from .esp_miner import INFO_PATH
from .http import HttpDevice
from .model import MinerIdentity
from .private_network import is_private

CONNECT_LIMIT = 0.5
"""Seconds in which a connection comes about where something is."""

ANSWER_LIMIT = 3.0
"""Seconds that one answer may take, the connection included."""

WORKERS: Final = 32
"""Hosts that are asked at the same time, each on two ports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A miner that a scan met, before it is asked for more."""

    host: str
    port: int
    identity: MinerIdentity


def _ignore(done: int, total: int) -> None:
    """Tell nobody how far a scan is."""


async def scan(
    session: aiohttp.ClientSession,
    addresses: Sequence[IPv4Address],
    *,
    progress: Callable[[int, int], None] = _ignore,
    http_port: int = HTTP_PORT,
    cgminer_port: int = CGMINER_PORT,
) -> list[Sighting]:
    """Return the miners at some addresses, one at each at most, in their order.

    `progress` is told how many of how many hosts are done. Raises ValueError for an
    address that is not private, before anything is asked.
    """
    waiting = sorted(set(addresses))
    if foreign := [address for address in waiting if not is_private(address)]:
        raise ValueError(f"{foreign[0]} is not private")
    total = len(waiting)
    found: dict[IPv4Address, Sighting] = {}
    done = 0
    # The workers share the iterator, so each takes the next host that nobody took.
    untaken = iter(waiting)

    async def work() -> None:
        nonlocal done
        for address in untaken:
            sighting = await _look_at(session, str(address), http_port, cgminer_port)
            if sighting is not None:
                found[address] = sighting
            done += 1
            progress(done, total)

    async with asyncio.TaskGroup() as workers:
        for _ in range(min(WORKERS, total)):
            workers.create_task(work())
    return [found[address] for address in sorted(found)]


async def _look_at(
    session: aiohttp.ClientSession, host: str, http_port: int, cgminer_port: int
) -> Sighting | None:
    """Return the miner at a host, which is asked on both ports at the same time."""
    async with asyncio.TaskGroup() as group:
        over_http = group.create_task(
            _sighting(host, http_port, partial(_ask_http, session))
        )
        over_tcp = await _sighting(host, cgminer_port, _ask_cgminer)
    # One host is one miner, and what has an API of its own may serve a page besides.
    return over_tcp or over_http.result()


async def _sighting(
    host: str, port: int, ask: Callable[[str, int], Awaitable[MinerIdentity]]
) -> Sighting | None:
    """Return the miner at a port, None where there is something else or nothing."""
    try:
        identity = await ask(host, port)
    except MinerError, aiohttp.ClientError, OSError:
        return None
    return Sighting(host=host, port=port, identity=identity)


async def _ask_http(
    session: aiohttp.ClientSession, host: str, port: int
) -> MinerIdentity:
    """Return who answers over HTTP, which takes one connection."""
    device = HttpDevice(
        session,
        host,
        port,
        connect_limit=CONNECT_LIMIT,
        time_limit=ANSWER_LIMIT,
        once=True,
    )
    info = (await device.get(INFO_PATH)).json()
    return http_client_class(info).sight(info)


async def _ask_cgminer(host: str, port: int) -> MinerIdentity:
    """Return who answers with the cgminer API, which takes two connections at most."""
    device = CgminerDevice(
        host, port, connect_limit=CONNECT_LIMIT, time_limit=ANSWER_LIMIT
    )
    try:
        return _identity(await device.joined("version", "estats"))
    except MinerTimeoutError, MinerUnreachableError:
        raise
    except MinerError:
        # Firmware that does not know joined commands refuses them, closes without an
        # answer, or answers something else.
        return _identity({"version": await device.command("version")})


def _identity(replies: Mapping[str, CgminerReply | MinerError]) -> MinerIdentity:
    """Return who the miner is that some reports are from.

    Raises MinerProtocolError where its version is not among them. Only Avalons have
    more in `estats`.
    """
    reply = replies.get("version")
    version = reply.row("VERSION") if isinstance(reply, CgminerReply) else {}
    if not version:
        raise MinerProtocolError("The miner does not tell its version")
    if not AvalonClient.recognizes(version):
        return CgminerClient.sight(version)
    details = replies.get("estats")
    stats = details.rows("STATS") if isinstance(details, CgminerReply) else []
    return AvalonClient.sight(version, device_fields(stats))
