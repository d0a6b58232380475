"""Tests of the blueprint that keeps miners from getting too hot."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from simulator.avalon import AvalonDevice
from tests.devices import StartDevice
from tests.integration import entity_id, overridden, state
from tests.integration.conftest import AddMiner
from tests.integration.fleet.arrangement import answering

from .arrangement import (
    OFF,
    Changes,
    act,
    automate,
    messages,
    pass_time,
    restart_automation,
)

MEMORY = "input_text.memory"


async def test_day(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """A miner is lowered by steps, switched off, and brought back, once each."""
    assert await async_setup_component(
        hass, "input_text", {"input_text": {"memory": {"max": 255}}}
    )
    device = await start_device("axeos-2.15")
    entry = await add(device)
    await act(hass, "select.select_option", "select.bench_mode", option="turbo")
    told = overridden(device)
    told["temp"] = 64
    changes = Changes(hass)
    await automate(
        hass,
        "overheat_guard",
        temperatures=[entity_id(hass, entry, "sensor", "temperature")],
        memory=MEMORY,
    )

    def modes() -> list[str]:
        return [to for _, to in changes.of(entry)]

    # A peak that is over soon counts for nothing.
    told["temp"] = 70
    await pass_time(hass, freezer, 1)
    told["temp"] = 64
    await pass_time(hass, freezer, 5)
    assert modes() == []

    told["temp"] = 70
    await pass_time(hass, freezer, 3)
    assert modes() == ["standard"]
    assert messages(hass) == ["Bench is at 70.0 °C and is set to standard."]
    await pass_time(hass, freezer, 3)
    assert modes() == ["standard", "eco"]
    await pass_time(hass, freezer, 60, step=10)
    assert modes() == ["standard", "eco"]
    told["temp"] = 76
    await pass_time(hass, freezer, 1)
    assert modes() == ["standard", "eco", OFF]

    # A restart of Home Assistant while it cools down.
    told["temp"] = 40
    await pass_time(hass, freezer, 10)
    await restart_automation(hass)
    assert modes() == ["standard", "eco", OFF]
    await pass_time(hass, freezer, 40, step=5)
    assert modes() == ["standard", "eco", OFF, "turbo"]
    assert state(hass, entry, "select", "mode") == "turbo"
    assert state(hass, entry, "switch", "mining") == "on"
    assert messages(hass)[-1] == "Bench has cooled down and works as before."
    memory = hass.states.get(MEMORY)
    assert memory is not None
    assert memory.state == ""
    await pass_time(hass, freezer, 600, step=60)

    # What somebody else chose meanwhile is left alone.
    told["temp"] = 70
    await pass_time(hass, freezer, 3)
    assert modes()[4:] == ["standard"]
    told["temp"] = 50
    await act(hass, "select.select_option", "select.bench_mode", option="eco")
    await pass_time(hass, freezer, 240, step=10)
    assert modes()[4:] == ["standard"]
    assert state(hass, entry, "select", "mode") == "eco"


async def test_miner_that_does_not_take_its_mode_back(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """It is not forgotten, and gets the mode the next time."""
    assert await async_setup_component(
        hass, "input_text", {"input_text": {"memory": {"max": 255}}}
    )
    device = await start_device("axeos-2.15")
    entry = await add(device)
    await act(hass, "select.select_option", "select.bench_mode", option="turbo")
    told = overridden(device)
    told["temp"] = 64
    changes = Changes(hass)
    await automate(
        hass,
        "overheat_guard",
        temperatures=[entity_id(hass, entry, "sensor", "temperature")],
        memory=MEMORY,
    )
    for hot in (70, 76):
        told["temp"] = hot
        await pass_time(hass, freezer, 3)
    assert [to for _, to in changes.of(entry)] == ["standard", OFF]
    before = len(changes.events)
    told["temp"] = 40
    with answering(device, 400):
        await pass_time(hass, freezer, 60, step=5)
    assert messages(hass)[-1].endswith("does not take the mode that it had.")
    assert len(changes.events) == before
    await restart_automation(hass)
    await pass_time(hass, freezer, 60, step=5)
    assert state(hass, entry, "select", "mode") == "turbo"
    assert state(hass, entry, "switch", "mining") == "on"
    memory = hass.states.get(MEMORY)
    assert memory is not None
    assert memory.state == ""


async def test_refusal(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """A miner that takes no other mode is tried again, and that is told once."""
    assert await async_setup_component(
        hass, "input_text", {"input_text": {"memory": {"max": 255}}}
    )
    device = await start_device("avalon-nano3s")
    assert isinstance(device, AvalonDevice)
    device.state.calibrating = 10**6
    entry = await add(device)
    changes = Changes(hass)
    await automate(
        hass,
        "overheat_guard",
        temperatures=[entity_id(hass, entry, "sensor", "temperature_max")],
        memory=MEMORY,
        hot=120,
    )
    await pass_time(hass, freezer, 9, step=3)
    assert len(messages(hass)) == 1
    device.state.calibrating = 0
    await pass_time(hass, freezer, 3)
    assert [to for _, to in changes.of(entry)] == ["medium"]
    (message,) = messages(hass)
    assert message.endswith("°C and is set to medium.")
