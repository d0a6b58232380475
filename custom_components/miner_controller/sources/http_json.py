"""One question to a web service, with a limit of time and one of size.

No text of an error holds the address that was asked, which may hold a postcode or a
payout address, and no error has one of aiohttp as its context, which would quote it.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp
import orjson
from yarl import URL

from ..protocols.parse import Reply


class HttpError(Exception):
    """Base of every error that a question can end in."""


class HttpConnectionError(HttpError):
    """The service could not be reached, or it dropped the connection."""


class HttpTimeoutError(HttpConnectionError):
    """The service did not answer within the time limit."""


class HttpReplyError(HttpError):
    """The reply makes no sense, or it is too large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpReply:
    """What a service answered. `body` is empty unless the status is 200."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


async def get(
    session: aiohttp.ClientSession,
    url: str | URL,
    *,
    headers: Mapping[str, str],
    time_limit: float,
    size_limit: int,
) -> HttpReply:
    """Return the reply to a GET, whatever its status is.

    `time_limit` is in seconds and for all of it, `size_limit` in bytes of the body. No
    redirect is followed: the headers may hold what is for this service only. Raises
    HttpError.
    """
    error: HttpError
    try:
        async with (
            asyncio.timeout(time_limit),
            session.get(url, headers=headers, allow_redirects=False) as response,
        ):
            is_read = response.status == 200
            body = await _read_bounded(response, size_limit) if is_read else b""
            return HttpReply(
                status=response.status, headers=response.headers, body=body
            )
    except TimeoutError:
        error = HttpTimeoutError(f"No answer within {time_limit:.0f} s")
    except aiohttp.ClientResponseError, aiohttp.InvalidURL:
        error = HttpReplyError("The reply is no HTTP")
    except (aiohttp.ClientError, OSError) as err:
        error = HttpConnectionError(f"The connection failed ({type(err).__name__})")
    raise error


def read_object(body: bytes) -> Reply:
    """Return the JSON object of a body, or raise HttpReplyError."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise HttpReplyError("The reply is no JSON") from None
    if not isinstance(document, dict):
        raise HttpReplyError("The reply is no JSON object")
    return document


async def _read_bounded(response: aiohttp.ClientResponse, size_limit: int) -> bytes:
    """Return the body, or raise HttpReplyError once it exceeds the limit."""
    body = bytearray()
    while chunk := await response.content.readany():
        body += chunk
        if len(body) > size_limit:
            response.close()
            raise HttpReplyError("The reply is too large")
    return bytes(body)
