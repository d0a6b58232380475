"""Tests of the trigger and the condition that are about plans and earnings."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.trigger import async_validate_trigger_config
from homeassistant.util import dt as dt_util
import probatio
import pytest
from pytest_homeassistant_custom_component.components.common import (
    create_target_condition,
)

from custom_components.miner_controller.const import DOMAIN
from simulator.mempool import MempoolServer
from simulator.octopus import OctopusServer
from tests.devices import StartDevice
from tests.integration import add_miner, call, device_entry, poll, state
from tests.integration.automation_entities import (
    Follow,
    Kind,
    arrange,
    follow,
    holds,
)
from tests.integration.economics import (
    add_network,
    add_tariff,
    economics_of,
    price_now,
    working,
)
from tests.integration.economics.conftest import at_home, network, prices

__all__ = ["at_home", "follow", "network", "prices"]

PLANNED = Kind(platform="sensor", key="planned_mode")


async def test_planned_mode(hass: HomeAssistant, follow: Follow) -> None:
    """Each change of a plan triggers, and with modes only a change to one of them."""
    arranged = arrange(hass, PLANNED)
    first, second, _ = arranged.included
    states = hass.states

    async def show(entity_id: str, mode: str, **attributes: object) -> None:
        states.async_set(entity_id, mode, attributes)
        await hass.async_block_till_done()

    for entity_id in (*arranged.included, *arranged.excluded):
        await show(entity_id, "eco")
    each = await follow("planned_mode_changed", arranged.target(0))
    some = await follow(
        "planned_mode_changed", arranged.target(1), mode=["off", "turbo"]
    )
    await show(first, "eco", next_mode="off")
    assert (each.new(), some.new()) == ([], [])
    await show(first, "off")
    assert (each.new(), some.new()) == ([first], [first])
    await show(second, "standard")
    assert (each.new(), some.new()) == ([second], [])
    for entity_id in arranged.excluded:
        await show(entity_id, "off")
    # A reload, and prices that are not known, change nothing.
    for away in (STATE_UNAVAILABLE, STATE_UNKNOWN):
        await show(second, away)
        await show(second, "standard")
    assert (each.new(), some.new()) == ([], [])
    await show(second, "off")
    assert (each.new(), some.new()) == ([second], [second])


async def test_planned_mode_behind_a_gap(hass: HomeAssistant, follow: Follow) -> None:
    """A change that comes while nothing is known counts once the plan is known."""
    arranged = arrange(hass, PLANNED)
    first, second, third = arranged.included

    async def show(entity_id: str, *modes: str) -> None:
        for mode in modes:
            hass.states.async_set(entity_id, mode)
            await hass.async_block_till_done()

    await show(first, "eco")
    await show(second, STATE_UNKNOWN)
    each = await follow("planned_mode_changed", arranged.target(0))
    some = await follow("planned_mode_changed", arranged.target(1), mode="off")
    for away in (STATE_UNAVAILABLE, STATE_UNKNOWN):
        await show(first, away, "off")
        assert (each.new(), some.new()) == ([first], [first]), away
        await show(first, away, "off")
        assert (each.new(), some.new()) == ([], []), away
        # What does not count here is what was planned before, all the same.
        await show(first, away, "eco")
        assert (each.new(), some.new()) == ([first], []), away
    # Nobody knows what was planned before the first plan.
    await show(second, "off")
    await show(third, "eco")
    assert (each.new(), some.new()) == ([], [])
    await show(third, "off")
    assert (each.new(), some.new()) == ([third], [third])


async def test_modes_of_the_trigger(hass: HomeAssistant) -> None:
    """One mode may be given without a list."""
    config = {"platform": f"{DOMAIN}.planned_mode_changed", "target": {"area_id": "x"}}
    (valid,) = await async_validate_trigger_config(
        hass, [{**config, "options": {"mode": "off"}}]
    )
    assert valid["options"] == {"mode": ["off"]}
    with pytest.raises(probatio.Invalid):
        await async_validate_trigger_config(
            hass, [{**config, "options": {"mode": [{}]}}]
        )


async def test_price_below_break_even(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    prices: OctopusServer,
    network: MempoolServer,
) -> None:
    """It is true for a miner that earns, and for one at rest that would."""
    device = await start_device("axeos-2.15")
    told = working(device)
    entry = await add_miner(hass, device)
    target = {"device_id": device_entry(hass, entry).id}

    async def earns() -> bool:
        return await holds(hass, "is_price_below_break_even", target)

    async def breaks_even_at(price: float) -> None:
        # 1 TH/s earns 0.00141 GBP in an hour.
        told["power"] = 1.41 / price
        await poll(hass, freezer, device)

    fleet = await add_network(hass, network)
    tariff = await add_tariff(hass, prices)
    price = price_now(prices)
    assert price > 0
    await breaks_even_at(price * 0.9)
    assert not await earns()
    await breaks_even_at(price * 1.1)
    assert await earns()
    assert float(state(hass, entry, "sensor", "break_even_price")) > price
    # It is looked at again although its sensor tells nothing new.
    checker = await create_target_condition(
        hass,
        condition=f"{DOMAIN}.is_price_below_break_even",
        target=target,
        behavior="all",
        condition_options={},
    )
    assert checker.needs_polling
    # The fleet has such a sensor too, and is no miner.
    everything = {"device_id": [target["device_id"], device_entry(hass, fleet).id]}
    assert await holds(hass, "is_price_below_break_even", everything)

    await call(hass, entry, "mining", "switch.turn_off")
    await poll(hass, freezer, device)
    assert state(hass, entry, "sensor", "break_even_price") == STATE_UNKNOWN
    assert not await earns(), "nobody knows yet what its modes do"
    economics = economics_of(hass, entry)
    assert economics.settings is not None
    now = dt_util.utcnow()
    for mode, power in (("eco", 1.41 / price / 1.1), ("oc", 1.41 / price / 0.9)):
        for minute in range(30):
            economics.learner.add(
                mode,
                1e12,
                power,
                now + timedelta(minutes=minute),
                setting=economics.settings[mode],
            )
    assert await earns()
    assert checker.async_check()

    # Pounds are not compared with euros.
    await hass.config.async_update(currency="EUR")
    await poll(hass, freezer, device)
    assert not await earns()
    await hass.config.async_update(currency="GBP")
    await poll(hass, freezer, device)
    assert await earns()
    # Without the network's data, or a price, nobody knows.
    assert await hass.config_entries.async_unload(fleet.entry_id)
    await poll(hass, freezer, device)
    assert not await earns()
    assert not checker.async_check()
    assert await hass.config_entries.async_unload(tariff.entry_id)
    await poll(hass, freezer, device)
    assert not await earns()
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert not await earns()
