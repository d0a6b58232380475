"""Finds the miners that a call of an action is about."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import ServiceCall, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)

from .entries import async_miner_entries


@callback
def async_targeted_miners(call: ServiceCall) -> list[ConfigEntry]:
    """Return the miners that are targeted, by device, area, floor or label.

    An entity that is named stands for its miner. One that somebody put into another
    area than its miner does not. A miner that is disabled is left out.
    """
    selected = async_extract_referenced_entity_ids(
        call.hass, TargetSelection(call.data)
    )
    devices, entities = dr.async_get(call.hass), er.async_get(call.hass)
    named = [devices.async_get(device_id) for device_id in selected.referenced_devices]
    owners: set[str | None] = {
        device.config_entry_id for device in named if device is not None
    }
    for entity_id in selected.referenced:
        if (entity := entities.async_get(entity_id)) is not None:
            owners.add(entity.config_entry_id)
    return [
        entry
        for entry in async_miner_entries(call.hass)
        if entry.disabled_by is None and entry.entry_id in owners
    ]
