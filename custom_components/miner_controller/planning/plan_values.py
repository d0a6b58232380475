"""What each mode does in each slot of a plan, in whole numbers.

Sums of whole numbers are exact, so two plans that are equally good are told to be so.
Everything is less the better it is: what is wanted has a minus sign.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from .plan_model import (
    OFF,
    Budget,
    ModeFigures,
    PlanRequest,
    PlanSlot,
    Profit,
    UnknownPrices,
)
from .plan_periods import microseconds, overlaps, periods

NANO = 10**9
"""The parts of a unit of currency in which money is reckoned."""
_HOUR = 3_600_000_000
_TERA = 1e12


class Level(IntEnum):
    """What a plan is judged by, each only where all before it are alike."""

    EXCESS = 0
    """Energy above the caps of the quiet hours and of power, in mWh."""
    OVERSPEND = 1
    """Money above the budget of a day, in nano-currency."""
    POLICY = 2
    """Time in a mode that is not meant for unknown prices, in µs."""
    LATE = 3
    """Time off beyond the longest, in µs."""
    SHORTFALL = 4
    """Time in the wanted mode that windows lack, in µs."""
    PROFIT = 5
    """Cost less the worth of hashes and heat, in nano-currency."""
    HASHES = 6
    """Hashes with a minus sign, in millions."""
    COST = 7
    """In nano-currency."""
    SWITCHES = 8
    """Changes of the mode."""
    LATENESS = 9
    """Slots from each change to the end: later changes are better."""
    ORDER = 10
    """The places of the modes among those that the user allows, each times the square
    of the slots to the end: so there is hardly ever more than one best plan, and it is
    found again when a part of it is over."""


@dataclass(frozen=True, slots=True)
class SlotFigures:
    """A slot in whole numbers: a number for each mode, in their order."""

    length: int
    """In µs."""
    excess: Sequence[int]
    policy: Sequence[int]
    value: Sequence[int]
    """Cost less worth, or hashes with a minus sign, as the goal has it."""
    lost: Sequence[int]
    """What a change into each mode takes from its value."""
    lost_at_start: Sequence[int]
    """What a start in each mode takes from its value."""
    cost: Sequence[int]
    hold: int
    """The time in which another mode than before is not meant, in µs."""
    quiet: int
    """The time that lies in the quiet hours, in µs."""


def _hours(length: int) -> float:
    """Return a duration in hours."""
    return length / _HOUR


def spend(mode: ModeFigures, price: float, length: int) -> int:
    """Return what a mode costs in a time (µs), in nano-currency."""
    return round(price * mode.power / 1000 * _hours(length) * NANO)


def _worth(mode: ModeFigures, goal: Profit, length: int) -> int:
    """Return what the hashes of a time (µs) are worth, in nano-currency."""
    return round(goal.revenue * mode.hashrate / _TERA * _hours(length) * NANO)


def _hashes(mode: ModeFigures, length: int) -> int:
    """Return the hashes of a time (µs), in millions."""
    return round(mode.hashrate * length / _TERA)


def unknown_price(request: PlanRequest) -> float:
    """Return with which price a slot is reckoned whose price is not known.

    It is the dearest that is known, of the slots and of late, so that a budget is kept
    whatever the slot will cost, and no plan takes it for cheap.
    """
    known = (slot.price for slot in request.slots if slot.price is not None)
    return max([0.0, request.dearest, *known])


def least_mode(modes: Sequence[ModeFigures]) -> ModeFigures:
    """Return the mode of work that draws least, or off if there is none."""
    return min(
        (mode for mode in modes if not mode.is_off),
        key=lambda mode: mode.power,
        default=modes[0],
    )


def quiet_power(request: PlanRequest) -> float:
    """Return the power that no mode may exceed in the quiet hours, in W.

    Of a cap that is not one of the modes, nothing is known but that the user wanted it
    quiet: then it is the mode of work that draws least.
    """
    quiet = request.limits.quiet_hours
    if quiet is None or quiet.cap == OFF:
        return 0.0
    named = (mode for mode in request.modes if mode.name == quiet.cap)
    return next(named, least_mode(request.modes)).power


class _Reckoner:
    """Turns the slots of a request into whole numbers."""

    def __init__(self, request: PlanRequest, caps: Sequence[float] | None) -> None:
        """Work out what is the same for all slots."""
        self._request = request
        self._caps = caps
        self._modes = modes = request.modes
        limits = request.limits
        self._loss = max(microseconds(limits.switch_loss), 0)
        self._start_loss = self._loss + max(microseconds(limits.start_loss), 0)
        self._quiet_power = quiet_power(request)
        wanted = least_mode(modes)
        if limits.unknown is UnknownPrices.OFF:
            wanted = next((mode for mode in modes if mode.is_off), wanted)
        self._wanted = wanted.name
        self._unknown = unknown_price(request)
        self._zeros = (0,) * len(modes)

    def figures(self) -> Iterator[SlotFigures]:
        """Yield the figures of each slot."""
        request = self._request
        quiet = request.limits.quiet_hours
        inside: Iterator[tuple[tuple[int, int], ...]] = iter(())
        if quiet is not None:
            windows = periods(request.slots, quiet.start, quiet.end, request.zone)
            inside = overlaps(request.slots, windows)
        for place, slot in enumerate(request.slots):
            time = sum(shared for _, shared in next(inside, ()))
            yield self._slot(slot, place, time)

    def _slot(self, slot: PlanSlot, place: int, quiet: int) -> SlotFigures:
        """Return the figures of a slot that is quiet for a time (µs)."""
        length = microseconds(slot.duration)
        excess = self._excess(length, place, quiet)
        zeros = self._zeros
        price = self._unknown if slot.price is None else slot.price
        cost = tuple(spend(mode, price, length) for mode in self._modes)
        if slot.price is None:
            hold = self._request.limits.unknown is UnknownPrices.HOLD
            policy = zeros if hold else self._policy(length)
            return SlotFigures(
                length, excess, policy, zeros, zeros, zeros, cost, hold * length, quiet
            )
        value, lost, lost_at_start = self._value(price, length)
        return SlotFigures(
            length, excess, zeros, value, lost, lost_at_start, cost, 0, quiet
        )

    def _policy(self, length: int) -> Sequence[int]:
        """Return the time in which each mode is not the one for unknown prices."""
        return tuple(0 if mode.name == self._wanted else length for mode in self._modes)

    def _excess(self, length: int, place: int, quiet: int) -> Sequence[int]:
        """Return the energy of each mode that is above the caps, in mWh."""
        if not quiet and self._caps is None:
            return self._zeros
        found = []
        for mode in self._modes:
            above = 0
            if quiet and not mode.is_off:
                power = max(mode.power - self._quiet_power, 0)
                above += round(power * _hours(quiet) * 1000)
            if self._caps is not None:
                power = max(mode.power - self._caps[place], 0)
                above += round(power * _hours(length) * 1000)
            found.append(above)
        return tuple(found)

    def _value(
        self, price: float, length: int
    ) -> tuple[Sequence[int], Sequence[int], Sequence[int]]:
        """Return the value of each mode, and what a change and a start take of it.

        A change loses no more than the slot in which it is, also where that is shorter
        than the loss.
        """
        goal, modes = self._request.goal, self._modes
        kept = length - min(self._loss, length)
        kept_at_start = length - min(self._start_loss, length)
        match goal:
            case Profit():
                whole = [_worth(mode, goal, length) for mode in modes]
                value = tuple(
                    spend(mode, price - goal.heat, length) - worth
                    for mode, worth in zip(modes, whole, strict=True)
                )
                if kept == kept_at_start == length:
                    return value, self._zeros, self._zeros
                return (
                    value,
                    tuple(
                        worth - _worth(mode, goal, kept)
                        for mode, worth in zip(modes, whole, strict=True)
                    ),
                    tuple(
                        worth - _worth(mode, goal, kept_at_start)
                        for mode, worth in zip(modes, whole, strict=True)
                    ),
                )
            case Budget():
                whole = [_hashes(mode, length) for mode in modes]
                return (
                    tuple(-number for number in whole),
                    tuple(
                        number - _hashes(mode, kept)
                        for mode, number in zip(modes, whole, strict=True)
                    ),
                    tuple(
                        number - _hashes(mode, kept_at_start)
                        for mode, number in zip(modes, whole, strict=True)
                    ),
                )
        return self._zeros, self._zeros, self._zeros


def figures(
    request: PlanRequest, caps: Sequence[float] | None = None
) -> list[SlotFigures]:
    """Return all slots in whole numbers, with a cap on power (W) for each of them."""
    return list(_Reckoner(request, caps).figures())
