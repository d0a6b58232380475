"""Tests for the listener that all miners share, and for what it offers."""

from collections.abc import Iterator
import itertools
import json
import logging
import socket
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY
from homeassistant.const import CONF_HOST
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.miner_controller.const import CONF_IDENTITY, DOMAIN
from custom_components.miner_controller.miner.issues import MinerIssue
from custom_components.miner_controller.miner.listening import (
    ISSUE_PORT_TAKEN,
    async_shared_listener,
)
from simulator.nmminer import NMMinerUdpDevice
from simulator.nmminer.settings import WIFI_SECRET
from tests.devices import StartDevice

from . import (
    add_nmminer,
    announce,
    find_issue,
    known_nmminer,
    poll,
    send,
    set_up,
    state,
)
from .conftest import INTEGRATION, AddMiner, AddNMMiner, UsualPorts

type Flow = dict[str, object]


@pytest.fixture
def no_patience() -> Iterator[None]:
    """Wait for no broadcast at all."""
    with patch(f"{INTEGRATION}.protocols.nmminer.HEARING_TIME", 0):
        yield


@pytest.fixture
def taken_port(no_patience: None, socket_enabled: None) -> Iterator[socket.socket]:
    """Let another program have the port for itself."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("", 0))
        port = holder.getsockname()[1]
        with patch(f"{INTEGRATION}.miner.listening.REPORT_PORT", port):
            yield holder


def offers(hass: HomeAssistant) -> list[Flow]:
    """Return the flows that offer something."""
    return [dict(flow) for flow in hass.config_entries.flow.async_progress(True)]


def port_issue(hass: HomeAssistant) -> ir.IssueEntry | None:
    """Return the issue of a port that cannot be had."""
    return ir.async_get(hass).async_get_issue(DOMAIN, ISSUE_PORT_TAKEN)


async def start_udp(start_device: StartDevice, **changes: object) -> NMMinerUdpDevice:
    """Start a device that broadcasts and that nobody added."""
    device = await start_device("nmminer-1.8.10", **changes)
    assert isinstance(device, NMMinerUdpDevice)
    return device


@pytest.fixture
async def listens(start_device: StartDevice, add: AddMiner) -> MockConfigEntry:
    """Let Home Assistant listen for the sake of a miner that never broadcasts."""
    return await add(await start_device("axeos-2.15"))


async def test_one_listener(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, nmminer: AddNMMiner
) -> None:
    """All entries share one listener, and the last one closes it."""
    shared = async_shared_listener(hass)
    assert not shared.listener.listening
    entries = [await add(await start_device("axeos-2.15"))]
    port = shared.listener.port
    entries += [(await nmminer(seed=seed))[1] for seed in (1, 2)]
    assert async_shared_listener(hass) is shared
    assert shared.listener.port == port
    for entry in entries:
        assert shared.listener.listening
        await hass.config_entries.async_unload(entry.entry_id)
    assert not shared.listener.listening
    await set_up(hass, entries[0])
    assert shared.listener.listening


async def test_port_taken(
    hass: HomeAssistant,
    taken_port: socket.socket,
    start_device: StartDevice,
    usual_ports: UsualPorts,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A port that cannot be had is a repair with the reason, until it is free."""
    device = await start_udp(start_device)
    entry = await known_nmminer(hass, device)
    await set_up(hass, entry)
    issue = port_issue(hass)
    assert issue is not None
    assert issue.translation_key == "port_taken"
    assert issue.translation_placeholders == {
        "port": str(taken_port.getsockname()[1]),
        "reason": "Address already in use",
    }
    assert not issue.is_fixable
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    logged = [item for item in caplog.records if item.levelno > logging.DEBUG]
    assert not [item for item in logged if item.exc_info]
    await poll(hass, freezer, seconds=61)
    assert port_issue(hass) is not None

    taken_port.close()
    await poll(hass, freezer, seconds=61)
    assert port_issue(hass) is None
    await announce(hass, device)
    assert state(hass, entry, "binary_sensor", "reachable") == "on"


async def test_port_taken_ends_with_the_entry(
    hass: HomeAssistant,
    taken_port: socket.socket,
    start_device: StartDevice,
    usual_ports: UsualPorts,
) -> None:
    """The repair goes with the last miner."""
    entry = await known_nmminer(hass, await start_udp(start_device))
    await set_up(hass, entry)
    assert port_issue(hass) is not None
    await hass.config_entries.async_remove(entry.entry_id)
    assert port_issue(hass) is None


async def test_port_taken_without_an_nmminer(
    hass: HomeAssistant,
    taken_port: socket.socket,
    start_device: StartDevice,
    usual_ports: UsualPorts,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nobody is bothered who has no miner that broadcasts."""
    await add(await start_device("axeos-2.15"))
    await add(await start_device("nmminer-2.0.04"))
    assert port_issue(hass) is None
    entry = await known_nmminer(hass, await start_udp(start_device))
    await set_up(hass, entry)
    assert port_issue(hass) is not None
    await hass.config_entries.async_remove(entry.entry_id)
    await poll(hass, freezer, seconds=61)
    assert port_issue(hass) is None


async def test_address_that_cannot_be_heard(
    hass: HomeAssistant, taken_port: socket.socket, usual_ports: UsualPorts
) -> None:
    """The form for an address says that a miner that broadcasts cannot be heard."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": "user"}
    )
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": "address"}
    )
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {CONF_HOST: "127.0.12.9"}
    )
    assert result["errors"] == {CONF_HOST: "cannot_hear"}


async def test_unknown_miner(
    hass: HomeAssistant,
    listens: MockConfigEntry,
    start_device: StartDevice,
    usual_ports: UsualPorts,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A miner that is heard is offered once, however often, and added when wanted."""
    device = await start_udp(start_device, board="nmlotto")
    device.model.hashrate = 0.000313
    for _ in range(4):
        await announce(hass, device)
        freezer.tick(2)
    (flow,) = offers(hass)
    result = await hass.config_entries.flow.async_configure(str(flow["flow_id"]))
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "discovery_confirm"
    placeholders = result["description_placeholders"]
    assert placeholders is not None
    assert "NMLotto" in placeholders["model"]
    assert placeholders["address"] == device.host
    assert placeholders["hashrate"] == "313 kH/s"
    assert WIFI_SECRET not in repr(flow)
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {})
    await announce(hass, device)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert entry.data[CONF_HOST] == device.host
    assert entry.unique_id is None
    assert entry.title.endswith("(.1)")
    assert offers(hass) == []
    shown = hass.states.get(f"sensor.nmminer_{'nmlotto_1_hashrate'}")
    assert shown is None or float(shown.state) > 0


async def test_known_miner(hass: HomeAssistant, nmminer: AddNMMiner) -> None:
    """A miner that was added is not offered."""
    await nmminer()
    assert offers(hass) == []


async def test_miner_that_is_disabled(
    hass: HomeAssistant,
    listens: MockConfigEntry,
    start_device: StartDevice,
    usual_ports: UsualPorts,
) -> None:
    """A miner whose entry is not set up is not offered either."""
    device = await start_udp(start_device)
    await known_nmminer(hass, device)
    await announce(hass, device)
    assert offers(hass) == []


async def test_miner_known_by_name(
    hass: HomeAssistant,
    listens: MockConfigEntry,
    start_device: StartDevice,
    usual_ports: UsualPorts,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A miner that was added by its name is followed, and not offered."""
    device = await start_udp(start_device)
    entry = await known_nmminer(hass, device)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_HOST: "nm-shelf"}
    )

    async def resolve(host: str) -> str:
        assert host == "nm-shelf"
        return device.host

    with (
        patch(f"{INTEGRATION}.protocols.nmminer_broadcasts._resolve", resolve),
        patch(f"{INTEGRATION}.protocols.nmminer.NMMinerClient._ask", resolve),
    ):
        # Before its address is known it may be any that is heard.
        await announce(hass, device)
        assert offers(hass) == []
        freezer.tick(2)
        ready = hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
        await hass.async_block_till_done(wait_background_tasks=True)
        assert await ready
        await announce(hass, device)
        assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert offers(hass) == []


async def test_ignored_miner(
    hass: HomeAssistant,
    listens: MockConfigEntry,
    start_device: StartDevice,
    usual_ports: UsualPorts,
    freezer: FrozenDateTimeFactory,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A miner is ignored by its address until its entry is removed again."""
    assert await async_setup_component(hass, "config", {})
    device = await start_udp(start_device)
    await announce(hass, device)
    (flow,) = offers(hass)
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {
            "type": "config_entries/ignore_flow",
            "flow_id": flow["flow_id"],
            "title": "Not mine",
        }
    )
    assert (await client.receive_json())["success"]
    assert offers(hass) == []
    (ignored,) = [
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.source == "ignore"
    ]
    assert ignored.unique_id == device.host
    # Also after a restart, when nobody knows any more what was offered.
    async_shared_listener(hass)._offered.clear()
    freezer.tick(2)
    await announce(hass, device)
    assert offers(hass) == []

    await hass.config_entries.async_remove(ignored.entry_id)
    freezer.tick(2)
    await announce(hass, device)
    assert len(offers(hass)) == 1


async def test_offered_again_after_removal(
    hass: HomeAssistant,
    listens: MockConfigEntry,
    start_device: StartDevice,
    usual_ports: UsualPorts,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A miner that is removed is offered with its next broadcast."""
    device = await start_udp(start_device)
    await announce(hass, device)
    (flow,) = offers(hass)
    result = await hass.config_entries.flow.async_configure(str(flow["flow_id"]), {})
    await hass.async_block_till_done(wait_background_tasks=True)
    await hass.config_entries.async_remove(result["result"].entry_id)
    await hass.async_block_till_done()
    assert offers(hass) == []
    freezer.tick(2)
    await announce(hass, device)
    assert len(offers(hass)) == 1


async def test_added_by_address_while_offered(
    hass: HomeAssistant,
    listens: MockConfigEntry,
    start_device: StartDevice,
    usual_ports: UsualPorts,
) -> None:
    """What is offered is no more, once it was added by its address."""
    device = await start_udp(start_device)
    await announce(hass, device)
    assert len(offers(hass)) == 1
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": "user"}
    )
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": "address"}
    )
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {CONF_HOST: device.host}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert offers(hass) == []


def report(address: str, **changes: object) -> bytes:
    """Return what a miner with an address broadcasts."""
    told = NMMinerUdpDevice(periodic=False).info()
    return json.dumps({**told, "ip": address, **changes}).encode()


async def test_most_offers(
    hass: HomeAssistant, listens: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Whoever makes up miners does not fill the page with them."""
    for network in range(2):
        freezer.tick(2)
        await send(
            hass, *(report(f"192.168.{network}.{host}") for host in range(1, 31))
        )
    assert len(offers(hass)) == 32


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\x00\xff" * 100,
        b"[" * 2000,
        b"x" * 4000,
        b'{"ip": "192.168.1.9"}',
        report("8.8.8.8"),
        report("169.254.1.1"),
        report("192.0.2.1"),
        report("192.168.1.9", HashRate=None, Share=None, BoardType=None, Version=None)
        .replace(b"HashRate", b"H")
        .replace(b"Share", b"S")
        .replace(b"BoardType", b"B"),
    ],
    ids=itertools.count(),
)
async def test_malformed(
    hass: HomeAssistant, listens: MockConfigEntry, datagram: bytes
) -> None:
    """What is no report, or not of a home, offers nothing."""
    await send(hass, datagram)
    assert offers(hass) == []
    assert async_shared_listener(hass).listener.heard == {}


async def test_spoofed(
    hass: HomeAssistant, nmminer: AddNMMiner, freezer: FrozenDateTimeFactory
) -> None:
    """Nobody else speaks for a miner that speaks for itself."""
    device, entry = await nmminer()
    before = state(hass, entry, "sensor", "hashrate")
    freezer.tick(5)
    await send(hass, report(device.host, HashRate="9.9999MH/s"))
    assert state(hass, entry, "sensor", "hashrate") == before
    assert offers(hass) == []


async def test_other_miner_at_a_known_address(
    hass: HomeAssistant,
    no_patience: None,
    listens: MockConfigEntry,
    start_device: StartDevice,
    usual_ports: UsualPorts,
) -> None:
    """A broadcast from the address of a miner that is away raises the repair."""
    device = await start_udp(start_device)
    hass.config_entries.async_update_entry(
        listens, data={**listens.data, CONF_HOST: device.host}
    )
    await hass.config_entries.async_reload(listens.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await announce(hass, device)
    assert find_issue(hass, listens, MinerIssue.WRONG_DEVICE) is not None
    assert offers(hass) == []


async def test_offer_of_a_miner_that_falls_silent(
    hass: HomeAssistant, no_patience: None, listens: MockConfigEntry
) -> None:
    """What is not heard any more when it shall be offered is not offered."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_INTEGRATION_DISCOVERY},
        data={CONF_HOST: "192.168.1.9"},
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "cannot_connect"


async def test_move_to_another_address(
    hass: HomeAssistant,
    no_patience: None,
    start_device: StartDevice,
    usual_ports: UsualPorts,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A miner without a MAC that moved follows a reconfiguration, and stays itself."""
    device = await start_udp(start_device)
    entry = await add_nmminer(hass, device)
    before = set(hass.states.async_entity_ids())
    await device.stop()
    await poll(hass, freezer, seconds=35)
    moved = await start_udp(start_device, host="127.0.12.77")
    await announce(hass, moved)
    freezer.tick(1)
    result = await entry.start_reconfigure_flow(hass)
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {CONF_HOST: moved.host}
    )
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    await announce(hass, moved)
    assert entry.data[CONF_HOST] == "127.0.12.77"
    assert set(hass.states.async_entity_ids()) == before
    assert state(hass, entry, "binary_sensor", "reachable") == "on"


@pytest.mark.parametrize("mac", [None, "aa:bb:cc:00:00:01"])
async def test_no_move_to_the_address_of_another_miner(
    hass: HomeAssistant, nmminer: AddNMMiner, usual_ports: UsualPorts, mac: str | None
) -> None:
    """What has an entry of its own is not taken for a miner that tells no id."""
    device, _ = await nmminer()
    _, entry = await nmminer(seed=2)
    result = await entry.start_reconfigure_flow(hass)
    with patch(f"{INTEGRATION}.miner.connect.async_mac_at", return_value=mac):
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], {CONF_HOST: device.host}
        )
    assert result["errors"] == {CONF_HOST: "other_miner"}


async def test_added_by_address_and_by_name(
    hass: HomeAssistant, nmminer: AddNMMiner, usual_ports: UsualPorts
) -> None:
    """A miner that was added by its address is not added again by its name."""
    device, _ = await nmminer()

    async def resolve(host: str) -> str:
        return device.host

    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": "user"}
    )
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": "address"}
    )
    with (
        patch(f"{INTEGRATION}.protocols.nmminer_broadcasts._resolve", resolve),
        patch(f"{INTEGRATION}.protocols.detect._PROBES", ()),
    ):
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], {CONF_HOST: "nm-shelf.invalid"}
        )
    assert result["reason"] == "already_configured"


async def test_nothing_is_offered_while_home_assistant_starts(
    hass: HomeAssistant, listens: MockConfigEntry
) -> None:
    """What is offered then would only be queued, however much it is."""
    hass.set_state(CoreState.starting)
    await send(hass, report("192.168.0.9"))
    assert offers(hass) == []
    hass.set_state(CoreState.running)
    await send(hass, report("192.168.0.10"))
    (offer,) = offers(hass)
    assert offer["context"]["unique_id"] == "192.168.0.10"


async def test_offered_again_at_an_address_that_was_left(
    hass: HomeAssistant,
    listens: MockConfigEntry,
    start_device: StartDevice,
    usual_ports: UsualPorts,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What was added from an offer may move, and another miner come to its address."""
    device = await start_udp(start_device)
    await announce(hass, device)
    (offer,) = offers(hass)
    await hass.config_entries.flow.async_configure(offer["flow_id"], {})
    await hass.async_block_till_done(wait_background_tasks=True)
    freezer.tick(2)
    await announce(hass, device)
    (entry,) = (
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.data[CONF_HOST] == device.host
    )
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_HOST: "127.0.12.78"}
    )
    with patch(f"{INTEGRATION}.protocols.nmminer.HEARING_TIME", 0):
        await hass.config_entries.async_reload(entry.entry_id)
    freezer.tick(2)
    await announce(hass, device)
    assert len(offers(hass)) == 1


async def test_mac_outlives_a_reconfiguration(
    hass: HomeAssistant, nmminer: AddNMMiner
) -> None:
    """A MAC that others told of a miner is kept with its new address."""
    device, entry = await nmminer()
    identity = {**entry.data[CONF_IDENTITY], "mac": "aa:bb:cc:00:00:01"}
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_IDENTITY: identity}
    )
    result = await entry.start_reconfigure_flow(hass)
    with patch(f"{INTEGRATION}.protocols.nmminer.HEARING_TIME", 0):
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], {CONF_HOST: device.host}
        )
        await hass.async_block_till_done(wait_background_tasks=True)
    assert result["reason"] == "reconfigure_successful"
    assert entry.data[CONF_IDENTITY]["mac"] == "aa:bb:cc:00:00:01"
