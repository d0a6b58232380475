"""What holds for every status, whatever the miner sent."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
import math

from custom_components.miner_controller.protocols.model import (
    MinerStatus,
    Pool,
    PoolSlot,
    PoolState,
)

_FLAGS = {
    "automatic_fan",
    "calibrating",
    "fallback_pool",
    "hardware_fault",
    "locked",
    "mining",
    "overheated",
    "power_fault",
}
_OBJECTS = {
    "active_pool",
    "active_slot",
    "last_share",
    "pool_slots",
    "reject_reasons",
    "reset_reason",
    "work_mode",
}
_COUNTS = {
    "block_height",
    "blocks_found",
    "free_heap",
    "hardware_errors",
    "shares_accepted",
    "shares_rejected",
}

# The least and the greatest value of each number; zero is no reading where the
# least is above it.
_TINY = 1e-9
_RANGES: dict[str, tuple[float, float]] = {
    "hashrate": (0, 1e16),
    "hashrate_average": (0, 1e15),
    "hashrate_since_start": (0, 1e16),
    "expected_hashrate": (_TINY, 1e20),
    "power": (_TINY, 10_000),
    "power_limit": (1, 3000),
    "temperature": (_TINY, 200),
    "temperature_max": (_TINY, 200),
    # The air that goes in may be cold.
    "inlet_temperature": (-60, 200),
    "outlet_temperature": (-60, 200),
    "temperature_2": (_TINY, 200),
    "chip_temperatures": (_TINY, 200),
    "vr_temperature": (_TINY, 200),
    "overheat_temperature": (_TINY, 200),
    "target_temperature": (_TINY, 200),
    "fan_speed": (0, 100),
    "manual_fan_speed": (0, 100),
    "error_rate": (0, 100),
    "fan_rpms": (0, 100_000),
    "input_voltage": (_TINY, 100),
    "core_voltage": (_TINY, 10),
    "core_voltage_actual": (0, 10),
    "frequency": (_TINY, 65535),
    "frequency_actual": (0, 65535),
    "best_difficulty": (0, 1e30),
    "best_session_difficulty": (0, 1e30),
    "pool_difficulty": (_TINY, 1e30),
    "network_difficulty": (_TINY, 1e30),
    "uptime": (0, 1e10),
    "signal_strength": (-127, -1),
    "pool_latency": (_TINY, 1e6),
    **dict.fromkeys(_COUNTS, (0, 2**53)),
}


def _numbers(status: MinerStatus) -> Iterator[tuple[str, float]]:
    """Yield each number of a status with its name, those of tuples as well."""
    for name in _RANGES:
        value = getattr(status, name)
        for number in value if isinstance(value, tuple) else (value,):
            if number is not None:
                yield name, number


def assert_sane(status: MinerStatus) -> None:
    """Assert that a status holds no number that cannot be true."""
    assert {field.name for field in fields(status)} == {*_RANGES, *_FLAGS, *_OBJECTS}
    for name, value in _numbers(status):
        least, greatest = _RANGES[name]
        assert type(value) in (int, float), (name, value)
        assert math.isfinite(value), (name, value)
        assert least <= value <= greatest, (name, value)
    for name in _COUNTS:
        assert type(getattr(status, name)) in (int, type(None)), name
    for name in _FLAGS:
        assert getattr(status, name) in (None, True, False), name
        assert type(getattr(status, name)) in (bool, type(None)), name
    if status.expected_hashrate is not None:
        for hashrate in (status.hashrate, status.hashrate_average):
            assert hashrate is None or hashrate <= 2 * status.expected_hashrate
    for text in (
        status.reset_reason,
        status.work_mode,
        *(reason for reason, _ in status.reject_reasons or ()),
    ):
        assert text is None or (text.isprintable() and 0 < len(text) <= 255)
    if status.active_pool is not None:
        _assert_pool_sane(status.active_pool)
    _assert_slots_sane(status)
    if status.last_share is not None:
        assert status.last_share.tzinfo is UTC
        assert status.last_share > datetime(2020, 1, 1, tzinfo=UTC)
    assert all(0 <= times <= 2**53 for _, times in status.reject_reasons or ())
    _assert_computed_sane(status)


def _assert_pool_sane(pool: Pool) -> None:
    """Assert that a pool has an address that can be shown."""
    for text in (pool.host, pool.address, pool.user):
        assert text is None or (text.isprintable() and 0 < len(text) <= 255)
    assert pool.port is None or 1 <= pool.port <= 65535


def _assert_slots_sane(status: MinerStatus) -> None:
    """Assert that the slots of the pools can be told apart from anything else."""
    for slot in status.pool_slots:
        assert type(slot) is PoolSlot
        _assert_pool_sane(slot.pool)
        assert type(slot.number) is int
        assert 0 <= slot.number <= 1000
        assert slot.state is None or type(slot.state) is PoolState
        assert slot.priority is None or 0 <= slot.priority <= 1000
        assert type(slot.active) is bool
        for shares in (slot.shares_accepted, slot.shares_rejected):
            assert shares is None or 0 <= shares <= 2**53
    if status.active_slot is not None:
        assert status.active_slot in status.pool_slots
        assert status.active_pool == status.active_slot.pool


def _assert_computed_sane(status: MinerStatus) -> None:
    """Assert that what follows from a status cannot be false either."""
    if status.efficiency is not None:
        assert math.isfinite(status.efficiency)
        assert status.efficiency > 0
    if status.reject_rate is not None:
        assert 0 <= status.reject_rate <= 100
    assert status.is_hashing(None) in (None, True, False)
    assert status.is_hashing(status) in (None, True, False)
