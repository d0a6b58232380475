"""What all miners amount to together.

A miner that is away is counted as away and nowhere else. What its linked switch keeps
off is known: it hashes and draws nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ..miner.drawn_power import drawn_power
from .members import Member
from .share_counts import Shares


class Attention(StrEnum):
    """Why a miner needs somebody to look after it."""

    AWAY = "away"
    NOT_HASHING = "not_hashing"
    OVERHEATED = "overheated"
    POWER_FAULT = "power_fault"
    HARDWARE_FAULT = "hardware_fault"
    FALLBACK_POOL = "fallback_pool"


# All miners of a home together do not find such a share in a lifetime. What is once
# taken for the best is never given up, so nonsense is not taken.
_MOST_DIFFICULT: Final = 1e18


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A value, and the name of the miner that has it, with the id of its entry."""

    value: float
    miner: str
    entry_id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """A miner that needs somebody to look after it, with the id of its entry."""

    miner: str
    entry_id: str
    reasons: Sequence[Attention]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """All miners together.

    Hashrate in H/s, power in W, efficiency in J/TH, energy in kWh, temperature in °C.
    What no miner tells is None.
    """

    hashrate: float | None
    power: float | None
    efficiency: float | None
    energy: float
    shares_today: Shares
    online: int
    total: int
    concerns: Sequence[Concern]
    hottest_chip: Held | None
    best_difficulty: Held | None
    """The best that was ever seen, also of a miner that is gone."""
    pool_miners: Mapping[str, Sequence[str]]
    """The names of the miners that use a pool, by the id of its subentry."""


def hashrate_total(members: Iterable[Member]) -> float | None:
    """Return the sum of the hashrates in H/s that are known."""
    return _sum(_hashrate(member) for member in members)


def power_total(members: Iterable[Member]) -> float | None:
    """Return the sum of the power in W that is known."""
    return _sum(_power(member) for member in members)


def efficiency(members: Iterable[Member]) -> float | None:
    """Return the energy for the work in J/TH of the miners that tell both."""
    power = hashrate = 0.0
    for member in members:
        drawn, done = _power(member), _hashrate(member)
        if member.online and drawn is not None and done:
            power += drawn
            hashrate += done
    return power / (hashrate / 1e12) if power and hashrate else None


def concerns(members: Iterable[Member]) -> tuple[Concern, ...]:
    """Return the miners that need somebody to look after them."""
    return tuple(
        Concern(miner=member.name, entry_id=member.entry.entry_id, reasons=reasons)
        for member in members
        if (reasons := _reasons(member))
    )


def _reasons(member: Member) -> tuple[Attention, ...]:
    """Return why a miner needs somebody to look after it, nothing if it does not."""
    status, coordinator = member.status, member.coordinator
    if status is None or coordinator is None:
        is_explained = member.powered_off or member.changing
        return () if is_explained else (Attention.AWAY,)
    reasons = {
        Attention.NOT_HASHING: (
            coordinator.hashing is False and status.mining is not False
        ),
        Attention.OVERHEATED: status.overheated,
        Attention.POWER_FAULT: status.power_fault,
        Attention.HARDWARE_FAULT: status.hardware_fault,
        Attention.FALLBACK_POOL: status.fallback_pool,
    }
    return tuple(reason for reason, applies in reasons.items() if applies)


def hottest_chip(members: Iterable[Member]) -> Held | None:
    """Return the highest temperature of a chip in °C."""
    return _highest(
        (member, value)
        for member in members
        if (status := member.status) is not None
        for value in (
            status.temperature,
            status.temperature_2,
            status.temperature_max,
            *status.chip_temperatures,
        )
    )


def best_difficulty(members: Iterable[Member]) -> Held | None:
    """Return the best difficulty that a miner tells now, of any time."""
    return _highest(
        (member, value)
        for member in members
        if (status := member.status) is not None
        for value in (status.best_difficulty, status.best_session_difficulty)
        if value is not None and value <= _MOST_DIFFICULT
    )


def _highest(values: Iterable[tuple[Member, float | None]]) -> Held | None:
    """Return the highest of the values that are known."""
    known = [
        Held(value=value, miner=member.name, entry_id=member.entry.entry_id)
        for member, value in values
        if value
    ]
    return max(known, key=lambda held: (held.value, held.miner), default=None)


def _hashrate(member: Member) -> float | None:
    """Return the hashrate of a miner in H/s, if it is known."""
    if (status := member.status) is not None:
        return status.hashrate
    return 0 if member.powered_off else None


def _power(member: Member) -> float | None:
    """Return the power of a miner in W, if it is known."""
    return None if member.coordinator is None else drawn_power(member.coordinator)


def _sum(values: Iterable[float | None]) -> float | None:
    """Return the sum of what is known, None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
