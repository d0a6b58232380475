"""The work modes of a miner: its own and those of its owner."""

from collections.abc import Mapping
from typing import Any

from ..const import CONF_CORE_VOLTAGE, CONF_FREQUENCY, CONF_WORK_MODES, MODE_CUSTOM
from ..protocols.model import Capabilities, MinerStatus, WorkMode

type StoredMode = Mapping[str, Any]


def work_modes(
    options: Mapping[str, Any], capabilities: Capabilities
) -> dict[str, WorkMode]:
    """Return the modes by name, the owner's where there are any."""
    if (stored := options.get(CONF_WORK_MODES)) is None:
        return {mode.name: mode for mode in capabilities.work_modes}
    return {row["name"]: mode_from_row(row) for row in stored}


def mode_from_row(row: StoredMode) -> WorkMode:
    """Return the mode of a row of the options, which has the core voltage in mV."""
    return WorkMode(
        name=row["name"],
        frequency=row[CONF_FREQUENCY],
        core_voltage=row[CONF_CORE_VOLTAGE] / 1000,
    )


def mode_to_row(mode: WorkMode) -> dict[str, Any]:
    """Return the row of the options for a mode."""
    return {
        "name": mode.name,
        CONF_FREQUENCY: round(mode.frequency),
        CONF_CORE_VOLTAGE: round(mode.core_voltage * 1000),
    }


def current_mode(modes: Mapping[str, WorkMode], status: MinerStatus) -> str | None:
    """Return the name of the mode that a miner is set to, None if to no mode."""
    return next(
        (
            name
            for name, mode in modes.items()
            if mode.matches(status.frequency, status.core_voltage)
        ),
        None,
    )


def shown_mode(
    options: Mapping[str, Any], capabilities: Capabilities, status: MinerStatus
) -> str | None:
    """Return the mode as the miner's select shows it, None while it is not known."""
    if not capabilities.work_modes:
        return status.work_mode
    if status.frequency is None or status.core_voltage is None:
        return None
    return current_mode(work_modes(options, capabilities), status) or MODE_CUSTOM
