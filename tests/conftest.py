"""Fixtures for all tests but the end-to-end ones."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from unittest.mock import patch

import pytest

# The test plugin brings its own custom_components: the first import decides.
import custom_components.miner_controller  # noqa: F401

from .devices import Device, StartDevice, running_devices

PROTOCOLS = "custom_components.miner_controller.protocols"


@pytest.fixture
async def start_device(socket_enabled: None) -> AsyncIterator[StartDevice]:
    """Start simulated devices that end with the test.

    The time that a client waits passes on the devices, and not for the test.
    """
    devices: list[Device] = []

    async def wait(seconds: float) -> None:
        for device in devices:
            device.advance(seconds)

    async with AsyncExitStack() as stack:
        for module in ("avalon", "cgminer_client", "esp_miner"):
            stack.enter_context(patch(f"{PROTOCOLS}.{module}.sleep", wait))
        yield await stack.enter_async_context(running_devices(devices))
