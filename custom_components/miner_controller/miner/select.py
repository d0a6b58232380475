"""Selects of a miner."""

from typing import override

from homeassistant.components.select import (
    ATTR_OPTIONS,
    DOMAIN as SELECT_DOMAIN,
    SelectEntity,
    SelectEntityDescription,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..const import DOMAIN, MODE_CUSTOM
from ..protocols.model import PoolSlot
from .coordinator import MinerConfigEntry, MinerCoordinator
from .entity import MinerSteadyEntity, entity_unique_id
from .helpers import miner_exception_handler
from .work_mode import current_mode, work_modes

MODE = SelectEntityDescription(key="mode", translation_key="mode")
POOL_SLOT = SelectEntityDescription(key="pool_slot", translation_key="pool_slot")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the selects of a miner."""
    coordinator = entry.runtime_data
    capabilities = coordinator.capabilities
    if capabilities.work_modes:
        async_add_entities([MinerModeEntity(coordinator, MODE)])
    if capabilities.named_modes:
        async_add_entities([MinerNamedModeEntity(coordinator, MODE)])
    if capabilities.switch_pool:
        async_add_entities([MinerPoolSlotEntity(coordinator, POOL_SLOT)])


class MinerModeEntity(MinerSteadyEntity, SelectEntity):
    """Defines the work mode of a miner, read back from its settings."""

    def __init__(
        self, coordinator: MinerCoordinator, description: SelectEntityDescription
    ) -> None:
        """Initialize the work mode of a miner."""
        super().__init__(coordinator, description)
        self._modes = work_modes(
            coordinator.config_entry.options, coordinator.capabilities
        )

    @property
    @override
    def options(self) -> list[str]:
        """Return the modes, and a name for none of them while that is the case."""
        names = list(self._modes)
        return [*names, MODE_CUSTOM] if self.current_option == MODE_CUSTOM else names

    @property
    @override
    def _setting(self) -> str | None:
        return self.current_option

    @property
    @override
    def current_option(self) -> str | None:
        """Return the mode that frequency and core voltage amount to."""
        if self.status.frequency is None or self.status.core_voltage is None:
            return None
        return current_mode(self._modes, self.status) or MODE_CUSTOM

    @miner_exception_handler
    @override
    async def async_select_option(self, option: str) -> None:
        """Change the mode. What is none of the modes is kept as it is."""
        if option in (MODE_CUSTOM, self.current_option):
            return
        await self.coordinator.async_command(
            lambda client: client.set_work_mode(self._modes[option])
        )


class MinerNamedModeEntity(MinerSteadyEntity, SelectEntity):
    """Defines the work mode of a miner whose firmware has names for its modes."""

    def __init__(
        self, coordinator: MinerCoordinator, description: SelectEntityDescription
    ) -> None:
        """Initialize the work mode of a miner."""
        super().__init__(coordinator, description)
        self._attr_options = list(coordinator.capabilities.named_modes)

    @property
    @override
    def _setting(self) -> str | None:
        return self.current_option

    @property
    @override
    def current_option(self) -> str | None:
        """Return the mode that the miner says it works in."""
        return self.status.work_mode

    @miner_exception_handler
    @override
    async def async_select_option(self, option: str) -> None:
        """Change the mode."""
        await self.coordinator.async_command(
            lambda client: client.set_named_mode(option)
        )


def _slot_name(slot: PoolSlot) -> str:
    """Return what a person picks a slot by. Two slots may hold the same pool."""
    return f"{slot.number + 1} · {slot.pool.host}"


class MinerPoolSlotEntity(MinerSteadyEntity, SelectEntity):
    """Defines which of the pools that a miner keeps it mines for."""

    def __init__(
        self, coordinator: MinerCoordinator, description: SelectEntityDescription
    ) -> None:
        """Initialize the choice of a pool of a miner."""
        super().__init__(coordinator, description)
        registry = er.async_get(coordinator.hass)
        entity_id = registry.async_get_entity_id(
            SELECT_DOMAIN, DOMAIN, entity_unique_id(coordinator, description)
        )
        known = registry.async_get(entity_id) if entity_id else None
        self._last_options: list[str] = list(
            ((known and known.capabilities) or {}).get(ATTR_OPTIONS, [])
        )

    @property
    @override
    def options(self) -> list[str]:
        """Return the slots, those of the last time before the miner has answered."""
        if not self.coordinator.answered:
            return self._last_options
        return [_slot_name(slot) for slot in self.status.pool_slots]

    @property
    @override
    def _setting(self) -> tuple[list[str], str | None]:
        return self.options, self.current_option

    @property
    @override
    def current_option(self) -> str | None:
        """Return the slot in use."""
        active = self.status.active_slot
        return None if active is None else _slot_name(active)

    @miner_exception_handler
    @override
    async def async_select_option(self, option: str) -> None:
        """Mine for the pool of another slot."""
        slot = next(
            slot for slot in self.status.pool_slots if _slot_name(slot) == option
        )
        await self.coordinator.async_command(
            lambda client: client.switch_pool(slot.number)
        )
