"""What a plan is worth by the rules, and the best of all by trying each.

Nothing here is shared with the planner but the model: each rule is written down once
more, as it is told, for a sequence of modes.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property

from custom_components.miner_controller.planning.plan_model import (
    Budget,
    Hours,
    ModeFigures,
    PlanRequest,
    PlanSlot,
    Profit,
    UnknownPrices,
)

_ZERO = timedelta()
_MICROSECOND = timedelta(microseconds=1)
# Far more than any level comes to: packed levels compare like the levels themselves.
_LEVEL = 96
_LEVELS = 11

type Window = tuple[datetime, datetime]
type Phase = datetime | None
type Choice = tuple[int, str, Phase, int]
"""The place of a mode, its name, when the phase began, and what it adds."""


def _exact(number: float) -> Fraction:
    """Return a number as it is written."""
    return Fraction(str(number))


def _micro(duration: timedelta) -> int:
    """Return a duration in µs."""
    return duration // _MICROSECOND


def _hours(duration: timedelta) -> Fraction:
    """Return a duration in hours."""
    return Fraction(_micro(duration), 3_600_000_000)


def _shared(slot: PlanSlot, window: Window) -> timedelta:
    """Return how long a slot lies in a window."""
    return max(min(slot.end, window[1]) - max(slot.start, window[0]), _ZERO)


def packed(levels: Sequence[int]) -> int:
    """Return levels as one number."""
    total = 0
    for level in levels:
        total = (total << _LEVEL) + level
    return total


def unpacked(total: int) -> tuple[int, ...]:
    """Return the levels of a number, for a message that can be read."""
    found = []
    for _ in range(_LEVELS):
        level = (total + (1 << (_LEVEL - 1))) % (1 << _LEVEL) - (1 << (_LEVEL - 1))
        found.append(level)
        total = (total - level) >> _LEVEL
    return tuple(found[::-1])


class Brute:
    """Judges sequences of modes, which are told by their places."""

    def __init__(
        self, request: PlanRequest, caps: Sequence[float] | None = None
    ) -> None:
        """Judge plans for a request, maybe with caps on power."""
        self.request = request
        self.slots = request.slots
        self.modes = request.modes
        self.caps = caps
        self._choices: dict[tuple[int, str | None, Phase], list[Choice]] = {}
        self.both = len({mode.is_off for mode in request.modes}) == 2

    def _moment(self, day: date, at: time) -> datetime:
        """Return when the clock of a day first shows a time, or skips it."""
        zone = self.request.zone
        moment = datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
        local = datetime.combine(day, at)
        while moment.astimezone(zone).replace(tzinfo=None) < local:
            moment += timedelta(minutes=15)
        return moment

    def windows(self, start: time, end: time) -> list[Window]:
        """Return the windows between two times of each day near the slots."""
        day = self.slots[0].start.astimezone(self.request.zone).date()
        found = []
        for days in range(-2, 10):
            begins = day + timedelta(days=days)
            ends = begins if start < end else begins + timedelta(days=1)
            window = (self._moment(begins, start), self._moment(ends, end))
            if (
                window[0] < window[1]
                and window[0] < self.slots[-1].end
                and window[1] > self.slots[0].start
            ):
                found.append(window)
        return found

    @cached_property
    def quiet_windows(self) -> list[Window]:
        """Return the quiet hours."""
        quiet = self.request.limits.quiet_hours
        return [] if quiet is None else self.windows(quiet.start, quiet.end)

    @cached_property
    def lowest(self) -> ModeFigures:
        """Return the mode of work that draws least."""
        working = [mode for mode in self.modes if not mode.is_off]
        return min(working or self.modes, key=lambda mode: mode.power)

    @cached_property
    def unknown_price(self) -> float:
        """Return with which price a slot without one is reckoned."""
        known = [slot.price for slot in self.slots if slot.price is not None]
        return max([0, self.request.dearest, *known])

    def _excess(self, place: int, mode: ModeFigures) -> int:
        """Return the energy above the caps in mWh."""
        slot, quiet, total = self.slots[place], self.request.limits.quiet_hours, 0
        if quiet is not None and not mode.is_off:
            cap = 0.0 if quiet.cap == "off" else self.lowest.power
            for each in self.modes:
                if each.name == quiet.cap != "off":
                    cap = each.power
            inside = sum((_shared(slot, each) for each in self.quiet_windows), _ZERO)
            above = max(_exact(mode.power) - _exact(cap), Fraction())
            total += round(above * _hours(inside) * 1000)
        if self.caps is not None:
            above = max(_exact(mode.power) - _exact(self.caps[place]), Fraction())
            total += round(above * _hours(slot.duration) * 1000)
        return total

    def _policy(self, slot: PlanSlot, before: str | None, mode: ModeFigures) -> int:
        """Return the time against the policy for unknown prices, in µs."""
        match self.request.limits.unknown:
            case UnknownPrices.HOLD:
                # What the miner did before the plan may be nothing it can go on with.
                known = any(each.name == before for each in self.modes)
                wanted = before if known else mode.name
            case UnknownPrices.LOWEST:
                wanted = self.lowest.name
            case UnknownPrices.OFF:
                resting = any(each.is_off for each in self.modes)
                wanted = "off" if resting else self.lowest.name
        return 0 if mode.name == wanted else _micro(slot.duration)

    def cost(self, price: float, mode: ModeFigures, duration: timedelta) -> int:
        """Return a cost in nano-currency."""
        return round(
            _exact(price) * _exact(mode.power) / 1000 * _hours(duration) * 10**9
        )

    def phase(
        self, place: int, before: str | None, began: Phase, mode: ModeFigures
    ) -> Phase:
        """Return when the phase of a slot began."""
        if before is None or (before == "off") is not mode.is_off:
            return self.slots[place].start
        return began

    def is_allowed(
        self, place: int, before: str | None, began: Phase, mode: ModeFigures
    ) -> bool:
        """Return whether the phase before has been long enough for a mode."""
        limits = self.request.limits
        if before is None or began is None or not self.both:
            return True
        if (before == "off") is mode.is_off:
            return True
        least = limits.min_off if before == "off" else limits.min_on
        return least <= max(self.slots[place].start - began, _ZERO)

    def _levels(
        self, place: int, before: str | None, began: Phase, at: int
    ) -> tuple[int, ...]:
        """Return what a mode adds in a slot, without what is limited."""
        slot, mode, goal = self.slots[place], self.modes[at], self.request.goal
        limits = self.request.limits
        lost, late, changed = _ZERO, _ZERO, before not in (None, mode.name)
        if changed:
            lost = limits.switch_loss
            lost += limits.start_loss if before == "off" else _ZERO
        phase = self.phase(place, before, began, mode)
        if mode.is_off and self.both and limits.max_off is not None:
            limit = slot.start if phase is None else phase + limits.max_off
            late = max(slot.end - max(slot.start, limit), _ZERO)
        policy = cost = profit = hashes = 0
        if slot.price is None:
            policy = self._policy(slot, before, mode)
            cost = self.cost(self.unknown_price, mode, slot.duration)
        else:
            cost = self.cost(slot.price, mode, slot.duration)
            hashing = _hours(max(slot.duration - lost, _ZERO)) * 3600
            if isinstance(goal, Profit):
                worth = _exact(goal.revenue) / 3600 * Fraction(mode.hashrate) / 10**12
                price = float(_exact(slot.price) - _exact(goal.heat))
                profit = round(worth * hashing * 10**9)
                profit -= self.cost(price, mode, slot.duration)
            elif isinstance(goal, Budget):
                hashes = round(Fraction(mode.hashrate) * hashing / 10**6)
        later = len(self.slots) - place if changed else 0
        excess = self._excess(place, mode)
        late_off = _micro(late)
        return (
            *(excess, 0, policy, late_off, 0, -profit, -hashes),
            *(cost, int(changed), later, at * (len(self.slots) - place) ** 2),
        )

    @cached_property
    def amount(self) -> int:
        """Return the budget of a day."""
        assert isinstance(self.request.goal, Budget)
        return round(_exact(self.request.goal.amount) * 10**9)

    @cached_property
    def spent(self) -> int:
        """Return what the first day has spent."""
        assert isinstance(self.request.goal, Budget)
        return round(_exact(self.request.goal.spent) * 10**9)

    @cached_property
    def days(self) -> list[Window]:
        """Return the local days."""
        return self.windows(time.min, time.min)

    @cached_property
    def spendings_of_slots(self) -> list[list[list[int]]]:
        """Return what each mode spends in each day, for each slot."""
        return [
            [
                [
                    self.cost(
                        self.unknown_price if slot.price is None else slot.price,
                        mode,
                        _shared(slot, day),
                    )
                    for day in self.days
                ]
                for mode in self.modes
            ]
            for slot in self.slots
        ]

    def spendings(self, course: Sequence[int]) -> list[int]:
        """Return what each local day costs, with what is spent, in nano-currency."""
        table = self.spendings_of_slots
        found = [
            sum(table[place][at][day] for place, at in enumerate(course))
            for day in range(len(self.days))
        ]
        found[0] += self.spent
        return found

    @cached_property
    def needs(self) -> list[tuple[int, list[list[int]]]]:
        """Return of each window the time it needs, and what each slot and mode give."""
        goal, start, end = self.request.goal, self.slots[0].start, self.slots[-1].end
        assert isinstance(goal, Hours)
        rates = {each.name: each.hashrate for each in self.modes}
        least = rates.get(goal.mode, max(rates.values()))
        found = []
        for window in self.windows(goal.earliest, goal.latest):
            known = _hours(min(window[1], end) - window[0])
            part = known / _hours(window[1] - window[0])
            needed = int(part * _micro(goal.duration))
            if window[0] <= start:
                needed -= _micro(goal.done)
            gives = [
                [
                    _micro(_shared(slot, window)) if mode.hashrate >= least else 0
                    for mode in self.modes
                ]
                for slot in self.slots
            ]
            found.append((needed, gives))
        return found

    def shortfalls(self, course: Sequence[int]) -> list[int]:
        """Return the time that each window lacks, in µs."""
        return [
            max(needed - sum(gives[place][at] for place, at in enumerate(course)), 0)
            for needed, gives in self.needs
        ]

    def limited(self, course: Sequence[int]) -> int:
        """Return what a whole sequence adds at the levels of what is limited."""
        goal = self.request.goal
        if isinstance(goal, Budget):
            over = sum(max(day - self.amount, 0) for day in self.spendings(course))
            return over << (_LEVEL * 9)
        if isinstance(goal, Hours):
            return sum(self.shortfalls(course)) << (_LEVEL * 6)
        return 0

    def choices(self, place: int, before: str | None, began: Phase) -> list[Choice]:
        """Return what a slot may have after another."""
        key = (place, before, began)
        if key not in self._choices:
            self._choices[key] = [
                (
                    at,
                    mode.name,
                    self.phase(place, before, began, mode),
                    packed(self._levels(place, before, began, at)),
                )
                for at, mode in enumerate(self.modes)
                if self.is_allowed(place, before, began, mode)
            ]
        return self._choices[key]

    def all(self) -> Iterator[tuple[int, list[int]]]:
        """Yield each allowed sequence after what it comes to."""
        present = self.request.present
        course: list[int] = []

        def more(
            place: int, before: str | None, began: Phase, total: int
        ) -> Iterator[tuple[int, list[int]]]:
            """Yield all that begin like the course."""
            if place == len(self.slots):
                yield total + self.limited(course), course
                return
            for at, name, phase, step in self.choices(place, before, began):
                course.append(at)
                yield from more(place + 1, name, phase, total + step)
                course.pop()

        yield from more(0, present.mode, present.since, 0)

    def best(self) -> int:
        """Return what the best of all sequences comes to."""
        return min(total for total, _ in self.all())

    def worth(self, course: Sequence[int]) -> int | None:
        """Return what a sequence comes to, None if it is not allowed."""
        before, began, total = self.request.present.mode, self.request.present.since, 0
        for place, wanted in enumerate(course):
            for at, name, phase, step in self.choices(place, before, began):
                if at == wanted:
                    before, began, total = name, phase, total + step
                    break
            else:
                return None
        return total + self.limited(course)

    def places(self, names: Sequence[str]) -> list[int]:
        """Return the places of modes."""
        known = [mode.name for mode in self.modes]
        return [known.index(name) for name in names]
