"""Tests for the work mode."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.miner_controller.const import DOMAIN
from simulator.faults import Fault
from tests.devices import AVALON_PROFILES, CGMINER_PROFILES, PROFILES, StartDevice

from . import (
    call,
    find_entity_id,
    full_state,
    overridden,
    poll,
    restart_home_assistant,
    state,
    told_fields,
    writes,
)
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
# The modes of the Avalons, in the order of their levels, and the one they start with.
NAMED = {
    "avalon-nano3": (["low", "medium", "high"], "medium"),
    "avalon-nano3s": (["low", "medium", "high"], "high"),
    "avalon-mini3": (["heating", "mining", "night"], "mining"),
    "avalon-q": (["eco", "standard", "super"], "eco"),
}
SLOTS = [
    "1 · stratum.quarry-pool.example",
    "2 · spare.gravel-pool.example",
    "3 · last.pebble-pool.example",
]
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


@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_named_modes(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """The firmware's own modes are set with one write each, and none for the same."""
    device = await start_device(profile)
    device.calibration_seconds = 0
    modes, present = NAMED[profile]
    entry = await add(device)
    shown = full_state(hass, entry, "select", "mode")
    assert (shown.attributes["options"], shown.state) == (modes, present)
    await call(hass, entry, "mode", SELECT, option=present)
    assert writes(device) == []
    option = "worklevel" if profile == "avalon-nano3" else "workmode"
    for level, mode in enumerate(modes):
        device.requests.clear()
        before = state(hass, entry, "select", "mode")
        await call(hass, entry, "mode", SELECT, option=mode)
        assert device.state.mode == level
        assert state(hass, entry, "select", "mode") == mode
        sent = [] if mode == before else [("ascset", f"0,{option},set,{level}")]
        assert writes(device) == sent
    with pytest.raises(ServiceValidationError):
        await call(hass, entry, "mode", SELECT, option="turbo")


@pytest.mark.parametrize("profile", ["avalon-nano3s", "avalon-mini3", "avalon-q"])
async def test_mode_while_calibrating(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """A miner that calibrates says so, and takes the mode when it has finished."""
    device = await start_device(profile)
    modes, present = NAMED[profile]
    entry = await add(device)
    first, second = (mode for mode in modes if mode != present)
    await call(hass, entry, "mode", SELECT, option=first)
    assert state(hass, entry, "binary_sensor", "calibrating") == "on"
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, entry, "mode", SELECT, option=second)
    assert caught.value.translation_domain == DOMAIN
    assert caught.value.translation_key == "calibrating"
    placeholders = caught.value.translation_placeholders
    assert placeholders is not None
    assert placeholders["miner"] == "Bench"
    assert "caling" in placeholders["error"]
    assert state(hass, entry, "select", "mode") == first
    # The mode that it is in already is no change, so it is no error either.
    before = len(writes(device))
    await call(hass, entry, "mode", SELECT, option=first)
    assert len(writes(device)) == before

    await poll(hass, freezer, device, seconds=device.calibration_seconds)
    assert state(hass, entry, "binary_sensor", "calibrating") == "off"
    await call(hass, entry, "mode", SELECT, option=second)
    assert state(hass, entry, "select", "mode") == second


async def test_calibration_that_began_unseen(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A calibration that somebody else began after the last poll is told as such."""
    device = await start_device("avalon-nano3s")
    entry = await add(device)
    device.state.choose(1, 0)
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, entry, "mode", SELECT, option="low")
    assert caught.value.translation_key == "calibrating"


@pytest.mark.parametrize("level", ["7", "-1", "x", ""])
@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_unknown_level(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    level: str,
) -> None:
    """A level that has no name is unknown, and a mode can still be chosen."""
    device = await start_device(profile)
    device.calibration_seconds = 0
    field = "WORKLEVEL" if profile == "avalon-nano3" else "WORKMODE"
    told = told_fields(device)
    told[field] = level
    entry = await add(device)
    assert state(hass, entry, "select", "mode") == STATE_UNKNOWN
    told.clear()
    mode = NAMED[profile][0][2]
    await call(hass, entry, "mode", SELECT, option=mode)
    assert state(hass, entry, "select", "mode") == mode


async def test_mode_that_is_ignored(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A mode that the miner says OK to and does not take is told as refused."""
    device = await start_device("avalon-nano3s")
    entry = await add(device)
    told_fields(device)["WORKMODE"] = 2
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, entry, "mode", SELECT, option="low")
    assert caught.value.translation_key == "refused"


@pytest.mark.parametrize("profile", [*AVALON_PROFILES, "cgminer-4.11:privileged"])
async def test_pool_slot(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """Choosing a slot lets the miner use its pool."""
    device = await start_device(profile)
    entry = await add(device)
    shown = full_state(hass, entry, "select", "pool_slot")
    assert (shown.attributes["options"], shown.state) == (SLOTS, SLOTS[0])
    for number in (2, 1, 0):
        device.requests.clear()
        await call(hass, entry, "pool_slot", SELECT, option=SLOTS[number])
        assert writes(device) == [("switchpool", str(number))]
        assert device.pools.active is device.pools[number]
        assert state(hass, entry, "select", "pool_slot") == SLOTS[number]
        host = SLOTS[number].removeprefix(f"{number + 1} · ")
        assert state(hass, entry, "sensor", "active_pool").startswith(f"{host}:")
        assert state(hass, entry, "binary_sensor", "fallback_pool") == "off"


@pytest.mark.parametrize("profile", [*AVALON_PROFILES, "cgminer-4.11:privileged"])
async def test_slots_with_the_same_pool(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """Two slots may hold the same pool, and are told apart by their number."""
    device = await start_device(profile)
    device.pools[1].url = device.pools[0].url
    same = [SLOTS[0], "2 · stratum.quarry-pool.example", SLOTS[2]]
    entry = await add(device)
    assert full_state(hass, entry, "select", "pool_slot").attributes["options"] == same
    await call(hass, entry, "pool_slot", SELECT, option=same[1])
    assert device.pools.active is device.pools[1]
    assert state(hass, entry, "select", "pool_slot") == same[1]


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_failover(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """A miner that leaves its preferred pool says so, and comes back to it."""
    device = await start_device(profile)
    entry = await add(device)
    has_slots = find_entity_id(hass, entry, "select", "pool_slot") is not None
    for reachable, slot, fallback in ((False, 1, "on"), (True, 0, "off")):
        device.pools[0].reachable = reachable
        await poll(hass, freezer, device)
        assert state(hass, entry, "binary_sensor", "fallback_pool") == fallback
        pool = state(hass, entry, "sensor", "active_pool")
        assert pool == device.pools[slot].url.removeprefix("stratum+tcp://")
        if has_slots:
            assert state(hass, entry, "select", "pool_slot") == SLOTS[slot]


async def test_no_pool_in_use(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """While no pool answers, the slot in use is unknown and all can be chosen."""
    device = await start_device("avalon-nano3s")
    entry = await add(device)
    for pool in device.pools:
        pool.reachable = False
    await poll(hass, freezer, device)
    shown = full_state(hass, entry, "select", "pool_slot")
    assert (shown.state, shown.attributes["options"]) == (STATE_UNKNOWN, SLOTS)
    assert state(hass, entry, "sensor", "pool_slots") == "0"
    assert state(hass, entry, "sensor", "active_pool") == STATE_UNKNOWN


async def test_pool_slot_failure(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A slot that cannot be chosen is an error, and the state stays true."""
    device = await start_device("avalon-nano3s")
    entry = await add(device)
    await device.set_fault(Fault.UNAUTHORIZED)
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, entry, "pool_slot", SELECT, option=SLOTS[1])
    assert caught.value.translation_key == "access_denied"
    assert state(hass, entry, "select", "pool_slot") == SLOTS[0]


async def test_slots_of_a_miner_that_is_off(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """Automations can still be edited while Home Assistant has not met the miner."""
    device = await start_device("avalon-nano3s")
    entry = await add(device)
    before = full_state(hass, entry, "select", "pool_slot").attributes["options"]
    assert len(before) == 3
    await device.set_fault(Fault.REFUSE)
    await restart_home_assistant(hass, entry)
    shown = full_state(hass, entry, "select", "pool_slot")
    assert shown.state == STATE_UNAVAILABLE
    assert shown.attributes["options"] == before
