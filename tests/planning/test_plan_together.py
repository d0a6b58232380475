"""Several miners share power as well as trying everything would."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.miner_controller.planning import (
    plan_together as plan_together_module,
)
from custom_components.miner_controller.planning.plan import best_course, make_plan
from custom_components.miner_controller.planning.plan_joint import Joint
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
    Reason,
)
from custom_components.miner_controller.planning.plan_together import (
    _Together,
    plan_together,
)

from . import HOUR, at
from .plan_brute import Brute, packed, unpacked
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

PROFIT = Profit(revenue=0.01)


def test_many_budgets_take_bounded_work() -> None:
    """Five miners with a budget are not planned in each order that there is."""
    wanted = [
        request(slots_of(0.1, 0.2, 0.3), Budget(amount=0.02 + place / 1000))
        for place in range(5)
    ]
    with patch.object(plan_together_module, "best_course", wraps=best_course) as made:
        plans = plan_together(wanted, 300)
    # One for what each cannot do without, and two orders.
    assert made.call_count == 15
    assert max(powers(plans)) <= 300 + 1e-9


def above(
    wanted: Sequence[PlanRequest], courses: Sequence[Sequence[int]], cap: float
) -> int:
    """Return what the power above a cap comes to."""
    total = 0
    for place, slot in enumerate(wanted[0].slots):
        power = sum(
            each.modes[course[place]].power
            for each, course in zip(wanted, courses, strict=True)
        )
        total += round(max(power - cap, 0) * (slot.duration / HOUR) * 1000)
    return packed((total, *(0,) * 10))


def powers(plans: Sequence[Plan]) -> list[float]:
    """Return what all plans draw together in each slot, in W."""
    return [
        sum(slot.energy / (slot.end - slot.start).total_seconds() for slot in slots)
        * 3.6e6
        for slots in zip(*(plan.slots for plan in plans), strict=True)
    ]


@st.composite
def pairs(draw: st.DrawFn) -> list[PlanRequest]:
    """Return two small requests with any goals, for the same slots."""
    one, other = (
        draw(requests(profits | budgets | hours, sizes=((4, 3), (3, 3))))
        for _ in range(2)
    )
    return [one, replace(other, slots=one.slots)]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    wanted=pairs(),
    cap=st.sampled_from([100, 300, 400, 500]),
    work=st.sampled_from([0, 10**5]),
)
def test_best_together(wanted: list[PlanRequest], cap: float, work: int) -> None:
    """Two miners do the best that is possible under a cap.

    Where there is no time to look at everything, at least the cap is kept as well.
    """
    brutes = [Brute(each) for each in wanted]
    all_courses = [
        [(total, tuple(course)) for total, course in brute.all()] for brute in brutes
    ]
    best = min(
        sum(total for total, _ in each)
        + above(wanted, [course for _, course in each], cap)
        for each in product(*all_courses)
    )
    plans = plan_together(wanted, cap, work)
    courses = [
        brute.places([slot.mode for slot in plan.slots])
        for brute, plan in zip(brutes, plans, strict=True)
    ]
    totals = [
        brute.worth(course) for brute, course in zip(brutes, courses, strict=True)
    ]
    assert None not in totals
    total = above(wanted, courses, cap) + sum(each or 0 for each in totals)
    if work:
        assert all(plan.exact for plan in plans)
        # The search for all at once finds it without the help of a good plan, too.
        together = _Together(wanted, cap)
        found = Joint(together._miners, together._cap).courses(1 << 2000)
        assert found is not None
        worths = [
            brute.worth(course) or 0
            for brute, course in zip(brutes, found, strict=True)
        ]
        assert sum(worths) + above(wanted, found, cap) == best
    if all(plan.exact for plan in plans):
        assert unpacked(total) == unpacked(best)
    else:
        assert total >= best
        assert unpacked(total)[0] == unpacked(best)[0]


def test_without_a_cap() -> None:
    """Without a cap each has its own plan, and the slots need not be the same."""
    wanted = [
        request(slots_of(0.05, 0.15), PROFIT),
        request(slots_of(0.25), Budget(amount=1)),
    ]
    assert plan_together(wanted, None) == [make_plan(each) for each in wanted]
    with pytest.raises(ValueError, match="the same slots"):
        plan_together(wanted, 1000)
    assert plan_together([], 1000) == []
    assert plan_together([request((), PROFIT)], 1000) == [Plan(slots=())]


def test_a_cap_that_bars_nothing() -> None:
    """A cap that the miners keep to anyway changes nothing."""
    wanted = [request(slots_of(0.05, 0.15), PROFIT)] * 2
    assert plan_together(wanted, 400) == [make_plan(each) for each in wanted]


def test_one_miner_under_a_cap() -> None:
    """A single miner keeps to the cap, and tells that this is the reason."""
    (plan,) = plan_together([request(slots_of(0.05, 0.25), PROFIT)], 150)
    assert plan.exact
    assert [slot.mode for slot in plan.slots] == ["low", OFF]
    assert [slot.reason for slot in plan.slots] == [Reason.POWER_CAP, Reason.TOO_DEAR]


def test_power_goes_to_whom_it_is_worth_most() -> None:
    """Of two miners the better runs fast, and the other as the rest allows."""
    better = (mode(OFF, 0, 0), mode("low", 3, 100), mode("high", 5, 200))
    wanted = [
        request(slots_of(0.05, 0.15, 0.04), PROFIT),
        request(slots_of(0.05, 0.15, 0.05), PROFIT, modes=better),
    ]
    plans = plan_together(wanted, 300)
    assert [slot.mode for slot in plans[0].slots] == ["low", "low", "low"]
    assert [slot.mode for slot in plans[1].slots] == ["high", "high", "high"]
    assert all(plan.exact for plan in plans)


def test_power_changes_hands() -> None:
    """Which miner should run fast may depend on the price."""
    # The first gains 2 TH/s with 100 W more, the second 2.5 TH/s with 200 W more.
    first = (mode("low", 3, 100), mode("high", 5, 200))
    second = (mode("low", 2, 100), mode("high", 4.5, 300))
    slots = slots_of(0.0, 0.08, 0.0)
    wanted = [request(slots, PROFIT, modes=modes) for modes in (first, second)]
    plans = plan_together(wanted, 400)
    assert [[slot.mode for slot in plan.slots] for plan in plans] == [
        ["low", "high", "low"],
        ["high", "low", "high"],
    ]
    assert all(plan.exact for plan in plans)
    # One after the other, it is better that the second has the power throughout. With
    # little more work than none, there are too many labels instead of choices.
    for work in (0, 400):
        plans = plan_together(wanted, 400, work)
        assert [[slot.mode for slot in plan.slots] for plan in plans] == [
            ["low", "low", "low"],
            ["high", "high", "high"],
        ]
        assert not any(plan.exact for plan in plans)


def test_whoever_must_run_has_its_power() -> None:
    """A miner that may not stop yet, and draws much, is not forgotten by the others."""
    limits = Limits(min_on=HOUR)
    steady = request(
        slots_of(0.05, 0.05, 0.05),
        Budget(amount=0),
        limits,
        Present(mode="high", since=at(-0.25)),
        modes=(mode(OFF, 0, 0), mode("high", 1, 300)),
    )
    efficient = request(slots_of(0.05, 0.05, 0.05), PROFIT)
    for work in (0, 10**5):
        plans = plan_together([steady, efficient], 400, work)
        assert [slot.mode for slot in plans[0].slots] == ["high", "high", OFF]
        assert [slot.mode for slot in plans[1].slots] == ["low", "low", "high"]


def test_many_miners() -> None:
    """Many share the power, are told not to be exact, and keep to the cap."""
    prices = [0.05 + 0.01 * (place % 9) for place in range(12)]
    goals: list[Goal] = [
        Profit(revenue=0.012),
        Budget(amount=0.05),
        Hours(duration=3 * HOUR, mode="low"),
    ]
    limits = Limits(min_on=HOUR, switch_loss=minutes(5))
    hot = mode(OFF, 0, 0), mode("low", 1, 0), mode("high", 3, 250)
    wanted = [
        request(
            slots_of(*prices, start=at(18)),
            goals[place % 3],
            limits,
            Present(mode=OFF),
            modes=hot if place == 5 else MODES,
        )
        for place in range(6)
    ]
    plans = plan_together(wanted, 450)
    assert not any(plan.exact for plan in plans)
    assert max(powers(plans)) == pytest.approx(450, abs=50)
    assert max(powers(plans)) <= 450 + 1e-6


def test_each_keeps_its_own_budget() -> None:
    """What one has left is not forgotten because another plan hashes more so far."""
    wanted = [
        request(slots_of(0.2, 0.3, 0.1, 0.1), Budget(amount=0.02), modes=MODES[::2])
    ] * 2
    together = _Together(wanted, 1000)
    joint = Joint(together._miners, together._cap)
    assert joint.courses(1 << 2000) == [[0, 0, 1, 1]] * 2


def test_one_of_many_must_run() -> None:
    """Where there is time for one order only, what a later one must have is kept."""
    slots = slots_of(0.05, 0.05, 0.05)
    steady = request(
        slots,
        Budget(amount=0),
        Limits(min_on=HOUR),
        Present(mode="high", since=at(0)),
        modes=(mode(OFF, 0, 0), mode("high", 1, 300)),
    )
    small = request(slots, PROFIT, modes=(mode(OFF, 0, 0), mode("low", 1, 10)))
    plans = plan_together([*[small] * 21, steady], 400)
    assert powers(plans) == pytest.approx([400, 400, 210])
