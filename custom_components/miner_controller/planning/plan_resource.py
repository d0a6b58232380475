"""What the goal of a plan limits: the money of a day, or the time in a window."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from .plan_model import Budget, Hours, ModeFigures, PlanRequest
from .plan_periods import microseconds, overlaps, periods
from .plan_values import NANO, Level, spend, unknown_price


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a slot that lies in a period with a limit: a day, or a window."""

    period: int
    amounts: Sequence[int]
    """What each mode uses: nano-currency, or µs of the wanted mode with a minus."""


@dataclass(frozen=True, slots=True)
class Resource:
    """What is limited in each period, and must not be exceeded."""

    level: Level
    """Where a plan is judged that does."""
    limits: Sequence[int]
    """Of each period, less what the first has used before the plan."""
    pieces: Sequence[Sequence[Piece]]
    """Of each slot."""


def resource(request: PlanRequest) -> Resource | None:
    """Return what the goal limits, None if it limits nothing."""
    match request.goal:
        case Budget():
            return _money(request, request.goal)
        case Hours():
            return _time(request, request.goal)
    return None


def _money(request: PlanRequest, goal: Budget) -> Resource:
    """Return the money that each local day has."""
    slots, modes = request.slots, request.modes
    days = periods(slots, time.min, time.min, request.zone)
    unknown = unknown_price(request)
    pieces = []
    for slot, inside in zip(slots, overlaps(slots, days), strict=True):
        price = unknown if slot.price is None else slot.price
        pieces.append(
            [
                Piece(place, tuple(spend(mode, price, shared) for mode in modes))
                for place, shared in inside
            ]
        )
    limits = [round(goal.amount * NANO)] * len(days)
    limits[0] -= round(goal.spent * NANO)
    return Resource(Level.OVERSPEND, limits, pieces)


def _time(request: PlanRequest, goal: Hours) -> Resource:
    """Return the time that each window lacks, as a limit with a minus sign."""
    slots = request.slots
    windows = periods(slots, goal.earliest, goal.latest, request.zone)
    counts = wanted_modes(request.modes, goal)
    pieces = [
        [
            Piece(place, tuple(-shared if each else 0 for each in counts))
            for place, shared in inside
        ]
        for inside in overlaps(slots, windows)
    ]
    start, end = slots[0].start, slots[-1].end
    limits = []
    for window in windows:
        whole = microseconds(window.duration)
        known = microseconds(min(window.end, end) - window.start)
        least = microseconds(goal.duration) * known // whole
        if start in window:
            least -= microseconds(goal.done)
        limits.append(-least)
    return Resource(Level.SHORTFALL, limits, pieces)


def wanted_modes(modes: Sequence[ModeFigures], goal: Hours) -> Sequence[bool]:
    """Return for each mode whether its time counts: it is the wanted, or as fast.

    Where the wanted one is none of the modes, it is the fastest there is.
    """
    fastest = max(mode.hashrate for mode in modes)
    named = (mode.hashrate for mode in modes if mode.name == goal.mode)
    least = next(named, fastest)
    return tuple(mode.hashrate >= least for mode in modes)
