"""What the owner of a miner wants of its plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from typing import Any, Final, Self

from homeassistant.config_entries import ConfigEntry
from homeassistant.util import dt as dt_util

from ..const import CONF_PLAN
from ..planning.plan_model import Limits, QuietHours, UnknownPrices

CONF_BUDGET: Final = "budget"
CONF_EARLIEST: Final = "earliest"
CONF_GOAL: Final = "goal"
CONF_HOURS: Final = "hours"
CONF_LATEST: Final = "latest"
CONF_MAX_OFF: Final = "max_off"
CONF_MIN_OFF: Final = "min_off"
CONF_MIN_ON: Final = "min_on"
CONF_MODE: Final = "mode"
CONF_MODES: Final = "modes"
CONF_QUIET_CAP: Final = "quiet_cap"
CONF_QUIET_END: Final = "quiet_end"
CONF_QUIET_START: Final = "quiet_start"
CONF_START_LOSS: Final = "start_loss"
CONF_SWITCH_LOSS: Final = "switch_loss"
CONF_UNKNOWN: Final = "unknown"


class GoalKind(StrEnum):
    """What a plan is made for."""

    PROFIT = "profit"
    BUDGET = "budget"
    HOURS = "hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """What the owner of a miner wants of its plan, as it is stored.

    Without a goal there is no plan. The numbers of the other goals are kept too, for
    who compares them. `budget` is in currency a local day.
    """

    goal: GoalKind | None = None
    budget: float | None = None
    hours: timedelta | None = None
    mode: str | None = None
    """The mode, or any faster one, in which the hours are wanted."""
    earliest: time = time.min
    latest: time = time.min
    modes: tuple[str, ...] | None = None
    """The modes that may be used, `off` among them; None for all that there are."""
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def of(cls, entry: ConfigEntry) -> Self:
        """Return what the owner of a miner wants."""
        stored: Mapping[str, Any] = entry.options.get(CONF_PLAN, {})
        goal, modes = stored.get(CONF_GOAL), stored.get(CONF_MODES)
        return cls(
            goal=None if goal is None else GoalKind(goal),
            budget=stored.get(CONF_BUDGET),
            hours=_hours(stored.get(CONF_HOURS)),
            mode=stored.get(CONF_MODE),
            earliest=_time(stored.get(CONF_EARLIEST)) or time.min,
            latest=_time(stored.get(CONF_LATEST)) or time.min,
            modes=tuple(modes) if modes else None,
            limits=Limits(
                min_on=_minutes(stored.get(CONF_MIN_ON)),
                min_off=_minutes(stored.get(CONF_MIN_OFF)),
                max_off=_hours(stored.get(CONF_MAX_OFF)),
                switch_loss=_minutes(stored.get(CONF_SWITCH_LOSS)),
                start_loss=_minutes(stored.get(CONF_START_LOSS)),
                quiet_hours=_quiet_hours(stored),
                unknown=UnknownPrices(stored.get(CONF_UNKNOWN, UnknownPrices.HOLD)),
            ),
        )


def _hours(number: float | None) -> timedelta | None:
    """Return hours of the form as a duration."""
    return None if number is None else timedelta(hours=number)


def _minutes(number: float | None) -> timedelta:
    """Return minutes of the form as a duration."""
    return timedelta(minutes=number or 0)


def _time(text: str | None) -> time | None:
    """Return a time of the form."""
    return None if text is None else dt_util.parse_time(text)


def _quiet_hours(stored: Mapping[str, Any]) -> QuietHours | None:
    """Return the quiet hours, if there are any."""
    start, end = _time(stored.get(CONF_QUIET_START)), _time(stored.get(CONF_QUIET_END))
    cap = stored.get(CONF_QUIET_CAP)
    if start is None or end is None or cap is None:
        return None
    return QuietHours(start=start, end=end, cap=cap)
