"""Tests for polling: a miner that fails, goes away, returns, changes or is swapped."""

import asyncio
from datetime import timedelta
import logging
from unittest.mock import patch

from aiohttp import web
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_USERNAME,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.helpers.device_registry import CONNECTION_NETWORK_MAC
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.const import (
    CONF_CAPABILITIES,
    CONF_IDENTITY,
    CONF_POLL_INTERVAL,
    DOMAIN,
)
from custom_components.miner_controller.miner.connect import async_find_miner
from custom_components.miner_controller.miner.issues import MinerIssue
from custom_components.miner_controller.protocols import detect
from custom_components.miner_controller.protocols.avalon import AvalonClient
from simulator.avalon import AvalonDevice
from simulator.avalon.models import NANO3S
from simulator.axeos import AxeOSDevice
from simulator.faults import Fault
from simulator.firmware import parse_version
from tests.devices import (
    AVALON_PROFILES,
    CGMINER_PROFILES,
    PROFILES,
    Device,
    StartDevice,
)

from . import (
    all_states,
    call,
    device_entry,
    find_entity_id,
    find_issue,
    known_miner,
    poll,
    poll_slowly,
    polls,
    restart_home_assistant,
    set_up,
    state,
    told_fields,
    until,
    writes,
)
from .conftest import AddMiner

# Faults that a poll does not survive, and those that keep it waiting before that.
AT_ONCE = (
    Fault.REFUSE,
    Fault.CUT,
    Fault.GARBAGE,
    Fault.HUGE,
    Fault.REDIRECT,
    Fault.UNAUTHORIZED,
    Fault.SERVER_ERROR,
)
LATE = (Fault.HANG, Fault.SLOW)

# The same over TCP, where a reply may also never end or never come, and what a poll
# survives because it is a known defect that can be repaired.
TCP_AT_ONCE = (*AT_ONCE, Fault.SILENT, Fault.TWICE)
TCP_LATE = (Fault.HANG, Fault.LINGER)
REPAIRED = (
    Fault.PIECES,
    Fault.NULS,
    Fault.SPLIT_UTF8,
    Fault.CONTROL_CHARACTERS,
    Fault.STRAY_COMMAS,
    Fault.MISSING_COMMA,
    Fault.NOT_NUMBERS,
    Fault.DUPLICATE_KEYS,
)

# Longer than a request may take.
TOO_LONG = 6.0

STAYS_AVAILABLE = {"binary_sensor reachable", "event activity", "sensor energy"}


async def poll_in_vain(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    device: Device,
    *,
    seconds: float = 15,
) -> None:
    """Let a poll happen that a fault makes fail, twice."""
    if device.fault in (*LATE, Fault.LINGER):
        device.slow_seconds = TOO_LONG + 1
        waits = (TOO_LONG, TOO_LONG)
        await poll_slowly(hass, freezer, device, seconds=seconds, waits=waits)
    else:
        await poll(hass, freezer, device, seconds=seconds)


def available(hass: HomeAssistant, entry: MockConfigEntry) -> set[str]:
    """Return which entities of a miner are available."""
    return {
        name
        for name, shown in all_states(hass, entry).items()
        if shown.state != STATE_UNAVAILABLE
    }


def log_lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the integration told the user's log since the last clear."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.miner_controller")
        and record.levelno >= logging.INFO
    ]


@pytest.mark.parametrize("profile", ["axeos-2.4", "axeos-2.15", "nerdqaxe-1.0.37"])
@pytest.mark.parametrize("fault", [*AT_ONCE, *LATE])
async def test_fault(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    profile: str,
    fault: Fault,
) -> None:
    """A fault makes the miner unavailable, says so once, and is over when it is."""
    device = await start_device(profile)
    entry = await add(device)
    everything = available(hass, entry)
    assert everything == set(all_states(hass, entry))
    caplog.clear()

    await device.set_fault(fault)
    before = polls(device)
    await poll_in_vain(hass, freezer, device)
    # A refused connection never reaches the device.
    assert polls(device) - before == (0 if fault is Fault.REFUSE else 2)
    assert available(hass, entry) == STAYS_AVAILABLE
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    assert entry.state is ConfigEntryState.LOADED

    await poll_in_vain(hass, freezer, device, seconds=60)
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    assert len(log_lines(caplog)) == 1
    assert log_lines(caplog)[0].startswith("Error fetching Bench data: Bench ")
    assert not [key for key in ir.async_get(hass).issues if key[0] == DOMAIN]

    await device.set_fault(None)
    await poll(hass, freezer, device, seconds=60)
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert available(hass, entry) == everything
    assert len(log_lines(caplog)) == 2
    assert log_lines(caplog)[1] == "Fetching Bench data recovered"


@pytest.mark.parametrize("profile", ["axeos-2.15", "nerdqaxe-1.0.37"])
async def test_wrong_types(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    profile: str,
) -> None:
    """A reply with wrong types makes values unknown, never false, and nothing else."""
    device = await start_device(profile)
    entry = await add(device)
    before = {name: shown.state for name, shown in all_states(hass, entry).items()}
    # The time of the start moves, since the clock of the device stands still.
    del before["sensor uptime"]
    caplog.clear()
    await device.set_fault(Fault.WRONG_TYPES)
    await poll(hass, freezer)
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    changed = {
        name: shown.state
        for name, shown in all_states(hass, entry).items()
        if name in before and shown.state != before[name]
    }
    assert "sensor hashrate" in changed
    assert set(changed.values()) <= {STATE_UNKNOWN, "off"}
    assert log_lines(caplog) == []
    await device.set_fault(None)
    await poll(hass, freezer)
    after = {name: shown.state for name, shown in all_states(hass, entry).items()}
    del after["sensor uptime"]
    assert after == before


async def test_slow_answer(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """An answer that takes long, but not too long, is an answer."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    await device.set_fault(Fault.SLOW)
    before = polls(device)
    await poll_slowly(hass, freezer, device, waits=(4,))
    assert polls(device) == before + 1
    assert state(hass, entry, "binary_sensor", "reachable") == "on"


async def test_second_chance(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A poll whose second try succeeds is a success that nobody hears of."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    caplog.clear()
    answer = device._answer
    tries = 0

    async def fail_once(request: object) -> object:
        nonlocal tries
        tries += 1
        return device._dropped(request) if tries == 1 else await answer(request)  # type: ignore[arg-type]

    device._answer = fail_once  # type: ignore[method-assign, assignment]
    await poll(hass, freezer, device)
    assert tries == 2
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert log_lines(caplog) == []


@pytest.mark.parametrize(("option", "expected"), [(10, 60), (15, 60), (90, 90)])
async def test_interval_while_away(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    option: int,
    expected: int,
) -> None:
    """A miner that is away is asked every minute, or less often if that was set."""
    device = await start_device("axeos-2.15")
    entry = await add(device, **{CONF_POLL_INTERVAL: option})
    await device.set_fault(Fault.SERVER_ERROR)
    await poll(hass, freezer, device, seconds=option)
    before = polls(device)
    for _ in range(2):
        await poll(hass, freezer, device, seconds=expected - 2)
        assert polls(device) == before
        await poll(hass, freezer, device, seconds=2)
        assert polls(device) == before + 2
        before = polls(device)
    await device.set_fault(None)
    await poll(hass, freezer, device, seconds=expected)
    assert entry.runtime_data.update_interval == timedelta(seconds=option)
    before = polls(device)
    await poll(hass, freezer, device, seconds=option)
    assert polls(device) == before + 1


@pytest.mark.parametrize("profile", PROFILES)
async def test_away_at_the_start(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """A miner that is away when Home Assistant starts has its entities all the same."""
    device = await start_device(profile)
    entry = await add(device)
    everything = set(all_states(hass, entry))
    await device.set_fault(Fault.REFUSE)
    await restart_home_assistant(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    assert set(all_states(hass, entry)) == everything
    assert available(hass, entry) == STAYS_AVAILABLE
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    assert device_entry(hass, entry).sw_version == device.info()["version"]

    await device.set_fault(None)
    await poll(hass, freezer, device, seconds=60)
    assert available(hass, entry) == everything
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert float(state(hass, entry, "sensor", "hashrate")) > 0


async def test_start_does_not_wait(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A miner that does not answer at the start is asked once, not twice."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    await hass.config_entries.async_unload(entry.entry_id)
    await device.set_fault(Fault.SERVER_ERROR)
    before = polls(device)
    await set_up(hass, entry)
    assert polls(device) == before + 1


async def test_never_seen_since_it_was_added(
    hass: HomeAssistant, start_device: StartDevice, freezer: FrozenDateTimeFactory
) -> None:
    """A miner that has never answered an entry gets its sensors when it does."""
    device = await start_device("axeos-2.15")
    entry = await known_miner(hass, device)
    await device.set_fault(Fault.REFUSE)
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    assert state(hass, entry, "select", "mode") == STATE_UNAVAILABLE
    assert find_entity_id(hass, entry, "sensor", "hashrate") is None
    await device.set_fault(None)
    await poll(hass, freezer, device, seconds=60)
    assert float(state(hass, entry, "sensor", "hashrate")) > 0
    assert float(state(hass, entry, "sensor", "energy")) == 0


async def test_values_that_come_later(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    entity_registry_enabled_by_default: None,
) -> None:
    """What a miner tells only after its first job becomes an entity then."""
    device = await start_device("axeos-2.15", warm=False)
    entry = await add(device)
    assert find_entity_id(hass, entry, "sensor", "block_height") is None
    assert find_entity_id(hass, entry, "sensor", "reject_rate") is None
    await poll(hass, freezer, device, seconds=60)
    assert state(hass, entry, "sensor", "block_height") == "905000"
    assert state(hass, entry, "sensor", "reject_rate") == "0.0"


def update_firmware(device: Device, firmware: str) -> None:
    """Give a device another firmware, which restarts it."""
    device.version = parse_version(firmware)
    device.state.version = device.version
    device.reboot(reason="restart")
    device.advance(60)


async def test_firmware_update(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A firmware that was updated on the miner brings its new controls."""
    device = await start_device("axeos-2.13")
    entry = await add(device)
    assert find_entity_id(hass, entry, "switch", "mining") is None
    before = entry.runtime_data
    update_firmware(device, "2.14")
    await poll(hass, freezer, device)
    assert device_entry(hass, entry).sw_version == "v2.14.0"
    assert state(hass, entry, "update", "firmware") == STATE_UNKNOWN
    assert entry.data[CONF_IDENTITY]["firmware"] == "v2.14.0"
    assert entry.data[CONF_CAPABILITIES]["pause"] is True
    assert entry.runtime_data is not before
    assert state(hass, entry, "switch", "mining") == "on"


async def test_firmware_update_without_new_controls(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A firmware that can do the same is shown without a reload."""
    device = await start_device("axeos-2.12")
    entry = await add(device)
    before = entry.runtime_data
    update_firmware(device, "2.13")
    await poll(hass, freezer, device)
    assert device_entry(hass, entry).sw_version == "v2.13.0"
    assert entry.runtime_data is before


async def test_firmware_update_while_home_assistant_was_off(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A firmware that was updated meanwhile has its controls from the start."""
    device = await start_device("axeos-2.13")
    entry = await add(device)
    await hass.config_entries.async_unload(entry.entry_id)
    update_firmware(device, "2.14")
    await set_up(hass, entry)
    assert state(hass, entry, "switch", "mining") == "on"
    assert device_entry(hass, entry).sw_version == "v2.14.0"


async def test_firmware_update_while_away_at_the_start(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A miner that returns with a new firmware after the start brings its controls."""
    device = await start_device("axeos-2.13")
    entry = await add(device)
    await device.set_fault(Fault.REFUSE)
    await restart_home_assistant(hass, entry)
    update_firmware(device, "2.14")
    await device.set_fault(None)
    await poll(hass, freezer, device, seconds=60)
    assert device_entry(hass, entry).sw_version == "v2.14.0"
    assert state(hass, entry, "switch", "mining") == "on"


async def test_board_is_asked_again_only_after_a_restart(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """One request is a poll; the board's data follow only a restart."""
    device = await start_device("axeos-2.15")
    await add(device)
    device.requests.clear()
    await poll(hass, freezer, device)
    assert device.requests == [("GET", "/api/system/info")]
    device.reboot()
    device.requests.clear()
    await poll(hass, freezer, device)
    assert device.requests == [
        ("GET", "/api/system/info"),
        ("GET", "/api/system/asic"),
    ]


@pytest.mark.parametrize("profile", ["axeos-2.15", "nerdqaxe-1.0.37"])
async def test_restart_is_followed_closely(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """A miner that was told to restart is asked at the normal interval until then."""
    device = await start_device(profile)
    entry = await add(device)
    await call(hass, entry, "restart", "button.press")
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    device.booted_at += 30
    for _ in range(2):
        before = polls(device)
        await poll(hass, freezer, device)
        assert polls(device) > before
        assert state(hass, entry, "binary_sensor", "reachable") == "off"
    await poll(hass, freezer, device)
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    await poll(hass, freezer, device)
    assert state(hass, entry, "binary_sensor", "hashing") == "on"


async def test_restart_that_never_ends(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A miner that stays away after a restart is asked less often in the end."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    await call(hass, entry, "restart", "button.press")
    device.booted_at += 3600
    for _ in range(8):
        before = polls(device)
        await poll(hass, freezer, device)
        assert polls(device) > before
    before = polls(device)
    await poll(hass, freezer, device, seconds=58)
    assert polls(device) == before
    await poll(hass, freezer, device, seconds=2)
    assert polls(device) > before
    assert entry.runtime_data.update_interval == timedelta(seconds=60)


async def test_wrong_device(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Another miner at the address is reported, its data are not taken."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    shown = {name: item.state for name, item in all_states(hass, entry).items()}
    stored = dict(entry.data)
    mac = device.state.mac
    device.state.mac = "5A:51:00:00:00:99"
    device.settings.frequency = 625
    await poll(hass, freezer, device)
    issue = find_issue(hass, entry, MinerIssue.WRONG_DEVICE)
    assert issue is not None
    assert issue.is_fixable
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["miner"] == "Bench"
    assert find_issue(hass, entry, MinerIssue.DUPLICATE_DEVICE) is None
    assert available(hass, entry) == STAYS_AVAILABLE
    assert dict(entry.data) == stored
    await poll(hass, freezer, device, seconds=60)
    assert find_issue(hass, entry, MinerIssue.WRONG_DEVICE) is not None
    assert dict(entry.data) == stored

    device.state.mac = mac
    device.settings.frequency = 525
    await poll(hass, freezer, device, seconds=60)
    assert find_issue(hass, entry, MinerIssue.WRONG_DEVICE) is None
    assert available(hass, entry) == set(shown)
    assert state(hass, entry, "number", "frequency") == shown["number frequency"]


@pytest.mark.parametrize("profile", ["axeos-2.15", "nerdqaxe-1.0.37"])
async def test_wrong_device_after_a_command(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """A command that another miner answered does not make that one this miner."""
    device = await start_device(profile)
    entry = await add(device)
    identity = dict(entry.data[CONF_IDENTITY])
    # Between two polls the address went to another miner.
    device.state.mac = "5A:51:00:00:00:99"
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, entry, "frequency", "number.set_value", value=525)
    assert caught.value.translation_key == "wrong_device"
    assert writes(device) == []
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    assert state(hass, entry, "sensor", "hashrate") == STATE_UNAVAILABLE
    assert entry.data[CONF_IDENTITY] == identity
    await poll(hass, freezer, device)
    assert find_issue(hass, entry, MinerIssue.WRONG_DEVICE) is not None


async def test_duplicate_device(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Two entries that lead to one device are reported where the wrong one is."""
    first, second = (
        await start_device("axeos-2.15"),
        await start_device("axeos-2.15", seed=2),
    )
    entry = await add(first)
    other = await add(second)
    hass.config_entries.async_update_entry(other, title="Cellar")
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_PORT: second.port}
    )
    await restart_home_assistant(hass, entry)
    issue = find_issue(hass, entry, MinerIssue.DUPLICATE_DEVICE)
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["miner"] == "Bench"
    assert issue.translation_placeholders["other"] == "Cellar"
    assert find_issue(hass, entry, MinerIssue.WRONG_DEVICE) is None
    assert find_issue(hass, other, MinerIssue.DUPLICATE_DEVICE) is None
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    assert state(hass, other, "binary_sensor", "reachable") == "on"

    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_PORT: first.port}
    )
    await restart_home_assistant(hass, entry)
    assert find_issue(hass, entry, MinerIssue.DUPLICATE_DEVICE) is None
    assert state(hass, entry, "binary_sensor", "reachable") == "on"


async def test_duplicate_that_was_removed(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """When the entry of the other device goes, the address belongs to a stranger."""
    first = await start_device("axeos-2.15")
    second = await start_device("axeos-2.15", seed=2)
    entry, other = await add(first), await add(second)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_PORT: second.port}
    )
    await restart_home_assistant(hass, entry)
    assert find_issue(hass, entry, MinerIssue.DUPLICATE_DEVICE) is not None
    await hass.config_entries.async_remove(other.entry_id)
    await poll(hass, freezer, second, seconds=60)
    assert find_issue(hass, entry, MinerIssue.WRONG_DEVICE) is not None
    assert find_issue(hass, entry, MinerIssue.DUPLICATE_DEVICE) is None


async def test_other_family_at_the_address(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A miner of another family at the address is reported, and not shown."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    other = await start_device("nerdqaxe-1.0.37")
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_PORT: other.port}
    )
    await restart_home_assistant(hass, entry)
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    assert find_issue(hass, entry, MinerIssue.WRONG_DEVICE) is not None


@pytest.mark.parametrize("profile", ["axeos-2.4", "axeos-2.15", "nerdqaxe-1.0.37"])
async def test_many_polls(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    profile: str,
) -> None:
    """A working miner is polled once an interval and leaves nothing in the log."""
    device = await start_device(profile)
    entry = await add(device)
    caplog.clear()
    before = polls(device)
    for _ in range(20):
        await poll(hass, freezer, device)
    assert polls(device) == before + 20
    assert log_lines(caplog) == []
    assert state(hass, entry, "binary_sensor", "hashing") == "on"


async def test_fallback_pool(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The pool that is shown is the one in use."""
    device = await start_device("axeos-2.13")
    assert isinstance(device, AxeOSDevice)
    entry = await add(device)
    device.state.using_fallback = True
    await poll(hass, freezer, device)
    assert state(hass, entry, "binary_sensor", "fallback_pool") == "on"
    assert state(hass, entry, "sensor", "active_pool") == (
        "spare.gravel-pool.example:3334"
    )


async def test_firmware_update_while_the_board_is_busy(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """New firmware is noticed although its board's data failed to come at first."""
    device = await start_device("axeos-2.13")
    entry = await add(device)
    update_firmware(device, "2.14")
    # Long ago, so that only the version tells of the update.
    device.advance(3600)
    find = device._find

    def find_broken(method: str, path: str) -> object:
        return None if path == "/api/system/asic" else find(method, path)

    def unknown(path: str) -> web.Response:
        return web.Response(status=500)

    with (
        patch.object(device, "_find", find_broken),
        patch.object(device, "_unknown", unknown),
    ):
        await poll(hass, freezer, device)
        await poll(hass, freezer, device)
    await poll(hass, freezer, device, seconds=60)
    assert device_entry(hass, entry).sw_version == "v2.14.0"
    assert state(hass, entry, "switch", "mining") == "on"


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
@pytest.mark.parametrize("fault", [*TCP_AT_ONCE, *TCP_LATE])
async def test_fault_over_tcp(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    profile: str,
    fault: Fault,
) -> None:
    """A fault over TCP is told once, and over when it is, with no connection left."""
    device = await start_device(profile)
    entry = await add(device)
    everything = available(hass, entry)
    assert everything == set(all_states(hass, entry))
    caplog.clear()
    before = device.connections
    await device.set_fault(fault)
    await poll_in_vain(hass, freezer, device)
    assert device.connections - before == (0 if fault is Fault.REFUSE else 2)
    assert STAYS_AVAILABLE & everything == available(hass, entry)
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    await poll_in_vain(hass, freezer, device, seconds=60)
    assert entry.state is ConfigEntryState.LOADED
    assert len(log_lines(caplog)) == 1
    assert not [key for key in ir.async_get(hass).issues if key[0] == DOMAIN]

    await device.set_fault(None)
    await poll(hass, freezer, device, seconds=60)
    assert available(hass, entry) == everything
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert len(log_lines(caplog)) == 2
    assert device.most_open_connections == 1
    assert device.open_connections == 0


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
@pytest.mark.parametrize("fault", REPAIRED)
async def test_defect_of_replies(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
    fault: Fault,
) -> None:
    """A known defect of replies costs nothing: the miner stays, with its values."""
    device = await start_device(profile)
    entry = await add(device)
    before = {name: item.state for name, item in all_states(hass, entry).items()}
    asked = polls(device)
    await device.set_fault(fault)
    await poll(hass, freezer)
    assert polls(device) == asked + 1
    after = {name: item.state for name, item in all_states(hass, entry).items()}
    changed = {name for name in before if before[name] != after[name]}
    # What is printed as no number is not known.
    assert changed - {"sensor energy"} <= (
        {"sensor hashrate_average"} if fault is Fault.NOT_NUMBERS else set()
    )


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_one_connection_a_poll(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """A poll is one request on one connection; only a restart takes more."""
    device = await start_device(profile)
    await add(device)
    details = "estats" if profile.startswith("avalon") else "devs"
    for _ in range(5):
        before = device.connections
        device.requests.clear()
        await poll(hass, freezer, device)
        assert device.requests == [(f"summary+{details}+pools", "")]
        assert device.connections == before + 1
        assert device.open_connections == 0
    device.reboot()
    device.requests.clear()
    await poll(hass, freezer, device)
    assert ("version", "") in device.requests
    device.requests.clear()
    await poll(hass, freezer, device)
    assert len(device.requests) == 1


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_one_connection_at_a_time(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
    profile: str,
) -> None:
    """Polls of two entries, a button and a search share the miner's one connection."""
    device = await start_device(profile)
    # The port is the one that this API usually has, so only it is tried there.
    probes = [
        (probe, device.port if probe is detect._probe_cgminer else default)
        for probe, default in detect._PROBES
    ]
    monkeypatch.setattr(detect, "_PROBES", probes)
    entry = await add(device)
    twin = MockConfigEntry(domain=DOMAIN, title="Twin", data=entry.data)
    twin.add_to_hass(hass)
    await set_up(hass, twin)
    before = device.connections
    actions = [
        entry.runtime_data.async_refresh(),
        twin.runtime_data.async_refresh(),
        async_find_miner(hass, f"127.0.0.1:{device.port}"),
        entry.runtime_data.async_refresh(),
    ]
    if find_entity_id(hass, entry, "button", "identify") is not None:
        actions.append(call(hass, entry, "identify", "button.press"))
    if find_entity_id(hass, entry, "select", "pool_slot") is not None:
        option = "2 · spare.gravel-pool.example"
        select = "select.select_option"
        actions.append(call(hass, entry, "pool_slot", select, option=option))
    await asyncio.gather(*actions)
    assert device.connections - before > len(actions)
    assert device.most_open_connections == 1
    assert device.open_connections == 0
    assert entry.runtime_data.last_update_success
    assert twin.runtime_data.last_update_success


async def test_unload_leaves_no_connection(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A poll that is under way when the miner is unloaded blocks it no longer."""
    device = await start_device("avalon-nano3s")
    entry = await add(device)
    await device.set_fault(Fault.HANG)
    before = device.connections
    refresh = hass.async_create_task(entry.runtime_data.async_refresh())
    await until(lambda: device.connections > before)
    refresh.cancel()
    await hass.config_entries.async_unload(entry.entry_id)
    await device.set_fault(None)
    await until(lambda: not device.open_connections)
    await set_up(hass, entry)
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert device.most_open_connections == 1


def swap(device: Device, dna: str, mac: str) -> None:
    """Let another unit of the same model answer, without any restart to be seen."""
    assert isinstance(device, AvalonDevice)
    device.state.dna, device.state.mac = dna, mac


@pytest.mark.parametrize("first", ["poll", "command"])
@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_another_avalon(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
    first: str,
) -> None:
    """Another Avalon at the address is noticed by its number, before it is told to."""
    device = await start_device(profile)
    entry = await add(device)
    everything = available(hass, entry)
    stored = dict(entry.data)
    own = (device.state.dna, device.state.mac)
    swap(device, "0201fedcba987654", "E0:E1:A9:00:00:99")
    if first == "poll":
        await poll(hass, freezer, device)
    else:
        with pytest.raises(HomeAssistantError) as caught:
            await call(hass, entry, "restart", "button.press")
        assert caught.value.translation_key == "wrong_device"
        assert writes(device) == []
    assert find_issue(hass, entry, MinerIssue.WRONG_DEVICE) is not None
    assert available(hass, entry) == STAYS_AVAILABLE
    assert dict(entry.data) == stored

    swap(device, *own)
    await poll(hass, freezer, device, seconds=60)
    assert find_issue(hass, entry, MinerIssue.WRONG_DEVICE) is None
    assert available(hass, entry) == everything


@pytest.mark.parametrize(
    ("profile", "other"),
    [
        ("avalon-nano3s", "cgminer-4.11"),
        ("avalon-nano3", "cgminer-4.11:privileged"),
        ("cgminer-4.11", "avalon-nano3s"),
        ("avalon-nano3s", "avalon-q"),
    ],
)
async def test_other_kind_over_tcp(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    other: str,
) -> None:
    """Another kind of miner that speaks the cgminer API is reported, and not shown."""
    device = await start_device(profile)
    entry = await add(device)
    stranger = await start_device(other, seed=2)
    for port, right in ((stranger.port, False), (device.port, True)):
        hass.config_entries.async_update_entry(
            entry, data={**entry.data, CONF_PORT: port}
        )
        await restart_home_assistant(hass, entry)
        shown = state(hass, entry, "binary_sensor", "reachable")
        assert shown == ("on" if right else "off")
        issue = find_issue(hass, entry, MinerIssue.WRONG_DEVICE)
        assert (issue is None) is right


@pytest.mark.parametrize(
    ("profile", "other"),
    [("avalon-nano3s", "axeos-2.15"), ("axeos-2.15", "avalon-nano3s")],
)
async def test_other_transport(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    other: str,
) -> None:
    """What speaks another protocol at the address is no answer, and changes nothing."""
    device = await start_device(profile)
    entry = await add(device)
    identity = entry.data[CONF_IDENTITY]
    stranger = await start_device(other)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_PORT: stranger.port}
    )
    await restart_home_assistant(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    assert entry.data[CONF_IDENTITY] == identity
    assert writes(stranger) == []
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_PORT: device.port}
    )
    await restart_home_assistant(hass, entry)
    assert state(hass, entry, "binary_sensor", "reachable") == "on"


async def test_firmware_of_avalon(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A new firmware shows after the restart that it takes, and so does the old one."""
    device = await start_device("avalon-nano3s")
    entry = await add(device)
    for firmware in (NANO3S.firmwares[1], NANO3S.firmwares[0]):
        assert device_entry(hass, entry).sw_version != firmware
        device.firmware_name = device.state.firmware = firmware
        device.reboot(outage=20)
        for _ in range(2):
            await poll(hass, freezer, device)
        await poll(hass, freezer, device, seconds=60)
        await poll(hass, freezer, device, seconds=600)
        assert device_entry(hass, entry).sw_version == firmware
        assert entry.data[CONF_IDENTITY]["firmware"] == firmware


async def test_restart_during_a_long_absence(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A restart is noticed also if the miner has run for longer since than before."""
    device = await start_device("avalon-nano3s", warm=False)
    device.advance(30)
    entry = await add(device)
    firmware = NANO3S.firmwares[1]
    device.firmware_name = device.state.firmware = firmware
    device.reboot(outage=20)
    await poll(hass, freezer, device)
    await poll(hass, freezer, device, seconds=60)
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert device_entry(hass, entry).sw_version == firmware


async def test_report_that_goes_and_comes(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Firmware without the shorter report is asked for the longer one, and back."""
    device = await start_device("avalon-nano3s")
    entry = await add(device)
    estats = device._commands["estats"]
    for present, command in ((False, "stats"), (True, "estats")):
        if present:
            device._commands["estats"] = estats
        else:
            del device._commands["estats"]
        device.reboot()
        for _ in range(2):
            await poll(hass, freezer, device, seconds=60)
        device.requests.clear()
        await poll(hass, freezer, device)
        assert device.requests == [(f"summary+{command}+pools", "")]
        assert state(hass, entry, "sensor", "power") != STATE_UNAVAILABLE


async def test_mac_from_the_web_page(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A MAC address that is learned later joins the device and changes no id."""
    device = await start_device("avalon-nano3")
    assert isinstance(device, AvalonDevice)
    entry = await add(device)
    before = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert not device_entry(hass, entry).connections
    defaults = {**AvalonClient.__init__.__kwdefaults__, "web_port": device.web_port}
    monkeypatch.setattr(AvalonClient.__init__, "__kwdefaults__", defaults)
    login = {CONF_USERNAME: "root", CONF_PASSWORD: device.web_password}
    hass.config_entries.async_update_entry(entry, options=login)
    await restart_home_assistant(hass, entry)
    mac = device.mac.lower()
    assert entry.data[CONF_IDENTITY]["mac"] == mac
    assert entry.unique_id == device.dna
    found = device_entry(hass, entry)
    assert found.connections == {(CONNECTION_NETWORK_MAC, mac)}
    assert found.identifiers == {(DOMAIN, device.dna)}
    after = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert {(item.entity_id, item.unique_id) for item in after} == {
        (item.entity_id, item.unique_id) for item in before
    }
    # It stays true, so the page is not asked again, and without it nothing is lost.
    asked = len(device.web_requests)
    assert asked == 1
    await restart_home_assistant(hass, entry)
    hass.config_entries.async_update_entry(entry, options={})
    await restart_home_assistant(hass, entry)
    device.reboot()
    await poll(hass, freezer, device)
    assert len(device.web_requests) == asked
    assert device_entry(hass, entry).connections == {(CONNECTION_NETWORK_MAC, mac)}
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert find_issue(hass, entry, MinerIssue.WRONG_DEVICE) is None


async def test_web_page_with_a_wrong_login(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A login that the page does not take costs nothing but the MAC address."""
    device = await start_device("avalon-nano3")
    assert isinstance(device, AvalonDevice)
    defaults = {**AvalonClient.__init__.__kwdefaults__, "web_port": device.web_port}
    monkeypatch.setattr(AvalonClient.__init__, "__kwdefaults__", defaults)
    entry = await add(device, **{CONF_USERNAME: "root", CONF_PASSWORD: "wrong"})
    assert len(device.web_requests) == 1
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert entry.data[CONF_IDENTITY]["mac"] is None
    assert not device_entry(hass, entry).connections


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_away_at_the_start_over_tcp(
    hass: HomeAssistant,
    start_device: StartDevice,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """Home Assistant starts while the miner is off, and shows it when it is there."""
    device = await start_device(profile)
    entry = await known_miner(hass, device)
    await device.set_fault(Fault.REFUSE)
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    await device.set_fault(None)
    await poll(hass, freezer, device, seconds=60)
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert state(hass, entry, "binary_sensor", "hashing") == "on"


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_wrong_types_over_tcp(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    profile: str,
) -> None:
    """Values of the wrong type are no exception, and pass."""
    device = await start_device(profile)
    entry = await add(device)
    everything = available(hass, entry)
    await device.set_fault(Fault.WRONG_TYPES)
    await poll(hass, freezer, device)
    assert "Unexpected error" not in caplog.text
    await device.set_fault(None)
    await poll(hass, freezer, device, seconds=60)
    assert available(hass, entry) == everything


async def test_fields_that_are_missing(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A field that is empty makes one value unknown, and no other."""
    device = await start_device("avalon-nano3s")
    told = told_fields(device)
    entry = await add(device)
    told["GHSspd"] = ""
    await poll(hass, freezer, device)
    assert state(hass, entry, "sensor", "hashrate") == STATE_UNKNOWN
    assert float(state(hass, entry, "sensor", "hashrate_average")) > 6
    assert float(state(hass, entry, "sensor", "power")) > 100


async def test_other_network_card(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """A miner with the same serial number is the same miner at another MAC address."""
    device = await start_device("avalon-q")
    entry = await add(device)
    device.state.mac = "02:00:00:00:00:99"
    device.reboot()
    await poll(hass, freezer, device)
    await poll(hass, freezer, device)
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert find_issue(hass, entry, MinerIssue.WRONG_DEVICE) is None
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": "user"}
    )
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": "address"}
    )
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {CONF_HOST: f"{device.host}:{device.port}"}
    )
    assert result["reason"] == "already_configured"
