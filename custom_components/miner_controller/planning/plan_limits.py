"""What a plan uses of a limit, slot by slot.

What is used is told as the difference to the limit of the period, so that it exceeds
the limit where it is above zero at the end. What no choice of the rest of the period
can change any more is settled at once: at the end of a period nothing is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .plan_resource import Resource


@dataclass(frozen=True, slots=True)
class Portion:
    """What a mode uses of a period's limit in a slot."""

    period: int
    amount: int
    opening: int | None
    """Where the period starts from, if the slot is its first."""
    low: int
    """Below this, the limit cannot be exceeded any more."""
    high: int
    """What is above this exceeds the limit, whatever follows."""


def settled(portions: Sequence[Portion], used: int) -> tuple[int, int]:
    """Return what is exceeded for certain after a slot, and what is used otherwise."""
    over = 0
    for portion in portions:
        if portion.opening is not None:
            used = portion.opening
        used += portion.amount
        if used > portion.high:
            over += used - portion.high
            used = portion.high
        elif used < portion.low:
            used = portion.low
    return over, used


class Limited:
    """The limits of a request, with what exceeding them by a unit comes to."""

    def __init__(self, resource: Resource, weight: int) -> None:
        """Work out the portions of all slots and modes."""
        self.weight = weight
        self.periods = len(resource.limits)
        least, most = [0] * self.periods, [0] * self.periods
        bounds: list[list[tuple[int, int]]] = []
        for pieces in reversed(resource.pieces):
            found = []
            for piece in reversed(pieces):
                found.append((-most[piece.period], -least[piece.period]))
                least[piece.period] += min(piece.amounts)
                most[piece.period] += max(piece.amounts)
            bounds.append(found[::-1])
        bounds.reverse()
        opened: set[int] = set()
        self._openings: list[list[tuple[int, int]]] = []
        self._portions: list[list[list[Portion]]] = []
        for pieces, limits in zip(resource.pieces, bounds, strict=True):
            fresh = [
                (piece.period, -resource.limits[piece.period])
                for piece in pieces
                if piece.period not in opened
            ]
            opened.update(period for period, _ in fresh)
            self._openings.append(fresh)
            opening = dict(fresh)
            modes = len(pieces[0].amounts) if pieces else 0
            self._portions.append(
                [
                    [
                        Portion(
                            piece.period,
                            piece.amounts[mode],
                            opening.get(piece.period),
                            *limit,
                        )
                        for piece, limit in zip(pieces, limits, strict=True)
                    ]
                    for mode in range(modes)
                ]
            )

    def portions(self, slot: int, mode: int) -> Sequence[Portion]:
        """Return what a mode uses in a slot, in the order of time."""
        modes = self._portions[slot]
        return modes[mode] if modes else ()

    def excess(self, course: Sequence[int]) -> list[int]:
        """Return by how much modes exceed the limit of each period, or are below it."""
        found = [0] * self.periods
        for slot, mode in enumerate(course):
            for portion in self.portions(slot, mode):
                found[portion.period] += portion.amount + (portion.opening or 0)
        return found

    def penalty(self, course: Sequence[int]) -> int:
        """Return what exceeding the limits comes to."""
        return self.weight * sum(max(excess, 0) for excess in self.excess(course))

    def priced(
        self, stay: Sequence[Sequence[int]], prices: Sequence[int]
    ) -> list[list[int]]:
        """Return what modes come to with a price on what is limited, for each slot."""
        found = []
        for slot, scores in enumerate(stay):
            opened = sum(
                prices[period] * opening for period, opening in self._openings[slot]
            )
            found.append(
                [
                    score
                    + opened
                    + sum(
                        prices[portion.period] * portion.amount
                        for portion in self.portions(slot, mode)
                    )
                    for mode, score in enumerate(scores)
                ]
            )
        return found
