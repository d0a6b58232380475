"""The binary sensor that tells whether a miner follows its plan."""

from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_call_later

from ..miner.coordinator import MinerConfigEntry
from .coordinator import MinerPlan
from .entity import PlanEntity
from .runtime import async_plan
from .states import async_present_state

PLAN_FOLLOWED: Final = BinarySensorEntityDescription(
    key="plan_followed", translation_key="plan_followed"
)

# A miner takes some minutes to calibrate, or to start with its power back.
PATIENCE: Final = timedelta(minutes=10)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensor of a miner that has a plan."""
    if (plan := async_plan(hass, entry.entry_id)) is not None:
        async_add_entities([PlanFollowedEntity(plan, PLAN_FOLLOWED)])


class PlanFollowedEntity(PlanEntity, BinarySensorEntity):
    """Defines whether a miner does what is planned.

    It is off once the mode has differed from the plan for ten minutes, whatever was
    planned meanwhile, and unknown without a plan and while the mode is not known.
    """

    def __init__(
        self, coordinator: MinerPlan, description: BinarySensorEntityDescription
    ) -> None:
        """Initialize whether a miner does what is planned."""
        super().__init__(coordinator, description)
        self._timer: CALLBACK_TYPE | None = None
        self._patience_ends = HassJob(
            self._async_patience_ends, "plan followed", cancel_on_shutdown=True
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the miner too, and not its plan alone."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.miner.async_add_listener(self._async_miner_changed)
        )
        self.async_on_remove(self._async_stop_waiting)
        self._compare()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Compare with another plan."""
        self._async_miner_changed()

    @callback
    def _async_miner_changed(self) -> None:
        """Compare what the miner does now. Most polls tell nothing new."""
        before = self._attr_is_on
        self._compare()
        if self._attr_is_on is not before:
            self.async_write_ha_state()

    def _compare(self) -> None:
        """Compare what is planned with what the miner does."""
        planned = self.coordinator.running
        actual = async_present_state(self.coordinator.miner)
        if planned is None or actual is None:
            self._async_stop_waiting()
            self._attr_is_on = None
        elif planned.mode == actual:
            self._async_stop_waiting()
            self._attr_is_on = True
        elif self._attr_is_on is not False and self._timer is None:
            self._attr_is_on = True
            self._timer = async_call_later(self.hass, PATIENCE, self._patience_ends)

    @callback
    def _async_patience_ends(self, _: datetime) -> None:
        """Tell that the miner does not do what is planned."""
        self._timer = None
        self._attr_is_on = False
        self.async_write_ha_state()

    @callback
    def _async_stop_waiting(self) -> None:
        """Wait no longer for the miner to do something else."""
        if self._timer is not None:
            self._timer()
            self._timer = None
