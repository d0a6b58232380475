"""What the energy of a miner has cost: each part of it by the price that held.

A price may become known only after its energy was used. Until then the energy waits,
and nothing is counted for it, rather than a zero.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
import math
from typing import Any, Final, Self

from .slots import (
    Slot,
    average,
    clipped,
    day_span,
    gaps,
    is_complete,
    overlapping,
    slot_at,
)
from .spans import Span

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
_HOUR: Final = timedelta(hours=1)

# Where an hour and a day begin in any zone, and where any tariff changes its price. An
# offset from UTC is a multiple of the one, a slot that is bought of the other.
_COST_CELL: Final = timedelta(minutes=15)
_WAITING_CELL: Final = timedelta(minutes=5)
_CELLS: Final = _COST_CELL // _WAITING_CELL

# The longest local day and the hour before it.
_KEPT_COSTS: Final = timedelta(hours=26) // _COST_CELL
_LONGEST_WAIT: Final = timedelta(days=7)
_KEPT_WAITING: Final = _LONGEST_WAIT // _WAITING_CELL

# Some centuries from 1970, and far from the calendar's end.
_LAST_CELL: Final = 100_000_000


class CostLedger:
    """Keeps what energy has cost, for a day in detail and as a total for ever.

    All moments are in UTC, energy is in kWh, prices are in currency per kWh. What a
    time has cost is exact where the times begin and end on quarters of an hour and the
    late prices on five minutes, as those of every tariff do; beyond that it is right
    to within so much time.
    """

    def __init__(self) -> None:
        """Initialize without any cost."""
        self.total = 0.0
        """What all energy with a known price has cost, in currency.

        It falls where a price is negative.
        """
        # By the number of the cell since the epoch: what was spent, and what waits.
        self._costs: dict[int, float] = {}
        self._waiting: dict[int, float] = {}

    @property
    def unpriced_energy(self) -> float:
        """Return the energy that waits for its price, in kWh.

        After a week it waits no longer, and is not paid for by any total.
        """
        return math.fsum(self._waiting.values())

    @property
    def waiting(self) -> Span | None:
        """Return the time within which the energy was used that waits for its price."""
        if not self._waiting:
            return None
        return Span(
            start=_EPOCH + min(self._waiting) * _WAITING_CELL,
            end=_EPOCH + (max(self._waiting) + 1) * _WAITING_CELL,
        )

    def add(
        self,
        start: datetime,
        end: datetime,
        energy: float,
        slots: Sequence[Slot],
        *,
        solar: tuple[float, float] | None = None,
    ) -> None:
        """Count energy that was used evenly between two moments.

        `solar` is the price of own surplus, and the share of the energy that is such,
        from 0 to 1; the rest is paid at the prices of the slots. Where one of them is
        no finite number, nothing is known of any surplus: a total never recovers from
        such a one. A time that is none, or longer than any two polls are apart, tells
        that the clock was set: the energy counts as used at its end then.
        """
        if not 0 < energy < math.inf:
            return
        if not timedelta() < end - start <= _HOUR:
            start = end - _SECOND
        own_price, share = solar or (0.0, 0.0)
        if not (math.isfinite(own_price) and 0 <= share <= 1):
            own_price = share = 0.0
        power = energy / (end - start).total_seconds()
        own, bought = power * share, power * (1 - share)
        for number in range(
            (start - _EPOCH) // _WAITING_CELL, _upward(end, _WAITING_CELL)
        ):
            cell = _EPOCH + number * _WAITING_CELL
            first, last = max(start, cell), min(end, cell + _WAITING_CELL)
            if own > 0:
                self._spend(number, own * (last - first).total_seconds() * own_price)
            if bought <= 0:
                continue
            for slot in clipped(slots, first, last):
                self._spend(number, bought * slot.duration.total_seconds() * slot.price)
            for gap in gaps(slots, first, last):
                late = bought * gap.duration.total_seconds()
                self._waiting[number] = self._waiting.get(number, 0.0) + late
        self.forget(end)

    def settle(self, slots: Sequence[Slot], now: datetime) -> bool:
        """Pay for what waits, as far as its prices have become known.

        The cost counts when the energy was used: yesterday's is none of today's. Return
        whether anything was paid.
        """
        waiting = self.waiting
        if waiting is None:
            return False
        before = len(self._waiting)
        known = overlapping(slots, waiting.start, waiting.end)
        for number in tuple(self._waiting) if known else ():
            start = _EPOCH + number * _WAITING_CELL
            end = start + _WAITING_CELL
            if (price := _price(known, start, end)) is not None:
                self._spend(number, self._waiting.pop(number) * price)
        paid = len(self._waiting) < before
        self.forget(now)
        return paid

    def cost_between(self, start: datetime, end: datetime) -> float | None:
        """Return what a time has cost that began at most 25 hours ago, in currency.

        It is the cost of what has a price so far, and zero where nothing was used. None
        where something was used and none of it has a price yet.
        """
        first, last = _upward(start, _COST_CELL), _upward(end, _COST_CELL)
        spent = [cost for cell, cost in self._costs.items() if first <= cell < last]
        if not spent and any(first <= cell // _CELLS < last for cell in self._waiting):
            return None
        return math.fsum(spent)

    def unpriced_between(self, start: datetime, end: datetime) -> float:
        """Return the energy of a time that waits for its price, in kWh."""
        first, last = _upward(start, _WAITING_CELL), _upward(end, _WAITING_CELL)
        return math.fsum(
            energy for cell, energy in self._waiting.items() if first <= cell < last
        )

    def today(self, now: datetime, zone: tzinfo) -> float | None:
        """Return what the local day has cost, as `cost_between` does."""
        day = day_span(now, zone)
        return self.cost_between(day.start, day.end)

    def this_hour(self, now: datetime, zone: tzinfo) -> float | None:
        """Return what the hour of the local clock has cost, as `cost_between` does."""
        start = hour_start(now, zone)
        return self.cost_between(start, start + _HOUR)

    def _spend(self, number: int, cost: float) -> None:
        """Count a cost where its energy was used."""
        self.total += cost
        cell = number // _CELLS
        self._costs[cell] = self._costs.get(cell, 0.0) + cost

    def forget(self, now: datetime) -> None:
        """Forget what is long ago, so that what is kept never grows.

        Of too much, what is furthest from now goes first. A clock that was wrong for a
        while can so neither push out what is true nor leave its own behind for long.
        """
        oldest = (now - _LONGEST_WAIT - _EPOCH) // _WAITING_CELL
        for number in [number for number in self._waiting if number < oldest]:
            del self._waiting[number]
        _thin(self._waiting, (now - _EPOCH) // _WAITING_CELL, _KEPT_WAITING)
        _thin(self._costs, (now - _EPOCH) // _COST_CELL, _KEPT_COSTS)

    def as_dict(self) -> dict[str, Any]:
        """Return the ledger as plain values that survive JSON unchanged."""
        return {
            "total": self.total,
            "costs": [[cell, cost] for cell, cost in self._costs.items()],
            "waiting": [[cell, energy] for cell, energy in self._waiting.items()],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the ledger that `as_dict` stored.

        Raises KeyError, TypeError, ValueError or OverflowError where it did not.
        """
        ledger = cls()
        ledger.total = _finite(data["total"])
        ledger._costs = dict(_cells(data["costs"]))
        ledger._waiting = {
            cell: energy for cell, energy in _cells(data["waiting"]) if energy > 0
        }
        return ledger


def hour_start(now: datetime, zone: tzinfo) -> datetime:
    """Return when, in UTC, the hour of the local clock began that contains a moment."""
    local = now.astimezone(zone)
    return now - timedelta(
        minutes=local.minute, seconds=local.second, microseconds=local.microsecond
    )


def _price(slots: Sequence[Slot], start: datetime, end: datetime) -> float | None:
    """Return the price of a time, None where any of it has none yet."""
    slot = slot_at(slots, start)
    if slot is None or end <= slot.end:
        return None if slot is None else slot.price
    if not is_complete(slots, start, end):
        return None
    return average(clipped(slots, start, end))


def _upward(moment: datetime, cell: timedelta) -> int:
    """Return the number of the first cell that begins at a moment or later."""
    return -((_EPOCH - moment) // cell)


def _thin(cells: dict[int, float], now: int, most: int) -> None:
    """Forget the cells furthest from now until there are few enough."""
    while len(cells) > most:
        del cells[max(cells, key=lambda cell: abs(cell - now))]


def _cells(rows: Iterable[Sequence[Any]]) -> Iterable[tuple[int, float]]:
    """Return stored cells with their values."""
    for number, value in rows:
        if type(number) is not int or not 0 <= number < _LAST_CELL:
            raise ValueError("There is no such cell")
        yield number, _finite(value)


def _finite(value: float) -> float:
    """Return a stored number."""
    if isinstance(value, bool) or not math.isfinite(value):
        raise ValueError("The number is none")
    return float(value)
