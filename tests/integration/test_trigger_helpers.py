"""Tests of every trigger with the cases of Home Assistant's own test helpers."""

from typing import Any, Final

from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.trigger import (
    async_get_all_descriptions,
    async_validate_trigger_config,
)
import probatio
import pytest
from pytest_homeassistant_custom_component.components.common import (
    TargetSupport,
    TriggerStateDescription,
    assert_trigger_behavior_all,
    assert_trigger_behavior_each,
    assert_trigger_behavior_first,
    assert_triggers_target_support,
    parametrize_trigger_states,
)

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.trigger import TRIGGERS

from .automation_entities import MARK, Kind, arrange

HASHING = Kind(platform="binary_sensor", key="hashing")
REACHABLE = Kind(platform="binary_sensor", key="reachable")
POOL_REACHABLE = Kind(platform="binary_sensor", key="reachable", in_subentry=True)
OVERHEATED = Kind(platform="binary_sensor", key="overheated")
WINDOW = Kind(platform="binary_sensor", key="active", in_subentry=True)
ACTIVITY = Kind(platform="event", key="activity")

BEHAVIORS: Final = (
    assert_trigger_behavior_each,
    assert_trigger_behavior_first,
    assert_trigger_behavior_all,
)

# What each trigger is about, the states that it fires at, others, and its options.
type Case = tuple[Kind, list[str], list[str], dict[str, Any]]
STATES: Final[dict[str, Case]] = {
    "came_online": (REACHABLE, ["on"], ["off"], {}),
    "cheap_window_ended": (WINDOW, ["off"], ["on"], {}),
    "cheap_window_started": (WINDOW, ["on"], ["off"], {}),
    "cooled_down": (OVERHEATED, ["off"], ["on"], {}),
    "lost_pools": (
        Kind(platform="sensor", key="pool_slots", category=EntityCategory.DIAGNOSTIC),
        ["0"],
        ["1"],
        {},
    ),
    "overheated": (OVERHEATED, ["on"], ["off"], {}),
    "pool_became_reachable": (POOL_REACHABLE, ["on"], ["off"], {}),
    "pool_became_unreachable": (POOL_REACHABLE, ["off"], ["on"], {}),
    "price_became_negative": (
        Kind(platform="binary_sensor", key="negative_price"),
        ["on"],
        ["off"],
        {},
    ),
    "price_crossed_threshold": (
        Kind(platform="sensor", key="current_price"),
        ["0.0999"],
        ["0.1"],
        {"threshold": {"type": "below", "value": {"number": 0.1}}},
    ),
    "reject_rate_crossed_threshold": (
        Kind(platform="sensor", key="reject_rate"),
        ["5.1"],
        ["5.0"],
        {"threshold": {"type": "above", "value": {"number": 5}}},
    ),
    "started_hashing": (HASHING, ["on"], ["off"], {}),
    "stopped_hashing": (HASHING, ["off"], ["on"], {}),
    "switched_to_fallback_pool": (
        Kind(platform="binary_sensor", key="fallback_pool"),
        ["on"],
        ["off"],
        {},
    ),
    "went_offline": (REACHABLE, ["off"], ["on"], {}),
}
EVENTS: Final = {
    "firmware_changed": (ACTIVITY, "firmware_changed"),
    "found_best_share": (ACTIVITY, "new_best_difficulty"),
    "found_block": (ACTIVITY, "block_found"),
    "prices_published": (Kind(platform="event", key="prices_published"), "published"),
    "restarted_by_itself": (ACTIVITY, "restarted"),
}
# Their changes are of another kind, and they have their own tests.
OTHERS: Final = {"hashrate_fell", "planned_mode_changed"}

PERCENT = {"unit_of_measurement": "%"}


def test_every_trigger_is_tested() -> None:
    """No trigger is left out, and each finds its targets as Home Assistant does."""
    assert TRIGGERS.keys() == {*STATES, *EVENTS, *OTHERS}
    assert_triggers_target_support(
        TRIGGERS, dict.fromkeys(TRIGGERS, TargetSupport.STANDARD)
    )


async def test_states(hass: HomeAssistant, subtests: pytest.Subtests) -> None:
    """A trigger fires for each, the first or all, and never out of nowhere."""
    for number, (trigger, case) in enumerate(STATES.items()):
        kind, targets, others, options = case
        arranged = arrange(hass, kind, name=trigger)
        cases = parametrize_trigger_states(
            trigger=f"{DOMAIN}.{trigger}",
            trigger_options=options,
            target_states=[(state, PERCENT) for state in targets],
            other_states=[(state, PERCENT) for state in others],
            required_filter_attributes=MARK,
        )
        for turn, (key, given, states) in enumerate(cases, number):
            # Each trigger takes each turn, and each case meets each behaviour.
            check = BEHAVIORS[turn % len(BEHAVIORS)]
            with subtests.test(trigger=trigger, turn=turn):
                await check(
                    hass,
                    target_entities=arranged.by_id,
                    trigger_target_config=arranged.target(turn),
                    entity_id=arranged.included[0],
                    entities_in_target=3,
                    trigger=key,
                    trigger_options=given,
                    states=states,
                )


def happened(
    moment: str, count: int, event_type: str, **data: Any
) -> TriggerStateDescription:
    """Return the state of an event, and how often a trigger fires at it."""
    told = {"event_type": event_type, **data}
    return {
        "included_state": {"state": moment, "attributes": {**told, **MARK}},
        "excluded_state": {"state": moment, "attributes": told},
        "others_state": {"state": moment, "attributes": {**told, **MARK}},
        "count": count,
    }


async def test_events(hass: HomeAssistant, subtests: pytest.Subtests) -> None:
    """A trigger fires for each event of its type, which may come with another one."""
    first, second, third = (f"2026-11-10T10:0{minute}:00" for minute in range(3))
    for turn, (trigger, (kind, event_type)) in enumerate(EVENTS.items()):
        states = [
            happened("unknown", 0, ""),
            happened(first, 1, event_type),
            # Another attribute changed.
            happened(first, 0, event_type, icon="mdi:star"),
            # A reload.
            happened("unavailable", 0, event_type),
            happened(first, 0, event_type),
            happened(second, 0, "pool_changed"),
            # Both at once, in either order.
            happened(second, 1, event_type),
            happened(third, 1, event_type),
            happened(third, 0, "pool_changed"),
        ]
        arranged = arrange(hass, kind, name=trigger)
        with subtests.test(trigger=trigger):
            await assert_trigger_behavior_each(
                hass,
                target_entities=arranged.by_id,
                trigger_target_config=arranged.target(turn),
                entity_id=arranged.included[0],
                entities_in_target=3,
                trigger=f"{DOMAIN}.{trigger}",
                trigger_options={},
                states=states,
            )


async def test_what_the_editor_makes(hass: HomeAssistant) -> None:
    """Home Assistant shows each trigger, and takes what its editor makes of it."""
    needed = {trigger: case[3] for trigger, case in STATES.items()}
    target = {"label_id": "miners"}

    async def validate(trigger: str, options: dict[str, Any]) -> None:
        config = {"platform": f"{DOMAIN}.{trigger}", "target": target}
        await async_validate_trigger_config(hass, [{**config, "options": options}])

    await validate("found_block", {})
    described = await async_get_all_descriptions(hass)
    for trigger, trigger_class in TRIGGERS.items():
        shown = described[f"{DOMAIN}.{trigger}"]
        assert shown is not None
        assert shown["target"].get("primary_entities_only", True) is (
            trigger_class._primary_entities_only  # type: ignore[attr-defined]
        )
        fields = shown["fields"]
        assert (trigger in EVENTS) == (fields == {})
        options = {name: field.get("default") for name, field in fields.items()}
        options |= needed.get(trigger, {})
        await validate(trigger, options)
        with pytest.raises(probatio.Invalid):
            await validate(trigger, {**options, "unknown": 1})
