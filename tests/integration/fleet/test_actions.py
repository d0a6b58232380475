"""Tests for the actions about all miners, and about the pools of the home."""

import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.setup import async_setup_component
import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.fleet.library import async_pools
from simulator.faults import Fault
from tests.devices import StartDevice
from tests.integration import device_entry, entity_id, poll, writes
from tests.integration.conftest import AddMiner

from .arrangement import add_fleet, pool

# Another pool counts on it at once.
LIVE = "nerdqaxe-1.1.0"

CANARY = "canary-password"
# Nothing listens there, so that no pool is looked up.
GOLD, SILVER, BRONZE = (f"stratum+tcp://127.0.0.1:{port}" for port in (9, 10, 11))

POOLS = [
    pool("Gold", GOLD, worker="canary.{miner}", password=CANARY),
    pool("Silver", SILVER, worker="canary.{miner}", password=CANARY),
    pool("Bronze", BRONZE, worker="canary.{miner}", password=CANARY),
]

NEW_POOL = {"name": "Gold", "url": "127.0.0.1:9", "worker": "canary.{miner}"}


async def ask(hass: HomeAssistant, action: str, **data: object) -> Any:
    """Return the response of an action, which has to survive JSON."""
    response = await hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True
    )
    assert json.loads(json.dumps(response)) == response
    await hass.async_block_till_done(wait_background_tasks=True)
    return response


async def act(hass: HomeAssistant, action: str, **data: object) -> None:
    """Call an action that need not respond."""
    await hass.services.async_call(DOMAIN, action, data, blocking=True)
    await hass.async_block_till_done(wait_background_tasks=True)


async def fault(hass: HomeAssistant, action: str, **data: object) -> HomeAssistantError:
    """Return the error that an action ends in."""
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, action, **data)
    assert caught.value.translation_domain == DOMAIN
    assert CANARY not in str(caught.value)
    return caught.value


def device_id(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the id of the device of a miner."""
    return device_entry(hass, entry).id


async def test_get_fleet(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Each miner is a row, also one that is away, and without any fleet."""
    assert await async_setup_component(hass, DOMAIN, {})
    nobody = await ask(hass, "get_fleet")
    assert nobody["miners"] == []
    assert nobody["totals"]["hashrate_hs"] is None
    assert nobody["totals"]["miners_total"] == 0

    device = await start_device("axeos-2.15")
    gone = await start_device("avalon-nano3s")
    present, away = await add(device), await add(gone)
    hass.config_entries.async_update_entry(present, title="attic")
    await gone.set_fault(Fault.REFUSE)
    await poll(hass, freezer, device, gone)
    response = await ask(hass, "get_fleet")
    row, lost = response["miners"]
    status = present.runtime_data.data
    assert row == {
        "device_id": device_id(hass, present),
        "name": "attic",
        "model": present.runtime_data.identity.model,
        "address": f"127.0.0.1:{device.port}",
        "firmware": "v2.15.0",
        "state": "hashing",
        "mode": "standard",
        "hashrate_hs": status.hashrate,
        "power_w": round(status.power, 1),
        "temperature_c": status.temperature,
        "efficiency_j_th": round(status.efficiency, 3),
        "pool": status.active_pool.address,
        "worker": status.active_pool.user,
        "shares_accepted": status.shares_accepted,
        "shares_rejected": status.shares_rejected,
        "best_difficulty": status.best_difficulty,
        "uptime_s": status.uptime,
    }
    assert row["hashrate_hs"] > 1e11
    assert row["worker"]
    known = {"device_id", "name", "model", "address", "firmware", "state"}
    assert (lost["name"], lost["state"]) == ("Bench", "offline")
    assert lost["device_id"] == device_id(hass, away)
    assert {key for key, value in lost.items() if value is not None} == known
    totals = response["totals"]
    assert (totals["miners_online"], totals["miners_total"]) == (1, 2)
    assert totals["hashrate_hs"] == status.hashrate
    for counted in ("energy_kwh", "shares_accepted_today", "shares_rejected_today"):
        assert totals[counted] is None
    assert "schema" not in totals

    # A miner that was never set up has no device.
    MockConfigEntry(domain=DOMAIN, title="C", data=away.data).add_to_hass(hass)
    assert (await ask(hass, "get_fleet"))["miners"][-1]["device_id"] is None


async def test_get_fleet_with_pools(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """With a fleet there are counts, and pools have names."""
    entry = await add(await start_device(LIVE))
    fleet = await add_fleet(hass, *POOLS)
    target = {"device_id": device_id(hass, entry)}
    response = await ask(
        hass, "set_pools", pools=["gold", "Silver", "bronze"], **target
    )
    assert response == {
        "miners": [
            {
                **target,
                "name": "Bench",
                "slots_written": 2,
                "pools_left_out": ["Bronze"],
                "error": None,
            }
        ]
    }
    response = await ask(hass, "get_fleet")
    (row,) = response["miners"]
    assert row["pool"] == "Gold"
    assert row["worker"] == "canary.bench"
    assert response["totals"]["energy_kwh"] >= 0
    assert response["totals"]["shares_accepted_today"] == 0
    assert CANARY not in str(response)
    await hass.config_entries.async_unload(fleet.entry_id)
    assert (await ask(hass, "get_fleet"))["totals"]["energy_kwh"] is None


async def test_set_pools_of_several(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """All miners of an area are told, and one that fails stops no other."""
    devices = [await start_device(LIVE, seed=seed) for seed in (1, 2, 3)]
    entries = [await add(device) for device in devices]
    for entry, title in zip(entries, ("A", "B", "C"), strict=True):
        hass.config_entries.async_update_entry(entry, title=title)
    fleet = await add_fleet(hass, *POOLS)
    area = ar.async_get(hass).async_create("Shed")
    registry = dr.async_get(hass)
    owned = [device_id(hass, entry) for entry in entries[:2]]
    (service,) = [
        each
        for each in dr.async_entries_for_config_entry(registry, fleet.entry_id)
        if (DOMAIN, fleet.entry_id) in each.identifiers
    ]
    for found in (*owned, service.id):
        registry.async_update_device(found, area_id=area.id)
    # One of the third miner's entities is there, which does not move the miner.
    er.async_get(hass).async_update_entity(
        entity_id(hass, entries[2], "binary_sensor", "reachable"), area_id=area.id
    )
    await devices[1].set_fault(Fault.REFUSE)

    error = await fault(hass, "set_pools", area_id=area.id, pools="Gold")
    assert error.translation_key == "not_everywhere"
    assert error.translation_placeholders is not None
    failed = error.translation_placeholders["failed"]
    assert failed.startswith("B cannot be reached")
    assert "A " not in failed
    hosts = [
        (device.settings.pool.url, device.settings.pool.port) for device in devices
    ]
    assert hosts[0] == ("127.0.0.1", 9)
    assert hosts[0] not in hosts[1:]

    response = await ask(
        hass, "set_pools", area_id=area.id, pools=["Silver"], force=True
    )
    assert [row["slots_written"] for row in response["miners"]] == [1, 0]
    assert [row["pools_left_out"] for row in response["miners"]] == [[], []]
    assert response["miners"][0]["error"] is None
    assert response["miners"][1]["error"].startswith("B cannot be reached")

    # Whoever asks for a response goes on. An entity stands for its miner.
    for entry in entries[1:]:
        assert await hass.config_entries.async_unload(entry.entry_id)
    entities = [
        entity_id(hass, entry, "binary_sensor", "reachable") for entry in entries[1:]
    ]
    response = await ask(hass, "set_pools", entity_id=entities, pools=["Gold"])
    errors = [row["error"] for row in response["miners"]]
    assert errors == [f"{name} is not set up at the moment" for name in "BC"]
    error = await fault(hass, "set_pools", entity_id=entities, pools=["Gold"])
    assert error.translation_placeholders == {"failed": "; ".join(errors)}
    error = await fault(hass, "set_pools", device_id=owned[:1], pools=["Gold"])
    assert error.translation_key == "pool_written_lately"
    assert CANARY not in caplog.text


async def test_set_pools_in_vain(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """What cannot be done is said before any miner is told anything."""
    device = await start_device(LIVE)
    entry = await add(device)
    target = {"device_id": device_id(hass, entry)}
    error = await fault(hass, "set_pools", pools=["Gold"], **target)
    assert error.translation_key == "no_fleet"
    fleet = await add_fleet(hass)
    error = await fault(hass, "set_pools", pools=["Gold"], **target)
    assert error.translation_placeholders == {"unknown": "Gold", "known": "–"}
    assert await hass.config_entries.async_remove(fleet.entry_id)
    fleet = await add_fleet(hass, *POOLS)
    error = await fault(hass, "set_pools", pools=["Gold", "Tin", "Lead"], **target)
    assert isinstance(error, ServiceValidationError)
    assert error.translation_key == "pool_unknown"
    assert error.translation_placeholders == {
        "unknown": "Tin, Lead",
        "known": "Bronze, Gold, Silver",
    }
    for nothing in ({}, {"device_id": "none"}, {"device_id": "0" * 32}):
        error = await fault(hass, "set_pools", pools=["Gold"], **nothing)
        assert error.translation_key == "no_miner_targeted"
    error = await fault(
        hass, "set_pools", pools=["Gold"], entity_id="binary_sensor.unknown"
    )
    assert error.translation_key == "no_miner_targeted"
    with pytest.raises(probatio.Invalid):
        await act(hass, "set_pools", pools=[], **target)
    assert writes(device) == []


async def test_set_pool_by_hand(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """A pool that is not of the fleet counts as a write as well."""
    device = await start_device(LIVE)
    entry = await add(device)
    fleet = await add_fleet(hass)
    (service,) = dr.async_entries_for_config_entry(dr.async_get(hass), fleet.entry_id)
    data = {"url": "gold.example:9", "worker": "canary", "password": CANARY, "slot": 1}
    error = await fault(hass, "set_pool", device_id=service.id, **data)
    assert error.translation_key == "not_a_miner"
    target = {"device_id": device_id(hass, entry)}
    error = await fault(hass, "set_pool", **target, **{**data, "slot": 3})
    assert error.translation_key == "no_such_slot"
    await act(hass, "set_pool", **target, **data)
    error = await fault(hass, "set_pool", **target, **data)
    assert error.translation_key == "pool_written_lately"
    silver = {**data, "url": "silver.example:9"}
    await act(hass, "set_pool", force=True, **target, **silver)
    assert device.settings.pool.url == "silver.example"


async def test_add_and_remove_pool(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    """Scripts add pools and remove them."""
    assert await async_setup_component(hass, DOMAIN, {})
    for action, data in (("add_pool", NEW_POOL), ("remove_pool", {"name": "Gold"})):
        assert (await fault(hass, action, **data)).translation_key == "no_fleet"
    fleet = await add_fleet(hass)
    response = await ask(
        hass,
        "add_pool",
        **{**NEW_POOL, "name": " Gold ", "worker": "canary.{miner} "},
        password=CANARY,
        priority=3,
        weight=0,
        note="mine",
    )
    await act(hass, "add_pool", **{**NEW_POOL, "name": "Silver"})
    gold, silver = async_pools(hass)
    assert response == {"pool_id": gold.subentry_id}
    assert (gold.name, str(gold.address)) == ("Gold", GOLD)
    assert (gold.worker, gold.password) == ("canary.{miner}", CANARY)
    assert (gold.priority, gold.weight, gold.note) == (3, 0, "mine")
    assert (silver.password, silver.priority, silver.weight) == ("x", 10, 1)
    await act(hass, "remove_pool", name="gold")
    assert async_pools(hass) == (silver,)
    error = await fault(hass, "remove_pool", name="gold")
    assert error.translation_placeholders == {"unknown": "gold", "known": "Silver"}
    assert list(fleet.subentries) == [silver.subentry_id]
    assert CANARY not in caplog.text


async def test_pool_with_faults(hass: HomeAssistant) -> None:
    """A pool that cannot be right is not added."""
    await add_fleet(hass, pool("Silver", SILVER))
    wrong = {
        "name_needed": {"name": " "},
        "name_taken": {"name": "SILVER"},
        "name_too_long": {"name": "n" * 101},
        "address_unreadable": {"url": "???"},
        "port_missing": {"url": "127.0.0.1"},
        "scheme_unknown": {"url": "http://127.0.0.1:9"},
        "placeholder_unknown": {"worker": "canary.{shed}"},
    }
    for key, change in wrong.items():
        error = await fault(hass, "add_pool", **{**NEW_POOL, **change})
        assert isinstance(error, ServiceValidationError)
        assert error.translation_key == key
    for field, value in (
        ("url", "göld.example:9"),
        ("worker", "a b"),
        ("worker", ""),
        ("password", "a,b"),
    ):
        error = await fault(hass, "add_pool", **{**NEW_POOL, field: value})
        assert error.translation_key == "not_sendable"
        assert field in str(error)
    for field, value in (("priority", 0), ("weight", -1)):
        with pytest.raises(probatio.Invalid):
            await act(hass, "add_pool", **{**NEW_POOL, field: value})
    assert [each.name for each in async_pools(hass)] == ["Silver"]
