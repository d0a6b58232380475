"""Replies of a device that misbehaves over HTTP."""

import contextlib
import json
from typing import Any

from aiohttp import web

from simulator.faults import Fault
from simulator.wire import JsonObject, encode

HUGE_BODY_BYTES = 8 * 1024 * 1024
ELSEWHERE = "http://elsewhere.invalid/login"

_CHUNK = b"0" * 65536
NOISE = b"\x1f\x8b\x00<<not json at all>>\xff\xfe{\x00"
_WRONG_VALUES: tuple[Any, ...] = (
    "forty-two",
    None,
    {"unexpected": {"nested": [1, "two", None]}},
    [1, "two", None, {"three": 3}],
    1e300,
    10**30,
    True,
    -1e300,
)


def whole_reply(fault: Fault) -> web.Response | None:
    """Return the reply of a fault that does not look at the request."""
    match fault:
        case Fault.GARBAGE:
            return web.Response(body=NOISE, content_type="application/json")
        case Fault.REDIRECT:
            return web.Response(status=302, headers={"Location": ELSEWHERE})
        case Fault.UNAUTHORIZED:
            return web.Response(status=401, text="Unauthorized")
        case Fault.SERVER_ERROR:
            return web.Response(status=500, text="Internal Server Error")
        case _:
            return None


def with_wrong_types(reply: web.Response) -> web.Response:
    """Return the reply with every value of a JSON object retyped."""
    try:
        content = json.loads(reply.body or b"")  # type: ignore[arg-type]
    except json.JSONDecodeError:
        # A text or an empty body has no types that could be wrong.
        return reply
    if not isinstance(content, dict):
        return reply
    return web.Response(
        status=reply.status,
        body=encode(retyped(content)),
        content_type="application/json",
    )


def retyped(content: JsonObject) -> JsonObject:
    """Give each value another type, numbers sometimes only another magnitude."""
    changed: JsonObject = {}
    for place, (key, value) in enumerate(content.items()):
        wrong = _WRONG_VALUES[place % len(_WRONG_VALUES)]
        if type(wrong) is type(value) and not isinstance(wrong, int | float):
            wrong = 17
        changed[key] = wrong if wrong != value else "same"
    return changed


async def send_cut(request: web.BaseRequest, reply: web.Response) -> web.StreamResponse:
    """Promise the whole body, send half of it and hang up."""
    body = reply.body if isinstance(reply.body, bytes) else b""
    body = body or b"{}"
    answer = web.StreamResponse(status=reply.status)
    answer.content_type = "application/json"
    answer.content_length = len(body)
    await answer.prepare(request)
    await answer.write(body[: len(body) // 2])
    hang_up(request, at_once=False)
    return answer


async def send_huge(request: web.BaseRequest) -> web.StreamResponse:
    """Send a valid but enormous JSON object without saying how long it is."""
    answer = web.StreamResponse()
    answer.content_type = "application/json"
    answer.enable_chunked_encoding()
    await answer.prepare(request)
    # A careful client hangs up on the way, which is what this fault is for.
    with contextlib.suppress(ConnectionError):
        await answer.write(b'{"padding":"')
        for _ in range(HUGE_BODY_BYTES // len(_CHUNK)):
            await answer.write(_CHUNK)
        await answer.write(b'"}')
    return answer


def hang_up(request: web.BaseRequest, *, at_once: bool) -> None:
    """End the connection, after what is already written or without it."""
    if request.transport is None:
        return
    if at_once:
        request.transport.abort()
    else:
        request.transport.close()
