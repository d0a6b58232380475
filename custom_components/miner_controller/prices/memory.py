"""What is kept of a tariff over a restart: prices, decisions, and when was asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Self

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store

from ..const import DOMAIN, LOGGER
from ..planning import series
from ..planning.decisions import Decision
from ..planning.fetch_schedule import FetchState
from ..planning.slots import Slot
from ..planning.spans import read_moment
from ..sources.tariff import LONGEST_WAIT

_VERSION: Final = 1

UNREADABLE: Final = (
    AttributeError,
    HomeAssistantError,
    KeyError,
    NotImplementedError,
    OverflowError,
    TypeError,
    ValueError,
)
"""What reading a file can end in that somebody changed, or a later version wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceMemory:
    """What is kept of a tariff."""

    slots: tuple[Slot, ...] = ()
    fetch: FetchState = field(default_factory=FetchState)
    """What is known and the jitter follow from other things, and are not kept."""
    announced_until: datetime | None = None
    """The end of the prices whose publication was announced."""
    decisions: Mapping[str, tuple[Decision, ...]] = field(default_factory=dict)
    """When the cheap windows are active, by the id of their subentry."""

    def as_dict(self) -> dict[str, Any]:
        """Return the memory as plain values that survive JSON unchanged."""
        return {
            "slots": series.pack(self.slots),
            "last_attempt": _text(self.fetch.last_attempt),
            "failures": self.fetch.failures,
            "retry_after": self.fetch.retry_after,
            "announced_until": _text(self.announced_until),
            "decisions": {
                window_id: [decision.as_dict() for decision in decisions]
                for window_id, decisions in self.decisions.items()
            },
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the memory that `as_dict` stored."""
        return cls(
            slots=series.unpack(data["slots"]),
            fetch=FetchState(
                last_attempt=_attempt(data["last_attempt"]),
                failures=_count(data["failures"]),
                retry_after=_wait(data["retry_after"]),
            ),
            announced_until=_moment(data["announced_until"]),
            decisions={
                window_id: tuple(Decision.from_dict(decision) for decision in decisions)
                for window_id, decisions in data["decisions"].items()
            },
        )


def _text(moment: datetime | None) -> str | None:
    """Return a moment as text."""
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    """Return the moment that a text stands for."""
    return None if text is None else read_moment(text)


def _attempt(text: str | None) -> datetime | None:
    """Return when was asked last, which no calendar's end is near to."""
    moment = _moment(text)
    if moment is not None and not 2000 <= moment.year < 9000:
        raise ValueError("Nobody asked anything then")
    return moment


def _count(value: int) -> int:
    """Return a number of failures."""
    if type(value) is not int or value < 0:
        raise ValueError("This is no number of failures")
    return value


def _wait(seconds: float | None) -> float | None:
    """Return how long a service wanted to be left alone, in seconds."""
    if seconds is None:
        return None
    if not 0 <= seconds <= LONGEST_WAIT:
        raise ValueError("Nobody wants to be left alone for so long")
    return float(seconds)


def price_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return the file that keeps the memory of a tariff."""
    return Store(hass, _VERSION, f"{DOMAIN}.prices.{entry_id}")


async def async_recall(store: Store[dict[str, Any]], reference: str) -> PriceMemory:
    """Return what was kept, nothing where it belongs to another tariff.

    A file that somebody changed or damaged is as good as none.
    """
    try:
        data = await store.async_load()
        if data is None or data["reference"] != reference:
            return PriceMemory()
        return PriceMemory.from_dict(data)
    except UNREADABLE as err:
        LOGGER.warning(
            "The stored prices cannot be read and are fetched anew (%s)",
            type(err).__name__,
        )
        return PriceMemory()
