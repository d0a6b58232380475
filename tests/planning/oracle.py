"""The cheapest time, found by trying everything."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import combinations, pairwise

from custom_components.miner_controller.planning.slots import Slot


def runs(chosen: Sequence[Slot]) -> list[list[Slot]]:
    """Return slots in runs that have no gap."""
    found = [[slot] for slot in chosen[:1]]
    for before, slot in pairwise(chosen):
        if before.end == slot.start:
            found[-1].append(slot)
        else:
            found.append([slot])
    return found


def duration(slots: Sequence[Slot]) -> timedelta:
    """Return how long slots last together."""
    return sum((slot.duration for slot in slots), timedelta())


def choices(
    usable: Sequence[Slot], number: int, *, split: bool, minimum_run: timedelta
) -> Iterator[tuple[Slot, ...]]:
    """Yield each allowed choice of some slots, the earliest of two first."""
    for chosen in combinations(usable, number):
        found = runs(chosen)
        if (
            all(duration(run) >= minimum_run for run in found)
            if split
            else len(found) == 1
        ):
            yield chosen


def cheapest(
    slots: Sequence[Slot],
    *,
    wanted: timedelta,
    earliest: datetime,
    latest: datetime,
    split: bool,
    minimum_run: timedelta,
    maximum_price: float | None,
    up_to: bool = False,
) -> tuple[Slot, ...]:
    """Return the cheapest slots, which are all of one length. None of them is none."""
    if not slots:
        return ()
    length = slots[0].duration
    assert all(slot.duration == length for slot in slots)
    number = -(-wanted // length)
    minimum_run = min(minimum_run, number * length)
    usable = [
        slot
        for slot in slots
        if earliest <= slot.start
        and slot.end <= latest
        and (maximum_price is None or slot.price <= maximum_price)
    ]
    while number:
        found = choices(usable, number, split=split, minimum_run=minimum_run)
        # The first of several with the same cost is the earliest. The prices of these
        # tests are whole numbers, so their sums are exact.
        best = min(
            found, key=lambda chosen: sum(slot.price for slot in chosen), default=()
        )
        if best or not up_to:
            return best
        number -= 1
    return ()
