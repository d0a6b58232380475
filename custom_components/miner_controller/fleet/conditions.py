"""Conditions about the pools of the fleet."""

from typing import Final

from homeassistant.const import STATE_ON
from homeassistant.helpers.condition import Condition

from ..own_conditions import state_condition
from .triggers import POOL_REACHABLE

POOL_CONDITIONS: Final[dict[str, type[Condition]]] = {
    "is_pool_reachable": state_condition(POOL_REACHABLE, STATE_ON),
}
