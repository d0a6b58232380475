"""Tests of the blueprint that follows the plans of miners."""

from datetime import datetime

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.automation import EVENT_AUTOMATION_TRIGGERED
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from simulator.axeos import AxeOSDevice
from simulator.faults import Fault
from simulator.mempool import MempoolServer
from simulator.octopus import OctopusServer
from tests.devices import StartDevice
from tests.integration import call, entity_id, prices, state, writes
from tests.integration.conftest import AddMiner
from tests.integration.economics import TERAHASH, add_network, working
from tests.integration.economics.conftest import at_home, network
from tests.integration.prices import SLOT
from tests.integration.prices.time_travel import (
    MINUTE,
    Prices,
    half_hours,
    uk,
)
from tests.integration.test_overheat import overheat

from .arrangement import (
    OFF,
    Changes,
    act,
    automate,
    device_id,
    pass_time,
    restart_automation,
    settle,
)

__all__ = ["at_home", "network"]

HANDS_OFF = "input_boolean.hands_off"
MEMORY = "input_text.too_warm"
PLUG = "input_boolean.plug"
UNTIL = "input_datetime.until"

AFTERNOON, EVENING = uk("2026-11-10 15:30"), uk("2026-11-10 20:30")

# When prices are dear for the first time on this day.
LOST = uk("2026-11-10 16:00")

# In standard for three hours when they are cheapest, else off.
PLAN = {
    "goal": "hours",
    "hours": 3,
    "mode": "standard",
    "earliest": "12:00:00",
    "latest": "20:00:00",
}

# As fast as can be, whatever it costs.
FASTEST = {"goal": "budget", "budget": 1000}

MACS = ("3c:84:27:00:00:01", "3c:84:27:00:00:02")


def until(hass: HomeAssistant, moment: datetime) -> None:
    """Have a helper show a moment, as one with a date and a time does."""
    local = dt_util.as_local(moment)
    hass.states.async_set(
        UNTIL,
        f"{local:%Y-%m-%d %H:%M:%S}",
        {
            "has_date": True,
            "has_time": True,
            **{
                name: getattr(local, name)
                for name in ("year", "month", "day", "hour", "minute", "second")
            },
        },
    )


def is_on(hass: HomeAssistant, entry: MockConfigEntry) -> bool:
    """Return whether a miner works in its standard mode, or not at all."""
    works = state(hass, entry, "switch", "mining") == "on"
    assert not works or state(hass, entry, "select", "mode") == "standard"
    return works


async def test_day(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    server: OctopusServer,
    network: MempoolServer,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """Miners do what is planned, whatever comes between."""
    freezer.move_to(AFTERNOON)
    tariff = await prices.set_up(hass, prices.tariff_entry(server))
    await add_network(hass, network)
    device = await start_device("axeos-2.15")
    # It earns what it costs at 0.18 GBP/kWh.
    working(device, power=1.411 / 0.18)["expectedHashrate"] = TERAHASH
    modes = ["off", "standard"]
    entry = await add(device, plan={"goal": "profit", "modes": modes})
    # Another one has no plan and is left alone.
    other = await add(await start_device("axeos-2.15", mac="3c:84:27:00:00:02"))
    changes = Changes(hass)
    await automate(
        hass,
        "follow_plan",
        miners=[device_id(hass, miner) for miner in (entry, other)],
    )
    known = Prices(server)
    expected: list[str] = []
    for slot in half_hours(AFTERNOON, EVENING):
        cheap = known.at(slot) < 0.18
        await prices.live_until(hass, freezer, tariff, slot)
        wanted = "standard" if cheap else OFF
        if wanted != (expected or ["standard"])[-1]:
            expected.append(wanted)
        assert is_on(hass, entry) is cheap, slot
        if slot.hour == 18:
            await restart_automation(hass)
        if slot + SLOT == LOST:
            # It is away when its mode changes, and told when it is back.
            assert cheap != (known.at(LOST) < 0.18)
            await device.set_fault(Fault.REFUSE)
            await prices.live_until(hass, freezer, tariff, LOST + MINUTE)
            await device.set_fault(None)
            for minute in (3, 4):
                moment = LOST + minute * MINUTE
                await prices.live_until(hass, freezer, tariff, moment)
            assert is_on(hass, entry) is not cheap
    assert expected == [OFF, "standard"]
    assert [to for _, to in changes.of(entry)] == expected
    assert not changes.of(other)
    assert all(reason.startswith(("Off", "Runs")) for reason in changes.reasons)


async def test_by_hand(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    server: OctopusServer,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """What is changed by hand is taken back, unless that is not wanted now."""
    hass.states.async_set(HANDS_OFF, "on")
    # At no time at which it looks anyway.
    freezer.tick(2 * MINUTE)
    until(hass, prices.MORNING + 22 * MINUTE)
    await prices.set_up(hass, prices.tariff_entry(server))
    device = await start_device("axeos-2.15")
    entry = await add(device, plan=PLAN)
    changes = Changes(hass)
    await automate(
        hass,
        "follow_plan",
        miners=[device_id(hass, entry)],
        hands_off=[HANDS_OFF],
        hands_off_until=[UNTIL],
        guard_memory=[MEMORY],
    )
    await pass_time(hass, freezer, 10, device, step=5)
    assert is_on(hass, entry)
    hass.states.async_set(HANDS_OFF, "off")
    await settle(hass)
    assert is_on(hass, entry), "it is not yet the time"
    await pass_time(hass, freezer, 6, device, step=6)
    assert is_on(hass, entry)
    await pass_time(hass, freezer, 4, device, step=4)
    assert not is_on(hass, entry)
    # A helper that shows no moment says nothing.
    hass.states.async_set(UNTIL, "unknown")
    await call(hass, entry, "mining", "switch.turn_on")
    assert is_on(hass, entry)
    await pass_time(hass, freezer, 3, device, step=3)
    assert not is_on(hass, entry)

    hass.states.async_set(HANDS_OFF, "on")
    await call(hass, entry, "mining", "switch.turn_on")
    await pass_time(hass, freezer, 15, device, step=5)
    assert is_on(hass, entry)
    hass.states.async_set(HANDS_OFF, "off")
    await settle(hass)
    assert not is_on(hass, entry)
    # The guard against heat has another say, while it knows of the miner.
    hass.states.async_set(MEMORY, f"d{device_id(hass, entry)[:8]}=standard>eco")
    await call(hass, entry, "mining", "switch.turn_on")
    await pass_time(hass, freezer, 5, device, step=5)
    assert is_on(hass, entry)
    hass.states.async_set(MEMORY, "")
    await pass_time(hass, freezer, 5, device, step=5)
    assert not is_on(hass, entry)
    assert [to for _, to in changes.of(entry)] == [OFF] * 4


async def test_without_modes(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    server: OctopusServer,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """A miner that is only on or off gets its power as planned."""
    assert await async_setup_component(
        hass, "input_boolean", {"input_boolean": {"plug": {"initial": True}}}
    )
    await prices.set_up(hass, prices.tariff_entry(server))
    entry = await add(
        await start_device("cgminer-4.11"),
        plan={"goal": "budget", "budget": 0},
        power_draw=1000,
        power_switch=PLUG,
    )
    await automate(hass, "follow_plan", miners=[device_id(hass, entry)])
    assert state(hass, entry, "sensor", "planned_mode") == OFF
    assert hass.states.is_state(PLUG, "off")
    # As it would be after a day with another budget.
    planned = entity_id(hass, entry, "sensor", "planned_mode")
    hass.states.async_set(planned, "on", {"plan": [], "reason": "It pays"})
    await settle(hass)
    assert hass.states.is_state(PLUG, "on")


@pytest.mark.parametrize(("firmware", "minutes"), [("2.4", 35), ("2.15", 15)])
async def test_overheated(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    server: OctopusServer,
    start_device: StartDevice,
    add: AddMiner,
    firmware: str,
    minutes: int,
) -> None:
    """A miner is left alone while it is hot and for a while after that."""
    await prices.set_up(hass, prices.tariff_entry(server))
    device = await start_device(f"axeos-{firmware}")
    assert isinstance(device, AxeOSDevice)
    entry = await add(device, plan=FASTEST)
    await automate(hass, "follow_plan", miners=[device_id(hass, entry)])
    await pass_time(hass, freezer, 5, device, step=5)
    assert state(hass, entry, "select", "mode") == "oc"
    changes = Changes(hass)
    device.requests.clear()
    await overheat(hass, freezer, device)
    assert state(hass, entry, "binary_sensor", "overheated") == "on"
    # It goes on by itself, slower, or waits for its owner. Neither is told anything,
    # also when it is back after it was away.
    await pass_time(hass, freezer, minutes, device, step=5)
    await device.set_fault(Fault.REFUSE)
    await pass_time(hass, freezer, 2, device)
    assert state(hass, entry, "binary_sensor", "overheated") == STATE_UNAVAILABLE
    await device.set_fault(None)
    await pass_time(hass, freezer, 12, device, step=3)
    stopped = firmware == "2.4"
    assert writes(device) == []
    assert state(hass, entry, "select", "mode") != "oc"
    overheated = state(hass, entry, "binary_sensor", "overheated")
    assert overheated == ("on" if stopped else "off")
    if stopped:
        await call(hass, entry, "clear_overheat", "button.press")
        await call(hass, entry, "mode", "select.select_option", option="eco")
        await pass_time(hass, freezer, 25, device, step=5)
        assert state(hass, entry, "select", "mode") == "eco"
    assert not changes.of(entry)
    await pass_time(hass, freezer, 10, device, step=5)
    assert [to for _, to in changes.of(entry)] == ["oc"]


async def test_power_is_off(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    server: OctopusServer,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """A miner without power gets it, though nobody knows whether it is too hot."""
    assert await async_setup_component(
        hass, "input_boolean", {"input_boolean": {"plug": {"initial": True}}}
    )
    await prices.set_up(hass, prices.tariff_entry(server))
    device = await start_device("axeos-2.4")
    entry = await add(device, plan=FASTEST, power_switch=PLUG)
    await automate(hass, "follow_plan", miners=[device_id(hass, entry)])
    await call(hass, entry, "mode", "select.select_option", option="eco")
    await act(hass, "input_boolean.turn_off", PLUG)
    await device.set_fault(Fault.REFUSE)
    await pass_time(hass, freezer, 5, device)
    assert hass.states.is_state(PLUG, "on")
    # It is told as soon as it has started.
    await device.set_fault(None)
    await pass_time(hass, freezer, 3, device)
    assert state(hass, entry, "select", "mode") == "oc"


@pytest.mark.parametrize("name", ["450", "on", "Off", "lowest"])
async def test_strange_names(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    server: OctopusServer,
    start_device: StartDevice,
    add: AddMiner,
    name: str,
) -> None:
    """A mode of older options whose name means something else is never planned."""
    await prices.set_up(hass, prices.tariff_entry(server))
    device = await start_device("axeos-2.15")
    rows = [
        {"name": "mild", "frequency": 450, "core_voltage": 1100},
        {"name": name, "frequency": 550, "core_voltage": 1150},
    ]
    entry = await add(device, plan=FASTEST, work_modes=rows)
    await automate(hass, "follow_plan", miners=[device_id(hass, entry)])
    await pass_time(hass, freezer, 5, device, step=5)
    expected = name if name == "450" else "mild"
    assert state(hass, entry, "sensor", "planned_mode") == expected
    assert state(hass, entry, "select", "mode") == expected
    assert state(hass, entry, "binary_sensor", "plan_followed") == "on"


async def test_as_planned(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    server: OctopusServer,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """Nothing is begun while all miners are as planned, at work and at rest."""
    assert await async_setup_component(
        hass, "input_boolean", {"input_boolean": {"plug": {"initial": True}}}
    )
    await prices.set_up(hass, prices.tariff_entry(server))
    miners = [await start_device("axeos-2.15", mac=MACS[turn]) for turn in range(2)]
    plugged = await start_device("cgminer-4.11")
    nothing = {"goal": "budget", "budget": 0}
    entries = [
        await add(miners[0], plan=FASTEST),
        await add(miners[1], plan=nothing),
        await add(plugged, plan=nothing, power_draw=1000, power_switch=PLUG),
    ]
    begun = async_capture_events(hass, EVENT_AUTOMATION_TRIGGERED)
    await automate(
        hass, "follow_plan", miners=[device_id(hass, entry) for entry in entries]
    )
    assert hass.states.is_state(PLUG, "off")
    await plugged.set_fault(Fault.REFUSE)
    await pass_time(hass, freezer, 10, *miners, step=5)
    begun.clear()
    await pass_time(hass, freezer, 20, *miners, step=5)
    assert not begun
    told = [state(hass, entry, "sensor", "planned_mode") for entry in entries]
    assert told == ["oc", OFF, OFF]
    for entry, action in ((entries[0], "turn_off"), (entries[1], "turn_on")):
        await call(hass, entry, "mining", f"switch.{action}")
        await pass_time(hass, freezer, 5, *miners, step=5)
        assert len(begun) == 1
        begun.clear()
