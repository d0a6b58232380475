"""Tests for what a miner earns, by numbers that were worked out by hand."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.economics.diagnostics import mode_table
from simulator.avalon import AvalonDevice
from simulator.faults import Fault
from simulator.mempool import MempoolServer
from simulator.octopus import OctopusServer
from tests.devices import StartDevice
from tests.integration import (
    add_miner,
    call,
    find_entity_id,
    full_state,
    overridden,
    poll,
    state,
)

from . import (
    TERAHASH,
    add_bench,
    add_network,
    add_tariff,
    economics_of,
    price_now,
    working,
)

# 86400 s x 1e12 H/s / (1.5e14 x 2^32) blocks a day x 3.155e8 sats.
SATS = 42.312
# At 80,000 GBP for a bitcoin.
REVENUE = 0.033850


def number(hass: HomeAssistant, entry: MockConfigEntry, key: str) -> float:
    """Return the number that a sensor shows."""
    return float(state(hass, entry, "sensor", key))


def about(value: float) -> object:
    """Return what equals a number with its first three digits."""
    return pytest.approx(value, rel=0.005)


def profit(value: float) -> object:
    """Return what equals a profit, which is shown with three digits at most."""
    return pytest.approx(value, rel=0.005, abs=0.00006)


async def test_bitaxe(
    hass: HomeAssistant,
    start_device: StartDevice,
    prices: OctopusServer,
    network: MempoolServer,
    entity_registry_enabled_by_default: None,
) -> None:
    """A miner of 1 TH/s and 20 W earns what its hashes are worth on average."""
    device = await start_device("axeos-2.15")
    working(device, power=20)
    await add_network(hass, network)
    await add_tariff(hass, prices)
    entry = await add_bench(hass, device)
    assert number(hass, entry, "revenue_sats") == about(SATS)
    assert number(hass, entry, "revenue") == about(REVENUE)
    assert number(hass, entry, "profit") == profit(
        REVENUE / 24 - 0.02 * price_now(prices)
    )
    # 0.48 kWh a day.
    assert number(hass, entry, "break_even_price") == about(0.070521)
    # 1 / 1.34111e-7 blocks a day, and as many days.
    assert number(hass, entry, "block_odds") == about(7_456_540)
    assert number(hass, entry, "time_to_block") == about(20_415)
    units = {
        key: full_state(hass, entry, "sensor", key).attributes.get(
            "unit_of_measurement"
        )
        for key in (
            "revenue_sats",
            "revenue",
            "profit",
            "break_even_price",
            "block_odds",
            "time_to_block",
        )
    }
    assert units == {
        "revenue_sats": "sats/day",
        "revenue": "GBP/day",
        "profit": "GBP/h",
        "break_even_price": "GBP/kWh",
        "block_odds": None,
        "time_to_block": "y",
    }


async def test_terms(
    hass: HomeAssistant,
    start_device: StartDevice,
    prices: OctopusServer,
    network: MempoolServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The pool, the work it rejects and the heat all count."""
    device = await start_device("axeos-2.15")
    told = working(device, power=20)
    # One share rejected of two says nothing yet.
    told |= {"sharesAccepted": 1, "sharesRejected": 1}
    await add_network(hass, network)
    await add_tariff(hass, prices)
    entry = await add_bench(hass, device, pool_fee=2, heat_share=50, heat_price=0.08)
    assert number(hass, entry, "revenue") == about(REVENUE * 0.98)
    told |= {"sharesAccepted": 950, "sharesRejected": 50}
    await poll(hass, freezer, device)
    kept = 0.98 * 0.95
    assert number(hass, entry, "revenue") == about(REVENUE * kept)
    assert number(hass, entry, "break_even_price") == about(0.070521 * kept + 0.04)
    expected = REVENUE * kept / 24 - 0.02 * (price_now(prices) - 0.04)
    assert number(hass, entry, "profit") == profit(expected)


async def test_without_network_or_price(
    hass: HomeAssistant,
    start_device: StartDevice,
    prices: OctopusServer,
    network: MempoolServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Sensors come once there is something to tell, and show what is known."""
    device = await start_device("axeos-2.15")
    working(device)
    network.prices = {}
    entry = await add_bench(hass, device)
    assert find_entity_id(hass, entry, "sensor", "revenue_sats") is None
    fleet = await add_network(hass, network)
    await poll(hass, freezer, device)
    assert find_entity_id(hass, entry, "sensor", "revenue_sats") is not None
    assert find_entity_id(hass, entry, "sensor", "break_even_price") is None
    economics = economics_of(hass, entry)
    assert economics.data.sats_per_day == pytest.approx(SATS, rel=1e-4)
    assert economics.data.revenue_per_day is None
    assert await hass.config_entries.async_unload(fleet.entry_id)
    assert economics.data.sats_per_day is None
    assert economics.data.network is None


async def test_away_and_switched_off(
    hass: HomeAssistant,
    start_device: StartDevice,
    prices: OctopusServer,
    network: MempoolServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Of a miner that is away nothing is known; one without power earns nothing."""
    device = await start_device("axeos-2.15")
    working(device)
    hass.states.async_set("input_boolean.plug", "on")
    await add_network(hass, network)
    await add_tariff(hass, prices)
    entry = await add_miner(hass, device, power_switch="input_boolean.plug")
    earned = ("revenue", "profit", "break_even_price")
    assert all(number(hass, entry, key) for key in earned)
    await device.set_fault(Fault.REFUSE)
    await poll(hass, freezer, device)
    assert [state(hass, entry, "sensor", key) for key in earned] == [STATE_UNKNOWN] * 3
    assert state(hass, entry, "sensor", "energy_cost") != STATE_UNKNOWN

    hass.states.async_set("input_boolean.plug", "off")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert number(hass, entry, "revenue") == 0
    assert number(hass, entry, "profit") == 0
    assert state(hass, entry, "sensor", "break_even_price") == STATE_UNKNOWN
    economics = economics_of(hass, entry)
    assert (economics.mode, economics.data.block_odds) == ("off", None)
    assert economics.data.years_to_block is None


async def test_learned_mode(
    hass: HomeAssistant,
    start_device: StartDevice,
    network: MempoolServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The break-even price is that of the mode, whatever a moment brings."""
    device = await start_device("axeos-2.15")
    told = working(device, power=20)
    await add_network(hass, network)
    entry = await add_miner(hass, device, poll_interval=300)
    economics = economics_of(hass, entry)
    assert economics.mode == "standard"
    for _ in range(3):
        await poll(hass, freezer, device, seconds=300)
    assert "standard" in economics.learner.figures(economics.settings)
    before = number(hass, entry, "break_even_price")
    told["power"] = 200
    await poll(hass, freezer, device, seconds=300)
    assert number(hass, entry, "break_even_price") == before
    # Another frequency is none of the modes, and has figures of its own.
    told["frequency"] = 437
    await poll(hass, freezer, device, seconds=300)
    assert economics_of(hass, entry).mode is None
    assert number(hass, entry, "break_even_price") == about(before / 10)


async def test_not_learned(
    hass: HomeAssistant, start_device: StartDevice, freezer: FrozenDateTimeFactory
) -> None:
    """What a miner does that has just started, or is not well, is not its mode's."""
    device = await start_device("axeos-2.15")
    told = working(device)
    entry = await add_miner(hass, device, poll_interval=300)
    economics = economics_of(hass, entry)
    told["uptimeSeconds"] = 5000
    for disturbance in (
        {"uptimeSeconds": 5},
        {"overheat_mode": 1},
        {"hashRate": 0, "hashRate_10m": 0},
    ):
        for change in ({}, {}, disturbance):
            told |= change
            await poll(hass, freezer, device, seconds=300)
        assert economics.learner.figures() == {}
        told |= {"overheat_mode": 0, "hashRate": TERAHASH, "hashRate_10m": TERAHASH}
    await device.set_fault(Fault.REFUSE)
    await poll(hass, freezer, device, seconds=300)
    assert economics.learner.figures() == {}


async def test_off_is_a_mode(
    hass: HomeAssistant,
    start_device: StartDevice,
    prices: OctopusServer,
    network: MempoolServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A miner that rests earns nothing, and what it draws meanwhile is learned."""
    device = await start_device("avalon-q")
    assert isinstance(device, AvalonDevice)
    await add_network(hass, network)
    await add_tariff(hass, prices)
    entry = await add_miner(hass, device, poll_interval=300)
    economics = economics_of(hass, entry)
    assert number(hass, entry, "revenue") > 1
    await call(hass, entry, "mining", "switch.turn_off")
    for _ in range(5):
        await poll(hass, freezer, device, seconds=300)
    assert economics.mode == "off"
    assert number(hass, entry, "revenue") == 0
    off = economics.learner.figures(economics.settings)["off"]
    assert off.hashrate == 0
    # Asleep, this one tells no power, so that nothing is learned of that.
    assert (off.power, economics.power) == (None, None)
    assert number(hass, entry, "profit") == 0
    row = next(row for row in mode_table(economics) if row["mode"] == "off")
    assert (row["power"], row["learned"]) == (0, False)


async def test_near_break_even(
    hass: HomeAssistant,
    start_device: StartDevice,
    prices: OctopusServer,
    network: MempoolServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Where a miner earns what it costs, the rest is noise that nobody wants to see."""
    device = await start_device("axeos-2.15")
    await add_network(hass, network)
    await add_tariff(hass, prices)
    even = REVENUE / 24 / price_now(prices) * 1000
    told = working(device, power=even)
    entry = await add_bench(hass, device)
    shown = set()
    for power in (0.998, 1.001, 0.9995, 1.002):
        told["power"] = even * power
        await poll(hass, freezer, device, seconds=15)
        shown.add(state(hass, entry, "sensor", "profit"))
    assert shown == {"0.0"}


async def test_fleet_removed(
    hass: HomeAssistant,
    start_device: StartDevice,
    prices: OctopusServer,
    network: MempoolServer,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What miners earn goes with the fleet, and comes again with another one."""
    device = await start_device("axeos-2.15")
    working(device, power=20)
    await add_tariff(hass, prices)
    fleet = await add_network(hass, network)
    entry = await add_bench(hass, device)
    # Of this one nobody knows what it draws.
    other = await start_device("axeos-2.15", mac="02:00:00:00:00:02")
    overridden(other)["power"] = None
    unmetered = await add_bench(hass, other)
    await hass.config_entries.async_remove(fleet.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await poll(hass, freezer, device)
    for key in ("revenue", "revenue_sats", "profit", "break_even_price"):
        assert find_entity_id(hass, entry, "sensor", key) is None
    assert find_entity_id(hass, entry, "sensor", "energy_cost") is not None
    await add_network(hass, network)
    await poll(hass, freezer, device)
    assert number(hass, entry, "revenue") == about(REVENUE)
    # What there was nothing to tell of before is not there twice.
    working(other, power=20)
    await poll(hass, freezer, other)
    assert number(hass, unmetered, "break_even_price") == about(0.070521)
    assert "unique IDs" not in caplog.text


async def test_few_writes(
    hass: HomeAssistant,
    start_device: StartDevice,
    prices: OctopusServer,
    network: MempoolServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A poll that changes nothing writes nothing, and few sensors are enabled."""
    device = await start_device("axeos-2.15")
    working(device, power=20)
    await add_network(hass, network)
    await add_tariff(hass, prices)
    entry = await add_bench(hass, device)
    registry = er.async_get(hass)
    hidden = {
        item.translation_key
        for item in er.async_entries_for_config_entry(registry, entry.entry_id)
        if item.disabled
    }
    assert hidden >= {"cost_this_hour", "revenue_sats", "block_odds", "time_to_block"}
    await poll(hass, freezer, device)
    reported = [
        full_state(hass, entry, "sensor", key).last_reported
        for key in ("revenue", "profit", "break_even_price")
    ]
    await poll(hass, freezer, device)
    assert reported == [
        full_state(hass, entry, "sensor", key).last_reported
        for key in ("revenue", "profit", "break_even_price")
    ]
