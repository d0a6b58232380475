"""Config flow of the Miner Controller integration."""

from typing import Any, override

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.core import callback

from .const import DOMAIN
from .fleet.entries import SUBENTRY_POOL, is_fleet_entry
from .fleet.flow import FleetFlow
from .fleet.pool_flow import PoolFlow
from .miner.discovery_flow import MinerDiscoveryFlow
from .miner.scan_flow import MinerScanFlow
from .plan.fleet_options_flow import PlanFleetOptionsFlow
from .plan.options_flow import PlanOptionsFlow
from .prices.entries import SUBENTRY_CHEAP_WINDOW, is_tariff_entry
from .prices.flow import PriceFlow
from .prices.window_flow import CheapWindowFlow


class MinerControllerConfigFlow(
    MinerDiscoveryFlow, MinerScanFlow, PriceFlow, FleetFlow, domain=DOMAIN
):
    """Handle a config flow."""

    VERSION = 1

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the options flow of a miner or of the fleet."""
        if is_fleet_entry(config_entry):
            return PlanFleetOptionsFlow()
        return PlanOptionsFlow()

    @classmethod
    @callback
    @override
    def async_supports_options_flow(cls, config_entry: ConfigEntry) -> bool:
        """Return whether there are options: a tariff has none."""
        return not is_tariff_entry(config_entry)

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what can be added to an entry."""
        if is_tariff_entry(config_entry):
            return {SUBENTRY_CHEAP_WINDOW: CheapWindowFlow}
        if is_fleet_entry(config_entry):
            return {SUBENTRY_POOL: PoolFlow}
        return {}

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the user choose what to add."""
        return self.async_show_menu(
            step_id="user", menu_options=["scan", "address", "prices", "fleet"]
        )

    @override
    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change what an entry stands for."""
        entry = self._get_reconfigure_entry()
        if is_tariff_entry(entry):
            return await self.async_step_reconfigure_prices()
        if is_fleet_entry(entry):
            # Home Assistant offers it for all entries or for none.
            return self.async_abort(reason="fleet_by_options")
        return await super().async_step_reconfigure(user_input)
