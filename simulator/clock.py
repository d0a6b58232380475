"""The time simulated devices live by: real, or moved by hand in a test."""

import time
from typing import override


class Clock:
    """Give the time in seconds from an arbitrary point, never going back."""

    def __call__(self) -> float:
        """Return the time now."""
        return time.monotonic()

    def unix_time(self) -> float:
        """Return the time of day, which one-time codes depend on."""
        return time.time()


class ManualClock(Clock):
    """Stand still until told to move, so that a test never waits."""

    UNIX_TIME_AT_ZERO = 1_790_000_000.0

    def __init__(self, start: float = 0.0) -> None:
        """Set the clock to a point in time."""
        self._now = start

    @override
    def __call__(self) -> float:
        return self._now

    @override
    def unix_time(self) -> float:
        return self.UNIX_TIME_AT_ZERO + self._now

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        if seconds < 0:
            msg = f"a clock cannot go back, not even by {-seconds} s"
            raise ValueError(msg)
        self._now += seconds
