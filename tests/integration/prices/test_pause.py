"""Tests for leaving a service alone."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.homeassistant import (
    DOMAIN as HOMEASSISTANT_DOMAIN,
    SERVICE_UPDATE_ENTITY,
)
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
import pytest

from custom_components.miner_controller.prices.pause import ServicePause
from custom_components.miner_controller.sources.tariff import TariffError
from simulator.octopus import OctopusFault, OctopusServer

from . import (
    MORNING,
    ask,
    find_entity_id,
    go_to,
    live_until,
    price_at,
    set_up,
    settle,
    state,
    tariff_entry,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_a_pause_ends() -> None:
    """It lasts for as long as the service said, and tells what it said."""
    pause = ServicePause()
    pause.check(MORNING)
    pause.begin(MORNING, TariffError("no time named"))
    assert pause.end(MORNING) is None
    pause.begin(MORNING, TariffError("busy", 3600))
    assert pause.end(MORNING) == MORNING + HOUR
    with pytest.raises(TariffError, match="busy"):
        pause.check(MORNING + HOUR - timedelta(seconds=1))
    pause.check(MORNING + HOUR)


def test_a_pause_is_not_prolonged_by_a_clock() -> None:
    """Whoever sets the clock back by days need not wait for days."""
    pause = ServicePause(MORNING + HOUR)
    assert pause.end(MORNING - timedelta(minutes=30)) == MORNING + HOUR
    assert pause.end(MORNING - DAY) is None


async def test_one_pause_for_everything(
    hass: HomeAssistant, server: OctopusServer
) -> None:
    """Who wants past prices is told no, and asks nothing, while prices may not be."""
    server.fault = OctopusFault.RATE_LIMITED
    server.retry_after = 3600
    await set_up(hass, tariff_entry(server))
    asked = len(server.requests)
    server.fault = None
    with pytest.raises(HomeAssistantError) as caught:
        await ask(hass, "get_prices", **{"from": (MORNING - 9 * DAY).isoformat()})
    assert caught.value.translation_key == "prices_failed"
    assert len(server.requests) == asked


async def test_a_pause_that_history_began(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """What the service said to one is heard by the other, over a publication."""
    entry = await set_up(hass, tariff_entry(server))
    await live_until(hass, freezer, entry, MORNING.replace(hour=16, minute=1))
    server.fault = OctopusFault.RATE_LIMITED
    server.retry_after = 3600
    with pytest.raises(HomeAssistantError):
        await ask(hass, "get_prices", **{"from": (MORNING - 9 * DAY).isoformat()})
    server.fault = None
    asked = len(server.requests)
    await live_until(hass, freezer, entry, MORNING.replace(hour=17, minute=0))
    assert len(server.requests) == asked
    await live_until(hass, freezer, entry, MORNING.replace(hour=17, minute=2))
    assert state(hass, entry, "binary_sensor", "tomorrow_published") == "on"


async def test_nobody_asks_for_what_is_known(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """An automation that updates the entities every minute costs no request."""
    await async_setup_component(hass, HOMEASSISTANT_DOMAIN, {})
    entry = await set_up(hass, tariff_entry(server))
    assert len(server.requests) == 1
    for minute in range(1, 20):
        await go_to(hass, freezer, MORNING + timedelta(minutes=minute))
        await hass.services.async_call(
            HOMEASSISTANT_DOMAIN,
            SERVICE_UPDATE_ENTITY,
            {ATTR_ENTITY_ID: find_entity_id(hass, entry, "sensor", "current_price")},
            blocking=True,
        )
        await settle(hass)
    assert len(server.requests) == 1


async def test_polling_disabled(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """Who disables polling has nothing fetched, until he asks for it."""
    await async_setup_component(hass, HOMEASSISTANT_DOMAIN, {})
    entry = await set_up(hass, tariff_entry(server))
    hass.config_entries.async_update_entry(entry, pref_disable_polling=True)
    await settle(hass)
    asked = len(server.requests)
    evening = MORNING.replace(hour=20)
    await live_until(hass, freezer, entry, evening)
    assert len(server.requests) == asked
    assert state(hass, entry, "sensor", "current_price") == str(
        price_at(server, evening)
    )
    await hass.services.async_call(
        HOMEASSISTANT_DOMAIN,
        SERVICE_UPDATE_ENTITY,
        {ATTR_ENTITY_ID: find_entity_id(hass, entry, "sensor", "current_price")},
        blocking=True,
    )
    await live_until(hass, freezer, entry, evening + timedelta(minutes=1))
    assert len(server.requests) == asked + 1
    assert state(hass, entry, "binary_sensor", "tomorrow_published") == "on"
