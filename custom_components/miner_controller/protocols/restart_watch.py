"""Notices from uptimes that a miner has started anew."""

from time import monotonic

# Between the moment that a miner tells its uptime for and the moment that it is read
# lie a few seconds at most.
_TOLERANCE = 20.0


class RestartWatch:
    """What is known of when a miner started.

    A miner that was away for long may be up for longer than when it was last seen, so
    the uptime alone does not tell.
    """

    def __init__(self) -> None:
        """Initialize without having seen the miner."""
        self.uptime = 0.0
        self._seen: float | None = None

    def restarted(self, uptime: float | None) -> bool:
        """Return whether the miner has started since the last uptime, in s."""
        if uptime is None:
            return False
        now = monotonic()
        passed = 0.0 if self._seen is None else now - self._seen
        # One that started since was not up for as long as it should be by now, and not
        # for longer than it was out of sight.
        restarted = self._seen is not None and (
            uptime < self.uptime
            or (uptime + _TOLERANCE < self.uptime + passed and uptime <= passed)
        )
        self.uptime, self._seen = uptime, now
        return restarted
