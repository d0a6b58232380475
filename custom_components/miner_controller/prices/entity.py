"""Bases of the entities of a tariff and of its cheap windows."""

from collections.abc import Sequence
from typing import override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ..const import DOMAIN
from ..planning.decisions import Decision
from .coordinator import PriceConfigEntry, PriceCoordinator


class PriceEntity(CoordinatorEntity[PriceCoordinator]):
    """Defines an entity of a tariff."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: PriceCoordinator, description: EntityDescription
    ) -> None:
        """Initialize an entity of a tariff."""
        super().__init__(coordinator)
        self.entity_description = description
        entry_id = coordinator.config_entry.entry_id
        self._attr_unique_id = f"{entry_id}_{description.key}"
        self._attr_device_info = tariff_device_info(coordinator)

    @property
    @override
    def available(self) -> bool:
        """Return whether there is a price, or at least a service that answers.

        What was published holds, whether the service answers now or not.
        """
        return (
            self.coordinator.last_update_success
            or self.coordinator.data.current is not None
        )


class CheapWindowEntity(CoordinatorEntity[PriceCoordinator]):
    """Defines an entity of a cheap window, which is always available.

    What a window does while prices are unknown is a part of what it is.
    """

    _attr_has_entity_name = True

    def __init__(
        self,
        coordinator: PriceCoordinator,
        subentry: ConfigSubentry,
        tariff_device_id: str,
        description: EntityDescription,
    ) -> None:
        """Initialize an entity of a cheap window."""
        super().__init__(coordinator)
        self.entity_description = description
        self._window_id = subentry.subentry_id
        self._attr_unique_id = f"{subentry.subentry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(
            entry_type=DeviceEntryType.SERVICE,
            identifiers={(DOMAIN, subentry.subentry_id)},
            name=subentry.title,
            via_device_id=tariff_device_id,
        )

    @property
    @override
    def available(self) -> bool:
        """Return that there is always something to tell."""
        return True

    @property
    def decisions(self) -> Sequence[Decision]:
        """Return what was decided about the present span and the next one."""
        return self.coordinator.decisions.get(self._window_id, ())


def tariff_device_info(coordinator: PriceCoordinator) -> DeviceInfo:
    """Return the device of a tariff."""
    entry, tariff = coordinator.config_entry, coordinator.tariff
    return DeviceInfo(
        entry_type=DeviceEntryType.SERVICE,
        identifiers={(DOMAIN, entry.entry_id)},
        manufacturer=tariff.provider,
        model=tariff.model,
        name=entry.title,
    )


@callback
def async_tariff_device_id(hass: HomeAssistant, entry: PriceConfigEntry) -> str:
    """Return the id of the device of a tariff, which its windows are part of."""
    info = tariff_device_info(entry.runtime_data)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, **info
    )
    return device.id
