"""Plans for several miners that may not draw more than some power together."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from .plan import best_course, make_plan
from .plan_fronts import MOST_LABELS, Fronts, Known
from .plan_joint import MOST_WORK, Joint, Miner, SharedCap, TooMuchWorkError
from .plan_limits import Limited
from .plan_model import ModeFigures, Plan, PlanRequest, PlanSlot
from .plan_result import result
from .plan_scores import Figures, Scores, weights
from .plan_search import Search
from .plan_values import Level

_HOUR = timedelta(hours=1)
_FEW = 3
"""So many miners may be planned all at once."""
_MOST_PLANS = 40
"""So many plans for one miner are made, if it is not one for each."""
_MOST_LIMITED = 10
"""Likewise where a goal limits something, which takes far longer."""
_NEARLY = 25
"""How many labels are enough where what is found is not the best anyway."""


def plan_together(
    requests: Sequence[PlanRequest],
    power_cap: float | None,
    most_work: int = MOST_WORK,
) -> list[Plan]:
    """Return a plan for each miner; with a cap (W) they share the power.

    What all come to is judged as for one, by the sums of each level. Miners with goals
    of different kinds thus come in this order: the hours that are wanted, profit, and
    the hashes of those with a budget.

    Few miners are planned all at once, as long as `most_work` is enough for that.
    Otherwise one after the other gets what those before leave, in several orders, of
    which the best counts: such plans are not told to be exact. The cap is kept wherever
    the miners are able to.

    Raises ValueError where there is a cap and the slots of all do not begin and end
    together; the prices may differ.
    """
    if power_cap is None or not requests or not requests[0].slots:
        return [make_plan(request) for request in requests]
    if len({tuple(map(_edges, request.slots)) for request in requests}) > 1:
        raise ValueError("Miners that share power have the same slots")
    return _Together(requests, power_cap).plans(most_work)


class _Together:
    """Plans miners that share power."""

    def __init__(self, requests: Sequence[PlanRequest], power: float) -> None:
        """Reckon what each miner can come to alone."""
        self._requests = requests
        slots = requests[0].slots
        self._numbers = [Figures(request) for request in requests]
        weigh = weights(self._numbers)
        hours = [slot.duration / _HOUR for slot in slots]
        self._cap = SharedCap(power, hours, weigh[Level.EXCESS])
        self._miners: list[Miner] = []
        self._courses: list[list[int]] = []
        self._exact = True
        for numbers in self._numbers:
            miner, course = self._alone(numbers, weigh)
            self._miners.append(miner)
            self._courses.append(course)

    def _alone(self, numbers: Figures, weigh: Sequence[int]) -> tuple[Miner, list[int]]:
        """Return a miner, and what it would do alone."""
        scores = Scores(numbers, weigh)
        powers = [mode.power for mode in numbers.request.modes]
        if numbers.resource is None:
            search = Search(scores)
            course = search.course()
            known = Known(course, 0, search, (), 0)
            return Miner(scores, None, known, powers), course
        limited = Limited(numbers.resource, weigh[numbers.resource.level])
        fronts = Fronts(scores, limited, MOST_LABELS)
        course, exact = fronts.course()
        self._exact &= exact
        return Miner(scores, limited, fronts.known, powers), course

    def plans(self, most_work: int) -> list[Plan]:
        """Return the plan of each miner."""
        if self._above(self._courses):
            self._share(most_work)
        return [
            result(self._capped(place), course, exact=self._exact)
            for place, course in enumerate(self._courses)
        ]

    def _above(self, courses: Sequence[Sequence[int]]) -> int:
        """Return what the power above the cap comes to."""
        powers = [self._powers(*each) for each in enumerate(courses)]
        return sum(
            self._cap.excess(slot, sum(each))
            for slot, each in enumerate(zip(*powers, strict=True))
        )

    def _powers(self, place: int, course: Sequence[int]) -> list[float]:
        """Return what a miner draws in each slot, in W."""
        powers = self._miners[place].powers
        return [powers[mode] for mode in course]

    def _total(self, courses: Sequence[Sequence[int]]) -> int:
        """Return what all come to."""
        total = self._above(courses)
        for miner, course in zip(self._miners, courses, strict=True):
            total += miner.scores.total(course)
            if miner.limited is not None:
                total += miner.limited.penalty(course)
        return total

    def _capped(self, place: int) -> Figures:
        """Return the figures of a miner that gets what the others leave."""
        others = [
            self._powers(other, course)
            for other, course in enumerate(self._courses)
            if other != place
        ]
        left = [
            self._cap.power - sum(powers[slot] for powers in others)
            for slot in range(len(self._cap.hours))
        ]
        return Figures(self._requests[place], left)

    def _share(self, most_work: int) -> None:
        """Find courses that keep to the cap, the best if that is possible."""
        if len(self._requests) == 1:
            self._courses[0], self._exact = best_course(self._capped(0))
            return
        least = [self._least(place) for place in range(len(self._requests))]
        found = [self._in_turn(order, least) for order in self._orders()]
        total, self._courses = min(found, key=lambda each: each[0])
        self._exact = False
        if len(self._requests) <= _FEW:
            try:
                better = Joint(self._miners, self._cap, most_work).courses(total)
            except TooMuchWorkError:
                return
            self._courses = better or self._courses
            self._exact = True

    def _orders(self) -> Iterator[list[int]]:
        """Yield the orders in which miners may choose.

        First is that of how much they hash for energy, then follow those in which one
        of them comes before all others, as many as there is time for.
        """
        everyone = range(len(self._requests))
        order = sorted(everyone, key=self._efficiency, reverse=True)
        yield order
        limited = any(numbers.resource for numbers in self._numbers)
        plans = _MOST_LIMITED if limited else _MOST_PLANS
        for first in order[1 : max(plans // len(order), 1)]:
            yield [first, *(place for place in order if place != first)]

    def _in_turn(
        self, order: Sequence[int], least: Sequence[list[int]]
    ) -> tuple[int, list[list[int]]]:
        """Return what miners do, and come to, if each takes what it likes best.

        Whoever comes later has at least what it cannot do without.
        """
        self._courses = list(least)
        for place in order:
            numbers = self._capped(place)
            self._courses[place], _ = best_course(numbers, _NEARLY)
        return self._total(self._courses), self._courses

    def _least(self, place: int) -> list[int]:
        """Return the modes of a miner that draw least."""
        return best_course(
            Figures(self._requests[place], [0.0] * len(self._cap.hours))
        )[0]

    def _efficiency(self, place: int) -> float:
        """Return how much a miner hashes for a Wh, at best."""
        return max(map(_hashes_for_energy, self._requests[place].modes))


def _edges(slot: PlanSlot) -> tuple[datetime, datetime]:
    """Return when a slot begins and ends."""
    return slot.start, slot.end


def _hashes_for_energy(mode: ModeFigures) -> float:
    """Return how much a mode hashes for a Wh."""
    return mode.hashrate / mode.power if mode.power else mode.hashrate
