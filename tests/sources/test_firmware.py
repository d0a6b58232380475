"""The newest release is read, and every way to fail is one error."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
import json
import socket
from typing import Any
from unittest.mock import patch

import aiohttp
from aiohttp import web
import pytest

from custom_components.miner_controller.protocols.model import MinerFamily
from custom_components.miner_controller.sources import firmware
from custom_components.miner_controller.sources.firmware import (
    API_URL,
    REPOSITORIES,
    Release,
    ReleaseError,
    fetch_newest_release,
)

type Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
type Serve = Callable[[Handler], Awaitable[str]]

HOST = "127.0.0.1"
LIMIT = 1024 * 1024

RELEASE: dict[str, Any] = {
    "tag_name": "v2.15.0",
    "html_url": "https://example.org/releases/v2.15.0",
    "body": "# New\n\n* faster",
    "prerelease": False,
    "assets": [],
}


@pytest.fixture
async def serve(socket_enabled: None) -> AsyncIterator[Serve]:
    """Start servers that answer with a handler and end with the test."""
    runners: list[web.ServerRunner] = []

    async def start(handler: Handler) -> str:
        runner = web.ServerRunner(
            web.Server(handler, handler_cancellation=True, access_log=None),
            shutdown_timeout=0,
        )
        await runner.setup()
        runners.append(runner)
        await web.TCPSite(runner, HOST, 0).start()
        return f"http://{HOST}:{runner.addresses[0][1]}"

    yield start
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session like the one that Home Assistant shares."""
    async with aiohttp.ClientSession() as session:
        yield session


def answering(**reply: Any) -> Handler:
    """Return a handler with one answer."""

    async def handler(request: web.BaseRequest) -> web.Response:
        return web.Response(**reply)

    return handler


@pytest.mark.parametrize("family", REPOSITORIES)
async def test_the_newest_release_is_read(
    serve: Serve, session: aiohttp.ClientSession, family: MinerFamily
) -> None:
    """The project of the family is asked once, for its newest release."""
    asked: list[tuple[str, str, str]] = []

    async def handler(request: web.BaseRequest) -> web.Response:
        asked.append((request.method, request.path, request.headers["Accept"]))
        return web.json_response(RELEASE)

    assert await fetch_newest_release(session, family, await serve(handler)) == Release(
        version="v2.15.0",
        url="https://example.org/releases/v2.15.0",
        notes="# New\n\n* faster",
    )
    assert asked == [
        (
            "GET",
            f"/repos/{REPOSITORIES[family]}/releases/latest",
            "application/vnd.github+json",
        )
    ]


def test_every_family_with_public_releases_has_its_project() -> None:
    """The list is asked over an encrypted connection; Canaan publishes none."""
    assert set(REPOSITORIES) == {MinerFamily.AXEOS, MinerFamily.NERDQAXE}
    assert API_URL.startswith("https://")


@pytest.mark.parametrize("notes", [None, "", 17, ["x"], {"x": 1}])
async def test_a_release_without_notes_has_none(
    serve: Serve, session: aiohttp.ClientSession, notes: object
) -> None:
    """The notes may be missing, the rest counts."""
    url = await serve(answering(text=json.dumps({**RELEASE, "body": notes})))
    found = await fetch_newest_release(session, MinerFamily.AXEOS, url)
    assert (found.version, found.notes) == ("v2.15.0", "")


@pytest.mark.parametrize(
    "reply",
    [
        {"status": 304},
        {"status": 403, "text": json.dumps({"message": "rate limit exceeded"})},
        {"status": 404, "text": json.dumps({"message": "Not Found"})},
        {"status": 500, "text": json.dumps(RELEASE)},
        {"status": 301, "headers": {"Location": "/elsewhere"}},
        {"text": ""},
        {"text": "<html></html>"},
        {"text": "[]"},
        {"text": "null"},
        {"text": "17"},
        {"text": '"v2.15.0"'},
        {"text": "{}"},
        {"text": json.dumps([RELEASE])},
        {"text": json.dumps({**RELEASE, "tag_name": None})},
        {"text": json.dumps({**RELEASE, "tag_name": " "})},
        {"text": json.dumps({**RELEASE, "html_url": None})},
        {"text": json.dumps({**RELEASE, "tag_name": ["v1"]})},
        {"body": b"\xff\xfe"},
        {"body": b"[" * 10_000},
        {"body": b'{"tag_name":"v1"', "headers": {"Content-Encoding": "gzip"}},
    ],
    ids=lambda reply: str(reply)[:40],
)
async def test_an_answer_that_is_no_release(
    serve: Serve, session: aiohttp.ClientSession, reply: dict[str, Any]
) -> None:
    """Whatever else is answered, there is one error with some words."""
    with pytest.raises(ReleaseError) as caught:
        await fetch_newest_release(
            session, MinerFamily.AXEOS, await serve(answering(**reply))
        )
    assert str(caught.value)


@pytest.mark.parametrize(("excess", "fits"), [(0, True), (1, False), (LIMIT, False)])
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_reply_has_a_largest_size(
    serve: Serve,
    session: aiohttp.ClientSession,
    chunked: bool,
    excess: int,
    fits: bool,
) -> None:
    """The limit holds with a length in the header and without."""
    bare = len(json.dumps({**RELEASE, "body": ""}))
    notes = "x" * (LIMIT + excess - bare)

    async def handler(request: web.BaseRequest) -> web.Response:
        reply = web.Response(text=json.dumps({**RELEASE, "body": notes}))
        if chunked:
            reply.enable_chunked_encoding()
        return reply

    url = await serve(handler)
    if fits:
        found = await fetch_newest_release(session, MinerFamily.AXEOS, url)
        assert found.notes == notes
        return
    with pytest.raises(ReleaseError, match="too large"):
        await fetch_newest_release(session, MinerFamily.AXEOS, url)


async def test_nobody_is_there(session: aiohttp.ClientSession) -> None:
    """A refused connection is the same error."""
    with socket.socket() as unused:
        unused.bind((HOST, 0))
        url = f"http://{HOST}:{unused.getsockname()[1]}"
        with pytest.raises(ReleaseError):
            await fetch_newest_release(session, MinerFamily.AXEOS, url)


async def test_an_answer_that_never_comes(
    serve: Serve, session: aiohttp.ClientSession
) -> None:
    """The request ends with its time, and its connection with it."""
    gone = asyncio.Event()

    async def handler(request: web.BaseRequest) -> web.Response:
        try:
            await asyncio.Event().wait()
        finally:
            gone.set()
        return web.Response()

    url = await serve(handler)
    with (
        patch.object(firmware, "_TIME_LIMIT", 0.05),
        pytest.raises(ReleaseError) as caught,
    ):
        await fetch_newest_release(session, MinerFamily.AXEOS, url)
    assert str(caught.value)
    async with asyncio.timeout(20):
        await gone.wait()


async def test_a_dropped_connection(
    serve: Serve, session: aiohttp.ClientSession
) -> None:
    """Half an answer is no answer."""

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        reply = web.StreamResponse()
        reply.content_length = 1000
        await reply.prepare(request)
        await reply.write(b'{"tag_name":')
        assert request.transport is not None
        request.transport.close()
        return reply

    with pytest.raises(ReleaseError):
        await fetch_newest_release(session, MinerFamily.AXEOS, await serve(handler))
