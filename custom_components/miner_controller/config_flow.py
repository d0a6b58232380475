"""Config flow of the Miner Controller integration."""

from typing import Any, override

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.core import callback

from .const import DOMAIN
from .miner.coordinator import MinerConfigEntry
from .miner.discovery_flow import MinerDiscoveryFlow
from .miner.options_flow import MinerOptionsFlow
from .miner.scan_flow import MinerScanFlow


class MinerControllerConfigFlow(MinerDiscoveryFlow, MinerScanFlow, domain=DOMAIN):
    """Handle a config flow."""

    VERSION = 1

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: MinerConfigEntry) -> OptionsFlow:
        """Return the options flow of a miner."""
        return MinerOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the user choose what to add."""
        return self.async_show_menu(step_id="user", menu_options=["scan", "address"])
