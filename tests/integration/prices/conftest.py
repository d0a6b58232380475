"""Fixtures for tests of tariffs."""

from collections.abc import AsyncIterator

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from simulator.octopus import OctopusServer

from . import MORNING


@pytest.fixture(autouse=True)
async def morning(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Begin on an ordinary morning, where the prices are for."""
    freezer.move_to(MORNING)
    await hass.config.async_set_time_zone("Europe/London")


@pytest.fixture
async def server(morning: None, socket_enabled: None) -> AsyncIterator[OctopusServer]:
    """Run a price service, whose time is that of the test."""
    async with OctopusServer() as server:
        yield server
