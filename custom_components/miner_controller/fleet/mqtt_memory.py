"""What is kept of the MQTT export, so that nothing is left behind on the broker.

A retained message stays there until somebody publishes an empty one in its place, and
a miner may be removed while the broker is away or the export is off.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from ..const import DOMAIN, LOGGER
from ..prices.memory import UNREADABLE

_VERSION: Final = 1


@dataclass(slots=True, kw_only=True)
class MqttMemory:
    """The topics with a retained message, and the miners' slugs by their entries."""

    retained: set[str] = field(default_factory=set)
    slugs: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the memory as plain values that survive JSON unchanged."""
        return {"retained": sorted(self.retained), "slugs": dict(self.slugs)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the memory that `as_dict` stored. Raises what `UNREADABLE` lists."""
        return cls(
            retained={_text(topic) for topic in data["retained"]},
            slugs={key: _text(slug) for key, slug in data["slugs"].items()},
        )


def _text(value: Any) -> str:
    """Return what is a text, or raise TypeError."""
    if not isinstance(value, str):
        raise TypeError("This is no text")
    return value


def mqtt_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return the file in which the memory of the export is kept."""
    return Store(hass, _VERSION, f"{DOMAIN}.mqtt_{entry_id}")


async def async_recall(store: Store[dict[str, Any]]) -> MqttMemory:
    """Return what was kept. A file that somebody damaged is as good as none."""
    try:
        data = await store.async_load()
        if data is not None:
            return MqttMemory.from_dict(data)
    except UNREADABLE as err:
        LOGGER.warning(
            "What was stored of the MQTT export cannot be read, so messages of miners "
            "that are gone may stay on the broker (%s)",
            type(err).__name__,
        )
    return MqttMemory()
