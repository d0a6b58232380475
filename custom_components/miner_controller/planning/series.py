"""Slots as plain values that take little room.

Slots that follow each other and are equally long are one row: where it starts, how many
seconds each of them lasts, and their prices. A year of half hours is some 200 kB.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from .slots import Slot
from .spans import read_moment

type Row = dict[str, Any]


def pack(slots: Sequence[Slot]) -> list[Row]:
    """Return slots, which are in order, as rows that survive JSON unchanged."""
    rows: list[Row] = []
    before: Slot | None = None
    for slot in slots:
        if (
            before is None
            or before.end != slot.start
            or before.duration != slot.duration
        ):
            rows.append(
                {
                    "start": slot.start.isoformat(),
                    "seconds": slot.duration.total_seconds(),
                    "prices": [],
                }
            )
        rows[-1]["prices"].append(slot.price)
        before = slot
    return rows


def unpack(rows: Iterable[Mapping[str, Any]]) -> tuple[Slot, ...]:
    """Return the slots that `pack` stored.

    Raises KeyError, TypeError, ValueError or OverflowError where it did not.
    """
    slots = []
    for row in rows:
        start = read_moment(row["start"])
        length = timedelta(seconds=row["seconds"])
        for place, price in enumerate(row["prices"]):
            begin = start + place * length
            slots.append(Slot(start=begin, end=begin + length, price=price))
    return tuple(slots)
