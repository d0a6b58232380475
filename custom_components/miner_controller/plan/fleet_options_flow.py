"""The step of the fleet's options about what all planned miners share."""

from typing import Any, Final, override

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import UnitOfPower
import probatio

from ..const import CONF_POWER_CAP
from ..fleet.options_flow import FleetOptionsFlow
from ..number_field import number_field

_SCHEMA: Final = probatio.Schema(
    {probatio.Optional(CONF_POWER_CAP): number_field(1, 1_000_000, 1, UnitOfPower.WATT)}
)


class PlanFleetOptionsFlow(FleetOptionsFlow):
    """Handle the options of the fleet, what plans share among them."""

    @override
    def _fleet_steps(self) -> list[str]:
        """Return what there is to change."""
        return [*super()._fleet_steps(), "shared_power"]

    async def async_step_shared_power(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change what all miners with a plan may draw together."""
        options = self.config_entry.options
        if user_input is not None:
            others = {
                key: value for key, value in options.items() if key != CONF_POWER_CAP
            }
            return self.async_create_entry(data={**others, **user_input})
        return self.async_show_form(
            step_id="shared_power",
            data_schema=self.add_suggested_values_to_schema(_SCHEMA, options),
        )
