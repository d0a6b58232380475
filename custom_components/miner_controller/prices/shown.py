"""Prices as people and templates read them: with the times of the local clock."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from homeassistant.util import dt as dt_util

from ..planning.slots import Slot

type Shown = dict[str, Any]


class _Spanning(Protocol):
    """What starts and ends."""

    @property
    def start(self) -> datetime:
        """Return when it starts."""

    @property
    def end(self) -> datetime:
        """Return when it ends."""


def shown_span(span: _Spanning) -> Shown:
    """Return when something starts and ends."""
    return {
        "start": dt_util.as_local(span.start).isoformat(),
        "end": dt_util.as_local(span.end).isoformat(),
    }


def shown_slot(slot: Slot) -> Shown:
    """Return a slot with its price in currency per kWh."""
    return {**shown_span(slot), "price": slot.price}


def shown_slots(slots: Iterable[Slot]) -> list[Shown]:
    """Return slots with their prices."""
    return [shown_slot(slot) for slot in slots]
