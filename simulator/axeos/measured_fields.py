"""What AxeOS measures: the fields of /api/system/info that change by themselves."""

import math
from typing import Any

from simulator.axeos.state import AxeOSState
from simulator.firmware import ABSENT, Field
from simulator.wire import JsonObject, difficulty_text, float32, number

_FIRST_BLOCK = 905_000
_BLOCK_SECONDS = 600
_BLOCK_REWARD = 312_500_000


def _once_mining(state: AxeOSState, value: Any) -> Any:
    """Leave a field out until the first job has come from the pool."""
    return value if state.ready else ABSENT


def _fault(text: str | None) -> Any:
    """Leave a fault out while there is none."""
    return ABSENT if text is None else text


def _reasons(state: AxeOSState) -> list[JsonObject]:
    """List why shares were rejected, and how often."""
    return [
        {"message": message, "count": count}
        for message, count in state.model.shares.reasons.items()
    ]


def _monitor(state: AxeOSState) -> JsonObject:
    """Split the hashrate over chips and their domains."""
    chips = state.board.hardware.chips
    domains = state.board.hash_domains
    total = state.model.hashrate / chips
    share = total / domains
    return {
        "asics": [
            {
                "total": float32(total),
                "domains": [
                    float32(share * (0.94 + 0.12 * place / max(1, domains - 1)))
                    for place in range(domains)
                ],
                "errorCount": int(state.model.error_count / chips),
            }
            for _ in range(chips)
        ]
    }


def _block_height(state: AxeOSState) -> int:
    """Return the height of the block that is being mined for."""
    return _FIRST_BLOCK + int(state.uptime // _BLOCK_SECONDS)


def _coinbase(state: AxeOSState) -> list[JsonObject]:
    """Show who would be paid for a block."""
    return [{"value": _BLOCK_REWARD, "address": state.pool.user.split(".")[0]}]


def _log2_work(state: AxeOSState) -> float:
    """Return all the work ever done as a power of two."""
    return round(math.log2(max(1, state.total_hashes)), 3)


type F = Field[AxeOSState]

POWER_FIELDS: tuple[F, ...] = (
    Field(name="power", make=lambda s: float32(s.model.power)),
    Field(name="voltage", make=lambda s: float32(s.model.input_voltage)),
    Field(name="current", make=lambda s: float32(s.current)),
    Field(name="temp", make=lambda s: float32(s.chip_temperature)),
    Field(name="temp2", since=(2, 10), make=lambda _: -1),
    Field(name="vrTemp", since=(2, 2), make=lambda s: float32(s.vr_temperature)),
    Field(
        name="coreVoltageActual",
        make=lambda s: round(s.model.core_voltage_actual),
    ),
    Field(
        name="actualFrequency",
        since=(2, 14),
        make=lambda s: float32(s.actual_frequency),
    ),
    Field(name="fanspeed", make=lambda s: number(round(s.model.fan_percent))),
    Field(name="fanrpm", since=(2, 2), make=lambda s: s.model.fan_rpm),
    Field(name="fan2rpm", since=(2, 11), make=lambda _: 0),
    Field(name="power_fault", since=(2, 6), make=lambda s: _fault(s.model.power_fault)),
    Field(
        name="hardware_fault",
        since=(2, 14),
        make=lambda s: _fault(s.model.hardware_fault),
    ),
)

HASHING_FIELDS: tuple[F, ...] = (
    Field(name="hashRate", make=lambda s: float32(s.model.hashrate)),
    Field(
        name="hashRate_1m",
        since=(2, 12),
        make=lambda s: float32(s.model.averages["1m"]),
    ),
    Field(
        name="hashRate_10m",
        since=(2, 12),
        make=lambda s: float32(s.model.averages["10m"]),
    ),
    Field(
        name="hashRate_1h",
        since=(2, 12),
        make=lambda s: float32(s.model.averages["1h"]),
    ),
    Field(
        name="expectedHashrate",
        since=(2, 8),
        make=lambda s: float32(s.expected_hashrate),
    ),
    Field(
        name="errorPercentage",
        since=(2, 11),
        make=lambda s: float32(s.model.errors),
    ),
    Field(name="hashrateMonitor", since=(2, 11), make=_monitor),
    Field(name="miningPaused", since=(2, 14), make=lambda s: s.paused),
    Field(name="totalHashes", since=(2, 15), make=lambda s: s.total_hashes),
    Field(name="totalLog2Work", since=(2, 15), make=_log2_work),
    Field(name="workReceived", since=(2, 15), make=lambda s: int(s.uptime // 30)),
)

SHARE_FIELDS: tuple[F, ...] = (
    Field(name="sharesAccepted", make=lambda s: s.model.shares.accepted),
    Field(name="sharesRejected", make=lambda s: s.model.shares.rejected),
    Field(name="sharesPending", since=(2, 15), make=lambda _: 0),
    Field(name="sharesRejectedReasons", since=(2, 6), make=_reasons),
    Field(
        name="bestDiff",
        until=(2, 9),
        make=lambda s: difficulty_text(s.model.shares.best_ever),
    ),
    Field(
        name="bestDiff",
        since=(2, 9),
        until=(2, 10),
        make=lambda s: difficulty_text(s.model.shares.best_ever, conversion=".2f"),
    ),
    Field(
        name="bestDiff",
        since=(2, 10),
        until=(2, 11),
        make=lambda s: difficulty_text(
            s.model.shares.best_ever, conversion=".2f", space=True
        ),
    ),
    Field(
        name="bestDiff",
        since=(2, 11),
        make=lambda s: int(s.model.shares.best_ever),
    ),
    Field(
        name="bestSessionDiff",
        since=(2, 2),
        until=(2, 9),
        make=lambda s: difficulty_text(s.model.shares.best_session),
    ),
    Field(
        name="bestSessionDiff",
        since=(2, 9),
        until=(2, 10),
        make=lambda s: difficulty_text(s.model.shares.best_session, conversion=".2f"),
    ),
    Field(
        name="bestSessionDiff",
        since=(2, 10),
        until=(2, 11),
        make=lambda s: difficulty_text(
            s.model.shares.best_session, conversion=".2f", space=True
        ),
    ),
    Field(
        name="bestSessionDiff",
        since=(2, 11),
        make=lambda s: int(s.model.shares.best_session),
    ),
    Field(
        name="stratumDiff",
        since=(2, 4),
        until=(2, 9),
        make=lambda s: number(s.model.pool_difficulty) if s.ready else 0,
    ),
    Field(
        name="poolDifficulty",
        since=(2, 9),
        make=lambda s: number(s.model.pool_difficulty) if s.ready else 0,
    ),
    Field(name="responseTime", since=(2, 9), make=lambda s: float32(s.model.ping_ms)),
    Field(name="responseShareBatch", since=(2, 14), make=lambda _: 1),
    Field(name="processTime", since=(2, 14), make=lambda _: float32(1.85)),
)

BLOCK_FIELDS: tuple[F, ...] = (
    Field(name="blockFound", since=(2, 11), make=lambda s: s.model.blocks_found),
    Field(
        name="showNewBlock",
        since=(2, 13),
        make=lambda s: s.model.blocks_found > s.blocks_dismissed,
    ),
    Field(
        name="blockHeight",
        since=(2, 11),
        make=lambda s: _once_mining(s, _block_height(s)),
    ),
    Field(
        name="scriptsig",
        since=(2, 11),
        make=lambda s: _once_mining(s, "..simulated../quarry-pool/"),
    ),
    Field(
        name="networkDifficulty",
        since=(2, 11),
        make=lambda s: _once_mining(s, number(s.model.network_difficulty)),
    ),
    Field(name="blockSignals", since=(2, 14), make=lambda s: _once_mining(s, [])),
    Field(
        name="coinbaseOutputs",
        since=(2, 13),
        make=lambda s: _once_mining(s, _coinbase(s)),
    ),
    Field(
        name="coinbaseValueTotalSatoshis",
        since=(2, 13),
        make=lambda s: _once_mining(s, _BLOCK_REWARD),
    ),
    Field(
        name="coinbaseValueUserSatoshis",
        since=(2, 13),
        make=lambda s: _once_mining(s, _BLOCK_REWARD),
    ),
)

SYSTEM_FIELDS: tuple[F, ...] = (
    Field(name="uptimeSeconds", make=lambda s: int(s.uptime)),
    Field(
        name="totalUptimeSeconds",
        since=(2, 15),
        make=lambda s: int(s.past_uptime + s.uptime),
    ),
    Field(name="wifiRSSI", since=(2, 6), make=lambda s: round(s.model.wifi_rssi)),
    Field(name="freeHeap", make=lambda s: s.free_heap),
    Field(name="freeHeapInternal", since=(2, 11), make=lambda _: 118_344),
    Field(name="freeHeapSpiram", since=(2, 11), make=lambda s: s.free_heap - 118_344),
    Field(name="minFreeHeap", since=(2, 15), make=lambda s: s.free_heap - 90_112),
    Field(name="maxAllocHeap", since=(2, 15), make=lambda _: 65_536),
    Field(name="cpuUsage", since=(2, 14), make=lambda _: float32(14.3)),
)

MEASURED_FIELDS = (
    *POWER_FIELDS,
    *HASHING_FIELDS,
    *SHARE_FIELDS,
    *BLOCK_FIELDS,
    *SYSTEM_FIELDS,
)
