"""Sensors of a tariff and of its cheap windows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.helpers.update_coordinator import CoordinatorEntity
from homeassistant.util import dt as dt_util

from ..planning import decisions
from ..planning.decisions import Decision
from ..planning.overview import Overview
from ..planning.slots import Slot
from .coordinator import PriceConfigEntry, PriceCoordinator
from .entity import CheapWindowEntity, PriceEntity, async_tariff_device_id
from .entries import SUBENTRY_CHEAP_WINDOW
from .shown import shown_slots, shown_span

# Prices are told with four decimals, which is a hundredth of a penny.
_DECIMALS = 4

type Value = StateType | datetime
type Attributes = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class PriceSensorEntityDescription(SensorEntityDescription):
    """Describes a sensor of a tariff."""

    attr_fn: Callable[[Overview], Attributes] = lambda _: {}
    is_price: bool = False
    value_fn: Callable[[Overview], Value]


@dataclass(frozen=True, kw_only=True)
class WindowSensorEntityDescription(SensorEntityDescription):
    """Describes a sensor of a cheap window."""

    is_price: bool = False
    value_fn: Callable[[Sequence[Decision], datetime], Value]


def _rounded(number: float | None) -> float | None:
    """Return a number that was worked out, as precisely as prices are told."""
    return None if number is None else round(number, 6)


def _price(slot: Slot | None) -> float | None:
    """Return the price of a slot."""
    return slot.price if slot else None


def _span(slot: Slot | None) -> Attributes:
    """Return when a slot starts and ends."""
    return shown_span(slot) if slot else {}


def _start(slot: Slot | None) -> datetime | None:
    """Return when a slot starts."""
    return slot.start if slot else None


def _priced(slot: Slot | None) -> Attributes:
    """Return when a slot ends, and its price."""
    if slot is None:
        return {}
    return {"end": shown_span(slot)["end"], "price": slot.price}


def _lowest(seen: Overview) -> Slot | None:
    """Return the cheapest slot of today."""
    return seen.today.lowest if seen.today else None


def _highest(seen: Overview) -> Slot | None:
    """Return the dearest slot of today."""
    return seen.today.highest if seen.today else None


def _average_price(decided: Sequence[Decision], now: datetime) -> float | None:
    """Return the average price of a window's present span, or else its next one."""
    decision = decisions.decision_for(decided, now)
    return _rounded(decision.average if decision else None)


SENSORS: tuple[PriceSensorEntityDescription, ...] = (
    PriceSensorEntityDescription(
        key="current_price",
        translation_key="current_price",
        state_class=SensorStateClass.MEASUREMENT,
        is_price=True,
        suggested_display_precision=_DECIMALS,
        attr_fn=lambda seen: {
            **_span(seen.current),
            "prices": shown_slots(seen.since_today),
        },
        value_fn=lambda seen: _price(seen.current),
    ),
    PriceSensorEntityDescription(
        key="next_price",
        translation_key="next_price",
        is_price=True,
        suggested_display_precision=_DECIMALS,
        attr_fn=lambda seen: _span(seen.following),
        value_fn=lambda seen: _price(seen.following),
    ),
    PriceSensorEntityDescription(
        key="lowest_price_today",
        translation_key="lowest_price_today",
        is_price=True,
        suggested_display_precision=_DECIMALS,
        attr_fn=lambda seen: _span(_lowest(seen)),
        value_fn=lambda seen: _price(_lowest(seen)),
    ),
    PriceSensorEntityDescription(
        key="highest_price_today",
        translation_key="highest_price_today",
        is_price=True,
        suggested_display_precision=_DECIMALS,
        attr_fn=lambda seen: _span(_highest(seen)),
        value_fn=lambda seen: _price(_highest(seen)),
    ),
    PriceSensorEntityDescription(
        key="average_price_today",
        translation_key="average_price_today",
        is_price=True,
        suggested_display_precision=_DECIMALS,
        attr_fn=lambda seen: {"complete": seen.today_complete},
        value_fn=lambda seen: _rounded(seen.today.average if seen.today else None),
    ),
    PriceSensorEntityDescription(
        key="cheapest_slot",
        translation_key="cheapest_slot",
        device_class=SensorDeviceClass.TIMESTAMP,
        attr_fn=lambda seen: _priced(_lowest(seen)),
        value_fn=lambda seen: _start(_lowest(seen)),
    ),
    PriceSensorEntityDescription(
        key="cheapest_slot_ahead",
        translation_key="cheapest_slot_ahead",
        device_class=SensorDeviceClass.TIMESTAMP,
        attr_fn=lambda seen: _priced(seen.cheapest_ahead),
        value_fn=lambda seen: _start(seen.cheapest_ahead),
    ),
    PriceSensorEntityDescription(
        key="price_rank",
        translation_key="price_rank",
        state_class=SensorStateClass.MEASUREMENT,
        attr_fn=lambda seen: {"slots": seen.slots_today},
        value_fn=lambda seen: seen.rank,
    ),
    PriceSensorEntityDescription(
        key="price_quantile",
        translation_key="price_quantile",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        value_fn=lambda seen: _rounded(seen.quantile),
    ),
    PriceSensorEntityDescription(
        key="prices_known_until",
        translation_key="prices_known_until",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda seen: seen.known_until,
    ),
)
WINDOW_SENSORS: tuple[WindowSensorEntityDescription, ...] = (
    WindowSensorEntityDescription(
        key="average_price",
        translation_key="average_price",
        is_price=True,
        suggested_display_precision=_DECIMALS,
        value_fn=_average_price,
    ),
    WindowSensorEntityDescription(
        key="next_start",
        translation_key="next_start",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=decisions.next_start,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PriceConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of a tariff and of its cheap windows."""
    coordinator = entry.runtime_data
    async_add_entities(PriceSensor(coordinator, description) for description in SENSORS)
    device_id = async_tariff_device_id(hass, entry)
    for subentry in entry.get_subentries_of_type(SUBENTRY_CHEAP_WINDOW):
        async_add_entities(
            (
                CheapWindowSensor(coordinator, subentry, device_id, description)
                for description in WINDOW_SENSORS
            ),
            config_subentry_id=subentry.subentry_id,
        )


class _PricedSensor(CoordinatorEntity[PriceCoordinator], SensorEntity):
    """Gives prices the unit of their tariff."""

    entity_description: PriceSensorEntityDescription | WindowSensorEntityDescription

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        """Return the unit."""
        is_price = self.entity_description.is_price
        return self.coordinator.tariff.unit if is_price else None


class PriceSensor(PriceEntity, _PricedSensor):
    """Defines a sensor of a tariff."""

    entity_description: PriceSensorEntityDescription

    # Lists of slots fill a database, and are there for the moment only.
    _unrecorded_attributes = frozenset({"prices"})

    @property
    @override
    def native_value(self) -> Value:
        """Return the value."""
        return self.entity_description.value_fn(self.coordinator.data)

    @property
    @override
    def extra_state_attributes(self) -> Attributes:
        """Return what belongs to the value."""
        return self.entity_description.attr_fn(self.coordinator.data)


class CheapWindowSensor(CheapWindowEntity, _PricedSensor):
    """Defines a sensor of a cheap window."""

    entity_description: WindowSensorEntityDescription

    @property
    @override
    def native_value(self) -> Value:
        """Return the value."""
        return self.entity_description.value_fn(self.decisions, dt_util.utcnow())
