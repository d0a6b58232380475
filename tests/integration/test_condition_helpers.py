"""Tests of every condition with the cases of Home Assistant's own test helpers."""

from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.condition import (
    async_get_all_descriptions,
    async_validate_condition_config,
)
import probatio
import pytest
from pytest_homeassistant_custom_component.components.common import (
    TargetSupport,
    assert_condition_behavior_all,
    assert_condition_behavior_any,
    assert_conditions_target_support,
    create_target_condition,
    parametrize_condition_states_all,
    parametrize_condition_states_any,
)

from custom_components.miner_controller.condition import CONDITIONS
from custom_components.miner_controller.const import DOMAIN

from .automation_entities import MARK, Kind, arrange

TEMPERATURE = Kind(platform="sensor", key="temperature")
HOTTEST = Kind(platform="sensor", key="temperature_max")
CELSIUS = {"unit_of_measurement": "°C"}

# What each condition is about, the states that it is true for, others, its options.
type Case = tuple[Kind, list[str], list[str], dict[str, Any]]
STATES: Final[dict[str, Case]] = {
    "is_cheap_window_active": (
        Kind(platform="binary_sensor", key="active", in_subentry=True),
        ["on"],
        ["off"],
        {},
    ),
    "is_hashing": (Kind(platform="binary_sensor", key="hashing"), ["on"], ["off"], {}),
    "is_mode": (
        Kind(platform="select", key="mode"),
        ["eco", "low"],
        ["standard"],
        {"mode": ["eco", "low"]},
    ),
    "is_online": (Kind(platform="binary_sensor", key="reachable"), ["on"], ["off"], {}),
    "is_pool_reachable": (
        Kind(platform="binary_sensor", key="reachable", in_subentry=True),
        ["on"],
        ["off"],
        {},
    ),
    "is_price": (
        Kind(platform="sensor", key="current_price"),
        ["-0.01", "0.0999"],
        ["0.1"],
        {"threshold": {"type": "below", "value": {"number": 0.1}}},
    ),
    "is_price_among_cheapest": (
        Kind(platform="sensor", key="price_rank"),
        ["1", "8"],
        ["9", "a few"],
        {"slots": 8},
    ),
    "is_temperature": (
        TEMPERATURE,
        ["65.1"],
        ["65"],
        {
            "threshold": {
                "type": "above",
                "value": {"number": 149, "unit_of_measurement": "°F"},
            }
        },
    ),
}
# It is about a price too, which is no state of its entity, and has its own tests.
OTHERS: Final = {"is_price_below_break_even"}


def test_every_condition_is_tested() -> None:
    """No condition is left out, and each finds its targets as Home Assistant does."""
    assert CONDITIONS.keys() == {*STATES, *OTHERS}
    assert_conditions_target_support(
        CONDITIONS, dict.fromkeys(CONDITIONS, TargetSupport.STANDARD)
    )


async def test_states(hass: HomeAssistant, subtests: pytest.Subtests) -> None:
    """A condition is about one or all, and leaves out those that are not known."""
    for number, (condition, case) in enumerate(STATES.items()):
        kind, targets, others, options = case
        given: dict[str, Any] = {
            "condition": f"{DOMAIN}.{condition}",
            "condition_options": options,
            "target_states": [(state, CELSIUS) for state in targets],
            "other_states": [(state, CELSIUS) for state in others],
            "required_filter_attributes": MARK,
        }
        arranged = arrange(hass, kind, name=condition)
        for cases, check in (
            (parametrize_condition_states_any(**given), assert_condition_behavior_any),
            (parametrize_condition_states_all(**given), assert_condition_behavior_all),
        ):
            for turn, (key, found, states) in enumerate(cases, number):
                with subtests.test(condition=condition, check=check.__name__):
                    await check(
                        hass,
                        target_entities=arranged.by_id,
                        condition_target_config=arranged.target(turn),
                        entity_id=arranged.included[0],
                        entities_in_target=3,
                        condition=key,
                        condition_options=found,
                        states=states,
                    )


async def test_the_hottest_chip_counts(hass: HomeAssistant) -> None:
    """Where the hottest chip and the average are told, the average is left out."""
    arranged = arrange(hass, TEMPERATURE, HOTTEST)
    condition = await create_target_condition(
        hass,
        condition=f"{DOMAIN}.is_temperature",
        target=arranged.target(0),
        behavior="any",
        condition_options={
            "threshold": {
                "type": "below",
                "value": {"number": 60, "unit_of_measurement": "°C"},
            }
        },
    )
    for number in range(3):
        hass.states.async_set(arranged.included[number], "50", CELSIUS)
        hass.states.async_set(
            arranged.entities["temperature_max", number], "70", CELSIUS
        )
    assert condition.async_check() is False
    hass.states.async_set(arranged.entities["temperature_max", 2], "59", CELSIUS)
    assert condition.async_check() is True
    er.async_get(hass).async_update_entity(
        arranged.entities["temperature_max", 2],
        disabled_by=er.RegistryEntryDisabler.USER,
    )
    hass.states.async_remove(arranged.entities["temperature_max", 2])
    assert condition.async_check() is True
    hass.states.async_set(arranged.included[2], "61", CELSIUS)
    assert condition.async_check() is False


async def test_what_the_editor_makes(hass: HomeAssistant) -> None:
    """Home Assistant shows each condition, and takes what its editor makes of it."""

    async def validate(condition: str, options: dict[str, Any]) -> None:
        config = {
            "condition": f"{DOMAIN}.{condition}",
            "target": {"label_id": "miners"},
            "options": options,
        }
        await async_validate_condition_config(hass, config)

    await validate("is_online", {})
    described = await async_get_all_descriptions(hass)
    for condition, condition_class in CONDITIONS.items():
        shown = described[f"{DOMAIN}.{condition}"]
        assert shown is not None
        assert shown["target"].get("primary_entities_only", True) is (
            condition_class._primary_entities_only  # type: ignore[attr-defined]
        )
        fields = shown["fields"]
        options = {name: field.get("default") for name, field in fields.items()}
        if condition in STATES:
            options |= STATES[condition][3]
        await validate(condition, options)
        with pytest.raises(probatio.Invalid):
            await validate(condition, {**options, "unknown": 1})
    for slots in (0, 51, "x"):
        with pytest.raises(probatio.Invalid):
            await validate("is_price_among_cheapest", {"slots": slots})
