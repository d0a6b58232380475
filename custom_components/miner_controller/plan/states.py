"""What a miner can be in: its modes, and off."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import callback

from ..const import CONF_CAPABILITIES, CONF_POWER_SWITCH, MODE_CUSTOM, MODE_ON
from ..miner.coordinator import MinerCoordinator
from ..miner.mode_choice import modes_by_power
from ..miner.mode_names import is_taken
from ..miner.work_mode import shown_mode
from ..planning.plan_model import OFF
from ..protocols.model import Capabilities


def can_rest(options: Mapping[str, Any], capabilities: Capabilities) -> bool:
    """Return whether a miner can be off: by itself, or by a switch for its power."""
    return (
        capabilities.pause
        or capabilities.shutdown
        or bool(options.get(CONF_POWER_SWITCH))
    )


def planned_states(
    options: Mapping[str, Any], capabilities: Capabilities
) -> tuple[str, ...]:
    """Return what a miner can be in, off first and then by power.

    A miner that has no modes to choose among is just `on` when it works.
    """
    modes = _plannable(options, capabilities) or (MODE_ON,)
    return (OFF, *modes) if can_rest(options, capabilities) else modes


def _plannable(
    options: Mapping[str, Any], capabilities: Capabilities
) -> tuple[str, ...]:
    """Return the modes that a plan can have, by power.

    A mode from older options whose name means something else, such as `Off` or
    `lowest`, could not be asked for.
    """
    named = modes_by_power(options, capabilities)
    return tuple(name for name in named if not is_taken(name))


def states_of(entry: ConfigEntry) -> tuple[str, ...]:
    """Return what the miner of an entry can be in, also while it is not set up."""
    capabilities = Capabilities.from_dict(entry.data[CONF_CAPABILITIES])
    return planned_states(entry.options, capabilities)


def can_be_planned(entry: ConfigEntry) -> bool:
    """Return whether there is anything to choose: a miner has two states or more."""
    return len(states_of(entry)) > 1


@callback
def async_present_state(coordinator: MinerCoordinator) -> str | None:
    """Return what a miner is in now, None while that is not known.

    It is the mode that the miner's select shows, or `off`. What is no mode that can be
    planned is `custom`. A miner that is away without any power is off.
    """
    if coordinator.powered_off:
        return OFF
    if not (coordinator.answered and coordinator.last_update_success):
        return None
    status, capabilities = coordinator.data, coordinator.capabilities
    if status.mining is False:
        return OFF
    options = coordinator.config_entry.options
    if not _plannable(options, capabilities):
        return MODE_ON
    mode = shown_mode(options, capabilities, status)
    return MODE_CUSTOM if mode is not None and is_taken(mode) else mode
