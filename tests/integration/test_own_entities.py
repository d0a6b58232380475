"""Tests of how triggers and conditions find entities of this integration."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.miner_controller.own_entities import (
    EntityKind,
    async_sibling_state,
)

from .automation_entities import Arranged, Kind, arrange

HASHRATE = Kind(platform="sensor", key="hashrate")
EXPECTED = Kind(platform="sensor", key="expected_hashrate")


@pytest.fixture
def arranged(hass: HomeAssistant) -> Arranged:
    """Return three miners, each of which tells what is expected of it."""
    arranged = arrange(hass, HASHRATE, EXPECTED)
    for number in range(3):
        hass.states.async_set(
            arranged.entities["expected_hashrate", number], str(number)
        )
    return arranged


def test_sibling_of_the_same_miner(hass: HomeAssistant, arranged: Arranged) -> None:
    """Each miner has its own."""
    found = [
        async_sibling_state(hass, entity_id, "sensor", "expected_hashrate")
        for entity_id in arranged.included
    ]
    assert [state and state.state for state in found] == ["0", "1", "2"]


def test_sibling_that_is_not_there(hass: HomeAssistant, arranged: Arranged) -> None:
    """A miner without such an entity, and an entity that was removed, have none."""
    entity_id = arranged.included[0]
    assert async_sibling_state(hass, entity_id, "sensor", "power") is None
    er.async_get(hass).async_remove(entity_id)
    assert async_sibling_state(hass, entity_id, "sensor", "expected_hashrate") is None


def test_kind_without_strangers(hass: HomeAssistant, arranged: Arranged) -> None:
    """Entities that only look alike are none of the kind, nor is one that is gone."""
    kind = EntityKind(platform="sensor", keys=frozenset({"hashrate"}))
    everything = {*arranged.included, *arranged.excluded, "sensor.nobody"}
    assert kind.among(hass, everything) == set(arranged.included)
