"""What thinking about prices costs, beside sorting the same prices.

    .venv-latest/bin/python -m benchmarks.prices

Whoever wants the cheapest half hours of a day at least sorts its prices: that is the
floor, measured in the same run. All times are CPU time of one thread.
"""

from datetime import UTC, datetime, time, timedelta
import random
import sys
from zoneinfo import ZoneInfo

from benchmarks.cpu import cpu_seconds
from custom_components.miner_controller.planning import decisions, series
from custom_components.miner_controller.planning.overview import next_change, overview
from custom_components.miner_controller.planning.slots import Slot, day_span, merge
from custom_components.miner_controller.planning.windows import CheapWindow

_LONDON = ZoneInfo("Europe/London")
_HALF_HOUR = timedelta(minutes=30)
_MIDNIGHT = datetime(2026, 11, 9, tzinfo=UTC)
# What is known in the afternoon: three days back, today and all of tomorrow.
_DAYS = 5
_YEAR = 365 * 48
_WINDOWS = 5

# What the project aims at: the most floors that are good enough.
_ALARM_AIM = 300
_DECISION_AIM = 300


def _slots(number: int) -> tuple[Slot, ...]:
    """Return half hours with prices that look like Agile's."""
    dice = random.Random(1)  # noqa: S311
    return tuple(
        Slot(
            start=_MIDNIGHT + place * _HALF_HOUR,
            end=_MIDNIGHT + (place + 1) * _HALF_HOUR,
            price=round(dice.gauss(0.18, 0.08), 6),
        )
        for place in range(number)
    )


def _window(number: int) -> CheapWindow:
    """Return a window as people set it."""
    return CheapWindow(
        duration=timedelta(hours=3 + number),
        start_time=time(23),
        end_time=time(23),
        minimum_run=timedelta(hours=1),
    )


def main() -> int:
    """Print the costs; return 1 if one is above its aim."""
    slots, now = _slots(48 * _DAYS), _MIDNIGHT + timedelta(days=3, hours=17)
    day = day_span(now, _LONDON)
    today = [slot for slot in slots if slot.start in day]
    windows = [_window(number) for number in range(_WINDOWS)]
    made = [decisions.update(each, (), slots, now, _LONDON) for each in windows]
    year, fresh = _slots(_YEAR), _slots(48)
    packed = series.pack(year)

    def alarm() -> None:
        """Look at everything, as the alarm of a tariff does each half hour."""
        overview(slots, now, _LONDON)
        next_change(slots, now, _LONDON)
        for window, kept in zip(windows, made, strict=True):
            decisions.update(window, kept, slots, now, _LONDON)
            decisions.next_update(window, kept, now, _LONDON)

    def decide() -> None:
        """Decide about two spans of a window for the first time."""
        decisions.update(windows[0], (), slots, now, _LONDON)

    def sort_day() -> None:
        """Sort the prices of a day, which is the least there is to do."""
        sorted(today, key=lambda slot: slot.price)

    def sort_year() -> None:
        """Sort the prices of a year."""
        sorted(year, key=lambda slot: slot.price)

    rows = (
        (f"alarm, {_WINDOWS} windows", alarm, sort_day, 20, _ALARM_AIM),
        ("decision of a window", decide, sort_day, 20, _DECISION_AIM),
        ("a year and a day made one", lambda: merge(year, fresh), sort_year, 1, 60),
        ("a year read from disk", lambda: series.unpack(packed), sort_year, 1, 60),
    )
    missed = False
    for name, work, floor, rounds, aim in rows:
        cost, least = cpu_seconds(work, rounds), cpu_seconds(floor, rounds * 10)
        ratio = cost / least
        missed |= ratio > aim
        verdict = "kept" if ratio <= aim else "MISSED"
        print(
            f"{name:26} {cost * 1e3:8.2f} ms  floor {least * 1e3:7.4f} ms  "
            f"{ratio:6.1f} x  aim ≤ {aim}: {verdict}"
        )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
