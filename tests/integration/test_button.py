"""Tests for restart and identify."""

import asyncio
from unittest.mock import patch

from aiohttp.web import BaseRequest, StreamResponse
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.miner_controller.const import DOMAIN
from simulator.fault_replies import hang_up
from simulator.faults import Fault
from tests.devices import AXEOS_FIRMWARES, PROFILES, StartDevice

from . import call, find_entity_id, poll, state, writes
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
