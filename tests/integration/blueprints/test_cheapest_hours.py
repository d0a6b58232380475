"""Tests of the blueprint that lets miners work in a cheap window."""

from datetime import time, timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant

from custom_components.miner_controller.planning.windows import CheapWindow
from simulator.faults import Fault
from simulator.octopus import OctopusServer
from tests.devices import StartDevice
from tests.integration import prices, state
from tests.integration.conftest import AddMiner
from tests.integration.prices import SLOT
from tests.integration.prices.time_travel import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Prices,
    half_hours,
    joined,
    uk,
)

from .arrangement import OFF, Changes, automate, restart_automation, target

NIGHT = CheapWindow(
    duration=3 * HOUR, start_time=time(21), end_time=time(7), minimum_run=SLOT
)


async def test_day(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    server: OctopusServer,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """A miner works in the cheapest hours only, whatever comes between."""
    tariff = await prices.set_up(hass, prices.tariff_entry(server, ("Night", NIGHT)))
    device = await start_device("axeos-2.15")
    entry = await add(device)
    changes = Changes(hass)
    await automate(
        hass,
        "cheapest_hours",
        window=prices.find_entity_id(hass, tariff, "binary_sensor", "Night active"),
        miners=target(hass, entry),
    )
    start, end = uk("2026-11-10 21:00"), uk("2026-11-11 07:00")
    periods = joined(Prices(server).cheapest(half_hours(start, end), 6))
    first_start, first_end = periods[0]
    for begin, finish in periods:
        await prices.live_until(hass, freezer, tariff, begin - SECOND)
        assert state(hass, entry, "switch", "mining") == "off"
        await prices.live_until(hass, freezer, tariff, begin)
        assert state(hass, entry, "switch", "mining") == "on"
        assert state(hass, entry, "select", "mode") == "standard"
        await restart_automation(hass)
        await prices.live_until(hass, freezer, tariff, finish - SECOND)
        assert state(hass, entry, "switch", "mining") == "on"
        if begin == first_start:
            # It is away when the window ends, and told when it is back.
            await device.set_fault(Fault.REFUSE)
            await prices.live_until(hass, freezer, tariff, finish + MINUTE)
            await device.set_fault(None)
            await prices.live_until(hass, freezer, tariff, finish + 3 * MINUTE)
        else:
            await prices.live_until(hass, freezer, tariff, finish)
        assert state(hass, entry, "switch", "mining") == "off"
    await prices.live_until(hass, freezer, tariff, prices.MORNING + DAY)
    assert [to for _, to in changes.of(entry)] == [
        OFF,
        *["standard", OFF] * len(periods),
    ]
    assert set(changes.reasons) == {"Night Active is on", "Night Active is off"}
    assert changes.of(entry)[2][0] - first_end == timedelta(minutes=3)
