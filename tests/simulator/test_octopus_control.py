"""Tests for the switches of the price server on the control port."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from simulator.control import ControlPort
from simulator.octopus import CURRENT, OctopusFault, OctopusServer

HOST = "127.0.0.1"


@pytest.fixture
async def server(socket_enabled: None) -> AsyncIterator[OctopusServer]:
    """Run a price server."""
    async with OctopusServer() as server:
        yield server


@pytest.fixture
async def url(server: OctopusServer) -> AsyncIterator[str]:
    """Return where its switches are."""
    control = ControlPort([], server)
    await control.start(HOST, 0)
    yield f"http://{HOST}:{control.port}/prices"
    await control.stop()


async def post(url: str, content: object) -> tuple[int, dict[str, Any]]:
    """Post content and return the status and the reply."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json=content) as reply,
    ):
        return reply.status, await reply.json()


async def test_switches(server: OctopusServer, url: str) -> None:
    """What is set is in force, and is told."""
    status, shown = await post(
        url,
        {
            "fault": "unavailable",
            "publication_delay_minutes": 300,
            "retired_products": [CURRENT],
            "newer_product": True,
            "retry_after": 90,
        },
    )
    assert status == 200
    assert server.fault is OctopusFault.UNAVAILABLE
    assert server.publication_delay == timedelta(hours=5)
    assert server.retired_products == {CURRENT}
    assert server.newer_product
    assert server.retry_after == 90
    async with aiohttp.ClientSession() as session, session.get(url) as reply:
        assert await reply.json() == shown
    assert shown == {
        "url": server.url,
        "requests": 0,
        "duplicates": False,
        "fault": "unavailable",
        "newer_product": True,
        "null_valid_to": False,
        "overlapping_pages": False,
        "publication_delay_minutes": 300,
        "retired_listed": False,
        "retired_products": [CURRENT],
        "retry_after": 90,
    }
    status, shown = await post(url, {"fault": None})
    assert (status, server.fault, shown["fault"]) == (200, None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"fault": "explode"},
        {"duplicates": 1},
        {"retry_after": -1},
        {"retry_after": True},
        {"publication_delay_minutes": "5"},
        {"retired_products": CURRENT},
        {"seed": 2},
    ],
)
async def test_nonsense_changes_nothing(
    server: OctopusServer, url: str, wrong: dict[str, object]
) -> None:
    """A value that cannot be is refused with its name, and so is all beside it."""
    status, shown = await post(url, {"newer_product": True, **wrong})
    assert status == 400
    assert next(iter(wrong)) in shown["error"]
    assert not server.newer_product


async def test_no_price_server(socket_enabled: None) -> None:
    """A simulator without one says so."""
    control = ControlPort([])
    await control.start(HOST, 0)
    status, shown = await post(f"http://{HOST}:{control.port}/prices", {})
    await control.stop()
    assert (status, shown) == (404, {"error": "there is no price server"})
