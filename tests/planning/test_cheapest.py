"""The cheapest time is found exactly, which trying everything confirms."""

from datetime import timedelta
from time import process_time
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.planning.cheapest import (
    Selection,
    find_affordable,
    find_cheapest,
)
from custom_components.miner_controller.planning.slots import Slot, average, merge
from custom_components.miner_controller.planning.spans import Span, joined

from . import HALF_HOUR, HOUR, MIDNIGHT, at, oracle, priced, span

LENGTHS = [timedelta(minutes=minutes) for minutes in (5, 15, 30, 60)]
PRICES = st.lists(st.none() | st.integers(-2, 3), max_size=9)


def find(slots: tuple[Slot, ...], hours: float, **options: Any) -> Selection | None:
    """Find some hours on the day after MIDNIGHT."""
    return find_cheapest(
        slots,
        **{
            "duration": timedelta(hours=hours),
            "earliest": at(0),
            "latest": at(24),
            **options,
        },
    )


def periods(slots: tuple[Slot, ...], hours: float, **options: Any) -> tuple[Span, ...]:
    """Return the periods that are found."""
    found = find(slots, hours, **options)
    return found.periods if found else ()


def test_a_block() -> None:
    """A block is the cheapest time without a gap."""
    slots = priced(5, 1, 4, 2, 2, 9)
    found = find(slots, 1)
    assert found == Selection(
        periods=(span(1.5, 2.5),), slots=slots[3:5], average=2, complete=True
    )
    assert found.start == at(1.5)
    assert found.duration == HOUR


def test_several_runs() -> None:
    """Runs that touch are one period."""
    slots = priced(5, 1, 4, 2.5, 2.5, 9)
    found = find(slots, 1.5, split=True)
    assert found == Selection(
        periods=(span(0.5, 1), span(1.5, 2.5)),
        slots=(slots[1], *slots[3:5]),
        average=2,
        complete=True,
    )
    assert found.start == at(0.5)


@pytest.mark.parametrize(
    ("prices", "hours", "options", "expected"),
    [
        # A greedy choice would begin with the cheapest slot and have to add a dear one.
        ((9, 0, 9, 3, 3, 9), 1, {"minimum_run": HOUR}, [(1.5, 2.5)]),
        ((9, 0, 9, 3, 3, 9), 1, {}, [(0.5, 1), (1.5, 2)]),
        # Ties: the earliest.
        ((1, 1, 1, 1), 1, {}, [(0, 1)]),
        ((1, 1, 1, 1), 1, {"split": False}, [(0, 1)]),
        ((2, 1, 2, 1), 1, {"split": False}, [(0, 1)]),
        # The minimum is not longer than what is wanted.
        ((2, 1, 2), 0.5, {"minimum_run": HOUR}, [(0.5, 1)]),
        # A run does not go on behind a gap, though the cost would be the same.
        (
            (-1, 1, 0, None, 1, 1, -2, -1),
            3,
            {"minimum_run": HOUR},
            [(0, 1.5), (2.5, 4)],
        ),
        # A minimum is rounded up to slots.
        (
            (1, 9, 2, 2, 9),
            1,
            {"minimum_run": timedelta(minutes=40)},
            [(1, 2)],
        ),
        # What is not known is not bridged.
        ((1, None, 1, 5, 5), 1, {"split": False}, [(1, 2)]),
        ((1, None, 1), 1, {"split": False}, []),
        ((1, None, 1), 1, {}, [(0, 0.5), (1, 1.5)]),
        ((1, None, 1), 1, {"minimum_run": HOUR}, []),
        # Slots above the maximum price are not used, those at it are.
        ((1, 4, 3, 3), 1, {"maximum_price": 3}, [(0, 0.5), (1, 1.5)]),
        ((1, 4, 3, 3), 1, {"maximum_price": 3, "split": False}, [(1, 2)]),
        ((1, 4, 3, 3), 2, {"maximum_price": 3}, []),
        # A duration is rounded up.
        ((3, 1, 1, 3), 0.6, {}, [(0.5, 1.5)]),
        # Slots that reach out are not used.
        ((0, 5, 6, 0), 0.5, {"earliest": at(0.1), "latest": at(1.9)}, [(0.5, 1)]),
        ((0, 5, 6, 0), 0.5, {"earliest": at(0.6), "latest": at(0.9)}, []),
        ((0, 5, 6, 0), 0.5, {"earliest": at(3), "latest": at(2)}, []),
        # Unless it is said that the first one may have begun.
        ((0, 5, 6), 1, {"earliest": at(0.1), "begun": True}, [(0.1, 1)]),
        ((0, 5, 6), 1, {"earliest": at(0), "begun": True}, [(0, 1)]),
        # As much as possible.
        ((1, None, 5, 5), 2, {"up_to": True}, [(0, 0.5), (1, 2)]),
        ((1, None, 5, 5), 2, {"up_to": True, "split": False}, [(1, 2)]),
        ((1, None, 5, 5), 2, {"up_to": True, "minimum_run": HOUR}, [(1, 2)]),
        ((1, None, 5), 2, {"up_to": True, "minimum_run": HOUR}, []),
        ((), 2, {"up_to": True}, []),
        ((), 2, {"up_to": True, "split": False}, []),
        ((), 2, {}, []),
    ],
)
def test_what_is_chosen(
    prices: tuple[float | None, ...],
    hours: float,
    options: dict[str, Any],
    expected: list[tuple[float, float]],
) -> None:
    """Each rule for itself, in several runs unless it is said otherwise."""
    found = periods(priced(*prices), hours, **{"split": True, **options})
    assert found == tuple(span(*each) for each in expected)


def test_less_than_wanted_is_not_complete() -> None:
    """Whoever takes less is told so. A slot that has begun counts as a whole."""
    slots = priced(1, 2, None, 3)
    for hours, complete in ((1, True), (1.5, False)):
        found = find(slots, hours, up_to=True)
        assert found is not None
        assert found.complete == complete
    found = find(slots, 1, earliest=at(0.1), begun=True)
    assert found is not None
    assert found.complete
    assert found.duration == timedelta(minutes=54)


@pytest.mark.parametrize("split", [True, False])
def test_rounding_errors_decide_no_tie(split: bool) -> None:
    """0.1 + 0.2 + 0.3 and 0.3 + 0.2 + 0.1 are not the same to a computer."""
    slots = priced(0.3, 0.2, 0.1, None, 0.1, 0.2, 0.3)
    options = {"split": split, "minimum_run": timedelta(hours=1.5)}
    assert periods(slots, 1.5, **options) == (span(0, 1.5),)


@pytest.mark.parametrize("hours", [0, -1])
def test_no_duration_is_refused(hours: float) -> None:
    """Nothing at all is no time to look for."""
    with pytest.raises(ValueError, match="positive"):
        find(priced(1), hours)


@pytest.mark.parametrize(
    ("hours", "expected"), [(1, (0, 1)), (1.2, (0, 1.5)), (0.5, (0, 0.5))]
)
def test_a_long_slot_is_cut(hours: float, expected: tuple[float, float]) -> None:
    """A tariff with one price all day does not make an hour a day."""
    slots = priced(1, 1, length=timedelta(hours=12))
    for split in (True, False):
        assert periods(slots, hours, split=split) == (span(*expected),)


def test_an_hour_is_used_whole() -> None:
    """Of slots of an hour, no halves are taken."""
    slots = priced(3, 1, 2, length=HOUR)
    assert periods(slots, 1.5, split=True) == (span(1, 3),)


def test_slots_of_several_lengths() -> None:
    """Where slots differ, the longer ones are used in parts."""
    slots = (*priced(3, 2, length=HOUR), *priced(1, 4, start=at(2)))
    found = find(slots, 1)
    assert found == Selection(
        periods=(span(1.5, 2.5),),
        slots=(*priced(2, start=at(1.5)), *priced(1, start=at(2))),
        average=1.5,
        complete=True,
    )


def test_slots_that_nothing_fits_into() -> None:
    """Cells have no less than five minutes, and do not reach over two slots."""
    seconds = timedelta(seconds=7)
    assert periods(priced(1, 2, 3, length=seconds), 1, up_to=True) == ()
    slots = merge(priced(1, 2), priced(9, start=at(0.2), length=seconds))
    found = find(slots, 0.25, maximum_price=5)
    assert found is not None
    assert found.periods == (span(0.25, 0.5),)


@given(
    prices=PRICES,
    length=st.sampled_from(LENGTHS),
    wanted=st.integers(1, 20),
    run=st.integers(0, 12),
    first=st.integers(-3, 12),
    last=st.integers(6, 40),
    split=st.booleans(),
    maximum_price=st.none() | st.integers(-2, 3),
    up_to=st.booleans(),
)
@settings(max_examples=500, deadline=None)
def test_it_is_the_cheapest_of_all(
    prices: list[float | None],
    length: timedelta,
    wanted: int,
    run: int,
    first: int,
    last: int,
    split: bool,
    maximum_price: float | None,
    up_to: bool,
) -> None:
    """With gaps, ties and negative prices, at any boundaries, it is the best choice."""
    slots = priced(*prices, length=length)
    options: dict[str, Any] = {
        "earliest": MIDNIGHT + first * length / 4,
        "latest": MIDNIGHT + last * length / 4,
        "split": split,
        "minimum_run": run * length / 3,
        "maximum_price": maximum_price,
        "up_to": up_to,
    }
    best = oracle.cheapest(slots, wanted=wanted * length / 3, **options)
    found = find_cheapest(slots, duration=wanted * length / 3, **options)
    if found is None:
        assert best == ()
        return
    assert found.slots == best
    assert found.periods == joined(
        Span(start=slot.start, end=slot.end) for slot in best
    )
    assert found.average == average(best)
    assert found.complete == (oracle.duration(best) >= wanted * length / 3)


@given(
    prices=PRICES,
    run=st.integers(0, 10),
    first=st.integers(-3, 12),
    last=st.integers(0, 40),
    maximum_price=st.none() | st.integers(-2, 3),
)
@settings(max_examples=300, deadline=None)
def test_all_that_is_cheap_enough(
    prices: list[float | None],
    run: int,
    first: int,
    last: int,
    maximum_price: float | None,
) -> None:
    """Every moment is in it that is in a run that is long enough, and no other."""
    quarter = HALF_HOUR / 2
    slots = priced(*prices)
    found = find_affordable(
        slots,
        earliest=MIDNIGHT + first * quarter,
        latest=MIDNIGHT + last * quarter,
        minimum_run=run * quarter,
        maximum_price=maximum_price,
    )
    cheap = [
        first <= index < last
        and any(
            MIDNIGHT + index * quarter in slot
            and (maximum_price is None or slot.price <= maximum_price)
            for slot in slots
        )
        for index in range(44)
    ]
    expected = set()
    index = 0
    while index < len(cheap):
        end = index
        while end < len(cheap) and cheap[end]:
            end += 1
        if end - index >= max(run, 1):
            expected |= set(range(index, end))
        index = end + 1
    active = {
        index
        for index in range(44)
        if found and any(MIDNIGHT + index * quarter in p for p in found.periods)
    }
    assert active == expected
    assert found is None or found.complete


def test_two_days_of_short_slots_take_no_time() -> None:
    """A Raspberry Pi chooses among all quarters of two days, too."""
    slots = priced(
        *(index * 7919 % 193 for index in range(192)), length=timedelta(minutes=15)
    )
    started = process_time()
    found = find(slots, 24, split=True, minimum_run=HOUR, latest=at(48), up_to=True)
    assert process_time() - started < 1
    assert found is not None
    assert found.duration == timedelta(hours=24)
