"""The flow that puts right what a tariff's repairs are about."""

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult

from ..const import CONF_PRODUCT
from .coordinator import PriceConfigEntry


class ProductRepairFlow(RepairsFlow):
    """Switch a tariff to the product that has taken over."""

    def __init__(self, entry: PriceConfigEntry, replacement: str) -> None:
        """Initialize for a tariff and a product."""
        self.entry = entry
        self.replacement = replacement

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Start with the question."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Switch once somebody has agreed. The entry's listener reloads it."""
        if self.hass.config_entries.async_get_entry(self.entry.entry_id) is None:
            return self.async_abort(reason="entry_gone")
        if user_input is not None:
            self.hass.config_entries.async_update_entry(
                self.entry,
                data={**self.entry.data, CONF_PRODUCT: self.replacement},
            )
            return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="confirm",
            description_placeholders={
                "tariff": self.entry.title,
                "product": self.entry.data[CONF_PRODUCT],
                "replacement": self.replacement,
            },
        )
