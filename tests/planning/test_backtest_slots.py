"""Tests of slots that somebody gave."""

from hypothesis import given, strategies as st

from custom_components.miner_controller.planning.backtest_slots import last_given
from custom_components.miner_controller.planning.slots import Slot, merge

from . import at


@st.composite
def slots(draw: st.DrawFn) -> Slot:
    """Return a slot within twelve hours, with a price of its own or a common one."""
    start = draw(st.integers(0, 10))
    end = draw(st.integers(start + 1, 12))
    return Slot(start=at(start), end=at(end), price=draw(st.sampled_from([0.1, 0.2])))


@given(st.lists(slots(), max_size=8))
def test_the_last_one_counts(found: list[Slot]) -> None:
    """Slots that overlap are cut as those are that are fetched one after another."""
    assert last_given(found) == merge((), found)


def test_many_that_overlap() -> None:
    """As many as one may give are no work, also where each lies in all before it."""
    inside = [
        Slot(start=at(-each), end=at(each), price=each) for each in range(10_000, 0, -1)
    ]
    found = last_given(inside)
    assert len(found) == 19_999
    assert (found[0], found[9_999].price) == (
        Slot(start=at(-10_000), end=at(-9_999), price=10_000),
        1,
    )
