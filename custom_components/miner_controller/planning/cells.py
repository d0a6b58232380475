"""Slots cut into cells of one length, so that choosing some of them is counting.

The length is the longest that fits into every slot: the slots' own where they are all
alike. A slot longer than an hour is cut into half hours, as a tariff with one price all
day would have a single cell else. No cell is shorter than five minutes, and a slot that
is shorter is not used. A cell is used whole or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
import math

from .slots import Slot, overlapping
from .spans import Span

# Keeps the number of cells in bounds, whatever somebody's tariff is cut into.
_SHORTEST = timedelta(minutes=5)
_LONGEST = timedelta(hours=1)
_HALF_HOUR = timedelta(minutes=30)

# Prices are added as whole numbers: sums of fractions depend on their order, and a tie
# would be decided by a rounding error.
_PRICE_STEPS = 10**9


def _rounded_up(duration: timedelta, length: timedelta) -> int:
    """Return how many lengths a duration takes."""
    return -(-duration // length)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The cells that may be used, in order. `length` is that of each of them."""

    length: timedelta
    starts: tuple[datetime, ...]
    prices: tuple[int, ...]
    """In whole steps of a price, to be compared and added without an error."""

    def ahead(self) -> list[int]:
        """Return how many cells follow each other without a gap, from each cell on."""
        counts = [1] * len(self.starts)
        for index in range(len(counts) - 2, -1, -1):
            if self.starts[index] + self.length == self.starts[index + 1]:
                counts[index] += counts[index + 1]
        return counts

    def sums(self) -> list[int]:
        """Return the sum of the prices of all cells before each cell, and of all."""
        return list(accumulate(self.prices, initial=0))

    def span(self, first: int, count: int) -> Span:
        """Return the span of cells that follow each other."""
        start = self.starts[first]
        return Span(start=start, end=start + count * self.length)

    def number(self, duration: timedelta) -> int:
        """Return how many cells a duration takes, rounded up."""
        return _rounded_up(duration, self.length)


def _length(slots: Sequence[Slot]) -> timedelta:
    """Return the length of the cells: the longest that fits, within reason."""
    distances = [
        moment - slots[0].start for slot in slots for moment in (slot.start, slot.end)
    ]
    if any(slot.duration > _LONGEST for slot in slots):
        distances.append(_HALF_HOUR)
    seconds = math.gcd(*(round(distance.total_seconds()) for distance in distances))
    return max(timedelta(seconds=seconds), _SHORTEST)


def cut(
    slots: Sequence[Slot],
    earliest: datetime,
    latest: datetime,
    maximum_price: float | None,
    *,
    begun: bool,
) -> Cells:
    """Return the cells that lie wholly between two moments.

    A cell that is dearer than the maximum price cannot be used, nor one whose price is
    not known throughout. `begun` adds the cell that contains the earliest moment.
    """
    inside = overlapping(slots, earliest, latest)
    if not inside:
        return Cells(length=_HALF_HOUR, starts=(), prices=())
    length, origin = _length(inside), inside[0].start
    starts, prices = [], []
    for slot in inside:
        if maximum_price is not None and slot.price > maximum_price:
            continue
        first = _rounded_up(slot.start - origin, length)
        if slot.start < earliest:
            since = earliest - origin
            started = since // length if begun else _rounded_up(since, length)
            first = max(first, started)
        after = (min(slot.end, latest) - origin) // length
        starts += [origin + index * length for index in range(first, after)]
        prices += [round(slot.price * _PRICE_STEPS)] * (after - first)
    return Cells(length=length, starts=tuple(starts), prices=tuple(prices))
