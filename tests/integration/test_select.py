"""Tests for the work mode."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.miner_controller.const import DOMAIN
from simulator.faults import Fault
from tests.devices import PROFILES, StartDevice

from . import call, find_entity_id, full_state, overridden, poll, state, writes
from .conftest import AddMiner

SELECT = "select.select_option"

# The modes of each board with the pair that each stands for, in MHz and mV.
GAMMA = {
    "eco": (400, 1100),
    "standard": (525, 1150),
    "turbo": (575, 1200),
    "oc": (625, 1250),
}
SUPRA = {
    "eco": (400, 1100),
    "standard": (490, 1166),
    "turbo": (525, 1250),
    "oc": (575, 1300),
}
ULTRA = {
    "eco": (400, 1100),
    "standard": (485, 1200),
    "turbo": (525, 1250),
    "oc": (575, 1300),
}
NERDQAXE = {"eco": (500, 1120), "standard": (600, 1150)}


@pytest.mark.parametrize("profile", PROFILES)
async def test_select(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """Each mode sets the miner to its pair in one write and is read back."""
    device = await start_device(profile)
    modes = NERDQAXE if profile.startswith("nerdqaxe") else GAMMA
    entry = await add(device)
    shown = full_state(hass, entry, "select", "mode")
    assert shown.state == "standard"
    assert shown.attributes["options"] == list(modes)
    for mode in [*modes, "standard"]:
        device.requests.clear()
        await call(hass, entry, "mode", SELECT, option=mode)
        pair = (device.settings.frequency, device.settings.core_voltage)
        assert pair == modes[mode]
        assert state(hass, entry, "select", "mode") == mode
        assert len(writes(device)) <= 1


@pytest.mark.parametrize(("board", "modes"), [("supra401", SUPRA), ("ultra204", ULTRA)])
@pytest.mark.parametrize("firmware", ["2.4", "2.15"])
async def test_boards(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    board: str,
    firmware: str,
    modes: dict[str, tuple[int, int]],
) -> None:
    """Other boards have modes from their own ladder, told by it or not."""
    device = await start_device(f"axeos-{firmware}", board=board)
    entry = await add(device)
    shown = full_state(hass, entry, "select", "mode")
    assert shown.attributes["options"] == list(modes)
    for mode, pair in modes.items():
        await call(hass, entry, "mode", SELECT, option=mode)
        assert (device.settings.frequency, device.settings.core_voltage) == pair


@pytest.mark.parametrize("profile", ["axeos-2.4", "axeos-2.15", "nerdqaxe-1.0.37"])
async def test_custom(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """A pair of no mode is custom, which is an option only as long as it is true."""
    device = await start_device(profile)
    entry = await add(device)
    options = full_state(hass, entry, "select", "mode").attributes["options"]
    assert "custom" not in options
    with pytest.raises(ServiceValidationError):
        await call(hass, entry, "mode", SELECT, option="custom")

    device.settings.frequency = 550
    await poll(hass, freezer, device)
    shown = full_state(hass, entry, "select", "mode")
    assert shown.state == "custom"
    assert shown.attributes["options"] == [*options, "custom"]
    device.requests.clear()
    await call(hass, entry, "mode", SELECT, option="custom")
    assert writes(device) == []
    assert device.settings.frequency == 550

    await call(hass, entry, "mode", SELECT, option="eco")
    shown = full_state(hass, entry, "select", "mode")
    assert shown.state == "eco"
    assert shown.attributes["options"] == options


async def test_unknown(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Without the pair the mode is unknown, not custom."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    overridden(device)["coreVoltage"] = "much"
    await poll(hass, freezer, device)
    assert state(hass, entry, "select", "mode") == STATE_UNKNOWN


async def test_no_such_mode(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A mode that does not exist is refused before anything is sent."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    with pytest.raises(ServiceValidationError):
        await call(hass, entry, "mode", SELECT, option="ludicrous")
    assert writes(device) == []


async def test_no_modes(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A chip without a known ladder has no modes."""
    device = await start_device("axeos-2.6")
    overridden(device)["ASICModel"] = "BM9999"
    entry = await add(device)
    assert find_entity_id(hass, entry, "select", "mode") is None


@pytest.mark.parametrize("profile", ["axeos-2.15", "nerdqaxe-1.0.37"])
@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (Fault.REFUSE, "cannot_connect"),
        (Fault.CUT, "cannot_connect"),
        (Fault.SERVER_ERROR, "invalid_reply"),
        (Fault.UNAUTHORIZED, "access_refused"),
        (Fault.REDIRECT, "invalid_reply"),
        (Fault.GARBAGE, "invalid_reply"),
        (Fault.HUGE, "invalid_reply"),
    ],
)
async def test_failure(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    fault: Fault,
    key: str,
) -> None:
    """A write that fails is an error that names the miner and what went wrong."""
    device = await start_device(profile)
    entry = await add(device)
    await device.set_fault(fault)
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, entry, "mode", SELECT, option="eco")
    assert caught.value.translation_domain == DOMAIN
    assert caught.value.translation_key == key
    assert caught.value.translation_placeholders is not None
    assert caught.value.translation_placeholders["miner"] == "Bench"
    assert caught.value.translation_placeholders["error"]
    assert state(hass, entry, "select", "mode") == "standard"


@pytest.mark.parametrize("profile", ["axeos-2.4", "axeos-2.15", "nerdqaxe-1.0.37"])
async def test_silently_ignored(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """A write that the firmware says OK to and ignores is told as refused."""
    device = await start_device(profile)
    entry = await add(device)
    overridden(device)["frequency"] = device.settings.frequency
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, entry, "mode", SELECT, option="eco")
    assert caught.value.translation_key == "refused"
    assert caught.value.translation_placeholders is not None
    assert "frequency" in caught.value.translation_placeholders["error"]
