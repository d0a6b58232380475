"""The dashboard of a home with nothing, with a single miner, and with fifty."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from playwright.async_api import Page, expect

from simulator.device import SimulatedDevice
from simulator.home import Placement, running
from simulator.octopus import OctopusServer

from .dashboard import Complaints, look, move, tile, with_dashboard
from .home import Home
from .miners import HeadStartClock

_MANY = 50
_ROWS = "miner-controller-table-card tbody tr"


@asynccontextmanager
async def _devices(number: int) -> AsyncIterator[list[SimulatedDevice]]:
    """Run miners that are warm."""
    placements = tuple(
        Placement(name=f"rack {place}", spec="axeos:gamma601:2.15")
        for place in range(number)
    )
    clock = HeadStartClock()
    async with running(placements, host="127.0.0.1", clock=clock) as devices:
        clock.skip(600)
        yield devices


@asynccontextmanager
async def _added(
    home: Home, devices: Sequence[SimulatedDevice]
) -> AsyncIterator[list[str]]:
    """Add miners at the same time, return their titles, and remove them in the end."""
    async with AsyncExitStack() as stack:
        add = home.api.add_miner
        results = await asyncio.gather(
            *(add(f"{device.host}:{device.port}") for device in devices)
        )
        titles = [str(result["title"]) for result in results]
        removing = [home.removing(title) for title in titles]
        await asyncio.gather(*map(stack.enter_async_context, removing))
        yield titles


async def test_nothing_and_one(home: Home, page: Page) -> None:
    """Where something is missing, the dashboard says how to add it."""
    complaints = Complaints(page)
    async with with_dashboard(home) as url:
        async with OctopusServer(seed=5) as prices:
            result = await home.api.add_prices("C", prices.url)
            async with home.removing(result["title"]):
                await page.goto(f"{url}/overview")
                await expect(page.get_by_text("Welcome")).to_be_visible()
                await look(page, complaints, "dashboard-20-nothing")
                # Pictures of other integrations are on the internet.
                complaints.allow("/api/brands/integration/")
                await page.get_by_role("button", name="Add a miner").click()
                await page.get_by_role("button", name="OK").click()
                await expect(page.get_by_text("A miner by its address")).to_be_visible()
        async with _devices(1) as devices, _added(home, devices) as (title,):
            await page.goto(f"{url}/overview")
            await expect(tile(page, title)).to_contain_text("TH/s")
            for hint in ("Totals of all miners", "Electricity prices"):
                await expect(page.get_by_text(hint, exact=True)).to_be_visible()
            await expect(page.get_by_text("The miner is well")).to_be_visible()
            await look(page, complaints, "dashboard-21-one-overview")
            await move(page, f"{url}/energy")
            await expect(page.get_by_text("Add a tariff")).to_be_visible()
            await look(page, complaints, "dashboard-22-one-energy", dark=False)
            await move(page, f"{url}/pools")
            await expect(page.get_by_text("Add the miner fleet")).to_be_visible()
            await look(page, complaints, "dashboard-23-one-pools", dark=False)
    assert complaints.found == []


async def test_many(home: Home, page: Page) -> None:
    """With many miners a table takes over, which new ones join by themselves."""
    complaints = Complaints(page)
    async with (
        with_dashboard(home) as url,
        _devices(_MANY + 1) as devices,
        _added(home, devices[:_MANY]) as titles,
    ):
        await page.goto(f"{url}/overview")
        rows = page.locator(_ROWS)
        await expect(rows).to_have_count(_MANY)
        await expect(rows.filter(has_text="TH/s")).to_have_count(_MANY)
        await look(page, complaints, "dashboard-24-many-overview")
        await _sort(page)
        await _find(page, titles[7])
        async with _added(home, devices[_MANY:]):
            await expect(rows).to_have_count(_MANY + 1)
        await expect(rows).to_have_count(_MANY)
        await move(page, f"{url}/miners")
        await expect(rows).to_have_count(_MANY)
        await look(page, complaints, "dashboard-26-many-miners", dark=False)
        await rows.get_by_role("link", name=titles[7]).click()
        await page.wait_for_url(f"{url}/miner-*")
        await expect(page.get_by_role("heading", name=titles[7])).to_be_visible()
    assert complaints.found == []


async def _sort(page: Page) -> None:
    """Sort by hashrate, the highest first, and then the lowest."""
    header = page.get_by_role("columnheader", name="Hashrate")
    cells = page.locator(f"{_ROWS} td.hashrate")
    for direction in ("descending", "ascending"):
        await header.get_by_role("button").click()
        await expect(header).to_have_attribute("aria-sort", direction)
        shown = [float(text.split()[0]) for text in await cells.all_inner_texts()]
        assert shown == sorted(shown, reverse=direction == "descending")


async def _find(page: Page, title: str) -> None:
    """Find a miner by a part of its name."""
    words = page.get_by_role("searchbox", name="Filter by name")
    await words.fill(title[-4:].lower())
    await expect(page.locator(_ROWS)).to_have_count(1)
    await expect(page.locator(_ROWS)).to_contain_text(title)
    await words.fill("")
