"""Routes events to what an entry stands for."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .miner import event as miner
from .prices import event as prices
from .prices.entries import is_tariff_entry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the events of a miner or of a tariff."""
    platform = prices if is_tariff_entry(entry) else miner
    await platform.async_setup_entry(hass, entry, async_add_entities)
