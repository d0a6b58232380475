"""The steps of the config flow that add a miner by its address and keep it right."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import probatio

from ..const import CONF_FAMILY, DOMAIN
from .connect import (
    AddressError,
    FoundMiner,
    async_find_miner,
    async_find_same_miner,
    shown_address,
)
from .entries import async_entry_at, async_entry_with_id, async_is_reachable
from .login import login_error

ADDRESS_SCHEMA = probatio.Schema({probatio.Required(CONF_HOST): TextSelector()})
LOGIN_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_USERNAME): TextSelector(
            TextSelectorConfig(autocomplete="off")
        ),
        probatio.Required(probatio.Secret(CONF_PASSWORD)): TextSelector(
            TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
        ),
    }
)


class MinerFlow(ConfigFlow):
    """Handle what is about one miner."""

    _found: FoundMiner
    _known: ConfigEntry
    """The entry of a miner that was found and is not new."""

    async def async_step_address(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add the miner at an address."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                self._found = await async_find_miner(self.hass, user_input[CONF_HOST])
            except AddressError as err:
                errors[CONF_HOST] = err.key
            else:
                return await self._async_add_found()
        return self.async_show_form(
            step_id="address",
            data_schema=self.add_suggested_values_to_schema(ADDRESS_SCHEMA, user_input),
            errors=errors,
        )

    async def _async_add_found(self) -> ConfigFlowResult:
        """Add a miner, or offer what there is to do with one that is known."""
        location, ids = self._found.location, self._found.identity.ids
        if entry := async_entry_with_id(self.hass, ids):
            self._known = entry
            if location.items() <= entry.data.items():
                return self.async_abort(reason="already_configured")
            return await self.async_step_update_address()
        there = [
            async_entry_at(self.hass, host, self._found.port)
            for host in self._found.hosts
        ]
        if any(
            entry and not (ids and entry.unique_id) and not self._is_replaced(entry)
            for entry in there
        ):
            # Nothing but its address tells it from others, or so it was when it was
            # added.
            return self.async_abort(reason="already_configured")
        # Whoever offers the same miner is ended by this, and need not end it.
        await self.async_set_unique_id(ids[0] if ids else None, raise_on_progress=False)
        self._async_end_discoveries(self._found.hosts)
        return self.async_create_entry(
            title=self._found.title, data=self._found.entry_data
        )

    def _is_replaced(self, entry: ConfigEntry) -> bool:
        """Return whether a miner of another kind is where an entry's miner was."""
        family = self._found.identity.family
        return entry.data[CONF_FAMILY] != family and not async_is_reachable(entry)

    @callback
    def _async_end_discoveries(self, hosts: set[str]) -> None:
        """End the flows that offer the same miner, which have no id in common."""
        flows = self.hass.config_entries.flow
        for flow in flows.async_progress_by_handler(DOMAIN):
            if (
                flow["context"].get("unique_id") in hosts
                and flow["flow_id"] != self.flow_id
            ):
                flows.async_abort(flow["flow_id"])

    async def async_step_update_address(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer the new address to a miner that was added at another one."""
        entry = self._known
        if self.hass.config_entries.async_get_entry(entry.entry_id) is None:
            return self.async_abort(reason="entry_gone")
        if user_input is not None:
            return self.async_update_reload_and_abort(
                entry, data_updates=self._found.location, reason="address_updated"
            )
        return self.async_show_form(
            step_id="update_address",
            description_placeholders={
                "miner": entry.title,
                "old": shown_address(entry.data),
                "new": shown_address(self._found.entry_data),
            },
        )

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Ask for the login of the miner's web page, which it did not accept."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take the login. Only the next change of a pool tells whether it is right."""
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            for field, value in user_input.items():
                if (wrong := login_error(value)) is not None:
                    errors[field] = wrong
            if not errors:
                return self.async_update_reload_and_abort(
                    entry,
                    options={**entry.options, **user_input},
                    reason="login_stored",
                )
        return self.async_show_form(
            step_id="reauth_confirm",
            data_schema=self.add_suggested_values_to_schema(
                LOGIN_SCHEMA,
                user_input or {CONF_USERNAME: entry.options.get(CONF_USERNAME)},
            ),
            description_placeholders={"miner": entry.title},
            errors=errors,
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Follow a miner to its new address."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                found = await async_find_same_miner(
                    self.hass, entry, user_input[CONF_HOST]
                )
            except AddressError as err:
                errors[CONF_HOST] = err.key
            else:
                return self.async_update_reload_and_abort(
                    entry, data_updates=found.entry_data
                )
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(
                ADDRESS_SCHEMA, user_input or {CONF_HOST: shown_address(entry.data)}
            ),
            description_placeholders={"miner": entry.title},
            errors=errors,
        )
