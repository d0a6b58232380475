"""Tests for the pools on the control port."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from simulator.control import ControlPort
from simulator.stratum import Manners, StratumPool

HOST = "127.0.0.1"


@pytest.fixture
async def pool(socket_enabled: None) -> AsyncIterator[StratumPool]:
    """Run a pool."""
    async with StratumPool() as pool:
        yield pool


@pytest.fixture
async def session(pool: StratumPool) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session that speaks to a control port."""
    control = ControlPort([], pools={"Home": pool})
    await control.start(HOST, 0)
    async with aiohttp.ClientSession(f"http://{HOST}:{control.port}") as session:
        yield session
    await control.stop()


async def test_manners_are_set(
    pool: StratumPool, session: aiohttp.ClientSession
) -> None:
    """A pool treats miners as it is told to, and that is listed."""
    async with session.post("/pools/Home", json={"manners": "drops"}) as reply:
        assert reply.status == 200
        shown = await reply.json()
    assert pool.manners is Manners.DROPS
    assert shown == {
        "name": "Home",
        "url": f"stratum+tcp://{HOST}:{pool.port}",
        "manners": "drops",
        "connections": 0,
    }
    async with session.get("/pools") as reply:
        assert await reply.json() == [shown]


@pytest.mark.parametrize("content", [{}, {"manners": "kind"}, {"manners": 1}])
async def test_other_manners_are_refused(
    pool: StratumPool, session: aiohttp.ClientSession, content: object
) -> None:
    """What is no way to treat miners changes nothing."""
    async with session.post("/pools/Home", json=content) as reply:
        assert reply.status == 400
        assert "drops" in (await reply.json())["error"]
    assert pool.manners is Manners.SERVES


async def test_unknown_pool(session: aiohttp.ClientSession) -> None:
    """A pool that there is not is not found."""
    async with session.post("/pools/Other", json={"manners": "drops"}) as reply:
        assert reply.status == 404
