"""What summary, pools and devs tell of any miner that speaks the cgminer API.

Source: API-README of cgminer; replies of Avalon Nano 3 and 3S.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from . import parse
from .model import MinerStatus, Pool, PoolSlot, PoolState
from .parse import Reply
from .pool_address import parse_pool_address

# The miner's clock is believed if it is this near to ours, in seconds. Without it
# the times that it tells mean nothing.
_CLOCK_TOLERANCE: Final = 60

# A share that is older than a year (s) was never found.
_OLDEST_SHARE = 31_536_000

# A hashrate beyond this one in H/s is an error of the firmware.
_MOST_HASHES: Final = 1e16

_UNREADABLE: Final = Pool(host="?")

_STATES: Final[Mapping[str, PoolState]] = {
    "Alive": PoolState.ALIVE,
    "Dead": PoolState.DEAD,
    "Disabled": PoolState.DISABLED,
}

# The mean over five minutes is the shortest that does not jump. Antminers tell
# GH/s, as texts.
_HASHRATE_KEYS: Final = (
    ("MHS 5m", 1e6),
    ("MHS 1m", 1e6),
    ("MHS 20s", 1e6),
    ("MHS 5s", 1e6),
    ("GHS 5s", 1e9),
)
_AVERAGE_KEYS: Final = (("MHS av", 1e6), ("GHS av", 1e9))


def read_status(
    summary: Reply,
    pools: Sequence[Reply],
    *,
    when: int | None,
    now: datetime,
    **others: Any,
) -> MinerStatus:
    """Return what the totals and the pools tell, and the others.

    `when` is the miner's clock at the time of the reply, `now` the right time.
    """
    found = [(slot, row) for row in pools if (slot := _read_slot(row)) is not None]
    slots = tuple(slot for slot, _ in found)
    active = _active_slot(slots)
    active_row = next((row for slot, row in found if slot is active), {})
    return MinerStatus(
        shares_accepted=parse.count(summary, "Accepted"),
        shares_rejected=parse.count(summary, "Rejected"),
        hardware_errors=parse.count(summary, "Hardware Errors"),
        blocks_found=parse.count(summary, "Found Blocks"),
        best_session_difficulty=parse.positive(summary, "Best Share"),
        uptime=parse.number(summary, "Elapsed", maximum=1e10),
        last_share=_last_share(pools, when, now),
        active_pool=active.pool if active else None,
        active_slot=active,
        fallback_pool=_is_fallback(active, slots),
        pool_slots=slots,
        pool_difficulty=parse.positive(active_row, "Stratum Difficulty"),
        block_height=parse.count(active_row, "Current Block Height") or None,
        **others,
    )


def read_device_status(
    summary: Reply,
    devices: Sequence[Reply],
    pools: Sequence[Reply],
    *,
    when: int | None,
    now: datetime,
) -> MinerStatus:
    """Return what a miner tells that is known by its cgminer API alone."""
    temperatures = [
        value
        for row in devices
        if (value := parse.positive(row, "Temperature", maximum=200, digits=1))
    ]
    return read_status(
        summary,
        pools,
        when=when,
        now=now,
        hashrate=_first_hashrate(summary, _HASHRATE_KEYS),
        hashrate_since_start=_first_hashrate(summary, _AVERAGE_KEYS),
        temperature=max(temperatures, default=None),
        fan_speed=_first_number(devices, "Fan Percent", maximum=100),
        fan_rpms=told_in_place(
            _first_number(devices, key, maximum=100_000)
            for key in ("Fan Speed In", "Fan Speed Out")
        ),
        error_rate=parse.number(summary, "Device Hardware%", maximum=100, digits=4),
    )


def _first_hashrate(summary: Reply, keys: Iterable[tuple[str, float]]) -> float | None:
    """Return the first hashrate in H/s that is told."""
    for key, scale in keys:
        value = summary.get(key)
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                continue
        found = parse.number(
            {key: value}, key, maximum=_MOST_HASHES, scale=scale, digits=0
        )
        if found is not None:
            return found
    return None


def _first_number(
    devices: Sequence[Reply], key: str, *, maximum: float
) -> float | None:
    """Return a reading of the first device that has it."""
    found = (parse.number(row, key, maximum=maximum, digits=0) for row in devices)
    return next((value for value in found if value is not None), None)


def told_in_place(values: Iterable[float | None]) -> tuple[float | None, ...]:
    """Return readings up to the last that is told, each in its place."""
    found = list(values)
    while found and found[-1] is None:
        found.pop()
    return tuple(found)


def _read_slot(row: Reply) -> PoolSlot | None:
    """Return a slot that is in use."""
    number = parse.count(row, "POOL", maximum=1000)
    url, user = row.get("URL"), row.get("User")
    if number is None or not isinstance(url, str):
        return None
    if not url.strip():
        return None
    return PoolSlot(
        number=number,
        pool=_pool(url, user if isinstance(user, str) else ""),
        state=_STATES.get(str(row.get("Status"))),
        priority=parse.count(row, "Priority", maximum=1000),
        active=row.get("Stratum Active") is True,
        shares_accepted=parse.count(row, "Accepted"),
        shares_rejected=parse.count(row, "Rejected"),
    )


@lru_cache(maxsize=256)
def _pool(url: str, user: str) -> Pool:
    """Return the pool of a slot, whose address and worker seldom change.

    The slot counts also where its address cannot be read.
    """
    pool = parse_pool_address(url) or _UNREADABLE
    return replace(pool, user=parse.text({"user": user}, "user"))


def _by_priority(slot: PoolSlot) -> int:
    """Return what slots are sorted by; one without a priority comes last."""
    return 10_000 if slot.priority is None else slot.priority


def _active_slot(slots: Iterable[PoolSlot]) -> PoolSlot | None:
    """Return the slot in use: the connected one, else the one that would be."""
    connected = [slot for slot in slots if slot.active]
    alive = connected or [slot for slot in slots if slot.state is PoolState.ALIVE]
    return min(alive, key=_by_priority, default=None)


def _is_fallback(active: PoolSlot | None, slots: Iterable[PoolSlot]) -> bool | None:
    """Return whether the miner uses another pool than the one that it prefers."""
    if active is None or active.priority is None:
        return None
    return any(
        slot.state is not PoolState.DISABLED and _by_priority(slot) < active.priority
        for slot in slots
    )


def _last_share(
    pools: Iterable[Reply], when: int | None, now: datetime
) -> datetime | None:
    """Return when the last share was found, if the miner knows what time it is."""
    if when is None or abs(when - now.timestamp()) > _CLOCK_TOLERANCE:
        return None
    times = (row.get("Last Share Time") for row in pools)
    latest = max(
        (time for time in times if isinstance(time, int) and time <= when), default=0
    )
    # Some firmware counts these times from its own start.
    if latest < when - _OLDEST_SHARE:
        return None
    return min(datetime.fromtimestamp(latest, UTC), now)
