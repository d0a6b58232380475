"""Tests for clearing what an overheating left."""

import json

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.const import CONF_OVERHEAT, DOMAIN
from simulator.axeos import AxeOSDevice
from tests.devices import AXEOS_FIRMWARES, StartDevice

from . import call, poll, restart_home_assistant, state, writes
from .conftest import AddMiner

CLEAR = ("clear_overheat", "button.press")

# What the owner chose, which is no default of any firmware.
CHOSEN = (550, 1160)

# Up to 2.10 a Bitaxe stops for good; from 2.11 on it goes on by itself, slower.
STOPS = tuple(f for f in AXEOS_FIRMWARES if int(f.split(".")[1]) <= 10)
RECOVERS = tuple(f for f in AXEOS_FIRMWARES if f not in STOPS)


def pair(device: AxeOSDevice) -> tuple[float, int]:
    """Return the pair that a device is set to."""
    return device.settings.frequency, device.settings.core_voltage


async def start_chosen(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> tuple[AxeOSDevice, MockConfigEntry]:
    """Return a miner that works at the pair of its owner."""
    device = await start_device(profile)
    assert isinstance(device, AxeOSDevice)
    device.settings.frequency, device.settings.core_voltage = CHOSEN
    return device, await add(device)


async def overheat(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, device: AxeOSDevice
) -> None:
    """Let a device get too hot, and Home Assistant see it."""
    device.model.vr_temperature = 125.0
    device.advance(1)
    assert device.settings.overheat_mode
    await poll(hass, freezer)


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("firmware", STOPS)
async def test_stopped_for_good(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    firmware: str,
    restart: bool,
) -> None:
    """A miner that stopped is refused while hot and then gets its own pair back."""
    device, entry = await start_chosen(hass, start_device, add, f"axeos-{firmware}")
    await overheat(hass, freezer, device)
    assert state(hass, entry, "binary_sensor", "overheated") == "on"
    assert pair(device) != CHOSEN

    with pytest.raises(ServiceValidationError) as caught:
        await call(hass, entry, *CLEAR)
    assert caught.value.translation_domain == DOMAIN
    assert caught.value.translation_key == "still_hot"
    assert caught.value.translation_placeholders is not None
    assert caught.value.translation_placeholders["miner"] == "Bench"
    assert 90 <= int(caught.value.translation_placeholders["temperature"]) <= 125
    assert writes(device) == []
    assert device.settings.overheat_mode

    if restart:
        await restart_home_assistant(hass, entry)
    await poll(hass, freezer, device, seconds=600)
    assert state(hass, entry, "binary_sensor", "overheated") == "on"
    await call(hass, entry, *CLEAR)
    assert pair(device) == CHOSEN
    assert device.settings.autofan
    assert not device.settings.overheat_mode
    assert state(hass, entry, "binary_sensor", "overheated") == "off"
    assert state(hass, entry, "switch", "automatic_fan") == "on"
    await poll(hass, freezer, device)
    assert state(hass, entry, "binary_sensor", "hashing") == "on"


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("firmware", RECOVERS)
async def test_recovered_slower(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    firmware: str,
    restart: bool,
) -> None:
    """A miner that went on slower with its fan at full speed gets all of it back."""
    device, entry = await start_chosen(hass, start_device, add, f"axeos-{firmware}")
    await overheat(hass, freezer, device)
    assert state(hass, entry, "binary_sensor", "overheated") == "on"
    for _ in range(20):
        await poll(hass, freezer, device)
    assert pair(device) == (450, 1060)
    assert not device.settings.autofan
    assert state(hass, entry, "binary_sensor", "overheated") == "off"
    assert state(hass, entry, "binary_sensor", "hashing") == "on"

    if restart:
        await restart_home_assistant(hass, entry)
        await poll(hass, freezer, device)
    await call(hass, entry, *CLEAR)
    assert pair(device) == CHOSEN
    assert device.settings.autofan
    assert state(hass, entry, "switch", "automatic_fan") == "on"


async def test_twice(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A second overheating at the lower pair still leads back to the chosen one."""
    device, entry = await start_chosen(hass, start_device, add, "axeos-2.15")
    for _ in range(2):
        await overheat(hass, freezer, device)
        for _ in range(20):
            await poll(hass, freezer, device)
    assert pair(device) == (350, 960)
    await call(hass, entry, *CLEAR)
    assert pair(device) == CHOSEN


async def test_pair_that_was_changed_since(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A pair that the owner chose after an overheating is the one that counts."""
    device, entry = await start_chosen(hass, start_device, add, "axeos-2.15")
    await overheat(hass, freezer, device)
    for _ in range(20):
        await poll(hass, freezer, device)
    await call(hass, entry, "mode", "select.select_option", option="eco")
    await poll(hass, freezer, device)
    await call(hass, entry, *CLEAR)
    assert pair(device) == (400, 1100)


@pytest.mark.parametrize("firmware", ["2.4", "2.15"])
async def test_never_seen_working(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    firmware: str,
) -> None:
    """A miner that was added while it was stopped gets its default pair."""
    device = await start_device(f"axeos-{firmware}")
    assert isinstance(device, AxeOSDevice)
    device.model.vr_temperature = 125.0
    device.advance(1)
    entry = await add(device)
    device.model.vr_temperature = 60.0
    await call(hass, entry, *CLEAR)
    assert pair(device) == (525, 1150)


@pytest.mark.parametrize("temperature", [66.0, 74.0])
async def test_hot_chip(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    temperature: float,
) -> None:
    """A hot chip counts where it can be read."""
    device = await start_device("axeos-2.15", board="supra401")
    assert isinstance(device, AxeOSDevice)
    entry = await add(device)
    device.model.chip_temperature = temperature
    with pytest.raises(ServiceValidationError) as caught:
        await call(hass, entry, *CLEAR)
    assert caught.value.translation_placeholders is not None
    shown = float(caught.value.translation_placeholders["temperature"])
    assert shown == pytest.approx(temperature, abs=1)
    assert writes(device) == []


async def test_memory_survives_storage(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What is remembered is stored with the entry, in a form that JSON keeps."""
    device, entry = await start_chosen(hass, start_device, add, "axeos-2.15")
    await overheat(hass, freezer, device)
    stored = entry.data[CONF_OVERHEAT]
    assert json.loads(json.dumps(dict(stored))) == stored
    assert stored["good"] == [550, 1.16]
    assert stored["overheated"] is True


@pytest.mark.parametrize("firmware", ["2.4", "2.15"])
async def test_nothing_stored_while_it_stays(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    firmware: str,
) -> None:
    """A miner that works on at its pair does not change its entry with each poll."""
    device, entry = await start_chosen(hass, start_device, add, f"axeos-{firmware}")
    await poll(hass, freezer, device)
    before = entry.modified_at
    for _ in range(5):
        await poll(hass, freezer, device)
    assert entry.modified_at == before
