"""Tests of what plans are made from."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
import json
from typing import cast

from homeassistant.core import HomeAssistant
import pytest

from custom_components.miner_controller.economics.coordinator import MinerEconomics
from custom_components.miner_controller.plan.horizon import horizon, on_grid, plan_slots
from custom_components.miner_controller.plan.memory import PlanMemory
from custom_components.miner_controller.plan.mode_history import ModeHistory
from custom_components.miner_controller.plan.order import PlanOrder
from custom_components.miner_controller.plan.outlook import Outlook
from custom_components.miner_controller.plan.so_far import goal_so_far, present_at
from custom_components.miner_controller.plan.together import with_same_slots
from custom_components.miner_controller.planning.plan_model import (
    Budget,
    Hours,
    Limits,
    ModeFigures,
    Plan,
    PlannedSlot,
    PlanRequest,
    PlanSlot,
    Present,
    Profit,
    Reason,
)
from custom_components.miner_controller.planning.slots import Slot

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def slot(start: float, end: float, price: float = 0.2) -> Slot:
    """Return a slot some hours after noon."""
    return Slot(start=NOON + start * HOUR, end=NOON + end * HOUR, price=price)


def shape(slots: tuple[PlanSlot, ...]) -> list[tuple[float, float, float | None]]:
    """Return slots in hours after noon."""
    return [
        ((each.start - NOON) / HOUR, (each.end - NOON) / HOUR, each.price)
        for each in slots
    ]


@pytest.mark.parametrize(
    ("known", "after_noon", "expected"),
    [
        ((), 0.2, [(0, 0.5, None)]),
        ((slot(-1, 0.1),), 0.2, [(0.1, 0.5, None)]),
        ((slot(-1, 0),), 0, [(0, 0.5, None)]),
        ((slot(0, 1), slot(1, 2)), 0.7, [(0, 1, 0.2), (1, 2, 0.2)]),
        (
            (slot(0, 0.5), slot(1.25, 2)),
            0,
            [(0, 0.5, 0.2), (0.5, 1, None), (1, 1.25, None), (1.25, 2, 0.2)],
        ),
        ((slot(1, 2),), 0.6, [(0.5, 1, None), (1, 2, 0.2)]),
    ],
)
def test_horizon(
    known: tuple[Slot, ...],
    after_noon: float,
    expected: list[tuple[float, float, float | None]],
) -> None:
    """A plan begins with the slot that runs, and has no gaps."""
    found = shape(plan_slots(known, NOON + after_noon * HOUR))
    assert found == [pytest.approx(each) for each in expected]


def test_horizon_of_many() -> None:
    """Miners with the same tariff have the same slots, worked out once."""
    known = (slot(0, 1, 0.3), slot(1, 2, 0.1))
    found = horizon(known, NOON + 1.5 * HOUR)
    assert (found.dearest, shape(found.slots)) == (0.3, [(1, 2, 0.1)])
    assert horizon(known, NOON + 1.5 * HOUR) is found
    assert horizon(known[1:], NOON + 1.5 * HOUR).dearest == 0.1
    assert horizon(known, NOON).slots[0].price == 0.3


def test_grid() -> None:
    """Slots are cut, and what is beyond the last one has no price."""
    slots = plan_slots((slot(0, 1, 0.1), slot(1, 2, 0.3)), NOON)
    edges = [NOON + each * HOUR for each in (0.5, 1, 2, 2.5)]
    assert shape(on_grid(slots, edges)) == [
        (0.5, 1, 0.1),
        (1, 2, 0.3),
        (2, 2.5, None),
    ]


def test_same_slots() -> None:
    """Miners with different tariffs are planned in slots that all of them have."""
    asked = {
        "a": order(slot(0, 1, 0.1), slot(1, 2, 0.3)),
        "b": order(slot(0.5, 1.5, 0.4)),
    }
    found = {
        key: shape(each.request.slots) for key, each in with_same_slots(asked).items()
    }
    assert found == {
        "a": [(0.5, 1, 0.1), (1, 1.5, 0.3), (1.5, 2, 0.3)],
        "b": [(0.5, 1, 0.4), (1, 1.5, 0.4), (1.5, 2, None)],
    }
    alike = {"a": asked["b"], "b": asked["b"]}
    assert with_same_slots(alike) == alike


def order(*known: Slot) -> PlanOrder:
    """Return the order of a plan for some prices."""
    outlook = Outlook(
        slots=plan_slots(known, known[0].start),
        modes=(ModeFigures(name="on", hashrate=1e12, power=15.0),),
        goal=Budget(amount=1.0),
        limits=Limits(),
        currency="GBP",
    )
    request = PlanRequest(
        slots=outlook.slots,
        modes=outlook.modes,
        goal=outlook.goal,
        limits=outlook.limits,
        present=Present(),
        zone=UTC,
    )
    return PlanOrder(request=request, outlook=outlook, kept=None)


def test_outlook() -> None:
    """What moves a little all the time is no reason for another plan."""
    before = order(slot(0, 1), slot(1, 2)).outlook
    (mode,) = before.modes
    later = replace(before, slots=before.slots[1:])
    assert not before.differs(later)
    assert before.differs(replace(later, slots=(replace(later.slots[0], price=0.3),)))
    for power, differs in ((15.2, False), (15.5, True)):
        other = replace(before, modes=(replace(mode, power=power),))
        assert before.differs(other) is differs
    assert before.differs(replace(before, modes=(replace(mode, name="eco"),)))
    assert before.differs(replace(before, goal=Budget(amount=2.0)))
    assert before.differs(replace(before, currency="EUR"))
    assert before.differs(replace(before, limits=Limits(min_on=HOUR)))
    profit = replace(before, goal=Profit(revenue=0.1))
    for revenue, differs in ((0.1005, False), (0.102, True)):
        other = replace(before, goal=Profit(revenue=revenue))
        assert profit.differs(other) is differs


def test_history() -> None:
    """Time counts as it was seen, on and off since they were seen to change."""
    history = ModeHistory()
    for minute, mode in ((0, "eco"), (10, "eco"), (12, None), (15, "oc"), (20, "off")):
        history.see(mode, NOON + minute * MINUTE)
    assert history.time_in({"eco"}, NOON, NOON + HOUR) == 15 * MINUTE
    assert history.time_in({"eco", "oc"}, NOON + 5 * MINUTE, NOON + HOUR) == 15 * MINUTE
    assert (history.is_off, history.since) == (True, NOON + 20 * MINUTE)
    # It was not seen for long, and was on again in between for all that is known.
    history.see("off", NOON + 60 * MINUTE)
    history.see("off", NOON + 61 * MINUTE)
    assert history.time_in({"off"}, NOON, NOON + 2 * HOUR) == MINUTE
    again = ModeHistory.from_dict(json.loads(json.dumps(history.as_dict())))
    assert again.as_dict() == history.as_dict()
    # The clock is set back by most of an hour.
    again.see("oc", NOON + 12 * MINUTE)
    assert again.since == NOON + 12 * MINUTE
    again.see("oc", NOON + 14 * MINUTE)
    assert again.time_in({"oc"}, NOON, NOON + HOUR) == 2 * MINUTE
    again.see(None, NOON + 5 * MINUTE)
    assert again.since == NOON + 5 * MINUTE
    # What was seen first is forgotten in the end.
    for minute in (0, 1, 2):
        history.see("oc", NOON + 50 * HOUR + minute * MINUTE)
    assert history.time_in({"eco", "oc", "off"}, NOON, NOON + 99 * HOUR) == 2 * MINUTE


def planned(mode: str) -> PlannedSlot:
    """Return a planned slot."""
    return PlannedSlot(
        start=NOON,
        end=NOON + HOUR,
        price=0.1,
        mode=mode,
        reason=Reason.BUDGET,
        hashes=1e15,
        energy=1.0,
        cost=0.1,
        revenue=None,
    )


@pytest.mark.parametrize(
    ("actual", "plan", "switched", "wanted", "expected"),
    [
        (None, None, None, None, Present()),
        ("eco", None, None, None, Present(mode="eco")),
        # It followed soon, so it is on since the slot began.
        ("eco", "eco", 3, 0, Present(mode="eco", since=NOON)),
        # It was switched on by somebody else, later or before.
        ("eco", "eco", 20, 0, Present(mode="eco", since=NOON + 20 * MINUTE)),
        ("eco", "eco", -5, 0, Present(mode="eco", since=NOON - 5 * MINUTE)),
        # It does not do what is planned.
        ("eco", "off", 20, 0, Present(mode="eco", since=NOON + 20 * MINUTE)),
        # It is not known what it does, or it has yet to follow.
        (None, "eco", 20, 0, Present(mode="eco", since=NOON + 20 * MINUTE)),
        (None, "off", 20, 0, Present(mode="off", since=NOON)),
        (None, "off", 20, None, Present(mode="off", since=NOON + HOUR)),
    ],
)
def test_present(
    actual: str | None,
    plan: str | None,
    switched: int | None,
    wanted: int | None,
    expected: Present,
) -> None:
    """A miner is on or off since it was really switched, or soon before that."""
    memory = PlanMemory(
        history=ModeHistory(
            is_off=False,
            since=None if switched is None else NOON + switched * MINUTE,
        ),
        phase_off=plan == "off",
        phase_since=None if wanted is None else NOON + wanted * MINUTE,
    )
    slot = None if plan is None else planned(plan)
    assert present_at(actual, slot, memory, NOON + HOUR) == expected


@pytest.mark.parametrize(
    ("minutes", "mode", "expected"),
    [
        # The slot from half past eleven on is counted as planned, as it goes on.
        (20, "fast", 40),
        (20, "slow", 30),
        # So little is missing of half an hour that it counts as whole.
        (32, "fast", 30),
        (45, "fast", 15),
        (45, "slow", 5),
    ],
)
async def test_hours_so_far(
    hass: HomeAssistant, minutes: int, mode: str, expected: int
) -> None:
    """Time in the mode or a faster one counts, and the rest of the slot that runs."""
    await hass.config.async_set_time_zone("UTC")
    asked = order(slot(0, 0.5), slot(0.5, 1))
    fast, slow = (
        ModeFigures(name=name, hashrate=rate, power=15.0)
        for name, rate in (("fast", 2e12), ("slow", 1e12))
    )
    goal = Hours(duration=2 * HOUR, mode="fast", earliest=time(11), latest=time(22))
    outlook = replace(asked.outlook, goal=goal, modes=(fast, slow))
    memory = PlanMemory()
    # It was fast since some minutes after eleven, and was seen again and again.
    for minute in range(minutes, 50, 5):
        memory.history.see("fast", NOON - HOUR + minute * MINUTE)
    kept = replace(planned(mode), start=NOON - HOUR / 2, end=NOON)
    now = NOON - 10 * MINUTE
    memory.history.see("fast", now)
    economics = cast("MinerEconomics", object())
    slots = asked.request.slots
    found = goal_so_far(outlook, slots, kept, economics, memory, now, now)
    assert found == replace(goal, done=expected * MINUTE)
    # Nothing was had of hours that begin later, now or beyond what is planned.
    for earliest in (time(12), time(14)):
        later = replace(goal, earliest=earliest)
        outlook = replace(outlook, goal=later)
        found = goal_so_far(outlook, slots, kept, economics, memory, now, now)
        assert found == later


def test_memory() -> None:
    """All that is kept of a plan survives a file."""
    memory = PlanMemory(
        plan=Plan(slots=(planned("eco"),), exact=False),
        wishes={"goal": "budget"},
        phase_off=False,
        phase_since=NOON,
        day=NOON.date(),
        energy=1.5,
        figures={"eco": ModeFigures(name="eco", hashrate=1e12, power=15.0)},
    )
    memory.history.see("eco", NOON)
    stored = json.loads(json.dumps(memory.as_dict()))
    again = PlanMemory.from_dict(stored)
    assert again.as_dict() == memory.as_dict()
    assert (again.plan, again.figures) == (memory.plan, memory.figures)
    for damage in ({"energy": float("inf")}, {"day": "never"}, {"figures": {"eco": 1}}):
        with pytest.raises((TypeError, ValueError)):
            PlanMemory.from_dict({**stored, **damage})
