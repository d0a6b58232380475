"""Finds which of a miner's modes is meant, where each miner has modes of its own."""

from collections.abc import Mapping
from typing import Any, Final

from ..const import MODE_STANDARD as STANDARD
from ..protocols.model import Capabilities
from .work_mode import work_modes

LOWEST: Final = "lowest"
HIGHEST: Final = "highest"
OFF: Final = "off"
RESUME: Final = "resume"

# The modes that firmware has names for, by the power that they draw on a miner that
# has them. An Avalon Mini 3 draws 450 W in night, 800 W in mining and 815 W in heating.
_BY_POWER: Final = (
    "night",
    "low",
    "eco",
    "medium",
    "standard",
    "mining",
    "heating",
    "high",
    "super",
)


def modes_by_power(
    options: Mapping[str, Any], capabilities: Capabilities
) -> tuple[str, ...]:
    """Return the modes of a miner, the one that draws the least power first.

    The power of a chip grows with its frequency and with the square of its voltage.
    A name that is not known is left where the firmware has it, after the others.
    """
    if capabilities.work_modes:
        modes = work_modes(options, capabilities).values()
        ordered = sorted(modes, key=lambda m: m.frequency * m.core_voltage**2)
        return tuple(mode.name for mode in ordered)
    places = {name: place for place, name in enumerate(_BY_POWER)}
    return tuple(
        sorted(
            capabilities.named_modes,
            key=lambda name: places.get(name, len(places)),
        )
    )


def chosen_mode(
    wanted: str, options: Mapping[str, Any], capabilities: Capabilities
) -> str | None:
    """Return the name of the mode that is meant, None where the miner has none such.

    `standard` is the mode with this name, and the middle one where none has it.
    """
    modes = modes_by_power(options, capabilities)
    if not modes:
        return None
    meant = {
        STANDARD: modes[(len(modes) - 1) // 2],
        **{name.casefold(): name for name in modes},
        LOWEST: modes[0],
        HIGHEST: modes[-1],
    }
    return meant.get(wanted.casefold())
