"""The endpoints of the price server, over a real socket."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
import signal
import sys
from typing import Any

import aiohttp
import pytest

from simulator.octopus import (
    BUSINESS,
    CURRENT,
    FIXED,
    NEWER,
    OLDER,
    OUTGOING,
    RETIRED,
    TWIN,
    VARIABLE,
    OctopusServer,
)
from simulator.octopus.agile_days import agile_day, utc_text
from simulator.octopus.regions import SEVERAL_POSTCODE

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


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


def rates_path(code: str = CURRENT, region: str = "C") -> str:
    """Return the path of the rates of a tariff."""
    tariff = f"E-1R-{code}-{region}"
    return f"/v1/products/{code}/electricity-tariffs/{tariff}/standard-unit-rates/"


async def ask(
    http: aiohttp.ClientSession, server: OctopusServer, path: str, **query: str
) -> Any:
    """Return what a path answers, which is meant to be right."""
    async with http.get(server.url + path, params=query) as reply:
        assert (reply.status, reply.content_type) == (200, "application/json")
        return await reply.json()


async def day_of_rates(
    http: aiohttp.ClientSession, server: OctopusServer, day: date, code: str = CURRENT
) -> list[Any]:
    """Return the rows of an Agile day, as a client asks for them."""
    since, until = agile_day(day)
    query = {"period_from": utc_text(since), "period_to": utc_text(until)}
    reply = await ask(http, server, rates_path(code), **query)
    assert reply["count"] == len(reply["results"])
    assert reply["next"] is None
    rows: list[Any] = reply["results"]
    return rows


async def codes(
    http: aiohttp.ClientSession, server: OctopusServer, **query: str
) -> set[str]:
    """Return the codes of the products that are listed."""
    reply = await ask(http, server, "/v1/products/", **query)
    return {product["code"] for product in reply["results"]}


async def test_the_products(http: aiohttp.ClientSession, server: OctopusServer) -> None:
    """What can be bought now is listed, twins and export and all."""
    reply = await ask(http, server, "/v1/products/")
    assert set(reply) == {"count", "next", "previous", "results"}
    listed = {product["code"]: product for product in reply["results"]}
    assert set(listed) == {CURRENT, TWIN, OUTGOING, VARIABLE, FIXED, BUSINESS}
    agile = listed[CURRENT]
    assert agile.pop("description")
    assert agile == {
        "code": "AGILE-24-10-01",
        "direction": "IMPORT",
        "full_name": "Agile Octopus October 2024 v1",
        "display_name": "Agile Octopus",
        "is_variable": True,
        "is_green": True,
        "is_tracker": False,
        "is_prepay": False,
        "is_business": False,
        "is_restricted": False,
        "term": 12,
        "available_from": "2024-10-01T00:00:00+01:00",
        "available_to": None,
        "links": [
            {
                "href": f"{server.url}/v1/products/AGILE-24-10-01/",
                "method": "GET",
                "rel": "self",
            }
        ],
        "brand": "OCTOPUS_ENERGY",
    }
    assert listed[OUTGOING]["direction"] == "EXPORT"
    assert listed[TWIN]["brand"] != "OCTOPUS_ENERGY"
    assert listed[FIXED]["available_from"] == "2026-01-20T00:00:00Z"


async def test_filters_of_products(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """Brand, kind and time; what is neither true nor false filters nothing."""
    everything = await codes(http, server)
    assert everything - await codes(http, server, brand="OCTOPUS_ENERGY") == {TWIN}
    assert await codes(http, server, is_business="true") == {BUSINESS}
    assert await codes(http, server, is_variable="False") == {FIXED, BUSINESS}
    assert await codes(http, server, is_prepay="true") == set()
    assert await codes(http, server, is_tracker="maybe") == everything
    past = await codes(http, server, available_at="2024-06-01T00:00:00Z")
    assert past == {OLDER, OUTGOING, VARIABLE}
    past = await codes(http, server, available_at="2023-06-01T00:00:00Z")
    assert past == {RETIRED, OUTGOING, VARIABLE}


async def test_pages_of_products(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """Each page names its neighbours and keeps the filters."""
    url: str | None = f"{server.url}/v1/products/?page_size=2&is_green=true"
    seen = []
    before = None
    while url is not None:
        page = await (await http.get(url)).json()
        assert page["count"] == 3
        assert (page["previous"] is None) == (before is None)
        seen += [product["code"] for product in page["results"]]
        before, url = url, page["next"]
    assert seen == [CURRENT, TWIN, OUTGOING]
    assert page["previous"] == f"{server.url}/v1/products/?is_green=true&page_size=2"
    for wrong in ("3", "0", "-1", "x"):
        query = {"page_size": "2", "is_green": "true", "page": wrong}
        reply = await http.get(f"{server.url}/v1/products/", params=query)
        assert reply.status == 404
        assert await reply.json() == {"detail": "Invalid page."}


async def test_a_product(http: aiohttp.ClientSession, server: OctopusServer) -> None:
    """It has a tariff in every region, with a link to the rates that works."""
    product = await ask(http, server, f"/v1/products/{CURRENT}/")
    assert product["code"] == CURRENT
    assert product["tariffs_active_at"] == "2026-11-25T12:00:00Z"
    regions = product["single_register_electricity_tariffs"]
    assert list(regions) == [f"_{letter}" for letter in "ABCDEFGHJKLMNP"]
    tariff = regions["_C"]["direct_debit_monthly"]
    assert tariff["code"] == "E-1R-AGILE-24-10-01-C"
    links = {link["rel"]: link["href"] for link in tariff["links"]}
    assert set(links) == {"standing_charges", "standard_unit_rates"}
    assert links["standard_unit_rates"] == server.url + rates_path()
    rates = await (await http.get(links["standard_unit_rates"])).json()
    now = next(row for row in rates["results"] if row["valid_from"] == utc_text(NOON))
    for key in ("exc_vat", "inc_vat"):
        assert tariff[f"standard_unit_rate_{key}"] == now[f"value_{key}"]
    charges = await (await http.get(links["standing_charges"])).json()
    assert charges["count"] == 1
    assert charges["results"][0]["valid_to"] is None
    assert charges["results"][0]["value_inc_vat"] == tariff["standing_charge_inc_vat"]


async def test_tariffs_of_other_products(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """Methods of payment have other names, and a retired tariff has no rate."""
    tariffs = "single_register_electricity_tariffs"
    retired = await ask(http, server, f"/v1/products/{RETIRED}/")
    assert set(retired[tariffs]["_A"]) == {"varying"}
    assert retired[tariffs]["_A"]["varying"]["standard_unit_rate_inc_vat"] is None
    assert retired["available_to"] == "2023-12-06T00:00:00Z"
    then = await ask(
        http,
        server,
        f"/v1/products/{RETIRED}/",
        tariffs_active_at="2024-06-01T12:00:00",
    )
    assert then["tariffs_active_at"] == "2024-06-01T12:00:00+01:00"
    assert then[tariffs]["_A"]["varying"]["standard_unit_rate_inc_vat"] > 0
    variable = await ask(http, server, f"/v1/products/{VARIABLE}/")
    assert len(variable[tariffs]["_P"]) == 2


async def test_rates(http: aiohttp.ClientSession, server: OctopusServer) -> None:
    """The newest is first; the end of the period is not in it."""
    reply = await ask(
        http,
        server,
        rates_path(),
        period_from="2026-11-25T10:00:00Z",
        period_to="2026-11-25T11:00:00Z",
    )
    price = server.price(CURRENT, "C", datetime(2026, 11, 25, 10, 30, tzinfo=UTC))
    assert reply["count"] == 2
    assert reply["next"] is reply["previous"] is None
    assert reply["results"][0] == {
        "value_exc_vat": float(price.exc_vat),
        "value_inc_vat": float(price.inc_vat),
        "valid_from": "2026-11-25T10:30:00Z",
        "valid_to": "2026-11-25T11:00:00Z",
        "payment_method": None,
    }
    assert reply["results"][1]["valid_from"] == "2026-11-25T10:00:00Z"
    assert server.requests[-1] == (
        rates_path(),
        {
            "period_from": "2026-11-25T10:00:00Z",
            "period_to": "2026-11-25T11:00:00Z",
        },
    )
    assert "aiohttp" in server.user_agents[-1]


async def test_a_row_that_touches_the_period_is_in_it(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """A client that asks from now on gets the half-hour of now."""
    query = {
        "period_from": "2026-11-25T10:07:00Z",
        "period_to": "2026-11-25T10:30:01Z",
    }
    reply = await ask(http, server, rates_path(), **query)
    assert [row["valid_from"] for row in reply["results"]] == [
        "2026-11-25T10:30:00Z",
        "2026-11-25T10:00:00Z",
    ]


async def test_times_without_a_zone_are_local(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """An unescaped "+" is a space by the time it is read, which is refused."""
    query = {"period_from": "2026-07-15T10:00", "period_to": "2026-07-15T10:30"}
    reply = await ask(http, server, rates_path(), **query)
    assert [row["valid_from"] for row in reply["results"]] == ["2026-07-15T09:00:00Z"]
    query = {name: f"{text}:00+00:00" for name, text in query.items()}
    reply = await ask(http, server, rates_path(), **query)
    assert [row["valid_from"] for row in reply["results"]] == ["2026-07-15T10:00:00Z"]
    bad = f"{server.url}{rates_path()}?period_from=2026-07-15T10:00:00"
    for plus in ("+00:00", "%2000:00"):
        refused = await http.get(bad + plus)
        assert refused.status == 400
        assert "period_from" in await refused.json()


async def test_the_size_of_a_page_of_rates(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """It is 100 if nobody says, and at most 1500."""
    for asked, given in (("", 100), ("7", 7), ("9999", 1500), ("0", 100), ("x", 100)):
        reply = await ask(http, server, rates_path(), page_size=asked)
        assert len(reply["results"]) == given
        assert reply["count"] > 30000
        assert "page=2" in reply["next"]


async def test_a_year_of_history(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """Pages of 1500 hold every half-hour once, across the new year."""
    first = agile_day(date(2025, 11, 26))[0]
    url: str | None = (
        f"{server.url}{rates_path()}?page_size=1500&period_from={utc_text(first)}"
    )
    starts = []
    pages = 0
    while url is not None:
        page = await (await http.get(url)).json()
        starts += [row["valid_from"] for row in page["results"]]
        url = page["next"]
        pages += 1
    assert pages == 12
    assert len(starts) == len(set(starts)) == page["count"] == 365 * 48
    assert starts == sorted(starts, reverse=True)
    assert {"2025-12-31T23:30:00Z", "2026-01-01T00:00:00Z"} <= set(starts)


async def test_history_is_split_between_products(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """A newer product has no rows from before it existed, an older one ended."""
    server.newer_product = True
    reply = await ask(http, server, rates_path(NEWER), page_size="1500")
    rest = await (await http.get(reply["next"])).json()
    assert rest["next"] is None
    assert rest["results"][-1]["valid_from"] == "2026-09-30T23:00:00Z"
    assert len(await day_of_rates(http, server, date(2026, 6, 1))) == 48
    older = await ask(http, server, rates_path(OLDER), page_size="1")
    assert older["results"][0]["valid_to"] == "2025-06-30T23:00:00Z"
    assert len(await day_of_rates(http, server, date(2024, 6, 1), OLDER)) == 48
    assert await day_of_rates(http, server, date(2024, 6, 1), CURRENT) == []


async def test_the_days_when_the_clocks_change(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """They have 46 and 50 half-hours, all different and without a gap."""
    for day, slots in ((date(2026, 3, 29), 46), (date(2026, 10, 25), 50)):
        rows = await day_of_rates(http, server, day)
        assert len({row["valid_from"] for row in rows}) == len(rows) == slots
        for newer, older in pairwise(rows):
            assert older["valid_to"] == newer["valid_from"]


async def test_publication_at_four(
    http: aiohttp.ClientSession, server: OctopusServer, time: Time
) -> None:
    """Before, the prices end at 23:00; nothing stands for those that are unknown."""
    query = {"period_from": "2026-11-25T12:00:00Z", "page_size": "1"}
    for now, end in (
        (datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC), "2026-11-25T23:00:00Z"),
        (datetime(2026, 11, 25, 16, tzinfo=UTC), "2026-11-26T23:00:00Z"),
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), "2026-12-31T23:00:00Z"),
        (datetime(2026, 12, 31, 16, tzinfo=UTC), "2027-01-01T23:00:00Z"),
    ):
        time.now = now
        reply = await ask(http, server, rates_path(), **query)
        assert reply["results"][0]["valid_to"] == end
    time.now = NOON
    assert await day_of_rates(http, server, date(2026, 11, 26)) == []
    assert len(await day_of_rates(http, server, date(2026, 11, 25))) == 48


async def test_rates_of_other_tariffs(
    http: aiohttp.ClientSession, server: OctopusServer, time: Time
) -> None:
    """They have few rows, one for each method of payment, the last without end."""
    reply = await ask(http, server, rates_path(VARIABLE))
    newest, second, third = reply["results"][:3]
    assert newest["valid_from"] == second["valid_from"] == "2026-09-30T23:00:00Z"
    assert newest["valid_to"] is second["valid_to"] is None
    methods = [newest["payment_method"], second["payment_method"]]
    assert methods == ["DIRECT_DEBIT", "NON_DIRECT_DEBIT"]
    assert newest["value_inc_vat"] < second["value_inc_vat"]
    assert third["valid_to"] == newest["valid_from"]
    assert reply["results"][-1]["valid_from"] == "2022-11-01T00:00:00Z"
    now = utc_text(time.now)
    reply = await ask(http, server, rates_path(VARIABLE), period_from=now)
    assert reply["count"] == 2
    reply = await ask(http, server, rates_path(FIXED))
    assert reply["count"] == 1
    reply = await ask(http, server, rates_path(FIXED), period_to="2026-01-01T00:00Z")
    assert reply["count"] == 0


async def test_the_region_of_a_postcode(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """There is one, or several, or none."""
    path = "/v1/industry/grid-supply-points/"
    one = await ask(http, server, path, postcode="SW1A 1AA")
    assert one == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [{"group_id": "_C"}],
    }
    several = await ask(http, server, path, postcode=SEVERAL_POSTCODE)
    assert several["results"] == [{"group_id": "_D"}, {"group_id": "_E"}]
    none = await ask(http, server, path, postcode="BT1 5GS")
    assert (none["count"], none["results"]) == (0, [])
    assert (await ask(http, server, path))["count"] == 14


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/v1/",
        "/v1/products",
        "/v1/products/AGILE-25-01-01/",
        f"/v1/products/{NEWER}/",
        rates_path(region="I"),
        rates_path("AGILE-25-01-01"),
        rates_path().replace("E-1R-", "E-2R-"),
        rates_path().replace("E-1R-AGILE", "E-1R-AGILE-BB"),
        rates_path().replace("standard", "day"),
    ],
)
async def test_what_is_not_there(
    http: aiohttp.ClientSession, server: OctopusServer, path: str
) -> None:
    """It is said in JSON."""
    reply = await http.get(server.url + path)
    assert reply.status == 404
    assert await reply.json() == {"detail": "Not found."}


async def test_nothing_can_be_written(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """It is said in JSON, too."""
    reply = await http.post(f"{server.url}/v1/products/")
    assert reply.status == 405
    assert await reply.json() == {"detail": 'Method "POST" not allowed.'}


async def test_the_program(http: aiohttp.ClientSession) -> None:
    """It says where it is, serves and ends at once."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "simulator.octopus", "--port", "0", "--seed", "3"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode().strip()
    url = line.removeprefix("octopus: ")
    query = {"period_from": "2026-01-01T00:00Z", "period_to": "2026-01-01T00:30Z"}
    reply = await (await http.get(url + rates_path(), params=query)).json()
    same = OctopusServer(seed=3)
    price = same.price(CURRENT, "C", datetime(2026, 1, 1, tzinfo=UTC))
    assert reply["results"][0]["value_inc_vat"] == float(price.inc_vat)
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0


async def test_it_starts_again_on_its_port(
    http: aiohttp.ClientSession, server: OctopusServer
) -> None:
    """While it is stopped nobody listens, and stopping twice does no harm."""
    port = server.port
    assert await codes(http, server)
    await server.stop()
    await server.stop()
    with pytest.raises(aiohttp.ClientConnectorError):
        await http.get(server.url)
    await server.start(port=port)
    assert await codes(http, server)
