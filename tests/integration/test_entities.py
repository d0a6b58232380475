"""Tests for which entities a miner has and what they show."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import CONNECTION_NETWORK_MAC
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.miner_controller.const import DOMAIN
from simulator.avalon import AvalonDevice
from simulator.nmminer import NMMinerUdpDevice
from tests.devices import (
    CGMINER_PROFILES,
    NERDQAXE_FIRMWARES,
    NMMINER_HTTP_PROFILES,
    NMMINER_UDP_PROFILES,
    PROFILES,
    Device,
    StartDevice,
)

from . import (
    add_nmminer,
    all_states,
    device_entry,
    find_entity_id,
    overridden,
    start_on_time,
    state,
    told_fields,
)
from .conftest import AddMiner

MIDDAY = "2026-11-22T12:00:00+00:00"

# What an entity of the registry tells beyond its state.
REGISTRY_FIELDS = (
    "unique_id",
    "original_name",
    "translation_key",
    "entity_category",
    "capabilities",
    "options",
)
# What few people look at, and what changes with nearly every poll.
NOISY = {
    "block_height",
    "chip_temperature",
    "core_voltage",
    "error_rate",
    "free_heap",
    "input_voltage",
    "network_difficulty",
    "pool_difficulty",
    "pool_latency",
    "reset_reason",
    "signal_strength",
}
DEVICE_FIELDS = (
    "manufacturer",
    "model",
    "name",
    "hw_version",
    "sw_version",
    "serial_number",
    "connections",
    "identifiers",
)


def entity_keys(hass: HomeAssistant, entry: MockConfigEntry) -> set[str]:
    """Return every entity of a miner as "platform key"."""
    prefix = f"{entry.unique_id or entry.entry_id}_"
    return {
        f"{item.domain} {item.unique_id.removeprefix(prefix)}"
        for item in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
    }


# The controls of each model that speaks the cgminer API.
CONTROLS = {
    "avalon-nano3": {
        "button identify",
        "button restart",
        "number fan_speed",
        "select mode",
        "select pool_slot",
        "switch automatic_fan",
    },
    "avalon-nano3s": {
        "button identify",
        "button restart",
        "number fan_speed",
        "select mode",
        "select pool_slot",
        "switch automatic_fan",
    },
    "avalon-mini3": {
        "button restart",
        "number target_temperature",
        "select mode",
        "select pool_slot",
        "switch mining",
    },
    "avalon-q": {
        "button restart",
        "number fan_speed",
        "number target_temperature",
        "select mode",
        "select pool_slot",
        "switch automatic_fan",
        "switch mining",
    },
    "cgminer-4.11": set(),
    "cgminer-4.11:privileged": {"button restart", "select pool_slot"},
}


def stable_id(device: Device) -> str | None:
    """Return what tells a miner from all others, None where nothing does."""
    if not isinstance(device, AvalonDevice):
        return None
    return device.dna if device.kind.key == "nano3" else device.mac.lower()


@pytest.mark.parametrize(
    "profile",
    [*PROFILES, *CGMINER_PROFILES, *NMMINER_HTTP_PROFILES, *NMMINER_UDP_PROFILES],
)
async def test_snapshot(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    entity_registry_enabled_by_default: None,
    snapshot: SnapshotAssertion,
    profile: str,
) -> None:
    """The entities of each firmware and their states are those of the snapshot."""
    device = await start_on_time(start_device, freezer, profile, MIDDAY)
    broadcasts = isinstance(device, NMMinerUdpDevice)
    entry = await (add_nmminer(hass, device) if broadcasts else add(device))
    entities = {}
    for item in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
        shown = hass.states.get(item.entity_id)
        assert shown is not None
        entities[item.entity_id] = {
            **{name: getattr(item, name) for name in REGISTRY_FIELDS},
            # Where the entry tells the entities apart, its id is another each time.
            "unique_id": item.unique_id.replace(entry.entry_id, "<entry_id>"),
            "state": shown.state,
            "attributes": dict(shown.attributes),
        }
    shown_device = device_entry(hass, entry)
    assert {
        **{name: getattr(shown_device, name) for name in DEVICE_FIELDS},
        "identifiers": {
            (domain, one.replace(entry.entry_id, "<entry_id>"))
            for domain, one in shown_device.identifiers
        },
    } == snapshot(name="device")
    assert dict(sorted(entities.items())) == snapshot(name="entities")


@pytest.mark.parametrize("profile", PROFILES)
async def test_device(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """A miner is one device with its address, firmware and page."""
    miner = await start_device(profile)
    entry = await add(miner)
    device = device_entry(hass, entry)
    assert device.connections == {(CONNECTION_NETWORK_MAC, miner.mac.lower())}
    assert device.identifiers == {(DOMAIN, miner.mac.lower())}
    assert device.configuration_url == miner.url
    assert device.sw_version == miner.info()["version"]
    assert device.model == (
        "NerdQAxe++" if profile.startswith("nerdqaxe") else "Bitaxe Gamma"
    )
    assert device.hw_version == miner.info().get("boardVersion")


@pytest.mark.parametrize("profile", PROFILES)
async def test_unique_ids(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """The unique id of an entity is the MAC address and the entity's key."""
    miner = await start_device(profile)
    entry = await add(miner)
    items = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert {item.unique_id.split("_")[0] for item in items} == {miner.mac.lower()}
    for item in items:
        key = item.unique_id.removeprefix(f"{miner.mac.lower()}_")
        if item.translation_key not in ("chip_temperature", "mining_with_restart"):
            assert item.translation_key == key


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_ids_of_cgminer(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """An entity's id starts with the MAC address, the serial number, or the entry."""
    miner = await start_device(profile)
    entry = await add(miner)
    start = stable_id(miner) or entry.entry_id
    assert entry.unique_id == stable_id(miner)
    items = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert len({(item.domain, item.unique_id) for item in items}) == len(items)
    for item in items:
        key = item.unique_id.removeprefix(f"{start}_")
        assert key != item.unique_id
        assert item.translation_key in (key, "chip_temperature")
    device = device_entry(hass, entry)
    assert device.identifiers == {(DOMAIN, start)}
    # There is no web page at the port that the miner is spoken to.
    assert device.configuration_url == "http://127.0.0.1"


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_two_of_a_kind(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """Two miners of one model are two devices, each with all its entities."""
    first = await add(await start_device(profile))
    second = await add(await start_device(profile, seed=2))
    assert device_entry(hass, first).id != device_entry(hass, second).id
    assert entity_keys(hass, first) == entity_keys(hass, second)
    assert len(entity_keys(hass, first)) > 15


def disabled_keys(hass: HomeAssistant, entry: MockConfigEntry) -> set[str | None]:
    """Return the translation keys of what is disabled by default."""
    return {
        item.translation_key
        for item in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if item.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    }


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_noisy_entities_of_cgminer(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """What changes with each poll and is of little use is disabled by default."""
    entry = await add(await start_device(profile))
    disabled = disabled_keys(hass, entry)
    assert disabled <= NOISY
    assert disabled >= {"block_height", "error_rate", "pool_difficulty"}
    assert not {name.split()[1] for name in all_states(hass, entry)} & NOISY


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_controls_of_cgminer(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """Each model has its own controls and none of another's."""
    entry = await add(await start_device(profile))
    found = {
        key
        for key in entity_keys(hass, entry)
        if key.split()[0] not in ("binary_sensor", "event", "sensor")
    }
    assert found == CONTROLS[profile]


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_no_entity_without_a_value(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    entity_registry_enabled_by_default: None,
    profile: str,
) -> None:
    """All that exists is filled, but for how the fan is run, which no miner tells."""
    entry = await add(await start_device(profile))
    unknown = {
        name
        for name, item in all_states(hass, entry).items()
        if item.state == STATE_UNKNOWN and item.domain not in ("button", "event")
    }
    fan = {"number fan_speed", "switch automatic_fan"}
    assert unknown == fan & CONTROLS[profile]


@pytest.mark.parametrize(
    ("profile", "has"), [("avalon-nano3s", False), ("avalon-q", True)]
)
async def test_target_temperature_exists_once(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    has: bool,
) -> None:
    """The target is a setting where it can be set, and a sensor where it cannot."""
    device = await start_device(profile)
    entry = await add(device)
    setting = find_entity_id(hass, entry, "number", "target_temperature")
    reading = find_entity_id(hass, entry, "sensor", "target_temperature")
    assert (setting is not None, reading is not None) == (has, not has)
    platform = "number" if has else "sensor"
    shown = float(state(hass, entry, platform, "target_temperature"))
    assert shown == device.state.target


async def test_option_of_later_firmware(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """What the miner's own list of options has is offered, whatever its model."""
    device = await start_device("avalon-nano3s")
    device.offers_target_temperature = True
    entry = await add(device)
    assert state(hass, entry, "number", "target_temperature") == "90"
    assert find_entity_id(hass, entry, "sensor", "target_temperature") is None


@pytest.mark.parametrize(
    ("profile", "present"),
    [
        ("avalon-nano3", set()),
        ("avalon-nano3s", set()),
        ("avalon-mini3", {"inlet_temperature"}),
        ("avalon-q", {"inlet_temperature", "fan_rpm_4", "signal_strength"}),
    ],
)
async def test_sensors_of_larger_models(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    present: set[str],
) -> None:
    """−273 °C is no sensor, and only the Q has four fans and tells its Wi-Fi."""
    entry = await add(await start_device(profile))
    for key in ("inlet_temperature", "fan_rpm_4", "signal_strength"):
        found = find_entity_id(hass, entry, "sensor", key)
        assert (found is not None) is (key in present)


async def test_chip_that_tells_nothing(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    entity_registry_enabled_by_default: None,
) -> None:
    """A chip without a reading has no sensor, and the others keep their number."""
    device = await start_device("avalon-nano3s")
    told_fields(device)["PVT_T0"] = " 85   0 -273  91 x 90"
    entry = await add(device)
    found = {
        index: hass.states.get(name).state  # type: ignore[union-attr]
        for index in range(1, 13)
        if (name := find_entity_id(hass, entry, "sensor", f"chip_temperature_{index}"))
    }
    assert found == {1: "85.0", 4: "91.0", 6: "90.0"}


@pytest.mark.parametrize("profile", PROFILES)
async def test_disabled_by_default(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """Only noisy entities are disabled by default."""
    entry = await add(await start_device(profile))
    disabled = disabled_keys(hass, entry)
    assert disabled <= NOISY
    # These three are told by every firmware.
    assert disabled >= {"core_voltage", "free_heap", "input_voltage"}
    shown = {name.split()[1] for name in all_states(hass, entry)}
    assert not (shown & NOISY) - {"core_voltage"}


@pytest.mark.parametrize(
    ("profile", "present"),
    [
        ("axeos-2.4", {"button clear_overheat"}),
        ("axeos-2.6", {"button clear_overheat"}),
        ("axeos-2.9", {"button clear_overheat", "number target_temperature"}),
        (
            "axeos-2.12",
            {
                "button clear_overheat",
                "button identify",
                "number target_temperature",
            },
        ),
        (
            "axeos-2.14",
            {
                "button clear_overheat",
                "button identify",
                "number target_temperature",
                "switch mining",
            },
        ),
        ("nerdqaxe-1.0.30", {"number target_temperature"}),
        ("nerdqaxe-1.0.35", {"number target_temperature"}),
        ("nerdqaxe-1.0.37", {"number target_temperature", "switch mining"}),
    ],
)
async def test_controls_by_firmware(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    present: set[str],
) -> None:
    """A control exists only where the firmware has what it takes."""
    entry = await add(await start_device(profile))
    optional = {
        "switch mining",
        "button identify",
        "button clear_overheat",
        "number target_temperature",
    }
    assert entity_keys(hass, entry) & optional == present


@pytest.mark.parametrize("profile", PROFILES)
async def test_common_entities(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """What every firmware tells and takes is there for all of them."""
    entry = await add(await start_device(profile))
    assert entity_keys(hass, entry) >= {
        "binary_sensor fallback_pool",
        "binary_sensor hashing",
        "binary_sensor overheated",
        "binary_sensor reachable",
        "button restart",
        "event activity",
        "number core_voltage",
        "number fan_speed",
        "number frequency",
        "select mode",
        "sensor active_pool",
        "sensor best_difficulty",
        "sensor best_session_difficulty",
        "sensor core_voltage",
        "sensor efficiency",
        "sensor energy",
        "sensor expected_hashrate",
        "sensor fan_rpm",
        "sensor fan_speed",
        "sensor frequency",
        "sensor hashrate",
        "sensor input_voltage",
        "sensor pool_difficulty",
        "sensor power",
        "sensor reject_rate",
        "sensor shares_accepted",
        "sensor shares_rejected",
        "sensor temperature",
        "sensor uptime",
        "sensor vr_temperature",
        "switch automatic_fan",
        "update firmware",
    }


async def test_missing_sensors(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A sensor that a board lacks does not exist."""
    entry = await add(await start_device("axeos-2.15", board="supra401"))
    for key in ("vr_temperature", "temperature_2", "fan_rpm_2", "chip_temperature_1"):
        assert find_entity_id(hass, entry, "sensor", key) is None


@pytest.mark.parametrize("firmware", NERDQAXE_FIRMWARES)
async def test_second_fan(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, firmware: str
) -> None:
    """A second fan exists for a NerdQAxe++ whose firmware counts its fans."""
    device = await start_device(f"nerdqaxe-{firmware}")
    entry = await add(device)
    found = find_entity_id(hass, entry, "sensor", "fan_rpm_2")
    assert (found is not None) is ("fanCount" in device.info())


async def test_chip_temperatures(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    entity_registry_enabled_by_default: None,
) -> None:
    """Each of several chips that tell their temperature has a sensor."""
    device = await start_device("nerdqaxe-1.0.37")
    overridden(device)["asicTemps"] = [55.5, 56, 0, 57.25]
    entry = await add(device)
    found = {
        index: hass.states.get(name).state  # type: ignore[union-attr]
        for index in range(1, 13)
        if (name := find_entity_id(hass, entry, "sensor", f"chip_temperature_{index}"))
    }
    assert found == {1: "55.5", 2: "56", 4: "57.2"}


async def test_without_mac(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """The entities of a miner without a MAC address are told apart by its entry."""
    device = await start_device("axeos-2.15")
    device.state.mac = ""
    entry = await add(device)
    assert entry.unique_id is None
    assert find_entity_id(hass, entry, "sensor", "hashrate") is not None
    found = device_entry(hass, entry)
    assert found.identifiers == {(DOMAIN, entry.entry_id)}
    assert not found.connections
