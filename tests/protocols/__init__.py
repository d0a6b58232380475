"""Tests of the clients that talk to miners."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import fields

import aiohttp
from aiohttp import web

from custom_components.miner_controller.protocols.axeos import AxeOSClient
from custom_components.miner_controller.protocols.model import MinerStatus
from custom_components.miner_controller.protocols.nerdqaxe import NerdQAxeClient
from tests.devices import Device

type Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
type Serve = Callable[[Handler], Awaitable[int]]

HOST = "127.0.0.1"

# What no miner over HTTP tells.
NOT_OVER_HTTP = {
    "active_slot": None,
    "calibrating": None,
    "hardware_errors": None,
    "hashrate_since_start": None,
    "inlet_temperature": None,
    "last_share": None,
    "outlet_temperature": None,
    "pool_slots": (),
    "power_limit": None,
    "temperature_max": None,
    "work_mode": None,
}


@asynccontextmanager
async def running_server() -> AsyncIterator[Serve]:
    """Start servers on free ports that answer with a handler, and stop them."""
    async with AsyncExitStack() as stack:

        async def start(handler: Handler) -> int:
            runner = web.ServerRunner(
                web.Server(handler, handler_cancellation=True, access_log=None),
                shutdown_timeout=0,
            )
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, HOST, 0).start()
            return int(runner.addresses[0][1])

        yield start


def client_for(
    session: aiohttp.ClientSession, device: Device
) -> AxeOSClient | NerdQAxeClient:
    """Return the client that fits a simulated device."""
    client_class = NerdQAxeClient if device.family == "nerdqaxe" else AxeOSClient
    return client_class(session, device.host, device.port)


def requests_for(device: Device, method: str) -> list[str]:
    """Return the paths that a device was asked for with a method."""
    return [path for used, path in device.requests if used == method]


def assert_status(status: MinerStatus, **known: object) -> None:
    """Assert every field of a status: those that are not given are not known."""
    defaults = {field.name: field.default for field in fields(MinerStatus)}
    assert known.keys() <= defaults.keys()
    found = {name: getattr(status, name) for name in defaults}
    assert found == {**defaults, **known}
