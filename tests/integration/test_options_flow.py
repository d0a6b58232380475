"""Tests for the options of a miner."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_schema_suggested_value,
)

from custom_components.miner_controller.const import (
    CONF_OTP_EARLY,
    CONF_POLL_INTERVAL,
    CONF_POWER_DRAW,
    CONF_POWER_SWITCH,
    CONF_WIDE_RANGE,
    CONF_WORK_MODES,
)
from tests.devices import AVALON_PROFILES, NMMINER_HTTP_PROFILES, StartDevice

from . import call, full_state, overridden, poll, polls, state
from .conftest import AddMiner

GAMMA_MODES = [
    {"name": "eco", "frequency": 400, "core_voltage": 1100},
    {"name": "standard", "frequency": 525, "core_voltage": 1150},
    {"name": "turbo", "frequency": 575, "core_voltage": 1200},
    {"name": "oc", "frequency": 625, "core_voltage": 1250},
]
LOGIN = {CONF_USERNAME: "admin", CONF_PASSWORD: "quarry-7"}
QUIET = {"name": "Quiet", "frequency": 450, "core_voltage": 1050}


async def open_options(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    """Open the options of the miner itself."""
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    assert menu["type"] is FlowResultType.MENU
    result = await hass.config_entries.options.async_configure(
        menu["flow_id"], {"next_step_id": "miner"}
    )
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "miner"
    return result


async def save(
    hass: HomeAssistant, entry: MockConfigEntry, **changes: object
) -> ConfigFlowResult:
    """Open the options, change some and save."""
    result = await open_options(hass, entry)
    return await save_again(hass, result["flow_id"], **changes)


async def save_again(
    hass: HomeAssistant, flow_id: str, **changes: object
) -> ConfigFlowResult:
    """Save the options in an open form."""
    result = await hass.config_entries.options.async_configure(
        flow_id, {CONF_POLL_INTERVAL: 15, **changes}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


def fields(result: ConfigFlowResult) -> set[str]:
    """Return the names of the fields of a form."""
    schema = result["data_schema"]
    assert schema is not None
    return {str(key) for key in schema.schema}


def suggested(result: ConfigFlowResult, key: str) -> Any:
    """Return what a form shows in a field."""
    schema = result["data_schema"]
    assert schema is not None
    return get_schema_suggested_value(schema.schema, key)


@pytest.mark.parametrize(
    ("profile", "changes", "expected"),
    [
        (
            "axeos-2.15",
            {},
            {CONF_POLL_INTERVAL, CONF_POWER_SWITCH, CONF_WORK_MODES, CONF_WIDE_RANGE},
        ),
        (
            "axeos-2.15",
            {"board": "supra401"},
            {CONF_POLL_INTERVAL, CONF_POWER_SWITCH, CONF_WORK_MODES},
        ),
        (
            "nerdqaxe-1.0.37",
            {},
            {
                CONF_POLL_INTERVAL,
                CONF_POWER_SWITCH,
                CONF_WORK_MODES,
                CONF_WIDE_RANGE,
                CONF_OTP_EARLY,
            },
        ),
        *(
            (
                profile,
                {},
                {CONF_POLL_INTERVAL, CONF_POWER_SWITCH, CONF_USERNAME, CONF_PASSWORD},
            )
            for profile in AVALON_PROFILES
        ),
        # Nobody but its owner knows what it draws.
        *(
            (profile, {}, {CONF_POLL_INTERVAL, CONF_POWER_SWITCH, CONF_POWER_DRAW})
            for profile in (
                "cgminer-4.11:privileged",
                "cgminer-4.11",
                *NMMINER_HTTP_PROFILES,
            )
        ),
    ],
)
async def test_fields(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    changes: dict[str, object],
    expected: set[str],
) -> None:
    """The form has what applies to the miner, and nothing else."""
    entry = await add(await start_device(profile, **changes))
    assert fields(await open_options(hass, entry)) == expected


async def test_fields_of_unknown_chip(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A chip without a known ladder has neither work modes nor a wide range."""
    device = await start_device("axeos-2.6")
    overridden(device)["ASICModel"] = "BM9999"
    entry = await add(device)
    result = await open_options(hass, entry)
    assert fields(result) == {CONF_POLL_INTERVAL, CONF_POWER_SWITCH}
    assert result["description_placeholders"] == {
        "frequency_range": "–",
        "core_voltage_range": "–",
        "name": "",
    }
    result = await save_again(hass, result["flow_id"])
    assert entry.options == {CONF_POLL_INTERVAL: 15}


async def test_shows_what_is_set(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """The form starts with the present options and the limits of this miner."""
    entry = await add(await start_device("axeos-2.15"))
    result = await open_options(hass, entry)
    assert suggested(result, CONF_POLL_INTERVAL) == 15
    assert suggested(result, CONF_POWER_SWITCH) is None
    assert suggested(result, CONF_WORK_MODES) == GAMMA_MODES
    assert result["description_placeholders"] == {
        "frequency_range": "400–800",
        "core_voltage_range": "1000–1400",
        "name": "",
    }
    await save_again(
        hass,
        result["flow_id"],
        **{
            CONF_POLL_INTERVAL: 30,
            CONF_POWER_SWITCH: "switch.plug",
            CONF_WORK_MODES: [QUIET],
            CONF_WIDE_RANGE: True,
        },
    )
    result = await open_options(hass, entry)
    assert suggested(result, CONF_POLL_INTERVAL) == 30
    assert suggested(result, CONF_POWER_SWITCH) == "switch.plug"
    assert suggested(result, CONF_WORK_MODES) == [QUIET]
    assert suggested(result, CONF_WIDE_RANGE) is True


async def test_poll_interval(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The miner is polled in the interval that was set, at once after saving."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    result = await save(hass, entry, **{CONF_POLL_INTERVAL: 40.0})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {CONF_POLL_INTERVAL: 40, CONF_WIDE_RANGE: False}
    assert type(entry.options[CONF_POLL_INTERVAL]) is int
    assert entry.runtime_data.update_interval == timedelta(seconds=40)
    before = polls(device)
    await poll(hass, freezer, device, seconds=38)
    assert polls(device) == before
    await poll(hass, freezer, device, seconds=2)
    assert polls(device) == before + 1


@pytest.mark.parametrize("interval", [9, 601])
async def test_poll_interval_out_of_limits(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, interval: int
) -> None:
    """An interval that would strain the miner or be of no use is refused."""
    entry = await add(await start_device("axeos-2.15"))
    with pytest.raises(InvalidData) as caught:
        await save(hass, entry, **{CONF_POLL_INTERVAL: interval})
    assert list(caught.value.schema_errors) == [CONF_POLL_INTERVAL]


async def test_power_switch(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A power switch is stored, and taken away again when the field is emptied."""
    entry = await add(await start_device("axeos-2.15"))
    await save(hass, entry, **{CONF_POWER_SWITCH: "switch.plug"})
    assert entry.options[CONF_POWER_SWITCH] == "switch.plug"
    await save(hass, entry)
    assert CONF_POWER_SWITCH not in entry.options


async def test_power_switch_of_another_kind(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """Only what can be switched is taken for a power switch."""
    entry = await add(await start_device("axeos-2.15"))
    with pytest.raises(InvalidData) as caught:
        await save(hass, entry, **{CONF_POWER_SWITCH: "sensor.plug"})
    assert list(caught.value.schema_errors) == [CONF_POWER_SWITCH]


@pytest.mark.parametrize(
    ("rows", "error", "name"),
    [
        ([{**QUIET, "name": ""}], "mode_name", ""),
        ([{**QUIET, "name": "   "}], "mode_name", "   "),
        ([{**QUIET, "name": "Custom"}], "mode_name_taken", "Custom"),
        ([{**QUIET, "name": " Off "}], "mode_name_taken", "Off"),
        ([{**QUIET, "name": "on"}], "mode_name_taken", "on"),
        ([{**QUIET, "name": "LOWEST"}], "mode_name_taken", "LOWEST"),
        ([{**QUIET, "name": "highest"}], "mode_name_taken", "highest"),
        ([{**QUIET, "name": "Resume"}], "mode_name_taken", "Resume"),
        ([{**QUIET, "name": "unknown"}], "mode_name_taken", "unknown"),
        ([{**QUIET, "name": "unavailable"}], "mode_name_taken", "unavailable"),
        ([{**QUIET, "name": "x" * 31}], "mode_name", "x" * 31),
        ([QUIET, {**QUIET, "name": " quiet "}], "mode_twice", "quiet"),
        (
            [{**QUIET, "name": "weiß"}, {**QUIET, "name": "WEISS"}],
            "mode_twice",
            "WEISS",
        ),
        ([QUIET, {**QUIET, "name": "B"}], "mode_same_pair", "B"),
        ([{**QUIET, "frequency": 399}], "mode_frequency", "Quiet"),
        ([{**QUIET, "frequency": 801}], "mode_frequency", "Quiet"),
        ([{**QUIET, "core_voltage": 999}], "mode_core_voltage", "Quiet"),
        (
            [QUIET, {**QUIET, "name": "B", "core_voltage": 1401}],
            "mode_core_voltage",
            "B",
        ),
    ],
)
async def test_wrong_work_modes(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    rows: list[dict[str, Any]],
    error: str,
    name: str,
) -> None:
    """A wrong mode is named, what was typed stays, and a right one is taken then."""
    entry = await add(await start_device("axeos-2.15"))
    result = await save(
        hass,
        entry,
        **{
            CONF_POLL_INTERVAL: 33,
            CONF_POWER_SWITCH: "switch.plug",
            CONF_WORK_MODES: rows,
            CONF_WIDE_RANGE: True,
        },
    )
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {CONF_WORK_MODES: error}
    placeholders = result["description_placeholders"]
    assert placeholders is not None
    assert placeholders["name"] == name
    assert suggested(result, CONF_POLL_INTERVAL) == 33
    assert suggested(result, CONF_POWER_SWITCH) == "switch.plug"
    assert suggested(result, CONF_WORK_MODES) == rows
    assert suggested(result, CONF_WIDE_RANGE) is True
    assert entry.options == {}

    result = await save_again(hass, result["flow_id"], **{CONF_WORK_MODES: [QUIET]})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options[CONF_WORK_MODES] == [QUIET]


async def test_work_modes_at_the_limits(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A mode may reach the limits, and its name is stored without blanks around it."""
    entry = await add(await start_device("axeos-2.15"))
    rows = [
        {"name": " low ", "frequency": 400, "core_voltage": 1000},
        {"name": "high", "frequency": 800, "core_voltage": 1400},
    ]
    await save(hass, entry, **{CONF_WORK_MODES: rows})
    assert entry.options[CONF_WORK_MODES] == [{**rows[0], "name": "low"}, rows[1]]


async def test_own_work_modes(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """The select offers the modes of the table and sets the miner to their pairs."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    rows = [QUIET, {"name": "day", "frequency": 525, "core_voltage": 1150}]
    await save(hass, entry, **{CONF_WORK_MODES: rows})
    mode = full_state(hass, entry, "select", "mode")
    assert mode.attributes["options"] == ["Quiet", "day"]
    assert mode.state == "day"
    await call(hass, entry, "mode", "select.select_option", option="Quiet")
    assert state(hass, entry, "select", "mode") == "Quiet"
    assert device.settings.frequency == 450
    assert device.settings.core_voltage == 1050


@pytest.mark.parametrize("rows", [[], GAMMA_MODES])
async def test_work_modes_of_the_miner(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    rows: list[dict[str, Any]],
) -> None:
    """An emptied or unchanged table is not stored: the modes are the miner's own."""
    entry = await add(await start_device("axeos-2.15"), **{CONF_WORK_MODES: [QUIET]})
    await save(hass, entry, **{CONF_WORK_MODES: rows})
    assert CONF_WORK_MODES not in entry.options
    mode = full_state(hass, entry, "select", "mode")
    assert mode.attributes["options"] == ["eco", "standard", "turbo", "oc"]


async def test_wide_range(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """The wide range takes effect with the reload after saving."""
    entry = await add(await start_device("axeos-2.15"))
    assert full_state(hass, entry, "number", "frequency").attributes["max"] == 625
    await save(hass, entry, **{CONF_WIDE_RANGE: True})
    assert full_state(hass, entry, "number", "frequency").attributes["max"] == 800


async def test_otp_early(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """Asking for a code early is an option of a NerdQAxe++."""
    entry = await add(await start_device("nerdqaxe-1.0.37"))
    await save(hass, entry, **{CONF_OTP_EARLY: True})
    assert entry.options[CONF_OTP_EARLY] is True


async def test_while_away(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """The options can be changed while the miner is away."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    await device.stop()
    result = await save(hass, entry, **{CONF_POLL_INTERVAL: 60})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert state(hass, entry, "binary_sensor", "reachable") == "off"


@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_login(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """A login is stored and used, and its password is never shown again."""
    entry = await add(await start_device(profile))
    result = await save(hass, entry, **LOGIN)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {CONF_POLL_INTERVAL: 15, **LOGIN}
    login = entry.runtime_data.client.web_login
    assert (login.user, login.password) == ("admin", "quarry-7")
    result = await open_options(hass, entry)
    assert suggested(result, CONF_USERNAME) == "admin"
    assert suggested(result, CONF_PASSWORD) is None
    assert "quarry-7" not in str(result)


async def test_password_is_kept(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """An empty password keeps the one that is stored, also for another user."""
    entry = await add(await start_device("avalon-nano3s"), **LOGIN)
    await save(hass, entry, **{CONF_USERNAME: "admin", CONF_POLL_INTERVAL: 30})
    assert entry.options == {CONF_POLL_INTERVAL: 30, **LOGIN}
    await save(hass, entry, **{CONF_USERNAME: "root", CONF_PASSWORD: ""})
    assert entry.options == {CONF_POLL_INTERVAL: 15, **LOGIN, CONF_USERNAME: "root"}
    await save(hass, entry, **{CONF_USERNAME: "root", CONF_PASSWORD: "other"})
    assert entry.options[CONF_PASSWORD] == "other"


@pytest.mark.parametrize("typed", [{}, {CONF_USERNAME: "", CONF_PASSWORD: ""}])
async def test_login_is_forgotten(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    typed: dict[str, str],
) -> None:
    """Without a user name the password is forgotten too."""
    entry = await add(await start_device("avalon-nano3s"), **LOGIN)
    assert (await save(hass, entry, **typed))["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {CONF_POLL_INTERVAL: 15}
    assert entry.runtime_data.client.web_login is None


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({CONF_USERNAME: "admin"}, {CONF_PASSWORD: "login_incomplete"}),
        ({CONF_PASSWORD: "quarry-7"}, {CONF_USERNAME: "login_incomplete"}),
        ({**LOGIN, CONF_USERNAME: "a b"}, {CONF_USERNAME: "cannot_be_sent"}),
        ({**LOGIN, CONF_PASSWORD: "a,b"}, {CONF_PASSWORD: "cannot_be_sent"}),
    ],
)
async def test_login_errors(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    typed: dict[str, str],
    errors: dict[str, str],
) -> None:
    """A login that is not whole or cannot be sent is refused at its field."""
    entry = await add(await start_device("avalon-nano3s"))
    result = await save(hass, entry, **typed)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == errors
    assert suggested(result, CONF_USERNAME) == typed.get(CONF_USERNAME)
    assert entry.options == {}
    result = await save_again(hass, result["flow_id"], **LOGIN)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {CONF_POLL_INTERVAL: 15, **LOGIN}


async def test_login_without_its_fields(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A form without fields for a login says nothing of the one that is stored."""
    entry = await add(await start_device("cgminer-4.11"), **LOGIN)
    await save(hass, entry, **{CONF_POLL_INTERVAL: 60})
    assert entry.options == {CONF_POLL_INTERVAL: 60, **LOGIN}


async def test_modes_without_their_table(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A form without a table of modes says nothing of those that are stored."""
    entry = await add(await start_device("avalon-q"), **{CONF_WORK_MODES: [QUIET]})
    await save(hass, entry, **LOGIN)
    assert entry.options == {
        CONF_POLL_INTERVAL: 15,
        CONF_WORK_MODES: [QUIET],
        **LOGIN,
    }
