"""The pool statistics server: public-pool, ckpool and Braiins Pool on a real port."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
import json
from typing import override

from aiohttp import web

from simulator.fault_replies import send_cut, send_huge, with_wrong_types
from simulator.pool_statistics.accounts import Account
from simulator.pool_statistics.api import Api
from simulator.pool_statistics.faults import (
    PoolStatisticsFault,
    page,
    refusal,
    speak_something_else,
)
from simulator.web_service import Handler, WebService
from simulator.wire import encode


class PoolStatisticsServer(WebService[PoolStatisticsFault]):
    """Serve what pools know over HTTP, or fail to in the way that was asked for.

    Nothing happens in the background: a reply depends on `accounts`, `tokens` and the
    fault when it is asked for.
    """

    def __init__(self, *, now: Callable[[], datetime] | None = None) -> None:
        """Prepare a server that does not listen yet."""
        super().__init__()
        self.accounts: dict[str, Account] = {}
        self.tokens: dict[str, Account] = {}
        # The path of each request.
        self.requests: list[str] = []
        self._now = now

    def now(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC) if self._now is None else self._now()

    @override
    def _routes(self) -> Iterable[web.AbstractRouteDef]:
        return Api(self).routes()

    @override
    async def _serve(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        self.requests.append(request.path)
        fault = self._fault
        if fault is None:
            return await _answer(request, handler)
        if (refused := refusal(fault, self.retry_after)) is not None:
            return refused
        if fault is PoolStatisticsFault.SILENT:
            return await self._hang(request)
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
