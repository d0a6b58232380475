"""Tests for what the energy of a miner costs."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.miner_controller.economics.bookkeeper import (
    _BOOKKEEPER,
    async_bookkeeper,
)
from custom_components.miner_controller.economics.memory import EconomicsMemory
from custom_components.miner_controller.economics.tariff import async_tariff_of
from custom_components.miner_controller.planning.energy_cost import CostLedger
from custom_components.miner_controller.prices.memory import UNREADABLE
from simulator.faults import Fault
from simulator.mempool import MempoolServer
from simulator.octopus import OctopusServer
from tests.devices import Device, StartDevice
from tests.integration import (
    find_entity_id,
    full_state,
    overridden,
    poll,
    set_up,
    state,
)
from tests.integration.prices import MORNING, price_at

from . import (
    POWER,
    add_bench,
    add_network,
    add_tariff,
    begin_at,
    economics_of,
    price_now,
    working,
)

MINUTE = timedelta(minutes=1)
STORE = "miner_controller.economics"
NEARLY_HALF_PAST = datetime(2026, 11, 10, 10, 29, 50, tzinfo=UTC)
NEARLY_MIDNIGHT = datetime(2026, 11, 10, 22, 59, 40, tzinfo=UTC)


@pytest.fixture
async def device(start_device: StartDevice) -> Device:
    """Run a Bitaxe that draws 3600 W."""
    device = await start_device("axeos-2.15")
    working(device)
    return device


def cost(
    hass: HomeAssistant, entry: MockConfigEntry, key: str = "energy_cost"
) -> float:
    """Return a cost that is shown."""
    return float(state(hass, entry, "sensor", key))


def money(amount: float) -> object:
    """Return what equals an amount as it is shown, to a hundredth of a penny."""
    return pytest.approx(amount, abs=0.00011)


async def test_by_the_price_that_holds(
    hass: HomeAssistant,
    device: Device,
    prices: OctopusServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The energy between two polls costs what each part of the time does."""
    await add_tariff(hass, prices)
    entry = await add_bench(hass, device)
    assert cost(hass, entry) == 0
    await poll(hass, freezer, device, seconds=40)
    first = 0.04 * price_now(prices)
    assert cost(hass, entry) == money(first)

    await begin_at(hass, freezer, device, NEARLY_HALF_PAST)
    assert cost(hass, entry) == money(first), "the gap is not counted"
    before = price_now(prices)
    await poll(hass, freezer, device, seconds=40)
    total = first + 0.01 * before + 0.03 * price_now(prices)
    assert before != price_now(prices)
    assert cost(hass, entry) == money(total)
    assert cost(hass, entry, "cost_today") == money(total)
    assert economics_of(hass, entry).data.cost_this_hour == money(total)

    shown = full_state(hass, entry, "sensor", "energy_cost").attributes
    assert shown["unit_of_measurement"] == "GBP"
    assert (shown["device_class"], shown["state_class"]) == ("monetary", "total")
    today = full_state(hass, entry, "sensor", "cost_today").attributes
    assert today["last_reset"] == "2026-11-10T00:00:00+00:00"
    registry = er.async_get(hass)
    hour_id = find_entity_id(hass, entry, "sensor", "cost_this_hour")
    assert hour_id is not None
    assert registry.entities[hour_id].disabled


async def test_hour_and_day(
    hass: HomeAssistant,
    device: Device,
    prices: OctopusServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Hour and day begin anew by the clock, also of a miner that is away."""
    tariff = await add_tariff(hass, prices)
    entry = await add_bench(hass, device)
    await begin_at(hass, freezer, device, NEARLY_MIDNIGHT)
    await poll(hass, freezer, device, seconds=15)
    spent = 0.015 * price_now(prices)
    economics = economics_of(hass, entry)
    assert economics.data.cost_this_hour == money(spent)
    await device.set_fault(Fault.REFUSE)
    # A tariff looks at the clock by itself.
    assert await hass.config_entries.async_unload(tariff.entry_id)

    await poll(hass, freezer, device, seconds=5)
    assert economics.data.cost_this_hour == 0
    await poll(hass, freezer, device)
    assert cost(hass, entry, "cost_today") == money(spent)
    assert economics.spent_today(economics.data.hour) == money(spent)
    freezer.move_to(NEARLY_MIDNIGHT + timedelta(hours=1, seconds=20))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert cost(hass, entry, "cost_today") == 0
    assert cost(hass, entry) == money(spent)
    today = full_state(hass, entry, "sensor", "cost_today").attributes
    assert today["last_reset"] == "2026-11-11T00:00:00+00:00"
    yesterday = datetime(2026, 11, 10, tzinfo=UTC)
    assert economics.cost_between(yesterday, economics.data.day) == money(spent)


async def test_restart(
    hass: HomeAssistant,
    device: Device,
    prices: OctopusServer,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    """Total, today and the hour go on, and the time between counts as nothing."""
    await add_tariff(hass, prices)
    entry = await add_bench(hass, device)
    await poll(hass, freezer, device, seconds=40)
    spent = 0.04 * price_now(prices)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass_storage[STORE]["data"]["miners"][entry.entry_id]["currency"] == "GBP"
    del hass.data[_BOOKKEEPER]

    freezer.tick(30)
    await device.set_fault(Fault.REFUSE)
    await set_up(hass, entry)
    for key in ("energy_cost", "cost_today"):
        assert cost(hass, entry, key) == money(spent)
    assert economics_of(hass, entry).data.cost_this_hour == money(spent)
    await device.set_fault(None)
    await poll(hass, freezer, device, seconds=60)
    assert cost(hass, entry) == money(spent)


async def test_saved_while_running(
    hass: HomeAssistant,
    device: Device,
    prices: OctopusServer,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    """What was counted is written down in time, however often is polled.

    What a miner tells that costs nothing is not.
    """
    told = working(device, power=0, hashrate=0)
    await add_tariff(hass, prices)
    await add_bench(hass, device)
    for _ in range(3):
        await poll(hass, freezer, device, seconds=1000)
    assert STORE not in hass_storage
    told["power"] = POWER
    for _ in range(2):
        await poll(hass, freezer, device, seconds=20)
    await poll(hass, freezer, device, seconds=600)
    assert STORE not in hass_storage
    await poll(hass, freezer, device, seconds=400)
    assert STORE in hass_storage


async def test_late_price(
    hass: HomeAssistant,
    device: Device,
    prices: OctopusServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Energy whose price is not known waits for it, and is not for nothing."""
    tariff = await add_tariff(hass, prices)
    entry = await add_bench(hass, device)
    assert await hass.config_entries.async_unload(tariff.entry_id)
    await poll(hass, freezer, device, seconds=40)
    assert cost(hass, entry) == 0
    assert state(hass, entry, "sensor", "cost_today") == STATE_UNKNOWN
    assert economics_of(hass, entry).data.price is None
    await set_up(hass, tariff)
    assert cost(hass, entry) == money(0.04 * price_now(prices))
    assert cost(hass, entry, "cost_today") == money(0.04 * price_now(prices))


async def test_without_a_tariff(
    hass: HomeAssistant,
    device: Device,
    prices: OctopusServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Costs are shown once there is a tariff, and of nothing that was before it."""
    entry = await add_bench(hass, device)
    await poll(hass, freezer, device, seconds=40)
    assert find_entity_id(hass, entry, "sensor", "energy_cost") is None
    await add_tariff(hass, prices)
    await poll(hass, freezer, device, seconds=40)
    assert cost(hass, entry) == money(0.04 * price_now(prices))


async def test_power_that_nobody_knows(
    hass: HomeAssistant,
    device: Device,
    prices: OctopusServer,
    network: MempoolServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A miner is not told to cost nothing where nobody knows what it draws."""
    told = overridden(device)
    told["power"] = None
    await add_tariff(hass, prices)
    await add_network(hass, network)
    entry = await add_bench(hass, device)
    await poll(hass, freezer, device, seconds=40)
    assert economics_of(hass, entry).data.profit_per_hour is None
    assert find_entity_id(hass, entry, "sensor", "energy_cost") is None
    told["power"] = POWER
    await poll(hass, freezer, device, seconds=40)
    assert cost(hass, entry) == 0
    await poll(hass, freezer, device, seconds=40)
    spent = cost(hass, entry)
    assert spent == money(0.04 * price_now(prices))
    told["power"] = None
    await poll(hass, freezer, device, seconds=40)
    assert cost(hass, entry) == spent, "what was counted is known"


async def test_chosen_tariff(
    hass: HomeAssistant,
    device: Device,
    prices: OctopusServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A miner is paid for by the tariff that was chosen for it."""
    await add_tariff(hass, prices, "C")
    other = await add_tariff(hass, prices, "A")
    entry = await add_bench(hass, device, tariff=other.entry_id)
    usual = await add_bench(hass, device)
    await poll(hass, freezer, device, seconds=40)
    assert async_tariff_of(hass, entry) is other.runtime_data
    assert async_tariff_of(hass, usual) is not other.runtime_data
    start = economics_of(hass, entry).data.hour
    dear = float(prices.price("AGILE-24-10-01", "A", start).inc_vat) / 100
    assert economics_of(hass, entry).data.price == pytest.approx(dear)
    assert economics_of(hass, usual).data.price == pytest.approx(price_now(prices))


async def test_other_currency(
    hass: HomeAssistant,
    device: Device,
    prices: OctopusServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Costs are in the tariff's currency, and those in another are kept apart."""
    await add_tariff(hass, prices)
    await hass.config.async_update(currency="EUR")
    entry = await add_bench(hass, device)
    economics = economics_of(hass, entry)
    await poll(hass, freezer, device, seconds=40)
    shown = full_state(hass, entry, "sensor", "energy_cost")
    assert shown.attributes["unit_of_measurement"] == "GBP"
    assert (economics.data.currency, economics.data.cost_currency) == ("EUR", "GBP")
    assert economics.data.price is None
    account, spent = economics.account, economics.account.ledger.total
    account.use_currency("SEK")
    assert account.ledger.total == 0
    memory = (await async_bookkeeper(hass)).memory
    assert [ledger.total for ledger in memory.ledgers("GBP")] == [spent]
    account.use_currency("GBP")
    assert account.ledger.total == spent > 0
    # A miner that goes leaves what it cost in each of them.
    memory.retire(entry.entry_id)
    assert {each.currency for each in memory.retired} == {"GBP", "SEK"}


async def test_own_surplus(
    hass: HomeAssistant,
    device: Device,
    prices: OctopusServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What comes from the own roof costs what its export would have paid."""
    await add_tariff(hass, prices)
    entry = await add_bench(
        hass, device, solar_price=0.15, export_sensor="sensor.export"
    )
    total = 0.0
    for told, unit, share in (
        (None, "W", 0.0),
        ("500", "W", 1.0),
        ("-0.9", "kW", 0.75),
        ("unknown", "W", 0.0),
        ("nan", "W", 0.0),
        ("1e400", "W", 0.0),
        ("500", "bananas", 0.0),
    ):
        if told is not None:
            hass.states.async_set("sensor.export", told, {"unit_of_measurement": unit})
        await poll(hass, freezer, device, seconds=40)
        price = share * 0.15 + (1 - share) * price_now(prices)
        total += 0.04 * price
        assert economics_of(hass, entry).data.price == pytest.approx(price)
        assert cost(hass, entry) == money(total)


def test_memory() -> None:
    """What is kept survives being written and read, for each currency."""
    memory = EconomicsMemory(retired_totals={"GBP": 1.5})
    for entry_id, currency in (("a", "GBP"), ("b", "EUR"), ("c", "GBP"), ("d", None)):
        account = memory.account(entry_id)
        account.currency = currency
        account.tariff = entry_id
        account.others["SEK"] = CostLedger()
        account.ledger.add(MORNING - MINUTE, MORNING, 1, ())
        account.learner.add("eco", 1e12, 15, MORNING)
    memory.retire_missing({"a", "b"})
    assert len(memory.ledgers("GBP")) == 2
    assert [each.currency for each in memory.retired].count("SEK") == 2
    assert len(memory.retired) == 3
    stored = json.loads(json.dumps(memory.as_dict()))
    assert EconomicsMemory.from_dict(stored).as_dict() == memory.as_dict()
    assert memory.account("a").ledger.unpriced_energy == pytest.approx(1)


@pytest.mark.parametrize(
    "stored",
    [
        {"miners": [], "retired": [], "retired_totals": {}},
        {"miners": {}, "retired": None, "retired_totals": {}},
        {"miners": {}, "retired": []},
    ],
)
def test_unreadable(stored: dict[str, Any]) -> None:
    """What was never stored so is refused with an error that is expected."""
    with pytest.raises(UNREADABLE):
        EconomicsMemory.from_dict(stored)


def test_unreadable_part(caplog: pytest.LogCaptureFixture) -> None:
    """A part that cannot be read takes none of the others with it."""
    memory = EconomicsMemory(retired_totals={"GBP": 1.5})
    memory.account("a").use_currency("GBP")
    stored = memory.as_dict()
    whole = stored["miners"]["a"]
    stored["miners"] |= {
        "b": {"currency": "GBP"},
        "c": {**whole, "ledger": {**whole["ledger"], "total": None}},
    }
    stored["retired"] = [5, whole]
    stored["retired_totals"]["EUR"] = "nan"
    found = EconomicsMemory.from_dict(stored)
    assert set(found.accounts) == {"a"}
    assert len(found.retired) == 1
    assert found.retired_totals == {"GBP": 1.5}
    assert caplog.text.count("cannot be read") == 4


async def test_damaged_file(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A file that somebody changed is as good as none, and is told of once."""
    hass_storage[STORE] = {"version": 1, "key": STORE, "data": {"miners": 1}}
    for _ in range(2):
        assert (await async_bookkeeper(hass)).memory.accounts == {}
    assert caplog.text.count("costs cannot be read") == 1


async def test_negative_price(
    hass: HomeAssistant,
    device: Device,
    prices: OctopusServer,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Who is paid for using power has lower costs."""
    start = datetime(2026, 11, 10, 10, 0, tzinfo=UTC)
    prices.changed_prices[start] = Decimal(-10)
    await add_tariff(hass, prices)
    entry = await add_bench(hass, device)
    await poll(hass, freezer, device, seconds=40)
    assert price_at(prices, start) < 0
    assert cost(hass, entry) == money(0.04 * price_at(prices, start))
    assert cost(hass, entry) < 0
