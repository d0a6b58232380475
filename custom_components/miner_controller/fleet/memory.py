"""What is kept of the fleet over a restart: counts, energy and the best share."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from math import isfinite
from typing import Any, Final, Self

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from ..const import DOMAIN, LOGGER
from ..prices.memory import UNREADABLE
from .share_counts import ShareCounts
from .totals import Held

_VERSION: Final = 1


@dataclass(slots=True, kw_only=True)
class FleetMemory:
    """What is kept of the fleet. The energy is in kWh."""

    counts: ShareCounts
    energy: float = 0.0
    best: Held | None = field(default=None)

    def as_dict(self) -> dict[str, Any]:
        """Return the memory as plain values that survive JSON unchanged."""
        return {
            "counts": self.counts.as_dict(),
            "energy": self.energy,
            "best": None if self.best is None else asdict(self.best),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the memory that `as_dict` stored."""
        best = data["best"]
        return cls(
            counts=ShareCounts.from_dict(data["counts"]),
            energy=_amount(data["energy"]),
            best=(
                None
                if best is None
                else Held(
                    value=_amount(best["value"]),
                    miner=str(best["miner"]),
                    entry_id=str(best["entry_id"]),
                )
            ),
        )


def _amount(stored: Any) -> float:
    """Return a number of what there can be more or less of."""
    amount = float(stored)
    if not isfinite(amount) or amount < 0:
        raise ValueError("This is no amount of anything")
    return amount


def fleet_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return the file that keeps the memory of the fleet."""
    return Store(hass, _VERSION, f"{DOMAIN}.fleet.{entry_id}")


async def async_recall(store: Store[dict[str, Any]], today: date) -> FleetMemory:
    """Return what was kept. A file that somebody damaged is as good as none."""
    try:
        data = await store.async_load()
        if data is not None:
            return FleetMemory.from_dict(data)
    except UNREADABLE as err:
        LOGGER.warning(
            "What was stored of the fleet cannot be read, so it counts anew (%s)",
            type(err).__name__,
        )
    return FleetMemory(counts=ShareCounts(day=today))
