"""Miners that nobody typed an address for: searched for, and heard by themselves."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
import re
import socket

from playwright.async_api import Locator, Page, expect
import pytest

from simulator.nmminer import NMMinerUdpDevice
from simulator.others import OtherWebServer, RedirectingServer, TarPit

from .home import Home
from .miners import Miner, running_miner
from .pages import (
    expect_texts_for_people,
    keep,
    open_device,
    open_integration,
    row,
    text,
)
from .waiting import until

_NETWORK = "127.0.14.0/27"
_HTTP, _CGMINER = 80, 4028

_MOST_CONNECTIONS = 3


def _may_serve_port_80() -> bool:
    """Return whether this user may listen where web servers do."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.14.30", _HTTP))
        except PermissionError:
            return False
    return True


@asynccontextmanager
async def _network() -> AsyncIterator[dict[str, Miner]]:
    """Run miners of all families in one network, and what else a home has."""
    specs = {
        "gamma": ("axeos:gamma601:2.15", "127.0.14.11", _HTTP),
        "nerdqaxe": ("nerdqaxe:1.0.37", "127.0.14.12", _HTTP),
        "nano": ("avalon:nano3s", "127.0.14.13", _CGMINER),
        "new": ("nmminer:2.0.04", "127.0.14.14", _HTTP),
        "old": ("nmminer:1.8.10", "127.0.14.15", 0),
    }
    others = {
        "127.0.14.20": TarPit(),
        "127.0.14.21": OtherWebServer(),
        "127.0.14.22": RedirectingServer(),
    }
    async with AsyncExitStack() as stack:
        for host, other in others.items():
            await other.start(host, _HTTP)
            stack.push_async_callback(other.stop)
        yield {
            name: await stack.enter_async_context(
                running_miner(spec, host, seed, port=port)
            )
            for seed, (name, (spec, host, port)) in enumerate(specs.items(), 40)
        }


@pytest.mark.skipif(not _may_serve_port_80(), reason="Port 80 takes privileges here")
async def test_find_miners_on_the_network(home: Home, page: Page) -> None:
    """A search finds the miners of all families, and several are added at once."""
    async with _network() as miners, home.with_miner(miners["gamma"].host) as known:
        await _search(page, home)
        for found in (
            r"NerdQAxe\+\+ · .*127\.0\.14\.12",
            r"Avalon Nano 3S · .*127\.0\.14\.13",
            r"NMMiner · nm-cyd.*127\.0\.14\.14",
            r"NMMiner cyd 2\.8 · .*127\.0\.14\.15",
        ):
            await expect(_tick(page, found)).to_be_checked()
        # What else broadcasts on this machine is found as well.
        for tick in await _tick(page, r"^(?!.*127\.0\.14\.)").all():
            # Its icon lies above it.
            await tick.uncheck(force=True)
        await expect(page.get_by_text(f"Added already: {known.title}")).to_be_visible()
        await keep(page, "discovery-03-found")
        counts = {name: getattr(miners[name], "connections", 0) for name in miners}
        before = await _titles(home)
        await page.get_by_role("button", name="Submit").click()
        await page.get_by_role("button", name="Skip and finish").wait_for()
        await keep(page, "discovery-04-added")
        new = await _titles(home) - before
        async with AsyncExitStack() as stack:
            for title in new:
                await stack.enter_async_context(home.removing(title))
            assert len(new) == len(miners) - 1
            assert counts["nano"] <= _MOST_CONNECTIONS
            await open_integration(page, home)
            await expect_texts_for_people(page)
            await keep(page, "discovery-05-integration")


def _tick(page: Page, name: str) -> Locator:
    """Return the ticks of the miners whose names match."""
    return page.get_by_role("checkbox", name=re.compile(name))


async def _search(page: Page, home: Home) -> None:
    """Look for miners in a network that is typed, and in no other.

    The one that broadcasts is offered before that.
    """

    async def offered() -> bool:
        return bool(await home.discoveries())

    await until(offered, "the miner that broadcasts is offered")
    await page.goto(f"{home.url}/config/integrations/dashboard")
    await page.get_by_role("button", name="Add integration").click()
    await page.get_by_placeholder("Search for a brand name").fill("Miner Controller")
    await page.get_by_role("button", name="Miner Controller").click()
    await page.get_by_text("Set up another instance of Miner Controller").click()
    await page.get_by_text(text("config.step.user.menu_options.scan")).click()
    field = page.get_by_role("textbox", name=text("config.step.scan.data.range"))
    await field.fill("10.0.0.0/8")
    await page.get_by_role("button", name="Submit").click()
    await expect(
        page.get_by_text(text("config.error.network_too_large")).first
    ).to_be_visible()
    await keep(page, "discovery-01-too-large")
    await field.fill(_NETWORK)
    for box in await page.get_by_role("checkbox").all():
        await box.uncheck()
    await page.get_by_role("button", name="Submit").click()
    await expect(page.get_by_text(f"Looking for miners in {_NETWORK}")).to_be_visible()
    await keep(page, "discovery-02-progress")


async def _titles(home: Home) -> set[str]:
    """Return the titles of all entries."""
    entries = await home.api.command("config_entries/get", domain="miner_controller")
    return {entry["title"] for entry in entries}


async def test_a_miner_that_broadcasts(home: Home, page: Page) -> None:
    """An NMMiner that is heard is offered, added, and told another pool."""
    async with (
        running_miner("axeos:gamma601:2.12", "127.0.0.8", seed=8) as bitaxe,
        home.with_miner(f"{bitaxe.host}:{bitaxe.port}"),
        running_miner("nmminer:1.8.10", "127.0.14.40", seed=9) as miner,
    ):
        assert isinstance(miner, NMMinerUdpDevice)
        title = "NMMiner cyd 2.8 (.40)"
        await page.goto(f"{home.url}/config/integrations/dashboard")
        card = page.locator("ha-config-flow-card").filter(has_text=title)
        await expect(card).to_be_visible()
        await keep(page, "discovery-06-heard")
        await card.get_by_role("button", name="Add").click()
        await expect(page.get_by_text(re.compile("which mines at 1.0"))).to_be_visible()
        await keep(page, "discovery-07-confirm")
        await page.get_by_role("button", name="Submit").click()
        await page.get_by_role("button", name="Skip and finish").click()
        async with home.removing(title):
            added = await home.added(title)
            await open_device(page, home, added)
            await expect(row(page, "Hashrate")).to_contain_text(
                re.compile(r"1,0\d\d\.\d\skH/s")
            )
            await expect_texts_for_people(page)
            await keep(page, "discovery-08-device")
            await home.api.call(
                "miner_controller.set_pool",
                device_id=added.device_id,
                slot=1,
                url="stratum+tcp://pool.example:3333",
                worker="nobody.porch",
            )
            await home.until_state(added, "active_pool", "pool.example:3333")
            assert not miner.locked_out
            assert all("WiFiPWD" not in told for told in miner.configurations)

            async def silent() -> bool:
                return await home.state(added, "reachable") == "off"

            await miner.stop()
            home.log.allow(f"Error fetching {title} data")
            await until(silent, "the silent miner is away", 60)
