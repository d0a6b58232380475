"""What a course of modes costs and earns with known prices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from .plan_model import OFF, Limits, ModeFigures, PlanSlot

_HOUR: Final = timedelta(hours=1)

# Watts in a kilowatt, and the hashes of one TH/s in an hour.
_KILO: Final = 1e3
_TERAHASH_HOUR: Final = 3600e12


class Strategy(StrEnum):
    """What decides in which mode a miner is."""

    ALWAYS_ON = "always_on"
    PRICE_BELOW = "price_below"
    PROFIT = "profit"
    HOURS = "hours"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What became of a miner while prices are known.

    `hours` are those in each mode, `energy` is in kWh, `hashes` is their number.
    `cost`, `revenue` and `heat` are in currency: what the power costs, what mining
    earns, None where it is not known, and what the heat is worth. `mode` and
    `price_limit` are what a strategy without a plan goes by.
    """

    strategy: Strategy
    mode: str | None
    price_limit: float | None
    hours: Mapping[str, float]
    switches: int
    energy: float
    hashes: float
    cost: float
    revenue: float | None
    heat: float
    exact: bool

    @property
    def hours_on(self) -> float:
        """Return for how many hours the miner works."""
        return sum(hours for mode, hours in self.hours.items() if mode != OFF)

    @property
    def profit(self) -> float | None:
        """Return what is left of the revenue and the heat after the cost."""
        return None if self.revenue is None else self.revenue + self.heat - self.cost

    @property
    def average_price(self) -> float | None:
        """Return what a kWh cost on average, None where nothing was used."""
        return self.cost / self.energy if self.energy else None


def measured(
    strategy: Strategy,
    slots: Sequence[PlanSlot],
    course: Sequence[str],
    modes: Sequence[ModeFigures],
    limits: Limits,
    *,
    revenue: float | None,
    heat: float,
    mode: str | None,
    price_limit: float | None,
    exact: bool,
) -> Row:
    """Return what the modes in a course, one for each slot, cost and earn.

    A slot without a price counts nowhere, so that all rows are about the same time. A
    change of the mode costs hashing as the limits tell, as it does in a plan.
    """
    figures = {each.name: each for each in modes}
    hours = dict.fromkeys(figures, 0.0)
    switches, energy, hashes, cost = 0, 0.0, 0.0, 0.0
    before: str | None = None
    for slot, name in zip(slots, course, strict=True):
        lost = timedelta()
        if before not in {None, name}:
            switches += 1
            lost = limits.switch_loss
            if before == OFF:
                lost += limits.start_loss
        before = name
        if slot.price is None:
            continue
        duration = slot.duration / _HOUR
        used = figures[name].power / _KILO * duration
        hours[name] += duration
        energy += used
        cost += used * slot.price
        working = max(slot.duration - lost, timedelta())
        hashes += figures[name].hashrate * working.total_seconds()
    return Row(
        strategy=strategy,
        mode=mode,
        price_limit=price_limit,
        hours={name: time for name, time in hours.items() if time},
        switches=switches,
        energy=energy,
        hashes=hashes,
        cost=cost,
        revenue=None if revenue is None else revenue * hashes / _TERAHASH_HOUR,
        heat=heat * energy,
        exact=exact,
    )
