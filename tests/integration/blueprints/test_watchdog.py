"""Tests of the blueprint that restarts a miner, or cuts its power."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    ServiceCall,
    State,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import mock_restore_cache

from simulator.faults import Fault
from tests.devices import Device, StartDevice
from tests.integration import entity_id, overridden, state, writes
from tests.integration.conftest import AddMiner

from .arrangement import (
    AUTOMATION,
    act,
    automate,
    device_id,
    messages,
    pass_time,
    settle,
)

PLUG = "input_boolean.plug"
RESTART = ("POST", "/api/system/restart")


def restarts(device: Device) -> int:
    """Return how often a miner was told to restart."""
    return writes(device).count(RESTART)


async def test_restart_and_not_too_often(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
    logged: list[ServiceCall],
) -> None:
    """A miner that does no work is restarted, three times a day at most."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    await automate(hass, "watchdog", miner=device_id(hass, entry))
    told = overridden(device)

    told |= {"hashRate": 0}
    await pass_time(hass, freezer, 9)
    assert (restarts(device), messages(hass)) == (0, [])
    await pass_time(hass, freezer, 2)
    assert restarts(device) == 1
    assert messages(hass) == ["Bench does no work for 10 minutes. It is restarted."]
    told.clear()
    await pass_time(hass, freezer, 3, device)
    assert messages(hass) == ["Bench works again."]
    assert [call.data["message"] for call in logged] == [
        "does no work for 10 minutes and is restarted"
    ]

    # The next time is too soon, and a pause is nobody's fault.
    told |= {"hashRate": 0}
    await pass_time(hass, freezer, 450, step=30)
    assert restarts(device) == 1
    await pass_time(hass, freezer, 60, step=10)
    assert restarts(device) == 2
    assert messages(hass)[-1] == (
        "Bench does no work, and nothing helped. The next attempt is in 8.0 hours."
    )
    told.clear()
    await pass_time(hass, freezer, 3, device)
    await act(hass, "switch.turn_off", "switch.bench_mining")
    await pass_time(hass, freezer, 600, step=60)
    assert (restarts(device), messages(hass)) == (2, [])


async def test_power(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """A miner that does not answer loses its power for a moment, and gets it back."""
    assert await async_setup_component(
        hass, "input_boolean", {"input_boolean": {"plug": {"initial": True}}}
    )
    device = await start_device("axeos-2.15")
    entry = await add(device)
    switched: list[str] = []

    async def power(event: Event[EventStateChangedData]) -> None:
        new = event.data["new_state"]
        assert new is not None
        switched.append(new.state)
        if switched[-1] == "on":
            await device.set_fault(None)

    async_track_state_change_event(hass, PLUG, power)
    await automate(hass, "watchdog", miner=device_id(hass, entry), plug=[PLUG])

    await device.set_fault(Fault.REFUSE)
    await pass_time(hass, freezer, 11)
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    assert switched == ["off"]
    assert messages(hass) == ["Bench does not answer. Its power is cut for a moment."]
    await pass_time(hass, freezer, 3)
    assert switched == ["off", "on"]
    assert messages(hass) == ["Bench works again."]

    # A plug that somebody switched off stays off.
    await act(hass, "input_boolean.turn_off", PLUG)
    await device.set_fault(Fault.REFUSE)
    await pass_time(hass, freezer, 600, step=60)
    assert switched == ["off", "on", "off"]
    assert messages(hass) == []
    await settle(hass)


@pytest.mark.parametrize(("minutes", "expected"), [(2, "on"), (60, "off")])
async def test_restart_while_power_is_cut(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    minutes: int,
    expected: str,
) -> None:
    """A miner whose power was cut when Home Assistant ended gets it back."""
    assert await async_setup_component(
        hass, "input_boolean", {"input_boolean": {"plug": {"initial": False}}}
    )
    entry = await add(await start_device("axeos-2.15"))
    before = dt_util.utcnow() - timedelta(minutes=minutes)
    last = State(AUTOMATION, "on", {"last_triggered": before.isoformat()})
    mock_restore_cache(hass, [last])
    await automate(
        hass, "watchdog", starting=True, miner=device_id(hass, entry), plug=[PLUG]
    )
    plug = hass.states.get(PLUG)
    assert plug is not None
    assert plug.state == expected


async def test_plug_that_fails_once(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """A miner does not stay without power, and a fan's switch is not its rest."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    er.async_get(hass).async_update_entity(
        entity_id(hass, entry, "switch", "automatic_fan"),
        new_entity_id="switch.mining_rig_automatic_fan",
    )
    await hass.async_block_till_done()
    hass.states.async_set("switch.mining_rig_automatic_fan", "off")
    hass.states.async_set("switch.plug", "on")
    asked: list[str] = []

    async def switch(call: ServiceCall) -> None:
        asked.append(call.service)
        if asked.count("turn_on") == 1 and call.service == "turn_on":
            raise HomeAssistantError("out of reach")
        hass.states.async_set("switch.plug", call.service.removeprefix("turn_"))

    for service in ("turn_on", "turn_off"):
        hass.services.async_register("switch", service, switch)
    await automate(hass, "watchdog", miner=device_id(hass, entry), plug=["switch.plug"])
    await device.set_fault(Fault.REFUSE)
    await pass_time(hass, freezer, 13)
    assert asked == ["turn_off", "turn_on", "turn_on"]
    assert hass.states.is_state("switch.plug", "on")
