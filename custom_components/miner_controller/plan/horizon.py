"""The slots of a plan: from the one that runs to the end of what is known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final, override

from homeassistant.util import dt as dt_util

from ..planning.plan_model import PlanSlot
from ..planning.slots import Slot, gaps, overlapping, slot_at
from ..planning.spans import Span

HALF_HOUR: Final = timedelta(minutes=30)

# Prices are published for a day or two; nobody needs a plan for more.
_LONGEST: Final = timedelta(days=3)


def half_hour(now: datetime) -> datetime:
    """Return the start of the half hour of UTC that contains a moment."""
    seconds = HALF_HOUR.total_seconds()
    return dt_util.utc_from_timestamp(now.timestamp() // seconds * seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """What a tariff tells a plan: its slots, and the highest of all known prices."""

    slots: tuple[PlanSlot, ...]
    dearest: float


class _Same[ValueT]:
    """Something that is only like itself, as comparing it would take long."""

    def __init__(self, value: ValueT) -> None:
        """Keep it."""
        self.value = value

    @override
    def __eq__(self, other: object) -> bool:
        """Return whether it is the same."""
        return isinstance(other, _Same) and other.value is self.value

    @override
    def __hash__(self) -> int:
        """Return what is the same for the same."""
        return id(self.value)


def horizon(known: Sequence[Slot], now: datetime) -> Horizon:
    """Return what a tariff tells. Many miners ask that of the same one at a time."""
    return _horizon(_Same(known), now)


@lru_cache(maxsize=4)
def _horizon(known: _Same[Sequence[Slot]], now: datetime) -> Horizon:
    """Work out what a tariff tells."""
    dearest = max((slot.price for slot in known.value), default=0.0)
    return Horizon(slots=plan_slots(known.value, now), dearest=dearest)


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
        PlanSlot(start=max(slot.start, start), end=min(slot.end, end), price=slot.price)
        for slot in overlapping(known, start, end)
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
