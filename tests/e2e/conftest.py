"""Fixtures of the end-to-end tests: Home Assistant, a browser and miners.

The simulated miners live in the test's own process and event loop, so that a test
sees at once what Home Assistant, a process of its own, has done to them.
"""

from collections.abc import AsyncIterator, Generator
import contextlib
import secrets
import socket

import aiohttp
from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    StorageState,
    async_playwright,
    expect,
)
import pytest
import pytest_asyncio

from scripts.devhome.api import HomeAssistantApi
from scripts.devhome.instance import HomeAssistantInstance
from scripts.pictures.browser import launch

from .home import Home, LateMiner
from .log import HomeAssistantLog
from .miners import running_miner
from .pages import SIZE, keep, log_in

# Below the ports that systems give to outgoing connections and to who asks for any.
_FIRST_PORT = 20_000
_PORTS = 10_000

_FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run everything in the one event loop that the miners live in.

    What shares a miner that was off from the start comes last: others count miners.
    """
    items.sort(key=lambda item: "late_miner" in getattr(item, "fixturenames", ()))
    for item in items:
        item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether a test failed, for the picture of it."""
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


def free_port() -> int:
    """Return a port that nothing uses, and that no connection gets by chance."""
    while True:
        port = _FIRST_PORT + secrets.randbelow(_PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("", port))
            return port


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def home(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Home]:
    """Run a Home Assistant for all tests, and read its log to the end."""
    instance = HomeAssistantInstance(tmp_path_factory.mktemp("home"), free_port())
    log = HomeAssistantLog(instance.log)
    async with instance, aiohttp.ClientSession() as session:
        api = await HomeAssistantApi.open(session, instance.url)
        yield Home(instance=instance, api=api, log=log)
    assert log.complaints() == []


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def _quiet_log(home: Home) -> AsyncIterator[None]:
    """Let a test fail during which the integration complained in the log."""
    yield
    assert home.log.complaints() == []
    # Whatever broadcasts on this machine is heard by all, and offered by this home.
    await home.dismiss_discoveries()


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Run the browser that the system has."""
    expect.set_options(timeout=20_000)
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        yield browser
        await browser.close()


async def _new_context(
    browser: Browser, storage_state: StorageState | None = None
) -> BrowserContext:
    """Return a browser window of a known size and language."""
    context = await browser.new_context(
        viewport=SIZE,
        locale="en-GB",
        storage_state=storage_state,
        # A service worker that takes over reloads the page in the midst of a test.
        service_workers="block",
    )
    context.set_default_timeout(20_000)
    return context


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def logged_in(browser: Browser, home: Home) -> StorageState:
    """Return what a browser remembers that was logged in."""
    context = await _new_context(browser)
    await log_in(await context.new_page(), home.url)
    state = await context.storage_state()
    await context.close()
    return state


async def _page(
    request: pytest.FixtureRequest, context: BrowserContext
) -> AsyncIterator[Page]:
    """Give a test a page and keep a picture of it if the test fails."""
    page = await context.new_page()
    yield page
    if request.node.stash.get(_FAILED, False):
        await keep(page, f"failed-{request.node.name}")
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_page(
    request: pytest.FixtureRequest, browser: Browser
) -> AsyncIterator[Page]:
    """Open a page in a browser that knows nothing yet."""
    async for page in _page(request, await _new_context(browser)):
        yield page


@pytest_asyncio.fixture(loop_scope="session")
async def page(
    request: pytest.FixtureRequest, browser: Browser, logged_in: StorageState
) -> AsyncIterator[Page]:
    """Open a page in a browser that is logged in."""
    async for page in _page(request, await _new_context(browser, logged_in)):
        yield page


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def late_miner(home: Home) -> AsyncIterator[LateMiner]:
    """Restart Home Assistant without a miner that was added to it."""
    async with (
        running_miner("axeos:ultra204:2.12", "127.0.0.2", seed=7) as device,
        home.with_miner(device.url) as added,
    ):
        home.log.allow(f"Error fetching {added.title} data")
        await home.restart(between=device.stop)
        yield LateMiner(added=added, device=device)
