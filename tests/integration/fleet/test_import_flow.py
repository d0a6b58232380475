"""Tests for pasting the old application's configuration into the fleet's options."""

from unittest.mock import patch

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_schema_suggested_value,
)

from custom_components.miner_controller.fleet.library import async_pools
from tests.devices import StartDevice

from .arrangement import AWAY, add_fleet

CANARY = "canary-password"


async def paste(
    hass: HomeAssistant, fleet: MockConfigEntry, text: str
) -> ConfigFlowResult:
    """Paste a text, and return what is shown once its miners were looked for."""
    options = hass.config_entries.options
    menu = await options.async_init(fleet.entry_id)
    assert {"network", "mqtt", "import_configuration"} <= {*menu["menu_options"]}
    form = await options.async_configure(
        menu["flow_id"], {"next_step_id": "import_configuration"}
    )
    assert form["type"] is FlowResultType.FORM
    return await submit(hass, form, text)


async def submit(
    hass: HomeAssistant, form: ConfigFlowResult, text: str
) -> ConfigFlowResult:
    """Submit a text, and return what is shown once its miners were looked for."""
    options = hass.config_entries.options
    result = await options.async_configure(form["flow_id"], {"configuration": text})
    assert result["type"] is FlowResultType.SHOW_PROGRESS
    assert result["progress_action"] == "importing"
    await hass.async_block_till_done(wait_background_tasks=True)
    return await options.async_configure(form["flow_id"])


async def test_each_line_is_told(
    hass: HomeAssistant, start_device: StartDevice, caplog: pytest.LogCaptureFixture
) -> None:
    """Each line is told with what became of it, though the fleet is set up anew."""
    caplog.set_level("DEBUG")
    device = await start_device("axeos-2.15")
    fleet = await add_fleet(hass)
    shown = await paste(
        hass,
        fleet,
        f"""
miners:
- {{name: Kitchen, ip_address: 127.0.0.1, port: {device.port}}}
- {{name: Gone, ip_address: 127.0.0.1, port: 9}}
pools:
- {{name: Gold, url: {AWAY}, user: somebody, password: {CANARY}}}
- {{name: Odd, url: "???", user: somebody}}
""",
    )
    assert (shown["type"], shown["step_id"]) == (FlowResultType.FORM, "imported")
    assert shown["description_placeholders"] == {
        "added": "- Kitchen\n- Gold",
        "already_there": "–",
        "not_reached": "- Gone",
        "not_understood": "- Odd",
    }
    runtime = fleet.runtime_data
    end = await hass.config_entries.options.async_configure(shown["flow_id"], {})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert end["type"] is FlowResultType.CREATE_ENTRY
    assert fleet.options == {}
    # To have read it changes nothing.
    assert fleet.runtime_data is runtime
    assert [pool.name for pool in async_pools(hass)] == ["Gold"]
    assert CANARY not in caplog.text


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("miners: [", "configuration_unreadable"),
        ("other: []", "configuration_empty"),
        (" " * 300_000, "configuration_too_large"),
    ],
)
async def test_what_is_no_configuration(
    hass: HomeAssistant, text: str, error: str
) -> None:
    """It is said what is wrong, and nothing that was typed is lost."""
    fleet = await add_fleet(hass)
    form = await paste(hass, fleet, text)
    assert form["step_id"] == "import_configuration"
    assert form["errors"] == {"configuration": error}
    schema = form["data_schema"]
    assert schema is not None
    assert get_schema_suggested_value(schema.schema, "configuration") == text
    again = await submit(hass, form, f"pools: [{{url: '{AWAY}', user: x}}]")
    assert again["step_id"] == "imported"


async def test_what_nobody_foresaw(hass: HomeAssistant) -> None:
    """It is not taken for something that is wrong with the text."""
    fleet = await add_fleet(hass)
    with (
        patch(
            "custom_components.miner_controller.fleet.options_flow.async_import",
            side_effect=RuntimeError("unforeseen"),
        ),
        pytest.raises(RuntimeError, match="unforeseen"),
    ):
        await paste(hass, fleet, "miners: []")


async def test_a_dialog_that_is_closed(
    hass: HomeAssistant, start_device: StartDevice
) -> None:
    """Nobody is looked for any more."""
    fleet = await add_fleet(hass)
    options = hass.config_entries.options
    menu = await options.async_init(fleet.entry_id)
    await options.async_configure(
        menu["flow_id"], {"next_step_id": "import_configuration"}
    )
    result = await options.async_configure(
        menu["flow_id"],
        {"configuration": "miners: [{ip_address: 127.0.0.1, port: 9}]"},
    )
    assert result["type"] is FlowResultType.SHOW_PROGRESS
    # Whoever looks again in the meantime sees the same.
    result = await options.async_configure(menu["flow_id"])
    assert result["type"] is FlowResultType.SHOW_PROGRESS
    options.async_abort(menu["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)
    assert options.async_progress() == []
