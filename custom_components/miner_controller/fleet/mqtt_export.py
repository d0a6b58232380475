"""Tells others by MQTT what the miners do, through Home Assistant's own connection.

The topics are those of `mqtt_topics`, and what is in a message is in `telemetry`.
"""

import asyncio
from contextlib import suppress
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant

from .mqtt_link import MqttLink, async_forget_issue, cleaning
from .mqtt_memory import async_recall, mqtt_store
from .mqtt_options import MqttOptions
from .mqtt_outbox import MqttOutbox
from .mqtt_publisher import MqttPublisher
from .runtime import FleetConfigEntry

# How long the removal of the fleet waits for the broker, in s.
_CLEANING_LIMIT: Final = 5.0


class MqttExport:
    """Publishes what miners and tariffs tell, as the options of the fleet say.

    Where they say that nothing is published, it only cleans up what was published
    before, which may have to wait for the broker.
    """

    def __init__(self, hass: HomeAssistant, entry: FleetConfigEntry) -> None:
        """Initialize for a fleet."""
        self._hass = hass
        self._entry = entry
        self._outbox: MqttOutbox | None = None
        self._publisher: MqttPublisher | None = None
        self._forget_shutdown: CALLBACK_TYPE | None = None

    async def async_start(self) -> None:
        """Publish what is known, and from then on what is new.

        The fleet has its `runtime_data` already.
        """
        hass, entry = self._hass, self._entry
        options = MqttOptions.from_options(entry.options)
        store = mqtt_store(hass, entry.entry_id)
        memory = await async_recall(store)
        if options is None:
            async_forget_issue(hass, entry)
            if not memory.retained:
                return
        self._outbox = MqttOutbox(
            hass, entry, store, memory, needed=options is not None
        )
        if options is not None:
            self._publisher = MqttPublisher(hass, entry, options, self._outbox, memory)
        self._outbox.async_start()
        # It comes before the MQTT integration is stopped. Entries are not unloaded
        # when Home Assistant stops.
        self._forget_shutdown = hass.async_add_shutdown_job(
            HassJob(self._async_end, "MQTT export of miners")
        )

    async def async_close(self) -> None:
        """Publish nothing any more, as the fleet is unloaded.

        Mostly it is loaded again at once, and nobody shall believe that the miners were
        away.
        """
        if self._forget_shutdown is not None:
            self._forget_shutdown()
            self._forget_shutdown = None
        is_disabled = self._entry.disabled_by is not None
        await self._async_close(last_words=is_disabled)
        if is_disabled:
            async_forget_issue(self._hass, self._entry)

    async def _async_end(self) -> None:
        """Tell that the miners are offline, as Home Assistant stops."""
        await self._async_close(last_words=True)

    async def _async_close(self, *, last_words: bool) -> None:
        """End what was started, once."""
        outbox, publisher = self._outbox, self._publisher
        self._outbox = self._publisher = None
        last = publisher.async_close() if publisher else []
        if outbox is not None:
            await outbox.async_close(last if last_words else [])


async def async_remove_mqtt(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Clean up after a fleet that was removed, on the broker if it is there."""
    async_forget_issue(hass, entry)
    store = mqtt_store(hass, entry.entry_id)
    memory = await async_recall(store)
    if (link := MqttLink.find(hass)) is not None and link.connected:
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLEANING_LIMIT):
                await asyncio.gather(*map(link.publish, cleaning(memory.retained)))
    await store.async_remove()
