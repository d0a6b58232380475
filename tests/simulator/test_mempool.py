"""Tests for the mempool of the simulator and its switches on the control port."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from simulator.control import ControlPort
from simulator.mempool import PARTS, MempoolFault, MempoolServer

HOST = "127.0.0.1"
NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)


@pytest.fixture
async def server(socket_enabled: None) -> AsyncIterator[MempoolServer]:
    """Run a mempool."""
    async with MempoolServer(now=lambda: NOW) as server:
        yield server


@pytest.fixture
async def url(server: MempoolServer) -> AsyncIterator[str]:
    """Return where its switches are."""
    control = ControlPort([], network=server)
    await control.start(HOST, 0)
    yield f"http://{HOST}:{control.port}/network"
    await control.stop()


async def get(url: str) -> tuple[int, str, Any]:
    """Return the status of a reply, its text, and its JSON if it is some."""
    async with aiohttp.ClientSession() as session, session.get(url) as reply:
        is_json = reply.content_type == "application/json"
        return reply.status, await reply.text(), await reply.json() if is_json else None


async def post(url: str, content: object) -> tuple[int, dict[str, Any]]:
    """Post content and return the status and the reply."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json=content) as reply,
    ):
        return reply.status, await reply.json()


async def test_quirks(server: MempoolServer) -> None:
    """It tells what the service of the world tells, and as oddly."""
    _, _, prices = await get(server.url + PARTS["prices"])
    assert prices["GBP"] == 80_000
    assert prices["JPY"] == -1
    assert prices["time"] == NOW.timestamp()
    assert await get(server.url + PARTS["height"]) == (200, "951000", None)
    _, _, reward = await get(server.url + PARTS["reward"].format(blocks=144))
    assert reward["totalReward"] == str(315_500_000 * 144)
    assert reward["endBlock"] - reward["startBlock"] == 143
    _, _, difficulty = await get(server.url + PARTS["difficulty"])
    assert difficulty["currentDifficulty"] == 1.5e14
    assert difficulty["currentHashrate"] == pytest.approx(1.07374e21, rel=1e-4)
    _, _, adjustment = await get(server.url + PARTS["adjustment"])
    left = adjustment["remainingBlocks"]
    assert adjustment["nextRetargetHeight"] % 2016 == 0
    due = NOW.timestamp() * 1000 + left * 600_000
    assert adjustment["estimatedRetargetDate"] == due
    for path in ("/", "/api/v1/mining/reward-stats/x"):
        assert (await get(server.url + path))[0] == 404


async def test_hanging_request_is_dropped(server: MempoolServer) -> None:
    """A request that hangs ends with the fault."""
    server.fault = MempoolFault.HANG
    async with aiohttp.ClientSession() as session:
        with pytest.raises(TimeoutError):
            await session.get(
                server.url + PARTS["height"],
                timeout=aiohttp.ClientTimeout(total=0.05),
            )
    server.fault = None
    assert (await get(server.url + PARTS["height"]))[0] == 200


async def test_switches(server: MempoolServer, url: str) -> None:
    """What is set is in force, and is told."""
    switches = {
        "adjustment_change": -3.5,
        "difficulty": 2e14,
        "fault": "rate_limited",
        "faulty": ["prices", "height"],
        "height": 1_000_000,
        "in_seconds": True,
        "prices": {"GBP": 1.5},
        "retry_after": 90,
        "reward": 320_000_000,
    }
    status, shown = await post(url, switches)
    assert status == 200
    assert server.fault is MempoolFault.RATE_LIMITED
    assert server.faulty == {"height", "prices"}
    assert shown == {
        "url": server.url,
        "requests": 0,
        **switches,
        "faulty": ["height", "prices"],
    }
    assert (await get(url))[2] == shown
    assert (await get(server.url + PARTS["prices"]))[0] == 429
    status, shown = await post(url, {"fault": None})
    assert (status, server.fault, shown["fault"]) == (200, None, None)
    assert (await get(server.url + PARTS["prices"]))[2]["GBP"] == 1.5


@pytest.mark.parametrize(
    "wrong",
    [
        {"fault": "explode"},
        {"faulty": ["weather"]},
        {"faulty": "prices"},
        {"in_seconds": 1},
        {"retry_after": -1},
        {"height": True},
        {"difficulty": "much"},
        {"prices": [1]},
        {"prices": {"GBP": True}},
        {"seed": 2},
    ],
)
async def test_nonsense_changes_nothing(
    server: MempoolServer, url: str, wrong: dict[str, object]
) -> None:
    """A value that cannot be is refused with its name, and so is all beside it."""
    status, shown = await post(url, {"adjustment_change": 7, **wrong})
    assert status == 400
    assert next(iter(wrong)) in shown["error"]
    assert server.adjustment_change == 2.5


async def test_no_mempool(socket_enabled: None) -> None:
    """A simulator without one says so."""
    control = ControlPort([])
    await control.start(HOST, 0)
    status, shown = await post(f"http://{HOST}:{control.port}/network", {})
    await control.stop()
    assert (status, shown) == (404, {"error": "there is no mempool"})
