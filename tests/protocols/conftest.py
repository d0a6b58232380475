"""Fixtures for tests of the protocols."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from . import Serve, running_server
from .raw_miner import StartMiner, running_miners


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session like the one that Home Assistant shares."""
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
