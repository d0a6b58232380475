"""Tests for polling: a miner that fails, goes away, returns, changes or is swapped."""

from datetime import timedelta
import logging
from unittest.mock import patch

from aiohttp import web
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_PORT, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.const import (
    CONF_CAPABILITIES,
    CONF_IDENTITY,
    CONF_POLL_INTERVAL,
    DOMAIN,
)
from custom_components.miner_controller.miner.issues import MinerIssue
from simulator.axeos import AxeOSDevice
from simulator.faults import Fault
from simulator.firmware import parse_version
from tests.devices import PROFILES, Device, StartDevice

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

# Longer than a request may take.
TOO_LONG = 6.0

STAYS_AVAILABLE = {"binary_sensor reachable", "sensor energy"}


async def poll_in_vain(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    device: Device,
    *,
    seconds: float = 15,
) -> None:
    """Let a poll happen that a fault makes fail, twice."""
    if device.fault in LATE:
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
