"""Sensors of a miner's plan."""

from collections.abc import Mapping
from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.const import UnitOfEnergy
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from ..miner.coordinator import MinerConfigEntry
from ..planning.plan_reasons import sentence
from .coordinator import MinerPlan
from .entity import PlanEntity
from .runtime import async_plan
from .today import Today, planned_today

PLANNED_MODE: Final = SensorEntityDescription(
    key="planned_mode",
    translation_key="planned_mode",
    device_class=SensorDeviceClass.ENUM,
)
PLANNED_COST: Final = SensorEntityDescription(
    key="planned_cost_today",
    translation_key="planned_cost_today",
    device_class=SensorDeviceClass.MONETARY,
    suggested_display_precision=2,
)
PLANNED_ENERGY: Final = SensorEntityDescription(
    key="planned_energy_today",
    translation_key="planned_energy_today",
    device_class=SensorDeviceClass.ENERGY,
    native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
    suggested_display_precision=2,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of a miner that has a plan."""
    if (plan := async_plan(hass, entry.entry_id)) is not None:
        today = PlannedToday(plan)
        entry.async_on_unload(plan.async_add_listener(today.async_reckon))
        async_add_entities(
            [
                PlannedModeEntity(plan, PLANNED_MODE),
                PlannedCostEntity(plan, PLANNED_COST, today),
                PlannedEnergyEntity(plan, PLANNED_ENERGY, today),
            ]
        )


class PlannedModeEntity(PlanEntity, SensorEntity):
    """Defines the mode that a miner is planned to be in now."""

    _unrecorded_attributes = frozenset({"plan"})

    def __init__(
        self, coordinator: MinerPlan, description: SensorEntityDescription
    ) -> None:
        """Initialize the planned mode of a miner."""
        super().__init__(coordinator, description)
        self._attr_options = list(coordinator.states)

    @property
    @override
    def native_value(self) -> str | None:
        """Return the mode, which may be off."""
        slot = self.coordinator.running
        return None if slot is None else slot.mode

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        """Return what comes next and why, and all of the plan.

        Where there is no plan, `problem` tells what is missing for one.
        """
        plan = self.coordinator
        if plan.data is None or (running := plan.running) is None:
            return {"problem": plan.missing and plan.missing.value}
        following = plan.data.next_change(dt_util.utcnow())
        return {
            "next_change": following and dt_util.as_local(following.start).isoformat(),
            "next_mode": following and following.mode,
            "reason": sentence(running, plan.currency),
            "plan": plan.course,
        }


class PlannedToday:
    """What all of today comes to with the present plan, worked out once for all."""

    def __init__(self, plan: MinerPlan) -> None:
        """Find out what today comes to."""
        self._plan = plan
        self.data: Today | None = None
        self.async_reckon()

    @callback
    def async_reckon(self) -> None:
        """Find out what today comes to with another plan, before it is shown."""
        self.data = planned_today(self._plan, dt_util.utcnow())


class PlannedTodayEntity(PlanEntity, SensorEntity):
    """Defines what all of today comes to: what was used, and the rest as planned."""

    def __init__(
        self,
        coordinator: MinerPlan,
        description: SensorEntityDescription,
        today: PlannedToday,
    ) -> None:
        """Initialize what today comes to."""
        super().__init__(coordinator, description)
        self._planned_today = today

    @property
    def _today(self) -> Today | None:
        """Return what today comes to, as it was when the plan was made."""
        return self._planned_today.data


class PlannedCostEntity(PlannedTodayEntity):
    """Defines what a miner is planned to cost today.

    It has nothing in it for energy whose price is not known yet, and tells so.
    """

    @property
    @override
    def native_unit_of_measurement(self) -> str:
        """Return the currency of the prices."""
        return self.coordinator.currency

    @property
    @override
    def native_value(self) -> float | None:
        """Return the cost, to a hundredth of its smallest coin."""
        today = self._today
        return None if today is None or today.cost is None else round(today.cost, 4)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Return whether all of today is in it."""
        today = self._today
        return None if today is None else {"complete": today.cost_complete}


class PlannedEnergyEntity(PlannedTodayEntity):
    """Defines the energy that a miner is planned to use today."""

    @property
    @override
    def native_value(self) -> float | None:
        """Return the energy, in whole Wh."""
        return None if (today := self._today) is None else round(today.energy, 3)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Return whether all of today is in it."""
        today = self._today
        return None if today is None else {"complete": today.energy_complete}
