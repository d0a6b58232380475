"""Switches of a miner."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..protocols.client import MinerClient
from ..protocols.model import Capabilities, MinerStatus
from .coordinator import MinerConfigEntry
from .entity import MinerSteadyEntity
from .helpers import miner_exception_handler


@dataclass(frozen=True, kw_only=True)
class MinerSwitchEntityDescription(SwitchEntityDescription):
    """Describes a switch of a miner."""

    has_fn: Callable[[Capabilities], bool]
    assumed_fn: Callable[[Capabilities], bool] = lambda _: False
    value_fn: Callable[[MinerStatus], bool | None]
    set_fn: Callable[[MinerClient, bool], Awaitable[MinerStatus | None]]


SWITCHES: tuple[MinerSwitchEntityDescription, ...] = (
    MinerSwitchEntityDescription(
        key="mining",
        translation_key="mining",
        has_fn=lambda capabilities: capabilities.pause,
        value_fn=lambda status: status.mining,
        set_fn=lambda client, on: client.set_mining(enabled=on),
    ),
    # The same switch for miners that only a restart brings back to work, under a
    # name that says so.
    MinerSwitchEntityDescription(
        key="mining",
        translation_key="mining_with_restart",
        has_fn=lambda capabilities: capabilities.shutdown,
        value_fn=lambda status: status.mining,
        set_fn=lambda client, on: client.set_mining(enabled=on),
    ),
    MinerSwitchEntityDescription(
        key="automatic_fan",
        translation_key="automatic_fan",
        entity_category=EntityCategory.CONFIG,
        has_fn=lambda capabilities: capabilities.automatic_fan,
        assumed_fn=lambda capabilities: not capabilities.automatic_fan_told,
        value_fn=lambda status: status.automatic_fan,
        set_fn=lambda client, on: client.set_automatic_fan(enabled=on),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the switches of a miner."""
    coordinator = entry.runtime_data
    async_add_entities(
        MinerSwitchEntity(coordinator, description)
        for description in SWITCHES
        if description.has_fn(coordinator.capabilities)
    )


class MinerSwitchEntity(MinerSteadyEntity, SwitchEntity):
    """Defines a switch of a miner."""

    entity_description: MinerSwitchEntityDescription

    @property
    @override
    def _setting(self) -> bool | None:
        return self.is_on

    @property
    @override
    def is_on(self) -> bool | None:
        """Return the state."""
        return self.entity_description.value_fn(self.status)

    @property
    @override
    def assumed_state(self) -> bool:
        """Return whether the miner does not tell the state, so both can be chosen."""
        return self.entity_description.assumed_fn(self.coordinator.capabilities)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch on."""
        await self._async_set(enabled=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch off."""
        await self._async_set(enabled=False)

    @miner_exception_handler
    async def _async_set(self, *, enabled: bool) -> None:
        """Carry the change out, unless the miner is in that state already."""
        if self.is_on is enabled and not self.assumed_state:
            return
        await self.coordinator.async_command(
            lambda client: self.entity_description.set_fn(client, enabled)
        )
