"""What can be made to go wrong with the price server, over a real socket."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
import json
from typing import Any

import aiohttp
import pytest

from simulator.octopus import (
    CURRENT,
    FIXED,
    NEWER,
    OLDER,
    RETIRED,
    VARIABLE,
    OctopusFault,
    OctopusServer,
)
from simulator.octopus.agile_days import agile_day, agile_slots, utc_text

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
RATES = (
    f"/v1/products/{CURRENT}/electricity-tariffs/E-1R-{CURRENT}-C/standard-unit-rates/"
)
TODAY = date(2026, 11, 25)


class Time:
    """The time of day, as a test sets it."""

    def __init__(self) -> None:
        """Begin at noon, when the prices of tomorrow are unknown."""
        self.now = NOON

    def __call__(self) -> datetime:
        """Return the time of day."""
        return self.now


@pytest.fixture
def time() -> Time:
    """Return the time the server lives by."""
    return Time()


@pytest.fixture
async def server(socket_enabled: None, time: Time) -> AsyncIterator[OctopusServer]:
    """Return a server that listens."""
    async with OctopusServer(now=time) as server:
        yield server


async def day_of_rates(
    http: aiohttp.ClientSession,
    server: OctopusServer,
    day: date = TODAY,
    path: str = RATES,
) -> list[Any]:
    """Return the rows of an Agile day."""
    since, until = agile_day(day)
    query = {"period_from": utc_text(since), "period_to": utc_text(until)}
    reply = await http.get(server.url + path, params=query)
    assert reply.status == 200
    rows: list[Any] = (await reply.json())["results"]
    return rows


async def listed(http: aiohttp.ClientSession, server: OctopusServer) -> dict[str, Any]:
    """Return the products that are listed, by their code."""
    reply = await (await http.get(f"{server.url}/v1/products/")).json()
    return {product["code"]: product for product in reply["results"]}


async def asked(
    http: aiohttp.ClientSession, server: OctopusServer
) -> asyncio.Task[aiohttp.ClientResponse]:
    """Return a request that has reached the server.

    It is a POST, because the client would ask a second time after a GET that was
    dropped.
    """
    waiting = asyncio.create_task(http.post(server.url + RATES))
    # The list of requests has no event to wait for.
    while not server.requests:  # noqa: ASYNC110
        await asyncio.sleep(0)
    return waiting


async def test_late_publication(
    http: aiohttp.ClientSession, server: OctopusServer, time: Time
) -> None:
    """The next day appears as much later as it is told to."""
    server.publication_delay = timedelta(minutes=95)
    tomorrow = TODAY + timedelta(days=1)
    time.now = datetime(2026, 11, 25, 17, 34, 59, tzinfo=UTC)
    assert await day_of_rates(http, server, tomorrow) == []
    time.now += timedelta(seconds=1)
    assert len(await day_of_rates(http, server, tomorrow)) == 48


async def test_too_many_requests(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """The client is told how long to stay away."""
    server.fault = OctopusFault.RATE_LIMITED
    server.retry_after = 75
    reply = await http.get(server.url + RATES)
    assert reply.status == 429
    assert reply.headers["Retry-After"] == "75"
    assert "75 seconds" in (await reply.json())["detail"]
    assert len(server.requests) == 1
    server.fault = None
    assert len(await day_of_rates(http, server)) == 48


async def test_unavailable(http: aiohttp.ClientSession, server: OctopusServer) -> None:
    """The reply is a page, not JSON."""
    server.fault = OctopusFault.UNAVAILABLE
    reply = await http.get(server.url + RATES)
    assert (reply.status, reply.content_type) == (503, "text/html")


async def test_hang(http: aiohttp.ClientSession, server: OctopusServer) -> None:
    """The request waits until the fault ends, which drops it."""
    server.fault = OctopusFault.HANG
    waiting = await asked(http, server)
    assert not waiting.done()
    server.fault = None
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await waiting
    assert len(await day_of_rates(http, server)) == 48


async def test_stopping_ends_a_request_that_hangs(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """No task is left behind."""
    server.fault = OctopusFault.HANG
    waiting = await asked(http, server)
    await server.stop()
    with pytest.raises(aiohttp.ClientError):
        await waiting


async def test_garbage(http: aiohttp.ClientSession, server: OctopusServer) -> None:
    """It says it is JSON."""
    server.fault = OctopusFault.GARBAGE
    reply = await http.get(server.url + RATES)
    assert (reply.status, reply.content_type) == (200, "application/json")
    body = await reply.read()
    with pytest.raises(UnicodeDecodeError):
        json.loads(body)


async def test_cut(http: aiohttp.ClientSession, server: OctopusServer) -> None:
    """The length promises more than there is."""
    server.fault = OctopusFault.CUT
    reply = await http.get(server.url + RATES)
    assert reply.status == 200
    with pytest.raises(aiohttp.ClientPayloadError):
        await reply.read()


async def test_huge(http: aiohttp.ClientSession, server: OctopusServer) -> None:
    """Several MiB come without a length."""
    server.fault = OctopusFault.HUGE
    reply = await http.get(server.url + RATES)
    assert "Content-Length" not in reply.headers
    assert len(await reply.read()) > 4 * 1024 * 1024


async def test_wrong_types(http: aiohttp.ClientSession, server: OctopusServer) -> None:
    """Every value of every row is another kind of thing."""
    right = await day_of_rates(http, server)
    server.fault = OctopusFault.WRONG_TYPES
    wrong = await day_of_rates(http, server)
    assert len(wrong) == len(right)
    kinds = set()
    for before, after in zip(right, wrong, strict=True):
        assert set(before) == set(after)
        assert all(after[key] != value for key, value in before.items())
        kinds.add(type(after["value_inc_vat"]))
    assert kinds >= {str, type(None), dict, list, bool, int}
    # A reply without a list stays what it is.
    product = await http.get(f"{server.url}/v1/products/{CURRENT}/")
    assert (await product.json())["code"] == CURRENT


async def test_wrong_shape(http: aiohttp.ClientSession, server: OctopusServer) -> None:
    """Where the list was is something else."""
    server.fault = OctopusFault.WRONG_SHAPE
    reply = await (await http.get(server.url + RATES)).json()
    assert set(reply) == {"count", "next", "previous", "results"}
    assert reply["count"] == "forty-two"
    assert not isinstance(reply["results"], list)
    product = await (await http.get(f"{server.url}/v1/products/{CURRENT}/")).json()
    assert product["tariffs_active_at"] != utc_text(NOON)


async def test_a_newer_product(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """It takes the place of the current one, which goes on for those who have it."""
    assert NEWER not in await listed(http, server)
    server.newer_product = True
    products = await listed(http, server)
    assert NEWER in products
    assert CURRENT not in products
    assert len(await day_of_rates(http, server)) == 48
    newer = await day_of_rates(http, server, path=RATES.replace(CURRENT, NEWER))
    assert len(newer) == 48
    product = await http.get(f"{server.url}/v1/products/{CURRENT}/")
    assert (await product.json())["available_to"] == "2026-10-01T00:00:00+01:00"


async def test_a_retired_product(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """It answers with old rows only, and may still be listed as if it were sold."""
    server.retired_products.add(CURRENT)
    assert server.retired_since == agile_day(date(2026, 11, 18))[1]
    assert await day_of_rates(http, server) == []
    assert await day_of_rates(http, server, date(2026, 11, 19)) == []
    assert len(await day_of_rates(http, server, date(2026, 11, 18))) == 48
    assert CURRENT not in await listed(http, server)
    server.retired_listed = True
    products = await listed(http, server)
    assert products[CURRENT]["available_to"] is None
    assert products[OLDER]["available_to"] == "2024-10-01T00:00:00+01:00"
    assert RETIRED in products
    server.retired_since = agile_day(date(2026, 11, 19))[1]
    assert len(await day_of_rates(http, server, date(2026, 11, 19))) == 48


async def test_a_retired_product_without_half_hours(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """Its last row has an end."""
    server.retired_products |= {VARIABLE, FIXED, "NO-SUCH-PRODUCT"}
    for code in (VARIABLE, FIXED):
        path = RATES.replace(CURRENT, code)
        reply = await (await http.get(server.url + path)).json()
        assert reply["results"][0]["valid_to"] == utc_text(server.retired_since)
        assert await day_of_rates(http, server, path=path) == []


async def test_duplicates(http: aiohttp.ClientSession, server: OctopusServer) -> None:
    """Some rows are there twice, and counted twice."""
    once = await day_of_rates(http, server)
    server.duplicates = True
    twice = await day_of_rates(http, server)
    assert len(twice) == 48 + 10
    assert [row for row in once if twice.count(row) > 1] == once[::5]
    assert [row for place, row in enumerate(twice) if row not in twice[:place]] == once


async def test_overlapping_pages(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """A page begins with the last rows of the one before."""
    once = await day_of_rates(http, server)
    server.overlapping_pages = True
    since, until = agile_day(TODAY)
    query = f"period_from={utc_text(since)}&period_to={utc_text(until)}"
    url: str | None = f"{server.url}{RATES}?{query}&page_size=20"
    pages = []
    while url is not None:
        reply = await (await http.get(url)).json()
        pages.append(reply["results"])
        url = reply["next"]
    assert [len(page) for page in pages] == [20, 20, 12]
    assert pages[0][-2:] == pages[1][:2]
    assert [*pages[0], *pages[1][2:], *pages[2][2:]] == once
    # Even where a page is smaller than what would be repeated there is an end.
    url = f"{server.url}{RATES}?{query}&page_size=1"
    seen = []
    while url is not None:
        reply = await (await http.get(url)).json()
        seen += reply["results"]
        url = reply["next"]
    assert seen == once


async def test_a_row_without_end(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """It is the newest one, and no other."""
    server.null_valid_to = True
    newest, *others = await day_of_rates(http, server)
    assert newest["valid_from"] == "2026-11-25T22:30:00Z"
    assert newest["valid_to"] is None
    assert all(row["valid_to"] for row in others)


async def test_a_day_that_is_revised(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """Single half-hours or whole days get other prices after their publication."""
    before = await day_of_rates(http, server)
    yesterday = TODAY - timedelta(days=1)
    untouched = await day_of_rates(http, server, yesterday)
    server.shifted_days[TODAY] = Decimal("1.5")
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    server.changed_prices[noon] = Decimal("-3.2")
    after = await day_of_rates(http, server)
    for old, new in zip(before, after, strict=True):
        assert old["valid_from"] == new["valid_from"]
        if new["valid_from"] == utc_text(noon):
            assert (new["value_exc_vat"], new["value_inc_vat"]) == (-3.2, -3.36)
        else:
            more = new["value_exc_vat"] - old["value_exc_vat"]
            assert more == pytest.approx(1.5)
    assert await day_of_rates(http, server, yesterday) == untouched
    shown = [float(server.price(CURRENT, "C", at).inc_vat) for at in agile_slots(TODAY)]
    assert shown == [row["value_inc_vat"] for row in reversed(after)]
    server.shifted_days[TODAY] = Decimal(200)
    highest = max(row["value_inc_vat"] for row in await day_of_rates(http, server))
    assert highest == 100
