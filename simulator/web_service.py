"""A simulated service on the web: a real port, and faults of one kind or another."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Awaitable, Callable, Iterable
from enum import StrEnum
from typing import Self

from aiohttp import web

from simulator.fault_replies import hang_up

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class WebService[FaultT: StrEnum](ABC):
    """Serve something over HTTP, or fail to in the way that was asked for.

    It runs nothing in the background.
    """

    def __init__(self) -> None:
        """Prepare a service that does not listen yet."""
        self.host = ""
        self.port = 0
        # Who said to be asking, for each request.
        self.user_agents: list[str] = []
        # The seconds that a client is told to stay away for.
        self.retry_after = 60
        self._fault: FaultT | None = None
        self._released = asyncio.Event()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Return where the service is reached, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    @property
    def fault(self) -> FaultT | None:
        """Return what happens to every request."""
        return self._fault

    @fault.setter
    def fault(self, fault: FaultT | None) -> None:
        """Misbehave from now on, or behave again; a request that hangs is dropped."""
        self._fault = fault
        self._release()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Begin to listen; port 0 is replaced by the one found."""

        # A middleware is a coroutine function, which a bound method is not seen as.
        @web.middleware
        async def serve(request: web.Request, handler: Handler) -> web.StreamResponse:
            self.user_agents.append(request.headers.get("User-Agent", ""))
            return await self._serve(request, handler)

        app = web.Application(middlewares=[serve])
        app.add_routes(self._routes())
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

    @abstractmethod
    def _routes(self) -> Iterable[web.AbstractRouteDef]:
        """Return what is served."""

    @abstractmethod
    async def _serve(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Answer one request, or fail to."""

    async def _hang(self, request: web.Request) -> web.Response:
        """Do not answer until the fault is another one."""
        await self._released.wait()
        hang_up(request, at_once=True)
        return web.Response()

    def _release(self) -> None:
        """Drop the requests that hang."""
        self._released.set()
        self._released = asyncio.Event()
