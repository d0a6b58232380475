"""Triggers for the plan of a miner."""

from typing import Final, override

from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN
from homeassistant.const import CONF_MODE, CONF_OPTIONS
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.trigger import (
    ENTITY_STATE_TRIGGER_SCHEMA,
    NotTriggeredReasonReporter,
    Trigger,
    TriggerConfig,
)
import probatio

from ..own_entities import EntityKind
from ..own_triggers import OwnEntityTrigger

PLANNED_MODE: Final = EntityKind(
    platform=SENSOR_DOMAIN, keys=frozenset({"planned_mode"})
)


class PlannedModeChangedTrigger(OwnEntityTrigger):
    """Fires when a miner is to be in another mode than before, as its plan says.

    With some modes it fires only for a change to one of them. There is no choice of
    the first or the last of several miners, as each change is a matter of one miner.
    """

    _kind = PLANNED_MODE
    _domain_specs = _kind.domain_specs
    _schema = ENTITY_STATE_TRIGGER_SCHEMA.extend(
        {
            probatio.Required(CONF_OPTIONS, default={}): {
                probatio.Optional(CONF_MODE): probatio.All(
                    probatio.EnsureList(), [cv.string]
                ),
            },
        }
    )

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Initialize the trigger."""
        super().__init__(hass, config)
        self._modes: list[str] = self._options.get(CONF_MODE, [])

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Return whether the mode is one of those that are wanted."""
        return not self._modes or state.state in self._modes


PLAN_TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "planned_mode_changed": PlannedModeChangedTrigger,
}
