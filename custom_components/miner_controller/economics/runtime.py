"""Sets up what a miner costs and earns, and cleans up after it."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..fleet.entries import is_fleet_entry
from ..miner.coordinator import MinerConfigEntry
from .bookkeeper import async_bookkeeper, async_find_bookkeeper
from .coordinator import MinerEconomics
from .sensor import async_remove_earnings


async def async_setup_economics(hass: HomeAssistant, entry: MinerConfigEntry) -> None:
    """Follow what a miner costs and earns, once it has its coordinator."""
    keeper = await async_bookkeeper(hass)
    keeper.async_acquire()
    entry.async_on_unload(keeper.async_release)
    economics = MinerEconomics(
        entry.runtime_data, keeper.memory.account(entry.entry_id), keeper
    )
    economics.async_start()
    keeper.miners[entry.entry_id] = economics

    @callback
    def leave() -> None:
        del keeper.miners[entry.entry_id]

    entry.async_on_unload(leave)


async def async_remove_economics(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Clean up after a miner, or the fleet, that was removed."""
    if is_fleet_entry(entry):
        async_remove_earnings(hass)
    keeper = await async_bookkeeper(hass)
    await keeper.async_forget(entry.entry_id)


@callback
def async_economics(hass: HomeAssistant, entry_id: str) -> MinerEconomics | None:
    """Return what a miner that is set up costs and earns."""
    keeper = async_find_bookkeeper(hass)
    return None if keeper is None else keeper.miners.get(entry_id)
