"""Sets a miner up and cleans up after it."""

from typing import Final

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback

from .coordinator import MinerConfigEntry, MinerCoordinator, async_forget
from .entries import async_is_reachable
from .listening import async_shared_listener

PLATFORMS: Final = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.UPDATE,
]


async def async_setup_miner(hass: HomeAssistant, entry: MinerConfigEntry) -> None:
    """Set up a miner, also while it is away, but for its entities."""
    entry.async_on_unload(async_shared_listener(hass).async_use(offer=True))
    coordinator = MinerCoordinator(hass, entry)
    # A failure is no reason to wait with the setup: a miner that is off has its
    # entities from what was known of it before.
    await coordinator.async_refresh()
    entry.runtime_data = coordinator


@callback
def async_remove_miner(hass: HomeAssistant, entry: MinerConfigEntry) -> None:
    """Clean up after a miner that was removed."""
    async_forget(hass, entry.entry_id)
    async_shared_listener(hass).async_forget(entry)


@callback
def async_delete_miner(hass: HomeAssistant, entry: MinerConfigEntry) -> bool:
    """Let the device of a miner be deleted that is not reachable, with its entry."""
    if async_is_reachable(entry):
        return False
    # An entry is one miner: without its device it would be of no use, and it would
    # bring the device back with the next start.
    hass.async_create_task(hass.config_entries.async_remove(entry.entry_id))
    return True
