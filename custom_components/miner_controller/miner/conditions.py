"""Conditions about miners."""

from typing import TYPE_CHECKING, Final, override

from homeassistant.components.select import DOMAIN as SELECT_DOMAIN
from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN
from homeassistant.const import CONF_MODE, CONF_OPTIONS, STATE_ON, UnitOfTemperature
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.condition import (
    ENTITY_STATE_CONDITION_SCHEMA_ANY_ALL,
    Condition,
    ConditionConfig,
    EntityNumericalConditionWithUnitBase,
    EntityStateConditionBase,
)
from homeassistant.util.unit_conversion import TemperatureConverter
import probatio

from ..own_conditions import OwnEntityCondition, state_condition
from ..own_entities import EntityKind
from .triggers import HASHING, REACHABLE

_HOTTEST_CHIP: Final = "temperature_max"


class ModeCondition(OwnEntityCondition, EntityStateConditionBase):
    """Tests whether a miner works in one of some modes.

    Unlike Home Assistant's own condition for selects it leaves the other selects of a
    miner out, which choose pools.
    """

    _kind = EntityKind(platform=SELECT_DOMAIN, keys=frozenset({"mode"}))
    _domain_specs = _kind.domain_specs
    _schema = ENTITY_STATE_CONDITION_SCHEMA_ANY_ALL.extend(
        {
            probatio.Required(CONF_OPTIONS): {
                probatio.Required(CONF_MODE): probatio.All(
                    probatio.EnsureList(), probatio.Length(min=1), [cv.string]
                ),
            },
        }
    )

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Initialize the condition."""
        super().__init__(hass, config)
        if TYPE_CHECKING:
            assert config.options is not None
        self._states = set(config.options[CONF_MODE])


class TemperatureCondition(OwnEntityCondition, EntityNumericalConditionWithUnitBase):
    """Tests how hot the chips of a miner are.

    Where a miner tells the hottest chip and the average of all, the hottest counts.
    """

    _base_unit = UnitOfTemperature.CELSIUS
    _kind = EntityKind(
        platform=SENSOR_DOMAIN, keys=frozenset({"temperature", _HOTTEST_CHIP})
    )
    _domain_specs = _kind.domain_specs
    _unit_converter = TemperatureConverter

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Return one temperature for each miner, where several are targeted."""
        registry = er.async_get(self._hass)
        found = [
            entity
            for entity_id in super().entity_filter(entities)
            if (entity := registry.async_get(entity_id)) is not None
        ]
        hottest = {
            entity.device_id
            for entity in found
            if entity.translation_key == _HOTTEST_CHIP
        }
        return {
            entity.entity_id
            for entity in found
            if entity.translation_key == _HOTTEST_CHIP
            or entity.device_id not in hottest
        }


MINER_CONDITIONS: Final[dict[str, type[Condition]]] = {
    "is_hashing": state_condition(HASHING, STATE_ON),
    "is_mode": ModeCondition,
    "is_online": state_condition(REACHABLE, STATE_ON),
    "is_temperature": TemperatureCondition,
}
