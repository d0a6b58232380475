"""The ways in which the price server can be told to fail."""

from enum import StrEnum
import json
from typing import Any

from aiohttp import web

from simulator.wire import JsonObject, encode


class OctopusFault(StrEnum):
    """What happens to every request until the fault is cleared."""

    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    HANG = "hang"
    GARBAGE = "garbage"
    CUT = "cut"
    HUGE = "huge"
    # Each value in the list of results has a wrong type; the list is one.
    WRONG_TYPES = "wrong_types"
    # What is around the list has wrong types, and there may be no list.
    WRONG_SHAPE = "wrong_shape"


_WRONG: tuple[Any, ...] = (
    *("forty-two", None, {"unexpected": [1]}, [1, "two", None], 1e300, True, -7, ""),
)


def rate_limited(retry_after: int) -> web.Response:
    """Return the reply to somebody who asks too often."""
    detail = f"Request was throttled. Expected available in {retry_after} seconds."
    return web.Response(
        status=429,
        headers={"Retry-After": str(retry_after)},
        body=encode({"detail": detail}),
        content_type="application/json",
    )


def unavailable() -> web.Response:
    """Return the page that stands in front of a server that is away."""
    return web.Response(
        status=503,
        text="<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>",
        content_type="text/html",
    )


def with_wrong_results(reply: web.Response) -> web.Response:
    """Return the reply with every value in its results, if it has some, retyped."""
    content = json.loads(reply.body or b"null")  # type: ignore[arg-type]
    for place, result in enumerate(content.get("results", ())):
        _retype(result, place)
    return web.Response(
        status=reply.status, body=encode(content), content_type="application/json"
    )


def _retype(result: JsonObject, place: int) -> None:
    """Give each value another type, and not in every result the same one."""
    for number, (key, value) in enumerate(result.items()):
        wrong = _WRONG[(place + number) % len(_WRONG)]
        result[key] = 17 if type(wrong) is type(value) else wrong
