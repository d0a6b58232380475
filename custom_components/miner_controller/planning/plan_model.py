"""What a plan is made of: modes, slots, a goal, limits, and the result."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise
import math

OFF = "off"
"""The name of the mode in which a miner does no work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeFigures:
    """What a miner does and draws in a mode.

    Hashrate in H/s, power in W. A miner that is off may still draw some power. Raises
    ValueError where one of them is no number or below zero.
    """

    name: str
    hashrate: float
    power: float
    learned: bool = False
    """It was measured on this miner; else it is the nominal value of its model."""

    def __post_init__(self) -> None:
        """Refuse what no sum can be made of."""
        if not all(0 <= each < math.inf for each in (self.hashrate, self.power)):
            raise ValueError("A mode has a finite hashrate and a finite power")

    @property
    def is_off(self) -> bool:
        """Return whether the miner does no work in this mode."""
        return self.name == OFF


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSlot:
    """A span that gets one mode. Without a price it is not known what it costs.

    Both moments are in UTC, the price is in currency per kWh. Raises ValueError where
    that makes no slot.
    """

    start: datetime
    end: datetime
    price: float | None = None

    def __post_init__(self) -> None:
        """Refuse what is no slot."""
        if self.end <= self.start or not math.isfinite(self.price or 0):
            raise ValueError("A slot has a duration and a finite price")

    @property
    def duration(self) -> timedelta:
        """Return how long the slot is."""
        return self.end - self.start


class UnknownPrices(StrEnum):
    """What a miner does in a slot whose price is not known."""

    HOLD = "hold"
    LOWEST = "lowest"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """A time of each day in which no mode is used that draws more than another.

    It is of the local clock, over midnight where the end is not after the start, and
    all day where both are alike. `cap` is the name of the loudest mode that is allowed,
    which may be `off`. If it is not among the modes of a plan, it is taken for the one
    that draws least.
    """

    start: time
    end: time
    cap: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a plan keeps to.

    `switch_loss` is the time of hashing that each change of the mode costs, that from
    off included; `start_loss` is what a start from off costs beyond that.
    """

    min_on: timedelta = timedelta()
    min_off: timedelta = timedelta()
    max_off: timedelta | None = None
    switch_loss: timedelta = timedelta()
    start_loss: timedelta = timedelta()
    quiet_hours: QuietHours | None = None
    unknown: UnknownPrices = UnknownPrices.HOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class Profit:
    """The most revenue less cost.

    `revenue` is in currency for one TH/s that is hashed for an hour, `heat` what the
    heat of a kWh is worth. Raises ValueError where one of them is no number, or hashes
    are worth less than nothing.
    """

    revenue: float
    heat: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no profit can be made of."""
        if not 0 <= self.revenue < math.inf or not math.isfinite(self.heat):
            raise ValueError("Hashes and heat have a finite worth")


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The most hashes for at most an amount of currency each local day.

    `spent` is what the present day has cost before the first slot of the plan.
    """

    amount: float
    spent: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """At least so much time a day in a mode, or one as fast, at the least cost.

    The time lies between two times of the local clock, over midnight where the second
    is not after the first, and all day where both are alike. `done` is what the window
    that contains the start of the first slot, if there is one, has seen of it before.
    Of a window that the slots end in, the part of the time is wanted that belongs to
    the part up to there. Where the mode is not among those of a plan, it is the fastest
    of them.
    """

    duration: timedelta
    mode: str
    earliest: time = time.min
    latest: time = time.min
    done: timedelta = timedelta()


type Goal = Profit | Budget | Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What a miner does when the first slot begins.

    `mode` is None where it is not known; it may be one that the plan does not have.
    `since` is when the miner was last switched on or off, None where that is long ago.
    """

    mode: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """All that a plan for one miner follows from.

    The slots are in order and follow each other without a gap. The modes are those that
    the user allows, at least one, and apart by their names; `off` is one of them where
    the miner can be off. `dearest` is the highest price of late, in currency per kWh: a
    slot without a price is reckoned no cheaper. Raises ValueError where that is not so.
    """

    slots: tuple[PlanSlot, ...]
    modes: tuple[ModeFigures, ...]
    goal: Goal
    limits: Limits
    present: Present
    zone: tzinfo
    dearest: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no plan can be made of."""
        if any(one.end != other.start for one, other in pairwise(self.slots)):
            raise ValueError("The slots follow each other without a gap")
        if len({mode.name for mode in self.modes}) != len(self.modes) or not self.modes:
            raise ValueError("There are modes, apart by their names")
        if not math.isfinite(self.dearest):
            raise ValueError("The dearest price is a finite one")


class Reason(StrEnum):
    """Why a slot has its mode."""

    EARNS = "earns"
    """It earns more than it costs."""
    TOO_DEAR = "too_dear"
    """No mode earns what it costs, or the budget is better used at other times."""
    CHEAPEST = "cheapest"
    """It is among the cheapest slots for the hours that are wanted."""
    BUDGET = "budget"
    """The budget allows it."""
    NOT_NEEDED = "not_needed"
    """The hours that are wanted are had in cheaper slots."""
    MINIMUM_RUN = "minimum_run"
    """The shortest time on or off is not over, or a switch would not pay."""
    LONGEST_OFF = "longest_off"
    """The longest time off is over."""
    QUIET_HOURS = "quiet_hours"
    POWER_CAP = "power_cap"
    UNKNOWN_PRICE = "unknown_price"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSlot:
    """A slot with the mode that the plan has for it.

    `hashes` is the number that is expected, less what a switch costs. `energy` is in
    kWh; `cost` and `revenue` are in currency, None where they are not known.
    """

    start: datetime
    end: datetime
    price: float | None
    mode: str
    reason: Reason
    hashes: float
    energy: float
    cost: float | None
    revenue: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The modes of a miner for all slots.

    `exact` tells that no plan is better. With very many possibilities, some that use
    nearly the same of a budget or of the time were taken for one, and miners that share
    power may have been planned one after the other.
    """

    slots: tuple[PlannedSlot, ...]
    exact: bool = True

    def at(self, moment: datetime) -> PlannedSlot | None:
        """Return the slot that contains a moment."""
        return next(
            (slot for slot in self.slots if slot.start <= moment < slot.end), None
        )

    def next_change(self, moment: datetime) -> PlannedSlot | None:
        """Return the first slot after a moment that has another mode than then."""
        now = self.at(moment)
        return next(
            (
                slot
                for slot in self.slots
                if now is not None and slot.start > moment and slot.mode != now.mode
            ),
            None,
        )
