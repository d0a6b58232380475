"""What there is to tell of prices at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from .slots import (
    Slot,
    Summary,
    between,
    cheapest,
    clipped,
    day_span,
    is_complete,
    known_until,
    overlapping,
    quantile,
    rank,
    slot_after,
    slot_at,
    summary,
)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The prices as they are seen from one moment; what is not known is None.

    Today is the local day. What is told of it is told of the slots that are known, as
    the last hour of a day may be published later than the rest.
    """

    current: Slot | None = None
    following: Slot | None = None
    """The slot right after the current one."""
    today: Summary | None = None
    today_complete: bool = False
    slots_today: int = 0
    """How many slots of today are known."""
    rank: int | None = None
    """The place of the current slot among those of today; 1 is the cheapest."""
    quantile: float | None = None
    """How dear the current slot is among those of today, from 0 to 1."""
    cheapest_ahead: Slot | None = None
    """The cheapest of the slots of 24 hours that begin with the current one."""
    known_until: datetime | None = None
    """The end of the unbroken run of slots from now on."""
    since_today: tuple[Slot, ...] = ()
    """All slots that are known from the start of today on."""


def overview(slots: Sequence[Slot], now: datetime, zone: tzinfo) -> Overview:
    """Return what there is to tell of prices at a moment."""
    day = day_span(now, zone)
    today = clipped(slots, day.start, day.end)
    current = slot_at(slots, now)
    # Seen from the middle of a slot it is the same 24 hours as from its start.
    start = current.start if current else now
    later = overlapping(slots, day.start, slots[-1].end) if slots else ()
    return Overview(
        current=current,
        following=slot_after(slots, now),
        today=summary(today),
        today_complete=is_complete(today, day.start, day.end),
        slots_today=len(today),
        rank=rank(today, current) if current else None,
        quantile=quantile(today, current) if current else None,
        cheapest_ahead=cheapest(between(slots, start, start + _DAY)),
        known_until=known_until(slots, now),
        since_today=tuple(later),
    )


def next_change(slots: Sequence[Slot], now: datetime, zone: tzinfo) -> datetime:
    """Return the next moment at which, without new prices, the overview changes.

    That is where a slot or the local day starts or ends.
    """
    midnight = day_span(now, zone).end
    edges = [
        midnight,
        *(
            moment
            for slot in overlapping(slots, now, midnight)
            for moment in (slot.start, slot.end)
        ),
    ]
    if slot_at(slots, now) is None:
        # Without a slot to begin with, the 24 hours ahead move with the clock.
        tomorrow = overlapping(slots, now + _DAY, midnight + _DAY)
        edges += [slot.end - _DAY for slot in tomorrow]
    return min(moment for moment in edges if now < moment)
