"""The best modes for all slots where nothing is limited over several of them.

It goes from the last slot to the first, and works out for each state in which a miner
may be between two slots how good the rest can become. A state is the mode before and
the phase of `plan_states`, so that what follows does not depend on anything else.
"""

from collections.abc import Sequence

from .plan_scores import Scores
from .plan_states import OLD, State

type _Work = dict[int, list[int]]
"""For each phase of work the best for each mode before, in the order of the modes."""
type _Rest = dict[int, int]
"""For each phase of rest the best."""


class Search:
    """The best that can follow each state, at the start of each slot and at the end."""

    def __init__(
        self, scores: Scores, stay: Sequence[Sequence[int]] | None = None
    ) -> None:
        """Work it out, with other scores for the modes where they are given."""
        self._scores = scores
        self._stay = scores.stay if stay is None else stay
        self._work: list[_Work] = []
        self._rest: list[_Rest] = []
        self._run()

    def _run(self) -> None:
        """Go through the slots, the last first."""
        scores, phases = self._scores, self._scores.phases
        off = phases.off
        nothing = [0] * len(scores.modes)
        last = scores.number
        work: _Work = dict.fromkeys((OLD, *phases.live_on(last)), nothing)
        rest: _Rest = dict.fromkeys((OLD, *phases.live_off(last)), 0)
        self._work.append(work)
        self._rest.append(rest)
        for slot in range(last - 1, -1, -1):
            stay, change = self._stay[slot], scores.change[slot]
            stop = None
            if off >= 0:
                stop = stay[off] + scores.late * phases.late(slot, slot)
                stop += change[off] + rest[phases.aged_off(slot + 1, slot)]
            before_work: _Work = {}
            for phase in (OLD, *phases.live_on(slot)):
                after = work[phases.aged_on(slot + 1, phase)]
                before_work[phase] = self._kept(
                    stay, change, after, stop if phase == OLD else None
                )
            start = self._started(slot, work)
            before_rest: _Rest = {}
            if off >= 0:
                for phase in (OLD, *phases.live_off(slot)):
                    best = stay[off] + scores.late * phases.late(slot, phase)
                    best += rest[phases.aged_off(slot + 1, phase)]
                    if start is not None and phases.free_off[phase] <= slot:
                        best = min(best, start)
                    before_rest[phase] = best
            work, rest = before_work, before_rest
            self._work.append(work)
            self._rest.append(rest)
        self._work.reverse()
        self._rest.reverse()

    def _kept(
        self,
        stay: Sequence[int],
        change: Sequence[int],
        after: Sequence[int],
        stop: int | None,
    ) -> list[int]:
        """Return the best for each mode before, in a phase of work.

        `stop` is what ends the phase, if it may end.
        """
        on = self._scores.phases.on
        found = [0] * len(stay)
        best = stop
        for mode in on:
            kept = found[mode] = stay[mode] + after[mode]
            changed = kept + change[mode]
            if best is None or changed < best:
                best = changed
        # A change never gains anything by itself, so the best of all changes is no
        # better than to keep the mode that it leads to.
        return found if best is None else [min(best, each) for each in found]

    def _started(self, slot: int, work: _Work) -> int | None:
        """Return the best after a start with a slot."""
        scores = self._scores
        after = work[scores.phases.aged_on(slot + 1, slot)]
        stay, start = self._stay[slot], scores.start[slot]
        return min(
            (stay[mode] + start[mode] + after[mode] for mode in scores.phases.on),
            default=None,
        )

    def best(self, edge: int, state: State) -> int:
        """Return how good the rest can become after a state that a slot has led to."""
        mode, phase = state
        if mode == self._scores.phases.off:
            return self._rest[edge][phase]
        return self._work[edge][phase][mode]

    def step(self, slot: int, state: State, mode: int) -> int:
        """Return what a mode of a slot comes to after a state."""
        scores = self._scores
        return (
            scores.step(slot, *state, mode)
            + self._stay[slot][mode]
            - scores.stay[slot][mode]
        )

    def total(self, course: Sequence[int]) -> int:
        """Return what modes of all slots come to, with the scores that are searched."""
        scores = self._scores
        return scores.total(course) + sum(
            self._stay[slot][mode] - scores.stay[slot][mode]
            for slot, mode in enumerate(course)
        )

    def course(self) -> list[int]:
        """Return the best modes: of several choices the mode before, else the first."""
        phases = self._scores.phases
        state = phases.first
        found = []
        for slot in range(self._scores.number):
            least: int | None = None
            chosen = state
            for mode, following in phases.after(slot, state):
                total = self.step(slot, state, mode) + self.best(slot + 1, following)
                if least is None or total < least:
                    least, chosen = total, following
            state = chosen
            found.append(state[0])
        return found
