"""A pool as AxeOS and NerdQAxe++ keep it: host, port, user and some more, in parts.

AxeOS up to 2.14 and NerdQAxe++ have flat keys for two pools, `stratumURL` and
`fallbackStratumURL` and so on. AxeOS from 2.15 on has slots, whose keys are named like
those of the first pool.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from . import parse
from .errors import MinerRefusedError, MinerUnsupportedError
from .pool_address import parse_pool_address
from .pool_settings import PoolSettings, check_pool
from .stratum_address import StratumAddressError, parse_stratum_address

PREFIX: Final = "stratum"

_FLAT_PREFIXES: Final = (PREFIX, "fallbackStratum")
_FALLBACK_KEY: Final = "useFallbackStratum"

# How AxeOS and NerdQAxe++ tell of the second version of the protocol. Firmware that
# knows the first version only tells of none.
_SECOND_VERSION: Final = ("SV2", 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class EspPool:
    """A pool in the parts that the firmware keeps. The host has no scheme."""

    host: str
    port: int
    tls: bool
    user: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolChange:
    """What is written to change pools, and what tells whether the change stands.

    What a miner tells of its pools is what it has stored. AxeOS uses that from its
    next start on.
    """

    settings: Mapping[str, Any] = field(repr=False)
    stands: Callable[[Mapping[str, Any]], bool] = field(repr=False)

    def missing(self, told: Mapping[str, Any]) -> str:
        """Return what does not stand, for an error to name, or nothing."""
        return "" if self.stands(told) else "The pool"


def esp_pool(pool: PoolSettings) -> EspPool:
    """Return a pool in its parts.

    Raises MinerRefusedError for a pool that cannot be sent, MinerUnsupportedError for
    one that speaks Stratum V2.
    """
    check_pool(pool)
    try:
        address = parse_stratum_address(pool.url)
    except StratumAddressError:
        raise MinerRefusedError("The pool's url cannot be sent") from None
    return EspPool(
        host=address.host,
        port=address.port,
        tls=address.tls,
        user=pool.worker,
        password=pool.password,
    )


def holds(told: Mapping[str, Any], pool: EspPool, prefix: str = PREFIX) -> bool:
    """Return whether the keys with a prefix tell of this pool and worker."""
    # What was typed into the miner may be a whole URL.
    stored = parse_pool_address(parse.text(told, f"{prefix}URL") or "")
    return (
        stored is not None
        and stored.host == pool.host
        and parse.count(told, f"{prefix}Port") == pool.port
        and told.get(f"{prefix}User") == pool.user
    )


def stands(told: Mapping[str, Any], pool: EspPool, prefix: str = PREFIX) -> bool:
    """Return whether the keys tell of this pool, and that it is spoken to rightly."""
    return (
        holds(told, pool, prefix)
        and _is_encrypted(told, prefix) is pool.tls
        and told.get(f"{prefix}Protocol") not in _SECOND_VERSION
    )


def pool_keys(
    told: Mapping[str, Any],
    pool: EspPool,
    truth: type[int],
    prefix: str = PREFIX,
) -> dict[str, Any]:
    """Return the settings that make the keys with a prefix tell of this pool.

    `truth` is how the firmware takes whether TLS is used: as a number or as a truth
    value. Raises MinerUnsupportedError for TLS with firmware that has no key for it.
    """
    keys: dict[str, Any] = {
        f"{prefix}URL": pool.host,
        f"{prefix}Port": pool.port,
        f"{prefix}User": pool.user,
        f"{prefix}Password": pool.password,
    }
    if f"{prefix}TLS" not in told:
        if pool.tls:
            raise MinerUnsupportedError("This firmware does not speak TLS to pools")
    elif not (holds(told, pool, prefix) and _is_encrypted(told, prefix) is pool.tls):
        # The same pool keeps the way in which its certificate is checked.
        keys[f"{prefix}TLS"] = truth(pool.tls)
    version = told.get(f"{prefix}Protocol")
    if version in _SECOND_VERSION:
        keys[f"{prefix}Protocol"] = "SV1" if isinstance(version, str) else 0
    return keys


def flat_change(
    info: Mapping[str, Any], pools: Mapping[int, EspPool], truth: type[int]
) -> PoolChange:
    """Return the change of the first pool (0) and of its fallback (1)."""
    placed = [(pool, _FLAT_PREFIXES[number]) for number, pool in pools.items()]
    settings: dict[str, Any] = {}
    for pool, prefix in placed:
        settings |= pool_keys(info, pool, truth, prefix)
    return PoolChange(
        settings=settings,
        stands=lambda told: all(stands(told, pool, prefix) for pool, prefix in placed),
    )


def is_fallback_forced(info: Mapping[str, Any]) -> bool:
    """Return whether the miner shall use its fallback pool, or may have been told to.

    AxeOS takes that since 2.11 and tells of it since 2.15. In between, it may be why a
    miner uses its fallback.
    """
    if _FALLBACK_KEY in info:
        return parse.flag(info, _FALLBACK_KEY) is True
    # This key came with 2.11.
    return "manualFanSpeed" in info and bool(parse.flag(info, "isUsingFallbackStratum"))


def without_forced_fallback(change: PoolChange) -> PoolChange:
    """Return a change that also ends the use of the fallback pool by order."""
    return PoolChange(
        settings={**change.settings, _FALLBACK_KEY: 0},
        stands=lambda told: (
            change.stands(told) and parse.flag(told, _FALLBACK_KEY) is not True
        ),
    )


def _is_encrypted(told: Mapping[str, Any], prefix: str) -> bool:
    """Return whether a pool is spoken to with TLS, which 2 with an own key is too."""
    mode = told.get(f"{prefix}TLS")
    return isinstance(mode, int) and mode > 0


def flat_slots(info: Mapping[str, Any]) -> int:
    """Return for how many pools the firmware has flat keys."""
    return 2 if f"{_FLAT_PREFIXES[1]}URL" in info else 1
