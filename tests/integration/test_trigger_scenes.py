"""Tests of triggers and conditions with miners that do something."""

from copy import deepcopy
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.automation import DOMAIN as AUTOMATION_DOMAIN
from homeassistant.components.automation.config import async_validate_config_item
from homeassistant.components.websocket_api.automation import (
    async_get_conditions_for_target,
    async_get_triggers_for_target,
)
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.miner_controller.condition import CONDITIONS
from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.trigger import TRIGGERS
from simulator.faults import Fault
from tests.checks.source_tree import REPOSITORY, parse_yaml
from tests.devices import StartDevice

from . import (
    call,
    device_entry,
    entity_id,
    overridden,
    poll,
    restart_home_assistant,
    state,
)
from .automation_entities import Follow, follow, holds, watch
from .conftest import AddMiner

__all__ = ["follow"]

AVALON = "avalon-nano3s"
BITAXE = "axeos-2.15"
MINUTE = 60


def of_miner(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Return the target that is a miner's device."""
    return {"device_id": device_entry(hass, entry).id}


async def test_what_is_offered(
    hass: HomeAssistant, start_device: StartDevice, add: AddMiner
) -> None:
    """The editor offers what there is for a miner, also by diagnostic entities."""
    entry = await add(await start_device(AVALON))
    # Home Assistant reads what there is when an automation first asks for it.
    target = of_miner(hass, entry)
    await watch(hass, "came_online", target)
    assert not await holds(hass, "is_mode", target, mode="turbo")
    offered = await async_get_triggers_for_target(hass, target, expand_group=False)
    assert {f"{DOMAIN}.{trigger}" for trigger in TRIGGERS} <= offered
    offered = await async_get_conditions_for_target(hass, target, expand_group=False)
    assert {f"{DOMAIN}.{condition}" for condition in CONDITIONS} <= offered


async def test_away_and_back(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    follow: Follow,
) -> None:
    """A miner goes and comes back; a reload is neither, and begins a wait anew."""
    device = await start_device(BITAXE)
    entry = await add(device)
    target = of_miner(hass, entry)
    reachable = entity_id(hass, entry, "binary_sensor", "reachable")
    gone = await follow("went_offline", target)
    gone_for_long = await follow("went_offline", target, **{"for": 5 * MINUTE})
    back = await follow("came_online", target)
    stopped = await follow("stopped_hashing", target)
    started = await follow("started_hashing", target)
    assert await holds(hass, "is_online", target)
    assert await holds(hass, "is_hashing", target)

    await restart_home_assistant(hass, entry)
    await poll(hass, freezer, device)
    assert not gone.fired + back.fired + stopped.fired + started.fired

    await device.set_fault(Fault.REFUSE)
    await poll(hass, freezer, device)
    assert gone.new() == [reachable]
    assert not await holds(hass, "is_online", target)
    assert not await holds(hass, "is_hashing", target)
    for _ in range(4):
        await poll(hass, freezer, device, seconds=MINUTE)
    await restart_home_assistant(hass, entry)
    await poll(hass, freezer, device, seconds=2 * MINUTE)
    assert gone_for_long.new() == []

    await device.set_fault(None)
    await poll(hass, freezer, device, seconds=MINUTE)
    assert back.new() == [reachable]
    assert await holds(hass, "is_online", target)
    assert not await holds(hass, "is_online", target, **{"for": MINUTE})
    await poll(hass, freezer, device, seconds=MINUTE)
    assert await holds(hass, "is_online", target, **{"for": MINUTE})
    await device.set_fault(Fault.REFUSE)
    await poll(hass, freezer, device)
    assert gone.new() == [reachable]
    await poll(hass, freezer, device, seconds=5 * MINUTE + 1)
    assert gone_for_long.new() == [reachable]
    # What it does while it is away is not known.
    assert state(hass, entry, "binary_sensor", "hashing") == STATE_UNAVAILABLE
    assert stopped.fired + started.fired == []


async def test_what_a_miner_does(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    follow: Follow,
) -> None:
    """What a miner tells fires the trigger that is about it, found by its device."""
    device = await start_device(BITAXE)
    entry = await add(device)
    target = of_miner(hass, entry)
    told = overridden(device)
    usual = {"sharesAccepted": 900, "sharesRejected": 9, "expectedHashrate": 1000}
    told |= {**usual, "hashRate": 1000, "bestDiff": 603447075}
    await poll(hass, freezer, device)
    options: dict[str, dict[str, Any]] = {
        "hashrate_fell": {"percentage": 90, "for": 0},
        "reject_rate_crossed_threshold": {
            "threshold": {"type": "above", "value": {"number": 5}}
        },
    }
    watches = {
        trigger: await follow(trigger, target, **options.get(trigger, {}))
        for trigger in TRIGGERS
        if "price" not in trigger and "window" not in trigger
    }

    async def happens(**changes: object) -> set[str]:
        told.update(changes)
        await poll(hass, freezer, device)
        return {trigger for trigger, watched in watches.items() if watched.new()}

    assert await happens() == set()
    assert await happens(hashRate=890) == {"hashrate_fell"}
    assert await happens(hashRate=910) == set()
    assert await happens(hashRate=0) == {"stopped_hashing"}
    assert await happens(hashRate=1000) == {"started_hashing"}
    assert await happens(sharesRejected=90) == {"reject_rate_crossed_threshold"}
    assert await happens(overheat_mode=1) == {"overheated", "stopped_hashing"}
    assert await happens(overheat_mode=0) == {"cooled_down", "started_hashing"}
    assert await happens(isUsingFallbackStratum=1) == {"switched_to_fallback_pool"}
    assert await happens(bestDiff=2_000_000_000_000, blockFound=1) == {
        "found_best_share",
        "found_block",
    }
    assert await happens(version="v2.16.0", axeOSVersion="v2.16.0") == {
        "firmware_changed"
    }


async def test_restarted(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    follow: Follow,
) -> None:
    """A restart by Home Assistant is none by itself, which the trace tells."""
    device = await start_device(BITAXE)
    entry = await add(device)
    overridden(device)["bestDiff"] = 603447075
    watched = await follow("restarted_by_itself", of_miner(hass, entry))
    await call(hass, entry, "restart", "button.press")
    for _ in range(2):
        await poll(hass, freezer, device)
    assert (watched.new(), watched.reasons) == ([], ["restart_was_expected"])
    await poll(hass, freezer, device, seconds=10 * MINUTE)
    device.reboot()
    await poll(hass, freezer, device)
    assert watched.new() == [entity_id(hass, entry, "event", "activity")]


async def test_lost_pools(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    follow: Follow,
) -> None:
    """The sensor behind it is a diagnostic one, and is found by the device."""
    device = await start_device(AVALON)
    entry = await add(device)
    watched = await follow("lost_pools", of_miner(hass, entry))
    for slot in device.state.pools:  # type: ignore[union-attr]
        slot.reachable = False
    await poll(hass, freezer, device)
    assert state(hass, entry, "sensor", "pool_slots") == "0"
    assert watched.new() == [entity_id(hass, entry, "sensor", "pool_slots")]


async def test_an_automation(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
) -> None:
    """An automation acts by a trigger, as far as its conditions let it."""
    device = await start_device(BITAXE)
    entry = await add(device)
    target = of_miner(hass, entry)
    told = overridden(device)
    messages: list[ServiceCall] = []
    hass.services.async_register("test", "message", messages.append)
    above = {"number": 60, "unit_of_measurement": "°C"}
    automation = {
        "alias": "Hot and idle",
        "triggers": [{"trigger": f"{DOMAIN}.stopped_hashing", "target": target}],
        "conditions": [
            {
                "condition": f"{DOMAIN}.is_temperature",
                "target": target,
                "options": {"threshold": {"type": "above", "value": above}},
            },
            {
                "condition": f"{DOMAIN}.is_mode",
                "target": target,
                "options": {"mode": "standard"},
            },
        ],
        "actions": [
            {
                "action": "test.message",
                "data": {"miner": "{{ trigger.entity_id }}"},
            }
        ],
    }
    assert await async_setup_component(
        hass, AUTOMATION_DOMAIN, {AUTOMATION_DOMAIN: [automation]}
    )
    await hass.async_block_till_done()
    for temperature, frequency in ((59, 525), (61, 600), (61, 525)):
        assert messages == []
        told |= {"hashRate": 1000, "temp": temperature, "frequency": frequency}
        await poll(hass, freezer, device)
        told["hashRate"] = 0
        await poll(hass, freezer, device)
    (message,) = messages
    assert message.data == {"miner": entity_id(hass, entry, "binary_sensor", "hashing")}


async def test_the_examples(hass: HomeAssistant) -> None:
    """The page about automations has an example for each, which is accepted."""
    page = (REPOSITORY / "docs" / "automations.md").read_text("utf-8")
    _, _, section = page.partition("\n## Triggers and conditions\n")
    section, _, _ = section.partition("\n## ")
    assert await async_setup_component(hass, AUTOMATION_DOMAIN, {})
    named = set[str]()
    for example in re.findall(r"```yaml\n(.*?)```", section, re.DOTALL):
        config = parse_yaml(example)
        # Home Assistant changes what it is given.
        found = await async_validate_config_item(hass, "example", deepcopy(config))
        assert found is not None
        assert found.validation_error is None
        named |= set(re.findall(rf"(?:trigger|condition): {DOMAIN}\.(\w+)", example))
    assert named == {*TRIGGERS, *CONDITIONS}
    rows = set(
        re.findall(r"`(\w+)`", "".join(re.findall(r"^\| .*?\|", section, re.MULTILINE)))
    )
    assert rows == named
