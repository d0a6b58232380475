"""A small server with the shape of Octopus Energy's API, which says what it is told."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
import json
from typing import Any, Self

import aiohttp
from aiohttp import web

HOST = "127.0.0.1"
HALF_HOUR = timedelta(minutes=30)

type Row = dict[str, Any]


def rate(start: str, price: object = 20.0, **other: Any) -> Row:
    """Return a row of a half hour, its price in pence."""
    end = datetime.fromisoformat(start) + HALF_HOUR
    return {
        "value_exc_vat": 1.0,
        "value_inc_vat": price,
        "valid_from": start,
        "valid_to": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "payment_method": None,
        **other,
    }


def half_hours(start: datetime, end: datetime, price: float = 20.0) -> list[Row]:
    """Return the rows of a period, the newest first."""
    number = (end - start) // HALF_HOUR
    return [
        rate((start + place * HALF_HOUR).strftime("%Y-%m-%dT%H:%M:%SZ"), price)
        for place in reversed(range(number))
    ]


def listed(rows: Iterable[Any], following: object = None) -> Row:
    """Return a page of a list."""
    return {"count": 1, "next": following, "previous": None, "results": list(rows)}


def product(code: str = "AGILE-24-10-01", **other: Any) -> Row:
    """Return a product as the catalogue has it."""
    return {
        "code": code,
        "direction": "IMPORT",
        "full_name": "Agile Octopus October 2024 v1",
        "display_name": "Agile Octopus",
        "is_variable": True,
        "is_business": False,
        "is_prepay": False,
        "term": 12,
        "available_from": "2024-10-01T00:00:00+01:00",
        "available_to": None,
        "brand": "OCTOPUS_ENERGY",
        "links": [],
        **other,
    }


def utc(*moment: int) -> datetime:
    """Return a moment in UTC."""
    year, month, day, *rest = moment
    hour, minute = [*rest, 0, 0][:2]
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


class Api:
    """A server whose answers are set by path, in order; the last one remains."""

    def __init__(self) -> None:
        """Prepare a server without any answers."""
        self.url = ""
        self.asked: list[str] = []
        self.queries: list[dict[str, str]] = []
        self.headers: list[Mapping[str, str]] = []
        self._answers: dict[str, list[Any]] = {}
        self._runner = web.ServerRunner(
            web.Server(self._handle, handler_cancellation=True, access_log=None),
            shutdown_timeout=0,
        )

    def answer(self, path: str, *answers: Any) -> None:
        """Set what is answered at a path: documents, or the arguments of a reply."""
        self._answers[path] = list(answers)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer what is set."""
        self.asked.append(request.path)
        self.queries.append(dict(request.query))
        self.headers.append(request.headers)
        answers = self._answers.get(request.path) or self._answers.get("*")
        if not answers:
            return web.json_response({"detail": "Not found."}, status=404)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if callable(answer):
            return await answer(request)  # type: ignore[no-any-return]
        if isinstance(answer, tuple):
            status, headers, body = answer
            return web.Response(status=status, headers=headers, body=body)
        return web.Response(body=json.dumps(answer).encode())

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0).start()
        self.url = f"http://{HOST}:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening."""
        await self._runner.cleanup()


class FixedReply:
    """A stand-in for a session, which answers each request with the same body."""

    def __init__(self, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        """Prepare the reply."""
        self.status = 200
        self.headers = headers or {}
        self._body = body
        self._chunks: list[bytes] = []

    @property
    def content(self) -> Self:
        """Return the body, which is read here."""
        return self

    def get(self, *_: Any, **__: Any) -> Self:
        """Return the reply."""
        self._chunks = [self._body, b""]
        return self

    async def readany(self) -> bytes:
        """Return what is there of the body."""
        return self._chunks.pop(0)

    async def __aenter__(self) -> Self:
        """Begin with the reply."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Be done with it."""


def session_with(reply: FixedReply) -> aiohttp.ClientSession:
    """Return a reply as what the client takes."""
    return reply  # type: ignore[return-value]
