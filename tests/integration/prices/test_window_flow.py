"""Tests for adding, changing and deleting cheap windows of a tariff."""

from datetime import time, timedelta
from typing import Any

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntryState,
    ConfigSubentry,
    SubentryFlowResult,
)
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntry, DeviceEntryType
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_schema_suggested_value,
)

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.planning.windows import (
    CheapWindow,
    UnknownPrices,
)
from custom_components.miner_controller.prices.entries import SUBENTRY_CHEAP_WINDOW
from simulator.octopus import OctopusServer

from . import (
    coordinator,
    find_entity_id,
    set_up,
    settle,
    state,
    tariff_device_id,
    tariff_entry,
)

# What the form begins with, but for a name.
DEFAULTS = {
    "hours": 4,
    "start_time": "23:00:00",
    "end_time": "23:00:00",
    "split": True,
    "minimum_run": 30,
    "unknown": "off",
}
# What cannot be left out.
REQUIRED = {"name": "Night", "split": True, "minimum_run": 0, "unknown": "off"}

WINDOW_ENTITIES = (
    ("binary_sensor", "active"),
    ("sensor", "average_price"),
    ("sensor", "next_start"),
)

# Each with what is typed for it.
WINDOWS = [
    pytest.param(
        CheapWindow(
            duration=timedelta(hours=4),
            start_time=time(23),
            end_time=time(23),
            minimum_run=timedelta(minutes=30),
        ),
        DEFAULTS,
        id="as suggested",
    ),
    pytest.param(
        CheapWindow(
            duration=timedelta(hours=2.5),
            start_time=time(21),
            end_time=time(7),
            split=False,
            minimum_run=timedelta(minutes=45),
            maximum_price=0.1234,
            unknown=UnknownPrices.ON,
        ),
        {
            "hours": 2.5,
            "maximum_price": 0.1234,
            "start_time": "21:00:00",
            "end_time": "07:00:00",
            "split": False,
            "minimum_run": 45,
            "unknown": "on",
        },
        id="a block at night",
    ),
    pytest.param(
        CheapWindow(share=0.29, unknown=UnknownPrices.USE_KNOWN),
        {"share": 29, "split": True, "minimum_run": 0, "unknown": "use_known"},
        id="a share of the day",
    ),
    pytest.param(
        CheapWindow(maximum_price=0.0, end_time=time(12, 30, 15)),
        {
            "maximum_price": 0,
            "end_time": "12:30:15",
            "split": True,
            "minimum_run": 0,
            "unknown": "off",
        },
        id="for nothing",
    ),
    pytest.param(
        CheapWindow(share=1.0, maximum_price=-0.05, minimum_run=timedelta(hours=12)),
        {
            "share": 100,
            "maximum_price": -0.05,
            "split": True,
            "minimum_run": 720,
            "unknown": "off",
        },
        id="paid for",
    ),
]


async def open_form(hass: HomeAssistant, entry: MockConfigEntry) -> SubentryFlowResult:
    """Open the form for a new window."""
    form = await hass.config_entries.subentries.async_init(
        (entry.entry_id, SUBENTRY_CHEAP_WINDOW), context={"source": SOURCE_USER}
    )
    assert_form(form, "user", {})
    return form


async def reopen_form(
    hass: HomeAssistant, entry: MockConfigEntry, name: str
) -> SubentryFlowResult:
    """Open the form that changes a window."""
    form = await entry.start_subentry_reconfigure_flow(
        hass, find_window(entry, name).subentry_id
    )
    assert_form(form, "reconfigure", {})
    return form  # type: ignore[no-any-return]


async def submit(
    hass: HomeAssistant, form: SubentryFlowResult, **typed: Any
) -> SubentryFlowResult:
    """Submit a form, and wait for what follows from it."""
    result = await hass.config_entries.subentries.async_configure(
        form["flow_id"], typed
    )
    await settle(hass)
    return result


def assert_form(result: SubentryFlowResult, step: str, errors: dict[str, str]) -> None:
    """Assert that a form is shown with errors."""
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == step
    assert result["errors"] == errors


def suggested(form: SubentryFlowResult) -> dict[str, Any]:
    """Return what is in a form before anybody types."""
    assert form["data_schema"] is not None
    schema = form["data_schema"].schema
    found = {str(key): get_schema_suggested_value(schema, key) for key in schema}
    return {key: value for key, value in found.items() if value is not None}


def find_window(entry: MockConfigEntry, name: str) -> ConfigSubentry:
    """Return a window of a tariff by its name."""
    (found,) = (each for each in entry.subentries.values() if each.title == name)
    return found


def window_device(
    hass: HomeAssistant, entry: MockConfigEntry, name: str
) -> DeviceEntry:
    """Return the device of a window."""
    identifier = (DOMAIN, find_window(entry, name).subentry_id)
    found = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    (device,) = (each for each in found if identifier in each.identifiers)
    return device


async def add(
    hass: HomeAssistant, entry: MockConfigEntry, name: str, **typed: Any
) -> ConfigSubentry:
    """Add a window through the form."""
    form = await open_form(hass, entry)
    result = await submit(hass, form, **{**REQUIRED, "name": name, **typed})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    return find_window(entry, name)


@pytest.fixture
async def entry(hass: HomeAssistant, server: OctopusServer) -> MockConfigEntry:
    """Return a tariff that has no window."""
    return await set_up(hass, tariff_entry(server))


async def test_form(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """The form suggests a window that needs nothing but a name."""
    form = await open_form(hass, entry)
    assert suggested(form) == DEFAULTS
    assert form["data_schema"] is not None
    price = form["data_schema"].schema["maximum_price"]
    assert price.config["unit_of_measurement"] == "GBP/kWh"
    result = await submit(hass, form, name=" Any time ", **suggested(form))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Any time"


@pytest.mark.parametrize(("window", "typed"), WINDOWS)
async def test_add(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    window: CheapWindow,
    typed: dict[str, Any],
) -> None:
    """What was typed is what the window is, and its entities are there at once."""
    form = await open_form(hass, entry)
    result = await submit(hass, form, name="Night", **typed)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    subentry = find_window(entry, "Night")
    assert subentry.data == window.as_dict()
    assert entry.state is ConfigEntryState.LOADED
    assert coordinator(entry).windows == {subentry.subentry_id: window}
    for platform, key in WINDOW_ENTITIES:
        found = er.async_get(hass).async_get(
            find_entity_id(hass, entry, platform, f"Night {key}")
        )
        assert found is not None
        assert found.config_subentry_id == subentry.subentry_id
        assert hass.states.get(found.entity_id) is not None


@pytest.mark.parametrize(("window", "typed"), WINDOWS)
async def test_form_shows_what_is_stored(
    hass: HomeAssistant,
    server: OctopusServer,
    window: CheapWindow,
    typed: dict[str, Any],
) -> None:
    """The form of a window is filled with it, and submitting that changes nothing."""
    entry = await set_up(hass, tariff_entry(server, ("Night", window)))
    before, known = find_window(entry, "Night"), coordinator(entry)
    form = await reopen_form(hass, entry, "Night")
    assert suggested(form) == {"name": "Night", **typed}
    result = await submit(hass, form, **suggested(form))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert find_window(entry, "Night") == before
    # Nothing was begun anew.
    assert coordinator(entry) is known


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"name": "", "hours": 1}, {"name": "name_needed"}),
        ({"name": "  ", "hours": 1}, {"name": "name_needed"}),
        ({"hours": 1, "share": 25}, {"share": "hours_or_share"}),
        ({}, {"hours": "nothing_wanted"}),
        (
            {"hours": 10.5, "start_time": "21:00:00", "end_time": "07:00:00"},
            {"hours": "longer_than_span"},
        ),
        ({"hours": 7, "end_time": "06:30:00"}, {"hours": "longer_than_span"}),
        ({"hours": 7, "start_time": "17:30:00"}, {"hours": "longer_than_span"}),
        (
            {
                "share": 50,
                "minimum_run": 65,
                "start_time": "23:30:00",
                "end_time": "00:30:00",
            },
            {"minimum_run": "longer_than_span"},
        ),
        (
            {
                "name": "",
                "hours": 2,
                "share": 1,
                "minimum_run": 65,
                "end_time": "01:00:00",
            },
            {
                "name": "name_needed",
                "share": "hours_or_share",
                "hours": "longer_than_span",
                "minimum_run": "longer_than_span",
            },
        ),
    ],
)
async def test_errors(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    typed: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """What makes no window is told at its field, and what was typed stays."""
    form = await open_form(hass, entry)
    typed = {**REQUIRED, **typed}
    again = await submit(hass, form, **typed)
    assert_form(again, "user", errors)
    assert suggested(again) == typed
    assert not entry.subentries
    result = await submit(hass, again, **REQUIRED, hours=1)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert find_window(entry, "Night").data["duration"] == 3600

    form = await reopen_form(hass, entry, "Night")
    again = await submit(hass, form, **typed)
    assert_form(again, "reconfigure", errors)
    assert suggested(again) == typed
    assert find_window(entry, "Night").data["duration"] == 3600
    result = await submit(hass, again, **REQUIRED, share=20)
    assert result["reason"] == "reconfigure_successful"
    assert find_window(entry, "Night").data == CheapWindow(share=0.2).as_dict()


@pytest.mark.parametrize(
    "typed",
    [
        {"hours": 10, "start_time": "21:00:00", "end_time": "07:00:00"},
        {"hours": 24},
        {"hours": 24, "start_time": "05:00:00", "end_time": "05:00:00"},
        {"hours": 6.5, "end_time": "06:30:00"},
        {"hours": 6.5, "start_time": "17:30:00"},
        {
            "share": 50,
            "minimum_run": 60,
            "start_time": "23:30:00",
            "end_time": "00:30:00",
        },
    ],
)
async def test_as_long_as_the_span(
    hass: HomeAssistant, entry: MockConfigEntry, typed: dict[str, Any]
) -> None:
    """All of a span may be wanted."""
    await add(hass, entry, "Night", **typed)


@pytest.mark.parametrize(
    "typed",
    [
        {"hours": 0},
        {"hours": 24.5},
        {"share": 0},
        {"share": 101},
        {"maximum_price": 101},
        {"hours": 1, "minimum_run": -5},
        {"hours": 1, "minimum_run": 725},
        {"hours": 1, "start_time": "25:00:00"},
        {"hours": 1, "unknown": "maybe"},
    ],
)
async def test_what_no_form_sends(
    hass: HomeAssistant, entry: MockConfigEntry, typed: dict[str, Any]
) -> None:
    """What is out of bounds is refused before it is looked at."""
    form = await open_form(hass, entry)
    with pytest.raises(InvalidData):
        await submit(hass, form, **{**REQUIRED, **typed})
    assert not entry.subentries


async def test_several_windows(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Each window is a device of its own, with entities that follow its settings."""
    await add(hass, entry, "Night", hours=2, start_time="23:00:00", end_time="07:00:00")
    await add(hass, entry, "Day", hours=1, start_time="11:00:00", end_time="15:00:00")
    await add(hass, entry, "All", maximum_price=100)
    names = ("Night", "Day", "All")
    assert {each.title for each in entry.subentries.values()} == {*names}
    assert len({window_device(hass, entry, name).id for name in names}) == 3
    found = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert len(found) == 22
    starts = {
        name: state(hass, entry, "sensor", f"{name} next_start") for name in names
    }
    # The prices of the night are not published yet.
    assert starts["Night"] == "unknown"
    assert "2026-11-10T11:00:00" <= starts["Day"] < "2026-11-10T14:30:00"
    # The whole of today is not known before 16:00.
    assert state(hass, entry, "binary_sensor", "All active") == "off"


async def test_two_windows_of_one_name(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Names need not differ, as nothing depends on them."""
    for hours in (1, 2):
        form = await open_form(hass, entry)
        result = await submit(hass, form, **REQUIRED, hours=hours)
        assert result["type"] is FlowResultType.CREATE_ENTRY
    assert [each.title for each in entry.subentries.values()] == ["Night"] * 2
    assert {window.duration for window in coordinator(entry).windows.values()} == {
        timedelta(hours=1),
        timedelta(hours=2),
    }


async def test_device(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A window is a service that is a part of its tariff."""
    subentry = await add(hass, entry, "Night", hours=2)
    device = window_device(hass, entry, "Night")
    assert device.entry_type is DeviceEntryType.SERVICE
    assert device.name == "Night"
    assert device.via_device_id == tariff_device_id(hass, entry)
    assert device.config_entry_id == entry.entry_id
    assert device.config_subentry_id == subentry.subentry_id
    for platform, key in WINDOW_ENTITIES:
        found = er.async_get(hass).async_get(
            find_entity_id(hass, entry, platform, f"Night {key}")
        )
        assert found is not None
        assert found.device_id == device.id


async def test_reconfigure(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Other settings are decided anew at once, and the entities stay the same."""
    subentry = await add(
        hass, entry, "Day", hours=1, start_time="11:00:00", end_time="15:00:00"
    )
    ids = [
        find_entity_id(hass, entry, platform, f"Day {key}")
        for platform, key in WINDOW_ENTITIES
    ]
    device = window_device(hass, entry, "Day")
    form = await reopen_form(hass, entry, "Day")
    result = await submit(
        hass,
        form,
        **{
            **REQUIRED,
            "name": " Afternoon ",
            "hours": 2,
            "split": False,
            "start_time": "17:00:00",
            "end_time": "22:00:00",
        },
    )
    assert result["reason"] == "reconfigure_successful"
    changed = find_window(entry, "Afternoon")
    assert changed.subentry_id == subentry.subentry_id
    assert (
        changed.data
        == CheapWindow(
            duration=timedelta(hours=2),
            start_time=time(17),
            end_time=time(22),
            split=False,
        ).as_dict()
    )
    assert ids == [
        find_entity_id(hass, entry, platform, f"Afternoon {key}")
        for platform, key in WINDOW_ENTITIES
    ]
    renamed = window_device(hass, entry, "Afternoon")
    assert (renamed.id, renamed.name) == (device.id, "Afternoon")
    start = state(hass, entry, "sensor", "Afternoon next_start")
    assert "2026-11-10T17:00:00" <= start < "2026-11-10T20:30:00"


async def test_only_the_name_is_changed(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The device has the new name without a restart."""
    await add(hass, entry, "Night", hours=2)
    form = await reopen_form(hass, entry, "Night")
    result = await submit(hass, form, **{**suggested(form), "name": "Cheap"})
    assert result["reason"] == "reconfigure_successful"
    assert window_device(hass, entry, "Cheap").name == "Cheap"


async def test_delete(
    hass: HomeAssistant, entry: MockConfigEntry, hass_storage: dict[str, Any]
) -> None:
    """A window that is deleted leaves nothing behind, and the other one stays."""
    span = {"start_time": "11:00:00", "end_time": "15:00:00"}
    gone = await add(hass, entry, "Day", hours=1, **span)
    kept = await add(hass, entry, "Other", hours=2, **span)
    device = window_device(hass, entry, "Day")
    store = f"{DOMAIN}.prices.{entry.entry_id}"

    async def stored_decisions() -> dict[str, Any]:
        hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
        await settle(hass)
        return hass_storage[store]["data"]["decisions"]  # type: ignore[no-any-return]

    day_entities = {
        find_entity_id(hass, entry, platform, f"Day {key}")
        for platform, key in WINDOW_ENTITIES
    }
    before = await stored_decisions()
    assert all(before[each.subentry_id] for each in (gone, kept))
    assert hass.config_entries.async_remove_subentry(entry, gone.subentry_id)
    await settle(hass)
    assert dr.async_get(hass).async_get(device.id) is None
    left = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert not [each for each in left if gone.subentry_id in each.unique_id]
    assert len(left) == 16
    assert not [
        each.entity_id for each in left if hass.states.get(each.entity_id) is None
    ]
    names = {each.entity_id for each in hass.states.async_all()}
    assert not names & day_entities
    assert coordinator(entry).windows.keys() == {kept.subentry_id}
    after = await stored_decisions()
    assert after == {kept.subentry_id: before[kept.subentry_id]}


async def test_tariff_that_is_not_loaded(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A window can be changed while its tariff is not loaded, as during a reload."""
    await add(hass, entry, "Night", hours=2)
    await hass.config_entries.async_unload(entry.entry_id)
    form = await reopen_form(hass, entry, "Night")
    result = await submit(hass, form, **{**suggested(form), "hours": 3})
    assert result["reason"] == "reconfigure_successful"
    assert await hass.config_entries.async_setup(entry.entry_id)
    (window,) = coordinator(entry).windows.values()
    assert window.duration == timedelta(hours=3)


async def test_miners_have_no_windows(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Only a tariff offers to add a cheap window."""
    assert entry.supported_subentry_types.keys() == {SUBENTRY_CHEAP_WINDOW}
    miner = MockConfigEntry(domain=DOMAIN, data={"host": "127.0.0.1"})
    miner.add_to_hass(hass)
    assert miner.supported_subentry_types == {}
    assert miner.supports_options
    assert not entry.supports_options
