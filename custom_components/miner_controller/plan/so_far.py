"""What a miner has had before the first slot of a plan: money, hours, a state."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from homeassistant.util import dt as dt_util

from ..economics.coordinator import MinerEconomics
from ..planning.plan_model import (
    OFF,
    Budget,
    Goal,
    Hours,
    PlannedSlot,
    PlanSlot,
    Present,
)
from ..planning.plan_periods import periods
from ..planning.slots import day_span
from .memory import PlanMemory
from .outlook import Outlook

# A miner that follows its plan is told with the slot, and switched on or off soon after
# that. For the plan it is then since the slot began: else a shortest time of an hour
# would always last an hour and a half.
_FOLLOWS_WITHIN: Final = timedelta(minutes=15)

# A miner takes some moments to do what it is told, and what it does is seen with its
# polls. So of each slot that it worked a little is missing.
_HARDLY_ANY: Final = timedelta(minutes=10)


def goal_so_far(
    outlook: Outlook,
    slots: tuple[PlanSlot, ...],
    kept: PlannedSlot | None,
    economics: MinerEconomics,
    memory: PlanMemory,
    seen_at: datetime,
    now: datetime,
) -> Goal:
    """Return the goal with what was had of it before the first of some slots.

    What is yet to come of a slot that is `kept` counts as it is planned. The miner was
    seen last at a moment, up to which its energy is counted.
    """
    match outlook.goal:
        case Budget() as goal:
            spent = _spent(outlook, slots[0].start, kept, economics, seen_at, now)
            return replace(goal, spent=spent)
        case Hours() as goal:
            return replace(goal, done=_done(goal, outlook, slots, kept, memory, now))
        case goal:
            return goal


def _spent(
    outlook: Outlook,
    start: datetime,
    kept: PlannedSlot | None,
    economics: MinerEconomics,
    seen_at: datetime,
    now: datetime,
) -> float:
    """Return what the day of a moment has cost before it.

    Energy without a price is reckoned as dear as the dearest that is known, as it is in
    the plan, so that the budget is not exceeded. So is what the miner has used since it
    was seen last.
    """
    midnight = day_span(start, dt_util.get_default_time_zone()).start
    dearest = max(outlook.dearest, 0.0)
    spent = 0.0
    if (until := min(start, now)) > midnight:
        waiting = economics.account.ledger.unpriced_between(midnight, until)
        spent = economics.cost_between(midnight, until) or 0.0
        spent += waiting * dearest
        unseen = (until - max(seen_at, midnight)) / timedelta(hours=1)
        spent += max(unseen, 0.0) * (economics.power or 0.0) / 1000 * dearest
    if kept is not None and kept.start >= midnight:
        cost = kept.energy * dearest if kept.cost is None else kept.cost
        spent += cost * ((kept.end - now) / (kept.end - kept.start))
    return spent


def _done(
    goal: Hours,
    outlook: Outlook,
    slots: tuple[PlanSlot, ...],
    kept: PlannedSlot | None,
    memory: PlanMemory,
    now: datetime,
) -> timedelta:
    """Return the time in the mode that the window of the first slot has had before."""
    start, zone = slots[0].start, dt_util.get_default_time_zone()
    least = next(mode.hashrate for mode in outlook.modes if mode.name == goal.mode)
    modes = {mode.name for mode in outlook.modes if mode.hashrate >= least}
    windows = periods(slots, goal.earliest, goal.latest, zone)
    if not windows or windows[0].start >= start:
        return timedelta()
    begun = windows[0].start
    done = memory.history.time_in(modes, begun, min(start, now))
    if kept is not None and kept.mode in modes:
        done += max(start - max(now, begun), timedelta())
    # What little of a slot is missing is not worth another one.
    whole = slots[0].duration
    lacking = -done % whole
    return done + lacking if lacking <= min(_HARDLY_ANY, whole / 3) else done


def present_at(
    actual: str | None, planned: PlannedSlot | None, memory: PlanMemory, now: datetime
) -> Present:
    """Return what a miner does when the first slot of a plan begins.

    It is what it does now, and where that is not known what was planned. It is on or
    off since it really was switched, or since the plan wanted that and the miner
    followed soon.
    """
    if actual is not None:
        mode = actual
    elif planned is not None:
        mode = planned.mode
    else:
        return Present()
    is_off, history = mode == OFF, memory.history
    wanted = memory.phase_since if memory.phase_off is is_off else None
    if history.is_off is is_off:
        real = history.since
        if real and wanted and wanted <= real <= wanted + _FOLLOWS_WITHIN:
            return Present(mode=mode, since=wanted)
        return Present(mode=mode, since=real)
    return Present(mode=mode, since=wanted or now)
