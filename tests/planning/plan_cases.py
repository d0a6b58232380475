"""Requests for plans: small and of every kind, or as long as real ones."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import strategies as st

from custom_components.miner_controller.planning.plan_model import (
    OFF,
    Budget,
    Goal,
    Hours,
    Limits,
    ModeFigures,
    PlanRequest,
    PlanSlot,
    Present,
    Profit,
    QuietHours,
    UnknownPrices,
)

from . import HALF_HOUR, LONDON, MIDNIGHT

# A winter evening, and the days on which London's clock is changed.
STARTS = [
    datetime(2026, 1, 15, 20, tzinfo=UTC),
    datetime(2026, 3, 28, 22, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 24, 22, tzinfo=UTC),
    datetime(2026, 10, 25, 0, tzinfo=UTC),
]
# So many slots and modes, at most: a few thousand sequences of them.
SIZES = ((8, 2), (6, 3), (4, 4))


def minutes(number: int) -> timedelta:
    """Return some minutes."""
    return timedelta(minutes=number)


def some(*numbers: int) -> st.SearchStrategy[timedelta]:
    """Return a strategy for some minutes."""
    return st.sampled_from([minutes(number) for number in numbers])


def mode(name: str, terahash: float, power: float) -> ModeFigures:
    """Return a mode that hashes so many TH/s."""
    return ModeFigures(name=name, hashrate=terahash * 1e12, power=power)


def slots_of(
    *prices: float | None, start: datetime = MIDNIGHT, length: timedelta = HALF_HOUR
) -> tuple[PlanSlot, ...]:
    """Return slots of one length."""
    return tuple(
        PlanSlot(
            start=start + place * length, end=start + (place + 1) * length, price=price
        )
        for place, price in enumerate(prices)
    )


MODES = (mode(OFF, 0, 0), mode("low", 2, 100), mode("high", 3, 200))


def request(
    slots: tuple[PlanSlot, ...],
    goal: Goal,
    limits: Limits | None = None,
    present: Present | None = None,
    modes: tuple[ModeFigures, ...] = MODES,
    dearest: float = 0.0,
) -> PlanRequest:
    """Return a request in London."""
    return PlanRequest(
        slots=slots,
        modes=modes,
        goal=goal,
        limits=limits or Limits(),
        present=present or Present(),
        zone=LONDON,
        dearest=dearest,
    )


@st.composite
def slots(draw: st.DrawFn, most: int) -> tuple[PlanSlot, ...]:
    """Return slots of any length, some without a price."""
    start = draw(st.sampled_from(STARTS))
    lengths = draw(st.sampled_from([(30,), (15, 60), (30, 240, 600), (60, 1500)]))
    found = []
    cents = st.integers(-5, 40)
    for _ in range(draw(st.integers(max(most - 3, 1), most))):
        end = start + minutes(draw(st.sampled_from(lengths)))
        cent = draw(cents | cents | cents | st.none())
        price = None if cent is None else cent / 100
        found.append(PlanSlot(start=start, end=end, price=price))
        start = end
    return tuple(found)


@st.composite
def some_modes(draw: st.DrawFn, most: int) -> tuple[ModeFigures, ...]:
    """Return modes in any order, whose figures may be alike."""
    names = draw(st.permutations(["low", "mid", "high", OFF]))
    hundreds = st.integers(1, 4)
    return tuple(
        mode(OFF, 0, draw(st.sampled_from([0, 100])))
        if name == OFF
        else mode(name, draw(hundreds), 100 * draw(hundreds))
        for name in names[:most]
    )


times = st.sampled_from([time(0), time(23), time(1, 30), time(1, 15), time(21, 15)])
profits = st.builds(
    Profit,
    revenue=st.sampled_from([0.0, 0.02, 0.04]),
    heat=st.sampled_from([0.0, 0.05]),
)
budgets = st.builds(
    Budget,
    amount=st.integers(0, 40).map(lambda cents: cents / 100),
    spent=st.sampled_from([0.0, 0.05, 0.3]),
)
hours = st.builds(
    Hours,
    duration=some(0, 30, 60, 90, 120, 300, 600),
    mode=st.sampled_from(["low", "mid", "high", OFF]),
    earliest=times,
    latest=times,
    done=some(0, 30),
)
quiet_hours = st.builds(
    QuietHours,
    start=times,
    end=times,
    cap=st.sampled_from([OFF, "low", "mid", "turbo"]),
)
all_limits = st.builds(
    Limits,
    min_on=some(0, 30, 60, 90, 120),
    min_off=some(0, 30, 60, 90),
    max_off=st.none() | some(0, 45, 60, 120),
    switch_loss=some(0, 10, 45),
    start_loss=some(0, 15),
    quiet_hours=st.none() | quiet_hours,
    unknown=st.sampled_from(UnknownPrices),
)


@st.composite
def requests(
    draw: st.DrawFn,
    goals: st.SearchStrategy[Goal],
    sizes: tuple[tuple[int, int], ...] = SIZES,
) -> PlanRequest:
    """Return a small request of any kind."""
    number, different = draw(st.sampled_from(sizes))
    found = draw(slots(number))
    begun = draw(st.none() | some(-75, -30, 0, 10))
    return PlanRequest(
        slots=found,
        modes=draw(some_modes(different)),
        goal=draw(goals),
        limits=draw(all_limits),
        present=Present(
            mode=draw(st.sampled_from([None, OFF, "low", "mid", "turbo"])),
            since=None if begun is None else found[0].start + begun,
        ),
        zone=LONDON,
        dearest=draw(st.sampled_from([-0.1, 0.0, 0.5])),
    )
