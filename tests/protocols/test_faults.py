"""Each way to misbehave ends in a named error, and the next poll works again."""

import asyncio
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import aiohttp
import pytest

from custom_components.miner_controller.protocols import (
    cgminer as cgminer_module,
    http as http_module,
)
from custom_components.miner_controller.protocols.avalon import AvalonClient
from custom_components.miner_controller.protocols.cgminer_miner import CgminerClient
from custom_components.miner_controller.protocols.errors import (
    MinerAccessDeniedError,
    MinerAuthenticationError,
    MinerConnectionError,
    MinerError,
    MinerForeignError,
    MinerProtocolError,
    MinerRefusedError,
    MinerSilentError,
    MinerTimeoutError,
    MinerUnreachableError,
    MinerUnsupportedError,
)
from simulator.faults import COMMON_FAULTS, Fault
from tests.devices import AVALON_PROFILES, CGMINER_PROFILES, StartDevice

from . import client_for
from .raw_miner import until
from .sanity import assert_sane

NEWEST = ("axeos-2.4", "axeos-2.15", "nerdqaxe-1.0.30", "nerdqaxe-1.1.0")

# What a poll of a miner that was seen before ends in, and a change of a setting.
ERRORS: dict[Fault, tuple[type[MinerError], type[MinerError]]] = {
    Fault.REFUSE: (MinerUnreachableError, MinerUnreachableError),
    Fault.HANG: (MinerTimeoutError, MinerTimeoutError),
    Fault.SLOW: (MinerTimeoutError, MinerTimeoutError),
    Fault.CUT: (MinerConnectionError, MinerConnectionError),
    Fault.GARBAGE: (MinerProtocolError, MinerProtocolError),
    Fault.HUGE: (MinerProtocolError, MinerProtocolError),
    Fault.REDIRECT: (MinerProtocolError, MinerUnsupportedError),
    Fault.UNAUTHORIZED: (MinerAuthenticationError, MinerAuthenticationError),
    Fault.SERVER_ERROR: (MinerProtocolError, MinerRefusedError),
}

# Faults that are over only when the client loses patience.
ENDLESS = {Fault.HANG, Fault.SLOW, Fault.LINGER}


# The same for miners of the cgminer API, of which both end alike.
CGMINER_ERRORS: dict[Fault, type[MinerError]] = {
    Fault.REFUSE: MinerUnreachableError,
    Fault.HANG: MinerTimeoutError,
    Fault.SLOW: MinerTimeoutError,
    Fault.LINGER: MinerTimeoutError,
    Fault.SILENT: MinerSilentError,
    Fault.CUT: MinerForeignError,
    Fault.GARBAGE: MinerForeignError,
    Fault.REDIRECT: MinerForeignError,
    Fault.TWICE: MinerForeignError,
    Fault.LEADING_ID: MinerForeignError,
    Fault.HUGE: MinerProtocolError,
    Fault.UNAUTHORIZED: MinerAccessDeniedError,
    Fault.SERVER_ERROR: MinerUnsupportedError,
}

# What is repaired, so that nobody notices.
HARMLESS = {
    Fault.PIECES,
    Fault.NULS,
    Fault.SPLIT_UTF8,
    Fault.CONTROL_CHARACTERS,
    Fault.STRAY_COMMAS,
    Fault.MISSING_COMMA,
    Fault.NOT_NUMBERS,
    Fault.DUPLICATE_KEYS,
}


def test_every_fault_is_tested() -> None:
    """Only wrong types need not end in an error."""
    assert {*ERRORS, Fault.WRONG_TYPES} == COMMON_FAULTS
    assert {*CGMINER_ERRORS, *HARMLESS, Fault.WRONG_TYPES} == set(Fault)


@pytest.mark.parametrize("fault", ERRORS)
@pytest.mark.parametrize("profile", NEWEST)
async def test_a_fault_is_a_named_error_and_passes(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    profile: str,
    fault: Fault,
) -> None:
    """No task and no connection is left behind, and identity stays what it was."""
    before = asyncio.all_tasks()
    device = await start_device(profile)
    device.slow_seconds = 60
    client = client_for(session, device)
    await client.fetch()
    identity, capabilities = client.identity, client.capabilities
    await device.set_fault(fault)
    limit = 0.1 if fault in ENDLESS else http_module.TIME_LIMIT
    poll_error, change_error = ERRORS[fault]
    with patch.object(http_module, "TIME_LIMIT", limit):
        with pytest.raises(poll_error) as caught:
            await client.fetch()
        assert type(caught.value) is poll_error
        assert str(caught.value)
        with pytest.raises(change_error) as caught:
            await client.set_frequency(500)
        assert type(caught.value) is change_error
    assert session.connector is not None
    assert not session.connector._acquired
    await device.set_fault(None)
    device.advance(5)
    status = await client.fetch()
    assert status.hashrate is not None
    assert status.hashrate > 0
    assert (client.identity, client.capabilities) == (identity, capabilities)
    assert (await client.set_frequency(525)).frequency == 525
    await session.close()
    await device.stop()
    assert [task for task in asyncio.all_tasks() - before if not task.done()] == []


@pytest.mark.parametrize("fault", ERRORS)
@pytest.mark.parametrize("profile", ["axeos-2.12", "nerdqaxe-1.0.37"])
async def test_a_fault_at_the_first_meeting(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    profile: str,
    fault: Fault,
) -> None:
    """A miner that misbehaves at first is identified once it behaves."""
    device = await start_device(profile)
    device.slow_seconds = 60
    client = client_for(session, device)
    await device.set_fault(fault)
    limit = 0.1 if fault in ENDLESS else http_module.TIME_LIMIT
    with (
        patch.object(http_module, "TIME_LIMIT", limit),
        pytest.raises(ERRORS[fault][0]),
    ):
        await client.identify()
    await device.set_fault(None)
    assert (await client.identify()).mac == device.mac.lower()
    assert client.capabilities.work_modes


@pytest.mark.parametrize("profile", NEWEST)
async def test_a_slow_miner_within_the_limit_is_fine(
    start_device: StartDevice, session: aiohttp.ClientSession, profile: str
) -> None:
    """Slowness alone is no error."""
    device = await start_device(profile)
    device.slow_seconds = 0.01
    await device.set_fault(Fault.SLOW)
    status = await client_for(session, device).fetch()
    assert status.frequency == device.settings.frequency


@pytest.mark.parametrize("profile", NEWEST)
async def test_wrong_types_make_no_false_numbers(
    start_device: StartDevice, session: aiohttp.ClientSession, profile: str
) -> None:
    """What is mistyped is not known, and the next poll knows it again."""
    device = await start_device(profile)
    client = client_for(session, device)
    good = await client.fetch()
    identity, capabilities = client.identity, client.capabilities
    await device.set_fault(Fault.WRONG_TYPES)
    try:
        status = await client.fetch()
    except MinerProtocolError as err:
        assert "chip" in str(err)  # noqa: PT017
    else:
        assert_sane(status)
        assert status != good
    await device.set_fault(None)
    assert await client.fetch() == good
    assert (client.identity, client.capabilities) == (identity, capabilities)


# One of them is enough where the model makes no difference; this one may be changed.
CGMINERS = ("avalon-nano3s", "cgminer-4.11:privileged")

type CgminerApiClient = AvalonClient | CgminerClient


def cgminer_client_for(session: aiohttp.ClientSession, device: Any) -> CgminerApiClient:
    """Return the client that fits a simulated miner of the cgminer API."""
    if device.family == "avalon":
        return AvalonClient(session, device.host, device.port)
    return CgminerClient(device.host, device.port)


def limit_for(fault: Fault) -> float:
    """Return a time limit that a test can wait for."""
    return 0.1 if fault in ENDLESS else cgminer_module.TIME_LIMIT


@pytest.mark.parametrize("fault", CGMINER_ERRORS)
@pytest.mark.parametrize("profile", CGMINERS)
async def test_a_fault_of_the_cgminer_api_is_a_named_error_and_passes(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    profile: str,
    fault: Fault,
) -> None:
    """No task and no connection is left behind, and identity stays what it was."""
    before = asyncio.all_tasks()
    device = await start_device(profile)
    device.slow_seconds = 60
    client = cgminer_client_for(session, device)
    await client.fetch()
    identity, capabilities = client.identity, client.capabilities
    await device.set_fault(fault)
    error = CGMINER_ERRORS[fault]
    with patch.object(cgminer_module, "TIME_LIMIT", limit_for(fault)):
        with pytest.raises(error) as caught:
            await client.fetch()
        assert type(caught.value) is error
        assert str(caught.value)
        with pytest.raises(error) as caught:
            await client.switch_pool(1)
        assert type(caught.value) is error
    await until(lambda: device.open_connections == 0)
    await device.set_fault(None)
    device.advance(5)
    status = await client.fetch()
    assert status.hashrate
    assert (client.identity, client.capabilities) == (identity, capabilities)
    assert (await client.switch_pool(2)).pool_slots[2].priority == 0
    await device.stop()
    await until(lambda: asyncio.all_tasks() <= before)


@pytest.mark.parametrize("fault", CGMINER_ERRORS)
@pytest.mark.parametrize("profile", CGMINERS)
async def test_a_fault_of_the_cgminer_api_at_the_first_meeting(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    profile: str,
    fault: Fault,
) -> None:
    """A miner that misbehaves at first is identified once it behaves."""
    device = await start_device(profile)
    device.slow_seconds = 60
    client = cgminer_client_for(session, device)
    await device.set_fault(fault)
    with (
        patch.object(cgminer_module, "TIME_LIMIT", limit_for(fault)),
        pytest.raises(CGMINER_ERRORS[fault]) as caught,
    ):
        await client.identify()
    assert type(caught.value) is CGMINER_ERRORS[fault]
    await device.set_fault(None)
    assert (await client.identify()).family.value == device.family
    assert client.capabilities.pool_slots == 3


@pytest.mark.parametrize("fault", HARMLESS)
@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_what_is_repaired_changes_nothing(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    profile: str,
    fault: Fault,
) -> None:
    """Identity and status are those of a miner that writes as it should."""
    device = await start_device(profile)
    client = cgminer_client_for(session, device)
    good = await client.fetch()
    identity, capabilities = client.identity, client.capabilities
    await device.set_fault(fault)
    again = cgminer_client_for(session, device)
    for one in (client, again):
        status = await one.fetch()
        if fault is Fault.NOT_NUMBERS and profile not in AVALON_PROFILES:
            # This one is among the numbers that are none.
            assert status.hashrate_since_start is None
            status = replace(status, hashrate_since_start=good.hashrate_since_start)
        assert status == good
        assert (one.identity, one.capabilities) == (identity, capabilities)


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_a_slow_miner_of_the_cgminer_api_is_fine(
    start_device: StartDevice, session: aiohttp.ClientSession, profile: str
) -> None:
    """Slowness alone is no error."""
    device = await start_device(profile)
    device.slow_seconds = 0.01
    await device.set_fault(Fault.SLOW)
    assert (await cgminer_client_for(session, device).fetch()).hashrate


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_wrong_types_of_the_cgminer_api_make_no_false_numbers(
    start_device: StartDevice, session: aiohttp.ClientSession, profile: str
) -> None:
    """What is mistyped is not known, and the next poll knows it again."""
    device = await start_device(profile)
    client = cgminer_client_for(session, device)
    good = await client.fetch()
    identity, capabilities = client.identity, client.capabilities
    await device.set_fault(Fault.WRONG_TYPES)
    try:
        status = await client.fetch()
    except MinerProtocolError as err:
        assert str(err)  # noqa: PT017
    else:
        assert_sane(status)
        assert status != good
    await device.set_fault(None)
    assert await client.fetch() == good
    assert (client.identity, client.capabilities) == (identity, capabilities)
