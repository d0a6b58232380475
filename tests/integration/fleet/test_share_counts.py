"""Tests for counting shares from counters that miners begin anew as they like."""

from datetime import date
import json

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.fleet.share_counts import (
    Reading,
    ShareCounts,
    Shares,
)

DAY, NEXT_DAY = date(2026, 11, 10), date(2026, 11, 11)
NOON = 43_200.0


def shares(accepted: int, rejected: int = 0) -> Shares:
    """Return a number of shares."""
    return Shares(accepted=accepted, rejected=rejected)


def counted(
    *readings: tuple[Shares, str | None, float, date], miner: str = "bench"
) -> ShareCounts:
    """Return what was counted after readings of one miner, each at a time in s."""
    counts = ShareCounts(day=DAY)
    for told, pool, at, day in readings:
        counts.read(miner, told, pool=pool, at=at, day=day)
    return counts


type Row = tuple[list[tuple[int, str | None, float, date]], int, dict[str, int]]

# What a miner tells, for which pool, when and on which day; what there is of it today
# and by pool.
READINGS: tuple[Row, ...] = (
    # Nobody knows when and where it was found.
    ([(100, "gold", 0.0, DAY)], 0, {}),
    ([(100, "gold", 0.0, DAY), (107, "gold", 15.0, DAY)], 7, {"gold": 7}),
    # It was found before the pool was changed, which is seen only afterwards.
    ([(100, "gold", 0.0, DAY), (107, "silver", 15.0, DAY)], 7, {"gold": 7}),
    (
        [(1, "gold", 0.0, DAY), (3, "silver", 15.0, DAY), (7, "silver", 30.0, DAY)],
        6,
        {"gold": 2, "silver": 4},
    ),
    # A miner that has started anew has worked for the pool that it shows.
    ([(100, "gold", 0.0, DAY), (3, "silver", 15.0, DAY)], 3, {"silver": 3}),
    ([(100, "gold", 0.0, DAY), (0, "silver", 15.0, DAY)], 0, {}),
    # What a pool got that the home does not know counts only for all together.
    ([(1, None, 0.0, DAY), (4, None, 15.0, DAY)], 3, {}),
    ([(1, None, 0.0, DAY), (4, "gold", 15.0, DAY)], 3, {"gold": 3}),
    # A poll after midnight brings what was found at midnight.
    ([(1, "gold", 0.0, DAY), (4, "gold", 600.0, NEXT_DAY)], 3, {"gold": 3}),
    # After a long gap nobody knows on which day it was, unless it was one.
    ([(1, "gold", 0.0, DAY), (4, "gold", 601.0, NEXT_DAY)], 0, {"gold": 3}),
    ([(1, "gold", 0.0, DAY), (4, "gold", NOON, DAY)], 3, {"gold": 3}),
    # A clock that was set back says nothing of a gap.
    ([(1, "gold", 60.0, DAY), (4, "gold", 0.0, NEXT_DAY)], 0, {"gold": 3}),
    # A day ends.
    (
        [
            (1, "gold", 0.0, DAY),
            (5, "gold", 15.0, DAY),
            (5, "gold", 30.0, NEXT_DAY),
        ],
        0,
        {"gold": 4},
    ),
)


def test_readings() -> None:
    """Each share is counted for the pool and the day that it was found for."""
    for readings, today, by_pool in READINGS:
        counts = counted(
            *(
                (shares(told, 2 * told), pool, at, day)
                for told, pool, at, day in readings
            )
        )
        assert counts.today == shares(today, 2 * today), readings
        assert counts.by_pool == {
            pool: shares(count, 2 * count) for pool, count in by_pool.items()
        }, readings
        assert counts.day == readings[-1][3]


def test_one_counter_that_went_back_is_enough() -> None:
    """A miner that started anew may have passed one of its old counts already."""
    for told in (shares(3, 5), shares(9, 1)):
        counts = counted((shares(4, 4), "gold", 0, DAY), (told, "gold", 15, DAY))
        assert counts.today == told


def test_single_reply_that_is_wrong() -> None:
    """Counters that went back without a restart are believed the second time."""
    counts = ShareCounts(day=DAY)

    def read(accepted: int, *, restarted: bool | None) -> Shares:
        counts.read(
            "bench", shares(accepted), pool="gold", at=0, day=DAY, restarted=restarted
        )
        return counts.today

    read(1000, restarted=None)
    assert read(0, restarted=False) == shares(0)
    # It was nonsense, and what is found after it counts once.
    assert read(1002, restarted=False) == shares(2)
    assert read(5, restarted=False) == shares(2)
    assert read(6, restarted=False) == shares(8)
    # A restart that is known of is believed at once, and so is what nobody knows.
    assert read(1, restarted=True) == shares(9)
    counts.forget_miner("bench")
    read(50, restarted=None)
    assert read(2, restarted=None) == shares(11)


def test_day_begins_once() -> None:
    """A day that goes on keeps its shares."""
    counts = counted((shares(1), "gold", 0, DAY), (shares(4), "gold", 15, DAY))
    counts.begin(DAY)
    assert counts.today == shares(3)
    counts.begin(NEXT_DAY)
    assert (counts.day, counts.today) == (NEXT_DAY, Shares())


def test_forget() -> None:
    """A pool that is gone gets nothing more, and a miner that is gone begins anew."""
    counts = counted((shares(1), "gold", 0, DAY), (shares(4), "gold", 15, DAY))
    counts.read("attic", shares(1), pool="silver", at=15, day=DAY)
    counts.forget_pool("gold")
    counts.forget_pool("tin")
    assert counts.by_pool == {}
    assert counts.readings["attic"].pool == "silver"
    counts.read("bench", shares(6), pool="silver", at=30, day=DAY)
    assert counts.by_pool == {"silver": shares(2)}
    counts.forget_miner("bench")
    counts.forget_miner("nobody")
    counts.read("bench", shares(9), pool="silver", at=45, day=DAY)
    assert counts.by_pool == {"silver": shares(2)}
    assert counts.today == shares(5)


EVENT = st.tuples(
    st.sampled_from(["bench", "attic"]),
    st.sampled_from(["gold", "silver", None]),
    st.integers(0, 4),
    st.integers(0, 2),
    st.booleans(),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(EVENT, max_size=12))
def test_nothing_is_lost_or_made_up(
    events: list[tuple[str, str | None, int, int, bool]],
) -> None:
    """All that miners find while they are watched is counted once, over restarts too.

    Each event is a reading: of which miner, for which pool it works now, what it has
    found since, and whether it has started anew before it found anything more.
    """
    counts = ShareCounts(day=DAY)
    counters: dict[str, Shares] = {}
    pools: dict[str, str | None] = {}
    today, by_pool = Shares(), dict[str, Shares]()
    for at, (miner, pool, accepted, rejected, anew) in enumerate(events):
        found = Shares() if anew else shares(accepted, rejected)
        before = Shares() if anew else counters.get(miner, Shares())
        counters[miner] = before.plus(found)
        if miner in pools:
            today = today.plus(found)
            worked_for = pools[miner] or pool
            if worked_for is not None and found != Shares():
                by_pool[worked_for] = by_pool.get(worked_for, Shares()).plus(found)
        pools[miner] = pool
        counts.read(miner, counters[miner], pool=pool, at=at, day=DAY)
        # Home Assistant may be restarted at any time.
        counts = ShareCounts.from_dict(json.loads(json.dumps(counts.as_dict())))
    assert counts.today == today
    assert counts.by_pool == by_pool
    assert counts.readings.keys() == pools.keys()


def test_damage() -> None:
    """What nothing is stored as is refused when it is read, and not later on."""
    for numbers in ([1], [1, 2, 3], [1.0, 2], [1, True], [-1, 0], [0, -1], "12", None):
        with pytest.raises((TypeError, ValueError)):
            Shares.from_list(numbers)  # type: ignore[arg-type]
    reading = Reading(shares=shares(1), at=5, day=DAY).as_dict()
    assert Reading.from_dict(reading) == Reading(shares=shares(1), at=5, day=DAY)
    for damage in (
        {"at": "nan"},
        {"at": None},
        {"pool": ["gold"]},
        {"pool": 1},
        {"day": "today"},
    ):
        with pytest.raises((TypeError, ValueError)):
            Reading.from_dict({**reading, **damage})
