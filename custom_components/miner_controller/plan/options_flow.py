"""The step of a miner's options that is about its plan."""

from typing import Any, override

from homeassistant.config_entries import ConfigFlowResult

from ..const import CONF_PLAN
from ..economics.options_flow import EconomicsOptionsFlow
from ..economics.tariff import async_tariff_of
from .flow_form import plan_faults, plan_options, plan_schema, shown_plan
from .states import can_be_planned, states_of


class PlanOptionsFlow(EconomicsOptionsFlow):
    """Handle the options of a miner, its plan among them."""

    @override
    def _steps(self) -> list[str]:
        """Offer a plan for a miner that there is something to choose for."""
        steps = super()._steps()
        return [*steps, "plan"] if can_be_planned(self.config_entry) else steps

    async def async_step_plan(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change what the plan is made for, and what it keeps to."""
        states = states_of(self.config_entry)
        tariff = async_tariff_of(self.hass, self.config_entry)
        currency = (
            self.hass.config.currency if tariff is None else tariff.tariff.currency
        )
        errors = {} if user_input is None else plan_faults(user_input, states)
        if user_input is not None and not errors:
            options = {CONF_PLAN: plan_options(user_input, states)}
            return self.async_create_entry(data=self._with(options, {CONF_PLAN}))
        return self.async_show_form(
            step_id="plan",
            data_schema=self.add_suggested_values_to_schema(
                plan_schema(states, currency, opened=errors),
                user_input or shown_plan(self.config_entry, states),
            ),
            errors=errors,
        )
