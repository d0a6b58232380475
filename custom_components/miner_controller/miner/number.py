"""Numbers of a miner."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfElectricPotential,
    UnitOfFrequency,
    UnitOfTemperature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..const import CONF_WIDE_RANGE
from ..protocols.client import MinerClient
from ..protocols.model import Capabilities, MinerStatus, Range
from .coordinator import MinerConfigEntry, MinerCoordinator
from .entity import MinerSteadyEntity
from .helpers import miner_exception_handler


@dataclass(frozen=True, kw_only=True)
class MinerNumberEntityDescription(NumberEntityDescription):
    """Describes a number of a miner.

    `scale` is what a value of the miner's model is multiplied with to be shown.
    """

    range_fn: Callable[[Capabilities], Range | None]
    limit_fn: Callable[[Capabilities], Range | None] = lambda _: None
    value_fn: Callable[[MinerStatus], float | None]
    set_fn: Callable[[MinerClient, float], Awaitable[MinerStatus]]
    scale: float = 1


NUMBERS: tuple[MinerNumberEntityDescription, ...] = (
    MinerNumberEntityDescription(
        key="frequency",
        translation_key="frequency",
        device_class=NumberDeviceClass.FREQUENCY,
        entity_category=EntityCategory.CONFIG,
        mode=NumberMode.BOX,
        native_unit_of_measurement=UnitOfFrequency.MEGAHERTZ,
        range_fn=lambda capabilities: capabilities.frequency,
        limit_fn=lambda capabilities: capabilities.frequency_limit,
        value_fn=lambda status: status.frequency,
        set_fn=lambda client, value: client.set_frequency(value),
    ),
    MinerNumberEntityDescription(
        key="core_voltage",
        translation_key="core_voltage",
        device_class=NumberDeviceClass.VOLTAGE,
        entity_category=EntityCategory.CONFIG,
        mode=NumberMode.BOX,
        native_unit_of_measurement=UnitOfElectricPotential.MILLIVOLT,
        range_fn=lambda capabilities: capabilities.core_voltage,
        limit_fn=lambda capabilities: capabilities.core_voltage_limit,
        value_fn=lambda status: status.core_voltage,
        set_fn=lambda client, value: client.set_core_voltage(value),
        scale=1000,
    ),
    MinerNumberEntityDescription(
        key="fan_speed",
        translation_key="fan_speed",
        entity_category=EntityCategory.CONFIG,
        mode=NumberMode.BOX,
        native_unit_of_measurement=PERCENTAGE,
        range_fn=lambda capabilities: capabilities.fan_speed,
        value_fn=lambda status: status.manual_fan_speed,
        set_fn=lambda client, value: client.set_fan_speed(value),
    ),
    MinerNumberEntityDescription(
        key="target_temperature",
        translation_key="target_temperature",
        device_class=NumberDeviceClass.TEMPERATURE,
        entity_category=EntityCategory.CONFIG,
        mode=NumberMode.BOX,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        range_fn=lambda capabilities: capabilities.target_temperature,
        value_fn=lambda status: status.target_temperature,
        set_fn=lambda client, value: client.set_target_temperature(value),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the numbers of a miner."""
    coordinator = entry.runtime_data
    wide = entry.options.get(CONF_WIDE_RANGE, False)
    async_add_entities(
        MinerNumberEntity(coordinator, description, taken)
        for description in NUMBERS
        if (taken := _range(description, coordinator.capabilities, wide=wide))
    )


def _range(
    description: MinerNumberEntityDescription,
    capabilities: Capabilities,
    *,
    wide: bool,
) -> Range | None:
    """Return the range to offer: the miner's own, or up to the limits if wanted."""
    own = description.range_fn(capabilities)
    return (description.limit_fn(capabilities) or own) if wide and own else own


def _plain(value: float) -> float:
    """Return a value as a person would write it: 1150 and not 1150.0."""
    rounded = round(value, 1)
    return int(rounded) if rounded.is_integer() else rounded


class MinerNumberEntity(MinerSteadyEntity, NumberEntity):
    """Defines a number of a miner."""

    entity_description: MinerNumberEntityDescription

    def __init__(
        self,
        coordinator: MinerCoordinator,
        description: MinerNumberEntityDescription,
        taken: Range,
    ) -> None:
        """Initialize a number that takes values of a range."""
        super().__init__(coordinator, description)
        scale = description.scale
        self._attr_native_min_value = _plain(taken.minimum * scale)
        self._attr_native_max_value = _plain(taken.maximum * scale)
        self._attr_native_step = _plain(taken.step * scale)

    @property
    @override
    def _setting(self) -> float | None:
        return self.native_value

    @property
    @override
    def native_value(self) -> float | None:
        """Return the value that the miner is set to."""
        if (value := self.entity_description.value_fn(self.status)) is None:
            return None
        return _plain(value * self.entity_description.scale)

    @miner_exception_handler
    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the miner to a value."""
        await self.coordinator.async_command(
            lambda client: self.entity_description.set_fn(
                client, value / self.entity_description.scale
            )
        )
