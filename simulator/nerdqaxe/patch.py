"""What a NerdQAxe++ takes in PATCH /api/system: exact types, the rest skipped."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from simulator.firmware import Version
from simulator.nerdqaxe.settings import NerdQAxeSettings
from simulator.nerdqaxe.stratum import TLS_SINCE, V2_SINCE, fallback_name
from simulator.wire import JsonObject

MANUAL_FAN_SINCE: Version = (1, 0, 35)

_UINT16 = 1 << 16
_UINT32 = 1 << 32

type _Check = Callable[[Any], bool]


def _is_uint16(value: Any) -> bool:
    """Tell whether a value is a whole number of 16 bits; `525.0` is not."""
    return type(value) is int and 0 <= value < _UINT16


def _is_positive(value: Any) -> bool:
    """Tell whether a value is such a number and not zero."""
    return _is_uint16(value) and value > 0


def _is_uint32(value: Any) -> bool:
    """Tell whether a value is a whole number of 32 bits."""
    return type(value) is int and 0 <= value < _UINT32


def _is_number(value: Any) -> bool:
    """Tell whether a value is any number."""
    return type(value) in (int, float)


def _is_text(value: Any) -> bool:
    """Tell whether a value is a text."""
    return isinstance(value, str)


def _is_bool(value: Any) -> bool:
    """Tell whether a value is true or false; 0 and 1 are not."""
    return isinstance(value, bool)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of the request: where it is kept and what is taken for it."""

    name: str
    attribute: str
    check: _Check
    since: Version = (0,)
    until: Version | None = None

    def takes(self, value: Any, version: Version) -> bool:
        """Tell whether a version takes this value for this key."""
        exists = self.since <= version and (self.until is None or version < self.until)
        return exists and self.check(value)


_KEYS = (
    Key(name="ssid", attribute="ssid", check=_is_text),
    Key(name="hostname", attribute="hostname", check=_is_text),
    Key(name="frequency", attribute="frequency", check=_is_positive),
    Key(name="coreVoltage", attribute="core_voltage", check=_is_positive),
    Key(name="jobInterval", attribute="job_interval", check=_is_positive),
    Key(name="stratumDifficulty", attribute="stratum_difficulty", check=_is_uint32),
    Key(name="overheat_temp", attribute="overheat_temperature", check=_is_uint16),
    Key(name="autofanspeed", attribute="autofan", check=_is_uint16),
    Key(
        name="fanspeed",
        attribute="manual_fan",
        check=_is_uint16,
        until=MANUAL_FAN_SINCE,
    ),
    Key(
        name="manualFanSpeed",
        attribute="manual_fan",
        check=_is_uint16,
        since=MANUAL_FAN_SINCE,
    ),
    Key(name="pidTargetTemp", attribute="pid_target", check=_is_uint16),
    Key(name="pidP", attribute="pid_p", check=_is_number),
    Key(name="pidI", attribute="pid_i", check=_is_number),
    Key(name="pidD", attribute="pid_d", check=_is_number),
    Key(
        name="vrFrequency",
        attribute="vr_frequency",
        check=_is_uint32,
        since=(1, 0, 33),
    ),
    Key(name="flipscreen", attribute="flip_screen", check=_is_bool),
    Key(name="invertscreen", attribute="invert_screen", check=_is_bool),
    Key(name="autoscreenoff", attribute="auto_screen_off", check=_is_bool),
    Key(name="invertfanpolarity", attribute="invert_fan_polarity", check=_is_bool),
    Key(
        name="poolMode",
        attribute="pool_mode",
        check=_is_uint16,
        since=MANUAL_FAN_SINCE,
    ),
    Key(
        name="poolBalance",
        attribute="pool_balance",
        check=_is_uint16,
        since=MANUAL_FAN_SINCE,
    ),
)
_POOL_KEYS = (
    Key(name="stratumURL", attribute="url", check=_is_text),
    Key(name="stratumPort", attribute="port", check=_is_uint16),
    Key(name="stratumUser", attribute="user", check=_is_text),
    Key(name="stratumPassword", attribute="password", check=_is_text),
    Key(name="stratumEnonceSubscribe", attribute="enonce_subscribe", check=_is_bool),
    Key(name="stratumTLS", attribute="tls", check=_is_bool, since=TLS_SINCE),
    # It is told since 1.0.37. That it is also taken is not verified.
    Key(
        name="stratumProtocol",
        attribute="protocol",
        check=_is_uint16,
        since=V2_SINCE,
    ),
)
_FALLBACK_KEYS = tuple(replace(key, name=fallback_name(key.name)) for key in _POOL_KEYS)


def apply_patch(
    content: JsonObject, settings: NerdQAxeSettings, version: Version
) -> None:
    """Save what fits and skip the rest without a word."""
    for target, keys in (
        (settings, _KEYS),
        (settings.pool, _POOL_KEYS),
        (settings.fallback_pool, _FALLBACK_KEYS),
    ):
        for key in keys:
            value = content.get(key.name)
            if key.takes(value, version):
                setattr(target, key.attribute, value)
    # This one key is taken as a number as well.
    keep = content.get("stratum_keep")
    if isinstance(keep, int):
        settings.stratum_keep = keep != 0
