"""Tests for adding the fleet, and for its options."""

from typing import Any

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_schema_suggested_value,
)

from custom_components.miner_controller.const import CONF_FLEET, DOMAIN
from custom_components.miner_controller.fleet.entries import SUBENTRY_POOL

from .arrangement import add_fleet, find_device, fleet_entry, pool, pool_id


async def start(hass: HomeAssistant) -> ConfigFlowResult:
    """Choose the fleet from the menu of what can be added."""
    menu = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert menu["type"] is FlowResultType.MENU
    assert "fleet" in menu["menu_options"]
    return await hass.config_entries.flow.async_configure(
        menu["flow_id"], {"next_step_id": "fleet"}
    )


async def test_add(hass: HomeAssistant) -> None:
    """It takes a click, and there is one fleet at most."""
    form = await start(hass)
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "fleet"
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {})
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Miner fleet"
    assert result["data"] == {CONF_FLEET: True}
    entry = result["result"]
    assert entry.supported_subentry_types.keys() == {SUBENTRY_POOL}
    assert entry.supports_options
    # Home Assistant offers to change the data of any entry of an integration.
    change = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    )
    assert change["type"] is FlowResultType.ABORT
    assert change["reason"] == "fleet_by_options"
    again = await start(hass)
    assert again["type"] is FlowResultType.ABORT
    assert again["reason"] == "fleet_configured"
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1
    assert MockConfigEntry(domain=DOMAIN).supported_subentry_types == {}


async def test_devices(hass: HomeAssistant) -> None:
    """The fleet is a service, and each pool a part of it."""
    fleet = await add_fleet(hass, pool("Gold"))
    gold = pool_id(fleet, "Gold")
    device, part = (find_device(hass, fleet, each) for each in (fleet.entry_id, gold))
    assert device is not None
    assert part is not None
    assert device.entry_type is part.entry_type is DeviceEntryType.SERVICE
    assert (device.name, part.name) == ("Miner fleet", "Gold")
    assert part.via_device_id == device.id
    assert part.config_subentry_id == gold
    assert len(list(dr.async_get(hass).devices)) == 2


TYPED = {"publish": True, "prefix": "home/miner", "qos": "1", "retain": True}
STORED = {"prefix": "home/miner", "qos": 1, "retain": True}


async def open_mqtt(hass: HomeAssistant, fleet: MockConfigEntry) -> ConfigFlowResult:
    """Open the form for what is published."""
    menu = await hass.config_entries.options.async_init(fleet.entry_id)
    assert menu["type"] is FlowResultType.MENU
    assert menu["step_id"] == "fleet"
    assert {"network", "mqtt", "import_configuration"} <= {*menu["menu_options"]}
    return await hass.config_entries.options.async_configure(
        menu["flow_id"], {"next_step_id": "mqtt"}
    )


def suggested(form: ConfigFlowResult) -> dict[str, Any]:
    """Return what is in a form before anybody types."""
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "mqtt"
    assert form["data_schema"] is not None
    schema = form["data_schema"].schema
    return {str(key): get_schema_suggested_value(schema, key) for key in schema}


async def test_mqtt_options(hass: HomeAssistant) -> None:
    """What is published is chosen in a form, which shows what was chosen."""
    # It is not set up: where there is no MQTT, that is for other tests.
    fleet = fleet_entry(options={"other": 1})
    fleet.add_to_hass(hass)
    form = await open_mqtt(hass, fleet)
    assert suggested(form) == {
        "publish": False,
        "prefix": "miner",
        "qos": "0",
        "retain": False,
    }
    for prefix, fault in (("", "prefix_levels"), ("a/+", "prefix_wildcard")):
        wrong = {**TYPED, "prefix": prefix}
        form = await hass.config_entries.options.async_configure(form["flow_id"], wrong)
        assert suggested(form) == wrong
        assert form["errors"] == {"prefix": fault}
    assert fleet.options == {"other": 1}
    await hass.config_entries.options.async_configure(form["flow_id"], TYPED)
    assert fleet.options == {"other": 1, "mqtt": STORED}
    form = await open_mqtt(hass, fleet)
    assert suggested(form) == TYPED
    await hass.config_entries.options.async_configure(
        form["flow_id"], {**TYPED, "publish": False}
    )
    assert fleet.options == {"other": 1}
