"""Counts shares over all miners and by pool, from the miners' own counters."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from math import isfinite
from typing import Any, Final, Self

# A reading after a longer gap (s) says nothing of the day on which shares were found.
_LONGEST_GAP: Final = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """A number of shares."""

    accepted: int = 0
    rejected: int = 0

    def plus(self, other: Shares) -> Shares:
        """Return both together."""
        return Shares(
            accepted=self.accepted + other.accepted,
            rejected=self.rejected + other.rejected,
        )

    def since(self, earlier: Shares) -> Shares:
        """Return what came since an earlier reading of the same counters.

        Counters that went back began anew with the miner.
        """
        if self.went_back(earlier):
            return self
        return Shares(
            accepted=self.accepted - earlier.accepted,
            rejected=self.rejected - earlier.rejected,
        )

    def went_back(self, earlier: Shares) -> bool:
        """Return whether the counters tell less than at an earlier reading."""
        return self.accepted < earlier.accepted or self.rejected < earlier.rejected

    def as_list(self) -> list[int]:
        """Return the numbers as plain values that can be stored."""
        return [self.accepted, self.rejected]

    @classmethod
    def from_list(cls, numbers: list[int]) -> Self:
        """Return the shares that `as_list` stored."""
        accepted, rejected = numbers
        if type(accepted) is not int or type(rejected) is not int:
            raise TypeError("A number of shares is whole")
        if accepted < 0 or rejected < 0:
            raise ValueError("A number of shares is not negative")
        return cls(accepted=accepted, rejected=rejected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a miner counted when it was last seen, and for which pool it worked.

    `at` is in seconds of any clock that goes on over a restart, `day` the local date.
    """

    shares: Shares
    at: float
    day: date
    pool: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the reading as plain values that can be stored."""
        return {
            "shares": self.shares.as_list(),
            "at": self.at,
            "day": self.day.isoformat(),
            "pool": self.pool,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the reading that `as_dict` stored."""
        at, pool = float(data["at"]), data["pool"]
        if not isfinite(at):
            raise ValueError("This is no time")
        if not isinstance(pool, str | None):
            raise TypeError("A pool is known by a text")
        return cls(
            shares=Shares.from_list(data["shares"]),
            at=at,
            day=date.fromisoformat(data["day"]),
            pool=pool,
        )


@dataclass(slots=True, kw_only=True)
class ShareCounts:
    """Shares since the counting began, by pool, and those of a day.

    Miners and pools are known by ids. What a miner counted before it was first seen
    is not counted: nobody knows for which pool and when.
    """

    day: date
    today: Shares = field(default_factory=Shares)
    by_pool: dict[str, Shares] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    _doubted: set[str] = field(default_factory=set, compare=False)
    """The miners whose counters went back with the last reading, nobody knows why."""

    def begin(self, day: date) -> None:
        """Begin a day, unless it has begun already."""
        if day != self.day:
            self.day, self.today = day, Shares()

    def read(
        self,
        miner: str,
        shares: Shares,
        *,
        pool: str | None,
        at: float,
        day: date,
        restarted: bool | None = None,
    ) -> None:
        """Take in the counters of a miner that works for a pool now.

        What came since the last reading was found for the pool of that reading, unless
        the miner has started anew in between. Where it is known that it has not
        `restarted`, counters that went back are believed when they do so again: a
        single reply may be wrong.
        """
        self.begin(day)
        last = self.readings.get(miner)
        if (
            last is not None
            and restarted is False
            and shares.went_back(last.shares)
            and miner not in self._doubted
        ):
            self._doubted.add(miner)
            return
        self._doubted.discard(miner)
        self.readings[miner] = Reading(shares=shares, at=at, day=day, pool=pool)
        if last is None:
            return
        found = shares.since(last.shares)
        if found == Shares():
            return
        began_anew = found is shares
        worked_for = pool if began_anew else last.pool or pool
        if worked_for is not None:
            before = self.by_pool.get(worked_for, Shares())
            self.by_pool[worked_for] = before.plus(found)
        if 0 <= at - last.at <= _LONGEST_GAP or last.day == day:
            self.today = self.today.plus(found)

    def forget_pool(self, pool: str) -> None:
        """Forget a pool that was removed."""
        self.by_pool.pop(pool, None)
        for miner, reading in self.readings.items():
            if reading.pool == pool:
                self.readings[miner] = replace(reading, pool=None)

    def forget_miner(self, miner: str) -> None:
        """Forget a miner that was removed. What it found stays found."""
        self.readings.pop(miner, None)
        self._doubted.discard(miner)

    def as_dict(self) -> dict[str, Any]:
        """Return the counts as plain values that can be stored."""
        return {
            "day": self.day.isoformat(),
            "today": self.today.as_list(),
            "by_pool": {key: value.as_list() for key, value in self.by_pool.items()},
            "readings": {
                key: reading.as_dict() for key, reading in self.readings.items()
            },
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the counts that `as_dict` stored."""
        return cls(
            day=date.fromisoformat(data["day"]),
            today=Shares.from_list(data["today"]),
            by_pool={
                key: Shares.from_list(value) for key, value in data["by_pool"].items()
            },
            readings={
                key: Reading.from_dict(value) for key, value in data["readings"].items()
            },
        )
