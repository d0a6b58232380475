"""Selects of a miner."""

from typing import override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..const import MODE_CUSTOM
from .coordinator import MinerConfigEntry, MinerCoordinator
from .entity import MinerSteadyEntity
from .helpers import miner_exception_handler
from .work_mode import current_mode, work_modes

MODE = SelectEntityDescription(key="mode", translation_key="mode")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the selects of a miner."""
    coordinator = entry.runtime_data
    if coordinator.capabilities.work_modes:
        async_add_entities([MinerModeEntity(coordinator, MODE)])


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
