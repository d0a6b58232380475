"""Tells miners which pools to use, and not too often.

A change of pools restarts most miners, and an automation that goes astray could keep
a home's miners from ever mining.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, inf
from typing import Final

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..miner.coordinator import Command, MinerCoordinator
from ..miner.errors import translated
from ..protocols.client import MinerClient
from ..protocols.errors import (
    MinerError,
    MinerLockedError,
    MinerLoginError,
    MinerUnsupportedError,
)
from ..protocols.model import MinerStatus
from ..protocols.pool_settings import PoolSettings
from .library import LibraryPool
from .worker_template import WorkerTemplateError

COOL_DOWN: Final = 120.0
"""Seconds between two writes of a miner's pools, unless they are forced."""

# With these the miner's pools are what they were before.
_NOTHING_WRITTEN: Final = (MinerLockedError, MinerLoginError, MinerUnsupportedError)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writes:
    """The writes of late, by the id of the miner's entry."""

    ended: dict[str, float] = field(default_factory=dict)
    running: set[str] = field(default_factory=set)


_WRITES: HassKey[_Writes] = HassKey(f"{DOMAIN}_pool_writes")


async def async_write_pool(
    coordinator: MinerCoordinator, command: Command, *, forced: bool = False
) -> None:
    """Change the pools of a miner with a command.

    Raises ServiceValidationError where they were changed a moment ago and this is not
    forced, or are being changed now, and MinerError as the command does.
    """
    hass, entry = coordinator.hass, coordinator.config_entry
    writes = hass.data.setdefault(_WRITES, _Writes())
    _check_may_write(writes, coordinator, forced=forced)
    before = writes.ended.get(entry.entry_id, -inf)

    async def send(client: MinerClient) -> MinerStatus | None:
        try:
            return await command(client)
        finally:
            writes.ended[entry.entry_id] = hass.loop.time()

    writes.running.add(entry.entry_id)
    try:
        await coordinator.async_command(send, restarts=True)
    except _NOTHING_WRITTEN:
        writes.ended[entry.entry_id] = before
        raise
    finally:
        writes.running.remove(entry.entry_id)


@callback
def _check_may_write(
    writes: _Writes, coordinator: MinerCoordinator, *, forced: bool
) -> None:
    """Refuse to change the pools of a miner too often."""
    entry = coordinator.config_entry
    if entry.entry_id in writes.running:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="pool_being_written",
            translation_placeholders={"miner": entry.title},
        )
    now = coordinator.hass.loop.time()
    for entry_id, ended in list(writes.ended.items()):
        if now - ended >= COOL_DOWN:
            # Nobody would tell that the miner was removed.
            del writes.ended[entry_id]
    if forced or entry.entry_id not in writes.ended:
        return
    left = ceil(COOL_DOWN - (now - writes.ended[entry.entry_id]))
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="pool_written_lately",
        translation_placeholders={"miner": entry.title, "seconds": str(left)},
    )


async def async_use_pool(
    coordinator: MinerCoordinator,
    pool: LibraryPool,
    *,
    forced: bool = False,
) -> None:
    """Let a miner mine for a pool. Raises HomeAssistantError, translated."""
    settings = _settings(pool, coordinator)
    await _async_write(
        coordinator, lambda client: client.use_pool(settings), forced=forced
    )


async def async_fill_pools(
    coordinator: MinerCoordinator,
    pools: Sequence[LibraryPool],
    *,
    forced: bool = False,
) -> int:
    """Fill the slots of a miner with pools, the preferred one first.

    Returns how many of the pools it has slots for. Raises HomeAssistantError,
    translated.
    """
    settings = [_settings(pool, coordinator) for pool in pools]
    count = min(len(pools), coordinator.capabilities.pool_slots)
    await _async_write(
        coordinator, lambda client: client.set_pools(settings), forced=forced
    )
    return count


def _settings(pool: LibraryPool, coordinator: MinerCoordinator) -> PoolSettings:
    """Return what a miner is told of a pool."""
    entry = coordinator.config_entry
    try:
        return pool.settings_for(entry)
    except WorkerTemplateError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="worker_unresolved",
            translation_placeholders={"miner": entry.title, "pool": pool.name},
        ) from err


async def _async_write(
    coordinator: MinerCoordinator, command: Command, *, forced: bool
) -> None:
    """Change the pools of a miner, and say in the user's language what went wrong."""
    try:
        await async_write_pool(coordinator, command, forced=forced)
    except MinerError as err:
        raise translated(
            err, coordinator.config_entry.title, HomeAssistantError
        ) from err
