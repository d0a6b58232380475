"""Tests of the options that are about plans."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_schema_suggested_value,
)

from custom_components.miner_controller.const import CONF_PLAN, CONF_POWER_CAP
from custom_components.miner_controller.plan.options import PlanOptions
from custom_components.miner_controller.plan.states import states_of
from tests.devices import StartDevice
from tests.integration import add_miner
from tests.integration.fleet.arrangement import add_fleet

LIMITS = {
    "min_on": 60,
    "min_off": 30,
    "start_loss": 1,
    "switch_loss": 0,
    "unknown": "off",
}


async def open_step(
    hass: HomeAssistant, entry: MockConfigEntry, step: str = "plan"
) -> ConfigFlowResult:
    """Open one of the steps of the options."""
    options = hass.config_entries.options
    result = await options.async_init(entry.entry_id)
    assert result["type"] is FlowResultType.MENU
    return await options.async_configure(result["flow_id"], {"next_step_id": step})


async def save(
    hass: HomeAssistant, entry: MockConfigEntry, **form: Any
) -> ConfigFlowResult:
    """Open the options of the plan and save a form."""
    result = await open_step(hass, entry)
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"limits": LIMITS, "quiet_hours": {}, **form}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


def shown(result: ConfigFlowResult, key: str, section: str | None = None) -> Any:
    """Return what a form shows in a field."""
    schema = result["data_schema"]
    assert schema is not None
    if section is not None:
        schema = schema.schema[section].schema
    return get_schema_suggested_value(schema.schema, key)


async def test_all_of_it(hass: HomeAssistant, start_device: StartDevice) -> None:
    """What is saved is kept with all other options, shown again, and understood."""
    entry = await add_miner(hass, await start_device("axeos-2.15"), poll_interval=20)
    result = await open_step(hass, entry)
    assert shown(result, "goal") == "none"
    assert shown(result, "switch_loss", "limits") == 0
    assert shown(result, "modes", "limits") == ["off", "eco", "standard", "turbo", "oc"]
    form = {
        "goal": "hours",
        "budget": 2,
        "hours": 3.5,
        "mode": "eco",
        "earliest": "22:00:00",
        "latest": "06:00:00",
        "limits": {**LIMITS, "max_off": 5, "modes": ["turbo", "eco", "off"]},
        "quiet_hours": {
            "quiet_start": "23:00:00",
            "quiet_end": "05:00:00",
            "quiet_cap": "off",
        },
    }
    assert (await save(hass, entry, **form))["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options["poll_interval"] == 20
    assert entry.options[CONF_PLAN]["modes"] == ["off", "eco", "turbo"]
    options = PlanOptions.of(entry)
    assert (options.goal, options.budget, options.mode) == ("hours", 2, "eco")
    told = [options.hours, options.limits.min_on, options.limits.max_off]
    assert [each and each.total_seconds() / 3600 for each in told] == [3.5, 1, 5]
    quiet = options.limits.quiet_hours
    assert quiet is not None
    assert [str(each) for each in (options.earliest, options.latest)] == [
        "22:00:00",
        "06:00:00",
    ]
    assert (str(quiet.start), str(quiet.end), quiet.cap) == (
        "23:00:00",
        "05:00:00",
        "off",
    )
    result = await open_step(hass, entry)
    for key in ("goal", "budget", "hours", "mode", "earliest", "latest"):
        assert shown(result, key) == form[key]
    assert shown(result, "modes", "limits") == ["off", "eco", "turbo"]
    assert shown(result, "quiet_cap", "quiet_hours") == "off"
    # Without a goal the numbers are kept.
    await save(hass, entry, goal="none", budget=2)
    assert PlanOptions.of(entry).goal is None
    assert entry.options[CONF_PLAN] == {"budget": 2, **LIMITS}


@pytest.mark.parametrize(
    ("form", "errors"),
    [
        ({"goal": "budget"}, {"budget": "budget_needed"}),
        ({"goal": "hours"}, {"hours": "hours_needed", "mode": "mode_needed"}),
        (
            {
                "goal": "hours",
                "hours": 1,
                "mode": "oc",
                "limits": {**LIMITS, "modes": ["off", "eco"]},
            },
            {"mode": "mode_not_allowed"},
        ),
        (
            {
                "goal": "hours",
                "hours": 9,
                "mode": "eco",
                "earliest": "22:00:00",
                "latest": "06:00:00",
            },
            {"hours": "longer_than_window"},
        ),
        (
            {"goal": "profit", "limits": {**LIMITS, "modes": ["off"]}},
            {"limits": "too_few_modes"},
        ),
        (
            {"goal": "profit", "quiet_hours": {"quiet_start": "22:00:00"}},
            {"quiet_hours": "quiet_hours_incomplete"},
        ),
        (
            {
                "goal": "profit",
                "quiet_hours": {
                    "quiet_start": "22:00:00",
                    "quiet_end": "22:00:00",
                    "quiet_cap": "eco",
                },
            },
            {"quiet_hours": "quiet_hours_empty"},
        ),
    ],
)
async def test_faults(
    hass: HomeAssistant,
    start_device: StartDevice,
    form: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """What is wrong is told at the field, and what was typed stays."""
    entry = await add_miner(hass, await start_device("axeos-2.15"))
    result = await save(hass, entry, **form)
    assert result["errors"] == errors
    assert CONF_PLAN not in entry.options
    assert shown(result, "goal") == form["goal"]
    schema = result["data_schema"]
    assert schema is not None
    for section in ("limits", "quiet_hours"):
        assert schema.schema[section].options["collapsed"] is (section not in errors)


@pytest.mark.parametrize(
    ("profile", "options", "states"),
    [
        ("cgminer-4.11", {}, ("on",)),
        ("cgminer-4.11", {"power_switch": "switch.plug"}, ("off", "on")),
        (
            "axeos-2.15",
            {"work_modes": [{"name": "off", "frequency": 400, "core_voltage": 1100}]},
            ("off", "on"),
        ),
        (
            "axeos-2.15",
            {
                "work_modes": [
                    {"name": name, "frequency": 400 + 10 * place, "core_voltage": 1100}
                    for place, name in enumerate(("Off", "on", "mild", "Lowest"))
                ]
            },
            ("off", "mild"),
        ),
    ],
)
async def test_states(
    hass: HomeAssistant,
    start_device: StartDevice,
    profile: str,
    options: dict[str, Any],
    states: tuple[str, ...],
) -> None:
    """A plan is offered where there is something to choose."""
    entry = await add_miner(hass, await start_device(profile), **options)
    assert states_of(entry) == states
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert ("plan" in (result["menu_options"] or ())) is (len(states) > 1)


async def test_calibration(hass: HomeAssistant, start_device: StartDevice) -> None:
    """A miner that calibrates loses time, and one that is always on has no phases."""
    entry = await add_miner(
        hass,
        await start_device("avalon-nano3s"),
        plan={"goal": "hours", "hours": 1, "mode": "gone", "modes": ["low", "gone"]},
    )
    result = await open_step(hass, entry)
    assert shown(result, "switch_loss", "limits") == 5
    assert shown(result, "mode") is None
    assert shown(result, "modes", "limits") == ["low"]
    assert "min_on" not in result["data_schema"].schema["limits"].schema.schema  # type: ignore[union-attr]


async def test_shared_power(hass: HomeAssistant) -> None:
    """The power that all miners share is an option of the fleet."""
    entry = await add_fleet(hass, options={"kept": True})
    for form in ({CONF_POWER_CAP: 800}, {}):
        result = await open_step(hass, entry, "shared_power")
        result = await hass.config_entries.options.async_configure(
            result["flow_id"], form
        )
        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert entry.options == {"kept": True, **form}
        await hass.async_block_till_done(wait_background_tasks=True)
