"""What is told of a moment is what its prices amount to, and it is known how long."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.planning.overview import (
    Overview,
    next_change,
    overview,
)
from custom_components.miner_controller.planning.slots import Slot

from . import HALF_HOUR, HOUR, LONDON, at, priced, utc

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)

# One with changes of an hour, one of half an hour, and one that is off by 45 minutes.
ZONES = [LONDON, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kathmandu"), UTC]
# An ordinary day, and those around the changes of the clock.
DAYS = [
    date(2026, 1, 15),
    date(2026, 3, 29),
    date(2026, 4, 5),
    date(2026, 10, 4),
    date(2026, 10, 25),
]
LENGTHS = st.sampled_from([5, 10, 15, 30, 60, 90, 180, 1500]).map(
    lambda minutes: minutes * MINUTE
)
GAPS = st.one_of(st.just(timedelta()), st.just(timedelta()), LENGTHS)


@st.composite
def situations(draw: st.DrawFn) -> tuple[tuple[Slot, ...], datetime, tzinfo]:
    """Return slots of any length with and without gaps, a moment and a zone."""
    zone = draw(st.sampled_from(ZONES))
    day = datetime.combine(draw(st.sampled_from(DAYS)), time(), UTC)
    end = day + draw(st.integers(-72, 24)) * HALF_HOUR
    slots = []
    for gap, length, price in draw(
        st.lists(st.tuples(GAPS, LENGTHS, st.integers(-3, 9)), max_size=60)
    ):
        start = end + gap
        end = start + length
        slots.append(Slot(start=start, end=end, price=price))
    edges = [moment for slot in slots for moment in (slot.start, slot.end)]
    near = st.integers(-36 * 60, 36 * 60).map(lambda minutes: day + minutes * MINUTE)
    now = draw(st.sampled_from(edges) | near if edges else near)
    return tuple(slots), now, zone


def today_of(now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the local day around a moment. Midnight exists in all of the zones."""
    day = now.astimezone(zone).date()
    start, end = (
        datetime.combine(each, time(), zone).astimezone(UTC)
        for each in (day, day + DAY)
    )
    return start, end


def parts(slots: Sequence[Slot], start: datetime, end: datetime) -> list[Slot]:
    """Return the parts of slots that lie inside."""
    cut = [(max(slot.start, start), min(slot.end, end), slot.price) for slot in slots]
    return [
        Slot(start=begin, end=stop, price=price)
        for begin, stop, price in cut
        if begin < stop
    ]


def minutes(slots: Sequence[Slot]) -> float:
    """Return how many minutes slots last together."""
    return sum(slot.duration / MINUTE for slot in slots)


@given(situations())
@settings(max_examples=150, deadline=None)
def test_overview(situation: tuple[tuple[Slot, ...], datetime, tzinfo]) -> None:
    """Each fact is what going through all slots finds."""
    slots, now, zone = situation
    seen = overview(slots, now, zone)
    start, end = today_of(now, zone)
    today = parts(slots, start, end)
    current = next((slot for slot in slots if slot.start <= now < slot.end), None)

    assert seen.current == current
    assert seen.following == next(
        (slot for slot in slots if current and slot.start == current.end), None
    )
    assert seen.slots_today == len(today)
    assert seen.today_complete == (minutes(today) == (end - start) / MINUTE)
    assert seen.since_today == tuple(slot for slot in slots if slot.end > start)
    if today:
        assert seen.today is not None
        prices = [slot.price for slot in today]
        assert seen.today.lowest == today[prices.index(min(prices))]
        assert seen.today.highest == today[prices.index(max(prices))]
        weighted = sum(slot.price * minutes([slot]) for slot in today)
        assert seen.today.average == pytest.approx(weighted / minutes(today))
    else:
        assert seen.today is None

    begin = now if current is None else current.start
    ahead = [slot for slot in slots if begin <= slot.start and slot.end <= begin + DAY]
    best = min(ahead, key=lambda slot: (slot.price, slot.start), default=None)
    assert seen.cheapest_ahead == best
    if current is None:
        assert (seen.rank, seen.quantile, seen.known_until) == (None, None, None)
        return
    until = current.end
    for before, after in pairwise(slot for slot in slots if slot.end > now):
        if before.end != after.start:
            break
        until = after.end
    assert seen.known_until == until
    cheaper = [slot for slot in today if slot.price < current.price]
    dearer = [slot for slot in today if slot.price > current.price]
    assert seen.rank == len(cheaper) + 1
    others = minutes(cheaper) + minutes(dearer)
    assert seen.quantile == pytest.approx(minutes(cheaper) / others if others else 0)


@given(situations())
@settings(max_examples=150, deadline=None)
def test_next_change(situation: tuple[tuple[Slot, ...], datetime, tzinfo]) -> None:
    """Before that moment nothing is another than now."""
    slots, now, zone = situation
    change = next_change(slots, now, zone)
    assert now < change <= today_of(now, zone)[1]
    edges = {moment for slot in slots for moment in (slot.start, slot.end)}
    looks = {now + (change - now) * share / 4 for share in range(4)}
    # Where a slot is a day ahead, and right before the change.
    looks |= {edge - DAY + more for edge in edges for more in (0 * SECOND, SECOND)}
    looks.add(change - SECOND)
    seen = overview(slots, now, zone)
    for moment in sorted(looks):
        if now <= moment < change:
            assert overview(slots, moment, zone) == seen, moment


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (0, 0.5),
        (0.25, 0.5),
        (0.5, 1),
        # Behind what is known it is where the next slot starts, or midnight.
        (1, 3),
        (2.9, 3),
        (3, 3.5),
        (3.5, 24),
        (-3, 0),
        (-30, -24),
    ],
)
def test_where_it_changes(now: float, change: float) -> None:
    """It is where a slot starts or ends, or a day, and never the moment itself."""
    slots = (*priced(1, 2), *priced(3, start=at(3)))
    assert next_change(slots, at(now), LONDON) == at(change)
    assert next_change((), at(now), LONDON) == at(now // 24 * 24 + 24)


def test_a_day_after_a_gap() -> None:
    """While the price of now is unknown, the next 24 hours move on with the clock."""
    slots = priced(5, 4, 3, start=at(24))
    assert overview(slots, at(0.25), UTC).cheapest_ahead is None
    assert overview(slots, at(0.5), UTC).cheapest_ahead == slots[0]
    assert next_change(slots, at(0.25), UTC) <= at(0.5)


def test_slot_over_midnight() -> None:
    """Of a slot that reaches over midnight, today has its part, and now all of it."""
    (slot,) = priced(2, start=at(22), length=4 * HOUR)
    seen = overview((slot,), at(23), LONDON)
    assert seen.current == slot
    assert seen.today is not None
    assert seen.today.lowest == Slot(start=at(22), end=at(24), price=2)
    assert next_change((slot,), at(23), LONDON) == at(24)
    seen = overview((slot,), at(24), LONDON)
    assert seen.current == slot
    assert seen.today is not None
    assert seen.today.lowest == Slot(start=at(24), end=at(26), price=2)


@pytest.mark.parametrize(
    ("day", "number"), [("2026-03-29", 46), ("2026-10-25", 50), ("2026-11-10", 48)]
)
def test_days_of_the_clock(day: str, number: int) -> None:
    """A local day has as many half hours as its clock shows."""
    midnight = utc(f"{day} 00:00").replace(tzinfo=LONDON).astimezone(UTC)
    slots = priced(*range(200), start=midnight - 50 * HALF_HOUR)
    for place in (0, number - 1):
        seen = overview(slots, midnight + place * HALF_HOUR, LONDON)
        assert seen.slots_today == number
        assert seen.today_complete
        assert seen.rank == place + 1
        assert seen.quantile == place / (number - 1)
        assert seen.since_today[0].start == midnight
    last = midnight + (number - 1) * HALF_HOUR
    assert next_change(slots, last, LONDON) == last + HALF_HOUR
    assert overview(slots, last + HALF_HOUR, LONDON).rank == 1


def test_the_last_hour_is_not_published() -> None:
    """Until then today is told of what is known, and told to be not all."""
    slots = priced(*range(46))
    seen = overview(slots, at(22.75), LONDON)
    assert (seen.slots_today, seen.today_complete) == (46, False)
    assert seen.following is None
    assert seen.known_until == at(23)
    seen = overview(slots, at(23), LONDON)
    assert seen.current is None
    assert seen.today is not None
    assert seen.cheapest_ahead is None
    assert seen.known_until is None


def test_nothing_known() -> None:
    """Without prices there is nothing to tell."""
    assert overview((), at(12), LONDON) == Overview()
