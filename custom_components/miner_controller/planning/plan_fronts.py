"""The best modes for all slots where a goal limits something over several of them.

It is a search with labels: what a plan has used of the limit, and what it has come to,
for each state in which a miner may be between two slots. A label is dropped where
another of the same state has used no more and come to no more, and where a bound shows
that it leads to nothing better than what is known already. The bound is that of
Lagrange: a plan with a price on what is limited, instead of the limit, is never worse.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isqrt

from .plan_limits import Limited, settled
from .plan_scores import Scores
from .plan_search import Search
from .plan_states import State

type _Path = tuple[int, _Path] | None
"""The modes so far, the last first."""
type Label = tuple[int, int, _Path]
"""What it has come to, what it has used of the limit, and how."""

_ROUNDS = 16
_FEW_LABELS = 25
MOST_LABELS = 1000
"""How many labels of a state are kept apart."""


def walked(path: _Path) -> Iterator[int]:
    """Yield the modes of a path, the last first."""
    while path is not None:
        mode, path = path
        yield mode


@dataclass(slots=True)
class Known:
    """The best plan that is known, and the bound that tells most."""

    course: list[int]
    total: int
    search: Search
    prices: Sequence[int]
    bound: int


class Fronts:
    """The search with labels, for one miner."""

    def __init__(self, scores: Scores, limited: Limited, most: int) -> None:
        """Prepare the search; `most` labels of a state are kept, and a few more."""
        self._scores = scores
        self._limited = limited
        self._most = self._limit = most
        self._exact = True
        self.known = self._priced()
        """The best plan that prices on the limits lead to, and the best bound."""

    def course(self) -> tuple[list[int], bool]:
        """Return the best modes, and whether there are none better."""
        known = self.known
        if known.bound == known.total:
            return known.course, True
        # A quick look at few labels finds plans that make the bound tell much more.
        for most in (min(_FEW_LABELS, self._most), self._most):
            self._limit, self._exact = most, True
            found = self._best(known)
            if found is not None:
                known.total, known.course = found
            if self._exact:
                break
        return known.course, self._exact

    def _relaxed(self, prices: Sequence[int]) -> Known:
        """Return the best plan with a price on what is limited, and its bound."""
        scores, limited = self._scores, self._limited
        search = Search(scores, limited.priced(scores.stay, prices))
        course = search.course()
        total = scores.total(course) + limited.penalty(course)
        bound = search.total(course)
        return Known(course, total, search, prices, bound)

    def _priced(self) -> Known:
        """Return the best plan and bound that prices on the limits lead to."""
        number = self._limited.periods
        known = self._relaxed([0] * number)
        if known.bound == known.total:
            return known
        least, most = [1] * number, [self._limited.weight] * number
        course = known.course
        for _ in range(_ROUNDS):
            # The first prices are nought: whatever exceeds its limit has too low a one.
            prices = [isqrt(low * high) for low, high in zip(least, most, strict=True)]
            found = self._relaxed(prices)
            course = found.course
            for period, excess in enumerate(self._limited.excess(course)):
                if excess > 0:
                    least[period] = prices[period]
                else:
                    most[period] = prices[period]
            if found.total < known.total:
                known.course, known.total = found.course, found.total
            if found.bound > known.bound:
                known.search, known.prices = found.search, found.prices
                known.bound = found.bound
            if known.bound == known.total:
                break
        return known

    def _best(self, known: Known) -> tuple[int, list[int]] | None:
        """Return the total and the modes of a better plan, None if none is found."""
        fronts: dict[State, list[Label]] = {self._scores.phases.first: [(0, 0, None)]}
        for slot in range(self._scores.number):
            following: dict[State, list[Label]] = {}
            for state, labels in fronts.items():
                for mode, after in self._scores.phases.after(slot, state):
                    following.setdefault(after, []).extend(
                        self._extended(known, slot, state, labels, mode, after)
                    )
            fronts = {
                state: self._front(labels)
                for state, labels in following.items()
                if labels
            }
        least = min(
            (labels[0] for labels in fronts.values()),
            key=lambda label: label[0],
            default=None,
        )
        if least is None:
            return None
        return least[0], [*walked(least[2])][::-1]

    def _extended(
        self,
        known: Known,
        slot: int,
        state: State,
        labels: Sequence[Label],
        mode: int,
        after: State,
    ) -> list[Label]:
        """Return labels with one more slot, those that may lead to something better."""
        step = self._scores.step(slot, *state, mode)
        most = known.total - known.search.best(slot + 1, after)
        portions = self._limited.portions(slot, mode)
        price = known.prices[portions[-1].period] if portions else 0
        weight = self._limited.weight
        found: list[Label] = []
        for before, used_before, path in labels:
            over, used = settled(portions, used_before)
            total = before + step + weight * over
            if total + price * used < most:
                found.append((total, used, (mode, path)))
        return found

    def _front(self, labels: list[Label]) -> list[Label]:
        """Return the labels that no other makes needless, the best first."""
        labels.sort(key=lambda label: label[:2])
        found: list[Label] = []
        for label in labels:
            if not found or label[1] < found[-1][1]:
                found.append(label)
        if len(found) <= self._limit:
            return found
        self._exact = False
        return self._thinned(found)

    def _thinned(self, labels: Sequence[Label]) -> list[Label]:
        """Return the best of all labels that have used nearly the same.

        The one that has used least is kept, so that no limit is exceeded in vain.
        """
        width = (labels[0][1] - labels[-1][1]) // self._limit + 1
        found = [labels[0]]
        for label in labels:
            if label[1] // width < found[-1][1] // width:
                found.append(label)
        if found[-1] is not labels[-1]:
            found.append(labels[-1])
        return found
