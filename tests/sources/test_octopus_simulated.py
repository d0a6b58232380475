"""The client and the schedule live with the simulated service, day after day."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from custom_components.miner_controller.planning.fetch_schedule import (
    FetchState,
    after_attempt,
    next_fetch,
    period_to_fetch,
)
from custom_components.miner_controller.planning.slots import (
    Slot,
    is_complete,
    known_until,
    merge,
)
from custom_components.miner_controller.sources import octopus
from custom_components.miner_controller.sources.octopus import OctopusClient
from custom_components.miner_controller.sources.octopus_errors import (
    OctopusConnectionError,
    OctopusError,
    OctopusReplyError,
    OctopusTimeoutError,
    OctopusUnavailableError,
    RateLimitedError,
)
from custom_components.miner_controller.sources.octopus_products import AGILE_PRODUCTS
from simulator.octopus import (
    CURRENT,
    NEWER,
    OLDER,
    VARIABLE,
    OctopusFault,
    OctopusServer,
)
from simulator.octopus.agile_days import agile_day, agile_slots

from .octopus_api import HALF_HOUR, utc

LONDON = ZoneInfo("Europe/London")
NOON = utc(2026, 11, 25, 12)
TODAY = date(2026, 11, 25)
DAY = timedelta(days=1)


class Clock:
    """The time of day, as a test sets it."""

    def __init__(self) -> None:
        """Begin at noon, when the prices of tomorrow are unknown."""
        self.now = NOON

    def __call__(self) -> datetime:
        """Return the time of day."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return the time that the service lives by."""
    return Clock()


@pytest.fixture
async def server(socket_enabled: None, clock: Clock) -> AsyncIterator[OctopusServer]:
    """Return a service that listens."""
    async with OctopusServer(now=clock) as server:
        yield server


@pytest.fixture
async def client(server: OctopusServer) -> AsyncIterator[OctopusClient]:
    """Return a client of the service."""
    async with aiohttp.ClientSession() as session:
        yield OctopusClient(session, server.url, version="1.2.3")


async def test_from_a_postcode_to_prices(
    server: OctopusServer, client: OctopusClient
) -> None:
    """A user types a postcode, and has the prices of today."""
    (region,) = await client.regions("sw1a 1aa")
    (found,) = await client.agile_products(NOON)
    product = await client.product(found.code)
    assert (region, product.code) == ("C", CURRENT)
    assert len(product.rate_urls) == 14
    start, end = agile_day(TODAY)
    slots = await client.unit_rates(product, region, start, end)
    assert slots == await client.unit_rates(product.code, region, start, end)
    assert [slot.start for slot in slots] == agile_slots(TODAY)
    for slot in slots:
        pence = server.price(CURRENT, region, slot.start).inc_vat
        assert slot.price == float(pence / 100)
    assert set(server.user_agents) == {"HomeAssistant-MinerController/1.2.3"}


@pytest.mark.parametrize(
    ("postcode", "regions"), [("BT1 1AA", 0), ("SY10 7AA", 2), ("nowhere", 0)]
)
async def test_postcodes_at_the_border(
    client: OctopusClient, postcode: str, regions: int
) -> None:
    """There may be none, or several."""
    assert len(await client.regions(postcode)) == regions


async def test_a_newer_product(server: OctopusServer, client: OctopusClient) -> None:
    """It is found once it is on sale; its past is that of the older one."""
    server.newer_product = True
    assert [found.code for found in await client.agile_products(NOON)] == [NEWER]
    start, change = utc(2026, 9, 29, 23), utc(2026, 9, 30, 23)
    slots = await client.history([NEWER, *AGILE_PRODUCTS], "A", start, NOON)
    assert is_complete(slots, start, NOON)
    for slot in slots:
        code = NEWER if slot.start >= change else CURRENT
        assert slot.price == float(server.price(code, "A", slot.start).inc_vat / 100)


async def test_a_year_of_the_past(server: OctopusServer, client: OctopusClient) -> None:
    """It is 12 requests, and across products a few more."""
    slots = await client.history([CURRENT], "P", NOON - 365 * DAY, NOON)
    assert is_complete(slots, NOON - 365 * DAY, NOON)
    assert len(server.requests) == 12
    server.requests.clear()
    start, end = utc(2024, 3, 1), utc(2025, 3, 1)
    slots = await client.history(AGILE_PRODUCTS, "P", start, end)
    assert is_complete(slots, start, end)
    assert len(server.requests) <= 14
    assert {path.split("/")[3] for path, _ in server.requests} >= {CURRENT, OLDER}


async def test_a_retired_product(server: OctopusServer, client: OctopusClient) -> None:
    """It answers without new prices, and is not found any more."""
    server.retired_products = {CURRENT}
    start, end = agile_day(TODAY)
    assert await client.unit_rates(CURRENT, "C", start, end) == []
    assert await client.unit_rates(CURRENT, "C", start - 30 * DAY, end) != []
    assert await client.agile_products(NOON) == []


@pytest.mark.parametrize("day", [TODAY, date(2026, 3, 29), date(2026, 10, 25)])
async def test_disturbed_lists(
    server: OctopusServer, client: OctopusClient, clock: Clock, day: date
) -> None:
    """Rows twice, pages that overlap and a row without an end change nothing."""
    start, end = agile_day(day)
    clock.now = start + 3 * HALF_HOUR
    plain = await client.unit_rates(CURRENT, "C", start, end)
    assert [slot.start for slot in plain] == agile_slots(day)
    server.duplicates = server.overlapping_pages = server.null_valid_to = True
    with patch.object(octopus, "_RATES_PAGE", 10):
        assert await client.unit_rates(CURRENT, "C", start, end) == plain


async def test_a_tariff_without_half_hours(client: OctopusClient) -> None:
    """A typed code may be one: its price by direct debit holds all the time."""
    start, end = NOON - 200 * DAY, NOON + DAY
    slots = await client.unit_rates(VARIABLE, "C", start, end)
    assert is_complete(slots, start, end)
    assert slots[-1].end == end
    assert len(slots) in (3, 4)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (OctopusFault.RATE_LIMITED, RateLimitedError),
        (OctopusFault.UNAVAILABLE, OctopusUnavailableError),
        (OctopusFault.HANG, OctopusTimeoutError),
        (OctopusFault.GARBAGE, OctopusReplyError),
        (OctopusFault.CUT, OctopusConnectionError),
        (OctopusFault.HUGE, OctopusReplyError),
    ],
)
async def test_a_fault_has_its_name(
    server: OctopusServer,
    client: OctopusClient,
    fault: OctopusFault,
    error: type[OctopusError],
) -> None:
    """After it, the service is as before."""
    server.fault = fault
    limit = 0.05 if fault is OctopusFault.HANG else 20
    with (
        patch.object(octopus, "_TIME_LIMIT", limit),
        pytest.raises(error) as caught,
    ):
        await client.products()
    wait = server.retry_after if fault is OctopusFault.RATE_LIMITED else None
    assert caught.value.retry_after == wait
    server.fault = None
    assert await client.products() != []


@pytest.mark.parametrize("fault", [OctopusFault.WRONG_TYPES, OctopusFault.WRONG_SHAPE])
async def test_wrong_types(
    server: OctopusServer, client: OctopusClient, fault: OctopusFault
) -> None:
    """They make no price of nonsense."""
    server.fault = fault
    start, end = agile_day(TODAY)
    for question in (
        client.products(),
        client.agile_products(NOON),
        client.product(CURRENT),
        client.regions("SW1A 1AA"),
        client.unit_rates(CURRENT, "C", start, end),
    ):
        try:
            answer = await question
        except OctopusError:
            continue
        assert not isinstance(answer, list) or not any(
            isinstance(item, Slot) for item in answer
        )


@pytest.mark.parametrize(
    ("start", "delay", "most"),
    [
        (utc(2026, 3, 25, 8), 0, 2),
        (utc(2026, 10, 22, 8), 50, 6),
        (utc(2026, 12, 29, 8), 5, 3),
    ],
    ids=["spring", "late in autumn", "New Year"],
)
async def test_a_week_of_days(
    server: OctopusServer,
    client: OctopusClient,
    clock: Clock,
    start: datetime,
    delay: int,
    most: int,
) -> None:
    """The price of every moment is known, at a few requests a day.

    A rate limit on the second day is kept to.
    """
    server.publication_delay = timedelta(minutes=delay)
    server.retry_after = 1500
    clock.now = start
    state = FetchState(jitter=137)
    slots: tuple[Slot, ...] = ()
    requests: list[datetime] = []
    limited = (start + DAY).astimezone(LONDON).replace(hour=16, minute=10)
    while (due := next_fetch(clock.now, state)) < start + 7 * DAY:
        clock.now = due
        assert not requests or is_complete(slots, start, due)
        requests.append(due)
        server.fault = (
            OctopusFault.RATE_LIMITED if start + DAY < due <= limited else None
        )
        period = period_to_fetch(due, known_until(slots, due))
        wait = None
        try:
            slots = merge(slots, await client.unit_rates(CURRENT, "M", *period))
        except RateLimitedError as err:
            wait = err.retry_after
        state = after_attempt(due, state, known_until(slots, due), retry_after=wait)
        assert wait is None or next_fetch(due, state) == due + timedelta(seconds=1500)
    assert server.requests[0][1]["period_from"] < server.requests[1][1]["period_from"]
    days = Counter(moment.astimezone(LONDON).date() for moment in requests)
    assert set(days.values()) <= set(range(1, most + 1))
    assert len(server.requests) == len(requests)
