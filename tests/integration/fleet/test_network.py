"""Tests for what the fleet knows of the Bitcoin network, with a simulated mempool."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.homeassistant import SERVICE_UPDATE_ENTITY
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import DOMAIN as HOMEASSISTANT_DOMAIN, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    flush_store,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.fleet import rare_requests
from custom_components.miner_controller.fleet.network import (
    SIGNAL_NETWORK_CHANGED,
    async_network,
)
from custom_components.miner_controller.planning.economics import Network
from simulator.mempool import MempoolFault, MempoolServer

from .arrangement import add_fleet, entity_id_of, fleet_entry, pass_time, reload

KEYS = (
    *("bitcoin_price", "difficulty", "next_adjustment", "days_to_adjustment"),
    *("difficulty_change", "block_height", "hashprice_sats", "hashprice"),
)
START = "2026-10-01 12:00:00+00:00"
# The height of the simulated network has 552 blocks to go, each of 10 minutes.
ADJUSTMENT = "2026-10-05T08:00:00+00:00"
KNOWN = {
    "bitcoin_price": "80000",
    "difficulty": "150000000000000",
    "next_adjustment": ADJUSTMENT,
    "days_to_adjustment": "3.8",
    "difficulty_change": "2.5",
    "block_height": "951000",
    # 86400 × 10¹² / (1.5 × 10¹⁴ × 2³²) × 3.155 BTC, worked out by hand.
    "hashprice_sats": "42.31",
    "hashprice": "33.85",
}
UNKNOWN = dict.fromkeys(KEYS, STATE_UNKNOWN)
UNAVAILABLE = dict.fromkeys(KEYS, STATE_UNAVAILABLE)
SENSOR = "sensor.btc"


@pytest.fixture
async def mempool(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    socket_enabled: None,
    entity_registry_enabled_by_default: None,
) -> AsyncIterator[MempoolServer]:
    """Run a mempool, whose time is that of the test, for a home with pounds."""
    freezer.move_to(START)
    await hass.config.async_update(currency="GBP")
    async with MempoolServer(now=dt_util.utcnow) as server:
        yield server


def options(mempool: MempoolServer, **other: Any) -> dict[str, Any]:
    """Return the options of a fleet that asks a mempool."""
    return {"network": {"enabled": True, "url": mempool.url, **other}}


def shown(hass: HomeAssistant, fleet: MockConfigEntry) -> dict[str, str]:
    """Return the values of the sensors."""
    values = {}
    for key in KEYS:
        state = hass.states.get(entity_id_of(hass, "sensor", fleet.entry_id, key))
        assert state is not None, key
        values[key] = state.state
    return values


async def restart(hass: HomeAssistant, fleet: MockConfigEntry) -> None:
    """Set the fleet up anew, as after a restart: no answer is remembered."""
    assert await hass.config_entries.async_unload(fleet.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    hass.data.pop(rare_requests._ANSWERS, None)
    assert await hass.config_entries.async_setup(fleet.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def live(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, duration: timedelta
) -> None:
    """Let time pass in steps in which everything that is due happens once."""
    until = dt_util.utcnow() + duration
    while (left := (until - dt_util.utcnow()).total_seconds()) > 0:
        await pass_time(hass, freezer, min(left, 1800))


async def test_round(hass: HomeAssistant, mempool: MempoolServer) -> None:
    """The sensors show what one round brought."""
    fleet = await add_fleet(hass, options=options(mempool))
    assert shown(hass, fleet) == KNOWN
    assert len(mempool.requests) == 5
    units = {}
    for key in KEYS:
        state = hass.states.get(entity_id_of(hass, "sensor", fleet.entry_id, key))
        assert state is not None
        units[key] = state.attributes.get("unit_of_measurement")
    assert units["bitcoin_price"] == "GBP/BTC"
    assert units["hashprice"] == "GBP/PH/day"
    assert units["hashprice_sats"] == "sats/TH/day"
    network = async_network(hass)
    assert network is fleet.runtime_data.network
    assert network is not None
    assert network.data.network == Network(
        difficulty=1.5e14, reward=315_500_000, bitcoin_price=80_000
    )
    assert network.data.currency == "GBP"
    assert network.data.updated == datetime.fromisoformat(START)


async def test_cheap_bitcoin(hass: HomeAssistant, mempool: MempoolServer) -> None:
    """A price that has few digits keeps those behind the point."""
    mempool.prices = {"GBP": 12.345}
    fleet = await add_fleet(hass, options=options(mempool))
    assert shown(hass, fleet)["bitcoin_price"] in {"12.34", "12.35"}


async def test_rounds_are_rare(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, mempool: MempoolServer
) -> None:
    """There is one round in 15 minutes, whoever wants to know."""
    assert await async_setup_component(hass, HOMEASSISTANT_DOMAIN, {})
    fleet = await add_fleet(hass, options=options(mempool))
    for wait in (0, 450, 449):
        await pass_time(hass, freezer, wait)
        await update(hass, fleet)
        await reload(hass, fleet)
        await restart(hass, fleet)
        assert len(mempool.requests) == 5
        assert shown(hass, fleet) == KNOWN
    mempool.height += 1
    await pass_time(hass, freezer, 63)
    assert len(mempool.requests) == 10
    # The moment of the adjustment has moved by minutes, which is no news.
    assert shown(hass, fleet)["block_height"] == "951001"
    assert shown(hass, fleet)["next_adjustment"] == ADJUSTMENT
    mempool.height -= 7
    await pass_time(hass, freezer, 963)
    assert shown(hass, fleet)["next_adjustment"] > ADJUSTMENT


async def update(hass: HomeAssistant, fleet: MockConfigEntry) -> None:
    """Ask for an update."""
    entity_id = entity_id_of(hass, "sensor", fleet.entry_id, "difficulty")
    await hass.services.async_call(
        HOMEASSISTANT_DOMAIN,
        SERVICE_UPDATE_ENTITY,
        {ATTR_ENTITY_ID: entity_id},
        blocking=True,
    )
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_without_polling(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, mempool: MempoolServer
) -> None:
    """Who disabled polling has a round when he asks for one."""
    assert await async_setup_component(hass, HOMEASSISTANT_DOMAIN, {})
    fleet = await add_fleet(hass, options=options(mempool))
    hass.config_entries.async_update_entry(fleet, pref_disable_polling=True)
    await reload(hass, fleet)
    await live(hass, freezer, timedelta(hours=2))
    assert len(mempool.requests) == 5
    mempool.height += 1
    await update(hass, fleet)
    assert len(mempool.requests) == 10
    assert shown(hass, fleet)["block_height"] == "951001"


async def test_parts_age(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mempool: MempoolServer,
) -> None:
    """What a round does not bring is kept with its age, and for a day."""
    fleet = await add_fleet(hass, options=options(mempool))
    mempool.fault, mempool.faulty = MempoolFault.SERVER_ERROR, {"difficulty"}
    mempool.height += 144
    freezer.tick(timedelta(hours=23))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    values = shown(hass, fleet)
    assert (values["block_height"], values["difficulty"]) == (
        "951144",
        KNOWN["difficulty"],
    )
    # The newer values are the younger ones, also after a restart.
    for wait, days in ((timedelta(), "2.9"), (timedelta(minutes=59), "2.8")):
        freezer.tick(wait)
        await restart(hass, fleet)
        assert shown(hass, fleet) == {**values, "days_to_adjustment": days}
    await pass_time(hass, freezer, 63)
    assert shown(hass, fleet) == {
        **values,
        "days_to_adjustment": "2.8",
        "difficulty": STATE_UNKNOWN,
        "hashprice_sats": STATE_UNKNOWN,
        "hashprice": STATE_UNKNOWN,
    }
    network = async_network(hass)
    assert network is not None
    assert network.data.network is None


async def test_all_fails(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mempool: MempoolServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What is known is shown for a day, through a restart; the failure is told once."""
    fleet = await add_fleet(hass, options=options(mempool))
    mempool.fault = MempoolFault.SERVER_ERROR
    await live(hass, freezer, timedelta(hours=12))
    # It is tried again after 15 minutes, half an hour, and then once in an hour.
    assert 5 < len(mempool.requests) / 5 < 16
    assert shown(hass, fleet) == {**KNOWN, "days_to_adjustment": "3.3"}
    assert caplog.text.count("Error fetching Bitcoin network data") == 1
    await restart(hass, fleet)
    assert shown(hass, fleet) == {**KNOWN, "days_to_adjustment": "3.3"}
    await live(hass, freezer, timedelta(hours=12, minutes=2))
    assert shown(hass, fleet) == UNAVAILABLE
    await restart(hass, fleet)
    assert shown(hass, fleet) == UNAVAILABLE
    mempool.fault = None
    await pass_time(hass, freezer, 963)
    assert shown(hass, fleet)["difficulty"] == KNOWN["difficulty"]


async def test_busy_service(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, mempool: MempoolServer
) -> None:
    """It is left alone for as long as it wants, whatever is reloaded."""
    mempool.fault, mempool.retry_after = MempoolFault.RATE_LIMITED, 3600
    fleet = await add_fleet(hass, options=options(mempool))
    assert shown(hass, fleet) == UNAVAILABLE
    await pass_time(hass, freezer, 1800)
    await reload(hass, fleet)
    # Nobody has said anything since.
    assert shown(hass, fleet) == UNKNOWN
    await pass_time(hass, freezer, 1799)
    assert len(mempool.requests) == 1
    mempool.fault = None
    await pass_time(hass, freezer, 63)
    assert len(mempool.requests) == 6
    assert shown(hass, fleet)["block_height"] == KNOWN["block_height"]


async def test_adjustment_is_over(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, mempool: MempoolServer
) -> None:
    """An adjustment that was to come and has come is none that is to come."""
    mempool.height = 953_000 // 2016 * 2016 + 2015
    fleet = await add_fleet(hass, options=options(mempool))
    assert shown(hass, fleet)["days_to_adjustment"] == "0.0"
    mempool.fault = MempoolFault.SERVER_ERROR
    await pass_time(hass, freezer, 601)
    values = shown(hass, fleet)
    gone = ("days_to_adjustment", "difficulty_change", "next_adjustment")
    assert {values.pop(key) for key in gone} == {STATE_UNKNOWN}
    assert STATE_UNKNOWN not in values.values()


async def test_clock_set_back(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, mempool: MempoolServer
) -> None:
    """A value from a far future is of no known age."""
    fleet = await add_fleet(hass, options=options(mempool))
    mempool.fault = MempoolFault.SERVER_ERROR
    freezer.move_to("2026-09-29 12:00:00+00:00")
    await restart(hass, fleet)
    assert shown(hass, fleet) == UNAVAILABLE


@pytest.mark.parametrize(
    "damage",
    [
        {"values": {"difficulty": ["x", START]}},
        {"values": {"difficulty": [-1, START]}},
        {"values": {"difficulty": [float("nan"), START]}},
        {"values": {"adjustment_change": [None, START]}},
        {"values": {"next_adjustment": [5, START]}},
        {"values": {"weather": [5, START]}},
        {"values": {"reward": [5, "yesterday"]}},
        {"values": {"reward": [5]}},
        {"values": None},
        {"url": None},
    ],
)
async def test_damaged_memory(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    mempool: MempoolServer,
    damage: dict[str, Any],
) -> None:
    """A file that somebody changed is as good as none."""
    mempool.fault = MempoolFault.SERVER_ERROR
    fleet = fleet_entry(options=options(mempool))
    key = f"{DOMAIN}.network.{fleet.entry_id}"
    kept = {"url": mempool.url, "currency": "GBP", "values": {}, **damage}
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": kept}
    fleet.add_to_hass(hass)
    assert await hass.config_entries.async_setup(fleet.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown(hass, fleet) == UNAVAILABLE


async def test_memory_is_of_one_address(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, mempool: MempoolServer
) -> None:
    """Another address has other values, and another currency has another price."""
    fleet = await add_fleet(hass, options=options(mempool))
    mempool.fault, mempool.faulty = MempoolFault.NOT_FOUND, {"prices"}
    await hass.config.async_update(currency="EUR")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown(hass, fleet) == {
        **KNOWN,
        "bitcoin_price": STATE_UNKNOWN,
        "hashprice": STATE_UNKNOWN,
    }
    # What else was changed is no reason to begin anew.
    before = async_network(hass)
    await hass.config.async_update(latitude=1)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert async_network(hass) is before
    mempool.faulty = set()
    hass.config_entries.async_update_entry(
        fleet, options=options(mempool, url=f"{mempool.url}/other")
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown(hass, fleet) == UNAVAILABLE


@pytest.mark.parametrize(
    ("state", "unit", "price"),
    [
        ("81234.5", "GBP", "81234"),
        ("81234.5", "GBP/BTC", "81234"),
        ("81234.5", "£", "81234"),
        ("81234.5", None, "81234"),
        ("81234.5", "USD", STATE_UNKNOWN),
        ("81234.5", "$", STATE_UNKNOWN),
        ("81234.5", "gbp / btc", "81234"),
        ("0.25", "GBP/kWh", STATE_UNKNOWN),
        ("81.2", "GBP/mBTC", STATE_UNKNOWN),
        ("8123450", "GBp/BTC", STATE_UNKNOWN),
        ("81234.5", "BTC", STATE_UNKNOWN),
        ("inf", "GBP", STATE_UNKNOWN),
        ("nan", "GBP", STATE_UNKNOWN),
        ("0", "GBP", STATE_UNKNOWN),
        ("-5", "GBP", STATE_UNKNOWN),
        ("1e300", "GBP", STATE_UNKNOWN),
        ("unavailable", "GBP", STATE_UNKNOWN),
    ],
)
async def test_own_price(
    hass: HomeAssistant,
    mempool: MempoolServer,
    state: str,
    unit: str | None,
    price: str,
) -> None:
    """The price may come from any sensor that has it in the right currency."""
    hass.states.async_set(SENSOR, state, {"unit_of_measurement": unit})
    fleet = await add_fleet(hass, options=options(mempool, bitcoin_sensor=SENSOR))
    values = shown(hass, fleet)
    assert values["bitcoin_price"] == price
    assert (values["hashprice"] == STATE_UNKNOWN) is (price == STATE_UNKNOWN)
    assert values["hashprice_sats"] == KNOWN["hashprice_sats"]
    assert len(mempool.requests) == 4


async def test_own_price_changes(
    hass: HomeAssistant, mempool: MempoolServer, freezer: FrozenDateTimeFactory
) -> None:
    """The price follows its sensor at once, and stays for a day while that is away."""
    fleet = await add_fleet(hass, options=options(mempool, bitcoin_sensor=SENSOR))
    assert shown(hass, fleet)["bitcoin_price"] == STATE_UNKNOWN
    network = async_network(hass)
    assert network is not None
    heard = []
    network.async_add_listener(lambda: heard.append(network.data.facts.bitcoin_price))
    for state in ("90000", "unknown", "91000", "unavailable"):
        hass.states.async_set(SENSOR, state, {"unit_of_measurement": "GBP"})
        await hass.async_block_till_done()
    # Another attribute is no other price.
    hass.states.async_set(SENSOR, "unavailable", {"since": 1})
    await hass.async_block_till_done()
    assert heard == [90000, 91000]
    await pass_time(hass, freezer, 23.9 * 3600)
    await reload(hass, fleet)
    assert shown(hass, fleet)["bitcoin_price"] == "91000"
    await pass_time(hass, freezer, 0.2 * 3600)
    assert shown(hass, fleet)["bitcoin_price"] == STATE_UNKNOWN


async def test_switched_off(hass: HomeAssistant, mempool: MempoolServer) -> None:
    """Nobody is asked, and what was shown before goes; others hear of it."""
    heard: list[bool] = []
    async_dispatcher_connect(
        hass,
        SIGNAL_NETWORK_CHANGED,
        lambda: heard.append(async_network(hass) is not None),
    )
    fleet = await add_fleet(hass, options=options(mempool))
    assert heard == [True]
    hass.config_entries.async_update_entry(
        fleet, options={"network": {"enabled": False, "url": mempool.url}}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert heard == [True, False]
    assert async_network(hass) is None
    assert fleet.runtime_data.network is None
    registry = er.async_get(hass)
    for key in KEYS:
        unique_id = f"{fleet.entry_id}_{key}"
        assert registry.async_get_entity_id("sensor", DOMAIN, unique_id) is None
    assert len(mempool.requests) == 5


async def test_removal(
    hass: HomeAssistant, hass_storage: dict[str, Any], mempool: MempoolServer
) -> None:
    """The memory goes with the fleet."""
    fleet = await add_fleet(hass, options=options(mempool))
    network = async_network(hass)
    assert network is not None
    await flush_store(network._store)
    key = f"{DOMAIN}.network.{fleet.entry_id}"
    assert hass_storage[key]["data"]["values"]["block_height"] == [
        951000,
        "2026-10-01T12:00:00+00:00",
    ]
    await hass.config_entries.async_remove(fleet.entry_id)
    await hass.async_block_till_done()
    assert key not in hass_storage


async def diagnosed(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, fleet: MockConfigEntry
) -> dict[str, Any]:
    """Return what diagnostics tell of the network."""
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, fleet)
    return found["network"]  # type: ignore[no-any-return]


async def test_diagnostics(
    hass: HomeAssistant, mempool: MempoolServer, hass_client: ClientSessionGenerator
) -> None:
    """What is known is told with its age, and not where the mempool is."""
    fleet = await add_fleet(hass, options=options(mempool))
    found = (await get_diagnostics_for_config_entry(hass, hass_client, fleet))[
        "network"
    ]
    assert found["is_public"] is found["own_price"] is False
    assert found["currency"] == "GBP"
    assert found["bitcoin_price"] == 80000
    assert found["values"]["reward"]["value"] == 315_500_000
    assert found["values"]["reward"]["told"].startswith("2026-10-01T12:00:00")
    assert found["last_error"] is None
    assert "127.0.0.1" not in str(found)
    mempool.fault = MempoolFault.SERVER_ERROR
    hass.data.pop(rare_requests._ANSWERS)
    await fleet.runtime_data.network.rounds.async_refresh()
    found = (await get_diagnostics_for_config_entry(hass, hass_client, fleet))[
        "network"
    ]
    assert found["last_error"] == "MempoolError"
