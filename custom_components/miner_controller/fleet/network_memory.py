"""What is kept of the Bitcoin network over a restart: each value with its age."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from math import isfinite
from typing import Any, Final, Self

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from ..const import DOMAIN, LOGGER
from ..planning.spans import read_moment
from ..prices.memory import UNREADABLE
from ..sources.mempool import NetworkFacts
from .network_rounds import Round

LONGEST_USE: Final = timedelta(hours=24)
"""For which a value counts as known. Then the network has become another one."""

_VERSION: Final = 1
_PRICE: Final = "bitcoin_price"
_ADJUSTMENT: Final = "next_adjustment"

# The expected moment follows each block. Nobody wants to hear of every minute of it.
_STEADY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkMemory:
    """The newest values. Each is kept as long as no newer one comes, however old.

    They belong to the address of the mempool, and the price to its currency and to the
    user's own sensor that tells it, None where the mempool does. `values` are by the
    name that they have as facts, each with the moment at which it was told.
    """

    url: str = field(repr=False)
    currency: str
    sensor: str | None = None
    values: Mapping[str, tuple[Any, datetime]] = field(default_factory=dict)

    @property
    def asked_currency(self) -> str | None:
        """Return the currency that a mempool is asked for a price in, if it is."""
        return self.currency if self.sensor is None else None

    @property
    def updated(self) -> datetime | None:
        """Return when the mempool told something last."""
        told = (
            at
            for key, (_, at) in self.values.items()
            if self.sensor is None or key != _PRICE
        )
        return max(told, default=None)

    def with_price(self, price: float, at: datetime) -> Self:
        """Return the memory with what the user's own sensor tells."""
        return replace(self, values={**self.values, _PRICE: (price, at)})

    def with_round(self, told: Round) -> Self:
        """Return the memory with what a round brought. The rest keeps its age."""
        values = {
            key: (self._steady(key, value), told.at)
            for key, value in asdict(told.facts).items()
            if value is not None
        }
        return replace(self, values={**self.values, **values})

    def _steady(self, key: str, value: Any) -> Any:
        """Return a value, or the present one where the difference is no news."""
        if key == _ADJUSTMENT and key in self.values:
            present: datetime = self.values[key][0]
            if abs(value - present) <= _STEADY:
                return present
        return value

    def facts_at(self, now: datetime) -> NetworkFacts:
        """Return what counts as known at a moment.

        A value from the future is one of a clock that was set back, and its age is not
        known. An adjustment that was to come and is over is none that is to come.
        """
        facts = NetworkFacts(
            **{
                key: value
                for key, (value, at) in self.values.items()
                if abs(now - at) <= LONGEST_USE
            }
        )
        due = facts.next_adjustment
        if due is not None and due <= now:
            return replace(facts, next_adjustment=None, adjustment_change=None)
        return facts

    def as_dict(self) -> dict[str, Any]:
        """Return the memory as plain values that survive JSON unchanged."""
        return {
            "url": self.url,
            "currency": self.currency,
            "sensor": self.sensor,
            "values": {
                key: [
                    value.isoformat() if isinstance(value, datetime) else value,
                    at.isoformat(),
                ]
                for key, (value, at) in self.values.items()
            },
        }

    def recalling(self, data: Mapping[str, Any]) -> Self:
        """Return the memory with the stored values that belong to it."""
        if data["url"] != self.url:
            return self
        values = {
            key: (_READERS[key](value), read_moment(at))
            for key, (value, at) in data["values"].items()
        }
        if (data["currency"], data.get("sensor")) != (self.currency, self.sensor):
            values.pop(_PRICE, None)
        return replace(self, values=values)


def _amount(value: Any) -> float:
    """Return a number above zero."""
    if type(value) not in {float, int} or not isfinite(value) or value <= 0:
        raise ValueError("This is no amount of anything")
    return float(value)


def _height(value: Any) -> int:
    """Return the number of a block."""
    return int(_amount(value))


def _change(value: Any) -> float:
    """Return a change in %."""
    if type(value) not in {float, int} or not isfinite(value):
        raise ValueError("This is no change of anything")
    return float(value)


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "difficulty": _amount,
    _ADJUSTMENT: read_moment,
    "adjustment_change": _change,
    "block_height": _height,
    "reward": _amount,
    _PRICE: _amount,
}


def network_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return the file that keeps what is known of the network."""
    return Store(hass, _VERSION, f"{DOMAIN}.network.{entry_id}")


async def async_recall_network(
    store: Store[dict[str, Any]], url: str, currency: str, sensor: str | None
) -> NetworkMemory:
    """Return what was kept. A file that somebody damaged is as good as none."""
    memory = NetworkMemory(url=url, currency=currency, sensor=sensor)
    try:
        data = await store.async_load()
        return memory if data is None else memory.recalling(data)
    except UNREADABLE as err:
        LOGGER.warning(
            "What was stored of the Bitcoin network cannot be read (%s)",
            type(err).__name__,
        )
        return memory
