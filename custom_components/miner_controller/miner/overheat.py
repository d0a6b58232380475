"""Remembers which pair a miner worked at before it overheated."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from ..protocols.model import MinerStatus

# Putting back the pair at which a miner overheated needs a cool chip and regulator
# (°C). They run at about 60 and 75, and the firmware stops at 75 and 105.
_COOL_CHIP = 65.0
_COOL_REGULATOR = 90.0

type Pair = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverheatMemory:
    """The pair of frequency (MHz) and core voltage (V) that a miner worked well at.

    From 2.11 on AxeOS recovers from an overheating by itself, at a lower pair. That
    one is not what the owner chose, so it does not count until it is changed.
    """

    good: Pair | None = None
    reduced: Pair | None = None
    overheated: bool = False

    def after(self, status: MinerStatus, *, hashing: bool | None) -> Self:
        """Return the memory after a poll, the same one if nothing was learned."""
        if status.overheated:
            if self.overheated and self.reduced is None:
                return self
            # Overheated once more, the miner comes back at yet another pair.
            return replace(self, overheated=True, reduced=None)
        if not hashing or status.frequency is None or status.core_voltage is None:
            return self
        pair = (status.frequency, status.core_voltage)
        if self.overheated and self.reduced is None and pair != self.good:
            return replace(self, reduced=pair)
        if pair in (self.good, self.reduced) and (
            not self.overheated or pair == self.reduced
        ):
            return self
        return type(self)(good=pair)

    def as_dict(self) -> dict[str, Any]:
        """Return the memory as plain values that survive JSON unchanged."""
        return {
            "good": list(self.good) if self.good else None,
            "reduced": list(self.reduced) if self.reduced else None,
            "overheated": self.overheated,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the memory that `as_dict` stored."""
        good, reduced = data["good"], data["reduced"]
        return cls(
            good=(good[0], good[1]) if good else None,
            reduced=(reduced[0], reduced[1]) if reduced else None,
            overheated=data["overheated"],
        )


def too_hot(status: MinerStatus) -> float | None:
    """Return the temperature in °C that forbids putting a pair back, if any.

    A sensor that tells nothing forbids nothing: a chip that is switched off after an
    overheating may have no reading at all, and would never be started again.
    """
    limits = (
        (status.temperature, _COOL_CHIP),
        (status.temperature_2, _COOL_CHIP),
        (status.vr_temperature, _COOL_REGULATOR),
    )
    return next(
        (
            temperature
            for temperature, limit in limits
            if temperature is not None and temperature >= limit
        ),
        None,
    )
