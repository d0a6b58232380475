"""Tells what happened on a miner, from what was known of it and what it tells now."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from math import isfinite
from typing import Any, Final, Self

from ..protocols.model import MinerStatus
from ..protocols.restart_watch import has_restarted


class ActivityType(StrEnum):
    """What may happen on a miner."""

    BLOCK_FOUND = "block_found"
    FIRMWARE_CHANGED = "firmware_changed"
    MODE_CHANGED = "mode_changed"
    """By somebody else than this Home Assistant."""
    NEW_BEST_DIFFICULTY = "new_best_difficulty"
    OVERHEATED = "overheated"
    POOL_CHANGED = "pool_changed"
    RESTARTED = "restarted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something that happened on a miner, with plain values that tell more of it.

    No value names a worker: what happened is shown, recorded and sent as a message.
    """

    type: ActivityType
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was known of a miner at a moment. What is None has never been known.

    `seen` is when the miner told its uptime (s), in seconds of a clock that goes on
    while Home Assistant does not run. `best_difficulty` is the best that any status
    told. `setting` is what `mode` is the name of: names may change without the miner.
    """

    seen: float
    uptime: float | None = None
    best_difficulty: float | None = None
    blocks_found: float | None = None
    overheated: bool | None = None
    pool: str | None = None
    mode: str | None = None
    setting: str | None = None
    firmware: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return what is known as plain values that survive JSON unchanged."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: object) -> Self | None:
        """Return what `as_dict` stored, None for anything else."""
        if not isinstance(data, Mapping) or not _is_number(data.get("seen")):
            return None
        kinds = {**dict.fromkeys(_NUMBERS, _is_number), "overheated": _is_bool}
        known: dict[str, Any] = {
            item.name: value
            for item in fields(cls)
            if kinds.get(item.name, _is_text)(value := data.get(item.name))
        }
        return cls(**known)


_NUMBERS: Final = ("seen", "uptime", "best_difficulty", "blocks_found")


def _is_number(value: object) -> bool:
    """Return whether a stored value is a number that can be compared."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and isfinite(value)
    )


def _is_bool(value: object) -> bool:
    """Return whether a stored value says yes or no."""
    return isinstance(value, bool)


def _is_text(value: object) -> bool:
    """Return whether a stored value is a text."""
    return isinstance(value, str)


def learned(
    before: Known | None,
    status: MinerStatus,
    *,
    firmware: str | None,
    mode: str | None,
    seen: float,
) -> Known:
    """Return what is known with a status, which may leave open what was known before.

    The best difficulty never goes back. A miner whose firmware was written anew starts
    from zero, and its next shares are nothing that it had not found before.
    """
    told = Known(
        seen=seen,
        uptime=status.uptime,
        best_difficulty=_best(status),
        blocks_found=status.blocks_found,
        overheated=status.overheated,
        pool=None if status.active_pool is None else status.active_pool.address,
        mode=mode,
        setting=None if mode is None else _setting(status),
        firmware=firmware,
    )
    if before is None:
        return told
    values: dict[str, Any] = {
        name: former if (value := getattr(told, name)) is None else value
        for name, former in before.as_dict().items()
    }
    if told.uptime is None:
        values["seen"] = before.seen
    if told.best_difficulty is not None and before.best_difficulty is not None:
        values["best_difficulty"] = max(told.best_difficulty, before.best_difficulty)
    return Known(**values)


def _best(status: MinerStatus) -> float | None:
    """Return the best difficulty that a miner tells, since its start at least."""
    if status.best_difficulty is not None:
        return status.best_difficulty
    return status.best_session_difficulty


def _setting(status: MinerStatus) -> str:
    """Return what the miner is set to, as a text that can be compared."""
    if status.work_mode is not None:
        return status.work_mode
    return f"{status.frequency} MHz, {status.core_voltage} V"


def restarted(before: Known, now: Known) -> bool:
    """Return whether a miner has started since it was last seen."""
    if before.uptime is None or now.uptime is None or before.seen == now.seen:
        return False
    return has_restarted(before.uptime, now.uptime, now.seen - before.seen)


def what_happened(
    before: Known, now: Known, status: MinerStatus, *, own_restart: bool, own_mode: bool
) -> list[Activity]:
    """Return what happened between two moments, in the order in which it is told.

    Nothing happened where it was not known how things were before. `own_restart` and
    `own_mode` say that a restart, or another mode, comes from Home Assistant itself,
    or from a cause that is told as something else.
    """
    found: list[Activity] = []
    if (change := _change(before.firmware, now.firmware)) is not None:
        found.append(Activity(type=ActivityType.FIRMWARE_CHANGED, data=change))
    if restarted(before, now):
        restart = {"expected": own_restart, "reset_reason": status.reset_reason}
        found.append(Activity(type=ActivityType.RESTARTED, data=restart))
    if before.overheated is False and now.overheated:
        temperatures = {
            "temperature": status.temperature,
            "vr_temperature": status.vr_temperature,
        }
        found.append(Activity(type=ActivityType.OVERHEATED, data=temperatures))
    change = _change(before.mode, now.mode)
    if change is not None and before.setting != now.setting and not own_mode:
        found.append(Activity(type=ActivityType.MODE_CHANGED, data=change))
    if (change := _change(before.pool, now.pool)) is not None:
        pools = {**change, "fallback": status.fallback_pool}
        found.append(Activity(type=ActivityType.POOL_CHANGED, data=pools))
    for kind, former, present in (
        (
            ActivityType.NEW_BEST_DIFFICULTY,
            before.best_difficulty,
            now.best_difficulty,
        ),
        (ActivityType.BLOCK_FOUND, before.blocks_found, now.blocks_found),
    ):
        change = _change(former, present)
        if change is not None and change["after"] > change["before"]:
            found.append(Activity(type=kind, data=change))
    return found


def _change(before: Any, after: Any) -> dict[str, Any] | None:
    """Return both values of a change, None where there is none or one is unknown."""
    if before is None or after is None or before == after:
        return None
    return {"before": before, "after": after}
