"""Tests for the switch that feeds a miner."""

from datetime import timedelta
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.miner_controller.const import CONF_POWER_SWITCH, DOMAIN
from simulator.faults import Fault
from tests.devices import StartDevice

from . import (
    all_states,
    overridden,
    poll,
    polls,
    restart_home_assistant,
    state,
)
from .conftest import AddMiner

PLUG = "switch.plug"
LINKED = {CONF_POWER_SWITCH: PLUG}


@pytest.fixture(autouse=True)
def plug(hass: HomeAssistant) -> None:
    """Provide a plug that is on."""
    hass.states.async_set(PLUG, "on")


async def switch(hass: HomeAssistant, to: str) -> None:
    """Switch the plug."""
    hass.states.async_set(PLUG, to)
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("profile", ["axeos-2.15", "nerdqaxe-1.0.37"])
async def test_switched_off(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """A miner whose power is off draws 0 W, keeps its energy, and is no problem."""
    device = await start_device(profile)
    overridden(device)["power"] = 3600
    entry = await add(device, **LINKED)
    await poll(hass, freezer, device)
    assert state(hass, entry, "sensor", "power") == "3600"
    assert state(hass, entry, "sensor", "energy") == "0.015"

    await switch(hass, "off")
    await device.set_fault(Fault.REFUSE)
    await poll(hass, freezer, device)
    await poll(hass, freezer, device, seconds=60)
    assert state(hass, entry, "sensor", "power") == "0"
    total = state(hass, entry, "sensor", "energy")
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    assert {
        name
        for name, shown in all_states(hass, entry).items()
        if shown.state != STATE_UNAVAILABLE
    } == {
        "binary_sensor reachable",
        "event activity",
        "sensor energy",
        "sensor power",
    }
    assert not [key for key in ir.async_get(hass).issues if key[0] == DOMAIN]
    assert entry.runtime_data.update_interval == timedelta(seconds=60)

    await poll(hass, freezer, device, seconds=60)
    assert state(hass, entry, "sensor", "energy") == total


async def test_away_while_switched_on(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The absence of a miner whose power is on leaves its power unknown."""
    device = await start_device("axeos-2.15")
    entry = await add(device, **LINKED)
    await device.set_fault(Fault.REFUSE)
    await poll(hass, freezer, device)
    assert state(hass, entry, "sensor", "power") == STATE_UNAVAILABLE


async def test_expected_absence_in_the_log(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An absence that the switch explains is told once, and not as an error."""
    device = await start_device("axeos-2.15")
    await add(device, **LINKED)
    await switch(hass, "off")
    await device.set_fault(Fault.REFUSE)
    caplog.clear()
    for _ in range(3):
        await poll(hass, freezer, device, seconds=60)
    lines = [
        record
        for record in caplog.records
        if record.name.startswith("custom_components.miner_controller")
        and record.levelno > logging.DEBUG
    ]
    assert [record.levelno for record in lines] == [logging.INFO]
    assert "Bench" in lines[0].getMessage()


@pytest.mark.parametrize("plug_state", ["unavailable", "unknown"])
async def test_plug_that_is_away(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    plug_state: str,
) -> None:
    """A plug that does not tell its state explains nothing."""
    device = await start_device("axeos-2.15")
    entry = await add(device, **LINKED)
    await switch(hass, plug_state)
    await device.set_fault(Fault.REFUSE)
    await poll(hass, freezer, device)
    assert state(hass, entry, "sensor", "power") == STATE_UNAVAILABLE


async def test_removed_plug(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A plug that was removed explains nothing, and disturbs nothing."""
    device = await start_device("axeos-2.15")
    entry = await add(device, **LINKED)
    hass.states.async_remove(PLUG)
    await hass.async_block_till_done()
    assert float(state(hass, entry, "sensor", "power")) > 0
    await device.set_fault(Fault.REFUSE)
    await poll(hass, freezer, device)
    assert state(hass, entry, "sensor", "power") == STATE_UNAVAILABLE


async def test_switched_off_while_away(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The power follows the switch at once when the miner is away already."""
    device = await start_device("axeos-2.15")
    entry = await add(device, **LINKED)
    await device.set_fault(Fault.REFUSE)
    await poll(hass, freezer, device)
    await switch(hass, "off")
    assert state(hass, entry, "sensor", "power") == "0"


async def test_answers_although_switched_off(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What a miner says counts more than what its switch says."""
    device = await start_device("axeos-2.15")
    entry = await add(device, **LINKED)
    await switch(hass, "off")
    await poll(hass, freezer, device)
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert float(state(hass, entry, "sensor", "power")) > 0


async def test_switched_on_again(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A miner whose power is back is asked at once and at the normal interval."""
    device = await start_device("axeos-2.15")
    entry = await add(device, **LINKED)
    await switch(hass, "off")
    await device.set_fault(Fault.SERVER_ERROR)
    await poll(hass, freezer, device)
    await poll(hass, freezer, device, seconds=60)
    before = polls(device)
    await switch(hass, "on")
    assert polls(device) > before
    assert state(hass, entry, "sensor", "power") == STATE_UNAVAILABLE
    before = polls(device)
    await poll(hass, freezer, device)
    assert polls(device) > before
    await device.set_fault(None)
    await poll(hass, freezer, device)
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert float(state(hass, entry, "sensor", "power")) > 0


async def test_no_return_after_switching_on(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A miner that does not come back after two minutes is asked every minute."""
    device = await start_device("axeos-2.15")
    entry = await add(device, **LINKED)
    await switch(hass, "off")
    await device.set_fault(Fault.SERVER_ERROR)
    await poll(hass, freezer, device)
    await switch(hass, "on")
    for _ in range(8):
        await poll(hass, freezer, device)
    assert entry.runtime_data.update_interval == timedelta(seconds=60)


async def test_attribute_of_the_plug(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A plug that stays on and changes an attribute causes no poll."""
    device = await start_device("axeos-2.15")
    await add(device, **LINKED)
    before = polls(device)
    hass.states.async_set(PLUG, "on", {"current": 1.5})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert polls(device) == before


async def test_start_while_switched_off(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A miner whose power is off when Home Assistant starts draws 0 W."""
    device = await start_device("axeos-2.15")
    entry = await add(device, **LINKED)
    await switch(hass, "off")
    await device.set_fault(Fault.REFUSE)
    await restart_home_assistant(hass, entry)
    assert state(hass, entry, "sensor", "power") == "0"
    await device.set_fault(None)
    await switch(hass, "on")
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert float(state(hass, entry, "sensor", "power")) > 0


async def test_unload(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """The plug of a miner that was unloaded is not followed any more."""
    device = await start_device("axeos-2.15")
    entry = await add(device, **LINKED)
    await hass.config_entries.async_unload(entry.entry_id)
    await switch(hass, "off")
    before = polls(device)
    await switch(hass, "on")
    assert polls(device) == before


async def test_power_falls_at_once(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A plug that goes off ends power and energy without waiting for a poll."""
    device = await start_device("axeos-2.15")
    overridden(device)["power"] = 3600
    entry = await add(device, **LINKED, poll_interval=600)
    before = state(hass, entry, "sensor", "energy")
    await device.set_fault(Fault.REFUSE)
    await switch(hass, "off")
    assert state(hass, entry, "sensor", "power") == "0"
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    await poll(hass, freezer, device, seconds=600)
    assert state(hass, entry, "sensor", "energy") == before
