"""Fixtures for tests of the protocols."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from . import Serve, running_server


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
