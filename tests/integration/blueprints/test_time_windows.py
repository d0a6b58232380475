"""Tests of the blueprint that chooses modes by the time of day."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from tests.devices import StartDevice
from tests.integration import state
from tests.integration.conftest import AddMiner
from tests.integration.prices.time_travel import uk

from .arrangement import OFF, Changes, automate, restart_automation, settle, target

NIGHT = {
    "mode_2": "off",
    "start_2": "22:00:00",
    "end_2": "06:30:00",
    "days_2": ["6"],
}


@pytest.mark.parametrize(
    ("start", "given", "expected"),
    [
        pytest.param(
            "2026-11-10 12:10",
            {},
            {"16:00": "eco", "19:00": "standard"},
            id="only required inputs",
        ),
        # The clock is put back in the night from Saturday to Sunday: one hour more.
        pytest.param(
            "2026-10-24 12:10",
            NIGHT,
            {"16:00": "eco", "19:00": "standard", "22:00": OFF, "06:30": "standard"},
            id="over midnight",
        ),
    ],
)
async def test_day(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
    start: str,
    given: dict[str, Any],
    expected: dict[str, str],
) -> None:
    """The mode changes at the times of the local clock, and not in between."""
    freezer.move_to(uk(start))
    entry = await add(await start_device("axeos-2.15"))
    changes = Changes(hass)
    await automate(hass, "time_windows", miners=target(hass, entry), **given)
    for _ in range(25 * 2):
        freezer.move_to(dt_util.utcnow() + timedelta(minutes=30))
        async_fire_time_changed(hass)
        await settle(hass)
        if dt_util.now().minute == 40 and dt_util.now().hour == 23:
            await restart_automation(hass)
    told = [
        (dt_util.as_local(moment).replace(minute=0 if moment.minute < 30 else 30), to)
        for moment, to in changes.of(entry)
    ]
    assert {moment.strftime("%H:%M"): to for moment, to in told} == expected
    assert len(told) == len(expected)
    assert state(hass, entry, "select", "mode") == "standard"
