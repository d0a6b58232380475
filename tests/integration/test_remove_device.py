"""Tests for deleting a miner from its device page."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from simulator.faults import Fault
from tests.devices import StartDevice

from . import device_entry, poll, state
from .conftest import AddMiner


async def delete(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, entry: MockConfigEntry
) -> bool:
    """Delete the device of a miner from its page, and return whether it went."""
    assert await async_setup_component(hass, "config", {})
    client = await hass_ws_client(hass)
    reply = await client.remove_device(device_entry(hass, entry).id)
    await hass.async_block_till_done()
    return bool(reply["success"])


async def test_gone(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A miner that does not answer is deleted with its entry and its entities."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    await device.set_fault(Fault.REFUSE)
    await poll(hass, freezer, device)
    assert await delete(hass, hass_ws_client, entry)
    assert hass.config_entries.async_get_entry(entry.entry_id) is None
    assert not dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert not er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)


async def test_reachable(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A miner that answers is not deleted by mistake."""
    entry = await add(await start_device("axeos-2.15"))
    assert not await delete(hass, hass_ws_client, entry)
    assert hass.config_entries.async_get_entry(entry.entry_id) is entry
    assert state(hass, entry, "binary_sensor", "reachable") == "on"


async def test_not_loaded(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The device of an entry that is not loaded can be deleted without an error."""
    entry = await add(await start_device("axeos-2.15"))
    await hass.config_entries.async_unload(entry.entry_id)
    assert await delete(hass, hass_ws_client, entry)
    assert hass.config_entries.async_get_entry(entry.entry_id) is None
    assert "AttributeError" not in caplog.text
