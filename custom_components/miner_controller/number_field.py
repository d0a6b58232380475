"""A field of a form for a number that is typed."""

from typing import Literal

from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)


def number_field(
    minimum: float, maximum: float, step: float | Literal["any"], unit: str
) -> NumberSelector:
    """Return the field, with both limits included."""
    return NumberSelector(
        NumberSelectorConfig(
            min=minimum,
            max=maximum,
            step=step,
            mode=NumberSelectorMode.BOX,
            unit_of_measurement=unit,
        )
    )
