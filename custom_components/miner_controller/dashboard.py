"""Has Home Assistant's pages load the cards and the dashboard of this integration."""

from hashlib import sha256
from pathlib import Path
from typing import Final

from homeassistant.components.frontend import (
    DOMAIN as FRONTEND_DOMAIN,
    add_extra_js_url,
    remove_extra_js_url,
)
from homeassistant.components.http import StaticPathConfig
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.loader import async_get_integration
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, LOGGER

URL_PATH: Final = f"/{DOMAIN}"
"""Where browsers find the folder of the module."""

FOLDER: Final = Path(__file__).parent / "frontend"
MODULE: Final = "miner-controller.js"

# The address of the module, and whether pages are told to load it.
_MODULE_URL: HassKey[str] = HassKey(f"{DOMAIN}_module_url")
_LOADED: HassKey[bool] = HassKey(f"{DOMAIN}_module_loaded")

# Enough of a hash to tell two builds of a version apart.
_HASH_DIGITS: Final = 8


async def async_setup_dashboard(hass: HomeAssistant) -> None:
    """Serve the module, where Home Assistant has pages at all.

    Browsers keep it for a month, so its address changes with the version, and with the
    file itself, which a developer builds many times in one version.
    """
    if FRONTEND_DOMAIN not in hass.config.components:
        return
    integration = await async_get_integration(hass, DOMAIN)
    try:
        digest = await hass.async_add_executor_job(_hash, FOLDER / MODULE)
    except OSError as err:
        # Miners work without it, for example after a copy by hand that left it out.
        LOGGER.warning("The dashboard is not available: %s", err)
        return
    await hass.http.async_register_static_paths(
        [StaticPathConfig(URL_PATH, str(FOLDER), cache_headers=True)]
    )
    hass.data[_MODULE_URL] = f"{URL_PATH}/{MODULE}?v={integration.version}-{digest}"


@callback
def async_load_dashboard(hass: HomeAssistant) -> None:
    """Have pages load the module, once for all entries."""
    if (url := hass.data.get(_MODULE_URL)) and not hass.data.get(_LOADED):
        hass.data[_LOADED] = True
        add_extra_js_url(hass, url)


@callback
def async_remove_dashboard(hass: HomeAssistant, removed: ConfigEntry) -> None:
    """Have pages no longer load the module after the last entry was removed."""
    entries = hass.config_entries.async_entries(DOMAIN)
    is_last = all(entry.entry_id == removed.entry_id for entry in entries)
    if is_last and hass.data.pop(_LOADED, False):
        remove_extra_js_url(hass, hass.data[_MODULE_URL])


def _hash(path: Path) -> str:
    """Return the beginning of a file's hash."""
    return sha256(path.read_bytes()).hexdigest()[:_HASH_DIGITS]
