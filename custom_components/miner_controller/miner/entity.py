"""Base of the entities of a miner."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, override

from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity
from yarl import URL

from ..const import CONF_FAMILY, DOMAIN
from ..protocols.detect import DEFAULT_PORTS, HTTP_PORT
from ..protocols.model import MinerFamily, MinerIdentity, MinerStatus
from ..protocols.nmminer_values import has_web_page
from .coordinator import MinerCoordinator
from .entries import miner_connections


class MinerEntity(CoordinatorEntity[MinerCoordinator]):
    """Defines an entity of a miner."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: MinerCoordinator, description: EntityDescription
    ) -> None:
        """Initialize an entity of a miner."""
        super().__init__(coordinator)
        self.entity_description = description
        self._attr_unique_id = entity_unique_id(coordinator, description)
        self._attr_device_info = miner_device_info(coordinator)

    @property
    def status(self) -> MinerStatus:
        """Return what the last poll learned, nothing before the first."""
        return self.coordinator.data or _NOTHING_KNOWN

    @property
    @override
    def available(self) -> bool:
        """Return whether the miner answers."""
        return self.coordinator.last_update_success and self.coordinator.answered


class MinerSteadyEntity(MinerEntity):
    """Defines an entity that most polls tell nothing: a command, or a setting.

    Home Assistant would find out by itself that nothing changed, for a tenth of what
    the poll costs. Readings are written at each poll, which shows that they are fresh.
    """

    _followed: tuple[object, ...] | None = None

    @property
    def _setting(self) -> object:
        """Return what the entity shows of the miner, nothing for a command."""
        return None

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Follow whether the miner answers, its firmware and the setting."""
        followed = (self.available, self.coordinator.identity, self._setting)
        if followed != self._followed:
            self._followed = followed
            super()._handle_coordinator_update()


_NOTHING_KNOWN = MinerStatus()


def miner_device_info(coordinator: MinerCoordinator) -> DeviceInfo:
    """Return the device of a miner."""
    entry, identity = coordinator.config_entry, coordinator.identity
    return DeviceInfo(
        identifiers={(DOMAIN, coordinator.unique_id)},
        connections=miner_connections(identity),
        configuration_url=_web_page(entry.data, identity),
        hw_version=identity.hardware,
        manufacturer=identity.manufacturer,
        model=identity.model,
        name=entry.title,
        sw_version=identity.firmware,
    )


def _web_page(data: Mapping[str, Any], identity: MinerIdentity) -> str | None:
    """Return the address of a miner's web page, if it has one.

    A miner that is not spoken to over HTTP has its page at the usual port.
    """
    if identity.family is MinerFamily.NMMINER and not has_web_page(identity.firmware):
        return None
    is_http = DEFAULT_PORTS[data[CONF_FAMILY]] == HTTP_PORT
    port = data[CONF_PORT] if is_http else HTTP_PORT
    return str(URL.build(scheme="http", host=data[CONF_HOST], port=port))


def entity_unique_id(
    coordinator: MinerCoordinator, description: EntityDescription
) -> str:
    """Return the unique id of an entity of a miner."""
    return f"{coordinator.unique_id}_{description.key}"


@callback
def async_add_as_known[DescriptionT: EntityDescription](
    coordinator: MinerCoordinator,
    async_add_entities: AddConfigEntryEntitiesCallback,
    platform: str,
    descriptions: Iterable[DescriptionT],
    has_fn: Callable[[DescriptionT, MinerStatus], bool],
    create_fn: Callable[[MinerCoordinator, DescriptionT], Entity],
) -> None:
    """Add the entities that the miner has values for, as soon as it has shown one.

    Entities that were there before are added at once: a miner that is away or has
    just started still has them.
    """
    registry = er.async_get(coordinator.hass)
    missing = list(descriptions)

    def known_before(description: DescriptionT) -> bool:
        unique_id = entity_unique_id(coordinator, description)
        return registry.async_get_entity_id(platform, DOMAIN, unique_id) is not None

    @callback
    def add(known: Callable[[DescriptionT], bool]) -> None:
        found = [description for description in missing if known(description)]
        for description in found:
            missing.remove(description)
        if found:
            async_add_entities(create_fn(coordinator, item) for item in found)

    @callback
    def add_shown() -> None:
        if missing and coordinator.answered:
            add(lambda description: has_fn(description, coordinator.data))

    add(known_before)
    add_shown()
    coordinator.config_entry.async_on_unload(coordinator.async_add_listener(add_shown))
