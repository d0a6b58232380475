"""What the system health page shows of Miner Controller."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant, callback

from .miner.entries import async_is_reachable, async_miner_entries
from .miner.listening import async_shared_listener
from .prices.entries import async_tariff_entries
from .sources.firmware import API_URL as RELEASES_URL
from .sources.octopus import API_URL as PRICES_URL


@callback
def async_register(
    hass: HomeAssistant, register: system_health.SystemHealthRegistration
) -> None:
    """Register the information."""
    register.async_register_info(system_health_info)


async def system_health_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return the state of all miners together, and of the tariffs."""
    entries, tariffs = async_miner_entries(hass), async_tariff_entries(hass)
    check = system_health.async_check_can_reach_url
    information: dict[str, Any] = {
        "miners": len(entries),
        "miners_reachable": sum(async_is_reachable(entry) for entry in entries),
        "hears_broadcasts": async_shared_listener(hass).listener.listening,
        "can_reach_releases": check(hass, RELEASES_URL),
        "tariffs": len(tariffs),
    }
    # Nobody else has anything to do with that service.
    if any(CONF_URL not in entry.data for entry in tariffs):
        information["can_reach_prices"] = check(hass, PRICES_URL)
    return information
