"""The slots of a plan: from the one that runs to the end of what is known."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from homeassistant.util import dt as dt_util

from ..planning.plan_model import PlanSlot
from ..planning.slots import Slot, clipped, gaps, overlapping, slot_at
from ..planning.spans import Span

HALF_HOUR: Final = timedelta(minutes=30)

# Prices are published for a day or two; nobody needs a plan for more.
_LONGEST: Final = timedelta(days=3)


def half_hour(now: datetime) -> datetime:
    """Return the start of the half hour of UTC that contains a moment."""
    seconds = HALF_HOUR.total_seconds()
    return dt_util.utc_from_timestamp(now.timestamp() // seconds * seconds)


def plan_slots(known: Sequence[Slot], now: datetime) -> tuple[PlanSlot, ...]:
    """Return the slots of a plan, in order and without a gap.

    The first one is the tariff's slot that runs, with the part of it that is over. Time
    without a price is cut into half hours. There is always a slot that runs.
    """
    current = slot_at(known, now)
    if current is not None:
        start = current.start
    else:
        # A slot that ended within this half hour does not run any more.
        start = half_hour(now)
        for slot in overlapping(known, start, now):
            start = max(start, slot.end)
    end = half_hour(start) + HALF_HOUR
    if known:
        end = min(max(end, known[-1].end), half_hour(now) + _LONGEST)
    found = [
        PlanSlot(start=slot.start, end=slot.end, price=slot.price)
        for slot in clipped(known, start, end)
    ]
    for gap in gaps(known, start, end):
        found += _cut(gap)
    return tuple(sorted(found, key=lambda slot: slot.start))


def on_grid(
    slots: Sequence[PlanSlot], edges: Sequence[datetime]
) -> tuple[PlanSlot, ...]:
    """Return slots cut at further edges, the last of which is where they are to end.

    Time after the last slot has no price. It is for miners that share a limit, whose
    slots have to be the same even where their tariffs differ.
    """
    found = []
    for start, end in pairwise(edges):
        price = next(
            (slot.price for slot in slots if slot.start <= start < slot.end), None
        )
        found.append(PlanSlot(start=start, end=end, price=price))
    return tuple(found)


def _cut(gap: Span) -> Iterator[PlanSlot]:
    """Yield the parts of a time without a price, each in one half hour."""
    start = gap.start
    while start < gap.end:
        end = min(half_hour(start) + HALF_HOUR, gap.end)
        yield PlanSlot(start=start, end=end)
        start = end
