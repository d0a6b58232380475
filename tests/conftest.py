"""Fixtures for all tests but the end-to-end ones."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from unittest.mock import patch

import pytest

# The test plugin brings its own custom_components: the first import decides.
import custom_components.miner_controller  # noqa: F401

from .devices import HOST, Device, StartDevice, free_udp_port, running_devices

PROTOCOLS = "custom_components.miner_controller.protocols"

_WAITING = (
    "avalon",
    "cgminer_client",
    "esp_miner",
    "nmminer_configuration",
    "nmminer_http",
)


@pytest.fixture
async def start_device(socket_enabled: None) -> AsyncIterator[StartDevice]:
    """Start simulated devices that end with the test.

    The time that a client waits passes on the devices, and not for the test. The
    settings of NMMiners travel on ports that no other test has; whoever wants to hear
    a device's status gives it a `status_target`.
    """
    devices: list[Device] = []

    async def wait(seconds: float) -> None:
        for device in devices:
            device.advance(seconds)

    async with AsyncExitStack() as stack:
        for module in _WAITING:
            stack.enter_context(patch(f"{PROTOCOLS}.{module}.sleep", wait))
        taking, telling = (stack.enter_context(free_udp_port()) for _ in range(2))
        configuration = f"{PROTOCOLS}.nmminer_configuration"
        stack.enter_context(patch(f"{configuration}.CONFIGURATION_PORT", taking))
        stack.enter_context(
            patch(f"{configuration}.CONFIGURATION_REPORT_PORT", telling)
        )
        yield await stack.enter_async_context(
            running_devices(devices, config_port=taking, config_target=(HOST, telling))
        )
