"""How the pools of AxeOS and of its fork NerdQAxe++ are changed."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, override

from .errors import MinerRefusedError
from .esp_miner import EspMinerClient
from .esp_pool import EspPool, PoolChange, esp_pool
from .model import MinerStatus
from .pool_settings import PoolSettings, in_slots


class EspMinerPoolsClient(EspMinerClient):
    """A miner whose pools are settings like others, with a password and an account."""

    @abstractmethod
    async def _write_pools(
        self, pools: Mapping[int, EspPool], *, preferred: bool
    ) -> MinerStatus:
        """Fill slots and return the status once they show what was written.

        `preferred` makes the first slot the one that is mined for, where the firmware
        has a choice.
        """

    @override
    async def set_pool(
        self, slot: int, pool: PoolSettings, *, whole_configuration: bool = False
    ) -> MinerStatus:
        wanted = esp_pool(pool)
        if whole_configuration or slot not in range(await self._count_slots()):
            self._unsupported()
        return await self._write_pools({slot: wanted}, preferred=False)

    @override
    async def set_pools(self, pools: Sequence[PoolSettings]) -> MinerStatus:
        filled = in_slots(pools, await self._count_slots())
        return await self._write_pools(
            {slot: esp_pool(pool) for slot, pool in filled.items()}, preferred=True
        )

    async def _count_slots(self) -> int:
        """Return how many pools the miner has, which is asked if it is not known."""
        if not self.capabilities.pool_slots:
            await self.fetch()
        return self.capabilities.pool_slots

    async def _learn(self) -> Mapping[str, Any]:
        """Return the system information from before a change, by which it is made.

        Its uptime is what a restart is told by.
        """
        info = await self._get_info()
        await self._adopt(info)
        return info

    async def _send_pools(self, change: PoolChange) -> None:
        """Write pools. No error quotes the miner, which may quote what was written."""
        try:
            await self._patch(change.settings)
        except MinerRefusedError:
            refused = True
        else:
            refused = False
        if refused:
            raise MinerRefusedError("The miner did not accept the pool")
