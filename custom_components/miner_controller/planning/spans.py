"""Spans of time in UTC, and where the local clock puts them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Self

_SECOND = timedelta(seconds=1)


def read_moment(text: str) -> datetime:
    """Return the moment that a text stands for, in UTC.

    Raises ValueError where it is none, or has no zone and could mean several.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("The moment has no zone")
    return moment.astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A span between two moments in UTC. The start is part of it, the end is not."""

    start: datetime
    end: datetime

    @property
    def duration(self) -> timedelta:
        """Return how long the span is."""
        return self.end - self.start

    def __contains__(self, moment: datetime) -> bool:
        """Return whether a moment lies inside."""
        return self.start <= moment < self.end

    def as_dict(self) -> dict[str, Any]:
        """Return the span as plain values that survive JSON unchanged."""
        return {"start": self.start.isoformat(), "end": self.end.isoformat()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the span that `as_dict` stored."""
        return cls(start=read_moment(data["start"]), end=read_moment(data["end"]))


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans in order, those that touch or overlap made one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda item: item.start):
        if found and span.start <= found[-1].end:
            last = found.pop()
            span = Span(start=last.start, end=max(last.end, span.end))  # noqa: PLW2901
        found.append(span)
    return tuple(found)


def first_moment(day: date, at: time, zone: tzinfo) -> datetime:
    """Return the moment, in UTC, when a zone's clock first reaches a time of a day.

    A time that the clock shows twice is meant the first time. A time that it skips is
    reached when it skips it. So a later time of the clock is never an earlier moment.
    """
    local = datetime.combine(day, at)
    moment = local.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local:
        return moment
    # The clock skips this time. Seen with the offset before, the moment is too late,
    # and seen with the offset after it is too early: the change lies between.
    before = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while moment - before > _SECOND:
        middle = before + (moment - before) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).replace(tzinfo=None) < local:
            before = middle
        else:
            moment = middle
    return moment
