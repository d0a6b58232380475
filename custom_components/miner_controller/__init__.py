"""Small Bitcoin miners as Home Assistant devices."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN
from .miner.coordinator import MinerConfigEntry, MinerCoordinator, async_forget
from .miner.entries import async_is_reachable
from .miner.listening import async_shared_listener
from .services import async_setup_services

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.UPDATE,
]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up what does not depend on any entry."""
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: MinerConfigEntry) -> bool:
    """Set up a miner, also while it is away."""
    entry.async_on_unload(async_shared_listener(hass).async_use(offer=True))
    coordinator = MinerCoordinator(hass, entry)
    # A failure is no reason to wait with the setup: a miner that is off has its
    # entities from what was known of it before.
    await coordinator.async_refresh()
    entry.runtime_data = coordinator
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: MinerConfigEntry) -> bool:
    """Unload a miner."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: MinerConfigEntry) -> None:
    """Clean up after a miner that was removed."""
    async_forget(hass, entry.entry_id)
    async_shared_listener(hass).async_forget(entry)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: MinerConfigEntry, device: DeviceEntry
) -> bool:
    """Let a device be deleted that is not reachable; its entry goes with it."""
    if async_is_reachable(entry):
        return False
    # An entry is one miner: without its device it would be of no use, and it would
    # bring the device back with the next start.
    hass.async_create_task(hass.config_entries.async_remove(entry.entry_id))
    return True
