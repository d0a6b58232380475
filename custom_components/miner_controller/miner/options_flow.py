"""Options of a miner."""

from collections.abc import Collection, Mapping
from typing import Any

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import (
    CONF_NAME,
    CONF_PASSWORD,
    CONF_USERNAME,
    UnitOfPower,
    UnitOfTime,
)
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    ObjectSelector,
    ObjectSelectorConfig,
    Selector,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import probatio

from ..const import (
    CONF_CAPABILITIES,
    CONF_CORE_VOLTAGE,
    CONF_FAMILY,
    CONF_FREQUENCY,
    CONF_OTP_EARLY,
    CONF_POLL_INTERVAL,
    CONF_POWER_DRAW,
    CONF_POWER_SWITCH,
    CONF_WIDE_RANGE,
    CONF_WORK_MODES,
    DEFAULT_POLL_INTERVAL,
    MAX_POLL_INTERVAL,
    MIN_POLL_INTERVAL,
    MODE_STANDARD,
)
from ..protocols.model import Capabilities, MinerFamily, Range
from .coordinator import MinerCoordinator
from .login import login_error
from .mode_names import is_taken
from .work_mode import mode_from_row, mode_to_row, work_modes

_LONGEST_NAME = 30

# Miners without a meter, or with one in few models only.
_UNMETERED = {MinerFamily.CGMINER, MinerFamily.NMMINER}
_LOGIN = (CONF_USERNAME, CONF_PASSWORD)
_OWN_OPTIONS = {
    *_LOGIN,
    CONF_OTP_EARLY,
    CONF_POLL_INTERVAL,
    CONF_POWER_DRAW,
    CONF_POWER_SWITCH,
    CONF_WIDE_RANGE,
    CONF_WORK_MODES,
}


class MinerOptionsFlow(OptionsFlowWithReload):
    """Handle the options of a miner."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the user choose what to change."""
        return self.async_show_menu(step_id="init", menu_options=self._steps())

    def _steps(self) -> list[str]:
        """Return what there is to change. Other rooms add their own steps."""
        return ["miner"]

    def _with(self, changes: Mapping[str, Any], own: Collection[str]) -> dict[str, Any]:
        """Return all options with those of one step changed, `own` being its keys."""
        kept = {
            key: value
            for key, value in self.config_entry.options.items()
            if key not in own
        }
        return {**kept, **changes}

    async def async_step_miner(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the options of the miner itself."""
        capabilities = Capabilities.from_dict(self.config_entry.data[CONF_CAPABILITIES])
        errors: dict[str, str] = {}
        placeholders = _limits(capabilities)
        if user_input is not None:
            rows = user_input.get(CONF_WORK_MODES) or []
            login = self._login(user_input, capabilities)
            for field, value in login.items():
                if (wrong := login_error(value)) is not None:
                    errors[field] = wrong
            if (error := _mode_error(rows, capabilities)) is not None:
                errors[CONF_WORK_MODES], placeholders["name"] = error
            if not errors:
                options = {**_stored(user_input, capabilities), **login}
                if not capabilities.work_modes and (
                    kept := self.config_entry.options.get(CONF_WORK_MODES)
                ):
                    # The form had no table for them, which says nothing of them.
                    options[CONF_WORK_MODES] = kept
                return self.async_create_entry(data=self._with(options, _OWN_OPTIONS))
        return self.async_show_form(
            step_id="miner",
            data_schema=self.add_suggested_values_to_schema(
                self._schema(capabilities), user_input or self._current(capabilities)
            ),
            description_placeholders=placeholders,
            errors=errors,
        )

    def _current(self, capabilities: Capabilities) -> dict[str, Any]:
        """Return what is set now."""
        options = self.config_entry.options
        return {
            CONF_POLL_INTERVAL: DEFAULT_POLL_INTERVAL,
            **{key: value for key, value in options.items() if key != CONF_PASSWORD},
            CONF_WORK_MODES: [
                mode_to_row(mode) for mode in work_modes(options, capabilities).values()
            ],
        }

    def _login(
        self, user_input: Mapping[str, Any], capabilities: Capabilities
    ) -> dict[str, str]:
        """Return the login to store. A password is not shown again but kept."""
        options = self.config_entry.options
        if not capabilities.web_login:
            # The form had no fields for it, which says nothing of it.
            return {key: options[key] for key in _LOGIN if key in options}
        user = user_input.get(CONF_USERNAME, "")
        password = user_input.get(CONF_PASSWORD, "")
        if not user and not password:
            return {}
        kept = options.get(CONF_PASSWORD, "")
        return {CONF_USERNAME: user, CONF_PASSWORD: password or kept}

    def _may_lack_meter(self) -> bool:
        """Return whether somebody has to tell what the miner draws."""
        entry = self.config_entry
        if entry.data[CONF_FAMILY] in _UNMETERED or CONF_POWER_DRAW in entry.options:
            return True
        if entry.state is not ConfigEntryState.LOADED:
            return False
        coordinator: MinerCoordinator = entry.runtime_data
        return coordinator.answered and coordinator.data.power is None

    def _schema(self, capabilities: Capabilities) -> probatio.Schema:
        """Return the form for what this miner has."""
        fields: dict[Any, Selector[Any]] = {
            probatio.Required(CONF_POLL_INTERVAL): NumberSelector(
                NumberSelectorConfig(
                    min=MIN_POLL_INTERVAL,
                    max=MAX_POLL_INTERVAL,
                    mode=NumberSelectorMode.BOX,
                    unit_of_measurement=UnitOfTime.SECONDS,
                )
            ),
            probatio.Optional(CONF_POWER_SWITCH): EntitySelector(
                EntitySelectorConfig(domain=["input_boolean", "light", "switch"])
            ),
        }
        if self._may_lack_meter():
            fields[probatio.Optional(CONF_POWER_DRAW)] = NumberSelector(
                NumberSelectorConfig(
                    min=0,
                    max=10_000,
                    step=0.1,
                    mode=NumberSelectorMode.BOX,
                    unit_of_measurement=UnitOfPower.WATT,
                )
            )
        if capabilities.work_modes:
            fields[probatio.Optional(CONF_WORK_MODES)] = ObjectSelector(
                _mode_table(capabilities)
            )
        if capabilities.web_login:
            fields[probatio.Optional(CONF_USERNAME)] = TextSelector(
                TextSelectorConfig(autocomplete="off")
            )
            fields[probatio.Optional(probatio.Secret(CONF_PASSWORD))] = TextSelector(
                TextSelectorConfig(
                    type=TextSelectorType.PASSWORD, autocomplete="new-password"
                )
            )
        if capabilities.frequency_limit != capabilities.frequency:
            fields[probatio.Optional(CONF_WIDE_RANGE, default=False)] = (
                BooleanSelector()
            )
        if self.config_entry.data[CONF_FAMILY] == MinerFamily.NERDQAXE:
            fields[probatio.Optional(CONF_OTP_EARLY, default=False)] = BooleanSelector()
        return probatio.Schema(fields)


def _mode_table(capabilities: Capabilities) -> ObjectSelectorConfig:
    """Return the table of work modes, a row a mode.

    A new row starts as the miner is delivered. What is outside of the limits is
    refused with a reason, which the number field of a browser would not give.
    """
    modes = capabilities.work_modes
    usual = mode_to_row(
        next((mode for mode in modes if mode.name == MODE_STANDARD), modes[0])
    )
    return ObjectSelectorConfig(
        multiple=True,
        label_field=CONF_NAME,
        description_field=CONF_FREQUENCY,
        translation_key="work_mode",
        fields={
            CONF_NAME: {"required": True, "selector": TextSelector()},
            CONF_FREQUENCY: {
                "required": True,
                "default": usual[CONF_FREQUENCY],
                "selector": NumberSelector(
                    NumberSelectorConfig(
                        min=1,
                        max=65535,
                        mode=NumberSelectorMode.BOX,
                        unit_of_measurement="MHz",
                    )
                ),
            },
            CONF_CORE_VOLTAGE: {
                "required": True,
                "default": usual[CONF_CORE_VOLTAGE],
                "selector": NumberSelector(
                    NumberSelectorConfig(
                        min=1,
                        max=65535,
                        mode=NumberSelectorMode.BOX,
                        unit_of_measurement="mV",
                    )
                ),
            },
        },
    )


def _limits(capabilities: Capabilities) -> dict[str, str]:
    """Return the limits of a mode for the texts of the form."""

    def span(limit: Range | None, scale: float) -> str:
        if limit is None:
            return "–"
        return f"{limit.minimum * scale:.0f}–{limit.maximum * scale:.0f}"

    return {
        "frequency_range": span(capabilities.frequency_limit, 1),
        "core_voltage_range": span(capabilities.core_voltage_limit, 1000),
        "name": "",
    }


def _mode_error(
    rows: list[dict[str, Any]], capabilities: Capabilities
) -> tuple[str, str] | None:
    """Return what is wrong with the table of modes, and the name of the mode."""
    seen: set[str] = set()
    pairs: list[tuple[float, float]] = []
    for row in rows:
        mode = mode_from_row(row)
        name = mode.name.strip()
        if not name or len(name) > _LONGEST_NAME:
            return "mode_name", mode.name
        if is_taken(name):
            return "mode_name_taken", name
        if name.casefold() in seen:
            return "mode_twice", name
        if (limit := capabilities.frequency_limit) and mode.frequency not in limit:
            return "mode_frequency", name
        if (
            limit := capabilities.core_voltage_limit
        ) and mode.core_voltage not in limit:
            return "mode_core_voltage", name
        if any(mode.matches(*pair) for pair in pairs):
            return "mode_same_pair", name
        seen.add(name.casefold())
        pairs.append((mode.frequency, mode.core_voltage))
    return None


def _stored(user_input: dict[str, Any], capabilities: Capabilities) -> dict[str, Any]:
    """Return the options to store.

    A table that was emptied or left as the miner has it is not stored, so a later
    firmware can change it.
    """
    options = {key: value for key, value in user_input.items() if key not in _LOGIN}
    options[CONF_POLL_INTERVAL] = int(user_input[CONF_POLL_INTERVAL])
    rows = [
        mode_to_row(mode_from_row({**row, CONF_NAME: row[CONF_NAME].strip()}))
        for row in options.pop(CONF_WORK_MODES, None) or []
    ]
    if rows and rows != [mode_to_row(mode) for mode in capabilities.work_modes]:
        options[CONF_WORK_MODES] = rows
    return options
