"""Slots survive being written down, in little room, and nonsense is told as such."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
import json
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.planning import series
from custom_components.miner_controller.planning.series import Row
from custom_components.miner_controller.planning.slots import Slot

from . import HALF_HOUR, HOUR, LONDON, MIDNIGHT, at, priced, utc

# What reading something else than slots may end in.
NAMED = (KeyError, TypeError, ValueError, OverflowError)

LENGTHS = st.sampled_from([timedelta(minutes=5), HALF_HOUR, HOUR]) | st.timedeltas(
    timedelta(microseconds=1), timedelta(days=3)
)
GAPS = st.just(timedelta()) | LENGTHS
PRICES = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-5, 5)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["2026-01-15T00:00:00+00:00", "2026-01-15", "9999-12-31"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["start", "seconds", "prices", "x"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@st.composite
def slot_series(draw: st.DrawFn) -> tuple[Slot, ...]:
    """Return slots of any lengths in order, with and without gaps."""
    end = draw(
        st.datetimes(
            datetime(2020, 1, 1),  # noqa: DTZ001
            datetime(2040, 1, 1),  # noqa: DTZ001
            timezones=st.just(UTC),
        )
    )
    found = []
    for gap, length, price in draw(
        st.lists(st.tuples(GAPS, LENGTHS, PRICES), max_size=12)
    ):
        start = end + gap
        end = start + length
        found.append(Slot(start=start, end=end, price=price))
    return tuple(found)


def written(slots: tuple[Slot, ...]) -> list[Row]:
    """Return what is read after slots were written as JSON."""
    rows: list[Row] = json.loads(json.dumps(series.pack(slots), allow_nan=False))
    return rows


@given(slot_series())
def test_round_trip(slots: tuple[Slot, ...]) -> None:
    """What was written is read as it was, to the microsecond and the last digit."""
    found = series.unpack(written(slots))
    assert found == slots
    assert all(slot.start.tzinfo is UTC for slot in found)
    assert [repr(slot.price) for slot in found] == [repr(slot.price) for slot in slots]


@given(slot_series())
def test_a_row_is_a_run_of_equal_length(slots: tuple[Slot, ...]) -> None:
    """There are no more rows than there are gaps and changes of the length."""
    breaks = sum(
        before.end != after.start or before.duration != after.duration
        for before, after in pairwise(slots)
    )
    rows = series.pack(slots)
    assert len(rows) == (breaks + 1 if slots else 0)
    assert sum(len(row["prices"]) for row in rows) == len(slots)


def test_rows() -> None:
    """A row tells where it starts, how long its slots are, and their prices."""
    slots = (*priced(1, -0.5, None, 2), *priced(3, start=at(2), length=HOUR))
    assert series.pack(slots) == [
        {"start": "2026-01-15T00:00:00+00:00", "seconds": 1800, "prices": [1, -0.5]},
        {"start": "2026-01-15T01:30:00+00:00", "seconds": 1800, "prices": [2]},
        {"start": "2026-01-15T02:00:00+00:00", "seconds": 3600, "prices": [3]},
    ]
    assert series.pack(()) == []
    assert series.unpack([]) == ()


def test_a_year_takes_little_room() -> None:
    """Half hours that follow each other are one row, also where the clock changes."""
    prices = [0.294945 + 0.000005 * (place % 997) for place in range(366 * 48)]
    slots = priced(*(round(price, 6) for price in prices))
    rows = series.pack(slots)
    assert len(rows) == 1
    assert len(json.dumps(rows)) < 200_000
    assert series.unpack(rows) == slots


def test_start_with_another_offset() -> None:
    """Whatever offset a start is told with, it is the same moment, in UTC."""
    start = utc("2026-07-01 12:00").astimezone(LONDON)
    row = {"start": start.isoformat(), "seconds": 1800, "prices": [1]}
    (found,) = series.unpack([row])
    assert found.start == utc("2026-07-01 12:00")
    assert found.start.tzinfo is UTC


ROW = {"start": MIDNIGHT.isoformat(), "seconds": 1800.0, "prices": [1.0, 2.0]}


@pytest.mark.parametrize(
    "rows",
    [
        None,
        5,
        "rows",
        [None],
        ["row"],
        [[ROW]],
        {"rows": [ROW]},
        *([{key: ROW[key] for key in ROW if key != missing}] for missing in ROW),
        *(
            [{**ROW, key: value}]
            for key, values in {
                "start": (
                    *(None, 5, "", "soon", ["2026-01-15T00:00:00+00:00"]),
                    # Nobody knows which clock this is about.
                    *("2026-01-15T00:00:00", "2026-01-15"),
                    *("0001-01-01T00:00:00+10:00", "9999-12-31T23:45:00+00:00"),
                ),
                "seconds": (None, 0, -1800, "1800", [1800], float("nan"), 1e300),
                "prices": (None, 5, "12", [None], ["1"], [[1]], [float("nan")]),
            }.items()
            for value in values
        ),
        [{**ROW, "prices": [1, float("inf")]}],
        [ROW, {**ROW, "prices": {"0": 1}}],
    ],
    ids=str,
)
def test_damaged_rows(rows: Any) -> None:
    """What was not written by us ends in an error that has a name."""
    with pytest.raises(NAMED):
        series.unpack(rows)


@given(JSON)
@settings(max_examples=150)
def test_any_document(document: Any) -> None:
    """Whatever is in a file, it is read as slots or ends in an error with a name."""
    try:
        found = series.unpack(document)
    except NAMED:
        return
    assert all(isinstance(slot, Slot) for slot in found)


@given(slot_series(), st.data())
@settings(max_examples=150)
def test_any_change(slots: tuple[Slot, ...], data: st.DataObject) -> None:
    """The same holds where a file was right but for one value."""
    rows = written(slots)
    if not rows:
        return
    row = data.draw(st.sampled_from(rows))
    key = data.draw(st.sampled_from(sorted(row)))
    value = data.draw(JSON)
    if key == "prices" and data.draw(st.booleans()):
        row[key][-1] = value
    else:
        row[key] = value
    try:
        found = series.unpack(rows)
    except NAMED:
        return
    assert all(isinstance(slot, Slot) for slot in found)
