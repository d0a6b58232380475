"""Tests of the blueprints that choose pools."""

from itertools import pairwise
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.stratum import Manners, StratumPool
from tests.devices import StartDevice
from tests.integration import state
from tests.integration.conftest import AddMiner
from tests.integration.fleet.arrangement import (
    add_fleet,
    entity_id_of,
    pool,
    pool_id,
    url_of,
)

from .arrangement import automate, device_id, pass_time, restart_automation, settle


async def arrange(
    hass: HomeAssistant, *pools: StratumPool
) -> tuple[MockConfigEntry, list[str]]:
    """Return a fleet with these pools, and the sensors that tell their health."""
    names = [f"Pool {number + 1}" for number in range(len(pools))]
    fleet = await add_fleet(
        hass,
        *(
            pool(name, url_of(each), priority=number + 1)
            for number, (name, each) in enumerate(zip(names, pools, strict=True))
        ),
    )
    return fleet, [
        entity_id_of(hass, "binary_sensor", pool_id(fleet, name), "reachable")
        for name in names
    ]


async def choose(hass: HomeAssistant, entry: MockConfigEntry, name: str) -> None:
    """Let a miner use a pool."""
    await hass.services.async_call(
        "miner_controller",
        "set_pools",
        {"device_id": device_id(hass, entry), "pools": [name], "force": True},
        blocking=True,
    )
    await settle(hass)


async def test_failover(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
    logged: list[ServiceCall],
) -> None:
    """A miner leaves a pool that is away, and goes back once, when it is well."""
    device = await start_device("axeos-2.15")
    async with StratumPool() as first, StratumPool() as second:
        _, sensors = await arrange(hass, first, second)
        entry = await add(device)
        await choose(hass, entry, "Pool 1")
        await pass_time(hass, freezer, 5, device)
        await automate(
            hass, "pool_failover", pools=sensors, miners=[device_id(hass, entry)]
        )
        seen = [state(hass, entry, "select", "pool")]

        async def live(minutes: float) -> None:
            for _ in range(round(minutes / 5)):
                await pass_time(hass, freezer, 5, device, step=5)
                used = state(hass, entry, "select", "pool")
                if used not in ("unavailable", seen[-1]):
                    seen.append(used)

        await live(30)
        assert seen == ["Pool 1"]
        first.manners = Manners.REFUSES
        await live(40)
        assert seen == ["Pool 1", "Pool 2"]
        # Back for too short a time.
        first.manners = Manners.SERVES
        await live(20)
        first.manners = Manners.REFUSES
        await live(20)
        await restart_automation(hass)
        assert seen == ["Pool 1", "Pool 2"]
        second.manners = Manners.REFUSES
        await live(60)
        assert seen == ["Pool 1", "Pool 2"]
        first.manners = second.manners = Manners.SERVES
        await live(120)
        assert seen == ["Pool 1", "Pool 2", "Pool 1"]
    assert [call.data["message"] for call in logged] == [
        "is told to Bench, instead of Pool 1",
        "is told to Bench, instead of Pool 2",
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["Pool 1", "Pool 2"]),
        ({"way": "weight", "weights": "0, 1"}, ["Pool 2"]),
    ],
)
async def test_sharing_out(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
    given: dict[str, Any],
    expected: list[str],
) -> None:
    """Pools take turns for half a day each, or are given to miners by weight."""
    device = await start_device("axeos-2.15")
    async with StratumPool() as first, StratumPool() as second:
        _, sensors = await arrange(hass, first, second)
        entry = await add(device)
        await choose(hass, entry, "Pool 1")
        await pass_time(hass, freezer, 5, device)
        await automate(
            hass,
            "pool_rotation",
            pools=sensors,
            miners=[device_id(hass, entry)],
            **given,
        )
        seen: list[str] = []
        for _ in range(24):
            await pass_time(hass, freezer, 60, device, step=60)
            seen.append(state(hass, entry, "select", "pool"))
    assert sorted(set(seen)) == expected
    changes = sum(one != other for one, other in pairwise(seen))
    assert changes <= 2
    if not given:
        assert 11 <= seen.count("Pool 1") <= 13
