"""The step of the config flow that adds the fleet."""

from typing import Any, Final

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult

from ..const import CONF_FLEET

FLEET_ID: Final = "fleet"
_TITLE: Final = "Miner fleet"


class FleetFlow(ConfigFlow):
    """Handle what is about the fleet."""

    async def async_step_fleet(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add the fleet, of which there is one."""
        await self.async_set_unique_id(FLEET_ID)
        self._abort_if_unique_id_configured(error="fleet_configured")
        if user_input is None:
            return self.async_show_form(step_id="fleet")
        return self.async_create_entry(title=_TITLE, data={CONF_FLEET: True})
