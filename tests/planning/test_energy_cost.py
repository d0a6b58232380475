"""The cost of energy is what a careful accountant with all bills would find."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
import json
import math
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.planning.energy_cost import (
    CostLedger,
    hour_start,
)
from custom_components.miner_controller.planning.slots import Slot
from custom_components.miner_controller.planning.spans import Span

from . import HOUR, LONDON, MIDNIGHT, at, priced, utc

STEP = timedelta(seconds=30)
MINUTE = timedelta(minutes=1)

# Before midnights, before the clock goes forward and back, and where an hour of the
# clock begins at a quarter past.
STARTS = (
    ("2026-01-15 17:00", LONDON),
    ("2026-03-28 20:00", LONDON),
    ("2026-10-24 20:00", LONDON),
    ("2026-06-01 12:00", ZoneInfo("Asia/Kathmandu")),
)


@dataclass(frozen=True, kw_only=True)
class Event:
    """What happens between two polls. Powers in W."""

    steps: int
    power: int
    share: float
    known: int
    """How many slots more have a known price afterwards."""
    restarted: bool


EVENTS = st.lists(
    st.builds(
        Event,
        steps=st.integers(1, 50),
        power=st.sampled_from((0, 15, 900, 3600)),
        share=st.sampled_from((0.0, 0.0, 0.25, 1.0)),
        known=st.sampled_from((0, 0, 0, 1, 6)),
        restarted=st.booleans(),
    ),
    min_size=1,
    max_size=60,
)
# In hundredths, so that the accountant can be exact.
PRICES = st.lists(st.integers(-20, 90), min_size=8, max_size=8)
OWN_PRICE = 0.15


def restarted(ledger: CostLedger) -> CostLedger:
    """Return what is left of a ledger after a restart."""
    return CostLedger.from_dict(json.loads(json.dumps(ledger.as_dict())))


@dataclass(frozen=True, kw_only=True)
class Item:
    """What was used in one step of half a minute, as the accountant has it."""

    start: datetime
    energy: Fraction
    share: Fraction
    price: Fraction
    slot: int


class Accountant:
    """Sums up steps of half a minute, with fractions, and looks at each one's clock."""

    def __init__(self, zone: ZoneInfo) -> None:
        """Initialize with nothing."""
        self.zone = zone
        self.items: list[Item] = []

    def cost(
        self, known: int, counts: Callable[[datetime], bool] = lambda _: True
    ) -> Fraction | None:
        """Return the cost of the steps that count, with the slots known so far."""
        found, waits = [], False
        for item in self.items:
            if counts(item.start.astimezone(self.zone)):
                if item.share:
                    found.append(item.energy * item.share * Fraction(OWN_PRICE))
                if item.slot < known:
                    found.append(item.energy * (1 - item.share) * item.price)
                elif item.share < 1:
                    waits = True
        return None if waits and not found else sum(found, start=Fraction())

    def waiting(self, known: int) -> Fraction:
        """Return the energy without a price."""
        return sum(
            (i.energy * (1 - i.share) for i in self.items if i.slot >= known),
            start=Fraction(),
        )


def on(day: datetime) -> Callable[[datetime], bool]:
    """Return what tells whether a moment is on a local day."""
    return lambda then: then.date() == day.date()


def within(hour: datetime) -> Callable[[datetime], bool]:
    """Return what tells whether a moment is in an hour of the clock."""
    return lambda then: (
        (then.date(), then.hour, then.utcoffset())
        == (hour.date(), hour.hour, hour.utcoffset())
    )


def same(found: float | None, expected: Fraction | None) -> bool:
    """Return whether both are the same, but for the last digits of arithmetic."""
    if found is None or expected is None:
        return found is None and expected is None
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(STARTS),
    st.sampled_from((5, 15, 30, 60)),
    PRICES,
    st.integers(0, 9),
    st.integers(0, 8),
    EVENTS,
)
def test_the_accountant_agrees(
    begin: tuple[str, ZoneInfo],
    length: int,
    prices: list[int],
    offset: int,
    known: int,
    events: list[Event],
) -> None:
    """On and off, late prices, sunshine and restarts: no cent is lost or put elsewhere.

    It holds after each poll, for the total, the local day and the hour of the clock.
    """
    text, zone = begin
    slot_length = timedelta(minutes=length)
    slots = tuple(
        Slot(
            start=utc(text) + index * slot_length,
            end=utc(text) + (index + 1) * slot_length,
            price=prices[index * index % len(prices)] / 100,
        )
        for index in range(timedelta(hours=26) // slot_length)
    )
    accountant, ledger = Accountant(zone), CostLedger()
    now = utc(text) + offset * STEP
    for event in events:
        end = now + event.steps * STEP
        energy = event.power * (end - now).total_seconds() / 3_600_000
        solar = (OWN_PRICE, event.share) if event.share else None
        ledger.add(now, end, energy, slots[:known], solar=solar)
        for step in range(event.steps if event.power else 0):
            index = (now + step * STEP - utc(text)) // slot_length
            accountant.items.append(
                Item(
                    start=now + step * STEP,
                    energy=Fraction(event.power) / 120_000,
                    share=Fraction(event.share),
                    price=Fraction(prices[index * index % len(prices)], 100),
                    slot=index,
                )
            )
        now = end
        known += event.known
        ledger.settle(slots[:known], now)
        if event.restarted:
            ledger = restarted(ledger)
        total = accountant.cost(known)
        assert same(ledger.total, total or Fraction())
        assert same(ledger.unpriced_energy, accountant.waiting(known))
        local = now.astimezone(zone)
        assert same(ledger.today(now, zone), accountant.cost(known, on(local)))
        assert same(ledger.this_hour(now, zone), accountant.cost(known, within(local)))


def test_a_late_price_counts_where_the_energy_was_used() -> None:
    """Yesterday's cost becomes known today, and is none of today's."""
    ledger = CostLedger()
    now = at(24)
    ledger.add(at(23.5), now, 2, ())
    assert ledger.total == 0
    assert ledger.unpriced_energy == 2
    assert ledger.today(at(23.9), LONDON) is None
    assert ledger.this_hour(at(23.9), LONDON) is None
    assert ledger.today(now, LONDON) == 0
    assert ledger.waiting == Span(start=at(23.5), end=now)
    assert ledger.unpriced_between(at(23), at(23.75)) == pytest.approx(1)
    assert ledger.unpriced_between(now, at(25)) == 0
    assert not ledger.settle(priced(0.3, start=at(24)), at(24.5))
    assert ledger.settle(priced(0.3, start=at(23.5)), at(24.5))
    assert ledger.total == pytest.approx(0.6)
    assert ledger.unpriced_energy == 0
    assert restarted(ledger).waiting is None
    assert ledger.today(at(24.5), LONDON) == 0
    assert ledger.today(at(23.9), LONDON) == pytest.approx(0.6)
    # It is paid once.
    ledger.settle(priced(0.3, start=at(23.5)), at(24.5))
    assert ledger.total == pytest.approx(0.6)


def test_a_price_that_is_known_in_part_is_waited_for() -> None:
    """Where a slot begins within five minutes, those wait until all of them have one.

    Their price is then the average.
    """
    ledger = CostLedger()
    ledger.add(at(0), at(0) + 5 * MINUTE, 1, ())
    late = Slot(start=at(0) + 2 * MINUTE, end=at(1), price=0.1)
    ledger.settle((late,), at(1))
    assert ledger.unpriced_energy == pytest.approx(1)
    early = Slot(start=at(0), end=at(0) + 2 * MINUTE, price=0.6)
    ledger.settle((early,), at(1))
    assert ledger.unpriced_energy == pytest.approx(1)
    ledger.settle((early, late), at(1))
    assert ledger.total == pytest.approx(0.6 * 2 / 5 + 0.1 * 3 / 5)
    assert ledger.unpriced_energy == 0


def test_the_sun_is_paid_at_once() -> None:
    """What needs no price of the tariff does not wait for one."""
    ledger = CostLedger()
    ledger.add(at(0), at(0.25), 4, (), solar=(0.15, 0.75))
    assert ledger.total == pytest.approx(0.45)
    assert ledger.unpriced_energy == pytest.approx(1)
    assert ledger.today(at(0.25), LONDON) == pytest.approx(0.45)
    ledger.add(at(0.25), at(0.5), 4, (), solar=(0.15, 1.0))
    assert ledger.unpriced_energy == pytest.approx(1)


@pytest.mark.parametrize("energy", [0, -1, math.nan, math.inf])
def test_no_energy(energy: float) -> None:
    """What is no energy changes nothing."""
    ledger = CostLedger()
    ledger.add(at(0), at(0.1), energy, priced(0.3))
    assert ledger.as_dict() == CostLedger().as_dict()


@pytest.mark.parametrize(
    "solar", [(math.nan, 0.5), (0.1, math.nan), (math.inf, 1), (0.1, 2), (0.1, -1)]
)
def test_no_surplus(solar: tuple[float, float]) -> None:
    """What is no surplus leaves the total a number: all is paid by the tariff."""
    ledger = CostLedger()
    ledger.add(at(0), at(0.1), 2, priced(0.3), solar=solar)
    assert ledger.total == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(at(5), at(1), id="set back"),
        pytest.param(at(1), at(1), id="stopped"),
        pytest.param(at(-400), at(1), id="set forward"),
    ],
)
def test_a_clock_that_is_set(start: datetime, end: datetime) -> None:
    """The energy is counted once, at the moment that the clock shows afterwards."""
    ledger = CostLedger()
    ledger.add(start, end, 2, priced(0.1, 0.3, length=HOUR))
    # A second before the full hour the first price still held.
    assert ledger.total == pytest.approx(0.2)
    assert ledger.cost_between(at(0), at(1)) == pytest.approx(0.2)
    assert ledger.unpriced_energy == 0


def test_a_clock_that_was_wrong_for_a_while() -> None:
    """A clock that comes up in another year takes nothing away for good."""
    ledger = CostLedger()
    prices = priced(*[0.1] * 24, length=HOUR)
    for quarter in range(80):
        ledger.add(at(quarter / 4), at(quarter / 4 + 0.25), 1, prices)
    wrong = datetime(2000, 1, 1, tzinfo=MIDNIGHT.tzinfo)
    for minute in range(60):
        ledger.add(wrong + minute * MINUTE, wrong + (minute + 1) * MINUTE, 1, ())
    assert ledger.today(at(20), LONDON) == pytest.approx(8)
    ledger.add(at(20), at(20.25), 1, prices)
    # Nobody will ever know the price of another year.
    assert ledger.unpriced_energy == 0
    assert ledger.total == pytest.approx(8.1)
    assert ledger.today(at(20.25), LONDON) == pytest.approx(8.1)


def test_what_is_kept_is_bounded() -> None:
    """Months without a price, or with one, take no more room than a week or a day."""
    ledger = CostLedger()
    for hour in range(24 * 9):
        ledger.add(at(hour), at(hour + 1), 1, ())
    assert ledger.unpriced_energy == pytest.approx(24 * 7)
    known = priced(*[0.5] * 24 * 9, length=HOUR)
    ledger.settle(known, at(24 * 9))
    assert ledger.unpriced_energy == 0
    assert ledger.total == pytest.approx(24 * 7 * 0.5)
    stored = ledger.as_dict()
    assert not stored["waiting"]
    assert len(stored["costs"]) == 26 * 4
    assert ledger.cost_between(at(24 * 8), at(24 * 9)) == pytest.approx(12)
    # What a clock that was far ahead has left behind makes room for what is true.
    for begin in (at(24 * 300), at(24 * 9)):
        for hour in range(24 * 7):
            ledger.add(begin + hour * HOUR, begin + (hour + 1) * HOUR, 1, ())
            assert len(ledger.as_dict()["waiting"]) <= 7 * 24 * 12
    ledger.settle(priced(*[0.5] * 24 * 7, start=at(24 * 9), length=HOUR), at(24 * 16))
    assert ledger.total == pytest.approx(24 * 7)


@pytest.mark.parametrize(
    ("now", "zone", "expected"),
    [
        ("2026-01-15 10:59", "Europe/London", "2026-01-15 10:00"),
        ("2026-10-25 00:59", "Europe/London", "2026-10-25 00:00"),
        ("2026-10-25 01:00", "Europe/London", "2026-10-25 01:00"),
        ("2026-01-15 10:14", "Asia/Kathmandu", "2026-01-15 09:15"),
        ("2026-01-15 10:15", "Asia/Kathmandu", "2026-01-15 10:15"),
    ],
)
def test_an_hour_of_the_clock(now: str, zone: str, expected: str) -> None:
    """An hour begins where the local clock shows a full one."""
    moment = utc(now) + timedelta(seconds=12, microseconds=5)
    assert hour_start(moment, ZoneInfo(zone)) == utc(expected)


@pytest.mark.parametrize(
    "changes",
    [
        {"total": None},
        {"total": math.nan},
        {"total": True},
        {"total": "1"},
        {"costs": None},
        {"costs": [[1, 2, 3]]},
        {"costs": [["1", 2]]},
        {"costs": [[-1, 2]]},
        {"costs": [[True, 2]]},
        {"costs": [[1, math.inf]]},
        {"costs": [[10**30, 1]]},
        {"waiting": [[1.5, 1]]},
        {"waiting": [[1, 10**400]]},
        {"waiting": 5},
    ],
)
def test_nonsense(changes: dict[str, Any]) -> None:
    """What was never stored is told as such."""
    stored = {**CostLedger().as_dict(), **changes}
    with pytest.raises((TypeError, ValueError, OverflowError)):
        CostLedger.from_dict(stored)


@pytest.mark.parametrize("key", ["total", "costs", "waiting"])
def test_missing(key: str) -> None:
    """A part that is missing is told as such."""
    stored = CostLedger().as_dict()
    del stored[key]
    with pytest.raises(KeyError):
        CostLedger.from_dict(stored)


def test_no_energy_that_waits_is_negative() -> None:
    """A stored energy of nothing, or less, is left out."""
    ledger = CostLedger.from_dict(
        {"total": 1, "costs": [], "waiting": [[5, 0], [6, -1], [7, 2]]}
    )
    assert ledger.as_dict() == {"total": 1.0, "costs": [], "waiting": [[7, 2.0]]}
