"""Octopus Agile as a tariff, with the simulated service."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import aiohttp
import pytest

from custom_components.miner_controller.planning import fetch_schedule
from custom_components.miner_controller.planning.fetch_schedule import FetchState
from custom_components.miner_controller.planning.slots import is_complete
from custom_components.miner_controller.sources.octopus import OctopusClient
from custom_components.miner_controller.sources.octopus_agile import OctopusAgile
from custom_components.miner_controller.sources.octopus_errors import (
    OctopusConnectionError,
    OctopusUnavailableError,
)
from custom_components.miner_controller.sources.tariff import (
    Diagnosis,
    TariffError,
    TariffFault,
    TariffNotFoundError,
)
from simulator.octopus import CURRENT, NEWER, OLDER, TWIN, OctopusFault, OctopusServer

from .octopus_api import HALF_HOUR, Api, half_hours, listed, product, utc

NOON = utc(2026, 11, 25, 12)
END = utc(2026, 11, 25, 23)
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
async def session(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(server: OctopusServer, session: aiohttp.ClientSession) -> OctopusClient:
    """Return a client of the service."""
    return OctopusClient(session, server.url, version="1.2.3")


def agile(
    client: OctopusClient, code: str = CURRENT, region: str = "C"
) -> OctopusAgile:
    """Return a tariff."""
    return OctopusAgile(client, code, region)


def price(server: OctopusServer, code: str, start: datetime) -> float:
    """Return the price of a half hour in London."""
    return float(server.price(code, "C", start).inc_vat / 100)


async def diagnosis(tariff: OctopusAgile, *, is_found: bool = True) -> Diagnosis | None:
    """Return what is wrong with a tariff that has no prices from noon on."""
    return await tariff.diagnose(
        NOON, NOON, tariff.tomorrow_end(NOON), is_found=is_found
    )


def test_names(client: OctopusClient, server: OctopusServer) -> None:
    """A tariff tells who sells it, and what its prices belong to."""
    tariff = agile(client)
    assert (tariff.provider, tariff.model) == ("Octopus Energy", "Agile")
    assert tariff.unit == "GBP/kWh"
    assert (tariff.product, tariff.region) == (CURRENT, "C")


def test_references(client: OctopusClient, session: aiohttp.ClientSession) -> None:
    """Prices belong to service, product and region, and the past to all products."""
    elsewhere = OctopusClient(session, "http://127.0.0.1:1", version="1.2.3")
    tariffs = [
        agile(client),
        agile(client, NEWER),
        agile(client, region="D"),
        agile(elsewhere),
    ]
    assert len({tariff.reference for tariff in tariffs}) == 4
    assert len({tariff.past_reference for tariff in tariffs}) == 3
    assert tariffs[0].past_reference == tariffs[1].past_reference
    assert agile(client).reference == tariffs[0].reference
    # However the address was typed, it is the same service.
    again = OctopusClient(session, f" {client.base_url}/v1/ ", version="9")
    assert agile(again).reference == tariffs[0].reference


async def test_prices(server: OctopusServer, client: OctopusClient) -> None:
    """The prices are those of the product and the region, at one request."""
    slots = await agile(client).prices(NOON, NOON + DAY)
    assert slots[0].start == NOON
    assert slots[-1].end == END
    assert [slot.price for slot in slots] == [
        price(server, CURRENT, NOON + place * HALF_HOUR) for place in range(22)
    ]
    assert len(server.requests) == 1


@pytest.mark.parametrize(("code", "region"), [("AGILE-99", "C"), (CURRENT, "I")])
async def test_prices_of_what_there_is_not(
    client: OctopusClient, code: str, region: str
) -> None:
    """Neither an unknown product nor an unknown region has prices."""
    with pytest.raises(TariffNotFoundError):
        await agile(client, code, region).prices(NOON, END)


async def test_past_before_a_product(
    server: OctopusServer, client: OctopusClient
) -> None:
    """The time before a product is that of the older ones, and of no newer one."""
    server.newer_product = True
    change = utc(2026, 9, 30, 23)
    slots = await agile(client, NEWER).past_prices(change - DAY, change + DAY)
    assert is_complete(slots, change - DAY, change + DAY)
    for slot in slots:
        code = NEWER if slot.start >= change else CURRENT
        assert slot.price == price(server, code, slot.start)

    server.requests.clear()
    change = utc(2024, 9, 30, 23)
    slots = await agile(client).past_prices(change - DAY, change + DAY)
    assert is_complete(slots, change - DAY, change + DAY)
    for slot in slots:
        code = CURRENT if slot.start >= change else OLDER
        assert slot.price == price(server, code, slot.start)
    assert NEWER not in {path.split("/")[3] for path, _ in server.requests}
    # An older product is not asked for what it cannot be of use for.
    older = [query for path, query in server.requests if f"/{OLDER}/" in path]
    assert [query["period_to"] for query in older] == ["2024-09-30T23:00:00Z"]


async def test_past_of_an_old_product(
    server: OctopusServer, client: OctopusClient
) -> None:
    """Who has an older product has no past of a product that came after it."""
    start = utc(2024, 11, 1)
    slots = await agile(client, OLDER).past_prices(start, start + DAY)
    assert [slot.price for slot in slots] == [
        price(server, OLDER, slot.start) for slot in slots
    ]
    assert {path.split("/")[3] for path, _ in server.requests} == {OLDER}


async def test_past_without_prices(
    server: OctopusServer, client: OctopusClient
) -> None:
    """What a product had no price for is not told with the price of another."""
    server.newer_product = True
    server.retired_products = {CURRENT}
    assert await agile(client).past_prices(NOON - DAY, NOON) == []
    assert await agile(client, NEWER).past_prices(NOON - DAY, NOON) != []
    # A period that began with prices is told as far as there are any.
    end = server.retired_since
    slots = await agile(client).past_prices(end - DAY, NOON)
    assert slots[-1].end == end
    assert len(slots) == 48


async def test_past_that_cannot_be_told(
    server: OctopusServer, client: OctopusClient
) -> None:
    """A product that is unknown, or a service that fails, ends in an error."""
    with pytest.raises(TariffNotFoundError):
        await agile(client, "AGILE-17").past_prices(NOON - DAY, NOON)
    server.fault = OctopusFault.UNAVAILABLE
    with pytest.raises(OctopusUnavailableError):
        await agile(client).past_prices(NOON - DAY, NOON)


async def test_past_of_a_product_beside_the_others(
    server: OctopusServer, client: OctopusClient
) -> None:
    """The time before a product that nobody ever listed is that of all known ones."""
    start = utc(2024, 9, 29)
    slots = await agile(client, TWIN).past_prices(start, start + DAY)
    assert is_complete(slots, start, start + DAY)
    assert slots[0].price == price(server, OLDER, start)


@pytest.mark.parametrize("is_found", [True, False])
async def test_nothing_is_wrong(client: OctopusClient, is_found: bool) -> None:
    """Prices that are merely late are no fault."""
    assert await diagnosis(agile(client), is_found=is_found) is None


@pytest.mark.parametrize("is_listed", [True, False])
async def test_retired(
    server: OctopusServer, client: OctopusClient, is_listed: bool
) -> None:
    """A newer product with prices has taken over, whatever the list says."""
    server.newer_product = True
    server.retired_products = {CURRENT}
    server.retired_listed = is_listed
    expected = Diagnosis(fault=TariffFault.RETIRED, replacement=NEWER)
    assert await diagnosis(agile(client)) == expected
    assert await diagnosis(agile(client, "AGILE-17"), is_found=False) == expected


async def test_newer_product_without_prices(
    server: OctopusServer, client: OctopusClient
) -> None:
    """What has no prices either has taken over nothing."""
    server.newer_product = True
    server.retired_products = {CURRENT, NEWER}
    assert await diagnosis(agile(client)) is None
    # Nor has anything while the prices of a day are late for all of them.
    server.retired_products = set()
    tariff = agile(client)
    end = tariff.tomorrow_end(NOON)
    assert await tariff.diagnose(NOON, END, end, is_found=True) is None


async def test_nothing_has_taken_over(
    server: OctopusServer, client: OctopusClient
) -> None:
    """Without another product nothing can be said, known or not."""
    server.retired_products = {CURRENT}
    assert await diagnosis(agile(client)) is None
    assert await diagnosis(agile(client, "AGILE-17"), is_found=False) is None


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (OctopusFault.UNAVAILABLE, OctopusUnavailableError),
        (OctopusFault.CUT, OctopusConnectionError),
    ],
)
async def test_diagnosis_fails(
    server: OctopusServer,
    client: OctopusClient,
    fault: OctopusFault,
    error: type[TariffError],
) -> None:
    """A service that fails tells nothing about a tariff."""
    assert issubclass(error, TariffError)
    server.fault = fault
    with pytest.raises(error):
        await diagnosis(agile(client))


async def test_region_without_rates(session: aiohttp.ClientSession) -> None:
    """A product that is sold elsewhere only is told from one that is unknown."""
    async with Api() as api:
        document = product()
        document["single_register_electricity_tariffs"] = {
            "_P": {
                "direct_debit_monthly": {
                    "links": [
                        {
                            "rel": "standard_unit_rates",
                            "href": f"{api.url}/v1/products/{CURRENT}/somewhere/",
                        }
                    ]
                }
            }
        }
        api.answer("/v1/products/", listed([product()]))
        api.answer(f"/v1/products/{CURRENT}/", document)
        client = OctopusClient(session, api.url, version="1.2.3")
        expected = Diagnosis(fault=TariffFault.REGION_WITHOUT_RATES)
        assert await diagnosis(agile(client), is_found=False) == expected
        assert await diagnosis(agile(client, region="P"), is_found=False) is None
        # Where the rates answered, the region has some.
        assert await diagnosis(agile(client), is_found=True) is None
        # A document that names no region at all says nothing.
        del document["single_register_electricity_tariffs"]
        assert await diagnosis(agile(client), is_found=False) is None


async def test_newest_with_prices_is_found(session: aiohttp.ClientSession) -> None:
    """One on sale that has no prices, or none in the region, is passed over."""
    codes = ["AGILE-26-10-01", "AGILE-26-04-01", CURRENT, "AGILE-23-12-06"]
    async with Api() as api:
        api.answer(
            "/v1/products/",
            listed(
                product(code, available_from=f"{2026 - place}-01-01T00:00:00Z")
                for place, code in enumerate(codes)
            ),
        )

        def rates(code: str) -> str:
            return (
                f"/v1/products/{code}/electricity-tariffs/E-1R-{code}-C/"
                "standard-unit-rates/"
            )

        # The second is not sold in the region, which is answered with 404.
        api.answer(rates(codes[0]), listed([]))
        for code in codes[2:]:
            api.answer(rates(code), listed(half_hours(NOON, END)))
        client = OctopusClient(session, api.url, version="1.2.3")
        assert (await diagnosis(agile(client, "AGILE-17"))) == Diagnosis(
            fault=TariffFault.RETIRED, replacement=CURRENT
        )
        # Nothing was asked beyond what was found, and nobody's own product.
        assert rates(codes[3]) not in api.asked
        assert (await diagnosis(agile(client))) == Diagnosis(
            fault=TariffFault.RETIRED, replacement=codes[3]
        )
        assert api.asked.count(rates(CURRENT)) == 1


@pytest.mark.parametrize(
    "now", [NOON, utc(2026, 7, 1, 15, 20), utc(2026, 10, 25, 0), utc(2026, 3, 29, 23)]
)
@pytest.mark.parametrize("until", [None, timedelta(hours=3), timedelta(hours=40)])
def test_schedule(
    client: OctopusClient, now: datetime, until: timedelta | None
) -> None:
    """When to ask, and for what, is what the schedule of Agile says."""
    tariff = agile(client)
    known = None if until is None else now + until
    state = FetchState(
        known_until=known, last_attempt=now - HALF_HOUR, failures=2, jitter=77
    )
    assert tariff.next_fetch(now, state) == fetch_schedule.next_fetch(now, state)
    for wait in (None, 900.0):
        assert tariff.after_attempt(
            now, state, known, wait
        ) == fetch_schedule.after_attempt(now, state, known, retry_after=wait)
    assert tariff.is_complete(now, state) == fetch_schedule.is_complete(now, state)
    assert tariff.period_to_fetch(now, known) == fetch_schedule.period_to_fetch(
        now, known
    )
    assert tariff.tomorrow_end(now) == fetch_schedule.tomorrow_end(now)
