"""Tests for the flows that fix a miner's repairs."""

from http import HTTPStatus
from typing import Any

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.miner.issues import (
    MinerIssue,
    MinerIssues,
    issue_id,
)
from simulator.faults import Fault
from tests.devices import Device, StartDevice

from . import OTP_SECRET, call, find_issue, poll, restart_home_assistant, state
from .conftest import AddMiner

type Json = dict[str, Any]


@pytest.fixture
async def client(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> TestClient[Any, Any]:
    """Return a client of Home Assistant's repairs."""
    assert await async_setup_component(hass, "repairs", {})
    return await hass_client()


async def post(client: TestClient[Any, Any], path: str, content: Json) -> Json:
    """Post to the repairs and return the reply."""
    reply = await client.post(f"/api/repairs/issues/fix{path}", json=content)
    assert reply.status == HTTPStatus.OK
    found: Json = await reply.json()
    return found


async def start_fix(
    client: TestClient[Any, Any], entry: MockConfigEntry, issue: MinerIssue
) -> Json:
    """Start the flow that fixes an issue."""
    return await post(
        client, "", {"handler": DOMAIN, "issue_id": issue_id(issue, entry.entry_id)}
    )


async def locked_miner(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> tuple[Device, MockConfigEntry]:
    """Return a miner of which a write was refused for want of a code."""
    device = await start_device("nerdqaxe-1.0.37", otp_secret=OTP_SECRET)
    entry = await add(device)
    with pytest.raises(HomeAssistantError):
        await call(hass, entry, "frequency", "number.set_value", value=575)
    return device, entry


async def test_unlock(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    client: TestClient[Any, Any],
) -> None:
    """A wrong code is refused, the right one opens the miner and ends the repair."""
    device, entry = await locked_miner(hass, start_device, add)
    form = await start_fix(client, entry, MinerIssue.OTP_REQUIRED)
    assert form["type"] == "form"
    assert form["step_id"] == "code"
    assert form["description_placeholders"] == {"miner": "Bench"}
    assert [field["name"] for field in form["data_schema"]] == ["code"]

    path = f"/{form['flow_id']}"
    right = device.current_otp()
    wrong = "000000" if right != "000000" else "111111"
    for code in (wrong, "abcdef", "١٢٣٤٥٦"):
        form = await post(client, path, {"code": code})
        assert form["type"] == "form"
        assert form["errors"] == {"code": "code_rejected"}
    assert find_issue(hass, entry, MinerIssue.OTP_REQUIRED) is not None

    done = await post(client, path, {"code": f" {right} "})
    assert done["type"] == "create_entry"
    assert find_issue(hass, entry, MinerIssue.OTP_REQUIRED) is None
    await call(hass, entry, "frequency", "number.set_value", value=575)
    assert device.settings.frequency == 575


async def test_too_many_codes(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    client: TestClient[Any, Any],
) -> None:
    """The form stops before the miner would lock itself."""
    device, entry = await locked_miner(hass, start_device, add)
    form = await start_fix(client, entry, MinerIssue.OTP_REQUIRED)
    wrong = "000000" if device.current_otp() != "000000" else "111111"
    errors = []
    for _ in range(6):
        form = await post(client, f"/{form['flow_id']}", {"code": wrong})
        errors.append(form["errors"]["code"])
    assert errors == ["code_rejected"] * 3 + ["code_limit"] * 3
    assert device._lock is not None
    assert not device._lock.blocked


@pytest.mark.parametrize(
    ("fault", "error"),
    [(Fault.REFUSE, "cannot_connect"), (Fault.SERVER_ERROR, "invalid_reply")],
)
async def test_unlock_failure(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    client: TestClient[Any, Any],
    fault: Fault,
    error: str,
) -> None:
    """A miner that misbehaves is told in the form, which goes on after that."""
    device, entry = await locked_miner(hass, start_device, add)
    form = await start_fix(client, entry, MinerIssue.OTP_REQUIRED)
    await device.set_fault(fault)
    form = await post(client, f"/{form['flow_id']}", {"code": device.current_otp()})
    assert form["errors"] == {"code": error}
    await device.set_fault(None)
    done = await post(client, f"/{form['flow_id']}", {"code": device.current_otp()})
    assert done["type"] == "create_entry"


async def test_unlock_while_unloaded(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    client: TestClient[Any, Any],
) -> None:
    """A miner that was unloaded meanwhile cannot be unlocked."""
    device, entry = await locked_miner(hass, start_device, add)
    form = await start_fix(client, entry, MinerIssue.OTP_REQUIRED)
    await hass.config_entries.async_unload(entry.entry_id)
    done = await post(client, f"/{form['flow_id']}", {"code": device.current_otp()})
    assert done["type"] == "abort"
    assert done["reason"] == "not_loaded"


async def swapped_miner(
    start_device: StartDevice, add: AddMiner
) -> tuple[Device, Device, MockConfigEntry]:
    """Return a miner, another one that has its address, and the entry."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    other = await start_device("axeos-2.15", seed=2)
    return device, other, entry


async def test_wrong_device(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    client: TestClient[Any, Any],
) -> None:
    """The right address ends the repair, and a wrong one is refused."""
    device, other, entry = await swapped_miner(start_device, add)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_PORT: other.port}
    )
    await restart_home_assistant(hass, entry)
    assert find_issue(hass, entry, MinerIssue.WRONG_DEVICE) is not None

    form = await start_fix(client, entry, MinerIssue.WRONG_DEVICE)
    assert form["type"] == "form"
    assert form["step_id"] == "address"
    assert form["description_placeholders"] == {"miner": "Bench"}
    (field,) = form["data_schema"]
    assert field["name"] == "host"
    assert field["description"]["suggested_value"] == f"127.0.0.1:{other.port}"

    path = f"/{form['flow_id']}"
    for typed, error in (
        (other.url, "other_miner"),
        ("no address", "invalid_address"),
        ("127.0.0.1:1", "cannot_connect"),
    ):
        form = await post(client, path, {CONF_HOST: typed})
        assert form["errors"] == {"host": error}
        assert form["data_schema"][0]["description"]["suggested_value"] == typed

    done = await post(client, path, {CONF_HOST: device.url})
    assert done["type"] == "create_entry"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data[CONF_PORT] == device.port
    assert find_issue(hass, entry, MinerIssue.WRONG_DEVICE) is None
    assert state(hass, entry, "binary_sensor", "reachable") == "on"


async def test_duplicate_device(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    client: TestClient[Any, Any],
) -> None:
    """The right address ends the repair for two miners at one address too."""
    device, other, entry = await swapped_miner(start_device, add)
    await add(other)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_PORT: other.port}
    )
    await restart_home_assistant(hass, entry)
    form = await start_fix(client, entry, MinerIssue.DUPLICATE_DEVICE)
    assert form["step_id"] == "address"
    done = await post(client, f"/{form['flow_id']}", {CONF_HOST: device.url})
    assert done["type"] == "create_entry"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert find_issue(hass, entry, MinerIssue.DUPLICATE_DEVICE) is None
    assert state(hass, entry, "binary_sensor", "reachable") == "on"


async def test_fix_without_a_miner(
    hass: HomeAssistant, client: TestClient[Any, Any]
) -> None:
    """An issue whose miner is gone only has to be confirmed."""
    assert await async_setup_component(hass, DOMAIN, {})
    entry = MockConfigEntry(domain=DOMAIN, entry_id="gone", title="Bench")
    MinerIssues(hass, entry).async_raise(MinerIssue.WRONG_DEVICE)
    form = await start_fix(client, entry, MinerIssue.WRONG_DEVICE)
    assert form["step_id"] == "confirm"
    done = await post(client, f"/{form['flow_id']}", {})
    assert done["type"] == "create_entry"


@pytest.mark.parametrize("issue", list(MinerIssue))
async def test_removal_deletes_issues(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    issue: MinerIssue,
) -> None:
    """A miner that is removed takes its issues with it."""
    if issue is MinerIssue.OTP_REQUIRED:
        _, entry = await locked_miner(hass, start_device, add)
    else:
        device, other, entry = await swapped_miner(start_device, add)
        if issue is MinerIssue.DUPLICATE_DEVICE:
            await add(other)
        mac = other.mac
        device.state.mac = mac
        await poll(hass, freezer, device)
    assert find_issue(hass, entry, issue) is not None
    await hass.config_entries.async_remove(entry.entry_id)
    assert find_issue(hass, entry, issue) is None


async def test_request_for_a_code_outlives_a_reload(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """New options do not answer the question for a code."""
    device = await start_device("nerdqaxe-1.0.37", otp_secret=OTP_SECRET)
    entry = await add(device)
    with pytest.raises(HomeAssistantError):
        await call(hass, entry, "frequency", "number.set_value", value=575)
    assert find_issue(hass, entry, MinerIssue.OTP_REQUIRED) is not None
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert find_issue(hass, entry, MinerIssue.OTP_REQUIRED) is not None
    await entry.runtime_data.async_unlock(device.current_otp())
    assert find_issue(hass, entry, MinerIssue.OTP_REQUIRED) is None
