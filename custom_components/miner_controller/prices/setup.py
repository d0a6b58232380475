"""Sets a tariff up and cleans up after it."""

from typing import Final
import zlib

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import instance_id
from homeassistant.helpers.device_registry import DeviceEntry

from ..const import DOMAIN
from ..planning.fetch_schedule import LONGEST_JITTER
from .coordinator import PriceConfigEntry, PriceCoordinator
from .entity import async_tariff_device_id
from .entries import async_tariff
from .history import history_store
from .issues import async_show_issue
from .memory import async_recall, price_store

PLATFORMS: Final = [Platform.BINARY_SENSOR, Platform.EVENT, Platform.SENSOR]


async def async_setup_tariff(hass: HomeAssistant, entry: PriceConfigEntry) -> None:
    """Set up a tariff, also while there is no network."""
    tariff = async_tariff(hass, entry)
    store = price_store(hass, entry.entry_id)
    entry.runtime_data = PriceCoordinator(
        hass,
        entry,
        tariff,
        store,
        await async_recall(store, tariff.reference),
        await _async_jitter(hass),
    )
    # The windows' devices are part of this one.
    async_tariff_device_id(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    entry.async_on_unload(entry.add_update_listener(_async_reload))
    entry.runtime_data.async_start()


async def _async_reload(hass: HomeAssistant, entry: PriceConfigEntry) -> None:
    """Begin anew with another product, or with other cheap windows."""
    hass.config_entries.async_schedule_reload(entry.entry_id)


async def _async_jitter(hass: HomeAssistant) -> int:
    """Return the seconds by which this installation is later than others.

    They are always the same, so that no restart brings all of them to one moment.
    """
    identity = await instance_id.async_get(hass)
    return zlib.crc32(identity.encode()) % (LONGEST_JITTER + 1)


async def async_remove_tariff(hass: HomeAssistant, entry: PriceConfigEntry) -> None:
    """Clean up after a tariff that was removed."""
    async_show_issue(hass, entry, None)
    await price_store(hass, entry.entry_id).async_remove()
    await history_store(hass, entry.entry_id).async_remove()


def is_leftover(entry: PriceConfigEntry, device: DeviceEntry) -> bool:
    """Return whether a device is none of the tariff any more."""
    present = {(DOMAIN, entry.entry_id), *((DOMAIN, key) for key in entry.subentries)}
    return device.identifiers.isdisjoint(present)
