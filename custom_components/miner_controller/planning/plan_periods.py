"""The days and windows of the local clock that a plan reckons with."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from .plan_model import PlanSlot
from .spans import Span, first_moment

MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1)


def microseconds(duration: timedelta) -> int:
    """Return a duration as a whole number, whose sums are exact."""
    return duration // MICROSECOND


def _window(day: date, start: time, end: time, zone: tzinfo) -> Span:
    """Return the span between two times of the local clock that starts on a day.

    It goes over midnight where the second is not after the first.
    """
    last = day if start < end else day + _DAY
    return Span(start=first_moment(day, start, zone), end=first_moment(last, end, zone))


def periods(
    slots: Sequence[PlanSlot], start: time, end: time, zone: tzinfo
) -> list[Span]:
    """Return the windows of each day, in order, of which any part lies in the slots.

    Two like times make a window of the whole day. A window that the clock skips is
    none.
    """
    first, last = slots[0].start.astimezone(UTC), slots[-1].end.astimezone(UTC)
    day = first.astimezone(zone).date() - _DAY
    found = []
    while day <= last.astimezone(zone).date():
        window = _window(day, start, end, zone)
        if window.start < min(window.end, last) and window.end > first:
            found.append(window)
        day += _DAY
    return found


def overlaps(
    slots: Sequence[PlanSlot], windows: Sequence[Span]
) -> Iterator[tuple[tuple[int, int], ...]]:
    """Yield for each slot its windows: their places, and the time inside in µs."""
    place = 0
    for slot in slots:
        while place < len(windows) and windows[place].end <= slot.start:
            place += 1
        found = []
        at = place
        while at < len(windows) and windows[at].start < slot.end:
            found.append((at, microseconds(_shared(slot, windows[at]))))
            at += 1
        yield tuple(found)


def _shared(slot: PlanSlot, window: Span) -> timedelta:
    """Return how long a slot and a window that touch last together."""
    end: datetime = min(slot.end, window.end)
    return end - max(slot.start, window.start)
