"""The table of a miner's sensors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    PERCENTAGE,
    REVOLUTIONS_PER_MINUTE,
    SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
    EntityCategory,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfFrequency,
    UnitOfInformation,
    UnitOfPower,
    UnitOfTemperature,
    UnitOfTime,
)
from homeassistant.helpers.typing import StateType

from ..protocols.model import (
    Capabilities,
    MinerFamily,
    MinerIdentity,
    MinerStatus,
)
from ..protocols.nmminer_values import has_chip
from .sensor_values import (
    chip_temperature,
    fan_rpm,
    kilohashes,
    reject_reasons,
    rounded,
    slots,
    started,
    terahashes,
    usable_slots,
)

# Home Assistant has neither a device class nor units for a hashrate.
UNIT_KILOHASHES = "kH/s"
UNIT_TERAHASHES = "TH/s"
UNIT_JOULES_PER_TERAHASH = "J/TH"

# The largest board of these families has twelve chips.
_MOST_CHIPS = 12
_MOST_FANS = 4


@dataclass(frozen=True, kw_only=True)
class MinerSensorEntityDescription(SensorEntityDescription):
    """Describes a sensor of a miner."""

    has_fn: Callable[[Capabilities], bool] = lambda _: True
    value_fn: Callable[[MinerStatus], StateType | datetime]
    attributes_fn: Callable[[MinerStatus], Mapping[str, Any] | None] | None = None


def _chip_sensor(index: int) -> MinerSensorEntityDescription:
    """Describe the temperature of one of several chips."""
    return MinerSensorEntityDescription(
        key=f"chip_temperature_{index + 1}",
        translation_key="chip_temperature",
        translation_placeholders={"number": str(index + 1)},
        device_class=SensorDeviceClass.TEMPERATURE,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda status: chip_temperature(status, index),
    )


def _temperature_sensor(
    key: str, value_fn: Callable[[MinerStatus], float | None]
) -> MinerSensorEntityDescription:
    """Describe a temperature that everybody wants to see."""
    return MinerSensorEntityDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=value_fn,
    )


def _fan_sensor(index: int) -> MinerSensorEntityDescription:
    """Describe the speed of one of several fans."""
    key = "fan_rpm" if index == 0 else f"fan_rpm_{index + 1}"
    return MinerSensorEntityDescription(
        key=key,
        translation_key=key,
        entity_category=EntityCategory.DIAGNOSTIC,
        native_unit_of_measurement=REVOLUTIONS_PER_MINUTE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda status: fan_rpm(status, index),
    )


def _difficulty_sensor(
    key: str,
    value_fn: Callable[[MinerStatus], float | None],
    *,
    digits: int,
    category: EntityCategory | None = None,
    enabled: bool = True,
) -> MinerSensorEntityDescription:
    """Describe a difficulty."""
    return MinerSensorEntityDescription(
        key=key,
        translation_key=key,
        entity_category=category,
        entity_registry_enabled_default=enabled,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=digits,
        value_fn=value_fn,
    )


def _share_sensors(digits: int) -> tuple[MinerSensorEntityDescription, ...]:
    """Describe the difficulties of shares. Those of a slow miner are below one."""
    return (
        _difficulty_sensor(
            "best_difficulty", lambda status: status.best_difficulty, digits=digits
        ),
        _difficulty_sensor(
            "best_session_difficulty",
            lambda status: status.best_session_difficulty,
            digits=digits,
        ),
        _difficulty_sensor(
            "pool_difficulty",
            lambda status: status.pool_difficulty,
            digits=digits,
            category=EntityCategory.DIAGNOSTIC,
            enabled=False,
        ),
    )


_FAST: tuple[MinerSensorEntityDescription, ...] = (
    MinerSensorEntityDescription(
        key="hashrate",
        translation_key="hashrate",
        native_unit_of_measurement=UNIT_TERAHASHES,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        value_fn=lambda status: terahashes(status.hashrate),
    ),
    *_share_sensors(0),
)

# An ESP32 does a millionth of what a chip for mining does.
_SLOW: tuple[MinerSensorEntityDescription, ...] = (
    MinerSensorEntityDescription(
        key="hashrate",
        translation_key="hashrate",
        native_unit_of_measurement=UNIT_KILOHASHES,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda status: kilohashes(status.hashrate),
    ),
    *_share_sensors(4),
)

_ALL: tuple[MinerSensorEntityDescription, ...] = (
    MinerSensorEntityDescription(
        key="hashrate_average",
        translation_key="hashrate_average",
        native_unit_of_measurement=UNIT_TERAHASHES,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        value_fn=lambda status: terahashes(
            status.hashrate_since_start
            if status.hashrate_average is None
            else status.hashrate_average
        ),
    ),
    MinerSensorEntityDescription(
        key="expected_hashrate",
        translation_key="expected_hashrate",
        entity_category=EntityCategory.DIAGNOSTIC,
        native_unit_of_measurement=UNIT_TERAHASHES,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        value_fn=lambda status: terahashes(status.expected_hashrate),
    ),
    MinerSensorEntityDescription(
        key="efficiency",
        translation_key="efficiency",
        native_unit_of_measurement=UNIT_JOULES_PER_TERAHASH,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda status: rounded(status.efficiency, 1),
    ),
    _temperature_sensor("temperature", lambda status: status.temperature),
    _temperature_sensor("temperature_max", lambda status: status.temperature_max),
    _temperature_sensor("temperature_2", lambda status: status.temperature_2),
    _temperature_sensor("vr_temperature", lambda status: status.vr_temperature),
    _temperature_sensor("outlet_temperature", lambda status: status.outlet_temperature),
    _temperature_sensor("inlet_temperature", lambda status: status.inlet_temperature),
    MinerSensorEntityDescription(
        key="target_temperature",
        translation_key="target_temperature",
        device_class=SensorDeviceClass.TEMPERATURE,
        entity_category=EntityCategory.DIAGNOSTIC,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        # Where it can be set, the setting shows it.
        has_fn=lambda capabilities: capabilities.target_temperature is None,
        value_fn=lambda status: status.target_temperature,
    ),
    *(_chip_sensor(index) for index in range(_MOST_CHIPS)),
    MinerSensorEntityDescription(
        key="fan_speed",
        translation_key="fan_speed",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda status: status.fan_speed,
    ),
    *(_fan_sensor(index) for index in range(_MOST_FANS)),
    MinerSensorEntityDescription(
        key="power_limit",
        translation_key="power_limit",
        device_class=SensorDeviceClass.POWER,
        entity_category=EntityCategory.DIAGNOSTIC,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        value_fn=lambda status: status.power_limit,
    ),
    MinerSensorEntityDescription(
        key="input_voltage",
        translation_key="input_voltage",
        device_class=SensorDeviceClass.VOLTAGE,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        native_unit_of_measurement=UnitOfElectricPotential.VOLT,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        value_fn=lambda status: rounded(status.input_voltage, 2),
    ),
    MinerSensorEntityDescription(
        key="core_voltage",
        translation_key="core_voltage",
        device_class=SensorDeviceClass.VOLTAGE,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        native_unit_of_measurement=UnitOfElectricPotential.VOLT,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        suggested_unit_of_measurement=UnitOfElectricPotential.MILLIVOLT,
        value_fn=lambda status: status.core_voltage_actual,
    ),
    MinerSensorEntityDescription(
        key="frequency",
        translation_key="frequency",
        device_class=SensorDeviceClass.FREQUENCY,
        entity_category=EntityCategory.DIAGNOSTIC,
        native_unit_of_measurement=UnitOfFrequency.MEGAHERTZ,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda status: (
            status.frequency
            if status.frequency_actual is None
            else status.frequency_actual
        ),
    ),
    MinerSensorEntityDescription(
        key="shares_accepted",
        translation_key="shares_accepted",
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=0,
        value_fn=lambda status: status.shares_accepted,
    ),
    MinerSensorEntityDescription(
        key="shares_rejected",
        translation_key="shares_rejected",
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=0,
        value_fn=lambda status: status.shares_rejected,
        attributes_fn=reject_reasons,
    ),
    MinerSensorEntityDescription(
        key="reject_rate",
        translation_key="reject_rate",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        value_fn=lambda status: rounded(status.reject_rate, 3),
    ),
    MinerSensorEntityDescription(
        key="hardware_errors",
        translation_key="hardware_errors",
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=0,
        value_fn=lambda status: status.hardware_errors,
    ),
    MinerSensorEntityDescription(
        key="error_rate",
        translation_key="error_rate",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        value_fn=lambda status: status.error_rate,
    ),
    MinerSensorEntityDescription(
        key="last_share",
        translation_key="last_share",
        device_class=SensorDeviceClass.TIMESTAMP,
        # It changes with nearly every poll, and each change is a line of the activity.
        entity_registry_enabled_default=False,
        value_fn=lambda status: status.last_share,
    ),
    MinerSensorEntityDescription(
        key="network_difficulty",
        translation_key="network_difficulty",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda status: status.network_difficulty,
    ),
    MinerSensorEntityDescription(
        key="block_height",
        translation_key="block_height",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        suggested_display_precision=0,
        value_fn=lambda status: status.block_height,
    ),
    MinerSensorEntityDescription(
        key="blocks_found",
        translation_key="blocks_found",
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=0,
        value_fn=lambda status: status.blocks_found,
    ),
    MinerSensorEntityDescription(
        key="uptime",
        translation_key="uptime",
        device_class=SensorDeviceClass.UPTIME,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=started,
    ),
    MinerSensorEntityDescription(
        key="signal_strength",
        translation_key="signal_strength",
        device_class=SensorDeviceClass.SIGNAL_STRENGTH,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        native_unit_of_measurement=SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda status: status.signal_strength,
    ),
    MinerSensorEntityDescription(
        key="active_pool",
        translation_key="active_pool",
        value_fn=lambda status: (
            status.active_pool.address if status.active_pool else None
        ),
    ),
    MinerSensorEntityDescription(
        key="pool_slots",
        translation_key="pool_slots",
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=usable_slots,
        attributes_fn=slots,
    ),
    MinerSensorEntityDescription(
        key="pool_latency",
        translation_key="pool_latency",
        device_class=SensorDeviceClass.DURATION,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        native_unit_of_measurement=UnitOfTime.MILLISECONDS,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda status: status.pool_latency,
    ),
    MinerSensorEntityDescription(
        key="reset_reason",
        translation_key="reset_reason",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda status: status.reset_reason,
    ),
    MinerSensorEntityDescription(
        key="free_heap",
        translation_key="free_heap",
        device_class=SensorDeviceClass.DATA_SIZE,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        native_unit_of_measurement=UnitOfInformation.BYTES,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        suggested_unit_of_measurement=UnitOfInformation.KIBIBYTES,
        value_fn=lambda status: status.free_heap,
    ),
)


def sensors_of(identity: MinerIdentity) -> tuple[MinerSensorEntityDescription, ...]:
    """Return the sensors that a miner may have."""
    slow = identity.family is MinerFamily.NMMINER and not has_chip(identity.model)
    return (*(_SLOW if slow else _FAST), *_ALL)


# Power and energy also say something while a linked switch keeps the miner off.
POWER = SensorEntityDescription(
    key="power",
    translation_key="power",
    device_class=SensorDeviceClass.POWER,
    native_unit_of_measurement=UnitOfPower.WATT,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=1,
)
ENERGY = SensorEntityDescription(
    key="energy",
    translation_key="energy",
    device_class=SensorDeviceClass.ENERGY,
    native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
    state_class=SensorStateClass.TOTAL_INCREASING,
    suggested_display_precision=2,
)
