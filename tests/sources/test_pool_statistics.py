"""What a pool tells arrives, whatever goes wrong has a name, and no secret is told."""

from collections.abc import AsyncIterator
import logging
import socket
import traceback
from typing import Any, Self
from unittest.mock import patch

import aiohttp
from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.sources import pool_service
from custom_components.miner_controller.sources.pool_statistics import (
    DEFAULT_URLS,
    PoolAccessDeniedError,
    PoolService,
    PoolServiceBusyError,
    PoolServiceReplyError,
    PoolServiceUnreachableError,
    PoolStatistics,
    PoolStatisticsError,
    SecretUnusableError,
    UrlUnusableError,
    fetch_pool_statistics,
)
from simulator.pool_statistics import (
    Account,
    PoolStatisticsFault as Fault,
    PoolStatisticsServer,
    PoolWorker,
    WorkerState,
)

from .octopus_api import FixedReply, session_with

HOST = "127.0.0.1"
LIMIT = 256 * 1024

ADDRESS = "bc1qcanary0000000000000000000000secret"
TOKEN = "canary-Token_0.secret"
SECRETS = {
    PoolService.PUBLIC_POOL: ADDRESS,
    PoolService.CKPOOL: ADDRESS,
    PoolService.BRAIINS: TOKEN,
}
PATHS = {
    PoolService.PUBLIC_POOL: f"/api/client/{ADDRESS}",
    PoolService.CKPOOL: f"/users/{ADDRESS}",
    PoolService.BRAIINS: "/accounts/profile/json/btc/",
}
ACCOUNT = Account(
    workers=[
        PoolWorker(name="one", hashrate=1.2e12, best_difficulty=5_827_361.22),
        PoolWorker(name="two", hashrate=0.8e12, state=WorkerState.LOW),
        PoolWorker(name="three", hashrate=0.5e12, state=WorkerState.DISABLED),
        # It left, and the average of an hour still holds it, where there is one.
        PoolWorker(name="four", hashrate=0.25e12, state=WorkerState.OFF),
    ],
    best_difficulty=137_427_866_914_851.2,
    balance="0.00123456",
)
NOBODY = PoolStatistics(hashrate=0, workers=0, best_difficulty=None, balance=None)

EXPECTED = {
    PoolService.PUBLIC_POOL: PoolStatistics(
        hashrate=2.5e12,
        workers=3,
        best_difficulty=137_427_866_914_851.2,
        balance=None,
    ),
    PoolService.CKPOOL: PoolStatistics(
        hashrate=2.75e12,
        workers=3,
        best_difficulty=137_427_866_914_851,
        balance=None,
    ),
    PoolService.BRAIINS: PoolStatistics(
        hashrate=2.75e12, workers=2, best_difficulty=None, balance=0.00123456
    ),
}


@pytest.fixture
async def server(socket_enabled: None) -> AsyncIterator[PoolStatisticsServer]:
    """Return a server that knows one account."""
    async with PoolStatisticsServer() as server:
        server.accounts[ADDRESS] = server.tokens[TOKEN] = ACCOUNT
        yield server


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session like the one that Home Assistant shares."""
    async with aiohttp.ClientSession() as session:
        yield session


def told(error: BaseException | None) -> str:
    """Return all that an error and those behind it could ever tell."""
    texts = []
    while error is not None:
        texts += [str(error), repr(error), repr(vars(error))]
        texts += traceback.format_exception(error)
        error = error.__cause__ or error.__context__
    return "".join(texts)


def assert_no_secret(text: str) -> None:
    """Check that neither the payout address nor the token is in a text."""
    assert "canary" not in text


class Listener:
    """A stand-in for a session, which only notes where it should have asked."""

    def __init__(self) -> None:
        """Have heard nothing."""
        self.asked: list[str] = []
        self.headers: dict[str, str] = {}

    def get(self, url: Any, headers: dict[str, str], **_: Any) -> Self:
        """Note a question."""
        self.asked.append(str(url))
        self.headers = headers
        return self

    async def __aenter__(self) -> Self:
        """Fail, as nobody answers."""
        raise aiohttp.ClientConnectionError

    async def __aexit__(self, *_: object) -> None:
        """Be done with it."""


@pytest.mark.parametrize("service", PoolService)
async def test_a_pool_tells_of_its_miners(
    server: PoolStatisticsServer, session: aiohttp.ClientSession, service: PoolService
) -> None:
    """One request is enough, and it says who asks."""
    found = await fetch_pool_statistics(
        session, service, secret=SECRETS[service], url=server.url, version="1.2.3"
    )
    assert found == EXPECTED[service]
    assert server.requests == [PATHS[service]]
    assert server.user_agents == ["HomeAssistant-MinerController/1.2.3"]
    assert_no_secret(repr(found))


@pytest.mark.parametrize("service", [PoolService.PUBLIC_POOL, PoolService.CKPOOL])
async def test_an_address_that_nobody_mined_for(
    server: PoolStatisticsServer, session: aiohttp.ClientSession, service: PoolService
) -> None:
    """It has no miners; one pool knows it, the other has no file of it."""
    found = await fetch_pool_statistics(
        session, service, secret="bc1qother", url=server.url, version="1"
    )
    assert found == NOBODY


async def test_a_wrong_token(
    server: PoolStatisticsServer, session: aiohttp.ClientSession
) -> None:
    """It is told apart from a service that fails."""
    with pytest.raises(PoolAccessDeniedError) as caught:
        await fetch_pool_statistics(
            session,
            PoolService.BRAIINS,
            secret=f"{TOKEN}-2",
            url=server.url,
            version="1",
        )
    assert_no_secret(told(caught.value))


async def test_ckpool_with_several_objects(
    server: PoolStatisticsServer, session: aiohttp.ClientSession
) -> None:
    """The first one counts."""
    server.fault = Fault.SEVERAL_OBJECTS
    found = await fetch_pool_statistics(
        session, PoolService.CKPOOL, secret=ADDRESS, url=server.url, version="1"
    )
    assert found == EXPECTED[PoolService.CKPOOL]


FAULTS: dict[Fault, type[PoolStatisticsError]] = {
    Fault.NOT_FOUND: PoolServiceReplyError,
    Fault.FORBIDDEN: PoolServiceReplyError,
    Fault.UNAUTHORIZED: PoolServiceReplyError,
    Fault.RATE_LIMITED: PoolServiceBusyError,
    Fault.SERVER_ERROR: PoolServiceUnreachableError,
    Fault.REDIRECT: PoolServiceReplyError,
    Fault.HTML: PoolServiceReplyError,
    Fault.GARBAGE: PoolServiceReplyError,
    Fault.WRONG_TYPES: PoolServiceReplyError,
    Fault.SEVERAL_OBJECTS: PoolServiceReplyError,
    Fault.HUGE: PoolServiceReplyError,
    Fault.CUT: PoolServiceUnreachableError,
    Fault.SILENT: PoolServiceUnreachableError,
    Fault.NO_HTTP: PoolServiceReplyError,
}
# What is no error of a service, or another one.
OTHERWISE: dict[tuple[PoolService, Fault], type[PoolStatisticsError] | None] = {
    (PoolService.CKPOOL, Fault.NOT_FOUND): None,
    (PoolService.CKPOOL, Fault.SEVERAL_OBJECTS): None,
    (PoolService.BRAIINS, Fault.FORBIDDEN): PoolAccessDeniedError,
    (PoolService.BRAIINS, Fault.UNAUTHORIZED): PoolAccessDeniedError,
}


@pytest.mark.parametrize("fault", Fault)
async def test_a_fault_has_its_name(
    server: PoolStatisticsServer,
    session: aiohttp.ClientSession,
    caplog: pytest.LogCaptureFixture,
    fault: Fault,
) -> None:
    """It tells no secret, and after it the service is as before."""
    caplog.set_level(logging.DEBUG)
    limit = 0.05 if fault is Fault.SILENT else 20
    for service in PoolService:
        expected = OTHERWISE.get((service, fault), FAULTS[fault])
        if expected is None:
            continue
        arguments = {"secret": SECRETS[service], "url": server.url, "version": "1"}
        server.fault = fault
        with (
            patch.object(pool_service, "_TIME_LIMIT", limit),
            pytest.raises(PoolStatisticsError) as caught,
        ):
            await fetch_pool_statistics(session, service, **arguments)
        assert type(caught.value) is expected, service
        wait = server.retry_after if fault is Fault.RATE_LIMITED else None
        assert caught.value.retry_after == wait
        assert_no_secret(told(caught.value))
        server.fault = None
        found = await fetch_pool_statistics(session, service, **arguments)
        assert found == EXPECTED[service]
    assert_no_secret(caplog.text)


async def test_nobody_is_there(session: aiohttp.ClientSession) -> None:
    """A refused connection has its name, too."""
    with socket.socket() as unused:
        unused.bind((HOST, 0))
        for service, secret in SECRETS.items():
            with pytest.raises(PoolServiceUnreachableError) as caught:
                await fetch_pool_statistics(
                    session,
                    service,
                    secret=secret,
                    url=f"http://{HOST}:{unused.getsockname()[1]}",
                    version="1",
                )
            assert str(caught.value)
            assert_no_secret(told(caught.value))


@pytest.mark.parametrize(("excess", "fits"), [(0, True), (1, False)])
async def test_a_reply_has_a_largest_size(excess: int, fits: bool) -> None:
    """A pool with a thousand workers fits in."""
    body = b'{"workers":7}'.ljust(LIMIT + excess)
    reply = FixedReply(body)
    with patch.object(reply, "close", create=True):
        question = fetch_pool_statistics(
            session_with(reply), PoolService.CKPOOL, secret=ADDRESS, version="1"
        )
        if fits:
            assert (await question).workers == 7
            return
        with pytest.raises(PoolServiceReplyError, match="too large"):
            await question


UNUSABLE_SECRETS = (
    *("", " ", ".", "..", "-canary", "canary/1", "canary 1", "canary?1", "canary#1"),
    *("canary%2f1", "canary\r\nA: 1", "canary\n", "canaryé", "canary" * 40),
)


@pytest.mark.parametrize("service", PoolService)
async def test_a_secret_that_can_be_none(service: PoolService) -> None:
    """Nothing is asked, and the error does not tell what was typed."""
    session: Any = Listener()
    for secret in UNUSABLE_SECRETS:
        with pytest.raises(SecretUnusableError) as caught:
            await fetch_pool_statistics(session, service, secret=secret, version="1")
        assert isinstance(caught.value, ValueError)
        assert_no_secret(told(caught.value))
    assert session.asked == []


UNUSABLE_URLS = (" ", "pool", "ftp://a.example", "http://", "http://[", "http://a:b")


async def test_an_address_that_is_none() -> None:
    """A typed address of a service is checked before it is used."""
    session: Any = Listener()
    for url in UNUSABLE_URLS:
        with pytest.raises(UrlUnusableError) as caught:
            await fetch_pool_statistics(
                session, PoolService.CKPOOL, secret=ADDRESS, url=url, version="1"
            )
        assert isinstance(caught.value, ValueError)
        assert_no_secret(told(caught.value))
    assert session.asked == []


async def asked(service: PoolService, url: str | None) -> tuple[str, dict[str, str]]:
    """Return the address that is asked, and the headers."""
    session: Any = Listener()
    with pytest.raises(PoolServiceUnreachableError):
        await fetch_pool_statistics(
            session, service, secret=SECRETS[service], url=url, version="1"
        )
    (found,) = session.asked
    return found, session.headers


async def test_the_public_services() -> None:
    """They are asked over an encrypted connection, and only one hears a token."""
    for service in PoolService:
        assert DEFAULT_URLS[service].startswith("https://")
        for url in (None, ""):
            found, headers = await asked(service, url)
            assert found == DEFAULT_URLS[service] + PATHS[service]
            assert headers.get("Pool-Auth-Token") == (
                TOKEN if service is PoolService.BRAIINS else None
            )


COPIED = {
    " http://pool.local:3334/ ": "http://pool.local:3334",
    "http://pool.local:3334/api": "http://pool.local:3334",
    "http://pool.local:3334/api/": "http://pool.local:3334",
    "http://home.example/pool/": "http://home.example/pool",
    "http://home.example/pool/api": "http://home.example/pool",
    "http://pool.local/?a=b#/app": "http://pool.local",
}


async def test_an_address_that_was_copied() -> None:
    """A slash at the end, and the first part of the path, change nothing."""
    for url, base in COPIED.items():
        found, _ = await asked(PoolService.PUBLIC_POOL, url)
        assert found == base + PATHS[PoolService.PUBLIC_POOL]


@given(url=st.text() | st.text().map("http://{}".format))
@settings(max_examples=30)
async def test_any_address(url: str) -> None:
    """Whatever is typed, there is one kind of error, without a secret."""
    session: Any = Listener()
    with pytest.raises(PoolStatisticsError) as caught:
        await fetch_pool_statistics(
            session, PoolService.CKPOOL, secret=ADDRESS, url=url, version="1"
        )
    assert_no_secret(str(caught.value))
