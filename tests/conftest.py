"""Fixtures for all tests but the end-to-end ones."""

from collections.abc import AsyncIterator
from unittest.mock import patch

import pytest

# The test plugin brings its own custom_components: the first import decides.
import custom_components.miner_controller  # noqa: F401

from .devices import Device, StartDevice, running_devices


@pytest.fixture
async def start_device(socket_enabled: None) -> AsyncIterator[StartDevice]:
    """Start simulated devices that end with the test.

    The time that a client waits passes on the devices, and not for the test.
    """
    devices: list[Device] = []

    async def wait(seconds: float) -> None:
        for device in devices:
            device.advance(seconds)

    with patch("custom_components.miner_controller.protocols.esp_miner.sleep", wait):
        async with running_devices(devices) as start:
            yield start
