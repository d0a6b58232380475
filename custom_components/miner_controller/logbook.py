"""Describes in the logbook what happens on miners, and why Home Assistant acts."""

from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_ICON,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
    LazyEventPartialState,
)
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from .const import DOMAIN
from .miner.activity_text import activity_text, mode_set_text
from .miner.event import ATTR_DATA, ATTR_TYPE, EVENT_ACTIVITY
from .miner.mode_action import EVENT_MODE_SET


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[
        [str, str, Callable[[LazyEventPartialState], dict[str, Any]]], None
    ],
) -> None:
    """Describe the events that the integration fires."""
    registry = dr.async_get(hass)

    def line(data: Mapping[str, Any], text: str) -> dict[str, Any]:
        """Return a line about the miner of an event, which may be gone by now."""
        device = registry.async_get(str(data.get(ATTR_DEVICE_ID)))
        name = None if device is None else device.name_by_user or device.name
        return {
            LOGBOOK_ENTRY_ICON: "mdi:pickaxe",
            LOGBOOK_ENTRY_MESSAGE: text,
            LOGBOOK_ENTRY_NAME: name or "A miner",
        }

    @callback
    def describe_activity(event: LazyEventPartialState) -> dict[str, Any]:
        """Describe what happened on a miner."""
        data = event.data
        text = activity_text(str(data.get(ATTR_TYPE)), data.get(ATTR_DATA) or {})
        return line(data, text)

    @callback
    def describe_mode_set(event: LazyEventPartialState) -> dict[str, Any]:
        """Describe which mode an action gave a miner, and why."""
        return line(event.data, mode_set_text(event.data))

    async_describe_event(DOMAIN, EVENT_ACTIVITY, describe_activity)
    async_describe_event(DOMAIN, EVENT_MODE_SET, describe_mode_set)
