"""How the fleet tells others by MQTT what its miners do, as its user chose it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

CONF_MQTT: Final = "mqtt"
CONF_PREFIX: Final = "prefix"
CONF_QOS: Final = "qos"
CONF_RETAIN: Final = "retain"

DEFAULT_PREFIX: Final = "miner"
DEFAULT_QOS: Final = 0
DEFAULT_RETAIN: Final = False

MAX_PREFIX_LENGTH: Final = 200

_WILDCARDS: Final = "+#"


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttOptions:
    """Where telemetry is published, and how.

    `retain` is about telemetry. The status of a miner is always retained.
    """

    prefix: str = DEFAULT_PREFIX
    qos: int = DEFAULT_QOS
    retain: bool = DEFAULT_RETAIN

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Self | None:
        """Return what the options of the fleet say, None where nothing is published."""
        mqtt = options.get(CONF_MQTT)
        if mqtt is None:
            return None
        return cls(
            prefix=mqtt.get(CONF_PREFIX, DEFAULT_PREFIX),
            # A form may give numbers that it offers in a list as text.
            qos=int(mqtt.get(CONF_QOS, DEFAULT_QOS)),
            retain=mqtt.get(CONF_RETAIN, DEFAULT_RETAIN),
        )


def prefix_fault(prefix: str) -> str | None:
    """Return the translation key of what is wrong with a prefix, None if it is good.

    A prefix may have several levels, "home/miner". MQTT allows more than is allowed
    here: a topic that looks like another one, or that a broker treats in its own way
    as it begins with "$", only makes trouble.
    """
    if len(prefix) > MAX_PREFIX_LENGTH:
        return "prefix_too_long"
    if prefix.startswith("$"):
        return "prefix_reserved"
    if not prefix.isprintable() or any(map(str.isspace, prefix)):
        return "prefix_characters"
    if any(wildcard in prefix for wildcard in _WILDCARDS):
        return "prefix_wildcard"
    if not all(prefix.split("/")):
        return "prefix_levels"
    return None
