"""The best plan for one miner, exactly and not nearly so.

What is better is told by `plan_values.Level`: each level only decides between plans
that are alike in all before it. The shortest times on and off are never broken.
"""

from datetime import datetime

from .plan_fronts import MOST_LABELS, Fronts
from .plan_limits import Limited
from .plan_model import Plan, PlanRequest
from .plan_result import result
from .plan_scores import Figures, Scores, weights
from .plan_search import Search


def make_plan(request: PlanRequest) -> Plan:
    """Return the best plan for a miner on its own. Without slots it is empty."""
    if not request.slots:
        return Plan(slots=())
    numbers = Figures(request)
    course, exact = best_course(numbers)
    return result(numbers, course, exact=exact)


def best_course(numbers: Figures, most: int = MOST_LABELS) -> tuple[list[int], bool]:
    """Return the best mode of each slot, and whether there are none better.

    Modes are told by their places in the request. `most` tells how many possibilities
    are looked at together before some that are nearly alike are taken for one.
    """
    weigh = weights([numbers])
    scores = Scores(numbers, weigh)
    if numbers.resource is None:
        return Search(scores).course(), True
    limited = Limited(numbers.resource, weigh[numbers.resource.level])
    return Fronts(scores, limited, most).course()


def same_course(old: Plan, new: Plan, now: datetime) -> bool:
    """Return whether two plans have the same modes from a moment on.

    What only one of them has a mode for makes no difference.
    """
    changes = sorted(
        {
            max(slot.start, now)
            for plan in (old, new)
            for slot in plan.slots
            if slot.end > now
        }
    )
    for moment in changes:
        one, other = old.at(moment), new.at(moment)
        if one is not None and other is not None and one.mode != other.mode:
            return False
    return True
