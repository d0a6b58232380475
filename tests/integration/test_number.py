"""Tests for frequency, core voltage, fan speed and target temperature."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.miner_controller.const import CONF_WIDE_RANGE, DOMAIN
from simulator.faults import Fault
from tests.devices import AXEOS_FIRMWARES, PROFILES, StartDevice

from . import (
    call,
    find_entity_id,
    full_state,
    overridden,
    poll,
    state,
    told_fields,
    writes,
)
from .conftest import AddMiner

SET = "number.set_value"


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("key", "setting", "values"),
    [
        ("frequency", "frequency", (525, 575)),
        ("core_voltage", "core_voltage", (1120, 1200)),
        ("fan_speed", "manual_fan", (0, 55, 100)),
    ],
)
async def test_set(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    key: str,
    setting: str,
    values: tuple[int, ...],
) -> None:
    """A value is written, stands on the device, and is shown from there."""
    device = await start_device(profile)
    entry = await add(device)
    for value in values:
        await call(hass, entry, key, SET, value=value)
        assert getattr(device.settings, setting) == value
        assert float(state(hass, entry, "number", key)) == value


@pytest.mark.parametrize("profile", PROFILES)
async def test_fan_speed_ends_the_automatic(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """A fixed fan speed switches the automatic fan off in the same write."""
    device = await start_device(profile)
    entry = await add(device)
    assert state(hass, entry, "switch", "automatic_fan") == "on"
    await call(hass, entry, "fan_speed", SET, value=70)
    assert not device.settings.autofan
    assert len(writes(device)) == 1
    assert state(hass, entry, "switch", "automatic_fan") == "off"


@pytest.mark.parametrize("profile", ["axeos-2.4", "axeos-2.10", "nerdqaxe-1.0.34"])
async def test_fan_speed_of_old_firmware(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """A firmware that tells no manual speed has none while the automatic is on."""
    entry = await add(await start_device(profile))
    assert state(hass, entry, "number", "fan_speed") == STATE_UNKNOWN


@pytest.mark.parametrize(
    ("profile", "setting", "value"),
    [
        *(
            (f"axeos-{firmware}", "target_temperature", value)
            for firmware in AXEOS_FIRMWARES
            if firmware not in ("2.4", "2.6")
            for value in (35, 66)
        ),
        ("nerdqaxe-1.0.30", "pid_target", 30),
        ("nerdqaxe-1.0.37", "pid_target", 70),
        ("nerdqaxe-1.1.0", "pid_target", 62),
    ],
)
async def test_target_temperature(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    setting: str,
    value: int,
) -> None:
    """The temperature that the automatic fan aims at can be set."""
    device = await start_device(profile)
    entry = await add(device)
    await call(hass, entry, "target_temperature", SET, value=value)
    assert getattr(device.settings, setting) == value
    assert float(state(hass, entry, "number", "target_temperature")) == value


@pytest.mark.parametrize("firmware", ["2.4", "2.6"])
async def test_no_target_temperature(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, firmware: str
) -> None:
    """A firmware with a fixed target has no number for it."""
    entry = await add(await start_device(f"axeos-{firmware}"))
    assert find_entity_id(hass, entry, "number", "target_temperature") is None


@pytest.mark.parametrize(
    ("profile", "board", "wide", "frequency", "core_voltage"),
    [
        ("axeos-2.15", "gamma601", False, (400, 625), (1000, 1250)),
        ("axeos-2.15", "gamma601", True, (400, 800), (1000, 1400)),
        ("axeos-2.4", "gamma601", False, (400, 625), (1000, 1250)),
        ("axeos-2.15", "supra401", False, (400, 575), (1100, 1300)),
        ("axeos-2.15", "supra401", True, (400, 575), (1100, 1300)),
        ("nerdqaxe-1.0.37", None, False, (500, 600), (1120, 1200)),
        ("nerdqaxe-1.0.37", None, True, (400, 800), (1000, 1400)),
    ],
)
async def test_ranges(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    board: str | None,
    wide: bool,
    frequency: tuple[int, int],
    core_voltage: tuple[int, int],
) -> None:
    """The miner's own ladder is the range, and the hard limits are if so wanted."""
    device = await start_device(profile, **({"board": board} if board else {}))
    entry = await add(device, **{CONF_WIDE_RANGE: wide})
    for key, setting, (least, most) in (
        ("frequency", "frequency", frequency),
        ("core_voltage", "core_voltage", core_voltage),
    ):
        attributes = full_state(hass, entry, "number", key).attributes
        assert (attributes["min"], attributes["max"]) == (least, most)
        assert attributes["step"] == 1
        for value in (least, most):
            await call(hass, entry, key, SET, value=value)
            assert getattr(device.settings, setting) == value


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("frequency", 399),
        ("frequency", 801),
        ("frequency", 65535),
        ("core_voltage", 999),
        ("core_voltage", 1401),
        ("fan_speed", 101),
        ("fan_speed", -1),
        ("target_temperature", 34),
        ("target_temperature", 67),
    ],
)
async def test_out_of_range(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    wide: bool,
    key: str,
    value: int,
) -> None:
    """Nothing outside the range is ever sent."""
    device = await start_device("axeos-2.15")
    entry = await add(device, **{CONF_WIDE_RANGE: wide})
    with pytest.raises(ServiceValidationError) as caught:
        await call(hass, entry, key, SET, value=value)
    assert caught.value.translation_key == "out_of_range"
    assert writes(device) == []


@pytest.mark.parametrize("profile", ["axeos-2.15", "nerdqaxe-1.0.37"])
async def test_read_from_the_device(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """What somebody changes on the miner itself is shown after the next poll."""
    device = await start_device(profile)
    entry = await add(device)
    device.settings.frequency = 550
    device.settings.core_voltage = 1130
    await poll(hass, freezer, device)
    assert float(state(hass, entry, "number", "frequency")) == 550
    assert float(state(hass, entry, "number", "core_voltage")) == 1130


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("frequency", 550),
        ("core_voltage", 1160),
        ("fan_speed", 50),
        ("target_temperature", 50),
    ],
)
@pytest.mark.parametrize(
    ("fault", "translation_key"),
    [(Fault.REFUSE, "cannot_connect"), (Fault.SERVER_ERROR, "invalid_reply")],
)
async def test_failure(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    key: str,
    value: int,
    fault: Fault,
    translation_key: str,
) -> None:
    """A write that fails is a translated error, and the value stays as it is."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    before = state(hass, entry, "number", key)
    await device.set_fault(fault)
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, entry, key, SET, value=value)
    assert caught.value.translation_domain == DOMAIN
    assert caught.value.translation_key == translation_key
    assert caught.value.translation_placeholders is not None
    assert caught.value.translation_placeholders["miner"] == "Bench"
    assert state(hass, entry, "number", key) == before


@pytest.mark.parametrize("profile", ["axeos-2.9", "axeos-2.15", "nerdqaxe-1.0.37"])
async def test_unknown_value(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """A setting that the miner does not tell is unknown."""
    device = await start_device(profile)
    entry = await add(device)
    overridden(device)["frequency"] = None
    await poll(hass, freezer, device)
    assert state(hass, entry, "number", "frequency") == STATE_UNKNOWN


@pytest.mark.parametrize("profile", ["avalon-nano3", "avalon-nano3s", "avalon-q"])
async def test_fan_speed_of_avalon(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """A fan speed is unknown until it was set, and setting it ends the automatic."""
    device = await start_device(profile)
    entry = await add(device)
    shown = full_state(hass, entry, "number", "fan_speed")
    assert shown.state == STATE_UNKNOWN
    assert (shown.attributes["min"], shown.attributes["max"]) == (15, 100)
    for value in (60, 100, 15):
        await call(hass, entry, "fan_speed", SET, value=value)
        assert device.state.fan == value
        assert state(hass, entry, "number", "fan_speed") == str(value)
        assert float(state(hass, entry, "sensor", "fan_speed")) == value
        assert state(hass, entry, "switch", "automatic_fan") == "off"
    device.requests.clear()
    for value in (14, 101):
        with pytest.raises(ServiceValidationError):
            await call(hass, entry, "fan_speed", SET, value=value)
    assert writes(device) == []


async def test_fan_speed_is_forgotten_with_a_restart(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What a miner was told before it restarted may not be true any more."""
    device = await start_device("avalon-nano3s")
    entry = await add(device)
    await call(hass, entry, "fan_speed", SET, value=70)
    device.reboot()
    await poll(hass, freezer, device)
    assert state(hass, entry, "number", "fan_speed") == STATE_UNKNOWN
    assert state(hass, entry, "switch", "automatic_fan") == STATE_UNKNOWN


@pytest.mark.parametrize(
    ("profile", "option"), [("avalon-mini3", "limittemp"), ("avalon-q", "target-temp")]
)
async def test_target_temperature_of_avalon(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    option: str,
) -> None:
    """The target is written with the option that the model has, and read back."""
    device = await start_device(profile)
    entry = await add(device)
    shown = full_state(hass, entry, "number", "target_temperature")
    assert (shown.attributes["min"], shown.attributes["max"]) == (50, 90)
    assert shown.attributes["unit_of_measurement"] == "°C"
    for value in (50, 72, 90):
        device.requests.clear()
        await call(hass, entry, "target_temperature", SET, value=value)
        assert writes(device) == [("ascset", f"0,{option},{value}")]
        assert device.state.target == value
        assert state(hass, entry, "number", "target_temperature") == str(value)
    with pytest.raises(ServiceValidationError):
        await call(hass, entry, "target_temperature", SET, value=91)
    assert device.state.target == 90


@pytest.mark.parametrize(
    ("profile", "key", "field", "told"),
    [
        ("avalon-nano3s", "fan_speed", "FanR", "40%"),
        ("avalon-q", "target_temperature", "TarT", "75"),
    ],
)
async def test_ignored_by_avalon(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    key: str,
    field: str,
    told: str,
) -> None:
    """A value that the miner says OK to and does not take is told as refused."""
    device = await start_device(profile)
    told_fields(device)[field] = told
    entry = await add(device)
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, entry, key, SET, value=80)
    assert caught.value.translation_key == "refused"
