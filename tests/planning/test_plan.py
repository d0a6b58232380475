"""The planner finds the best of all plans, which trying each confirms."""

from dataclasses import replace
from datetime import time, timedelta
import math
import random

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.miner_controller.planning.plan import (
    best_course,
    make_plan,
    same_course,
)
from custom_components.miner_controller.planning.plan_model import (
    OFF,
    Budget,
    Goal,
    Hours,
    Limits,
    Plan,
    PlanRequest,
    Present,
    Profit,
)
from custom_components.miner_controller.planning.plan_scores import Figures

from . import HOUR, LONDON, at, utc
from .plan_brute import Brute, unpacked
from .plan_cases import (
    MODES,
    budgets,
    hours,
    minutes,
    mode,
    profits,
    request,
    requests,
    slots_of,
)

LONG_RUNS = Limits(
    min_on=2 * HOUR,
    min_off=HOUR,
    switch_loss=minutes(5),
    start_loss=minutes(10),
)
SLOW = settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow]
)
FOUR = (
    mode("high", 4, 300),
    mode("low", 1, 100),
    mode(OFF, 0, 0),
    mode("mid", 3, 200),
)


def names(plan: Plan) -> list[str]:
    """Return the modes of a plan."""
    return [slot.mode for slot in plan.slots]


def judged(wanted: PlanRequest) -> tuple[int, ...] | None:
    """Return what the plan for a request comes to, None if it breaks a rule."""
    brute, plan = Brute(wanted), make_plan(wanted)
    assert plan.exact
    total = brute.worth(brute.places(names(plan)))
    return None if total is None else unpacked(total)


@SLOW
@given(wanted=requests(profits))
def test_most_profit(wanted: PlanRequest) -> None:
    """No sequence of modes has more profit, and is better by all that comes first."""
    assert judged(wanted) == unpacked(Brute(wanted).best())


@SLOW
@given(wanted=requests(budgets))
def test_most_hashes(wanted: PlanRequest) -> None:
    """No sequence of modes makes more hashes of a budget."""
    assert judged(wanted) == unpacked(Brute(wanted).best())


@SLOW
@given(wanted=requests(hours))
def test_cheapest_hours(wanted: PlanRequest) -> None:
    """No sequence of modes has the hours at less cost."""
    assert judged(wanted) == unpacked(Brute(wanted).best())


@pytest.mark.parametrize(
    "goal",
    [
        Profit(revenue=0.04),
        Budget(amount=0.12, spent=0.01),
        Hours(duration=timedelta(hours=2), mode="mid"),
    ],
)
def test_eight_slots_of_four_modes(goal: Goal) -> None:
    """The same is so for many more sequences: all limits at once."""
    limits = replace(LONG_RUNS, min_on=HOUR, max_off=2 * HOUR)
    prices = (0.31, 0.12, 0.07, None, 0.22, 0.03, 0.25, 0.09)
    wanted = request(
        slots_of(*prices, start=at(22)),
        goal,
        limits,
        Present(mode="low", since=at(21.75)),
        FOUR,
    )
    assert judged(wanted) == unpacked(Brute(wanted).best())


def long_request(goal: Goal, seed: int, limits: Limits = LONG_RUNS) -> PlanRequest:
    """Return a request for a day and a half, with prices of two decimals."""
    dice = random.Random(seed)  # noqa: S311
    prices = [dice.randint(-3, 40) / 100 for _ in range(62)]
    return request(
        slots_of(*prices, start=at(17)), goal, limits, Present(mode=OFF), FOUR
    )


def thresholds(wanted: PlanRequest) -> list[list[int]]:
    """Return each constant mode, and each mode below each price and off above."""
    known = [slot.price or 0 for slot in wanted.slots]
    off = [each.is_off for each in wanted.modes].index(True)
    return [
        [place if price <= most else off for price in known]
        for place in range(len(wanted.modes))
        for most in (*sorted(set(known)), 1)
    ]


@settings(deadline=None, max_examples=6)
@given(
    seed=st.integers(0, 10**6),
    goal=st.sampled_from(
        [
            Profit(revenue=0.03),
            Budget(amount=0.35),
            Budget(amount=0.02, spent=0.01),
            Hours(duration=8 * HOUR, mode="mid", earliest=time(22), latest=time(16)),
        ]
    ),
)
def test_no_simple_rule_is_better(seed: int, goal: Goal) -> None:
    """Neither a constant mode nor a single price does better under the same limits.

    The shortest times are kept, a budget is kept, and hours are had.
    """
    wanted = long_request(goal, seed)
    brute, plan = Brute(wanted), make_plan(wanted)
    places = brute.places(names(plan))
    total = brute.worth(places)
    assert total is not None
    assert plan.exact
    rules = [brute.worth(course) for course in thresholds(wanted)]
    assert total <= min(rule for rule in rules if rule is not None)
    if isinstance(goal, Budget):
        assert max(brute.spendings(places)) <= round(goal.amount * 1e9)
    if isinstance(goal, Hours):
        assert not any(brute.shortfalls(places))


def test_profit_of_a_simple_day() -> None:
    """Each slot has the mode that earns most, and a plan tells what that comes to."""
    # A TH/s earns 0.01 in an hour: the low mode up to 0.2, the high one up to 0.1.
    plan = make_plan(request(slots_of(0.05, 0.15, 0.25), Profit(revenue=0.01)))
    assert names(plan) == ["high", "low", OFF]
    first = plan.slots[0]
    assert (first.start, first.end, first.price) == (at(0), at(0.5), 0.05)
    assert first.hashes == pytest.approx(3e12 * 1800)
    assert first.energy == pytest.approx(0.1)
    assert first.cost == pytest.approx(0.005)
    assert first.revenue == pytest.approx(0.015)
    assert plan.at(at(0.6)) == plan.slots[1]
    assert plan.at(at(2)) is None
    assert plan.next_change(at(0)) == plan.slots[1]
    assert plan.next_change(at(1)) is None


def test_loss_of_a_switch() -> None:
    """A switch and a start take hashes, and are made only where they pay."""
    limits = Limits(switch_loss=minutes(6), start_loss=minutes(9))
    wanted = request(
        slots_of(0.05, 0.12, 0.05), Profit(revenue=0.01), limits, Present(mode=OFF)
    )
    plan = make_plan(wanted)
    assert names(plan) == ["high", "high", "high"]
    assert plan.slots[0].hashes == pytest.approx(3e12 * 60 * 15)
    assert plan.slots[1].hashes == pytest.approx(3e12 * 60 * 30)
    assert plan.slots[0].energy == pytest.approx(0.1)


def test_loss_of_a_whole_slot() -> None:
    """A switch takes no more than the slot it is in."""
    limits = Limits(switch_loss=HOUR)
    wanted = request(
        slots_of(-0.05), Budget(amount=1), limits, Present(mode="low"), MODES[2:]
    )
    slot = make_plan(wanted).slots[0]
    assert (slot.mode, slot.hashes, slot.revenue) == ("high", 0, None)


def test_nothing_to_plan() -> None:
    """Without slots there is an empty plan."""
    assert make_plan(request((), Profit(revenue=1))) == Plan(slots=())


def test_a_plan_does_not_change_its_mind() -> None:
    """Planning the rest anew, when a part is over, gives the rest of the plan."""
    for goal in (Profit(revenue=0.03), Budget(amount=0.35)):
        wanted = long_request(goal, 4)
        plan = make_plan(wanted)
        # It is three in the morning: what counts was spent since midnight.
        done = 20
        resting = [slot.mode == OFF for slot in plan.slots[:done]]
        begun = max(
            (place for place in range(1, done) if resting[place] != resting[place - 1]),
            default=0,
        )
        spent = sum(slot.cost or 0 for slot in plan.slots[14:done])
        later = make_plan(
            replace(
                wanted,
                slots=wanted.slots[done:],
                present=Present(
                    mode=plan.slots[done - 1].mode, since=plan.slots[begun].start
                ),
                goal=replace(goal, spent=spent) if isinstance(goal, Budget) else goal,
            )
        )
        assert names(later) == names(plan)[done:]
        assert same_course(plan, later, plan.slots[done].start)


def test_same_course() -> None:
    """Two plans are alike if no moment from now on has another mode."""
    goal = Profit(revenue=0.01)
    old = make_plan(request(slots_of(0.05, 0.15, 0.25), goal))
    new = make_plan(request(slots_of(0.25, 0.15, 0.25, 0.05), goal))
    assert not same_course(old, new, at(0))
    assert not same_course(old, new, at(0.25))
    assert same_course(old, new, at(0.5))
    assert same_course(old, new, at(5))


def test_of_equals_the_mode_before() -> None:
    """Where nothing makes a difference, the miner goes on as it is."""
    alike = (mode("one", 1, 100), mode("two", 1, 100), mode("three", 1, 100))
    for present in ("one", "two", "three"):
        plan = make_plan(
            request(
                slots_of(0.1, None, 0.1),
                Profit(revenue=0.01),
                present=Present(mode=present),
                modes=alike,
            )
        )
        assert names(plan) == [present] * 3
    plan = make_plan(request(slots_of(0.1), Profit(revenue=0.01), modes=alike))
    assert names(plan) == ["one"]


@pytest.mark.parametrize(
    ("start", "slots"),
    [("2026-03-29 00:00", 46), ("2026-10-24 23:00", 50), ("2026-06-01 23:00", 48)],
)
def test_budget_of_a_day(start: str, slots: int) -> None:
    """A local day has its budget, be it of 23, 24 or 25 hours."""
    wanted = request(
        slots_of(*[0.1] * (slots + 3), start=utc(start)),
        Budget(amount=0.1),
        modes=(mode(OFF, 0, 0), mode("on", 1, 500)),
    )
    plan = make_plan(wanted)
    running = [slot.mode == "on" for slot in plan.slots]
    assert (sum(running[:slots]), sum(running[slots:])) == (4, 3)
    assert plan.slots[slots].start.astimezone(LONDON).time() == time(0)


def test_an_unknown_price_is_never_cheap() -> None:
    """No slot is used for the sake of those that follow and have no price yet.

    To run in the second, the cheapest, would be to go on through the next two.
    """
    goal = Hours(duration=HOUR, mode="low")
    prices = (0.3, 0.2, None, None, 0.25, *[0.4] * 43)
    plan = make_plan(request(slots_of(*prices), goal, present=Present(mode=OFF)))
    assert [place for place, name in enumerate(names(plan)) if name != OFF] == [0, 4]


def test_nothing_is_spent_at_an_unknown_price() -> None:
    """What a day has left is kept also where no price is known, but that of before."""
    unknown = slots_of(None, None)
    for spent, expected in ((0.0, "low"), (0.1, OFF)):
        wanted = request(
            unknown,
            Budget(amount=0.1, spent=spent),
            present=Present(mode="low"),
            dearest=0.3,
        )
        assert names(make_plan(wanted)) == [expected] * 2
    with pytest.raises(ValueError, match="dearest"):
        replace(wanted, dearest=math.inf)


def test_few_labels() -> None:
    """With fewer possibilities kept apart, the budget is kept and little is lost."""
    dice = random.Random(3)  # noqa: S311
    prices = [round(dice.gauss(0.18, 0.08), 6) for _ in range(48)]
    wanted = request(slots_of(*prices), Budget(amount=0.2))
    brute, numbers = Brute(wanted), Figures(wanted)
    best, exact = best_course(numbers)
    found, nearly = best_course(numbers, most=3)
    assert (exact, nearly) == (True, False)
    assert brute.spendings(found)[0] <= 0.2e9
    hashes = [-unpacked(brute.worth(course) or 0)[6] for course in (best, found)]
    assert hashes[0] * 0.99 < hashes[1] <= hashes[0]
