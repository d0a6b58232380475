"""When a plan is looked at, and what is shown until another one is made."""

from collections.abc import Sequence
from datetime import timedelta
from threading import Event
from unittest.mock import Mock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.miner_controller.plan import keeper, sensor
from custom_components.miner_controller.plan.runtime import async_plan
from custom_components.miner_controller.planning.plan_model import Plan, PlanRequest
from custom_components.miner_controller.planning.plan_together import plan_together
from simulator.mempool import MempoolServer
from simulator.octopus import OctopusFault, OctopusServer
from tests.devices import StartDevice
from tests.integration import full_state, poll, state
from tests.integration.economics import add_network, add_tariff, economics_of
from tests.integration.economics.conftest import at_home, network, prices
from tests.integration.prices import go_to
from tests.integration.prices.time_travel import set_clock, uk

from .test_plan import BITAXE, get_plan, planned, planned_bench, start

__all__ = ["at_home", "network", "prices"]

MAKE = f"{keeper.__name__}.plan_together"


async def test_slow_plan(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    prices: OctopusServer,
    network: MempoolServer,
) -> None:
    """While a plan takes long, what was planned before is shown."""
    device = await start_device(BITAXE)
    await add_tariff(hass, prices)
    await add_network(hass, network)
    entry = await planned_bench(hass, device, goal="profit")
    before = planned(hass, entry)
    told = await get_plan(hass, entry)
    change = next(slot for slot in told["slots"] if slot["mode"] != before)
    await go_to(hass, freezer, start(change) - timedelta(seconds=1))
    go_on = Event()

    def slow(requests: Sequence[PlanRequest], cap: float | None) -> list[Plan]:
        assert go_on.wait(10)
        return plan_together(requests, cap)

    # The clock stands still, so no time would ever be over.
    with patch(MAKE, slow), patch(f"{keeper.__name__}._NOT_SHOWN_FOR", -1):
        freezer.move_to(start(change) + timedelta(seconds=1))
        async_fire_time_changed(hass)
        for _ in range(5):
            await hass.async_block_till_done()
        meanwhile = planned(hass, entry)
        go_on.set()
        await hass.async_block_till_done(wait_background_tasks=True)
    assert meanwhile == planned(hass, entry) == change["mode"]


async def test_planning_fails(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    prices: OctopusServer,
    network: MempoolServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A mistake in planning is told in a line, and what is planned already holds."""
    device = await start_device(BITAXE)
    await add_tariff(hass, prices)
    fleet = await add_network(hass, network)
    entry = await planned_bench(hass, device, goal="profit")
    told = await get_plan(hass, entry)
    change = next(s for s in told["slots"] if s["mode"] != told["slots"][0]["mode"])
    with patch(MAKE, side_effect=ZeroDivisionError("by zero")):
        await go_to(hass, freezer, start(change))
        assert planned(hass, entry) == change["mode"]
        await go_to(hass, freezer, uk("2026-11-10 23:00"))
        assert planned(hass, entry) == STATE_UNKNOWN
        told = await get_plan(hass, entry)
        assert "no plan yet" in told["error"]
        # So it is for miners that share power.
        hass.config_entries.async_update_entry(
            fleet, options={**fleet.options, "power_cap": 1000}
        )
        await hass.async_block_till_done(wait_background_tasks=True)
    assert "A plan could not be made: ZeroDivisionError('by zero')" in caplog.text
    assert "Traceback" not in caplog.text
    await go_to(hass, freezer, uk("2026-11-10 23:30"))
    assert planned(hass, entry) != STATE_UNKNOWN


async def test_clock_is_set(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    prices: OctopusServer,
    network: MempoolServer,
) -> None:
    """With the next poll what is planned for the new time is shown."""
    device = await start_device(BITAXE)
    tariff = await add_tariff(hass, prices)
    await add_network(hass, network)
    entry = await planned_bench(hass, device, goal="profit")
    plan = async_plan(hass, entry.entry_id)
    assert plan is not None
    told = await get_plan(hass, entry)
    change = next(s for s in told["slots"] if s["mode"] != told["slots"][0]["mode"])
    there = start(change) - dt_util.utcnow()
    set_clock(hass, freezer, there)
    await poll(hass, freezer, device, seconds=300)
    assert planned(hass, entry) == change["mode"]
    set_clock(hass, freezer, -there)
    await poll(hass, freezer, device, seconds=300)
    assert planned(hass, entry) == told["slots"][0]["mode"]
    # The plan has yet to begin, and there is none without prices.
    await hass.config_entries.async_unload(tariff.entry_id)
    set_clock(hass, freezer, -timedelta(hours=1))
    await poll(hass, freezer, device, seconds=300)
    assert planned(hass, entry) == STATE_UNKNOWN


async def test_revenue_comes_later(
    hass: HomeAssistant,
    start_device: StartDevice,
    prices: OctopusServer,
    network: MempoolServer,
) -> None:
    """There is a plan as soon as it is known what mining earns."""
    device = await start_device(BITAXE)
    await add_tariff(hass, prices)
    entry = await planned_bench(hass, device, goal="profit")
    shown = full_state(hass, entry, "sensor", "planned_mode")
    assert shown.attributes["problem"] == "no_revenue"
    await add_network(hass, network)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert planned(hass, entry) != STATE_UNKNOWN


async def test_today_is_reckoned_once(
    hass: HomeAssistant, start_device: StartDevice, prices: OctopusServer
) -> None:
    """What today comes to is worked out once for each plan, for all that show it."""
    device = await start_device(BITAXE)
    await add_tariff(hass, prices)
    entry = await planned_bench(hass, device, goal="budget", budget=100)
    plan = async_plan(hass, entry.entry_id)
    assert plan is not None
    with patch(f"{sensor.__name__}.planned_today", return_value=None) as reckoned:
        plan.async_update_listeners()
    assert reckoned.call_count == 1
    for key in ("planned_cost_today", "planned_energy_today"):
        assert state(hass, entry, "sensor", key) == STATE_UNKNOWN


async def test_last_slot(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    prices: OctopusServer,
    network: MempoolServer,
) -> None:
    """What cannot be planned anew yet is looked at once, and not with each poll."""
    device = await start_device(BITAXE)
    await add_tariff(hass, prices)
    await add_network(hass, network)
    entry = await planned_bench(hass, device, goal="profit")
    prices.fault = OctopusFault.UNAVAILABLE
    await go_to(hass, freezer, uk("2026-11-10 22:31"))
    assert len((await get_plan(hass, entry))["slots"]) == 1
    network.prices["GBP"] *= 1.5
    await go_to(hass, freezer, uk("2026-11-10 22:48"))
    plan = async_plan(hass, entry.entry_id)
    assert plan is not None
    with patch.object(plan, "_look", Mock(wraps=plan._look)) as look:
        for _ in range(3):
            await economics_of(hass, entry).miner.async_refresh()
            await hass.async_block_till_done(wait_background_tasks=True)
    assert look.call_count <= 1
