"""What the system health page shows of Miner Controller."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .sources.firmware import API_URL


@callback
def async_register(
    hass: HomeAssistant, register: system_health.SystemHealthRegistration
) -> None:
    """Register the information."""
    register.async_register_info(system_health_info)


async def system_health_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return the state of all miners together."""
    entries = hass.config_entries.async_entries(DOMAIN)
    reachable = [
        entry
        for entry in entries
        if entry.state is ConfigEntryState.LOADED
        and entry.runtime_data.last_update_success
    ]
    return {
        "miners": len(entries),
        "miners_reachable": len(reachable),
        "can_reach_releases": system_health.async_check_can_reach_url(hass, API_URL),
    }
