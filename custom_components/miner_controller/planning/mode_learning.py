"""What each mode of a miner really does, learned while it does it.

A miner that has just started, or just changed its mode, tells little of either: it
warms up, ramps up and averages. So only what it tells after ten steady minutes counts.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import math
from statistics import median
from typing import Any, Final, Self

from .plan_model import OFF
from .spans import read_moment

STEADY: Final = timedelta(minutes=10)
"""How long a mode has to hold before what the miner tells is taken for the mode's."""

# One reading may be far off, so many become the median of a window, and the figure is
# the median of windows. They are two hours of steady time, after which all is new. A
# window is kept with the digits that any meter has, and not with those of arithmetic.
_WINDOW: Final = timedelta(minutes=5)
_WINDOWS: Final = 24

# Longer than two polls are ever apart.
_LONGEST_GAP: Final = timedelta(minutes=15)

# An owner may rename modes again and again.
_MOST_MODES: Final = 16

type _Window = tuple[float, float | None]
"""Hashrate and power, both the median of a window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedMode:
    """What a miner did in a mode.

    Hashrate in H/s, power in W, None where the miner has no meter. `samples` is the
    number of windows of five minutes that it follows from, at most 24, and `updated` is
    the end of the last one. `setting` is what the mode was set to.
    """

    hashrate: float
    power: float | None
    samples: int
    updated: datetime
    setting: str = ""


@dataclass(slots=True, kw_only=True)
class _Record:
    """What is remembered of a mode."""

    setting: str
    updated: datetime
    windows: deque[_Window] = field(default_factory=lambda: deque(maxlen=_WINDOWS))

    @property
    def learned(self) -> LearnedMode:
        """Return what follows from it. There is at least one window."""
        return LearnedMode(
            hashrate=median(hashrate for hashrate, _ in self.windows),
            power=_median(power for _, power in self.windows),
            samples=len(self.windows),
            updated=self.updated,
            setting=self.setting,
        )


class ModeLearner:
    """Learns the hashrate and the power of each mode of one miner."""

    def __init__(self) -> None:
        """Initialize without knowing anything."""
        self._records: dict[str, _Record] = {}
        self._present: tuple[str, str] | None = None
        self._since = self._last = self._window_start = datetime.min.replace(tzinfo=UTC)
        self._readings: list[_Window] = []

    def add(
        self,
        mode: str | None,
        hashrate: float | None,
        power: float | None,
        now: datetime,
        *,
        setting: str = "",
    ) -> bool:
        """Take in what a poll told: hashrate in H/s, power in W, both at best averages.

        `mode` is None whenever what the miner does is not the mode's doing: while it is
        away, overheated, or calibrating, and when it has restarted. A hashrate that is
        not known, or zero in a mode that works, says the same. `setting` tells what
        stands behind the name: a mode that was set otherwise is learned anew. Return
        whether anything was learned that is worth being kept.
        """
        if mode == OFF:
            hashrate = 0.0
        if (
            mode is None
            or hashrate is None
            or not 0 <= hashrate < math.inf
            or (hashrate == 0 and mode != OFF)
        ):
            self._present = None
            return False
        if self._present != (mode, setting) or not (
            timedelta() <= now - self._last <= _LONGEST_GAP
        ):
            self._present = (mode, setting)
            self._since = now
            self._readings = []
        self._last = now
        if now - self._since < STEADY:
            return False
        if not self._readings:
            self._window_start = now
        self._readings.append((hashrate, power))
        if now - self._window_start < _WINDOW:
            return False
        return self._learn(mode, setting, now)

    def _learn(self, mode: str, setting: str, now: datetime) -> bool:
        """Remember a window that is over. Return whether it told anything new."""
        readings, self._readings = self._readings, []
        record = self._records.get(mode)
        if record is None or record.setting != setting:
            record = self._records[mode] = _Record(setting=setting, updated=now)
        before = tuple(record.windows)
        record.updated = now
        power = _median(power for _, power in readings)
        record.windows.append(
            (
                float(f"{median(hashrate for hashrate, _ in readings):.5g}"),
                None if power is None else round(power, 2),
            )
        )
        while len(self._records) > _MOST_MODES:
            self.forget(
                min(self._records, key=lambda name: self._records[name].updated)
            )
        return before != tuple(record.windows)

    def figures(
        self, settings: Mapping[str, str] | None = None
    ) -> Mapping[str, LearnedMode]:
        """Return what is learned of each mode.

        `settings` are the modes that there are, with what each is set to now: what is
        remembered of others, or of other settings, is left out.
        """
        return {
            name: record.learned
            for name, record in self._records.items()
            if settings is None or settings.get(name) == record.setting
        }

    def forget(self, mode: str) -> None:
        """Forget what is learned of a mode."""
        self._records.pop(mode, None)

    def as_dict(self) -> dict[str, Any]:
        """Return what is learned as plain values that survive JSON unchanged.

        A steady time is not kept, as nobody knows what a miner does meanwhile.
        """
        return {
            name: {
                "setting": record.setting,
                "updated": record.updated.isoformat(),
                "windows": [list(window) for window in record.windows],
            }
            for name, record in self._records.items()
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the learner that `as_dict` stored.

        Raises AttributeError, KeyError, TypeError, ValueError or OverflowError where it
        did not.
        """
        learner = cls()
        for name, row in data.items():
            record = _Record(
                setting=str(row["setting"]), updated=read_moment(row["updated"])
            )
            for hashrate, power in row["windows"]:
                record.windows.append(
                    (_stored(hashrate), None if power is None else _stored(power))
                )
            if record.windows:
                learner._records[name] = record
        return learner


def _median(values: Iterable[float | None]) -> float | None:
    """Return the median of what is known, None where nothing is."""
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _stored(value: float) -> float:
    """Return a hashrate or power that was stored."""
    if isinstance(value, bool) or not 0 <= value < math.inf:
        raise ValueError("No miner does so much")
    return float(value)
