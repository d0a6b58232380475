"""Says in words what happened on a miner. The logbook has no translations."""

from collections.abc import Mapping
from typing import Any, Final

from .activity import ActivityType

_PREFIXES: Final = ("", " k", " M", " G", " T", " P", " E", " Z")


def activity_text(kind: str, data: Mapping[str, Any]) -> str:
    """Return what happened, to be read after the name of the miner.

    The data comes from the recorder, which may hold what another version wrote.
    """
    before, after = data.get("before"), data.get("after")
    match kind:
        case ActivityType.NEW_BEST_DIFFICULTY:
            return f"found a new best share: {shown_difficulty(after)}"
        case ActivityType.BLOCK_FOUND:
            return "found a block!"
        case ActivityType.RESTARTED:
            return _restart_text(data)
        case ActivityType.OVERHEATED:
            temperature = _hottest(data)
            return f"overheated{'' if temperature is None else f' at {temperature} °C'}"
        case ActivityType.POOL_CHANGED:
            fallback = ", its fallback" if data.get("fallback") else ""
            return f"changed its pool from {before} to {after}{fallback}"
        case ActivityType.MODE_CHANGED:
            return f"was set from {before} to {after} by someone else"
        case ActivityType.FIRMWARE_CHANGED:
            return f"has new firmware {after}, after {before}"
    return "did something that this version does not know"


def _restart_text(data: Mapping[str, Any]) -> str:
    """Return that a miner restarted, and why in the firmware's words.

    AxeOS says "Reset due to power-on event", of which only the middle tells anything.
    """
    text = "restarted, as it was told to" if data.get("expected") else "restarted"
    reason = str(data.get("reset_reason") or "")
    reason = reason.removeprefix("Reset due to ").removesuffix(" event")
    return f"{text} ({reason})" if reason else text


def _hottest(data: Mapping[str, Any]) -> int | None:
    """Return the higher one of the temperatures in °C, if any is known."""
    told = [data.get(key) for key in ("temperature", "vr_temperature")]
    known = [value for value in told if isinstance(value, int | float)]
    return round(max(known)) if known else None


def mode_set_text(data: Mapping[str, Any]) -> str:
    """Return what an action did to a miner, to be read after the miner's name."""
    before, after = data.get("from"), data.get("to")
    if after == "off":
        text = "was switched off"
    elif before == "off":
        text = "was started again" if after is None else f"was started again in {after}"
    else:
        text = f"was set to {after}"
    reason = data.get("reason")
    return text if not reason else f"{text}: {reason}"


def shown_difficulty(difficulty: object) -> str:
    """Return a difficulty as miners' people write it: 1.24 G."""
    if not isinstance(difficulty, int | float):
        return "unknown"
    value, prefixes = float(difficulty), iter(_PREFIXES)
    prefix = next(prefixes)
    while value >= 999.5 and (larger := next(prefixes, None)) is not None:
        value, prefix = value / 1000, larger
    return f"{value:.3g}{prefix}"
