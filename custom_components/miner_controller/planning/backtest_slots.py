"""Slots that somebody gave, made such that a plan can be tried with them."""

from collections.abc import Sequence
from dataclasses import replace
from heapq import heappop, heappush
from itertools import pairwise

from .slots import Slot


def last_given(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """Return slots in order and apart: of those that overlap, the last one counts.

    It is what `slots.merge` returns, and takes no longer where very many overlap.
    """
    edges = sorted({edge for slot in slots for edge in (slot.start, slot.end)})
    beginning = sorted(range(len(slots)), key=lambda place: slots[place].start)
    beginning.reverse()
    # The places of those that have begun, with a minus sign: the last given on top.
    begun: list[int] = []
    found: list[Slot] = []
    before: Slot | None = None
    for start, end in pairwise(edges):
        while beginning and slots[beginning[-1]].start <= start:
            heappush(begun, -beginning.pop())
        while begun and slots[-begun[0]].end <= start:
            heappop(begun)
        slot = slots[-begun[0]] if begun else None
        if slot is None:
            pass
        elif slot is before:
            found[-1] = replace(found[-1], end=end)
        else:
            found.append(replace(slot, start=start, end=end))
        before = slot
    return tuple(found)
