"""Tests of what a tariff shows as days pass, also days that are not like others."""

from collections import Counter
from datetime import date, datetime, time
from decimal import Decimal

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.miner_controller.planning.windows import CheapWindow
from simulator.octopus import OctopusServer

from . import (
    SLOT,
    alarm_moment,
    ask,
    full_state,
    restart,
    set_up,
    settle,
    state,
    tariff_entry,
)
from .time_travel import (
    DAY,
    FIRST_TRY,
    HOUR,
    JITTER,
    SECOND,
    Diary,
    Prices,
    Seen,
    about,
    agile_end,
    at_uk,
    check_all,
    exactly,
    half_hours,
    in_london,
    joined,
    mean,
    midnights,
    moment_of,
    uk,
    uk_date,
)

pytestmark = pytest.mark.usefixtures("hass_storage")

TODAY = date(2026, 11, 10)
TOMORROW = TODAY + DAY

# The hour that there is not, the hour that there is twice, and the end of a year.
SHORT_DAY, LONG_DAY = date(2026, 3, 29), date(2026, 10, 25)
NEW_YEAR = date(2027, 1, 1)

NIGHT = CheapWindow(
    duration=3 * HOUR, start_time=time(21), end_time=time(7), minimum_run=SLOT
)
BLOCK = CheapWindow(
    duration=2 * HOUR, start_time=time(21), end_time=time(7), split=False
)
QUARTER = CheapWindow(share=0.25, start_time=time(23), end_time=time(23))


async def test_ordinary_day(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """Every slot of a day and a half is right to the second, and so is all else."""
    # Half hours that cost the same, less than nothing, or more than any other.
    for text, pence in (
        ("2026-11-10 13:00", -2),
        ("2026-11-10 14:30", -2),
        ("2026-11-10 17:00", 90),
        ("2026-11-10 18:00", 90),
        ("2026-11-11 03:30", -1),
        ("2026-11-11 12:00", 0),
    ):
        server.changed_prices[uk(text)] = Decimal(pence)
    entry = await set_up(hass, tariff_entry(server))
    diary = Diary.begin(hass, entry, server, freezer)
    seen, prices = Seen(hass, entry), Prices(server)

    def check(now: datetime) -> None:
        check_all(seen, prices, now, diary.until(now))

    check(dt_util.utcnow())
    edges = half_hours(uk("2026-11-10 10:30"), uk("2026-11-12 01:00"))
    await diary.follow_edges(edges, check)

    diary.check_alarms(edges[0], edges[-1])
    assert [uk_date(moment) for moment in diary.requests] == [TODAY, TOMORROW]
    for moment in diary.requests:
        first_try = at_uk(uk_date(moment), FIRST_TRY)
        assert first_try <= moment <= first_try + JITTER


async def test_state_changes_with_slot(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """A price holds to the last second of its slot, and the next from the first on."""
    entry = await set_up(hass, tariff_entry(server))
    diary = Diary.begin(hass, entry, server, freezer)
    seen, prices = Seen(hass, entry), Prices(server)
    edge = uk("2026-11-10 10:30")
    before, after = prices.at(edge - SLOT), prices.at(edge)
    assert before != after

    await diary.follow(edge - SECOND)
    assert seen.number("current_price") == exactly(before)
    assert seen.number("next_price") == exactly(after)
    assert moment_of(str(seen.attributes("current_price")["end"])) == edge
    await diary.follow(edge)
    assert seen.number("current_price") == exactly(after)
    assert seen.number("next_price") == exactly(prices.at(edge + SLOT))
    assert moment_of(str(seen.attributes("current_price")["start"])) == edge
    assert seen.attributes("current_price")["unit_of_measurement"] == "GBP/kWh"
    assert diary.requests == []


async def test_alarm_rings_early(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """An alarm that rings a moment before the slot ends is not the last one."""
    entry = await set_up(hass, tariff_entry(server))
    seen, prices = Seen(hass, entry), Prices(server)
    edge = uk("2026-11-10 10:30")
    assert alarm_moment(entry) == edge

    # What is due within half a second rings here already.
    freezer.move_to(edge - SECOND / 5)
    async_fire_time_changed(hass)
    await settle(hass)
    check_all(seen, prices, edge - SLOT, agile_end(TODAY))
    freezer.move_to(edge)
    async_fire_time_changed(hass)
    await settle(hass)
    check_all(seen, prices, edge, agile_end(TODAY))


async def test_last_hour_before_publication(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """The last hour of a day is unknown and absent until the afternoon, never zero."""
    entry = await set_up(hass, tariff_entry(server))
    diary = Diary.begin(hass, entry, server, freezer)
    seen, prices = Seen(hass, entry), Prices(server)
    start, end = midnights(TODAY)
    gap = uk("2026-11-10 23:00")

    for moment in (uk("2026-11-10 10:05"), at_uk(TODAY, FIRST_TRY) - SECOND):
        await diary.follow(moment)
        assert [slot[:2] for slot in seen.slots()] == [
            (slot, slot + SLOT) for slot in half_hours(start, gap)
        ]
        assert seen.moment("prices_known_until") == gap
        assert seen.attributes("price_rank")["slots"] == 46
        assert seen.attributes("average_price_today")["complete"] is False
        assert not seen.is_on("tomorrow_published")
        response = await ask(hass, "get_prices", **{"from": start, "to": end})
        assert len(response["slots"]) == 46
        assert response["complete"] is False

    await diary.follow(at_uk(TODAY, FIRST_TRY) + JITTER)
    assert seen.moment("prices_known_until") == agile_end(TOMORROW)
    assert seen.attributes("price_rank")["slots"] == 48
    assert seen.attributes("average_price_today")["complete"] is True
    assert seen.number("average_price_today") == about(
        mean(prices.of(half_hours(start, end)))
    )
    assert seen.is_on("tomorrow_published")
    response = await ask(hass, "get_prices", **{"from": start, "to": end})
    assert [slot["price"] for slot in response["slots"]] == [
        exactly(price) for price in prices.of(half_hours(start, end))
    ]
    assert response["complete"] is True


async def test_published_once(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """Prices are announced once, with what they are, and are tomorrow's to midnight."""
    entry = await set_up(hass, tariff_entry(server))
    diary = Diary.begin(hass, entry, server, freezer)
    seen, prices = Seen(hass, entry), Prices(server)
    # What was published yesterday is no news.
    assert state(hass, entry, "event", "prices_published") == STATE_UNKNOWN

    await diary.follow(uk("2026-11-10 16:30"))
    (moment,) = diary.requests
    (announced,) = diary.announced
    assert moment_of(announced.state) == moment
    new_day = half_hours(agile_end(TODAY), agile_end(TOMORROW))
    assert len(new_day) == 48
    expected = {
        "event_type": "published",
        "start": in_london(agile_end(TODAY)),
        "end": in_london(agile_end(TOMORROW)),
        "lowest": exactly(min(prices.of(new_day))),
        "highest": exactly(max(prices.of(new_day))),
        "average": about(mean(prices.of(new_day))),
    }
    assert {key: announced.attributes[key] for key in expected} == expected

    # A restart tells of it again, as of something that was.
    await restart(hass, entry)
    assert state(hass, entry, "event", "prices_published") == announced.state
    _, midnight = midnights(TODAY)
    await diary.follow(midnight - SECOND)
    assert seen.is_on("tomorrow_published")
    await diary.follow(midnight)
    assert not seen.is_on("tomorrow_published")
    await diary.follow(uk("2026-11-11 16:00"))
    assert not seen.is_on("tomorrow_published")
    assert diary.announced == [announced]

    await diary.follow(uk("2026-11-11 16:30"))
    assert seen.is_on("tomorrow_published")
    assert len(diary.announced) == 2
    second = diary.announced[1].attributes
    assert second["start"] == in_london(agile_end(TOMORROW))


@pytest.mark.parametrize(
    ("day", "count"), [(SHORT_DAY, 46), (LONG_DAY, 50), (NEW_YEAR, 48)]
)
async def test_day_that_is_not_like_others(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    server: OctopusServer,
    day: date,
    count: int,
) -> None:
    """Each half hour of the day, the one before, and the one after is there once."""
    freezer.move_to(at_uk(day - 2 * DAY, time(10, 5)))
    entry = await set_up(hass, tariff_entry(server))
    diary = Diary.begin(hass, entry, server, freezer)
    seen, prices = Seen(hass, entry), Prices(server)
    told: list[tuple[datetime, float]] = []

    def check(now: datetime) -> None:
        check_all(seen, prices, now, diary.until(now))
        start = moment_of(str(seen.attributes("current_price")["start"]))
        if not told or told[-1][0] != start:
            told.append((start, seen.number("current_price")))

    (start, end), (last, _) = midnights(day), midnights(day + 2 * DAY)
    edges = half_hours(at_uk(day - 2 * DAY, time(10, 30)), last + SLOT)
    await diary.follow_edges(edges, check)

    diary.check_alarms(edges[0], edges[-1])
    assert told == [
        (slot, exactly(prices.at(slot))) for slot in (edges[0] - SLOT, *edges)
    ]
    assert sum(start <= slot < end for slot, _ in told) == count
    assert Counter(uk_date(moment) for moment in diary.requests) == {
        day - 2 * DAY: 1,
        day - DAY: 1,
        day: 1,
        day + DAY: 1,
    }
    # The prices of the whole day were announced in one piece, and those of all others.
    assert [
        (moment_of(event.attributes["start"]), moment_of(event.attributes["end"]))
        for event in diary.announced
    ] == [
        (agile_end(other), agile_end(other + DAY))
        for other in (day - 2 * DAY, day - DAY, day, day + DAY)
    ]


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (SHORT_DAY, {hour: 2 for hour in range(24) if hour != 1}),
        (LONG_DAY, {hour: 4 if hour == 1 else 2 for hour in range(24)}),
    ],
)
async def test_half_hours_of_clock_change(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    server: OctopusServer,
    day: date,
    hours: dict[int, int],
) -> None:
    """The hour that is skipped is nowhere, the hour that comes twice is there twice."""
    freezer.move_to(at_uk(day, time(16, 30)))
    entry = await set_up(hass, tariff_entry(server))
    slots = sum(hours.values())
    start, end = midnights(day)
    assert end - start == slots * SLOT
    rank = Seen(hass, entry).attributes("price_rank")
    assert rank["slots"] == slots

    local = day.isoformat()
    response = await ask(
        hass,
        "get_prices",
        **{"from": f"{local} 00:00:00", "to": f"{day + DAY} 00:00:00"},
    )
    shown = full_state(hass, entry, "sensor", "current_price").attributes["prices"]
    today = [slot for slot in shown if moment_of(slot["start"]) < end]
    for told in (response["slots"], today):
        assert (
            Counter(datetime.fromisoformat(slot["start"]).hour for slot in told)
            == hours
        )
        starts = [slot["start"] for slot in told]
        assert len(set(starts)) == slots
        assert all(text.startswith(local) for text in starts)
        assert [moment_of(text) for text in starts] == half_hours(start, end)
    assert response["complete"] is True


@pytest.mark.parametrize(
    ("day", "night_slots", "quarter"), [(SHORT_DAY, 18, 12), (LONG_DAY, 22, 13)]
)
async def test_windows_over_clock_change(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    server: OctopusServer,
    day: date,
    night_slots: int,
    quarter: int,
) -> None:
    """A window that the clock change is in lasts as long as it has to."""
    # The cheapest half hours are around the change: in October in the hour twice.
    change = at_uk(day, time()) + HOUR
    for place, pence in enumerate((-3, -6, -5, -4)):
        server.changed_prices[change - HOUR + place * SLOT] = Decimal(pence)
    freezer.move_to(at_uk(day - DAY, time(15)))
    entry = await set_up(
        hass,
        tariff_entry(server, ("Night", NIGHT), ("Block", BLOCK), ("Quarter", QUARTER)),
    )
    diary = Diary.begin(hass, entry, server, freezer)
    seen, prices = Seen(hass, entry), Prices(server)
    night = half_hours(at_uk(day - DAY, time(21)), at_uk(day, time(7)))
    whole = half_hours(at_uk(day - DAY, time(23)), at_uk(day, time(23)))
    assert len(night) == night_slots
    chosen = {
        "Night": prices.cheapest(night, 6),
        "Block": prices.cheapest_block(night, 4),
        "Quarter": prices.cheapest(whole, quarter),
    }
    assert set(chosen["Block"]) & set(half_hours(change - HOUR, change + HOUR))
    active: dict[str, list[datetime]] = {name: [] for name in chosen}

    def check(now: datetime) -> None:
        for name, slots in chosen.items():
            is_on = seen.is_on(f"{name} active")
            assert is_on is any(slot <= now < slot + SLOT for slot in slots)
            if is_on and now in whole + night:
                active[name].append(now)

    edges = half_hours(at_uk(day - DAY, time(16, 30)), at_uk(day, time(23)))
    await diary.follow(edges[0])
    for name, slots in chosen.items():
        # The quarter of the day before is not over yet.
        inside = whole if name == "Quarter" else night
        periods = [period for period in seen.periods(name) if period[0] in inside]
        assert periods == joined(slots)
    for name in ("Night", "Block"):
        slots = chosen[name]
        assert seen.moment(f"{name} next_start") == slots[0]
        assert seen.number(f"{name} average_price") == about(mean(prices.of(slots)))
    for edge in edges[1:]:
        await diary.follow(edge - SECOND, check)
        check(edge - SECOND)
        await diary.follow(edge, check)
    assert {name: sorted(set(slots)) for name, slots in active.items()} == chosen
