"""What a miner does at present, by the names that a plan has for it."""

from ..const import MODE_CUSTOM, MODE_ON
from ..miner.coordinator import MinerCoordinator
from ..miner.work_mode import shown_mode, work_modes
from ..planning.nominal_modes import setting_of
from ..planning.plan_model import OFF


def present_mode(coordinator: MinerCoordinator) -> str | None:
    """Return the mode of a miner as its select shows it, or `off`.

    A miner without modes is `on` while it works. None while it is away, overheated,
    calibrating, or set to what is none of its modes.
    """
    if coordinator.powered_off:
        return OFF
    if not (coordinator.last_update_success and coordinator.answered):
        return None
    status, capabilities = coordinator.data, coordinator.capabilities
    if status.overheated or status.calibrating:
        return None
    if status.mining is False:
        return OFF
    if not (capabilities.work_modes or capabilities.named_modes):
        return MODE_ON
    mode = shown_mode(coordinator.config_entry.options, capabilities, status)
    return None if mode == MODE_CUSTOM else mode


def present_settings(coordinator: MinerCoordinator) -> dict[str, str]:
    """Return what each mode is set to, and off, where that is a pair to be edited.

    What was learned of a mode says nothing of another one that has its name. Empty for
    a miner whose modes are always the same.
    """
    capabilities = coordinator.capabilities
    if not capabilities.work_modes:
        return {}
    modes = work_modes(coordinator.config_entry.options, capabilities)
    return {OFF: "", **{name: setting_of(mode) for name, mode in modes.items()}}
