"""Tests for mining and the automatic fan."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.miner_controller.const import DOMAIN
from simulator.axeos import AxeOSDevice
from simulator.faults import Fault
from simulator.nerdqaxe import NerdQAxeDevice
from tests.devices import PROFILES, StartDevice

from . import (
    call,
    find_entity_id,
    full_state,
    poll,
    poll_slowly,
    state,
    told_fields,
    writes,
)
from .conftest import AddMiner

ON = "switch.turn_on"
OFF = "switch.turn_off"


@pytest.mark.parametrize("profile", ["axeos-2.14", "axeos-2.15"])
async def test_pause(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """A Bitaxe is paused and resumed at once."""
    device = await start_device(profile)
    assert isinstance(device, AxeOSDevice)
    entry = await add(device)
    await call(hass, entry, "mining", OFF)
    assert device.state.paused
    assert state(hass, entry, "switch", "mining") == "off"
    assert state(hass, entry, "binary_sensor", "hashing") == "off"
    assert writes(device) == [("POST", "/api/system/pause")]
    await poll(hass, freezer, device)
    assert float(state(hass, entry, "sensor", "power")) < 6

    await call(hass, entry, "mining", ON)
    assert not device.state.paused
    assert state(hass, entry, "switch", "mining") == "on"
    await poll(hass, freezer, device)
    assert state(hass, entry, "binary_sensor", "hashing") == "on"


@pytest.mark.parametrize("profile", ["nerdqaxe-1.0.37", "nerdqaxe-1.1.0"])
async def test_shutdown(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """A NerdQAxe++ is shut down, and restarted to mine again, as its name says."""
    device = await start_device(profile)
    assert isinstance(device, NerdQAxeDevice)
    entry = await add(device)
    name = full_state(hass, entry, "switch", "mining").attributes["friendly_name"]
    assert "restart" in name
    await call(hass, entry, "mining", OFF)
    assert device.state.shutdown
    assert state(hass, entry, "switch", "mining") == "off"
    assert state(hass, entry, "binary_sensor", "hashing") == "off"
    await poll(hass, freezer, device)
    assert state(hass, entry, "switch", "mining") == "off"

    await call(hass, entry, "mining", ON)
    assert writes(device)[-1] == ("POST", "/api/system/restart")
    assert not device.state.shutdown
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    for _ in range(2):
        await poll(hass, freezer, device)
    assert state(hass, entry, "switch", "mining") == "on"
    assert state(hass, entry, "binary_sensor", "hashing") == "on"


@pytest.mark.parametrize("profile", ["axeos-2.13", "nerdqaxe-1.0.35"])
async def test_no_pause(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """A firmware without the command has no switch for it."""
    entry = await add(await start_device(profile))
    assert find_entity_id(hass, entry, "switch", "mining") is None


@pytest.mark.parametrize("profile", PROFILES)
async def test_automatic_fan(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """The automatic fan is switched off and on again, in the mode it was in."""
    device = await start_device(profile)
    entry = await add(device)
    before = device.settings.autofan
    assert before
    await call(hass, entry, "automatic_fan", OFF)
    assert device.settings.autofan == 0
    assert state(hass, entry, "switch", "automatic_fan") == "off"
    await call(hass, entry, "automatic_fan", ON)
    assert device.settings.autofan == before
    assert state(hass, entry, "switch", "automatic_fan") == "on"


@pytest.mark.parametrize("mode", [1, 2, 3])
async def test_fan_mode_is_kept(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    mode: int,
) -> None:
    """A NerdQAxe++ goes back to the kind of automatic that its owner chose."""
    device = await start_device("nerdqaxe-1.0.37")
    device.settings.autofan = mode
    entry = await add(device)
    await call(hass, entry, "automatic_fan", OFF)
    await poll(hass, freezer, device)
    await call(hass, entry, "automatic_fan", ON)
    assert device.settings.autofan == mode


async def test_fan_mode_that_was_never_seen(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A NerdQAxe++ that was manual from the start gets the best automatic it has."""
    device = await start_device("nerdqaxe-1.0.37")
    device.settings.autofan = 0
    entry = await add(device)
    await call(hass, entry, "automatic_fan", ON)
    assert device.settings.autofan == 2


@pytest.mark.parametrize(
    ("profile", "key"),
    [
        ("axeos-2.15", "mining"),
        ("axeos-2.15", "automatic_fan"),
        ("nerdqaxe-1.0.37", "mining"),
        ("nerdqaxe-1.0.37", "automatic_fan"),
    ],
)
async def test_same_state(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    key: str,
) -> None:
    """Switching on what is on sends nothing, least of all a restart."""
    device = await start_device(profile)
    entry = await add(device)
    await call(hass, entry, key, ON)
    assert writes(device) == []
    await call(hass, entry, key, OFF)
    assert len(writes(device)) == 1
    await call(hass, entry, key, OFF)
    assert len(writes(device)) == 1


@pytest.mark.parametrize(
    ("profile", "key"),
    [
        ("axeos-2.15", "mining"),
        ("axeos-2.15", "automatic_fan"),
        ("nerdqaxe-1.0.37", "mining"),
        ("nerdqaxe-1.0.37", "automatic_fan"),
    ],
)
@pytest.mark.parametrize(
    ("fault", "translation_key"),
    [
        (Fault.REFUSE, "cannot_connect"),
        (Fault.SERVER_ERROR, "invalid_reply"),
        (Fault.GARBAGE, "invalid_reply"),
    ],
)
async def test_failure(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    key: str,
    fault: Fault,
    translation_key: str,
) -> None:
    """A command that fails is a translated error, and the switch stays as it is."""
    device = await start_device(profile)
    entry = await add(device)
    await device.set_fault(fault)
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, entry, key, OFF)
    assert caught.value.translation_domain == DOMAIN
    assert caught.value.translation_key == translation_key
    assert caught.value.translation_placeholders is not None
    assert caught.value.translation_placeholders["miner"] == "Bench"
    assert state(hass, entry, "switch", key) == "on"


async def test_timeout(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A command that the miner never answers ends after the time limit."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    await device.set_fault(Fault.HANG)
    command = hass.async_create_task(call(hass, entry, "mining", OFF))
    await poll_slowly(hass, freezer, device, seconds=0, waits=(6,))
    with pytest.raises(HomeAssistantError) as caught:
        await command
    assert caught.value.translation_key == "timeout"


@pytest.mark.parametrize("profile", ["avalon-mini3", "avalon-q"])
async def test_soft_off(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """A large Avalon stops its work and takes it up again, by its own clock."""
    device = await start_device(profile)
    device.clock_offset = -7200
    entry = await add(device)
    assert state(hass, entry, "switch", "mining") == "on"
    await call(hass, entry, "mining", OFF)
    assert device.state.soft_off
    ((name, parameter),) = writes(device)
    assert (name, parameter.rpartition(":")[0]) == ("ascset", "0,softoff,1")
    assert state(hass, entry, "switch", "mining") == "off"
    assert state(hass, entry, "binary_sensor", "hashing") == "off"
    assert state(hass, entry, "binary_sensor", "calibrating") == "off"
    # It goes on telling what it drew before.
    for _ in range(2):
        assert state(hass, entry, "sensor", "power") == STATE_UNKNOWN
        assert state(hass, entry, "sensor", "efficiency") == STATE_UNKNOWN
        await poll(hass, freezer, device)
    await call(hass, entry, "mining", ON)
    assert not device.state.soft_off
    assert state(hass, entry, "switch", "mining") == "on"
    for _ in range(2):
        await poll(hass, freezer, device)
    assert state(hass, entry, "binary_sensor", "hashing") == "on"
    assert float(state(hass, entry, "sensor", "power")) > 400
    # What is on already is not switched on again.
    device.requests.clear()
    await call(hass, entry, "mining", ON)
    assert writes(device) == []


async def test_soft_off_elsewhere(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A miner that was switched off in its own app shows as off."""
    device = await start_device("avalon-q")
    entry = await add(device)
    device.state.soft_off = True
    await poll(hass, freezer, device)
    assert state(hass, entry, "switch", "mining") == "off"
    assert state(hass, entry, "binary_sensor", "hashing") == "off"


async def test_soft_off_that_does_not_come(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A miner that says it will stop and goes on is told as refused."""
    device = await start_device("avalon-mini3")
    told_fields(device)["SoftOFF"] = 0
    entry = await add(device)
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, entry, "mining", OFF)
    assert caught.value.translation_key == "refused"
    assert state(hass, entry, "switch", "mining") == "on"


@pytest.mark.parametrize(
    "profile", ["avalon-nano3", "avalon-nano3s", "cgminer-4.11:privileged"]
)
async def test_no_soft_off(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """What has no soft off has no switch for it."""
    entry = await add(await start_device(profile))
    assert find_entity_id(hass, entry, "switch", "mining") is None


@pytest.mark.parametrize("profile", ["avalon-nano3", "avalon-nano3s", "avalon-q"])
async def test_automatic_fan_of_avalon(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """How the fan is run is unknown until it was told, and both can be chosen.

    What it was told may have been changed elsewhere, so it is always told again.
    """
    device = await start_device(profile)
    entry = await add(device)
    shown = full_state(hass, entry, "switch", "automatic_fan")
    assert shown.state == STATE_UNKNOWN
    assert shown.attributes["assumed_state"] is True

    await call(hass, entry, "automatic_fan", ON)
    assert writes(device) == [("ascset", "0,fan-spd,-1")]
    shown = full_state(hass, entry, "switch", "automatic_fan")
    assert shown.state == "on"
    assert shown.attributes["assumed_state"] is True
    device.state.fan = 40
    await call(hass, entry, "automatic_fan", ON)
    assert device.state.fan == -1
    assert state(hass, entry, "number", "fan_speed") == STATE_UNKNOWN

    present = round(float(state(hass, entry, "sensor", "fan_speed")))
    await call(hass, entry, "automatic_fan", OFF)
    # The fan keeps the speed that it has.
    assert abs(device.state.fan - present) <= 2
    assert state(hass, entry, "switch", "automatic_fan") == "off"
    assert state(hass, entry, "number", "fan_speed") == str(device.state.fan)
    await call(hass, entry, "automatic_fan", ON)
    assert device.state.fan == -1
    assert state(hass, entry, "switch", "automatic_fan") == "on"


async def test_automatic_fan_is_switched_off_first(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A fan that is run by hand never goes below what is safe."""
    device = await start_device("avalon-nano3s")
    told_fields(device)["FanR"] = "3%"
    entry = await add(device)
    with pytest.raises(HomeAssistantError):
        # The miner tells the same speed all the time, so the change does not show.
        await call(hass, entry, "automatic_fan", OFF)
    assert device.state.fan == 15
