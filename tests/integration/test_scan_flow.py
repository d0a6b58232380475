"""Tests for the search for miners in a network, as a flow and as an action."""

import asyncio
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntryDisabler,
    ConfigFlowResult,
)
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import (
    EVENT_DATA_ENTRY_FLOW_PROGRESS_UPDATE,
    FlowResultType,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    get_schema_suggested_value,
)

from custom_components.miner_controller.const import (
    CONF_IDENTITY,
    CONF_MINERS,
    CONF_NETWORKS,
    CONF_RANGE,
    DOMAIN,
)
from custom_components.miner_controller.miner import scan_flow
from custom_components.miner_controller.miner.issues import MinerIssue
from custom_components.miner_controller.miner.listening import (
    async_shared_listener,
    listening,
)
from simulator.faults import Fault
from simulator.nmminer import NMMinerUdpDevice
from simulator.others import OtherWebServer, RedirectingServer, TarPit
from tests.devices import Device, StartDevice

from . import announce, find_issue, known_miner, set_up, state
from .conftest import INTEGRATION, StartAt, UsualPorts

NETWORK = "127.0.12.64/28"
BITAXE, AVALON, NMMINER, BROADCASTER = (f"127.0.12.{end}" for end in range(65, 69))

ADAPTERS = [
    ("192.168.1.20", 24, True),
    ("10.1.2.3", 16, True),
    ("172.30.32.1", 23, False),
    ("93.184.216.34", 24, True),
    ("127.0.0.1", 8, True),
]


def adapter(address: str, prefix: int, enabled: bool) -> dict[str, Any]:
    """Return one of Home Assistant's adapters."""
    return {
        "name": address,
        "enabled": enabled,
        "ipv4": [{"address": address, "network_prefix": prefix}],
    }


@pytest.fixture(autouse=True)
def adapters() -> Iterator[list[dict[str, Any]]]:
    """Let Home Assistant have some adapters."""
    known = [adapter(*each) for each in ADAPTERS]
    with patch(
        "homeassistant.components.network.async_get_adapters", return_value=known
    ):
        yield known


@pytest.fixture
def shorter_wait() -> Iterator[None]:
    """Wait for a tarpit a bit less, and still long enough for all that answer."""
    with patch(f"{INTEGRATION}.protocols.scan.ANSWER_LIMIT", 2.0):
        yield


async def open_form(hass: HomeAssistant) -> ConfigFlowResult:
    """Open the form for where to look from the menu."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.MENU
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": "scan"}
    )
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "scan"
    assert result["errors"] == {}
    return result


async def go_on(hass: HomeAssistant, result: ConfigFlowResult) -> ConfigFlowResult:
    """Wait for the search and return what is shown after it."""
    assert result["type"] is FlowResultType.SHOW_PROGRESS
    assert result["step_id"] == "scanning"
    assert result["progress_action"] == "scanning"
    await hass.async_block_till_done(wait_background_tasks=True)
    return await hass.config_entries.flow.async_configure(result["flow_id"])


async def search(hass: HomeAssistant, network: str = NETWORK) -> ConfigFlowResult:
    """Look for miners in a network and return what is shown after it."""
    form = await open_form(hass)
    result = await hass.config_entries.flow.async_configure(
        form["flow_id"], {CONF_NETWORKS: [], CONF_RANGE: network}
    )
    assert result["description_placeholders"] == {"networks": network}
    return await go_on(hass, result)


async def choose(
    hass: HomeAssistant, result: ConfigFlowResult, *addresses: str
) -> ConfigFlowResult:
    """Choose some of the miners that were found."""
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {CONF_MINERS: list(addresses)}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


def suggested(result: ConfigFlowResult, field: str) -> object:
    """Return what a field of a form is filled with."""
    assert result["data_schema"] is not None
    return get_schema_suggested_value(result["data_schema"].schema, field)


def labels(result: ConfigFlowResult) -> dict[str, str]:
    """Return the miners of a form with their labels."""
    assert result["data_schema"] is not None
    (field,) = result["data_schema"].schema.values()
    return {option["value"]: option["label"] for option in field.config["options"]}


async def added(hass: HomeAssistant, device: Device) -> MockConfigEntry:
    """Add a device."""
    entry = await known_miner(hass, device)
    await set_up(hass, entry)
    return entry


async def test_own_networks(hass: HomeAssistant) -> None:
    """Home Assistant's own private networks are offered, and all are ticked."""
    result = await open_form(hass)
    own = ["10.1.0.0/22", "192.168.1.0/24"]
    assert suggested(result, CONF_NETWORKS) == own
    assert result["data_schema"] is not None
    selector = result["data_schema"].schema[CONF_NETWORKS]
    assert selector.config["options"] == own


async def test_no_own_network(
    hass: HomeAssistant, adapters: list[dict[str, Any]]
) -> None:
    """Without a private network there is only the field to type one."""
    adapters.clear()
    result = await open_form(hass)
    assert result["data_schema"] is not None
    assert list(result["data_schema"].schema) == [CONF_RANGE]


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ("", {"base": "no_network"}),
        ("   ", {"base": "no_network"}),
        ("living room", {CONF_RANGE: "network_unreadable"}),
        ("192.168.1.0/33", {CONF_RANGE: "network_unreadable"}),
        ("fd00::/64", {CONF_RANGE: "network_unreadable"}),
        ("192.168.0.0/21", {CONF_RANGE: "network_too_large"}),
        ("0.0.0.0/0", {CONF_RANGE: "network_too_large"}),
        ("93.184.216.0/24", {CONF_RANGE: "network_not_private"}),
        ("169.254.0.0/24", {CONF_RANGE: "network_not_private"}),
    ],
)
async def test_errors(
    hass: HomeAssistant,
    usual_ports: UsualPorts,
    typed: str,
    errors: dict[str, str],
) -> None:
    """What cannot be searched is told at its field, and what was typed stays."""
    form = await open_form(hass)
    chosen: list[str] = [] if "base" in errors else ["192.168.1.0/24"]
    result = await hass.config_entries.flow.async_configure(
        form["flow_id"], {CONF_NETWORKS: chosen, CONF_RANGE: typed}
    )
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == errors
    assert suggested(result, CONF_RANGE) == typed
    assert suggested(result, CONF_NETWORKS) == chosen
    result = await hass.config_entries.flow.async_configure(
        form["flow_id"], {CONF_NETWORKS: [], CONF_RANGE: f" {BITAXE} "}
    )
    assert (await go_on(hass, result))["step_id"] == "nothing_found"


async def test_several_are_added(
    hass: HomeAssistant,
    start_at: StartAt,
    start_device: StartDevice,
    usual_ports: UsualPorts,
    shorter_wait: None,
) -> None:
    """Miners of all kinds are found among other things, and those ticked are added."""
    bitaxe = await start_at("axeos-2.15", BITAXE, hostname="cellar")
    await start_at("avalon-nano3s", AVALON)
    await start_at("nmminer-2.0.04", NMMINER)
    broadcaster = await start_device("nmminer-1.8.10", host=BROADCASTER)
    assert isinstance(broadcaster, NMMinerUdpDevice)
    others = (OtherWebServer(), RedirectingServer(), TarPit(), TarPit())
    for end, other in enumerate(others, start=70):
        await other.start(f"127.0.12.{end}", usual_ports.http)
    pit = TarPit()
    await pit.start("127.0.12.74", usual_ports.cgminer)
    progress = async_capture_events(hass, EVENT_DATA_ENTRY_FLOW_PROGRESS_UPDATE)
    with listening(hass):
        await announce(hass, broadcaster)
        result = await search(hass)
        assert result["type"] is FlowResultType.FORM
        assert result["step_id"] == "select_miners"
        assert result["description_placeholders"] == {
            "known": "–",
            "lost": "",
            "networks": NETWORK,
        }
        found = labels(result)
        assert list(found) == [BITAXE, AVALON, NMMINER, BROADCASTER]
        assert found[BITAXE] == f"Bitaxe Gamma · cellar · {BITAXE} · v2.15.0"
        assert found[AVALON].startswith(f"Avalon Nano 3S · {AVALON} · ")
        assert f"{BROADCASTER} · v1.8.10" in found[BROADCASTER]
        assert suggested(result, CONF_MINERS) == list(found)
        shares = [event.data["progress"] for event in progress]
        assert shares == sorted(set(shares))
        assert shares[-1] == 1

        result = await choose(hass, result, BITAXE, NMMINER, BROADCASTER)
    for other in (*others, pit):
        await other.stop()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].unique_id == bitaxe.mac.lower()  # type: ignore[union-attr]
    assert result["title"] == "cellar"
    entries = hass.config_entries.async_entries(DOMAIN)
    assert {entry.data[CONF_HOST] for entry in entries} == {
        BITAXE,
        NMMINER,
        BROADCASTER,
    }
    assert hass.config_entries.flow.async_progress() == []


async def test_nothing_chosen_and_one_lost(
    hass: HomeAssistant, start_at: StartAt
) -> None:
    """Without a tick there is an error, and so there is where one is gone by now."""
    await start_at("axeos-2.15", BITAXE)
    avalon = await start_at("avalon-nano3s", AVALON)
    result = await search(hass)
    result = await choose(hass, result)
    assert result["errors"] == {CONF_MINERS: "no_miner"}
    assert suggested(result, CONF_MINERS) == []
    await avalon.set_fault(Fault.REFUSE)
    result = await choose(hass, result, BITAXE, AVALON)
    assert result["errors"] == {CONF_MINERS: "miners_lost"}
    assert result["description_placeholders"] is not None
    assert result["description_placeholders"]["lost"] == AVALON
    assert suggested(result, CONF_MINERS) == [BITAXE, AVALON]
    assert hass.config_entries.async_entries(DOMAIN) == []
    result = await choose(hass, result, BITAXE)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_nothing_found(hass: HomeAssistant, start_at: StartAt) -> None:
    """An empty result says where was looked and what is known, and leads on."""
    result = await search(hass)
    assert result["type"] is FlowResultType.MENU
    assert result["step_id"] == "nothing_found"
    assert result["menu_options"] == ["scan", "address"]
    assert result["description_placeholders"] == {"known": "–", "networks": NETWORK}
    # What is switched on then is found by the next search in the same flow.
    await start_at("axeos-2.15", BITAXE)
    flow_id = result["flow_id"]
    result = await hass.config_entries.flow.async_configure(
        flow_id, {"next_step_id": "scan"}
    )
    result = await hass.config_entries.flow.async_configure(
        flow_id, {CONF_NETWORKS: [], CONF_RANGE: BITAXE}
    )
    result = await go_on(hass, result)
    assert result["step_id"] == "select_miners"


async def test_nothing_heard(hass: HomeAssistant, usual_ports: UsualPorts) -> None:
    """Where the port for broadcasts cannot be had, the empty result says so."""
    listener = async_shared_listener(hass).listener
    with patch.object(listener, "open", side_effect=OSError(98, "Taken")):
        result = await search(hass)
    assert result["type"] is FlowResultType.MENU
    assert result["step_id"] == "nothing_heard"
    assert result["menu_options"] == ["scan", "address"]


async def test_only_known_ones(hass: HomeAssistant, start_at: StartAt) -> None:
    """Miners that were added are named and not offered again."""
    entry = await added(hass, await start_at("axeos-2.15", BITAXE))
    result = await search(hass)
    assert result["step_id"] == "nothing_found"
    assert result["description_placeholders"] == {
        "known": entry.title,
        "networks": NETWORK,
    }
    await start_at("avalon-nano3s", AVALON)
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": "scan"}
    )
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {CONF_NETWORKS: [], CONF_RANGE: NETWORK}
    )
    result = await go_on(hass, result)
    assert list(labels(result)) == [AVALON]
    assert result["description_placeholders"] is not None
    assert result["description_placeholders"]["known"] == entry.title


async def test_known_miner_at_a_new_address(
    hass: HomeAssistant, start_at: StartAt, usual_ports: UsualPorts
) -> None:
    """The entry of a miner that is met elsewhere follows it there."""
    device = await start_at("axeos-2.15", "127.0.12.99")
    entry = await added(hass, device)
    await device.stop()
    await device.start(BITAXE, usual_ports.http)
    result = await search(hass)
    assert result["step_id"] == "nothing_found"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data[CONF_HOST] == BITAXE
    assert entry.data[CONF_PORT] == usual_ports.http
    assert state(hass, entry, "binary_sensor", "reachable") == "on"


@pytest.mark.parametrize(
    ("profile", "other", "changes"),
    [
        ("axeos-2.15", "axeos-2.15", {"seed": 2}),
        ("axeos-2.15", "nerdqaxe-1.0.37", {}),
        ("axeos-2.15", "nmminer-2.0.04", {}),
        ("nmminer-2.0.04", "axeos-2.15", {}),
    ],
)
async def test_other_miner_at_a_known_address(
    hass: HomeAssistant,
    start_at: StartAt,
    usual_ports: UsualPorts,
    profile: str,
    other: str,
    changes: dict[str, Any],
) -> None:
    """An address that belongs to another miner by now raises the repair."""
    device = await start_at(profile, BITAXE)
    entry = await added(hass, device)
    await device.stop()
    await start_at(other, BITAXE, **changes)
    result = await search(hass)
    assert result["step_id"] == "select_miners"
    assert list(labels(result)) == [BITAXE]
    await hass.async_block_till_done(wait_background_tasks=True)
    assert find_issue(hass, entry, MinerIssue.WRONG_DEVICE) is not None
    assert entry.data[CONF_HOST] == BITAXE


async def test_known_nmminer(hass: HomeAssistant, start_at: StartAt) -> None:
    """A miner without an id is known by its address."""
    entry = await added(hass, await start_at("nmminer-2.0.04", NMMINER))
    result = await search(hass)
    assert result["step_id"] == "nothing_found"
    assert result["description_placeholders"] is not None
    assert result["description_placeholders"]["known"] == entry.title


async def test_added_twice_at_once(hass: HomeAssistant, start_at: StartAt) -> None:
    """A miner that answers at two addresses is added once."""
    await start_at("axeos-2.15", BITAXE)
    await start_at("axeos-2.15", AVALON)
    result = await search(hass)
    assert list(labels(result)) == [BITAXE, AVALON]
    await choose(hass, result, BITAXE, AVALON)
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1


async def test_known_by_the_time_it_is_added(
    hass: HomeAssistant, start_at: StartAt, usual_ports: UsualPorts
) -> None:
    """A miner that was added elsewhere meanwhile is followed without a question."""
    await start_at("avalon-nano3s", AVALON)
    device = await start_at("axeos-2.15", BITAXE)
    result = await search(hass)
    entry = await known_miner(hass, device)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_HOST: "127.0.12.99"}
    )
    result = await choose(hass, result, AVALON, BITAXE)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.data[CONF_HOST] == BITAXE
    assert len(hass.config_entries.async_entries(DOMAIN)) == 2


async def test_closing_ends_the_search(
    hass: HomeAssistant, usual_ports: UsualPorts
) -> None:
    """Nothing goes on being searched for somebody who has left."""
    ended = asyncio.Event()

    async def search_forever(*_: object) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    form = await open_form(hass)
    with patch.object(scan_flow, "async_scan", search_forever):
        result = await hass.config_entries.flow.async_configure(
            form["flow_id"], {CONF_NETWORKS: [], CONF_RANGE: NETWORK}
        )
        assert result["type"] is FlowResultType.SHOW_PROGRESS
        hass.config_entries.flow.async_abort(result["flow_id"])
        await hass.async_block_till_done(wait_background_tasks=True)
    assert ended.is_set()
    assert not async_shared_listener(hass).listener.listening


async def test_own_networks_are_searched(
    hass: HomeAssistant, usual_ports: UsualPorts
) -> None:
    """All networks that are ticked are searched together with the one that is typed."""
    asked: list[str] = []

    async def scan(_: object, addresses: list[object], **__: object) -> list[object]:
        asked.extend(map(str, addresses))
        return []

    form = await open_form(hass)
    with patch(f"{INTEGRATION}.miner.scan.scan", scan):
        result = await hass.config_entries.flow.async_configure(
            form["flow_id"],
            {CONF_NETWORKS: ["192.168.1.0/24"], CONF_RANGE: "192.168.1.128/24"},
        )
        await go_on(hass, result)
    assert len(asked) == 254
    assert asked[0] == "192.168.1.1"


async def call_scan(hass: HomeAssistant, **data: str) -> Any:
    """Call the action that scans a network."""
    return await hass.services.async_call(
        DOMAIN, "scan_network", data, blocking=True, return_response=True
    )


async def test_action(
    hass: HomeAssistant, start_at: StartAt, usual_ports: UsualPorts
) -> None:
    """The action returns what is there, and what of it was added."""
    device = await start_at("axeos-2.15", BITAXE, hostname="cellar")
    await start_at("nmminer-2.0.04", NMMINER, hostname="nm-shelf")
    entry = await added(hass, device)
    found = await call_scan(hass, network=NETWORK)
    assert found["networks"] == [NETWORK]
    bitaxe, nmminer = found["miners"]
    assert bitaxe == {
        "model": "Bitaxe Gamma",
        "family": "axeos",
        "address": BITAXE,
        "firmware": "v2.15.0",
        "hostname": "cellar",
        "mac": device.mac.lower(),  # type: ignore[union-attr]
        "added": True,
        "name": entry.title,
    }
    assert nmminer["family"] == "nmminer"
    assert nmminer["hostname"] == "nm-shelf"
    assert nmminer["mac"] is None
    assert nmminer["added"] is False
    assert nmminer["name"] is None


async def test_action_in_own_networks(
    hass: HomeAssistant, usual_ports: UsualPorts, adapters: list[dict[str, Any]]
) -> None:
    """Without a network Home Assistant's own are searched, if there is one."""
    assert await async_setup_component(hass, DOMAIN, {})

    async def scan(*_: object, **__: object) -> list[object]:
        return []

    with patch(f"{INTEGRATION}.miner.scan.scan", scan):
        assert await call_scan(hass) == {
            "networks": ["10.1.0.0/22", "192.168.1.0/24"],
            "miners": [],
        }
    adapters.clear()
    with pytest.raises(ServiceValidationError) as failure:
        await call_scan(hass)
    assert failure.value.translation_key == "no_private_network"


@pytest.mark.parametrize(
    ("network", "error"),
    [
        ("home", "network_unreadable"),
        ("10.0.0.0/8", "network_too_large"),
        ("93.184.216.0/24", "network_not_private"),
    ],
)
async def test_action_errors(hass: HomeAssistant, network: str, error: str) -> None:
    """What is not searched is told."""
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError) as failure:
        await call_scan(hass, network=network)
    assert failure.value.translation_key == error


async def test_action_with_the_mac_of_dhcp(
    hass: HomeAssistant, start_at: StartAt, usual_ports: UsualPorts
) -> None:
    """A miner that tells no MAC has the one that DHCP knows, and its entry by that."""
    device = await start_at("nmminer-2.0.04", NMMINER)
    entry = await known_miner(hass, device)
    mac = "aa:bb:cc:00:00:01"
    identity = {**entry.data[CONF_IDENTITY], "mac": mac}
    hass.config_entries.async_update_entry(
        entry,
        data={**entry.data, CONF_HOST: "127.0.12.99", CONF_IDENTITY: identity},
    )
    assert await async_setup_component(hass, DOMAIN, {})
    with patch(f"{INTEGRATION}.miner.scan.async_mac_at", return_value=mac):
        (found,) = (await call_scan(hass, network=NETWORK))["miners"]
    assert found["mac"] == mac
    assert found["added"] is True
    assert entry.data[CONF_HOST] == NMMINER


async def test_other_miner_at_the_address_of_a_disabled_one(
    hass: HomeAssistant, start_at: StartAt
) -> None:
    """An entry that is not set up has nothing put right, and raises nothing."""
    device = await start_at("axeos-2.15", BITAXE)
    entry = await known_miner(hass, device)
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    await device.stop()
    await start_at("axeos-2.15", BITAXE, seed=2)
    assert await async_setup_component(hass, DOMAIN, {})
    (found,) = (await call_scan(hass, network=NETWORK))["miners"]
    assert found["added"] is False
    assert find_issue(hass, entry, MinerIssue.WRONG_DEVICE) is None
