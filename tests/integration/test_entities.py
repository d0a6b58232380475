"""Tests for which entities a miner has and what they show."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import CONNECTION_NETWORK_MAC
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.miner_controller.const import DOMAIN
from tests.devices import NERDQAXE_FIRMWARES, PROFILES, StartDevice

from . import all_states, device_entry, find_entity_id, overridden
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
    return {
        f"{item.domain} {item.unique_id.removeprefix(f'{entry.unique_id}_')}"
        for item in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
    }


@pytest.mark.parametrize("profile", PROFILES)
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
    freezer.move_to(MIDDAY)
    entry = await add(await start_device(profile))
    entities = {}
    for item in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
        shown = hass.states.get(item.entity_id)
        assert shown is not None
        entities[item.entity_id] = {
            **{name: getattr(item, name) for name in REGISTRY_FIELDS},
            "state": shown.state,
            "attributes": dict(shown.attributes),
        }
    device = device_entry(hass, entry)
    assert {name: getattr(device, name) for name in DEVICE_FIELDS} == snapshot(
        name="device"
    )
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


@pytest.mark.parametrize("profile", PROFILES)
async def test_disabled_by_default(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """Only noisy entities are disabled by default."""
    entry = await add(await start_device(profile))
    disabled = {
        item.translation_key
        for item in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if item.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    }
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
