"""A scan finds each miner, with few connections, and nothing else stops it."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from ipaddress import IPv4Address
import json
import socket
from typing import Any
from unittest.mock import patch

import aiohttp
from aiohttp import web
import pytest

from custom_components.miner_controller.protocols import scan as scan_module
from custom_components.miner_controller.protocols.cgminer import (
    SIZE_LIMIT as CGMINER_SIZE_LIMIT,
    CgminerDevice,
)
from custom_components.miner_controller.protocols.detect import create_client
from custom_components.miner_controller.protocols.errors import (
    MinerError,
    MinerProtocolError,
    MinerTimeoutError,
)
from custom_components.miner_controller.protocols.http import SIZE_LIMIT
from custom_components.miner_controller.protocols.model import (
    MinerFamily,
    MinerIdentity,
)
from custom_components.miner_controller.protocols.scan import (
    WORKERS,
    Sighting,
    scan,
)
from simulator.faults import Fault
from tests.devices import (
    AVALON_PROFILES,
    CGMINER_PROFILES,
    NMMINER_HTTP_PROFILES,
    PROFILES,
    StartDevice,
)

from . import HOST, Serve
from .raw_miner import (
    ACCESS_DENIED,
    INVALID_COMMAND,
    Script,
    StartMiner,
    answering,
    hanging,
    reply,
    sending,
    until,
)

INFO = {
    "ASICModel": "BM1370",
    "boardVersion": "601",
    "coreVoltage": 1150,
    "frequency": 525,
    "hashRate": 1000,
    "macAddr": "02:00:00:00:00:01",
    "stratumURL": "pool.example",
    "version": "v2.12.0",
}
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\n<p>hi"
VERSION = reply(VERSION=[{"CGMiner": "4.11.1", "API": "3.7", "Type": "Antminer S9"}])
NANO = reply(
    VERSION=[{"PROD": "Avalonnano", "MODEL": "nano3", "VERSION": "25103101_0736b2e"}]
)


def http_reply(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """Return a whole reply of a web server."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def unused_port() -> int:
    """Return a port at which nobody listens."""
    with socket.socket() as unused:
        unused.bind((HOST, 0))
        return int(unused.getsockname()[1])


async def scan_here(
    session: aiohttp.ClientSession,
    *,
    http: int | None = None,
    cgminer: int | None = None,
) -> list[Sighting]:
    """Scan this machine, where nobody listens at a port that is not given."""
    return await scan(
        session,
        [IPv4Address(HOST)],
        http_port=http or unused_port(),
        cgminer_port=cgminer or unused_port(),
    )


@contextmanager
def short_limits(answer: float = 0.05, connect: float = 10.0) -> Iterator[None]:
    """Let a scan wait no longer than a test should."""
    with ExitStack() as stack:
        for name, limit in (("ANSWER_LIMIT", answer), ("CONNECT_LIMIT", connect)):
            stack.enter_context(patch.object(scan_module, name, limit))
        yield


def kept_connections(session: aiohttp.ClientSession) -> int:
    """Return how many connections a session uses or keeps."""
    connector = session.connector
    assert isinstance(connector, aiohttp.TCPConnector)
    kept = sum(len(connections) for connections in connector._conns.values())
    return kept + len(connector._acquired)


@pytest.mark.parametrize("profile", [*PROFILES, *NMMINER_HTTP_PROFILES])
async def test_each_miner_over_http_is_met(
    start_device: StartDevice, session: aiohttp.ClientSession, profile: str
) -> None:
    """One request tells as much as all that a client asks."""
    device = await start_device(profile)
    [sighting] = await scan_here(session, http=device.port)
    assert device.requests == [("GET", "/api/system/info")]
    assert kept_connections(session) == 0
    assert (sighting.host, sighting.port) == (HOST, device.port)
    family = MinerFamily(device.family)
    identity = await create_client(family, session, HOST, device.port).identify()
    assert bool(identity.ids) is (family is not MinerFamily.NMMINER)
    assert sighting.identity.ids == identity.ids
    # What a board is may take another request, and tells no miner from another.
    assert replace(sighting.identity, hardware=None) == replace(identity, hardware=None)


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_each_miner_of_the_cgminer_api_is_met(
    start_device: StartDevice, session: aiohttp.ClientSession, profile: str
) -> None:
    """One connection tells as much as all that a client asks."""
    device = await start_device(profile)
    [sighting] = await scan_here(session, cgminer=device.port)
    assert device.requests == [("version+estats", "")]
    assert device.connections == 1
    await until(lambda: device.open_connections == 0)
    assert (sighting.host, sighting.port) == (HOST, device.port)
    family = MinerFamily(device.family)
    identity = await create_client(family, session, HOST, device.port).identify()
    assert bool(identity.ids) is (profile in AVALON_PROFILES)
    assert sighting.identity == identity


async def test_joined_replies_as_objects(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """The author of cgminer shows them so."""
    device = await start_device("cgminer-4.11", joined_as_list=False)
    [sighting] = await scan_here(session, cgminer=device.port)
    assert sighting.identity.family is MinerFamily.CGMINER
    assert device.connections == 1


@pytest.mark.parametrize(
    "joined",
    [
        INVALID_COMMAND,
        ACCESS_DENIED,
        VERSION,
        None,
        b"STATUS=E,Code=14|\0",
        {"estats": [reply(STATS=[{}])], "id": 1},
        {"version": [INVALID_COMMAND], "id": 1},
        {"version": [reply(VERSION=[])], "id": 1},
    ],
    ids=lambda joined: str(joined)[:40],
)
@pytest.mark.parametrize(
    ("version", "family", "model"),
    [
        (VERSION, MinerFamily.CGMINER, "Antminer S9"),
        (NANO, MinerFamily.AVALON, "Avalon Nano 3"),
    ],
)
async def test_a_miner_that_does_not_know_joined_commands(
    start_miner: StartMiner,
    session: aiohttp.ClientSession,
    joined: object,
    version: object,
    family: MinerFamily,
    model: str,
) -> None:
    """It is asked once more, for its version alone."""
    answers = {"version+estats": joined, "version": version}
    miner = await start_miner(answering(answers))
    [sighting] = await scan_here(session, cgminer=miner.port)
    assert miner.commands == ["version+estats", "version"]
    assert (sighting.identity.family, sighting.identity.model) == (family, model)


async def test_an_avalon_without_fields_is_met_all_the_same(
    start_miner: StartMiner, session: aiohttp.ClientSession
) -> None:
    """What its other report would have told is not known then."""
    joined = {"version": [NANO], "estats": [INVALID_COMMAND], "id": 1}
    miner = await start_miner(answering({"version+estats": joined}))
    [sighting] = await scan_here(session, cgminer=miner.port)
    assert miner.commands == ["version+estats"]
    assert sighting.identity.model == "Avalon Nano 3"
    assert not sighting.identity.ids


NO_MINERS: dict[str, Script] = {
    "closes": sending(),
    "garbage": sending(b"\x1f\x8b\0<<not at all>>\xff\xfe{\0"),
    "greeting": sending(b"SSH-2.0-OpenSSH_9.9\r\n"),
    "page": sending(PAGE),
    "cut page": sending(PAGE[:-2]),
    "cut header": sending(PAGE[:20]),
    "not JSON": sending(http_reply(b"{")),
    "list": sending(http_reply(json.dumps([INFO]).encode())),
    "printer": sending(http_reply(b'{"version":"1","hostname":"printer"}')),
    "deep": sending(http_reply(b"[" * 200_000)),
    "missing": sending(http_reply(b"", "404 Not Found")),
    "denied": sending(http_reply(b"Unauthorized", "401 Unauthorized")),
    "failing": sending(http_reply(json.dumps(INFO).encode(), "500 Error")),
    "zipped": sending(http_reply(b"no gzip", "200 OK", "Content-Encoding: gzip")),
    "long header": sending(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 2**17),
    "huge": sending(http_reply(b"0" * (SIZE_LIMIT + 1))),
    "endless": sending(b'{"a":"' + b"0" * (CGMINER_SIZE_LIMIT + 1)),
    "number": sending(b"1\0"),
    "no status": sending(b'{"VERSION":[{"CGMiner":"4.11.1"}]}\0'),
    "no version": sending(json.dumps(reply(VERSION=[])).encode()),
    "lets nobody in": sending(json.dumps(ACCESS_DENIED).encode()),
}


@pytest.mark.parametrize("name", NO_MINERS)
async def test_what_is_no_miner(
    start_miner: StartMiner, session: aiohttp.ClientSession, name: str
) -> None:
    """Anything may be at either port, and it is bothered three times at most."""
    script = NO_MINERS[name]
    page, api = await start_miner(script), await start_miner(script)
    assert not await scan_here(session, http=page.port, cgminer=api.port)
    assert len(page.requests) == 1
    assert page.requests[0].startswith(b"GET /api/system/info HTTP/1.1\r\n")
    assert b"\r\nConnection: close\r\n" in page.requests[0]
    assert api.commands == ["version+estats", "version"]
    assert kept_connections(session) == 0


async def test_a_device_that_resets_is_asked_once_over_http(
    start_miner: StartMiner, session: aiohttp.ClientSession
) -> None:
    """The HTTP client would repeat a GET by itself."""

    async def script(
        request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.transport.abort()

    page, api = await start_miner(script), await start_miner(script)
    assert not await scan_here(session, http=page.port, cgminer=api.port)
    assert len(page.requests) == 1
    assert len(api.requests) == 2


async def test_nobody_is_there(session: aiohttp.ClientSession) -> None:
    """Both connections are refused."""
    assert not await scan_here(session)


async def test_no_connection_comes_about(session: aiohttp.ClientSession) -> None:
    """That nobody answers at all shows sooner than the limit of an answer."""
    given_up: list[int] = []

    async def connect(_: socket.socket, address: tuple[str, int]) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            given_up.append(address[1])

    with (
        short_limits(answer=3600, connect=0.01),
        patch.object(asyncio.get_running_loop(), "sock_connect", connect),
    ):
        addresses = [IPv4Address(HOST)]
        assert not await scan(session, addresses, http_port=1, cgminer_port=2)
    assert sorted(given_up) == [1, 2]


async def test_a_tarpit(
    start_miner: StartMiner, session: aiohttp.ClientSession
) -> None:
    """Whoever takes a connection and says nothing gets no second one."""
    page, api = await start_miner(hanging()), await start_miner(hanging())
    with short_limits():
        assert not await scan_here(session, http=page.port, cgminer=api.port)
    await page.until_left()
    await api.until_left()
    assert (len(page.requests), len(api.requests)) == (1, 1)


async def test_a_tarpit_that_says_a_little(
    start_miner: StartMiner, session: aiohttp.ClientSession
) -> None:
    """A reply that never ends is none."""
    page = await start_miner(hanging(PAGE[:-1]))
    api = await start_miner(hanging(b'{"STATUS":'))
    with short_limits():
        assert not await scan_here(session, http=page.port, cgminer=api.port)
    await page.until_left()
    await api.until_left()
    assert (len(page.requests), len(api.requests)) == (1, 1)


@pytest.mark.parametrize("profile", ["axeos-2.12", "avalon-nano3s"])
async def test_silence_at_the_other_port_hides_no_miner(
    start_device: StartDevice,
    start_miner: StartMiner,
    session: aiohttp.ClientSession,
    profile: str,
) -> None:
    """The miner is met where it answers."""

    async def silent(*_: object) -> None:
        await until(lambda: device.requests)

    device = await start_device(profile)
    tarpit = await start_miner(silent)
    http, cgminer = device.port, tarpit.port
    if profile == "avalon-nano3s":
        http, cgminer = cgminer, http
    [sighting] = await scan_here(session, http=http, cgminer=cgminer)
    assert sighting.port == device.port


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_no_redirect_is_followed(
    serve: Serve, session: aiohttp.ClientSession, status: int
) -> None:
    """A host cannot send the scan elsewhere."""
    asked: list[str] = []

    async def handler(request: web.BaseRequest) -> web.Response:
        asked.append(request.path)
        if request.path == "/elsewhere":
            return web.json_response(INFO)
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    assert not await scan_here(session, http=await serve(handler))
    assert asked == ["/api/system/info"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault.REFUSE,
        Fault.CUT,
        Fault.GARBAGE,
        Fault.HUGE,
        Fault.REDIRECT,
        Fault.UNAUTHORIZED,
        Fault.SERVER_ERROR,
    ],
)
async def test_a_miner_that_misbehaves_is_not_met(
    start_device: StartDevice, session: aiohttp.ClientSession, fault: Fault
) -> None:
    """A later scan may meet it."""
    device = await start_device("axeos-2.12")
    await device.set_fault(fault)
    assert not await scan_here(session, http=device.port)
    assert len(device.requests) <= 1
    await device.set_fault(None)
    assert await scan_here(session, http=device.port)


async def test_of_two_miners_at_one_host_the_cgminer_api_counts(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """One host is one miner."""
    bitaxe = await start_device("axeos-2.12")
    avalon = await start_device("avalon-q")
    [sighting] = await scan_here(session, http=bitaxe.port, cgminer=avalon.port)
    assert sighting.port == avalon.port
    assert sighting.identity.family is MinerFamily.AVALON


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError(),
        MinerError(),
        MinerProtocolError(),
        MinerTimeoutError(),
        OSError(24, "Too many open files"),
        TimeoutError(),
        aiohttp.ClientError(),
        aiohttp.ClientPayloadError(),
        aiohttp.InvalidURL("x"),
        aiohttp.ServerDisconnectedError(),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_an_error_at_one_port_does_not_matter_at_the_other(
    start_device: StartDevice, session: aiohttp.ClientSession, error: Exception
) -> None:
    """Whatever the network does is no more than the lack of a miner."""

    async def failing(*_: object) -> MinerIdentity:
        raise error

    device = await start_device("avalon-nano3")
    with patch.object(scan_module, "_ask_http", failing):
        assert await scan_here(session, cgminer=device.port)
        with patch.object(scan_module, "_ask_cgminer", failing):
            assert not await scan_here(session)


async def test_a_scan_waits_for_whoever_speaks_to_the_miner(
    start_miner: StartMiner, session: aiohttp.ClientSession
) -> None:
    """A miner serves one connection at a time."""
    asked, answer = asyncio.Event(), asyncio.Event()
    version = answering(
        {"summary": reply(), "version+estats": {"version": [VERSION], "id": 1}}
    )

    async def script(request: bytes, *streams: Any) -> None:
        asked.set()
        await answer.wait()
        await version(request, *streams)

    miner = await start_miner(script)
    poll = asyncio.create_task(CgminerDevice(HOST, miner.port).command("summary"))
    await asked.wait()
    page = await start_miner(sending(PAGE))
    looking = asyncio.create_task(
        scan_here(session, http=page.port, cgminer=miner.port)
    )
    # The scan is done with the other port by then, and waits at this one.
    await page.until_left()
    answer.set()
    assert await looking
    await poll
    assert miner.commands == ["summary", "version+estats"]
    assert miner.most_open == 1


async def test_cancelling_closes_everything(
    start_miner: StartMiner, session: aiohttp.ClientSession
) -> None:
    """Nobody is waited for any more when the user gives up."""
    page, api = await start_miner(hanging()), await start_miner(hanging())
    before = asyncio.all_tasks()
    task = asyncio.create_task(scan_here(session, http=page.port, cgminer=api.port))
    await until(lambda: page.requests and api.requests)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await page.until_left()
    await api.until_left()
    assert kept_connections(session) == 0
    assert not {found for found in asyncio.all_tasks() - before if "scan" in str(found)}


IDENTITY = MinerIdentity(family=MinerFamily.AXEOS, manufacturer=None, model="x")
NETWORK = [IPv4Address("192.168.7.0") + host for host in range(1, 255)]


class Hosts:
    """Stands in for looking at one host, and answers when it is told to."""

    def __init__(self) -> None:
        """Start without a caller."""
        self.at_once = 0
        self.most_at_once = 0
        self.asked: list[str] = []
        self.go_on = asyncio.Event()

    async def look_at(
        self, session: object, host: str, http_port: int, cgminer_port: int
    ) -> None:
        """Wait until hosts answer, and return that there is no miner."""
        self.asked.append(host)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.go_on.wait()
        finally:
            self.at_once -= 1


@pytest.fixture
def hosts() -> Iterator[Hosts]:
    """Let no host be asked in truth."""
    hosts = Hosts()
    with patch.object(scan_module, "_look_at", hosts.look_at):
        yield hosts


async def test_no_more_hosts_at_once_than_allowed(
    hosts: Hosts, session: aiohttp.ClientSession
) -> None:
    """There are no more tasks either, and each host has its turn once."""
    before = len(asyncio.all_tasks())
    task = asyncio.create_task(scan(session, NETWORK))
    await until(lambda: hosts.at_once == WORKERS)
    assert len(asyncio.all_tasks()) - before == 1 + WORKERS
    assert len(hosts.asked) == WORKERS
    hosts.go_on.set()
    await task
    assert hosts.most_at_once == WORKERS
    assert sorted(hosts.asked) == sorted(map(str, NETWORK))


async def test_progress_reaches_the_end(
    hosts: Hosts, session: aiohttp.ClientSession
) -> None:
    """Each host that is done is told, an address that comes twice once."""
    told: list[tuple[int, int]] = []
    hosts.go_on.set()
    await scan(
        session,
        [*NETWORK, *NETWORK[:9]],
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(done, 254) for done in range(1, 255)]
    assert len(hosts.asked) == 254


async def test_sightings_are_in_the_order_of_their_addresses(
    session: aiohttp.ClientSession,
) -> None:
    """That is neither the order of their names nor that of their answers."""
    names = [f"192.168.7.{host}" for host in (9, 10, 11, 100)]
    answered: list[str] = []

    async def look_at(
        session: object, host: str, http_port: int, cgminer_port: int
    ) -> Sighting:
        await until(lambda: len(answered) == len(names) - 1 - names.index(host))
        answered.append(host)
        return Sighting(host=host, port=http_port, identity=IDENTITY)

    addresses = [IPv4Address(name) for name in (names[2], *names)]
    with patch.object(scan_module, "_look_at", look_at):
        found = await scan(session, addresses, http_port=8080)
    assert answered == names[::-1]
    assert found == [
        Sighting(host=name, port=8080, identity=IDENTITY) for name in names
    ]


async def test_cancelling_ends_all_workers(
    hosts: Hosts, session: aiohttp.ClientSession
) -> None:
    """No other host is asked then."""
    task = asyncio.create_task(scan(session, NETWORK))
    await until(lambda: hosts.at_once == WORKERS)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert hosts.at_once == 0
    assert len(hosts.asked) == WORKERS


async def test_nothing_to_scan(hosts: Hosts, session: aiohttp.ClientSession) -> None:
    """No address is no miner."""
    assert not await scan(session, [])


@pytest.mark.parametrize("address", ["8.8.8.8", "100.64.0.1", "169.254.0.1"])
async def test_a_public_address_is_refused(
    hosts: Hosts, session: aiohttp.ClientSession, address: str
) -> None:
    """Not even the private ones beside it are asked then."""
    with pytest.raises(ValueError, match="not private"):
        await scan(session, [NETWORK[0], IPv4Address(address)])
    assert not hosts.asked
