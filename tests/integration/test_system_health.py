"""Tests for the system health page."""

from unittest.mock import AsyncMock, call, patch

from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.miner_controller.const import DOMAIN
from simulator.faults import Fault
from simulator.octopus import OctopusServer
from tests.devices import StartDevice

from . import restart_home_assistant
from .conftest import AddMiner
from .prices import set_up, tariff_entry

RELEASES = "https://api.github.com"
PRICES = "https://api.octopus.energy"


async def health(hass: HomeAssistant, *addresses: str) -> dict[str, object]:
    """Return what the page shows, after which addresses may be looked for."""
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    with patch(
        "homeassistant.components.system_health.async_check_can_reach_url",
        AsyncMock(return_value="ok"),
    ) as check:
        found = await get_system_health_info(hass, DOMAIN)
        assert await found.pop("can_reach_releases") == "ok"
        if PRICES in addresses:
            assert await found.pop("can_reach_prices") == "ok"
    asked = [call(hass, address) for address in (RELEASES, *addresses)]
    assert check.call_args_list == asked
    return dict(found)


def counts(
    miners: int, reachable: int, *, hears: bool = True, tariffs: int = 0
) -> dict[str, object]:
    """Return what the page shows of some miners and tariffs."""
    return {
        "miners": miners,
        "miners_reachable": reachable,
        "hears_broadcasts": hears,
        "tariffs": tariffs,
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


@pytest.mark.parametrize("usual", [False, True])
async def test_tariffs(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    socket_enabled: None,
    usual: bool,
) -> None:
    """Tariffs are no miners, and only the usual address of prices is looked for.

    Whoever typed another address, or has no tariff, has nothing to do with it.
    """
    await add(await start_device("axeos-2.15"))
    async with OctopusServer() as server:
        await set_up(hass, tariff_entry(server))
        assert await health(hass) == counts(1, 1, tariffs=1)
        data = dict(tariff_entry(server, region="P").data)
        if usual:
            del data[CONF_URL]
        # It is not loaded, as the service itself is out of reach of a test.
        MockConfigEntry(domain=DOMAIN, data=data).add_to_hass(hass)
        addresses = [PRICES] if usual else []
        assert await health(hass, *addresses) == counts(1, 1, tariffs=2)
