"""The price server: the public part of the Octopus Energy API on a real port."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import override

from aiohttp import web

from simulator.fault_replies import (
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
from simulator.web_service import Handler, WebService


class OctopusServer(WebService[OctopusFault], Market):
    """Serve the market over HTTP, or fail to in the way that was asked for.

    It runs nothing in the background: each reply depends on what `now` returns when
    it is asked for, and on the switches.
    """

    def __init__(
        self, *, seed: int = 1, now: Callable[[], datetime] | None = None
    ) -> None:
        """Prepare a server that does not listen yet."""
        WebService.__init__(self)
        Market.__init__(self, seed=seed, now=now)
        # Path and query of each request.
        self.requests: list[tuple[str, Mapping[str, str]]] = []

    @override
    def _routes(self) -> Iterable[web.AbstractRouteDef]:
        return Api(self).routes()

    @override
    async def _serve(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        self.requests.append((request.path, dict(request.query)))
        match self._fault:
            case OctopusFault.RATE_LIMITED:
                return rate_limited(self.retry_after)
            case OctopusFault.UNAVAILABLE:
                return unavailable()
            case OctopusFault.HANG:
                return await self._hang(request)
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
