"""Fixtures for tests of the protocols."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from unittest.mock import patch

import aiohttp
import pytest
import pytest_socket

from custom_components.miner_controller.protocols.nmminer_listener import (
    NMMinerListener,
)
from simulator.clock import ManualClock
from tests.conftest import PROTOCOLS

from . import Serve, running_server
from .raw_miner import StartMiner, running_miners


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session like the one that Home Assistant shares.

    A miner may have any address of loopback.
    """
    pytest_socket.socket_allow_hosts(["127.0.0.0/8"])
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def serve(socket_enabled: None) -> AsyncIterator[Serve]:
    """Start servers that answer with a handler and end with the test."""
    async with running_server() as start:
        yield start


@pytest.fixture
async def start_miner(socket_enabled: None) -> AsyncIterator[StartMiner]:
    """Start miners that answer with a script and end with the test."""
    async with running_miners() as start:
        yield start


@pytest.fixture
def moment() -> Iterator[ManualClock]:
    """Stop the clock by which broadcasts are timed, for the test to move it."""
    clock = ManualClock(1000.0)
    with ExitStack() as stack:
        for module in ("nmminer_broadcasts", "nmminer_listener"):
            stack.enter_context(patch(f"{PROTOCOLS}.{module}.monotonic", clock))
        yield clock


@pytest.fixture
async def listener(
    socket_enabled: None, moment: ManualClock
) -> AsyncIterator[NMMinerListener]:
    """Listen on a port that no other test listens on."""
    listener = NMMinerListener(0)
    listener.open()
    yield listener
    listener.close()
