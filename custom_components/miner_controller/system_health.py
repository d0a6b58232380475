"""What the system health page shows of Miner Controller."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.core import HomeAssistant, callback

from .miner.entries import async_is_reachable, async_miner_entries
from .miner.listening import async_shared_listener
from .sources.firmware import API_URL


@callback
def async_register(
    hass: HomeAssistant, register: system_health.SystemHealthRegistration
) -> None:
    """Register the information."""
    register.async_register_info(system_health_info)


async def system_health_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return the state of all miners together."""
    entries = async_miner_entries(hass)
    return {
        "miners": len(entries),
        "miners_reachable": sum(async_is_reachable(entry) for entry in entries),
        "hears_broadcasts": async_shared_listener(hass).listener.listening,
        "can_reach_releases": system_health.async_check_can_reach_url(hass, API_URL),
    }
