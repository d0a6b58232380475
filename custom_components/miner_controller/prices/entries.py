"""Finds tariffs among the config entries, and makes what asks for their prices."""

from typing import TYPE_CHECKING, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_REGION, CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.loader import async_get_loaded_integration

from ..const import CONF_PRODUCT, CONF_TARIFF, DOMAIN
from ..sources.octopus import API_URL, OctopusClient
from ..sources.octopus_agile import OctopusAgile
from ..sources.tariff import Tariff

if TYPE_CHECKING:
    from .coordinator import PriceConfigEntry

TARIFF_OCTOPUS_AGILE: Final = "octopus_agile"
"""The only kind of tariff so far. Another one is told from it by another name."""

SUBENTRY_CHEAP_WINDOW: Final = "cheap_window"


@callback
def is_tariff_entry(entry: ConfigEntry) -> bool:
    """Return whether an entry is an electricity tariff."""
    return CONF_TARIFF in entry.data


@callback
def async_tariff_entries(hass: HomeAssistant) -> list[PriceConfigEntry]:
    """Return the entries of all tariffs that were added."""
    return [
        entry
        for entry in hass.config_entries.async_entries(DOMAIN, include_ignore=False)
        if is_tariff_entry(entry)
    ]


@callback
def async_octopus_client(hass: HomeAssistant, url: str | None) -> OctopusClient:
    """Return a client of Octopus Energy, or of what serves its API elsewhere.

    Raises ValueError where the address is none.
    """
    version = async_get_loaded_integration(hass, DOMAIN).version
    return OctopusClient(
        async_get_clientsession(hass), url or API_URL, version=str(version)
    )


@callback
def async_tariff(hass: HomeAssistant, entry: ConfigEntry) -> Tariff:
    """Return the tariff of an entry."""
    client = async_octopus_client(hass, entry.data.get(CONF_URL))
    return OctopusAgile(client, entry.data[CONF_PRODUCT], entry.data[CONF_REGION])
