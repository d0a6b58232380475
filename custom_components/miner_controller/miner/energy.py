"""Energy from power that is only known at polls."""

# Time without a poll for more than this many intervals is a gap.
_GAP_INTERVALS = 3


class EnergyMeter:
    """Integrates power (W) over time (s) to energy (kWh).

    Nothing is added for a gap: what the miner drew meanwhile is not known.
    """

    def __init__(self, total: float = 0.0) -> None:
        """Initialize with the energy that was counted before."""
        self.total = total
        self._power: float | None = None
        self._at = 0.0

    def pause(self) -> None:
        """Start a gap: what comes next does not go on from the last reading."""
        self._power = None

    def add(self, power: float | None, *, at: float, interval: float) -> float:
        """Count the energy since the last reading, and return it. None starts a gap."""
        energy = 0.0
        if power is not None and self._power is not None:
            elapsed = at - self._at
            if 0 < elapsed <= _GAP_INTERVALS * interval:
                energy = (power + self._power) / 2 * elapsed / 3_600_000
        self._power = power
        self._at = at
        self.total += energy
        return energy
