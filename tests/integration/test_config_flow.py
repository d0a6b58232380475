"""Tests for adding a miner and changing its address."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.const import CONF_HOST, CONF_PORT
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
    DOMAIN,
)
from simulator.faults import Fault
from tests.devices import PROFILES, StartDevice

from . import overridden, poll_slowly, state
from .conftest import AddMiner, ServeJson

NMMINER_REPLY = {
    "identity": {"hwModel": "NM-TV-154", "fwVersion": "2.0.04"},
    "mining": {"hashrate": 250.0},
}

# A port where nothing listens.
NO_PORT = 1

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
    assert result["menu_options"] == ["address"]
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


async def test_unsupported(
    hass: HomeAssistant, start_device: StartDevice, serve_json: ServeJson
) -> None:
    """An NMMiner answers the same path and is not taken for a Bitaxe."""
    address = await serve_json(NMMINER_REPLY)
    flow_id = await open_address_form(hass)
    result = await type_address(hass, flow_id, address)
    assert_error(result, "address", "unsupported", address)
    device = await start_device("axeos-2.15")
    assert_added(await type_address(hass, flow_id, device.url), device.port)


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
    assert result["title"] == "Bitaxe Gamma"
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
