"""Why each slot of a plan has its mode, as far as that can be told in a few words.

A plan is found as a whole, so the reason of a slot is looked for afterwards: in what
the slot would have on its own, and in what keeps it from that.
"""

from collections.abc import Iterator, Sequence

from .plan_model import OFF, Hours, PlannedSlot, Profit, Reason
from .plan_resource import wanted_modes
from .plan_scores import Figures
from .plan_values import quiet_power

_WHY = {
    Reason.EARNS: "that earns more than it costs",
    Reason.TOO_DEAR: "no mode earns what it costs",
    Reason.CHEAPEST: "it is among the cheapest times for the hours wanted",
    Reason.BUDGET: "the budget of the day allows it",
    Reason.NOT_NEEDED: "the hours wanted are had at cheaper times",
    Reason.MINIMUM_RUN: "a change would come too soon or not pay for itself",
    Reason.LONGEST_OFF: "the longest time off is over",
    Reason.QUIET_HOURS: "these are quiet hours",
    Reason.POWER_CAP: "the miners together may not draw more",
    Reason.UNKNOWN_PRICE: "the price is not known yet",
}
# A miner without modes is just on.
_DOES = {OFF: "Off", "on": "Runs"}


def reasons(numbers: Figures, course: Sequence[int]) -> list[Reason]:
    """Return the reason of each slot."""
    return list(_Reasons(numbers, course).all())


class _Reasons:
    """Looks for the reasons of a plan."""

    def __init__(self, numbers: Figures, course: Sequence[int]) -> None:
        """Take the figures of a request, and the modes by their places."""
        self._numbers = numbers
        self._course = course
        request = numbers.request
        self._slots, self._modes = request.slots, request.modes
        self._off = numbers.phases.off
        self._counts: Sequence[bool] = ()
        if isinstance(request.goal, Hours):
            self._counts = wanted_modes(request.modes, request.goal)
        # The dearest price at which each mode runs, or one that draws more.
        self._reach: list[float | None] = [None] * len(request.modes)
        for slot, chosen in zip(request.slots, course, strict=True):
            for mode, figures in enumerate(request.modes):
                reach = self._reach[mode]
                if (
                    slot.price is not None
                    and figures.power <= request.modes[chosen].power
                    and (reach is None or slot.price > reach)
                ):
                    self._reach[mode] = slot.price

    def all(self) -> Iterator[Reason]:
        """Yield the reason of each slot."""
        phases = self._numbers.phases
        state = phases.first
        for place, mode in enumerate(self._course):
            late = (
                state[0] == self._off >= 0
                and mode != self._off
                and phases.late(place, state[1]) > 0
            )
            yield self._reason(place, mode, late=late)
            state = dict(phases.after(place, state))[mode]

    def _reason(self, place: int, mode: int, *, late: bool) -> Reason:
        """Return the reason of a slot: `late` where one more off would be too long."""
        slot = self._slots[place]
        if slot.price is None:
            return Reason.UNKNOWN_PRICE
        excess = self._numbers.slots[place].excess
        barred = [each for each, above in enumerate(excess) if above > excess[mode]]
        for other in barred:
            if self._is_missed(place, mode, other):
                return self._cap(place, other)
        found = self._own(place, mode, barred)
        return Reason.LONGEST_OFF if late and found is Reason.MINIMUM_RUN else found

    def _cap(self, place: int, barred: int) -> Reason:
        """Return which cap bars a mode in a slot."""
        loud = self._modes[barred].power > quiet_power(self._numbers.request)
        quiet = self._numbers.slots[place].quiet > 0 and loud
        return Reason.QUIET_HOURS if quiet else Reason.POWER_CAP

    def _is_missed(self, place: int, mode: int, other: int) -> bool:
        """Return whether a slot would rather have a mode that a cap bars."""
        figures, price = self._numbers.slots[place], self._slots[place].price
        if isinstance(self._numbers.request.goal, Profit):
            return figures.value[other] < figures.value[mode]
        if self._counts and (not self._counts[other] or self._counts[mode]):
            return False
        reach = self._reach[other]
        return (
            self._modes[other].hashrate > self._modes[mode].hashrate
            and reach is not None
            and price is not None
            and price <= reach
        )

    def _own(self, place: int, mode: int, barred: Sequence[int]) -> Reason:
        """Return the reason that a slot has without any cap."""
        if isinstance(self._numbers.request.goal, Profit):
            return self._profit(place, mode, barred)
        if self._counts:
            return self._hours(place, mode, barred)
        return Reason.TOO_DEAR if mode == self._off else Reason.BUDGET

    def _least(self, values: Sequence[int], barred: Sequence[int]) -> int:
        """Return the least of the values of all modes but some."""
        return min(each for mode, each in enumerate(values) if mode not in barred)

    def _profit(self, place: int, mode: int, barred: Sequence[int]) -> Reason:
        """Return why a mode has the most profit, if it has."""
        value = self._numbers.slots[place].value
        if value[mode] > self._least(value, barred):
            return Reason.MINIMUM_RUN
        earns = mode != self._off and value[mode] < 0
        return Reason.EARNS if earns else Reason.TOO_DEAR

    def _hours(self, place: int, mode: int, barred: Sequence[int]) -> Reason:
        """Return why a mode is needed, or is not."""
        cost, limited = self._numbers.slots[place].cost, self._numbers.resource
        inside = limited is not None and bool(limited.pieces[place])
        if inside and self._counts[mode]:
            return Reason.CHEAPEST
        if cost[mode] > self._least(cost, barred):
            return Reason.MINIMUM_RUN
        earns = mode != self._off and cost[mode] < 0
        return Reason.EARNS if earns else Reason.NOT_NEEDED


def sentence(slot: PlannedSlot, currency: str) -> str:
    """Return in a sentence what a slot does, at which price, and why."""
    does = _DOES.get(slot.mode, f"Runs in {slot.mode}")
    if slot.reason is Reason.UNKNOWN_PRICE or slot.price is None:
        return f"{does}: {_WHY[Reason.UNKNOWN_PRICE]}."
    why = _WHY[slot.reason]
    if slot.reason is Reason.TOO_DEAR and slot.revenue is None:
        why = "the budget of the day is better used at other times"
    return f"{does} at {slot.price:.4f} {currency}/kWh: {why}."
