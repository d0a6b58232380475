"""Makes conditions about this integration's own entities."""

from typing import ClassVar, override

from homeassistant.helpers.condition import (
    Condition,
    EntityConditionBase,
    EntityNumericalConditionBase,
    EntityStateConditionBase,
)

from .own_entities import EntityKind


class OwnEntityCondition(EntityConditionBase):
    """Narrows a condition to this integration's entities of one kind."""

    _kind: ClassVar[EntityKind]

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Return the entities of the kind."""
        return self._kind.among(self._hass, super().entity_filter(entities))


def state_condition(kind: EntityKind, state: str) -> type[Condition]:
    """Return a condition about the state of an entity."""
    states: set[str | bool] = {state}

    class StateCondition(OwnEntityCondition, EntityStateConditionBase):
        """Tests whether an entity has the state."""

        _domain_specs = kind.domain_specs
        _kind = kind
        _states = states

    return StateCondition


def number_condition(kind: EntityKind) -> type[Condition]:
    """Return a condition about a number."""

    class NumberCondition(OwnEntityCondition, EntityNumericalConditionBase):
        """Tests whether a number is above, below, between or outside of limits."""

        _domain_specs = kind.domain_specs
        _kind = kind

    return NumberCondition
