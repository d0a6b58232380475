"""A window's settings, and which span they mean on any day."""

from datetime import time, timedelta
import json
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.planning.spans import Span
from custom_components.miner_controller.planning.windows import (
    CheapWindow,
    UnknownPrices,
    next_span,
    span_at,
)

from . import HALF_HOUR, HOUR, LONDON, span, utc

TIMES = st.none() | st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
WINDOWS = st.builds(
    CheapWindow, duration=st.just(HOUR), start_time=TIMES, end_time=TIMES
)


def window(start: str | None, end: str | None) -> CheapWindow:
    """Return a window between two local times."""
    return CheapWindow(
        duration=HOUR,
        start_time=time.fromisoformat(start) if start else None,
        end_time=time.fromisoformat(end) if end else None,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"duration": HOUR, "share": 0.5},
        {"duration": timedelta()},
        {"share": 0.0},
        {"share": 1.1},
    ],
)
def test_settings_that_make_no_window_are_refused(wrong: dict[str, Any]) -> None:
    """A window wants one thing, or has a price."""
    with pytest.raises(ValueError, match=r"has|have|needs"):
        CheapWindow(**wrong)


@pytest.mark.parametrize(
    ("wants", "expected"),
    [
        ({"duration": HOUR}, HOUR),
        ({"share": 0.25}, timedelta(hours=2.5)),
        ({"share": 1.0}, timedelta(hours=10)),
        ({"share": 1e-15}, timedelta.resolution),
        ({"maximum_price": 0.05}, None),
    ],
)
def test_how_much_is_wanted(wants: dict[str, Any], expected: timedelta | None) -> None:
    """A share is one of the span."""
    assert CheapWindow(**wants).wanted(span(0, 10)) == expected


@pytest.mark.parametrize(
    "settings_of_window",
    [
        {"share": 0.25},
        {"maximum_price": -0.01, "unknown": UnknownPrices.USE_KNOWN},
        {
            "duration": timedelta(hours=4),
            "start_time": time(21),
            "end_time": time(7, 30),
            "split": False,
            "minimum_run": HALF_HOUR,
            "maximum_price": 0.2,
            "unknown": UnknownPrices.ON,
        },
        {"duration": HOUR, "start_time": time(0), "end_time": time(0)},
    ],
)
def test_a_window_is_stored(settings_of_window: dict[str, Any]) -> None:
    """The settings survive JSON."""
    stored = CheapWindow(**settings_of_window)
    data = json.loads(json.dumps(stored.as_dict()))
    assert CheapWindow.from_dict(data) == stored


@pytest.mark.parametrize(
    ("start", "end", "now", "expected"),
    [
        (
            "09:00",
            "17:00",
            "2026-01-15 09:00",
            ("2026-01-15 09:00", "2026-01-15 17:00"),
        ),
        ("09:00", "17:00", "2026-01-15 08:59", None),
        ("09:00", "17:00", "2026-01-15 17:00", None),
        (
            "09:00",
            "17:00",
            "2026-07-15 08:00",
            ("2026-07-15 08:00", "2026-07-15 16:00"),
        ),
        # Over midnight.
        (
            "21:00",
            "07:00",
            "2026-01-15 21:00",
            ("2026-01-15 21:00", "2026-01-16 07:00"),
        ),
        (
            "21:00",
            "07:00",
            "2026-01-15 06:59",
            ("2026-01-14 21:00", "2026-01-15 07:00"),
        ),
        ("21:00", "07:00", "2026-01-15 07:00", None),
        # Ten hours by the clock are nine and eleven when it changes.
        (
            "21:00",
            "07:00",
            "2026-03-29 00:00",
            ("2026-03-28 21:00", "2026-03-29 06:00"),
        ),
        (
            "21:00",
            "07:00",
            "2026-10-25 00:00",
            ("2026-10-24 20:00", "2026-10-25 07:00"),
        ),
        # Whole days.
        (None, None, "2026-01-15 12:00", ("2026-01-15 00:00", "2026-01-16 00:00")),
        ("00:00", None, "2026-01-15 12:00", ("2026-01-15 00:00", "2026-01-16 00:00")),
        (None, None, "2026-03-29 12:00", ("2026-03-29 00:00", "2026-03-29 23:00")),
        (None, None, "2026-10-25 12:00", ("2026-10-24 23:00", "2026-10-26 00:00")),
        (
            "23:00",
            "23:00",
            "2026-01-15 12:00",
            ("2026-01-14 23:00", "2026-01-15 23:00"),
        ),
        (
            "23:00",
            "23:00",
            "2026-10-25 12:00",
            ("2026-10-24 22:00", "2026-10-25 23:00"),
        ),
        # From or to midnight.
        ("18:00", None, "2026-01-15 23:59", ("2026-01-15 18:00", "2026-01-16 00:00")),
        (None, "06:00", "2026-01-15 00:00", ("2026-01-15 00:00", "2026-01-15 06:00")),
        # Times that the clock skips.
        ("01:00", "02:00", "2026-03-29 01:00", None),
        (
            "01:30",
            "03:00",
            "2026-03-29 01:00",
            ("2026-03-29 01:00", "2026-03-29 02:00"),
        ),
        (
            "23:00",
            "01:30",
            "2026-03-29 00:59",
            ("2026-03-28 23:00", "2026-03-29 01:00"),
        ),
        # Times that the clock shows twice are meant the first time.
        (
            "01:30",
            "03:00",
            "2026-10-25 00:30",
            ("2026-10-25 00:30", "2026-10-25 03:00"),
        ),
        (
            "01:00",
            "01:30",
            "2026-10-25 00:00",
            ("2026-10-25 00:00", "2026-10-25 00:30"),
        ),
        ("01:00", "01:30", "2026-10-25 01:00", None),
    ],
)
def test_the_span_of_a_moment(
    start: str | None, end: str | None, now: str, expected: tuple[str, str] | None
) -> None:
    """The span that contains a moment is the local clock's."""
    found = span_at(window(start, end), utc(now), LONDON)
    assert found == (expected and Span(start=utc(expected[0]), end=utc(expected[1])))


@pytest.mark.parametrize(
    ("start", "end", "now", "expected"),
    [
        ("21:00", "07:00", "2026-01-15 20:59", "2026-01-15 21:00"),
        ("21:00", "07:00", "2026-01-15 21:00", "2026-01-16 21:00"),
        ("21:00", "07:00", "2026-01-16 06:59", "2026-01-16 21:00"),
        ("21:00", "07:00", "2026-01-16 07:00", "2026-01-16 21:00"),
        (None, None, "2026-01-15 00:00", "2026-01-16 00:00"),
        (None, None, "2026-03-29 12:00", "2026-03-29 23:00"),
        # There is no such hour on the day of the change.
        ("01:00", "02:00", "2026-03-28 12:00", "2026-03-30 00:00"),
        ("01:00", "02:00", "2026-03-28 01:30", "2026-03-30 00:00"),
    ],
)
def test_the_next_span(
    start: str | None, end: str | None, now: str, expected: str
) -> None:
    """The next span starts later, also while one goes on."""
    assert next_span(window(start, end), utc(now), LONDON).start == utc(expected)


@given(
    chosen=WINDOWS,
    day=st.sampled_from(["2026-01-15", "2026-03-28", "2026-10-24"]),
    half_hours=st.integers(0, 96),
)
@settings(max_examples=300)
def test_spans_follow_each_other(
    chosen: CheapWindow, day: str, half_hours: int
) -> None:
    """Spans do not overlap, and between two of them there is none."""
    now = utc(f"{day} 00:00") + half_hours * HALF_HOUR
    present, following = span_at(chosen, now, LONDON), next_span(chosen, now, LONDON)
    assert following.start > now
    assert timedelta() < following.duration <= timedelta(hours=25)
    assert span_at(chosen, following.start, LONDON) == following
    moment = now
    if present:
        assert now in present
        assert present.end <= following.start
        assert next_span(chosen, present.start, LONDON) == following
        moment = present.end
    while moment < following.start:
        assert span_at(chosen, moment, LONDON) is None
        moment += HALF_HOUR
