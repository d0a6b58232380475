"""Base of the sensors of costs and earnings."""

from datetime import datetime
from typing import override

from homeassistant.components.sensor import SensorEntity
from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.update_coordinator import (
    CoordinatorEntity,
    DataUpdateCoordinator,
)

from .descriptions import EconomicsSensorEntityDescription
from .figures import Figures


class EconomicsSensor[FiguresT: Figures](
    CoordinatorEntity[DataUpdateCoordinator[FiguresT]], SensorEntity
):
    """Defines a sensor of costs or earnings, which are unknown rather than away.

    What a miner has cost stays true while it is away, and what it earns is not known.
    """

    _attr_has_entity_name = True
    entity_description: EconomicsSensorEntityDescription
    _told: tuple[object, ...] | None = None

    def __init__(
        self,
        coordinator: DataUpdateCoordinator[FiguresT],
        description: EconomicsSensorEntityDescription,
        unique_id: str,
        device_info: DeviceInfo,
    ) -> None:
        """Initialize a sensor of a device."""
        super().__init__(coordinator)
        self.entity_description = description
        self._attr_unique_id = unique_id
        self._attr_device_info = device_info

    @property
    @override
    def native_value(self) -> float | None:
        """Return the value."""
        return self.entity_description.value_fn(self.coordinator.data)

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        """Return the unit, which the tariff or the home decides about."""
        return self.entity_description.unit_fn(self.coordinator.data)

    @property
    @override
    def last_reset(self) -> datetime | None:
        """Return when the counting began anew, of what is counted by day or hour."""
        return self.entity_description.reset_fn(self.coordinator.data)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Tell what has changed, which with most polls is nothing."""
        told = (self.native_value, self.native_unit_of_measurement, self.last_reset)
        if told != self._told:
            self._told = told
            super()._handle_coordinator_update()
