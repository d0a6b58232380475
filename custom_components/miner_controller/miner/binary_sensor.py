"""Binary sensors of a miner."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.binary_sensor import (
    DOMAIN as BINARY_SENSOR_DOMAIN,
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..protocols.model import MinerStatus
from .coordinator import MinerConfigEntry
from .entity import MinerEntity, async_add_as_known


@dataclass(frozen=True, kw_only=True)
class MinerBinarySensorEntityDescription(BinarySensorEntityDescription):
    """Describes a binary sensor of a miner."""

    value_fn: Callable[[MinerStatus], bool | None]


REACHABLE = BinarySensorEntityDescription(
    key="reachable",
    translation_key="reachable",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
)
HASHING = BinarySensorEntityDescription(
    key="hashing",
    translation_key="hashing",
    device_class=BinarySensorDeviceClass.RUNNING,
)

BINARY_SENSORS: tuple[MinerBinarySensorEntityDescription, ...] = (
    MinerBinarySensorEntityDescription(
        key="overheated",
        translation_key="overheated",
        device_class=BinarySensorDeviceClass.PROBLEM,
        value_fn=lambda status: status.overheated,
    ),
    MinerBinarySensorEntityDescription(
        key="fallback_pool",
        translation_key="fallback_pool",
        device_class=BinarySensorDeviceClass.PROBLEM,
        value_fn=lambda status: status.fallback_pool,
    ),
    MinerBinarySensorEntityDescription(
        key="calibrating",
        translation_key="calibrating",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda status: status.calibrating,
    ),
    MinerBinarySensorEntityDescription(
        key="power_fault",
        translation_key="power_fault",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda status: status.power_fault,
    ),
    MinerBinarySensorEntityDescription(
        key="hardware_fault",
        translation_key="hardware_fault",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda status: status.hardware_fault,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors of a miner."""
    coordinator = entry.runtime_data
    async_add_entities(
        [
            MinerReachableEntity(coordinator, REACHABLE),
            MinerHashingEntity(coordinator, HASHING),
        ]
    )
    async_add_as_known(
        coordinator,
        async_add_entities,
        BINARY_SENSOR_DOMAIN,
        BINARY_SENSORS,
        lambda description, status: description.value_fn(status) is not None,
        MinerBinarySensorEntity,
    )


class MinerBinarySensorEntity(MinerEntity, BinarySensorEntity):
    """Defines a binary sensor of a miner."""

    entity_description: MinerBinarySensorEntityDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """Return the state."""
        return self.entity_description.value_fn(self.status)


class MinerReachableEntity(MinerEntity, BinarySensorEntity):
    """Defines whether a miner answers."""

    @property
    @override
    def available(self) -> bool:
        """Return that the absence of the miner is what this entity tells."""
        return True

    @property
    @override
    def is_on(self) -> bool:
        """Return whether the miner answered the last poll."""
        return super().available


class MinerHashingEntity(MinerEntity, BinarySensorEntity):
    """Defines whether a miner does work, not merely answers."""

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether the miner works."""
        return self.coordinator.hashing
