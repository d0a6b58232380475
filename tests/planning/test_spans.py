"""Local times become the right moments, also when the clock changes."""

from datetime import UTC, date, datetime, time, timedelta
import json
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.planning.spans import (
    Span,
    first_moment,
    joined,
)

from . import LONDON, at, span, utc

# Days on which a clock changes: by half an hour, at midnight, over midnight.
CHANGES = (
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Havana", date(2026, 3, 8)),
    ("America/Havana", date(2026, 11, 1)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/Sao_Paulo", date(2018, 2, 17)),
    ("Asia/Kolkata", date(2026, 6, 1)),
)


def scanned(day: date, at_time: time, zone: ZoneInfo) -> datetime:
    """Return the first moment by looking at the clock every minute."""
    target = datetime.combine(day, at_time)
    moment = target.replace(tzinfo=UTC) - timedelta(hours=16)
    while moment.astimezone(zone).replace(tzinfo=None) < target:
        moment += timedelta(minutes=1)
    return moment


@pytest.mark.parametrize(
    ("day", "at_time", "expected"),
    [
        ("2026-01-15", "21:00", "2026-01-15 21:00"),
        ("2026-07-15", "21:00", "2026-07-15 20:00"),
        # The clock skips from 01:00 to 02:00 at 01:00 UTC.
        ("2026-03-29", "00:59", "2026-03-29 00:59"),
        ("2026-03-29", "01:00", "2026-03-29 01:00"),
        ("2026-03-29", "01:30", "2026-03-29 01:00"),
        ("2026-03-29", "02:00", "2026-03-29 01:00"),
        ("2026-03-29", "02:01", "2026-03-29 01:01"),
        # The clock goes back from 02:00 to 01:00 at 01:00 UTC.
        ("2026-10-25", "00:59", "2026-10-24 23:59"),
        ("2026-10-25", "01:00", "2026-10-25 00:00"),
        ("2026-10-25", "01:30", "2026-10-25 00:30"),
        ("2026-10-25", "02:00", "2026-10-25 02:00"),
    ],
)
def test_a_local_time_is_a_moment(day: str, at_time: str, expected: str) -> None:
    """A time shown twice is meant the first time, a skipped one when it is skipped."""
    found = first_moment(date.fromisoformat(day), time.fromisoformat(at_time), LONDON)
    assert found == utc(expected)
    assert found.tzinfo is UTC


@given(
    change=st.sampled_from(CHANGES),
    days=st.integers(-1, 1),
    minutes=st.integers(0, 24 * 60 - 1),
)
@settings(max_examples=150, deadline=None)
def test_a_moment_is_the_first_that_the_clock_shows(
    change: tuple[str, date], days: int, minutes: int
) -> None:
    """Looking at the clock every minute finds the same moment."""
    name, changed_on = change
    day, zone = changed_on + timedelta(days=days), ZoneInfo(name)
    at_time = time(minutes // 60, minutes % 60)
    assert first_moment(day, at_time, zone) == scanned(day, at_time, zone)


def test_a_span_has_its_start_and_not_its_end() -> None:
    """Two spans that touch have no moment in common."""
    assert at(1) in span(1, 2)
    assert at(2) not in span(1, 2)
    assert at(0.9) not in span(1, 2)
    assert span(1, 2.5).duration == timedelta(minutes=90)


def test_a_span_is_stored() -> None:
    """A span survives JSON."""
    stored = json.loads(json.dumps(span(1, 2.5).as_dict()))
    assert stored == {
        "start": "2026-01-15T01:00:00+00:00",
        "end": "2026-01-15T02:30:00+00:00",
    }
    assert Span.from_dict(stored) == span(1, 2.5)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], ()),
        ([span(1, 2)], (span(1, 2),)),
        ([span(3, 4), span(1, 2)], (span(1, 2), span(3, 4))),
        ([span(1, 2), span(2, 3)], (span(1, 3),)),
        ([span(1, 4), span(2, 3)], (span(1, 4),)),
        ([span(1, 3), span(2, 5), span(6, 7)], (span(1, 5), span(6, 7))),
    ],
)
def test_spans_are_joined(spans: list[Span], expected: tuple[Span, ...]) -> None:
    """Spans that touch or overlap become one."""
    assert joined(spans) == expected
