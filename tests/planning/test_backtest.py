"""Tests of what plans would have cost and earned."""

from datetime import UTC, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest

from custom_components.miner_controller.planning import backtest
from custom_components.miner_controller.planning.backtest import (
    BacktestRequest,
    Missing,
    past_slots,
    simulate,
)
from custom_components.miner_controller.planning.backtest_row import Row, Strategy
from custom_components.miner_controller.planning.plan import make_plan
from custom_components.miner_controller.planning.plan_model import (
    OFF,
    Budget,
    Hours,
    Limits,
    ModeFigures,
    Plan,
    PlanRequest,
    Present,
)
from custom_components.miner_controller.planning.slots import Slot

from . import HALF_HOUR, HOUR, LONDON, MIDNIGHT, at, priced, utc

DAY = timedelta(days=1)
REST = ModeFigures(name=OFF, hashrate=0, power=4)
ECO = ModeFigures(name="eco", hashrate=1e12, power=10)
TURBO = ModeFigures(name="turbo", hashrate=2e12, power=30)

# A TH/s in an hour earns so much that eco breaks even at 0.2 and turbo below that.
REVENUE = 0.002


def request(*prices: float | None, **changes: Any) -> BacktestRequest:
    """Return a request for half hours that begin at MIDNIGHT."""
    slots = priced(*prices)
    return BacktestRequest(
        **{
            "slots": past_slots(slots, MIDNIGHT, MIDNIGHT + 400 * DAY, LONDON),
            "modes": (REST, ECO, TURBO),
            "mode": "eco",
            "limits": Limits(),
            "zone": LONDON,
            **changes,
        }
    )


def rows(made: BacktestRequest) -> dict[tuple[Strategy, str | None], Row]:
    """Return the rows that are made, by what they are about."""
    return {(row.strategy, row.mode): row for row in simulate(made).rows}


def row(made: BacktestRequest, strategy: Strategy, mode: str | None = None) -> Row:
    """Return one of the rows."""
    return rows(made)[strategy, mode]


def spring_prices(days: int) -> tuple[Slot, ...]:
    """Return prices of days in London, the shortest of the year among them."""
    dice = Random(3)  # noqa: S311
    start = utc("2026-03-27 00:00")
    end = (datetime(2026, 3, 27, tzinfo=LONDON) + days * DAY).astimezone(UTC)
    prices = [dice.uniform(-0.05, 0.4) for _ in range((end - start) // HALF_HOUR)]
    return priced(*prices, start=start)


def test_slots() -> None:
    """There is a slot for each moment, in one local day, from price to price."""
    summer = utc("2026-06-30 20:00")
    known = (
        Slot(start=summer, end=summer + HOUR, price=1),
        # London's clock shows midnight at 23:00.
        Slot(start=utc("2026-06-30 22:10"), end=utc("2026-07-01 01:00"), price=2),
    )
    found = past_slots(known, summer - DAY, utc("2026-07-01 00:30"), LONDON)
    assert [(slot.start.strftime("%H:%M"), slot.price) for slot in found] == [
        ("20:00", 1),
        ("21:00", None),
        ("21:30", None),
        ("22:00", None),
        ("22:10", 2),
        ("23:00", 2),
    ]
    assert [slot.end for slot in found[:-1]] == [slot.start for slot in found[1:]]
    assert found[-1].end == utc("2026-07-01 00:30")
    assert past_slots(known, summer - DAY, summer, LONDON) == ()


def test_always_on() -> None:
    """What a miner costs and earns is its power and hashrate over the time."""
    made = request(0.1, None, 0.2, -0.1, revenue=REVENUE, heat=0.01)
    found = row(made, Strategy.ALWAYS_ON, "turbo")
    assert found.hours == {"turbo": 1.5}
    assert found.hours_on == 1.5
    assert found.switches == 0
    assert found.energy == pytest.approx(0.045)
    assert found.hashes == pytest.approx(2e12 * 5400)
    assert found.cost == pytest.approx(0.015 * 0.2)
    assert found.revenue == pytest.approx(0.002 * 2 * 1.5)
    assert found.heat == pytest.approx(0.00045)
    assert found.profit == pytest.approx(0.006 + 0.00045 - 0.003)
    assert found.average_price == pytest.approx(0.2 / 3)
    assert row(made, Strategy.ALWAYS_ON, "eco").energy == pytest.approx(0.015)
    # In its highest mode it is both.
    both = rows(request(0.1, mode="turbo"))
    assert [name for strategy, name in both if strategy is Strategy.ALWAYS_ON] == [
        "turbo"
    ]


def test_nothing_earned() -> None:
    """Without what mining earns there are costs, and no profit is made up."""
    idle = ModeFigures(name="eco", hashrate=0, power=0)
    found = simulate(request(0.1, modes=(REST, idle)))
    assert found.skipped == {
        Strategy.PRICE_BELOW: Missing.NO_PRICE_LIMIT,
        Strategy.PROFIT: Missing.NO_NETWORK_DATA,
        Strategy.HOURS: Missing.NO_HOURS,
        Strategy.BUDGET: Missing.NO_BUDGET,
    }
    # What draws nothing when it works is off no more for that.
    (always,) = found.rows
    assert (always.mode, always.revenue, always.profit) == ("eco", None, None)
    assert (always.cost, always.average_price) == (0, None)


def test_below_break_even() -> None:
    """Without a limit the price at which the mode earns what it costs is one."""
    made = request(0.1, 0.21, 0.3, None, 0.19, None, 0.3, revenue=REVENUE)
    found = row(made, Strategy.PRICE_BELOW, "eco")
    assert found.price_limit == pytest.approx(0.2)
    assert found.hours == {"eco": 1.0, OFF: 1.5}
    assert found.hours_on == 1
    warm = row(
        request(0.1, 0.2, 0.25, revenue=REVENUE, heat=0.1),
        Strategy.PRICE_BELOW,
        "eco",
    )
    assert warm.price_limit == pytest.approx(0.3)
    assert warm.hours == {"eco": 1.5}
    nothing = ModeFigures(name="eco", hashrate=1, power=0)
    unlimited = simulate(request(0.1, modes=(REST, nothing), revenue=REVENUE))
    assert unlimited.skipped[Strategy.PRICE_BELOW] is Missing.NO_PRICE_LIMIT


@pytest.mark.parametrize(
    ("limits", "course"),
    [
        (Limits(), "+--+--+-"),
        (Limits(min_on=HOUR), "++-++-++"),
        (Limits(min_off=1.5 * HOUR), "+-----+-"),
        (Limits(max_off=HALF_HOUR), "+-++-++-"),
    ],
)
def test_below_a_price(limits: Limits, course: str) -> None:
    """A miner that goes by the price alone keeps to the shortest times."""
    prices = (0.1, 0.3, 0.3, 0.1, 0.3, 0.3, 0.1, 0.3)
    made = request(*prices, limits=limits, price_limit=0.2)
    assert backtest._below(made, 0.2) == [
        "eco" if mark == "+" else OFF for mark in course
    ]


def test_below_without_rest() -> None:
    """A miner that cannot be off is in its lowest mode, which ends no time on."""
    made = request(
        *(0.1, None, 0.3, None, 0.1),
        modes=(TURBO, ECO),
        mode="turbo",
        limits=Limits(min_on=DAY, switch_loss=timedelta(minutes=6)),
        price_limit=0.2,
    )
    assert backtest._below(made, 0.2) == ["turbo", "turbo", "eco", "eco", "turbo"]
    found = row(made, Strategy.PRICE_BELOW, "turbo")
    assert found.switches == 2
    assert found.hashes == pytest.approx(2e12 * 1800 + 1e12 * 1440 + 2e12 * 1440)
    # What is not known in the beginning is not begun with.
    late = request(None, 0.1, price_limit=0.2)
    assert [slot.price for slot in late.slots] == [0.1]


def test_start_costs_more() -> None:
    """A start from off loses more hashing, and never more than there is."""
    limits = Limits(switch_loss=timedelta(minutes=5), start_loss=timedelta(minutes=10))
    made = request(0.1, 0.3, 0.1, limits=limits, price_limit=0.2)
    assert row(made, Strategy.PRICE_BELOW, "eco").hashes == pytest.approx(
        1e12 * (1800 + 900)
    )
    slow = request(0.1, 0.3, 0.1, limits=Limits(switch_loss=DAY), price_limit=0.2)
    assert row(slow, Strategy.PRICE_BELOW, "eco").hashes == pytest.approx(1e12 * 1800)


def test_profit_is_the_best() -> None:
    """No constant mode and no limit earns more, and the plan says the same."""
    slots = past_slots(spring_prices(7), utc("2026-03-01 00:00"), at(2000), LONDON)
    made = request(
        slots=slots,
        revenue=REVENUE,
        limits=Limits(min_on=HOUR, min_off=HOUR, switch_loss=timedelta(minutes=3)),
    )
    found = row(made, Strategy.PROFIT)
    assert found.exact
    assert found.profit is not None
    for limit in (None, 0, 0.05, 0.1, 0.15, 0.3):
        for mode in ("eco", "turbo"):
            other = rows(
                request(
                    **{
                        **{name: getattr(made, name) for name in made.__slots__},
                        "mode": mode,
                        "price_limit": limit,
                    }
                )
            )
            for each in other.values():
                assert each.profit is not None
                assert each.profit <= found.profit + 1e-9


def test_day_by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Budgets are those of local days, and a day begins as the one before ended."""
    made: list[tuple[PlanRequest, Plan]] = []

    def spy(wanted: PlanRequest) -> Plan:
        made.append((wanted, make_plan(wanted)))
        return made[-1][1]

    monkeypatch.setattr(backtest, "make_plan", spy)
    slots = past_slots(spring_prices(4), utc("2026-03-01 00:00"), at(2000), LONDON)
    amount = 0.02
    tried = request(
        slots=slots, budget=Budget(amount=amount), limits=Limits(min_on=2 * HOUR)
    )
    found = row(tried, Strategy.BUDGET)
    # Those of the Sunday on which the clock is put forward are 46.
    assert [len(wanted.slots) for wanted, _ in made] == [48, 48, 46, 48]
    costs = [sum(slot.cost or 0 for slot in plan.slots) for _, plan in made]
    assert max(costs) <= amount + 1e-9
    assert found.cost == pytest.approx(sum(costs))
    assert found.hashes == pytest.approx(
        sum(slot.hashes for _, plan in made for slot in plan.slots)
    )
    assert found.energy == pytest.approx(
        sum(slot.energy for _, plan in made for slot in plan.slots)
    )
    assert made[0][0].present == Present()
    course = [slot for _, plan in made for slot in plan.slots]
    for wanted, _ in made[1:]:
        before = [slot for slot in course if slot.start < wanted.slots[0].start]
        works = before[-1].mode != OFF
        turned = [slot for slot in before if (slot.mode != OFF) is not works]
        since = turned[-1].end if turned else course[0].start
        assert wanted.present == Present(mode=before[-1].mode, since=since)


def test_hours() -> None:
    """Hours over midnight are had once a night, none of which is cut in two."""
    night = Hours(duration=2 * HOUR, mode="eco", earliest=time(22), latest=time(6))
    # It is cheapest from 23 to 1.
    prices = [0.1 if place % 48 in {46, 47, 0, 1} else 0.3 for place in range(4 * 48)]
    found = row(request(*prices, hours=night), Strategy.HOURS)
    # An hour of the first night, which had begun, and of the last, which goes on.
    assert found.average_price is not None
    assert found.hours["eco"] == pytest.approx(3 * 2 + 2 + 0.5)


def test_time_is_up() -> None:
    """What takes too long is left out, and all that was found before is told."""
    left = count()
    made = request(*[0.1] * 96, revenue=REVENUE, budget=Budget(amount=1), hours=None)
    found = simulate(made, lambda: next(left) < 2)
    assert found.skipped == {
        Strategy.HOURS: Missing.NO_HOURS,
        Strategy.BUDGET: Missing.TOOK_TOO_LONG,
    }
    assert Strategy.PROFIT in {row.strategy for row in found.rows}
