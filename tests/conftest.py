"""Fixtures for all tests but the end-to-end ones."""

from asyncio import constants
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
import traceback
from typing import Any
from unittest.mock import patch

from hypothesis import is_hypothesis_test, settings
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

# With CI set, Hypothesis derives its examples from the test alone: each run tries the
# same ones, and those who develop, whose examples differ, try as many as a test wants.
_EXAMPLES_ON_SERVER = 500

# How many frames the event loop remembers of where a future or a task was made.
_REMEMBERED_FRAMES = 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try fewer examples on a server; those of a developer differ with each run."""
    for item in items:
        test: Any = getattr(item, "obj", None)
        if not is_hypothesis_test(test):
            continue
        used = test._hypothesis_internal_use_settings
        if used.derandomize and used.max_examples > _EXAMPLES_ON_SERVER:
            test._hypothesis_internal_use_settings = settings(
                used, max_examples=_EXAMPLES_ON_SERVER
            )


@pytest.fixture(autouse=True, scope="session")
def short_origins() -> Iterator[None]:
    """Remember less of where each future and each task was made.

    The test plugin has the event loop debug itself, which reads the whole stack each
    time, a third of what the tests in a Home Assistant take. All that it finds is
    found all the same.
    """
    with (
        patch.object(
            traceback.extract_stack, "__defaults__", (None, _REMEMBERED_FRAMES)
        ),
        patch.object(constants, "DEBUG_STACK_DEPTH", _REMEMBERED_FRAMES),
    ):
        yield


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
