"""How long a miner has been on or off, as far as that still matters to a plan.

A phase is a time without a change between on and off. It is told by the slot in which
it began, and is `OLD` as soon as its age changes nothing more. Time is in µs.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import timedelta

from .plan_model import OFF, PlanRequest
from .plan_periods import microseconds

OLD = -2
"""A phase that may end, and that is beyond the longest time off if there is one."""
BEFORE = -1
"""The phase that began before the first slot, or in the midst of it."""

UNKNOWN = -1
"""In place of a mode: nobody knows what the miner does."""
OTHER = -2
"""In place of a mode: one that is not off and none of the plan's."""
ASLEEP = -3
"""In place of a mode: off, which is none of the plan's."""

type State = tuple[int, int]
"""The mode of the slot before, by its place, and the phase."""


class Phases:
    """What each phase of a plan allows, and when.

    Phases begin with slots. The two places at the end of a list are for `OLD` and
    `BEFORE`, which are those numbers for that reason.
    """

    def __init__(self, request: PlanRequest) -> None:
        """Find out when each phase may end."""
        slots, limits, present = request.slots, request.limits, request.present
        zero = slots[0].start
        self.edges = [microseconds(slot.start - zero) for slot in slots]
        self.edges.append(microseconds(slots[-1].end - zero))
        names = [mode.name for mode in request.modes]
        self.off = names.index(OFF) if OFF in names else -1
        self.on = [place for place in range(len(names)) if place != self.off]
        changes = bool(self.on) and self.off >= 0
        self._max_off = (
            microseconds(limits.max_off)
            if changes and limits.max_off is not None
            else None
        )
        since = present.since
        known = present.mode is not None and since is not None
        self._begun = [*self.edges[:-1], 0, 0]
        if known and since is not None:
            self._begun[BEFORE] = microseconds(since - zero)
        self._known = known
        self.free_on = self._ends(limits.min_on if changes else timedelta())
        self.free_off = self._ends(limits.min_off if changes else timedelta())
        self._old_off = self.free_off
        if self._max_off is not None:
            late = self._reached(self._max_off)
            self._old_off = [
                max(pair) for pair in zip(self.free_off, late, strict=True)
            ]
        self.first = self._first(names, present.mode)

    def _ends(self, least: timedelta) -> list[int]:
        """Return the first edge at which each phase may end."""
        time = microseconds(least)
        return self._reached(time) if time > 0 else [0] * len(self._begun)

    def _reached(self, time: int) -> list[int]:
        """Return the first edge at which each phase has lasted for a time."""
        found = [bisect_left(self.edges, begun + time) for begun in self._begun]
        found[OLD] = 0
        if not self._known:
            found[BEFORE] = 0
        return found

    def _first(self, names: Sequence[str], mode: str | None) -> State:
        """Return the state before the first slot."""
        if mode is None:
            return (UNKNOWN, OLD)
        strange = ASLEEP if mode == OFF else OTHER
        place = names.index(mode) if mode in names else strange
        if place in (self.off, ASLEEP):
            return (place, self.aged_off(0, BEFORE))
        return (place, self.aged_on(0, BEFORE))

    def aged_on(self, edge: int, phase: int) -> int:
        """Return a phase of work as it is at an edge."""
        return phase if self.free_on[phase] > edge else OLD

    def aged_off(self, edge: int, phase: int) -> int:
        """Return a phase of rest as it is at an edge."""
        return phase if self._old_off[phase] > edge else OLD

    def live_on(self, edge: int) -> Iterator[int]:
        """Yield the phases of work that may not end at an edge, the latest first."""
        yield from self._live(edge, self.free_on)

    def live_off(self, edge: int) -> Iterator[int]:
        """Yield the phases of rest whose age still matters at an edge."""
        yield from self._live(edge, self._old_off)

    @staticmethod
    def _live(edge: int, ends: Sequence[int]) -> Iterator[int]:
        """Yield the phases before an edge that are not over with it."""
        for phase in range(edge - 1, -1, -1):
            if ends[phase] <= edge:
                break
            yield phase
        if ends[BEFORE] > edge:
            yield BEFORE

    def late(self, slot: int, phase: int) -> int:
        """Return how much of a slot without work is beyond the longest time off."""
        if self._max_off is None:
            return 0
        start, end = self.edges[slot], self.edges[slot + 1]
        if phase == OLD:
            return end - start
        return max(end - max(start, self._begun[phase] + self._max_off), 0)

    def after(self, slot: int, state: State) -> Iterator[tuple[int, State]]:
        """Yield each mode that a slot may have, and the state that follows.

        The mode of the slot before is the first of them.
        """
        mode, phase = state
        edge = slot + 1
        off, resting = self.off, mode in (self.off, ASLEEP)
        if resting and mode >= 0:
            yield off, (off, self.aged_off(edge, phase))
        free = self.free_off[phase] if resting else self.free_on[phase]
        fresh = mode == UNKNOWN
        if not resting or free <= slot:
            began = slot if resting or fresh else phase
            following = self.aged_on(edge, began)
            if mode in self.on:
                yield mode, (mode, following)
            for other in self.on:
                if other != mode:
                    yield other, (other, following)
        if off >= 0 and not resting and free <= slot:
            yield off, (off, self.aged_off(edge, slot))
