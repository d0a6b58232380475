"""Cheap windows: what a user sets, and which span of time it is about each day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import count
from typing import Any, Self

from .spans import Span, first_moment

_NO_TIME = timedelta()


class UnknownPrices(StrEnum):
    """What a window does while not all prices of its span are known.

    `OFF` waits for the last price, and is not active before that.
    `ON` chooses among the prices that are known, and is active while the price of the
    moment is not.
    `USE_KNOWN` chooses among the prices that are known, and is not active while the
    price of the moment is not.

    Both that do not wait begin to choose when the span begins, and choose anew
    whenever more prices become known, until all are.
    """

    OFF = "off"
    ON = "on"
    USE_KNOWN = "use_known"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheapWindow:
    """What a user sets for a window.

    How much is wanted is a `duration`, or a `share` of the span (0.25 is a quarter of
    it), or neither, which is all the time at or below `maximum_price` (currency per
    kWh). Each is rounded up to whole slots.

    The span lasts from `start_time` to `end_time` of the local clock, over midnight if
    the end is not later than the start. None is midnight, so both None is the local
    day, and two equal times are a whole day that starts then. The prices of an Octopus
    Agile day are published together from 23:00 to 23:00, so a window between these is
    known as a whole.

    `split` allows several runs of at least `minimum_run`. Without it there is one
    block; a window that wants neither a duration nor a share always is in runs.

    Raises ValueError if the settings contradict each other.
    """

    duration: timedelta | None = None
    share: float | None = None
    start_time: time | None = None
    end_time: time | None = None
    split: bool = True
    minimum_run: timedelta = _NO_TIME
    maximum_price: float | None = None
    unknown: UnknownPrices = UnknownPrices.OFF

    def __post_init__(self) -> None:
        """Refuse settings that make no window."""
        if self.duration is not None and self.share is not None:
            raise ValueError("A window has a duration or a share, not both")
        if self.duration is not None and self.duration <= _NO_TIME:
            raise ValueError("The duration has to be positive")
        if self.share is not None and not 0 < self.share <= 1:
            raise ValueError("The share has to be above 0 and at most 1")
        if self.duration is None and self.share is None and self.maximum_price is None:
            raise ValueError("A window needs a duration, a share or a maximum price")

    def wanted(self, span: Span) -> timedelta | None:
        """Return how much of a span is wanted, None for all that is cheap enough."""
        if self.share is None:
            return self.duration
        return max(span.duration * self.share, timedelta.resolution)

    def as_dict(self) -> dict[str, Any]:
        """Return the settings as plain values that survive JSON unchanged."""
        return {
            "duration": self.duration and self.duration.total_seconds(),
            "share": self.share,
            "start_time": self.start_time and self.start_time.isoformat(),
            "end_time": self.end_time and self.end_time.isoformat(),
            "split": self.split,
            "minimum_run": self.minimum_run.total_seconds(),
            "maximum_price": self.maximum_price,
            "unknown": self.unknown.value,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the settings that `as_dict` stored."""
        duration = data["duration"]
        start, end = data["start_time"], data["end_time"]
        return cls(
            duration=None if duration is None else timedelta(seconds=duration),
            share=data["share"],
            start_time=None if start is None else time.fromisoformat(start),
            end_time=None if end is None else time.fromisoformat(end),
            split=data["split"],
            minimum_run=timedelta(seconds=data["minimum_run"]),
            maximum_price=data["maximum_price"],
            unknown=UnknownPrices(data["unknown"]),
        )


def span_at(window: CheapWindow, now: datetime, zone: tzinfo) -> Span | None:
    """Return the window's span that contains a moment, None between two spans."""
    span = _span_ending_after(window, now, zone)
    return span if now in span else None


def next_span(window: CheapWindow, now: datetime, zone: tzinfo) -> Span:
    """Return the window's first span that starts after a moment."""
    span = _span_ending_after(window, now, zone)
    return _span_ending_after(window, span.end, zone) if now in span else span


def _span_ending_after(window: CheapWindow, now: datetime, zone: tzinfo) -> Span:
    """Return the first span that has not ended at a moment.

    The clock may skip all of a short span when summer time begins. There is none then.
    """
    start_time, end_time = window.start_time or time.min, window.end_time or time.min
    nights = timedelta(days=1 if end_time <= start_time else 0)
    today = now.astimezone(zone).date()
    spans = (
        Span(
            start=first_moment(day, start_time, zone),
            end=first_moment(day + nights, end_time, zone),
        )
        for day in (today + timedelta(days=days) for days in count(-1))
    )
    return next(span for span in spans if span.start < span.end and now < span.end)
