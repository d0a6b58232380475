"""The step of the config flow that adds the fleet."""

from typing import Any, Final

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.helpers.selector import BooleanSelector
import probatio

from ..const import CONF_FLEET
from ..sources.mempool import DEFAULT_URL
from .network_options import CONF_ENABLED, CONF_NETWORK

FLEET_ID: Final = "fleet"
_TITLE: Final = "Miner fleet"

# Whoever wants nobody outside to be asked can say so before that happens.
_SCHEMA: Final = probatio.Schema(
    {probatio.Required(CONF_NETWORK, default=True): BooleanSelector()}
)
_NO_NETWORK: Final = {CONF_ENABLED: False}


class FleetFlow(ConfigFlow):
    """Handle what is about the fleet."""

    async def async_step_fleet(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add the fleet, of which there is one."""
        await self.async_set_unique_id(FLEET_ID)
        self._abort_if_unique_id_configured(error="fleet_configured")
        if user_input is None:
            return self.async_show_form(
                step_id="fleet",
                data_schema=_SCHEMA,
                description_placeholders={"url": DEFAULT_URL},
            )
        options = {} if user_input[CONF_NETWORK] else {CONF_NETWORK: _NO_NETWORK}
        return self.async_create_entry(
            title=_TITLE, data={CONF_FLEET: True}, options=options
        )
