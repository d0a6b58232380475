"""Routes diagnostics to what an entry stands for."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from .economics.diagnostics import economics_diagnostics
from .fleet.diagnostics import fleet_diagnostics
from .fleet.entries import is_fleet_entry
from .miner.diagnostics import miner_diagnostics
from .plan.diagnostics import plan_diagnostics
from .prices.diagnostics import tariff_diagnostics
from .prices.entries import is_tariff_entry


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: ConfigEntry
) -> dict[str, Any]:
    """Return what is needed to find out why something behaves as it does."""
    if is_tariff_entry(entry):
        return tariff_diagnostics(entry)
    if is_fleet_entry(entry):
        return fleet_diagnostics(entry)
    return {
        **miner_diagnostics(hass, entry),
        "economics": economics_diagnostics(hass, entry),
        "plan": plan_diagnostics(hass, entry),
    }
