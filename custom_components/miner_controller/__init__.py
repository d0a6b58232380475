"""Small Bitcoin miners as Home Assistant devices, and the price of their power."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN
from .dashboard import (
    async_load_dashboard,
    async_remove_dashboard,
    async_setup_dashboard,
)
from .economics.runtime import async_remove_economics, async_setup_economics
from .fleet.entries import is_fleet_entry
from .fleet.setup import (
    PLATFORMS as FLEET_PLATFORMS,
    async_remove_fleet,
    async_setup_fleet,
    is_leftover as is_leftover_of_fleet,
)
from .miner.setup import (
    PLATFORMS as MINER_PLATFORMS,
    async_delete_miner,
    async_remove_miner,
    async_setup_miner,
)
from .plan.runtime import async_remove_plan, async_setup_plan
from .prices.entries import is_tariff_entry
from .prices.setup import (
    PLATFORMS as TARIFF_PLATFORMS,
    async_remove_tariff,
    async_setup_tariff,
    is_leftover as is_leftover_of_tariff,
)
from .services import async_setup_services

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up what does not depend on any entry."""
    async_setup_services(hass)
    await async_setup_dashboard(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Set up what an entry stands for, also while it cannot be reached."""
    if is_tariff_entry(entry):
        await async_setup_tariff(hass, entry)
    elif is_fleet_entry(entry):
        await async_setup_fleet(hass, entry)
    else:
        await async_setup_miner(hass, entry)
        await async_setup_economics(hass, entry)
        await async_setup_plan(hass, entry)
        await hass.config_entries.async_forward_entry_setups(entry, MINER_PLATFORMS)
    async_load_dashboard(hass)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Unload what an entry stands for."""
    if is_tariff_entry(entry):
        platforms = TARIFF_PLATFORMS
    else:
        platforms = FLEET_PLATFORMS if is_fleet_entry(entry) else MINER_PLATFORMS
    return await hass.config_entries.async_unload_platforms(entry, platforms)


async def async_remove_entry(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Clean up after an entry that was removed."""
    if is_tariff_entry(entry):
        await async_remove_tariff(hass, entry)
    elif is_fleet_entry(entry):
        await async_remove_fleet(hass, entry)
        await async_remove_economics(hass, entry)
    else:
        async_remove_miner(hass, entry)
        await async_remove_economics(hass, entry)
        await async_remove_plan(hass, entry)
    async_remove_dashboard(hass, entry)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: ConfigEntry, device: DeviceEntry
) -> bool:
    """Let a device be deleted that is of no use any more."""
    if is_tariff_entry(entry):
        return is_leftover_of_tariff(entry, device)
    if is_fleet_entry(entry):
        return is_leftover_of_fleet(entry, device)
    return async_delete_miner(hass, entry)
