"""Has Home Assistant remember a past, in the statistics that its graphs are made of."""

import asyncio
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
import math
from pathlib import Path
import sqlite3
import time

from scripts.devhome.api import HomeAssistantApi
from scripts.pictures.past import HOUR, Past, Prices, Sensor, beginning, imagine, level

_DATABASE = "home-assistant_v2.db"
_DATABASE_SECONDS = 60
_IMPORT_SECONDS = 300
_STEP = timedelta(minutes=5)
_DAY = timedelta(days=1)

_UNIT_CLASSES = {"W": "power", "kWh": "energy", "ms": "duration", "°C": "temperature"}

# What tells whether the miners have come to rest after their start: the numbers of the
# fleet, which hardly change from one poll to the next then.
_SETTLING = {"hottest_chip", "total_hashrate", "total_power"}
_SETTLING_SECONDS = 300
_POLL_SECONDS = 15
_TOLERANCE = 0.02

# What a graph of five-minute steps is about.
_FINE = {"total_hashrate"}


async def remember(api: HomeAssistantApi, config: Path) -> None:
    """Give the sensors of a home a past, up to now."""
    sensors = await _settled_sensors(api)
    now = datetime.now(UTC)
    until = now.replace(minute=0, second=0, microsecond=0)
    prices = await _read_prices(api, beginning(until), until + HOUR)
    past = imagine(sensors, prices, until)
    for each in past:
        await _import(api, each)
    await _wait_for(api, past[-1])
    fine = [each for each in sensors if each.key in _FINE]
    await asyncio.to_thread(_write_steps, config / _DATABASE, fine, prices, now)


async def _settled_sensors(api: HomeAssistantApi) -> list[Sensor]:
    """Return the sensors once the miners are warm, and the fleet knows all of them."""
    before: list[float] = []
    async with asyncio.timeout(_SETTLING_SECONDS):
        while True:
            sensors = await _read_sensors(api)
            values = [each.value for each in sensors if each.key in _SETTLING]
            if len(values) == len(before) == len(_SETTLING) and all(
                math.isclose(*pair, rel_tol=_TOLERANCE)
                for pair in zip(values, before, strict=True)
            ):
                return sensors
            before = values
            await asyncio.sleep(_POLL_SECONDS)


async def _read_sensors(api: HomeAssistantApi) -> list[Sensor]:
    """Return the sensors of the integration that have a number."""
    states = {each["entity_id"]: each for each in await api.get("/api/states")}
    sensors = []
    for entity in await api.command("config/entity_registry/list"):
        state = states.get(entity["entity_id"])
        if entity["platform"] != "miner_controller" or state is None:
            continue
        if "state_class" not in state["attributes"]:
            continue
        try:
            value = float(state["state"])
        except ValueError:
            continue
        sensors.append(
            Sensor(
                entity_id=entity["entity_id"],
                key=entity["unique_id"].partition("_")[2],
                device_id=entity["device_id"],
                value=value,
                unit=state["attributes"].get("unit_of_measurement", ""),
            )
        )
    return sensors


async def _read_prices(
    api: HomeAssistantApi, start: datetime, end: datetime
) -> dict[datetime, float]:
    """Return the price of each hour of a period, by what the tariff says."""
    reply = await api.post(
        "/api/services/miner_controller/get_prices?return_response",
        {"from": start.isoformat(), "to": end.isoformat()},
    )
    by_hour: dict[datetime, list[float]] = {}
    for slot in reply["service_response"]["slots"]:
        moment = datetime.fromisoformat(slot["start"]).astimezone(UTC)
        by_hour.setdefault(moment.replace(minute=0), []).append(slot["price"])
    return {hour: sum(prices) / len(prices) for hour, prices in by_hour.items()}


async def _import(api: HomeAssistantApi, past: Past) -> None:
    """Hand the hours of a sensor over."""
    unit = past.sensor.unit
    await api.command(
        "recorder/import_statistics",
        metadata={
            "has_sum": past.is_counted,
            "mean_type": 0 if past.is_counted else 1,
            "name": None,
            "source": "recorder",
            "statistic_id": past.sensor.entity_id,
            "unit_class": _UNIT_CLASSES.get(unit),
            "unit_of_measurement": unit or None,
        },
        stats=[
            {
                "start": hour.isoformat(),
                **(
                    {"state": value, "sum": value}
                    if past.is_counted
                    else {"mean": value, "min": value, "max": value}
                ),
            }
            for hour, value in past.hours
        ],
    )


async def _wait_for(api: HomeAssistantApi, last: Past) -> None:
    """Wait until what was handed over last is remembered."""
    start = last.hours[-1][0].isoformat()
    asked = partial(
        api.command,
        "recorder/statistics_during_period",
        start_time=start,
        statistic_ids=[last.sensor.entity_id],
        period="hour",
    )
    async with asyncio.timeout(_IMPORT_SECONDS):
        # Another process tells what it remembers only when it is asked for it.
        while not await asked():  # noqa: ASYNC110
            await asyncio.sleep(0.5)


def _write_steps(
    database: Path, sensors: Iterable[Sensor], prices: Prices, now: datetime
) -> None:
    """Write the last day in steps of five minutes.

    Home Assistant lets itself be told hours only, so these go into its database.
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    last = midnight + (now - midnight) // _STEP * _STEP
    moments = [last - number * _STEP for number in range(1, _DAY // _STEP + 2)]
    with closing(sqlite3.connect(database, timeout=_DATABASE_SECONDS)) as connection:
        for sensor in sensors:
            connection.executemany(
                "INSERT OR IGNORE INTO statistics_short_term"
                " (created_ts, metadata_id, start_ts, mean, min, max)"
                " SELECT ?, id, ?, ?, ?, ? FROM statistics_meta WHERE statistic_id = ?",
                [
                    (
                        time.time(),
                        moment.timestamp(),
                        *(level(sensor, prices, moment),) * 3,
                        sensor.entity_id,
                    )
                    for moment in moments
                ],
            )
        connection.commit()
