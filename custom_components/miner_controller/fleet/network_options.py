"""What the fleet's user chose about data of the Bitcoin network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from homeassistant.const import CONF_URL

from ..sources.mempool import DEFAULT_URL

CONF_BITCOIN_SENSOR: Final = "bitcoin_sensor"
CONF_ENABLED: Final = "enabled"
CONF_NETWORK: Final = "network"

ON_BY_DEFAULT: Final = True
"""A fleet whose user said nothing knows the network, as all that is earned needs it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkOptions:
    """Where the data comes from.

    `url` is a mempool, at home perhaps. `bitcoin_sensor` is the entity that tells the
    price of a bitcoin, None where the mempool does.
    """

    url: str = field(default=DEFAULT_URL, repr=False)
    bitcoin_sensor: str | None = None

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Self | None:
        """Return what the options of the fleet say, None where it is switched off."""
        network = options.get(CONF_NETWORK, {})
        if not network.get(CONF_ENABLED, ON_BY_DEFAULT):
            return None
        return cls(
            url=network.get(CONF_URL, DEFAULT_URL),
            bitcoin_sensor=network.get(CONF_BITCOIN_SENSOR),
        )
