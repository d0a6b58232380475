"""Tests of the blueprint that sends messages."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant

from simulator.faults import Fault
from tests.devices import StartDevice
from tests.integration import overridden
from tests.integration.conftest import AddMiner

from .arrangement import automate, messages, pass_time, restart_automation, target


async def test_day(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """Each thing is told once, and what comes and goes is told once an hour."""
    device = await start_device("axeos-2.15")
    told = overridden(device)
    told |= {"bestDiff": 1e9, "blockFound": 0, "sharesAccepted": 1000}
    entry = await add(device)
    await automate(hass, "tell_me", miners=target(hass, entry))
    await restart_automation(hass)
    await pass_time(hass, freezer, 10, step=5)
    assert messages(hass) == []

    told["bestDiff"] = 1_236_000_000
    await pass_time(hass, freezer, 1)
    assert messages(hass) == ["Bench found its best share: 1.24 G"]
    told |= {"bestDiff": 2e9, "blockFound": 1}
    await pass_time(hass, freezer, 1)
    assert messages(hass) == ["Bench found a block!"]

    told |= {"sharesRejected": 100}
    await pass_time(hass, freezer, 16, step=4)
    assert messages(hass) == ["Bench has 9.091 % of its shares rejected."]

    # What comes and goes is told once, and again when it stays so.
    for minutes, expected in ((16, 1), (16, 0), (120, 1)):
        await device.set_fault(Fault.REFUSE)
        await pass_time(hass, freezer, minutes, step=4)
        await device.set_fault(None)
        await pass_time(hass, freezer, 6, step=6)
        gone = ["Bench has not answered for 10 minutes."] * expected
        assert messages(hass) == gone, minutes
    await pass_time(hass, freezer, 90, step=30)
    told |= {"temp": 90, "overheat_mode": 1}
    await pass_time(hass, freezer, 1)
    assert messages(hass) == ["Bench overheated."]
    await pass_time(hass, freezer, 20 * 60, step=60)
    assert messages(hass) == []
