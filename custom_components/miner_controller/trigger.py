"""Lists the triggers for miners, prices, pools and plans."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers.trigger import Trigger

from .fleet.triggers import POOL_TRIGGERS
from .miner.triggers import MINER_TRIGGERS
from .plan.triggers import PLAN_TRIGGERS
from .prices.triggers import PRICE_TRIGGERS

TRIGGERS: dict[str, type[Trigger]] = {
    **MINER_TRIGGERS,
    **PRICE_TRIGGERS,
    **POOL_TRIGGERS,
    **PLAN_TRIGGERS,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers for miners, prices, pools and plans."""
    return TRIGGERS
