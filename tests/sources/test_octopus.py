"""Each question is asked as the service takes it, and every failure is named."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
import json
import socket
import traceback
from typing import Any
from unittest.mock import patch

import aiohttp
from aiohttp import web
from hypothesis import given, strategies as st
import pytest

from custom_components.miner_controller.planning.slots import Slot
from custom_components.miner_controller.sources import octopus
from custom_components.miner_controller.sources.octopus import (
    API_URL,
    OctopusClient,
)
from custom_components.miner_controller.sources.octopus_errors import (
    OctopusConnectionError,
    OctopusError,
    OctopusNotFoundError,
    OctopusReplyError,
    OctopusTimeoutError,
    OctopusUnavailableError,
    RateLimitedError,
)
from custom_components.miner_controller.sources.octopus_products import (
    AGILE_PRODUCTS,
    Product,
)

from .octopus_api import (
    HALF_HOUR,
    HOST,
    Api,
    FixedReply,
    half_hours,
    listed,
    product,
    rate,
    session_with,
    utc,
)

CODE = "AGILE-24-10-01"
OLD_CODE = "AGILE-23-12-06"
PRODUCTS = "/v1/products/"
POINTS = "/v1/industry/grid-supply-points/"
START = utc(2026, 9, 22, 22)
END = utc(2026, 9, 24, 23)
LIMIT = 4 * 1024 * 1024
POSTCODE = "SW1A 1AA"


def rates(code: str = CODE, region: str = "C") -> str:
    """Return the path of a tariff's unit rates."""
    tariff = f"E-1R-{code}-{region}"
    return f"/v1/products/{code}/electricity-tariffs/{tariff}/standard-unit-rates/"


@pytest.fixture
async def api(socket_enabled: None) -> AsyncIterator[Api]:
    """Return a server that ends with the test."""
    async with Api() as api:
        yield api


@pytest.fixture
async def client(api: Api) -> AsyncIterator[OctopusClient]:
    """Return a client of the server."""
    async with aiohttp.ClientSession() as session:
        yield OctopusClient(session, api.url, version="1.2.3")


type Ask = Callable[[OctopusClient], Awaitable[Any]]

QUESTIONS: dict[str, Ask] = {
    "products": lambda client: client.products(),
    "agile": lambda client: client.agile_products(START),
    "product": lambda client: client.product(CODE),
    "regions": lambda client: client.regions(POSTCODE),
    "rates": lambda client: client.unit_rates(CODE, "C", START, END),
    "history": lambda client: client.history([CODE], "C", START, END),
}

any_question = pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)


async def test_products_are_listed(api: Api, client: OctopusClient) -> None:
    """The brand's products are asked for, and a row that is none is left out."""
    rows = [product(), product("VAR-22-11-01"), {}, "nonsense", {"code": 17}]
    api.answer(PRODUCTS, listed(rows))
    assert [found.code for found in await client.products()] == [CODE, "VAR-22-11-01"]
    assert api.asked == [PRODUCTS]
    assert api.queries == [{"brand": "OCTOPUS_ENERGY", "page_size": "100"}]


async def test_all_pages_are_read(api: Api, client: OctopusClient) -> None:
    """The next page is where the service says, in full or in part."""
    api.answer(
        PRODUCTS,
        listed([product("AGILE-A")], f"{api.url}{PRODUCTS}?page=2&x=%2B"),
        listed([product("AGILE-B")], "?page=3"),
        listed([product("AGILE-C")]),
    )
    found = await client.products()
    assert [product.code for product in found] == ["AGILE-A", "AGILE-B", "AGILE-C"]
    assert api.queries[1:] == [{"page": "2", "x": "+"}, {"page": "3"}]


async def test_a_list_without_an_end(api: Api, client: OctopusClient) -> None:
    """There is a most number of pages."""
    api.answer(PRODUCTS, listed([product()], f"{api.url}{PRODUCTS}?page=2"))
    with pytest.raises(OctopusReplyError, match="does not end"):
        await client.products()
    assert len(api.asked) == 20


async def test_a_list_that_became_shorter(api: Api, client: OctopusClient) -> None:
    """A page that is not there any more was the last one, unless it is the first."""
    nothing: tuple[Any, ...] = (404, {}, b'{"detail":"Invalid page."}')
    following = f"{api.url}{PRODUCTS}?page=2"
    api.answer(PRODUCTS, listed([product()], following), nothing)
    assert len(await client.products()) == 1
    api.answer(PRODUCTS, nothing)
    with pytest.raises(OctopusNotFoundError):
        await client.products()


@pytest.mark.parametrize(
    "following",
    [
        "{other}/v1/products/?page=2",
        "https://{host}/v1/products/",
        "http://{host}1/v1/products/",
        "//elsewhere.invalid/v1/products/",
        "http://[",
        "http://{host}:port/",
        "file:///etc/hosts",
        17,
        ["?page=2"],
        {},
        True,
    ],
)
async def test_a_list_that_goes_on_elsewhere(
    api: Api, client: OctopusClient, following: object
) -> None:
    """Nobody else is asked."""
    async with Api() as other:
        if isinstance(following, str):
            host = api.url.removeprefix("http://")
            following = following.format(other=other.url, host=host)
        api.answer("*", listed([product()], following))
        with pytest.raises(OctopusReplyError, match="elsewhere"):
            await client.products()
        assert len(api.asked) == 1
        assert other.asked == []


async def test_the_newest_agile_product(api: Api, client: OctopusClient) -> None:
    """It is found among all others, also on another page."""
    api.answer(
        PRODUCTS,
        listed(
            [
                product(OLD_CODE, available_from="2023-12-06T00:00:00Z"),
                product("AGILE-27-01-01", available_from="2027-01-01T00:00:00Z"),
                product("AGILE-BB-25-01-01", brand="BULB"),
            ],
            "?page=2",
        ),
        listed([product(), product("VAR-25-01-01")]),
    )
    assert [found.code for found in await client.agile_products(START)] == [
        CODE,
        OLD_CODE,
    ]
    # The last answer remains, and is the second page.
    later = await client.agile_products(utc(2027, 1, 1))
    assert [found.code for found in later] == [CODE]


async def test_no_agile_product(api: Api, client: OctopusClient) -> None:
    """There may be none."""
    api.answer(PRODUCTS, listed([product("VAR-22-11-01")]))
    assert await client.agile_products(START) == []


async def test_a_product_by_itself(api: Api, client: OctopusClient) -> None:
    """It comes with the addresses of its rates."""
    href = f"{api.url}{rates()}"
    tariff = {"links": [{"href": href, "rel": "standard_unit_rates"}]}
    api.answer(
        f"{PRODUCTS}{CODE}/",
        {
            **product(),
            "single_register_electricity_tariffs": {"_C": {"varying": tariff}},
        },
    )
    found = await client.product(CODE)
    assert (found.code, found.rate_urls) == (CODE, {"C": href})
    with pytest.raises(OctopusNotFoundError):
        await client.product("AGILE-99-01-01")


@pytest.mark.parametrize(
    "code", ["", " ", "../x", "AGILE/1", "AGILE 1", "agile-24", "Ä", "A" * 65, "-A"]
)
async def test_a_code_that_can_be_none(
    api: Api, client: OctopusClient, code: str
) -> None:
    """The service is not asked."""
    with pytest.raises(OctopusNotFoundError):
        await client.product(code)
    with pytest.raises(OctopusNotFoundError):
        await client.unit_rates(code, "C", START, END)
    assert api.asked == []


@pytest.mark.parametrize("region", ["", "I", "O", "Q", "c", "_C", "AB"])
async def test_a_region_that_is_none(
    api: Api, client: OctopusClient, region: str
) -> None:
    """The service is not asked."""
    with pytest.raises(OctopusNotFoundError):
        await client.unit_rates(CODE, region, START, END)
    assert api.asked == []


@pytest.mark.parametrize(
    ("postcode", "sent"),
    [
        (POSTCODE, "SW1A1AA"),
        (" sw1a1aa\n", "SW1A1AA"),
        ("BT1", "BT1"),
        ("E1&page=2", "E1PAGE2"),
        ("e1+6an%", "E16AN"),
    ],
)
async def test_the_region_of_a_postcode(
    api: Api, client: OctopusClient, postcode: str, sent: str
) -> None:
    """The postcode is sent plainly, and each region is named once."""
    rows = [{"group_id": group} for group in ("_C", "_A", "_C", "_I", None, "C", 3)]
    api.answer(POINTS, listed(rows))
    assert await client.regions(postcode) == ["C", "A"]
    assert api.queries == [{"postcode": sent}]


@pytest.mark.parametrize("postcode", ["", " ", "-", "Ä", "\ud800", "SW1A 1AA 1AA"])
async def test_what_can_be_no_postcode_is_not_sent(
    api: Api, client: OctopusClient, postcode: str
) -> None:
    """It has no region."""
    assert await client.regions(postcode) == []
    assert api.asked == []


@pytest.mark.parametrize(
    "answer", [listed([]), (404, {}, b""), (400, {}, b'{"postcode":["Invalid"]}')]
)
async def test_a_postcode_without_a_region(
    api: Api, client: OctopusClient, answer: object
) -> None:
    """Northern Ireland has none."""
    api.answer(POINTS, answer)
    assert await client.regions("BT1 1AA") == []


async def test_unit_rates(api: Api, client: OctopusClient) -> None:
    """They are asked for with Z and come in GBP, in order and with their sign."""
    api.answer(
        rates(),
        listed(
            [
                rate("2026-09-23T21:30:00Z", 29.4945),
                rate("2026-09-23T21:00:00Z", -1.26),
            ]
        ),
    )
    london = timedelta(hours=1)
    assert await client.unit_rates(CODE, "C", START + london, END + london) == [
        Slot(start=utc(2026, 9, 23, 21), end=utc(2026, 9, 23, 21, 30), price=-0.0126),
        Slot(start=utc(2026, 9, 23, 21, 30), end=utc(2026, 9, 23, 22), price=0.294945),
    ]
    assert api.queries == [
        {
            "period_from": "2026-09-22T23:00:00Z",
            "period_to": "2026-09-25T00:00:00Z",
            "page_size": "1500",
        }
    ]


async def test_pages_that_overlap(api: Api, client: OctopusClient) -> None:
    """A row on two pages is one slot."""
    rows = half_hours(START, END)
    api.answer(rates(), listed(rows[:60], "?page=2"), listed(rows[55:]))
    found = await client.unit_rates(CODE, "C", START, END)
    assert [slot.start for slot in found] == [
        START + place * HALF_HOUR for place in range(len(rows))
    ]


async def test_a_retired_product_has_no_rates(api: Api, client: OctopusClient) -> None:
    """Rows from before the period are left out, so that there are none."""
    api.answer(rates(), listed(half_hours(utc(2024, 12, 30), utc(2025, 1, 1))))
    assert await client.unit_rates(CODE, "C", START, END) == []


@pytest.mark.parametrize(
    ("link", "used"),
    [
        ("{api}/rates/c/?x=1", True),
        ("/rates/c/", True),
        ("http://elsewhere.invalid/rates/c/", False),
        ("https://[", False),
        ("", False),
    ],
)
async def test_a_link_to_rates_is_used_on_the_same_host(
    api: Api, client: OctopusClient, link: str, used: bool
) -> None:
    """Another one is not, nor that of another region."""
    row = rate("2026-09-23T21:00:00Z")
    for path in ("/rates/c/", rates(), rates(region="A")):
        api.answer(path, listed([row]))
    found = Product(code=CODE, name="Agile", rate_urls={"C": link.format(api=api.url)})
    for region in ("C", "A"):
        assert len(await client.unit_rates(found, region, START, END)) == 1
    assert api.asked == ["/rates/c/" if used else rates(), rates(region="A")]
    assert set(api.queries[0]) == {"period_from", "period_to", "page_size"}


async def test_history_of_a_year(api: Api, client: OctopusClient) -> None:
    """Older products know the time before the newer one, in some 12 requests."""
    start, change, end = utc(2024, 4, 1), utc(2024, 10, 1), utc(2025, 4, 1)

    def pages(url: str, since: Any, until: Any, price: float) -> list[Any]:
        rows = half_hours(since, until, price)
        parts = [rows[at : at + 1500] for at in range(0, len(rows), 1500)]
        links = [f"{url}?page={number}" for number in range(2, len(parts) + 1)]
        return [listed(p, n) for p, n in zip(parts, [*links, None], strict=True)]

    older = pages(rates(OLD_CODE), start, change + HALF_HOUR, 30.0)
    api.answer(rates(CODE), *pages(rates(CODE), change, end, 20.0))
    api.answer(rates(OLD_CODE), *older)
    found = await client.history([CODE, "AGILE-24-04-03", OLD_CODE], "C", start, end)
    assert [slot.start for slot in found] == [
        start + place * HALF_HOUR for place in range((end - start) // HALF_HOUR)
    ]
    assert {slot.price for slot in found if slot.start < change} == {0.3}
    assert {slot.price for slot in found if slot.start >= change} == {0.2}
    assert len(api.asked) <= 13
    asked = [q for q in api.queries if "period_to" in q]
    assert [q["period_to"] for q in asked] == [
        "2025-04-01T00:00:00Z",
        "2024-10-01T00:00:00Z",
        "2024-10-01T00:00:00Z",
    ]


async def test_history_asks_no_older_product_without_need(
    api: Api, client: OctopusClient
) -> None:
    """Where the newest product knows everything, it is the only one."""
    api.answer(rates(), listed(half_hours(START, END)))
    await client.history(AGILE_PRODUCTS, "C", START, END)
    assert api.asked == [rates()]


async def test_history_of_nothing(api: Api, client: OctopusClient) -> None:
    """No product, or none that knows anything, is no error."""
    assert await client.history([], "C", START, END) == []
    assert await client.history([CODE], "C", END, START) == []
    assert api.asked == []
    api.answer(rates(OLD_CODE), listed([]))
    assert await client.history([CODE, OLD_CODE], "C", START, END) == []
    assert len(api.asked) == 2


@any_question
async def test_every_request_says_who_asks(
    api: Api, client: OctopusClient, ask: Ask
) -> None:
    """The service wants to know the integration and its version."""
    api.answer("*", {**listed([product()]), **product()})
    await ask(client)
    assert {(headers["User-Agent"], headers["Accept"]) for headers in api.headers} == {
        ("HomeAssistant-MinerController/1.2.3", "application/json")
    }


@any_question
@pytest.mark.parametrize(
    ("answer", "error", "wait"),
    [
        ((429, {"Retry-After": "120"}, b"{}"), RateLimitedError, 120),
        ((429, {}, b"{}"), RateLimitedError, None),
        ((429, {"Retry-After": "9" * 400}, b""), RateLimitedError, 6 * 3600),
        (
            (
                503,
                {
                    "Date": "Wed, 23 Sep 2026 15:00:00 GMT",
                    "Retry-After": "Wed, 23 Sep 2026 15:10:00 GMT",
                },
                b"",
            ),
            OctopusUnavailableError,
            600,
        ),
        ((500, {}, b"{}"), OctopusUnavailableError, None),
        ((502, {}, b"<html>"), OctopusUnavailableError, None),
        ((401, {}, b"{}"), OctopusReplyError, None),
        ((403, {}, b"<html>"), OctopusReplyError, None),
        ((204, {}, b""), OctopusReplyError, None),
        ((206, {}, b"{}"), OctopusReplyError, None),
        ((302, {"Location": "/v1/else/"}, b""), OctopusReplyError, None),
        (
            (301, {"Location": "http://elsewhere.invalid/"}, b""),
            OctopusReplyError,
            None,
        ),
        ((200, {}, b""), OctopusReplyError, None),
        ((200, {}, b"<html></html>"), OctopusReplyError, None),
        ((200, {}, b"\xff\xfe"), OctopusReplyError, None),
        ((200, {}, b"[" * 10_000), OctopusReplyError, None),
        ((200, {}, b"NaN"), OctopusReplyError, None),
        ((200, {"Content-Encoding": "gzip"}, b"{}"), OctopusConnectionError, None),
        ([], OctopusReplyError, None),
        (None, OctopusReplyError, None),
        ("text", OctopusReplyError, None),
        ({}, OctopusReplyError, None),
        ({"results": {}}, OctopusReplyError, None),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_an_answer_that_is_none(
    api: Api,
    client: OctopusClient,
    ask: Ask,
    answer: object,
    error: type[OctopusError],
    wait: float | None,
) -> None:
    """Each has its name, and none tells the postcode."""
    api.answer("*", answer)
    with pytest.raises(error) as caught:
        await ask(client)
    assert type(caught.value) is error
    assert caught.value.retry_after == wait
    assert len(api.asked) == 1
    assert str(caught.value)
    told = "".join(traceback.format_exception(caught.value))
    assert "SW1A1AA" not in told
    assert POSTCODE not in told


async def test_a_product_that_is_not_there(api: Api, client: OctopusClient) -> None:
    """So are its rates."""
    for ask in (QUESTIONS["product"], QUESTIONS["rates"]):
        with pytest.raises(OctopusNotFoundError):
            await ask(client)
    assert len(api.asked) == 2


@pytest.mark.parametrize(("excess", "fits"), [(0, True), (1, False), (LIMIT, False)])
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_reply_has_a_largest_size(
    api: Api, client: OctopusClient, chunked: bool, excess: int, fits: bool
) -> None:
    """The limit holds with a length in the header and without."""
    body = json.dumps(listed([product()])).encode()
    body += b" " * (LIMIT + excess - len(body))

    async def answer(request: web.BaseRequest) -> web.Response:
        reply = web.Response(body=body)
        if chunked:
            reply.enable_chunked_encoding()
        return reply

    api.answer(PRODUCTS, answer)
    if fits:
        assert len(await client.products()) == 1
        return
    with pytest.raises(OctopusReplyError, match="too large"):
        await client.products()


@any_question
async def test_nobody_is_there(socket_enabled: None, ask: Ask) -> None:
    """A refused connection has its own name, and does not tell the address."""
    with socket.socket() as unused:
        unused.bind((HOST, 0))
        url = f"http://{HOST}:{unused.getsockname()[1]}"
        async with aiohttp.ClientSession() as session:
            with pytest.raises(OctopusConnectionError) as caught:
                await ask(OctopusClient(session, url, version="1"))
    assert type(caught.value) is OctopusConnectionError
    assert "SW1A1AA" not in "".join(traceback.format_exception(caught.value))


@any_question
async def test_an_answer_that_never_comes(
    api: Api, client: OctopusClient, ask: Ask
) -> None:
    """The request ends with its time, and its connection with it."""
    heard, gone = asyncio.Event(), asyncio.Event()

    async def answer(request: web.BaseRequest) -> web.Response:
        heard.set()
        try:
            await asyncio.Event().wait()
        finally:
            gone.set()
        return web.Response()

    api.answer("*", answer)
    with (
        patch.object(octopus, "_TIME_LIMIT", 0.05),
        pytest.raises(OctopusTimeoutError) as caught,
    ):
        await ask(client)
    assert isinstance(caught.value, OctopusConnectionError)
    # On a busy machine the time may be over before the request has arrived.
    if heard.is_set():
        async with asyncio.timeout(20):
            await gone.wait()


async def test_a_body_that_never_ends(api: Api, client: OctopusClient) -> None:
    """The limit of time is for all of the reply."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        reply = web.StreamResponse()
        await reply.prepare(request)
        await reply.write(b"{")
        await asyncio.Event().wait()
        return reply

    api.answer(PRODUCTS, answer)
    with patch.object(octopus, "_TIME_LIMIT", 0.05), pytest.raises(OctopusTimeoutError):
        await client.products()


async def test_a_dropped_connection(api: Api, client: OctopusClient) -> None:
    """Half an answer is no answer."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        reply = web.StreamResponse()
        reply.content_length = 1000
        await reply.prepare(request)
        await reply.write(b'{"results":')
        assert request.transport is not None
        request.transport.close()
        return reply

    api.answer(PRODUCTS, answer)
    with pytest.raises(OctopusConnectionError):
        await client.products()


async def test_what_is_no_http(api: Api, client: OctopusClient) -> None:
    """Something else listens at the address."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.write(b"SSH-2.0-OpenSSH\r\n\r\n")
        request.transport.close()
        return web.StreamResponse()

    api.answer(PRODUCTS, answer)
    with pytest.raises(OctopusReplyError, match="no HTTP"):
        await client.products()


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "api",
        "ftp://api.example",
        "http://",
        "http://[",
        "http://a:port",
        "/v1",
    ],
)
async def test_an_address_that_is_none(url: str) -> None:
    """A typed address is checked before it is used."""
    session = session_with(FixedReply(b""))
    with pytest.raises(ValueError, match=r"."):
        OctopusClient(session, url, version="1")


@pytest.mark.parametrize("typed", ["{}", "{}/", " {}/v1/ ", "{}/v1"])
async def test_an_address_as_it_is_typed(api: Api, typed: str) -> None:
    """With a slash or the version of the API it is the same."""
    api.answer(PRODUCTS, listed([]))
    async with aiohttp.ClientSession() as session:
        client = OctopusClient(session, typed.format(api.url), version="1")
        assert await client.products() == []
    assert api.asked == [PRODUCTS]


def test_the_service_is_asked_over_an_encrypted_connection() -> None:
    """Its own address is the default."""
    assert API_URL.startswith("https://")


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(
        ["2026-09-23T21:00:00Z", "0001-01-01T00:00:00+14:00", "_C", "IMPORT", CODE]
    ),
    lambda values: (
        st.lists(values, max_size=4)
        | st.dictionaries(
            st.text(max_size=8)
            | st.sampled_from(
                [
                    *("results", "next", "code", "valid_from", "valid_to", "links"),
                    *("value_inc_vat", "payment_method", "group_id", "available_from"),
                    *("single_register_electricity_tariffs", "_C", "rel", "href"),
                ]
            ),
            values,
            max_size=6,
        )
    ),
    max_leaves=25,
)
rows = st.fixed_dictionaries(
    {
        "valid_from": json_values,
        "valid_to": json_values,
        "value_inc_vat": json_values,
        "payment_method": json_values,
        "group_id": json_values,
        **dict.fromkeys(product(), json_values),
    }
)
documents = json_values | st.fixed_dictionaries(
    {"results": st.lists(rows | json_values, max_size=4), "next": json_values}
)


@given(documents.map(lambda document: json.dumps(document).encode()) | st.binary())
async def test_no_reply_is_another_error(body: bytes) -> None:
    """Whatever is answered, the client knows it or says that it does not."""
    client = OctopusClient(session_with(FixedReply(body)), version="1")
    for ask in QUESTIONS.values():
        with suppress(OctopusError):
            await ask(client)
