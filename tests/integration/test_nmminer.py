"""Tests for NMMiners: those that broadcast, and those that answer over HTTP."""

import asyncio
from collections.abc import Iterator
import json
import logging
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.miner_controller.const import CONF_POWER_DRAW, DOMAIN
from custom_components.miner_controller.miner.listening import async_shared_listener
from simulator.identity import PAYOUT, WIFI_NAME
from simulator.nmminer import HTTP_FIRMWARES, UDP_FIRMWARES, NMMinerHttpDevice
from simulator.nmminer.settings import WIFI_SECRET
from simulator.nmminer.udp_device import NMMinerUdpDevice
from tests.devices import WARM_UP, StartDevice

from . import (
    announce,
    call,
    device_entry,
    find_entity_id,
    full_state,
    poll,
    restart_home_assistant,
    set_up_nmminer,
    state,
    until,
)
from .conftest import INTEGRATION, AddMiner, AddNMMiner, UsualPorts

POOL = "pool.example:4444"
POOL_ACTION = {
    "url": f"stratum+tcp://{POOL}",
    "worker": "bc1-somebody.nm",
    "password": "d=0.1",
}

# What every NMMiner has, whatever its firmware, by the end of the unique id.
SENSORS = (
    "active_pool",
    "best_difficulty",
    "blocks_found",
    "free_heap",
    "hashrate",
    "network_difficulty",
    "pool_difficulty",
    "shares_accepted",
    "shares_rejected",
    "signal_strength",
    "uptime",
)


@pytest.fixture(autouse=True)
def no_networks() -> Iterator[None]:
    """Let Home Assistant be in no network but that of its own machine."""
    with patch("homeassistant.components.network.async_get_adapters", return_value=[]):
        yield


def device_id(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the id of a miner's device."""
    return device_entry(hass, entry).id


async def set_pool(
    hass: HomeAssistant, entry: MockConfigEntry, slot: int = 1, **changes: object
) -> None:
    """Call the action that sets a pool."""
    await hass.services.async_call(
        DOMAIN,
        "set_pool",
        {
            "device_id": device_id(hass, entry),
            "slot": slot,
            **POOL_ACTION,
            **changes,
        },
        blocking=True,
    )
    await hass.async_block_till_done(wait_background_tasks=True)


def speak_until_told(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    device: NMMinerUdpDevice,
    *,
    wanted: int,
) -> None:
    """Let a device go on broadcasting while an action waits for it."""

    async def speak() -> None:
        await until(lambda: len(device.configurations) >= wanted)
        for _ in range(3):
            device.advance(5)
            freezer.tick(5)
            device.announce_configuration()
            await announce(hass, device)

    hass.async_create_background_task(speak(), "a device")


def told_pool(slot: str) -> dict[str, str]:
    """Return what a device is told to have one of its pools."""
    return {
        f"{slot}Pool": POOL_ACTION["url"],
        f"{slot}Password": POOL_ACTION["password"],
        f"{slot}Address": POOL_ACTION["worker"],
    }


@pytest.mark.parametrize("firmware", UDP_FIRMWARES)
async def test_udp(
    hass: HomeAssistant,
    nmminer: AddNMMiner,
    entity_registry_enabled_by_default: None,
    firmware: str,
) -> None:
    """A miner that broadcasts has what it tells, and no control that it has not."""
    device, entry = await nmminer(firmware, board="nmlotto")
    assert entry.unique_id is None
    for key in SENSORS:
        assert state(hass, entry, "sensor", key) not in ("unknown", STATE_UNAVAILABLE)
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    shown = full_state(hass, entry, "sensor", "hashrate")
    assert shown.attributes["unit_of_measurement"] == "kH/s"
    assert float(shown.state) == pytest.approx(device.model.hashrate * 1e6, rel=1e-3)
    shares = device.model.shares
    assert state(hass, entry, "sensor", "shares_accepted") == str(shares.accepted)
    assert state(hass, entry, "sensor", "active_pool") == device.info()["PoolInUse"]
    assert float(state(hass, entry, "sensor", "temperature")) > 20
    both = firmware in {"1.5.01", "1.8.10"}
    assert (
        find_entity_id(hass, entry, "sensor", "best_session_difficulty") is not None
    ) is both
    for platform, key in (
        ("sensor", "power"),
        ("sensor", "energy"),
        ("button", "restart"),
        ("button", "identify"),
    ):
        assert find_entity_id(hass, entry, platform, key) is None
    found = device_entry(hass, entry)
    assert found.model is not None
    assert "NMLotto" in found.model
    assert found.sw_version == f"v{firmware}"
    assert found.connections == set()


@pytest.mark.parametrize("firmware", HTTP_FIRMWARES)
async def test_http(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    entity_registry_enabled_by_default: None,
    firmware: str,
) -> None:
    """A miner that answers over HTTP has the same, and restarts and shows itself."""
    device = await start_device(f"nmminer-{firmware}")
    assert isinstance(device, NMMinerHttpDevice)
    entry = await add(device)
    assert entry.unique_id is None
    for key in (*SENSORS, "best_session_difficulty", "temperature"):
        assert state(hass, entry, "sensor", key) not in ("unknown", STATE_UNAVAILABLE)
    shown = full_state(hass, entry, "sensor", "hashrate")
    assert shown.attributes["unit_of_measurement"] == "kH/s"
    assert float(shown.state) == pytest.approx(device.model.hashrate * 1e6, rel=1e-3)
    assert find_entity_id(hass, entry, "sensor", "power") is None
    await call(hass, entry, "identify", "button.press")
    assert device.finds == 1
    await call(hass, entry, "restart", "button.press")
    assert not device.online


async def test_http_pool(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A pool is written over HTTP, and the miner uses it when the action ends."""
    device = await start_device("nmminer-2.0.04")
    entry = await add(device)
    await set_pool(hass, entry)
    assert state(hass, entry, "sensor", "active_pool") == POOL
    await set_pool(hass, entry, 2, force=True)
    assert device.settings.items() >= told_pool("Secondary").items()


async def test_power_of_an_asic(
    hass: HomeAssistant, nmminer: AddNMMiner, freezer: FrozenDateTimeFactory
) -> None:
    """An NMAxe reports its power, of which energy comes as of any other miner's."""
    device, entry = await nmminer(board="nmaxe")
    assert 5 < float(state(hass, entry, "sensor", "power")) < 20
    assert float(state(hass, entry, "sensor", "energy")) == 0
    for _ in range(30):
        freezer.tick(20)
        device.advance(20)
        await announce(hass, device)
    assert 0.001 <= float(state(hass, entry, "sensor", "energy")) <= 0.003


async def test_power_draw(
    hass: HomeAssistant, nmminer: AddNMMiner, freezer: FrozenDateTimeFactory
) -> None:
    """What the owner says that it draws gives energy, and is shown as no power."""
    device, entry = await nmminer(options={CONF_POWER_DRAW: 3600.0})
    assert find_entity_id(hass, entry, "sensor", "power") is None
    assert float(state(hass, entry, "sensor", "energy")) == 0
    freezer.tick(20)
    await announce(hass, device)
    assert state(hass, entry, "sensor", "energy") == "0.02"
    # While it is away nothing is counted.
    for _ in range(2):
        await poll(hass, freezer, seconds=60)
    freezer.tick(1)
    await announce(hass, device)
    freezer.tick(10)
    await announce(hass, device)
    assert float(state(hass, entry, "sensor", "energy")) <= 0.06


async def test_updates_without_polls(
    hass: HomeAssistant, nmminer: AddNMMiner, freezer: FrozenDateTimeFactory
) -> None:
    """Each broadcast is shown at once, and nothing is asked while they come."""
    device, entry = await nmminer()
    client = entry.runtime_data.client
    with patch.object(client, "fetch", side_effect=AssertionError) as fetch:
        for expected in (300.0, 400.0, 500.0):
            await poll(hass, freezer, device, seconds=5)
            device.model.hashrate = expected / 1e6
            await announce(hass, device)
            assert float(state(hass, entry, "sensor", "hashrate")) == expected
    fetch.assert_not_called()


async def test_one_update_a_second(
    hass: HomeAssistant, nmminer: AddNMMiner, freezer: FrozenDateTimeFactory
) -> None:
    """What a device says within a second of its last word is not taken in."""
    device, entry = await nmminer()
    listener = async_shared_listener(hass).listener
    freezer.tick(5)
    await announce(hass, device)
    before = state(hass, entry, "sensor", "hashrate")
    writes = async_capture_events(hass, "state_changed")
    device.model.hashrate = 0.000777
    for _ in range(20):
        dropped = listener.dropped.total()
        freezer.tick(0.04)
        device.announce()
        await until(lambda: listener.dropped.total() > dropped)  # noqa: B023
    await hass.async_block_till_done()
    assert state(hass, entry, "sensor", "hashrate") == before
    assert writes == []
    freezer.tick(0.5)
    await announce(hass, device)
    assert state(hass, entry, "sensor", "hashrate") == "777.0"


@pytest.mark.parametrize("interval", [2, 5, 20, 60])
async def test_silence(
    hass: HomeAssistant,
    nmminer: AddNMMiner,
    freezer: FrozenDateTimeFactory,
    interval: int,
) -> None:
    """A device is away after four of its intervals, and after 30 s at least."""
    device, entry = await nmminer()
    for _ in range(6):
        freezer.tick(interval)
        device.advance(interval)
        await announce(hass, device)
    limit = max(30, 4 * interval)
    await poll(hass, freezer, seconds=limit - 2)
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    await poll(hass, freezer, seconds=6)
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    assert state(hass, entry, "sensor", "hashrate") == STATE_UNAVAILABLE
    await announce(hass, device)
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert float(state(hass, entry, "sensor", "hashrate")) > 0


async def test_update_to_http(
    hass: HomeAssistant,
    nmminer: AddNMMiner,
    usual_ports: UsualPorts,
    freezer: FrozenDateTimeFactory,
    entity_registry_enabled_by_default: None,
) -> None:
    """A device that is updated from 1.x to 2.x stays the miner that it was."""
    device, entry = await nmminer(board="cydc5")
    registry = er.async_get(hass)
    before = {
        item.entity_id: item.unique_id
        for item in er.async_entries_for_config_entry(registry, entry.entry_id)
    }
    device_before, model = device_id(hass, entry), device_entry(hass, entry).model
    assert model is not None
    assert "cyd c5" in model
    await device.stop()
    updated = NMMinerHttpDevice(
        board="cydc5", clock=device.clock, settings=device.settings
    )
    await updated.start(device.host, usual_ports.http)
    updated.advance(WARM_UP)
    await poll(hass, freezer, seconds=35)
    await until(lambda: find_entity_id(hass, entry, "button", "restart") is not None)
    await hass.async_block_till_done(wait_background_tasks=True)
    after = {
        item.entity_id: item.unique_id
        for item in er.async_entries_for_config_entry(registry, entry.entry_id)
    }
    assert before.items() <= after.items()
    new = {unique_id.rpartition("_")[2] for unique_id in after.values()}
    assert {"restart", "identify"} <= new
    assert hass.config_entries.async_entries(DOMAIN) == [entry]
    assert entry.unique_id is None
    assert entry.state is ConfigEntryState.LOADED
    found = device_entry(hass, entry)
    assert found.id == device_before
    assert found.sw_version == "v2.0.04"
    assert found.model == model
    for entity in before:
        shown = hass.states.get(entity)
        assert shown is not None
        assert shown.state != STATE_UNAVAILABLE
    await call(hass, entry, "identify", "button.press")
    assert updated.finds == 1
    await updated.stop()


async def test_two_miners(
    hass: HomeAssistant, nmminer: AddNMMiner, freezer: FrozenDateTimeFactory
) -> None:
    """Each of two miners shows its own values, and is away for itself."""
    first, entry = await nmminer()
    other, other_entry = await nmminer(seed=2)
    assert first.host != other.host
    assert async_shared_listener(hass).listener.heard.keys() == {
        first.host,
        other.host,
    }
    freezer.tick(5)
    first.model.hashrate, other.model.hashrate = 0.0001, 0.0002
    await announce(hass, first, other)
    assert state(hass, entry, "sensor", "hashrate") == "100.0"
    assert state(hass, other_entry, "sensor", "hashrate") == "200.0"
    await poll(hass, freezer, seconds=20)
    await announce(hass, other)
    await poll(hass, freezer, seconds=15)
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    assert state(hass, other_entry, "binary_sensor", "reachable") == "on"


async def test_start_without_the_miner(
    hass: HomeAssistant, nmminer: AddNMMiner, freezer: FrozenDateTimeFactory
) -> None:
    """A miner that is off when Home Assistant starts has its entities nevertheless."""
    device, entry = await nmminer()
    before = set(hass.states.async_entity_ids())
    with patch(f"{INTEGRATION}.protocols.nmminer.HEARING_TIME", 0):
        await restart_home_assistant(hass, entry)
    assert set(hass.states.async_entity_ids()) == before
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    assert state(hass, entry, "sensor", "hashrate") == STATE_UNAVAILABLE
    await announce(hass, device)
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert float(state(hass, entry, "sensor", "hashrate")) > 0


async def test_setup_with_a_broadcast(hass: HomeAssistant, nmminer: AddNMMiner) -> None:
    """A miner that broadcasts while it is set up is there when that is done."""
    device, entry = await nmminer()
    assert await hass.config_entries.async_unload(entry.entry_id)
    await set_up_nmminer(hass, device, entry)
    assert state(hass, entry, "binary_sensor", "reachable") == "on"


@pytest.mark.parametrize("firmware", ["1.5.01", "1.8.10"])
async def test_set_pool(
    hass: HomeAssistant,
    nmminer: AddNMMiner,
    freezer: FrozenDateTimeFactory,
    firmware: str,
) -> None:
    """Only the pool is sent, and the action ends when the miner shows it."""
    device, entry = await nmminer(firmware)
    speak_until_told(hass, freezer, device, wanted=1)
    await set_pool(hass, entry)
    assert device.configurations[0] == {"IP": device.host, **told_pool("Primary")}
    assert state(hass, entry, "sensor", "active_pool") == POOL


async def test_set_second_pool(
    hass: HomeAssistant, nmminer: AddNMMiner, freezer: FrozenDateTimeFactory
) -> None:
    """The second pool is confirmed by the settings that the miner broadcasts."""
    device, entry = await nmminer()
    speak_until_told(hass, freezer, device, wanted=1)
    await set_pool(hass, entry, 2)
    assert device.settings.items() >= told_pool("Secondary").items()
    assert state(hass, entry, "sensor", "active_pool") != POOL


async def test_set_whole_configuration(
    hass: HomeAssistant,
    nmminer: AddNMMiner,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    hass_client: ClientSessionGenerator,
) -> None:
    """All settings are sent back with the pool, and the key is nowhere to be seen."""
    caplog.set_level(logging.DEBUG)
    device, entry = await nmminer()

    async def speak() -> None:
        device.announce_configuration()
        while not device.configurations:
            await asyncio.sleep(0)
            device.announce_configuration()
        freezer.tick(5)
        device.advance(5)
        await announce(hass, device)

    hass.async_create_background_task(speak(), "a device")
    await set_pool(hass, entry, whole_configuration=True)
    told = device.configurations[0]
    assert told["WiFiPWD"] == WIFI_SECRET
    assert told["WiFiSSID"] == WIFI_NAME
    assert not device.locked_out
    assert state(hass, entry, "sensor", "active_pool") == POOL
    found = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    shown = [
        caplog.text,
        json.dumps(found, default=str),
        json.dumps(dict(entry.data), default=str),
        *(json.dumps(item.as_dict(), default=str) for item in hass.states.async_all()),
        *(repr(item) for item in ir.async_get(hass).issues.values()),
    ]
    for secret in (WIFI_SECRET, WIFI_NAME, PAYOUT):
        assert not [text for text in shown if secret in text], secret


async def test_pool_is_not_confirmed(
    hass: HomeAssistant, nmminer: AddNMMiner, freezer: FrozenDateTimeFactory
) -> None:
    """A miner that goes on with its old pool for a minute is told clearly."""
    _, entry = await nmminer()
    with (
        patch(f"{INTEGRATION}.protocols.nmminer_pool.CONFIRMATION_TIME", 0),
        pytest.raises(HomeAssistantError) as failure,
    ):
        await set_pool(hass, entry)
    assert failure.value.translation_key == "unconfirmed"
    assert failure.value.translation_placeholders is not None
    assert failure.value.translation_placeholders["miner"] == "Bench"


async def test_no_such_slot(hass: HomeAssistant, nmminer: AddNMMiner) -> None:
    """There are two pools, and no third."""
    device, entry = await nmminer()
    with pytest.raises(ServiceValidationError) as failure:
        await set_pool(hass, entry, 3)
    assert failure.value.translation_key == "no_such_slot"
    assert failure.value.translation_placeholders == {"miner": "Bench", "slots": "2"}
    assert device.configurations == []


@pytest.mark.parametrize("firmware", ["0.3.01", "1.2.01"])
async def test_old_firmware_takes_no_pool(
    hass: HomeAssistant, nmminer: AddNMMiner, firmware: str
) -> None:
    """Firmware before 1.5.01 takes no settings."""
    _, entry = await nmminer(firmware)
    with pytest.raises(HomeAssistantError) as failure:
        await set_pool(hass, entry)
    assert failure.value.translation_key == "unsupported"


async def broadcast(hass: HomeAssistant) -> object:
    """Call the action that tells all NMMiners of a pool, and return its response."""
    return await hass.services.async_call(
        DOMAIN, "broadcast_pool", POOL_ACTION, blocking=True, return_response=True
    )


async def test_broadcast_pool_that_is_used_already(
    hass: HomeAssistant, nmminer: AddNMMiner
) -> None:
    """A miner that uses the pool does not show whether it took another worker."""
    device, entry = await nmminer()
    used = entry.runtime_data.data.active_pool
    with patch.dict(POOL_ACTION, {"url": f"stratum+tcp://{used.address}"}):
        assert await broadcast(hass) == {"miners": [], "unconfirmed": [entry.title]}
    assert device.configurations


async def test_broadcast_pool(
    hass: HomeAssistant,
    nmminer: AddNMMiner,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """All that take settings are told, and the others are left alone."""
    device, entry = await nmminer()
    hass.config_entries.async_update_entry(entry, title="Shelf")
    old, _ = await nmminer("1.2.01", seed=2)
    await add(await start_device("axeos-2.15"))
    speak_until_told(hass, freezer, device, wanted=1)
    assert await broadcast(hass) == {"miners": ["Shelf"], "unconfirmed": []}
    assert device.configurations[0] == {"IP": "0.0.0.0", **told_pool("Primary")}  # noqa: S104
    assert old.configurations == []
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state(hass, entry, "sensor", "active_pool") == POOL


async def test_broadcast_pool_that_one_does_not_take(
    hass: HomeAssistant, nmminer: AddNMMiner
) -> None:
    """Those that do not use the pool in the end are named."""
    _, entry = await nmminer()
    with (
        patch(f"{INTEGRATION}.protocols.nmminer_pool.CONFIRMATION_TIME", 0),
        pytest.raises(HomeAssistantError) as failure,
    ):
        await broadcast(hass)
    assert failure.value.translation_key == "pool_not_everywhere"
    assert failure.value.translation_placeholders == {"miners": entry.title}


async def test_broadcast_pool_to_nobody(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """Without an NMMiner nothing is waited for, and a pool is checked all the same."""
    await add(await start_device("axeos-2.15"))
    with patch(
        f"{INTEGRATION}.miner.broadcast_pool.async_broadcast_addresses",
        return_value=["127.255.255.255"],
    ):
        assert await broadcast(hass) == {"miners": [], "unconfirmed": []}
    with pytest.raises(ServiceValidationError) as failure:
        await hass.services.async_call(
            DOMAIN, "broadcast_pool", {**POOL_ACTION, "url": "a pool"}, blocking=True
        )
    assert failure.value.translation_key == "pool_unusable"


async def test_broadcast_pool_without_a_network(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """Where there is no network to send to, nothing is said to have been sent."""
    await add(await start_device("axeos-2.15"))
    with pytest.raises(HomeAssistantError) as failure:
        await broadcast(hass)
    assert failure.value.translation_key == "no_private_network"


async def test_broadcast_pool_that_cannot_be_sent(
    hass: HomeAssistant, nmminer: AddNMMiner
) -> None:
    """A network that takes no datagram is told with its reason."""
    await nmminer()
    adapter = {
        "enabled": True,
        "ipv4": [{"address": "192.168.1.2", "network_prefix": 24}],
    }
    with (
        patch(
            "homeassistant.components.network.async_get_adapters",
            return_value=[adapter],
        ),
        patch("socket.socket.sendto", side_effect=OSError(101, "No network")),
        pytest.raises(HomeAssistantError) as failure,
    ):
        await broadcast(hass)
    assert failure.value.translation_key == "broadcast_failed"
    assert failure.value.translation_placeholders == {"error": "No network"}


@pytest.mark.parametrize("over_http", [False, True])
async def test_diagnostics(
    hass: HomeAssistant,
    nmminer: AddNMMiner,
    start_device: StartDevice,
    add: AddMiner,
    hass_client: ClientSessionGenerator,
    over_http: bool,
) -> None:
    """The diagnostics tell how broadcasts are heard, and nothing about the owner."""
    device, entry = await nmminer()
    hostname = device.hostname
    if over_http:
        updated = await start_device("nmminer-2.0.04", hostname="grannys-miner")
        entry, hostname = await add(updated), "grannys-miner"
    found = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    text = json.dumps(found, default=str)
    for secret in ("127.0.", hostname, PAYOUT, WIFI_NAME, WIFI_SECRET):
        assert secret not in text
    listener = async_shared_listener(hass).listener
    broadcasts = found["broadcasts"]
    assert broadcasts.items() >= {"listening": True, "miners": 1}.items()
    assert broadcasts["port"] == listener.port
    assert found["identity"]["model"]
    assert found["reply"]
