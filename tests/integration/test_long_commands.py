"""Commands that take long enough for something else to happen meanwhile."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
import logging
from unittest.mock import patch

from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.protocols import cgminer_client
from tests.devices import Device, StartDevice

from . import device_entry, full_state, state
from .conftest import AddMiner

SLOT = 2
NEW_POOL = {"url": "stratum+tcp://new.example:3333", "worker": "nobody.new"}


@contextmanager
def meanwhile(happens: Callable[[], Awaitable[object]]) -> Iterator[None]:
    """Let something happen once, as soon as a command waits."""
    waited = cgminer_client.sleep
    left = [happens]

    async def wait(seconds: float) -> None:
        if left:
            await left.pop()()
        await waited(seconds)

    with patch.object(cgminer_client, "sleep", wait):
        yield


async def add_with_login(add: AddMiner, device: Device) -> MockConfigEntry:
    """Add a miner whose pools can be changed."""
    return await add(
        device,
        **{CONF_USERNAME: device.web_user, CONF_PASSWORD: device.web_password},
    )


async def set_pool(hass: HomeAssistant, device_id: str) -> None:
    """Store another pool on a miner."""
    await hass.services.async_call(
        DOMAIN,
        "set_pool",
        {"device_id": device_id, "slot": SLOT, **NEW_POOL},
        blocking=True,
    )
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_removed_meanwhile(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A miner that is removed before its command ends leaves nothing behind."""
    device = await start_device("avalon-nano3s")
    entry = await add_with_login(add, device)
    device_id = device_entry(hass, entry).id
    with meanwhile(lambda: hass.config_entries.async_remove(entry.entry_id)):
        await set_pool(hass, device_id)
    assert hass.config_entries.async_entries(DOMAIN) == []
    assert device.pools[SLOT - 1].url == NEW_POOL["url"]


async def test_reloaded_meanwhile(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A reload does not make the wanted absence an error, and asks as often."""
    device = await start_device("avalon-nano3s")
    entry = await add_with_login(add, device)
    device_id = device_entry(hass, entry).id
    caplog.clear()
    with meanwhile(lambda: hass.config_entries.async_reload(entry.entry_id)):
        await set_pool(hass, device_id)
    coordinator = entry.runtime_data
    assert coordinator.update_interval == coordinator.interval
    assert not [item for item in caplog.records if item.levelno >= logging.ERROR]
    await coordinator.async_refresh()
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    options = full_state(hass, entry, "select", "pool_slot").attributes["options"]
    assert f"{SLOT} · new.example" in options
