"""Conditions about what a miner costs and earns."""

from typing import Final, override

from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN
from homeassistant.const import CONF_OPTIONS, STATE_UNAVAILABLE
from homeassistant.core import State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.condition import (
    ATTR_BEHAVIOR,
    BEHAVIOR_ALL,
    BEHAVIOR_ANY,
    ENTITY_STATE_CONDITION_SCHEMA_ANY_ALL,
    Condition,
)
import probatio

from ..economics.coordinator import MinerEconomics
from ..economics.runtime import async_economics
from ..own_conditions import OwnEntityCondition
from ..own_entities import EntityKind
from ..planning.economics import break_even_price
from .outlook import async_known_figures


class PriceBelowBreakEvenCondition(OwnEntityCondition):
    """Tests whether what a miner earns is worth more than the power that it takes.

    The price is what a kWh costs that miner now, which may be less than the tariff's
    with own surplus. One that is at rest has no break-even price, and could not be
    brought back by it: it is judged by its most efficient mode. For how long the price
    has been lower is not told, as it is no state of the sensor.
    """

    _kind = EntityKind(platform=SENSOR_DOMAIN, keys=frozenset({"break_even_price"}))
    _domain_specs = _kind.domain_specs
    _schema = ENTITY_STATE_CONDITION_SCHEMA_ANY_ALL.extend(
        {
            probatio.Required(CONF_OPTIONS, default={}): {
                probatio.Required(ATTR_BEHAVIOR, default=BEHAVIOR_ANY): probatio.In(
                    [BEHAVIOR_ANY, BEHAVIOR_ALL]
                ),
            },
        }
    )

    @property
    @override
    def needs_polling(self) -> bool:
        """Return that the price changes without the sensor."""
        return True

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Return the sensors of miners, as the fleet has one and no price."""
        return {
            entity_id
            for entity_id in super().entity_filter(entities)
            if self._economics(entity_id) is not None
        }

    @override
    def _should_include(self, entity_state: State) -> bool:
        """Return whether the miner answers, or is known to be off."""
        return entity_state.state != STATE_UNAVAILABLE

    @override
    def is_valid_state(self, entity_state: State) -> bool:
        """Return whether the price is lower, which it is not while it is not known."""
        economics = self._economics(entity_state.entity_id)
        if economics is None or (price := economics.data.price) is None:
            return False
        try:
            break_even: float | None = float(entity_state.state)
        except ValueError:
            break_even = _best_break_even(economics)
        return break_even is not None and price < break_even

    @callback
    def _economics(self, entity_id: str) -> MinerEconomics | None:
        """Return what the miner of a sensor costs and earns."""
        entity = er.async_get(self._hass).async_get(entity_id)
        return async_economics(self._hass, (entity and entity.config_entry_id) or "")


def _best_break_even(economics: MinerEconomics) -> float | None:
    """Return the highest price at which any mode of a miner earns what it costs."""
    if (network := economics.data.network) is None:
        return None
    prices = [
        break_even_price(mode.hashrate, mode.power, network, economics.data.terms)
        for mode in async_known_figures(economics, {}).values()
    ]
    return max((price for price in prices if price is not None), default=None)


PLAN_CONDITIONS: Final[dict[str, type[Condition]]] = {
    "is_price_below_break_even": PriceBelowBreakEvenCondition,
}
