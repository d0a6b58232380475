"""Tests for what is going on while a tariff is reloaded, removed or disturbed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any, override
from unittest.mock import patch

from aiohttp import web
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.homeassistant import (
    DOMAIN as HOMEASSISTANT_DOMAIN,
    SERVICE_UPDATE_ENTITY,
)
from homeassistant.const import ATTR_ENTITY_ID, CONF_REGION
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.prices import coordinator as module
from simulator.octopus import CURRENT, NEWER, OctopusFault, OctopusServer

from . import (
    MORNING,
    SLOT,
    ask,
    coordinator,
    find_entity_id,
    go_to,
    live_until,
    price_at,
    set_up,
    settle,
    state,
    tariff_entry,
    utc,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

type Storage = dict[str, Any]


class GatedServer(OctopusServer):
    """A service that answers once a gate is open."""

    def __init__(self) -> None:
        """Begin with an open gate."""
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()
        self.waiting = asyncio.Event()

    @override
    async def _serve(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """Wait for the gate."""
        self.waiting.set()
        await self.gate.wait()
        return await super()._serve(request, handler)


@pytest.fixture
async def gated(morning: None, socket_enabled: None) -> AsyncIterator[GatedServer]:
    """Run a service with a gate."""
    async with GatedServer() as server:
        yield server
        server.gate.set()


async def begin_update(
    hass: HomeAssistant, entry: MockConfigEntry, server: GatedServer
) -> asyncio.Task[object]:
    """Have somebody ask for an update that waits for the service."""
    await async_setup_component(hass, HOMEASSISTANT_DOMAIN, {})
    server.gate.clear()
    server.waiting.clear()
    update = hass.async_create_task(
        hass.services.async_call(
            HOMEASSISTANT_DOMAIN,
            SERVICE_UPDATE_ENTITY,
            {ATTR_ENTITY_ID: find_entity_id(hass, entry, "sensor", "current_price")},
            blocking=True,
        )
    )
    await server.waiting.wait()
    return update


async def unfetched(hass: HomeAssistant, server: OctopusServer) -> MockConfigEntry:
    """Return a tariff that has no prices, as nobody asked for them yet."""
    entry = tariff_entry(server)
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, pref_disable_polling=True)
    return await set_up(hass, entry)


@pytest.mark.parametrize("fault", [None, OctopusFault.UNAVAILABLE])
async def test_an_update_that_outlives_its_tariff(
    hass: HomeAssistant,
    gated: GatedServer,
    hass_storage: Storage,
    fault: OctopusFault | None,
) -> None:
    """It brings back neither the file of a tariff that was removed, nor a repair."""
    entry = await unfetched(hass, gated)
    update = await begin_update(hass, entry, gated)
    await hass.config_entries.async_remove(entry.entry_id)
    gated.fault = fault
    gated.gate.set()
    await update
    await settle(hass)
    assert [key for key in hass_storage if key.startswith(DOMAIN)] == []
    assert [key for key in ir.async_get(hass).issues if key[0] == DOMAIN] == []


async def test_an_update_that_outlives_a_reload(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    gated: GatedServer,
    hass_storage: Storage,
) -> None:
    """The file stays that of the region that was chosen meanwhile."""
    entry = await unfetched(hass, gated)
    update = await begin_update(hass, entry, gated)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_REGION: "A"}, pref_disable_polling=False
    )
    await hass.config_entries.async_reload(entry.entry_id)
    gated.gate.set()
    await update
    await settle(hass)
    await go_to(hass, freezer, MORNING + timedelta(minutes=1))
    kept = hass_storage[f"{DOMAIN}.prices.{entry.entry_id}"]["data"]
    assert kept["reference"].endswith(" A")
    price = float(gated.price(CURRENT, "A", MORNING.replace(minute=0)).inc_vat / 100)
    assert state(hass, entry, "sensor", "current_price") == str(price)


async def test_past_prices_that_outlive_their_tariff(
    hass: HomeAssistant, gated: GatedServer, hass_storage: Storage
) -> None:
    """They are answered, and kept by nobody."""
    entry = await set_up(hass, tariff_entry(gated))
    gated.gate.clear()
    gated.waiting.clear()
    start = MORNING - 9 * DAY
    question = hass.async_create_task(
        ask(hass, "get_prices", **{"from": start.isoformat()})
    )
    await gated.waiting.wait()
    await hass.config_entries.async_remove(entry.entry_id)
    gated.gate.set()
    assert (await question)["slots"]
    await settle(hass)
    assert [key for key in hass_storage if key.startswith(DOMAIN)] == []


async def test_a_reload_during_the_first_fetch(
    hass: HomeAssistant, gated: GatedServer
) -> None:
    """A fetch that was broken off by ourselves is made anew at once."""
    gated.gate.clear()
    entry = tariff_entry(gated)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await gated.waiting.wait()
    hass.config_entries.async_update_entry(entry, title="Renamed")
    await hass.async_block_till_done()
    gated.gate.set()
    await settle(hass)
    assert state(hass, entry, "sensor", "current_price") == str(
        price_at(gated, MORNING)
    )


async def test_an_alarm_that_goes_wrong(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """Whatever happens when it rings, it rings again."""
    entry = await set_up(hass, tariff_entry(server))
    with (
        patch.object(module, "overview", side_effect=ValueError("odd prices")),
        pytest.raises(ValueError, match="odd prices"),
    ):
        coordinator(entry)._async_ring()
    assert coordinator(entry).alarm_at == MORNING + SLOT
    await go_to(hass, freezer, MORNING + SLOT)
    assert state(hass, entry, "sensor", "current_price") == str(
        price_at(server, MORNING + SLOT)
    )


async def test_a_failure_at_a_wrong_clock(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """Nothing is forgotten for a clock that is wrong while there is no network."""
    entry = await set_up(hass, tariff_entry(server))
    server.fault = OctopusFault.UNAVAILABLE
    for moment in (MORNING - 5 * DAY, MORNING + 30 * DAY):
        await go_to(hass, freezer, moment)
        # It rings after a time that does not depend on the clock.
        coordinator(entry)._async_ring()
        await live_until(hass, freezer, entry, moment + HOUR)
        assert state(hass, entry, "sensor", "current_price") == "unavailable"
    await go_to(hass, freezer, MORNING + HOUR)
    coordinator(entry)._async_ring()
    await live_until(hass, freezer, entry, MORNING + 2 * HOUR)
    assert state(hass, entry, "sensor", "current_price") == str(
        price_at(server, MORNING + 2 * HOUR)
    )


async def test_prices_of_days_that_were_missed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """What lies between kept prices is asked for like any past price."""
    entry = await set_up(hass, tariff_entry(server))
    assert await hass.config_entries.async_unload(entry.entry_id)
    freezer.move_to(MORNING + 3 * DAY)
    await set_up(hass, entry)
    start = utc("2026-11-11 10:00")
    response = await ask(
        hass,
        "get_prices",
        **{"from": start.isoformat(), "to": (start + 2 * HOUR).isoformat()},
    )
    assert [slot["price"] for slot in response["slots"]] == [
        price_at(server, start + number * SLOT) for number in range(4)
    ]
    assert response["complete"]


async def test_another_product_fills_no_hole(
    hass: HomeAssistant, server: OctopusServer
) -> None:
    """What the own product has no price for has no price, however often is asked."""
    server.newer_product = True
    server.retired_products = {NEWER}
    await set_up(hass, tariff_entry(server, product=NEWER))
    period = {
        "from": (MORNING - 5 * HOUR).isoformat(),
        "to": (MORNING - 3 * HOUR).isoformat(),
    }
    for _ in range(3):
        response = await ask(hass, "get_prices", **period)
        assert (response["slots"], response["complete"]) == ([], False)
    past = [path for path, _ in server.requests if "unit-rates" in path]
    assert not any(f"/{CURRENT}/" in path for path in past)
    assert len(server.requests) <= 3
