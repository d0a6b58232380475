"""The flow that adds a cheap window to a tariff and changes it."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_NAME, PERCENTAGE, UnitOfTime
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TimeSelector,
)
from homeassistant.util import dt as dt_util
import probatio

from ..number_field import number_field
from ..planning.windows import CheapWindow, UnknownPrices
from .entries import async_tariff

CONF_END_TIME: Final = "end_time"
CONF_HOURS: Final = "hours"
CONF_MAXIMUM_PRICE: Final = "maximum_price"
CONF_MINIMUM_RUN: Final = "minimum_run"
CONF_SHARE: Final = "share"
CONF_SPLIT: Final = "split"
CONF_START_TIME: Final = "start_time"
CONF_UNKNOWN: Final = "unknown"

_DAY: Final = timedelta(days=1)

# A day of Agile, whose prices are published together, begins and ends then.
_NEW_WINDOW: Final = {
    CONF_HOURS: 4,
    CONF_START_TIME: "23:00:00",
    CONF_END_TIME: "23:00:00",
    CONF_SPLIT: True,
    CONF_MINIMUM_RUN: 30,
    CONF_UNKNOWN: UnknownPrices.OFF.value,
}


def _schema(price_unit: str) -> probatio.Schema:
    """Return the form for a cheap window."""
    return probatio.Schema(
        {
            probatio.Required(CONF_NAME): TextSelector(),
            probatio.Optional(CONF_HOURS): number_field(0.5, 24, 0.5, UnitOfTime.HOURS),
            probatio.Optional(CONF_SHARE): number_field(1, 100, 1, PERCENTAGE),
            probatio.Optional(CONF_MAXIMUM_PRICE): number_field(
                -100, 100, "any", price_unit
            ),
            probatio.Optional(CONF_START_TIME): TimeSelector(),
            probatio.Optional(CONF_END_TIME): TimeSelector(),
            probatio.Required(CONF_SPLIT): BooleanSelector(),
            probatio.Required(CONF_MINIMUM_RUN): number_field(
                0, 720, 5, UnitOfTime.MINUTES
            ),
            probatio.Required(CONF_UNKNOWN): SelectSelector(
                SelectSelectorConfig(
                    options=[each.value for each in UnknownPrices],
                    mode=SelectSelectorMode.DROPDOWN,
                    translation_key="unknown_prices",
                )
            ),
        }
    )


class CheapWindowFlow(ConfigSubentryFlow):
    """Handle a cheap window."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add a cheap window."""
        errors = {} if user_input is None else _faults(user_input)
        if user_input is not None and not errors:
            return self.async_create_entry(
                title=user_input[CONF_NAME].strip(),
                data=_window(user_input).as_dict(),
            )
        return self._async_show("user", user_input or _NEW_WINDOW, errors)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change a cheap window."""
        subentry = self._get_reconfigure_subentry()
        errors = {} if user_input is None else _faults(user_input)
        if user_input is not None and not errors:
            # The listener of the entry reloads it.
            return self.async_update_and_abort(
                self._get_entry(),
                subentry,
                title=user_input[CONF_NAME].strip(),
                data=_window(user_input).as_dict(),
            )
        present = _form(CheapWindow.from_dict(subentry.data))
        shown = user_input or {CONF_NAME: subentry.title, **present}
        return self._async_show("reconfigure", shown, errors)

    def _async_show(
        self, step_id: str, shown: Mapping[str, Any], errors: dict[str, str]
    ) -> SubentryFlowResult:
        """Show the form."""
        # An entry that is not loaded, for example while it is reloaded, has a unit too.
        unit = async_tariff(self.hass, self._get_entry()).unit
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(_schema(unit), shown),
            errors=errors,
        )


def _window(user_input: Mapping[str, Any]) -> CheapWindow:
    """Return the window in a form without faults."""
    hours, share = user_input.get(CONF_HOURS), user_input.get(CONF_SHARE)
    return CheapWindow(
        duration=None if hours is None else timedelta(hours=hours),
        share=None if share is None else share / 100,
        start_time=_time(user_input, CONF_START_TIME),
        end_time=_time(user_input, CONF_END_TIME),
        split=user_input[CONF_SPLIT],
        minimum_run=timedelta(minutes=user_input[CONF_MINIMUM_RUN]),
        maximum_price=user_input.get(CONF_MAXIMUM_PRICE),
        unknown=UnknownPrices(user_input[CONF_UNKNOWN]),
    )


def _form(window: CheapWindow) -> dict[str, Any]:
    """Return what a form shows of a window. What is not set is left out."""
    shown = {
        CONF_HOURS: window.duration and window.duration / timedelta(hours=1),
        CONF_SHARE: window.share and round(window.share * 100, 6),
        CONF_MAXIMUM_PRICE: window.maximum_price,
        CONF_START_TIME: window.start_time and window.start_time.isoformat(),
        CONF_END_TIME: window.end_time and window.end_time.isoformat(),
        CONF_SPLIT: window.split,
        CONF_MINIMUM_RUN: window.minimum_run / timedelta(minutes=1),
        CONF_UNKNOWN: window.unknown.value,
    }
    return {key: value for key, value in shown.items() if value is not None}


def _time(user_input: Mapping[str, Any], key: str) -> time | None:
    """Return a time of the form."""
    text = user_input.get(key)
    # The selector takes what this reads, "9:00" too.
    return None if text is None else dt_util.parse_time(text)


def _faults(user_input: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with a form, by field."""
    errors: dict[str, str] = {}
    if not user_input[CONF_NAME].strip():
        errors[CONF_NAME] = "name_needed"
    hours, longest = user_input.get(CONF_HOURS), _longest(user_input)
    if CONF_SHARE in user_input and hours is not None:
        errors[CONF_SHARE] = "hours_or_share"
    elif user_input.keys().isdisjoint({CONF_HOURS, CONF_SHARE, CONF_MAXIMUM_PRICE}):
        errors[CONF_HOURS] = "nothing_wanted"
    if hours is not None and timedelta(hours=hours) > longest:
        errors[CONF_HOURS] = "longer_than_span"
    if timedelta(minutes=user_input[CONF_MINIMUM_RUN]) > longest:
        errors[CONF_MINIMUM_RUN] = "longer_than_span"
    return errors


def _longest(user_input: Mapping[str, Any]) -> timedelta:
    """Return how long a window's span is on a day without a change of the clock."""
    start, end = (
        timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
        for key in (CONF_START_TIME, CONF_END_TIME)
        for at in (_time(user_input, key) or time.min,)
    )
    return (end - start) % _DAY or _DAY
