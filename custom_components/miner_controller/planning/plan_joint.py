"""The best plans for several miners that share a cap on power, all at once.

It is the search of `plan_fronts`, with a state and a limit for each miner. What each of
them could come to alone, without the cap, is the bound: together they are never better.
There may be very many states, so it gives up after a bounded amount of work.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from .plan_fronts import Known
from .plan_limits import Limited, Portion, settled
from .plan_scores import Scores
from .plan_states import State

type _Modes = tuple[int, ...]
type _States = tuple[State, ...]
type _Path = tuple[_Modes, _Path] | None
type _Label = tuple[int, tuple[int, ...], _Path]
"""What all together have come to, what each has used of its limit, and how."""

MOST_WORK = 100_000
"""How many choices for a slot are looked at, at about 10 µs each."""
_WORK_FOR_LABEL = 500


class TooMuchWorkError(Exception):
    """There are more possibilities than can be looked at."""


@dataclass(frozen=True, slots=True)
class Miner:
    """One of the miners."""

    scores: Scores
    limited: Limited | None
    known: Known
    """What it can come to alone."""
    powers: Sequence[float]
    """What its modes draw, in W."""


@dataclass(frozen=True, slots=True)
class SharedCap:
    """A cap on the power of all miners together, in W."""

    power: float
    hours: Sequence[float]
    """How long each slot is."""
    weight: int
    """What a mWh above the cap comes to."""

    def excess(self, slot: int, power: float) -> int:
        """Return what a power comes to in a slot, which is nothing below the cap."""
        return self.weight * round(max(power - self.power, 0) * self.hours[slot] * 1000)


@dataclass(frozen=True, slots=True)
class _Move:
    """What a miner may do in a slot."""

    mode: int
    after: State
    step: int
    best: int
    """What may follow, at best."""
    power: float
    portions: Sequence[Portion]
    price: int
    weight: int


class Joint:
    """The search for the modes of several miners."""

    def __init__(
        self, miners: Sequence[Miner], cap: SharedCap, most: int = MOST_WORK
    ) -> None:
        """Prepare it; it gives up after looking at the most choices."""
        self._miners = miners
        self._cap = cap
        self._left = most
        self._most_labels = most // _WORK_FOR_LABEL

    def courses(self, total: int) -> list[list[int]] | None:
        """Return the modes of each miner, None if nothing is better than a total.

        Raises TooMuchWorkError where there is too much to look at.
        """
        start = tuple(miner.scores.phases.first for miner in self._miners)
        fronts: dict[_States, list[_Label]] = {
            start: [(0, (0,) * len(self._miners), None)]
        }
        for slot in range(self._miners[0].scores.number):
            following: dict[_States, list[_Label]] = {}
            for states, labels in fronts.items():
                self._extend(following, slot, states, labels, total)
            fronts = {
                states: self._front(labels) for states, labels in following.items()
            }
        least = min(
            (labels[0] for labels in fronts.values()),
            key=lambda label: label[0],
            default=None,
        )
        return None if least is None else self._walked(least[2])

    def _walked(self, path: _Path) -> list[list[int]]:
        """Return the modes of each miner along a path."""
        steps = []
        while path is not None:
            modes, path = path
            steps.append(modes)
        return [list(course) for course in zip(*reversed(steps), strict=True)]

    def _moves(self, slot: int, miner: Miner, state: State) -> list[_Move]:
        """Return what a miner may do in a slot after a state."""
        scores, limited = miner.scores, miner.limited
        found = []
        for mode, after in scores.phases.after(slot, state):
            portions = limited.portions(slot, mode) if limited else ()
            found.append(
                _Move(
                    mode,
                    after,
                    scores.step(slot, *state, mode),
                    miner.known.search.best(slot + 1, after),
                    miner.powers[mode],
                    portions,
                    miner.known.prices[portions[-1].period] if portions else 0,
                    limited.weight if limited else 0,
                )
            )
        return found

    def _extend(
        self,
        following: dict[_States, list[_Label]],
        slot: int,
        states: _States,
        labels: Sequence[_Label],
        most: int,
    ) -> None:
        """Add labels with one more slot, those that may lead to something better."""
        moves = [
            self._moves(slot, miner, state)
            for miner, state in zip(self._miners, states, strict=True)
        ]
        for choice in product(*moves):
            self._left -= len(labels)
            if self._left < 0:
                raise TooMuchWorkError
            step = sum(move.step for move in choice)
            step += self._cap.excess(slot, sum(move.power for move in choice))
            bound = most - sum(move.best for move in choice)
            after = tuple(move.after for move in choice)
            modes = tuple(move.mode for move in choice)
            for before, used_before, path in labels:
                total, least, used = before + step, 0, []
                for move, amount in zip(choice, used_before, strict=True):
                    over, left = settled(move.portions, amount)
                    total += move.weight * over
                    least += move.price * left
                    used.append(left)
                if total + least < bound:
                    following.setdefault(after, []).append(
                        (total, tuple(used), (modes, path))
                    )

    def _front(self, labels: list[_Label]) -> list[_Label]:
        """Return the labels that no other makes needless, the best first."""
        labels.sort(key=lambda label: label[:2])
        found: list[_Label] = []
        for label in labels:
            if not any(
                all(mine <= its for mine, its in zip(each[1], label[1], strict=True))
                for each in found
            ):
                found.append(label)
            # Each label is compared with all of these.
            if len(found) > self._most_labels:
                raise TooMuchWorkError
        return found
