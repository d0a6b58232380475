"""The web page of an Avalon, the only place where a Nano 3 tells its MAC."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web

from simulator.fault_replies import hang_up, whole_reply
from simulator.faults import Fault
from simulator.wire import encode

if TYPE_CHECKING:
    from simulator.avalon.device import AvalonDevice

_LOGIN = "<!DOCTYPE html><title>Login</title><form action='login.cgi'></form>"


class WebPage:
    """The few pages that a client may want."""

    def __init__(self, device: AvalonDevice) -> None:
        """Belong to a device."""
        self._device = device
        self._runner: web.ServerRunner | None = None
        self.requests: list[tuple[str, str]] = []

    async def open(self, host: str, port: int) -> int:
        """Listen, and return on which port."""
        server = web.Server(self._serve, handler_cancellation=True, access_log=None)
        self._runner = web.ServerRunner(server)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        found: int = self._runner.addresses[0][1]
        return found

    async def close(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve(self, request: web.BaseRequest) -> web.Response:
        """Answer one request, or fail to."""
        self.requests.append((request.method, request.path))
        self._device.catch_up()
        fault = self._device.fault
        if fault is Fault.HANG:
            await self._device.until_released()
        if fault is Fault.HANG or not self._device.online:
            hang_up(request, at_once=True)
            return web.Response()
        if fault is not None and (reply := whole_reply(fault)) is not None:
            return reply
        return self._answer(request)

    def _answer(self, request: web.BaseRequest) -> web.Response:
        """Answer one request as the firmware does."""
        if request.path == "/":
            return web.Response(text=_LOGIN, content_type="text/html")
        if request.path != "/get_minerinfo.cgi":
            return web.Response(status=HTTPStatus.NOT_FOUND, text="Not Found")
        if request.cookies.get("auth") != self._device.web_token:
            # Who is not logged in gets the page to log in, as if all were well.
            return web.Response(text=_LOGIN, content_type="text/html")
        kind = self._device.kind
        content = {
            "class": kind.product,
            "hwver": kind.hardware_type,
            "swver": self._device.firmware_name,
            "mac": self._device.mac.lower(),
            "version": self._device.firmware_name,
            "elapsed": str(self._device.state.elapsed),
        }
        body = b"minerinfoCallback(" + encode(content) + b");"
        return web.Response(body=body, content_type="text/html")
