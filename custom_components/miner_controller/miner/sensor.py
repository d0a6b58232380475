"""Sensors of a miner."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import (
    DOMAIN as SENSOR_DOMAIN,
    RestoreSensor,
    SensorEntity,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType

from .coordinator import MinerConfigEntry, MinerCoordinator
from .drawn_power import count_energy, measured_power
from .energy import EnergyMeter
from .entity import MinerEntity, async_add_as_known
from .sensor_descriptions import ENERGY, POWER, MinerSensorEntityDescription, sensors_of


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of a miner."""
    coordinator = entry.runtime_data
    async_add_as_known(
        coordinator,
        async_add_entities,
        SENSOR_DOMAIN,
        [
            description
            for description in sensors_of(coordinator.identity)
            if description.has_fn(coordinator.capabilities)
        ],
        lambda description, status: description.value_fn(status) is not None,
        MinerSensorEntity,
    )
    async_add_as_known(
        coordinator,
        async_add_entities,
        SENSOR_DOMAIN,
        (POWER, ENERGY),
        lambda description, status: (
            status.power is not None
            or (description is ENERGY and coordinator.power_draw is not None)
        ),
        _create_power_sensor,
    )


def _create_power_sensor(
    coordinator: MinerCoordinator, description: EntityDescription
) -> MinerPowerSensorEntity | MinerEnergySensorEntity:
    """Return the sensor of a description that has a class of its own."""
    if description is ENERGY:
        return MinerEnergySensorEntity(coordinator, description)
    return MinerPowerSensorEntity(coordinator, description)


class MinerSensorEntity(MinerEntity, SensorEntity):
    """Defines a sensor of a miner."""

    _unrecorded_attributes = frozenset({"reasons", "slots"})
    entity_description: MinerSensorEntityDescription

    @property
    @override
    def native_value(self) -> StateType | datetime:
        """Return the value."""
        return self.entity_description.value_fn(self.status)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Return the attributes of the few sensors that have any."""
        if (attributes_fn := self.entity_description.attributes_fn) is None:
            return None
        return attributes_fn(self.status)


class MinerPowerSensorEntity(MinerEntity, SensorEntity):
    """Defines the power of a miner."""

    @property
    @override
    def available(self) -> bool:
        """Return whether the power is told, by the miner or by its switch."""
        return super().available or self.coordinator.powered_off

    @property
    @override
    def native_value(self) -> float | None:
        """Return the power."""
        return measured_power(self.coordinator)


class MinerEnergySensorEntity(MinerEntity, RestoreSensor):
    """Defines the energy that a miner has used since it was added."""

    def __init__(
        self, coordinator: MinerCoordinator, description: EntityDescription
    ) -> None:
        """Initialize the energy of a miner."""
        super().__init__(coordinator, description)
        self._meter = EnergyMeter()

    @override
    async def async_added_to_hass(self) -> None:
        """Go on from where the last run ended."""
        await super().async_added_to_hass()
        if (last := await self.async_get_last_sensor_data()) is not None and isinstance(
            last.native_value, int | float
        ):
            self._meter = EnergyMeter(float(last.native_value))
        count_energy(self._meter, self.coordinator)

    @property
    @override
    def available(self) -> bool:
        """Return that a total stays true while the miner is away."""
        return True

    @property
    @override
    def native_value(self) -> float:
        """Return the total, in whole Wh so that it changes only when it tells."""
        return round(self._meter.total, 3)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Count the energy since the last poll."""
        count_energy(self._meter, self.coordinator)
        super()._handle_coordinator_update()
