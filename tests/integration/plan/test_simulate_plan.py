"""Tests of the action that tells what plans would have cost and earned."""

from collections.abc import Sequence
from datetime import timedelta
from threading import get_ident
from typing import Any
from unittest.mock import patch

from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.plan import simulate_action
from custom_components.miner_controller.planning.backtest_slots import last_given
from custom_components.miner_controller.planning.slots import Slot, day_span
from simulator.mempool import MempoolServer
from simulator.octopus import OctopusFault, OctopusServer
from tests.devices import StartDevice
from tests.integration import add_miner, device_entry, set_up
from tests.integration.automation_entities import holds
from tests.integration.economics import (
    add_network,
    add_tariff,
    working,
)
from tests.integration.economics.conftest import at_home, network, prices
from tests.integration.prices.time_travel import Prices, half_hours

__all__ = ["at_home", "network", "prices"]

BITAXE = "axeos-2.15"

# 1 TH/s earns 0.00141 GBP in an hour, of which a pool keeps a tenth.
REVENUE = 42.33e-8 * 80_000 / 24 * 0.9

NIGHT = [
    {"start": "2026-07-01 22:00", "end": "2026-07-02 01:00", "price": 0.1},
    {"start": "2026-07-02 02:00", "end": "2026-07-02 04:00", "price": 0.3},
]


async def simulate(
    hass: HomeAssistant, entry: MockConfigEntry, **data: Any
) -> dict[str, Any]:
    """Call the action for a miner."""
    data = {"device_id": device_entry(hass, entry).id, **data}
    told: dict[str, Any] | None = await hass.services.async_call(
        DOMAIN, "simulate_plan", data, blocking=True, return_response=True
    )
    assert told is not None
    return told


def row(told: dict[str, Any], strategy: str, mode: str | None = None) -> dict[str, Any]:
    """Return one row of the table."""
    found: dict[str, Any]
    (found,) = (
        each
        for each in told["rows"]
        if (each["strategy"], each["mode"]) == (strategy, mode)
    )
    return found


async def test_past_days(
    hass: HomeAssistant,
    start_device: StartDevice,
    prices: OctopusServer,
    network: MempoolServer,
) -> None:
    """The table has each way of working with the prices of whole days."""
    device = await start_device(BITAXE)
    working(device, power=15)
    await add_tariff(hass, prices)
    await add_network(hass, network)
    entry = await add_miner(
        hass,
        device,
        economics={"pool_fee": 10},
        plan={
            "goal": "hours",
            "hours": 3,
            "mode": "standard",
            "min_on": 60,
            "modes": ["off", "eco", "standard", "oc"],
        },
    )
    told = await simulate(hass, entry, days=2, budget=0.02)
    today = day_span(dt_util.utcnow(), dt_util.get_default_time_zone()).start
    starts = half_hours(today - timedelta(days=2), today)
    assert (told["name"], told["currency"]) == ("Bench", "GBP")
    assert (told["start"], told["end"]) == (
        "2026-11-08T00:00:00+00:00",
        "2026-11-10T00:00:00+00:00",
    )
    assert (told["known_hours"], told["missing_hours"]) == (48, 0)
    assert told["skipped"] == []
    assert told["assumptions"]["revenue_per_terahash_hour"] == pytest.approx(
        REVENUE, rel=1e-3
    )
    assert told["assumptions"]["difficulty"] == 1.5e14
    modes = {mode["mode"]: mode for mode in told["modes"]}
    assert [*modes] == ["off", "eco", "standard", "oc"]
    assert not any(mode["learned"] for mode in modes.values())
    standard = modes["standard"]

    always = row(told, "always_on", "standard")
    assert always["hours"] == {"standard": 48}
    assert always["energy"] == pytest.approx(standard["power"] * 0.048, rel=1e-3)
    mean = sum(Prices(prices).of(starts)) / len(starts)
    assert always["average_price"] == pytest.approx(mean, abs=1e-6)
    assert always["cost"] == pytest.approx(always["energy"] * mean, rel=1e-3)
    assert always["terahashes"] == pytest.approx(standard["hashrate"] * 48 * 3600)
    assert always["revenue"] == pytest.approx(
        standard["hashrate"] * 48 * REVENUE, rel=1e-3
    )
    assert row(told, "always_on", "oc")["cost"] > always["cost"]

    below = row(told, "price_below", "standard")
    assert below["price_limit"] == pytest.approx(
        standard["hashrate"] * REVENUE * 1000 / standard["power"], rel=1e-3
    )
    assert 0 < below["hours_on"] < 48
    best = row(told, "profit")
    assert all(best["profit"] >= row["profit"] for row in told["rows"])
    assert best["hours"].get("off", 0) > 0
    assert row(told, "hours")["hours_on"] >= 6
    assert row(told, "budget")["cost"] <= 2 * 0.02
    assert row(told, "budget")["terahashes"] > 0


async def test_given_slots(
    hass: HomeAssistant,
    start_device: StartDevice,
    at_home: None,
) -> None:
    """Slots may be given, and what nobody knows or wants is left out and told."""
    device = await start_device(BITAXE)
    working(device, power=15)
    plan = {"modes": ["eco", "oc"], "hours": 1, "mode": "standard", "budget": 1}
    entry = await add_miner(hass, device, plan=plan)
    threads = []

    def seen(slots: Sequence[Slot]) -> tuple[Slot, ...]:
        threads.append(get_ident())
        return last_given(slots)

    with patch(f"{simulate_action.__name__}.last_given", seen):
        told = await simulate(hass, entry, slots=NIGHT[::-1], price_limit=0.2)
    # There may be many, so nothing waits for that.
    assert threads not in ([], [get_ident()])
    assert told["start"] == "2026-07-01T22:00:00+01:00"
    assert told["end"] == "2026-07-02T04:00:00+01:00"
    assert (told["known_hours"], told["missing_hours"]) == (5, 1)
    assert told["skipped"] == [{"strategy": "profit", "reason": "no_network_data"}]
    assert told["assumptions"]["difficulty"] is None
    # The mode of the plan is none that it may use any more, nor the present one.
    assert row(told, "always_on", "eco")["revenue"] is None
    assert row(told, "hours")["exact"]
    assert row(told, "price_below", "eco")["price_limit"] == 0.2
    assert row(told, "budget")["hours"] == {"oc": 5}

    told = await simulate(
        hass,
        entry,
        slots=NIGHT,
        budget=0,
        hours=0.5,
        mode="oc",
        earliest="21:00",
        latest="23:30",
    )
    assert told["skipped"][0] == {"strategy": "price_below", "reason": "no_price_limit"}
    assert row(told, "hours")["hours"] == {"oc": 2, "eco": 3}
    hass.set_state(CoreState.stopping)
    told = await simulate(hass, entry, slots=NIGHT, price_limit=0.2)
    hass.set_state(CoreState.running)
    assert {skipped["strategy"]: skipped["reason"] for skipped in told["skipped"]} == {
        "profit": "no_network_data",
        "hours": "took_too_long",
        "budget": "took_too_long",
    }


async def test_other_currency(
    hass: HomeAssistant,
    start_device: StartDevice,
    prices: OctopusServer,
    network: MempoolServer,
) -> None:
    """What mining earns is not compared with prices in another currency."""
    await hass.config.async_update(currency="EUR")
    device = await start_device(BITAXE)
    working(device, power=15)
    await add_tariff(hass, prices)
    await add_network(hass, network)
    entry = await add_miner(hass, device)
    told = await simulate(hass, entry, days=1)
    assert told["currency"] == "GBP"
    assert row(told, "always_on", "standard")["profit"] is None
    assert not await holds(
        hass,
        "is_price_below_break_even",
        {"device_id": device_entry(hass, entry).id},
    )


async def test_what_cannot_be(
    hass: HomeAssistant,
    start_device: StartDevice,
    monkeypatch: pytest.MonkeyPatch,
    prices: OctopusServer,
) -> None:
    """Each thing that is missing or makes no sense is told in words."""
    device = await start_device(BITAXE)
    told = working(device, power=15)
    entry = await add_miner(hass, device)

    async def fault(**data: Any) -> str | None:
        with pytest.raises(HomeAssistantError) as caught:
            await simulate(hass, entry, **data)
        return caught.value.translation_key

    assert await fault() == "no_tariff"
    assert await fault(device_id="nonsense") == "not_a_miner"
    tariff = await add_tariff(hass, prices)
    assert await fault(device_id=device_entry(hass, tariff).id) == "not_a_miner"
    with monkeypatch.context() as patched:
        patched.setattr(tariff.runtime_data, "slots", ())
        patched.setattr(prices, "slots", lambda *_: [])
        assert await fault(days=1) == "no_prices_then"
    prices.fault = OctopusFault.UNAVAILABLE
    assert await fault() == "prices_failed"
    assert await fault(slots=NIGHT, mode="off") == "mode_not_known"
    year = {"start": "2024-01-01 00:00", "end": "2026-01-01 00:00", "price": 1}
    assert await fault(slots=[year]) == "too_long_a_simulation"
    turned = {"start": year["end"], "end": year["start"], "price": 1}
    assert await fault(slots=[turned]) == "ends_before_start"
    eternal = {**year, "end": "9999-12-31 23:59"}
    assert await fault(slots=[eternal]) == "moment_too_far"
    nonsenses: tuple[dict[str, Any], ...] = (
        {"slots": []},
        {"slots": [{**year, "price": float("nan")}]},
        {"days": 366},
        {"hours": 0},
    )
    for nonsense in nonsenses:
        with pytest.raises(probatio.Invalid):
            await simulate(hass, entry, **nonsense)

    # A miner without a meter whose owner does not say what it draws.
    told["power"] = None
    idle = await add_miner(hass, await start_device("nmminer-2.0.04"))
    entry = idle
    assert await fault(slots=NIGHT) == "modes_not_known"
    assert await hass.config_entries.async_unload(idle.entry_id)
    with pytest.raises(ServiceValidationError) as caught:
        await simulate(hass, idle, slots=NIGHT)
    assert caught.value.translation_key == "miner_not_loaded"
    await set_up(hass, idle)
