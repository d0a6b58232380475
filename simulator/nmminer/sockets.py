"""The UDP sockets of simulated devices, many of which share one machine."""

import asyncio
from collections.abc import Callable
import contextlib
from ipaddress import IPv4Address
import socket

STATUS_PORT = 12345
ANNOUNCE_PORT = 12346
CONFIG_PORT = 12347

LOOPBACK_BROADCAST = "127.255.255.255"
_LONGEST = 65535
_EVERYBODY = "255.255.255.255"
_ANY = "0.0.0.0"
# The address is all that tells one such device from another.
_ADDRESSES = tuple(f"127.0.12.{number}" for number in range(1, 251))

type Receive = Callable[[bytes], None]


class UdpPorts:
    """What one device has open."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._sockets: list[socket.socket] = []
        self._sender: socket.socket | None = None

    def open(self, host: str, port: int, receive: Receive | None) -> tuple[str, int]:
        """Take an address and listen on a port of it; return which they are.

        Without a host it takes a loopback address that no other device has, and
        without a port a free one. A device that does not receive anything holds its
        port all the same, so that nobody else takes its address.
        """
        try:
            return self._open(host, port, receive)
        except OSError:
            self.close()
            raise

    def _open(self, host: str, port: int, receive: Receive | None) -> tuple[str, int]:
        """Open one socket after the other."""
        if not host:
            host, own = first_free(port or CONFIG_PORT)
        elif is_loopback(host) or receive is None:
            own = bound(host, port)
        else:
            own = shared(host, port)
        self._sockets.append(own)
        port = own.getsockname()[1]
        if receive is not None:
            if is_loopback(host):
                self._sockets.append(shared(host, port))
            loop = asyncio.get_running_loop()
            for each in self._sockets:
                loop.add_reader(each, _take, each, receive)
        self._sender = bound(host, 0)
        self._sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self._sockets.append(self._sender)
        return host, port

    def send(self, data: bytes, target: tuple[str, int]) -> None:
        """Send a datagram; one that the network does not take is lost, as on Wi-Fi."""
        if self._sender is not None:
            with contextlib.suppress(OSError):
                self._sender.sendto(data, target)

    def close(self) -> None:
        """Give everything up."""
        for each in self._sockets:
            asyncio.get_running_loop().remove_reader(each)
            each.close()
        self._sockets = []
        self._sender = None


def _take(opened: socket.socket, receive: Receive) -> None:
    """Hand one datagram on, whoever sent it."""
    with contextlib.suppress(BlockingIOError):
        receive(opened.recv(_LONGEST))


def is_loopback(host: str) -> bool:
    """Tell whether an address stays on this machine."""
    try:
        return IPv4Address(host).is_loopback
    except ValueError:
        return host == "localhost"


def broadcast_address(host: str) -> str:
    """Return where a device with this address reaches everybody."""
    return LOOPBACK_BROADCAST if is_loopback(host) else _EVERYBODY


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that nobody else has, on one address and port."""
    made = _socket()
    try:
        made.bind((host, port))
    except OSError:
        made.close()
        raise
    return made


def first_free(port: int) -> tuple[str, socket.socket]:
    """Return the first loopback address that no other device has, with its socket."""
    for host in _ADDRESSES:
        with contextlib.suppress(OSError):
            return host, bound(host, port)
    raise OSError(f"no address of 127.0.12.1-250 is free on UDP port {port}")


def shared(host: str, port: int) -> socket.socket:
    """Return a socket that hears broadcasts beside those of other devices.

    On loopback it is bound to the broadcast address and hears nothing else.
    Elsewhere, which addresses are broadcasts depends on the network, so that it
    hears all there is.
    """
    made = _socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        made.bind((LOOPBACK_BROADCAST if is_loopback(host) else _ANY, port))
    except OSError:
        made.close()
        raise
    return made


def _socket() -> socket.socket:
    """Return a UDP socket that never waits."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    return made
