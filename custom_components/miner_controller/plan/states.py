"""What a miner can be in: its modes, and off."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import callback

from ..const import CONF_CAPABILITIES, CONF_POWER_SWITCH, MODE_ON
from ..miner.coordinator import MinerCoordinator
from ..miner.mode_choice import modes_by_power
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

    A miner that has no modes to choose among is just `on` when it works. A mode that
    its owner called `off` cannot be told from being off.
    """
    named = modes_by_power(options, capabilities)
    modes = tuple(name for name in named if name != OFF) or (MODE_ON,)
    return (OFF, *modes) if can_rest(options, capabilities) else modes


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

    It is the mode that the miner's select shows, which may be none of its own, or
    `off`. A miner that is away without any power is off.
    """
    if coordinator.powered_off:
        return OFF
    if not (coordinator.answered and coordinator.last_update_success):
        return None
    status, capabilities = coordinator.data, coordinator.capabilities
    if status.mining is False:
        return OFF
    if not modes_by_power(coordinator.config_entry.options, capabilities):
        return MODE_ON
    return shown_mode(coordinator.config_entry.options, capabilities, status)
