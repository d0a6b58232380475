"""Tests for the actions that tell prices, and when power is cheapest."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
import json
import threading
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.planning.slots import Slot, merge
from custom_components.miner_controller.planning.windows import CheapWindow
from custom_components.miner_controller.prices import actions, history
from custom_components.miner_controller.prices.shown import shown_slots
from simulator.octopus import CURRENT, NEWER, OLDER, OctopusFault, OctopusServer
from simulator.octopus.agile_days import slot, slot_start
from simulator.octopus.market import Market
from simulator.octopus.products import Product
from tests.devices import StartDevice
from tests.integration import device_entry
from tests.integration.conftest import AddMiner
from tests.planning import oracle

from . import (
    MORNING,
    SLOT,
    ask,
    coordinator,
    go_to,
    restart,
    set_up,
    tariff_device_id,
    tariff_entry,
    utc,
)

DAY = timedelta(days=1)

# As far back as prices are told.
LONGEST = 366 * DAY

type Response = Mapping[str, Any]


def listed(response: Response) -> list[tuple[datetime, datetime, float]]:
    """Return the slots of a response with moments in UTC, once it survived JSON."""
    assert json.loads(json.dumps(response)) == response
    assert response["unit"] == "GBP/kWh"
    return [
        (
            dt_util.as_utc(datetime.fromisoformat(slot["start"])),
            dt_util.as_utc(datetime.fromisoformat(slot["end"])),
            slot["price"],
        )
        for slot in response["slots"]
    ]


def expected(
    server: OctopusServer,
    start: datetime,
    end: datetime,
    product: Callable[[datetime], str] = lambda _: CURRENT,
) -> list[tuple[datetime, datetime, float]]:
    """Return the slots that a period has in truth."""
    return [
        (begin, begin + SLOT, price_in(server, "C", begin, product(begin)))
        for begin in (start + place * SLOT for place in range((end - start) // SLOT))
    ]


def price_in(
    server: OctopusServer, region: str, start: datetime, product: str = CURRENT
) -> float:
    """Return the price of a half hour in a region, in GBP per kWh."""
    # The service itself makes its moments in this way.
    price = server.price(product, region, slot_start(slot(start)))
    return float(price.inc_vat / 100)


def past_requests(server: OctopusServer) -> list[tuple[str, str]]:
    """Return the product and the start of each question about rates so far."""
    return [
        (path.split("/")[3], query["period_from"])
        for path, query in server.requests
        if path.endswith("/standard-unit-rates/")
    ]


async def test_prices_of_today(hass: HomeAssistant, server: OctopusServer) -> None:
    """Without a period it is what is known from the start of today on."""
    await set_up(hass, tariff_entry(server))
    asked = len(server.requests)
    response = await ask(hass, "get_prices")
    assert response.keys() == {"unit", "complete", "slots"}
    assert listed(response) == expected(
        server, utc("2026-11-10 00:00"), utc("2026-11-10 23:00")
    )
    assert response["complete"] is True
    assert len(server.requests) == asked


async def test_prices_of_tomorrow(
    hass: HomeAssistant, server: OctopusServer, freezer: FrozenDateTimeFactory
) -> None:
    """What was published is told too, and only what was asked for."""
    freezer.move_to(utc("2026-11-10 17:00"))
    await set_up(hass, tariff_entry(server))
    midnight = utc("2026-11-10 00:00")
    assert listed(await ask(hass, "get_prices")) == expected(
        server, midnight, utc("2026-11-11 23:00")
    )
    response = await ask(
        hass,
        "get_prices",
        **{"from": "2026-11-10T22:10:00+00:00", "to": "2026-11-11T00:30:00+00:00"},
    )
    # Of a half hour that is partly asked for, all is told.
    assert listed(response) == expected(
        server, utc("2026-11-10 22:00"), utc("2026-11-11 00:30")
    )
    assert response["complete"] is True


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-07-10 12:00:00", "2026-07-10 13:00:00"),
        ("2026-07-10T12:00:00+01:00", "2026-07-10T13:00:00+01:00"),
        ("2026-07-10T11:00:00Z", "2026-07-10T12:00:00Z"),
        (utc("2026-07-10 11:00"), utc("2026-07-10 12:00")),
        (datetime(2026, 7, 10, 12), datetime(2026, 7, 10, 13)),  # noqa: DTZ001
        ("2026-07-10 12:00:00", "2026-07-10T08:00:00-04:00"),
    ],
)
async def test_times_of_a_period(
    hass: HomeAssistant,
    server: OctopusServer,
    freezer: FrozenDateTimeFactory,
    start: object,
    end: object,
) -> None:
    """A time without a zone is one of the local clock; all are told in its zone."""
    freezer.move_to(utc("2026-07-10 10:05"))
    await set_up(hass, tariff_entry(server))
    response = await ask(hass, "get_prices", **{"from": start, "to": end})
    assert listed(response) == expected(
        server, utc("2026-07-10 11:00"), utc("2026-07-10 12:00")
    )
    assert response["slots"][0]["start"] == "2026-07-10T12:00:00+01:00"
    found = await ask(
        hass, "find_cheapest", hours=1, earliest=start, latest=end, split=True
    )
    assert found["start"] == "2026-07-10T12:00:00+01:00"
    assert found["end"] == "2026-07-10T13:00:00+01:00"


async def test_day_without_a_zone_has_50_slots(
    hass: HomeAssistant, server: OctopusServer, freezer: FrozenDateTimeFactory
) -> None:
    """The hour that the clock shows twice is there twice, with both offsets."""
    freezer.move_to(utc("2026-10-25 18:00"))
    await set_up(hass, tariff_entry(server))
    response = await ask(
        hass,
        "get_prices",
        **{"from": "2026-10-25 00:00:00", "to": "2026-10-26 00:00:00"},
    )
    assert len(response["slots"]) == 50
    starts = [slot["start"] for slot in response["slots"]]
    assert "2026-10-25T01:30:00+01:00" in starts
    assert "2026-10-25T01:30:00+00:00" in starts
    assert listed(response) == expected(
        server, utc("2026-10-24 23:00"), utc("2026-10-26 00:00")
    )


@pytest.mark.parametrize(
    ("action", "first", "last", "more"),
    [
        ("get_prices", "from", "to", {}),
        ("find_cheapest", "earliest", "latest", {"hours": 1}),
    ],
)
@pytest.mark.parametrize("end", ["12:00:00", "11:59:59"])
async def test_end_before_start(
    hass: HomeAssistant,
    server: OctopusServer,
    action: str,
    first: str,
    last: str,
    more: dict[str, Any],
    end: str,
) -> None:
    """A period has to have a duration."""
    await set_up(hass, tariff_entry(server))
    period = {first: "2026-11-10 12:00:00", last: f"2026-11-10 {end}"}
    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, action, **period, **more)
    assert caught.value.translation_key == "ends_before_start"


async def test_end_before_the_usual_start(
    hass: HomeAssistant, server: OctopusServer
) -> None:
    """An end alone is compared with what the start is then."""
    await set_up(hass, tariff_entry(server))
    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, "get_prices", to="2026-11-09 12:00:00")
    assert caught.value.translation_key == "ends_before_start"
    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, "find_cheapest", hours=1, latest="2026-11-10 10:00:00")
    assert caught.value.translation_key == "ends_before_start"


async def test_incomplete(hass: HomeAssistant, server: OctopusServer) -> None:
    """What is not published is left out, and it is told that something is missing."""
    await set_up(hass, tariff_entry(server))
    response = await ask(hass, "get_prices", to="2026-11-11 00:00:00")
    assert len(response["slots"]) == 46
    assert response["complete"] is False
    # Nothing at all is not complete either.
    response = await ask(hass, "get_prices", **{"from": "2026-11-11 00:00:00"})
    assert response["slots"] == []
    assert response["complete"] is False


async def test_far_future(hass: HomeAssistant, server: OctopusServer) -> None:
    """Somebody may ask for any year, which has no prices."""
    await set_up(hass, tariff_entry(server))
    response = await ask(hass, "get_prices", **{"from": "2999-01-01 00:00:00"})
    assert response["slots"] == []


@pytest.mark.parametrize(
    ("action", "first", "last", "more"),
    [
        ("get_prices", "from", "to", {}),
        ("find_cheapest", "earliest", "latest", {"hours": 1}),
    ],
)
@pytest.mark.parametrize("moment", ["0001-01-01 00:00:00", "9999-12-31 23:00:00"])
async def test_moment_at_the_end_of_time(
    hass: HomeAssistant,
    server: OctopusServer,
    action: str,
    first: str,
    last: str,
    more: dict[str, Any],
    moment: str,
) -> None:
    """A moment that nobody can reckon with is refused."""
    await set_up(hass, tariff_entry(server))
    for key in (first, last):
        with pytest.raises(ServiceValidationError) as caught:
            await ask(hass, action, **{key: moment}, **more)
        assert caught.value.translation_key == "moment_too_far"


async def tariffs(hass: HomeAssistant, server: OctopusServer) -> list[MockConfigEntry]:
    """Return two tariffs, with a window in the second one."""
    window = CheapWindow(duration=timedelta(hours=1))
    return [
        await set_up(hass, tariff_entry(server)),
        await set_up(hass, tariff_entry(server, ("Night", window), region="P")),
    ]


def window_device_id(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the id of the device of the only window of a tariff."""
    (key,) = entry.subentries
    (device,) = (
        device
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        if (DOMAIN, key) in device.identifiers
    )
    return device.id


@pytest.mark.parametrize("action", ["get_prices", "find_cheapest"])
async def test_which_tariff(
    hass: HomeAssistant, server: OctopusServer, action: str
) -> None:
    """The tariff is that of the device, be it the device of one of its windows."""
    first, second = await tariffs(hass, server)
    more = {"hours": 1} if action == "find_cheapest" else {}
    for device_id, region in (
        (tariff_device_id(hass, first), "C"),
        (tariff_device_id(hass, second), "P"),
        (window_device_id(hass, second), "P"),
    ):
        found = listed(await ask(hass, action, device_id=device_id, **more))
        assert found
        for start, _, price in found:
            assert price == price_in(server, region, start)

    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, action, **more)
    assert caught.value.translation_key == "several_tariffs"
    # One that is not loaded is not counted, and cannot be asked.
    device_id = tariff_device_id(hass, first)
    await hass.config_entries.async_unload(first.entry_id)
    start, _, price = listed(await ask(hass, action, **more))[0]
    assert price == price_in(server, "P", start)
    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, action, device_id=device_id, **more)
    assert caught.value.translation_key == "not_a_tariff"


@pytest.mark.parametrize("action", ["get_prices", "find_cheapest"])
async def test_no_tariff(hass: HomeAssistant, action: str) -> None:
    """Without any tariff it is said that there is none."""
    assert await async_setup_component(hass, DOMAIN, {})
    more = {"hours": 1} if action == "find_cheapest" else {}
    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, action, **more)
    assert caught.value.translation_key == "no_tariff"


@pytest.mark.parametrize("action", ["get_prices", "find_cheapest"])
async def test_device_of_a_miner(
    hass: HomeAssistant,
    server: OctopusServer,
    start_device: StartDevice,
    add: AddMiner,
    action: str,
) -> None:
    """A miner has no prices, and neither has what does not exist."""
    await set_up(hass, tariff_entry(server))
    miner = await add(await start_device("axeos-2.15"))
    more = {"hours": 1} if action == "find_cheapest" else {}
    for device_id in (device_entry(hass, miner).id, "no device", ""):
        with pytest.raises(ServiceValidationError) as caught:
            await ask(hass, action, device_id=device_id, **more)
        assert caught.value.translation_key == "not_a_tariff"
        assert caught.value.translation_placeholders == {"device": device_id}
    # It is not counted as a tariff either.
    assert listed(await ask(hass, action, **more))


async def test_a_year(hass: HomeAssistant, server: OctopusServer) -> None:
    """The past is fetched once, at some twelve requests, and is on disk after that."""
    entry = await set_up(hass, tariff_entry(server))
    server.requests.clear()
    start = MORNING.replace(minute=0) - 365 * DAY
    period = {"from": start.isoformat(), "to": MORNING.isoformat()}
    response = await ask(hass, "get_prices", **period)
    assert listed(response) == expected(server, start, MORNING.replace(minute=30))
    assert response["complete"] is True
    assert len(server.requests) in (12, 13)
    assert {code for code, _ in past_requests(server)} == {CURRENT}

    server.requests.clear()
    assert await ask(hass, "get_prices", **period) == response
    # Without an end, what is known of the future follows on.
    longer = await ask(hass, "get_prices", **{"from": start.isoformat()})
    assert listed(longer) == expected(server, start, utc("2026-11-10 23:00"))
    assert longer["complete"] is True
    await restart(hass, entry)
    assert await ask(hass, "get_prices", **period) == response
    assert server.requests == []


async def test_only_what_is_missing(
    hass: HomeAssistant, server: OctopusServer, freezer: FrozenDateTimeFactory
) -> None:
    """More of the past costs no more than that, and time that passed nothing."""
    await set_up(hass, tariff_entry(server))
    first, second = MORNING - 20 * DAY, MORNING - 40 * DAY
    await ask(hass, "get_prices", **{"from": first.isoformat()})
    server.requests.clear()
    # What is known from day to day is not asked for again.
    for place in range(1, 3):
        await go_to(hass, freezer, MORNING + place * DAY)
    asked = len(server.requests)
    found = await ask(hass, "get_prices", **{"from": first.isoformat()})
    assert found["complete"] is True
    assert len(server.requests) == asked
    found = await ask(hass, "get_prices", **{"from": second.isoformat()})
    assert listed(found)[0][0] == second.replace(minute=0)
    assert found["complete"] is True
    (question,) = server.requests[asked:]
    assert question[1]["period_from"] == "2026-10-01T10:05:00Z"
    assert question[1]["period_to"] == "2026-10-21T10:00:00Z"


@pytest.mark.parametrize("product", [CURRENT, NEWER])
async def test_past_of_older_products(
    hass: HomeAssistant,
    server: OctopusServer,
    freezer: FrozenDateTimeFactory,
    product: str,
) -> None:
    """Before a product had any prices, those of the one before it count."""
    if product == NEWER:
        server.newer_product = True
        start, change, older = MORNING - 60 * DAY, utc("2026-09-30 23:00"), CURRENT
    else:
        freezer.move_to(utc("2025-03-01 10:00"))
        start, change, older = utc("2024-08-01 00:00"), utc("2024-09-30 23:00"), OLDER
    await set_up(hass, tariff_entry(server, product=product))
    server.requests.clear()
    start, end = start.replace(minute=0), change + 40 * DAY
    period = {"from": start.isoformat(), "to": end.isoformat()}
    response = await ask(hass, "get_prices", **period)
    assert listed(response) == expected(
        server, start, end, lambda begin: product if begin >= change else older
    )
    assert len(server.requests) <= 14
    assert {code for code, _ in past_requests(server)} >= {product, older}
    server.requests.clear()
    assert await ask(hass, "get_prices", **period) == response
    assert server.requests == []


async def test_too_long_ago(hass: HomeAssistant, server: OctopusServer) -> None:
    """A year is the limit, which is told before anything is asked."""
    await set_up(hass, tariff_entry(server))
    server.requests.clear()
    for start in (MORNING - LONGEST - timedelta(seconds=1), utc("0999-01-01 00:00")):
        with pytest.raises(ServiceValidationError) as caught:
            await ask(hass, "get_prices", **{"from": start.isoformat()})
        assert caught.value.translation_key == "too_long_ago"
        assert caught.value.translation_placeholders == {"days": "366"}
    assert server.requests == []
    start = MORNING - LONGEST
    response = await ask(
        hass,
        "get_prices",
        **{"from": start.isoformat(), "to": (start + DAY).isoformat()},
    )
    assert response["complete"] is True


class ServerWithGap(OctopusServer):
    """A service that never had a price for one half hour."""

    def __init__(self, gap: datetime) -> None:
        """Leave out the half hour that begins at a moment."""
        super().__init__()
        self.gap = gap

    def slots(
        self: Market,
        product: Product,
        since: datetime | None,
        until: datetime | None,
    ) -> list[int]:
        """Return all half hours but one."""
        assert isinstance(self, ServerWithGap)
        missing = int(self.gap.timestamp()) // 1800
        found = super().slots(product, since, until)
        return [number for number in found if number != missing]


async def test_half_hour_without_a_price(
    hass: HomeAssistant, socket_enabled: None
) -> None:
    """What never had a price costs no more than one request each time."""
    gap = utc("2026-10-20 12:00")
    period = {"from": "2026-10-20T11:30:00Z", "to": "2026-10-20T13:00:00Z"}
    async with ServerWithGap(gap) as server:
        await set_up(hass, tariff_entry(server))
        first = await ask(hass, "get_prices", **period)
        assert [start for start, _, _ in listed(first)] == [gap - SLOT, gap + SLOT]
        assert first["complete"] is False
        asked = len(server.requests)
        assert await ask(hass, "get_prices", **period) == first
        assert len(server.requests) - asked <= 1


async def test_at_the_same_time(hass: HomeAssistant, server: OctopusServer) -> None:
    """Two automations that want the same have it fetched once."""
    await set_up(hass, tariff_entry(server))
    server.requests.clear()
    start = (MORNING - 10 * DAY).isoformat()
    first, second = await asyncio.gather(
        *(ask(hass, "get_prices", **{"from": start}) for _ in range(2))
    )
    assert first == second
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "fault", [OctopusFault.UNAVAILABLE, OctopusFault.GARBAGE, OctopusFault.CUT]
)
async def test_service_fails(
    hass: HomeAssistant, server: OctopusServer, fault: OctopusFault
) -> None:
    """That the past cannot be fetched is told, and what is known goes on being told."""
    await set_up(hass, tariff_entry(server))
    server.fault = fault
    period = {"from": (MORNING - 10 * DAY).isoformat()}
    with pytest.raises(HomeAssistantError) as caught:
        await ask(hass, "get_prices", **period)
    assert not isinstance(caught.value, ServiceValidationError)
    assert caught.value.translation_domain == DOMAIN
    assert caught.value.translation_key == "prices_failed"
    assert caught.value.translation_placeholders == {
        "error": str(caught.value.__cause__)
    }
    assert len((await ask(hass, "get_prices"))["slots"]) == 46
    server.fault = None
    assert (await ask(hass, "get_prices", **period))["complete"] is True


async def test_left_alone(
    hass: HomeAssistant, server: OctopusServer, freezer: FrozenDateTimeFactory
) -> None:
    """Nobody asks for the past while the service wants no questions."""
    await set_up(hass, tariff_entry(server))
    server.requests.clear()
    server.fault, server.retry_after = OctopusFault.RATE_LIMITED, 600
    period = {"from": (MORNING - 10 * DAY).isoformat()}
    for place in range(3):
        freezer.move_to(MORNING + place * timedelta(seconds=299))
        with pytest.raises(HomeAssistantError) as caught:
            await ask(hass, "get_prices", **period)
        assert caught.value.translation_key == "prices_failed"
    assert len(server.requests) == 1
    server.fault = None
    freezer.move_to(MORNING + timedelta(seconds=600))
    assert (await ask(hass, "get_prices", **period))["complete"] is True


async def test_long_work_is_done_elsewhere(
    hass: HomeAssistant, server: OctopusServer
) -> None:
    """Nothing that takes a while for a year of prices holds Home Assistant up."""
    await set_up(hass, tariff_entry(server))
    threads: dict[str, set[int]] = {}

    def watched(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            threads.setdefault(name, set()).add(threading.get_ident())
            return work(*arguments)

        return run

    start = MORNING - 100 * DAY
    with (
        patch.object(history, "merge", watched("merge", merge)),
        patch.object(history.series, "pack", watched("pack", history.series.pack)),
        patch.object(actions, "shown_slots", watched("shown", shown_slots)),
    ):
        await ask(hass, "get_prices", **{"from": start.isoformat()})
    assert threads.keys() == {"merge", "pack", "shown"}
    for ran_in in threads.values():
        assert threading.get_ident() not in ran_in


# What is asked for, on an afternoon with prices from 10.5 to 21 pence.
QUESTIONS = [
    {"hours": 1},
    {"hours": 2.5},
    {"hours": 0.1},
    {"hours": 2, "split": True},
    {"hours": 2.25, "split": True, "minimum_block": 1},
    {"hours": 3, "split": True, "minimum_block": 1.5},
    {"hours": 1, "split": True, "minimum_block": 5},
    {"hours": 2, "maximum_price": 0.17},
    {"hours": 2, "split": True, "maximum_price": 0.17},
    {"hours": 2, "split": True, "maximum_price": 0.17, "minimum_block": 1},
    {"hours": 2, "maximum_price": -0.1},
    {"hours": 20},
]


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_cheapest(
    hass: HomeAssistant, socket_enabled: None, question: dict[str, Any], seed: int
) -> None:
    """What is found is the best of all there is, or null where there is nothing."""
    earliest, latest = utc("2026-11-10 13:10"), utc("2026-11-10 19:40")
    async with OctopusServer() as server:
        # The prices of a day that nobody ordered: up and down, and some of them alike.
        server.changed_prices = {
            earliest.replace(minute=0) + place * SLOT: Decimal(
                10 + (place * place * seed + 3 * place) % 11
            )
            for place in range(14)
        }
        entry = await set_up(hass, tariff_entry(server))
        response = await ask(
            hass,
            "find_cheapest",
            earliest=earliest.isoformat(),
            latest=latest.isoformat(),
            **question,
        )
    # Sums of whole numbers are exact.
    slots = [
        replace(slot, price=round(slot.price * 10**6))
        for slot in coordinator(entry).slots
    ]
    limit = question.get("maximum_price")
    best = oracle.cheapest(
        slots,
        wanted=timedelta(hours=question["hours"]),
        earliest=earliest,
        latest=latest,
        split=question.get("split", False),
        minimum_run=timedelta(hours=question.get("minimum_block", 0)),
        maximum_price=None if limit is None else round(limit * 10**6),
    )
    assert_response(response, best)


def assert_response(response: Response, best: tuple[Slot, ...]) -> None:
    """Assert that a response tells some slots, whose prices are whole numbers."""
    found = listed(response)
    assert [(start, end, round(price * 10**6)) for start, end, price in found] == [
        (slot.start, slot.end, slot.price) for slot in best
    ]
    assert response.keys() == {
        *("unit", "start", "end", "average", "periods", "slots"),
    }
    if not best:
        assert response["periods"] == []
        assert [response[key] for key in ("start", "end", "average")] == [None] * 3
        return
    runs = oracle.runs(best)
    assert [
        (datetime.fromisoformat(each["start"]), datetime.fromisoformat(each["end"]))
        for each in response["periods"]
    ] == [(run[0].start, run[-1].end) for run in runs]
    assert response["start"] == response["periods"][0]["start"]
    assert response["end"] == response["periods"][-1]["end"]
    mean = sum(slot.price for slot in best) / len(best) / 10**6
    assert response["average"] == pytest.approx(mean, abs=1e-6)


async def test_any_time_ahead(
    hass: HomeAssistant, server: OctopusServer, freezer: FrozenDateTimeFactory
) -> None:
    """Without a span it is all that is known from now on, also of tomorrow."""
    freezer.move_to(utc("2026-11-10 17:05"))
    server.changed_prices = {utc("2026-11-11 22:30"): Decimal(-90)}
    await set_up(hass, tariff_entry(server))
    found = await ask(hass, "find_cheapest", hours=0.5)
    assert found["start"] == "2026-11-11T22:30:00+00:00"
    assert found["average"] == -0.945
    # It has to be over at the latest moment.
    found = await ask(hass, "find_cheapest", hours=0.5, latest="2026-11-11 22:59:59")
    assert found["start"] < "2026-11-11T22:30:00+00:00"
    # Half hours that are over are told where they are asked for.
    found = await ask(
        hass,
        "find_cheapest",
        hours=1,
        earliest="2026-11-10 08:00:00",
        latest="2026-11-10 09:00:00",
    )
    assert found["start"] == "2026-11-10T08:00:00+00:00"


@pytest.mark.parametrize(
    ("clock", "counts"),
    [
        ("10:30:00", True),
        ("10:30:30", True),
        ("10:30:59", True),
        ("10:31:00", False),
        ("10:45:00", False),
        ("10:59:59", False),
    ],
)
async def test_current_half_hour(
    hass: HomeAssistant,
    server: OctopusServer,
    freezer: FrozenDateTimeFactory,
    clock: str,
    counts: bool,
) -> None:
    """It counts while it has hardly begun, as for an automation that begins with it."""
    now = utc(f"2026-11-10 {clock}")
    begun = utc("2026-11-10 10:30")
    server.changed_prices = {begun: Decimal(-50), begun + SLOT: Decimal(-40)}
    await set_up(hass, tariff_entry(server))
    await go_to(hass, freezer, now)
    found = await ask(hass, "find_cheapest", hours=0.5)
    start = begun if counts else begun + SLOT
    assert found["start"] == start.isoformat()
    # Who names a moment means it.
    found = await ask(hass, "find_cheapest", hours=0.5, earliest=now.isoformat())
    is_whole = now == begun
    assert found["start"] == (begun if is_whole else begun + SLOT).isoformat()


async def test_nothing_known(hass: HomeAssistant, server: OctopusServer) -> None:
    """Without any prices there is no cheapest time."""
    server.fault = OctopusFault.UNAVAILABLE
    await set_up(hass, tariff_entry(server))
    assert_response(await ask(hass, "find_cheapest", hours=1), ())


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"hours": 0},
        {"hours": -1},
        {"hours": 169},
        {"hours": float("nan")},
        {"hours": float("inf")},
        {"hours": "many"},
        {"hours": 1, "minimum_block": -1},
        {"hours": 1, "minimum_block": float("nan")},
        {"hours": 1, "maximum_price": 1001},
        {"hours": 1, "maximum_price": float("nan")},
        {"hours": 1, "earliest": "soon"},
        {"hours": 1, "colour": "green"},
    ],
    ids=str,
)
async def test_nonsense(
    hass: HomeAssistant, server: OctopusServer, data: dict[str, Any]
) -> None:
    """What makes no sense is refused before anything is looked for."""
    await set_up(hass, tariff_entry(server))
    with pytest.raises(probatio.Invalid):
        await ask(hass, "find_cheapest", **data)


async def test_hours_that_take_no_time(
    hass: HomeAssistant, server: OctopusServer
) -> None:
    """A number that is hardly more than nothing is a half hour, and no failure."""
    await set_up(hass, tariff_entry(server))
    found = await ask(hass, "find_cheapest", hours=1e-12)
    assert found["start"] is not None
