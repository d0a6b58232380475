"""Binary sensors of the pools of the fleet."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import PoolEntity, async_fleet_device_id, pool_subentries
from .pool_health import PoolHealthCoordinator
from .runtime import FleetConfigEntry

REACHABLE = BinarySensorEntityDescription(
    key="reachable",
    translation_key="reachable",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: FleetConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors of the pools."""
    device_id = async_fleet_device_id(hass, entry)
    for subentry in pool_subentries(entry):
        health = entry.runtime_data.health[subentry.subentry_id]
        async_add_entities(
            [PoolReachableEntity(health, subentry, device_id, REACHABLE)],
            config_subentry_id=subentry.subentry_id,
        )


class PoolReachableEntity(PoolEntity[PoolHealthCoordinator], BinarySensorEntity):
    """Shows whether a pool would serve a miner."""

    _unrecorded_attributes = frozenset(
        {"resolved", "connected", "secured", "answered", "working"}
    )

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether the pool answers, None while it is not asked."""
        result = self.coordinator.data
        return None if result is None else result.serves

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Return why it does not, and how long each step took in ms."""
        result = self.coordinator.data
        if result is None:
            return None
        steps = {
            "resolved": result.resolved,
            "connected": result.connected,
            "secured": result.secured,
            "answered": result.answered,
            "working": result.working,
        }
        return {
            "problem": result.problem,
            **{
                step: round(seconds * 1000, 1)
                for step, seconds in steps.items()
                if seconds is not None
            },
        }
