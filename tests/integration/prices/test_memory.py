"""Tests for what is kept of a tariff over a restart, in whatever state it is found."""

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, time, timedelta
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.planning.windows import CheapWindow
from simulator.octopus import OctopusFault, OctopusServer
from simulator.octopus.agile_days import slot, slot_start

from . import (
    MORNING,
    REGION,
    SLOT,
    ask,
    coordinator,
    go_to,
    live_until,
    set_up,
    settle,
    state,
    tariff_entry,
    utc,
)

type Json = dict[str, Any]
type Damage = Callable[[Json], object]

# Its span is that of the prices that are published together, so it is decided.
WINDOW = CheapWindow(
    duration=timedelta(hours=3), start_time=time(23), end_time=time(23)
)

MINUTES = timedelta(minutes=10)

FIELDS = (
    "reference",
    "slots",
    "last_attempt",
    "failures",
    "retry_after",
    "announced_until",
    "decisions",
)
# What is of a wrong type, out of bounds or no sense wherever it stands.
NONSENSE: tuple[Any, ...] = (
    *("nonsense", "nan", "1e999", "2026-11-10", -1, 1e300, 0.5),
    *(10**19, True, [], {}, [None], [[]], {"start": 1}, {"x": [{}]}),
)


def key(entry: MockConfigEntry) -> str:
    """Return the name of the file of a tariff."""
    return f"{DOMAIN}.prices.{entry.entry_id}"


def history_key(entry: MockConfigEntry) -> str:
    """Return the name of the file with the past of a tariff."""
    return f"{DOMAIN}.price_history.{entry.entry_id}"


async def unload(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Unload a tariff, which writes its file."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    await settle(hass)


async def stored(
    hass: HomeAssistant, hass_storage: Json, entry: MockConfigEntry
) -> Json:
    """Return what is in the file of a tariff, once all is written."""
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await settle(hass)
    data: Json = hass_storage[key(entry)]["data"]
    return data


def assert_price(
    hass: HomeAssistant, server: OctopusServer, entry: MockConfigEntry
) -> None:
    """Assert that the price that is shown is the right one."""
    start = slot_start(slot(dt_util.utcnow()))
    expected = float(server.price(entry.data["product"], REGION, start).inc_vat / 100)
    assert float(state(hass, entry, "sensor", "current_price")) == expected


def assert_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    """Assert that nothing was logged that only a developer understands."""
    assert not [
        record.getMessage()
        for record in caplog.records
        if record.exc_info or record.levelno >= logging.ERROR
    ]
    assert "Traceback" not in caplog.text


def in_field(name: str, value: object) -> Damage:
    """Return what gives a field another value."""
    return lambda data: data.update({name: value})


def in_row(name: str, value: object) -> Damage:
    """Return what gives a field of the first row of slots another value."""
    return lambda data: data["slots"][0].update({name: value})


def in_decision(name: str, value: object) -> Damage:
    """Return what gives a field of the first decision another value."""

    def damage(data: Json) -> None:
        (decisions,) = data["decisions"].values()
        decisions[0].update({name: value})

    return damage


def in_settings(name: str, value: object) -> Damage:
    """Return what gives a setting of the first decision's window another value."""

    def damage(data: Json) -> None:
        (decisions,) = data["decisions"].values()
        decisions[0]["window"].update({name: value})

    return damage


def in_disorder(data: Json) -> None:
    """Put the second half of the slots before the first."""
    (row,) = data["slots"]
    half = len(row["prices"]) // 2
    start = datetime.fromisoformat(row["start"]) + half * SLOT
    data["slots"] = [
        {**row, "start": start.isoformat(), "prices": row["prices"][half:]},
        {**row, "prices": row["prices"][:half]},
    ]


def span(zone: str = "+00:00", end: str = "2026-11-10T23:00:00") -> dict[str, str]:
    """Return a span as it is stored."""
    return {"start": f"2026-11-09T23:00:00{zone}", "end": f"{end}{zone}"}


FIRST, LAST = "0001-01-01T00:00:00", "9999-12-31T23:59:59"

# What is done to a file, one after the other, by what it is done to.
DAMAGES: dict[str, list[Damage]] = {
    "fields": [*(lambda data, name=name: data.pop(name) for name in FIELDS)],
    "reference": [in_field("reference", value) for value in NONSENSE],
    "slots": [in_field("slots", value) for value in NONSENSE],
    "failures": [in_field("failures", value) for value in (None, *NONSENSE)],
    "retry_after": [in_field("retry_after", value) for value in NONSENSE],
    "last_attempt": [in_field("last_attempt", value) for value in NONSENSE],
    "last_attempt early": [in_field("last_attempt", f"{FIRST}+00:00")],
    "last_attempt late": [in_field("last_attempt", f"{LAST}+00:00")],
    "announced_until": [
        in_field("announced_until", value)
        for value in (*NONSENSE, f"{FIRST}+00:00", f"{LAST}+00:00")
    ],
    "decisions": [in_field("decisions", value) for value in (None, *NONSENSE)],
    "disorder": [in_disorder],
    "row start": [
        in_row("start", value)
        for value in (None, *NONSENSE, f"{FIRST}+01:00", f"{LAST}+00:00")
    ],
    "row start without a zone": [in_row("start", "2026-11-10T12:00:00")],
    "row seconds": [in_row("seconds", value) for value in (None, *NONSENSE)],
    "row prices": [
        in_row("prices", value)
        for value in (None, *NONSENSE, [0.1, None], [0.1, "0.2"], [0.1, []])
    ],
    "window": [in_decision("window", value) for value in (None, *NONSENSE)],
    "settings": [
        in_settings(name, value)
        for name in ("duration", "start_time", "minimum_run", "unknown")
        for value in ("nonsense", 1e300, [], {})
    ],
    "span": [in_decision("span", value) for value in (None, *NONSENSE)],
    "span without a zone": [in_decision("span", span(zone=""))],
    "span without an end": [in_decision("span", span(end=LAST))],
    "periods": [
        # None at all are a decision like another.
        *(in_decision("periods", value) for value in (None, *NONSENSE) if value),
        in_decision("periods", [span(zone="")]),
    ],
    "decided slots": [in_decision("slots", value) for value in (None, *NONSENSE)],
}


@pytest.mark.parametrize("damages", DAMAGES.values(), ids=DAMAGES)
async def test_damaged_file(
    hass: HomeAssistant,
    server: OctopusServer,
    freezer: FrozenDateTimeFactory,
    hass_storage: Json,
    caplog: pytest.LogCaptureFixture,
    damages: list[Damage],
) -> None:
    """Whatever is wrong in the file, prices and decisions are right as before."""
    entry = await set_up(hass, tariff_entry(server, ("Day", WINDOW)))
    (before,) = coordinator(entry).decisions.values()
    assert before[0].periods
    for number, damage in enumerate(damages):
        await unload(hass, entry)
        damage(hass_storage[key(entry)]["data"])
        await set_up(hass, entry)
        assert entry.state is ConfigEntryState.LOADED, number
        await go_to(hass, freezer, dt_util.utcnow() + MINUTES)
        assert_no_traceback(caplog)
        assert_price(hass, server, entry)
        (after,) = coordinator(entry).decisions.values()
        assert after[0].periods == before[0].periods, number
    # Over the next publication, and the end of what was known.
    while dt_util.utcnow() < utc("2026-11-11 02:00"):
        await go_to(hass, freezer, dt_util.utcnow() + SLOT)
        assert_no_traceback(caplog)
    assert_price(hass, server, entry)
    # What is written from then on is whole again.
    data = await stored(hass, hass_storage, entry)
    assert data.keys() == set(FIELDS)
    assert data["reference"] == coordinator(entry).tariff.reference
    assert_no_traceback(caplog)


@pytest.mark.parametrize(
    "content", [[], "nonsense", 5, {}, {"reference": None}, [1, 2], None]
)
async def test_foreign_file(
    hass: HomeAssistant,
    server: OctopusServer,
    hass_storage: Json,
    caplog: pytest.LogCaptureFixture,
    content: object,
) -> None:
    """A file of another kind is as good as none."""
    entry = tariff_entry(server)
    hass_storage[key(entry)] = {"version": 1, "minor_version": 1, "data": content}
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    assert_price(hass, server, entry)
    assert_no_traceback(caplog)


async def test_warning_tells_nothing_of_the_content(
    hass: HomeAssistant,
    server: OctopusServer,
    hass_storage: Json,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """That prices are fetched anew is told once, without what was in the file."""
    entry = await set_up(hass, tariff_entry(server))
    await unload(hass, entry)
    hass_storage[key(entry)]["data"]["failures"] = "quarry"
    asked = len(server.requests)
    await set_up(hass, entry)
    warnings = [
        record.getMessage()
        for record in caplog.records
        if record.levelno == logging.WARNING and "custom_components" in record.name
    ]
    assert [text for text in warnings if "quarry" in text] == []
    assert sum("cannot be read and are fetched anew" in text for text in warnings) == 1
    assert len(server.requests) == asked + 1


@pytest.mark.parametrize("version", [2, 99])
async def test_file_of_a_later_version(
    hass: HomeAssistant, server: OctopusServer, hass_storage: Json, version: int
) -> None:
    """A file that only a later version can read keeps no tariff from starting."""
    entry = await set_up(hass, tariff_entry(server))
    await unload(hass, entry)
    hass_storage[key(entry)]["version"] = version
    await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)
    assert entry.state is ConfigEntryState.LOADED
    assert_price(hass, server, entry)


async def test_restart_without_network(
    hass: HomeAssistant, server: OctopusServer, hass_storage: Json
) -> None:
    """What was kept is shown at once, and decides as before."""
    entry = await set_up(hass, tariff_entry(server, ("Day", WINDOW)))
    known, decided = coordinator(entry).slots, coordinator(entry).decisions
    assert known
    assert all(decided.values())
    await unload(hass, entry)
    before = deepcopy(hass_storage[key(entry)]["data"])
    server.fault = OctopusFault.UNAVAILABLE
    asked = len(server.requests)
    await set_up(hass, entry)
    assert_price(hass, server, entry)
    assert coordinator(entry).slots == known
    assert coordinator(entry).decisions == decided
    assert len(server.requests) == asked
    assert await stored(hass, hass_storage, entry) == before


async def test_another_reference_starts_anew(
    hass: HomeAssistant,
    server: OctopusServer,
    hass_storage: Json,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Prices that belong to another tariff are shown for no moment."""
    entry = await set_up(hass, tariff_entry(server, ("Day", WINDOW)))
    await unload(hass, entry)
    data = hass_storage[key(entry)]["data"]
    data["reference"] = data["reference"].replace(f" {REGION}", " P")
    data["last_attempt"] = None
    server.fault = OctopusFault.UNAVAILABLE
    await set_up(hass, entry)
    assert coordinator(entry).slots == ()
    assert state(hass, entry, "sensor", "current_price") == "unavailable"
    assert not any(coordinator(entry).decisions.values())
    # That is no damage, and no reason for a warning.
    assert "cannot be read" not in caplog.text


async def test_old_prices_are_dropped(
    hass: HomeAssistant,
    server: OctopusServer,
    freezer: FrozenDateTimeFactory,
    hass_storage: Json,
) -> None:
    """Three days before today are kept, and no more."""
    entry = await set_up(hass, tariff_entry(server))
    await live_until(hass, freezer, entry, utc("2026-11-16 17:00"))
    slots = coordinator(entry).slots
    assert slots[0].start == utc("2026-11-13 00:00")
    assert slots[-1].end == utc("2026-11-17 23:00")
    data = await stored(hass, hass_storage, entry)
    (row,) = data["slots"]
    assert row["start"] == "2026-11-13T00:00:00+00:00"
    assert len(row["prices"]) == len(slots) == 5 * 48 - 2


async def test_file_is_written_soon(
    hass: HomeAssistant,
    server: OctopusServer,
    freezer: FrozenDateTimeFactory,
    hass_storage: Json,
) -> None:
    """A power cut some seconds after prices were fetched loses nothing."""
    entry = await set_up(hass, tariff_entry(server))
    await live_until(hass, freezer, entry, MORNING + timedelta(seconds=10))
    data = hass_storage[key(entry)]["data"]
    assert data.keys() == set(FIELDS)
    assert data["last_attempt"] == MORNING.isoformat()
    assert len(data["slots"][0]["prices"]) == len(coordinator(entry).slots) == 94


HISTORY_DAMAGES: dict[str, list[Damage]] = {
    "fields": [lambda data: data.pop("reference"), lambda data: data.pop("slots")],
    "reference": [in_field("reference", "another tariff")],
    **{
        name: [*DAMAGES[name]]
        for name in ("slots", "row start", "row seconds", "row prices")
    },
}


@pytest.mark.parametrize("damages", HISTORY_DAMAGES.values(), ids=HISTORY_DAMAGES)
async def test_damaged_history(
    hass: HomeAssistant,
    server: OctopusServer,
    hass_storage: Json,
    caplog: pytest.LogCaptureFixture,
    damages: list[Damage],
) -> None:
    """The past is fetched again where its file is damaged or of another tariff."""
    entry = await set_up(hass, tariff_entry(server))
    period = {"from": "2026-10-28T00:00:00Z", "to": "2026-10-30T00:00:00Z"}
    before = await ask(hass, "get_prices", **period)
    assert len(before["slots"]) == 96
    for number, damage in enumerate(damages):
        await unload(hass, entry)
        damage(hass_storage[history_key(entry)]["data"])
        await set_up(hass, entry)
        asked = len(server.requests)
        assert await ask(hass, "get_prices", **period) == before, number
        assert len(server.requests) == asked + 1, number
    assert_no_traceback(caplog)


@pytest.mark.parametrize("content", [[], "nonsense", 5, {}, None])
async def test_foreign_history(
    hass: HomeAssistant,
    server: OctopusServer,
    hass_storage: Json,
    caplog: pytest.LogCaptureFixture,
    content: object,
) -> None:
    """A file of another kind is as good as none, for the past too."""
    entry = tariff_entry(server)
    hass_storage[history_key(entry)] = {
        "version": 1,
        "minor_version": 1,
        "data": content,
    }
    await set_up(hass, entry)
    response = await ask(
        hass,
        "get_prices",
        **{"from": "2026-10-28T00:00:00Z", "to": "2026-10-29T00:00:00Z"},
    )
    assert response["complete"] is True
    assert_no_traceback(caplog)


async def test_history_ends_a_year_ago(
    hass: HomeAssistant,
    server: OctopusServer,
    freezer: FrozenDateTimeFactory,
    hass_storage: Json,
) -> None:
    """The file of the past does not grow for ever."""
    entry = await set_up(hass, tariff_entry(server))
    start = MORNING - timedelta(days=366)
    period = {"from": start.isoformat(), "to": (start + SLOT).isoformat()}
    await ask(hass, "get_prices", **period)
    freezer.move_to(MORNING + timedelta(days=30))
    later = MORNING - timedelta(days=300)
    await ask(
        hass,
        "get_prices",
        **{"from": later.isoformat(), "to": (later + SLOT).isoformat()},
    )
    data = hass_storage[history_key(entry)]["data"]
    starts = [datetime.fromisoformat(row["start"]) for row in data["slots"]]
    assert starts == [later.replace(minute=0)]


async def test_history_is_not_read_before_it_is_needed(
    hass: HomeAssistant, server: OctopusServer, hass_storage: Json
) -> None:
    """Who asks for no past has no file of it."""
    entry = await set_up(hass, tariff_entry(server))
    await ask(hass, "get_prices")
    await unload(hass, entry)
    assert history_key(entry) not in hass_storage
