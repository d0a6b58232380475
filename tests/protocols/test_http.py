"""Requests to one device are bounded, one at a time, and leave nothing behind."""

import asyncio
import json
import socket
import traceback
from unittest.mock import patch

import aiohttp
from aiohttp import web
import pytest

from custom_components.miner_controller.protocols import http as http_module
from custom_components.miner_controller.protocols.errors import (
    MinerAuthenticationError,
    MinerConnectionError,
    MinerError,
    MinerProtocolError,
    MinerTimeoutError,
)
from custom_components.miner_controller.protocols.http import (
    SIZE_LIMIT,
    HttpDevice,
    HttpReply,
)
from tests.devices import StartDevice

from . import HOST, Handler, Serve, client_for

PATIENCE = 20


def open_connections(session: aiohttp.ClientSession) -> int:
    """Return how many connections a session uses or keeps."""
    connector = session.connector
    assert isinstance(connector, aiohttp.TCPConnector)
    kept = sum(len(connections) for connections in connector._conns.values())
    return kept + len(connector._acquired)


def answering(reply: web.Response) -> Handler:
    """Return a handler with one answer."""

    async def handler(request: web.BaseRequest) -> web.Response:
        return reply

    return handler


class Hang:
    """A handler that never answers and notices when the caller is gone."""

    def __init__(self) -> None:
        """Start without a caller."""
        self.asked = asyncio.Event()
        self.gone = asyncio.Event()

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Wait for nothing."""
        self.asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.gone.set()
        return web.Response()


async def test_a_reply_is_returned_whatever_its_status(
    serve: Serve, session: aiohttp.ClientSession
) -> None:
    """Status and body come as they were sent."""
    port = await serve(answering(web.Response(status=418, body=b"tea\xff")))
    reply = await HttpDevice(session, HOST, port).request("GET", "/")
    assert reply == HttpReply(status=418, body=b"tea\xff")
    assert not reply.ok


async def test_a_request_carries_what_it_should(
    serve: Serve, session: aiohttp.ClientSession
) -> None:
    """There is a body and the wanted headers, no origin and no compression."""
    seen: list[tuple[str, str, object, dict[str, str]]] = []

    async def handler(request: web.BaseRequest) -> web.Response:
        body = json.loads(await request.read())
        seen.append((request.method, request.path, body, dict(request.headers)))
        return web.Response()

    port = await serve(handler)
    device = HttpDevice(session, HOST, port, headers={"X-Device": "1"})
    await device.request("PATCH", "/api/x", json={"a": 1}, headers={"X-Request": "2"})
    [(method, path, body, headers)] = seen
    assert (method, path, body) == ("PATCH", "/api/x", {"a": 1})
    assert headers["X-Device"] == "1"
    assert headers["X-Request"] == "2"
    assert headers["Accept-Encoding"] == "identity"
    assert "Origin" not in headers
    assert "Referer" not in headers


async def test_an_answer_that_never_comes_is_a_timeout(
    serve: Serve, session: aiohttp.ClientSession
) -> None:
    """The connection is closed when the time is over."""
    hang = Hang()
    device = HttpDevice(session, HOST, await serve(hang))
    with (
        patch.object(http_module, "TIME_LIMIT", 0.05),
        pytest.raises(MinerTimeoutError),
    ):
        await device.request("GET", "/")
    async with asyncio.timeout(PATIENCE):
        await hang.gone.wait()
    assert open_connections(session) == 0


async def test_a_body_that_never_ends_is_a_timeout(
    serve: Serve, session: aiohttp.ClientSession
) -> None:
    """The time limit is for the whole answer, not only for its beginning."""
    gone = asyncio.Event()

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        reply = web.StreamResponse()
        await reply.prepare(request)
        await reply.write(b'{"a":')
        try:
            await asyncio.Event().wait()
        finally:
            gone.set()
        return reply

    device = HttpDevice(session, HOST, await serve(handler))
    with (
        patch.object(http_module, "TIME_LIMIT", 0.05),
        pytest.raises(MinerTimeoutError),
    ):
        await device.request("GET", "/")
    async with asyncio.timeout(PATIENCE):
        await gone.wait()
    assert open_connections(session) == 0


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("excess", "fits"), [(0, True), (1, False)])
async def test_a_reply_has_a_largest_size(
    serve: Serve,
    session: aiohttp.ClientSession,
    chunked: bool,
    excess: int,
    fits: bool,
) -> None:
    """The limit holds with a length in the header and without."""

    async def handler(request: web.BaseRequest) -> web.Response:
        reply = web.Response(body=b"x" * (SIZE_LIMIT + excess))
        if chunked:
            reply.enable_chunked_encoding()
        return reply

    device = HttpDevice(session, HOST, await serve(handler))
    if fits:
        assert len((await device.request("GET", "/")).body) == SIZE_LIMIT
        return
    with pytest.raises(MinerProtocolError, match="larger"):
        await device.request("GET", "/")
    connector = session.connector
    assert connector is not None
    assert not connector._acquired


async def test_a_length_that_is_too_large_is_not_waited_for(
    serve: Serve, session: aiohttp.ClientSession
) -> None:
    """The header is enough to hang up, before any of the body came."""
    gone = asyncio.Event()

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        reply = web.StreamResponse()
        reply.content_length = SIZE_LIMIT + 1
        await reply.prepare(request)
        try:
            await asyncio.Event().wait()
        finally:
            gone.set()
        return reply

    device = HttpDevice(session, HOST, await serve(handler))
    with pytest.raises(MinerProtocolError, match="larger"):
        await device.request("GET", "/")
    async with asyncio.timeout(PATIENCE):
        await gone.wait()
    assert open_connections(session) == 0


@pytest.mark.parametrize("status", [301, 302, 307])
async def test_no_redirect_is_followed(
    serve: Serve, session: aiohttp.ClientSession, status: int
) -> None:
    """A device is asked once, and what it points to is not asked at all."""
    asked: list[str] = []

    async def handler(request: web.BaseRequest) -> web.Response:
        asked.append(request.path)
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    device = HttpDevice(session, HOST, await serve(handler))
    assert (await device.request("GET", "/here")).status == status
    with pytest.raises(MinerProtocolError, match=str(status)):
        await device.get("/here")
    assert asked == ["/here", "/here"]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, MinerAuthenticationError),
        (403, MinerProtocolError),
        (404, MinerProtocolError),
        (500, MinerProtocolError),
    ],
)
async def test_json_needs_a_good_status(
    serve: Serve,
    session: aiohttp.ClientSession,
    status: int,
    error: type[MinerError],
) -> None:
    """Another status is an error even with a sound body."""
    port = await serve(answering(web.json_response({"a": 1}, status=status)))
    with pytest.raises(error):
        await HttpDevice(session, HOST, port).get("/")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"a": 1}', {"a": 1}),
        # A network name may hold any bytes, a number may be printed as nan.
        (b'{"ssid": "caf\xe9", "a": 1}', {"ssid": "caf\ufffd", "a": 1}),
        (b'{"a": Infinity, "b": 1}', {"a": None, "b": 1}),
        # Nothing could store half a pair.
        (b'{"name": "a\\ud83d"}', {"name": "a?"}),
        (b'{"name": "a\nb"}', {"name": "a\nb"}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
    ],
)
def test_json_is_read_tolerantly(body: bytes, expected: object) -> None:
    """What firmware is known to print wrong is read all the same."""
    assert HttpReply(status=200, body=body).json() == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"17",
        b'"text"',
        b"<html></html>",
        b'{"a": 1',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"a": ' + b"9" * 10_000 + b", nan}",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_a_body_that_is_no_object_is_a_protocol_error(body: bytes) -> None:
    """Neither garbage nor depth nor length raises anything else."""
    with pytest.raises(MinerProtocolError):
        HttpReply(status=200, body=body).json()


def test_nothing_listens_is_a_connection_error(socket_enabled: None) -> None:
    """A refused connection is no timeout."""

    async def ask() -> None:
        with socket.socket() as unused:
            unused.bind((HOST, 0))
            port = unused.getsockname()[1]
            async with aiohttp.ClientSession() as session:
                with pytest.raises(MinerConnectionError) as caught:
                    await HttpDevice(session, HOST, port).request("GET", "/")
        assert not isinstance(caught.value, MinerTimeoutError)

    asyncio.run(ask())


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 " + b"9" * 100 + b" OK\r\n\r\n",
    ],
    ids=["nothing", "nonsense", "cut", "chunk", "gzip", "status"],
)
async def test_broken_http_is_a_named_error(
    session: aiohttp.ClientSession, sent: bytes
) -> None:
    """A device that drops the connection or breaks HTTP cannot be talked to."""

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(sent)
        writer.close()

    server = await asyncio.start_server(answer, HOST, 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises((MinerConnectionError, MinerProtocolError)) as caught:
            await HttpDevice(session, HOST, port).request("GET", "/")
    assert not isinstance(caught.value, MinerTimeoutError)
    assert str(caught.value)
    assert open_connections(session) == 0


async def test_requests_to_a_device_queue_up(
    serve: Serve, session: aiohttp.ClientSession
) -> None:
    """The device never sees a second request before it answered the first."""
    running = 0
    most = 0
    order: list[str] = []

    async def handler(request: web.BaseRequest) -> web.Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        order.append(request.path)
        await request.read()
        for _ in range(5):
            await asyncio.sleep(0)
        running -= 1
        return web.Response()

    device = HttpDevice(session, HOST, await serve(handler))
    paths = [f"/{number}" for number in range(8)]
    await asyncio.gather(*(device.request("GET", path) for path in paths))
    assert most == 1
    assert order == paths


async def test_devices_do_not_wait_for_each_other(
    serve: Serve, session: aiohttp.ClientSession
) -> None:
    """A device that hangs keeps only its own requests waiting."""
    hang = Hang()
    stuck = HttpDevice(session, HOST, await serve(hang))
    other = HttpDevice(session, HOST, await serve(answering(web.Response(body=b"ok"))))
    waiting = asyncio.create_task(stuck.request("GET", "/"))
    await hang.asked.wait()
    assert (await other.request("GET", "/")).body == b"ok"
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_cancelling_leaves_nothing_open(
    serve: Serve, session: aiohttp.ClientSession
) -> None:
    """The connection is closed, and the next request gets its turn."""
    hang = Hang()
    answers: list[Handler] = [answering(web.Response(body=b"ok")), hang]

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        return await answers.pop()(request)

    device = HttpDevice(session, HOST, await serve(handler))
    before = asyncio.all_tasks()
    task = asyncio.create_task(device.request("GET", "/"))
    await hang.asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert open_connections(session) == 0
    async with asyncio.timeout(PATIENCE):
        await hang.gone.wait()
        assert (await device.request("GET", "/")).body == b"ok"
    left = [task for task in asyncio.all_tasks() - before if not task.done()]
    assert [task for task in left if "RequestHandler" not in repr(task)] == []


async def count_connections(port: int) -> tuple[asyncio.Server, list[int]]:
    """Return a server that passes everything on to a port, and what it counted."""
    counted = [0]

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            sink.write(data)
        sink.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        counted[0] += 1
        far_reader, far_writer = await asyncio.open_connection(HOST, port)
        await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))

    return await asyncio.start_server(serve, HOST, 0), counted


@pytest.mark.parametrize(
    ("profile", "connections", "kept"),
    [("axeos-2.12", 1, 1), ("nerdqaxe-1.0.37", 4, 0)],
)
async def test_connections_are_kept_where_the_device_keeps_them(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    profile: str,
    connections: int,
    kept: int,
) -> None:
    """AxeOS has one connection for all polls, a NerdQAxe++ one for each request."""
    device = await start_device(profile)
    proxy, counted = await count_connections(device.port)
    async with proxy:
        client = client_for(session, device)
        port = proxy.sockets[0].getsockname()[1]
        client = type(client)(session, HOST, port)
        for _ in range(3):
            await client.fetch()
        # Three polls, and the board's data with the first of them.
        assert len(device.requests) == 4
        assert counted == [connections]
        assert open_connections(session) == kept
        await session.close()


@pytest.mark.parametrize(
    "sent",
    [
        b'{"stratumUser":"bc1qsecret.worker"}\r\n\r\n',
        b"HTTP/1.1 200 OK\r\nbc1qsecret\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: bc1qsecret\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nbc1qsecret\r\n",
    ],
    ids=["line", "header", "length", "chunk"],
)
async def test_an_error_quotes_nothing_of_the_reply(
    session: aiohttp.ClientSession, sent: bytes
) -> None:
    """Neither its text nor the traceback that a log would show."""

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(sent)
        writer.close()

    server = await asyncio.start_server(answer, HOST, 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises((MinerConnectionError, MinerProtocolError)) as caught:
            await HttpDevice(session, HOST, port).request("GET", "/")
    assert "secret" not in "".join(traceback.format_exception(caught.value))
