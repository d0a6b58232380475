"""Tells which family of miner answers at an address."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any, Final

import aiohttp

from .address import Address
from .avalon import AvalonClient
from .axeos import AxeOSClient
from .cgminer import CGMINER_PORT, CgminerDevice
from .cgminer_miner import CgminerClient
from .client import MinerClient
from .errors import (
    MinerAuthenticationError,
    MinerConnectionError,
    MinerError,
    MinerForeignError,
    MinerProtocolError,
    MinerRefusedError,
    MinerTimeoutError,
    MinerUnreachableError,
    MinerUnsupportedError,
)
from .esp_miner import INFO_PATH, EspMinerClient
from .http import HttpDevice
from .model import MinerFamily
from .nerdqaxe import NerdQAxeClient
from .nmminer import NMMinerClient
from .nmminer_listener import NMMinerListener

HTTP_PORT = 80

type Probe = Callable[
    [aiohttp.ClientSession, str, int], Coroutine[Any, Any, MinerClient]
]
type HttpMiner = type[EspMinerClient | NMMinerClient]
type ReadyProbe = Callable[[], Coroutine[Any, Any, MinerClient]]
type Outcome = tuple[MinerClient | None, Sequence[MinerError]]

DEFAULT_PORTS: Final[Mapping[MinerFamily, int]] = {
    MinerFamily.AVALON: CGMINER_PORT,
    MinerFamily.AXEOS: HTTP_PORT,
    MinerFamily.CGMINER: CGMINER_PORT,
    MinerFamily.NERDQAXE: HTTP_PORT,
    MinerFamily.NMMINER: HTTP_PORT,
}

_ESP_MINERS: Final[Mapping[MinerFamily, type[EspMinerClient]]] = {
    MinerFamily.AXEOS: AxeOSClient,
    MinerFamily.NERDQAXE: NerdQAxeClient,
}

# How much an error of a probe tells: that something does not speak a protocol says
# nothing where another may be spoken. A kind comes before the kinds it derives from.
_TELLING: Final[Mapping[type[MinerError], int]] = {
    MinerUnsupportedError: 6,
    MinerAuthenticationError: 5,
    MinerForeignError: 1,
    MinerProtocolError: 4,
    MinerRefusedError: 4,
    MinerTimeoutError: 3,
    MinerUnreachableError: 0,
    MinerConnectionError: 2,
}


def create_client(
    family: MinerFamily,
    session: aiohttp.ClientSession,
    host: str,
    port: int,
    listener: NMMinerListener | None = None,
) -> MinerClient:
    """Return the client for a miner of a known family."""
    if family is MinerFamily.AVALON:
        return AvalonClient(session, host, port)
    if family is MinerFamily.CGMINER:
        return CgminerClient(host, port)
    if family is MinerFamily.NMMINER:
        return NMMinerClient(session, host, port, listener)
    return _ESP_MINERS[family](session, host, port)


async def detect(
    session: aiohttp.ClientSession,
    address: Address,
    listener: NMMinerListener | None = None,
) -> MinerClient:
    """Return the identified client of the miner at an address.

    With a listener, a miner that only broadcasts is found as well. Raises
    MinerUnsupportedError for a miner that is known but not supported, else the most
    telling error that any of the probes met.
    """
    # At a port that is typed, the one whose default it is comes first.
    probes = [
        partial(probe, session, address.host, address.port or default)
        for probe, default in sorted(_PROBES, key=lambda item: item[1] != address.port)
    ]
    if address.port is not None:
        found, errors = await _found_in_turn(probes)
    else:
        if listener is not None:
            probes.append(partial(_probe_nmminer, session, address.host, listener))
        found, errors = await _first_found(probes)
    if found is not None:
        return found
    raise max(errors, key=_tells)


def _tells(error: MinerError) -> int:
    """Return how much an error tells of what is at the address."""
    return next(rank for kind, rank in _TELLING.items() if isinstance(error, kind))


async def _first_found(probes: Sequence[ReadyProbe]) -> Outcome:
    """Return the miner that is found first, each probe having a port of its own."""
    tasks = [asyncio.ensure_future(probe()) for probe in probes]
    errors: list[MinerError] = []
    try:
        for outcome in asyncio.as_completed(tasks):
            try:
                return await outcome, errors
            except MinerError as err:
                errors.append(err)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return None, errors


async def _found_in_turn(probes: Sequence[ReadyProbe]) -> Outcome:
    """Return the miner at a port that a miner serves for one caller at a time."""
    errors: list[MinerError] = []
    for probe in probes:
        try:
            return await probe(), errors
        except MinerError as err:
            errors.append(err)
            if isinstance(err, MinerTimeoutError | MinerUnreachableError):
                # Nothing else would get an answer there.
                break
    return None, errors


async def _probe_cgminer(
    session: aiohttp.ClientSession, host: str, port: int
) -> MinerClient:
    """Return the client of a miner that speaks the cgminer API."""
    version = (await CgminerDevice(host, port).command("version")).row("VERSION")
    client: MinerClient = (
        AvalonClient(session, host, port)
        if AvalonClient.recognizes(version)
        else CgminerClient(host, port)
    )
    await client.identify()
    return client


async def _probe_esp_miner(
    session: aiohttp.ClientSession, host: str, port: int
) -> MinerClient:
    """Return the client of a miner that speaks HTTP under the path of ESP-Miner."""
    info = (await HttpDevice(session, host, port).get(INFO_PATH)).json()
    client = http_client_class(info)(session, host, port)
    await client.identify()
    return client


async def _probe_nmminer(
    session: aiohttp.ClientSession, host: str, listener: NMMinerListener
) -> MinerClient:
    """Return the client of a miner that broadcasts."""
    client = NMMinerClient(session, host, HTTP_PORT, listener)
    try:
        await client.hear()
    except MinerTimeoutError:
        # Hardly anything broadcasts, so this says nothing of what is there.
        raise MinerUnreachableError("Nothing broadcasts") from None
    return client


def http_client_class(info: Mapping[str, Any]) -> HttpMiner:
    """Return the client for the miner that a reply of /api/system/info is from.

    Raises MinerProtocolError where that is no miner.
    """
    client_classes: Sequence[HttpMiner] = (NMMinerClient, *_ESP_MINERS.values())
    for client_class in client_classes:
        if client_class.recognizes(info):
            return client_class
    raise MinerProtocolError("Something else than a miner answers")


_PROBES: Final[Sequence[tuple[Probe, int]]] = (
    (_probe_esp_miner, HTTP_PORT),
    (_probe_cgminer, CGMINER_PORT),
)
