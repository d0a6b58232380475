"""Triggers for a tariff and its cheap windows."""

from typing import Final

from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR_DOMAIN
from homeassistant.components.event import DOMAIN as EVENT_DOMAIN
from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.helpers.trigger import Trigger

from ..own_entities import EntityKind
from ..own_triggers import activity_trigger, state_trigger, threshold_trigger
from .binary_sensor import ACTIVE
from .event import DESCRIPTION as PUBLISHED, EVENT_PUBLISHED

CURRENT_PRICE: Final = EntityKind(
    platform=SENSOR_DOMAIN, keys=frozenset({"current_price"})
)
WINDOW_ACTIVE: Final = EntityKind(
    platform=BINARY_SENSOR_DOMAIN, keys=frozenset({ACTIVE.key}), in_subentry=True
)
_NEGATIVE_PRICE: Final = EntityKind(
    platform=BINARY_SENSOR_DOMAIN, keys=frozenset({"negative_price"})
)
_PUBLISHED: Final = EntityKind(platform=EVENT_DOMAIN, keys=frozenset({PUBLISHED.key}))

PRICE_TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "cheap_window_ended": state_trigger(WINDOW_ACTIVE, STATE_OFF),
    "cheap_window_started": state_trigger(WINDOW_ACTIVE, STATE_ON),
    "price_became_negative": state_trigger(_NEGATIVE_PRICE, STATE_ON),
    "price_crossed_threshold": threshold_trigger(CURRENT_PRICE),
    "prices_published": activity_trigger(_PUBLISHED, EVENT_PUBLISHED),
}
