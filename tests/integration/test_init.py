"""Tests for setting miners up."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest

from tests.devices import PROFILES, StartDevice

from . import state
from .conftest import AddMiner


@pytest.mark.parametrize("profile", PROFILES)
async def test_load_and_unload(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """A miner is set up and unloaded."""
    device = await start_device(profile)
    entry = await add(device)
    assert entry.state is ConfigEntryState.LOADED
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state is ConfigEntryState.NOT_LOADED
