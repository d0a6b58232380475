"""The price server: the public part of the Octopus Energy API on a real port."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Self

from aiohttp import web

from simulator.fault_replies import (
    hang_up,
    send_cut,
    send_huge,
    whole_reply,
    with_wrong_types,
)
from simulator.faults import Fault
from simulator.octopus.api import Api
from simulator.octopus.faults import (
    OctopusFault,
    rate_limited,
    unavailable,
    with_wrong_results,
)
from simulator.octopus.market import Market
from simulator.octopus.paging import json_reply

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class OctopusServer(Market):
    """Serve the market over HTTP, or fail to in the way that was asked for.

    It runs nothing in the background: each reply depends on what `now` returns when
    it is asked for, and on the switches.
    """

    def __init__(
        self, *, seed: int = 1, now: Callable[[], datetime] | None = None
    ) -> None:
        """Prepare a server that does not listen yet."""
        super().__init__(seed=seed, now=now)
        self.host = ""
        self.port = 0
        # Path and query of each request, and who said to be asking.
        self.requests: list[tuple[str, Mapping[str, str]]] = []
        self.user_agents: list[str] = []
        # The seconds that a client is told to stay away for.
        self.retry_after = 60
        self._fault: OctopusFault | None = None
        self._released = asyncio.Event()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Return where the server is reached, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    @property
    def fault(self) -> OctopusFault | None:
        """Return what happens to every request."""
        return self._fault

    @fault.setter
    def fault(self, fault: OctopusFault | None) -> None:
        """Misbehave from now on, or behave again; a request that hangs is dropped."""
        self._fault = fault
        self._release()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Begin to listen; port 0 is replaced by the one found."""

        # A middleware is a coroutine function, which a bound method is not seen as.
        @web.middleware
        async def serve(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._serve(request, handler)

        app = web.Application(middlewares=[serve])
        app.add_routes(Api(self).routes())
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.host, self.port = host, self._runner.addresses[0][1]

    async def stop(self) -> None:
        """End every connection and stop listening."""
        self._release()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening."""
        await self.stop()

    def _release(self) -> None:
        """Drop the requests that hang."""
        self._released.set()
        self._released = asyncio.Event()

    async def _serve(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Answer one request, or fail to."""
        self.requests.append((request.path, dict(request.query)))
        self.user_agents.append(request.headers.get("User-Agent", ""))
        match self._fault:
            case OctopusFault.RATE_LIMITED:
                return rate_limited(self.retry_after)
            case OctopusFault.UNAVAILABLE:
                return unavailable()
            case OctopusFault.HANG:
                await self._released.wait()
                hang_up(request, at_once=True)
                return web.Response()
            case OctopusFault.HUGE:
                return await send_huge(request)
            case OctopusFault.GARBAGE:
                return whole_reply(Fault.GARBAGE) or web.Response()
        answer = await _answer(request, handler)
        match self._fault:
            case OctopusFault.CUT:
                return await send_cut(request, answer)
            case OctopusFault.WRONG_TYPES:
                return with_wrong_results(answer)
            case OctopusFault.WRONG_SHAPE:
                return with_wrong_types(answer)
        return answer


async def _answer(request: web.Request, handler: Handler) -> web.Response:
    """Return the reply to a request, also where there is nothing or no sense."""
    try:
        answer = await handler(request)
    except web.HTTPNotFound:
        return json_reply({"detail": "Not found."}, status=404)
    except web.HTTPMethodNotAllowed:
        detail = f'Method "{request.method}" not allowed.'
        return json_reply({"detail": detail}, status=405)
    except web.HTTPBadRequest as refused:
        return web.Response(
            status=400, text=refused.text, content_type="application/json"
        )
    if not isinstance(answer, web.Response):
        msg = f"{request.path} is answered with a stream"
        raise TypeError(msg)
    return answer
