"""Tests for restart and identify."""

import asyncio
import logging
from unittest.mock import patch

from aiohttp.web import BaseRequest, StreamResponse
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.miner_controller.const import DOMAIN
from simulator.fault_replies import hang_up
from simulator.faults import Fault
from tests.devices import AVALON_PROFILES, AXEOS_FIRMWARES, PROFILES, StartDevice

from . import call, find_entity_id, poll, state, told_fields, writes
from .conftest import AddMiner

PRESS = "button.press"


@pytest.mark.parametrize("profile", PROFILES)
async def test_restart(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    profile: str,
) -> None:
    """A restart takes the miner away for a moment, and it comes back mining."""
    device = await start_device(profile)
    entry = await add(device)
    await call(hass, entry, "restart", PRESS)
    assert writes(device) == [("POST", "/api/system/restart")]
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    for _ in range(2):
        await poll(hass, freezer, device)
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert state(hass, entry, "binary_sensor", "hashing") == "on"
    assert device.state.uptime < 60


@pytest.mark.parametrize("profile", ["axeos-2.15", "nerdqaxe-1.0.37"])
async def test_restart_without_an_answer(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """A miner that restarts before it has answered was restarted all the same."""
    device = await start_device(profile)
    entry = await add(device)
    answer = device._answer

    async def hang_up_on_a_command(request: BaseRequest) -> StreamResponse:
        """Do as told, and be gone before it is said."""
        response = await answer(request)
        if request.method == "POST":
            hang_up(request, at_once=True)
        return response

    with patch.object(device, "_answer", hang_up_on_a_command):
        await call(hass, entry, "restart", PRESS)
    assert device.state.uptime == 0
    assert state(hass, entry, "binary_sensor", "reachable") == "off"


@pytest.mark.parametrize("firmware", AXEOS_FIRMWARES)
async def test_identify(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, firmware: str
) -> None:
    """A Bitaxe shows which one it is, from the firmware on that has it."""
    device = await start_device(f"axeos-{firmware}")
    entry = await add(device)
    has = firmware in ("2.12", "2.13", "2.14", "2.15")
    assert (find_entity_id(hass, entry, "button", "identify") is not None) is has
    if has:
        await call(hass, entry, "identify", PRESS)
        assert writes(device) == [("POST", "/api/system/identify")]
        assert state(hass, entry, "binary_sensor", "reachable") == "on"


@pytest.mark.parametrize("key", ["restart", "identify", "clear_overheat"])
@pytest.mark.parametrize(
    ("fault", "translation_keys"),
    [
        (Fault.REFUSE, {"cannot_connect"}),
        (Fault.SERVER_ERROR, {"refused", "invalid_reply"}),
        (Fault.UNAUTHORIZED, {"refused", "access_refused"}),
    ],
)
async def test_failure(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    key: str,
    fault: Fault,
    translation_keys: set[str],
) -> None:
    """A press that fails is a translated error."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    await device.set_fault(fault)
    for _ in range(20):
        # The client notices that connections were closed.
        await asyncio.sleep(0)
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, entry, key, PRESS)
    assert caught.value.translation_domain == DOMAIN
    assert caught.value.translation_key in translation_keys
    assert caught.value.translation_placeholders is not None
    assert caught.value.translation_placeholders["miner"] == "Bench"


async def test_identify_reaches_no_other_miner(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """An address that went to another miner meanwhile is found out before."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    device.state.mac = "5A:51:00:00:00:99"
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, entry, "identify", PRESS)
    assert caught.value.translation_key == "wrong_device"
    assert writes(device) == []


@pytest.mark.parametrize(
    ("profile", "sent"),
    [
        ("avalon-nano3", ("ascset", "0,reboot,all")),
        ("avalon-nano3s", ("ascset", "0,reboot,0")),
        ("avalon-mini3", ("ascset", "0,reboot,0")),
        ("avalon-q", ("ascset", "0,reboot,0")),
        ("cgminer-4.11:privileged", ("restart", "")),
    ],
)
async def test_restart_cgminer(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    profile: str,
    sent: tuple[str, str],
) -> None:
    """A restart takes the miner away without a complaint, and it comes back mining."""
    device = await start_device(profile)
    entry = await add(device)
    caplog.clear()
    await call(hass, entry, "restart", PRESS)
    assert writes(device) == [sent]
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    for _ in range(2):
        await poll(hass, freezer, device)
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert state(hass, entry, "binary_sensor", "hashing") == "on"
    assert device.state.uptime < 60
    assert not [
        record
        for record in caplog.records
        if record.name.startswith("custom_components")
        and record.levelno >= logging.WARNING
    ]


async def test_no_restart_without_privilege(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A cgminer that lets nobody change anything has no buttons."""
    device = await start_device("cgminer-4.11")
    entry = await add(device)
    for key in ("restart", "identify"):
        assert find_entity_id(hass, entry, "button", key) is None
    assert writes(device) == []


@pytest.mark.parametrize(
    ("profile", "blink", "back"),
    [
        ("avalon-nano3", "0,led,setmode,2", "0,led,setmode,1"),
        ("avalon-nano3s", "0,ledset,2-100-30-1-2-3", "0,ledset,1-40-30-1-2-3"),
    ],
)
async def test_identify_avalon(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    blink: str,
    back: str,
) -> None:
    """The light blinks for a while, and is put back as it was."""
    device = await start_device(profile)
    if profile == "avalon-nano3":
        device.state.led_mode = 1
    device.state.led = [1, 40, 30, 1, 2, 3]
    before = (device.state.led_mode, list(device.state.led))
    entry = await add(device)
    started = device.clock()
    await call(hass, entry, "identify", PRESS)
    assert writes(device) == [("ascset", blink), ("ascset", back)]
    assert device.clock() - started == 10
    assert (device.state.led_mode, device.state.led) == before
    # One who presses again while it blinks must not keep the blinking for the light.
    device.requests.clear()
    await asyncio.gather(
        *(call(hass, entry, "identify", PRESS) for _ in range(3)),
    )
    assert (device.state.led_mode, device.state.led) == before
    assert device.most_open_connections == 1


@pytest.mark.parametrize("profile", ["avalon-mini3", "avalon-q"])
async def test_no_light(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """An Avalon whose light cannot be told to blink has no such button."""
    entry = await add(await start_device(profile))
    assert find_entity_id(hass, entry, "button", "identify") is None


async def test_identify_without_a_known_light(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A light that could not be put back as it was is left alone."""
    device = await start_device("avalon-nano3s")
    told_fields(device)["LEDUser"] = ""
    entry = await add(device)
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, entry, "identify", PRESS)
    assert caught.value.translation_key == "invalid_reply"
    assert writes(device) == []


@pytest.mark.parametrize("profile", AVALON_PROFILES)
@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (Fault.REFUSE, "cannot_connect"),
        (Fault.UNAUTHORIZED, "access_denied"),
        (Fault.SILENT, "cannot_connect"),
        (Fault.GARBAGE, "invalid_reply"),
    ],
)
async def test_restart_failure(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    fault: Fault,
    key: str,
) -> None:
    """A miner that is not fit to be asked is not told to restart, and says why."""
    device = await start_device(profile)
    entry = await add(device)
    await device.set_fault(fault)
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, entry, "restart", PRESS)
    assert caught.value.translation_domain == DOMAIN
    assert caught.value.translation_key == key
    assert writes(device) == []
