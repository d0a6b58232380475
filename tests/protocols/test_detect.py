"""The family that answers at an address is told, or what is wrong there."""

import asyncio
import socket
from typing import Any
from unittest.mock import patch

import aiohttp
from aiohttp import web
import pytest

from custom_components.miner_controller.protocols import (
    detect as detect_module,
    http as http_module,
)
from custom_components.miner_controller.protocols.address import Address, parse_address
from custom_components.miner_controller.protocols.axeos import AxeOSClient
from custom_components.miner_controller.protocols.client import MinerClient
from custom_components.miner_controller.protocols.detect import create_client, detect
from custom_components.miner_controller.protocols.errors import (
    MinerAuthenticationError,
    MinerConnectionError,
    MinerError,
    MinerForeignError,
    MinerProtocolError,
    MinerTimeoutError,
    MinerUnreachableError,
    MinerUnsupportedError,
)
from custom_components.miner_controller.protocols.model import MinerFamily
from custom_components.miner_controller.protocols.nerdqaxe import NerdQAxeClient
from simulator.faults import Fault
from tests.devices import PROFILES, StartDevice

from . import HOST, Serve

NMMINER: dict[str, Any] = {
    "identity": {"hwModel": "NMMiner", "hostName": "nm-one", "fwVersion": "v2.0.04"},
    "miner": {"hashRate": 0.001, "sAccepted": 12, "uptimeSeconds": 60},
    "stratum": {"url": "pool.example:3333", "user": "worker"},
}


def at(port: int) -> Address:
    """Return the address of a port of this machine."""
    return Address(host=HOST, port=port)


@pytest.mark.parametrize("profile", PROFILES)
async def test_each_firmware_is_recognised(
    start_device: StartDevice, session: aiohttp.ClientSession, profile: str
) -> None:
    """The client fits the family and knows who the miner is."""
    device = await start_device(profile)
    client = await detect(session, at(device.port))
    expected = NerdQAxeClient if profile.startswith("nerdqaxe") else AxeOSClient
    assert type(client) is expected
    assert client.identity.mac == device.mac.lower()
    assert client.identity.family.value == device.family
    assert client.identity.firmware == device.info()["version"]
    assert client.capabilities.work_modes
    assert all(method == "GET" for method, _ in device.requests)


async def test_a_pasted_url_is_detected(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """What a browser's address bar holds is enough."""
    device = await start_device("axeos-2.12")
    client = await detect(session, parse_address(f" {device.url}/#/settings?x=1 "))
    assert client.identity.mac == device.mac.lower()


async def test_the_usual_port_is_the_one_of_http(
    session: aiohttp.ClientSession,
) -> None:
    """An address without a port is asked at port 80."""
    asked: list[int] = []

    class Device:
        def __init__(self, _session: object, _host: str, port: int) -> None:
            asked.append(port)

        async def get(self, path: str) -> None:
            raise MinerConnectionError(path)

    with (
        patch.object(detect_module, "HttpDevice", Device),
        pytest.raises(MinerConnectionError),
    ):
        await detect(session, Address(host=HOST))
    assert asked == [80]


async def test_nmminer_is_not_taken_for_a_bitaxe(
    serve: Serve, session: aiohttp.ClientSession
) -> None:
    """It answers under the same path, with nested objects."""

    async def handler(request: web.BaseRequest) -> web.Response:
        assert request.path == "/api/system/info"
        return web.json_response(NMMINER)

    with pytest.raises(MinerUnsupportedError, match="NMMiner"):
        await detect(session, at(await serve(handler)))


@pytest.mark.parametrize(
    "reply",
    [
        web.json_response({}),
        web.json_response({"status": "ok", "version": "1", "hostname": "printer"}),
        web.json_response({"version": "1", "frequency": 50}),
        web.json_response([NMMINER]),
        web.json_response({"identity": {"name": "printer"}}),
        web.Response(text="<html>A printer</html>", content_type="text/html"),
        web.Response(status=204),
        web.Response(status=302, headers={"Location": "/login"}),
        web.Response(status=404),
        web.Response(status=500),
    ],
    ids=lambda reply: f"{reply.status}-{str(reply.text)[:20]}",
)
async def test_something_else_is_no_miner(
    serve: Serve, session: aiohttp.ClientSession, reply: web.Response
) -> None:
    """Any other device is told from a miner."""

    async def handler(request: web.BaseRequest) -> web.Response:
        return web.Response(
            body=reply.body, status=reply.status, content_type=reply.content_type
        )

    with pytest.raises(MinerProtocolError):
        await detect(session, at(await serve(handler)))


async def test_nobody_is_there(session: aiohttp.ClientSession) -> None:
    """A refused connection is told from a timeout."""
    with socket.socket() as unused:
        unused.bind((HOST, 0))
        port = unused.getsockname()[1]
        with pytest.raises(MinerConnectionError) as caught:
            await detect(session, at(port))
    assert not isinstance(caught.value, MinerTimeoutError)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.REFUSE, MinerUnreachableError),
        (Fault.CUT, MinerConnectionError),
        (Fault.HANG, MinerTimeoutError),
        (Fault.UNAUTHORIZED, MinerAuthenticationError),
        (Fault.GARBAGE, MinerProtocolError),
        (Fault.HUGE, MinerProtocolError),
        (Fault.REDIRECT, MinerProtocolError),
        (Fault.SERVER_ERROR, MinerProtocolError),
    ],
)
async def test_a_miner_that_misbehaves_is_an_error(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    fault: Fault,
    error: type[MinerError],
) -> None:
    """The error says what happened."""
    device = await start_device("axeos-2.12")
    await device.set_fault(fault)
    limit = 0.05 if fault is Fault.HANG else http_module.TIME_LIMIT
    with (
        patch.object(http_module, "TIME_LIMIT", limit),
        pytest.raises(error) as caught,
    ):
        await detect(session, at(device.port))
    assert type(caught.value) is error


ERRORS = (
    MinerUnsupportedError("unsupported"),
    MinerAuthenticationError("authentication"),
    MinerProtocolError("protocol"),
    MinerTimeoutError("timeout"),
    MinerConnectionError("connection"),
    MinerForeignError("foreign"),
)


@pytest.mark.parametrize("place", range(len(ERRORS) - 1))
async def test_the_most_telling_error_wins(
    session: aiohttp.ClientSession, place: int
) -> None:
    """Of all that the probes met, the one that tells most is raised."""

    def failing(error: MinerError) -> detect_module.Probe:
        async def probe(*args: object) -> MinerClient:
            raise error

        return probe

    probes = tuple((failing(error), 1) for error in reversed(ERRORS[place:]))
    with (
        patch.object(detect_module, "_PROBES", probes),
        pytest.raises(type(ERRORS[place])) as caught,
    ):
        await detect(session, Address(host=HOST))
    assert caught.value is ERRORS[place]


async def test_one_probe_that_finds_a_miner_is_enough(
    session: aiohttp.ClientSession,
) -> None:
    """What the other probes met does not matter then."""
    found = AxeOSClient(session, HOST, 1)

    async def finding(*args: object) -> MinerClient:
        return found

    async def failing(*args: object) -> MinerClient:
        raise MinerUnsupportedError("NMMiner")

    with patch.object(detect_module, "_PROBES", ((failing, 1), (finding, 1))):
        assert await detect(session, at(1)) is found
        assert await detect(session, Address(host=HOST)) is found


async def test_a_mistake_of_ours_is_not_hidden(session: aiohttp.ClientSession) -> None:
    """An error that is none of the named ones is raised as it is."""

    async def broken(*args: object) -> MinerClient:
        raise LookupError("mistake")

    with (
        patch.object(detect_module, "_PROBES", ((broken, 1),)),
        pytest.raises(LookupError, match="mistake"),
    ):
        await detect(session, at(1))


async def test_cancelling_ends_the_probes(
    serve: Serve, session: aiohttp.ClientSession
) -> None:
    """Nobody waits for an answer any more when the user gives up."""
    asked = asyncio.Event()
    gone = asyncio.Event()

    async def handler(request: web.BaseRequest) -> web.Response:
        asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            gone.set()
        return web.Response()

    task = asyncio.create_task(detect(session, at(await serve(handler))))
    await asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(20):
        await gone.wait()


@pytest.mark.parametrize(
    ("family", "client_class"),
    [(MinerFamily.AXEOS, AxeOSClient), (MinerFamily.NERDQAXE, NerdQAxeClient)],
)
async def test_a_known_family_needs_no_probe(
    session: aiohttp.ClientSession,
    family: MinerFamily,
    client_class: type[MinerClient],
) -> None:
    """A client is made without a request."""
    assert type(create_client(family, session, HOST, 1)) is client_class
