"""Sensors of what all miners cost and earn together."""

from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..const import DOMAIN
from ..fleet.entity import fleet_device_info
from ..fleet.runtime import FleetConfigEntry
from .bookkeeper import async_bookkeeper
from .descriptions import FLEET_SENSORS
from .entity import EconomicsSensor
from .fleet import FleetEconomics


async def async_setup_entry(
    hass: HomeAssistant,
    entry: FleetConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sums, each as soon as there is something to tell.

    One that was there before is added at once.
    """
    keeper = await async_bookkeeper(hass)
    keeper.async_acquire()
    entry.async_on_unload(keeper.async_release)
    fleet = FleetEconomics(hass, entry, keeper)
    registry = er.async_get(hass)
    missing = {f"{entry.entry_id}_{each.key}": each for each in FLEET_SENSORS}

    @callback
    def add() -> None:
        found = [
            unique_id
            for unique_id, description in missing.items()
            if description.value_fn(fleet.data) is not None
            or registry.async_get_entity_id(SENSOR_DOMAIN, DOMAIN, unique_id)
        ]
        if found:
            async_add_entities(
                EconomicsSensor(
                    fleet, missing.pop(unique_id), unique_id, fleet_device_info(entry)
                )
                for unique_id in found
            )

    add()
    entry.async_on_unload(fleet.async_add_listener(add))
