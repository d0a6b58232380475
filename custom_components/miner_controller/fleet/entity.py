"""Bases of the entities of the fleet and of its pools."""

from typing import Any, override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.update_coordinator import (
    CoordinatorEntity,
    DataUpdateCoordinator,
)

from ..const import DOMAIN
from .coordinator import FleetCoordinator
from .runtime import FleetConfigEntry


class FleetEntity(CoordinatorEntity[FleetCoordinator]):
    """Defines an entity of the fleet."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: FleetCoordinator, description: EntityDescription
    ) -> None:
        """Initialize an entity of the fleet."""
        super().__init__(coordinator)
        self.entity_description = description
        entry = coordinator.config_entry
        self._attr_unique_id = f"{entry.entry_id}_{description.key}"
        self._attr_device_info = fleet_device_info(entry)


class PoolEntity[CoordinatorT: DataUpdateCoordinator[Any]](
    CoordinatorEntity[CoordinatorT]
):
    """Defines an entity of a pool."""

    _attr_has_entity_name = True

    def __init__(
        self,
        coordinator: CoordinatorT,
        subentry: ConfigSubentry,
        fleet_device_id: str,
        description: EntityDescription,
    ) -> None:
        """Initialize an entity of a pool."""
        super().__init__(coordinator)
        self.entity_description = description
        self._pool_id = subentry.subentry_id
        self._attr_unique_id = f"{subentry.subentry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(
            entry_type=DeviceEntryType.SERVICE,
            identifiers={(DOMAIN, subentry.subentry_id)},
            name=subentry.title,
            via_device_id=fleet_device_id,
        )


class PoolTotalsEntity(PoolEntity[FleetCoordinator]):
    """Defines what the miners tell of a pool, which is always something."""

    @property
    @override
    def available(self) -> bool:
        """Return that no miner using a pool is a thing to know too."""
        return True


def fleet_device_info(entry: FleetConfigEntry) -> DeviceInfo:
    """Return the device of the fleet."""
    return DeviceInfo(
        entry_type=DeviceEntryType.SERVICE,
        identifiers={(DOMAIN, entry.entry_id)},
        name=entry.title,
    )


def pool_subentries(entry: FleetConfigEntry) -> list[ConfigSubentry]:
    """Return the pools that the fleet was set up with, as far as they are there still.

    One that came since has its entities after the reload that it causes.
    """
    return [
        entry.subentries[pool.subentry_id]
        for pool in entry.runtime_data.totals.pools
        if pool.subentry_id in entry.subentries
    ]


@callback
def async_fleet_device_id(hass: HomeAssistant, entry: FleetConfigEntry) -> str:
    """Return the id of the device of the fleet, which its pools are part of."""
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, **fleet_device_info(entry)
    )
    return device.id
