"""Finds the fleet among the config entries."""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..const import CONF_FLEET, DOMAIN

SUBENTRY_POOL: Final = "pool"


@callback
def is_fleet_entry(entry: ConfigEntry) -> bool:
    """Return whether an entry is the fleet."""
    return CONF_FLEET in entry.data


@callback
def async_fleet_entry(hass: HomeAssistant) -> ConfigEntry | None:
    """Return the entry of the fleet, of which there is one at most."""
    return next(
        (
            entry
            for entry in hass.config_entries.async_entries(DOMAIN, include_ignore=False)
            if is_fleet_entry(entry)
        ),
        None,
    )
