"""Sensors of what a miner costs and earns."""

from collections.abc import Sequence
from typing import Final

from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import (
    async_dispatcher_connect,
    async_dispatcher_send,
)
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..const import DOMAIN
from ..miner.coordinator import MinerConfigEntry, MinerCoordinator
from ..miner.entity import async_add_as_known, entity_unique_id, miner_device_info
from ..miner.entries import async_miner_entries
from .bookkeeper import async_bookkeeper
from .descriptions import EARNINGS, MINER_SENSORS, EconomicsSensorEntityDescription
from .entity import EconomicsSensor
from .figures import Economics

SIGNAL_EARNINGS_REMOVED: Final = f"{DOMAIN}_earnings_removed"
"""Sent when the sensors of what miners earn were removed."""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of a miner as soon as there is something to tell.

    Without a tariff nothing is known of costs, and without a fleet of earnings. Those
    of the earnings go with the fleet, and come again with another one.
    """
    economics = (await async_bookkeeper(hass)).miners[entry.entry_id]
    created: set[EconomicsSensorEntityDescription] = set()

    def create(
        miner: MinerCoordinator, description: EconomicsSensorEntityDescription
    ) -> EconomicsSensor[Economics]:
        created.add(description)
        return EconomicsSensor(
            economics,
            description,
            entity_unique_id(miner, description),
            miner_device_info(miner),
        )

    def is_known(description: EconomicsSensorEntityDescription) -> bool:
        if description in EARNINGS and economics.network is None:
            return False
        return description.value_fn(economics.data) is not None

    @callback
    def add(descriptions: Sequence[EconomicsSensorEntityDescription]) -> None:
        async_add_as_known(
            entry.runtime_data,
            async_add_entities,
            SENSOR_DOMAIN,
            descriptions,
            lambda description, _: is_known(description),
            create,
        )

    @callback
    def add_again() -> None:
        # Those that had nothing to tell so far are waited for already.
        removed = [each for each in EARNINGS if each in created]
        created.difference_update(removed)
        add(removed)

    add(MINER_SENSORS)
    entry.async_on_unload(
        async_dispatcher_connect(hass, SIGNAL_EARNINGS_REMOVED, add_again)
    )


@callback
def async_remove_earnings(hass: HomeAssistant) -> None:
    """Remove what each miner earned: without the fleet it would be unknown for ever."""
    registry = er.async_get(hass)
    for entry in async_miner_entries(hass):
        for description in EARNINGS:
            unique_id = f"{entry.unique_id or entry.entry_id}_{description.key}"
            entity_id = registry.async_get_entity_id(SENSOR_DOMAIN, DOMAIN, unique_id)
            if entity_id is not None:
                registry.async_remove(entity_id)
    async_dispatcher_send(hass, SIGNAL_EARNINGS_REMOVED)
