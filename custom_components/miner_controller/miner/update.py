"""Firmware updates of a miner, which are shown and not installed from here."""

from typing import override

from homeassistant.components.update import (
    UpdateDeviceClass,
    UpdateEntity,
    UpdateEntityDescription,
    UpdateEntityFeature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..protocols.model import MinerFamily
from ..sources.firmware import REPOSITORIES
from .coordinator import MinerConfigEntry, MinerCoordinator
from .entity import MinerSteadyEntity
from .releases import ReleaseCoordinator, async_get_releases

_TITLES = {MinerFamily.AXEOS: "AxeOS", MinerFamily.NERDQAXE: "NerdOS"}

FIRMWARE = UpdateEntityDescription(
    key="firmware",
    translation_key="firmware",
    device_class=UpdateDeviceClass.FIRMWARE,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the firmware of a miner."""
    coordinator = entry.runtime_data
    if coordinator.identity.family not in REPOSITORIES:
        return
    releases = async_get_releases(hass, coordinator.identity.family)
    async_add_entities([MinerFirmwareEntity(coordinator, releases)])
    # Nobody waits for the internet while Home Assistant starts. The answer is for all
    # miners of the family, also if this one is unloaded meanwhile.
    hass.async_create_background_task(
        releases.async_ask_once(), "miner firmware releases"
    )


class MinerFirmwareEntity(MinerSteadyEntity, UpdateEntity):
    """Defines the firmware of a miner."""

    _attr_supported_features = UpdateEntityFeature.RELEASE_NOTES

    def __init__(
        self, coordinator: MinerCoordinator, releases: ReleaseCoordinator
    ) -> None:
        """Initialize the firmware of a miner."""
        super().__init__(coordinator, FIRMWARE)
        self._releases = releases
        self._attr_title = _TITLES[coordinator.identity.family]

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the releases too."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self._releases.async_add_listener(self.async_write_ha_state)
        )

    @property
    @override
    def installed_version(self) -> str | None:
        """Return the version that the miner runs."""
        return self.coordinator.identity.firmware

    @property
    @override
    def latest_version(self) -> str | None:
        """Return the newest release, as far as it is known."""
        return self._releases.data.version if self._releases.data else None

    @property
    @override
    def release_url(self) -> str | None:
        """Return the page of the newest release."""
        return self._releases.data.url if self._releases.data else None

    @override
    async def async_release_notes(self) -> str | None:
        """Return what the project says of the newest release."""
        return self._releases.data.notes if self._releases.data else None
