"""What a miner's sensors show that its status does not tell as such."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from homeassistant.util.dt import utcnow

from ..protocols.model import MinerStatus, PoolState

_UNITS = (("TH/s", 1e12), ("GH/s", 1e9), ("MH/s", 1e6), ("kH/s", 1e3))


def terahashes(hashrate: float | None) -> float | None:
    """Return H/s in TH/s, with a thousandth of what the smallest Bitaxe does."""
    return None if hashrate is None else round(hashrate / 1e12, 3)


def kilohashes(hashrate: float | None) -> float | None:
    """Return H/s in kH/s."""
    return None if hashrate is None else round(hashrate / 1e3, 1)


def shown_hashrate(hashrate: float) -> str:
    """Return a hashrate as a text, in the unit that suits it."""
    unit, scale = next(
        (unit, scale) for unit, scale in _UNITS if hashrate >= scale or scale == 1e3
    )
    return f"{hashrate / scale:.3g} {unit}"


def rounded(value: float | None, digits: int) -> float | None:
    """Return a derived value without digits that say nothing."""
    return None if value is None else round(value, digits)


def fan_rpm(status: MinerStatus, index: int) -> float | None:
    """Return the speed of one fan."""
    return status.fan_rpms[index] if index < len(status.fan_rpms) else None


def chip_temperature(status: MinerStatus, index: int) -> float | None:
    """Return the temperature of one chip, where there are several."""
    chips = status.chip_temperatures
    return chips[index] if len(chips) > 1 and index < len(chips) else None


def reject_reasons(status: MinerStatus) -> Mapping[str, Any] | None:
    """Return how often the pool gave which reason."""
    if status.reject_reasons is None:
        return None
    return {"reasons": dict(status.reject_reasons)}


def usable_slots(status: MinerStatus) -> int | None:
    """Return how many pools answer the miner."""
    if not status.pool_slots:
        return None
    return sum(slot.state is PoolState.ALIVE for slot in status.pool_slots)


def slots(status: MinerStatus) -> Mapping[str, Any] | None:
    """Return the pools that the miner keeps, without the workers' names."""
    return {
        "slots": [
            {
                "slot": slot.number + 1,
                "pool": slot.pool.address,
                "state": slot.state,
                "priority": slot.priority,
                "shares_accepted": slot.shares_accepted,
                "shares_rejected": slot.shares_rejected,
            }
            for slot in status.pool_slots
        ]
    }


def started(status: MinerStatus) -> datetime | None:
    """Return when the miner started."""
    if status.uptime is None:
        return None
    return utcnow() - timedelta(seconds=status.uptime)
