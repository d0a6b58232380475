"""Triggers for the pools of the fleet."""

from typing import Final

from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR_DOMAIN
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.helpers.trigger import Trigger

from ..own_entities import EntityKind
from ..own_triggers import state_trigger
from .binary_sensor import REACHABLE

POOL_REACHABLE: Final = EntityKind(
    platform=BINARY_SENSOR_DOMAIN, keys=frozenset({REACHABLE.key}), in_subentry=True
)

POOL_TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "pool_became_reachable": state_trigger(POOL_REACHABLE, STATE_ON),
    "pool_became_unreachable": state_trigger(POOL_REACHABLE, STATE_OFF),
}
