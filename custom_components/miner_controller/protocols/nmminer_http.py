"""An NMMiner with firmware 2.0 or later, which is spoken to over HTTP.

Source: the documents of firmware 2.0.04.
"""

from asyncio import sleep
from contextlib import suppress
from typing import Final

from . import parse
from .errors import (
    MinerConnectionError,
    MinerError,
    MinerMismatchError,
    MinerProtocolError,
    MinerRefusedError,
    MinerUnconfirmedError,
)
from .esp_miner import INFO_PATH, is_esp_miner
from .http import HttpDevice, HttpReply
from .model import Pool
from .nmminer_configuration import pool_configuration
from .nmminer_info import is_nmminer, read_info, uses_pool
from .pool_address import parse_pool_address
from .pool_settings import PoolSettings

_MINING_PATH: Final = "/api/setting/mining"

# The steps in which a miner that restarts is waited for, in s, and how many.
_RESTART_STEP: Final = 3.0
_RESTART_STEPS: Final = 20


class NMMinerHttp:
    """What an NMMiner is asked and told over HTTP."""

    def __init__(self, device: HttpDevice) -> None:
        """Initialize for a device."""
        self._device = device

    async def fetch(self) -> HttpReply:
        """Return the reply of /api/system/info.

        Raises MinerMismatchError where a miner of another family answers.
        """
        reply = await self._device.get(INFO_PATH)
        info = reply.json()
        if is_nmminer(info):
            return reply
        if is_esp_miner(info):
            raise MinerMismatchError("Another kind of miner answers")
        raise MinerProtocolError("Something else than a miner answers")

    async def fetch_screen(self) -> str | None:
        """Return the size of the miner's screen, which tells its board apart."""
        reply = await self._device.request("GET", "/probe")
        if not reply.ok:
            return None
        probe = reply.json()
        width, height = parse.count(probe, "sw"), parse.count(probe, "sh")
        return f"{width} × {height}" if width and height else None

    async def restart(self) -> None:
        """Restart the miner."""
        if (reply := await self._device.post_last("/api/system/restart")) is not None:
            _check(reply)

    async def locate(self) -> None:
        """Let the miner flash its light or its screen."""
        _check(await self._device.request("POST", "/api/swarm/find"))

    async def write_pool(self, slot: int, pool: PoolSettings) -> HttpReply:
        """Write a pool, read it back, and let the miner connect to it.

        Returns the reply of /api/system/info that shows it. The documents disagree on
        whether the miner connects to a new pool by itself: a restart makes sure. The
        second pool is used only when the first one fails.
        """
        wanted = pool_configuration(slot, pool)
        _check(await self._device.request("POST", _MINING_PATH, json=wanted))
        stored = (await self._device.get(_MINING_PATH)).json()
        if any(stored.get(key) != wanted[key] for key in wanted):
            raise MinerRefusedError("The pool did not change")
        if slot > 0:
            return await self.fetch()
        # Whether the miner restarts is seen in the end, also where its answer is lost.
        with suppress(MinerConnectionError):
            await self.restart()
        return await self._wait_for_pool(parse_pool_address(pool.url))

    async def _wait_for_pool(self, pool: Pool | None) -> HttpReply:
        """Return the first reply in which the miner uses a pool."""
        for _ in range(_RESTART_STEPS):
            await sleep(_RESTART_STEP)
            try:
                reply = await self.fetch()
            except MinerError:
                # It is away for its restart.
                continue
            if uses_pool(read_info(reply.json()), pool):
                return reply
        raise MinerUnconfirmedError("It does not use the pool")


def _check(reply: HttpReply) -> None:
    """Raise for a command that the miner did not take."""
    if not reply.ok:
        raise MinerRefusedError(f"status {reply.status}")
