"""Tests of a tariff over a long time: how often it asks, and clocks that are set."""

from datetime import date, datetime, time, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.instance_id import DATA_KEY as INSTANCE_ID
from homeassistant.util import dt as dt_util
import pytest

from custom_components.miner_controller.planning.windows import CheapWindow
from simulator.octopus import OctopusServer

from . import SLOT, alarm_moment, go_to, restart, set_up, tariff_entry
from .time_travel import (
    DAY,
    FIRST_TRY,
    HOUR,
    JITTER,
    MINUTE,
    Diary,
    Prices,
    Seen,
    about,
    agile_end,
    at_uk,
    check_all,
    check_current,
    half_hours,
    in_london,
    set_clock,
    uk,
    uk_date,
)

pytestmark = pytest.mark.usefixtures("hass_storage")

# A month in which the clock changes.
FIRST_DAY = date(2026, 10, 10)
DAYS = 30

TODAY = date(2026, 11, 10)
TOMORROW = TODAY + DAY

NIGHT = CheapWindow(duration=3 * HOUR, start_time=time(21), end_time=time(7))


async def test_thirty_days(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """In a month it asks once a day, and each slot and each night are right."""
    freezer.move_to(at_uk(FIRST_DAY, time(10, 5)))
    entry = await set_up(hass, tariff_entry(server, ("Night", NIGHT)))
    diary = Diary.begin(hass, entry, server, freezer)
    diary.requests.append(dt_util.utcnow())
    seen, prices = Seen(hass, entry), Prices(server)
    active: list[datetime] = []

    def check(now: datetime) -> None:
        check_current(seen, prices, now)
        if seen.is_on("Night active"):
            active.append(now)

    days = [FIRST_DAY + number * DAY for number in range(DAYS)]
    for day in days:
        evening = at_uk(day, time(20, 10))
        await diary.follow(evening, check)
        check_all(seen, prices, evening, agile_end(day + DAY))
        if day.weekday() == 6:
            await restart(hass, entry)
    await diary.follow(at_uk(days[-1] + DAY, time(10, 5)), check)

    edges = half_hours(
        at_uk(FIRST_DAY, time(10, 30)), at_uk(days[-1] + DAY, time(10, 30))
    )
    assert len(edges) == (DAYS * 24 + 1) * 2
    diary.check_alarms(edges[0], edges[-1])
    assert [diary.requests_on(day) for day in days] == [2, *[1] * (DAYS - 1)]
    assert len(diary.announced) == DAYS

    # Where several half hours cost the same it may be any of them, but never more.
    for day in days:
        night = half_hours(at_uk(day, time(21)), at_uk(day + DAY, time(7)))
        chosen = [slot for slot in active if slot in night]
        assert len(chosen) == 6
        assert sum(prices.of(chosen)) == about(sum(sorted(prices.of(night))[:6]))
    assert len(active) == 6 * DAYS


async def test_requests_of_late_days(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """Also where prices are half an hour late, six requests a day are enough."""
    entry = await set_up(hass, tariff_entry(server))
    diary = Diary.begin(hass, entry, server, freezer)
    seen, prices = Seen(hass, entry), Prices(server)
    requests = {}
    for number, late in enumerate((0, 4, 12, 16, 29)):
        day = TODAY + number * DAY
        await diary.follow(at_uk(day, time(16)))
        # So late after the first try of this installation.
        first = entry.runtime_data.tariff.next_fetch(
            dt_util.utcnow(), entry.runtime_data.fetch_state
        )
        server.publication_delay = first + late * MINUTE - at_uk(day, time(16))
        await diary.follow(at_uk(day, time(17)))
        check_all(seen, prices, dt_util.utcnow(), agile_end(day + DAY))
        requests[late] = diary.requests_on(day)
    assert max(requests.values()) <= 6, requests
    assert requests[0] == 1
    assert requests[4] == 2


@pytest.mark.parametrize(
    ("by", "most_requests"),
    [
        (-7 * MINUTE, 1),
        (-2 * HOUR, 1),
        # Of the two days that come again all prices are known.
        (-2 * DAY, 0),
        # What it waits for from 16:05 on is there when its clock shows 21:00.
        (5 * HOUR, 18),
    ],
    ids=["7 minutes back", "2 hours back", "2 days back", "5 hours on"],
)
async def test_clock_is_set(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    server: OctopusServer,
    by: timedelta,
    most_requests: int,
) -> None:
    """A clock that was set is noticed with the next alarm, and so is one set right."""
    entry = await set_up(hass, tariff_entry(server, ("Night", NIGHT)))
    diary = Diary.begin(hass, entry, server, freezer)
    seen, prices = Seen(hass, entry), Prices(server)
    await diary.follow(uk("2026-11-12 10:05"))
    diary.announced.clear()
    diary.requests.clear()

    def check(now: datetime) -> None:
        check_current(seen, prices, now)
        # The night that is nearest.
        evening = at_uk(uk_date(now - 12 * HOUR), time(21))
        chosen = prices.cheapest(half_hours(evening, evening + 10 * HOUR), 6)
        is_in = any(slot <= now < slot + SLOT for slot in chosen)
        assert seen.is_on("Night active") is is_in

    # The clock of the service is right all the time.
    ring = alarm_moment(entry) + by
    set_clock(hass, freezer, by)
    server.now = lambda: dt_util.utcnow() - by
    await go_to(hass, freezer, ring)
    check_all(seen, prices, ring, agile_end(date(2026, 11, 12)))
    check(ring)
    await diary.follow(ring + DAY, check)
    check(ring + DAY)
    assert len(diary.requests) <= most_requests

    diary.requests.clear()
    ring = alarm_moment(entry) - by
    set_clock(hass, freezer, -by)
    server.now = dt_util.utcnow
    await go_to(hass, freezer, ring)
    check_all(seen, prices, ring, agile_end(uk_date(ring)))
    check(ring)
    await diary.follow(ring + DAY, check)
    check_all(seen, prices, ring + DAY, agile_end(uk_date(ring + DAY)))
    assert len(diary.requests) <= 2
    # What was published is announced once, in time or as soon as that is found out.
    assert [event.attributes["end"] for event in diary.announced] == [
        in_london(agile_end(date(2026, 11, day))) for day in (13, 14)
    ]


async def test_clock_was_ahead(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """What was asked for too early is asked for again once the clock is right."""
    ahead = 2 * HOUR
    server.now = lambda: dt_util.utcnow() - ahead
    entry = await set_up(hass, tariff_entry(server))
    diary = Diary.begin(hass, entry, server, freezer)
    seen, prices = Seen(hass, entry), Prices(server)
    await diary.follow(uk("2026-11-10 17:20"))
    assert len(diary.requests) > 2
    assert diary.announced == []
    diary.requests.clear()

    ring = alarm_moment(entry) - ahead
    set_clock(hass, freezer, -ahead)
    server.now = dt_util.utcnow
    await go_to(hass, freezer, ring)
    check_all(seen, prices, ring, agile_end(TODAY))
    await diary.follow(
        uk("2026-11-11 00:30"),
        lambda now: check_all(seen, prices, now, diary.until(now)),
    )
    (moment,) = diary.requests
    first_try = at_uk(TODAY, FIRST_TRY)
    assert first_try <= moment <= first_try + JITTER
    assert len(diary.announced) == 1


async def test_clock_set_to_time_without_prices(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, server: OctopusServer
) -> None:
    """Where the clock goes to days that were never asked for, they are asked for."""
    entry = await set_up(hass, tariff_entry(server))
    diary = Diary.begin(hass, entry, server, freezer)
    seen, prices = Seen(hass, entry), Prices(server)
    away = -5 * DAY
    for by in (away, -away, away, -away):
        ring = alarm_moment(entry) + by
        set_clock(hass, freezer, by)
        await go_to(hass, freezer, ring)
        diary.count(ring)
        check_all(seen, prices, ring, agile_end(uk_date(ring)))
    assert len(diary.requests) <= 4
    assert diary.announced == []


async def test_installations_ask_at_different_moments(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
    server: OctopusServer,
) -> None:
    """Each installation asks at a moment of its own, the same one on every day."""
    day = TODAY
    delays = []
    for letter in "abcdef":
        uuid = letter * 32
        hass_storage[INSTANCE_ID] = {"version": 1, "data": {"uuid": uuid}}
        hass.data.pop(INSTANCE_ID, None)
        freezer.move_to(at_uk(day, time(10)))
        entry = await set_up(hass, tariff_entry(server))
        diary = Diary.begin(hass, entry, server, freezer)
        for _ in range(2):
            await diary.follow(at_uk(day, time(20)))
            await restart(hass, entry)
            day += DAY
        await hass.config_entries.async_remove(entry.entry_id)
        first, second = diary.requests
        assert second - first == DAY
        delays.append(first - at_uk(uk_date(first), FIRST_TRY))
    assert all(timedelta() <= delay <= JITTER for delay in delays)
    assert len(set(delays)) == len(delays)
    assert max(delays) - min(delays) > 2 * MINUTE
