"""The eight pool slots that replace the flat stratum settings from 2.15 on."""

from typing import Any

from simulator.axeos.settings import POOL_SLOTS, Pool
from simulator.wire import JsonObject

SLOTS_SINCE = (2, 15)
MASK = "*****"

# JSON key: attribute of a pool, type, and range of a number.
_KEYS: dict[str, tuple[str, type, range | None]] = {
    "stratumURL": ("url", str, None),
    "stratumPort": ("port", int, range(1, 65536)),
    "stratumUser": ("user", str, None),
    "stratumPassword": ("password", str, None),
    "stratumSuggestedDifficulty": ("suggested_difficulty", int, range(65536)),
    "stratumExtranonceSubscribe": ("extranonce_subscribe", bool, None),
    "stratumTLS": ("tls", int, range(3)),
    "stratumCert": ("certificate", str, None),
    "stratumDecodeCoinbase": ("decode_coinbase", bool, None),
    "stratumProtocol": ("protocol", str, None),
    "stratumV2ChannelType": ("channel_type", str, None),
    "stratumV2AuthorityPubkey": ("authority_key", str, None),
    "stratumV2RequireAuth": ("require_auth", bool, None),
}
_REQUIRED = ("stratumURL", "stratumPort", "stratumUser")


def slots_report(pools: list[Pool]) -> list[JsonObject]:
    """Show every slot that is filled, with its password masked."""
    return [
        {
            "id": place,
            **{key: getattr(pool, name) for key, (name, _, _) in _KEYS.items()},
            "stratumPassword": MASK,
        }
        for place, pool in enumerate(pools)
        if pool.url
    ]


def slot_number(value: Any) -> int | None:
    """Return the number of a slot, or None if there is no such slot."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < POOL_SLOTS else None


def replacement(wanted: Any, old: Pool) -> Pool | None:
    """Return the pool that replaces a slot, or None if it is not acceptable.

    The whole slot is replaced: what is left out gets its default, but a masked
    password keeps the old one.
    """
    if not isinstance(wanted, dict) or any(key not in wanted for key in _REQUIRED):
        return None
    values: JsonObject = {}
    for key, (name, kind, allowed) in _KEYS.items():
        if key not in wanted:
            continue
        value = wanted[key]
        if type(value) is not kind or (allowed is not None and value not in allowed):
            return None
        values[name] = value
    if values.get("password") == MASK:
        values["password"] = old.password
    return Pool(**values)


def replaced_slots(wanted: Any, pools: list[Pool]) -> list[Pool] | None:
    """Return the slots with some replaced, or None if any is not acceptable."""
    if not isinstance(wanted, list):
        return None
    changed = list(pools)
    for entry in wanted:
        place = slot_number(entry.get("id")) if isinstance(entry, dict) else None
        if place is None:
            return None
        pool = replacement(entry, changed[place])
        if pool is None:
            return None
        changed[place] = pool
    return changed
