"""Fixtures for tests of the fleet."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
import ssl

import pytest

from simulator.pool_statistics import PoolStatisticsServer
from simulator.stratum import Manners, StratumPool

from .arrangement import StartPool


@pytest.fixture
async def start_pool(socket_enabled: None) -> AsyncIterator[StartPool]:
    """Start pools that end with the test."""
    async with AsyncExitStack() as stack:

        async def start(
            manners: Manners = Manners.SERVES, *, tls: ssl.SSLContext | None = None
        ) -> StratumPool:
            return await stack.enter_async_context(StratumPool(manners, tls=tls))

        yield start


@pytest.fixture
async def service(socket_enabled: None) -> AsyncIterator[PoolStatisticsServer]:
    """Run a service that tells what pools see."""
    async with PoolStatisticsServer() as server:
        yield server
