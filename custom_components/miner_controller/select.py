"""Routes selects to what an entry stands for."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .fleet import pool_select
from .miner import select as miner

PARALLEL_UPDATES = 1


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the selects of a miner, the choice of one of the home's pools too."""
    await miner.async_setup_entry(hass, entry, async_add_entities)
    await pool_select.async_setup_entry(hass, entry, async_add_entities)
