"""A made-up past of the home, so that its graphs have something to show.

The prices are those of the simulator. All else follows from what the miners do now, in
a home that mines more while power is cheap, and that got its miners one after another.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
import math
import zlib

type Prices = Mapping[datetime, float]
"""The price of each hour."""
type Value = Callable[[datetime], float]

HOUR = timedelta(hours=1)
_WEEK = timedelta(days=8)
_MONTH = timedelta(days=35)
_ELEVEN_MONTHS = timedelta(days=330)
_YEARS = timedelta(days=2 * 365)

# How much of what it does now the home did below a price per kWh.
_LOADS = ((0, 1.18), (0.1, 1.1), (0.14, 1.05), (math.inf, 1))
# How many of its miners it had in the beginning.
_FIRST_MINERS = 0.45

# What goes up and down with the load, and what hardly does.
_LOADED = {"hashrate", "power", "total_hashrate", "total_power"}
_STEADY = {"break_even_price", "response_time", "temperature", "temperature_max"}
# What is counted, and from which power of the same device.
_ENERGY = {"energy": "power", "total_energy": "total_power"}
_COSTS = {"energy_cost": "power", "total_energy_cost": "total_power"}
# What graphs of months are about.
_OF_MONTHS = {"total_energy", "total_energy_cost"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor:
    """A sensor with a number, as it is now."""

    entity_id: str
    key: str
    device_id: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a sensor measured, or counted, in each hour."""

    sensor: Sensor
    is_counted: bool
    hours: tuple[tuple[datetime, float], ...]


def beginning(until: datetime) -> datetime:
    """Return when the home began to count: with a month, less than a year ago."""
    month = until.replace(day=1, hour=0)
    return (month - _ELEVEN_MONTHS).replace(day=1)


def imagine(sensors: Iterable[Sensor], prices: Prices, until: datetime) -> list[Past]:
    """Return the past of those sensors that graphs are about, until a full hour."""
    by_place = {(each.device_id, each.key): each for each in sensors}
    found = []
    for sensor in by_place.values():
        if sensor.key == "current_price":
            found.append(_measured(sensor, until, lambda hour: prices.get(hour, 0)))
        elif sensor.key in _LOADED | _STEADY:
            found.append(_measured(sensor, until, partial(level, sensor, prices)))
        else:
            power_key = _ENERGY.get(sensor.key) or _COSTS.get(sensor.key)
            power = power_key and by_place.get((sensor.device_id, power_key))
            if power:
                found.append(_counted(sensor, power, prices, until))
    return found


def level(sensor: Sensor, prices: Prices, moment: datetime) -> float:
    """Return what a sensor measured at a moment."""
    price = prices.get(moment.replace(minute=0, second=0, microsecond=0), 0)
    load = next(load for limit, load in _LOADS if price < limit)
    if sensor.key in _STEADY:
        # A chip is a little cooler with less to do.
        load = (load + 3) / 4 if sensor.key.startswith("temperature") else 1
    return sensor.value * load * _ripple(sensor.entity_id, moment)


def _ripple(name: str, moment: datetime) -> float:
    """Return a number near 1 that goes up and down, for each name in its own way."""
    phase = zlib.crc32(name.encode()) % 100
    hours = moment.timestamp() / HOUR.total_seconds()
    return 1 + 0.012 * math.sin(hours / 3 + phase) + 0.009 * math.sin(hours * 2.3)


def _measured(sensor: Sensor, until: datetime, value: Value) -> Past:
    """Return the hours of what is measured."""
    hours = tuple((hour, value(hour)) for hour in _hours(until - _WEEK, until))
    return Past(sensor=sensor, is_counted=False, hours=hours)


def _counted(sensor: Sensor, power: Sensor, prices: Prices, until: datetime) -> Past:
    """Return the hours of what is counted.

    The counter is at zero in the end, where Home Assistant goes on counting.
    """
    is_of_months = sensor.key in _OF_MONTHS
    total = 0.0
    counted = []
    for hour in _hours(beginning(until) if is_of_months else until - _WEEK, until):
        kilowatts = level(power, prices, hour) / 1000
        if is_of_months:
            kilowatts *= _share_of_miners(until - hour)
        total += kilowatts * (prices.get(hour, 0) if sensor.key in _COSTS else 1)
        # By day and by month the end of a day is enough of what is long ago.
        if until - hour <= _MONTH or not hour.hour:
            counted.append((hour, total))
    # What a counter counts first is taken for all that was before, so that is long ago.
    counted.insert(0, (until - _YEARS, 0))
    hours = tuple((hour, value - total) for hour, value in counted)
    return Past(sensor=sensor, is_counted=True, hours=hours)


def _share_of_miners(age: timedelta) -> float:
    """Return how many of the miners there were some time ago."""
    return 1 - (1 - _FIRST_MINERS) * max(age - _MONTH, timedelta(0)) / _ELEVEN_MONTHS


def _hours(hour: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the starts of the hours of a period."""
    while hour < until:
        yield hour
        hour += HOUR
