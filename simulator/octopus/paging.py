"""A list that is handed out in pages, each with the addresses of its neighbours."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from simulator.wire import JsonObject, encode

PAGE_SIZE = 100
MOST_ROWS = 1500

# How many rows a page repeats of the one before, where pages overlap.
OVERLAP = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """Hands out lists for one request."""

    request: web.Request
    overlapping: bool

    def reply[Item](
        self, items: list[Item], describe: Callable[[Item], JsonObject]
    ) -> web.Response:
        """Return the page that was asked for; only what is on it is described."""
        query = self.request.query
        # As with the real server a size that is none is ignored.
        size = min(_whole(query.get("page_size")) or PAGE_SIZE, MOST_ROWS)
        page = _whole(query.get("page", "1"))
        step = max(1, size - OVERLAP) if self.overlapping else size
        start = (page - 1) * step
        if page < 1 or (start >= len(items) and page > 1):
            return json_reply({"detail": "Invalid page."}, status=404)
        return json_reply(
            {
                "count": len(items),
                "next": self._page(page + 1) if start + size < len(items) else None,
                "previous": self._page(page - 1) if page > 1 else None,
                "results": list(map(describe, items[start : start + size])),
            }
        )

    def _page(self, page: int) -> str:
        """Return the address of another page."""
        query: Iterable[tuple[str, str]] = sorted(
            (*((k, v) for k, v in self.request.query.items() if k != "page"),)
            # The first page is the one without a number.
            + ((("page", str(page)),) if page > 1 else ())
        )
        return str(self.request.url.with_query(list(query)))


def _whole(text: str | None) -> int:
    """Return a number that counts something, or 0 for what is none."""
    return int(text) if text and text.isascii() and text.isdecimal() else 0


def json_reply(content: Any, status: int = 200) -> web.Response:
    """Return a reply of the API."""
    return web.Response(
        status=status, body=encode(content), content_type="application/json"
    )
