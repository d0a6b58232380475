"""Tests for miners that Home Assistant discovers, each source from end to end."""

import asyncio
from collections.abc import Iterator
import importlib
from ipaddress import IPv4Address, IPv6Address, ip_address
import sys
from types import ModuleType
from typing import Any
from unittest.mock import AsyncMock, MagicMock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import (
    SOURCE_DHCP,
    SOURCE_IGNORE,
    SOURCE_INTEGRATION_DISCOVERY,
    SOURCE_ZEROCONF,
    ConfigFlowResult,
)
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from homeassistant.loader import async_get_dhcp, async_get_zeroconf
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.miner_controller.const import CONF_IDENTITY, DOMAIN
from custom_components.miner_controller.miner import connect
from custom_components.miner_controller.miner.issues import MinerIssue, issue_id
from custom_components.miner_controller.protocols.address import Address
from custom_components.miner_controller.protocols.errors import MinerTimeoutError
from simulator.faults import Fault
from simulator.nmminer import NMMinerUdpDevice
from simulator.others import OtherWebServer, RedirectingServer
from tests.devices import Device, StartDevice

from . import announce, device_entry, known_miner, poll, set_up, state
from .conftest import INTEGRATION, AddNMMiner, StartAt, UsualPorts

HOST = "127.0.12.31"
ELSEWHERE = "127.0.12.32"
MAC = "5a5100aabbcc"
ALIEN = "93.184.216.34"


@pytest.fixture(autouse=True)
def second_tries() -> Iterator[AsyncMock]:
    """Wait for no device that is starting."""
    with (
        patch(f"{INTEGRATION}.miner.discovery_flow.sleep", AsyncMock()) as sleep,
        patch(f"{INTEGRATION}.protocols.nmminer.HEARING_TIME", 0),
    ):
        yield sleep


def zeroconf_info(host: str, port: int) -> ZeroconfServiceInfo:
    """Return what zeroconf hands on of a Bitaxe."""
    return ZeroconfServiceInfo(
        ip_address=ip_address(host),
        ip_addresses=[ip_address(host)],
        port=port,
        hostname="bitaxe.local.",
        type="_http._tcp.local.",
        name="bitaxe._http._tcp.local.",
        properties={},
    )


def dhcp_info(host: str, mac: str = MAC, hostname: str = "bitaxe") -> DhcpServiceInfo:
    """Return what the watching of DHCP hands on."""
    return DhcpServiceInfo(ip=host, hostname=hostname, macaddress=mac)


async def discover(
    hass: HomeAssistant, source: str, host: str, port: int = 80, **details: str
) -> ConfigFlowResult:
    """Discover a device."""
    data: Any = {CONF_HOST: host}
    if source == SOURCE_ZEROCONF:
        data = zeroconf_info(host, port)
    elif source == SOURCE_DHCP:
        data = dhcp_info(host, **details)
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": source}, data=data
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


def assert_aborted(result: ConfigFlowResult, reason: str) -> None:
    """Assert that a flow ended with a reason."""
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == reason


def mac_of(device: Device) -> str:
    """Return the MAC address of a device as DHCP tells it."""
    return str(device.mac).lower().replace(":", "")  # type: ignore[union-attr]


async def added(hass: HomeAssistant, device: Device) -> MockConfigEntry:
    """Add a device at its usual port."""
    entry = await known_miner(hass, device)
    await set_up(hass, entry)
    return entry


@pytest.mark.parametrize("source", [SOURCE_ZEROCONF, SOURCE_DHCP])
@pytest.mark.parametrize(
    ("profile", "model", "unit"),
    [
        ("axeos-2.15", "Bitaxe Gamma", "TH/s"),
        ("nerdqaxe-1.0.37", "NerdQAxe++", "TH/s"),
        ("nmminer-2.0.04", "NMMiner", "kH/s"),
    ],
)
async def test_discovered_over_http(
    hass: HomeAssistant,
    start_at: StartAt,
    usual_ports: UsualPorts,
    source: str,
    profile: str,
    model: str,
    unit: str,
) -> None:
    """A miner with a web page is shown with what it is, and added when confirmed."""
    await start_at(profile, HOST)
    result = await discover(hass, source, HOST, usual_ports.http)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "discovery_confirm"
    placeholders = result["description_placeholders"]
    assert placeholders is not None
    assert model in placeholders["model"]
    assert placeholders["address"] == HOST
    assert placeholders["hashrate"].endswith(unit)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["confirm_only"]
    assert flow["context"]["title_placeholders"]["name"]
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert entry.data[CONF_HOST] == HOST
    assert entry.data[CONF_PORT] == usual_ports.http
    assert (entry.unique_id is None) is profile.startswith("nmminer")
    assert entry.runtime_data.last_update_success
    assert_aborted(
        await discover(hass, source, HOST, usual_ports.http), "already_configured"
    )


async def test_avalon(hass: HomeAssistant, start_at: StartAt) -> None:
    """An Avalon is discovered by the maker of its network chip."""
    device = await start_at("avalon-nano3s", HOST)
    result = await discover(
        hass, SOURCE_DHCP, HOST, mac=mac_of(device), hostname="espressif"
    )
    assert result["type"] is FlowResultType.FORM
    placeholders = result["description_placeholders"]
    assert placeholders is not None
    assert placeholders["model"] == "Avalon Nano 3S"
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_broadcasts(
    hass: HomeAssistant, nmminer: AddNMMiner, start_device: StartDevice
) -> None:
    """A miner that broadcasts is discovered by that, also where DHCP tells of it."""
    await nmminer()
    device = await start_device("nmminer-1.8.10", host=HOST)
    assert isinstance(device, NMMinerUdpDevice)
    await announce(hass, device)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_INTEGRATION_DISCOVERY
    assert_aborted(
        await discover(hass, SOURCE_DHCP, HOST, hostname="nm-cyd-28-a1b2c3"),
        "already_in_progress",
    )
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert_aborted(
        await discover(hass, SOURCE_INTEGRATION_DISCOVERY, HOST), "already_configured"
    )


@pytest.mark.parametrize("profile", ["axeos-2.15", "nmminer-2.0.04"])
async def test_ignored(
    hass: HomeAssistant,
    start_at: StartAt,
    usual_ports: UsualPorts,
    hass_ws_client: WebSocketGenerator,
    profile: str,
) -> None:
    """What is ignored stays so for each source, by its MAC or else by its address."""
    assert await async_setup_component(hass, "config", {})
    device = await start_at(profile, HOST)
    result = await discover(hass, SOURCE_ZEROCONF, HOST, usual_ports.http)
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {
            "type": "config_entries/ignore_flow",
            "flow_id": result["flow_id"],
            "title": "Not mine",
        }
    )
    assert (await client.receive_json())["success"]
    (ignored,) = hass.config_entries.async_entries(DOMAIN)
    assert ignored.source == SOURCE_IGNORE
    has_mac = profile.startswith("axeos")
    assert ignored.unique_id == (device.mac.lower() if has_mac else HOST)  # type: ignore[union-attr]
    for source in (SOURCE_ZEROCONF, SOURCE_DHCP):
        assert_aborted(
            await discover(hass, source, HOST, usual_ports.http), "already_configured"
        )
    assert hass.config_entries.flow.async_progress() == []


async def move(device: Device, usual_ports: UsualPorts) -> None:
    """Let a device have another address."""
    is_tcp = device.port == usual_ports.cgminer
    await device.stop()
    await device.start(ELSEWHERE, usual_ports.cgminer if is_tcp else usual_ports.http)


@pytest.mark.parametrize("source", [SOURCE_ZEROCONF, SOURCE_DHCP])
async def test_known_miner_at_another_address(
    hass: HomeAssistant,
    start_at: StartAt,
    usual_ports: UsualPorts,
    source: str,
) -> None:
    """A miner that was added is followed to its new address at once."""
    device = await start_at("axeos-2.15", HOST)
    entry = await added(hass, device)
    await move(device, usual_ports)
    assert_aborted(
        await discover(hass, source, ELSEWHERE, usual_ports.http, mac=MAC),
        "already_configured",
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data[CONF_HOST] == ELSEWHERE
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1


async def test_registered_device(
    hass: HomeAssistant, start_at: StartAt, usual_ports: UsualPorts
) -> None:
    """A MAC that only the device registry knows, and others too, is enough."""
    other = MockConfigEntry(domain="router")
    other.add_to_hass(hass)
    registry = dr.async_get(hass)
    mac = dr.format_mac(MAC)
    registry.async_get_or_create(
        config_entry_id=other.entry_id,
        connections={(dr.CONNECTION_NETWORK_MAC, mac)},
    )
    device = await start_at("avalon-nano3", HOST)
    entry = await added(hass, device)
    registry.async_update_device(
        device_entry(hass, entry).id,
        new_connections={(dr.CONNECTION_NETWORK_MAC, mac)},
    )
    await move(device, usual_ports)
    result = await discover(hass, SOURCE_DHCP, ELSEWHERE, hostname="anything")
    assert_aborted(result, "already_configured")
    assert entry.data[CONF_HOST] == ELSEWHERE
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert_aborted(
        await discover(hass, SOURCE_DHCP, ELSEWHERE, hostname="anything"),
        "already_configured",
    )


async def test_mac_of_nobody_here(hass: HomeAssistant, usual_ports: UsualPorts) -> None:
    """A device of another integration is none of ours."""
    other = MockConfigEntry(domain="router")
    other.add_to_hass(hass)
    dr.async_get(hass).async_get_or_create(
        config_entry_id=other.entry_id,
        connections={(dr.CONNECTION_NETWORK_MAC, dr.format_mac(MAC))},
    )
    assert_aborted(await discover(hass, SOURCE_DHCP, HOST), "cannot_connect")


async def test_name_stays(
    hass: HomeAssistant, start_at: StartAt, usual_ports: UsualPorts
) -> None:
    """A name that the owner typed is not replaced by an address."""
    device = await start_at("axeos-2.15", HOST)
    entry = await known_miner(hass, device)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_HOST: "cellar.lan"}
    )
    result = await discover(hass, SOURCE_DHCP, HOST, mac=mac_of(device))
    assert_aborted(result, "already_configured")
    assert entry.data[CONF_HOST] == "cellar.lan"


async def test_several_sources_at_once(
    hass: HomeAssistant, start_at: StartAt, usual_ports: UsualPorts
) -> None:
    """All sources that see a miner at the same moment make one flow."""
    await start_at("axeos-2.15", HOST)
    results = await asyncio.gather(
        discover(hass, SOURCE_ZEROCONF, HOST, usual_ports.http),
        discover(hass, SOURCE_DHCP, HOST),
        discover(hass, SOURCE_ZEROCONF, HOST, usual_ports.http),
        discover(hass, SOURCE_INTEGRATION_DISCOVERY, HOST),
    )
    kinds = [result["type"] for result in results]
    assert kinds.count(FlowResultType.FORM) == 1
    for result in results:
        if result["type"] is not FlowResultType.FORM:
            assert_aborted(result, "already_in_progress")
    assert len(hass.config_entries.flow.async_progress()) == 1


async def test_one_miner_at_two_addresses_at_once(
    hass: HomeAssistant, start_at: StartAt, usual_ports: UsualPorts
) -> None:
    """A miner that is seen at its old and its new address is offered once."""
    await start_at("axeos-2.15", HOST)
    await start_at("axeos-2.15", ELSEWHERE)
    results = [
        await discover(hass, SOURCE_ZEROCONF, host, usual_ports.http)
        for host in (HOST, ELSEWHERE)
    ]
    assert results[0]["type"] is FlowResultType.FORM
    assert_aborted(results[1], "already_in_progress")


@pytest.mark.parametrize("host", [ALIEN, "169.254.3.4", "fe80::1", "fd00::7"])
@pytest.mark.parametrize("source", [SOURCE_ZEROCONF, SOURCE_DHCP])
async def test_not_private(
    hass: HomeAssistant,
    start_at: StartAt,
    usual_ports: UsualPorts,
    source: str,
    host: str,
) -> None:
    """Nothing is asked outside of the home, and no entry is led there."""
    device = await start_at("axeos-2.15", HOST)
    entry = await added(hass, device)
    with patch(f"{INTEGRATION}.miner.discovery_flow.async_find_miner_at") as find:
        result = await discover(
            hass, source, host, usual_ports.http, mac=mac_of(device)
        )
    assert_aborted(result, "not_private")
    find.assert_not_called()
    assert entry.data[CONF_HOST] == HOST


async def test_nothing_there(
    hass: HomeAssistant, usual_ports: UsualPorts, second_tries: AsyncMock
) -> None:
    """What does not answer is given a second chance, and left alone then."""
    assert_aborted(await discover(hass, SOURCE_DHCP, HOST), "cannot_connect")
    second_tries.assert_awaited_once()


async def test_late_start(
    hass: HomeAssistant,
    start_at: StartAt,
    usual_ports: UsualPorts,
    second_tries: AsyncMock,
) -> None:
    """A miner that asks for an address before it answers is found all the same."""
    device = await start_at("axeos-2.15", HOST)
    await device.set_fault(Fault.REFUSE)

    async def start(_: float) -> None:
        await device.set_fault(None)

    second_tries.side_effect = start
    result = await discover(hass, SOURCE_DHCP, HOST)
    assert result["type"] is FlowResultType.FORM


@pytest.mark.parametrize("server", [OtherWebServer, RedirectingServer])
async def test_no_miner(
    hass: HomeAssistant,
    usual_ports: UsualPorts,
    second_tries: AsyncMock,
    server: type[OtherWebServer | RedirectingServer],
) -> None:
    """A web server that is no miner is not offered, nor asked again."""
    device = server()
    await device.start(HOST, usual_ports.http)
    result = await discover(hass, SOURCE_DHCP, HOST)
    await device.stop()
    assert_aborted(result, "not_a_miner")
    second_tries.assert_not_called()


async def test_hashrate_that_is_not_told(
    hass: HomeAssistant, start_at: StartAt, usual_ports: UsualPorts
) -> None:
    """A miner that tells no hashrate is offered without one."""
    device = await start_at("axeos-2.15", HOST)
    told = device.info
    device.info = lambda: {**told(), "hashRate": None}  # type: ignore[method-assign]
    result = await discover(hass, SOURCE_ZEROCONF, HOST, usual_ports.http)
    assert result["step_id"] == "discovery_confirm_idle"
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_miner_that_is_gone_again(
    hass: HomeAssistant, start_at: StartAt, usual_ports: UsualPorts
) -> None:
    """A miner that tells who it is and then nothing more is offered all the same."""
    await start_at("axeos-2.15", HOST)
    with patch(
        f"{INTEGRATION}.protocols.esp_miner.EspMinerClient.fetch",
        side_effect=MinerTimeoutError("gone"),
    ):
        result = await discover(hass, SOURCE_DHCP, HOST)
    assert result["step_id"] == "discovery_confirm_idle"
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_added_meanwhile(
    hass: HomeAssistant, start_at: StartAt, usual_ports: UsualPorts
) -> None:
    """A miner that was added while it was asked is not offered."""
    device = await start_at("nmminer-2.0.04", HOST)
    find = connect.async_find_miner_at

    async def find_slowly(hass: HomeAssistant, address: Address) -> connect.FoundMiner:
        await known_miner(hass, device)
        return await find(hass, address)

    with patch(f"{INTEGRATION}.miner.discovery_flow.async_find_miner_at", find_slowly):
        result = await discover(hass, SOURCE_DHCP, HOST)
    assert_aborted(result, "already_configured")


async def test_mac_learned_by_dhcp(
    hass: HomeAssistant, nmminer: AddNMMiner, start_device: StartDevice
) -> None:
    """An NMMiner's MAC comes from DHCP, changes no id, and leads to a new address."""
    device, entry = await nmminer()
    registry = er.async_get(hass)
    before = {
        item.entity_id: item.unique_id
        for item in er.async_entries_for_config_entry(registry, entry.entry_id)
    }
    hostname = "nm-cyd-28-aabbcc"
    assert_aborted(
        await discover(hass, SOURCE_DHCP, device.host, hostname="printer"),
        "already_configured",
    )
    await entry.runtime_data.async_refresh()
    assert entry.data[CONF_IDENTITY]["mac"] is None
    assert_aborted(
        await discover(hass, SOURCE_DHCP, device.host, hostname=hostname),
        "already_configured",
    )
    await entry.runtime_data.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    mac = dr.format_mac(MAC)
    assert entry.data[CONF_IDENTITY]["mac"] == mac
    assert entry.unique_id is None
    assert device_entry(hass, entry).connections == {(dr.CONNECTION_NETWORK_MAC, mac)}
    await device.stop()
    moved = await start_device("nmminer-1.8.10", host=ELSEWHERE)
    assert isinstance(moved, NMMinerUdpDevice)
    assert_aborted(
        await discover(hass, SOURCE_DHCP, ELSEWHERE, hostname=hostname),
        "already_configured",
    )
    assert entry.data[CONF_HOST] == ELSEWHERE
    await announce(hass, moved)
    after = {
        item.entity_id: item.unique_id
        for item in er.async_entries_for_config_entry(registry, entry.entry_id)
    }
    assert after == before
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert hass.config_entries.flow.async_progress() == []


@pytest.fixture
def dhcp() -> Iterator[ModuleType]:
    """Return Home Assistant's watching of DHCP without the libraries that listen."""
    cached = MagicMock(cached_ip_addresses=ip_address)
    libraries = {
        "aiodhcpwatcher": MagicMock(),
        "aiodiscover": MagicMock(),
        "aiodiscover.discovery": MagicMock(),
        "cached_ipaddress": cached,
    }
    name = "homeassistant.components.dhcp"
    before = {key for key in sys.modules if key.startswith(name)}
    with patch.dict(sys.modules, {**libraries}):
        yield importlib.import_module(name)
        new = {key for key in sys.modules if key.startswith(name)} - before
    for key in new:
        sys.modules.pop(key, None)


async def watcher(hass: HomeAssistant, dhcp: ModuleType) -> Any:
    """Return what matches the clients of DHCP to integrations."""
    matchers = dhcp.async_index_integration_matchers(await async_get_dhcp(hass))
    data = dhcp.DHCPData(integration_matchers=matchers)
    hass.data[dhcp.DATA_DHCP] = data
    return dhcp.WatcherBase(hass, data)


@pytest.mark.parametrize(
    ("hostname", "mac", "matches"),
    [
        ("bitaxe", "AA:BB:CC:00:00:01", True),
        ("Bitaxe-Gamma", "AA:BB:CC:00:00:01", True),
        ("nerdqaxe", "AA:BB:CC:00:00:01", True),
        ("nm-cyd-28-a1b2c3", "AA:BB:CC:00:00:01", True),
        ("espressif", "E0:E1:A9:11:22:33", True),
        ("", "E0:E1:A9:11:22:33", True),
        ("printer", "AA:BB:CC:00:00:01", False),
        ("", "AA:BB:CC:00:00:01", False),
    ],
)
async def test_dhcp_matchers(
    hass: HomeAssistant, dhcp: ModuleType, hostname: str, mac: str, matches: bool
) -> None:
    """What miners send when they ask for an address leads to this integration."""
    watch = await watcher(hass, dhcp)
    with patch.object(dhcp.discovery_flow, "async_create_flow") as create:
        watch.async_process_client("192.168.1.77", hostname, mac)
    domains = [call.args[1] for call in create.call_args_list]
    assert (DOMAIN in domains) is matches


async def test_dhcp_through_home_assistant(
    hass: HomeAssistant, dhcp: ModuleType, start_at: StartAt
) -> None:
    """A request for an address ends in a flow that knows the miner."""
    device = await start_at("nmminer-2.0.04", HOST)
    find = connect.async_find_miner_at

    async def find_here(hass: HomeAssistant, address: Address) -> connect.FoundMiner:
        assert address == Address(host="192.168.1.77")
        return await find(hass, Address(host=HOST))

    watch = await watcher(hass, dhcp)
    with patch(f"{INTEGRATION}.miner.discovery_flow.async_find_miner_at", find_here):
        for _ in range(2):
            watch.async_process_client(
                "192.168.1.77", "NM-cydc5-a1b2c3", "AA:BB:CC:00:00:01"
            )
        await hass.async_block_till_done(wait_background_tasks=True)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["handler"] == DOMAIN
    assert flow["context"]["source"] == SOURCE_DHCP
    assert flow["context"]["title_placeholders"] == {"name": device.hostname}  # type: ignore[union-attr]


async def test_mac_of_dhcp_data(
    hass: HomeAssistant, dhcp: ModuleType, start_at: StartAt, usual_ports: UsualPorts
) -> None:
    """A miner that is added has the MAC that DHCP knows, if it is surely its."""
    await start_at("nmminer-2.0.04", HOST)
    await start_at("nmminer-2.0.04", ELSEWHERE)
    watch = await watcher(hass, dhcp)
    data = hass.data[dhcp.DATA_DHCP].address_data
    data["aabbcc000001"] = {"ip": HOST, "hostname": "NM-cydc5-a1b2c3"}
    data["aabbcc000002"] = {"ip": ELSEWHERE, "hostname": "printer"}
    assert watch is not None
    hass.config.components.add("dhcp")
    first = await connect.async_find_miner(hass, HOST)
    other = await connect.async_find_miner(hass, ELSEWHERE)
    assert first.identity.mac == "aa:bb:cc:00:00:01"
    assert other.identity.mac is None


async def test_another_kind_at_the_address_of_a_miner_that_is_away(
    hass: HomeAssistant,
    start_at: StartAt,
    usual_ports: UsualPorts,
    freezer: FrozenDateTimeFactory,
) -> None:
    """DHCP tells of a miner where another one was: it is offered, with a repair."""
    avalon = await start_at("avalon-nano3s", HOST)
    entry = await added(hass, avalon)
    await avalon.stop()
    await poll(hass, freezer, seconds=16)
    await start_at("axeos-2.15", HOST)
    result = await discover(hass, SOURCE_DHCP, HOST)
    assert result["step_id"] == "discovery_confirm"
    issue = issue_id(MinerIssue.WRONG_DEVICE, entry.entry_id)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue) is not None


async def test_miner_that_is_back(
    hass: HomeAssistant,
    start_at: StartAt,
    usual_ports: UsualPorts,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A miner that was away and asks for its address is not offered as a new one."""
    device = await start_at("nmminer-2.0.04", HOST)
    await added(hass, device)
    await device.stop()
    with patch(f"{INTEGRATION}.protocols.nmminer.HEARING_TIME", 0):
        await poll(hass, freezer, seconds=16)
        await start_at("nmminer-2.0.04", HOST)
        assert_aborted(await discover(hass, SOURCE_DHCP, HOST), "already_configured")


async def test_ignored_before_its_mac_was_known(
    hass: HomeAssistant, dhcp: ModuleType, start_at: StartAt, usual_ports: UsualPorts
) -> None:
    """An NMMiner that is ignored by its address stays so with its MAC."""
    await start_at("nmminer-2.0.04", HOST)
    MockConfigEntry(domain=DOMAIN, unique_id=HOST, source=SOURCE_IGNORE).add_to_hass(
        hass
    )
    await watcher(hass, dhcp)
    data = hass.data[dhcp.DATA_DHCP].address_data
    data["aabbcc000001"] = {"ip": HOST, "hostname": "nm-cydc5-a1b2c3"}
    hass.config.components.add("dhcp")
    assert_aborted(
        await discover(hass, SOURCE_DHCP, HOST, usual_ports.http), "already_configured"
    )


@pytest.mark.parametrize(
    ("name", "matches"),
    [
        ("bitaxe._http._tcp.local.", True),
        ("Bitaxe-Gamma-1A2B._http._tcp.local.", True),
        ("printer._http._tcp.local.", False),
    ],
)
async def test_zeroconf_through_home_assistant(
    hass: HomeAssistant,
    start_at: StartAt,
    usual_ports: UsualPorts,
    name: str,
    matches: bool,
) -> None:
    """What a Bitaxe announces ends in a flow that knows the miner."""
    zeroconf = importlib.import_module("homeassistant.components.zeroconf.discovery")
    await start_at("axeos-2.15", HOST)
    service = zeroconf.AsyncServiceInfo(
        "_http._tcp.local.",
        name,
        addresses=[IPv6Address("fe80::1").packed, IPv4Address(HOST).packed],
        port=usual_ports.http,
        server="bitaxe.local.",
        properties={},
    )
    discovery = zeroconf.ZeroconfDiscovery(
        hass, MagicMock(), await async_get_zeroconf(hass), {}, {}, service
    )
    for _ in range(2):
        discovery._async_process_service_update(service, "_http._tcp.local.", name)
    await hass.async_block_till_done(wait_background_tasks=True)
    flows = [
        flow
        for flow in hass.config_entries.flow.async_progress()
        if flow["handler"] == DOMAIN
    ]
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_ZEROCONF] * matches
