"""Tells all NMMiners of the home at once which pool to use."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..protocols.errors import MinerError
from ..protocols.nmminer_configuration import (
    ALL_MINERS,
    pool_configuration,
    send_configuration,
)
from ..protocols.nmminer_info import uses_pool
from ..protocols.pool_address import parse_pool_address
from ..protocols.pool_settings import PoolSettings
from .entries import async_miner_entries
from .listening import async_shared_listener
from .own_networks import async_broadcast_addresses

_LOOPBACK_BROADCAST = "127.255.255.255"


async def async_broadcast_pool(
    hass: HomeAssistant, pool: PoolSettings
) -> dict[str, Any]:
    """Send a pool to every NMMiner that takes settings over UDP.

    Returns which of the miners that were added have come to use it, and which used it
    before and so do not show whether they took the worker. Raises HomeAssistantError
    where one of them does not use it within a minute.
    """
    targets = set(await async_broadcast_addresses(hass))
    heard = async_shared_listener(hass).listener.heard
    if any(address.startswith("127.") for address in heard):
        targets.add(_LOOPBACK_BROADCAST)
    if not targets:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="no_private_network"
        )
    entries = [entry for entry in async_miner_entries(hass) if _takes_broadcasts(entry)]
    # What uses the pool already does not show whether it takes another worker.
    waiting = [entry for entry in entries if not _uses_already(entry, pool)]
    errors = await asyncio.gather(*map(_async_send(pool), sorted(targets)))
    if all(errors):
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="broadcast_failed",
            translation_placeholders={"error": str(errors[0])},
        )
    results = await asyncio.gather(*(_async_uses(entry, pool) for entry in waiting))
    missing = [
        entry.title for entry, uses in zip(waiting, results, strict=True) if not uses
    ]
    if missing:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="pool_not_everywhere",
            translation_placeholders={"miners": ", ".join(missing)},
        )
    return {
        "miners": [entry.title for entry in waiting],
        "unconfirmed": [entry.title for entry in entries if entry not in waiting],
    }


def _async_send(
    pool: PoolSettings,
) -> Callable[[str], Coroutine[Any, Any, MinerError | None]]:
    """Return what sends a pool to one network, and tells what went wrong."""

    async def send(target: str) -> MinerError | None:
        try:
            await send_configuration(
                pool_configuration(0, pool), to=target, address=ALL_MINERS
            )
        except MinerError as err:
            return err
        return None

    return send


def _takes_broadcasts(entry: ConfigEntry) -> bool:
    """Return whether an entry is an NMMiner that takes settings over UDP."""
    return (
        entry.state is ConfigEntryState.LOADED
        and entry.runtime_data.capabilities.whole_configuration
    )


def _uses_already(entry: ConfigEntry, pool: PoolSettings) -> bool:
    """Return whether a miner was connected to a pool when it was last heard."""
    status = entry.runtime_data.data
    return status is not None and uses_pool(status, parse_pool_address(pool.url))


async def _async_uses(entry: ConfigEntry, pool: PoolSettings) -> bool:
    """Return whether a miner comes to use a pool."""
    try:
        await entry.runtime_data.client.wait_for_pool(parse_pool_address(pool.url))
    except MinerError:
        return False
    return True
