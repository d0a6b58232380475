"""A plan as it is told: what each of its slots does, costs and earns."""

from collections.abc import Sequence
from datetime import timedelta

from .plan_model import OFF, Plan, PlannedSlot, Profit
from .plan_reasons import reasons
from .plan_scores import Figures

_HOUR = timedelta(hours=1)
_TERA = 1e12


def result(numbers: Figures, course: Sequence[int], *, exact: bool) -> Plan:
    """Return the plan whose slots have modes, told by their places in the request."""
    request = numbers.request
    goal, limits = request.goal, request.limits
    before = request.present.mode
    slots = []
    why = reasons(numbers, course)
    for slot, place, reason in zip(request.slots, course, why, strict=True):
        mode = request.modes[place]
        lost = timedelta()
        if before not in (None, mode.name):
            lost = limits.switch_loss
            if before == OFF:
                lost += limits.start_loss
        before = mode.name
        hashing = slot.duration - min(lost, slot.duration)
        hashes = mode.hashrate * hashing.total_seconds()
        energy = mode.power / 1000 * (slot.duration / _HOUR)
        slots.append(
            PlannedSlot(
                start=slot.start,
                end=slot.end,
                price=slot.price,
                mode=mode.name,
                reason=reason,
                hashes=hashes,
                energy=energy,
                cost=None if slot.price is None else slot.price * energy,
                revenue=(
                    goal.revenue * hashes / _TERA / 3600
                    if isinstance(goal, Profit)
                    else None
                ),
            )
        )
    return Plan(slots=tuple(slots), exact=exact)
