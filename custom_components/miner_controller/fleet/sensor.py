"""Sensors of the fleet and of its pools."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    UnitOfEnergy,
    UnitOfPower,
    UnitOfTemperature,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType

from ..protocols.stratum import Probe
from ..sources.pool_statistics import PoolService, PoolStatistics
from .coordinator import FleetCoordinator
from .entity import (
    FleetEntity,
    PoolEntity,
    PoolTotalsEntity,
    async_fleet_device_id,
    pool_subentries,
)
from .network_sensor import async_network_sensors
from .pool_health import PoolHealthCoordinator
from .pool_statistics import PoolStatisticsCoordinator
from .runtime import FleetConfigEntry
from .totals import Held, Totals

_TERAHASH = "TH/s"
_JOULES_PER_TERAHASH = "J/TH"
_BITCOIN = "BTC"


@dataclass(frozen=True, kw_only=True)
class FleetSensorEntityDescription(SensorEntityDescription):
    """Describes a sensor of the fleet."""

    value_fn: Callable[[Totals], StateType]
    attributes_fn: Callable[[Totals], Mapping[str, Any] | None] = lambda _: None


@dataclass(frozen=True, kw_only=True)
class PoolTotalsSensorEntityDescription(SensorEntityDescription):
    """Describes a sensor of what the miners tell of a pool."""

    value_fn: Callable[[FleetCoordinator, str], int]


@dataclass(frozen=True, kw_only=True)
class PoolStatisticsSensorEntityDescription(SensorEntityDescription):
    """Describes a sensor of what a pool tells of its miners."""

    value_fn: Callable[[PoolStatistics], StateType]
    has_fn: Callable[[PoolService], bool] = lambda _: True


def _value(held: Held | None) -> float | None:
    """Return a value that a miner has."""
    return None if held is None else held.value


def _holder(held: Held | None) -> Mapping[str, Any] | None:
    """Return which miner has a value."""
    return None if held is None else {"miner": held.miner}


def _concerns(totals: Totals) -> Mapping[str, Any]:
    """Return which miners need attention, with the ids of their entries, and why."""
    return {
        "miners": [
            {
                "miner": concern.miner,
                "entry_id": concern.entry_id,
                "reasons": [*concern.reasons],
            }
            for concern in totals.concerns
        ]
    }


FLEET_SENSORS = (
    FleetSensorEntityDescription(
        key="total_hashrate",
        translation_key="total_hashrate",
        native_unit_of_measurement=_TERAHASH,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        value_fn=lambda totals: (
            None if totals.hashrate is None else round(totals.hashrate / 1e12, 6)
        ),
    ),
    FleetSensorEntityDescription(
        key="total_power",
        translation_key="total_power",
        native_unit_of_measurement=UnitOfPower.WATT,
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda totals: (
            None if totals.power is None else round(totals.power, 1)
        ),
    ),
    FleetSensorEntityDescription(
        key="total_energy",
        translation_key="total_energy",
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        device_class=SensorDeviceClass.ENERGY,
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=2,
        value_fn=lambda totals: round(totals.energy, 3),
    ),
    FleetSensorEntityDescription(
        key="efficiency",
        translation_key="efficiency",
        native_unit_of_measurement=_JOULES_PER_TERAHASH,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda totals: (
            None if totals.efficiency is None else round(totals.efficiency, 2)
        ),
    ),
    FleetSensorEntityDescription(
        key="shares_accepted_today",
        translation_key="shares_accepted_today",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda totals: totals.shares_today.accepted,
    ),
    FleetSensorEntityDescription(
        key="shares_rejected_today",
        translation_key="shares_rejected_today",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda totals: totals.shares_today.rejected,
    ),
    FleetSensorEntityDescription(
        key="miners_online",
        translation_key="miners_online",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda totals: totals.online,
    ),
    FleetSensorEntityDescription(
        key="miners_total",
        translation_key="miners_total",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda totals: totals.total,
    ),
    FleetSensorEntityDescription(
        key="miners_needing_attention",
        translation_key="miners_needing_attention",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda totals: len(totals.concerns),
        attributes_fn=_concerns,
    ),
    FleetSensorEntityDescription(
        key="hottest_chip",
        translation_key="hottest_chip",
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        device_class=SensorDeviceClass.TEMPERATURE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda totals: _value(totals.hottest_chip),
        attributes_fn=lambda totals: _holder(totals.hottest_chip),
    ),
    FleetSensorEntityDescription(
        key="best_difficulty",
        translation_key="best_difficulty",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda totals: _value(totals.best_difficulty),
        attributes_fn=lambda totals: _holder(totals.best_difficulty),
    ),
)

RESPONSE_TIME = SensorEntityDescription(
    key="response_time",
    translation_key="response_time",
    native_unit_of_measurement=UnitOfTime.MILLISECONDS,
    device_class=SensorDeviceClass.DURATION,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=0,
)

POOL_TOTALS_SENSORS = (
    PoolTotalsSensorEntityDescription(
        key="miners",
        translation_key="miners",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda totals, pool_id: len(totals.data.pool_miners[pool_id]),
    ),
    PoolTotalsSensorEntityDescription(
        key="shares_accepted",
        translation_key="shares_accepted",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda totals, pool_id: totals.shares_through(pool_id).accepted,
    ),
    PoolTotalsSensorEntityDescription(
        key="shares_rejected",
        translation_key="shares_rejected",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda totals, pool_id: totals.shares_through(pool_id).rejected,
    ),
)

POOL_STATISTICS_SENSORS = (
    PoolStatisticsSensorEntityDescription(
        key="pool_hashrate",
        translation_key="pool_hashrate",
        native_unit_of_measurement=_TERAHASH,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        value_fn=lambda told: (
            None if told.hashrate is None else round(told.hashrate / 1e12, 6)
        ),
    ),
    PoolStatisticsSensorEntityDescription(
        key="pool_workers",
        translation_key="pool_workers",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda told: told.workers,
    ),
    PoolStatisticsSensorEntityDescription(
        key="pool_best_difficulty",
        translation_key="pool_best_difficulty",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda told: told.best_difficulty,
        has_fn=lambda service: service is not PoolService.BRAIINS,
    ),
    PoolStatisticsSensorEntityDescription(
        key="pool_balance",
        translation_key="pool_balance",
        native_unit_of_measurement=_BITCOIN,
        suggested_display_precision=8,
        value_fn=lambda told: told.balance,
        has_fn=lambda service: service is PoolService.BRAIINS,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: FleetConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of the fleet, of the network and of the pools."""
    runtime = entry.runtime_data
    async_add_entities(
        FleetSensor(runtime.totals, description) for description in FLEET_SENSORS
    )
    async_add_entities(async_network_sensors(hass, entry))
    device_id = async_fleet_device_id(hass, entry)
    for subentry in pool_subentries(entry):
        pool_id = subentry.subentry_id
        entities: list[SensorEntity] = [
            PoolResponseTimeSensor(
                runtime.health[pool_id], subentry, device_id, RESPONSE_TIME
            ),
            *(
                PoolTotalsSensor(runtime.totals, subentry, device_id, description)
                for description in POOL_TOTALS_SENSORS
            ),
        ]
        if (statistics := runtime.statistics.get(pool_id)) is not None:
            entities += [
                PoolStatisticsSensor(statistics, subentry, device_id, description)
                for description in POOL_STATISTICS_SENSORS
                if description.has_fn(statistics.source.service)
            ]
        async_add_entities(entities, config_subentry_id=pool_id)


class FleetSensor(FleetEntity, SensorEntity):
    """Defines a sensor of the fleet."""

    _unrecorded_attributes = frozenset({"miners"})
    entity_description: FleetSensorEntityDescription

    @property
    @override
    def native_value(self) -> StateType:
        """Return the value."""
        return self.entity_description.value_fn(self.coordinator.data)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Return which miners a value is about."""
        return self.entity_description.attributes_fn(self.coordinator.data)


class PoolResponseTimeSensor(PoolEntity[PoolHealthCoordinator], SensorEntity):
    """Shows how long a pool takes to answer."""

    @property
    @override
    def native_value(self) -> float | None:
        """Return the time in ms, None while the pool does not answer."""
        return _response_time(self.coordinator.data)


def _response_time(result: Probe | None) -> float | None:
    """Return how long a pool took to answer a miner, in ms.

    Of a pool that speaks the second version only the connection was tried.
    """
    if result is None or not result.serves:
        return None
    seconds = result.connected if result.answered is None else result.answered
    return None if seconds is None else round(seconds * 1000, 1)


class PoolTotalsSensor(PoolTotalsEntity, SensorEntity):
    """Defines a sensor of what the miners tell of a pool."""

    entity_description: PoolTotalsSensorEntityDescription

    @property
    @override
    def native_value(self) -> int:
        """Return the value."""
        return self.entity_description.value_fn(self.coordinator, self._pool_id)


class PoolStatisticsSensor(PoolEntity[PoolStatisticsCoordinator], SensorEntity):
    """Defines a sensor of what a pool tells of its user's miners."""

    entity_description: PoolStatisticsSensorEntityDescription

    @property
    @override
    def native_value(self) -> StateType:
        """Return the value."""
        if (told := self.coordinator.data) is None:
            return None
        return self.entity_description.value_fn(told)
