"""Routes repairs to the flows that fix them."""

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow
from homeassistant.core import HomeAssistant

from .miner.issues import MinerIssue
from .miner.repairs import AddressRepairFlow, UnlockRepairFlow
from .prices.issues import PriceIssue
from .prices.repairs import ProductRepairFlow


async def async_create_fix_flow(
    hass: HomeAssistant,
    issue_id: str,
    data: dict[str, str | int | float | None] | None,
) -> RepairsFlow:
    """Return the flow for an issue; one whose entry is gone only needs a nod."""
    data = data or {}
    entry = hass.config_entries.async_get_entry(str(data.get("entry_id")))
    if entry is None:
        return ConfirmRepairFlow()
    if issue_id.startswith(PriceIssue.PRODUCT_RETIRED):
        return ProductRepairFlow(entry, str(data["replacement"]))
    if issue_id.startswith(MinerIssue.OTP_REQUIRED):
        return UnlockRepairFlow(entry)
    return AddressRepairFlow(entry)
