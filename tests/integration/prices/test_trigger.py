"""Tests of the triggers and conditions for prices, as time passes."""

from datetime import time
from decimal import Decimal
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from custom_components.miner_controller.planning.windows import CheapWindow
from simulator.octopus import OctopusServer
from tests.integration.automation_entities import Follow, follow, holds

from . import (
    MORNING,
    SLOT,
    find_entity_id,
    live_until,
    restart,
    set_up,
    tariff_entry,
    utc,
)

__all__ = ["follow"]


async def test_prices(
    hass: HomeAssistant,
    server: OctopusServer,
    freezer: FrozenDateTimeFactory,
    follow: Follow,
) -> None:
    """Triggers fire at their half-hours and not by a reload; conditions hold then."""
    start = MORNING.replace(minute=30)
    server.changed_prices = {
        start: Decimal(9),
        start + SLOT: Decimal(-1),
        start + 2 * SLOT: Decimal(-2),
    }
    window = CheapWindow(
        duration=2 * SLOT, start_time=time(8), end_time=time(20), split=False
    )
    entry = await set_up(hass, tariff_entry(server, ("Day", window)))
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    target = {"device_id": [device.id for device in devices]}
    below = {"threshold": {"type": "below", "value": {"number": 0.1}}}
    triggers: dict[str, dict[str, Any]] = {
        "cheap_window_ended": {},
        "cheap_window_started": {},
        "price_became_negative": {},
        "price_crossed_threshold": below,
        "prices_published": {},
    }
    watches = {
        trigger: await follow(trigger, target, **options)
        for trigger, options in triggers.items()
    }
    conditions: dict[str, dict[str, Any]] = {
        "is_cheap_window_active": {},
        "is_price": below,
        "is_price_among_cheapest": {"slots": 1},
    }

    async def at(place: int) -> tuple[set[str], set[str]]:
        """Return what fired until a half-hour, and what holds then."""
        await live_until(hass, freezer, entry, start + place * SLOT)
        return (
            {trigger for trigger, watched in watches.items() if watched.new()},
            {
                condition
                for condition, options in conditions.items()
                if await holds(hass, condition, target, **options)
            },
        )

    assert await at(0) == ({"price_crossed_threshold"}, {"is_price"})
    assert await at(1) == (
        {"cheap_window_started", "price_became_negative"},
        {"is_cheap_window_active", "is_price"},
    )
    await restart(hass, entry)
    assert await at(2) == (
        set(),
        {"is_cheap_window_active", "is_price", "is_price_among_cheapest"},
    )
    assert await at(3) == ({"cheap_window_ended"}, set())
    await live_until(hass, freezer, entry, utc("2026-11-10 18:00"))
    assert watches["prices_published"].new() == [
        find_entity_id(hass, entry, "event", "prices_published")
    ]
    await restart(hass, entry)
    assert watches["prices_published"].new() == []
