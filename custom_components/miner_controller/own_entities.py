"""Which of this integration's entities a trigger or a condition is about."""

from collections.abc import Mapping
from dataclasses import dataclass

from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.automation import DomainSpec

from .const import DOMAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityKind:
    """Entities of this integration that mean the same.

    Home Assistant's own helpers tell entities apart by domain and device class, and
    there many an entity of somebody else looks like one of ours.
    """

    platform: str
    """The domain of the entity ids, such as `sensor`."""
    keys: frozenset[str]
    """The translation keys, each of which is the end of the unique ids too."""
    in_subentry: bool = False
    """Of a pool or a cheap window, not of a miner or a tariff with the same key."""

    @property
    def domain_specs(self) -> Mapping[str, DomainSpec]:
        """Return what Home Assistant's helpers want to know of the kind."""
        return {self.platform: DomainSpec()}

    @callback
    def among(self, hass: HomeAssistant, entity_ids: set[str]) -> set[str]:
        """Return those of some entities that are of this kind."""
        registry = er.async_get(hass)
        return {
            entity_id
            for entity_id in entity_ids
            if (entity := registry.async_get(entity_id)) is not None
            and entity.platform == DOMAIN
            and entity.domain == self.platform
            and entity.translation_key in self.keys
            and (entity.config_subentry_id is not None) is self.in_subentry
        }


@callback
def async_sibling_state(
    hass: HomeAssistant, entity_id: str, platform: str, key: str
) -> State | None:
    """Return the state of another entity of an entity's miner, found by its key.

    None if there is no such entity, or if it is disabled.
    """
    registry = er.async_get(hass)
    if (entity := registry.async_get(entity_id)) is None:
        return None
    owner = entity.unique_id.removesuffix(f"_{entity.translation_key}")
    sibling = registry.async_get_entity_id(platform, DOMAIN, f"{owner}_{key}")
    return None if sibling is None else hass.states.get(sibling)
