"""The broadcasts of one NMMiner, at the address that its host has at present."""

import asyncio
from collections import deque
from collections.abc import Callable
from ipaddress import AddressValueError, IPv4Address
import socket
from statistics import median_low
from time import monotonic
from typing import Final

from .errors import MinerTimeoutError
from .nmminer_listener import SHORTEST_SILENCE, NMMinerListener
from .nmminer_report import NMMinerReport

# A miner that was silent for so many of its intervals is away.
_SILENT_INTERVALS: Final = 4

_INTERVALS_KEPT: Final = 5

# Whoever looks when the limit is reached may be early by so much (s).
_TIMER_INACCURACY: Final = 0.5

# Seconds that the look-up of a name may take.
_LOOK_UP_LIMIT: Final = 5.0


class NMMinerBroadcasts:
    """What one miner broadcasts, and for how long it may be silent."""

    def __init__(self, host: str, listener: NMMinerListener | None) -> None:
        """Initialize for a host, which may be a name."""
        self._host = host
        self._listener = listener
        self._address: str | None = None
        self._intervals: deque[float] = deque(maxlen=_INTERVALS_KEPT)
        self._heard_at: float | None = None
        self._follow: Callable[[NMMinerReport], None] | None = None
        self._end: Callable[[], None] | None = None
        if _is_address(host):
            self._address = host

    @property
    def known_address(self) -> str | None:
        """Return the address that the host had when it was last looked up."""
        return self._address

    @property
    def silence_limit(self) -> float:
        """Return after how many seconds of silence the miner is away."""
        # One interval alone may be the time that the miner was away.
        interval = median_low(self._intervals) if len(self._intervals) > 1 else 0.0
        return max(SHORTEST_SILENCE, _SILENT_INTERVALS * interval)

    def follow(self, heard: Callable[[NMMinerReport], None]) -> Callable[[], None]:
        """Tell of each broadcast until it is ended."""
        self._follow = heard
        self._subscribe()

        def end() -> None:
            self._follow = None
            self._unsubscribe()

        return end

    async def address(self) -> str | None:
        """Return the address that the host has, None where a name has none.

        Broadcasts tell addresses, and that of a name may change.
        """
        if not _is_address(self._host):
            found = await _resolve(self._host)
            if found is not None and found != self._address:
                self._unsubscribe()
                self._address = found
                self._subscribe()
        return self._address

    async def fresh(self) -> NMMinerReport | None:
        """Return the last broadcast, unless the miner has been silent for too long."""
        address = await self.address()
        if self._listener is None or address is None:
            return None
        heard_at = self._listener.heard_at(address)
        if heard_at is None:
            return None
        silent_for = monotonic() - heard_at
        if silent_for >= self.silence_limit - _TIMER_INACCURACY:
            return None
        return self._listener.heard[address]

    async def next(self, seconds: float) -> NMMinerReport:
        """Return what the miner broadcasts next.

        Raises MinerTimeoutError where it does not within a time.
        """
        address = self._address or await self.address()
        if self._listener is None or address is None:
            raise MinerTimeoutError("Nobody listens for the miner")
        try:
            async with asyncio.timeout(seconds):
                return await self._listener.next_report(address)
        except TimeoutError:
            raise MinerTimeoutError("The miner does not broadcast") from None

    def _subscribe(self) -> None:
        """Follow the broadcasts of the address, once both are known."""
        if self._listener and self._address and self._follow and self._end is None:
            self._end = self._listener.listen(self._take, self._address)

    def _unsubscribe(self) -> None:
        """Stop following an address."""
        if self._end is not None:
            self._end()
            self._end = None

    def _take(self, _: str, report: NMMinerReport) -> None:
        """Note when the miner was heard, and hand on what it said."""
        now = monotonic()
        if self._heard_at is not None:
            self._intervals.append(now - self._heard_at)
        self._heard_at = now
        if self._follow is not None:
            self._follow(report)


def _is_address(host: str) -> bool:
    """Return whether a host is an IPv4 address and no name."""
    try:
        IPv4Address(host)
    except AddressValueError:
        return False
    return True


async def _resolve(host: str) -> str | None:
    """Return the IPv4 address of a name, if it has one now."""
    try:
        async with asyncio.timeout(_LOOK_UP_LIMIT):
            found = await asyncio.get_running_loop().getaddrinfo(
                host, None, family=socket.AF_INET, type=socket.SOCK_DGRAM
            )
    except OSError:
        # That it takes too long is one as well.
        return None
    return str(found[0][4][0]) if found else None
