"""Binary sensors of a tariff and of its cheap windows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from ..planning import decisions
from ..planning.spans import joined
from .coordinator import PriceConfigEntry, PriceCoordinator
from .entity import CheapWindowEntity, PriceEntity, async_tariff_device_id
from .entries import SUBENTRY_CHEAP_WINDOW
from .shown import shown_span


@dataclass(frozen=True, kw_only=True)
class PriceBinarySensorEntityDescription(BinarySensorEntityDescription):
    """Describes a binary sensor of a tariff."""

    value_fn: Callable[[PriceCoordinator], bool | None]


def _is_negative(coordinator: PriceCoordinator) -> bool | None:
    """Return whether power costs less than nothing now."""
    current = coordinator.data.current
    return current.price < 0 if current else None


BINARY_SENSORS = (
    PriceBinarySensorEntityDescription(
        key="negative_price",
        translation_key="negative_price",
        value_fn=_is_negative,
    ),
    PriceBinarySensorEntityDescription(
        key="tomorrow_published",
        translation_key="tomorrow_published",
        value_fn=lambda coordinator: coordinator.is_tomorrow_published,
    ),
)
ACTIVE = BinarySensorEntityDescription(key="active", translation_key="active")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PriceConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors of a tariff and of its cheap windows."""
    coordinator = entry.runtime_data
    async_add_entities(
        PriceBinarySensor(coordinator, description) for description in BINARY_SENSORS
    )
    device_id = async_tariff_device_id(hass, entry)
    for subentry in entry.get_subentries_of_type(SUBENTRY_CHEAP_WINDOW):
        async_add_entities(
            [CheapWindowBinarySensor(coordinator, subentry, device_id, ACTIVE)],
            config_subentry_id=subentry.subentry_id,
        )


class PriceBinarySensor(PriceEntity, BinarySensorEntity):
    """Defines a binary sensor of a tariff."""

    entity_description: PriceBinarySensorEntityDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """Return the state."""
        return self.entity_description.value_fn(self.coordinator)


class CheapWindowBinarySensor(CheapWindowEntity, BinarySensorEntity):
    """Shows whether a cheap window is active."""

    # Lists fill a database, and are there for the moment only.
    _unrecorded_attributes = frozenset({"periods"})

    @property
    @override
    def is_on(self) -> bool:
        """Return whether the window is active."""
        return decisions.is_active(self.decisions, dt_util.utcnow())

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        """Return when the window is active, as far as that is decided."""
        periods = joined(
            period for decision in self.decisions for period in decision.periods
        )
        return {"periods": [shown_span(period) for period in periods]}
