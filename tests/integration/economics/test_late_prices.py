"""Tests for energy whose price comes late: no outage makes it free."""

from datetime import UTC, datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.miner_controller.economics import bookkeeper
from custom_components.miner_controller.economics.bookkeeper import async_bookkeeper
from simulator.octopus import OctopusFault, OctopusServer
from tests.devices import Device, StartDevice
from tests.integration import poll
from tests.integration.prices import MORNING, price_at, settle

from . import add_bench, add_tariff, begin_at, economics_of, working

LATE = datetime(2026, 11, 10, 23, 30, tzinfo=UTC)
"""After everything that is known in the morning."""


async def pass_hours(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, hours: int
) -> None:
    """Let some hours pass by half ones, in which nobody is polled."""
    for _ in range(2 * hours):
        freezer.tick(1800)
        async_fire_time_changed(hass)
        await settle(hass)


async def mine(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *devices: Device,
    at: datetime = LATE,
) -> None:
    """Use 0.04 kWh at a moment."""
    await begin_at(hass, freezer, devices[0], at)
    await settle(hass)
    await poll(hass, freezer, *devices, seconds=0)
    await poll(hass, freezer, *devices, seconds=40)


async def test_long_outage(
    hass: HomeAssistant,
    start_device: StartDevice,
    prices: OctopusServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What was used days ago is paid once the service is there again."""
    device = await start_device("axeos-2.15")
    working(device)
    await add_tariff(hass, prices)
    entry = await add_bench(hass, device)
    ledger = economics_of(hass, entry).account.ledger
    prices.fault = OctopusFault.UNAVAILABLE
    expected = 0.0
    for days in range(4):
        await mine(hass, freezer, device, at=LATE + timedelta(days=days))
        expected += 0.04 * price_at(prices, LATE + timedelta(days=days))
    assert ledger.total == 0
    prices.fault = None
    await pass_hours(hass, freezer, 3)
    assert ledger.unpriced_energy == 0
    assert ledger.total == pytest.approx(expected)


async def test_asked_once_a_day(
    hass: HomeAssistant,
    start_device: StartDevice,
    prices: OctopusServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A service that does not tell the past is not asked for it with each look."""
    tariff = await add_tariff(hass, prices)
    entry = await add_bench(hass, await start_device("axeos-2.15"))
    ledger = economics_of(hass, entry).account.ledger
    used = MORNING - timedelta(days=3)
    ledger.add(used, used + timedelta(minutes=5), 1, ())
    for fault in (OctopusFault.UNAVAILABLE, None):
        prices.fault = fault
        tariff.runtime_data.async_update_listeners()
        await settle(hass)
        assert ledger.unpriced_energy == 1
    freezer.tick(timedelta(days=1))
    async_fire_time_changed(hass)
    await settle(hass)
    assert ledger.unpriced_energy == 0
    assert ledger.total == pytest.approx(price_at(prices, used))


async def test_removed_and_disabled_miners(
    hass: HomeAssistant,
    start_device: StartDevice,
    prices: OctopusServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What miners used that are not there any more is paid for all the same."""
    devices = []
    for number in range(2):
        device = await start_device("axeos-2.15", mac=f"02:00:00:00:00:0{number}")
        working(device)
        devices.append(device)
    await add_tariff(hass, prices)
    removed, disabled = [await add_bench(hass, device) for device in devices]
    prices.fault = OctopusFault.UNAVAILABLE
    await mine(hass, freezer, *devices)
    await hass.config_entries.async_remove(removed.entry_id)
    await hass.config_entries.async_set_disabled_by(
        disabled.entry_id, ConfigEntryDisabler.USER
    )
    keeper = await async_bookkeeper(hass)
    memory = keeper.memory
    memory.fold(LATE + timedelta(days=3))
    assert len(memory.retired) == 1, "it still waits"
    other = await start_device("axeos-2.15", mac="02:00:00:00:00:09")
    await add_bench(hass, other)
    prices.fault = None
    await pass_hours(hass, freezer, 3)
    cost = 0.04 * price_at(prices, LATE)
    assert memory.accounts[disabled.entry_id].ledger.total == pytest.approx(cost)
    memory.fold(LATE + timedelta(days=3))
    assert memory.retired == []
    assert memory.retired_totals == {"GBP": pytest.approx(cost)}


async def test_others_have_their_turn(
    hass: HomeAssistant,
    start_device: StartDevice,
    prices: OctopusServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Many miners do not all look at once when a price changes."""
    monkeypatch.setattr(bookkeeper, "_LOOKS_AT_ONCE", 2)
    tariff = await add_tariff(hass, prices)
    seen: list[str] = []
    for number in range(3):
        device = await start_device("axeos-2.15", mac=f"02:00:00:00:00:0{number}")
        entry = await add_bench(hass, device)
        economics_of(hass, entry).async_add_listener(lambda: seen.append("miner"))
    keeper = await async_bookkeeper(hass)
    keeper.async_add_listener(lambda: seen.append("sum"))
    hass.loop.call_soon(seen.append, "other")
    tariff.runtime_data.async_update_listeners()
    # While it looks, there is something new once more.
    tariff.runtime_data.async_update_listeners()
    await hass.async_block_till_done()
    once = ["miner", "miner", "other", "miner", "sum"]
    assert seen == [*once, "miner", "miner", "miner", "sum"]
