"""Names that no mode of an owner's table may have, as they mean something else."""

from typing import Final

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN

from ..const import MODE_CUSTOM, MODE_ON
from .mode_choice import HIGHEST, LOWEST, OFF, RESUME

# What `set_mode` takes for something else, what a plan and a select say of a miner that
# is in none of its modes, and what Home Assistant says of an entity without a state.
_TAKEN: Final = frozenset(
    {
        HIGHEST,
        LOWEST,
        MODE_CUSTOM,
        MODE_ON,
        OFF,
        RESUME,
        STATE_UNAVAILABLE,
        STATE_UNKNOWN,
    }
)


def is_taken(name: str) -> bool:
    """Return whether a name means something else, whatever its capitals."""
    return name.casefold() in _TAKEN
