"""Sets the fleet up and cleans up after it."""

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import Any, Final

from homeassistant.components.select import DOMAIN as SELECT_DOMAIN
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..miner.entries import async_miner_entries
from .coordinator import FleetCoordinator
from .currency_issues import CurrencyIssues
from .entity import async_fleet_device_id
from .library import SIGNAL_POOLS_CHANGED
from .memory import async_recall, fleet_store
from .mqtt_export import MqttExport, async_remove_mqtt
from .network import async_setup_network
from .network_memory import network_store
from .pool_health import PoolHealthCoordinator, async_group_by_address
from .pool_select import POOL
from .pool_statistics import PoolStatisticsCoordinator
from .rare_requests import RareCoordinator
from .runtime import FleetConfigEntry, FleetRuntime

# Where there is no network, each holds a thread until its name is given up.
_AT_ONCE: Final = 5

PLATFORMS: Final = [Platform.BINARY_SENSOR, Platform.SENSOR]


async def async_setup_fleet(hass: HomeAssistant, entry: FleetConfigEntry) -> None:
    """Set up the totals, and what is known of each pool and of the network."""
    # First of all: a pool that comes or goes meanwhile has it set up once more.
    entry.async_on_unload(entry.add_update_listener(_async_reload))
    store = fleet_store(hass, entry.entry_id)
    memory = await async_recall(store, dt_util.now().date())
    totals = FleetCoordinator(hass, entry, store, memory)
    runtime = entry.runtime_data = FleetRuntime(
        totals=totals,
        health={
            pool.subentry_id: health
            for group in async_group_by_address(totals.pools).values()
            for health in [PoolHealthCoordinator(hass, entry, totals, group)]
            for pool in group
        },
        statistics={
            pool.subentry_id: PoolStatisticsCoordinator(
                hass, entry, pool.name, pool.statistics
            )
            for pool in totals.pools
            if pool.statistics is not None
        },
        network=await async_setup_network(hass, entry),
    )
    # The pools' devices are part of this one.
    async_fleet_device_id(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    async_dispatcher_send(hass, SIGNAL_POOLS_CHANGED)
    # Nobody has a choice of pools while the fleet is disabled.
    entry.async_on_unload(partial(async_dispatcher_send, hass, SIGNAL_POOLS_CHANGED))
    asked: set[RareCoordinator[Any]] = {
        *runtime.health.values(),
        *runtime.statistics.values(),
    }
    if runtime.network is not None:
        asked.add(runtime.network.rounds)
        # Only where the network is known is anything earned compared with its cost.
        entry.async_on_unload(CurrencyIssues(hass).async_close)
    # Nobody waits for a pool.
    entry.async_create_background_task(hass, _async_ask_all(asked), "pools are asked")
    export = MqttExport(hass, entry)
    entry.async_on_unload(export.async_close)
    await export.async_start()


async def _async_ask_all(coordinators: Iterable[RareCoordinator[Any]]) -> None:
    """Ask all who are outside for the first time, not all of them at once."""
    limit = asyncio.Semaphore(_AT_ONCE)

    async def ask(coordinator: RareCoordinator[Any]) -> None:
        async with limit:
            await coordinator.async_refresh()

    await asyncio.gather(*map(ask, coordinators))


async def _async_reload(hass: HomeAssistant, entry: FleetConfigEntry) -> None:
    """Begin anew with other pools or options."""
    hass.config_entries.async_schedule_reload(entry.entry_id)


async def async_remove_fleet(hass: HomeAssistant, entry: FleetConfigEntry) -> None:
    """Clean up after the fleet, without which no miner has a choice of pools."""
    await async_remove_mqtt(hass, entry)
    await fleet_store(hass, entry.entry_id).async_remove()
    await network_store(hass, entry.entry_id).async_remove()
    _async_remove_choices(hass)
    async_dispatcher_send(hass, SIGNAL_POOLS_CHANGED)


@callback
def _async_remove_choices(hass: HomeAssistant) -> None:
    """Remove the choice of a pool from each miner."""
    registry = er.async_get(hass)
    for entry in async_miner_entries(hass):
        unique_id = f"{entry.unique_id or entry.entry_id}_{POOL.key}"
        entity_id = registry.async_get_entity_id(SELECT_DOMAIN, DOMAIN, unique_id)
        if entity_id is not None:
            registry.async_remove(entity_id)


def is_leftover(entry: FleetConfigEntry, device: DeviceEntry) -> bool:
    """Return whether a device is none of the fleet any more."""
    present = {(DOMAIN, entry.entry_id), *((DOMAIN, key) for key in entry.subentries)}
    return device.identifiers.isdisjoint(present)
