"""Options of the fleet: data of the network, telemetry, and what is imported."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final, override

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)
import probatio

from ..const import DOMAIN
from .importing import ImportedLine, ImportOutcome, async_import
from .mqtt_options import (
    CONF_MQTT,
    CONF_PREFIX,
    CONF_QOS,
    CONF_RETAIN,
    DEFAULT_PREFIX,
    DEFAULT_QOS,
    DEFAULT_RETAIN,
    prefix_fault,
)
from .network_flow import NetworkOptionsFlow
from .old_configuration import OldConfigurationError

CONF_CONFIGURATION: Final = "configuration"
CONF_PUBLISH: Final = "publish"

_MQTT_SCHEMA: Final = probatio.Schema(
    {
        probatio.Required(CONF_PUBLISH): BooleanSelector(),
        probatio.Required(CONF_PREFIX): TextSelector(),
        probatio.Required(CONF_QOS): SelectSelector(
            SelectSelectorConfig(
                options=["0", "1", "2"],
                mode=SelectSelectorMode.DROPDOWN,
                translation_key="qos",
            )
        ),
        probatio.Required(CONF_RETAIN): BooleanSelector(),
    }
)
_IMPORT_SCHEMA: Final = probatio.Schema(
    {
        probatio.Required(CONF_CONFIGURATION): TextSelector(
            TextSelectorConfig(multiline=True)
        )
    }
)


class FleetOptionsFlow(NetworkOptionsFlow):
    """Handle the options of the fleet."""

    _typed: Mapping[str, Any]
    _import: asyncio.Task[tuple[ImportedLine, ...]] | None = None

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the user choose what to do."""
        return await self.async_step_fleet()

    async def async_step_fleet(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what there is to do. The first step's texts are those of a miner."""
        return self.async_show_menu(step_id="fleet", menu_options=self._fleet_steps())

    def _fleet_steps(self) -> list[str]:
        """Return what there is to do. Other rooms add their own steps."""
        return ["network", "mqtt", "import_configuration"]

    async def async_step_mqtt(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change what is published."""
        errors: dict[str, str] = {}
        if user_input is not None:
            fault = prefix_fault(user_input[CONF_PREFIX])
            if fault is None:
                return self.async_create_entry(data=self._with_mqtt(user_input))
            errors[CONF_PREFIX] = fault
        return self.async_show_form(
            step_id="mqtt",
            data_schema=self.add_suggested_values_to_schema(
                _MQTT_SCHEMA, user_input or self._published()
            ),
            errors=errors,
        )

    def _published(self) -> dict[str, Any]:
        """Return what is published now, as the form has it."""
        options = self.config_entry.options
        present = options.get(CONF_MQTT, {})
        return {
            CONF_PUBLISH: CONF_MQTT in options,
            CONF_PREFIX: present.get(CONF_PREFIX, DEFAULT_PREFIX),
            CONF_QOS: str(present.get(CONF_QOS, DEFAULT_QOS)),
            CONF_RETAIN: present.get(CONF_RETAIN, DEFAULT_RETAIN),
        }

    def _with_mqtt(self, user_input: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options with what the form says of MQTT."""
        others = {
            key: value
            for key, value in self.config_entry.options.items()
            if key != CONF_MQTT
        }
        if not user_input[CONF_PUBLISH]:
            return others
        return {
            **others,
            CONF_MQTT: {
                CONF_PREFIX: user_input[CONF_PREFIX],
                CONF_QOS: int(user_input[CONF_QOS]),
                CONF_RETAIN: user_input[CONF_RETAIN],
            },
        }

    async def async_step_import_configuration(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take the configuration of another application."""
        if user_input is None:
            return self._show_import({}, {})
        self._typed = user_input
        self._import = self.hass.async_create_task(
            async_import(self.hass, self.config_entry, user_input[CONF_CONFIGURATION]),
            f"{DOMAIN} import",
        )
        # The progress is shown even where it is over already: the step after it would
        # be given what was typed here.
        return self._show_progress(self._import)

    def _show_progress(
        self, importing: asyncio.Task[tuple[ImportedLine, ...]]
    ) -> ConfigFlowResult:
        """Show that miners are being looked for."""
        return self.async_show_progress(
            step_id="importing",
            progress_action="importing",
            progress_task=importing,
        )

    def _show_import(
        self, shown: Mapping[str, Any], errors: dict[str, str]
    ) -> ConfigFlowResult:
        """Show the form for a configuration."""
        return self.async_show_form(
            step_id="import_configuration",
            data_schema=self.add_suggested_values_to_schema(_IMPORT_SCHEMA, shown),
            errors=errors,
        )

    async def async_step_importing(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Wait for the miners of a configuration to be found."""
        importing = self._import
        if importing is not None and not importing.done():
            return self._show_progress(importing)
        failed = importing is None or importing.exception() is not None
        return self.async_show_progress_done(
            next_step_id="not_imported" if failed else "imported"
        )

    async def async_step_not_imported(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go back to the form, with what was typed."""
        error = self._import and self._import.exception()
        if not isinstance(error, OldConfigurationError):
            # Nobody foresaw it, so it is to be seen in the log.
            raise error or RuntimeError("Nothing was imported")
        errors = {CONF_CONFIGURATION: error.key}
        return self._show_import(self._typed, errors)

    async def async_step_imported(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what became of each line."""
        if user_input is not None:
            # What is stored already does not reload the fleet once more.
            return self.async_create_entry(data={**self.config_entry.options})
        lines = self._import.result() if self._import else ()
        return self.async_show_form(
            step_id="imported",
            description_placeholders={
                outcome.value: _listed(lines, outcome) for outcome in ImportOutcome
            },
        )

    @callback
    @override
    def async_remove(self) -> None:
        """Look for miners no longer when nobody waits for them any more."""
        if self._import is not None:
            self._import.cancel()


def _listed(lines: Iterable[ImportedLine], outcome: ImportOutcome) -> str:
    """Return the lines that had one outcome, each as an item of a list."""
    found = [f"- {line.name}" for line in lines if line.outcome is outcome]
    return "\n".join(found) or "–"
