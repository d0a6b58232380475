"""Tests for the event that tells what happened on a miner."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import Event, HomeAssistant, State
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    mock_restore_cache_with_extra_data,
)

from custom_components.miner_controller.const import CONF_POWER_SWITCH, CONF_WORK_MODES
from custom_components.miner_controller.miner.activity import (
    ActivityType,
    Known,
    learned,
    restarted,
    what_happened,
)
from custom_components.miner_controller.miner.event import ACTIVITY, EVENT_ACTIVITY
from custom_components.miner_controller.protocols.model import MinerStatus, Pool
from simulator.axeos import AxeOSDevice
from simulator.faults import Fault
from tests.devices import Device, StartDevice

from . import (
    call,
    device_entry,
    entity_id,
    full_state,
    overridden,
    poll,
    restart_home_assistant,
    state,
)
from .conftest import AddMiner

BITAXE = "axeos-2.15"


def told(events: list[Event[Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Return what was told since the last time."""
    found = [(event.data["type"], event.data["data"]) for event in events]
    events.clear()
    return found


def shown(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Return what the entity shows of what happened last."""
    hidden = ("event_types", "friendly_name")
    attributes = full_state(hass, entry, "event", "activity").attributes
    return {key: value for key, value in attributes.items() if key not in hidden}


def test_types() -> None:
    """The entity knows all that may happen."""
    assert ACTIVITY.event_types == [kind.value for kind in ActivityType]


@pytest.mark.parametrize(
    ("changes", "kind", "data"),
    [
        (
            {"bestDiff": 1_240_000_000_000},
            "new_best_difficulty",
            {"before": 603447075.0, "after": 1_240_000_000_000.0},
        ),
        ({"blockFound": 1}, "block_found", {"before": 0, "after": 1}),
        (
            {"overheat_mode": 1, "temp": 78},
            "overheated",
            {"temperature": 78.0, "vr_temperature": 51.0},
        ),
        (
            {"stratumURL": "other.example", "stratumUser": "bc1qcanary"},
            "pool_changed",
            {
                "before": "stratum.quarry-pool.example:3333",
                "after": "other.example:3333",
                "fallback": False,
            },
        ),
        (
            {"frequency": 575, "coreVoltage": 1200},
            "mode_changed",
            {"before": "standard", "after": "turbo"},
        ),
        (
            {"version": "v2.16.0", "axeOSVersion": "v2.16.0"},
            "firmware_changed",
            {"before": "v2.15.0", "after": "v2.16.0"},
        ),
    ],
)
async def test_told_once(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    changes: dict[str, object],
    kind: str,
    data: dict[str, object],
) -> None:
    """What happens is told once, by the entity and by an event, and no worker is."""
    device = await start_device(BITAXE)
    changed = overridden(device)
    changed |= {"vrTemp": 51, "bestDiff": 603447075}
    events = async_capture_events(hass, EVENT_ACTIVITY)
    entry = await add(device)
    await poll(hass, freezer, device)
    assert state(hass, entry, "event", "activity") == STATE_UNKNOWN
    before = dict(changed)
    changed |= changes
    await poll(hass, freezer, device)
    (event,) = events
    assert event.data == {
        "device_id": device_entry(hass, entry).id,
        "type": kind,
        "data": data,
    }
    assert shown(hass, entry) == {"event_type": kind, **data}
    happened = state(hass, entry, "event", "activity")
    assert happened > "2"
    assert "canary" not in str(event.data)

    # It is told no second time, also after a restart; nor that a counter went back.
    await poll(hass, freezer, device)
    await restart_home_assistant(hass, entry)
    assert state(hass, entry, "event", "activity") == happened
    events.clear()
    if kind in ("new_best_difficulty", "block_found", "overheated"):
        changed.clear()
        changed |= before
        await poll(hass, freezer, device)
    assert not events
    assert state(hass, entry, "event", "activity") == happened


async def test_what_was_so(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What is so when a miner is added, or comes back after a gap, is no news."""
    device = await start_device(BITAXE)
    overridden(device).update(overheat_mode=1, blockFound=3, bestDiff=603447075)
    events = async_capture_events(hass, EVENT_ACTIVITY)
    entry = await add(device)
    await device.set_fault(Fault.REFUSE)
    await poll(hass, freezer, device)
    assert state(hass, entry, "event", "activity") == STATE_UNKNOWN
    await device.set_fault(None)
    await poll(hass, freezer, device, seconds=60)
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert not events


async def test_restart(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A restart is told with its reason, and whether Home Assistant wanted it."""
    plug = "switch.plug"
    hass.states.async_set(plug, "on")
    device = await start_device(BITAXE)
    overridden(device)["bestDiff"] = 603447075
    events = async_capture_events(hass, EVENT_ACTIVITY)
    entry = await add(device, **{CONF_POWER_SWITCH: plug})
    device.reboot()
    await poll(hass, freezer, device)
    power_on = "Reset due to power-on event"
    assert told(events) == [
        ("restarted", {"expected": False, "reset_reason": power_on})
    ]

    # One that crashes in the mode that it was just given was not told to.
    await poll(hass, freezer, device, seconds=300)
    await call(hass, entry, "mode", "select.select_option", option="oc")
    device.reboot()
    await poll(hass, freezer, device)
    assert told(events) == [
        ("restarted", {"expected": False, "reset_reason": power_on})
    ]

    await poll(hass, freezer, device, seconds=300)
    await call(hass, entry, "restart", "button.press")
    await poll(hass, freezer, device, seconds=60)
    software = "Software reset via esp_restart"
    assert told(events) == [("restarted", {"expected": True, "reset_reason": software})]

    # Its power was off and is back.
    await poll(hass, freezer, device, seconds=600)
    hass.states.async_set(plug, "off")
    await device.set_fault(Fault.REFUSE)
    await poll(hass, freezer, device, seconds=600)
    device.reboot()
    hass.states.async_set(plug, "on")
    await device.set_fault(None)
    await poll(hass, freezer, device, seconds=60)
    assert told(events) == [("restarted", {"expected": True, "reset_reason": power_on})]

    # It was away for so long that it is up for longer than when it was last seen.
    await device.set_fault(Fault.REFUSE)
    await poll(hass, freezer, device, seconds=60)
    device.reboot()
    device.advance(3600)
    await device.set_fault(None)
    freezer.tick(3700)
    await poll(hass, freezer, device)
    assert told(events) == [
        ("restarted", {"expected": False, "reset_reason": power_on})
    ]


async def test_while_home_assistant_was_away(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What happened meanwhile is told with the first answer, each for itself."""
    device = await start_device(BITAXE)
    changed = overridden(device)
    changed["bestDiff"] = 603447075
    events = async_capture_events(hass, EVENT_ACTIVITY)
    entry = await add(device)
    states = async_capture_events(hass, "state_changed")
    assert await hass.config_entries.async_unload(entry.entry_id)
    changed["bestDiff"] = 703447075
    device.reboot()
    device.advance(300)
    freezer.tick(400)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [kind for kind, _ in told(events)] == ["restarted", "new_best_difficulty"]
    # The states that it had come first, or triggers would take them for old ones.
    activity = entity_id(hass, entry, "event", "activity")
    kinds = [
        event.data["new_state"].attributes["event_type"]
        for event in states
        if event.data["entity_id"] == activity
        and "event_type" in event.data["new_state"].attributes
    ]
    assert kinds == [None, "restarted", "new_best_difficulty"]


async def test_name_that_another_miner_had(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """What was known of another miner says nothing of this one."""
    device = await start_device(BITAXE)
    mac = str(device.info()["macAddr"]).lower()
    known = Known(seen=0, firmware="v1.0", pool="gold.example:1", best_difficulty=1)
    events = async_capture_events(hass, EVENT_ACTIVITY)
    for miner, expected in (("02:00:00:00:00:01", False), (mac, True)):
        stored = {"known": known.as_dict(), "miner": miner}
        stored |= {"last_event_type": None, "last_event_attributes": None}
        last = State("event.bench_activity", STATE_UNKNOWN)
        mock_restore_cache_with_extra_data(hass, ((last, stored),))
        entry = await add(device)
        assert ("firmware_changed" in [kind for kind, _ in told(events)]) is expected
        await hass.config_entries.async_remove(entry.entry_id)
        await hass.async_block_till_done()


async def test_machine_that_has_just_started(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A miner that started before the machine was told to by nobody."""
    entry = await add(await start_device(BITAXE))
    assert not entry.runtime_data.restart_was_wanted(hass.loop.time() + 60)
    assert not entry.runtime_data.was_told()


async def test_own_mode(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A mode that was chosen here is no news, and neither is another name for it."""
    device = await start_device(BITAXE)
    overridden(device)["bestDiff"] = 603447075
    events = async_capture_events(hass, EVENT_ACTIVITY)
    entry = await add(device)
    await call(hass, entry, "mode", "select.select_option", option="eco")
    # Long enough for a command not to explain anything any more.
    await poll(hass, freezer, device, seconds=300)
    modes = [{"name": "mine", "frequency": 400, "core_voltage": 1100}]
    hass.config_entries.async_update_entry(entry, options={CONF_WORK_MODES: modes})
    await restart_home_assistant(hass, entry)
    assert state(hass, entry, "select", "mode") == "mine"
    await poll(hass, freezer, device, seconds=300)
    assert told(events) == []

    assert isinstance(device, AxeOSDevice)
    device.settings.frequency = 600
    await poll(hass, freezer, device)
    assert told(events) == [("mode_changed", {"before": "mine", "after": "custom"})]


async def test_slower_after_overheating(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A miner that overheats and goes on slower was set to that by nobody."""
    device = await start_device(BITAXE)
    assert isinstance(device, AxeOSDevice)
    changed = overridden(device)
    changed["bestDiff"] = 603447075
    events = async_capture_events(hass, EVENT_ACTIVITY)
    entry = await add(device)
    device.model.vr_temperature = 125.0
    device.advance(1)
    await poll(hass, freezer)
    for _ in range(20):
        await poll(hass, freezer, device)
    assert state(hass, entry, "select", "mode") == "custom"
    assert [kind for kind, _ in told(events)] == ["overheated"]


async def test_avalon(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A miner whose firmware has names for its modes tells as much."""
    device: Device = await start_device("avalon-nano3s")
    events = async_capture_events(hass, EVENT_ACTIVITY)
    await add(device)
    device.state.choose(0, 0)  # type: ignore[union-attr]
    await poll(hass, freezer, device)
    await poll(hass, freezer, device, seconds=300)
    happened = [one for one in told(events) if one[0] != "new_best_difficulty"]
    assert happened == [("mode_changed", {"before": "high", "after": "low"})]


POOL = Pool(host="a.example", port=3333, user="bc1qcanary")
BEFORE = Known(
    seen=1000.0,
    uptime=500.0,
    best_difficulty=10.0,
    blocks_found=1,
    overheated=False,
    pool="a.example:3333",
    mode="low",
    setting="low",
    firmware="1",
)


def learn(
    before: Known | None, status: MinerStatus, seen: float = 1015.0, mode: str = "low"
) -> Known:
    """Return what is known after a status."""
    return learned(before, status, firmware="1", mode=mode, seen=seen)


def test_what_is_left_open() -> None:
    """What a status does not tell is what it was, and is no event when it is back."""
    silent = learned(BEFORE, MinerStatus(), firmware=None, mode=None, seen=1015.0)
    assert silent == BEFORE
    first = learn(None, MinerStatus(uptime=5, active_pool=POOL, work_mode="low"))
    assert first == Known(
        seen=1015.0,
        uptime=5,
        pool="a.example:3333",
        mode="low",
        setting="low",
        firmware="1",
    )
    assert "canary" not in str(first)
    status = MinerStatus(overheated=True, blocks_found=1, best_difficulty=3)
    now = learn(first, status)
    assert what_happened(first, now, status, own_restart=False, own_mode=False) == []


def test_best_session() -> None:
    """Where only the best since the start is told, the best of all counts."""
    worse = learn(BEFORE, MinerStatus(best_session_difficulty=4.0))
    assert worse.best_difficulty == 10
    better = learn(worse, MinerStatus(best_session_difficulty=11.0))
    assert better.best_difficulty == 11


@pytest.mark.parametrize(
    ("uptime", "seen", "expected"),
    [
        (515, 1015.0, False),
        (3, 1015.0, True),
        (499, 1015.0, True),
        # It was away, and started again meanwhile or did not.
        (600, 1700.0, True),
        (1190, 1700.0, False),
        # The clock of Home Assistant was put right.
        (515, 90_000_000.0, True),
        (515, 1.0, False),
        (515, 1000.0, False),
        (None, 1015.0, False),
    ],
)
def test_restarted(uptime: float | None, seen: float, expected: bool) -> None:
    """A restart shows in the uptime and in the time that passed."""
    now = learn(BEFORE, MinerStatus(uptime=uptime), seen)
    assert restarted(BEFORE, now) is expected


def test_stored() -> None:
    """What was stored comes back, and nonsense is as good as nothing."""
    assert Known.from_dict(BEFORE.as_dict()) == BEFORE
    assert Known.from_dict(None) is None
    assert Known.from_dict({"seen": "x"}) is None
    assert Known.from_dict({"seen": True}) is None
    nonsense = {
        "seen": 1,
        "uptime": "x",
        "best_difficulty": float("nan"),
        "overheated": 1,
        "pool": 3,
        "more": 4,
    }
    assert Known.from_dict(nonsense) == Known(seen=1)
