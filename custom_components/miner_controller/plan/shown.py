"""A plan as people and templates read it: with the times of the local clock."""

from collections.abc import Iterable
from typing import Any

from ..planning.plan_model import PlannedSlot
from ..planning.plan_reasons import sentence
from ..prices.shown import shown_span

_TERAHASH = 1e12


type Course = list[dict[str, Any]]
"""The slots of a plan, each with its price and its mode."""


def shown_course(slots: Iterable[PlannedSlot]) -> Course:
    """Return slots with their prices and their modes."""
    return [
        {**shown_span(slot), "price": slot.price, "mode": slot.mode} for slot in slots
    ]


def shown_slot(slot: PlannedSlot, currency: str, heat_value: float) -> dict[str, Any]:
    """Return all that is known of a slot, the energy in kWh, the hashes in TH.

    `heat_value` is what the heat of a kWh is worth, in currency. It is a part of what a
    plan for profit weighs against the cost, and of no other.
    """
    return {
        **shown_span(slot),
        "price": slot.price,
        "mode": slot.mode,
        "terahashes": round(slot.hashes / _TERAHASH, 3),
        "energy": round(slot.energy, 6),
        "cost": _amount(slot.cost),
        "revenue": _amount(slot.revenue),
        "heat": None if slot.revenue is None else _amount(slot.energy * heat_value),
        "reason": slot.reason.value,
        "explanation": sentence(slot, currency),
    }


def _amount(money: float | None) -> float | None:
    """Return an amount of money, of which a slot has little."""
    return None if money is None else round(money, 8)
