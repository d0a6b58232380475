"""What PATCH /api/system accepts, by firmware version."""

from dataclasses import dataclass, replace
from typing import Any

from simulator.axeos.pool_fields import fallback_name
from simulator.axeos.pool_slots import SLOTS_SINCE, replaced_slots, slot_number
from simulator.axeos.settings import AxeOSSettings
from simulator.firmware import Version
from simulator.wire import JsonObject

STRICT_SINCE: Version = (2, 11)

_TLS_SINCE: Version = (2, 13)

_ANY_UINT16 = (0, 65535)
_HOSTNAME_LENGTH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of the request: where it is kept and what is taken for it.

    `limits` are the least and greatest number, or the greatest length of a text.
    Where nothing is limited the firmware takes what its flash can hold.
    """

    name: str
    attribute: str
    kind: type
    limits: tuple[int, int] = _ANY_UINT16
    since: Version = (0,)
    until: Version | None = None

    def exists_in(self, version: Version) -> bool:
        """Tell whether a version looks at this key at all."""
        return self.since <= version and (self.until is None or version < self.until)

    def strict(self, value: Any) -> Any:
        """Return the value to keep, or raise ValueError as newer firmware refuses."""
        if not self._fits(value):
            raise ValueError(self.name)
        return value if self.kind is float else self.kind(value)

    def _fits(self, value: Any) -> bool:
        """Tell whether newer firmware takes a value of this type and size."""
        low, high = self.limits
        if self.kind is str:
            return isinstance(value, str) and len(value) <= high
        if self.kind is bool:
            return isinstance(value, int | float) and value in (0, 1)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and low <= value <= high

    def loose(self, value: Any) -> Any:
        """Return what older firmware makes of any JSON value, or None for nothing.

        It reads the value as an integer without looking at its type, which makes
        a text 0. Only frequency and voltage are guarded against that.
        """
        if self.kind is str:
            return value if isinstance(value, str) else None
        number = value if isinstance(value, int | float) else 0
        whole = int(min(max(number, -(2**31)), 2**31 - 1))
        if self.kind is bool:
            return whole != 0
        if self.limits[0] > 0 and whole <= 0:
            return None
        return whole & 0xFFFF if self.limits[0] >= 0 else whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One value to be saved, in the settings or in one pool."""

    attribute: str
    value: Any
    pool: int | None = None

    def apply(self, settings: AxeOSSettings) -> None:
        """Save the value."""
        if self.pool is None:
            setattr(settings, self.attribute, self.value)
            return
        settings.pools[self.pool] = replace(
            settings.pools[self.pool], **{self.attribute: self.value}
        )


def _pool_keys() -> tuple[Key, ...]:
    """Return the flat stratum keys, which firmware with slots ignores."""
    keys = (
        Key(name="stratumURL", attribute="url", kind=str, until=SLOTS_SINCE),
        Key(
            name="stratumPort",
            attribute="port",
            kind=int,
            limits=(1, 65535),
            until=SLOTS_SINCE,
        ),
        Key(name="stratumUser", attribute="user", kind=str, until=SLOTS_SINCE),
        Key(name="stratumPassword", attribute="password", kind=str, until=SLOTS_SINCE),
        Key(
            name="stratumSuggestedDifficulty",
            attribute="suggested_difficulty",
            kind=int,
            since=(2, 9),
            until=SLOTS_SINCE,
        ),
        Key(
            name="stratumExtranonceSubscribe",
            attribute="extranonce_subscribe",
            kind=bool,
            since=(2, 9),
            until=SLOTS_SINCE,
        ),
        Key(
            name="stratumTLS",
            attribute="tls",
            kind=int,
            limits=(0, 2),
            since=_TLS_SINCE,
            until=SLOTS_SINCE,
        ),
        Key(
            name="stratumCert",
            attribute="certificate",
            kind=str,
            since=_TLS_SINCE,
            until=SLOTS_SINCE,
        ),
        Key(
            name="stratumDecodeCoinbase",
            attribute="decode_coinbase",
            kind=bool,
            since=_TLS_SINCE,
            until=SLOTS_SINCE,
        ),
        # It is told since 2.14. That it is also taken is not verified.
        Key(
            name="stratumProtocol",
            attribute="protocol",
            kind=str,
            since=(2, 14),
            until=SLOTS_SINCE,
        ),
    )
    return (*keys, *(replace(key, name=fallback_name(key.name)) for key in keys))


_POOL_KEYS = _pool_keys()
_KEYS = (
    Key(name="frequency", attribute="frequency", kind=float, limits=(1, 65535)),
    Key(name="coreVoltage", attribute="core_voltage", kind=int, limits=(1, 65535)),
    Key(name="autofanspeed", attribute="autofan", kind=bool),
    Key(
        name="fanspeed",
        attribute="manual_fan",
        kind=int,
        limits=(0, 100),
        until=(2, 11),
    ),
    Key(
        name="manualFanSpeed",
        attribute="manual_fan",
        kind=int,
        limits=(0, 100),
        since=(2, 11),
    ),
    Key(
        name="minFanSpeed",
        attribute="minimum_fan",
        kind=int,
        limits=(0, 99),
        since=(2, 10),
    ),
    Key(
        name="temptarget",
        attribute="target_temperature",
        kind=int,
        limits=(35, 66),
        since=(2, 7),
    ),
    Key(name="overclockEnabled", attribute="overclock", kind=bool, since=(2, 6)),
    Key(name="statsFrequency", attribute="stats_frequency", kind=int, since=(2, 9)),
    Key(
        name="displayTimeout",
        attribute="display_timeout",
        kind=int,
        limits=(-1, 71582),
        since=(2, 7),
    ),
    Key(name="rotation", attribute="rotation", kind=int, since=(2, 9)),
    Key(name="invertscreen", attribute="invert_screen", kind=bool),
    Key(name="flipscreen", attribute="flip_screen", kind=bool, until=(2, 9)),
    Key(
        name="invertfanpolarity",
        attribute="invert_fan_polarity",
        kind=bool,
        until=(2, 7),
    ),
    Key(name="hostname", attribute="hostname", kind=str, limits=(0, _HOSTNAME_LENGTH)),
    Key(name="ssid", attribute="ssid", kind=str, limits=(0, _HOSTNAME_LENGTH)),
    Key(name="display", attribute="display", kind=str, since=(2, 8)),
    Key(
        name="useFallbackStratum",
        attribute="use_fallback",
        kind=bool,
        since=STRICT_SINCE,
    ),
)


def apply_patch(content: JsonObject, settings: AxeOSSettings, version: Version) -> bool:
    """Save what a request wants; return False, with nothing saved, if refused."""
    strict = version >= STRICT_SINCE
    try:
        changes = [
            *_plain_changes(content, version, strict=strict),
            *_pool_changes(content, version, strict=strict),
            *_overheat_changes(content, strict=strict),
            *(_slot_changes(content, settings) if version >= SLOTS_SINCE else ()),
        ]
    except ValueError:
        return False
    for change in changes:
        change.apply(settings)
    return True


def _wanted(key: Key, content: JsonObject, *, strict: bool) -> Any:
    """Return the value to keep for a key, None to leave it alone."""
    value = content[key.name]
    return key.strict(value) if strict else key.loose(value)


def _plain_changes(
    content: JsonObject, version: Version, *, strict: bool
) -> list[Change]:
    """Return the changes of settings that are one value each."""
    return [
        Change(attribute=key.attribute, value=value)
        for key in _KEYS
        if key.name in content and key.exists_in(version)
        if (value := _wanted(key, content, strict=strict)) is not None
    ]


def _pool_changes(
    content: JsonObject, version: Version, *, strict: bool
) -> list[Change]:
    """Return the changes of the main and the fallback pool by the flat keys."""
    return [
        Change(
            attribute=key.attribute,
            value=value,
            pool=1 if key.name.startswith("fallback") else 0,
        )
        for key in _POOL_KEYS
        if key.name in content and key.exists_in(version)
        if (value := _wanted(key, content, strict=strict)) is not None
    ]


def _overheat_changes(content: JsonObject, *, strict: bool) -> list[Change]:
    """Return the clearing of the overheat mark; it can only be cleared."""
    if "overheat_mode" not in content:
        return []
    value = content["overheat_mode"]
    if value == 0:
        return [Change(attribute="overheat_mode", value=False)]
    if strict:
        raise ValueError(value)
    return []


def _slot_changes(content: JsonObject, settings: AxeOSSettings) -> list[Change]:
    """Return the changes of pool slots and of which two are used."""
    changes: list[Change] = []
    if "pools" in content:
        slots = replaced_slots(content["pools"], settings.pools)
        if slots is None:
            raise ValueError(content["pools"])
        changes.append(Change(attribute="pools", value=slots))
    for name, attribute in (
        ("primaryPoolIndex", "primary"),
        ("secondaryPoolIndex", "secondary"),
    ):
        if name in content:
            place = slot_number(content[name])
            if place is None:
                raise ValueError(name)
            changes.append(Change(attribute=attribute, value=place))
    return changes
