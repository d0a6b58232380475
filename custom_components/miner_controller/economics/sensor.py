"""Sensors of what a miner costs and earns."""

from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..miner.coordinator import MinerConfigEntry, MinerCoordinator
from ..miner.entity import async_add_as_known, entity_unique_id, miner_device_info
from .bookkeeper import async_bookkeeper
from .descriptions import MINER_SENSORS, EconomicsSensorEntityDescription
from .entity import EconomicsSensor
from .figures import Economics


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of a miner as soon as there is something to tell.

    Without a tariff nothing is known of costs, and without a fleet of earnings.
    """
    economics = (await async_bookkeeper(hass)).miners[entry.entry_id]

    def create(
        miner: MinerCoordinator, description: EconomicsSensorEntityDescription
    ) -> EconomicsSensor[Economics]:
        return EconomicsSensor(
            economics,
            description,
            entity_unique_id(miner, description),
            miner_device_info(miner),
        )

    async_add_as_known(
        entry.runtime_data,
        async_add_entities,
        SENSOR_DOMAIN,
        MINER_SENSORS,
        lambda description, _: description.value_fn(economics.data) is not None,
        create,
    )
