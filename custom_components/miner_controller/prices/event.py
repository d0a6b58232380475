"""The event of a tariff: that prices were published."""

from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import PriceConfigEntry
from .entity import PriceEntity
from .publication import Publication
from .shown import shown_span

EVENT_PUBLISHED = "published"

DESCRIPTION = EventEntityDescription(
    key="prices_published",
    translation_key="prices_published",
    event_types=[EVENT_PUBLISHED],
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PriceConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the event of a tariff."""
    async_add_entities([PricesPublishedEvent(entry.runtime_data, DESCRIPTION)])


class PricesPublishedEvent(PriceEntity, EventEntity):
    """Tells that prices were published, once for each publication."""

    _told: Publication | None = None

    @property
    @override
    def available(self) -> bool:
        """Return that what happened last stays true."""
        return True

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Tell of a publication that was not told of yet."""
        publication = self.coordinator.publication
        if publication is None or publication is self._told:
            return
        self._told = publication
        told = publication.summary
        self._trigger_event(
            EVENT_PUBLISHED,
            {
                **shown_span(publication),
                "lowest": told.lowest.price,
                "highest": told.highest.price,
                "average": round(told.average, 6),
            },
        )
        super()._handle_coordinator_update()
