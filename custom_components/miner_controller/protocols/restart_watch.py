"""Notices from uptimes that a miner has started anew."""

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final

from .errors import MinerError, MinerUnconfirmedError
from .model import MinerStatus

# Between the moment that a miner tells its uptime for and the moment that it is read
# lie a few seconds at most.
_TOLERANCE: Final = 20.0

# The steps in which a miner that restarts is waited for, in s, and how many.
_RESTART_STEP: Final = 3.0
_RESTART_STEPS: Final = 60


def has_restarted(before: float, uptime: float, passed: float) -> bool:
    """Return whether a miner has started between two uptimes, all in s.

    A miner that was away for long may be up for longer than when it was last seen, so
    the uptime alone does not tell. One that started since was not up for as long as it
    should be by now, and not for longer than it was out of sight.
    """
    return uptime < before or (
        uptime + _TOLERANCE < before + passed and uptime <= passed
    )


class RestartWatch:
    """What is known of when a miner started."""

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
        restarted = self._seen is not None and has_restarted(
            self.uptime, uptime, passed
        )
        self.uptime, self._seen = uptime, now
        return restarted


async def wait_for_restart(
    watch: RestartWatch,
    fetch: Callable[[], Awaitable[MinerStatus]],
    sleep: Callable[[float], Awaitable[object]],
) -> MinerStatus:
    """Return the status of a miner that was told to restart, once it is back.

    The watch is the one that sees each status that is fetched. Raises
    MinerUnconfirmedError where the miner stays away, or does not restart at all.
    """
    before, away = watch.uptime, False
    for step in range(1, _RESTART_STEPS + 1):
        await sleep(_RESTART_STEP)
        try:
            status = await fetch()
        except MinerError:
            # It is away, or it is not ready yet for what it is asked for.
            away = True
            continue
        # One that was just restarted before has hardly an uptime to go back from, and
        # one that failed to answer once need not have restarted.
        least = max(before, step * _RESTART_STEP) if away else before
        if status.uptime is not None and status.uptime < least:
            return status
    raise MinerUnconfirmedError("The miner did not come back from its restart")
