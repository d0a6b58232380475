"""Tests for what is left of pools and of the fleet when they are removed."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.miner_controller.const import DOMAIN
from tests.devices import StartDevice
from tests.integration import find_entity_id
from tests.integration.conftest import AddMiner

from .arrangement import (
    add_fleet,
    entity_ids,
    find_device,
    fleet_entry,
    pool,
    pool_id,
    state_of,
)


async def test_pool(hass: HomeAssistant) -> None:
    """A pool goes with its device and its entities, and the other one stays."""
    fleet = await add_fleet(hass, pool("Gold"), pool("Silver"))
    gold, silver = pool_id(fleet, "Gold"), pool_id(fleet, "Silver")
    before, kept = entity_ids(hass, gold), entity_ids(hass, silver)
    assert len(list(before)) == len(list(kept)) == 5
    hass.config_entries.async_remove_subentry(fleet, gold)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entity_ids(hass, gold) == []
    assert find_device(hass, fleet, gold) is None
    assert not [each for each in before if hass.states.get(each) is not None]
    assert entity_ids(hass, silver) == kept
    assert state_of(hass, "sensor", silver, "miners").state == "0"
    assert [each.name for each in fleet.runtime_data.totals.pools] == ["Silver"]


async def test_fleet(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """The choice of a pool is there with the fleet only, also the second time."""
    entry = await add(await start_device("nerdqaxe-1.1.0"))

    def choice() -> str | None:
        return find_entity_id(hass, entry, "select", "pool")

    assert choice() is None
    for _ in range(2):
        fleet = fleet_entry(pool("Gold"))
        fleet.add_to_hass(hass)
        await hass.config_entries.async_setup(fleet.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        found = choice()
        assert found is not None
        assert hass.states.get(found) is not None
        # It is one choice, however often the fleet begins anew.
        await hass.config_entries.async_reload(fleet.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert choice() == found
        await hass.config_entries.async_remove(fleet.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert choice() is None
        assert hass.states.get(found) is None
        assert not er.async_entries_for_config_entry(er.async_get(hass), fleet.entry_id)


async def test_miner_that_is_not_loaded(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A miner that comes back after the fleet has gone has no choice either."""
    entry = await add(await start_device("nerdqaxe-1.1.0"))
    fleet = await add_fleet(hass)
    await hass.config_entries.async_unload(entry.entry_id)
    assert find_entity_id(hass, entry, "select", "pool") is not None
    await hass.config_entries.async_remove(fleet.entry_id)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert find_entity_id(hass, entry, "select", "pool") is None


async def test_leftover_device(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    """A device of the fleet can be deleted if it is none any more."""
    assert await async_setup_component(hass, "config", {})
    fleet = await add_fleet(hass, pool("Gold"))
    leftover = dr.async_get(hass).async_get_or_create(
        config_entry_id=fleet.entry_id, identifiers={(DOMAIN, "gone")}
    )
    client = await hass_ws_client(hass)

    async def delete(owner: str) -> bool:
        device = find_device(hass, fleet, owner)
        assert device is not None
        reply = await client.remove_device(device.id)
        return bool(reply["success"])

    assert not await delete(fleet.entry_id)
    assert not await delete(pool_id(fleet, "Gold"))
    assert await delete("gone")
    assert dr.async_get(hass).async_get(leftover.id) is None
