"""Hears what the NMMiners of a network broadcast, for everybody who wants to know.

There is one listener for one port. Other programs may listen on the same port: a
broadcast reaches all of them.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from ipaddress import AddressValueError, IPv4Address
import socket
from time import monotonic
from typing import Final

from .nmminer_report import LARGEST_REPORT, NMMinerReport, ReportError, read_report
from .private_network import is_private_address

REPORT_PORT: Final = 12345

# Whoever floods the port is heard between other things that have to be done.
_DATAGRAMS_AT_ONCE: Final = 32

# A miner broadcasts every 2 s at most. What comes sooner is not read.
_SHORTEST_INTERVAL: Final = 1.0

SHORTEST_SILENCE: Final = 30.0
"""Seconds of silence after which a miner may be away."""

# A sender that speaks for others, as a relay between networks does, may speak for so
# many in a second.
_RELAYED_AT_ONCE: Final = 32

# A home has fewer addresses than this.
_MOST_ADDRESSES: Final = 1024

# What somebody tells in another's name is not believed of the addresses that networks
# have for themselves and for all.
_NOBODYS: Final = (".0", ".255")

# One that is silent for this many seconds makes room for another.
_FORGOTTEN_AFTER: Final = 600.0

# A miner that was heard itself this many seconds ago needs nobody to speak for it.
_OWN_WORD: Final = 60.0

type Heard = Callable[[str, NMMinerReport], None]
"""Takes the address of a miner and what it told."""


class Drop(StrEnum):
    """Why a datagram was not taken."""

    TOO_LARGE = "too_large"
    NOT_A_REPORT = "not_a_report"
    NOT_PRIVATE = "not_private"
    TOO_SOON = "too_soon"
    SPOKEN_FOR = "spoken_for"
    """Somebody speaks for a miner that speaks for itself."""
    TOO_MANY = "too_many"


class NMMinerListener:
    """A socket that hears the broadcasts, and who wants to hear of them."""

    def __init__(self, port: int) -> None:
        """Initialize without listening yet."""
        self.port = port
        self.dropped: Counter[Drop] = Counter()
        self.heard: dict[str, NMMinerReport] = {}
        """The last report of each miner by its address, the oldest first."""
        self._heard_at: dict[str, float] = {}
        self._heard_itself_at: dict[str, float] = {}
        self._relayed: Counter[str] = Counter()
        self._relayed_since = 0.0
        self._listeners: dict[str, list[Heard]] = {}
        self._all_listeners: list[Heard] = []
        self._socket: socket.socket | None = None

    @property
    def listening(self) -> bool:
        """Return whether the port is open."""
        return self._socket is not None

    def open(self) -> None:
        """Listen. Raises OSError where the port cannot be had."""
        if self._socket is not None:
            return
        opened = open_shared_socket(self.port)
        # A free port was wished for, where it was 0.
        self.port = opened.getsockname()[1]
        self._socket = opened
        asyncio.get_running_loop().add_reader(opened, self._receive)

    def close(self) -> None:
        """Stop listening and forget what was heard."""
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
            self._socket = None
        self.heard.clear()
        self._heard_at.clear()
        self._heard_itself_at.clear()

    def listen(self, heard: Heard, address: str | None = None) -> Callable[[], None]:
        """Tell of the reports of one address, or of all, until it is ended."""
        listeners = (
            self._all_listeners
            if address is None
            else self._listeners.setdefault(address, [])
        )
        listeners.append(heard)

        def end() -> None:
            listeners.remove(heard)
            if address is not None and not listeners:
                self._listeners.pop(address, None)

        return end

    def is_followed(self, address: str) -> bool:
        """Return whether somebody listens for the reports of an address."""
        return address in self._listeners

    def heard_at(self, address: str) -> float | None:
        """Return when a miner was last heard, by the clock of `time.monotonic`."""
        return self._heard_at.get(address)

    def fresh_reports(self) -> dict[str, NMMinerReport]:
        """Return the reports that are not too old to be true, by their addresses."""
        now = monotonic()
        return {
            address: report
            for address, report in self.heard.items()
            if now - self._heard_at[address] < SHORTEST_SILENCE
        }

    async def next_report(self, address: str) -> NMMinerReport:
        """Wait for the next report of an address."""
        future: asyncio.Future[NMMinerReport] = (
            asyncio.get_running_loop().create_future()
        )

        def heard(_: str, report: NMMinerReport) -> None:
            if not future.done():
                future.set_result(report)

        end = self.listen(heard, address)
        try:
            return await future
        finally:
            end()

    def _receive(self) -> None:
        """Read what has come, a bounded number of datagrams at once."""
        for _ in range(_DATAGRAMS_AT_ONCE):
            if self._socket is None:
                return
            try:
                datagram, (sender, _port) = self._socket.recvfrom(LARGEST_REPORT + 1)
            except OSError:
                # There is no more, or the network is gone for now.
                return
            if (drop := self._take(datagram, sender)) is not None:
                self.dropped[drop] += 1

    def _take(self, datagram: bytes, sender: str) -> Drop | None:
        """Hand a report on, or return why it is dropped."""
        if len(datagram) > LARGEST_REPORT:
            return Drop.TOO_LARGE
        if not is_private_address(sender):
            return Drop.NOT_PRIVATE
        now = monotonic()
        itself_at = self._heard_itself_at.get(sender)
        if itself_at is not None and now - itself_at < _SHORTEST_INTERVAL:
            # Before it is read, since reading is what costs time in a flood.
            return Drop.TOO_SOON
        if self._exceeds_relaying(sender, now):
            return Drop.TOO_SOON
        try:
            report = read_report(datagram)
        except ReportError:
            return Drop.NOT_A_REPORT
        address = _told_address(report) or sender
        if address != sender:
            if not is_private_address(address) or address.endswith(_NOBODYS):
                return Drop.NOT_PRIVATE
            itself_at = self._heard_itself_at.get(address)
            if itself_at is not None and now - itself_at < _OWN_WORD:
                return Drop.SPOKEN_FOR
            heard_at = self._heard_at.get(address)
            if heard_at is not None and now - heard_at < _SHORTEST_INTERVAL:
                return Drop.TOO_SOON
        if not self._remember(address, report, now):
            return Drop.TOO_MANY
        if address == sender:
            self._heard_itself_at[sender] = now
        for heard in (*self._listeners.get(address, ()), *self._all_listeners):
            heard(address, report)
        return None

    def _exceeds_relaying(self, sender: str, now: float) -> bool:
        """Return whether a sender has sent more than any relay has reason to."""
        if now - self._relayed_since >= _SHORTEST_INTERVAL:
            self._relayed_since = now
            self._relayed.clear()
        self._relayed[sender] += 1
        return self._relayed[sender] > _RELAYED_AT_ONCE

    def _remember(self, address: str, report: NMMinerReport, now: float) -> bool:
        """Keep the last report of an address, unless there are too many of them."""
        self.heard.pop(address, None)
        # Whoever is waited for has room, whatever else somebody makes up.
        if len(self.heard) >= _MOST_ADDRESSES and not self.is_followed(address):
            longest_silent = next(iter(self.heard))
            if now - self._heard_at[longest_silent] < _FORGOTTEN_AFTER:
                self._forget(address)
                return False
            self._forget(longest_silent)
        self.heard[address] = report
        self._heard_at[address] = now
        return True

    def _forget(self, address: str) -> None:
        """Forget that an address was heard."""
        self.heard.pop(address, None)
        self._heard_at.pop(address, None)
        self._heard_itself_at.pop(address, None)


def _told_address(report: NMMinerReport) -> str | None:
    """Return the address that a miner tells, None where it does not know it."""
    try:
        told = IPv4Address(report.address or "")
    except AddressValueError:
        return None
    return None if told.is_unspecified else str(told)


def open_shared_socket(port: int) -> socket.socket:
    """Return a socket that hears the broadcasts to a port, which others may do too.

    Raises OSError where the port cannot be had.
    """
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        opened.setblocking(False)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "SO_REUSEPORT"):
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        opened.bind(("", port))
    except OSError:
        opened.close()
        raise
    return opened
