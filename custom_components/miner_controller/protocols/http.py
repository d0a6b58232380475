"""Bounded HTTP requests to one device, one at a time."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, override

import aiohttp
from aiohttp.connector import Connection
import orjson
from yarl import URL

from .errors import (
    MinerAuthenticationError,
    MinerConnectionError,
    MinerForeignError,
    MinerProtocolError,
    MinerTimeoutError,
    MinerUnreachableError,
)
from .tolerant_json import read_tolerant_json

TIME_LIMIT = 5.0
"""Seconds that a request may take, from the look-up of a name to the last byte."""

SIZE_LIMIT = 256 * 1024
"""Bytes that one reply may have."""


_CUT_OFF = "The connection broke off ({})"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpReply:
    """What a device answered. The body may hold private data."""

    status: int
    body: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        """Return whether the device carried the request out."""
        return 200 <= self.status < 300

    def json(self) -> Mapping[str, Any]:
        """Return the JSON object of the body.

        Raises MinerProtocolError where the body holds anything else.
        """
        try:
            document = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            document = self._tolerant_json()
        if not isinstance(document, dict):
            raise MinerProtocolError("The reply is no JSON object")
        return document

    def _tolerant_json(self) -> Any:
        """Read JSON that breaks the rules in ways that firmware is known to.

        A network name may hold any bytes, and a number may be printed as nan.
        """
        try:
            return read_tolerant_json(self.body.decode(errors="replace"))
        except (ValueError, RecursionError) as err:
            raise MinerProtocolError("The reply is no JSON") from err


class HttpDevice:
    """A device that is spoken to over HTTP.

    The session is shared and not closed here. Requests queue up, since these
    devices have few sockets. No redirect is followed: a device redirects only what
    it does not know.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        host: str,
        port: int,
        *,
        headers: Mapping[str, str] | None = None,
        connect_limit: float | None = None,
        time_limit: float | None = None,
        once: bool = False,
    ) -> None:
        """Initialize the device at an address.

        The limits are in seconds: that of a connection to come about, and of a request
        as a whole. A device that is asked once sees one connection for each request,
        which is closed after it.
        """
        self._session = session
        self._base = URL.build(scheme="http", host=host, port=port)
        self._urls: dict[str, URL] = {}
        self._headers = {"Accept-Encoding": "identity", **(headers or {})}
        if once:
            self._headers["Connection"] = "close"
        self._connect_limit = connect_limit
        self._time_limit = time_limit
        self._middlewares = (_send_once,) if once else None
        self._lock = asyncio.Lock()

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HttpReply:
        """Send a request and return the answer, whatever its status.

        Raises MinerConnectionError, MinerTimeoutError or, where the answer is
        larger than the limit, MinerProtocolError.
        """
        if (url := self._urls.get(path)) is None:
            url = self._urls[path] = self._base.with_path(path)
        limit = TIME_LIMIT if self._time_limit is None else self._time_limit
        async with self._lock:
            try:
                async with self._session.request(
                    method,
                    url,
                    json=json,
                    headers={**self._headers, **headers} if headers else self._headers,
                    allow_redirects=False,
                    timeout=_timeout(limit, self._connect_limit),
                    middlewares=self._middlewares,
                ) as response:
                    return HttpReply(
                        status=response.status, body=await _read_bounded(response)
                    )
            except TimeoutError as err:
                raise MinerTimeoutError(f"No answer within {limit:.0f} s") from err
            except aiohttp.ClientConnectorError as err:
                reason = err.os_error.strerror or type(err.os_error).__name__
                raise MinerUnreachableError(reason) from None
            # The text of any other error may quote the reply, which holds private
            # data, and so would a traceback.
            except aiohttp.ClientResponseError:
                raise MinerForeignError("The reply is no HTTP") from None
            except aiohttp.ClientError as err:
                raise MinerConnectionError(
                    _CUT_OFF.format(type(err).__name__)
                ) from None
            except OSError as err:
                reason = err.strerror or type(err).__name__
                raise MinerConnectionError(reason) from None

    async def post_last(self, path: str) -> HttpReply | None:
        """Send what the device may be gone after, None if it was before it answered.

        Raises MinerUnreachableError or MinerTimeoutError where it may not have heard.
        """
        try:
            return await self.request("POST", path)
        except MinerTimeoutError, MinerUnreachableError:
            raise
        except MinerConnectionError:
            return None

    async def get(self, path: str) -> HttpReply:
        """Return what is at a path.

        Raises MinerAuthenticationError where the device does not serve this caller,
        MinerProtocolError where there is nothing at the path.
        """
        reply = await self.request("GET", path)
        if reply.status == 401:
            raise MinerAuthenticationError("The device serves only its own network")
        if reply.status == 404:
            raise MinerForeignError("The device has nothing there")
        if not reply.ok:
            raise MinerProtocolError(f"The device answered with status {reply.status}")
        return reply


@cache
def _timeout(seconds: float, connect: float | None) -> aiohttp.ClientTimeout:
    """Return what bounds a request as a whole, and its connection."""
    return aiohttp.ClientTimeout(total=seconds, sock_connect=connect)


class _LastResponse(aiohttp.ClientResponse):
    """A response whose connection is not kept, also where the device would keep it."""

    @override
    async def start(self, connection: Connection) -> aiohttp.ClientResponse:
        if connection.protocol is not None:
            connection.protocol.force_close()
        return await super().start(connection)


async def _send_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Send a request, never again, and close its connection.

    aiohttp repeats a GET whose connection broke off, unless it is told so by an error
    of a broader kind.
    """
    request.response_class = _LastResponse
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as err:
        raise aiohttp.ClientConnectionError(type(err).__name__) from None


async def _read_bounded(response: aiohttp.ClientResponse) -> bytes:
    """Return the body, or raise MinerProtocolError once it exceeds the limit."""
    content = response.content
    size = response.content_length or 0
    body = b""
    while size <= SIZE_LIMIT:
        body += await content.readany()
        size = len(body)
        if size <= SIZE_LIMIT and content.at_eof():
            return body
    response.close()
    raise MinerProtocolError(f"The reply is larger than {SIZE_LIMIT} bytes")
