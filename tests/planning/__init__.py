"""Tests of the pure functions on prices."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from custom_components.miner_controller.planning.slots import Slot
from custom_components.miner_controller.planning.spans import Span

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)
HALF_HOUR = timedelta(minutes=30)

# A winter day, on which London's clock shows UTC.
MIDNIGHT = datetime(2026, 1, 15, tzinfo=UTC)


def at(hours: float) -> datetime:
    """Return the moment some hours after MIDNIGHT."""
    return MIDNIGHT + timedelta(hours=hours)


def utc(text: str) -> datetime:
    """Return a moment in UTC from "2026-03-29 01:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def span(start: float, end: float) -> Span:
    """Return a span between some hours after MIDNIGHT."""
    return Span(start=at(start), end=at(end))


def priced(
    *prices: float | None, start: datetime = MIDNIGHT, length: timedelta = HALF_HOUR
) -> tuple[Slot, ...]:
    """Return slots that follow each other. No price leaves a gap."""
    return tuple(
        Slot(
            start=start + index * length, end=start + (index + 1) * length, price=price
        )
        for index, price in enumerate(prices)
        if price is not None
    )
