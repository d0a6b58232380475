"""Tests of the integration in a Home Assistant, against simulated devices."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
import re
import socket

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.miner.connect import (
    FoundMiner,
    async_find_miner,
)
from custom_components.miner_controller.miner.issues import MinerIssue, issue_id
from custom_components.miner_controller.miner.listening import async_shared_listener
from custom_components.miner_controller.protocols.address import Address
from custom_components.miner_controller.protocols.detect import DEFAULT_PORTS
from custom_components.miner_controller.protocols.nmminer import NMMinerClient
from custom_components.miner_controller.protocols.nmminer_listener import (
    NMMinerListener,
)
from simulator.avalon import AvalonDevice
from simulator.nmminer import NMMinerUdpDevice
from simulator.tcp_device import TcpDevice
from simulator.wire import JsonObject
from tests.devices import WARM_UP, Device, StartDevice

INFO_REQUEST = ("GET", "/api/system/info")

# Commands of the cgminer API that change something.
CHANGES = frozenset(
    {
        "addpool",
        "ascset",
        "disablepool",
        "enablepool",
        "poolpriority",
        "quit",
        "removepool",
        "restart",
        "setpool",
        "switchpool",
    }
)
# What only lists the options that there are.
HELP_REQUEST = ("ascset", "0,help")

# The base32 secret of the devices that ask for one-time passwords.
OTP_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


async def add_miner(
    hass: HomeAssistant, device: Device, **options: object
) -> MockConfigEntry:
    """Add a device that answers as the config flow would, and set it up."""
    entry = await known_miner(hass, device, **options)
    await set_up(hass, entry)
    return entry


async def known_miner(
    hass: HomeAssistant, device: Device, **options: object
) -> MockConfigEntry:
    """Return the entry of a device that answers, added but not set up."""
    found = await async_find_miner(hass, f"{device.host}:{device.port}")
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Bench",
        unique_id=next(iter(found.identity.ids), None),
        data=found.entry_data,
        options=options,
    )
    entry.add_to_hass(hass)
    return entry


async def add_nmminer(
    hass: HomeAssistant, device: NMMinerUdpDevice, **options: object
) -> MockConfigEntry:
    """Add a device that broadcasts, and set it up with its first broadcast."""
    entry = await known_nmminer(hass, device, **options)
    await set_up_nmminer(hass, device, entry)
    return entry


async def known_nmminer(
    hass: HomeAssistant, device: NMMinerUdpDevice, **options: object
) -> MockConfigEntry:
    """Return the entry of a device that broadcasts, added but not set up."""
    listener = NMMinerListener(0)
    listener.open()
    client = NMMinerClient(
        async_get_clientsession(hass, family=socket.AF_INET),
        device.host,
        DEFAULT_PORTS[NMMinerClient.family],
        listener,
    )
    await _announce(listener, device)
    await client.fetch()
    listener.close()
    found = FoundMiner(
        address=Address(host=device.host),
        identity=client.identity,
        client=client,
        hashrate=None,
    )
    entry = MockConfigEntry(
        domain=DOMAIN, title="Bench", data=found.entry_data, options=options
    )
    entry.add_to_hass(hass)
    return entry


async def set_up_nmminer(
    hass: HomeAssistant, device: NMMinerUdpDevice, entry: MockConfigEntry
) -> None:
    """Set an entry up while its device broadcasts."""
    listener = async_shared_listener(hass).listener
    ready = hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
    await until(lambda: listener.listening and listener.is_followed(device.host))
    await announce(hass, device)
    assert await ready
    await hass.async_block_till_done(wait_background_tasks=True)


async def announce(hass: HomeAssistant, *devices: NMMinerUdpDevice) -> None:
    """Let devices broadcast, and Home Assistant take in what they say."""
    listener = async_shared_listener(hass).listener
    for device in devices:
        await _announce(listener, device)
    await hass.async_block_till_done()


async def _announce(listener: NMMinerListener, device: NMMinerUdpDevice) -> None:
    """Let a device broadcast until it was heard."""
    before = listener.heard.get(device.host)
    device.status_target = ("127.0.0.1", listener.port)
    device.announce()
    await until(lambda: listener.heard.get(device.host) is not before)


async def send(hass: HomeAssistant, *datagrams: bytes, host: str = "127.0.0.1") -> None:
    """Send datagrams to Home Assistant, and wait until each of them was read."""
    listener = async_shared_listener(hass).listener
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind((host, 0))
        for datagram in datagrams:
            read = listener.dropped.total() + len(listener.heard)
            sender.sendto(datagram, ("127.0.0.1", listener.port))
            await until(
                lambda: listener.dropped.total() + len(listener.heard) > read  # noqa: B023
            )
    await hass.async_block_till_done()


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set an entry up and wait until all of it is there."""
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def poll(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *devices: Device,
    seconds: float = 15,
) -> None:
    """Let time pass, on the devices too, and the polls that are due happen."""
    for device in devices:
        device.advance(seconds)
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)


async def poll_slowly(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    device: Device,
    *,
    seconds: float = 15,
    waits: tuple[float, ...],
) -> None:
    """Poll a device that keeps each request waiting for some seconds."""
    asked = _asked(device)
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(hass)
    for wait in waits:
        asked += 1
        await until(lambda: _asked(device) >= asked)  # noqa: B023
        freezer.tick(timedelta(seconds=wait))
        async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)


async def until(happened: Callable[[], bool]) -> None:
    """Go on once something has happened, without any time passing."""
    for _ in range(100_000):
        if happened():
            return
        await asyncio.sleep(0)
    raise AssertionError("It did not happen")


def _asked(device: Device) -> int:
    """Return how often somebody began to ask a device something.

    A device that serves one connection at a time does not read what comes after one
    that hangs.
    """
    return device.connections if isinstance(device, TcpDevice) else len(device.requests)


def polls(device: Device) -> int:
    """Return how often a device was asked for its state."""
    if isinstance(device, TcpDevice):
        return sum(name.startswith("summary") for name, _ in device.requests)
    return device.requests.count(INFO_REQUEST)


def writes(device: Device) -> list[tuple[str, str]]:
    """Return what was sent to a device other than questions."""
    if isinstance(device, TcpDevice):
        return [
            request
            for request in device.requests
            if request[0] in CHANGES and request != HELP_REQUEST
        ]
    return [request for request in device.requests if request[0] != "GET"]


async def start_on_time(
    start_device: StartDevice,
    freezer: FrozenDateTimeFactory,
    profile: str,
    moment: str,
    **changes: object,
) -> Device:
    """Start a device whose own clock is right when it is warm, at a moment."""
    freezer.move_to(moment)
    freezer.tick(-WARM_UP)
    device = await start_device(profile, **changes)
    freezer.tick(WARM_UP)
    return device


def find_entity_id(
    hass: HomeAssistant, entry: MockConfigEntry, platform: str, key: str
) -> str | None:
    """Return the id of an entity of a miner, None if it does not exist."""
    return er.async_get(hass).async_get_entity_id(
        platform, DOMAIN, f"{entry.unique_id or entry.entry_id}_{key}"
    )


def entity_id(
    hass: HomeAssistant, entry: MockConfigEntry, platform: str, key: str
) -> str:
    """Return the id of an entity of a miner."""
    found = find_entity_id(hass, entry, platform, key)
    assert found is not None, f"{platform} {key} does not exist"
    return found


def full_state(
    hass: HomeAssistant, entry: MockConfigEntry, platform: str, key: str
) -> State:
    """Return the state of an entity of a miner with its attributes."""
    found = hass.states.get(entity_id(hass, entry, platform, key))
    assert found is not None, f"{platform} {key} is disabled"
    return found


def state(hass: HomeAssistant, entry: MockConfigEntry, platform: str, key: str) -> str:
    """Return the state of an entity of a miner."""
    return full_state(hass, entry, platform, key).state


def all_states(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, State]:
    """Return the states of all enabled entities of a miner by the ends of their ids."""
    registry = er.async_get(hass)
    prefix = f"{entry.unique_id or entry.entry_id}_"
    return {
        f"{item.domain} {item.unique_id.removeprefix(prefix)}": found
        for item in er.async_entries_for_config_entry(registry, entry.entry_id)
        if (found := hass.states.get(item.entity_id)) is not None
    }


def device_entry(hass: HomeAssistant, entry: MockConfigEntry) -> dr.DeviceEntry:
    """Return the one device of a miner."""
    (found,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return found


def find_issue(
    hass: HomeAssistant, entry: MockConfigEntry, issue: MinerIssue
) -> ir.IssueEntry | None:
    """Return an issue of a miner, None while there is none."""
    return ir.async_get(hass).async_get_issue(DOMAIN, issue_id(issue, entry.entry_id))


async def call(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    key: str,
    action: str,
    **data: object,
) -> None:
    """Call an action such as `switch.turn_on` on an entity of a miner."""
    domain, service = action.split(".")
    await hass.services.async_call(
        domain,
        service,
        {ATTR_ENTITY_ID: entity_id(hass, entry, domain, key), **data},
        blocking=True,
    )
    await hass.async_block_till_done(wait_background_tasks=True)


async def restart_home_assistant(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Unload an entry and set it up again, as a restart does."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    await set_up(hass, entry)


def overridden(device: Device) -> dict[str, object]:
    """Return what a device shall tell instead of the truth, empty to begin with."""
    report = device.info
    changes: dict[str, object] = {}

    def info() -> dict[str, object]:
        return {**report(), **changes}

    device.info = info  # type: ignore[method-assign]
    return changes


def told_fields(device: Device) -> dict[str, object]:
    """Return what an Avalon shall tell in its fields, empty to begin with."""
    assert isinstance(device, AvalonDevice)
    report = device.stats_row
    changes: dict[str, object] = {}

    def stats_row() -> JsonObject:
        row = dict(report())
        line = row[device.kind.stats_key]
        for name, value in changes.items():
            line, count = re.subn(rf"\b{name}\[[^]]*\]", f"{name}[{value}]", line)
            assert count == 1, f"{device.name} has no field {name}"
        row[device.kind.stats_key] = line
        return row

    device.stats_row = stats_row  # type: ignore[method-assign]
    return changes
