"""Lists the conditions about miners, prices and pools."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers.condition import Condition

from .fleet.conditions import POOL_CONDITIONS
from .miner.conditions import MINER_CONDITIONS
from .prices.conditions import PRICE_CONDITIONS

CONDITIONS: dict[str, type[Condition]] = {
    **MINER_CONDITIONS,
    **PRICE_CONDITIONS,
    **POOL_CONDITIONS,
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions about miners, prices and pools."""
    return CONDITIONS
