"""Tests for adding a miner and changing its address."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_schema_suggested_value,
)

from custom_components.miner_controller.const import (
    CONF_CAPABILITIES,
    CONF_FAMILY,
    CONF_IDENTITY,
    CONF_POLL_INTERVAL,
    DOMAIN,
)
from custom_components.miner_controller.miner.issues import MinerIssue
from simulator.avalon import AvalonDevice
from simulator.faults import Fault
from simulator.tcp_device import TcpDevice
from tests.devices import (
    AVALON_PROFILES,
    CGMINER_PROFILES,
    NMMINER_HTTP_PROFILES,
    PROFILES,
    StartDevice,
)

from . import find_issue, overridden, poll_slowly, state
from .conftest import AddMiner, ServeJson

# A port where nothing listens.
NO_PORT = 1

# What miners that speak the cgminer API are added as; the end tells two apart.
TITLES = {
    "avalon-nano3": "Avalon Nano 3 {end}",
    "avalon-nano3s": "Avalon Nano 3S {end}",
    "avalon-mini3": "Avalon Mini 3 {end}",
    "avalon-q": "Avalon Q {end}",
    "cgminer-4.11": "cgminer miner (.1)",
    "cgminer-4.11:privileged": "cgminer miner (.1)",
}

# The same with what a miner that speaks the cgminer API does.
CGMINER_FAULT_ERRORS = [
    (Fault.REFUSE, "cannot_connect"),
    (Fault.CUT, "invalid_reply"),
    (Fault.GARBAGE, "invalid_reply"),
    (Fault.HUGE, "invalid_reply"),
    (Fault.UNAUTHORIZED, "access_denied"),
    (Fault.SILENT, "cannot_connect"),
]

LOGIN = {CONF_USERNAME: "admin", CONF_PASSWORD: "quarry-7"}

# What a device does, and the error that the form shows for it.
FAULT_ERRORS = [
    (Fault.REFUSE, "cannot_connect"),
    (Fault.CUT, "cannot_connect"),
    (Fault.GARBAGE, "invalid_reply"),
    (Fault.WRONG_TYPES, "invalid_reply"),
    (Fault.HUGE, "invalid_reply"),
    (Fault.REDIRECT, "invalid_reply"),
    (Fault.UNAUTHORIZED, "access_refused"),
    (Fault.SERVER_ERROR, "invalid_reply"),
]


async def open_address_form(hass: HomeAssistant) -> str:
    """Open the form for an address from the menu and return the id of its flow."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.MENU
    assert result["step_id"] == "user"
    assert result["menu_options"] == ["scan", "address", "prices", "fleet"]
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": "address"}
    )
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "address"
    assert result["errors"] == {}
    return result["flow_id"]


async def type_address(
    hass: HomeAssistant, flow_id: str, address: str
) -> ConfigFlowResult:
    """Enter an address in the open form."""
    result = await hass.config_entries.flow.async_configure(
        flow_id, {CONF_HOST: address}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


def assert_error(result: ConfigFlowResult, step: str, error: str, typed: str) -> None:
    """Assert that a form shows an error at the address and keeps what was typed."""
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == step
    assert result["errors"] == {CONF_HOST: error}
    schema = result["data_schema"]
    assert schema is not None
    assert get_schema_suggested_value(schema.schema, CONF_HOST) == typed


def assert_added(result: ConfigFlowResult, port: int) -> None:
    """Assert that a flow ended with a new entry for a port of this machine."""
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].data[CONF_HOST] == "127.0.0.1"
    assert result["result"].data[CONF_PORT] == port
    assert result["result"].state is ConfigEntryState.LOADED


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    "typed", ["127.0.0.1:{port}", "http://127.0.0.1:{port}/#/swarm?x=1"]
)
async def test_add(
    hass: HomeAssistant, start_device: StartDevice, profile: str, typed: str
) -> None:
    """A miner is added by its address or by a link that was copied."""
    device = await start_device(profile)
    flow_id = await open_address_form(hass)
    result = await type_address(hass, flow_id, typed.format(port=device.port))
    assert_added(result, device.port)
    entry = result["result"]
    mac = device.mac.lower()
    model = "NerdQAxe++" if profile.startswith("nerdqaxe") else "Bitaxe Gamma"
    assert entry.unique_id == mac
    assert entry.title == f"{model} {device.mac[-5:].replace(':', '')}"
    assert entry.data[CONF_FAMILY] == profile.partition("-")[0]
    assert entry.data[CONF_IDENTITY]["mac"] == mac
    assert entry.data[CONF_CAPABILITIES]["work_modes"]
    assert entry.options == {}


async def test_title_from_name(hass: HomeAssistant, start_device: StartDevice) -> None:
    """A miner that its owner gave a name is added under that name."""
    device = await start_device("axeos-2.15", hostname="cellar")
    result = await type_address(hass, await open_address_form(hass), device.url)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "cellar"


@pytest.mark.parametrize(
    "typed", ["", "  ", "not an address", "127.0.0.300", "http://"]
)
async def test_invalid_address(
    hass: HomeAssistant, start_device: StartDevice, typed: str
) -> None:
    """What is no address is refused, and the form goes on from there."""
    flow_id = await open_address_form(hass)
    result = await type_address(hass, flow_id, typed)
    assert_error(result, "address", "invalid_address", typed)
    device = await start_device("axeos-2.15")
    assert_added(await type_address(hass, flow_id, device.url), device.port)


@pytest.mark.parametrize("profile", ["axeos-2.15", "nerdqaxe-1.1.0"])
@pytest.mark.parametrize(("fault", "error"), FAULT_ERRORS)
async def test_fault(
    hass: HomeAssistant,
    start_device: StartDevice,
    profile: str,
    fault: Fault,
    error: str,
) -> None:
    """Each fault is told in its own words, and the miner is added once it is over."""
    device = await start_device(profile)
    await device.set_fault(fault)
    flow_id = await open_address_form(hass)
    result = await type_address(hass, flow_id, device.url)
    assert_error(result, "address", error, device.url)
    await device.set_fault(None)
    assert_added(await type_address(hass, flow_id, device.url), device.port)


async def test_timeout(
    hass: HomeAssistant, start_device: StartDevice, freezer: FrozenDateTimeFactory
) -> None:
    """A device that takes a connection and stays silent is told so in time."""
    device = await start_device("axeos-2.15")
    await device.set_fault(Fault.HANG)
    flow_id = await open_address_form(hass)
    answer = hass.async_create_task(
        hass.config_entries.flow.async_configure(flow_id, {CONF_HOST: device.url})
    )
    await poll_slowly(hass, freezer, device, seconds=0, waits=(6,))
    assert_error(await answer, "address", "timeout", device.url)
    await device.set_fault(None)
    assert_added(await type_address(hass, flow_id, device.url), device.port)


@pytest.mark.parametrize("profile", NMMINER_HTTP_PROFILES)
async def test_add_nmminer(
    hass: HomeAssistant, start_device: StartDevice, profile: str
) -> None:
    """An NMMiner answers the same path and is not taken for a Bitaxe."""
    device = await start_device(profile, hostname="nm-cellar")
    result = await type_address(hass, await open_address_form(hass), device.url)
    assert_added(result, device.port)
    entry = result["result"]
    assert entry.title == "nm-cellar"
    assert entry.unique_id is None
    assert entry.data[CONF_FAMILY] == "nmminer"


async def test_something_else(hass: HomeAssistant, serve_json: ServeJson) -> None:
    """JSON of something that is no miner is an invalid reply."""
    address = await serve_json({"version": "1.2.3", "hostname": "printer"})
    result = await type_address(hass, await open_address_form(hass), address)
    assert_error(result, "address", "invalid_reply", address)


async def test_already_configured(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A miner that is there at this very address is not added again."""
    device = await start_device("axeos-2.15")
    await add(device)
    result = await type_address(hass, await open_address_form(hass), device.url)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def move(entry: MockConfigEntry, hass: HomeAssistant, **data: Any) -> None:
    """Let an entry have its miner at another address."""
    hass.config_entries.async_update_entry(entry, data={**entry.data, **data})
    await hass.config_entries.async_reload(entry.entry_id)


async def test_update_address(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A known miner that answers elsewhere is offered its new address."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    await device.set_fault(Fault.REFUSE)
    await move(entry, hass, **{CONF_PORT: NO_PORT})
    await device.set_fault(None)
    assert state(hass, entry, "binary_sensor", "reachable") == "off"

    result = await type_address(hass, await open_address_form(hass), device.url)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "update_address"
    placeholders = result["description_placeholders"]
    assert placeholders is not None
    assert placeholders["miner"] == "Bench"
    assert placeholders["old"] == f"127.0.0.1:{NO_PORT}"
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "address_updated"
    assert entry.data[CONF_PORT] == device.port
    assert state(hass, entry, "binary_sensor", "reachable") == "on"
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1


async def test_update_address_shows_the_port(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """Both addresses are shown in full, since they may differ in the port only."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    await move(entry, hass, **{CONF_PORT: NO_PORT})
    result = await type_address(hass, await open_address_form(hass), device.url)
    placeholders = result["description_placeholders"]
    assert placeholders is not None
    assert placeholders["new"] == f"127.0.0.1:{device.port}"


async def test_update_address_of_removed_miner(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A miner that is removed while its new address is offered ends the flow."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    await move(entry, hass, **{CONF_PORT: NO_PORT})
    result = await type_address(hass, await open_address_form(hass), device.url)
    await hass.config_entries.async_remove(entry.entry_id)
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "entry_gone"


async def test_same_host_without_mac(
    hass: HomeAssistant, start_device: StartDevice
) -> None:
    """A miner that tells no MAC address is not added twice at one address."""
    device = await start_device("axeos-2.15")
    device.state.mac = ""
    result = await type_address(hass, await open_address_form(hass), device.url)
    assert_added(result, device.port)
    assert result["title"] == "Bitaxe Gamma (.1)"
    assert result["result"].unique_id is None

    result = await type_address(hass, await open_address_form(hass), device.url)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"

    other = await start_device("axeos-2.15", seed=2)
    other.state.mac = ""
    result = await type_address(hass, await open_address_form(hass), other.url)
    assert_added(result, other.port)


async def test_reconfigure(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A miner is followed to its new address, and what it is by now is kept."""
    device = await start_device("axeos-2.13")
    entry = await add(device)
    await device.stop()
    moved = await start_device("axeos-2.14")
    assert moved.mac == device.mac

    result = await entry.start_reconfigure_flow(hass)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "reconfigure"
    assert result["description_placeholders"] == {"miner": "Bench"}
    schema = result["data_schema"]
    assert schema is not None
    assert (
        get_schema_suggested_value(schema.schema, CONF_HOST)
        == f"127.0.0.1:{device.port}"
    )
    result = await type_address(hass, result["flow_id"], moved.url)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert entry.data[CONF_PORT] == moved.port
    assert entry.data[CONF_IDENTITY]["firmware"] == "v2.14.0"
    assert entry.unique_id == device.mac.lower()
    assert state(hass, entry, "switch", "mining") == "on"


@pytest.mark.parametrize("other", ["axeos-2.15", "nerdqaxe-1.0.37"])
async def test_reconfigure_to_another_miner(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, other: str
) -> None:
    """Another miner is refused, and the right one is taken after that."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    before = dict(entry.data)
    wrong = await start_device(other, seed=2)
    result = await entry.start_reconfigure_flow(hass)
    result = await type_address(hass, result["flow_id"], wrong.url)
    assert_error(result, "reconfigure", "other_miner", wrong.url)
    assert entry.data == before
    result = await type_address(hass, result["flow_id"], device.url)
    assert result["reason"] == "reconfigure_successful"


@pytest.mark.parametrize(("fault", "error"), FAULT_ERRORS)
async def test_reconfigure_fault(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    fault: Fault,
    error: str,
) -> None:
    """Each fault is told in the form for the new address too."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    await device.set_fault(fault)
    result = await entry.start_reconfigure_flow(hass)
    result = await type_address(hass, result["flow_id"], device.url)
    assert_error(result, "reconfigure", error, device.url)
    await device.set_fault(None)
    result = await type_address(hass, result["flow_id"], device.url)
    assert result["reason"] == "reconfigure_successful"


async def test_reconfigure_to_invalid_address(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """What is no address is refused in the form for the new address too."""
    entry = await add(await start_device("axeos-2.15"))
    result = await entry.start_reconfigure_flow(hass)
    result = await type_address(hass, result["flow_id"], "no address")
    assert_error(result, "reconfigure", "invalid_address", "no address")


async def test_default_port_is_not_shown(hass: HomeAssistant) -> None:
    """An address with the usual port is shown without it."""
    identity = {"family": "axeos", "manufacturer": "Bitaxe", "model": "Bitaxe"}
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id="5a:51:00:00:00:01",
        data={
            CONF_HOST: "192.168.1.20",
            CONF_PORT: 80,
            CONF_FAMILY: "axeos",
            CONF_IDENTITY: identity,
            CONF_CAPABILITIES: {"work_modes": []},
        },
    )
    entry.add_to_hass(hass)
    result = await entry.start_reconfigure_flow(hass)
    schema = result["data_schema"]
    assert schema is not None
    assert get_schema_suggested_value(schema.schema, CONF_HOST) == "192.168.1.20"


async def test_miner_that_has_learned_its_mac(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A miner added without a MAC address is not added again once it tells one."""
    device = await start_device("axeos-2.15")
    told = overridden(device)
    told["macAddr"] = None
    await add(device)
    told.clear()
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    flow_id = result["flow_id"]
    await hass.config_entries.flow.async_configure(flow_id, {"next_step_id": "address"})
    result = await hass.config_entries.flow.async_configure(
        flow_id, {"host": device.url}
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


def typed_address(device: TcpDevice) -> str:
    """Return the address of a device as a person types it."""
    return f"{device.host}:{device.port}"


def unique_id(device: TcpDevice) -> str | None:
    """Return what tells a miner from others that speaks the cgminer API."""
    if not isinstance(device, AvalonDevice):
        return None
    return device.dna if device.kind.key == "nano3" else device.mac.lower()


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_add_cgminer(
    hass: HomeAssistant, start_device: StartDevice, profile: str
) -> None:
    """A miner that speaks the cgminer API is found by its address."""
    device = await start_device(profile)
    result = await type_address(
        hass, await open_address_form(hass), typed_address(device)
    )
    assert_added(result, device.port)
    entry = result["result"]
    assert entry.unique_id == unique_id(device)
    end = (entry.unique_id or "").replace(":", "")[-4:].upper()
    assert entry.title == TITLES[profile].format(end=end)
    assert entry.data[CONF_FAMILY] == profile.partition("-")[0]
    assert entry.data[CONF_IDENTITY]["firmware"]
    # A login is nothing that is guessed.
    assert entry.options == {}
    assert CONF_PASSWORD not in entry.data
    assert device.most_open_connections == 1


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_cgminer_already_configured(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """A miner is not added twice, whether by what it is or by where it is."""
    device = await start_device(profile)
    await add(device)
    result = await type_address(
        hass, await open_address_form(hass), typed_address(device)
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    other = await start_device(profile, seed=2)
    result = await type_address(
        hass, await open_address_form(hass), typed_address(other)
    )
    assert_added(result, other.port)


@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_new_address_of_avalon(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """An Avalon that answers elsewhere is offered its new address."""
    device = await start_device(profile)
    entry = await add(device)
    await move(entry, hass, **{CONF_PORT: NO_PORT})
    assert state(hass, entry, "binary_sensor", "reachable") == "off"
    result = await type_address(
        hass, await open_address_form(hass), typed_address(device)
    )
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "update_address"
    assert result["description_placeholders"] == {
        "miner": "Bench",
        "old": f"127.0.0.1:{NO_PORT}",
        "new": typed_address(device),
    }
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["reason"] == "address_updated"
    assert entry.data[CONF_PORT] == device.port
    assert state(hass, entry, "binary_sensor", "reachable") == "on"


@pytest.mark.parametrize(("fault", "error"), CGMINER_FAULT_ERRORS)
async def test_cgminer_fault(
    hass: HomeAssistant, start_device: StartDevice, fault: Fault, error: str
) -> None:
    """Each fault over TCP is told in the form, and the form goes on from there."""
    device = await start_device("avalon-nano3s")
    await device.set_fault(fault)
    flow_id = await open_address_form(hass)
    typed = typed_address(device)
    assert_error(await type_address(hass, flow_id, typed), "address", error, typed)
    await device.set_fault(None)
    assert_added(await type_address(hass, flow_id, typed), device.port)


@pytest.mark.parametrize(
    ("profile", "other", "seed"),
    [
        ("avalon-nano3", "avalon-nano3", 2),
        ("avalon-nano3s", "avalon-nano3s", 2),
        ("avalon-nano3s", "avalon-q", 1),
        ("avalon-nano3s", "cgminer-4.11", 1),
        ("avalon-nano3s", "axeos-2.15", 1),
        ("axeos-2.15", "avalon-nano3s", 1),
        ("cgminer-4.11", "avalon-nano3s", 1),
    ],
)
async def test_reconfigure_to_a_stranger(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    profile: str,
    other: str,
    seed: int,
) -> None:
    """Another miner, of whatever family, is not taken for the one that moved."""
    device = await start_device(profile)
    entry = await add(device)
    before = dict(entry.data)
    stranger = await start_device(other, seed=seed)
    result = await entry.start_reconfigure_flow(hass)
    flow_id = result["flow_id"]
    typed = f"127.0.0.1:{stranger.port}"
    result = await type_address(hass, flow_id, typed)
    assert_error(result, "reconfigure", "other_miner", typed)
    assert entry.data == before
    result = await type_address(hass, flow_id, f"127.0.0.1:{device.port}")
    assert result["reason"] == "reconfigure_successful"
    assert find_issue(hass, entry, MinerIssue.WRONG_DEVICE) is None


async def test_cgminer_moves(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A miner that nothing tells from others is believed to be where its owner says."""
    entry = await add(await start_device("cgminer-4.11"))
    elsewhere = await start_device("cgminer-4.11", seed=2)
    result = await entry.start_reconfigure_flow(hass)
    result = await type_address(hass, result["flow_id"], typed_address(elsewhere))
    assert result["reason"] == "reconfigure_successful"
    assert entry.data[CONF_PORT] == elsewhere.port


@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_reauth(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner, profile: str
) -> None:
    """The login is stored with the other options, and the miner set up with it."""
    entry = await add(await start_device(profile), **{CONF_POLL_INTERVAL: 30})
    before = entry.runtime_data
    assert before.client.web_login is None
    result = await entry.start_reauth_flow(hass)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "reauth_confirm"
    assert result["description_placeholders"] is not None
    assert result["description_placeholders"]["miner"] == "Bench"
    schema = result["data_schema"]
    assert schema is not None
    for field in LOGIN:
        assert get_schema_suggested_value(schema.schema, field) is None
    result = await hass.config_entries.flow.async_configure(result["flow_id"], LOGIN)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "login_stored"
    assert entry.options == {CONF_POLL_INTERVAL: 30, **LOGIN}
    assert CONF_PASSWORD not in entry.data
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data is not before
    login = entry.runtime_data.client.web_login
    assert (login.user, login.password) == ("admin", "quarry-7")
    assert "quarry-7" not in repr(login)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({CONF_USERNAME: ""}, {CONF_USERNAME: "login_incomplete"}),
        ({CONF_PASSWORD: ""}, {CONF_PASSWORD: "login_incomplete"}),
        ({CONF_USERNAME: "ad,min"}, {CONF_USERNAME: "cannot_be_sent"}),
        ({CONF_PASSWORD: "two words"}, {CONF_PASSWORD: "cannot_be_sent"}),
        ({CONF_PASSWORD: "back\\slash"}, {CONF_PASSWORD: "cannot_be_sent"}),
        (
            {CONF_USERNAME: "", CONF_PASSWORD: "pässword"},
            {CONF_USERNAME: "login_incomplete", CONF_PASSWORD: "cannot_be_sent"},
        ),
    ],
)
async def test_reauth_errors(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    changes: dict[str, str],
    errors: dict[str, str],
) -> None:
    """An error is shown at its field, what was typed stays, and nothing is stored."""
    entry = await add(await start_device("avalon-nano3s"))
    result = await entry.start_reauth_flow(hass)
    flow_id, typed = result["flow_id"], {**LOGIN, **changes}
    result = await hass.config_entries.flow.async_configure(flow_id, typed)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "reauth_confirm"
    assert result["errors"] == errors
    schema = result["data_schema"]
    assert schema is not None
    for field, value in typed.items():
        assert get_schema_suggested_value(schema.schema, field) == value
    assert entry.options == {}
    result = await hass.config_entries.flow.async_configure(flow_id, LOGIN)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["reason"] == "login_stored"
    assert entry.options == LOGIN
