"""Tests for the options of a miner that are about costs and earnings."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_schema_suggested_value,
)

from custom_components.miner_controller.economics.options import EconomicsOptions
from simulator.octopus import OctopusServer
from tests.devices import StartDevice
from tests.integration import add_miner, overridden, set_up

from . import add_tariff, economics_of


async def open_step(
    hass: HomeAssistant, entry: MockConfigEntry, step: str
) -> ConfigFlowResult:
    """Open one of the steps that the options begin with a menu of."""
    options = hass.config_entries.options
    menu = await options.async_init(entry.entry_id)
    assert menu["type"] is FlowResultType.MENU
    assert step in menu["menu_options"]
    return await options.async_configure(menu["flow_id"], {"next_step_id": step})


async def save(
    hass: HomeAssistant, entry: MockConfigEntry, step: str, form: dict[str, Any]
) -> None:
    """Fill in a step and save it."""
    result = await open_step(hass, entry, step)
    result = await hass.config_entries.options.async_configure(result["flow_id"], form)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_each_step_keeps_the_others(
    hass: HomeAssistant, start_device: StartDevice
) -> None:
    """What one step saves leaves what the others saved as it is."""
    entry = await add_miner(
        hass,
        await start_device("axeos-2.15"),
        poll_interval=30,
        plan={"goal": "profit"},
    )
    form = {
        "pool_fee": 1.5,
        "heat_share": 80,
        "heat_price": 0.07,
        "solar_price": 0.15,
        "export_sensor": "sensor.export",
    }
    await save(hass, entry, "economics", form)
    plan = {"goal": "profit"}
    assert entry.options == {"poll_interval": 30, "plan": plan, "economics": form}
    options = economics_of(hass, entry).options
    assert options == EconomicsOptions(
        pool_fee=0.015,
        heat_share=0.8,
        heat_price=0.07,
        solar_price=0.15,
        export_sensor="sensor.export",
    )
    await save(hass, entry, "miner", {"poll_interval": 20})
    assert entry.options["economics"] == form
    assert entry.options["plan"] == plan
    assert entry.options["poll_interval"] == 20
    shown = await open_step(hass, entry, "economics")
    schema = shown["data_schema"]
    assert schema is not None
    assert get_schema_suggested_value(schema.schema, "pool_fee") == 1.5
    await save(hass, entry, "economics", {})
    assert "economics" not in entry.options


async def test_choice_of_tariffs(
    hass: HomeAssistant, start_device: StartDevice, prices: OctopusServer
) -> None:
    """There is a choice where there are several tariffs, and none else."""
    entry = await add_miner(hass, await start_device("axeos-2.15"))
    await add_tariff(hass, prices, "C")
    shown = await open_step(hass, entry, "economics")
    assert shown["data_schema"] is not None
    assert "tariff" not in shown["data_schema"].schema
    second = await add_tariff(hass, prices, "A")
    await save(hass, entry, "economics", {"tariff": second.entry_id})
    assert economics_of(hass, entry).tariff_entry is second


async def test_power_of_a_miner_without_a_meter(
    hass: HomeAssistant, start_device: StartDevice
) -> None:
    """Whoever has a miner that does not tell its power may tell it."""
    device = await start_device("axeos-2.15")
    told = overridden(device)
    entry = await add_miner(hass, device)
    shown = await open_step(hass, entry, "miner")
    assert shown["data_schema"] is not None
    assert "power_draw" not in shown["data_schema"].schema
    told["power"] = None
    assert await hass.config_entries.async_unload(entry.entry_id)
    shown = await open_step(hass, entry, "miner")
    assert shown["data_schema"] is not None
    assert "power_draw" not in shown["data_schema"].schema
    await set_up(hass, entry)
    await save(hass, entry, "miner", {"poll_interval": 15, "power_draw": 17})
    assert economics_of(hass, entry).power == 17
    assert await hass.config_entries.async_unload(entry.entry_id)
    shown = await open_step(hass, entry, "miner")
    assert shown["data_schema"] is not None
    assert "power_draw" in shown["data_schema"].schema


async def test_deleted_tariff(
    hass: HomeAssistant, start_device: StartDevice, prices: OctopusServer
) -> None:
    """A tariff that was deleted is not suggested, as it could not be saved."""
    tariffs = [await add_tariff(hass, prices, region) for region in "CAB"]
    entry = await add_miner(
        hass,
        await start_device("axeos-2.15"),
        economics={"pool_fee": 2, "tariff": tariffs[2].entry_id},
    )
    for shown in (tariffs[2].entry_id, None):
        form = await open_step(hass, entry, "economics")
        assert form["data_schema"] is not None
        schema = form["data_schema"].schema
        assert get_schema_suggested_value(schema, "tariff") == shown
        assert get_schema_suggested_value(schema, "pool_fee") == 2
        if shown is not None:
            await hass.config_entries.async_remove(shown)
            await hass.async_block_till_done(wait_background_tasks=True)
