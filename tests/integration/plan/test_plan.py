"""Tests of the plan of a miner, with simulated miners, prices and network."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Event
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import (
    EVENT_HOMEASSISTANT_FINAL_WRITE,
    EVENT_HOMEASSISTANT_STOP,
    STATE_OFF,
    STATE_ON,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
)

from custom_components.miner_controller.const import CONF_PLAN, DOMAIN
from custom_components.miner_controller.plan import keeper
from custom_components.miner_controller.plan.diagnostics import plan_diagnostics
from custom_components.miner_controller.plan.runtime import async_plan
from custom_components.miner_controller.plan.states import async_present_state
from custom_components.miner_controller.plan.today import planned_today
from custom_components.miner_controller.planning.plan_model import Plan
from simulator.faults import Fault
from simulator.mempool import MempoolServer
from simulator.octopus import OctopusServer
from tests.devices import Device, StartDevice
from tests.integration import (
    add_miner,
    call,
    device_entry,
    find_entity_id,
    full_state,
    known_miner,
    poll,
    set_up,
    state,
)
from tests.integration.economics import (
    add_network,
    add_tariff,
    economics_of,
    working,
)
from tests.integration.economics.conftest import at_home, network, prices
from tests.integration.fleet.arrangement import add_fleet
from tests.integration.prices import go_to
from tests.integration.prices.time_travel import uk

__all__ = ["at_home", "network", "prices"]

BITAXE = "axeos-2.15"
HALF_HOUR = timedelta(minutes=30)

# 1 TH/s earns this much in an hour, in GBP: 42.33 sats a day at 80,000 GBP.
REVENUE = 42.33e-8 * 80_000 / 24

# What makes a Bitaxe earn about what power costs, so that each mode has its prices.
POWER = 8


async def planned_bench(
    hass: HomeAssistant, device: Device, power: float = POWER, **options: Any
) -> MockConfigEntry:
    """Add a miner that draws some power (W), is asked rarely, and has a plan."""
    working(device, power=power)
    entry = await add_miner(hass, device, plan=options, poll_interval=300)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


async def get_plan(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Return what the action tells of a miner."""
    told = await hass.services.async_call(
        DOMAIN,
        "get_plan",
        {"device_id": device_entry(hass, entry).id},
        blocking=True,
        return_response=True,
    )
    assert told is not None
    row: Any
    (row,) = told["miners"]  # type: ignore[misc, str-unpack]
    return dict(row)


def named(name: str, frequency: int = 525) -> dict[str, Any]:
    """Return a mode of an owner's table, that of a new miner unless told other."""
    return {"name": name, "frequency": frequency, "core_voltage": 1150}


def modes(told: Mapping[str, Any]) -> list[str]:
    """Return the mode of each slot."""
    return [slot["mode"] for slot in told["slots"]]


def start(slot: Mapping[str, Any]) -> datetime:
    """Return when a slot starts."""
    return datetime.fromisoformat(slot["start"])


def planned(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the mode that is planned for now."""
    return state(hass, entry, "sensor", "planned_mode")


async def test_profit(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    prices: OctopusServer,
    network: MempoolServer,
) -> None:
    """Each slot has the mode that earns most with its price, and is shown in time."""
    device = await start_device(BITAXE)
    await add_tariff(hass, prices)
    await add_network(hass, network)
    entry = await planned_bench(hass, device, goal="profit")
    told = await get_plan(hass, entry)
    assert (told["goal"], told["currency"], told["exact"]) == ("profit", "GBP", True)
    assert start(told["slots"][0]) == uk("2026-11-10 10:00")
    assert told["slots"][-1]["end"] == "2026-11-10T23:00:00+00:00"
    figures = {
        each["name"]: (each["hashrate"] / 1e12, each["power"] / 1000)
        for each in plan_diagnostics(hass, entry)["figures"]
    }
    for slot in told["slots"]:
        earned = {
            name: REVENUE * hashrate - slot["price"] * power
            for name, (hashrate, power) in figures.items()
        }
        assert slot["mode"] == max(earned, key=earned.__getitem__)
        hashrate, power = figures[slot["mode"]]
        assert slot["energy"] == pytest.approx(power / 2, abs=1e-6)
        assert slot["terahashes"] == pytest.approx(hashrate * 1800, rel=1e-4)
        assert slot["revenue"] == pytest.approx(REVENUE * hashrate / 2, rel=1e-3)
        assert slot["cost"] == pytest.approx(slot["price"] * power / 2, abs=1e-7)
        assert slot["heat"] == 0
    assert len(set(modes(told))) > 2
    shown = full_state(hass, entry, "sensor", "planned_mode")
    assert shown.state == modes(told)[0]
    change = next(slot for slot in told["slots"] if slot["mode"] != shown.state)
    assert shown.attributes["next_change"] == change["start"]
    assert shown.attributes["next_mode"] == change["mode"]
    assert shown.attributes["reason"] == told["slots"][0]["explanation"]
    assert [slot["mode"] for slot in shown.attributes["plan"]] == modes(told)
    await go_to(hass, freezer, start(change) - timedelta(seconds=1))
    assert planned(hass, entry) == shown.state
    await go_to(hass, freezer, start(change))
    assert planned(hass, entry) == change["mode"]
    # What is over is no part of the plan any more, and the rest is as it was.
    later = await get_plan(hass, entry)
    assert later["slots"] == [s for s in told["slots"] if start(s) >= start(change)]


async def test_new_prices(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    prices: OctopusServer,
    network: MempoolServer,
) -> None:
    """The plan goes on with prices and earnings as they become known, but not now."""
    device = await start_device(BITAXE)
    await add_tariff(hass, prices)
    await add_network(hass, network)
    entry = await planned_bench(hass, device, goal="profit")
    for minute in (0, 1):
        await go_to(hass, freezer, uk(f"2026-11-10 16:0{minute}"))
    # The price is too high, which it is no more from now on.
    assert planned(hass, entry) == "off"
    network.prices["GBP"] *= 100
    await go_to(hass, freezer, uk("2026-11-10 16:20"))
    told = await get_plan(hass, entry)
    assert told["slots"][-1]["end"] == "2026-11-11T23:00:00+00:00"
    assert planned(hass, entry) == "off"
    assert set(modes(told)[1:]) == {"oc"}
    today = full_state(hass, entry, "sensor", "planned_cost_today")
    assert today.attributes["complete"] is True
    day = [s for s in told["slots"] if start(s) < uk("2026-11-11 00:00")]
    spent = economics_of(hass, entry).spent_today(dt_util.utcnow()) or 0.0
    assert float(today.state) == pytest.approx(
        spent + sum(s["cost"] for s in day[1:]), abs=1e-4
    )
    used = full_state(hass, entry, "sensor", "planned_energy_today")
    assert float(used.state) >= round(sum(s["energy"] for s in day[1:]), 3) - 1e-3
    assert used.attributes["complete"] is True


async def test_budget(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    prices: OctopusServer,
) -> None:
    """What the day has cost already is no part of what is left to spend."""
    device = await start_device(BITAXE)
    await add_tariff(hass, prices)
    entry = await planned_bench(hass, device, power=1000, goal="budget", budget=0.5)
    before = await get_plan(hass, entry)
    assert sum(slot["cost"] for slot in before["slots"]) == pytest.approx(0.5, abs=0.1)
    assert before["slots"][0]["revenue"] is None
    for _ in range(5):
        await poll(hass, freezer, device, seconds=300)
    spent = economics_of(hass, entry).spent_today(dt_util.utcnow())
    assert spent is not None
    assert spent > 0.05
    after = await get_plan(hass, entry)
    cost = sum(slot["cost"] for slot in after["slots"])
    assert 0.4 - spent < cost <= 0.5 - spent
    # With another budget it is planned anew at once, from the slot that runs on.
    hass.config_entries.async_update_entry(
        entry, options={CONF_PLAN: {"goal": "budget", "budget": 100}}
    )
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert set(modes(await get_plan(hass, entry))) == {"oc"}


async def test_hours(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    prices: OctopusServer,
) -> None:
    """What was had of the hours since the window began is not planned again."""
    device = await start_device(BITAXE)
    await add_tariff(hass, prices)
    entry = await planned_bench(
        hass,
        device,
        goal="hours",
        hours=3,
        mode="standard",
        earliest="10:00:00",
        latest="22:00:00",
    )
    told = await get_plan(hass, entry)
    on = [slot for slot in told["slots"] if slot["mode"] != "off"]
    assert [slot["mode"] for slot in on] == ["standard"] * 6
    inside = [s["price"] for s in told["slots"] if start(s) < uk("2026-11-10 22:00")]
    assert sorted(slot["price"] for slot in on) == sorted(inside)[:6]
    # It works all the time instead, which counts.
    for _ in range(6):
        await poll(hass, freezer, device, seconds=600)
    assert modes(await get_plan(hass, entry)).count("standard") == 4


async def test_followed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    prices: OctopusServer,
) -> None:
    """A miner has ten minutes to do what is planned."""
    device = await start_device(BITAXE)
    await add_tariff(hass, prices)
    entry = await planned_bench(hass, device, goal="budget", budget=100)

    def followed() -> str:
        return state(hass, entry, "binary_sensor", "plan_followed")

    assert (planned(hass, entry), followed()) == ("oc", STATE_ON)
    await poll(hass, freezer, device, seconds=590)
    assert followed() == STATE_ON
    await poll(hass, freezer, device, seconds=15)
    assert followed() == STATE_OFF
    await poll(hass, freezer, device, seconds=15)
    assert followed() == STATE_OFF
    await call(hass, entry, "mode", "select.select_option", option="oc")
    assert followed() == STATE_ON
    await call(hass, entry, "mode", "select.select_option", option="eco")
    await poll(hass, freezer, device, seconds=300)
    await call(hass, entry, "mode", "select.select_option", option="oc")
    await call(hass, entry, "mode", "select.select_option", option="eco")
    await poll(hass, freezer, device, seconds=400)
    assert followed() == STATE_ON
    await device.set_fault(Fault.SERVER_ERROR)
    await poll(hass, freezer, device, seconds=300)
    assert followed() == STATE_UNKNOWN


async def test_restart(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    prices: OctopusServer,
) -> None:
    """The plan is there at once after a restart, without prices and without a miner."""
    device = await start_device(BITAXE)
    tariff = await add_tariff(hass, prices)
    entry = await planned_bench(hass, device, goal="budget", budget=0.01)
    told, figures = (
        await get_plan(hass, entry),
        plan_diagnostics(hass, entry)["figures"],
    )
    await poll(hass, freezer, device, seconds=300)
    for event in (EVENT_HOMEASSISTANT_STOP, EVENT_HOMEASSISTANT_FINAL_WRITE):
        hass.bus.async_fire(event)
        await hass.async_block_till_done()
    for each in (entry, tariff):
        assert await hass.config_entries.async_unload(each.entry_id)
    (stored,) = hass_storage["miner_controller.plans"]["data"]["miners"].values()
    assert stored["history"]["stays"][-1]["end"] == "2026-11-10T10:10:00+00:00"
    del hass.data[keeper._KEEPER]
    await device.set_fault(Fault.SERVER_ERROR)
    await set_up(hass, entry)
    assert planned(hass, entry) == modes(told)[0]
    plan = async_plan(hass, entry.entry_id)
    assert plan is not None
    assert plan.missing == "no_tariff"
    assert plan_diagnostics(hass, entry)["figures"] == figures
    assert (await get_plan(hass, entry))["slots"] == told["slots"]
    # Without prices there is none for the next slot.
    await go_to(hass, freezer, uk("2026-11-10 10:30"))
    assert planned(hass, entry) == STATE_UNKNOWN
    shown = full_state(hass, entry, "sensor", "planned_mode")
    assert shown.attributes["problem"] == "no_tariff"
    assert state(hass, entry, "sensor", "planned_cost_today") == STATE_UNKNOWN
    assert state(hass, entry, "sensor", "planned_energy_today") == STATE_UNKNOWN
    assert "Add a tariff" in (await get_plan(hass, entry))["error"]


async def test_damaged_store(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    start_device: StartDevice,
    prices: OctopusServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Plans that cannot be read are made anew."""
    hass_storage["miner_controller.plans"] = {
        "version": 1,
        "minor_version": 1,
        "key": "miner_controller.plans",
        "data": {"miners": {"some": {"plan": 7}}},
    }
    device = await start_device(BITAXE)
    await add_tariff(hass, prices)
    entry = await planned_bench(hass, device, goal="budget", budget=100)
    assert planned(hass, entry) == "oc"
    assert caplog.text.count("The stored plans cannot be read") == 1


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"goal": "profit"}, "no_revenue"),
        ({"goal": "budget", "budget": 1, "modes": ["off", "gone"]}, "mode_gone"),
        ({"goal": "hours", "hours": 1, "mode": "gone"}, "mode_gone"),
    ],
)
async def test_problems(
    hass: HomeAssistant,
    start_device: StartDevice,
    prices: OctopusServer,
    options: dict[str, Any],
    problem: str,
) -> None:
    """What is missing for a plan is told."""
    device = await start_device(BITAXE)
    await add_tariff(hass, prices)
    entry = await planned_bench(hass, device, **options)
    shown = full_state(hass, entry, "sensor", "planned_mode")
    assert shown.state == STATE_UNKNOWN
    assert shown.attributes["problem"] == problem
    assert state(hass, entry, "binary_sensor", "plan_followed") == STATE_UNKNOWN
    told = await get_plan(hass, entry)
    assert (told["slots"], told["goal"]) == ([], None)
    assert "Bench has no plan" in told["error"]


async def test_other_currency(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    prices: OctopusServer,
    network: MempoolServer,
) -> None:
    """Earnings are not compared with prices in another currency."""
    await hass.config.async_update(currency="EUR")
    device = await start_device(BITAXE)
    await add_tariff(hass, prices)
    await add_network(hass, network)
    entry = await planned_bench(hass, device, goal="profit")
    assert plan_diagnostics(hass, entry)["missing"] == "other_currency"
    # Nor are they known without a price of bitcoin.
    await hass.config.async_update(currency="GBP")
    network.prices["GBP"] = -1
    for _ in range(2):
        await poll(hass, freezer, device, seconds=900)
    assert plan_diagnostics(hass, entry)["missing"] == "no_revenue"


async def test_figures_come_later(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    prices: OctopusServer,
) -> None:
    """A miner that was never seen to work has a plan soon after it was."""
    device = await start_device(BITAXE)
    await add_tariff(hass, prices)
    entry = await known_miner(hass, device, plan={"goal": "budget", "budget": 100})
    await device.set_fault(Fault.SERVER_ERROR)
    await set_up(hass, entry)
    shown = full_state(hass, entry, "sensor", "planned_mode")
    assert shown.attributes["problem"] == "no_figures"
    await device.set_fault(None)
    for _ in range(2):
        await poll(hass, freezer, device, seconds=61)
    assert planned(hass, entry) == "oc"


async def test_no_plan_wanted(
    hass: HomeAssistant, start_device: StartDevice, prices: OctopusServer
) -> None:
    """Without a goal a miner has nothing of all that, also if it had before."""
    device = await start_device(BITAXE)
    await add_tariff(hass, prices)
    entry = await planned_bench(hass, device, goal="budget", budget=100)
    hass.config_entries.async_update_entry(entry, options={CONF_PLAN: {"budget": 100}})
    await hass.config_entries.async_reload(entry.entry_id)
    for platform, key in (
        ("sensor", "planned_mode"),
        ("binary_sensor", "plan_followed"),
    ):
        assert find_entity_id(hass, entry, platform, key) is None
    assert plan_diagnostics(hass, entry) == {}
    assert "choose a goal" in (await get_plan(hass, entry))["error"]
    with pytest.raises(ServiceValidationError, match="None of the targets"):
        await hass.services.async_call(
            DOMAIN, "get_plan", {}, blocking=True, return_response=True
        )


async def test_removal(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    start_device: StartDevice,
    prices: OctopusServer,
) -> None:
    """Nothing is kept of a miner that was removed."""
    await add_tariff(hass, prices)
    entries = [
        await planned_bench(
            hass, await start_device(profile), goal="budget", budget=100
        )
        for profile in (BITAXE, "nerdqaxe-1.0.37")
    ]
    await hass.config_entries.async_remove(entries[0].entry_id)
    stored = hass_storage["miner_controller.plans"]["data"]["miners"]
    assert list(stored) == [entries[1].entry_id]
    await hass.config_entries.async_remove(entries[1].entry_id)
    assert "miner_controller.plans" not in hass_storage


async def test_shared_power(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    prices: OctopusServer,
) -> None:
    """Miners keep to what they may draw together, with the next slot at the latest."""
    await add_tariff(hass, prices)
    entries = [
        await planned_bench(
            hass, await start_device(profile), power=10, goal="budget", budget=100
        )
        for profile in (BITAXE, "nerdqaxe-1.0.37")
    ]
    fleet = await add_fleet(hass)

    async def most() -> float:
        told = [await get_plan(hass, entry) for entry in entries]
        energy = zip(
            *([s["energy"] for s in row["slots"]] for row in told), strict=True
        )
        return max(map(sum, energy)) * 2000

    alone = await most()
    hass.config_entries.async_update_entry(fleet, options={"power_cap": 20})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert alone > 20 >= await most()
    await go_to(hass, freezer, uk("2026-11-10 10:30"))
    assert await most() <= 20
    hass.config_entries.async_update_entry(fleet, options={})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await most() == pytest.approx(alone, rel=0.05)


async def test_late_prices(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    prices: OctopusServer,
) -> None:
    """Where no price is known a miner does what is wanted, until there is one."""
    freezer.move_to(uk("2026-11-10 23:05"))
    prices.publication_delay = timedelta(hours=7, minutes=17)
    device, other = await start_device(BITAXE), await start_device("nerdqaxe-1.0.37")
    tariff = await add_tariff(hass, prices)
    entry = await planned_bench(hass, device, goal="budget", budget=100)
    always = await planned_bench(hass, other, goal="hours", hours=24, mode="eco")
    await poll(hass, freezer, device, other, seconds=300)
    (slot,) = (await get_plan(hass, entry))["slots"]
    assert (start(slot), slot["price"]) == (uk("2026-11-10 23:00"), None)
    assert (slot["mode"], slot["reason"]) == ("standard", "unknown_price")
    plan = async_plan(hass, entry.entry_id)
    assert plan is not None
    today = planned_today(plan, dt_util.utcnow())
    assert today is not None
    assert today.energy > 0
    assert (today.cost, today.cost_complete, today.energy_complete) == (
        None,
        False,
        False,
    )
    # There is nothing to plan anew beyond the slot that runs.
    working(device, power=2 * POWER)
    await poll(hass, freezer, device, other, seconds=300)
    hass.data[keeper._KEEPER].async_look()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (await get_plan(hass, entry))["slots"] == [slot]
    fleet = await add_fleet(hass, options={"power_cap": 1000})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len((await get_plan(hass, entry))["slots"]) == 1
    hass.config_entries.async_update_entry(fleet, options={})
    await hass.async_block_till_done(wait_background_tasks=True)
    # It is planned once its price is known, but goes on in the slot that runs.
    for _ in range(3):
        await poll(hass, freezer, device, other, seconds=270)
    await tariff.runtime_data.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    told = await get_plan(hass, entry)
    assert told["slots"][0]["price"] > 0
    assert told["slots"][0]["cost"] > 0
    assert modes(told)[:3] == ["standard", "oc", "oc"]
    assert set(modes(await get_plan(hass, always))[1:]) == {"eco"}
    await go_to(hass, freezer, uk("2026-11-11 00:00"))
    assert set(modes(await get_plan(hass, entry))) == {"oc"}


async def test_budget_is_kept_without_prices(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    prices: OctopusServer,
) -> None:
    """What is left of a budget is not spent at a price that nobody knows."""
    freezer.move_to(uk("2026-11-10 22:31"))
    prices.publication_delay = timedelta(hours=7, minutes=17)
    device = await start_device(BITAXE)
    await add_tariff(hass, prices)
    entry = await planned_bench(hass, device, power=1000, goal="budget", budget=0.15)
    await poll(hass, freezer, device, seconds=300)
    spent = economics_of(hass, entry).spent_today(dt_util.utcnow())
    assert spent is not None
    assert 0 < spent < 0.1
    await go_to(hass, freezer, uk("2026-11-10 23:00"))
    (slot,) = (await get_plan(hass, entry))["slots"]
    assert (slot["mode"], slot["price"]) == ("off", None)


async def test_budget_counts_what_waits_for_its_price(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    prices: OctopusServer,
) -> None:
    """What a day has used without a known price is money too."""
    freezer.move_to(uk("2026-11-10 22:31"))
    prices.publication_delay = timedelta(hours=9)
    device = await start_device(BITAXE)
    await add_tariff(hass, prices)
    entry = await planned_bench(hass, device, power=1000, goal="budget", budget=0.37)
    await poll(hass, freezer, device, seconds=300)
    await go_to(hass, freezer, uk("2026-11-10 23:00"))
    (slot,) = (await get_plan(hass, entry))["slots"]
    assert (slot["mode"], slot["price"]) == ("standard", None)
    for _ in range(5):
        await poll(hass, freezer, device, seconds=300)
    await go_to(hass, freezer, uk("2026-11-10 23:30"))
    (slot,) = (await get_plan(hass, entry))["slots"]
    assert (slot["mode"], slot["price"]) == ("off", None)


@pytest.mark.parametrize(
    ("profile", "options", "expected"),
    [
        ("cgminer-4.11", {}, "on"),
        ("cgminer-4.11", {"power_switch": "input_boolean.plug"}, "off"),
        ("axeos-2.15", {}, "off"),
        ("axeos-2.4", {"work_modes": [named("off")]}, "on"),
        ("axeos-2.4", {"work_modes": [named("off"), named("mild", 500)]}, "custom"),
    ],
)
async def test_present_state(
    hass: HomeAssistant,
    start_device: StartDevice,
    profile: str,
    options: dict[str, Any],
    expected: str,
) -> None:
    """A miner is off by itself or by its switch, and on where it has no modes.

    A mode that is called `off` does not make it so.
    """
    hass.states.async_set("input_boolean.plug", "off")
    entry = await add_miner(hass, await start_device(profile), **options)
    if profile == BITAXE:
        await call(hass, entry, "mining", "switch.turn_off")
    assert async_present_state(entry.runtime_data) == expected
    # There is nothing to forget of a miner that never had a plan.
    assert await hass.config_entries.async_remove(entry.entry_id)


async def test_unload_while_planning(
    hass: HomeAssistant,
    start_device: StartDevice,
    prices: OctopusServer,
) -> None:
    """A plan that comes too late is of no use to anybody."""
    device = await start_device(BITAXE)
    await add_tariff(hass, prices)
    entry = await planned_bench(hass, device, goal="budget", budget=100)
    plan, go_on = async_plan(hass, entry.entry_id), Event()
    assert plan is not None
    made = plan.data

    def wait(*_: object) -> list[Plan]:
        assert go_on.wait(10)
        return [Plan(slots=())]

    with patch(f"{keeper.__name__}.plan_together", wait):
        plan.memory.plan = plan.data = None
        hass.data[keeper._KEEPER].async_look()
        assert await hass.config_entries.async_unload(entry.entry_id)
        go_on.set()
        await hass.async_block_till_done(wait_background_tasks=True)
    assert made is not None
    assert plan.data is None
    assert hass.data[keeper._KEEPER].plans == {}
