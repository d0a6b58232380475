"""Base of the entities of a miner's plan."""

from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ..miner.entity import entity_unique_id, miner_device_info
from .coordinator import MinerPlan


class PlanEntity(CoordinatorEntity[MinerPlan]):
    """Defines an entity of a miner's plan, which is there while the miner is away."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: MinerPlan, description: EntityDescription) -> None:
        """Initialize an entity of a miner's plan."""
        super().__init__(coordinator)
        self.entity_description = description
        self._attr_unique_id = entity_unique_id(coordinator.miner, description)
        self._attr_device_info = miner_device_info(coordinator.miner)
