"""The pools of a NerdQAxe++: the flat settings and, later, the stratum object."""

from collections.abc import Callable
from typing import Any

from simulator.firmware import Field, Version
from simulator.nerdqaxe.settings import POOL_DUAL, POOL_FAILOVER, Pool
from simulator.nerdqaxe.state import NerdQAxeState
from simulator.wire import JsonObject, decimals, number

type F = Field[NerdQAxeState]

VERIFY_SINCE: Version = (1, 1)
TLS_SINCE: Version = (1, 0, 36)
V2_SINCE: Version = (1, 0, 37)

_POOL_KEYS: tuple[tuple[str, Version, Callable[[Pool], Any]], ...] = (
    ("stratumURL", (0,), lambda pool: pool.url),
    ("stratumPort", (0,), lambda pool: pool.port),
    ("stratumUser", (0,), lambda pool: pool.user),
    ("stratumEnonceSubscribe", (0,), lambda pool: pool.enonce_subscribe),
    ("stratumTLS", TLS_SINCE, lambda pool: pool.tls),
    ("stratumProtocol", V2_SINCE, lambda pool: pool.protocol),
    ("sv2AuthorityPubkey", V2_SINCE, lambda _: ""),
    ("sv2ChannelType", V2_SINCE, lambda _: 0),
)


def fallback_name(key: str) -> str:
    """Return the fallback pool's name for a key of the main pool."""
    return f"fallback{key[0].upper()}{key[1:]}"


def _fields_of(key: tuple[str, Version, Callable[[Pool], Any]]) -> tuple[F, F]:
    """Return a key as a field of the main and of the fallback pool."""
    name, since, read = key
    return (
        Field(name=name, since=since, make=lambda s: read(s.settings.pool)),
        Field(
            name=fallback_name(name),
            since=since,
            make=lambda s: read(s.settings.fallback_pool),
        ),
    )


POOL_FIELDS: tuple[F, ...] = tuple(
    made for key in _POOL_KEYS for made in _fields_of(key)
)


def stratum_report(state: NerdQAxeState) -> JsonObject:
    """Return the state of the connections: one in failover mode, two in dual."""
    shares = state.model.shares
    report: JsonObject = {
        "poolMode": state.settings.pool_mode,
        "activePoolMode": state.active_pool_mode,
        "poolBalance": state.settings.pool_balance,
        "totalBestDiff": int(shares.best_ever),
    }
    if state.active_pool_mode == POOL_FAILOVER:
        report["usingFallback"] = state.using_fallback
    parts = 2 if state.active_pool_mode == POOL_DUAL else 1
    report["pools"] = [_connection(state, part, parts) for part in range(parts)]
    return report


def _connection(state: NerdQAxeState, part: int, parts: int) -> JsonObject:
    """Return one connection with its part of the shares."""
    shares = state.model.shares
    model = state.model
    connection: JsonObject = {
        "connected": state.ready,
        "poolDifficulty": number(model.pool_difficulty) if state.ready else 0,
        "networkDifficulty": number(model.network_difficulty) if state.ready else 0,
        "poolDiffErr": False,
        "accepted": (shares.accepted + part) // parts,
        "rejected": (shares.rejected + part) // parts,
        "pingRtt": decimals(model.ping_ms, 9),
        "pingLoss": 0,
        "bestDiff": int(shares.best_session) if part == 0 else 0,
    }
    if state.version >= V2_SINCE:
        connection |= {"activeProtocol": 0, "encrypted": False}
    if state.version >= VERIFY_SINCE:
        connection["verifyBlocked"] = ""
    return connection
