"""Conditions about a tariff and its cheap windows."""

from typing import TYPE_CHECKING, Final, override

from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN
from homeassistant.const import CONF_OPTIONS, STATE_ON
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.condition import (
    ENTITY_STATE_CONDITION_SCHEMA_ANY_ALL,
    Condition,
    ConditionConfig,
)
import probatio

from ..own_conditions import OwnEntityCondition, number_condition, state_condition
from ..own_entities import EntityKind
from .triggers import CURRENT_PRICE, WINDOW_ACTIVE

CONF_SLOTS: Final = "slots"

# A day on which the clock is put back has two half-hours more than others.
_MOST_SLOTS: Final = 50


class PriceAmongCheapestCondition(OwnEntityCondition):
    """Tests whether the price of now is one of the cheapest of today.

    The rank tells how many half-hours are cheaper: several with the same price are
    all among the cheapest, or none of them is.
    """

    _kind = EntityKind(platform=SENSOR_DOMAIN, keys=frozenset({"price_rank"}))
    _domain_specs = _kind.domain_specs
    _schema = ENTITY_STATE_CONDITION_SCHEMA_ANY_ALL.extend(
        {
            probatio.Required(CONF_OPTIONS): {
                probatio.Required(CONF_SLOTS): probatio.All(
                    probatio.Coerce(int), probatio.Range(min=1, max=_MOST_SLOTS)
                ),
            },
        }
    )

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Initialize the condition."""
        super().__init__(hass, config)
        if TYPE_CHECKING:
            assert config.options is not None
        self._slots: int = config.options[CONF_SLOTS]

    @override
    def is_valid_state(self, entity_state: State) -> bool:
        """Return whether the rank is one of the first."""
        try:
            return int(entity_state.state) <= self._slots
        except ValueError:
            return False


PRICE_CONDITIONS: Final[dict[str, type[Condition]]] = {
    "is_cheap_window_active": state_condition(WINDOW_ACTIVE, STATE_ON),
    "is_price": number_condition(CURRENT_PRICE),
    "is_price_among_cheapest": PriceAmongCheapestCondition,
}
