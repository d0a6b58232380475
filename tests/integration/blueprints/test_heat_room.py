"""Tests of the blueprint that heats a room."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant

from tests.devices import StartDevice
from tests.integration.conftest import AddMiner

from .arrangement import (
    OFF,
    Changes,
    automate,
    pass_time,
    restart_automation,
    settle,
    target,
)

ROOM = "sensor.room"
PRICE = "sensor.price"


async def test_day(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """Miners heat below one temperature, stop above another, and hold in between."""
    hass.states.async_set(ROOM, "20.1")
    entry = await add(await start_device("axeos-2.15"))
    changes = Changes(hass)
    await automate(hass, "heat_room", temperature=ROOM, miners=target(hass, entry))
    found: list[list[str]] = []
    # A room that cools at night, is heated, and warmed by the sun.
    for degrees in (20.0, 19.6, 19.4, 19.6, 20.4, 20.6, "unavailable", 20.2, 19.4, 22):
        hass.states.async_set(ROOM, str(degrees))
        await settle(hass)
        await pass_time(hass, freezer, 140, step=70)
        if degrees == 19.6:
            await restart_automation(hass)
        found.append([to for _, to in changes.of(entry)])
    # It begins in its standard mode, and highest is oc.
    assert found[-1] == ["oc", OFF, "oc", OFF]
    assert [len(each) for each in found] == [0, 0, 1, 1, 1, 2, 2, 2, 3, 4]
    assert changes.reasons[0] == "The room has 19.4 °C and should have 20 °C"


async def test_price_limit(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """Nothing is heated while electricity is dear, or while its price is not known."""
    hass.states.async_set(ROOM, "15")
    hass.states.async_set(PRICE, "unknown")
    entry = await add(await start_device("axeos-2.15"))
    changes = Changes(hass)
    await automate(
        hass,
        "heat_room",
        temperature=ROOM,
        miners=target(hass, entry),
        price=[PRICE],
    )
    found: list[int] = []
    for price in ("unknown", "0.25", "0.2501", "unknown", "0.1"):
        hass.states.async_set(PRICE, price)
        await settle(hass)
        found.append(len(changes.events))
    assert found == [0, 1, 2, 2, 3]
    assert changes.reasons[1] == "25.01 p/kWh is above 25 p/kWh"
