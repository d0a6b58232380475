"""Home Assistant's own MQTT integration, where there is one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Self

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN

MQTT_DOMAIN: Final = "mqtt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something to publish. An empty payload that is retained cleans a topic."""

    topic: str
    payload: str
    qos: int = 0
    retain: bool = False


class MqttLink:
    """Publishes through the MQTT integration, which keeps the connection."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize for an integration that is loaded."""
        # Its library is there only where it is set up.
        from homeassistant.components import mqtt  # noqa: PLC0415

        self._hass = hass
        self._is_connected = mqtt.is_connected
        self._publish = mqtt.async_publish
        self._subscribe = mqtt.async_subscribe_connection_status

    @classmethod
    def find(cls, hass: HomeAssistant) -> Self | None:
        """Return the link, None until the integration was set up."""
        if any(entry.state is ConfigEntryState.LOADED for entry in _mqtt_entries(hass)):
            return cls(hass)
        return None

    @property
    def connected(self) -> bool:
        """Return whether the broker is there."""
        return self._is_connected(self._hass)

    @callback
    def async_follow(self, changed: Callable[[bool], None]) -> CALLBACK_TYPE:
        """Call back when the broker comes, with True, and when it goes."""
        return self._subscribe(self._hass, changed)

    async def publish(self, message: Message) -> str | None:
        """Publish a message, and return what is wrong where that failed.

        With a QoS of 1 or 2 it waits for the broker's answer, some seconds at most.
        """
        try:
            await self._publish(
                self._hass,
                message.topic,
                message.payload,
                message.qos,
                message.retain,
            )
        except (HomeAssistantError, ValueError) as err:
            return str(err) or type(err).__name__
        return None


def cleaning(topics: Iterable[str]) -> list[Message]:
    """Return what makes a broker forget the retained messages of topics."""
    # The broker's answer tells that it did.
    return [
        Message(topic=topic, payload="", qos=1, retain=True) for topic in sorted(topics)
    ]


@callback
def async_look_for_mqtt(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Raise a repair where the MQTT integration was not set up, or take it back."""
    if _mqtt_entries(hass):
        async_forget_issue(hass, entry)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry),
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="mqtt_missing",
    )


@callback
def async_forget_issue(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take the repair back, as nobody needs the MQTT integration any more."""
    ir.async_delete_issue(hass, DOMAIN, _issue_id(entry))


def _issue_id(entry: ConfigEntry) -> str:
    """Return the id of the repair."""
    return f"mqtt_missing_{entry.entry_id}"


@callback
def _mqtt_entries(hass: HomeAssistant) -> list[ConfigEntry]:
    """Return the brokers that were added, of which there is one at most."""
    return hass.config_entries.async_entries(
        MQTT_DOMAIN, include_ignore=False, include_disabled=False
    )
