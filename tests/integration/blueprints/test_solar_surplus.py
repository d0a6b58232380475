"""Tests of the blueprint that follows the power of the sun."""

from math import cos, pi

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest

from simulator.faults import Fault
from tests.devices import StartDevice
from tests.integration import entity_id, state
from tests.integration.conftest import AddMiner

from .arrangement import (
    Changes,
    act,
    automate,
    device_id,
    pass_time,
    restart_automation,
)

MODE_SETTING = "custom_components.miner_controller.miner.mode_setting"
SURPLUS = "sensor.surplus"

# What the two miners of the test draw, so that each step is felt.
DRAWN = {"off": 0, "eco": 150, "standard": 250, "turbo": 350, "oc": 450}


async def test_day(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """Miners are started in order, raised, lowered and stopped as the sun goes."""
    entries = []
    for seed in (1, 2):
        device = await start_device("axeos-2.15", seed=seed)
        entries.append(await add(device, poll_interval=600))
    for entry in entries:
        await hass.services.async_call(
            "miner_controller",
            "set_mode",
            {"device_id": device_id(hass, entry), "mode": "off"},
            blocking=True,
        )

    def modes() -> list[str]:
        return [
            state(hass, entry, "select", "mode")
            if state(hass, entry, "binary_sensor", "hashing") == "on"
            else "off"
            for entry in entries
        ]

    changes = Changes(hass)
    hass.states.async_set(SURPLUS, "-200")
    await automate(
        hass,
        "solar_surplus",
        surplus=SURPLUS,
        miners=[device_id(hass, entry) for entry in entries],
    )
    seen = [modes()]
    for minute in range(6 * 60, 19 * 60, 10):
        sun = max(0.0, -cos(minute / (24 * 60) * 2 * pi)) * 1300
        drawn = sum(DRAWN[mode] for mode in modes())
        if minute == 600:
            hass.states.async_set(SURPLUS, "-900")  # A cloud.
            await pass_time(hass, freezer, 4, step=2)
        hass.states.async_set(SURPLUS, str(round(sun - 200 - drawn)))
        await pass_time(hass, freezer, 10, step=10)
        if minute == 720:
            await restart_automation(hass)
        if modes() != seen[-1]:
            seen.append(modes())
    steps = [sum(DRAWN[mode] for mode in each) for each in seen]
    top = steps.index(max(steps))
    assert seen[:3] == [["off", "off"], ["eco", "off"], ["eco", "eco"]]
    assert steps[: top + 1] == sorted(steps[: top + 1])
    assert seen[-3:] == [["eco", "eco"], ["eco", "off"], ["off", "off"]]
    assert len(changes.events) == len(seen) - 1 <= 16


async def test_miner_that_has_to_start_first(
    hass: HomeAssistant,
    monkeypatch: pytest.MonkeyPatch,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """While it starts the next miner is not started too."""
    assert await async_setup_component(
        hass, "input_boolean", {"input_boolean": {"plug": {"initial": False}}}
    )
    device = await start_device("avalon-nano3s")
    linked = await add(device, power_switch="input_boolean.plug")
    resting = await add(await start_device("axeos-2.15"))
    await act(hass, "switch.turn_off", entity_id(hass, resting, "switch", "mining"))
    await device.set_fault(Fault.REFUSE)
    await pass_time(hass, freezer, 2)

    async def start(_: float) -> None:
        await device.set_fault(None)

    monkeypatch.setattr(f"{MODE_SETTING}.sleep", start)
    changes = Changes(hass)
    hass.states.async_set(SURPLUS, "1000")
    await automate(
        hass,
        "solar_surplus",
        surplus=SURPLUS,
        miners=[device_id(hass, entry) for entry in (linked, resting)],
    )
    await pass_time(hass, freezer, 11)
    hass.states.async_set(SURPLUS, "0")
    await pass_time(hass, freezer, 2)
    assert [to for _, to in changes.of(linked)] == ["low"]
    assert changes.of(resting) == []
