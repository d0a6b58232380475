"""The family that answers at an address is told, or what is wrong there."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
import socket
from typing import Any
from unittest.mock import patch

import aiohttp
from aiohttp import web
import pytest

from custom_components.miner_controller.protocols import (
    cgminer as cgminer_module,
    detect as detect_module,
    http as http_module,
    nmminer as nmminer_module,
)
from custom_components.miner_controller.protocols.address import Address, parse_address
from custom_components.miner_controller.protocols.avalon import AvalonClient
from custom_components.miner_controller.protocols.axeos import AxeOSClient
from custom_components.miner_controller.protocols.cgminer_miner import CgminerClient
from custom_components.miner_controller.protocols.client import MinerClient
from custom_components.miner_controller.protocols.detect import (
    DEFAULT_PORTS,
    create_client,
    detect,
)
from custom_components.miner_controller.protocols.errors import (
    MinerAccessDeniedError,
    MinerAuthenticationError,
    MinerConnectionError,
    MinerError,
    MinerForeignError,
    MinerMismatchError,
    MinerProtocolError,
    MinerSilentError,
    MinerTimeoutError,
    MinerUnreachableError,
    MinerUnsupportedError,
)
from custom_components.miner_controller.protocols.model import MinerFamily
from custom_components.miner_controller.protocols.nerdqaxe import NerdQAxeClient
from custom_components.miner_controller.protocols.nmminer import NMMinerClient
from custom_components.miner_controller.protocols.nmminer_listener import (
    NMMinerListener,
)
from simulator.faults import Fault
from simulator.nmminer import NMMinerHttpDevice, NMMinerUdpDevice
from tests.devices import (
    CGMINER_PROFILES,
    NMMINER_HTTP_PROFILES,
    NMMINER_UDP_PROFILES,
    PROFILES,
    StartDevice,
)

from . import HOST, Serve
from .broadcasts import datagram, say
from .raw_miner import (
    ACCESS_DENIED,
    StartMiner,
    answering,
    hanging,
    reply,
    sending,
    until,
)

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


async def test_the_usual_ports(
    session: aiohttp.ClientSession,
) -> None:
    """An address without a port is asked at the port of each protocol."""
    asked: list[int] = []

    class Device:
        def __init__(self, *address: Any) -> None:
            asked.append(address[-1])

        async def get(self, path: str) -> None:
            raise MinerConnectionError(path)

        command = get

    with (
        patch.object(detect_module, "HttpDevice", Device),
        patch.object(detect_module, "CgminerDevice", Device),
        pytest.raises(MinerConnectionError),
    ):
        await detect(session, Address(host=HOST))
    assert asked == [80, 4028]
    assert set(DEFAULT_PORTS) == set(MinerFamily)
    assert {DEFAULT_PORTS[family] for family in MinerFamily} == {80, 4028}


async def test_nmminer_is_not_taken_for_a_bitaxe(
    serve: Serve, session: aiohttp.ClientSession
) -> None:
    """It answers under the same path, with nested objects."""

    async def handler(request: web.BaseRequest) -> web.Response:
        if request.path == "/probe":
            return web.Response(status=404)
        assert request.path == "/api/system/info"
        return web.json_response(NMMINER)

    client = await detect(session, at(await serve(handler)))
    assert type(client) is NMMinerClient
    assert client.identity.hostname == "nm-one"


@pytest.mark.parametrize("listened", [True, False])
@pytest.mark.parametrize("profile", NMMINER_HTTP_PROFILES)
async def test_each_nmminer_over_http_is_recognised(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    listener: NMMinerListener,
    profile: str,
    listened: bool,
) -> None:
    """At a port that is typed and at its usual one; nothing is written."""
    device = await start_device(profile)
    assert isinstance(device, NMMinerHttpDevice)
    with usual_ports(device.port, unused_port()) as address:
        for each in (address, at(device.port)):
            client = await detect(session, each, listener if listened else None)
            assert type(client) is NMMinerClient
            assert client.identity.hostname == device.hostname
            assert client.capabilities.locate
    assert all(method == "GET" for method, _ in device.requests)
    assert not listener.is_followed(HOST)


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize("profile", NMMINER_UDP_PROFILES)
async def test_each_nmminer_over_udp_is_recognised(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    listener: NMMinerListener,
    profile: str,
    early: bool,
) -> None:
    """By what it broadcast just now, or broadcasts next."""
    before = asyncio.all_tasks()
    device = await start_device(profile, status_target=(HOST, listener.port))
    assert isinstance(device, NMMinerUdpDevice)
    if early:
        device.announce()
        await until(lambda: listener.heard)
    with usual_ports(unused_port(), unused_port()):
        task = asyncio.create_task(detect(session, Address(host=device.host), listener))
        if not early:
            await until(lambda: listener.is_followed(device.host))
            device.announce()
        client = await task
    assert type(client) is NMMinerClient
    assert client.identity.firmware == f"v{device.firmware_name}"
    assert client.silence_limit == 30
    assert not client.capabilities.restart
    assert client.last_reply is listener.heard[device.host]
    assert not listener.is_followed(device.host)
    assert device.requests == []
    await until(lambda: asyncio.all_tasks() <= before)


async def test_nobody_broadcasts(
    session: aiohttp.ClientSession, listener: NMMinerListener
) -> None:
    """Silence tells less than anything that the other probes met."""
    with (
        patch.object(nmminer_module, "HEARING_TIME", 0.01),
        usual_ports(unused_port(), unused_port()) as address,
        pytest.raises(MinerUnreachableError),
    ):
        await detect(session, address, listener)
    with (
        patch.object(nmminer_module, "HEARING_TIME", 0.01),
        pytest.raises(MinerUnreachableError, match="Nothing broadcasts"),
    ):
        await detect_module._probe_nmminer(session, HOST, listener)
    assert not listener.is_followed(HOST)


async def test_a_typed_port_is_not_listened_for(
    session: aiohttp.ClientSession, listener: NMMinerListener
) -> None:
    """A miner that only broadcasts has none."""
    say(datagram(), listener.port)
    await until(lambda: listener.heard)
    with pytest.raises(MinerUnreachableError):
        await detect(session, at(unused_port()), listener)


async def test_cancelling_ends_listening(
    session: aiohttp.ClientSession, listener: NMMinerListener
) -> None:
    """Nothing is left behind when the user gives up."""
    before = asyncio.all_tasks()
    with usual_ports(unused_port(), unused_port()) as address:
        task = asyncio.create_task(detect(session, address, listener))
        await until(lambda: listener.is_followed(HOST))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert not listener.is_followed(HOST)
    await until(lambda: asyncio.all_tasks() <= before)


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
    [
        (MinerFamily.AXEOS, AxeOSClient),
        (MinerFamily.NERDQAXE, NerdQAxeClient),
        (MinerFamily.AVALON, AvalonClient),
        (MinerFamily.CGMINER, CgminerClient),
        (MinerFamily.NMMINER, NMMinerClient),
    ],
)
async def test_a_known_family_needs_no_probe(
    session: aiohttp.ClientSession,
    family: MinerFamily,
    client_class: type[MinerClient],
) -> None:
    """A client is made without a request."""
    assert type(create_client(family, session, HOST, 1)) is client_class


def unused_port() -> int:
    """Return a port at which nobody listens."""
    with socket.socket() as unused:
        unused.bind((HOST, 0))
        return int(unused.getsockname()[1])


@contextmanager
def usual_ports(http: int, cgminer: int) -> Iterator[Address]:
    """Let the ports of the protocols be others, and return an address without one."""
    [(probe_http, _), (probe_cgminer, _)] = detect_module._PROBES
    probes = ((probe_http, http), (probe_cgminer, cgminer))
    with patch.object(detect_module, "_PROBES", probes):
        yield Address(host=HOST)


@pytest.mark.parametrize("typed", [True, False])
@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_each_miner_of_the_cgminer_api_is_recognised(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    profile: str,
    typed: bool,
) -> None:
    """An Avalon has a client of its own; nothing is written and left open."""
    device = await start_device(profile)
    before = asyncio.all_tasks()
    with usual_ports(unused_port(), device.port) as address:
        client = await detect(session, at(device.port) if typed else address)
    avalon = profile.startswith("avalon")
    assert type(client) is (AvalonClient if avalon else CgminerClient)
    assert client.identity.family.value == device.family
    told = {name for name, _ in device.requests}
    assert told <= {
        "version",
        "summary+estats+pools",
        "summary+devs+pools",
        "ascset",
        "privileged",
        "check",
        # What a probe over HTTP looks like to a miner.
        *(name for name in told if name.startswith("GET ")),
    }
    assert {rest for name, rest in device.requests if name == "ascset"} <= {"0,help"}
    await until(lambda: device.open_connections == 0)
    assert device.most_open_connections == 1
    await until(lambda: asyncio.all_tasks() <= before)


@pytest.mark.parametrize("profile", ["axeos-2.12", "nerdqaxe-1.0.37"])
async def test_a_miner_over_http_at_the_usual_port(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    start_miner: StartMiner,
    profile: str,
) -> None:
    """A miner that hangs at the other port is left at once."""
    device = await start_device(profile)
    hung = await start_miner(hanging())
    with usual_ports(device.port, hung.port) as address:
        client = await detect(session, address)
    assert client.identity.mac == device.mac.lower()
    if hung.requests:
        await hung.until_left()


async def test_a_slow_page_does_not_delay_an_avalon(
    start_device: StartDevice, serve: Serve, session: aiohttp.ClientSession
) -> None:
    """The answer at its own port is enough, and the page is left."""
    asked, gone = asyncio.Event(), asyncio.Event()

    async def handler(request: web.BaseRequest) -> web.Response:
        asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            gone.set()
        return web.Response()

    device = await start_device("avalon-nano3s")
    before = asyncio.all_tasks()
    port = await serve(handler)
    real = detect_module._PROBES[1][0]

    async def after_the_page(*arguments: Any) -> MinerClient:
        await asked.wait()
        return await real(*arguments)

    with (
        usual_ports(port, device.port) as address,
        patch.object(
            detect_module,
            "_PROBES",
            (detect_module._PROBES[0], (after_the_page, device.port)),
        ),
    ):
        client = await detect(session, address)
    assert isinstance(client, AvalonClient)
    async with asyncio.timeout(20):
        await gone.wait()
    await until(
        lambda: not {t for t in asyncio.all_tasks() - before if "probe" in str(t)}
    )


@pytest.mark.parametrize(
    ("page", "answer", "error"),
    [
        # Canaan's own page next to a miner that lets nobody in.
        (404, ACCESS_DENIED, MinerAccessDeniedError),
        (404, reply(VERSION=[]), MinerProtocolError),
        (302, reply("E", 14, "Invalid command"), MinerUnsupportedError),
        (None, ACCESS_DENIED, MinerAccessDeniedError),
        # That there is no such page says less than any answer of a miner.
        (404, None, MinerSilentError),
        # Something else than a miner is there.
        (None, b"SSH-2.0-OpenSSH_9.9\r\n", MinerForeignError),
    ],
)
async def test_of_both_ports_the_most_telling_error_wins(
    serve: Serve,
    start_miner: StartMiner,
    session: aiohttp.ClientSession,
    page: int | None,
    answer: object,
    error: type[MinerError],
) -> None:
    """That something else is at one port says nothing about the other."""

    async def handler(request: web.BaseRequest) -> web.Response:
        return web.Response(status=page or 500)

    miner = await start_miner(answering({"version": answer}))
    port = unused_port() if page is None else await serve(handler)
    with (
        usual_ports(port, miner.port) as address,
        pytest.raises(error) as caught,
    ):
        await detect(session, address)
    assert type(caught.value) is error
    await miner.until_left()


async def test_nobody_at_either_port(session: aiohttp.ClientSession) -> None:
    """Both probes end, and what they met is told."""
    before = asyncio.all_tasks()
    with (
        usual_ports(unused_port(), unused_port()) as address,
        pytest.raises(MinerUnreachableError),
    ):
        await detect(session, address)
    assert asyncio.all_tasks() <= before


async def test_a_typed_port_that_hangs_is_asked_once(
    start_miner: StartMiner, session: aiohttp.ClientSession
) -> None:
    """Nothing else would get an answer there."""
    miner = await start_miner(hanging())
    with (
        patch.object(cgminer_module, "TIME_LIMIT", 0.05),
        patch.object(http_module, "TIME_LIMIT", 0.05),
        pytest.raises(MinerTimeoutError),
    ):
        await detect(session, at(miner.port))
    assert len(miner.requests) == 1
    await miner.until_left()


async def test_the_usual_port_of_a_protocol_is_asked_that_first(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """A miner at its usual port never hears of HTTP, even if it is typed."""
    device = await start_device("avalon-nano3s")
    with usual_ports(unused_port(), device.port):
        await detect(session, at(device.port))
    assert device.requests[0] == ("version", "")
    assert not [name for name, _ in device.requests if name.startswith("GET ")]


async def test_something_else_at_a_typed_port(
    start_miner: StartMiner, session: aiohttp.ClientSession
) -> None:
    """Neither protocol is spoken there."""
    miner = await start_miner(sending(b"220 mail.example ESMTP\r\n"))
    with pytest.raises(MinerError) as caught:
        await detect(session, at(miner.port))
    assert isinstance(caught.value, MinerProtocolError | MinerConnectionError)
    assert len(miner.requests) == 2
    await miner.until_left()


async def test_an_unknown_avalon_is_a_cgminer_miner(
    start_miner: StartMiner, session: aiohttp.ClientSession
) -> None:
    """An older model is known by its API alone."""
    row = {"CGMiner": "4.11.1", "PROD": "AvalonMiner 1246", "MODEL": "1246"}
    miner = await start_miner(
        answering(
            {
                "version": reply(VERSION=[row]),
                "summary": reply(SUMMARY=[{"Elapsed": 17, "MHS av": 90e6}]),
                "devs": reply(DEVS=[]),
                "pools": reply(POOLS=[]),
            }
        )
    )
    with usual_ports(unused_port(), miner.port) as address:
        client = await detect(session, address)
    assert type(client) is CgminerClient
    assert client.identity.model == "AvalonMiner 1246"
    assert (await client.fetch()).hashrate_since_start == 90e12


async def test_cancelling_ends_both_probes(
    start_miner: StartMiner, session: aiohttp.ClientSession
) -> None:
    """No connection stays open that would block the miner."""
    before = asyncio.all_tasks()
    miners = [await start_miner(hanging()) for _ in range(2)]
    with usual_ports(*(miner.port for miner in miners)) as address:
        task = asyncio.create_task(detect(session, address))
        await until(lambda: all(miner.requests for miner in miners))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    for miner in miners:
        await miner.until_left()
    await until(lambda: asyncio.all_tasks() <= before)


def test_a_mismatch_tells_as_much_as_nonsense() -> None:
    """Every kind of error has a rank."""
    kinds = [MinerMismatchError("x"), MinerProtocolError("x"), *ERRORS]
    ranks = [detect_module._tells(error) for error in kinds]
    assert ranks[0] == ranks[1]
    assert ranks[2:] == sorted(ranks[2:], reverse=True)
