"""The pool statistics server: public-pool, ckpool and Braiins Pool on a real port."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
import json
from typing import Self

from aiohttp import web

from simulator.fault_replies import hang_up, send_cut, send_huge, with_wrong_types
from simulator.pool_statistics.accounts import Account
from simulator.pool_statistics.api import Api
from simulator.pool_statistics.faults import (
    PoolStatisticsFault,
    page,
    refusal,
    speak_something_else,
)
from simulator.wire import encode

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PoolStatisticsServer:
    """Serve what pools know over HTTP, or fail to in the way that was asked for.

    Nothing happens in the background: a reply depends on `accounts`, `tokens` and the
    fault when it is asked for.
    """

    def __init__(self, *, now: Callable[[], datetime] | None = None) -> None:
        """Prepare a server that does not listen yet."""
        self.accounts: dict[str, Account] = {}
        self.tokens: dict[str, Account] = {}
        self.host = ""
        self.port = 0
        # The path of each request, and who said to be asking.
        self.requests: list[str] = []
        self.user_agents: list[str] = []
        # The seconds that a client is told to stay away for.
        self.retry_after = 60
        self._now = now
        self._fault: PoolStatisticsFault | None = None
        self._released = asyncio.Event()
        self._runner: web.AppRunner | None = None

    def now(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC) if self._now is None else self._now()

    @property
    def url(self) -> str:
        """Return where the server is reached, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    @property
    def fault(self) -> PoolStatisticsFault | None:
        """Return what happens to every request."""
        return self._fault

    @fault.setter
    def fault(self, fault: PoolStatisticsFault | None) -> None:
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
        self.requests.append(request.path)
        self.user_agents.append(request.headers.get("User-Agent", ""))
        fault = self._fault
        if fault is None:
            return await _answer(request, handler)
        if (refused := refusal(fault, self.retry_after)) is not None:
            return refused
        if fault is PoolStatisticsFault.SILENT:
            await self._released.wait()
            hang_up(request, at_once=True)
            return web.Response()
        if fault is PoolStatisticsFault.NO_HTTP:
            return speak_something_else(request)
        if fault is PoolStatisticsFault.HUGE:
            return await send_huge(request)
        answer = await _answer(request, handler)
        if fault is PoolStatisticsFault.CUT:
            return await send_cut(request, answer)
        if fault is PoolStatisticsFault.SEVERAL_OBJECTS:
            return _with_more_objects(answer)
        return with_wrong_types(answer)


async def _answer(request: web.Request, handler: Handler) -> web.Response:
    """Return the reply to a request, also where there is nothing."""
    try:
        answer = await handler(request)
    except web.HTTPNotFound:
        return page("404 Not Found", 404)
    if not isinstance(answer, web.Response):
        msg = f"{request.path} is answered with a stream"
        raise TypeError(msg)
    return answer


def _with_more_objects(reply: web.Response) -> web.Response:
    """Return the reply with each object on a line of its own, and more of them."""
    content = json.loads(reply.body or b"null")  # type: ignore[arg-type]
    lines = (content, {"workers": 17, "hashrate1hr": "17T"}, {"runtime": 17})
    return web.Response(body=b"\n".join(map(encode, lines)) + b"\n")
