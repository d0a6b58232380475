"""Tests for sensors and binary sensors."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from simulator.axeos import AxeOSDevice
from tests.devices import PROFILES, StartDevice

from . import all_states, full_state, overridden, poll, state
from .conftest import AddMiner


@pytest.mark.parametrize("profile", PROFILES)
async def test_no_change_without_a_change(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    entity_registry_enabled_by_default: None,
    profile: str,
) -> None:
    """A poll in which nothing changed changes no state, not even the uptime."""
    device = await start_device(profile)
    await add(device)
    events = async_capture_events(hass, EVENT_STATE_CHANGED)
    before = len(device.requests)
    # The clock of the device stands still, so its uptime seems to lag behind.
    await poll(hass, freezer)
    assert len(device.requests) == before + 1
    assert [event.data["entity_id"] for event in events] == []


async def test_uptime_is_stable(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The time of the start stays the same while the miner runs, and follows it."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    before = state(hass, entry, "sensor", "uptime")
    for _ in range(40):
        await poll(hass, freezer, device, seconds=15.4)
    assert state(hass, entry, "sensor", "uptime") == before
    device.reboot()
    await poll(hass, freezer, device)
    assert state(hass, entry, "sensor", "uptime") > before


async def test_true_numbers(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    entity_registry_enabled_by_default: None,
) -> None:
    """Each sensor shows its own field in its own unit."""
    device = await start_device("axeos-2.15")
    overridden(device).update(
        {
            "hashRate": 1070,
            "hashRate_10m": 1061,
            "power": 17.300000190734863,
            "temp": 58.125,
            "vrTemp": 61.5,
            "fanspeed": 43,
            "fanrpm": 3120,
            "voltage": 5140.625,
            "coreVoltageActual": 1147,
            "actualFrequency": 524.5,
            "sharesAccepted": 990,
            "sharesRejected": 10,
            "bestDiff": 4_290_000_000,
            "bestSessionDiff": 1_234_567,
            "errorPercentage": 0.1234,
            "blockFound": 1,
        }
    )
    entry = await add(device)
    expected = {
        "hashrate": (1.07, "TH/s"),
        "hashrate_average": (1.061, "TH/s"),
        "expected_hashrate": (1.071, "TH/s"),
        "power": (17.3, "W"),
        "efficiency": (16.3, "J/TH"),
        "temperature": (58.1, "°C"),
        "vr_temperature": (61.5, "°C"),
        "fan_speed": (43, "%"),
        "fan_rpm": (3120, "rpm"),
        "input_voltage": (5.14, "V"),
        "core_voltage": (1147.0, "mV"),
        "frequency": (524.5, "MHz"),
        "shares_accepted": (990, "shares"),
        "shares_rejected": (10, "shares"),
        "reject_rate": (1.0, "%"),
        "best_difficulty": (4290000000, None),
        "best_session_difficulty": (1234567, None),
        "error_rate": (0.12, "%"),
        "blocks_found": (1, "blocks"),
    }
    shown = all_states(hass, entry)
    found = {
        key: (
            float(shown[f"sensor {key}"].state),
            shown[f"sensor {key}"].attributes.get("unit_of_measurement"),
        )
        for key in expected
    }
    assert found == expected


async def test_shares_after_a_restart(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The shares go back to zero with the miner, which a rising total allows."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    assert int(state(hass, entry, "sensor", "shares_accepted")) > 10
    device.reboot()
    await poll(hass, freezer)
    shown = full_state(hass, entry, "sensor", "shares_accepted")
    assert shown.state == "0"
    assert shown.attributes["state_class"] == "total_increasing"
    assert state(hass, entry, "sensor", "reject_rate") == STATE_UNKNOWN


async def test_state_classes(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    entity_registry_enabled_by_default: None,
) -> None:
    """Every number has a state class, and only counters are totals."""
    entry = await add(await start_device("axeos-2.15"))
    without = set()
    totals = set()
    for name, shown in all_states(hass, entry).items():
        domain, key = name.split()
        if domain != "sensor":
            continue
        state_class = shown.attributes.get("state_class")
        if state_class is None:
            without.add(key)
        elif state_class != "measurement":
            totals.add(key)
            assert state_class == "total_increasing"
    assert without == {"active_pool", "block_height", "reset_reason", "uptime"}
    assert totals == {"blocks_found", "energy", "shares_accepted", "shares_rejected"}


async def test_reject_reasons(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """The reasons for rejected shares are an attribute with their counts."""
    device = await start_device("axeos-2.15")
    overridden(device)["sharesRejectedReasons"] = [
        {"message": "Stale share", "count": 3},
        {"message": "Above target", "count": 1},
        {"message": "", "count": 1},
        {"message": "Duplicate share", "count": "many"},
    ]
    entry = await add(device)
    shown = full_state(hass, entry, "sensor", "shares_rejected")
    assert shown.attributes["reasons"] == {"Stale share": 3, "Above target": 1}


async def test_no_reject_reasons(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A firmware that tells no reasons has no attribute for them."""
    entry = await add(await start_device("nerdqaxe-1.0.37"))
    shown = full_state(hass, entry, "sensor", "shares_rejected")
    assert "reasons" not in shown.attributes


async def test_hashing_without_a_hashrate(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Where the hashrate is not known, new shares tell that the miner works."""
    device = await start_device("axeos-2.15")
    told = overridden(device)
    told["hashRate"] = 1e12
    told["sharesAccepted"] = 5
    entry = await add(device)
    assert state(hass, entry, "binary_sensor", "hashing") == STATE_UNKNOWN
    told["sharesAccepted"] = 6
    await poll(hass, freezer, device)
    assert state(hass, entry, "binary_sensor", "hashing") == "on"
    await poll(hass, freezer, device)
    assert state(hass, entry, "binary_sensor", "hashing") == STATE_UNKNOWN


@pytest.mark.parametrize("profile", ["axeos-2.15", "nerdqaxe-1.0.37"])
async def test_answering_is_not_hashing(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """A miner that answers without a hashrate is reachable and does not work."""
    device = await start_device(profile)
    entry = await add(device)
    assert state(hass, entry, "binary_sensor", "hashing") == "on"
    overridden(device)["hashRate"] = 0
    await poll(hass, freezer, device)
    assert state(hass, entry, "binary_sensor", "hashing") == "off"
    assert state(hass, entry, "binary_sensor", "reachable") == "on"


async def test_faults(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A fault of the hardware is shown while the firmware tells it."""
    device = await start_device("axeos-2.15")
    assert isinstance(device, AxeOSDevice)
    entry = await add(device)
    assert state(hass, entry, "binary_sensor", "power_fault") == "off"
    assert state(hass, entry, "binary_sensor", "hardware_fault") == "off"
    device.model.power_fault = "VCORE fault"
    device.model.hardware_fault = "No ASIC"
    await poll(hass, freezer, device)
    assert state(hass, entry, "binary_sensor", "power_fault") == "on"
    assert state(hass, entry, "binary_sensor", "hardware_fault") == "on"
    device.model.power_fault = device.model.hardware_fault = None
    await poll(hass, freezer, device)
    assert state(hass, entry, "binary_sensor", "power_fault") == "off"


@pytest.mark.parametrize("profile", ["axeos-2.4", "axeos-2.15", "nerdqaxe-1.0.37"])
async def test_overheated(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """A miner that stopped because it is too hot says so and does not work."""
    device = await start_device(profile)
    entry = await add(device)
    assert state(hass, entry, "binary_sensor", "overheated") == "off"
    device.model.chip_temperature = 90.0
    device.advance(1)
    await poll(hass, freezer)
    assert state(hass, entry, "binary_sensor", "overheated") == "on"
    assert state(hass, entry, "binary_sensor", "hashing") == "off"


@pytest.mark.parametrize(
    ("profile", "key", "sentinel"),
    [
        ("axeos-2.15", "temp", -1),
        ("axeos-2.15", "vrTemp", 0),
        ("axeos-2.15", "wifiRSSI", -90),
        ("nerdqaxe-1.0.37", "temp", 0),
    ],
)
async def test_no_false_reading(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    entity_registry_enabled_by_default: None,
    profile: str,
    key: str,
    sentinel: int,
) -> None:
    """What a firmware sends for a missing sensor is shown as unknown."""
    device = await start_device(profile)
    entry = await add(device)
    overridden(device)[key] = sentinel
    await poll(hass, freezer, device)
    sensors = {
        "temp": "temperature",
        "vrTemp": "vr_temperature",
        "wifiRSSI": "signal_strength",
    }
    assert state(hass, entry, "sensor", sensors[key]) == STATE_UNKNOWN
