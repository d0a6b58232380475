"""A broker as tests need it: what Home Assistant's MQTT client was given for it."""

from collections.abc import Callable
import json
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockMqttReasonCode,
)

# Publishing fails with it where there is no connection.
NO_CONNECTION = 4


class Broker:
    """Has all that was published, and can go away."""

    def __init__(self, hass: HomeAssistant, client: Any) -> None:
        """Initialize for the client that the test plugin mocks."""
        self._hass = hass
        self._client = client
        self._publish: Callable[..., Any] = client.publish.side_effect
        self._unanswered: list[int] = []
        self.messages: list[tuple[str, str, int, bool]] = []
        self.retained: dict[str, str] = {}
        self.slow = False
        """It answers what comes only when it is told to."""
        self.failing = False
        client.publish.side_effect = self._take
        client.disconnect.side_effect = self._disconnect

    def _take(
        self, topic: str, payload: str, qos: int, retain: bool, properties: Any = None
    ) -> Any:
        """Take a message."""
        if self.failing:
            return SimpleNamespace(mid=0, rc=NO_CONNECTION)
        self.messages.append((topic, payload, qos, retain))
        if retain and payload:
            self.retained[topic] = payload
        elif retain:
            self.retained.pop(topic, None)
        if self.slow:
            mid = 10_000 + len(self.messages)
            self._unanswered.append(mid)
            return SimpleNamespace(mid=mid, rc=0)
        return self._publish(topic, payload, qos, retain, properties)

    def _disconnect(self) -> None:
        """End the connection as a broker and the library do that are told to."""
        self._client.on_disconnect(Mock(), None, Mock(), MockMqttReasonCode())
        socket = Mock(fileno=Mock(return_value=-1))
        self._client.on_socket_close(self._client, None, socket)

    async def add(self) -> MockConfigEntry:
        """Set the MQTT integration up as its user would."""
        entry = MockConfigEntry(
            domain="mqtt",
            data={"broker": "mock-broker", "protocol": "5"},
            options={"birth_message": {}},
            version=1,
            minor_version=2,
        )
        entry.add_to_hass(self._hass)
        assert await self._hass.config_entries.async_setup(entry.entry_id)
        await self.settle()
        return entry

    async def settle(self) -> None:
        """Wait until all is published that is to be."""
        await self._hass.async_block_till_done(wait_background_tasks=True)

    async def go(self) -> None:
        """Lose the connection."""
        self._client.on_disconnect(Mock(), None, Mock(), MockMqttReasonCode())
        # It is the test that tells when it is there again.
        self._hass.data["mqtt"].client._async_cancel_reconnect()
        await self._hass.async_block_till_done()

    async def come(self) -> None:
        """Have the connection again."""
        self._client.on_connect(Mock(), None, Mock(), MockMqttReasonCode())
        await self.settle()

    async def remove(self) -> None:
        """Take the MQTT integration away, which has timers of its own."""
        self.answer()
        for entry in self._hass.config_entries.async_loaded_entries("mqtt"):
            await self._hass.config_entries.async_unload(entry.entry_id)
        await self._hass.async_block_till_done()

    def answer(self) -> None:
        """Answer all that came, and what comes from now on."""
        self.slow = False
        for mid in self._unanswered:
            self._client.on_publish(Mock(), None, mid, MockMqttReasonCode(), None)
        self._unanswered.clear()

    def clear(self) -> None:
        """Forget what came so far, but not what is retained."""
        self.messages.clear()

    def topics(self) -> list[str]:
        """Return the topics of what came, in their order."""
        return [topic for topic, *_ in self.messages]

    def told(self, topic: str) -> list[dict[str, Any]]:
        """Return the objects that came under a topic."""
        return [json.loads(text) for name, text, *_ in self.messages if name == topic]
