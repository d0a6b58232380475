"""Tests for what the recorder keeps of a miner."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder, history
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.core import HomeAssistant, State
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from custom_components.miner_controller.const import CONF_POLL_INTERVAL
from tests.devices import StartDevice

from . import entity_id, full_state, overridden, poll
from .conftest import AddMiner

START = dt_util.parse_datetime("2026-11-22T12:00:00+00:00")


@pytest.fixture(autouse=True)
def custom_integrations(
    recorder_mock: Recorder, enable_custom_integrations: None
) -> None:
    """Let Home Assistant find the integration, after it has a recorder."""


async def test_totals_survive_a_counter_reset(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The statistics of an hour add up although a counter went back to zero."""
    assert START is not None
    freezer.move_to(START)
    device = await start_device("axeos-2.15")
    told = overridden(device)
    told.update({"sharesAccepted": 100, "power": 1000, "temp": 60})
    entry = await add(device, **{CONF_POLL_INTERVAL: 600})
    for accepted in (150, 170, 5, 30, 31):
        told["sharesAccepted"] = accepted
        await poll(hass, freezer, device, seconds=600)
    await async_wait_recording_done(hass)
    for minutes in range(0, 60, 5):
        do_adhoc_statistics(hass, start=START + timedelta(minutes=minutes))
        await async_wait_recording_done(hass)

    ids = {
        key: entity_id(hass, entry, "sensor", key)
        for key in ("shares_accepted", "energy", "temperature", "hashrate", "power")
    }
    found = await hass.async_add_executor_job(
        statistics_during_period,
        hass,
        START,
        None,
        set(ids.values()),
        "hour",
        None,
        {"sum", "state", "mean"},
    )
    (shares,) = found[ids["shares_accepted"]]
    # 70 before the reset, then 5 from zero, and 26 more.
    assert shares["sum"] == 101
    assert shares["state"] == 31
    (energy,) = found[ids["energy"]]
    assert energy["sum"] == pytest.approx(50 / 60, abs=0.001)
    (temperature,) = found[ids["temperature"]]
    assert temperature["mean"] == pytest.approx(60)
    (hashrate,) = found[ids["hashrate"]]
    assert 0.9 < (hashrate["mean"] or 0) < 1.2
    (power,) = found[ids["power"]]
    assert power["mean"] == pytest.approx(1000)


async def test_reasons_are_not_recorded(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """The reasons for rejected shares are shown and left out of the database."""
    device = await start_device("axeos-2.15")
    overridden(device)["sharesRejectedReasons"] = [
        {"message": "Stale share", "count": 3}
    ]
    entry = await add(device)
    name = entity_id(hass, entry, "sensor", "shares_rejected")
    assert "reasons" in full_state(hass, entry, "sensor", "shares_rejected").attributes
    await async_wait_recording_done(hass)
    recorded = await hass.async_add_executor_job(
        history.get_significant_states,
        hass,
        dt_util.utcnow() - timedelta(hours=1),
        None,
        [name],
    )
    last = recorded[name][-1]
    assert isinstance(last, State)
    assert "state_class" in last.attributes
    assert "reasons" not in last.attributes


async def test_slots_are_not_recorded(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """The pool slots are shown and left out of the database."""
    entry = await add(await start_device("avalon-nano3s"))
    name = entity_id(hass, entry, "sensor", "pool_slots")
    assert len(full_state(hass, entry, "sensor", "pool_slots").attributes["slots"]) == 3
    await async_wait_recording_done(hass)
    recorded = await hass.async_add_executor_job(
        history.get_significant_states,
        hass,
        dt_util.utcnow() - timedelta(hours=1),
        None,
        [name],
    )
    last = recorded[name][-1]
    assert isinstance(last, State)
    assert last.state == "3"
    assert "state_class" in last.attributes
    assert "slots" not in last.attributes
