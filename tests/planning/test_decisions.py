"""A window decides once, keeps to it, and never takes back what has begun."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
import json
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.planning.decisions import (
    Decision,
    decide,
    decision_for,
    is_active,
    next_start,
    next_update,
    update,
)
from custom_components.miner_controller.planning.slots import (
    Slot,
    clipped,
    day_span,
    merge,
)
from custom_components.miner_controller.planning.spans import Span, joined
from custom_components.miner_controller.planning.windows import (
    CheapWindow,
    UnknownPrices,
    span_at,
)

from . import HALF_HOUR, HOUR, LONDON, at, oracle, priced, span, utc

WAITS, ON, USE_KNOWN = UnknownPrices.OFF, UnknownPrices.ON, UnknownPrices.USE_KNOWN

# The span of most tests: eight half hours.
SPAN = span(0, 4)
BEFORE = at(-1)

WANTED = st.one_of(
    st.builds(lambda n: {"duration": n * HALF_HOUR}, st.integers(1, 9)),
    st.sampled_from([{"share": 0.25}, {"share": 0.6}]),
    st.just({"maximum_price": 1}),
)
WINDOWS = st.builds(
    lambda wanted, limit, **others: CheapWindow(
        **{"maximum_price": limit, **wanted, **others}
    ),
    WANTED,
    st.none() | st.integers(-1, 3),
    split=st.booleans(),
    minimum_run=st.sampled_from([timedelta(), HALF_HOUR, HOUR, 3 * HALF_HOUR]),
    unknown=st.sampled_from(UnknownPrices),
)
PRICES = st.lists(st.integers(-2, 4), min_size=8, max_size=8)
SOME_PRICES = st.lists(st.none() | st.integers(-2, 4), min_size=8, max_size=8)
MOMENTS = st.integers(-60, 240).map(lambda minutes: at(minutes / 60))


def decided(
    window: CheapWindow,
    slots: Sequence[Slot],
    previous: Decision | None = None,
    now: datetime = BEFORE,
) -> Decision:
    """Return a decision about SPAN, which has to be made."""
    found = decide(window, SPAN, slots, previous, now)
    assert found is not None
    return found


def restored(decision: Decision) -> Decision:
    """Return a decision after it was stored as JSON."""
    return Decision.from_dict(json.loads(json.dumps(decision.as_dict())))


def hours(decision: Decision) -> list[tuple[float, ...]]:
    """Return the periods of a decision in hours after the span's start."""
    return [
        tuple(
            round((edge - SPAN.start) / HOUR, 6) for edge in (period.start, period.end)
        )
        for period in decision.periods
    ]


def wants(number: float, **options: Any) -> CheapWindow:
    """Return a window that wants some hours."""
    return CheapWindow(duration=timedelta(hours=number), **options)


def test_a_decision() -> None:
    """The cheapest time of a span is chosen, and what it costs is told."""
    slots = priced(5, 1, 4, 2, 2, 9, 9, 9, 0)
    decision = decided(wants(1.5), slots)
    assert decision == Decision(
        window=wants(1.5),
        span=SPAN,
        periods=(span(0.5, 1), span(1.5, 2.5)),
        slots=slots[:8],
    )
    assert decision.average == pytest.approx(5 / 3)
    assert decision.complete
    assert decision.fallback == ()


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (wants(1, split=False), [(1.5, 2.5)]),
        (CheapWindow(share=0.25), [(0.5, 1), (1.5, 2)]),
        (CheapWindow(maximum_price=4), [(0.5, 2.5)]),
        (CheapWindow(maximum_price=2), [(0.5, 1), (1.5, 2.5)]),
        (CheapWindow(maximum_price=2, minimum_run=HOUR), [(1.5, 2.5)]),
        (CheapWindow(maximum_price=0), []),
        # There is less than is wanted.
        (wants(4, maximum_price=2), [(0.5, 1), (1.5, 2.5)]),
        (wants(4, maximum_price=2, split=False), [(1.5, 2.5)]),
        (wants(4, maximum_price=0), []),
    ],
)
def test_each_kind_of_window(
    window: CheapWindow, expected: list[tuple[float, float]]
) -> None:
    """A window has a duration, a share or a price, in one block or in runs."""
    decision = decided(window, priced(5, 1, 4, 2, 2, 9, 9, 9))
    assert hours(decision) == expected
    assert (decision.average is None) == (not expected)


def test_a_span_between_two_slots() -> None:
    """All that is cheap enough is used from the span's own start to its end."""
    window = CheapWindow(maximum_price=2)
    inside = span(0.25, 1.25)
    decision = decide(window, inside, priced(1, 1, 1), None, at(0))
    assert decision is not None
    assert decision.periods == (inside,)
    assert decision.complete


def test_waiting_for_the_last_price() -> None:
    """A window that waits decides nothing before all is known."""
    slots = priced(1, 2, 3, 4, 5, 6, 7)
    assert decide(wants(1), SPAN, slots, None, at(1)) is None
    # What is over cannot be used, so it need not be known.
    late = priced(None, None, 3, 4, 5, 6, 7, 8)
    assert decide(wants(1), SPAN, late, None, at(0.9)) is None
    decision = decided(wants(1), late, now=at(1))
    assert hours(decision) == [(1, 2)]
    assert not decision.complete


def test_using_what_is_known() -> None:
    """It is chosen among what is known, from the span's start on."""
    window = wants(1, unknown=USE_KNOWN)
    slots = priced(3, 2, None, 1, 4)
    assert decide(window, SPAN, slots, None, at(-0.1)) is None
    decision = decided(window, slots, now=at(0))
    assert hours(decision) == [(0.5, 1), (1.5, 2)]
    assert not decision.complete
    assert not is_active([decision], at(1))
    assert not is_active([decision], at(3))


def test_on_while_a_price_is_not_known() -> None:
    """It is active where nothing is known, and only there beside what is chosen."""
    window = wants(0.5, unknown=ON)
    assert decide(window, SPAN, (), None, at(-0.1)) is None
    decision = decided(window, (), now=at(0))
    assert decision.fallback == (SPAN,)
    assert decision.average is None
    assert next_start([decision], at(-1)) is None
    slots = priced(3, 2, None, 1, 4)
    decision = decided(window, slots, decision, at(0.1))
    active = [half for half in range(8) if is_active([decision], at(half / 2))]
    assert active == [2, 3, 5, 6, 7]
    # Before and after the span it is not.
    assert not is_active([decision], at(-0.1))
    assert not is_active([decision], at(4))


def test_other_settings_are_decided_anew() -> None:
    """So is another span."""
    slots = priced(5, 1, 4, 2, 2, 9, 9, 9)
    previous = decided(wants(1), slots)
    assert hours(decided(wants(0.5), slots, previous, at(3))) == [(0.5, 1)]
    other = replace(previous, span=span(-20, -16))
    assert decided(wants(1), slots, other, at(3)) == previous
    assert decide(wants(0.5), SPAN, (), previous, at(3)) is None


def test_prices_that_are_forgotten_change_nothing() -> None:
    """A decision remembers the prices that it was made with."""
    slots = priced(5, 1, 4, 2, 2, 9, 9, 9)
    decision = decided(wants(1), slots)
    assert decide(wants(1), SPAN, slots[5:], decision, at(2.6)) is decision
    assert decide(wants(1), SPAN, (), decision, at(2.6)) is decision


@pytest.mark.parametrize(
    ("window", "prices", "now", "expected"),
    [
        # Nothing has begun: all is chosen anew.
        (wants(1), {1: 9, 7: 0}, 0.1, [(1.5, 2), (3.5, 4)]),
        # What is over counts as used.
        (wants(1), {1: 9, 7: 0}, 1, [(0.5, 1), (3.5, 4)]),
        # What goes on is not ended, and what it cost once does not matter.
        (wants(1), {1: 9, 7: 0}, 0.6, [(0.5, 1), (3.5, 4)]),
        # What is to begin now has not begun.
        (wants(1), {1: 9, 7: 0}, 0.5, [(1.5, 2), (3.5, 4)]),
        # All that was wanted has begun.
        (wants(0.5), {7: 0}, 0.6, [(0.5, 1)]),
        # A slot that goes on is used from now on.
        (wants(0.5), {0: 0, 1: 9}, 0.1, [(0.1, 0.5)]),
        # A block that has begun is kept, and one that has not is moved.
        (wants(1, split=False), {6: 0, 7: 0}, 0.1, [(3, 4)]),
        (wants(1, split=False), {6: 0, 7: 0}, 1.6, [(1.5, 2.5)]),
        # What has become too dear ends.
        (wants(1, split=False, maximum_price=4), {4: 5}, 1.6, [(1.5, 2)]),
        (wants(1, split=False, maximum_price=4), {3: 5}, 1.75, [(1.5, 1.75)]),
        (wants(1, maximum_price=4), {4: 5, 5: 3}, 1.6, [(0.5, 1), (1.5, 2)]),
        (
            CheapWindow(maximum_price=2),
            {3: 5, 6: 1},
            1.75,
            [(0.5, 1), (1.5, 1.75), (2, 2.5), (3, 3.5)],
        ),
        # A slot that has become cheap is used from now on.
        (CheapWindow(maximum_price=2), {2: 0}, 1.25, [(0.5, 1), (1.25, 2.5)]),
        # A block that was short is prolonged, if that leaves no gap.
        (wants(2, split=False, maximum_price=3), {5: 3}, 1.6, [(1.5, 3)]),
        (wants(1.25, split=False, maximum_price=3), {5: 3}, 1.6, [(1.5, 2.75)]),
        (wants(2, split=False, maximum_price=3), {6: 3}, 1.6, [(1.5, 2.5)]),
        (wants(2, split=False, maximum_price=3), {5: 3}, 2.6, [(1.5, 2.5)]),
    ],
)
def test_prices_that_change(
    window: CheapWindow,
    prices: dict[int, float],
    now: float,
    expected: list[tuple[float, float]],
) -> None:
    """What has begun stays, and the rest is the best of what is left."""
    before = [5, 1, 4, 2, 2, 9, 9, 9]
    decision = decided(window, priced(*before))
    after = priced(*(prices.get(index, price) for index, price in enumerate(before)))
    again = decided(window, after, decision, at(now))
    assert hours(again) == expected
    assert again.slots == after
    assert decided(window, after, again, at(now + 0.2)) is again


def test_prices_that_come_one_by_one() -> None:
    """A source that knows no more than the present price will do for a limit."""
    window = CheapWindow(maximum_price=2, unknown=USE_KNOWN)
    slots = priced(5, 1, 2, 4, 1, 9, 9, 9)
    decision = None
    for index in range(8):
        now = at(index / 2 + 0.01)
        decision = decided(window, slots[index : index + 1], decision, now)
        assert is_active([decision], now) == (slots[index].price <= 2)
    assert decision is not None
    assert decision.complete
    assert hours(decision) == [(0.51, 1), (1.01, 1.5), (2.01, 2.5)]


def test_a_block_grows_as_prices_come() -> None:
    """A block that has begun goes on until it is long enough."""
    window = wants(1.5, split=False, unknown=USE_KNOWN)
    slots = priced(5, 1, 2, 4, 1, 9, 9, 9)
    decision = decided(window, slots[:1], now=at(0))
    for known in range(2, 9):
        decision = decided(window, slots[:known], decision, at(known / 2 - 0.6))
    assert hours(decision) == [(0, 1.5)]


@given(window=WINDOWS, prices=PRICES, moments=st.lists(MOMENTS, min_size=2, max_size=5))
@settings(max_examples=150, deadline=None)
def test_time_alone_changes_nothing(
    window: CheapWindow, prices: list[float], moments: list[datetime]
) -> None:
    """With all prices known it does not matter when, how often and in which run."""
    slots = priced(*prices)
    first, *later = moments
    decision = decided(window, slots, now=first)
    for now in later:
        assert decided(window, slots, now=now) == decision
        assert decide(window, SPAN, slots, decision, now) is decision
        stored = restored(decision)
        assert stored == decision
        assert decide(window, SPAN, slots, stored, now) is stored


@given(window=WINDOWS, prices=PRICES)
@settings(max_examples=150, deadline=None)
def test_a_decision_is_the_cheapest_choice(
    window: CheapWindow, prices: list[float]
) -> None:
    """Trying everything finds the same, or as much of it as there is."""
    slots = priced(*prices)
    wanted = window.wanted(SPAN)
    best = oracle.cheapest(
        slots,
        # All that is cheap enough is as much as possible of the span.
        wanted=SPAN.duration if wanted is None else wanted,
        earliest=SPAN.start,
        latest=SPAN.end,
        split=window.split or wanted is None,
        minimum_run=window.minimum_run,
        maximum_price=window.maximum_price,
        up_to=True,
    )
    expected = joined(Span(start=slot.start, end=slot.end) for slot in best)
    assert decided(window, slots).periods == expected


def too_dear(decision: Decision, slots: Sequence[Slot], now: datetime) -> bool:
    """Return whether a decision uses time from now on that is above the limit."""
    limit = decision.window.maximum_price
    return any(
        limit is not None and slot.price > limit
        for period in decision.periods
        for slot in clipped(slots, max(now, period.start), period.end)
    )


@given(
    window=WINDOWS,
    steps=st.lists(st.tuples(st.integers(0, 240), SOME_PRICES), min_size=1, max_size=5),
)
@settings(max_examples=150, deadline=None)
def test_the_past_is_never_changed(
    window: CheapWindow, steps: list[tuple[int, list[float | None]]]
) -> None:
    """Whatever becomes of prices, what was active stays so, and nothing is too dear."""
    known: tuple[Slot, ...] = ()
    decision: Decision | None = None
    for minutes, prices in sorted(steps, key=lambda step: step[0]):
        now = at(minutes / 60)
        known = merge(known, priced(*prices))
        again = decide(window, SPAN, known, decision, now)
        if decision is None or again is None:
            decision = again
            continue
        begun = [period for period in decision.periods if period.start < now]
        for period in begun:
            # It is there again, to its end unless it became too dear.
            (same,) = (new for new in again.periods if period.start in new)
            assert same.start == period.start
            assert same.end >= min(period.end, now)
            assert same.end >= period.end or window.maximum_price is not None
        starts = {period.start for period in begun}
        for period in again.periods:
            assert period.start in starts or period.start >= now
            assert SPAN.start <= period.start < period.end <= SPAN.end
        assert not too_dear(again, known, now)
        assert decide(window, SPAN, known, again, now) is again
        assert restored(again) == again
        decision = again


NIGHT = CheapWindow(duration=timedelta(hours=2), start_time=time(21), end_time=time(7))


@pytest.mark.parametrize(
    ("midnight", "number"), [("2026-03-28", 18), ("2026-10-24", 22), ("2026-01-14", 20)]
)
def test_a_night_on_which_the_clock_changes(midnight: str, number: int) -> None:
    """The night of the change is decided as a whole."""
    noon = utc(f"{midnight} 12:00")
    (present, night) = (
        span_at(NIGHT, noon, LONDON),
        span_at(NIGHT, noon + 12 * HOUR, LONDON),
    )
    assert present is None
    assert night is not None
    assert night.duration == number * HALF_HOUR
    # The cheapest are the last four of the night, and the slot after it.
    slots = priced(*range(number, -1, -1), start=night.start)
    assert update(NIGHT, (), slots[: number - 1], noon, LONDON) == ()
    (decision,) = update(NIGHT, (), slots, noon, LONDON)
    assert decision.span == night
    assert decision.periods == (Span(start=night.end - 2 * HOUR, end=night.end),)
    assert next_start([decision], noon) == night.end - 2 * HOUR


@pytest.mark.parametrize(
    ("day", "number", "quarter"),
    [("2026-01-15", 48, 12), ("2026-03-29", 46, 12), ("2026-10-25", 50, 13)],
)
def test_a_quarter_of_a_day(day: str, number: int, quarter: int) -> None:
    """A day has as many half hours as it has, and the share is rounded up."""
    window = CheapWindow(share=0.25)
    today = day_span(utc(f"{day} 12:00"), LONDON)
    slots = priced(*(-index for index in range(number)), start=today.start)
    (decision,) = update(window, (), slots, today.start, LONDON)
    assert decision.complete
    assert decision.span == today
    (period,) = decision.periods
    assert period == Span(start=today.end - quarter * HALF_HOUR, end=today.end)


def test_decisions_about_two_spans() -> None:
    """The present span and the next one are decided, and what is over is dropped."""
    evening = utc("2026-01-15 22:00")
    tonight = utc("2026-01-15 21:00")
    slots = priced(*range(96), start=tonight)
    first = update(NIGHT, (), slots, evening, LONDON)
    assert [item.span.start for item in first] == [tonight, tonight + 24 * HOUR]
    assert is_active(first, evening)
    assert not is_active(first, tonight + 2 * HOUR)
    assert next_start(first, evening) == tonight + 24 * HOUR
    assert decision_for(first, evening) is first[0]
    # Nothing is known of the night after, and nothing is left of this one.
    later = tonight + 11 * HOUR
    second = update(NIGHT, first, slots, later, LONDON)
    assert len(second) == 1
    assert second[0] is first[1]
    assert decision_for(second, later) is first[1]
    assert decision_for(first, later) is first[1]
    assert decision_for(second, tonight + 48 * HOUR) is None
    assert next_start(second, tonight + 48 * HOUR) is None


def test_periods_of_two_days_that_touch_have_one_start() -> None:
    """An activity that goes on over midnight does not start there."""
    window = CheapWindow(maximum_price=1)
    slots = priced(*[5] * 46, *[1] * 6, *[5] * 44)
    decisions = update(window, (), slots, at(1), LONDON)
    assert len(decisions) == 2
    assert next_start(decisions, at(1)) == at(23)
    assert next_start(decisions, at(23)) is None
    assert is_active(decisions, at(24))


def test_when_to_look_again() -> None:
    """Each moment is told at which something begins, ends or can be decided."""
    tonight = utc("2026-01-15 21:00")
    slots = priced(*[5, 1, 5, 1, 1], *[5] * 15, start=tonight)
    now = tonight - HOUR
    seen = []
    decisions: tuple[Decision, ...] = ()
    while now < tonight + 24 * HOUR:
        decisions = update(NIGHT, decisions, slots, now, LONDON)
        now = next_update(NIGHT, decisions, now, LONDON)
        seen.append((now - tonight) / HOUR)
    assert seen == [0, 1, 1.5, 2.5, 10, 24]


@pytest.mark.parametrize("unknown", [ON, USE_KNOWN])
def test_looking_again_starts_what_does_not_wait(unknown: UnknownPrices) -> None:
    """The start of a span is such a moment, though nothing is decided before."""
    window = replace(NIGHT, unknown=unknown)
    tonight = utc("2026-01-15 21:00")
    slots = priced(1, 1, start=tonight)
    assert update(window, (), slots, tonight - HOUR, LONDON) == ()
    assert next_update(window, (), tonight - HOUR, LONDON) == tonight
    decisions = update(window, (), slots, tonight, LONDON)
    assert is_active(decisions, tonight)
    assert next_update(window, decisions, tonight, LONDON) == tonight + HOUR
    assert is_active(decisions, tonight + HOUR) == (unknown is ON)
