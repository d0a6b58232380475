"""The cheapest time to run for a given duration, in one block or in several runs.

Time is dealt out in whole slots, or in cells of them where slots are of different
lengths: a duration is rounded up, and a slot that reaches out over the earliest or the
latest moment is not used. What is chosen is exactly the cheapest, not nearly so. Of
several equally cheap choices it is the earliest: the one that uses the first cell in
which they differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
import math

from .cells import Cells, cut
from .slots import Slot, average, clipped
from .spans import Span, joined

_NO_TIME = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The time that was chosen, at least one slot of it."""

    periods: tuple[Span, ...]
    """In order and apart from each other."""
    slots: tuple[Slot, ...]
    """The slots that the periods are made of, cut where a period uses a part."""
    average: float
    """The price of all periods together, in currency per kWh."""
    complete: bool
    """False where there was less to be had than was wanted."""

    @property
    def start(self) -> datetime:
        """Return when the first period starts."""
        return self.periods[0].start

    @property
    def duration(self) -> timedelta:
        """Return how long all periods last together."""
        return sum((period.duration for period in self.periods), _NO_TIME)


def find_cheapest(
    slots: Sequence[Slot],
    *,
    duration: timedelta,
    earliest: datetime,
    latest: datetime,
    split: bool = False,
    minimum_run: timedelta = _NO_TIME,
    maximum_price: float | None = None,
    up_to: bool = False,
    begun: bool = False,
) -> Selection | None:
    """Return the cheapest time between two moments, None if there is not enough.

    `split` allows several runs, each at least `minimum_run` long, or as long as the
    whole duration if that is shorter. Otherwise it is one block, for which the minimum
    means nothing. A slot above `maximum_price` (currency per kWh) is not used, nor one
    whose price is not known, and neither is bridged. It is never more than the duration
    rounded up, not even where runs that are long enough only fit into more.

    `up_to` takes less than the duration where not all of it can be had: first as much
    as possible, then the cheapest of that. None then means that there is nothing.

    `begun` also uses the slot that contains the earliest moment, from then on. It
    counts as a whole one.

    Raises ValueError if the duration is not positive.
    """
    if duration <= _NO_TIME:
        raise ValueError("The duration has to be positive")
    cells = cut(slots, earliest, latest, maximum_price, begun=begun)
    wanted = cells.number(duration)
    if split:
        run = min(max(cells.number(minimum_run), 1), wanted)
        spans = _runs(cells, wanted, run, up_to=up_to)
    else:
        spans = _block(cells, wanted, up_to=up_to)
    return _selection(slots, spans, earliest, duration)


def find_affordable(
    slots: Sequence[Slot],
    *,
    earliest: datetime,
    latest: datetime,
    minimum_run: timedelta = _NO_TIME,
    maximum_price: float | None = None,
) -> Selection | None:
    """Return all the time at or below a price, in runs that are long enough.

    Here slots are used in part at both ends, as nothing is counted. None if there is no
    such run.
    """
    affordable = (
        Span(start=slot.start, end=slot.end)
        for slot in clipped(slots, earliest, latest)
        if maximum_price is None or slot.price <= maximum_price
    )
    runs = [run for run in joined(affordable) if run.duration >= minimum_run]
    return _selection(slots, runs, earliest, _NO_TIME)


def _selection(
    slots: Sequence[Slot],
    spans: Sequence[Span],
    earliest: datetime,
    duration: timedelta,
) -> Selection | None:
    """Return what the chosen spans amount to, from the earliest moment on."""
    had = sum((span.duration for span in spans), _NO_TIME)
    periods = joined(
        Span(start=max(span.start, earliest), end=span.end) for span in spans
    )
    chosen = tuple(
        piece
        for period in periods
        for piece in clipped(slots, period.start, period.end)
    )
    price = average(chosen)
    if price is None:
        return None
    return Selection(
        periods=periods, slots=chosen, average=price, complete=had >= duration
    )


def _block(cells: Cells, wanted: int, *, up_to: bool) -> list[Span]:
    """Return the cheapest block of cells, as the only one or none."""
    ahead, sums = cells.ahead(), cells.sums()
    if up_to:
        wanted = min(wanted, max(ahead, default=0))
    starts = [index for index, count in enumerate(ahead) if count >= wanted]
    if not starts:
        return []
    # The first of several equally cheap ones is the earliest.
    first = min(starts, key=lambda index: sums[index + wanted] - sums[index])
    return [cells.span(first, wanted)]


def _costs(
    cells: Cells, wanted: int, run: int
) -> tuple[list[list[float]], list[list[float]]]:
    """Return the least cost of taking any number of cells, from each cell on.

    The first table is for being outside of a run, the second for having just taken the
    cell before as part of a run that is long enough already. What cannot be done costs
    infinitely much; all other costs are whole numbers, so they compare exactly. Each
    row follows from later ones, so the tables are made from the last cell to the first.
    """
    ahead, sums = cells.ahead(), cells.sums()
    number = len(ahead)
    outside: list[list[float]] = [[0, *[math.inf] * wanted]] * (number + 1)
    inside = list(outside)
    for index in range(number - 1, -1, -1):
        row = outside[index + 1]
        if ahead[index] >= run:
            cost = sums[index + run] - sums[index]
            started = (cost + rest for rest in inside[index + run])
            row = row[:run] + [
                min(pair) for pair in zip(row[run:], started, strict=False)
            ]
        outside[index] = inside[index] = row
        if index and ahead[index - 1] > 1:
            continued = (cells.prices[index] + rest for rest in inside[index + 1])
            inside[index] = row[:1] + [
                min(pair) for pair in zip(row[1:], continued, strict=False)
            ]
    return outside, inside


def _runs(cells: Cells, wanted: int, run: int, *, up_to: bool) -> list[Span]:
    """Return the runs of cells that are cheapest together.

    A run longer than the minimum comes as one of the minimum and single cells after it.
    From the first cell on, each one is taken that some cheapest choice takes, which
    makes this the earliest of them.
    """
    if up_to:
        wanted = min(wanted, len(cells.starts))
    elif wanted > len(cells.starts):
        return []
    outside, inside = _costs(cells, wanted, run)
    if up_to:
        wanted = max(
            count for count, cost in enumerate(outside[0]) if not math.isinf(cost)
        )
    elif math.isinf(outside[0][wanted]):
        return []
    found: list[Span] = []
    ahead, sums = cells.ahead(), cells.sums()
    index, running = 0, False
    while wanted:
        table = inside if running else outside
        least, count = table[index][wanted], 0
        if running and least == cells.prices[index] + inside[index + 1][wanted - 1]:
            count = 1
        elif ahead[index] >= run <= wanted:
            cost = sums[index + run] - sums[index]
            if least == cost + inside[index + run][wanted - run]:
                count = run
        if count:
            found.append(cells.span(index, count))
        index += count or 1
        # A run goes on only where the next cell follows without a gap.
        running = count > 0 and ahead[index - 1] > 1
        wanted -= count
    return found
