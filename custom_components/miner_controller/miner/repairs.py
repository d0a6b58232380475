"""Flows that put right what a miner's repairs are about."""

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_HOST
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig
import probatio

from ..const import CONF_CODE
from ..protocols.errors import MinerError
from ..protocols.otp import is_code
from .connect import AddressError, async_find_same_miner, shown_address
from .coordinator import MinerConfigEntry
from .errors import translation_key

CODE_SCHEMA = probatio.Schema(
    {
        probatio.Required(probatio.Secret(CONF_CODE)): TextSelector(
            TextSelectorConfig(autocomplete="one-time-code")
        )
    }
)
ADDRESS_SCHEMA = probatio.Schema({probatio.Required(CONF_HOST): TextSelector()})


class UnlockRepairFlow(RepairsFlow):
    """Ask for a one-time password and open the miner for changes with it."""

    def __init__(self, entry: MinerConfigEntry) -> None:
        """Initialize for a miner."""
        self.entry = entry

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Start with the code."""
        return await self.async_step_code()

    async def async_step_code(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Take the code."""
        errors: dict[str, str] = {}
        if self.entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        if user_input is not None:
            code = user_input[CONF_CODE].strip()
            if not is_code(code):
                errors[CONF_CODE] = "code_rejected"
            else:
                try:
                    await self.entry.runtime_data.async_unlock(code)
                except MinerError as err:
                    errors[CONF_CODE] = translation_key(err)
                else:
                    return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="code",
            data_schema=CODE_SCHEMA,
            description_placeholders={"miner": self.entry.title},
            errors=errors,
        )


class AddressRepairFlow(RepairsFlow):
    """Ask for the address at which a miner is now."""

    def __init__(self, entry: MinerConfigEntry) -> None:
        """Initialize for a miner."""
        self.entry = entry

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Start with the address."""
        return await self.async_step_address()

    async def async_step_address(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Take the address."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                found = await async_find_same_miner(
                    self.hass, self.entry, user_input[CONF_HOST]
                )
            except AddressError as err:
                errors[CONF_HOST] = err.key
            else:
                self.hass.config_entries.async_update_entry(
                    self.entry, data={**self.entry.data, **found.location}
                )
                self.hass.config_entries.async_schedule_reload(self.entry.entry_id)
                return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="address",
            data_schema=self.add_suggested_values_to_schema(
                ADDRESS_SCHEMA,
                user_input or {CONF_HOST: shown_address(self.entry.data)},
            ),
            description_placeholders={"miner": self.entry.title},
            errors=errors,
        )
