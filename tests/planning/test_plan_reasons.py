"""Each slot of a plan tells why it has its mode."""

from datetime import time

import pytest

from custom_components.miner_controller.planning.plan import make_plan
from custom_components.miner_controller.planning.plan_model import (
    OFF,
    Budget,
    Hours,
    Limits,
    PlanRequest,
    Present,
    Profit,
    QuietHours,
    Reason,
    UnknownPrices,
)
from custom_components.miner_controller.planning.plan_reasons import sentence

from . import HOUR, MIDNIGHT
from .plan_cases import MODES, minutes, mode, request, slots_of

PROFIT = Profit(revenue=0.01)
NIGHT = QuietHours(start=time(0), end=time(1), cap=OFF)
ON_ONLY = MODES[1:]


def told(wanted: PlanRequest) -> list[tuple[str, Reason]]:
    """Return modes and reasons."""
    return [(slot.mode, slot.reason) for slot in make_plan(wanted).slots]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (
            request(slots_of(0.05, 0.15, 0.25, None), PROFIT),
            [
                ("high", Reason.EARNS),
                ("low", Reason.EARNS),
                (OFF, Reason.TOO_DEAR),
                (OFF, Reason.UNKNOWN_PRICE),
            ],
        ),
        # A miner that cannot be off loses as little as it can.
        (
            request(slots_of(0.3), PROFIT, modes=ON_ONLY),
            [("low", Reason.TOO_DEAR)],
        ),
        # It would earn less than the start costs, and is on longer than it would be.
        (
            request(
                slots_of(0.19, 0.3),
                PROFIT,
                Limits(start_loss=minutes(20)),
                Present(mode=OFF),
            ),
            [(OFF, Reason.MINIMUM_RUN), (OFF, Reason.TOO_DEAR)],
        ),
        (
            request(slots_of(0.01, 0.21, 0.3), PROFIT, Limits(min_on=HOUR)),
            [
                ("high", Reason.EARNS),
                ("low", Reason.MINIMUM_RUN),
                (OFF, Reason.TOO_DEAR),
            ],
        ),
        (
            request(
                slots_of(0.3, 0.3, 0.3),
                PROFIT,
                Limits(max_off=HOUR),
                Present(mode=OFF, since=MIDNIGHT),
            ),
            [
                (OFF, Reason.TOO_DEAR),
                (OFF, Reason.TOO_DEAR),
                ("low", Reason.LONGEST_OFF),
            ],
        ),
        (
            request(slots_of(0.05, 0.3, 0.05), PROFIT, Limits(quiet_hours=NIGHT)),
            [
                (OFF, Reason.QUIET_HOURS),
                (OFF, Reason.TOO_DEAR),
                ("high", Reason.EARNS),
            ],
        ),
        # The money is for the cheap slots.
        (
            request(slots_of(0.1, 0.3, 0.1), Budget(amount=0.02)),
            [("high", Reason.BUDGET), (OFF, Reason.TOO_DEAR), ("high", Reason.BUDGET)],
        ),
        (
            request(
                slots_of(0.1, 0.3, 0.1), Budget(amount=0.02), Limits(quiet_hours=NIGHT)
            ),
            [
                (OFF, Reason.QUIET_HOURS),
                (OFF, Reason.TOO_DEAR),
                ("high", Reason.BUDGET),
            ],
        ),
        (
            request(
                slots_of(0.3, 0.1, 0.2, -0.1),
                Hours(duration=HOUR / 2, mode="low", latest=time(1, 30)),
            ),
            [
                (OFF, Reason.NOT_NEEDED),
                ("low", Reason.CHEAPEST),
                (OFF, Reason.NOT_NEEDED),
                ("high", Reason.EARNS),
            ],
        ),
        # Quiet hours are no reason where nothing is wanted, or where it is had.
        (
            request(
                slots_of(0.1, 0.3, 0.3, 0.3),
                Hours(duration=HOUR, mode="low", latest=time(2)),
                Limits(
                    quiet_hours=QuietHours(start=time(0), end=time(1), cap="low"),
                    min_on=3 * HOUR,
                ),
                Present(mode="low"),
            ),
            [
                ("low", Reason.CHEAPEST),
                ("low", Reason.CHEAPEST),
                (OFF, Reason.NOT_NEEDED),
                (OFF, Reason.NOT_NEEDED),
            ],
        ),
        (
            request(
                slots_of(0.1, 0.1, 0.3, 0.3),
                Hours(duration=HOUR, mode="low", latest=time(2)),
                Limits(quiet_hours=QuietHours(start=time(0), end=time(0, 30), cap=OFF)),
            ),
            [
                (OFF, Reason.QUIET_HOURS),
                ("low", Reason.CHEAPEST),
                ("low", Reason.CHEAPEST),
                (OFF, Reason.NOT_NEEDED),
            ],
        ),
        (
            request(
                slots_of(0.1, 0.1, 0.3),
                Hours(duration=HOUR / 2, mode="low", latest=time(0, 30)),
                Limits(min_on=HOUR),
            ),
            [
                ("low", Reason.CHEAPEST),
                ("low", Reason.MINIMUM_RUN),
                (OFF, Reason.NOT_NEEDED),
            ],
        ),
    ],
)
def test_reasons(wanted: PlanRequest, expected: list[tuple[str, Reason]]) -> None:
    """A reason is what keeps a slot from another mode."""
    assert told(wanted) == expected


def test_an_unknown_price_is_the_reason() -> None:
    """What a miner does without a price is what the user wants then."""
    limits = Limits(unknown=UnknownPrices.LOWEST)
    loud = (*MODES, mode("mid", 2, 150))
    assert told(request(slots_of(0.3, None), PROFIT, limits, modes=loud)) == [
        (OFF, Reason.TOO_DEAR),
        ("low", Reason.UNKNOWN_PRICE),
    ]


def test_sentences() -> None:
    """A sentence tells what is done, at which price, and why."""
    plan = make_plan(request(slots_of(0.05, 0.25, None), PROFIT))
    assert [sentence(slot, "GBP") for slot in plan.slots] == [
        "Runs in high at 0.0500 GBP/kWh: that earns more than it costs.",
        "Off at 0.2500 GBP/kWh: no mode earns what it costs.",
        "Off: the price is not known yet.",
    ]
    plan = make_plan(request(slots_of(0.1, 0.3), Budget(amount=0.01)))
    assert [sentence(slot, "EUR") for slot in plan.slots] == [
        "Runs in high at 0.1000 EUR/kWh: the budget of the day allows it.",
        "Off at 0.3000 EUR/kWh: the budget of the day is better used at other times.",
    ]
    plan = make_plan(request(slots_of(0.05, None), PROFIT, modes=(mode("on", 2, 9),)))
    assert [sentence(slot, "GBP") for slot in plan.slots] == [
        "Runs at 0.0500 GBP/kWh: that earns more than it costs.",
        "Runs: the price is not known yet.",
    ]
