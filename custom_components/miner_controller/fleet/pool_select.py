"""The choice of a pool on each miner, out of those that the home knows."""

from typing import Final, override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..miner.coordinator import MinerConfigEntry, MinerCoordinator
from ..miner.entity import MinerSteadyEntity
from .entries import async_fleet_entry
from .library import (
    SIGNAL_POOLS_CHANGED,
    LibraryPool,
    async_pools,
    find_pool,
    pool_in_use,
)
from .pool_writing import async_use_pool

POOL: Final = SelectEntityDescription(key="pool", translation_key="pool")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the choice of a pool on a miner that can be told one, with the fleet."""
    coordinator = entry.runtime_data
    if not (coordinator.capabilities.set_pool or coordinator.capabilities.switch_pool):
        return
    added = False

    @callback
    def add() -> None:
        nonlocal added
        present = async_fleet_entry(hass) is not None
        if present and not added:
            async_add_entities([MinerPoolEntity(coordinator, POOL)])
        added = present

    add()
    entry.async_on_unload(async_dispatcher_connect(hass, SIGNAL_POOLS_CHANGED, add))


class MinerPoolEntity(MinerSteadyEntity, SelectEntity):
    """Defines which of the home's pools a miner mines for."""

    _pools: tuple[LibraryPool, ...] = ()

    def __init__(
        self, coordinator: MinerCoordinator, description: SelectEntityDescription
    ) -> None:
        """Initialize the choice of a pool of a miner."""
        super().__init__(coordinator, description)
        self._pools = async_pools(coordinator.hass)

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the home's pools."""
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass, SIGNAL_POOLS_CHANGED, self._async_pools_changed
            )
        )

    @callback
    def _async_pools_changed(self) -> None:
        """Offer the pools that there are now."""
        self._pools = async_pools(self.hass)
        self._handle_coordinator_update()

    @property
    @override
    def options(self) -> list[str]:
        """Return the home's pools, and the miner's own one while it uses another."""
        names = [pool.name for pool in self._pools]
        current = self.current_option
        return names if current is None or current in names else [*names, current]

    @property
    @override
    def _setting(self) -> object:
        return self.options, self.current_option

    @property
    @override
    def current_option(self) -> str | None:
        """Return the pool in use: its name, or its host where the home has none."""
        used = self.status.active_pool
        pool = pool_in_use(self._pools, used, self.coordinator.config_entry)
        if pool is not None:
            return pool.name
        if used is None:
            return None
        # A pool of the home may be named like the host, at another port.
        return used.host if find_pool(self._pools, used.host) is None else used.address

    @override
    async def async_select_option(self, option: str) -> None:
        """Mine for another pool. One that the home does not know is kept as it is.

        One that the miner has fallen back to is in use, and not preferred.
        """
        if option == self.current_option and not self.status.fallback_pool:
            return
        if (pool := find_pool(self._pools, option)) is not None:
            await async_use_pool(self.coordinator, pool)
