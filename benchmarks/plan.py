"""What planning costs, beside one look at each mode of each slot.

    .venv-latest/bin/python -m benchmarks.plan

Whoever plans at least works out once what each mode earns in each slot: that is the
floor, measured in the same run. All times are CPU time of one thread. A plan is made in
a thread of its own, so nothing here is time of the event loop.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
import random
import sys
from zoneinfo import ZoneInfo

from benchmarks.cpu import cpu_seconds
from custom_components.miner_controller.planning.plan import make_plan
from custom_components.miner_controller.planning.plan_model import (
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
from custom_components.miner_controller.planning.plan_together import plan_together

_HALF_HOUR = timedelta(minutes=30)
# What is known at five in the afternoon, when the prices of tomorrow are published.
_START = datetime(2026, 11, 9, 17, tzinfo=UTC)
_DAY = 62
_YEAR = 365 * 48
_MINERS = 100
_MODES = (
    ModeFigures(name=OFF, hashrate=0, power=4.1),
    ModeFigures(name="low", hashrate=2.713e12, power=61.3),
    ModeFigures(name="mid", hashrate=4.122e12, power=103.7),
    ModeFigures(name="high", hashrate=6.03e12, power=141.2),
    ModeFigures(name="turbo", hashrate=6.5e12, power=161.2),
)
_LIMITS = Limits(
    min_on=4 * _HALF_HOUR,
    min_off=2 * _HALF_HOUR,
    switch_loss=timedelta(minutes=3),
    start_loss=timedelta(minutes=5),
)
_PROFIT = Profit(revenue=0.0042)


def _request(number: int, goal: Goal, modes: int, seed: int = 1) -> PlanRequest:
    """Return a request for so many half hours, with prices that look like Agile's."""
    dice = random.Random(seed)  # noqa: S311
    return PlanRequest(
        slots=tuple(
            PlanSlot(
                start=_START + place * _HALF_HOUR,
                end=_START + (place + 1) * _HALF_HOUR,
                price=round(dice.gauss(0.18, 0.08), 6),
            )
            for place in range(number)
        ),
        modes=_MODES[:modes],
        goal=goal,
        limits=_LIMITS,
        present=Present(mode="low"),
        zone=ZoneInfo("Europe/London"),
    )


def _look(request: PlanRequest) -> None:
    """Work out what each mode earns in each slot, and take the best: the floor."""
    goal = request.goal
    assert isinstance(goal, Profit)  # noqa: S101
    for slot in request.slots:
        hours = slot.duration / timedelta(hours=1)
        price = slot.price or 0.0
        max(
            (mode.hashrate / 1e12 * goal.revenue - mode.power / 1000 * price) * hours
            for mode in request.modes
        )


def main() -> int:
    """Print the costs; return 1 if one is above its aim."""
    year, day = _request(_YEAR, _PROFIT, 5), _request(_DAY, _PROFIT, 4)
    budgets = [_request(_DAY, Budget(amount=0.3), 4, seed) for seed in range(5)]
    hours = _request(_DAY, Hours(duration=timedelta(hours=8), mode="mid"), 4)

    def all_miners() -> None:
        """Plan a day for many miners."""
        for _ in range(_MINERS):
            make_plan(day)

    def all_budgets() -> None:
        """Plan for a budget with the prices of some days."""
        for request in budgets:
            make_plan(request)

    rows: tuple[tuple[str, Callable[[], object], PlanRequest, int, int, int], ...] = (
        ("a year, profit", lambda: make_plan(year), year, 1, 1, 50),
        ("a day, profit", lambda: make_plan(day), day, 1, 5, 50),
        (f"a day, profit, {_MINERS} miners", all_miners, day, _MINERS, 1, 50),
        ("a day, budget", all_budgets, day, len(budgets), 1, 2000),
        ("a day, hours", lambda: make_plan(hours), day, 1, 1, 500),
        (
            "a day, two that share power",
            lambda: plan_together([day, day], 200),
            day,
            1,
            1,
            8000,
        ),
    )
    missed = False
    for name, work, floor, times, rounds, aim in rows:
        cost = cpu_seconds(work, rounds)
        least = cpu_seconds(partial(_look, floor), 3)
        ratio = cost / least / times
        missed |= ratio > aim
        verdict = "kept" if ratio <= aim else "MISSED"
        print(
            f"{name:28} {cost * 1e3:8.1f} ms  {cost * 1e3 / times:8.2f} ms each  "
            f"floor {least * 1e3:7.3f} ms  {ratio:7.1f} x  aim ≤ {aim}: {verdict}"
        )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
