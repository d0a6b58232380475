"""Sensors of the Bitcoin network, on the device of the fleet."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, override

from homeassistant.components.sensor import (
    DOMAIN as SENSOR_DOMAIN,
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import PERCENTAGE, UnitOfTime
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.typing import StateType
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ..const import DOMAIN
from ..planning.economics import hashprice, hashprice_sats
from .entity import fleet_device_info
from .network import NetworkCoordinator, NetworkView
from .runtime import FleetConfigEntry

# A price of one bitcoin is no sum of money that was earned or spent: with the device
# class of those it would have no statistics.
_PRICE_OF_BITCOIN: Final = "{currency}/BTC"
_SATS_PER_TERAHASH: Final = "sats/TH/day"
_PRICE_OF_PETAHASH: Final = "{currency}/PH/day"


@dataclass(frozen=True, kw_only=True)
class NetworkSensorEntityDescription(SensorEntityDescription):
    """Describes a sensor of the network. A unit may name the currency."""

    value_fn: Callable[[NetworkView], StateType | datetime]


def _hashprice_sats(view: NetworkView) -> float | None:
    """Return what a TH/s earns in a day, in sats."""
    return None if view.network is None else round(hashprice_sats(view.network), 2)


def _hashprice(view: NetworkView) -> float | None:
    """Return what a PH/s earns in a day, in currency."""
    price = None if view.network is None else hashprice(view.network)
    return None if price is None else round(price, 2)


def _bitcoin_price(view: NetworkView) -> float | None:
    """Return the price, without the digits that only flicker."""
    price = view.facts.bitcoin_price
    return None if price is None else round(price, 2 if price < 1000 else None)


NETWORK_SENSORS: Final = (
    NetworkSensorEntityDescription(
        key="bitcoin_price",
        translation_key="bitcoin_price",
        native_unit_of_measurement=_PRICE_OF_BITCOIN,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=_bitcoin_price,
    ),
    NetworkSensorEntityDescription(
        key="difficulty",
        translation_key="network_difficulty",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        # It is no whole number, and as one it is written out.
        value_fn=lambda view: (
            None if view.facts.difficulty is None else round(view.facts.difficulty)
        ),
    ),
    NetworkSensorEntityDescription(
        key="next_adjustment",
        translation_key="next_adjustment",
        device_class=SensorDeviceClass.TIMESTAMP,
        # The days until then say the same.
        entity_registry_enabled_default=False,
        value_fn=lambda view: view.facts.next_adjustment,
    ),
    NetworkSensorEntityDescription(
        key="days_to_adjustment",
        translation_key="days_to_adjustment",
        native_unit_of_measurement=UnitOfTime.DAYS,
        device_class=SensorDeviceClass.DURATION,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda view: view.days_to_adjustment,
    ),
    NetworkSensorEntityDescription(
        key="difficulty_change",
        translation_key="difficulty_change",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda view: (
            None
            if view.facts.adjustment_change is None
            else round(view.facts.adjustment_change, 1)
        ),
    ),
    NetworkSensorEntityDescription(
        key="block_height",
        translation_key="block_height",
        # Without one, each block would be told in the logbook.
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=0,
        value_fn=lambda view: view.facts.block_height,
    ),
    NetworkSensorEntityDescription(
        key="hashprice_sats",
        translation_key="hashprice_sats",
        native_unit_of_measurement=_SATS_PER_TERAHASH,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        value_fn=_hashprice_sats,
    ),
    NetworkSensorEntityDescription(
        key="hashprice",
        translation_key="hashprice",
        native_unit_of_measurement=_PRICE_OF_PETAHASH,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        value_fn=_hashprice,
    ),
)


@callback
def async_network_sensors(
    hass: HomeAssistant, entry: FleetConfigEntry
) -> Iterable[SensorEntity]:
    """Return the sensors, none where the network is switched off.

    Then those that were there before are removed: they would be unavailable for ever.
    """
    network = entry.runtime_data.network
    if network is not None:
        return [NetworkSensor(network, description) for description in NETWORK_SENSORS]
    registry = er.async_get(hass)
    for description in NETWORK_SENSORS:
        entity_id = registry.async_get_entity_id(
            SENSOR_DOMAIN, DOMAIN, f"{entry.entry_id}_{description.key}"
        )
        if entity_id is not None:
            registry.async_remove(entity_id)
    return []


class NetworkSensor(CoordinatorEntity[NetworkCoordinator], SensorEntity):
    """Defines a sensor of the network."""

    _attr_has_entity_name = True
    entity_description: NetworkSensorEntityDescription

    def __init__(
        self,
        coordinator: NetworkCoordinator,
        description: NetworkSensorEntityDescription,
    ) -> None:
        """Initialize a sensor of the network."""
        super().__init__(coordinator)
        self.entity_description = description
        entry = coordinator.config_entry
        self._attr_unique_id = f"{entry.entry_id}_{description.key}"
        self._attr_device_info = fleet_device_info(entry)
        if (unit := description.native_unit_of_measurement) is not None:
            currency = coordinator.data.currency
            self._attr_native_unit_of_measurement = unit.format(currency=currency)

    @property
    @override
    def available(self) -> bool:
        """Return that a value is shown for as long as it is not too old."""
        return self.coordinator.is_available

    @property
    @override
    def native_value(self) -> StateType | datetime:
        """Return the value."""
        return self.entity_description.value_fn(self.coordinator.data)
