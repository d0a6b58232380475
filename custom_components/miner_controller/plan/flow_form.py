"""The form for the plan of a miner."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import UnitOfTime
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TimeSelector,
)
from homeassistant.util import dt as dt_util
import probatio

from ..const import CONF_CAPABILITIES, CONF_FAMILY, CONF_PLAN
from ..number_field import number_field
from ..planning.plan_model import OFF, UnknownPrices
from ..protocols.model import Capabilities, MinerFamily
from .options import (
    CONF_BUDGET,
    CONF_EARLIEST,
    CONF_GOAL,
    CONF_HOURS,
    CONF_LATEST,
    CONF_MAX_OFF,
    CONF_MIN_OFF,
    CONF_MIN_ON,
    CONF_MODE,
    CONF_MODES,
    CONF_QUIET_CAP,
    CONF_QUIET_END,
    CONF_QUIET_START,
    CONF_START_LOSS,
    CONF_SWITCH_LOSS,
    CONF_UNKNOWN,
    GoalKind,
)

SECTION_LIMITS: Final = "limits"
SECTION_QUIET: Final = "quiet_hours"

NO_GOAL: Final = "none"

_DAY: Final = timedelta(days=1)
_LIMITS: Final = (
    CONF_MIN_ON,
    CONF_MIN_OFF,
    CONF_MAX_OFF,
    CONF_SWITCH_LOSS,
    CONF_START_LOSS,
    CONF_MODES,
    CONF_UNKNOWN,
)
_QUIET: Final = (CONF_QUIET_START, CONF_QUIET_END, CONF_QUIET_CAP)
_WINDOW: Final = (CONF_EARLIEST, CONF_LATEST)

# A calibration of an Avalon takes some minutes, in which it hashes little. An ESP miner
# takes another frequency while it works.
_CALIBRATION: Final = 5
# Until chips are warm that were off, and until firmware has started that had no power.
_WARM_UP: Final = 1
_BOOT: Final = 2


def _choice(
    options: Sequence[str], translation_key: str, *, multiple: bool = False
) -> SelectSelector:
    """Return a field for one or several of some things."""
    return SelectSelector(
        SelectSelectorConfig(
            options=list(options),
            multiple=multiple,
            mode=SelectSelectorMode.LIST if multiple else SelectSelectorMode.DROPDOWN,
            translation_key=translation_key,
        )
    )


def plan_schema(
    states: Sequence[str], currency: str, *, opened: Mapping[str, Any]
) -> probatio.Schema:
    """Return the form for a miner that can be in some states.

    A section in which something is wrong, which `opened` has as a key, is not folded.
    """
    working = [state for state in states if state != OFF]
    duration = number_field(0, 24 * 60, 1, UnitOfTime.MINUTES)
    loss = number_field(0, 30, 0.5, UnitOfTime.MINUTES)
    limits: dict[Any, Any] = {
        probatio.Optional(CONF_MODES): _choice(states, "planned_mode", multiple=True)
    }
    if OFF in states:
        limits |= {
            probatio.Required(CONF_MIN_ON): duration,
            probatio.Required(CONF_MIN_OFF): duration,
            probatio.Optional(CONF_MAX_OFF): number_field(
                0.5, 168, 0.5, UnitOfTime.HOURS
            ),
            probatio.Required(CONF_START_LOSS): loss,
        }
    # The text of the loss at a start speaks of the one that comes next.
    limits |= {
        probatio.Required(CONF_SWITCH_LOSS): loss,
        probatio.Required(CONF_UNKNOWN): _choice(
            [each.value for each in UnknownPrices], "plan_unknown"
        ),
    }
    quiet = {
        probatio.Optional(CONF_QUIET_START): TimeSelector(),
        probatio.Optional(CONF_QUIET_END): TimeSelector(),
        probatio.Optional(CONF_QUIET_CAP): _choice(states, "planned_mode"),
    }
    return probatio.Schema(
        {
            probatio.Required(CONF_GOAL): _choice(
                [NO_GOAL, *(kind.value for kind in GoalKind)], "plan_goal"
            ),
            probatio.Optional(CONF_BUDGET): number_field(
                0, 10_000, "any", f"{currency}/day"
            ),
            probatio.Optional(CONF_HOURS): number_field(0.5, 24, 0.5, UnitOfTime.HOURS),
            probatio.Optional(CONF_MODE): _choice(working, "planned_mode"),
            probatio.Optional(CONF_EARLIEST): TimeSelector(),
            probatio.Optional(CONF_LATEST): TimeSelector(),
            probatio.Required(SECTION_LIMITS): section(
                probatio.Schema(limits), {"collapsed": SECTION_LIMITS not in opened}
            ),
            probatio.Required(SECTION_QUIET): section(
                probatio.Schema(quiet), {"collapsed": SECTION_QUIET not in opened}
            ),
        }
    )


def shown_plan(entry: ConfigEntry, states: Sequence[str]) -> dict[str, Any]:
    """Return what the form shows at first: what is set, or what fits the miner.

    A mode that the miner does not have any more is not shown again, as the form would
    refuse it.
    """
    stored: Mapping[str, Any] = entry.options.get(CONF_PLAN, {})
    present = {
        key: value
        for key, value in stored.items()
        if key not in {CONF_MODE, CONF_QUIET_CAP} or value in states
    }
    present[CONF_MODES] = [
        state for state in states if state in stored.get(CONF_MODES, states)
    ]
    present = {**_usual(entry), **present}
    sections = {*_LIMITS, *_QUIET}
    return {
        **{key: value for key, value in present.items() if key not in sections},
        SECTION_LIMITS: {key: present[key] for key in _LIMITS if key in present},
        SECTION_QUIET: {key: present[key] for key in _QUIET if key in present},
    }


def _usual(entry: ConfigEntry) -> dict[str, Any]:
    """Return what fits a miner whose owner has not said anything."""
    capabilities = Capabilities.from_dict(entry.data[CONF_CAPABILITIES])
    calibrates = (
        entry.data[CONF_FAMILY] == MinerFamily.AVALON and capabilities.named_modes
    )
    return {
        CONF_GOAL: NO_GOAL,
        CONF_MIN_ON: 30,
        CONF_MIN_OFF: 30,
        CONF_SWITCH_LOSS: _CALIBRATION if calibrates else 0,
        CONF_START_LOSS: _WARM_UP if capabilities.pause else _BOOT,
        CONF_UNKNOWN: UnknownPrices.HOLD.value,
    }


def plan_faults(user_input: Mapping[str, Any], states: Sequence[str]) -> dict[str, str]:
    """Return what is wrong with a form, by the field or section that shows it."""
    errors = {}
    goal = user_input[CONF_GOAL]
    modes = user_input[SECTION_LIMITS].get(CONF_MODES) or states
    if all(mode == OFF for mode in modes) or len(modes) < 2:
        errors[SECTION_LIMITS] = "too_few_modes"
    if goal == GoalKind.BUDGET and CONF_BUDGET not in user_input:
        errors[CONF_BUDGET] = "budget_needed"
    if goal == GoalKind.HOURS:
        if CONF_HOURS not in user_input:
            errors[CONF_HOURS] = "hours_needed"
        if (mode := user_input.get(CONF_MODE)) is None:
            errors[CONF_MODE] = "mode_needed"
        elif mode not in modes:
            errors[CONF_MODE] = "mode_not_allowed"
    if timedelta(hours=user_input.get(CONF_HOURS, 0)) > _window(user_input):
        errors[CONF_HOURS] = "longer_than_window"
    quiet = user_input[SECTION_QUIET]
    if quiet and len(quiet) < len(_QUIET):
        errors[SECTION_QUIET] = "quiet_hours_incomplete"
    elif quiet and _time_of(quiet, CONF_QUIET_START) == _time_of(quiet, CONF_QUIET_END):
        errors[SECTION_QUIET] = "quiet_hours_empty"
    return errors


def plan_options(
    user_input: Mapping[str, Any], states: Sequence[str]
) -> dict[str, Any]:
    """Return what to store of a form without faults, where nothing is in a section.

    All modes are not stored: there may be others later.
    """
    stored = {
        **{
            key: value
            for key, value in user_input.items()
            if not isinstance(value, dict)
        },
        **user_input[SECTION_LIMITS],
        **user_input[SECTION_QUIET],
    }
    if stored[CONF_GOAL] == NO_GOAL:
        del stored[CONF_GOAL]
    modes = stored.pop(CONF_MODES, None) or states
    if set(modes) != set(states):
        stored[CONF_MODES] = [state for state in states if state in modes]
    return stored


def _time_of(user_input: Mapping[str, Any], key: str) -> timedelta:
    """Return how long after midnight a time of the form is."""
    at = dt_util.parse_time(user_input.get(key, "00:00"))
    # The selector takes what this reads.
    return (
        timedelta()
        if at is None
        else timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
    )


def _window(user_input: Mapping[str, Any]) -> timedelta:
    """Return how long the window is on a day without a change of the clock."""
    earliest, latest = (_time_of(user_input, key) for key in _WINDOW)
    return (latest - earliest) % _DAY or _DAY
