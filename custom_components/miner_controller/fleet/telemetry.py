"""What is told to others of miners, of all of them together, and of prices.

Each message is one flat object that JSON can carry, with the units in the names. What
is not known is None and never zero. Left out is whatever is private: workers and payout
addresses, and the addresses of miners.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from ..miner.drawn_power import drawn_power
from ..miner.entries import entry_identity
from ..miner.sensor_values import fan_rpm, rounded
from ..miner.work_mode import shown_mode
from ..planning.overview import Overview
from ..protocols.model import MinerStatus
from .members import Member
from .totals import Totals

SCHEMA: Final = 1
"""The version of what is told. A name that is new does not change it."""

type Telemetry = Mapping[str, Any]


class TelemetryState(StrEnum):
    """What a miner does."""

    HASHING = "hashing"
    IDLE = "idle"
    """It answers and is to mine, and does no work."""
    PAUSED = "paused"
    """It was told not to mine."""
    OVERHEATED = "overheated"
    """It stopped by itself."""
    OFFLINE = "offline"
    POWERED_OFF = "powered_off"
    """It does not answer, and the switch that is linked to it is off."""


def miner_state(member: Member) -> TelemetryState | None:
    """Return what a miner does, None while it is not known whether it works."""
    status, coordinator = member.status, member.coordinator
    if status is None or coordinator is None:
        off = member.powered_off
        return TelemetryState.POWERED_OFF if off else TelemetryState.OFFLINE
    if status.overheated:
        return TelemetryState.OVERHEATED
    if status.mining is False:
        return TelemetryState.PAUSED
    if coordinator.hashing is None:
        return None
    return TelemetryState.HASHING if coordinator.hashing else TelemetryState.IDLE


def miner_telemetry(member: Member, now: datetime) -> Telemetry:
    """Return what is told of a miner. `now` is in UTC."""
    coordinator = member.coordinator
    # What is away tells nothing.
    status = member.status or MinerStatus()
    identity = coordinator.identity if coordinator else entry_identity(member.entry)
    pool = status.active_pool
    return {
        **_head(now),
        "name": member.name,
        "model": identity.model,
        "firmware": identity.firmware,
        "family": identity.family,
        "state": miner_state(member),
        "mode": coordinator
        and shown_mode(
            coordinator.config_entry.options, coordinator.capabilities, status
        ),
        "hashrate_hs": status.hashrate,
        "hashrate_average_hs": status.hashrate_average,
        "expected_hashrate_hs": status.expected_hashrate,
        "power_w": None if coordinator is None else drawn_power(coordinator),
        "efficiency_j_th": rounded(status.efficiency, 3),
        "temperature_c": status.temperature,
        "vr_temperature_c": status.vr_temperature,
        "fan_percent": status.fan_speed,
        "fan_rpm": fan_rpm(status, 0),
        "frequency_mhz": status.frequency,
        "core_voltage_v": status.core_voltage,
        "shares_accepted": status.shares_accepted,
        "shares_rejected": status.shares_rejected,
        "best_difficulty": status.best_difficulty,
        "best_session_difficulty": status.best_session_difficulty,
        "pool": None if pool is None else pool.address,
        "fallback_pool": status.fallback_pool,
        "uptime_s": status.uptime,
        "signal_dbm": status.signal_strength,
    }


def fleet_telemetry(totals: Totals, now: datetime) -> Telemetry:
    """Return what is told of all miners together. `now` is in UTC."""
    hottest, best = totals.hottest_chip, totals.best_difficulty
    return {
        **_head(now),
        "miners_total": totals.total,
        "miners_online": totals.online,
        "miners_needing_attention": len(totals.concerns),
        "hashrate_hs": totals.hashrate,
        "power_w": rounded(totals.power, 1),
        "efficiency_j_th": rounded(totals.efficiency, 3),
        "energy_kwh": rounded(totals.energy, 6),
        "shares_accepted_today": totals.shares_today.accepted,
        "shares_rejected_today": totals.shares_today.rejected,
        "hottest_chip_c": None if hottest is None else hottest.value,
        "hottest_chip_miner": None if hottest is None else hottest.miner,
        "best_difficulty": None if best is None else best.value,
        "best_difficulty_miner": None if best is None else best.miner,
    }


def price_telemetry(
    tariff: str, unit: str, prices: Overview, now: datetime
) -> Telemetry:
    """Return what is told of a tariff's prices. `now` is in UTC.

    `unit` is a currency per energy, "GBP/kWh".
    """
    current, following = prices.current, prices.following
    return {
        **_head(now),
        "tariff": tariff,
        "unit": unit,
        "price": None if current is None else current.price,
        "start": None if current is None else current.start.isoformat(),
        "end": None if current is None else current.end.isoformat(),
        "next_price": None if following is None else following.price,
        "next_start": None if following is None else following.start.isoformat(),
        "next_end": None if following is None else following.end.isoformat(),
    }


def _head(now: datetime) -> Telemetry:
    """Return what every message begins with."""
    return {"schema": SCHEMA, "time": now.isoformat(timespec="seconds")}
