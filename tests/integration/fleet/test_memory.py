"""Tests for what is kept of the fleet over a restart, in whatever state it is found."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.fleet.memory import (
    FleetMemory,
    async_recall,
    fleet_store,
)
from custom_components.miner_controller.fleet.share_counts import (
    Reading,
    ShareCounts,
    Shares,
)
from custom_components.miner_controller.fleet.totals import Held
from tests.devices import StartDevice
from tests.integration import overridden, poll
from tests.integration.conftest import AddMiner

from .arrangement import (
    StartPool,
    add_fleet,
    catch_up,
    pass_time,
    pool,
    pool_id,
    reload,
    state_of,
    work_for,
)

type Json = dict[str, Any]

TODAY = date(2026, 11, 10)
FOUND = Shares(accepted=5, rejected=1)
MEMORY = FleetMemory(
    counts=ShareCounts(
        day=TODAY,
        today=FOUND,
        by_pool={"gold": FOUND},
        readings={
            "bench": Reading(shares=FOUND, at=1.5, day=TODAY, pool="gold"),
            "attic": Reading(shares=FOUND, at=1.5, day=TODAY),
        },
    ),
    energy=1.25,
    best=Held(value=4.5e9, miner="Bench"),
)
# What is no sense in any place, also where a number or nothing at all may stand.
NONSENSE: tuple[Any, ...] = ("quarry", "nan", "-inf", -1, [], {}, [[]], {"x": [{}]})


def key(entry: MockConfigEntry) -> str:
    """Return the name of the file of the fleet."""
    return f"{DOMAIN}.fleet.{entry.entry_id}"


def value(hass: HomeAssistant, fleet: MockConfigEntry, name: str) -> float:
    """Return the value of a sensor of the fleet."""
    return float(state_of(hass, "sensor", fleet.entry_id, name).state)


def places(content: Any) -> Iterator[tuple[Any, Any]]:
    """Return each container in some content with each of its keys."""
    keys = content if isinstance(content, dict) else range(len(content))
    for place in keys:
        yield content, place
        if isinstance(content[place], dict | list):
            yield from places(content[place])


async def test_file(hass: HomeAssistant, hass_storage: Json) -> None:
    """What was kept is found again."""
    for memory in (MEMORY, replace(MEMORY, best=None)):
        store = fleet_store(hass, "one")
        await store.async_save(memory.as_dict())
        assert await async_recall(fleet_store(hass, "one"), TODAY) == memory
    anew = FleetMemory(counts=ShareCounts(day=TODAY))
    assert await async_recall(fleet_store(hass, "other"), TODAY) == anew


async def test_damaged_file(
    hass: HomeAssistant, hass_storage: Json, caplog: pytest.LogCaptureFixture
) -> None:
    """A file in which anything makes no sense is as good as none, or harmless.

    Of its content nothing is told.
    """
    anew = FleetMemory(counts=ShareCounts(day=TODAY))
    file = {"version": 1, "minor_version": 1}
    damaged: list[tuple[Json, bool]] = [
        ({**file, "data": foreign}, True)
        for foreign in ([], "quarry", 5, {}, {"counts": None})
    ]
    damaged.append(({"version": 99, "minor_version": 1, "data": {}}, True))
    count = sum(1 for _ in places(MEMORY.as_dict()))
    for number in range(count):
        for nonsense in NONSENSE:
            content: Json = MEMORY.as_dict()
            container, place = list(places(content))[number]
            container[place] = deepcopy(nonsense)
            # There is nothing that these could not be.
            harmless = (
                place in ("miner", "entry_id")
                or (place == "pool" and isinstance(nonsense, str))
                or (place == "at" and nonsense == -1)
                or (place in ("by_pool", "readings") and nonsense == {})
            )
            damaged.append(({**file, "data": content}, not harmless))
    for number, (stored, is_damaged) in enumerate(damaged):
        hass_storage[f"{DOMAIN}.fleet.{number}"] = stored
        caplog.clear()
        found = await async_recall(fleet_store(hass, str(number)), TODAY)
        assert (found == anew) is is_damaged, stored
        assert ("so it counts anew" in caplog.text) is is_damaged, stored
        assert not [
            record
            for record in caplog.records
            if "custom_components" in record.name and "quarry" in record.getMessage()
        ]


async def test_restart(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    start_pool: StartPool,
    add: AddMiner,
    hass_storage: Json,
) -> None:
    """Energy, shares and the best share go on where they were."""
    device, stratum = await start_device("axeos-2.14"), await start_pool()
    told = work_for(device, stratum)
    # 3600 W are 1 Wh a second.
    told |= {"power": 3600, "sharesAccepted": 10, "sharesRejected": 1}
    told |= {"bestDiff": 4_000_000, "bestSessionDiff": 2_000_000}
    entry = await add(device)
    fleet = await add_fleet(hass, pool("Gold", f"{stratum.host}:{stratum.port}"))
    told |= {"sharesAccepted": 15, "sharesRejected": 3}
    await poll(hass, freezer, device)
    await catch_up(hass, freezer)

    def shown() -> list[object]:
        best = state_of(hass, "sensor", fleet.entry_id, "best_difficulty")
        return [
            value(hass, fleet, "total_energy"),
            value(hass, fleet, "shares_accepted_today"),
            value(hass, fleet, "shares_rejected_today"),
            *(
                state_of(hass, "sensor", pool_id(fleet, "Gold"), key).state
                for key in ("shares_accepted", "shares_rejected")
            ),
            (float(best.state), best.attributes["miner"]),
        ]

    expected = [0.015, 5, 2, "5", "2", (4e6, "Bench")]
    assert shown() == expected
    await reload(hass, fleet)
    assert shown() == expected
    # A power cut some minutes later loses nothing of it.
    hass_storage.pop(key(fleet), None)
    told["sharesAccepted"] = 16
    await poll(hass, freezer, device)
    await pass_time(hass, freezer, 300)
    assert hass_storage[key(fleet)]["data"]["counts"]["today"] == [6, 2]
    # Whoever holds the best share keeps it under another name, and when gone.
    hass.config_entries.async_update_entry(entry, title="Attic")
    await poll(hass, freezer, device)
    await catch_up(hass, freezer)
    assert shown()[-1] == (4e6, "Attic")
    told["bestDiff"] = 5_000_000
    await poll(hass, freezer, device)
    await catch_up(hass, freezer)
    await hass.config_entries.async_remove(entry.entry_id)
    await reload(hass, fleet)
    assert shown()[-1] == (5e6, "Attic")
    # A miner that was removed is forgotten, as is a pool; what they found is not.
    assert fleet.runtime_data.totals._memory.counts.readings == {}
    hass.config_entries.async_remove_subentry(fleet, pool_id(fleet, "Gold"))
    await hass.async_block_till_done(wait_background_tasks=True)
    await reload(hass, fleet)
    assert hass_storage[key(fleet)]["data"]["counts"]["by_pool"] == {}
    assert value(hass, fleet, "shares_accepted_today") == 6
    # The file goes with the fleet, and does not come back.
    totals = fleet.runtime_data.totals
    await hass.config_entries.async_remove(fleet.entry_id)
    await totals.async_shutdown()
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert key(fleet) not in hass_storage


async def test_energy(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    start_device: StartDevice,
    add: AddMiner,
) -> None:
    """It is that of all miners, those without a meter too, and of none that is away."""
    fleet = await add_fleet(hass)
    devices = [
        await start_device(profile) for profile in ("axeos-2.14", "nmminer-2.0.04")
    ]
    overridden(devices[0])["power"] = 3600
    await add(devices[0])
    # Its owner knows what it draws.
    await add(devices[1], power_draw=1800)
    await poll(hass, freezer, *devices)
    await catch_up(hass, freezer)
    assert value(hass, fleet, "total_power") == 5400
    assert value(hass, fleet, "total_energy") == pytest.approx(0.0225, abs=0.0006)
    await devices[1].stop()
    await poll(hass, freezer, *devices)
    await catch_up(hass, freezer)
    assert value(hass, fleet, "total_power") == 3600
    energy = value(hass, fleet, "total_energy")
    await poll(hass, freezer, *devices)
    await catch_up(hass, freezer)
    gained = value(hass, fleet, "total_energy") - energy
    # A poll came 6 s late, which is time all the same.
    assert gained == pytest.approx(0.021, abs=0.0006)
