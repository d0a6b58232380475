"""What slots tell: of a moment, of a day, and of each other."""

from datetime import timedelta
from itertools import pairwise
import math
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.planning import slots as s
from custom_components.miner_controller.planning.slots import Slot

from . import HALF_HOUR, HOUR, LONDON, at, priced, span, utc

QUARTER = timedelta(minutes=15)


@st.composite
def overlapping_lists(draw: st.DrawFn) -> tuple[list[Slot], list[Slot]]:
    """Draw two lists of slots of all lengths, in any order, some overlapping."""
    slot = st.builds(
        lambda start, length, price: Slot(
            start=at(start / 4), end=at((start + length) / 4), price=price
        ),
        st.integers(0, 24),
        st.integers(1, 6),
        st.integers(-5, 5),
    )
    return draw(st.lists(slot, max_size=8)), draw(st.lists(slot, max_size=8))


@pytest.mark.parametrize(
    ("end", "price"), [(0, 1.0), (-1, 1.0), (1, math.nan), (1, math.inf)]
)
def test_what_is_no_slot_is_refused(end: float, price: float) -> None:
    """A slot without a duration or with a price that is none cannot be compared."""
    with pytest.raises(ValueError, match="slot"):
        Slot(start=at(0), end=at(end), price=price)


def test_a_slot_has_a_duration() -> None:
    """It lasts from its start to its end."""
    (slot,) = priced(-0.0126)
    assert slot.duration == HALF_HOUR


def test_fetched_slots_win() -> None:
    """A slot that is fetched again has the new price, others stay, all are sorted."""
    known = priced(1, 2, 3)
    fetched = reversed(priced(20, 30, 40, start=at(0.5)))
    assert s.merge(known, fetched) == priced(1, 20, 30, 40)
    assert s.merge((), ()) == ()


def test_the_last_of_two_fetched_slots_wins() -> None:
    """A source may tell a slot twice."""
    assert s.merge((), (*priced(1), *priced(2))) == priced(2)


def test_slots_of_another_length_are_cut() -> None:
    """What new slots do not cover keeps its price."""
    hours = priced(1, 2, length=HOUR)
    (new,) = priced(9, start=at(0.25))
    assert s.merge(hours, (new,)) == (
        *priced(1, length=QUARTER),
        new,
        *priced(1, start=at(0.75), length=QUARTER),
        *priced(2, start=at(1), length=HOUR),
    )
    assert s.merge((new,), hours) == hours


@given(overlapping_lists())
def test_a_merge_has_the_newest_price_of_each_moment(
    lists: tuple[list[Slot], list[Slot]],
) -> None:
    """Nothing overlaps, nothing is lost, and merging again changes nothing."""
    first, fetched = lists
    known = s.merge((), first)
    merged = s.merge(known, fetched)
    assert all(a.end <= b.start for a, b in pairwise(merged))
    for quarter in range(32):
        moment = at(quarter / 4)
        newest = [slot.price for slot in (*first, *fetched) if moment in slot][-1:]
        found = s.slot_at(merged, moment)
        assert ([] if found is None else [found.price]) == newest
    assert s.merge(merged, merged) == merged
    assert s.merge(merged, ()) == merged


@pytest.mark.parametrize(
    ("hours", "current", "following", "until"),
    [
        (-0.1, None, None, None),
        (0, 1, 2, 1),
        (0.49, 1, 2, 1),
        (0.5, 2, None, 1),
        (1, None, None, None),
        (1.5, 4, 5, 2.5),
        (2.49, 5, None, 2.5),
        (2.5, None, None, None),
    ],
)
def test_the_slots_of_a_moment(
    hours: float, current: float | None, following: float | None, until: float | None
) -> None:
    """A slot has its start and not its end, and a gap ends what is known."""
    slots = priced(1, 2, None, 4, 5)
    now = at(hours)
    found, after = s.slot_at(slots, now), s.slot_after(slots, now)
    assert (found.price if found else None) == current
    assert (after.price if after else None) == following
    assert s.known_until(slots, now) == (None if until is None else at(until))


def test_slots_between() -> None:
    """Slots wholly inside, slots touched, and slots cut to fit are told apart."""
    slots = priced(1, 2, None, 4)
    assert s.between(slots, at(0), at(2)) == slots
    assert s.between(slots, at(0.25), at(2)) == slots[1:]
    assert s.between(slots, at(0), at(1.75)) == slots[:2]
    assert s.overlapping(slots, at(0.25), at(1.75)) == slots
    assert s.overlapping(slots, at(0.5), at(1.5)) == slots[1:2]
    assert s.overlapping(slots, at(0.2), at(0.2)) == ()
    assert s.clipped(slots, at(0.25), at(1.75)) == (
        *priced(1, start=at(0.25), length=QUARTER),
        *priced(2, start=at(0.5)),
        *priced(4, start=at(1.5), length=QUARTER),
    )
    assert s.clipped(slots, at(5), at(6)) == ()


def test_gaps() -> None:
    """What is not known is told, at both ends and between."""
    slots = priced(1, None, 3)
    assert s.gaps(slots, at(-1), at(2)) == (span(-1, 0), span(0.5, 1), span(1.5, 2))
    assert s.gaps(slots, at(0.75), at(1.25)) == (span(0.75, 1),)
    assert s.gaps((), at(0), at(1)) == (span(0, 1),)
    assert s.gaps(slots, at(0), at(0.5)) == ()
    assert s.is_complete(slots, at(0.1), at(0.5))
    assert s.is_complete(slots, at(0.7), at(0.7))
    assert not s.is_complete(slots, at(0), at(1.5))
    assert not s.is_complete((), at(0), at(1))


@pytest.mark.parametrize(
    ("now", "days", "start", "end", "half_hours"),
    [
        ("2026-01-15 12:00", 0, "2026-01-15 00:00", "2026-01-16 00:00", 48),
        ("2026-07-15 22:59", 0, "2026-07-14 23:00", "2026-07-15 23:00", 48),
        ("2026-07-15 23:00", 0, "2026-07-15 23:00", "2026-07-16 23:00", 48),
        ("2026-03-29 12:00", 0, "2026-03-29 00:00", "2026-03-29 23:00", 46),
        ("2026-03-28 12:00", 1, "2026-03-29 00:00", "2026-03-29 23:00", 46),
        ("2026-10-25 12:00", 0, "2026-10-24 23:00", "2026-10-26 00:00", 50),
        ("2026-10-26 12:00", -1, "2026-10-24 23:00", "2026-10-26 00:00", 50),
    ],
)
def test_a_day_lasts_from_midnight_to_midnight(
    now: str, days: int, start: str, end: str, half_hours: int
) -> None:
    """A local day has 46, 48 or 50 half hours."""
    day = s.day_span(utc(now), LONDON, days)
    assert (day.start, day.end) == (utc(start), utc(end))
    assert day.duration == half_hours * HALF_HOUR


@pytest.mark.parametrize(
    ("zone", "now", "start", "hours"),
    [
        # Midnight does not exist, and it exists twice.
        ("America/Sao_Paulo", "2018-11-04 12:00", "2018-11-04 03:00", 23),
        ("America/Havana", "2026-11-01 12:00", "2026-11-01 04:00", 25),
    ],
)
def test_a_day_may_begin_when_the_clock_changes(
    zone: str, now: str, start: str, hours: int
) -> None:
    """A day begins with its first moment, whatever the clock shows then."""
    day = s.day_span(utc(now), ZoneInfo(zone))
    assert day.start == utc(start)
    assert day.duration == hours * HOUR


def test_a_summary() -> None:
    """The earliest of equal extremes is told, and longer slots weigh more."""
    slots = (*priced(3, -1, 7, 7, -1), *priced(2, start=at(3), length=HOUR))
    found = s.summary(slots)
    assert found is not None
    assert found.lowest == slots[1]
    assert found.highest == slots[2]
    assert found.average == pytest.approx((3 - 1 + 7 + 7 - 1 + 2 + 2) / 7)
    assert s.cheapest(slots) == slots[1]
    assert s.cheapest(reversed(slots)) == slots[1]


def test_nothing_is_told_of_no_slots() -> None:
    """There is no zero where nothing is known."""
    assert s.summary(()) is None
    assert s.cheapest(()) is None
    assert s.average(()) is None


def test_ranks_and_quantiles() -> None:
    """Equal prices share the smallest rank, and the same quantile."""
    slots = priced(5, -2, 3, 3, 8)
    assert [s.rank(slots, slot) for slot in slots] == [4, 1, 2, 2, 5]
    assert [s.quantile(slots, slot) for slot in slots] == [
        3 / 4,
        0,
        1 / 3,
        1 / 3,
        1,
    ]


def test_a_quantile_is_of_time() -> None:
    """An hour weighs twice as much as half an hour."""
    slots = (*priced(1, length=HOUR), *priced(2, 3, start=at(1)))
    assert s.quantile(slots, slots[1]) == pytest.approx(2 / 3)


def test_equal_prices_have_no_quantile_but_zero() -> None:
    """Where all is equally cheap, everything is the cheapest."""
    assert s.quantile(priced(4, 4), priced(4)[0]) == 0
    assert s.quantile((), priced(4)[0]) == 0


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=50, unique=True))
def test_a_quantile_follows_the_rank(prices: list[int]) -> None:
    """Where no two slots cost the same, both say one thing."""
    slots = priced(*prices)
    for slot in slots:
        expected = (s.rank(slots, slot) - 1) / max(len(slots) - 1, 1)
        assert s.quantile(slots, slot) == pytest.approx(expected)


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=50))
def test_a_quantile_rises_with_the_price(prices: list[int]) -> None:
    """A dearer slot never has a smaller rank or quantile."""
    slots = sorted(priced(*prices), key=lambda slot: slot.price)
    quantiles = [s.quantile(slots, slot) for slot in slots]
    ranks = [s.rank(slots, slot) for slot in slots]
    assert quantiles == sorted(quantiles)
    assert ranks == sorted(ranks)
    assert all(0 <= quantile <= 1 for quantile in quantiles)


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (priced(1, 2, 3), False),
        ((), False),
        (priced(None, 2), False),
        (priced(1, 2, 3, 4), False),
        (priced(1, 2 + 1e-12, 3), False),
        (priced(1, 2.001, 3), True),
        (priced(None, None, -3), True),
        (priced(1, length=HOUR), True),
        (priced(1, 1, length=QUARTER), True),
    ],
)
def test_a_change_is_another_price_for_the_same_time(
    new: tuple[Slot, ...], expected: bool
) -> None:
    """To learn or to forget a price changes none, nor does a rounding error."""
    assert s.changed(priced(1, 2, 3), new) == expected


@pytest.mark.parametrize("day", ["2026-03-29 12:00", "2026-10-25 12:00"])
def test_a_day_with_a_change_of_the_clock_is_complete(day: str) -> None:
    """Slots that follow each other in UTC fill the local day."""
    today = s.day_span(utc(day), LONDON)
    number = today.duration // HALF_HOUR
    slots = priced(*range(number), start=today.start)
    assert s.is_complete(slots, today.start, today.end)
    assert not s.is_complete(slots[:-1], today.start, today.end)
    assert s.known_until(slots, utc(day)) == today.end


@given(
    st.lists(st.none() | st.integers(-3, 3), max_size=12),
    st.integers(0, 26),
    st.integers(0, 26),
)
@settings(max_examples=200)
def test_known_and_unknown_time_add_up(
    prices: list[float | None], first: int, last: int
) -> None:
    """Each moment inside is in a slot or in a gap, and in one only."""
    slots = priced(*prices)
    start, end = at(first / 4), at(last / 4)
    for quarter in range(28):
        moment = at(quarter / 4)
        known = any(moment in slot for slot in s.clipped(slots, start, end))
        unknown = any(moment in gap for gap in s.gaps(slots, start, end))
        assert known + unknown == (start <= moment < end)
