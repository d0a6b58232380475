"""The tariffs of the home as the fleet tells others of them."""

from collections.abc import Callable

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from ..const import DOMAIN
from ..prices.coordinator import PriceConfigEntry, PriceCoordinator
from ..prices.entries import async_tariff_entries, is_tariff_entry


class TariffWatch:
    """Follows all tariffs, those too that are added, reloaded or removed later."""

    def __init__(self, hass: HomeAssistant, changed: Callable[[], None]) -> None:
        """Start to follow the tariffs. `changed` hears of prices and of tariffs."""
        self._hass = hass
        self._changed = changed
        self._unsubscribe: dict[PriceCoordinator, CALLBACK_TYPE] = {}
        self._stop = async_dispatcher_connect(
            hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._async_entry_changed
        )
        self._async_follow()

    @property
    def tariffs(self) -> dict[PriceConfigEntry, PriceCoordinator | None]:
        """Return the tariffs, the oldest first, each with its prices once it is set up.

        One that was disabled is none.
        """
        return {
            entry: (
                entry.runtime_data if entry.state is ConfigEntryState.LOADED else None
            )
            for entry in async_tariff_entries(self._hass)
            if entry.disabled_by is None
        }

    @callback
    def async_close(self) -> None:
        """Follow the tariffs no longer."""
        self._stop()
        for unsubscribe in self._unsubscribe.values():
            unsubscribe()
        self._unsubscribe.clear()

    @callback
    def _async_entry_changed(self, _: ConfigEntryChange, entry: ConfigEntry) -> None:
        """Follow what became of a tariff."""
        if entry.domain == DOMAIN and is_tariff_entry(entry):
            self._async_follow()
            self._changed()

    @callback
    def _async_follow(self) -> None:
        """Listen to the coordinators that there are now."""
        present = set(filter(None, self.tariffs.values()))
        for coordinator in self._unsubscribe.keys() - present:
            self._unsubscribe.pop(coordinator)()
        for coordinator in present - self._unsubscribe.keys():
            self._unsubscribe[coordinator] = coordinator.async_add_listener(
                self._changed
            )
