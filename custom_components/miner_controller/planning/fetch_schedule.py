"""When the prices of Octopus Agile are fetched, and for which period.

Agile's day ends at 23:00 in the United Kingdom, also in summer. The prices of the next
one are published at about 16:00 there and are final. The service asks to be asked
seldom: it is asked once after that moment, again at growing intervals as long as
something is missing, and not at all once everything is known.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

LONGEST_JITTER: Final = 600
"""Seconds by which an installation may be later than another."""

_UNITED_KINGDOM = ZoneInfo("Europe/London")
_PUBLISHED = time(16, 5)
_DAY_END = time(23)
_DAY = timedelta(days=1)

_INTERVALS = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 15, 30))

# A clock is set by less than this all the time.
_CLOCK_TOLERANCE = timedelta(minutes=10)

# The service tells some 31 days on one page. What was missed before is history.
_LONGEST_PERIOD = timedelta(days=28)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchState:
    """What decides when prices are fetched next.

    Prices are known without a gap from now until `known_until`; without one for now it
    is in the past or None. `failures` are the attempts in a row after which something
    was missing. `retry_after` is in seconds from the last attempt. `jitter` is in
    seconds, the same for all of an installation's life, and 0 to LONGEST_JITTER.
    """

    known_until: datetime | None = None
    last_attempt: datetime | None = None
    failures: int = 0
    retry_after: float | None = None
    jitter: int = 0


def wanted_until(
    now: datetime, jitter: int = 0, zone: tzinfo = _UNITED_KINGDOM
) -> datetime:
    """Return the end of the last Agile day that should be known by now, in UTC."""
    today = now.astimezone(zone).date()
    end = _at(today, _DAY_END, zone)
    return (
        end
        if now < _publication(today, jitter, zone)
        else _at(today + _DAY, _DAY_END, zone)
    )


def tomorrow_end(now: datetime, zone: tzinfo = _UNITED_KINGDOM) -> datetime:
    """Return the end of tomorrow's Agile day, in UTC."""
    return _at(now.astimezone(zone).date() + _DAY, _DAY_END, zone)


def is_complete(
    now: datetime, state: FetchState, zone: tzinfo = _UNITED_KINGDOM
) -> bool:
    """Return whether everything is known that can be expected to be published."""
    return state.known_until is not None and state.known_until >= wanted_until(
        now, state.jitter, zone
    )


def next_fetch(
    now: datetime, state: FetchState, zone: tzinfo = _UNITED_KINGDOM
) -> datetime:
    """Return when to fetch next: `now` where it is due, never before.

    All moments are aware.
    """
    due = _due(now, state, zone)
    last = _last_attempt(now, state)
    if last is not None and state.retry_after is not None:
        due = max(due, last + timedelta(seconds=state.retry_after))
    return max(now, due)


def after_attempt(
    now: datetime,
    state: FetchState,
    known_until: datetime | None,
    *,
    retry_after: float | None = None,
    zone: tzinfo = _UNITED_KINGDOM,
) -> FetchState:
    """Return the state after an attempt, which failed or brought what is known now.

    The intervals start anew with each occasion, so that a long failure in the morning
    does not put off the prices of tomorrow.
    """
    done = FetchState(known_until=known_until, last_attempt=now, jitter=state.jitter)
    if is_complete(now, done, zone):
        return done
    last = _last_attempt(now, state)
    fresh = last is None or _next_occasion(last, state, zone) <= now
    return replace(
        done, failures=1 if fresh else state.failures + 1, retry_after=retry_after
    )


def period_to_fetch(
    now: datetime, known_until: datetime | None, zone: tzinfo = _UNITED_KINGDOM
) -> tuple[datetime, datetime]:
    """Return the period to ask for: from what is known on until tomorrow is over.

    Where nothing is known, or only prices that cannot be, it begins with yesterday.
    """
    today = now.astimezone(zone).date()
    end = _at(today + 2 * _DAY, time(), zone)
    if known_until is None or known_until >= end:
        return _at(today - _DAY, time(), zone), end
    return max(known_until.astimezone(UTC), end - _LONGEST_PERIOD), end


def _due(now: datetime, state: FetchState, zone: tzinfo) -> datetime:
    """Return when the next fetch is due, as far as the service lets it."""
    if is_complete(now, state, zone):
        return _next_missing(now, state, zone)
    if (last := _last_attempt(now, state)) is None:
        return now
    interval = _INTERVALS[min(max(state.failures, 1), len(_INTERVALS)) - 1]
    return min(last + interval, _next_occasion(last, state, zone))


def _last_attempt(now: datetime, state: FetchState) -> datetime | None:
    """Return when the last attempt was, None where the clock was set back since."""
    last = state.last_attempt
    return None if last is None or last - now > _CLOCK_TOLERANCE else last


def _next_missing(now: datetime, state: FetchState, zone: tzinfo) -> datetime:
    """Return when something will be missing of what is complete now.

    That is at the next publication, or a day later where its prices are known already.
    """
    today = now.astimezone(zone).date()
    moments = (
        _publication(today + days * _DAY, state.jitter, zone) for days in range(3)
    )
    first, second, *_ = (moment for moment in moments if moment > now)
    return second if is_complete(first, state, zone) else first


def _next_occasion(after: datetime, state: FetchState, zone: tzinfo) -> datetime:
    """Return the next moment at which a fetch does not wait for its interval.

    That is each publication, and the end of a day where the next is unknown then.
    """
    today = after.astimezone(zone).date()
    return min(
        moment
        for day in (today, today + _DAY)
        for moment in _occasions(day, state, zone)
        if moment > after
    )


def _occasions(day: date, state: FetchState, zone: tzinfo) -> Iterator[datetime]:
    """Yield the moments of a day at which a fetch does not wait for its interval."""
    yield _publication(day, state.jitter, zone)
    end = _at(day, _DAY_END, zone)
    if state.known_until is None or state.known_until <= end:
        yield end + timedelta(seconds=state.jitter)


def _publication(day: date, jitter: int, zone: tzinfo) -> datetime:
    """Return when an installation first asks for the prices of a day's tomorrow."""
    return _at(day, _PUBLISHED, zone) + timedelta(seconds=jitter)


def _at(day: date, moment: time, zone: tzinfo) -> datetime:
    """Return a moment of a local day in UTC, none in the hour of a clock change."""
    return datetime.combine(day, moment, zone).astimezone(UTC)
