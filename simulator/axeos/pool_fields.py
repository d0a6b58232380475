"""The pool in use and its fallback, as /api/system/info shows them."""

from collections.abc import Callable
from typing import Any

from simulator.axeos.pool_slots import slots_report
from simulator.axeos.settings import Pool
from simulator.axeos.state import AxeOSState
from simulator.firmware import Field, Version

type F = Field[AxeOSState]
type _PoolKey = tuple[str, Version, Version | None, Callable[[Pool], Any]]

_FALLBACK_SINCE: Version = (2, 3)
_ADDRESS_FAMILY_IPV4 = 2

# Every one of these exists a second time for the fallback pool. Two of them were
# numbers before they became true JSON booleans.
_POOL_KEYS: tuple[_PoolKey, ...] = (
    ("stratumURL", (2, 1), None, lambda pool: pool.url),
    ("stratumPort", (2, 1), None, lambda pool: pool.port),
    ("stratumUser", (2, 1), None, lambda pool: pool.user),
    (
        "stratumSuggestedDifficulty",
        (2, 9),
        None,
        lambda pool: pool.suggested_difficulty,
    ),
    (
        "stratumExtranonceSubscribe",
        (2, 9),
        (2, 14),
        lambda pool: int(pool.extranonce_subscribe),
    ),
    (
        "stratumExtranonceSubscribe",
        (2, 14),
        None,
        lambda pool: pool.extranonce_subscribe,
    ),
    ("stratumTLS", (2, 13), None, lambda pool: pool.tls),
    ("stratumCert", (2, 13), None, lambda pool: pool.certificate),
    (
        "stratumDecodeCoinbase",
        (2, 13),
        (2, 14),
        lambda pool: int(pool.decode_coinbase),
    ),
    ("stratumDecodeCoinbase", (2, 14), None, lambda pool: pool.decode_coinbase),
    ("stratumProtocol", (2, 14), None, lambda pool: pool.protocol),
    ("stratumV2ChannelType", (2, 14), None, lambda pool: pool.channel_type),
    ("stratumV2AuthorityPubkey", (2, 14), None, lambda pool: pool.authority_key),
)


def fallback_name(key: str) -> str:
    """Return the fallback pool's name for a key of the main pool."""
    return f"fallback{key[0].upper()}{key[1:]}"


def _main_field(key: _PoolKey) -> F:
    """Return the field of the main pool."""
    name, since, until, read = key
    return Field(
        name=name,
        since=since,
        until=until,
        make=lambda state: read(state.settings.pool),
    )


def _fallback_field(key: _PoolKey) -> F:
    """Return the field of the fallback pool."""
    name, since, until, read = key
    return Field(
        name=fallback_name(name),
        since=max(since, _FALLBACK_SINCE),
        until=until,
        make=lambda state: read(state.settings.fallback_pool),
    )


POOL_FIELDS: tuple[F, ...] = (
    *(_main_field(key) for key in _POOL_KEYS),
    *(_fallback_field(key) for key in _POOL_KEYS),
    Field(
        name="isUsingFallbackStratum",
        since=(2, 3),
        make=lambda state: int(state.using_fallback),
    ),
    Field(
        name="useFallbackStratum",
        since=(2, 15),
        make=lambda state: int(state.settings.use_fallback),
    ),
    Field(
        name="poolAddrFamily",
        since=(2, 11),
        until=(2, 13),
        make=lambda _: _ADDRESS_FAMILY_IPV4,
    ),
    Field(
        name="poolConnectionInfo",
        since=(2, 13),
        make=lambda state: "IPv4 (TLS)" if state.pool.tls else "IPv4",
    ),
    Field(
        name="primaryPoolIndex",
        since=(2, 15),
        make=lambda state: state.settings.primary,
    ),
    Field(
        name="secondaryPoolIndex",
        since=(2, 15),
        make=lambda state: state.settings.secondary,
    ),
    Field(
        name="pools",
        since=(2, 15),
        make=lambda state: slots_report(state.settings.pools),
    ),
)
