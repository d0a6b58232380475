"""Tests of the blueprint that follows the plans of miners."""

from datetime import datetime

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.faults import Fault
from simulator.mempool import MempoolServer
from simulator.octopus import OctopusServer
from tests.devices import StartDevice
from tests.integration import call, entity_id, prices, state
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

from .arrangement import (
    OFF,
    Changes,
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
            await prices.live_until(hass, freezer, tariff, LOST + 3 * MINUTE)
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
