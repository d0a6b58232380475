"""What plans would have cost and earned with prices that are known by now.

Beside the plans there is what needs none: a miner that always works, and one that works
below a price.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final, Self

from .backtest_row import Row, Strategy, measured
from .plan import make_plan
from .plan_model import (
    OFF,
    Budget,
    Goal,
    Hours,
    Limits,
    ModeFigures,
    PlanRequest,
    PlanSlot,
    Present,
    Profit,
)
from .slots import Slot, clipped
from .spans import first_moment

_DAY: Final = timedelta(days=1)
_HALF_HOUR: Final = timedelta(minutes=30)

# Watts in a kilowatt, and hashes in a terahash.
_KILO: Final = 1e3
_TERA: Final = 1e12


class Missing(StrEnum):
    """Why there is no row for something."""

    NO_NETWORK_DATA = "no_network_data"
    """What mining earns is not known, or not in the currency of the prices."""
    NO_BUDGET = "no_budget"
    NO_HOURS = "no_hours"
    NO_PRICE_LIMIT = "no_price_limit"
    """None was given, and there is no break-even price to take in its place."""
    TOOK_TOO_LONG = "took_too_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestRequest:
    """What is tried: prices, a miner, and the numbers of the goals.

    The slots are as `past_slots` returns them, and at least one. `revenue` is in
    currency for one TH/s that is hashed for an hour, None where it is not known; `heat`
    is what the heat of a kWh is worth. `mode` is what a miner without a plan works in.
    Without a `price_limit` it is the break-even price of that mode. What is spent of
    the budget and done of the hours before does not matter.
    """

    slots: tuple[PlanSlot, ...]
    modes: tuple[ModeFigures, ...]
    mode: str
    limits: Limits
    zone: tzinfo
    revenue: float | None = None
    heat: float = 0.0
    budget: Budget | None = None
    hours: Hours | None = None
    price_limit: float | None = None

    def with_slots(self, slots: tuple[PlanSlot, ...]) -> Self:
        """Return the same request for other slots."""
        return replace(self, slots=slots)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """A row for each thing that was tried, and why there is none for others."""

    rows: tuple[Row, ...]
    skipped: dict[Strategy, Missing]


def past_slots(
    slots: Sequence[Slot], start: datetime, end: datetime, zone: tzinfo
) -> tuple[PlanSlot, ...]:
    """Return slots without a gap: where no price is known, they have none.

    They begin with the first price inside, and end with the last one. Each lies in one
    local day, so that what is spent on a day is told exactly.
    """
    found: list[PlanSlot] = []
    for slot in clipped(slots, start, end):
        before = found[-1].end if found else slot.start
        while before < slot.start:
            upto = min(before + _HALF_HOUR, slot.start)
            found += _by_day(PlanSlot(start=before, end=upto), zone)
            before = upto
        whole = PlanSlot(start=slot.start, end=slot.end, price=slot.price)
        found += _by_day(whole, zone)
    return tuple(found)


def _by_day(slot: PlanSlot, zone: tzinfo) -> Iterator[PlanSlot]:
    """Yield the parts of a slot that lie in one local day each."""
    start = slot.start
    while start < slot.end:
        end = min(slot.end, _next_time(start, time.min, zone))
        yield PlanSlot(start=start, end=end, price=slot.price)
        start = end


def _next_time(moment: datetime, at: time, zone: tzinfo) -> datetime:
    """Return when a zone's clock shows a time next, after a moment."""
    today = moment.astimezone(zone).date()
    first = first_moment(today, at, zone)
    return first if first > moment else first_moment(today + _DAY, at, zone)


def simulate(
    request: BacktestRequest, in_time: Callable[[], bool] = lambda: True
) -> Backtest:
    """Try everything that the request has the numbers for.

    The plan for profit is made over all slots at once, with all prices known. The
    others are made day by day, each with what the one before left the miner doing.
    Nothing more is tried once `in_time` says no.
    """
    rows = list(_always_on(request))
    skipped: dict[Strategy, Missing] = {}
    if (limit := _price_limit(request)) is None:
        skipped[Strategy.PRICE_BELOW] = Missing.NO_PRICE_LIMIT
    else:
        rows.append(
            _measured(
                request,
                Strategy.PRICE_BELOW,
                _below(request, limit),
                mode=request.mode,
                price_limit=limit,
            )
        )
    for strategy, goal, otherwise in _goals(request):
        if goal is None:
            skipped[strategy] = otherwise
        elif (row := _planned(request, strategy, goal, in_time)) is None:
            skipped[strategy] = Missing.TOOK_TOO_LONG
        else:
            rows.append(row)
    return Backtest(rows=tuple(rows), skipped=skipped)


def _goals(
    request: BacktestRequest,
) -> Iterator[tuple[Strategy, Goal | None, Missing]]:
    """Yield the goals, or why there is none."""
    profit = (
        None
        if request.revenue is None
        else Profit(revenue=request.revenue, heat=request.heat)
    )
    yield Strategy.PROFIT, profit, Missing.NO_NETWORK_DATA
    yield Strategy.HOURS, request.hours, Missing.NO_HOURS
    yield Strategy.BUDGET, request.budget, Missing.NO_BUDGET


def _measured(
    request: BacktestRequest,
    strategy: Strategy,
    course: Sequence[str],
    *,
    mode: str | None = None,
    price_limit: float | None = None,
    exact: bool = True,
) -> Row:
    """Return what the modes in a course cost and earn."""
    return measured(
        strategy,
        request.slots,
        course,
        request.modes,
        request.limits,
        revenue=request.revenue,
        heat=request.heat,
        mode=mode,
        price_limit=price_limit,
        exact=exact,
    )


def _always_on(request: BacktestRequest) -> Iterator[Row]:
    """Yield what a miner does that never rests, also in its most powerful mode."""
    working = [mode for mode in request.modes if not mode.is_off]
    highest = max(working, key=lambda mode: mode.power).name
    for name in dict.fromkeys((request.mode, highest)):
        course = [name] * len(request.slots)
        yield _measured(request, Strategy.ALWAYS_ON, course, mode=name)


def _price_limit(request: BacktestRequest) -> float | None:
    """Return below which price a miner works that has no plan."""
    if request.price_limit is not None or request.revenue is None:
        return request.price_limit
    mode = next(mode for mode in request.modes if mode.name == request.mode)
    if not mode.power:
        return None
    earned = request.revenue * mode.hashrate / _TERA
    return earned / (mode.power / _KILO) + request.heat


def _below(request: BacktestRequest, limit: float) -> list[str]:
    """Return the modes of a miner that works while power costs less than a limit.

    Otherwise it is off, or in its lowest mode where it cannot be off. It keeps to the
    shortest times on and off and to the longest off, and knows of no quiet hours. A
    price that is not known changes nothing.
    """
    limits = request.limits
    rest = min(request.modes, key=lambda mode: (not mode.is_off, mode.power))
    course = []
    works: bool | None = None
    since = request.slots[0].start
    for slot in request.slots:
        wanted = bool(works) if slot.price is None else slot.price < limit
        lasted = slot.start - since
        if works is not None and rest.is_off:
            if lasted < (limits.min_on if works else limits.min_off):
                wanted = works
            elif not works and limits.max_off is not None and lasted >= limits.max_off:
                wanted = True
        if wanted is not works:
            works, since = wanted, slot.start
        course.append(request.mode if works else rest.name)
    return course


def _planned(
    request: BacktestRequest,
    strategy: Strategy,
    goal: Goal,
    in_time: Callable[[], bool],
) -> Row | None:
    """Return what the planner makes of a goal, None where there was no time for it."""
    course: list[str] = []
    exact = True
    present = Present()
    for slots in _periods(request, goal):
        if not in_time():
            return None
        plan = make_plan(
            PlanRequest(
                slots=slots,
                modes=request.modes,
                goal=goal,
                limits=request.limits,
                present=present,
                zone=request.zone,
            )
        )
        exact = exact and plan.exact
        for slot in plan.slots:
            if present.mode is None or (present.mode == OFF) is not (slot.mode == OFF):
                present = Present(mode=slot.mode, since=slot.start)
            else:
                present = Present(mode=slot.mode, since=present.since)
        course += [slot.mode for slot in plan.slots]
    return _measured(request, strategy, course, exact=exact)


def _periods(request: BacktestRequest, goal: Goal) -> Iterator[tuple[PlanSlot, ...]]:
    """Yield the slots of each plan.

    A plan for hours begins with the time between which they are wanted, so that no
    such time is cut in two.
    """
    if isinstance(goal, Profit):
        yield request.slots
        return
    at = goal.earliest if isinstance(goal, Hours) else time.min
    end = request.slots[0].start
    period: list[PlanSlot] = []
    for slot in request.slots:
        if slot.start >= end:
            if period:
                yield tuple(period)
            period = []
            end = _next_time(slot.start, at, request.zone)
        period.append(slot)
    yield tuple(period)
