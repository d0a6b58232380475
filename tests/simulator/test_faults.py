"""Each fault, as a client on a real socket meets it."""

import asyncio
from collections.abc import Callable
import json
from typing import Any

import aiohttp
import pytest

from simulator.axeos import AxeOSDevice
from simulator.clock import Clock
from simulator.device import SimulatedDevice
from simulator.faults import COMMON_FAULTS, Fault
from simulator.nerdqaxe import NerdQAxeDevice

type Serve = Callable[[SimulatedDevice], Any]

INFO = "/api/system/info"


@pytest.fixture(params=["axeos", "nerdqaxe"])
async def device(
    request: pytest.FixtureRequest,
    serve: Serve,
    bitaxe: Callable[..., AxeOSDevice],
    nerdqaxe: Callable[..., NerdQAxeDevice],
) -> SimulatedDevice:
    """Return one running device of each family."""
    made = bitaxe("2.12") if request.param == "axeos" else nerdqaxe("1.0.37")
    await serve(made)
    return made


async def healthy(http: aiohttp.ClientSession, device: SimulatedDevice) -> bool:
    """Tell whether the device answers as if nothing had ever been wrong."""
    reply = await http.get(device.url + INFO)
    return reply.status == 200 and await reply.json() == device.info()


async def asked(
    http: aiohttp.ClientSession, device: SimulatedDevice
) -> asyncio.Task[aiohttp.ClientResponse]:
    """Return a request that has reached the device.

    It is a POST, because the client would ask a second time after a GET that was
    dropped.
    """
    seen = len(device.requests)
    waiting = asyncio.create_task(http.post(device.url + INFO))
    # The list of requests has no event to wait for.
    while len(device.requests) == seen:  # noqa: ASYNC110
        await asyncio.sleep(0)
    return waiting


async def test_refuse_closes_the_socket_and_takes_it_back(
    http: aiohttp.ClientSession, device: SimulatedDevice
) -> None:
    """Nobody listens, then somebody does on the same port."""
    port = device.port
    assert await healthy(http, device)
    await device.set_fault(Fault.REFUSE)
    with pytest.raises(aiohttp.ClientConnectorError):
        await http.get(device.url + INFO)
    await device.set_fault(None)
    assert device.port == port
    assert await healthy(http, device)


async def test_hang_never_answers(
    http: aiohttp.ClientSession, device: SimulatedDevice
) -> None:
    """The request waits until the fault ends, which drops it."""
    await device.set_fault(Fault.HANG)
    waiting = await asked(http, device)
    assert not waiting.done()
    await device.set_fault(None)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await waiting
    assert await healthy(http, device)


async def test_stopping_ends_a_request_that_hangs(
    http: aiohttp.ClientSession, device: SimulatedDevice
) -> None:
    """No task is left behind."""
    await device.set_fault(Fault.HANG)
    waiting = await asked(http, device)
    await device.stop()
    with pytest.raises(aiohttp.ClientError):
        await waiting


async def test_slow_answers_in_the_end(
    http: aiohttp.ClientSession, device: SimulatedDevice
) -> None:
    """The delay is the caller's choice, and ending the fault ends the wait."""
    device.slow_seconds = 0.01
    await device.set_fault(Fault.SLOW)
    assert await healthy(http, device)
    device.slow_seconds = 3600
    waiting = await asked(http, device)
    await device.set_fault(None)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await waiting


async def test_cut_stops_in_the_middle(
    http: aiohttp.ClientSession, device: SimulatedDevice
) -> None:
    """The length promises more than there is."""
    await device.set_fault(Fault.CUT)
    reply = await http.get(device.url + INFO)
    assert reply.status == 200
    assert int(reply.headers["Content-Length"]) > 1000
    with pytest.raises(aiohttp.ClientPayloadError):
        await reply.read()
    with pytest.raises(aiohttp.ClientPayloadError):
        await (await http.patch(f"{device.url}/api/system", json={})).read()


async def test_garbage_is_no_json(
    http: aiohttp.ClientSession, device: SimulatedDevice
) -> None:
    """It says it is."""
    await device.set_fault(Fault.GARBAGE)
    reply = await http.get(device.url + INFO)
    assert (reply.status, reply.content_type) == (200, "application/json")
    body = await reply.read()
    with pytest.raises(UnicodeDecodeError):
        json.loads(body)


async def test_wrong_types_keep_the_keys_only(
    http: aiohttp.ClientSession, device: SimulatedDevice
) -> None:
    """Texts, lists, objects, null and absurd numbers stand for the values."""
    await device.set_fault(Fault.WRONG_TYPES)
    reply = json.loads(await (await http.get(device.url + INFO)).read())
    await device.set_fault(None)
    info = device.info()
    assert set(reply) == set(info)
    assert all(reply[name] != value for name, value in info.items())
    kinds = {type(value) for value in reply.values()}
    assert kinds >= {str, type(None), dict, list, float, int, bool}
    await device.set_fault(Fault.WRONG_TYPES)
    patched = await http.patch(f"{device.url}/api/system", json={})
    assert await patched.read() == b""


async def test_huge_is_more_than_anyone_wants(
    http: aiohttp.ClientSession, device: SimulatedDevice
) -> None:
    """Several MiB, without a length; hanging up on the way is fine."""
    await device.set_fault(Fault.HUGE)
    reply = await http.get(device.url + INFO)
    assert "Content-Length" not in reply.headers
    assert len(await reply.read()) > 4 * 1024 * 1024
    reply = await http.get(device.url + INFO)
    await reply.content.readexactly(1000)
    reply.close()
    await device.set_fault(None)
    assert await healthy(http, device)


@pytest.mark.parametrize(
    ("fault", "status", "text"),
    [
        (Fault.REDIRECT, 302, "302: Found"),
        (Fault.UNAUTHORIZED, 401, "Unauthorized"),
        (Fault.SERVER_ERROR, 500, "Internal Server Error"),
    ],
)
async def test_replies_that_refuse(
    http: aiohttp.ClientSession,
    device: SimulatedDevice,
    fault: Fault,
    status: int,
    text: str,
) -> None:
    """Every path and method gets the same."""
    await device.set_fault(fault)
    for method, path in (("GET", INFO), ("PATCH", "/api/system"), ("GET", "/")):
        reply = await http.request(method, device.url + path, allow_redirects=False)
        assert reply.status == status
        if fault is Fault.REDIRECT:
            assert reply.headers["Location"].startswith("http://elsewhere.invalid")
        else:
            assert await reply.text() == text
    await device.set_fault(None)
    assert await healthy(http, device)


async def test_a_device_may_start_refusing(
    serve: Serve, http: aiohttp.ClientSession
) -> None:
    """It has a port that nobody listens on yet, and may be stopped so."""
    device = NerdQAxeDevice(clock=Clock())
    await device.set_fault(Fault.REFUSE)
    await serve(device)
    assert device.port > 0
    with pytest.raises(aiohttp.ClientConnectorError):
        await http.get(device.url + INFO)


async def test_faults_of_another_protocol_are_refused(device: SimulatedDevice) -> None:
    """HTTP says where a reply ends, so nothing could go wrong there."""
    for fault in set(Fault) - COMMON_FAULTS:
        with pytest.raises(ValueError, match=fault):
            await device.set_fault(fault)
    assert device.fault is None


async def test_only_a_manual_clock_can_be_advanced() -> None:
    """Real time goes by itself."""
    with pytest.raises(TypeError):
        AxeOSDevice(clock=Clock()).advance(1)
