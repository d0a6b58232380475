"""Sees to it that the broker has what it shall have, and nothing else."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.storage import Store

from ..const import LOGGER
from .mqtt_link import (
    MQTT_DOMAIN,
    Message,
    MqttLink,
    async_look_for_mqtt,
    cleaning,
)
from .mqtt_memory import MqttMemory

_SAVE_DELAY: Final = 5

# How long an unload waits for the broker, in s.
_LAST_WORDS_LIMIT: Final = 5.0


class MqttOutbox:
    """Holds the newest message of each topic, and publishes it while it can.

    Nothing queues up: a message that waits makes room for a newer one of its topic,
    and while the broker is away nothing waits. When it is back it gets all of them.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        store: Store[dict[str, Any]],
        memory: MqttMemory,
        *,
        needed: bool,
    ) -> None:
        """Initialize with what the broker has.

        Unless it is `needed`, nobody is told that the MQTT integration is missing.
        """
        self._hass = hass
        self._entry = entry
        self._store = store
        self._memory = memory
        self._needed = needed
        self._link: MqttLink | None = None
        self._shown: dict[str, Message] = {}
        self._topics: Mapping[str, bool] = {}
        self._waiting: dict[tuple[str, bool], Message] = {}
        self._worker: asyncio.Task[None] | None = None
        self._complained = False
        self._closed = False
        self._unsubscribe: list[CALLBACK_TYPE] = []

    @callback
    def async_start(self) -> None:
        """Publish as soon as there is a broker."""
        self._unsubscribe.append(
            async_dispatcher_connect(
                self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._async_entry_changed
            )
        )
        self._async_look()

    @callback
    def async_keep(self, topics: Mapping[str, bool]) -> None:
        """Clean all topics but these. The value tells whether one is retained."""
        self._topics = topics
        for topic in self._shown.keys() - topics.keys():
            del self._shown[topic]
            self._waiting.pop((topic, True), None)
            self._waiting.pop((topic, False), None)
        self._async_put(cleaning(self._outdated))

    @callback
    def async_show(self, message: Message) -> None:
        """Publish what is the newest of its topic, unless it is nothing new."""
        if self._shown.get(message.topic) != message:
            self._shown[message.topic] = message
            self._async_put([message])

    @callback
    def async_save_soon(self) -> None:
        """Have the memory written down soon."""
        self._store.async_delay_save(self._memory.as_dict, _SAVE_DELAY)

    async def async_close(self, last: Iterable[Message]) -> None:
        """Publish some last messages if that is possible, and nothing any more."""
        self._closed = True
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        if self._worker is not None:
            self._worker.cancel()
        if self._link is not None and self._link.connected:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LAST_WORDS_LIMIT):
                    await self._async_publish(self._link, last)
        await self._store.async_save(self._memory.as_dict())

    @property
    def _outdated(self) -> set[str]:
        """Return the topics that have a retained message and shall have none."""
        return {
            topic
            for topic in self._memory.retained
            if not self._topics.get(topic, False)
        }

    @callback
    def _async_entry_changed(self, _: ConfigEntryChange, entry: ConfigEntry) -> None:
        """Take in that the MQTT integration came, was loaded, or went."""
        if entry.domain == MQTT_DOMAIN:
            self._async_look()

    @callback
    def _async_look(self) -> None:
        """Use the MQTT integration once it is there."""
        if self._needed:
            async_look_for_mqtt(self._hass, self._entry)
        if self._link is not None or (link := MqttLink.find(self._hass)) is None:
            return
        self._link = link
        self._unsubscribe.append(link.async_follow(self._async_connection_changed))
        self._async_connection_changed(link.connected)

    @callback
    def _async_connection_changed(self, connected: bool) -> None:
        """Tell a broker that has come everything, as it may have forgotten it."""
        if not connected:
            self._waiting.clear()
            return
        self._complained = False
        self._async_put([*cleaning(self._outdated), *self._shown.values()])

    @callback
    def _async_put(self, messages: Iterable[Message]) -> None:
        """Have messages published in their order, soon, if the broker is there."""
        if self._closed or self._link is None or not self._link.connected:
            return
        for message in messages:
            self._waiting[message.topic, message.retain] = message
        if self._waiting and (self._worker is None or self._worker.done()):
            self._worker = self._entry.async_create_background_task(
                self._hass, self._async_work(self._link), "MQTT export of miners"
            )

    async def _async_work(self, link: MqttLink) -> None:
        """Publish what waits, until nothing does."""
        while self._waiting:
            messages = list(self._waiting.values())
            self._waiting.clear()
            await self._async_publish(link, messages)

    async def _async_publish(self, link: MqttLink, messages: Iterable[Message]) -> None:
        """Publish messages in their order, and wait for all answers together."""
        await asyncio.gather(
            *(self._async_publish_one(link, message) for message in messages)
        )

    async def _async_publish_one(self, link: MqttLink, message: Message) -> None:
        """Publish a message, and note what the broker retains."""
        if message.retain and message.payload:
            # Whether the broker took it may never be known.
            self._note(self._memory.retained | {message.topic})
        if (fault := await link.publish(message)) is not None:
            if not self._complained:
                LOGGER.warning("Telemetry could not be published: %s", fault)
            self._complained = True
        elif message.retain and not message.payload:
            self._note(self._memory.retained - {message.topic})

    @callback
    def _note(self, retained: set[str]) -> None:
        """Note what the broker retains now."""
        if retained != self._memory.retained:
            self._memory.retained = retained
            self.async_save_soon()
