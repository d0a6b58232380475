"""One whole number for all that a plan is judged by, so that comparing is quick.

Each level weighs more than everything below it can come to. The number is thus less for
the better of two plans, as a comparison of all levels, one after the other, would tell.
"""

from collections.abc import Iterable, Sequence

from .plan_model import Budget, PlanRequest
from .plan_resource import Resource, resource
from .plan_states import ASLEEP, UNKNOWN, Phases
from .plan_values import Level, figures


class Figures:
    """All numbers of a request, before they are weighed."""

    def __init__(
        self, request: PlanRequest, caps: Sequence[float] | None = None
    ) -> None:
        """Reckon them, with a cap on power (W) for each slot if there is one."""
        self.request = request
        self.phases = Phases(request)
        self.slots = figures(request, caps)
        self.resource = resource(request)
        self.value = Level.HASHES if isinstance(request.goal, Budget) else Level.PROFIT

    def spreads(self) -> list[int]:
        """Return by how much two plans may differ at each level, at most."""
        slots, number = self.slots, len(self.slots)
        found = [0] * len(Level)
        found[Level.EXCESS] = sum(max(slot.excess) for slot in slots)
        found[Level.POLICY] = sum(max(slot.policy) + slot.hold for slot in slots)
        found[Level.LATE] = self.phases.edges[-1]
        found[self.value] = sum(
            max(slot.value)
            - min(slot.value)
            + max(map(abs, slot.lost))
            + max(map(abs, slot.lost_at_start))
            for slot in slots
        )
        found[Level.COST] = sum(max(slot.cost) - min(slot.cost) for slot in slots)
        found[Level.SWITCHES] = number
        found[Level.LATENESS] = number * (number + 1) // 2
        found[Level.ORDER] = number**3 * len(self.request.modes)
        if self.resource is not None:
            found[self.resource.level] += _resource_spread(self.resource)
        return found


def _resource_spread(limited: Resource) -> int:
    """Return by how much plans may exceed the limits, at most."""
    used = sum(
        max(map(abs, piece.amounts)) for pieces in limited.pieces for piece in pieces
    )
    return used + sum(map(abs, limited.limits))


def weights(several: Iterable[Figures]) -> list[int]:
    """Return what a unit of each level weighs, for one or several miners together."""
    spreads = [
        sum(each) for each in zip(*(one.spreads() for one in several), strict=True)
    ]
    found = [1]
    for spread in spreads[:0:-1]:
        # One more than all below can differ by, of which this weight is a part itself.
        found.append(found[-1] * (spread + 1))
    return found[::-1]


class Scores:
    """What a miner's plan comes to, slot by slot, as weighed numbers."""

    def __init__(self, numbers: Figures, weigh: Sequence[int]) -> None:
        """Weigh all figures of a miner."""
        self.phases = numbers.phases
        self.modes = range(len(numbers.request.modes))
        self.number = number = len(numbers.slots)
        self.late = weigh[Level.LATE]
        value, cost = weigh[numbers.value], weigh[Level.COST]
        excess, policy = weigh[Level.EXCESS], weigh[Level.POLICY]
        order = weigh[Level.ORDER]
        self.stay = [
            [
                cost * slot.cost[mode]
                + value * slot.value[mode]
                + excess * slot.excess[mode]
                + policy * slot.policy[mode]
                + order * mode * (number - place) ** 2
                for mode in self.modes
            ]
            for place, slot in enumerate(numbers.slots)
        ]
        self.change: list[list[int]] = []
        self.start: list[list[int]] = []
        for place, slot in enumerate(numbers.slots):
            plain = (
                weigh[Level.SWITCHES]
                + weigh[Level.LATENESS] * (number - place)
                + policy * slot.hold
            )
            self.change.append([plain + value * lost for lost in slot.lost])
            self.start.append([plain + value * lost for lost in slot.lost_at_start])
        self.limited = numbers.resource
        self.limit = weigh[numbers.resource.level] if numbers.resource else 0

    def step(self, slot: int, before: int, phase: int, mode: int) -> int:
        """Return what a mode of a slot comes to after another, without its limit.

        The phase is that before the slot.
        """
        score = self.stay[slot][mode]
        off = self.phases.off
        if before not in (mode, UNKNOWN):
            resting = before in (off, ASLEEP)
            score += (self.start if resting else self.change)[slot][mode]
        if mode == off:
            began = phase if before == off else slot
            score += self.late * self.phases.late(slot, began)
        return score

    def total(self, course: Sequence[int]) -> int:
        """Return what modes of all slots come to, without their limit."""
        state, total = self.phases.first, 0
        for slot, mode in enumerate(course):
            total += self.step(slot, *state, mode)
            state = dict(self.phases.after(slot, state))[mode]
        return total
