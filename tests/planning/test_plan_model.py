"""What no plan can be made of is refused."""

import math

import pytest

from custom_components.miner_controller.planning.plan_model import (
    ModeFigures,
    PlanSlot,
    Profit,
)

from . import HALF_HOUR, at
from .plan_cases import MODES, request, slots_of

PROFIT = Profit(revenue=0.01)


def test_slots() -> None:
    """A slot has a duration, and a price if it is known; slots have no gap."""
    assert PlanSlot(start=at(0), end=at(0.5)).duration == HALF_HOUR
    for end, price in ((0.0, 0.1), (-1.0, None), (1.0, math.nan), (1.0, math.inf)):
        with pytest.raises(ValueError, match="A slot has"):
            PlanSlot(start=at(0), end=at(end), price=price)
    slots = slots_of(0.1, 0.1, 0.1)
    with pytest.raises(ValueError, match="without a gap"):
        request((slots[0], slots[2]), PROFIT)


def test_modes() -> None:
    """Modes have figures and names that differ."""
    for hashrate, power in ((math.nan, 1.0), (1.0, math.inf), (-1.0, 1.0)):
        with pytest.raises(ValueError, match="A mode has"):
            ModeFigures(name="low", hashrate=hashrate, power=power)
    for modes in ((), (MODES[0], MODES[0])):
        with pytest.raises(ValueError, match="There are modes"):
            request(slots_of(0.1), PROFIT, modes=modes)


def test_profit() -> None:
    """What hashes and heat are worth is known."""
    for revenue, heat in ((math.nan, 0.0), (-1.0, 0.0), (1.0, math.nan)):
        with pytest.raises(ValueError, match="a finite worth"):
            Profit(revenue=revenue, heat=heat)
