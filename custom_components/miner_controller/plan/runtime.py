"""Sets up the plan of a miner that has a goal, and cleans up after it."""

from typing import Final

from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR_DOMAIN
from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..economics.runtime import async_economics
from ..miner.coordinator import MinerConfigEntry
from .coordinator import MinerPlan
from .keeper import async_find_keeper, async_plan_keeper
from .options import PlanOptions
from .states import can_be_planned

# What a miner has of entities while it has a goal.
_KEYS: Final = (
    (SENSOR_DOMAIN, "planned_mode"),
    (SENSOR_DOMAIN, "planned_cost_today"),
    (SENSOR_DOMAIN, "planned_energy_today"),
    (BINARY_SENSOR_DOMAIN, "plan_followed"),
)


async def async_setup_plan(hass: HomeAssistant, entry: MinerConfigEntry) -> None:
    """Have a plan made for a miner that has a goal, once it has its economics.

    A miner whose owner wants no plan any more loses the entities of it.
    """
    economics = async_economics(hass, entry.entry_id)
    has_goal = PlanOptions.of(entry).goal is not None and can_be_planned(entry)
    if economics is None or not has_goal:
        _async_remove_entities(hass, entry)
        return
    keeper = await async_plan_keeper(hass)
    plan = MinerPlan(economics, keeper.memory(entry.entry_id), keeper.async_look)
    entry.async_on_unload(keeper.async_add(plan))


async def async_remove_plan(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Clean up after a miner that was removed."""
    keeper = await async_plan_keeper(hass)
    await keeper.async_forget(entry.entry_id)


@callback
def async_plan(hass: HomeAssistant, entry_id: str) -> MinerPlan | None:
    """Return the plan of a miner that is set up and has a goal."""
    keeper = async_find_keeper(hass)
    return None if keeper is None else keeper.plans.get(entry_id)


@callback
def _async_remove_entities(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Remove what a miner had for its plan."""
    registry = er.async_get(hass)
    for platform, key in _KEYS:
        unique_id = f"{entry.unique_id or entry.entry_id}_{key}"
        if entity_id := registry.async_get_entity_id(platform, DOMAIN, unique_id):
            registry.async_remove(entity_id)
