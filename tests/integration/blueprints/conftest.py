"""Fixtures for tests of the blueprints."""

from collections.abc import AsyncIterator
import logging
from pathlib import Path
import shutil

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.install_blueprints import SHIPPED
from simulator.octopus import OctopusServer

from .arrangement import AUTOMATION, act

MORNING = "2026-11-10 10:05:00+00:00"


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Have a folder of the test's own, with the blueprints where they get installed."""
    shutil.copytree(SHIPPED, tmp_path / "blueprints" / "automation" / DOMAIN)
    return str(tmp_path)


@pytest.fixture(autouse=True)
def few_records(caplog: pytest.LogCaptureFixture) -> None:
    """Take down warnings only: days of everything take a third of the time."""
    caplog.set_level(logging.WARNING)


@pytest.fixture(autouse=True)
async def ended(hass: HomeAssistant, unload: None) -> AsyncIterator[None]:
    """End the runs that still wait, before anybody waits for them."""
    yield
    if hass.states.get(AUTOMATION) is not None:
        await act(hass, "automation.turn_off", AUTOMATION)


@pytest.fixture(autouse=True)
async def morning(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Begin on an ordinary morning in London."""
    freezer.move_to(MORNING)
    await hass.config.async_set_time_zone("Europe/London")


@pytest.fixture(autouse=True)
def logged(hass: HomeAssistant, morning: None) -> list[ServiceCall]:
    """Take down what is written to the logbook, which would need a database."""
    calls: list[ServiceCall] = async_mock_service(hass, "logbook", "log")
    return calls


@pytest.fixture
async def server(morning: None, socket_enabled: None) -> AsyncIterator[OctopusServer]:
    """Run a price service, whose time is that of the test."""
    async with OctopusServer() as server:
        yield server
