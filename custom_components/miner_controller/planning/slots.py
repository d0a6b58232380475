"""Prices of electricity in slots of any length, and what can be told of them.

A function that takes slots wants them sorted and apart from each other, as `merge`
returns them. A slot whose price is not known is absent, never zero.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo
from itertools import pairwise
import math

from .spans import Span, first_moment

# Far below what any meter tells apart, far above what arithmetic gets wrong.
_SAME_PRICE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A span with one price, in currency per kWh, which may be negative.

    Both moments are in UTC. The start is part of the slot, the end is not. Raises
    ValueError where that makes no slot, as one of them would upset all comparisons.
    """

    start: datetime
    end: datetime
    price: float

    def __post_init__(self) -> None:
        """Refuse what is no slot."""
        if self.end <= self.start or not math.isfinite(self.price):
            raise ValueError("A slot has a duration and a finite price")

    @property
    def duration(self) -> timedelta:
        """Return how long the slot is."""
        return self.end - self.start

    def __contains__(self, moment: datetime) -> bool:
        """Return whether a moment lies inside."""
        return self.start <= moment < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The extremes of several slots, and their average weighted by duration."""

    lowest: Slot
    highest: Slot
    average: float
    """In currency per kWh."""


def _start(slot: Slot) -> datetime:
    """Return the start of a slot, to sort and search by."""
    return slot.start


def _end(slot: Slot) -> datetime:
    """Return the end of a slot, to sort and search by."""
    return slot.end


def overlapping(
    slots: Sequence[Slot], start: datetime, end: datetime
) -> Sequence[Slot]:
    """Return the slots of which any part lies inside, as they are."""
    if end <= start:
        return ()
    first = bisect_right(slots, start, key=_end)
    return slots[first : bisect_left(slots, end, key=_start)]


def merge(known: Sequence[Slot], fetched: Iterable[Slot]) -> tuple[Slot, ...]:
    """Return both together, sorted and without overlaps.

    What was fetched, in whatever order, wins over what was known, and the last of
    several over those before it. Of a slot of another length, the part that none of
    these covers is kept, as its price still holds there.
    """
    fetched = tuple(fetched)
    new = sorted(fetched, key=_start)
    if not new:
        return tuple(known)
    # Only what lies beside the new slots can be touched by them, which may be little.
    first = bisect_right(known, new[0].start, key=_end)
    last = bisect_left(known, max(slot.end for slot in new), key=_start)
    beside = known[first:last]
    if not beside and all(one.end <= other.start for one, other in pairwise(new)):
        return (*known[:first], *new, *known[last:])
    merged: list[Slot] = []
    for slot in reversed((*beside, *fetched)):
        for gap in gaps(merged, slot.start, slot.end):
            insort(merged, replace(slot, start=gap.start, end=gap.end), key=_start)
    return (*known[:first], *merged, *known[last:])


def slot_at(slots: Sequence[Slot], now: datetime) -> Slot | None:
    """Return the slot that contains a moment, if it is known."""
    index = bisect_right(slots, now, key=_end)
    return slots[index] if index < len(slots) and now in slots[index] else None


def slot_after(slots: Sequence[Slot], now: datetime) -> Slot | None:
    """Return the slot after the one that contains a moment.

    None if either is not known: a slot behind a gap is not the next one.
    """
    current = slot_at(slots, now)
    return None if current is None else slot_at(slots, current.end)


def between(slots: Sequence[Slot], start: datetime, end: datetime) -> tuple[Slot, ...]:
    """Return the slots that lie wholly inside."""
    return tuple(
        slot
        for slot in overlapping(slots, start, end)
        if start <= slot.start and slot.end <= end
    )


def clipped(slots: Sequence[Slot], start: datetime, end: datetime) -> tuple[Slot, ...]:
    """Return the slots inside, cut where they reach out."""
    return tuple(
        replace(slot, start=max(slot.start, start), end=min(slot.end, end))
        for slot in overlapping(slots, start, end)
    )


def gaps(slots: Sequence[Slot], start: datetime, end: datetime) -> tuple[Span, ...]:
    """Return the spans inside for which no price is known."""
    found = []
    for slot in overlapping(slots, start, end):
        if start < slot.start:
            found.append(Span(start=start, end=slot.start))
        start = slot.end
    if start < end:
        found.append(Span(start=start, end=end))
    return tuple(found)


def is_complete(slots: Sequence[Slot], start: datetime, end: datetime) -> bool:
    """Return whether the price of every moment inside is known."""
    return not gaps(slots, start, end)


def known_until(slots: Sequence[Slot], now: datetime) -> datetime | None:
    """Return the end of the unbroken run of slots that contains a moment.

    None if the price of the moment itself is not known.
    """
    current = slot_at(slots, now)
    until = None
    while current is not None:
        until = current.end
        current = slot_at(slots, until)
    return until


def day_span(now: datetime, zone: tzinfo, days: int = 0) -> Span:
    """Return the local day that contains a moment, or one some days from it.

    It lasts from midnight to midnight, which is 23, 24 or 25 hours.
    """
    day = now.astimezone(zone).date() + timedelta(days=days)
    return Span(
        start=first_moment(day, time.min, zone),
        end=first_moment(day + timedelta(days=1), time.min, zone),
    )


def average(slots: Iterable[Slot]) -> float | None:
    """Return the average price weighted by duration, in currency per kWh."""
    weighted = [(slot.price, slot.duration.total_seconds()) for slot in slots]
    if not weighted:
        return None
    seconds = math.fsum(weight for _, weight in weighted)
    return math.fsum(price * weight for price, weight in weighted) / seconds


def cheapest(slots: Iterable[Slot]) -> Slot | None:
    """Return the slot with the lowest price, and the earliest of several."""
    return min(slots, key=lambda slot: (slot.price, slot.start), default=None)


def summary(slots: Sequence[Slot]) -> Summary | None:
    """Return the extremes and the average, None if there is no slot.

    Each extreme is the earliest of several with the same price.
    """
    lowest, mean = cheapest(slots), average(slots)
    if lowest is None or mean is None:
        return None
    highest = min(slots, key=lambda slot: (-slot.price, slot.start))
    return Summary(lowest=lowest, highest=highest, average=mean)


def rank(slots: Iterable[Slot], slot: Slot) -> int:
    """Return the place of a slot among others: 1 is the cheapest.

    Slots with the same price share the smallest of their places.
    """
    return 1 + sum(other.price < slot.price for other in slots)


def quantile(slots: Sequence[Slot], slot: Slot) -> float:
    """Return how dear a slot is among others, from 0 to 1.

    It is the time with a lower price in proportion to the time with another price: 0
    for the cheapest, 1 for the dearest, and slots with the same price share it. Without
    any other price it is 0. Where all slots are equally long and no two cost the same,
    it is (rank - 1) / (number - 1).
    """
    cheaper = sum(
        (other.duration for other in slots if other.price < slot.price), timedelta()
    )
    dearer = sum(
        (other.duration for other in slots if other.price > slot.price), timedelta()
    )
    return cheaper / (cheaper + dearer) if cheaper + dearer else 0.0


def same_price(one: float, other: float) -> bool:
    """Return whether two prices differ by no more than arithmetic may get wrong."""
    return math.isclose(one, other, rel_tol=_SAME_PRICE, abs_tol=_SAME_PRICE)


def changed(old: Sequence[Slot], new: Iterable[Slot]) -> bool:
    """Return whether any time that both know has another price, or is cut otherwise.

    That a slot has become known, or has been forgotten, is no change.
    """
    return any(
        (slot.start, slot.end) != (other.start, other.end)
        or not same_price(slot.price, other.price)
        for slot in new
        for other in overlapping(old, slot.start, slot.end)
    )
