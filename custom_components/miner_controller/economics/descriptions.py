"""What the sensors of costs and earnings are: of a miner, and of all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import floor, log10
from typing import Final

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import UnitOfEnergy, UnitOfTime

from .figures import Figures

# As hashprices are told, and not with the symbol of a day.
_DAY: Final = "day"
_SATS_PER_DAY: Final = f"sats/{_DAY}"


@dataclass(frozen=True, kw_only=True)
class EconomicsSensorEntityDescription(SensorEntityDescription):
    """Describes a sensor of costs and earnings, whose unit has a currency in it."""

    value_fn: Callable[[Figures], float | None]
    unit_fn: Callable[[Figures], str | None]
    reset_fn: Callable[[Figures], datetime | None] = lambda _: None


def significant(value: float | None, digits: int = 3) -> float | None:
    """Return a value without the digits that change with each poll.

    What is expected of chance and of a hashrate that varies is not known any better.
    """
    if not value:
        return value
    return round(value, digits - 1 - floor(log10(abs(value))))


def _amount(value: float | None) -> float | None:
    """Return an amount of money, to a hundredth of its smallest coin."""
    # Adding nothing takes the sign from a loss that is rounded to nothing.
    return None if value is None else round(value, 4) + 0.0


def _whole(value: float | None) -> int | None:
    """Return a large number with its first digits alone."""
    return None if value is None else int(significant(value) or 0)


def _cost_unit(figures: Figures) -> str | None:
    """Return the currency of costs."""
    return figures.cost_currency


def _price_unit(figures: Figures) -> str:
    """Return the unit of the price of a kWh."""
    return f"{figures.currency}/{UnitOfEnergy.KILO_WATT_HOUR}"


def _profit(figures: Figures) -> float | None:
    """Return the profit, near zero without the digits that are nothing but noise."""
    return _amount(significant(figures.profit_per_hour))


def _break_even(figures: Figures) -> float | None:
    """Return the break-even price."""
    return _amount(figures.break_even_price)


def _odds(figures: Figures) -> int | None:
    """Return N where the chance of a block within a day is 1 in N."""
    return _whole(figures.block_odds)


def _years(figures: Figures) -> float | None:
    """Return how many years a block takes on average."""
    return significant(figures.years_to_block)


def _sensors(amount: str = "") -> tuple[EconomicsSensorEntityDescription, ...]:
    """Return the sensors; `amount` is what the names of sums begin with."""
    return (
        EconomicsSensorEntityDescription(
            key=f"{amount}energy_cost",
            translation_key=f"{amount}energy_cost",
            device_class=SensorDeviceClass.MONETARY,
            state_class=SensorStateClass.TOTAL,
            suggested_display_precision=2,
            value_fn=lambda figures: _amount(figures.cost_total),
            unit_fn=_cost_unit,
        ),
        EconomicsSensorEntityDescription(
            key=f"{amount}cost_today",
            translation_key=f"{amount}cost_today",
            device_class=SensorDeviceClass.MONETARY,
            state_class=SensorStateClass.TOTAL,
            suggested_display_precision=2,
            value_fn=lambda figures: _amount(figures.cost_today),
            unit_fn=_cost_unit,
            reset_fn=lambda figures: figures.day,
        ),
        EconomicsSensorEntityDescription(
            key=f"{amount}cost_this_hour",
            translation_key=f"{amount}cost_this_hour",
            device_class=SensorDeviceClass.MONETARY,
            state_class=SensorStateClass.TOTAL,
            suggested_display_precision=4,
            entity_registry_enabled_default=False,
            value_fn=lambda figures: _amount(figures.cost_this_hour),
            unit_fn=_cost_unit,
            reset_fn=lambda figures: figures.hour,
        ),
        EconomicsSensorEntityDescription(
            key=f"{amount}revenue_sats",
            translation_key=f"{amount}revenue_sats",
            state_class=SensorStateClass.MEASUREMENT,
            entity_registry_enabled_default=False,
            value_fn=lambda figures: significant(figures.sats_per_day),
            unit_fn=lambda _: _SATS_PER_DAY,
        ),
        EconomicsSensorEntityDescription(
            key=f"{amount}revenue",
            translation_key=f"{amount}revenue",
            state_class=SensorStateClass.MEASUREMENT,
            suggested_display_precision=4,
            value_fn=lambda figures: significant(figures.revenue_per_day),
            unit_fn=lambda figures: f"{figures.currency}/{_DAY}",
        ),
        EconomicsSensorEntityDescription(
            key=f"{amount}profit",
            translation_key=f"{amount}profit",
            state_class=SensorStateClass.MEASUREMENT,
            suggested_display_precision=4,
            value_fn=_profit,
            unit_fn=lambda figures: f"{figures.currency}/{UnitOfTime.HOURS}",
        ),
        EconomicsSensorEntityDescription(
            key="break_even_price",
            translation_key="break_even_price",
            state_class=SensorStateClass.MEASUREMENT,
            suggested_display_precision=4,
            value_fn=_break_even,
            unit_fn=_price_unit,
        ),
        EconomicsSensorEntityDescription(
            key="block_odds",
            translation_key="block_odds",
            entity_registry_enabled_default=False,
            value_fn=_odds,
            unit_fn=lambda _: None,
        ),
        EconomicsSensorEntityDescription(
            key="time_to_block",
            translation_key="time_to_block",
            entity_registry_enabled_default=False,
            value_fn=_years,
            unit_fn=lambda _: UnitOfTime.YEARS,
        ),
    )


MINER_SENSORS: Final = _sensors()
FLEET_SENSORS: Final = _sensors("total_")

EARNINGS: Final = tuple(
    description for description in MINER_SENSORS if "cost" not in description.key
)
"""The sensors of a miner that without a fleet have nothing to tell."""
