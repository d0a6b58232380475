"""Tests for the action that gives many miners a mode at once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.setup import async_setup_component
import probatio
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.miner_controller.const import (
    CONF_POWER_SWITCH,
    CONF_WORK_MODES,
    DOMAIN,
)
from custom_components.miner_controller.miner import mode_wish
from custom_components.miner_controller.miner.mode_action import EVENT_MODE_SET
from custom_components.miner_controller.miner.mode_choice import (
    chosen_mode,
    modes_by_power,
)
from custom_components.miner_controller.protocols.model import Capabilities
from simulator.avalon import AvalonDevice
from simulator.faults import Fault
from tests.devices import StartDevice

from . import device_entry, poll, state, writes
from .conftest import INTEGRATION, AddMiner

PLUG = "input_boolean.plug"
SLOW_PLUG = "switch.plug"
LINKED = {CONF_POWER_SWITCH: PLUG}


async def call_set_mode(
    hass: HomeAssistant,
    mode: str,
    *entries: MockConfigEntry,
    return_response: bool = False,
    **data: object,
) -> Any:
    """Call the action, which raises for a miner that fails unless it responds."""
    return await hass.services.async_call(
        DOMAIN,
        "set_mode",
        {
            "device_id": [device_entry(hass, entry).id for entry in entries],
            "mode": mode,
            **data,
        },
        blocking=True,
        return_response=return_response,
    )


async def set_mode(
    hass: HomeAssistant, mode: str, *entries: MockConfigEntry, **data: object
) -> Any:
    """Return the rows of the response."""
    response = await call_set_mode(hass, mode, *entries, return_response=True, **data)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert isinstance(response, dict)
    return response["miners"]


async def result(
    hass: HomeAssistant, mode: str, entry: MockConfigEntry, **data: object
) -> tuple[Any, Any, Any]:
    """Return what became of one miner."""
    (row,) = await set_mode(hass, mode, entry, **data)
    assert row["device_id"] == device_entry(hass, entry).id
    assert row["name"] == "Bench"
    assert row["error"] is None
    return row["result"], row["from"], row["to"]


async def fault(
    hass: HomeAssistant, mode: str, entry: MockConfigEntry, **data: object
) -> str | None:
    """Return the key of the error that the action ends in."""
    with pytest.raises(HomeAssistantError) as caught:
        await call_set_mode(hass, mode, entry, **data)
    assert caught.value.translation_domain == DOMAIN
    placeholders = caught.value.translation_placeholders or {}
    assert placeholders["miner"] == "Bench"
    return caught.value.translation_key


@contextmanager
def waiting(during: Callable[[], Awaitable[None]]) -> Iterator[list[float]]:
    """Let something happen while the action waits, and return how long it waited."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await during()

    with patch(f"{INTEGRATION}.miner.mode_setting.sleep", sleep):
        yield waited


@pytest.fixture
async def plug(hass: HomeAssistant) -> None:
    """Provide a plug that is on."""
    plug = {"input_boolean": {"plug": {"initial": True}}}
    assert await async_setup_component(hass, "input_boolean", plug)


@pytest.mark.parametrize(
    ("profile", "modes"),
    [
        ("avalon-nano3s", ("low", "medium", "high")),
        ("avalon-mini3", ("night", "mining", "heating")),
        ("avalon-q", ("eco", "standard", "super")),
        ("axeos-2.15", ("eco", "standard", "oc")),
        ("nerdqaxe-1.0.37", ("eco", "standard", "standard")),
    ],
)
async def test_modes(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    modes: tuple[str, str, str],
) -> None:
    """Each miner takes what is meant among its own modes, and none twice."""
    device = await start_device(profile)
    if isinstance(device, AvalonDevice):
        device.calibration_seconds = 0
    entry = await add(device)
    events = async_capture_events(hass, EVENT_MODE_SET)
    present = state(hass, entry, "select", "mode")
    for wanted, mode in zip(("lowest", "standard", "HIGHEST"), modes, strict=True):
        done = "unchanged" if mode == present else "changed"
        assert await result(hass, wanted, entry) == (done, present, mode)
        assert state(hass, entry, "select", "mode") == mode
        device.requests.clear()
        events.clear()
        named = await result(hass, mode.upper(), entry, reason="why")
        assert named == ("unchanged", mode, mode)
        assert writes(device) == []
        assert not events
        present = mode


@pytest.mark.parametrize("profile", ["axeos-2.15", "avalon-q", "nerdqaxe-1.0.37"])
async def test_off_and_back(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """A miner that can rest does so until it is told to resume, or gets a mode."""
    device = await start_device(profile)
    if isinstance(device, AvalonDevice):
        device.calibration_seconds = 0
    entry = await add(device)
    restarts = profile.startswith("nerdqaxe")
    events = async_capture_events(hass, EVENT_MODE_SET)
    present = state(hass, entry, "select", "mode")
    assert await result(hass, "resume", entry) == ("unchanged", present, present)
    assert not events
    off = await result(hass, "Off", entry, reason="Dear")
    assert off == ("switched_off", present, "off")
    assert entry.runtime_data.data.mining is False
    (event,) = events
    assert event.data == {
        "device_id": device_entry(hass, entry).id,
        "name": "Bench",
        "result": "switched_off",
        "from": present,
        "to": "off",
        "error": None,
        "reason": "Dear",
    }
    device.requests.clear()
    assert await result(hass, "off", entry) == ("unchanged", "off", "off")
    assert writes(device) == []

    assert await result(hass, "resume", entry) == ("changed", "off", present)
    await poll(hass, freezer, device, seconds=60 if restarts else 15)
    assert entry.runtime_data.data.mining is True

    await result(hass, "off", entry)
    assert await result(hass, "eco", entry) == ("changed", "off", "eco")
    await poll(hass, freezer, device, seconds=60 if restarts else 15)
    assert entry.runtime_data.data.mining is True
    assert state(hass, entry, "select", "mode") == "eco"


async def test_power_switch(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    plug: None,
) -> None:
    """A miner that cannot rest is off without its power, and gets it back."""
    device = await start_device("avalon-nano3s")
    assert isinstance(device, AvalonDevice)
    device.calibration_seconds = 0
    entry = await add(device, **LINKED)
    assert await result(hass, "off", entry) == ("switched_off", "high", "off")
    assert hass.states.is_state(PLUG, "off")
    assert await result(hass, "off", entry) == ("unchanged", "off", "off")
    assert await result(hass, "resume", entry) == ("changed", "off", None)
    assert hass.states.is_state(PLUG, "on")

    # With a mode it gets its power too, and the mode once it has started.
    await result(hass, "off", entry)
    await device.set_fault(Fault.REFUSE)
    assert await fault(hass, "low", entry) == "still_starting"
    assert hass.states.is_state(PLUG, "on")

    async def start() -> None:
        await device.set_fault(None)

    await result(hass, "off", entry)
    with waiting(start) as waited:
        assert await result(hass, "low", entry, retry_minutes=5) == (
            "changed",
            "off",
            "low",
        )
    assert waited == [30]
    assert state(hass, entry, "select", "mode") == "low"

    # Nobody can tell a switch that is away, or is no more.
    hass.states.async_set(PLUG, STATE_UNAVAILABLE)
    assert await fault(hass, "off", entry) == "power_switch_unavailable"
    hass.states.async_remove(PLUG)
    assert await fault(hass, "off", entry) == "power_switch_unavailable"


async def test_newer_wish(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A newer wish waits for what the miner is being told, and is the last word."""
    device = await start_device("avalon-nano3s")
    entry = await add(device, **{CONF_POWER_SWITCH: SLOW_PLUG})
    hass.states.async_set(SLOW_PLUG, "off")
    begun, released = asyncio.Event(), asyncio.Event()

    async def switch(service: ServiceCall) -> None:
        begun.set()
        await released.wait()
        hass.states.async_set(SLOW_PLUG, service.service.removeprefix("turn_"))

    for service in ("turn_on", "turn_off"):
        hass.services.async_register("switch", service, switch)
    device.requests.clear()
    older = hass.async_create_task(call_set_mode(hass, "low", entry))
    await begun.wait()
    newer = hass.async_create_task(set_mode(hass, "off", entry))
    await asyncio.sleep(0)
    assert not newer.done()
    released.set()
    (row,) = await newer
    assert (row["result"], row["to"]) == ("switched_off", "off")
    assert hass.states.is_state(SLOW_PLUG, "off")
    with pytest.raises(HomeAssistantError) as caught:
        await older
    assert caught.value.translation_key == "mode_superseded"
    assert writes(device) == []

    # A switch that waits for the action is not waited for without an end.
    released.clear()
    begun.clear()
    monkeypatch.setattr(mode_wish, "_LONGEST_WAIT", 0)
    older = hass.async_create_task(call_set_mode(hass, "low", entry))
    await begun.wait()
    response = await call_set_mode(hass, "off", entry, return_response=True)
    released.set()
    assert response["miners"][0]["result"] == "unchanged"
    with pytest.raises(HomeAssistantError):
        await older


async def test_plug_that_fails(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """What nobody foresaw is told, and other miners have been told by then."""
    broken = await add(
        await start_device("avalon-nano3s"), **{CONF_POWER_SWITCH: SLOW_PLUG}
    )
    bitaxe = await add(await start_device("axeos-2.15"))
    hass.states.async_set(SLOW_PLUG, "on")

    async def switch(service: ServiceCall) -> None:
        raise ValueError("broken")

    hass.services.async_register("switch", "turn_off", switch)
    with pytest.raises(ValueError, match="broken"):
        await call_set_mode(hass, "off", broken, bitaxe)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state(hass, bitaxe, "switch", "mining") == "off"


async def test_retry_after_a_reload(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    plug: None,
) -> None:
    """A miner that was reloaded meanwhile and has told nothing yet is asked first."""
    device = await start_device("avalon-nano3s")
    assert isinstance(device, AvalonDevice)
    entry = await add(device)
    device.state.calibrating = 10**6

    async def reload() -> None:
        device.state.calibrating = 0
        await device.set_fault(Fault.REFUSE)
        assert await hass.config_entries.async_reload(entry.entry_id)
        assert not entry.runtime_data.answered
        await device.set_fault(None)

    with waiting(reload) as waited:
        done = await result(hass, "low", entry, retry_minutes=5)
    assert done == ("changed", "high", "low")
    assert waited == [30]


async def test_away(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    plug: None,
) -> None:
    """A miner that is away is asked, and its power can be cut all the same."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    linked = await start_device("avalon-nano3s")
    cut = await add(linked, **LINKED)
    for one in (device, linked):
        await one.set_fault(Fault.REFUSE)
    await poll(hass, freezer, device, linked)
    for mode in ("eco", "off", "resume"):
        assert await fault(hass, mode, entry) == "cannot_connect"
    assert await result(hass, "off", cut) == ("switched_off", "high", "off")

    await device.set_fault(None)
    assert await result(hass, "eco", entry) == ("changed", "standard", "eco")
    assert await result(hass, "off", entry) == ("switched_off", "eco", "off")

    # One that was never seen has no mode that is known.
    await linked.set_fault(Fault.REFUSE)
    hass.states.async_set(PLUG, "on")
    assert await hass.config_entries.async_reload(cut.entry_id)
    assert await result(hass, "off", cut) == ("switched_off", None, "off")


async def test_many(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """Each miner is tried, and the response says what became of it."""
    bitaxe = await add(await start_device("axeos-2.15"))
    lost = await start_device("avalon-nano3s")
    entries = [bitaxe, await add(lost), await add(await start_device("cgminer-4.11"))]
    await lost.set_fault(Fault.REFUSE)
    rows = await set_mode(hass, "highest", *entries)
    # What the miner told last counts until the next poll.
    assert [row["result"] for row in rows] == ["changed", "unchanged", "unsupported"]
    rows = await set_mode(hass, "lowest", *entries)
    assert [row["result"] for row in rows] == ["changed", "error", "unsupported"]
    assert (rows[0]["from"], rows[0]["to"], rows[0]["error"]) == ("oc", "eco", None)
    for row in rows[1:]:
        assert (row["from"], row["to"]) == (None, None)
        assert "Bench" in row["error"]
    assert "highest" not in rows[2]["error"]
    assert "lowest" in rows[2]["error"]

    target = {"device_id": [device_entry(hass, entry).id for entry in entries]}
    with pytest.raises(HomeAssistantError) as caught:
        await hass.services.async_call(
            DOMAIN, "set_mode", {**target, "mode": "oc"}, blocking=True
        )
    assert caught.value.translation_key == "not_everywhere"
    # Whoever was able to did it.
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state(hass, bitaxe, "select", "mode") == "oc"
    with pytest.raises(HomeAssistantError) as caught:
        await call_set_mode(hass, "turbo", *entries[1:])
    assert caught.value.translation_key == "not_everywhere"
    # Whoever asks for a response goes on, also where nobody did it.
    rows = await set_mode(hass, "turbo", *entries[1:])
    assert all(row["error"] for row in rows)


async def test_unsupported(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A miner says which modes it has, and whether it can rest at all."""
    entry = await add(await start_device("avalon-nano3s"))
    with pytest.raises(ServiceValidationError) as caught:
        await call_set_mode(hass, "turbo", entry)
    assert caught.value.translation_key == "mode_unsupported"
    assert caught.value.translation_placeholders == {
        "miner": "Bench",
        "mode": "turbo",
        "modes": "low, medium, high",
    }
    assert await fault(hass, "off", entry) == "no_way_to_rest"
    assert await result(hass, "resume", entry) == ("unchanged", "high", "high")

    assert await hass.config_entries.async_unload(entry.entry_id)
    assert await fault(hass, "low", entry) == "miner_not_loaded"
    with pytest.raises(ServiceValidationError) as caught:
        await set_mode(hass, "low")
    assert caught.value.translation_key == "no_miner_targeted"
    for nonsense in (
        {"mode": " "},
        {"mode": "low", "retry_minutes": 121},
        {"mode": "low", "reason": "x" * 256},
    ):
        with pytest.raises(probatio.Invalid):
            await hass.services.async_call(DOMAIN, "set_mode", nonsense, blocking=True)


async def test_calibrating(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A miner that calibrates is told again until it takes the mode."""
    device = await start_device("avalon-nano3s")
    assert isinstance(device, AvalonDevice)
    entry = await add(device)
    assert await result(hass, "low", entry) == ("changed", "high", "low")
    assert await fault(hass, "high", entry) == "calibrating"

    async def nothing() -> None:
        """Wait in vain."""

    with waiting(nothing) as waited:
        assert await fault(hass, "high", entry, retry_minutes=2) == "calibrating"
    assert waited == [30] * 4

    async def calibrate() -> None:
        device.advance(device.calibration_seconds / 3)

    with waiting(calibrate) as waited:
        high = await result(hass, "high", entry, retry_minutes=60)
    assert high == ("changed", "low", "high")
    assert 2 <= len(waited) <= 4

    # The latest word counts.
    async def change_of_mind() -> None:
        device.advance(device.calibration_seconds)
        assert (await result(hass, "medium", entry))[2] == "medium"

    with waiting(change_of_mind):
        assert await fault(hass, "low", entry, retry_minutes=2) == "mode_superseded"
    assert state(hass, entry, "select", "mode") == "medium"
    assert hass.data[mode_wish._NEWEST] == {}


async def test_own_table(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """The modes of an owner's own table count, in the order of their power."""
    rows = [
        {"name": "Hot", "frequency": 600, "core_voltage": 1200},
        {"name": "Cold", "frequency": 450, "core_voltage": 1100},
        {"name": "Cool", "frequency": 500, "core_voltage": 1100},
    ]
    entry = await add(await start_device("axeos-2.15"), **{CONF_WORK_MODES: rows})
    assert await result(hass, "lowest", entry) == ("changed", "custom", "Cold")
    assert await result(hass, "standard", entry) == ("changed", "Cold", "Cool")
    assert await result(hass, "hot", entry) == ("changed", "Cool", "Hot")


def test_names_that_are_not_known() -> None:
    """Later firmware may have a mode that nobody knows the power of."""
    capabilities = Capabilities(named_modes=("ludicrous", "high", "low"))
    assert modes_by_power({}, capabilities) == ("low", "high", "ludicrous")
    assert chosen_mode("lowest", {}, Capabilities()) is None
