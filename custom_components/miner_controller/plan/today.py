"""What a miner is planned to use and to cost today, with what it has used so far."""

from dataclasses import dataclass
from datetime import datetime

from homeassistant.util import dt as dt_util

from ..planning.slots import day_span
from .coordinator import MinerPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """A local day: what it had so far, and the rest as it is planned.

    The energy is in kWh, the cost in the currency of the plan. Neither has anything for
    time that is not planned yet, and the cost nothing for energy without a price, which
    is what `complete` tells. It is how the average price of a day is told too: the
    prices of the last hour of a day are published in the afternoon.
    """

    energy: float
    energy_complete: bool
    cost: float | None
    cost_complete: bool


def planned_today(plan: MinerPlan, now: datetime) -> Today | None:
    """Return what today comes to, None without a plan."""
    if plan.data is None:
        return None
    day = day_span(now, dt_util.get_default_time_zone())
    memory = plan.memory
    energy = memory.energy if memory.day == dt_util.as_local(now).date() else 0.0
    spent = plan.economics.spent_today(now)
    costs = [] if spent is None else [spent]
    complete = spent is not None or not energy
    until = now
    for slot in plan.data.slots:
        if slot.start >= day.end:
            break
        start, end = max(slot.start, now), min(slot.end, day.end)
        if start >= end:
            continue
        part = (end - start) / (slot.end - slot.start)
        energy += slot.energy * part
        until = end
        if slot.cost is not None:
            costs.append(slot.cost * part)
        complete = complete and (slot.cost is not None or not slot.energy)
    is_planned = until >= day.end
    return Today(
        energy=energy,
        energy_complete=is_planned,
        cost=sum(costs) if costs else None,
        cost_complete=is_planned and complete,
    )
