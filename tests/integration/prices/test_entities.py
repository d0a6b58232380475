"""Tests for the entities of a tariff and of its cheap windows."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from statistics import fmean
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.energy.data import async_get_manager
from homeassistant.components.energy.validate import async_validate
from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.history import get_significant_states
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.helpers.device_registry import DeviceEntry, DeviceEntryType
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.miner_controller import async_remove_config_entry_device
from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.planning.windows import (
    CheapWindow,
    UnknownPrices,
)
from custom_components.miner_controller.prices.issues import PriceIssue
from simulator.octopus import OctopusFault, OctopusServer

from . import (
    MORNING,
    SLOT,
    ask,
    coordinator,
    find_entity_id,
    find_issue,
    full_state,
    go_to,
    live_until,
    price_at,
    set_up,
    settle,
    state,
    tariff_device_id,
    tariff_entry,
    utc,
)

NIGHT = CheapWindow(
    duration=timedelta(hours=4),
    start_time=time(23),
    end_time=time(23),
    minimum_run=timedelta(minutes=30),
)

TARIFF_KEYS = {
    "binary_sensor negative_price",
    "binary_sensor tomorrow_published",
    "event prices_published",
    "sensor average_price_today",
    "sensor cheapest_slot",
    "sensor cheapest_slot_ahead",
    "sensor current_price",
    "sensor highest_price_today",
    "sensor lowest_price_today",
    "sensor next_price",
    "sensor price_quantile",
    "sensor price_rank",
    "sensor prices_known_until",
}
WINDOW_KEYS = {
    "binary_sensor active",
    "sensor average_price",
    "sensor next_start",
}
# What is a price, by its key.
PRICES = {
    "average_price_today",
    "current_price",
    "highest_price_today",
    "lowest_price_today",
    "next_price",
    "average_price",
}

# What there are long-term statistics of.
MEASURED = {"current_price", "price_quantile", "price_rank"}

# What an entity of the registry tells beyond its state.
REGISTRY_FIELDS = (
    "original_name",
    "translation_key",
    "entity_category",
    "disabled_by",
    "capabilities",
    "options",
)
DEVICE_FIELDS = ("entry_type", "manufacturer", "model", "name", "sw_version")

# Today is known from midnight to 23:00, as nothing of tomorrow is published.
MIDNIGHT = utc("2026-11-10 00:00")
TODAY = [MIDNIGHT + place * SLOT for place in range(46)]


@pytest.fixture(autouse=True)
def custom_integrations(
    recorder_mock: Recorder, enable_custom_integrations: None
) -> None:
    """Let Home Assistant find the integration, after it has a recorder."""


def named(entry: MockConfigEntry, text: str) -> str:
    """Return an id with names for those parts that are others each time."""
    for number, key in enumerate(entry.subentries):
        text = text.replace(key, f"<window_{number}>")
    return text.replace(entry.entry_id, "<entry_id>")


def entities(hass: HomeAssistant, entry: MockConfigEntry) -> list[er.RegistryEntry]:
    """Return all entities of a tariff and of its windows."""
    return er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)


def keys(
    hass: HomeAssistant, entry: MockConfigEntry, owner: str | None = None
) -> dict[str, er.RegistryEntry]:
    """Return the entities of a tariff, or of one of its windows, by their keys."""
    owner = owner or entry.entry_id
    return {
        f"{item.domain} {item.unique_id.removeprefix(f'{owner}_')}": item
        for item in entities(hass, entry)
        if item.unique_id.startswith(f"{owner}_")
    }


def devices(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, DeviceEntry]:
    """Return the devices of a tariff by the one id of each."""
    return {
        named(entry, key): device
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        for _, key in device.identifiers
    }


def shortened(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return attributes with only the ends of a long list."""
    return {
        key: [value[0], f"{len(value) - 2} more", value[-1]]
        if isinstance(value, list) and len(value) > 5
        else value
        for key, value in attributes.items()
    }


async def test_snapshot(
    hass: HomeAssistant,
    server: OctopusServer,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
    snapshot: SnapshotAssertion,
) -> None:
    """The entities of a tariff and a window and their states are the snapshot's."""
    # When prices are fetched depends on the installation.
    hass_storage["core.uuid"] = {"version": 1, "data": {"uuid": "1f" * 16}}
    entry = await set_up(hass, tariff_entry(server, ("Night", NIGHT)))
    await live_until(hass, freezer, entry, utc("2026-11-10 17:00"))
    found = {}
    for item in entities(hass, entry):
        shown = hass.states.get(item.entity_id)
        assert shown is not None
        found[item.entity_id] = {
            **{name: getattr(item, name) for name in REGISTRY_FIELDS},
            "unique_id": named(entry, item.unique_id),
            "state": shown.state,
            "attributes": shortened(shown.attributes),
        }
    assert {
        key: {name: getattr(device, name) for name in DEVICE_FIELDS}
        for key, device in sorted(devices(hass, entry).items())
    } == snapshot(name="devices")
    assert dict(sorted(found.items())) == snapshot(name="entities")


async def test_unique_ids_and_devices(
    hass: HomeAssistant, server: OctopusServer
) -> None:
    """Each entity has its key at the end of its id, and is a part of its device."""
    entry = await set_up(
        hass, tariff_entry(server, ("Night", NIGHT), ("Day", CheapWindow(share=0.5)))
    )
    first, second = entry.subentries
    assert keys(hass, entry).keys() == TARIFF_KEYS
    assert keys(hass, entry, first).keys() == WINDOW_KEYS
    assert keys(hass, entry, second).keys() == WINDOW_KEYS
    assert len(entities(hass, entry)) == len(TARIFF_KEYS) + 2 * len(WINDOW_KEYS)

    found = devices(hass, entry)
    assert found.keys() == {"<entry_id>", "<window_0>", "<window_1>"}
    tariff = found["<entry_id>"]
    assert tariff.id == tariff_device_id(hass, entry)
    assert tariff.via_device_id is None
    assert (tariff.manufacturer, tariff.model) == ("Octopus Energy", "Agile")
    for name, owner in (("Night", first), ("Day", second)):
        device = found[named(entry, owner)]
        assert device.name == name
        assert device.via_device_id == tariff.id
        assert device.config_subentry_id == owner
        for item in keys(hass, entry, owner).values():
            assert (item.device_id, item.config_subentry_id) == (device.id, owner)
    for device in found.values():
        assert device.entry_type is DeviceEntryType.SERVICE
        assert device.config_entry_id == entry.entry_id
    for item in keys(hass, entry).values():
        assert (item.device_id, item.config_subentry_id) == (tariff.id, None)
    for item in entities(hass, entry):
        assert item.has_entity_name
        assert item.disabled_by is None
        assert item.unique_id.endswith(f"_{item.translation_key}")


async def test_units(hass: HomeAssistant, server: OctopusServer) -> None:
    """Prices are in pounds per kWh with four decimals, and nothing else has a unit."""
    window = CheapWindow(duration=timedelta(hours=1), unknown=UnknownPrices.USE_KNOWN)
    entry = await set_up(hass, tariff_entry(server, ("Night", window)))
    seen = set()
    for item in entities(hass, entry):
        shown = hass.states.get(item.entity_id)
        assert shown is not None
        unit = shown.attributes.get("unit_of_measurement")
        options = item.options.get("sensor", {})
        if item.translation_key in PRICES:
            seen.add(item.translation_key)
            assert unit == "GBP/kWh"
            assert options["suggested_display_precision"] == 4
            assert shown.attributes.get("device_class") is None
        else:
            assert unit is None
            assert options.get("suggested_display_precision") in (None, 2)
        is_measured = item.translation_key in MEASURED
        expected = "measurement" if is_measured else None
        assert shown.attributes.get("state_class") == expected
    assert seen == PRICES


async def test_decimals_are_kept(hass: HomeAssistant, server: OctopusServer) -> None:
    """A hundredth of a penny is not rounded away from the state."""
    server.changed_prices = {
        MORNING.replace(minute=0): Decimal("12.3457"),
        MORNING.replace(minute=30): Decimal("0.01"),
    }
    entry = await set_up(hass, tariff_entry(server))
    # 12.3457 p and 5 % of VAT.
    assert state(hass, entry, "sensor", "current_price") == "0.12963"
    assert state(hass, entry, "sensor", "next_price") == "0.000105"


async def test_values(hass: HomeAssistant, server: OctopusServer) -> None:
    """Each sensor tells what the published prices amount to."""
    entry = await set_up(hass, tariff_entry(server))
    prices = {start: price_at(server, start) for start in TODAY}
    now = MORNING.replace(minute=0)
    lowest = min(TODAY, key=lambda start: (prices[start], start))
    highest = min(TODAY, key=lambda start: (-prices[start], start))
    ahead = min(
        (start for start in TODAY if start >= now),
        key=lambda start: (prices[start], start),
    )
    cheaper = sum(price < prices[now] for price in prices.values())
    dearer = sum(price > prices[now] for price in prices.values())

    def sensor(key: str) -> tuple[str, dict[str, Any]]:
        shown = full_state(hass, entry, "sensor", key)
        present = {"end", "prices", "price", "complete", "slots", "start"}
        return shown.state, {
            name: value for name, value in shown.attributes.items() if name in present
        }

    def span(start: datetime) -> dict[str, str]:
        return {"start": start.isoformat(), "end": (start + SLOT).isoformat()}

    price, attributes = sensor("current_price")
    listed = attributes.pop("prices")
    assert (float(price), attributes) == (prices[now], span(now))
    assert listed == [
        {**span(start), "price": price} for start, price in prices.items()
    ]
    for key, start in (
        ("next_price", now + SLOT),
        ("lowest_price_today", lowest),
        ("highest_price_today", highest),
    ):
        price, attributes = sensor(key)
        assert (float(price), attributes) == (prices[start], span(start))
    price, attributes = sensor("average_price_today")
    assert float(price) == pytest.approx(fmean(prices.values()), abs=1e-6)
    # What the last hour of the day costs is not published yet.
    assert attributes == {"complete": False}
    for key, start in (("cheapest_slot", lowest), ("cheapest_slot_ahead", ahead)):
        moment, attributes = sensor(key)
        assert moment == start.isoformat()
        assert attributes == {
            "end": (start + SLOT).isoformat(),
            "price": prices[start],
        }
    assert sensor("price_rank") == (str(cheaper + 1), {"slots": 46})
    quantile, _ = sensor("price_quantile")
    assert float(quantile) == pytest.approx(cheaper / (cheaper + dearer))
    assert sensor("prices_known_until") == ("2026-11-10T23:00:00+00:00", {})
    assert state(hass, entry, "binary_sensor", "tomorrow_published") == "off"
    assert state(hass, entry, "binary_sensor", "negative_price") == "off"


async def test_publication(
    hass: HomeAssistant, server: OctopusServer, freezer: FrozenDateTimeFactory
) -> None:
    """The event has no state at first, and tells of the day that was published."""
    entry = await set_up(hass, tariff_entry(server))
    assert state(hass, entry, "event", "prices_published") == STATE_UNKNOWN
    await live_until(hass, freezer, entry, utc("2026-11-10 16:04"))
    assert state(hass, entry, "event", "prices_published") == STATE_UNKNOWN
    await live_until(hass, freezer, entry, utc("2026-11-10 16:20"))
    event = full_state(hass, entry, "event", "prices_published")
    day = [utc("2026-11-10 23:00") + place * SLOT for place in range(48)]
    prices = [price_at(server, start) for start in day]
    told = dict(event.attributes)
    average = told.pop("average")
    assert average == pytest.approx(fmean(prices), abs=1e-6)
    assert {key: told[key] for key in ("event_type", "start", "end")} == {
        "event_type": "published",
        "start": "2026-11-10T23:00:00+00:00",
        "end": "2026-11-11T23:00:00+00:00",
    }
    assert (told["lowest"], told["highest"]) == (min(prices), max(prices))
    assert told["event_types"] == ["published"]
    assert state(hass, entry, "binary_sensor", "tomorrow_published") == "on"
    assert full_state(hass, entry, "sensor", "average_price_today").attributes[
        "complete"
    ]
    # It is told of once.
    await live_until(hass, freezer, entry, utc("2026-11-11 10:00"))
    assert full_state(hass, entry, "event", "prices_published").state == event.state


async def test_negative_price(
    hass: HomeAssistant, server: OctopusServer, freezer: FrozenDateTimeFactory
) -> None:
    """It is on while power costs less than nothing; for nothing is not less."""
    start = MORNING.replace(minute=30)
    server.changed_prices = {
        start: Decimal("-2.5"),
        start + SLOT: Decimal(0),
        start + 2 * SLOT: Decimal("-0.01"),
    }
    entry = await set_up(hass, tariff_entry(server))
    seen = [state(hass, entry, "binary_sensor", "negative_price")]
    for place in range(4):
        await live_until(hass, freezer, entry, start + place * SLOT)
        seen.append(state(hass, entry, "binary_sensor", "negative_price"))
    assert seen == ["off", "on", "off", "on", "off"]


async def test_before_any_prices(
    hass: HomeAssistant, server: OctopusServer, freezer: FrozenDateTimeFactory
) -> None:
    """Without a service there are no prices, and a window still says that it waits."""
    server.fault = OctopusFault.UNAVAILABLE
    entry = await set_up(hass, tariff_entry(server, ("Night", NIGHT)))
    for item in keys(hass, entry).values():
        shown = hass.states.get(item.entity_id)
        assert shown is not None
        is_event = item.domain == "event"
        assert shown.state == (STATE_UNKNOWN if is_event else STATE_UNAVAILABLE)
    assert state(hass, entry, "binary_sensor", "Night active") == "off"
    assert state(hass, entry, "sensor", "Night next_start") == STATE_UNKNOWN
    server.fault = None
    await live_until(hass, freezer, entry, MORNING + timedelta(minutes=6))
    assert float(state(hass, entry, "sensor", "current_price")) == price_at(
        server, MORNING
    )


async def test_no_price_for_now(
    hass: HomeAssistant, server: OctopusServer, freezer: FrozenDateTimeFactory
) -> None:
    """While the service answers without a price, what is not known is unknown."""
    server.publication_delay = timedelta(hours=10)
    entry = await set_up(hass, tariff_entry(server))
    await live_until(hass, freezer, entry, utc("2026-11-10 23:50"))
    for key in ("current_price", "next_price", "price_rank", "price_quantile"):
        shown = full_state(hass, entry, "sensor", key)
        assert shown.state == STATE_UNKNOWN
        assert "start" not in shown.attributes
    assert state(hass, entry, "sensor", "cheapest_slot_ahead") == STATE_UNKNOWN
    assert state(hass, entry, "sensor", "prices_known_until") == STATE_UNKNOWN
    assert state(hass, entry, "binary_sensor", "negative_price") == STATE_UNKNOWN
    assert state(hass, entry, "binary_sensor", "tomorrow_published") == "off"
    # What is known of today goes on being told, until it is over.
    lowest = min(price_at(server, start) for start in TODAY)
    assert float(state(hass, entry, "sensor", "lowest_price_today")) == lowest
    await live_until(hass, freezer, entry, utc("2026-11-11 00:01"))
    for key in ("lowest_price_today", "average_price_today", "cheapest_slot"):
        assert state(hass, entry, "sensor", key) == STATE_UNKNOWN


async def test_window_values(
    hass: HomeAssistant, server: OctopusServer, freezer: FrozenDateTimeFactory
) -> None:
    """A window is active in its periods, and tells the next start and its price."""
    window = CheapWindow(
        duration=timedelta(hours=1),
        start_time=time(11),
        end_time=time(15),
        split=False,
    )
    entry = await set_up(hass, tariff_entry(server, ("Day", window)))
    starts = [utc("2026-11-10 11:00") + place * SLOT for place in range(7)]

    def cost(start: datetime) -> float:
        return price_at(server, start) + price_at(server, start + SLOT)

    begin = min(starts, key=cost)
    active = full_state(hass, entry, "binary_sensor", "Day active")
    assert active.state == "off"
    assert active.attributes["periods"] == [
        {"start": begin.isoformat(), "end": (begin + 2 * SLOT).isoformat()}
    ]
    assert state(hass, entry, "sensor", "Day next_start") == begin.isoformat()
    assert float(state(hass, entry, "sensor", "Day average_price")) == pytest.approx(
        cost(begin) / 2, abs=1e-6
    )
    await live_until(hass, freezer, entry, begin)
    assert state(hass, entry, "binary_sensor", "Day active") == "on"
    # The one after this is a matter of tomorrow, which is not known.
    assert state(hass, entry, "sensor", "Day next_start") == STATE_UNKNOWN
    await live_until(hass, freezer, entry, begin + 2 * SLOT - timedelta(seconds=1))
    assert state(hass, entry, "binary_sensor", "Day active") == "on"
    await live_until(hass, freezer, entry, begin + 2 * SLOT)
    assert state(hass, entry, "binary_sensor", "Day active") == "off"


async def test_lists_are_not_recorded(
    hass: HomeAssistant, server: OctopusServer, freezer: FrozenDateTimeFactory
) -> None:
    """The lists of slots and periods are shown, and kept out of the database."""
    entry = await set_up(hass, tariff_entry(server, ("Night", NIGHT)))
    await go_to(hass, freezer, MORNING + timedelta(minutes=30))
    await async_wait_recording_done(hass)
    ids = {
        find_entity_id(hass, entry, "sensor", "current_price"): "prices",
        find_entity_id(hass, entry, "binary_sensor", "Night active"): "periods",
    }
    recorded = await hass.async_add_executor_job(
        lambda: get_significant_states(
            hass,
            MORNING - timedelta(minutes=1),
            entity_ids=[*ids],
            significant_changes_only=False,
        )
    )
    assert recorded.keys() == ids.keys()
    for entity_id, attribute in ids.items():
        shown = hass.states.get(entity_id)
        assert shown is not None
        assert attribute in shown.attributes
        for old in recorded[entity_id]:
            assert "friendly_name" in old.attributes  # type: ignore[union-attr]
            assert attribute not in old.attributes  # type: ignore[union-attr]


async def test_energy_dashboard(hass: HomeAssistant, server: OctopusServer) -> None:
    """The current price is one that the Energy dashboard takes, and computes with."""
    entry = await set_up(hass, tariff_entry(server))
    hass.config.currency = "GBP"
    assert await async_setup_component(hass, "energy", {})
    meter = {
        "unit_of_measurement": "kWh",
        "device_class": "energy",
        "state_class": "total_increasing",
    }
    hass.states.async_set("sensor.meter", "100", meter)
    await async_wait_recording_done(hass)
    price = find_entity_id(hass, entry, "sensor", "current_price")
    manager = await async_get_manager(hass)
    await manager.async_update(
        {
            "energy_sources": [
                {
                    "type": "grid",
                    "stat_energy_from": "sensor.meter",
                    "stat_energy_to": None,
                    "stat_cost": None,
                    "entity_energy_price": price,
                    "number_energy_price": None,
                    "stat_compensation": None,
                    "entity_energy_price_export": None,
                    "number_energy_price_export": None,
                    "cost_adjustment_day": 0.0,
                }
            ]
        }
    )
    await settle(hass)
    found = await async_validate(hass)
    (issues,) = found.as_dict()["energy_sources"]
    # Neither meter nor cost have statistics in this first minute.
    assert {issue["type"] for issue in issues} <= {"statistics_not_defined"}
    assert price not in str(issues)

    hass.states.async_set("sensor.meter", "102", meter)
    await settle(hass)
    cost = hass.states.get("sensor.meter_cost")
    assert cost is not None
    assert float(cost.state) == pytest.approx(2 * price_at(server, MORNING))
    assert cost.attributes["unit_of_measurement"] == "GBP"


async def test_energy_dashboard_without_a_price(
    hass: HomeAssistant, server: OctopusServer
) -> None:
    """What is no price is no entity that the dashboard takes: the check does look."""
    entry = await set_up(hass, tariff_entry(server))
    assert await async_setup_component(hass, "energy", {})
    manager = await async_get_manager(hass)
    rank = find_entity_id(hass, entry, "sensor", "price_rank")
    await manager.async_update(
        {
            "energy_sources": [
                {
                    "type": "grid",
                    "stat_energy_from": "sensor.meter",
                    "stat_energy_to": None,
                    "stat_cost": None,
                    "entity_energy_price": rank,
                    "number_energy_price": None,
                    "stat_compensation": None,
                    "entity_energy_price_export": None,
                    "number_energy_price_export": None,
                    "cost_adjustment_day": 0.0,
                }
            ]
        }
    )
    found = await async_validate(hass)
    assert rank in str(found.as_dict()["energy_sources"])


async def test_removal(
    hass: HomeAssistant,
    server: OctopusServer,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    """A tariff that is removed leaves no file, repair, device or entity behind."""
    entry = await set_up(hass, tariff_entry(server, ("Night", NIGHT)))
    other = await set_up(hass, tariff_entry(server, region="D"))
    device_id = tariff_device_id(hass, entry)
    await ask(
        hass,
        "get_prices",
        **{"device_id": device_id, "from": (MORNING - timedelta(days=9)).isoformat()},
    )
    server.fault = OctopusFault.UNAVAILABLE
    await live_until(hass, freezer, entry, utc("2026-11-11 01:00"))
    assert find_issue(hass, entry, PriceIssue.PRICES_UNREACHABLE) is not None
    await live_until(hass, freezer, other, utc("2026-11-11 01:00"))
    await hass.config_entries.async_unload(other.entry_id)
    stored = {key for key in hass_storage if entry.entry_id in key}
    assert stored >= {f"{DOMAIN}.price_history.{entry.entry_id}"}

    await hass.config_entries.async_remove(entry.entry_id)
    await settle(hass)
    # A file that was to be written soon is not written after all.
    await go_to(hass, freezer, dt_util.utcnow() + timedelta(minutes=1))
    assert not [key for key in hass_storage if entry.entry_id in key]
    assert f"{DOMAIN}.prices.{other.entry_id}" in hass_storage
    assert not [
        issue for _, issue in ir.async_get(hass).issues if entry.entry_id in issue
    ]
    assert find_issue(hass, other, PriceIssue.PRICES_UNREACHABLE) is not None
    assert devices(hass, entry) == {}
    assert entities(hass, entry) == []


async def test_removal_while_not_loaded(
    hass: HomeAssistant, server: OctopusServer, hass_storage: dict[str, Any]
) -> None:
    """A tariff that was disabled takes its files with it as well."""
    entry = await set_up(hass, tariff_entry(server))
    await hass.config_entries.async_unload(entry.entry_id)
    assert f"{DOMAIN}.prices.{entry.entry_id}" in hass_storage
    await hass.config_entries.async_remove(entry.entry_id)
    await settle(hass)
    assert not [key for key in hass_storage if entry.entry_id in key]


async def test_delete_a_device(hass: HomeAssistant, server: OctopusServer) -> None:
    """Only a device that belongs to nothing any more can be deleted from its page."""
    entry = await set_up(hass, tariff_entry(server, ("Night", NIGHT)))
    registry = dr.async_get(hass)
    left = registry.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, "a window of the past")}
    )
    for device in devices(hass, entry).values():
        allowed = await async_remove_config_entry_device(hass, entry, device)
        assert allowed == (device.id == left.id)


async def test_coordinator_ends_with_its_entry(
    hass: HomeAssistant, server: OctopusServer, freezer: FrozenDateTimeFactory
) -> None:
    """An entry that was unloaded asks nothing more and rings no more."""
    entry = await set_up(hass, tariff_entry(server))
    known = coordinator(entry)
    await hass.config_entries.async_unload(entry.entry_id)
    asked = len(server.requests)
    await known.async_refresh()
    await go_to(hass, freezer, utc("2026-11-12 12:00"))
    assert len(server.requests) == asked
