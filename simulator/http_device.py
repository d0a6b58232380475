"""A simulated device that is reached over HTTP."""

from abc import abstractmethod
import asyncio
from collections.abc import Awaitable, Callable
import contextlib
from http import HTTPStatus
from ipaddress import IPv4Address
from typing import Any, override
from urllib.parse import urlsplit

from aiohttp import web

from simulator.device import SimulatedDevice
from simulator.fault_replies import (
    hang_up,
    send_cut,
    send_huge,
    whole_reply,
    with_wrong_types,
)
from simulator.faults import Fault
from simulator.wire import encode

type Handler = Callable[[web.BaseRequest], Awaitable[web.Response]]
type Serve = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

# The request buffer of the firmwares; a body that fills it is refused.
BODY_LIMIT = 10240

_PRIVATE = ("127.", "10.", "192.168.", *(f"172.{net}." for net in range(16, 32)))


class _CountingServer(web.Server):
    """Tell the device of every connection, however many requests come through it."""

    def __init__(self, device: HttpDevice, handler: Serve) -> None:
        """Belong to a device."""
        super().__init__(handler, handler_cancellation=True, access_log=None)
        self._device = device

    @override
    def connection_made(
        self, handler: web.RequestHandler, transport: asyncio.Transport
    ) -> None:
        super().connection_made(handler, transport)
        self._device.opened()

    @override
    def connection_lost(
        self, handler: web.RequestHandler, exc: BaseException | None = None
    ) -> None:
        super().connection_lost(handler, exc)
        self._device.open_connections -= 1


class HttpDevice(SimulatedDevice):
    """The HTTP side: sockets, faults, restarts, and who may ask."""

    keeps_connections = True
    connections = 0
    open_connections = 0
    most_open_connections = 0

    _server: web.ServerRunner
    _released: asyncio.Event

    @property
    @override
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @abstractmethod
    def _find(self, method: str, path: str) -> Handler | None:
        """Return what answers a request, or None for an unknown path."""

    @abstractmethod
    def _unknown(self, method: str, path: str) -> web.Response:
        """Return the reply to a path the firmware does not know."""

    @abstractmethod
    def _origin_allowed(self, host: str) -> bool:
        """Tell whether a page from this host may use the API."""

    def opened(self) -> None:
        """Count a new client."""
        self.connections += 1
        self.open_connections += 1
        self.most_open_connections = max(
            self.most_open_connections, self.open_connections
        )

    def reset_peak(self) -> None:
        """Begin to count anew how many connections are open at the same time."""
        self.most_open_connections = self.open_connections

    @override
    async def _open(self) -> None:
        self._released = asyncio.Event()
        self._server = web.ServerRunner(_CountingServer(self, self._serve))
        await self._server.setup()
        await web.TCPSite(self._server, self.host, self.port).start()
        self.port = self._server.addresses[0][1]

    @override
    async def _close(self) -> None:
        self._release()
        await self._server.cleanup()

    @override
    def _release(self) -> None:
        self._released.set()
        self._released = asyncio.Event()

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request, or fail to in the way that was asked for."""
        self.requests.append((request.method, request.path))
        self.catch_up()
        if not self.online:
            return self._dropped(request)
        if self.fault is None:
            return await self._answer(request)
        return await self._fail(request, self.fault)

    async def _fail(self, request: web.BaseRequest, fault: Fault) -> web.StreamResponse:
        """Answer one request under a fault."""
        if fault is Fault.HANG:
            await self._released.wait()
            return self._dropped(request)
        if fault is Fault.HUGE:
            return await send_huge(request)
        if (reply := whole_reply(fault)) is not None:
            return reply
        if fault is Fault.SLOW:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.slow_seconds):
                    await self._released.wait()
                return self._dropped(request)
        answer = await self._answer(request)
        if fault is Fault.CUT:
            return await send_cut(request, answer)
        if fault is Fault.WRONG_TYPES:
            return with_wrong_types(answer)
        return answer

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        """Answer one request as the firmware does."""
        if not self._admits(request):
            reply = web.Response(status=401, text="Unauthorized")
        elif handler := self._find(request.method, request.path):
            reply = await handler(request)
        else:
            reply = self._unknown(request.method, request.path)
        if not self.keeps_connections:
            reply.force_close()
        return reply

    def _admits(self, request: web.BaseRequest) -> bool:
        """Apply the firmware's filter to the address and the origin of a request."""
        if not request.path.startswith("/api"):
            return True
        if request.remote is None or not is_private(request.remote):
            return False
        origin = request.headers.get("Origin")
        if origin is None:
            return True
        host = urlsplit(origin).hostname or ""
        return is_private(host) or self._origin_allowed(host)

    def _dropped(self, request: web.BaseRequest) -> web.Response:
        """Cut the connection; the reply that is returned goes nowhere."""
        hang_up(request, at_once=True)
        return web.Response()


def is_private(host: str) -> bool:
    """Tell whether a host is an IPv4 address of a private network or loopback."""
    try:
        address = str(IPv4Address(host))
    except ValueError:
        return False
    return address.startswith(_PRIVATE)


def json_reply(content: Any, status: int = HTTPStatus.OK) -> web.Response:
    """Return JSON in chunks, without a length, as the firmwares send it."""
    reply = web.Response(
        body=encode(content), status=status, content_type="application/json"
    )
    reply.enable_chunked_encoding()
    return reply


def text_reply(text: str = "", status: int = HTTPStatus.OK) -> web.Response:
    """Return a text of the kind the firmwares use outside JSON."""
    return web.Response(text=text, status=status, content_type="text/html")


def redirect_home() -> web.Response:
    """Return the captive portal's reply to a path it does not know."""
    return web.Response(
        status=HTTPStatus.FOUND,
        headers={"Location": "/"},
        text="Redirect to the captive portal",
    )


async def read_body(request: web.BaseRequest) -> bytes | None:
    """Return the body, or None if it does not fit the firmware's buffer."""
    if (request.content_length or 0) >= BODY_LIMIT:
        return None
    body = await request.read()
    return body if len(body) < BODY_LIMIT else None
