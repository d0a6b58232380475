"""Makes triggers for this integration's own entities."""

from typing import ClassVar, override

from homeassistant.components.event import ATTR_EVENT_TYPE
from homeassistant.core import State
from homeassistant.helpers.trigger import (
    EntityNumericalStateCrossedThresholdTriggerBase,
    EntityTargetStateTriggerBase,
    EntityTriggerBase,
    NotTriggeredReasonReporter,
    StatelessEntityTriggerBase,
    Trigger,
)
from homeassistant.helpers.typing import UNDEFINED, UndefinedType

from .own_entities import EntityKind


class OwnEntityTrigger(EntityTriggerBase):
    """Narrows a trigger to this integration's entities of one kind.

    All else is as Home Assistant has it for triggers of entities: nothing fires when
    an entity becomes available, as it does after a reload or a restart.
    """

    _kind: ClassVar[EntityKind]

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Return the entities of the kind."""
        return self._kind.among(self._hass, super().entity_filter(entities))


class ActivityTrigger(OwnEntityTrigger, StatelessEntityTriggerBase):
    """Fires when an event entity tells of an event of one type."""

    _event_type: ClassVar[str]

    @override
    def is_valid_transition(self, from_state: State, to_state: State) -> bool:
        """Return whether something happened, and not the same as before.

        What happens together has the same time, which is all that the state tells.
        """
        return super().is_valid_transition(from_state, to_state) or (
            from_state.attributes.get(ATTR_EVENT_TYPE) != self._event_type
        )

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Return whether the event is of the type."""
        return bool(state.attributes.get(ATTR_EVENT_TYPE) == self._event_type)


def state_trigger(
    kind: EntityKind, to_state: str, *, diagnostic: bool = False
) -> type[Trigger]:
    """Return a trigger for a change of an entity to a state.

    `diagnostic` is for a kind of that category: with a device as the target it is
    found only if that is told, here and in triggers.yaml.
    """
    to_states = {to_state}

    class StateTrigger(OwnEntityTrigger, EntityTargetStateTriggerBase):
        """Fires when an entity changes to the state."""

        _domain_specs = kind.domain_specs
        _kind = kind
        _primary_entities_only = not diagnostic
        _to_states = to_states

    return StateTrigger


def threshold_trigger(
    kind: EntityKind, unit: str | UndefinedType = UNDEFINED
) -> type[Trigger]:
    """Return a trigger for a number that crosses a threshold.

    With a `unit` the threshold may be an entity with that unit only.
    """

    class ThresholdTrigger(
        OwnEntityTrigger, EntityNumericalStateCrossedThresholdTriggerBase
    ):
        """Fires when a number crosses the threshold."""

        _domain_specs = kind.domain_specs
        _kind = kind
        _valid_unit = unit

    return ThresholdTrigger


def activity_trigger(kind: EntityKind, event_type: str) -> type[Trigger]:
    """Return a trigger for an event of one type."""

    class EventTrigger(ActivityTrigger):
        """Fires when an entity tells of the event."""

        _domain_specs = kind.domain_specs
        _event_type = event_type
        _kind = kind

    return EventTrigger
