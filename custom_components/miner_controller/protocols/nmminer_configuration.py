"""Settings of an NMMiner with firmware 1.5.01 to 1.8 over UDP.

The miner takes an object on one port and answers nothing, so what is sent is sent
several times, as the vendor's own program does. It takes whatever keys there are; a
wrong network name or key would lock it out, so these are sent only as the miner itself
told them, which it does in clear text on another port. What is heard there is used at
once and never kept. Source: documents of NMMiner's vendor.
"""

import asyncio
from asyncio import sleep
from collections.abc import Callable, Mapping
import socket
from typing import Any, Final

import orjson

from .errors import MinerRefusedError, MinerUnreachableError
from .nmminer_listener import open_shared_socket
from .nmminer_report import LARGEST_REPORT
from .pool_settings import PoolSettings
from .private_network import is_private_address

CONFIGURATION_PORT: Final = 12347
CONFIGURATION_REPORT_PORT: Final = 12346

ALL_MINERS: Final = "0.0.0.0"  # noqa: S104
"""What stands for the address of a single miner in settings for all of them."""

_TIMES: Final = 10
_PAUSE: Final = 0.1

_SLOTS: Final = ("Primary", "Secondary")
_NETWORK_KEYS: Final = ("WiFiSSID", "WiFiPWD")

type Configuration = Mapping[str, Any]


def pool_configuration(slot: int, pool: PoolSettings) -> Configuration:
    """Return the settings of one of both pools. The first slot is number 0."""
    name = _SLOTS[slot]
    return {
        f"{name}Pool": pool_url(pool),
        f"{name}Password": pool.password,
        f"{name}Address": pool.worker,
    }


def pool_url(pool: PoolSettings) -> str:
    """Return the address of a pool as the firmware wants it, with its scheme."""
    return pool.url if "://" in pool.url else f"stratum+tcp://{pool.url}"


async def send_configuration(
    configuration: Configuration, *, to: str, address: str | None = None
) -> None:
    """Send settings to the miner at an address, or to all that hear a broadcast.

    `to` is where the datagrams go; `address` is whom they are for, by default the
    same. Raises MinerUnreachableError where nothing could be sent, MinerRefusedError
    for an address outside of the home.
    """
    if not is_private_address(to):
        raise MinerRefusedError("The address is not in a private network")
    datagram = orjson.dumps({**configuration, "IP": address or to})
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        if address == ALL_MINERS:
            sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        for _ in range(_TIMES):
            try:
                sender.sendto(datagram, (to, CONFIGURATION_PORT))
            except OSError as err:
                raise MinerUnreachableError(
                    err.strerror or type(err).__name__
                ) from None
            await sleep(_PAUSE)


class ConfigurationReports:
    """Hears the settings of miners while somebody asks for them.

    Nobody but the miner itself is believed. Nothing that is heard is kept here.
    """

    def __init__(self) -> None:
        """Listen. Raises MinerUnreachableError where the port cannot be had."""
        try:
            self._socket = open_shared_socket(CONFIGURATION_REPORT_PORT)
        except OSError as err:
            raise MinerUnreachableError(err.strerror or type(err).__name__) from None

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()

    async def wait_for(
        self, address: str, usable: Callable[[Configuration], bool]
    ) -> Configuration:
        """Wait until the miner at an address tells settings that are usable."""
        loop = asyncio.get_running_loop()
        while True:
            # Whoever floods the port is heard between other things.
            await asyncio.sleep(0)
            datagram, (sender, _) = await loop.sock_recvfrom(
                self._socket, LARGEST_REPORT + 1
            )
            if sender != address or len(datagram) > LARGEST_REPORT:
                continue
            try:
                heard = orjson.loads(datagram)
            except orjson.JSONDecodeError:
                continue
            if isinstance(heard, dict) and usable(heard):
                return heard


def names_network(configuration: Configuration) -> bool:
    """Return whether settings hold what a miner needs to stay in its network."""
    return all(
        isinstance(value := configuration.get(key), str) and value
        for key in _NETWORK_KEYS
    )
