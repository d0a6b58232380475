"""Fixtures for tests of what miners cost and earn."""

from collections.abc import AsyncIterator

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from simulator.mempool import MempoolServer
from simulator.octopus import OctopusServer
from tests.integration.prices import MORNING


@pytest.fixture(autouse=True)
async def at_home(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Begin on an ordinary morning in London."""
    freezer.move_to(MORNING)
    await hass.config.async_update(time_zone="Europe/London", currency="GBP")


@pytest.fixture
async def prices(at_home: None, socket_enabled: None) -> AsyncIterator[OctopusServer]:
    """Run a price service."""
    async with OctopusServer() as server:
        yield server


@pytest.fixture
async def network(at_home: None, socket_enabled: None) -> AsyncIterator[MempoolServer]:
    """Run a mempool: 1.5e14 difficulty, 3.155 bitcoin a block, 80,000 GBP for one."""
    async with MempoolServer() as server:
        yield server
