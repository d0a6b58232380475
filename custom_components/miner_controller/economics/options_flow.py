"""The step of a miner's options that is about its costs and earnings."""

from typing import Any, override

from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN, SensorDeviceClass
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import PERCENTAGE
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    SelectOptionDict,
    Selector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import probatio

from ..const import CONF_TARIFF
from ..miner.options_flow import MinerOptionsFlow
from ..number_field import number_field
from ..prices.entries import async_tariff_entries
from .options import (
    CONF_ECONOMICS,
    CONF_EXPORT_SENSOR,
    CONF_HEAT_PRICE,
    CONF_HEAT_SHARE,
    CONF_POOL_FEE,
    CONF_SOLAR_PRICE,
)

# Far beyond what a kWh costs anywhere, in any currency.
_HIGHEST_PRICE = 1_000_000


class EconomicsOptionsFlow(MinerOptionsFlow):
    """Handle the options of a miner, with what it costs and earns."""

    @override
    def _steps(self) -> list[str]:
        """Return what there is to change."""
        return [*super()._steps(), "economics"]

    async def async_step_economics(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change what is known of the costs and the earnings."""
        if user_input is not None:
            changes = {CONF_ECONOMICS: user_input} if user_input else {}
            return self.async_create_entry(data=self._with(changes, {CONF_ECONOMICS}))
        return self.async_show_form(
            step_id="economics",
            data_schema=self.add_suggested_values_to_schema(
                self._economics_schema(), self._economics_shown()
            ),
            description_placeholders={"currency": self.hass.config.currency},
        )

    def _economics_shown(self) -> dict[str, Any]:
        """Return what holds now. A tariff that was deleted could not be saved again."""
        shown = {**self.config_entry.options.get(CONF_ECONOMICS, {})}
        tariffs = {tariff.entry_id for tariff in async_tariff_entries(self.hass)}
        if shown.get(CONF_TARIFF) not in tariffs:
            shown.pop(CONF_TARIFF, None)
        return shown

    def _economics_schema(self) -> probatio.Schema:
        """Return the form. There is a choice of tariffs where there are several."""
        unit = f"{self.hass.config.currency}/kWh"
        fields: dict[Any, Selector[Any]] = {
            probatio.Optional(CONF_POOL_FEE): number_field(0, 100, "any", PERCENTAGE),
            probatio.Optional(CONF_HEAT_SHARE): number_field(0, 100, "any", PERCENTAGE),
            probatio.Optional(CONF_HEAT_PRICE): number_field(
                0, _HIGHEST_PRICE, "any", unit
            ),
            probatio.Optional(CONF_SOLAR_PRICE): number_field(
                -_HIGHEST_PRICE, _HIGHEST_PRICE, "any", unit
            ),
            probatio.Optional(CONF_EXPORT_SENSOR): EntitySelector(
                EntitySelectorConfig(
                    domain=SENSOR_DOMAIN, device_class=SensorDeviceClass.POWER
                )
            ),
        }
        tariffs = [
            SelectOptionDict(value=tariff.entry_id, label=tariff.title)
            for tariff in async_tariff_entries(self.hass)
        ]
        if len(tariffs) > 1:
            fields[probatio.Optional(CONF_TARIFF)] = SelectSelector(
                SelectSelectorConfig(options=tariffs, mode=SelectSelectorMode.DROPDOWN)
            )
        return probatio.Schema(fields)
