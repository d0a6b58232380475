"""The Agile day, from 23:00 to 23:00 in the UK, and when its prices are published."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
SLOT = timedelta(minutes=30)
SLOT_SECONDS = 1800
PUBLICATION = time(16)
DAY_END = time(23)

_DAY = timedelta(days=1)


def local_moment(day: date, at: time) -> datetime:
    """Return a time of day in the UK as UTC, which alone can be added to safely."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)


def agile_day(day: date) -> tuple[datetime, datetime]:
    """Return the start of the Agile day of a date, which is the evening before.

    The second value is its end, where the next one starts.
    """
    return local_moment(day - _DAY, DAY_END), local_moment(day, DAY_END)


def agile_date(moment: datetime) -> date:
    """Return the date whose Agile day a moment is in."""
    local = moment.astimezone(LONDON)
    return local.date() + _DAY if local.time() >= DAY_END else local.date()


def agile_slots(day: date) -> list[datetime]:
    """Return the starts of the half-hours of an Agile day: 48, or 46 or 50."""
    start, end = agile_day(day)
    return [slot_start(number) for number in range(slot(start), slot(end))]


def slot(moment: datetime) -> int:
    """Return the number of the half-hour that a moment is in, since 1970."""
    return int(moment.timestamp()) // SLOT_SECONDS


def slot_start(number: int) -> datetime:
    """Return when a half-hour begins."""
    return datetime.fromtimestamp(number * SLOT_SECONDS, UTC)


def publication(day: date, delay: timedelta = timedelta(0)) -> datetime:
    """Return when the prices of an Agile day appear: on the afternoon before."""
    return local_moment(day - _DAY, PUBLICATION) + delay


def published_until(now: datetime, delay: timedelta = timedelta(0)) -> datetime:
    """Return the end of the last Agile day that is published.

    A delay of more than seven hours leaves the present without a price.
    """
    day = now.astimezone(LONDON).date() + 2 * _DAY
    while publication(day, delay) > now:
        day -= _DAY
    return agile_day(day)[1]


def parse_moment(text: str) -> datetime:
    """Read a moment from a query; without a zone it is the time in the UK.

    A "+" that was not escaped has become a space, and what is left is no moment.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=LONDON)
    return moment.astimezone(UTC)


def utc_text(moment: datetime) -> str:
    """Return a moment as the rates have it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def local_text(moment: datetime) -> str:
    """Return a moment as the products have it: with the offset of the UK."""
    return moment.astimezone(LONDON).isoformat().replace("+00:00", "Z")
