"""Tests of the blueprint that chooses modes by bands of the price."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
)
from homeassistant.util import dt as dt_util
import pytest

from custom_components.miner_controller.const import DOMAIN
from simulator.avalon import AvalonDevice
from simulator.octopus import OctopusFault, OctopusServer
from tests.devices import StartDevice
from tests.integration import prices, state
from tests.integration.conftest import AddMiner
from tests.integration.prices import SLOT
from tests.integration.prices.time_travel import DAY, half_hours, midnights, uk

from .arrangement import OFF, Changes, automate, restart_automation, settle, target

MODE_SETTING = "custom_components.miner_controller.miner.mode_setting"

# The hour that there is twice makes this day one of 50 slots.
LONG_DAY = date(2026, 10, 25)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
VAT = Decimal("1.05")


async def test_day_that_is_longer(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    server: OctopusServer,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """Each slot of a day has the mode of its band, and single slots change nothing."""
    start, end = midnights(LONG_DAY)
    freezer.move_to(start - 7 * SLOT)
    pence = [
        *[22, 22, 4, 22, 22, 8, 8, 8],  # One cheap slot is too short.
        *[15, 8, 15, 8, 8, 21, 21, -3, -3, -1],  # 15 and 8 in turns stay at 15.
        *[35, 35, 9, 9, 25, 9, 9, 12, 12, 12],  # One dear slot counts at once.
        *[18, 18, 40, 40, 40, 40, 28, 28, 12, 12],
        *[10, 10, 10.1, 5, 5, 5.1, 5.1, 20, 20, 20.1, 20.1, 3],
    ]
    slots = half_hours(start, end)
    assert len(slots) == len(pence) == 50
    for slot in half_hours(start - 2 * DAY, end + DAY):
        server.changed_prices[slot] = Decimal(50)
    for slot, price in zip(slots, pence, strict=True):
        server.changed_prices[slot] = Decimal(str(price)) / VAT
    tariff = await prices.set_up(hass, prices.tariff_entry(server))
    entry = await add(await start_device("axeos-2.15"))
    changes = Changes(hass)
    await automate(
        hass,
        "price_bands",
        price=prices.find_entity_id(hass, tariff, "sensor", "current_price"),
        miners=target(hass, entry),
    )
    seen: list[str] = []
    for slot in slots:
        await prices.live_until(hass, freezer, tariff, slot + SECOND)
        on = state(hass, entry, "switch", "mining") == "on"
        seen.append(state(hass, entry, "select", "mode") if on else OFF)
    eco, standard, oc = "eco", "standard", "oc"
    assert seen == [
        *[OFF] * 5,
        *[standard] * 3,
        *[eco] * 3,
        *[standard] * 2,
        *[OFF] * 2,
        *[oc] * 3,
        *[OFF] * 2,
        *[standard] * 2,
        OFF,
        *[standard] * 2,
        *[eco] * 3,
        *[eco] * 2,
        *[OFF] * 6,
        *[eco] * 2,
        *[standard] * 2,
        eco,
        *[oc] * 2,
        *[standard] * 2,
        *[eco] * 2,
        *[OFF] * 3,
    ]
    changed = [to for before, to in pairwise(["standard", *seen]) if before != to]
    assert [to for _, to in changes.of(entry)] == changed
    assert changes.reasons[:2] == [
        "52.5 p/kWh is price band 6",
        "8.0 p/kWh is price band 3",
    ]


async def test_nothing_lost(
    hass: HomeAssistant,
    monkeypatch: pytest.MonkeyPatch,
    freezer: FrozenDateTimeFactory,
    server: OctopusServer,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """A miner that refuses is asked again, and what is not known changes nothing."""
    now = prices.MORNING
    for slot in half_hours(now - DAY, now + 2 * DAY):
        server.changed_prices[slot.replace(minute=slot.minute // 30 * 30)] = Decimal(15)
    for slot in half_hours(uk("2026-11-10 14:00"), uk("2026-11-10 15:00")):
        server.changed_prices[slot] = Decimal(1)
    tariff = await prices.set_up(hass, prices.tariff_entry(server))
    device = await start_device("avalon-nano3s")
    assert isinstance(device, AvalonDevice)
    device.state.calibrating = 10**6
    entry = await add(device)
    changes = Changes(hass)
    asked: list[float] = []

    async def wait(seconds: float) -> None:
        asked.append(seconds)
        if len(asked) % 3 == 0:
            device.state.calibrating = 0

    monkeypatch.setattr(f"{MODE_SETTING}.sleep", wait)
    await automate(
        hass,
        "price_bands",
        starting=True,
        price=prices.find_entity_id(hass, tariff, "sensor", "current_price"),
        miners=target(hass, entry),
        hands_off=["input_boolean.mine"],
    )
    assert state(hass, entry, "select", "mode") == "low"
    assert len(asked) == 3

    # Somebody wants to decide without the blueprint, and ends that.
    hass.states.async_set("input_boolean.mine", "on")
    await prices.live_until(hass, freezer, tariff, uk("2026-11-10 14:10"))
    assert state(hass, entry, "select", "mode") == "low"
    hass.states.async_set("input_boolean.mine", "off")
    await settle(hass)
    assert state(hass, entry, "select", "mode") == "high"

    # No prices come any more: the last mode stays, also over a restart.
    server.fault = OctopusFault.UNAVAILABLE
    await prices.live_until(hass, freezer, tariff, uk("2026-11-10 15:10"))
    assert state(hass, entry, "select", "mode") == "low"
    await prices.live_until(hass, freezer, tariff, uk("2026-11-10 23:10"))
    assert prices.state(hass, tariff, "sensor", "current_price") == "unavailable"
    await restart_automation(hass)
    await prices.live_until(hass, freezer, tariff, uk("2026-11-11 02:00"))
    assert [to for _, to in changes.of(entry)] == ["low", "high", "low"]


async def test_slots_of_some_hours(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """A cheap slot that is longer than half an hour is its own neighbour."""
    entry = await add(await start_device("axeos-2.15"))
    begun = dt_util.utcnow()
    slots = [
        {
            "start": begun + hours * HOUR,
            "end": begun + (hours + 5) * HOUR,
            "price": price,
        }
        for hours, price in ((-5, 0.25), (0, 0.07), (5, 0.25))
    ]

    async def get_prices(call: ServiceCall) -> ServiceResponse:
        asked = [datetime.fromisoformat(call.data[key]) for key in ("from", "to")]
        return {
            "slots": [
                {
                    "start": slot["start"].isoformat(),
                    "end": slot["end"].isoformat(),
                    "price": slot["price"],
                }
                for slot in slots
                if slot["start"] < asked[1] and asked[0] < slot["end"]
            ]
        }

    hass.services.async_register(
        DOMAIN, "get_prices", get_prices, supports_response=SupportsResponse.ONLY
    )
    hass.states.async_set("sensor.price", "0.25")
    freezer.tick(-HOUR)
    changes = Changes(hass)
    await automate(
        hass, "price_bands", price="sensor.price", miners=target(hass, entry)
    )
    freezer.tick(HOUR)
    hass.states.async_set("sensor.price", "0.07")
    await settle(hass)
    assert [to for _, to in changes.of(entry)] == [OFF, "standard"]
