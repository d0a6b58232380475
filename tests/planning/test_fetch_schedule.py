"""Prices are fetched when there may be new ones, and seldom."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.miner_controller.planning.fetch_schedule import (
    LONGEST_JITTER,
    FetchState,
    after_attempt,
    is_complete,
    next_fetch,
    period_to_fetch,
    tomorrow_end,
    wanted_until,
)

from . import utc

LONDON = ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
# Nothing that is published at a time keeps this time of a Wednesday in winter.
WINTER = date(2026, 1, 14)
SUMMER = date(2026, 7, 15)


def local(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Return a moment on a day in London, in UTC."""
    moment = time(hour, minute, second)
    return datetime.combine(day, moment, LONDON).astimezone(UTC)


days = st.dates(date(2024, 1, 1), date(2030, 12, 31))
moments = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001
    datetime(2030, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
jitters = st.integers(0, LONGEST_JITTER)


@st.composite
def situations(draw: st.DrawFn) -> tuple[datetime, FetchState]:
    """Return a moment and a state that is of about then."""
    now = draw(moments)
    near = st.timedeltas(-3 * DAY, 3 * DAY).map(lambda offset: now + offset)
    return now, FetchState(
        known_until=draw(st.none() | near),
        last_attempt=draw(st.none() | near),
        failures=draw(st.integers(0, 100)),
        retry_after=draw(st.none() | st.floats(0, 6 * 3600)),
        jitter=draw(jitters),
    )


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (WINTER, datetime(2026, 1, 14, 23, tzinfo=UTC)),
        (SUMMER, datetime(2026, 7, 15, 22, tzinfo=UTC)),
        # The days on which the clocks change, those before and those after.
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2026, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_eleven_in_london(day: date, end: datetime) -> None:
    """It does so in summer and winter; tomorrow is wanted from 16:05 on."""
    assert wanted_until(local(day, 0)) == end
    assert wanted_until(local(day, 16, 4, 59)) == end
    assert wanted_until(local(day, 16, 5)) == local(day + DAY, 23)
    assert wanted_until(local(day, 23)) == local(day + DAY, 23)
    assert wanted_until(local(day, 16, 14, 59), 600) == end
    assert wanted_until(local(day, 16, 15), 600) == local(day + DAY, 23)


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (WINTER, datetime(2026, 1, 15, 23, tzinfo=UTC)),
        (SUMMER, datetime(2026, 7, 16, 22, tzinfo=UTC)),
        # The evenings before the days on which the clocks change.
        (date(2026, 3, 28), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2027, 1, 1, 23, tzinfo=UTC)),
    ],
)
def test_tomorrow_ends_at_eleven_in_london(day: date, end: datetime) -> None:
    """Tomorrow is that of the date, from midnight to midnight in London.

    In its last hour a date still has the tomorrow that it had before.
    """
    for hour, minute in ((0, 0), (12, 0), (16, 5), (22, 59), (23, 0), (23, 59)):
        assert tomorrow_end(local(day, hour, minute)) == end
    assert tomorrow_end(local(day + DAY, 0)) == local(day + 2 * DAY, 23)
    assert tomorrow_end(local(day, 23, 59, 59)) == end
    # In a zone of its own it is the date there.
    tokyo = ZoneInfo("Asia/Tokyo")
    evening = datetime(2026, 1, 14, 15, tzinfo=UTC)
    assert tomorrow_end(evening, tokyo) == datetime(2026, 1, 16, 14, tzinfo=UTC)


@given(moments)
def test_tomorrow_is_what_is_wanted_once_it_is_published(now: datetime) -> None:
    """After the publication all of tomorrow is wanted, and before it is not."""
    end = tomorrow_end(now)
    assert timedelta(hours=22) < end - now < timedelta(hours=48)
    published = now.astimezone(LONDON).time() >= time(16, 5)
    assert (wanted_until(now) == end) == published


@pytest.mark.parametrize("hour", [0, 9, 15, 17, 22, 23])
def test_at_start_without_prices_they_are_fetched_now(hour: int) -> None:
    """Nothing was asked and nothing is known, or nothing that is of use."""
    now = local(WINTER, hour)
    assert next_fetch(now, FetchState()) == now
    assert next_fetch(now, FetchState(known_until=now, jitter=600)) == now
    assert next_fetch(now, FetchState(known_until=now - 30 * DAY)) == now


@pytest.mark.parametrize("day", [WINTER, SUMMER])
def test_at_start_with_prices_there_is_time(day: date) -> None:
    """A cache that knows the rest of the day lets the start be without a request."""
    state = FetchState(known_until=local(day, 23), jitter=77)
    expected = local(day, 16, 6, 17)
    assert next_fetch(local(day, 0), state) == expected
    assert next_fetch(local(day, 16, 6, 16), state) == expected
    # After that moment, tomorrow has been missed.
    assert next_fetch(expected, state) == expected
    assert next_fetch(local(day, 20), state) == local(day, 20)


def test_once_complete_nothing_is_asked_until_the_next_publication() -> None:
    """That is tomorrow's, also around 23:00 and midnight."""
    state = FetchState(
        known_until=local(WINTER + DAY, 23),
        last_attempt=local(WINTER, 16, 6),
        jitter=60,
    )
    for now in (
        local(WINTER, 16, 6),
        local(WINTER, 22, 59),
        local(WINTER, 23),
        local(WINTER + DAY, 0),
        local(WINTER + DAY, 16, 5, 59),
    ):
        assert is_complete(now, state)
        assert next_fetch(now, state) == local(WINTER + DAY, 16, 6)
    assert not is_complete(local(WINTER + DAY, 16, 6), state)


def test_prices_that_came_early_spare_a_request() -> None:
    """A start at 15:55 may find tomorrow's prices."""
    state = FetchState(
        known_until=local(WINTER + DAY, 23), last_attempt=local(WINTER, 15, 55)
    )
    assert next_fetch(local(WINTER, 15, 55), state) == local(WINTER + DAY, 16, 5)


def test_prices_of_next_week_do_not_end_the_asking_for_a_week() -> None:
    """They cannot be, so one publication is left out and not the next."""
    state = FetchState(known_until=local(WINTER, 9) + 400 * DAY)
    assert next_fetch(local(WINTER, 9), state) == local(WINTER + DAY, 16, 5)


def test_incomplete_prices_are_asked_for_at_growing_intervals() -> None:
    """5, 10, 15 and then each 30 minutes until they are there."""
    state = FetchState(known_until=local(WINTER, 23))
    now = local(WINTER, 16, 5)
    waits = []
    for _ in range(7):
        state = after_attempt(now, state, local(WINTER, 23))
        due = next_fetch(now, state)
        waits.append((due - now) / MINUTE)
        now = due
    assert waits == [5, 10, 15, 30, 30, 30, 30]
    state = after_attempt(now, state, local(WINTER + DAY, 23))
    assert state == FetchState(
        known_until=local(WINTER + DAY, 23), last_attempt=now, failures=0
    )


@pytest.mark.parametrize(("failures", "wait"), [(-1, 5), (0, 5), (1, 5), (10**9, 30)])
def test_an_interval_is_never_nothing(failures: int, wait: int) -> None:
    """Nor does it grow for ever."""
    last = local(WINTER, 17)
    state = FetchState(last_attempt=last, failures=failures)
    assert next_fetch(last, state) == last + wait * MINUTE


def test_half_a_tomorrow_is_incomplete() -> None:
    """Prices until noon do not do."""
    state = after_attempt(local(WINTER, 16, 5), FetchState(), local(WINTER + DAY, 12))
    assert state.failures == 1
    assert next_fetch(local(WINTER, 16, 5), state) == local(WINTER, 16, 10)


def test_a_publication_does_not_wait_for_an_interval() -> None:
    """A failure of the morning is forgotten, and the intervals start anew."""
    state = FetchState(last_attempt=local(WINTER, 15, 50), failures=20, jitter=30)
    assert next_fetch(local(WINTER, 15, 50), state) == local(WINTER, 16, 5, 30)
    state = after_attempt(local(WINTER, 16, 5, 30), state, None)
    assert state.failures == 1
    assert next_fetch(local(WINTER, 16, 6), state) == local(WINTER, 16, 10, 30)


def test_when_the_day_ends_without_prices_there_is_an_attempt() -> None:
    """It does not wait for its interval, and there is none where now is known."""
    state = FetchState(
        known_until=local(WINTER, 23),
        last_attempt=local(WINTER, 22, 50),
        failures=9,
        jitter=20,
    )
    after_end = local(WINTER, 23, 0, 20)
    assert next_fetch(local(WINTER, 22, 55), state) == after_end
    assert after_attempt(after_end, state, None).failures == 1
    known = replace(state, known_until=local(WINTER, 23, 30))
    assert next_fetch(local(WINTER, 22, 55), known) == local(WINTER, 23, 20)


def test_at_the_end_of_a_complete_day_there_is_no_attempt() -> None:
    """The last prices of today are not the last ones that are known."""
    state = FetchState(known_until=local(WINTER + DAY, 23), jitter=20)
    assert next_fetch(local(WINTER, 23), state) == local(WINTER + DAY, 16, 5, 20)


@pytest.mark.parametrize(
    ("retry_after", "wait"), [(None, 5), (0, 5), (299, 5), (301, 301 / 60), (7200, 120)]
)
def test_the_service_is_left_alone_as_long_as_it_asks(
    retry_after: float | None, wait: float
) -> None:
    """What it asks for is a lower bound."""
    now = local(WINTER, 16, 5)
    state = after_attempt(now, FetchState(), None, retry_after=retry_after)
    assert next_fetch(now, state) == now + wait * MINUTE
    # A publication a minute later changes nothing about it.
    early = now - MINUTE
    state = after_attempt(early, FetchState(), None, retry_after=retry_after)
    bound = early + timedelta(seconds=retry_after or 0)
    assert next_fetch(early, state) == max(now, bound)


def test_success_ends_what_the_service_asked_for() -> None:
    """It may be asked again at the next occasion."""
    state = FetchState(retry_after=7200, failures=3, jitter=5)
    now = local(WINTER, 16, 6)
    assert after_attempt(
        now, state, local(WINTER + DAY, 23), retry_after=7200
    ) == FetchState(known_until=local(WINTER + DAY, 23), last_attempt=now, jitter=5)


@pytest.mark.parametrize("back", [timedelta(hours=1), 3 * DAY, 4000 * DAY])
def test_a_clock_that_was_set_back_stops_nothing(back: timedelta) -> None:
    """An attempt in the future is none, nor is what the service asked for then."""
    now = local(WINTER, 12)
    state = FetchState(last_attempt=now + back, failures=50, retry_after=3600)
    assert next_fetch(now, state) == now
    after = after_attempt(now, state, None)
    assert after.failures == 1
    assert next_fetch(now, after) == now + 5 * MINUTE


def test_a_clock_that_is_adjusted_makes_no_request() -> None:
    """Some seconds are no reason to ask again."""
    now = local(WINTER, 12)
    state = FetchState(last_attempt=now + timedelta(seconds=3), failures=1)
    assert next_fetch(now, state) == now + timedelta(minutes=5, seconds=3)


@pytest.mark.parametrize("day", [WINTER, SUMMER, date(2026, 3, 29), date(2026, 10, 25)])
def test_the_period_is_what_is_missing(day: date) -> None:
    """It ends with tomorrow, and begins where knowledge ends or with yesterday."""
    now = local(day, 17)
    end = local(day + 2 * DAY, 0)
    assert period_to_fetch(now, local(day, 23)) == (local(day, 23), end)
    assert period_to_fetch(now, None) == (local(day - DAY, 0), end)
    # A week without a connection is made up for, a summer is not.
    assert period_to_fetch(now, now - 7 * DAY) == (now - 7 * DAY, end)
    assert period_to_fetch(now, now - 90 * DAY) == (end - 28 * DAY, end)
    # Prices that cannot be are asked for again.
    assert period_to_fetch(now, end) == (local(day - DAY, 0), end)


@given(moments, st.none() | moments)
def test_a_period_fits_on_a_page(now: datetime, known_until: datetime | None) -> None:
    """It is in UTC, holds now's future and is never longer than a page of the API."""
    start, end = period_to_fetch(now, known_until)
    assert start.utcoffset() == end.utcoffset() == timedelta()
    assert timedelta() < end - start <= 1400 * 30 * MINUTE
    assert end > wanted_until(now)


@given(situations())
def test_a_fetch_is_never_in_the_past(
    situation: tuple[datetime, FetchState],
) -> None:
    """It is within two days, and soon where something is missing."""
    now, state = situation
    due = next_fetch(now, state)
    assert now <= due <= now + 2 * DAY
    assert due.utcoffset() == timedelta()
    if not is_complete(now, state):
        wait = timedelta(seconds=state.retry_after or 0)
        assert due <= now + max(40 * MINUTE, wait + 10 * MINUTE)
    else:
        assert due > now or state.retry_after is not None


@given(situations(), jitters)
def test_an_attempt_that_brings_nothing_is_followed_by_a_pause(
    situation: tuple[datetime, FetchState], jitter: int
) -> None:
    """Two attempts are five minutes apart unless there is an occasion."""
    now, state = situation
    after = after_attempt(now, state, None)
    assert after.jitter == state.jitter
    due = next_fetch(now, after)
    occasions = {
        local(now.astimezone(LONDON).date() + offset, *at)
        + timedelta(seconds=state.jitter)
        for offset in (timedelta(), DAY)
        for at in ((16, 5), (23, 0))
    }
    assert due in occasions or due >= now + 5 * MINUTE
    assert due <= now + 30 * MINUTE


@dataclass
class Life:
    """An installation and the service, from a moment on."""

    now: datetime
    published: Callable[[date], datetime]
    state: FetchState
    down: tuple[datetime, datetime] | None = None
    requests: list[datetime] = field(default_factory=list)
    dark: list[tuple[datetime, datetime]] = field(default_factory=list)

    def available(self) -> datetime:
        """Return until when the service knows prices."""
        today = self.now.astimezone(LONDON).date()
        return max(
            local(day, 23)
            for offset in range(-3, 2)
            if self.published((day := today + offset * DAY) - DAY) <= self.now
        )

    def run(self, until: datetime) -> None:
        """Fetch whenever it is due."""
        while (due := next_fetch(self.now, self.state)) < until:
            known = self.state.known_until
            assert due > self.now or not self.requests or due != self.requests[-1]
            if known is None or known < due:
                self.dark.append((known or self.now, due))
            self.now = due
            self.requests.append(due)
            if self.down is None or not self.down[0] <= due < self.down[1]:
                known = self.available()
            self.state = after_attempt(due, self.state, known)

    def each_day(self) -> Iterator[int]:
        """Yield how often the service was asked on each day."""
        yield from Counter(
            moment.astimezone(LONDON).date() for moment in self.requests
        ).values()


STARTS = [
    pytest.param(date(2026, 3, 15), id="to summer time"),
    pytest.param(date(2026, 10, 10), id="to winter time"),
    pytest.param(date(2026, 12, 16), id="over New Year"),
    pytest.param(date(2026, 6, 1), id="in summer"),
]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("jitter", [0, 311, 600])
def test_a_month_with_prices_on_time(start: date, jitter: int) -> None:
    """One request a day is enough, and one more at the start."""
    life = Life(
        now=local(start, 9),
        published=lambda day: local(day, 16),
        state=FetchState(jitter=jitter),
    )
    life.run(local(start + 30 * DAY, 9))
    assert list(life.each_day()) == [2, *[1] * 29]
    assert {
        (moment.astimezone(LONDON) - timedelta(seconds=jitter)).time()
        for moment in life.requests[1:]
    } == {time(16, 5)}
    assert life.dark == [(local(start, 9), local(start, 9))]


@given(
    st.sampled_from([date(2026, 3, 15), date(2026, 10, 10), date(2026, 12, 16)]),
    jitters,
    st.lists(st.integers(0, 95), min_size=31, max_size=31),
)
def test_a_month_with_late_prices(start: date, jitter: int, late: list[int]) -> None:
    """Six requests a day are enough for prices that come until 17:35."""
    life = Life(
        now=local(start, 20),
        published=lambda day: (
            local(day, 16) + late[(day - start).days % len(late)] * MINUTE
        ),
        state=FetchState(known_until=local(start + DAY, 23), jitter=jitter),
    )
    life.run(local(start + 30 * DAY, 20))
    assert set(life.each_day()) <= set(range(1, 7))
    assert len(list(life.each_day())) == 30
    assert not life.dark


@given(days, st.integers(0, 24 * 60 - 1), jitters)
def test_an_outage_of_26_hours(day: date, minute: int, jitter: int) -> None:
    """It ends within half an hour, and is not made worse by more requests."""
    start = local(day, 0)
    gone = start + minute * MINUTE
    back = gone + timedelta(hours=26)
    life = Life(
        now=start,
        published=lambda day: local(day, 16),
        state=FetchState(jitter=jitter),
        down=(gone, back),
    )
    life.run(back + 3 * DAY)
    during = [moment for moment in life.requests if gone <= moment < back]
    assert 3 <= len(during) <= 60
    first = min(moment for moment in life.requests if moment >= back)
    assert first <= max(back + 30 * MINUTE, local(day + DAY, 16, 30))
    assert all(end <= back + 30 * MINUTE for _, end in life.dark)
    assert list(life.each_day())[-1] == 1


def test_prices_that_come_in_the_night_are_found() -> None:
    """The asking goes on after 23:00 at the longest interval."""
    published = local(WINTER + DAY, 2, 10)
    life = Life(
        now=local(WINTER, 12),
        published=lambda day: published if day == WINTER else local(day, 16),
        state=FetchState(known_until=local(WINTER, 23)),
    )
    life.run(local(WINTER + 2 * DAY, 9))
    found = next(moment for moment in life.requests if moment >= published)
    assert found <= published + 30 * MINUTE
    assert local(WINTER, 23) in life.requests
    assert life.requests[-1] == local(WINTER + DAY, 16, 5)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-01-15 12:00", "2026-01-16 23:00"),
        ("2026-01-15 23:30", "2026-01-16 23:00"),
        ("2026-07-15 12:00", "2026-07-16 22:00"),
        ("2026-07-15 23:30", "2026-07-17 22:00"),
        ("2026-10-24 12:00", "2026-10-25 23:00"),
    ],
)
def test_the_end_of_tomorrow(now: str, end: str) -> None:
    """Tomorrow's Agile day ends at 23:00 by the clock of the United Kingdom."""
    assert tomorrow_end(utc(now)) == utc(end)
