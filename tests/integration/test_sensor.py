"""Tests for sensors and binary sensors."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from simulator.axeos import AxeOSDevice
from tests.devices import AVALON_PROFILES, CGMINER_PROFILES, PROFILES, StartDevice

from . import (
    all_states,
    call,
    entity_id,
    find_entity_id,
    full_state,
    overridden,
    poll,
    start_on_time,
    state,
    told_fields,
)
from .conftest import AddMiner

MIDDAY = "2026-11-22T12:00:00+00:00"


@pytest.mark.parametrize("profile", [*PROFILES, *CGMINER_PROFILES])
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
    entry = await add(device)
    events = async_capture_events(hass, EVENT_STATE_CHANGED)
    before = len(device.requests)
    # The clock of the device stands still, so its uptime seems to lag behind.
    await poll(hass, freezer)
    assert len(device.requests) == before + 1
    changed = {event.data["entity_id"] for event in events}
    # Only what adds up goes on, where a poll is worth a Wh.
    assert changed <= {find_entity_id(hass, entry, "sensor", "energy")}


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


def number(
    hass: HomeAssistant, entry: MockConfigEntry, key: str
) -> tuple[float, str | None]:
    """Return the value and the unit of a sensor."""
    shown = full_state(hass, entry, "sensor", key)
    return float(shown.state), shown.attributes.get("unit_of_measurement")


@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_true_numbers_of_avalon(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    entity_registry_enabled_by_default: None,
    profile: str,
) -> None:
    """Each sensor of an Avalon shows its own field in its own unit."""
    device = await start_device(profile)
    supply = (
        "0 0 0 0 2765 93 399" if profile == "avalon-nano3" else "0 0 27650 5 88 2 93"
    )
    told = told_fields(device)
    told.update(
        {
            "PS": supply,
            "MPO": 133,
            "GHSspd": "3100.04",
            "GHSavg": "3000.00",
            "GHSmm": "9999.99",
            "TAvg": 85,
            "TMax": 91,
            "OTemp": 41,
            "FanR": "36%",
            "Fan1": 1620,
            "DH": "2.345%",
            "PING": 27,
        }
    )
    if profile == "avalon-q":
        # The sensors of the board stand in where there are none for the air.
        told.update({"ITemp": -273, "HBITemp": 33})
    entry = await add(device)
    expected = {
        "power": (93, "W"),
        "power_limit": (133, "W"),
        "hashrate": (3.1, "TH/s"),
        "hashrate_average": (3.0, "TH/s"),
        # What it draws now for what it does now.
        "efficiency": (30.0, "J/TH"),
        "temperature": (85, "°C"),
        "temperature_max": (91, "°C"),
        "outlet_temperature": (41, "°C"),
        "fan_speed": (36, "%"),
        "fan_rpm": (1620, "rpm"),
        "error_rate": (2.345, "%"),
        "pool_latency": (27, "ms"),
    }
    if profile in ("avalon-nano3", "avalon-nano3s"):
        expected["input_voltage"] = (27.65, "V")
    if profile == "avalon-q":
        expected["inlet_temperature"] = (33, "°C")
    assert {key: number(hass, entry, key) for key in expected} == expected


@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_power_without_a_reading(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """Neither the limit nor a value that cannot be stands in for the power."""
    device = await start_device(profile)
    told = told_fields(device)
    entry = await add(device)
    limit = state(hass, entry, "sensor", "power_limit")
    for supply in (
        "",
        "0",
        "0 0 0 0 0 0 0",
        "0 0 27000 5 1 99999 99999",
        "x x x x x x x",
    ):
        told["PS"] = supply
        await poll(hass, freezer, device)
        assert state(hass, entry, "sensor", "power") == STATE_UNKNOWN
        assert state(hass, entry, "sensor", "efficiency") == STATE_UNKNOWN
        assert state(hass, entry, "sensor", "power_limit") == limit


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_hardware_errors(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """The errors of the chips are counted, and the count starts anew with the miner."""
    device = await start_device(profile)
    device.model.error_count = 20_000.0 * 12
    entry = await add(device)
    shown = full_state(hass, entry, "sensor", "hardware_errors")
    assert shown.state == "12"
    assert shown.attributes["state_class"] == "total_increasing"
    device.reboot()
    await poll(hass, freezer, device)
    assert state(hass, entry, "sensor", "hardware_errors") == "0"


@pytest.mark.parametrize(
    "profile", [name for name in CGMINER_PROFILES if name != "avalon-q"]
)
async def test_last_share(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    entity_registry_enabled_by_default: None,
    profile: str,
) -> None:
    """The last share of all pools is told as a moment of the miner's clock."""
    device = await start_on_time(start_device, freezer, profile, MIDDAY)
    middle = dt_util.parse_datetime(MIDDAY)
    assert middle is not None
    device.pools[0].last_share_time = int(middle.timestamp()) - 40
    device.pools[1].last_share_time = int(middle.timestamp()) - 30
    entry = await add(device)
    shown = full_state(hass, entry, "sensor", "last_share")
    assert shown.state == "2026-11-22T11:59:30+00:00"
    assert shown.attributes["device_class"] == "timestamp"
    # A clock that is wrong tells nothing.
    device.clock_offset = 3600
    await poll(hass, freezer, device)
    assert state(hass, entry, "sensor", "last_share") == STATE_UNKNOWN
    device.clock_offset = 0
    device.pools[2].last_share_time = int(middle.timestamp()) + 5
    for pool in list(device.pools)[:2]:
        pool.last_share_time = 0
    await poll(hass, freezer, device)
    # The device found shares for its first pool by then, or for none but the third.
    newest = max(pool.last_share_time for pool in device.pools)
    moment = dt_util.utc_from_timestamp(newest).isoformat()
    assert state(hass, entry, "sensor", "last_share") == moment


async def test_last_share_does_not_fill_the_activity(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Who wants a line for each share enables the sensor."""
    entry = await add(
        await start_on_time(start_device, freezer, "avalon-nano3s", MIDDAY)
    )
    found = entity_id(hass, entry, "sensor", "last_share")
    assert hass.states.get(found) is None


@pytest.mark.parametrize("offset", [3600, -3600, -1_790_000_000])
async def test_last_share_of_a_wrong_clock(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    offset: float,
) -> None:
    """A miner that does not know the time has no sensor for a moment."""
    device = await start_on_time(start_device, freezer, "avalon-nano3s", MIDDAY)
    device.clock_offset = offset
    entry = await add(device)
    assert find_entity_id(hass, entry, "sensor", "last_share") is None


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_pool_slots(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """The pools that answer are counted, and all are listed without their workers."""
    device = await start_device(profile)
    entry = await add(device)
    assert number(hass, entry, "pool_slots") == (3, "pools")
    device.pools[1].reachable = False
    device.pools[2].enabled = False
    await poll(hass, freezer, device)
    shown = full_state(hass, entry, "sensor", "pool_slots")
    assert shown.state == "1"
    first = device.pools[0]
    assert shown.attributes["slots"] == [
        {
            "slot": 1,
            "pool": "stratum.quarry-pool.example:3333",
            "state": "alive",
            "priority": 0,
            "shares_accepted": first.accepted,
            "shares_rejected": first.rejected,
        },
        {
            "slot": 2,
            "pool": "spare.gravel-pool.example:3334",
            "state": "dead",
            "priority": 1,
            "shares_accepted": 0,
            "shares_rejected": 0,
        },
        {
            "slot": 3,
            "pool": "last.pebble-pool.example:3335",
            "state": "disabled",
            "priority": 2,
            "shares_accepted": 0,
            "shares_rejected": 0,
        },
    ]
    assert first.accepted > 0


@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_calibrating(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """A calibration shows from its start to its end."""
    device = await start_device(profile)
    entry = await add(device)
    assert state(hass, entry, "binary_sensor", "calibrating") == "off"
    mode = full_state(hass, entry, "select", "mode").attributes["options"][2]
    if mode == state(hass, entry, "select", "mode"):
        mode = full_state(hass, entry, "select", "mode").attributes["options"][0]
    await call(hass, entry, "mode", "select.select_option", option=mode)
    assert state(hass, entry, "binary_sensor", "calibrating") == "on"
    assert state(hass, entry, "binary_sensor", "hashing") == "on"
    await poll(hass, freezer, device, seconds=device.calibration_seconds)
    assert state(hass, entry, "binary_sensor", "calibrating") == "off"


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"PS": "4 0 27000 5 0 3600 140"}, "power_fault"),
        ({"ECHU": 512}, "hardware_fault"),
        ({"ECMM": "0 8"}, "hardware_fault"),
        ({"SYSTEMSTATU": "Work: In Fault, Hash Board: 1"}, "hardware_fault"),
    ],
)
async def test_faults_of_avalon(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    changes: dict[str, object],
    key: str,
) -> None:
    """A fault that the miner reports is shown, and over when it is."""
    device = await start_device("avalon-nano3s")
    told = told_fields(device)
    entry = await add(device)
    both = {"power_fault", "hardware_fault"}
    for shown, present in ((set[str](), {}), ({key}, changes), (set[str](), {})):
        told.clear()
        told.update(present)
        await poll(hass, freezer, device)
        found = {
            name for name in both if state(hass, entry, "binary_sensor", name) == "on"
        }
        assert found == shown


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_only_readings_change(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """A poll of a miner that goes on as before changes nothing but readings."""
    device = await start_device(profile)
    entry = await add(device)
    before = all_states(hass, entry)
    events = async_capture_events(hass, EVENT_STATE_CHANGED)
    await poll(hass, freezer, device, seconds=60)
    changed = {event.data["entity_id"] for event in events}
    assert changed
    steady = {
        item.entity_id
        for name, item in before.items()
        if item.domain != "sensor"
        or name.removeprefix("sensor ")
        in ("active_pool", "blocks_found", "power_limit", "uptime")
    }
    assert changed & steady == set()
