"""Tests for what leaves the house: diagnostics, states and the log."""

import json
import logging
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.miner_controller.const import CONF_POLL_INTERVAL
from simulator.avalon import AvalonDevice
from simulator.axeos import AxeOSDevice
from simulator.faults import Fault
from simulator.identity import PAYOUT
from simulator.tcp_device import TcpDevice
from tests.devices import (
    AVALON_PROFILES,
    CGMINER_PROFILES,
    PROFILES,
    Device,
    StartDevice,
)

from . import (
    OTP_SECRET,
    call,
    overridden,
    poll,
    restart_home_assistant,
    told_fields,
)
from .conftest import AddMiner

PASSWORD = "hunter2-the-password"
WIFI_KEY = "wpa-key-of-the-house"
WIFI_NAME = "Quarry Lane 7"
HOSTNAME = "grannys-miner"
HOME_ADDRESSES = ("192.168.178.77", "fd12:3456:789a::77")

type Diagnostics = dict[str, Any]


def make_private(device: Device) -> dict[str, object]:
    """Give a device everything that nobody else may see."""
    if isinstance(device, TcpDevice):
        for number, pool in enumerate(device.pools):
            pool.user = f"{PAYOUT}.{HOSTNAME}"
            pool.password = PASSWORD
            if number:
                pool.url = f"stratum+tcp://{HOME_ADDRESSES[0]}:{3333 + number}"
        if isinstance(device, AvalonDevice) and device.kind.key == "q":
            told_fields(device)["SSID"] = WIFI_NAME
        return {}
    settings = device.settings
    settings.hostname = HOSTNAME
    settings.ssid = WIFI_NAME
    told = overridden(device)
    told.update(
        {
            "hostip": HOME_ADDRESSES[0],
            "ipv4": HOME_ADDRESSES[0],
            "ipv6": HOME_ADDRESSES[1],
            "stratumPassword": PASSWORD,
            "fallbackStratumPassword": PASSWORD,
            "wifiPass": WIFI_KEY,
            "scriptsig": f"/{HOSTNAME}/",
            "poolConnectionInfo": f"IPv4 {HOME_ADDRESSES[0]}",
            "newerFirmware": {"owner": [{"address": PAYOUT, "wifi": WIFI_NAME}]},
        }
    )
    return told


def secrets(device: Device) -> list[str]:
    """Return what must not occur, in lower case."""
    unique = []
    if not isinstance(device, TcpDevice) or isinstance(device, AvalonDevice):
        end = device.mac.lower()[9:]
        unique += [end, end.replace(":", "")]
    if isinstance(device, AvalonDevice):
        unique.append(device.dna)
    return [
        *unique,
        HOSTNAME,
        WIFI_NAME.lower(),
        WIFI_KEY,
        PASSWORD,
        PAYOUT,
        *HOME_ADDRESSES,
        "127.0.0.1",
    ]


def assert_private(text: str, device: Device) -> None:
    """Assert that a text tells nothing about the owner."""
    found = [secret for secret in secrets(device) if secret in text.lower()]
    assert found == []


async def diagnostics(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: MockConfigEntry
) -> Diagnostics:
    """Return the diagnostics of a miner as a user downloads them."""
    found = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


@pytest.mark.parametrize("profile", PROFILES)
async def test_nothing_private(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    hass_client: ClientSessionGenerator,
    profile: str,
) -> None:
    """The diagnostics hold nothing about the owner, and what is needed to help."""
    device = await start_device(profile)
    make_private(device)
    entry = await add(device, **{CONF_POLL_INTERVAL: 30})
    found = await diagnostics(hass, hass_client, entry)
    text = json.dumps(found, ensure_ascii=False)
    assert_private(text, device)
    assert not re.search(r"\b\d{1,3}(\.\d{1,3}){3}\b", text)

    assert found["options"] == {CONF_POLL_INTERVAL: 30}
    assert found["identity"]["firmware"] == device.info()["version"]
    assert found["identity"]["model"]
    assert found["identity"]["mac"].startswith(device.mac.lower()[:8])
    assert found["capabilities"]["work_modes"]
    assert found["reachable"] is True
    assert found["hashing"] is True
    assert found["last_error"] is None
    assert found["update_interval"] == "0:00:30"
    assert found["status"]["power"] > 10
    assert found["status"]["active_pool"]["host"] == "stratum.quarry-pool.example"
    assert found["reply"].keys() == device.info().keys()
    for key in ("version", "ASICModel", "hashRate", "frequency", "coreVoltage"):
        assert found["reply"][key] == device.info()[key]


@pytest.mark.parametrize("profile", ["axeos-2.15", "nerdqaxe-1.0.37"])
async def test_while_away(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    hass_client: ClientSessionGenerator,
    profile: str,
) -> None:
    """The diagnostics of a miner that is away tell what is known, and the error."""
    device = await start_device(profile)
    make_private(device)
    entry = await add(device)
    await device.set_fault(Fault.REFUSE)
    await poll(hass, freezer, device)
    found = await diagnostics(hass, hass_client, entry)
    assert found["reachable"] is False
    assert found["last_error"] == "MinerUnreachableError"
    assert found["status"]["power"] > 10
    assert_private(json.dumps(found), device)

    await restart_home_assistant(hass, entry)
    found = await diagnostics(hass, hass_client, entry)
    assert found["status"] is None
    assert found["reply"] is None
    assert found["capabilities"]["work_modes"]
    assert_private(json.dumps(found), device)


async def test_wrong_device(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    hass_client: ClientSessionGenerator,
) -> None:
    """The diagnostics tell nothing private of a miner that has the address either."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    other = await start_device("axeos-2.15", seed=2)
    make_private(other)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_PORT: other.port}
    )
    await restart_home_assistant(hass, entry)
    found = await diagnostics(hass, hass_client, entry)
    assert found["last_error"] == "UpdateFailed"
    assert_private(json.dumps(found), other)


@pytest.mark.parametrize("host", ["192.168.178.77", "fd12:3456:789a::77"])
async def test_pool_at_home(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    hass_client: ClientSessionGenerator,
    host: str,
) -> None:
    """The address of a pool in the owner's network is private too."""
    device = await start_device("axeos-2.13")
    make_private(device)["stratumURL"] = host
    entry = await add(device)
    found = await diagnostics(hass, hass_client, entry)
    assert host not in json.dumps(found)


@pytest.mark.parametrize("host", ["Grannys-PC", "miner-pool.local", "umbrel.lan"])
async def test_pool_at_home_by_name(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    hass_client: ClientSessionGenerator,
    host: str,
) -> None:
    """The name of a computer in the owner's network is private too."""
    device = await start_device("axeos-2.13")
    make_private(device)["stratumURL"] = host
    entry = await add(device)
    found = await diagnostics(hass, hass_client, entry)
    assert host not in json.dumps(found)


async def test_number_that_nothing_can_write(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    hass_client: ClientSessionGenerator,
) -> None:
    """A number that is too large for JSON does not keep from the download."""
    device = await start_device("axeos-2.13")
    told = make_private(device)
    told["blockHeight"] = 2**70
    # What is no JSON is read by a reader that takes any number.
    told["freeHeap"] = float("nan")
    entry = await add(device)
    found = await diagnostics(hass, hass_client, entry)
    assert found["reply"]["blockHeight"] == "**REDACTED**"


async def test_without_mac(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    hass_client: ClientSessionGenerator,
) -> None:
    """A miner that tells no MAC address has diagnostics without one."""
    device = await start_device("axeos-2.15")
    device.state.mac = ""
    entry = await add(device)
    found = await diagnostics(hass, hass_client, entry)
    assert found["identity"]["mac"] is None


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_nothing_private_of_cgminer(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    hass_client: ClientSessionGenerator,
    profile: str,
) -> None:
    """The diagnostics of a miner over TCP hold nothing about the owner either."""
    device = await start_device(profile)
    make_private(device)
    entry = await add(
        device,
        **{CONF_POLL_INTERVAL: 30, CONF_USERNAME: "owner", CONF_PASSWORD: WIFI_KEY},
    )
    found = await diagnostics(hass, hass_client, entry)
    text = json.dumps(found, ensure_ascii=False)
    assert_private(text, device)
    assert "owner" not in text
    assert not re.search(r"\b\d{1,3}(\.\d{1,3}){3}\b", text)
    assert found["options"] == {
        CONF_POLL_INTERVAL: 30,
        CONF_USERNAME: "**REDACTED**",
        CONF_PASSWORD: "**REDACTED**",
    }
    assert found["reachable"] is True
    assert found["hashing"] is True
    assert found["last_error"] is None
    assert found["status"]["hashrate"] > 1e11
    assert [slot["pool"]["host"] for slot in found["status"]["pool_slots"]] == [
        "stratum.quarry-pool.example",
        "**REDACTED**",
        "**REDACTED**",
    ]
    assert found["status"]["active_slot"]["number"] == 0
    summary = found["reply"]["summary"]["SUMMARY"][0]
    assert summary == json.loads(json.dumps(device.info()["summary"][0]["SUMMARY"][0]))
    pools = found["reply"]["pools"]["POOLS"]
    assert len(pools) == 3
    for row in pools:
        for key in ("URL", "User", "Password"):
            assert row.get(key, "**REDACTED**") == "**REDACTED**"
        assert row["Status"] == "Alive"
        assert row["Priority"] == row["POOL"]
    assert ("Password" in pools[0]) is (profile == "avalon-q")


@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_fields_of_avalon(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    hass_client: ClientSessionGenerator,
    profile: str,
) -> None:
    """What an Avalon packs into one text is shown as fields, with all numbers."""
    device = await start_device(profile)
    assert isinstance(device, AvalonDevice)
    make_private(device)
    entry = await add(device)
    found = await diagnostics(hass, hass_client, entry)
    assert found["identity"]["model"] == entry.data["identity"]["model"]
    assert found["identity"]["firmware"] == device.firmware_name
    assert found["identity"]["serial"] == "**REDACTED**"
    row = found["reply"]["estats"]["STATS"][0]
    told = row[device.kind.stats_key]
    assert isinstance(told, dict)
    for key in (
        "GHSspd",
        "GHSavg",
        "PS",
        "MPO",
        "TAvg",
        "FanR",
        "ADJ",
        "SoftOFF",
        "DH",
    ):
        assert re.fullmatch(r"[\d .%-]+", told[key])
    for key in ("WORKLEVEL", "PING", "ECHU", "CRC"):
        assert told[key] != "**REDACTED**"
    assert told["Ver"].endswith(device.firmware_name)
    for key in ("DNA", "HDNA", "SSID"):
        assert told.get(key, "**REDACTED**") == "**REDACTED**"
    assert found["capabilities"]["named_modes"]
    assert found["status"]["power"] > 60


async def test_unknown_words_of_avalon(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    hass_client: ClientSessionGenerator,
) -> None:
    """Words that no firmware had before are left out, and so are addresses."""
    device = await start_device("avalon-nano3s")
    told = told_fields(device)
    told.update({"BIN": "cellar of Ann", "PFCnt": "192.168.178.77", "FW": "10.1.2.3"})
    entry = await add(device)
    found = await diagnostics(hass, hass_client, entry)
    fields = found["reply"]["estats"]["STATS"][0]["MM ID0"]
    for key in told:
        assert fields[key] == "**REDACTED**"


@pytest.mark.parametrize("profile", [*PROFILES, *CGMINER_PROFILES])
async def test_states_and_log(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    entity_registry_enabled_by_default: None,
    caplog: pytest.LogCaptureFixture,
    profile: str,
) -> None:
    """Neither a state nor an attribute nor the log ever shows account or password."""
    caplog.set_level(logging.DEBUG)
    device = await start_device(profile)
    told = make_private(device)
    entry = await add(device)
    await poll(hass, freezer, device)
    if not isinstance(device, TcpDevice):
        told["frequency"] = 1
        with pytest.raises(HomeAssistantError):
            await call(hass, entry, "mode", "select.select_option", option="eco")
    for fault in (Fault.CUT, Fault.GARBAGE, Fault.WRONG_TYPES, Fault.UNAUTHORIZED):
        await device.set_fault(fault)
        await poll(hass, freezer, device, seconds=60)
    shown = [
        json.dumps(item.as_dict(), default=str) for item in hass.states.async_all()
    ]
    logged = [record.getMessage() for record in caplog.records]
    assert len(shown) > (15 if isinstance(device, TcpDevice) else 30)
    assert any("Bench" in line for line in logged)
    for secret in (PAYOUT, PASSWORD, WIFI_KEY, WIFI_NAME):
        assert not [text for text in shown if secret in text]
        assert secret not in caplog.text
    if isinstance(device, AxeOSDevice):
        assert HOSTNAME in device.pool.user or PAYOUT in device.pool.user


async def test_codes_are_not_logged(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A one-time password and the session it opens appear nowhere."""
    caplog.set_level(logging.DEBUG)
    device = await start_device("nerdqaxe-1.0.37", otp_secret=OTP_SECRET)
    entry = await add(device)
    code = device.current_otp()
    assert code is not None
    await entry.runtime_data.async_unlock(code)
    await call(hass, entry, "frequency", "number.set_value", value=575)
    token = entry.runtime_data.client.otp.token()
    assert token
    text = caplog.text + json.dumps(dict(entry.data))
    assert token not in text
    assert code not in text


async def test_without_a_pool(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    hass_client: ClientSessionGenerator,
) -> None:
    """A miner that is set to no pool has diagnostics too."""
    device = await start_device("axeos-2.13")
    overridden(device)["stratumURL"] = ""
    entry = await add(device)
    found = await diagnostics(hass, hass_client, entry)
    assert found["status"]["active_pool"] is None
    assert found["status"]["power"] > 10
