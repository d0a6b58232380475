"""Devices on real loopback sockets, and a client to ask them."""

from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest

from simulator.avalon import AvalonDevice
from simulator.axeos import AxeOSDevice
from simulator.clock import ManualClock
from simulator.device import SimulatedDevice
from simulator.nerdqaxe import NerdQAxeDevice

type Serve = Callable[[SimulatedDevice], Awaitable[SimulatedDevice]]

OTP_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


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
