"""Tests for mining and the automatic fan."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.miner_controller.const import DOMAIN
from simulator.axeos import AxeOSDevice
from simulator.faults import Fault
from simulator.nerdqaxe import NerdQAxeDevice
from tests.devices import PROFILES, StartDevice

from . import call, find_entity_id, full_state, poll, poll_slowly, state, writes
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
