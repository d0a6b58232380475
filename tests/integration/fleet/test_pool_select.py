"""Tests for choosing one of the home's pools on a miner of each kind."""

from dataclasses import replace
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.const import DOMAIN
from simulator.avalon import AvalonDevice
from simulator.axeos import AxeOSDevice
from simulator.identity import POOL_HOST, POOL_PORT
from simulator.nerdqaxe import NerdQAxeDevice
from simulator.nmminer import NMMinerHttpDevice
from tests.devices import Device, StartDevice
from tests.integration import call, find_entity_id, full_state, poll, writes
from tests.integration.conftest import AddMiner, AddNMMiner

from .arrangement import PASSWORD, add_fleet, answering, pass_time, pool, pool_id

GOLD_URL = "stratum+tcp://gold.example:4444"
WORKER = "bc1qcanaryaddress.bench"

# They are nowhere, so nobody shall ask for their health.
POOLS = (
    pool("Tin", "tin.example:3333", priority=10, probe_unused=False),
    pool("gold", GOLD_URL, priority=20, probe_unused=False),
    pool("Copper", "copper.example:3333", priority=20, probe_unused=False),
)
NAMES = ["Tin", "Copper", "gold"]


def choice(hass: HomeAssistant, entry: MockConfigEntry) -> State:
    """Return the choice of a pool with its options."""
    return full_state(hass, entry, "select", "pool")


async def choose(hass: HomeAssistant, entry: MockConfigEntry, option: str) -> None:
    """Choose a pool."""
    await call(hass, entry, "pool", "select.select_option", option=option)


def stored(device: Device) -> tuple[str, str, str]:
    """Return address, worker and password of the pool that a device works for."""
    if isinstance(device, AxeOSDevice | NerdQAxeDevice):
        used = device.pool if isinstance(device, AxeOSDevice) else device.settings.pool
        return f"stratum+tcp://{used.url}:{used.port}", used.user, used.password
    if isinstance(device, NMMinerHttpDevice):
        keys = ("PrimaryPool", "PrimaryAddress", "PrimaryPassword")
        return tuple(device.settings[key] for key in keys)
    assert isinstance(device, AvalonDevice)
    active = device.pools.active
    assert active is not None
    return active.url, active.user, active.password


@pytest.mark.parametrize(
    ("profile", "options"),
    [
        ("axeos-2.10", {}),
        ("axeos-2.15", {}),
        ("nerdqaxe-1.1.0", {}),
        ("avalon-nano3s", {"username": "admin", "password": "admin"}),
        ("nmminer-2.0.04", {}),
    ],
)
async def test_choose(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    options: dict[str, Any],
) -> None:
    """Any of the home's pools can be chosen, and is written as the miner takes it."""
    device = await start_device(profile)
    entry = await add(device, **options)
    fleet = await add_fleet(hass, *POOLS)
    # The miner's own pool is there while it is used.
    assert choice(hass, entry).state == POOL_HOST
    assert choice(hass, entry).attributes["options"] == [*NAMES, POOL_HOST]
    await choose(hass, entry, POOL_HOST)
    assert writes(device) == []
    uptime = device.state.uptime if isinstance(device, NerdQAxeDevice) else None
    await choose(hass, entry, "gold")
    assert stored(device) == (GOLD_URL, WORKER, PASSWORD)
    assert choice(hass, entry).state == "gold"
    assert choice(hass, entry).attributes["options"] == NAMES
    if uptime is not None:
        # It counts at once, without a restart.
        assert device.state.uptime >= uptime
    # Another one has to wait for two minutes.
    done = len(writes(device))
    await pass_time(hass, freezer, 119)
    with pytest.raises(ServiceValidationError) as caught:
        await choose(hass, entry, "Tin")
    assert caught.value.translation_key == "pool_written_lately"
    assert caught.value.translation_placeholders == {"miner": "Bench", "seconds": "1"}
    assert choice(hass, entry).state == "gold"
    assert len(writes(device)) == done
    # A pool that is removed is one of the miner's own.
    hass.config_entries.async_remove_subentry(fleet, pool_id(fleet, "gold"))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert choice(hass, entry).state == "gold.example"
    left = ["Tin", "Copper", "gold.example"]
    assert choice(hass, entry).attributes["options"] == left


@pytest.mark.parametrize(
    ("profile", "status", "error"),
    [
        ("axeos-2.15", 200, "The pool did not change"),
        ("nerdqaxe-1.1.0", 400, "The miner did not accept the pool"),
    ],
)
async def test_failure(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
    caplog: pytest.LogCaptureFixture,
    profile: str,
    status: int,
    error: str,
) -> None:
    """What was not done is said, without what was to be done, and nothing changes."""
    caplog.set_level("DEBUG")
    device = await start_device(profile)
    entry = await add(device)
    await add_fleet(hass, *POOLS)
    with (
        answering(device, status),
        pytest.raises(HomeAssistantError) as caught,
    ):
        await choose(hass, entry, "gold")
    assert caught.value.translation_domain == DOMAIN
    assert caught.value.translation_key == "refused"
    assert caught.value.translation_placeholders == {"miner": "Bench", "error": error}
    assert choice(hass, entry).state == POOL_HOST
    await poll(hass, freezer, device)
    assert choice(hass, entry).state == POOL_HOST
    assert "canary" not in caplog.text
    # A miner may tell of no pool at all.
    coordinator = entry.runtime_data
    coordinator.async_set_updated_data(replace(coordinator.data, active_pool=None))
    assert choice(hass, entry).state == STATE_UNKNOWN
    assert choice(hass, entry).attributes["options"] == NAMES


async def test_choose_what_is_used(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """The pool that is used already is written only to a miner that fell back to it."""
    device = await start_device("nerdqaxe-1.1.0")
    entry = await add(device)
    own = pool("Own", f"{POOL_HOST}:{POOL_PORT}", probe_unused=False)
    fleet = await add_fleet(hass, own, pool(POOL_HOST, GOLD_URL, probe_unused=False))
    assert choice(hass, entry).state == "Own"
    await choose(hass, entry, "Own")
    assert writes(device) == []
    coordinator = entry.runtime_data
    coordinator.async_set_updated_data(replace(coordinator.data, fallback_pool=True))
    await choose(hass, entry, "Own")
    assert len(writes(device)) == 1
    # A pool of the home may be named like the host of another one.
    hass.config_entries.async_remove_subentry(fleet, pool_id(fleet, "Own"))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert choice(hass, entry).state == f"{POOL_HOST}:{POOL_PORT}"
    # Nobody has a choice while the fleet is disabled.
    await hass.config_entries.async_set_disabled_by(
        fleet.entry_id, ConfigEntryDisabler.USER
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert choice(hass, entry).attributes["options"] == [POOL_HOST]
    await choose(hass, entry, POOL_HOST)
    assert len(writes(device)) == 1


async def test_pool_that_needs_what_a_miner_does_not_tell(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A miner without a MAC address is told no worker that is made of it."""
    device = await start_device("avalon-nano3")
    entry = await add(device)
    await add_fleet(hass, pool("gold", GOLD_URL, worker="{mac}", probe_unused=False))
    with pytest.raises(ServiceValidationError) as caught:
        await choose(hass, entry, "gold")
    assert caught.value.translation_key == "worker_unresolved"
    assert caught.value.translation_placeholders == {"miner": "Bench", "pool": "gold"}
    assert writes(device) == []


async def test_miners_that_take_no_pool(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    nmminer: AddNMMiner,
) -> None:
    """They have no choice."""
    plain = await add(await start_device("cgminer-4.11"))
    _, old = await nmminer("0.3.01")
    fleet = await add_fleet(hass, *POOLS)
    for entry in (plain, old):
        assert find_entity_id(hass, entry, "select", "pool") is None
    # Nothing of them goes with the fleet.
    await hass.config_entries.async_remove(fleet.entry_id)
    assert fleet.entry_id not in {
        each.entry_id for each in hass.config_entries.async_entries()
    }
