"""What a mempool tells arrives, part by part, and nonsense is not believed."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
import json
from typing import Any
from unittest.mock import patch

import aiohttp
from hypothesis import given, strategies as st
import pytest

from custom_components.miner_controller.sources import mempool
from custom_components.miner_controller.sources.mempool import (
    DEFAULT_URL,
    MempoolClient,
    MempoolError,
    MempoolUrlError,
    NetworkFacts,
    read_url,
)
from simulator.mempool import PARTS, MempoolFault, MempoolServer

from .octopus_api import FixedReply, session_with

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
# 951000 is the 1464th block of its period of 2016.
ADJUSTMENT = NOW + timedelta(minutes=(2016 - 951_000 % 2016) * 10)
FACTS = NetworkFacts(
    difficulty=1.5e14,
    next_adjustment=ADJUSTMENT,
    adjustment_change=2.5,
    block_height=951_000,
    reward=315_500_000,
    bitcoin_price=80_000,
)
OF_PART: dict[str, dict[str, Any]] = {
    "difficulty": {"difficulty": None},
    "adjustment": {"next_adjustment": None, "adjustment_change": None},
    "reward": {"reward": None},
    "height": {"block_height": None},
    "prices": {"bitcoin_price": None},
}
CANARY = "canary"


@pytest.fixture
async def server(socket_enabled: None) -> AsyncIterator[MempoolServer]:
    """Run a mempool."""
    async with MempoolServer(now=lambda: NOW) as server:
        yield server


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session like the one that Home Assistant shares."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(server: MempoolServer, session: aiohttp.ClientSession) -> MempoolClient:
    """Return a client of the mempool."""
    return MempoolClient(session, server.url, version="1.2.3")


async def test_round(client: MempoolClient, server: MempoolServer) -> None:
    """A round is one request for each part, and says who asks."""
    assert await client.fetch("GBP") == FACTS
    paths = [path.format(blocks=144) for path in PARTS.values()]
    assert sorted(server.requests) == sorted(paths)
    assert set(server.user_agents) == {"HomeAssistant-MinerController/1.2.3"}


async def test_seconds(client: MempoolClient, server: MempoolServer) -> None:
    """Moments are understood in either unit."""
    server.in_seconds = True
    assert await client.fetch("GBP") == FACTS


@pytest.mark.parametrize("currency", [None, "SEK"])
async def test_price_is_not_asked_for(
    client: MempoolClient, server: MempoolServer, currency: str | None
) -> None:
    """Nobody asks for a price in a currency that the service does not have."""
    assert await client.fetch(currency) == replace(FACTS, bitcoin_price=None)
    assert PARTS["prices"] not in server.requests


async def test_unknown_price(client: MempoolClient, server: MempoolServer) -> None:
    """A price of -1 is none."""
    assert await client.fetch("JPY") == replace(FACTS, bitcoin_price=None)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "fault", [*{*MempoolFault} - {MempoolFault.RATE_LIMITED, MempoolFault.HANG}]
)
async def test_part_fails(
    client: MempoolClient, server: MempoolServer, part: str, fault: MempoolFault
) -> None:
    """What cannot be had is not known, and the rest is."""
    server.fault, server.faulty = fault, {part}
    assert await client.fetch("GBP") == replace(FACTS, **OF_PART[part])


@pytest.mark.parametrize("part", PARTS)
async def test_part_is_late(
    client: MempoolClient, server: MempoolServer, part: str
) -> None:
    """Nobody waits for long."""
    server.fault, server.faulty = MempoolFault.HANG, {part}
    with patch.object(mempool, "_TIME_LIMIT", 0.05):
        assert await client.fetch("GBP") == replace(FACTS, **OF_PART[part])


@pytest.mark.parametrize(
    ("fault", "message", "requests"),
    [
        (MempoolFault.NOT_FOUND, "status 404", 5),
        (MempoolFault.SERVER_ERROR, "status 500", 5),
        (MempoolFault.REDIRECT, "status 302", 5),
        (MempoolFault.GARBAGE, "no JSON", 5),
        (MempoolFault.WRONG_TYPES, "make no sense", 5),
        (MempoolFault.HUGE, "too large", 5),
        # Whoever drops connections is not asked on and on.
        (MempoolFault.CUT, "connection failed", 2),
    ],
)
async def test_all_fails(
    client: MempoolClient,
    server: MempoolServer,
    fault: MempoolFault,
    message: str,
    requests: int,
) -> None:
    """There is one error with a name where nothing is learned."""
    server.fault = fault
    with pytest.raises(MempoolError, match=message) as caught:
        await client.fetch("GBP")
    assert caught.value.retry_after is None
    assert len(server.requests) == requests


@pytest.mark.parametrize("part", ["difficulty", "prices"])
async def test_asked_too_often(
    client: MempoolClient, server: MempoolServer, part: str
) -> None:
    """The rest of the round is not asked for, and it is told for how long."""
    server.fault, server.faulty = MempoolFault.RATE_LIMITED, {part}
    server.retry_after = 90
    with pytest.raises(MempoolError, match="too often") as caught:
        await client.fetch("GBP")
    assert caught.value.retry_after == 90
    assert server.requests[-1] == PARTS[part]
    assert len(server.requests) == (1 if part == "difficulty" else 5)


async def test_nobody_is_there(session: aiohttp.ClientSession) -> None:
    """No text of an error tells the address, which may hold a login."""
    url = f"http://{CANARY}:{CANARY}@127.0.0.1:9/{CANARY}"
    with pytest.raises(MempoolError, match="connection failed") as caught:
        await MempoolClient(session, url, version="1").fetch("GBP")
    error: BaseException | None = caught.value
    while error is not None:
        assert CANARY not in repr(error)
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize(
    ("typed", "base"),
    [
        (DEFAULT_URL, "https://mempool.space/"),
        (" http://192.168.1.5:4080/ ", "http://192.168.1.5:4080/"),
        ("http://home.example/mempool/", "http://home.example/mempool"),
        ("https://mempool.space/api/v1/", "https://mempool.space/"),
        ("http://home.example/mempool/api?x=1#y", "http://home.example/mempool"),
        ("http://user:word@home.example", "http://user:word@home.example/"),
    ],
)
def test_url(typed: str, base: str) -> None:
    """An address may end in a slash, in a path or in that of the API."""
    assert str(read_url(typed)) == base


@pytest.mark.parametrize(
    "typed", ["", "mempool.space", "ftp://mempool.space", "http://", "http://[", "//x"]
)
def test_unusable_url(typed: str) -> None:
    """What is no address is told before anybody is asked."""
    with pytest.raises(MempoolUrlError):
        read_url(typed)


async def test_path_is_kept(
    server: MempoolServer, session: aiohttp.ClientSession
) -> None:
    """A service below a path is asked there."""
    client = MempoolClient(session, f"{server.url}/below/this/", version="1")
    with pytest.raises(MempoolError):
        await client.fetch(None)
    assert all(path.startswith("/below/this/api/") for path in server.requests)


async def read(reply: object, currency: str = "GBP") -> NetworkFacts:
    """Return what is read where each question has the same reply."""
    body = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
    session = session_with(FixedReply(body))
    return await MempoolClient(session, version="1").fetch(currency)


@pytest.mark.parametrize(
    ("reply", "reward"),
    [
        # The example of the documentation: there were no more blocks than these.
        (
            {"startBlock": 736556, "endBlock": 736655, "totalReward": "63811748254"},
            638117482.5,
        ),
        ({"totalReward": "45000000000"}, 312500000),
        ({"totalReward": 45000000000}, 312500000),
        ({"startBlock": 5, "endBlock": 1, "totalReward": "45000000000"}, 312500000),
        ({"startBlock": 1, "endBlock": 999, "totalReward": "45000000000"}, 312500000),
    ],
)
async def test_reward(reply: dict[str, Any], reward: float) -> None:
    """The average is of as many blocks as were added up."""
    assert await read(reply) == NetworkFacts(reward=reward)


@pytest.mark.parametrize(
    "reply",
    [
        *({"totalReward": wrong} for wrong in ("0", "-5", "1e9", "x", "", True, 1.5)),
        {"totalReward": str(144 * 10**11)},
        {"totalReward": "9" * 30},
        *({"currentDifficulty": wrong} for wrong in (0, -1, True, "1e14", 1e30, None)),
        *({"difficultyChange": wrong} for wrong in (-76, 301, "2", None)),
        *(
            {"estimatedRetargetDate": wrong}
            for wrong in (0, -1, 5, 1e17, 1e18, 9e12, "2026-10-01", None)
        ),
        *({"GBP": wrong} for wrong in (-1, 0, "80000", 1e16, False, None)),
        *(b"0", b"-5", b"698767.5", b"100000001", b'"698767"', b"\xff\xfe", b"[]", b""),
    ],
)
async def test_nonsense(reply: object) -> None:
    """What makes no sense is not known, here all of it."""
    with pytest.raises(MempoolError):
        await read(reply)


@pytest.mark.parametrize("body", [b"698767", b" 698767\n"])
async def test_height(body: bytes) -> None:
    """The height is a text without anything around it."""
    assert await read(body) == NetworkFacts(block_height=698767)


NUMBERS = st.integers() | st.floats() | st.text() | st.booleans() | st.none()
KEYS = (
    *("currentDifficulty", "estimatedRetargetDate", "difficultyChange"),
    *("totalReward", "startBlock", "endBlock", "GBP"),
)


@given(reply=st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, NUMBERS)))
async def test_whatever_is_sent(reply: dict[str, object]) -> None:
    """Either it is known, and then it makes sense, or it is one error with a name."""
    try:
        facts = await read(reply)
    except MempoolError:
        return
    for value in (facts.difficulty, facts.reward, facts.bitcoin_price):
        assert value is None or 0 < value < 1e25
    if facts.next_adjustment is not None:
        assert facts.next_adjustment.tzinfo is UTC


@given(body=st.binary(max_size=40) | st.text(max_size=40).map(partial(str.encode)))
async def test_whatever_bytes_are_sent(body: bytes) -> None:
    """No body leads to anything but facts or the error."""
    try:
        facts = await read(body)
    except MempoolError:
        return
    assert facts.difficulty is None or facts.difficulty > 0
