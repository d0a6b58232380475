"""Lists the conditions about miners, prices, pools and plans."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers.condition import Condition

from .fleet.conditions import POOL_CONDITIONS
from .miner.conditions import MINER_CONDITIONS
from .plan.conditions import PLAN_CONDITIONS
from .prices.conditions import PRICE_CONDITIONS

CONDITIONS: dict[str, type[Condition]] = {
    **MINER_CONDITIONS,
    **PRICE_CONDITIONS,
    **POOL_CONDITIONS,
    **PLAN_CONDITIONS,
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions about miners, prices, pools and plans."""
    return CONDITIONS
