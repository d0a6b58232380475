"""Buttons of a miner."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import (
    ButtonDeviceClass,
    ButtonEntity,
    ButtonEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..protocols.model import Capabilities
from .coordinator import MinerConfigEntry, MinerCoordinator
from .entity import MinerSteadyEntity
from .helpers import miner_exception_handler


@dataclass(frozen=True, kw_only=True)
class MinerButtonEntityDescription(ButtonEntityDescription):
    """Describes a button of a miner."""

    has_fn: Callable[[Capabilities], bool]
    press_fn: Callable[[MinerCoordinator], Awaitable[None]]


BUTTONS: tuple[MinerButtonEntityDescription, ...] = (
    MinerButtonEntityDescription(
        key="restart",
        translation_key="restart",
        device_class=ButtonDeviceClass.RESTART,
        entity_category=EntityCategory.CONFIG,
        has_fn=lambda capabilities: capabilities.restart,
        press_fn=lambda coordinator: coordinator.async_command(
            lambda client: client.restart()
        ),
    ),
    MinerButtonEntityDescription(
        key="identify",
        translation_key="identify",
        device_class=ButtonDeviceClass.IDENTIFY,
        entity_category=EntityCategory.CONFIG,
        has_fn=lambda capabilities: capabilities.locate,
        press_fn=lambda coordinator: coordinator.async_locate(),
    ),
    MinerButtonEntityDescription(
        key="clear_overheat",
        translation_key="clear_overheat",
        entity_category=EntityCategory.CONFIG,
        has_fn=lambda capabilities: capabilities.clear_overheat,
        press_fn=lambda coordinator: coordinator.async_clear_overheat(),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the buttons of a miner."""
    coordinator = entry.runtime_data
    async_add_entities(
        MinerButtonEntity(coordinator, description)
        for description in BUTTONS
        if description.has_fn(coordinator.capabilities)
    )


class MinerButtonEntity(MinerSteadyEntity, ButtonEntity):
    """Defines a button of a miner."""

    entity_description: MinerButtonEntityDescription

    @miner_exception_handler
    @override
    async def async_press(self) -> None:
        """Carry out what the button is for."""
        await self.entity_description.press_fn(self.coordinator)
