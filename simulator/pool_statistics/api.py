"""The endpoints of the three services, side by side on one server."""

from datetime import datetime
import json
from typing import Any, Protocol

from aiohttp import web

from simulator.pool_statistics.accounts import Account
from simulator.pool_statistics.faults import page
from simulator.pool_statistics.replies import (
    braiins_profile,
    braiins_workers,
    ckpool_user,
    public_pool_chart,
    public_pool_client,
)
from simulator.wire import encode

TOKEN_HEADER = "Pool-Auth-Token"  # noqa: S105


class Pool(Protocol):
    """What the endpoints speak for."""

    accounts: dict[str, Account]
    """By payout address."""
    tokens: dict[str, Account]
    """By token."""

    def now(self) -> datetime:
        """Return the time."""


class Api:
    """Answers questions about a pool."""

    def __init__(self, pool: Pool) -> None:
        """Speak for a pool."""
        self._pool = pool

    def routes(self) -> list[web.RouteDef]:
        """Return what answers which path."""
        return [
            web.get("/api/client/{address}", self._client),
            web.get("/api/client/{address}/chart", self._chart),
            web.get("/users/{address}", self._user),
            web.get("/accounts/profile/json/btc/", self._profile),
            web.get("/accounts/workers/json/btc/", self._workers),
        ]

    async def _client(self, request: web.Request) -> web.Response:
        """Tell of an address as public-pool does, which knows every address."""
        account = self._account(request) or Account()
        return json_reply(public_pool_client(account, self._pool.now()))

    async def _chart(self, request: web.Request) -> web.Response:
        """Draw the last day of an address."""
        account = self._account(request) or Account()
        return json_reply(public_pool_chart(account, self._pool.now()))

    async def _user(self, request: web.Request) -> web.Response:
        """Hand out ckpool's file of an address, which goes over several lines."""
        if (account := self._account(request)) is None:
            return page("404 Not Found", 404)
        address = request.match_info["address"]
        content = ckpool_user(address, account, self._pool.now())
        return web.Response(
            text=json.dumps(content, indent=1), content_type="application/octet-stream"
        )

    async def _profile(self, request: web.Request) -> web.Response:
        """Tell of the account of a token."""
        if (account := self._of_token(request)) is None:
            return page("403 Forbidden", 403)
        return json_reply(braiins_profile(account))

    async def _workers(self, request: web.Request) -> web.Response:
        """Tell of the workers of a token's account."""
        if (account := self._of_token(request)) is None:
            return page("403 Forbidden", 403)
        return json_reply(braiins_workers(account, self._pool.now()))

    def _account(self, request: web.Request) -> Account | None:
        """Return who is asked about."""
        return self._pool.accounts.get(request.match_info["address"])

    def _of_token(self, request: web.Request) -> Account | None:
        """Return whose token came with the request."""
        return self._pool.tokens.get(request.headers.get(TOKEN_HEADER, ""))


def json_reply(content: Any) -> web.Response:
    """Return a reply in JSON."""
    return web.Response(body=encode(content), content_type="application/json")
