"""Triggers for the plan of a miner."""

from typing import ClassVar, Final, override

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
    A plan that was not known meanwhile is compared with what was planned before that,
    unlike with other triggers: a change may come just when prices come back.
    """

    _excluded_from_states: ClassVar[frozenset[str]] = frozenset()
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
        # What was planned last for each miner, whether it was wanted or not.
        self._last: dict[str, str] = {}

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Return the entities of the kind, and note what is planned when it begins."""
        found = super().entity_filter(entities)
        for entity_id in found:
            if (state := self._hass.states.get(entity_id)) is not None:
                self._note(state)
        return found

    def _note(self, state: State) -> None:
        """Note what is planned, if that is known."""
        if state.state not in self._excluded_states:
            self._last[state.entity_id] = state.state

    @override
    def is_valid_transition(self, from_state: State, to_state: State) -> bool:
        """Return whether another mode is planned than the last one that was known."""
        self._note(from_state)
        before = self._last.get(to_state.entity_id)
        self._note(to_state)
        return before not in (None, to_state.state)

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Return whether the mode is one of those that are wanted."""
        if not self._modes or state.state in self._modes:
            return True
        self._note(state)
        return False


PLAN_TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "planned_mode_changed": PlannedModeChangedTrigger,
}
