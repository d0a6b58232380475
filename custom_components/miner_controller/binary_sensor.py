"""Routes binary sensors to what an entry stands for."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .fleet import binary_sensor as fleet
from .fleet.entries import is_fleet_entry
from .miner import binary_sensor as miner
from .plan import binary_sensor as plan
from .prices import binary_sensor as prices
from .prices.entries import is_tariff_entry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors of a miner, of a tariff or of the fleet."""
    if is_tariff_entry(entry):
        await prices.async_setup_entry(hass, entry, async_add_entities)
    elif is_fleet_entry(entry):
        await fleet.async_setup_entry(hass, entry, async_add_entities)
    else:
        await miner.async_setup_entry(hass, entry, async_add_entities)
        await plan.async_setup_entry(hass, entry, async_add_entities)
