"""The step of the fleet's options about data of the Bitcoin network."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN
from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    CONF_URL,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import probatio

from ..const import DOMAIN
from ..sources.mempool import CURRENCIES, DEFAULT_URL, MempoolError, read_url
from .network_options import (
    CONF_BITCOIN_SENSOR,
    CONF_ENABLED,
    CONF_NETWORK,
    NetworkOptions,
)
from .network_price import fits_currency, read_price
from .network_rounds import async_try_network

_AWAY: Final = {STATE_UNAVAILABLE, STATE_UNKNOWN}


class NetworkOptionsFlow(OptionsFlow):
    """Handle where data of the network comes from."""

    async def async_step_network(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change where data of the network comes from."""
        errors: dict[str, str] = {}
        placeholders = {
            "url": DEFAULT_URL,
            "example": "http://192.168.1.5:4080",
            "currency": self.hass.config.currency,
            "currencies": ", ".join(sorted(CURRENCIES)),
            "error": "",
        }
        if user_input is not None:
            try:
                url = str(read_url(user_input[CONF_URL])).rstrip("/")
            except MempoolError:
                errors[CONF_URL] = "network_url_unusable"
            else:
                if user_input[CONF_ENABLED]:
                    errors, error = await self._async_try(user_input, url)
                    placeholders["error"] = error
                if not errors:
                    network = {**user_input, CONF_URL: url}
                    return self.async_create_entry(
                        data={**self.config_entry.options, CONF_NETWORK: network}
                    )
        return self.async_show_form(
            step_id="network",
            data_schema=self.add_suggested_values_to_schema(
                self._network_schema(), user_input or self._network_shown()
            ),
            errors=errors,
            description_placeholders=placeholders,
        )

    @callback
    def _network_schema(self) -> probatio.Schema:
        """Return the form. Our own price cannot be where our price comes from."""
        own = er.async_get(self.hass).async_get_entity_id(
            SENSOR_DOMAIN, DOMAIN, f"{self.config_entry.entry_id}_bitcoin_price"
        )
        sensors = EntitySelectorConfig(domain=SENSOR_DOMAIN)
        if own is not None:
            sensors["exclude_entities"] = [own]
        return probatio.Schema(
            {
                probatio.Required(CONF_ENABLED): BooleanSelector(),
                probatio.Required(CONF_URL): TextSelector(
                    TextSelectorConfig(type=TextSelectorType.URL)
                ),
                probatio.Optional(CONF_BITCOIN_SENSOR): EntitySelector(sensors),
            }
        )

    def _network_shown(self) -> dict[str, Any]:
        """Return what holds now, as the form has it."""
        options = self.config_entry.options
        return {
            CONF_URL: DEFAULT_URL,
            **options.get(CONF_NETWORK, {}),
            CONF_ENABLED: NetworkOptions.from_options(options) is not None,
        }

    async def _async_try(
        self, typed: Mapping[str, Any], url: str
    ) -> tuple[dict[str, str], str]:
        """Return what is wrong by field, and what a mempool says that is to be used.

        One that is in use already is not asked once more.
        """
        sensor = typed.get(CONF_BITCOIN_SENSOR)
        if sensor is not None and (fault := self._sensor_fault(sensor)) is not None:
            return {CONF_BITCOIN_SENSOR: fault}, ""
        present = NetworkOptions.from_options(self.config_entry.options)
        if present is None or present.url != url:
            currency = None if sensor else self.hass.config.currency
            try:
                await async_try_network(self.hass, url, currency)
            except MempoolError as err:
                return {CONF_URL: "network_failed"}, str(err)
        return {}, ""

    @callback
    def _sensor_fault(self, entity_id: str) -> str | None:
        """Return what is wrong with a sensor, None if it may tell the price.

        One that is away at the moment is taken at its word.
        """
        currency = self.hass.config.currency
        state = self.hass.states.get(entity_id)
        if state is None or state.state in _AWAY:
            return None
        unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        if not fits_currency(unit, currency):
            return "bitcoin_sensor_currency"
        return (
            "bitcoin_sensor_no_price" if read_price(state, currency) is None else None
        )
