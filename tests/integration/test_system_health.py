"""Tests for the system health page."""

from unittest.mock import AsyncMock, patch

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.miner_controller.const import DOMAIN
from simulator.faults import Fault
from tests.devices import StartDevice

from . import restart_home_assistant
from .conftest import AddMiner


async def health(hass: HomeAssistant) -> dict[str, object]:
    """Return what the page shows of the integration."""
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    with patch(
        "homeassistant.components.system_health.async_check_can_reach_url",
        AsyncMock(return_value="ok"),
    ) as check:
        found = await get_system_health_info(hass, DOMAIN)
        assert await found.pop("can_reach_releases") == "ok"
    check.assert_called_once_with(hass, "https://api.github.com")
    return dict(found)


def counts(miners: int, reachable: int, *, hears: bool = True) -> dict[str, object]:
    """Return what the page shows of some miners."""
    return {
        "miners": miners,
        "miners_reachable": reachable,
        "hears_broadcasts": hears,
    }


async def test_system_health(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """The page counts the miners and those that answer."""
    devices = [await start_device("axeos-2.15", seed=seed) for seed in range(1, 4)]
    entries = [await add(device) for device in devices]
    assert await health(hass) == counts(3, 3)
    await devices[0].set_fault(Fault.REFUSE)
    await restart_home_assistant(hass, entries[0])
    assert await health(hass) == counts(3, 2)
    await hass.config_entries.async_unload(entries[1].entry_id)
    assert await health(hass) == counts(3, 1)
