"""Devices on real loopback sockets, and a client to ask them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
import socket

import aiohttp
import pytest

from simulator.avalon import AvalonDevice
from simulator.axeos import AxeOSDevice
from simulator.clock import ManualClock
from simulator.device import SimulatedDevice
from simulator.nerdqaxe import NerdQAxeDevice

type Serve = Callable[[SimulatedDevice], Awaitable[SimulatedDevice]]

# Long enough for a busy machine; nothing waits for it that goes well.
PATIENCE = 20

OTP_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


class Listener:
    """A UDP socket that hears what devices say."""

    def __init__(self, host: str) -> None:
        """Listen on a free port."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind((host, 0))
        self.address: tuple[str, int] = self._socket.getsockname()

    async def hear(self) -> tuple[bytes, str]:
        """Return the next datagram and the address it came from."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(PATIENCE):
            data, sender = await loop.sock_recvfrom(self._socket, 65535)
        return data, sender[0]

    def hears_nothing(self) -> bool:
        """Tell whether no datagram is here, all of which loopback delivers at once."""
        try:
            self._socket.recv(65535)
        except BlockingIOError:
            return True
        return False

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()


@pytest.fixture
def listen(socket_enabled: None) -> Iterator[Callable[..., Listener]]:
    """Return what makes a listener that ends with the test."""
    made: list[Listener] = []

    def start(host: str = "127.0.0.1") -> Listener:
        made.append(Listener(host))
        return made[-1]

    yield start
    for each in made:
        each.close()


@pytest.fixture
async def serve(socket_enabled: None) -> AsyncIterator[Serve]:
    """Start devices and stop them after the test."""
    started: list[SimulatedDevice] = []

    async def start(device: SimulatedDevice) -> SimulatedDevice:
        await device.start()
        started.append(device)
        return device

    yield start
    for device in started:
        await device.stop()


@pytest.fixture
async def http(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a client that gives up soon."""
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield session


def bitaxe(firmware: str, board: str = "gamma601", *, seed: int = 1) -> AxeOSDevice:
    """Return a Bitaxe that has been mining for a minute."""
    device = AxeOSDevice(board=board, firmware=firmware, seed=seed, clock=ManualClock())
    device.advance(60)
    return device


def nerdqaxe(firmware: str, *, otp: bool = False, seed: int = 1) -> NerdQAxeDevice:
    """Return a NerdQAxe++ that has been mining for a minute."""
    device = NerdQAxeDevice(
        firmware=firmware,
        seed=seed,
        clock=ManualClock(),
        otp_secret=OTP_SECRET if otp else None,
    )
    device.advance(60)
    return device


def avalon(board: str, firmware: str | None = None, *, seed: int = 1) -> AvalonDevice:
    """Return an Avalon that has been mining for some minutes."""
    device = AvalonDevice(
        board=board, firmware=firmware, seed=seed, clock=ManualClock()
    )
    device.advance(600)
    return device


@pytest.fixture(name="avalon")
def avalon_fixture() -> Callable[..., AvalonDevice]:
    """Return what makes an Avalon that has been mining for some minutes."""
    return avalon


@pytest.fixture(name="bitaxe")
def bitaxe_fixture() -> Callable[..., AxeOSDevice]:
    """Return what makes a Bitaxe that has been mining for a minute."""
    return bitaxe


@pytest.fixture(name="nerdqaxe")
def nerdqaxe_fixture() -> Callable[..., NerdQAxeDevice]:
    """Return what makes a NerdQAxe++ that has been mining for a minute."""
    return nerdqaxe
