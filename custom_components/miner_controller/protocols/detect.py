"""Tells which family of miner answers at an address."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import aiohttp

from . import parse
from .address import Address
from .axeos import AxeOSClient
from .client import MinerClient
from .errors import (
    MinerAuthenticationError,
    MinerConnectionError,
    MinerError,
    MinerProtocolError,
    MinerTimeoutError,
    MinerUnsupportedError,
)
from .esp_miner import INFO_PATH, EspMinerClient
from .http import HttpDevice
from .model import MinerFamily
from .nerdqaxe import NerdQAxeClient

HTTP_PORT = 80

type Probe = Callable[[aiohttp.ClientSession, str, int | None], Awaitable[MinerClient]]

_ESP_MINERS: Final[Mapping[MinerFamily, type[EspMinerClient]]] = {
    MinerFamily.AXEOS: AxeOSClient,
    MinerFamily.NERDQAXE: NerdQAxeClient,
}

# What the probes found out, from the most to the least telling.
_TELLING = (
    MinerUnsupportedError,
    MinerAuthenticationError,
    MinerProtocolError,
    MinerTimeoutError,
    MinerConnectionError,
)


def create_client(
    family: MinerFamily, session: aiohttp.ClientSession, host: str, port: int
) -> MinerClient:
    """Return the client for a miner of a known family."""
    return _ESP_MINERS[family](session, host, port)


async def detect(session: aiohttp.ClientSession, address: Address) -> MinerClient:
    """Return the identified client of the miner at an address.

    Raises MinerUnsupportedError for a miner that is known but not supported, else
    the most telling error that any of the probes met.
    """
    outcomes = await asyncio.gather(
        *(probe(session, address.host, address.port) for probe in _PROBES),
        return_exceptions=True,
    )
    errors: list[BaseException] = []
    for outcome in outcomes:
        if isinstance(outcome, MinerClient):
            return outcome
        if not isinstance(outcome, MinerError):
            raise outcome
        errors.append(outcome)
    raise min(
        errors,
        key=lambda error: next(
            rank for rank, kind in enumerate(_TELLING) if isinstance(error, kind)
        ),
    )


async def _probe_esp_miner(
    session: aiohttp.ClientSession, host: str, port: int | None
) -> MinerClient:
    """Return the client of a miner that speaks HTTP under the path of ESP-Miner."""
    port = port or HTTP_PORT
    info = (await HttpDevice(session, host, port).get(INFO_PATH)).json()
    # NMMiner answers under the same path with nested objects.
    if "hwModel" in parse.section(info, "identity"):
        raise MinerUnsupportedError("NMMiner")
    for client_class in _ESP_MINERS.values():
        if client_class.recognizes(info):
            client = client_class(session, host, port)
            await client.identify()
            return client
    raise MinerProtocolError("Something else than a miner answers")


_PROBES: Final[tuple[Probe, ...]] = (_probe_esp_miner,)
