"""Tests for what all miners cost and earn together."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.economics.bookkeeper import (
    _BOOKKEEPER,
    async_bookkeeper,
)
from simulator.mempool import MempoolServer
from simulator.octopus import OctopusServer
from tests.devices import Device, StartDevice
from tests.integration import poll, set_up
from tests.integration.fleet.arrangement import catch_up, reload, state_of

from . import add_bench, add_network, add_tariff, economics_of, price_now, working


@pytest.fixture
async def devices(start_device: StartDevice) -> list[Device]:
    """Run two Bitaxes of 1 and 2 TH/s that draw 1800 and 3600 W."""
    small = await start_device("axeos-2.15", mac="02:00:00:00:00:01")
    large = await start_device("axeos-2.15", mac="02:00:00:00:00:02")
    working(small, power=1800)
    working(large, power=3600, hashrate=2000)
    return [small, large]


def number(hass: HomeAssistant, fleet: MockConfigEntry, key: str) -> float:
    """Return the number that a sensor of the fleet shows."""
    return float(state_of(hass, "sensor", fleet.entry_id, key).state)


def unique_ids(hass: HomeAssistant) -> set[str]:
    """Return the unique ids of all entities."""
    return {item.unique_id for item in er.async_get(hass).entities.values()}


async def test_sums(
    hass: HomeAssistant,
    devices: list[Device],
    prices: OctopusServer,
    network: MempoolServer,
    freezer: FrozenDateTimeFactory,
    entity_registry_enabled_by_default: None,
) -> None:
    """The sums are those of the miners, also over a reload of the fleet."""
    fleet = await add_network(hass, network)
    assert f"{fleet.entry_id}_total_energy_cost" not in unique_ids(hass)
    await add_tariff(hass, prices)
    entries = [await add_bench(hass, device) for device in devices]
    await poll(hass, freezer, *devices, seconds=40)
    await catch_up(hass, freezer)
    spent = 0.06 * price_now(prices)
    cost = pytest.approx(spent, abs=0.0002)
    for key in ("total_energy_cost", "total_cost_today", "total_cost_this_hour"):
        assert number(hass, fleet, key) == cost
    shown = state_of(hass, "sensor", fleet.entry_id, "total_energy_cost")
    assert shown.attributes["unit_of_measurement"] == "GBP"
    parts = [economics_of(hass, entry).data for entry in entries]
    for key, name in (
        ("total_revenue_sats", "sats_per_day"),
        ("total_revenue", "revenue_per_day"),
        ("total_profit", "profit_per_hour"),
    ):
        expected = sum(getattr(part, name) for part in parts)
        assert number(hass, fleet, key) == pytest.approx(expected, rel=0.005)
    # All revenue for all energy: three times that of 1 TH/s for 5.4 kW.
    assert number(hass, fleet, "break_even_price") == pytest.approx(
        3 * 0.033850 / (5.4 * 24), abs=0.00005
    )
    assert number(hass, fleet, "block_odds") == pytest.approx(7_456_540 / 3, rel=0.005)
    assert number(hass, fleet, "time_to_block") == pytest.approx(20_415 / 3, rel=0.005)
    await reload(hass, fleet)
    assert number(hass, fleet, "total_energy_cost") == cost


async def test_removed_miner(
    hass: HomeAssistant,
    devices: list[Device],
    prices: OctopusServer,
    network: MempoolServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What a miner has cost stays a part of the sum, and of the day it was gone."""
    fleet = await add_network(hass, network)
    await add_tariff(hass, prices)
    entries = [await add_bench(hass, device) for device in devices]
    await poll(hass, freezer, *devices, seconds=40)
    spent = pytest.approx(0.06 * price_now(prices), abs=0.0002)
    await hass.config_entries.async_remove(entries[1].entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await catch_up(hass, freezer)
    for key in ("total_energy_cost", "total_cost_today"):
        assert number(hass, fleet, key) == spent
    memory = (await async_bookkeeper(hass)).memory
    assert set(memory.accounts) == {entries[0].entry_id}
    memory.fold(economics_of(hass, entries[0]).data.day + timedelta(days=1, hours=1))
    assert memory.retired == []
    assert memory.retired_totals["GBP"] == pytest.approx(
        0.04 * price_now(prices), abs=0.0002
    )
    await poll(hass, freezer, devices[0])
    await catch_up(hass, freezer)
    own = memory.accounts[entries[0].entry_id].ledger.total
    assert number(hass, fleet, "total_energy_cost") == pytest.approx(
        memory.retired_totals["GBP"] + own, abs=0.0001
    )


async def test_removed_while_nobody_looked(
    hass: HomeAssistant,
    devices: list[Device],
    prices: OctopusServer,
    network: MempoolServer,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, object],
) -> None:
    """A miner that is gone after a restart is a part of the sum all the same."""
    fleet = await add_network(hass, network)
    await add_tariff(hass, prices)
    entry = await add_bench(hass, devices[0])
    await poll(hass, freezer, *devices, seconds=40)
    for each in (entry, fleet):
        assert await hass.config_entries.async_unload(each.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    stored = hass_storage["miner_controller.economics"]
    del hass.data[_BOOKKEEPER]
    await hass.config_entries.async_remove(entry.entry_id)
    hass_storage["miner_controller.economics"] = stored
    del hass.data[_BOOKKEEPER]
    await set_up(hass, fleet)
    assert number(hass, fleet, "total_energy_cost") == pytest.approx(
        0.02 * price_now(prices), abs=0.0002
    )


async def test_last_of_all_removed(
    hass: HomeAssistant,
    devices: list[Device],
    prices: OctopusServer,
    network: MempoolServer,
    hass_storage: dict[str, object],
) -> None:
    """The sum is kept for the fleet, and without a miner and a fleet for nobody."""
    fleet = await add_network(hass, network)
    await add_tariff(hass, prices)
    entry = await add_bench(hass, devices[0])
    for removed, is_kept in ((entry, True), (fleet, False)):
        await hass.config_entries.async_remove(removed.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert ("miner_controller.economics" in hass_storage) is is_kept


async def test_without_a_tariff(
    hass: HomeAssistant,
    devices: list[Device],
    prices: OctopusServer,
    network: MempoolServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The sum keeps its currency while its tariff is not set up."""
    fleet = await add_network(hass, network)
    tariff = await add_tariff(hass, prices)
    await add_bench(hass, devices[0])
    await poll(hass, freezer, *devices, seconds=40)
    await catch_up(hass, freezer)
    shown = number(hass, fleet, "total_energy_cost")
    await hass.config_entries.async_remove(tariff.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert number(hass, fleet, "total_energy_cost") == shown
    profit = state_of(hass, "sensor", fleet.entry_id, "total_profit")
    assert profit.state == STATE_UNKNOWN
