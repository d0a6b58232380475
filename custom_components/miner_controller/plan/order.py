"""A plan that is to be made, and one that was."""

from dataclasses import dataclass

from ..planning.plan_model import Plan, PlannedSlot, PlanRequest
from .outlook import Outlook
from .shown import Course


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOrder:
    """A plan that is to be made.

    `kept` is the slot that runs, where it keeps the mode that it has, and the plan is
    made for what follows.
    """

    request: PlanRequest
    outlook: Outlook
    kept: PlannedSlot | None


type MadePlan = tuple[Plan, Course]
"""A plan, and how it is shown, which takes longer than one would think."""
