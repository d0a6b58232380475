"""The dashboard of a home with some of everything, as its owner sees it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count

from playwright.async_api import Page, expect
import pytest_asyncio

from simulator.axeos import AxeOSDevice
from simulator.faults import Fault
from simulator.nerdqaxe import NerdQAxeDevice

from .dashboard import Complaints, look, move, tile
from .dashboard_home import MINERS, Shown, with_everything
from .home import AddedMiner, Home
from .pages import keep
from .waiting import until

_LOOK_AGAIN = "homeassistant.update_entity"

# What somebody may call a miner, and what a miner may call its pool.
_NAMES = {
    "kitchen": "<script>alert(1)</script>",
    "garage": "<img src=x onerror=alert(1)>",
    "hall": " ".join(["The", "very" * 20, *["long name"] * 12])[:200],
}
_POOL = "<img src=y onerror=alert(2)>"


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def shown(home: Home) -> AsyncIterator[Shown]:
    """Show a home with some of everything."""
    async with with_everything(home) as shown:
        yield shown


async def test_views(shown: Shown, page: Page) -> None:
    """Every view can be looked at, wide and narrow, light and dark."""
    complaints = Complaints(page)
    number = count(1)
    await page.goto(f"{shown.url}/overview")
    await expect(page.locator("miner-controller-readings")).to_have_count(len(MINERS))
    await look(page, complaints, f"dashboard-{next(number)}-overview")
    for view, sign in (
        ("miners", "Temperature, last 7 days"),
        ("energy", "Cost by month"),
        ("pools", "Response time"),
        ("automations", "Cheapest hours"),
    ):
        await move(page, f"{shown.url}/{view}")
        await expect(page.get_by_text(sign).first).to_be_visible()
        await look(page, complaints, f"dashboard-{next(number)}-{view}")
    await move(page, f"{shown.url}/miner-{shown.miners['kitchen'].device_id}")
    await expect(page.get_by_text("Settings", exact=True).last).to_be_visible()
    await look(page, complaints, f"dashboard-{next(number)}-miner")
    assert complaints.found == []


async def test_miners_act(home: Home, shown: Shown, page: Page) -> None:
    """A mode is chosen, a miner goes and comes back, another one is restarted."""
    complaints = Complaints(page)
    await page.goto(f"{shown.url}/overview")
    kitchen, device = shown.miners["kitchen"], shown.devices["kitchen"]
    assert isinstance(device, AxeOSDevice)
    await _choose_mode(page, kitchen, device)
    await _lose(home, page, shown)
    await move(page, f"{shown.url}/miner-{kitchen.device_id}")
    home.log.allow(f"Error fetching {kitchen.title} data")
    await _restart(page, device)
    assert complaints.found == []


async def _choose_mode(page: Page, miner: AddedMiner, device: AxeOSDevice) -> None:
    """Choose a mode in the tile of a miner, and find the miner in it."""
    choice = tile(page, miner.title).get_by_label(f"Mode of {miner.title}")
    await expect(choice).to_have_value("standard")
    await choice.select_option(label="Eco")

    async def is_changed() -> bool:
        return (device.settings.frequency, device.settings.core_voltage) == (400, 1100)

    await until(is_changed, "the miner is in its eco mode")
    await expect(choice).to_have_value("eco")
    await expect(choice.locator("option:checked")).to_have_text("Eco")
    await keep(page, "dashboard-7-mode")


async def _lose(home: Home, page: Page, shown: Shown) -> None:
    """Have a miner go away, and come back, while it is looked at."""
    gone, device = shown.miners["hall"], shown.devices["hall"]
    attention = page.locator("miner-controller-attention-card")
    shows = tile(page, gone.title)
    await expect(attention).to_contain_text("All 5 miners are well")
    await expect(shows).to_contain_text("TH/s")
    home.log.allow(f"Error fetching {gone.title} data")
    await device.set_fault(Fault.REFUSE)
    await home.api.call(_LOOK_AGAIN, entity_id=gone.entity_ids["hashrate"])
    await expect(shows).to_contain_text("Does not answer", timeout=60_000)
    await expect(attention.get_by_role("link", name=gone.title)).to_be_visible()
    await expect(attention).to_contain_text("Does not answer")
    await expect(page.locator("miner-controller-price-chart svg").first).to_be_visible()
    await keep(page, "dashboard-8-away")
    await shows.scroll_into_view_if_needed()
    await keep(page, "dashboard-9-away-tile")
    await device.set_fault(None)
    await home.api.call(_LOOK_AGAIN, entity_id=gone.entity_ids["hashrate"])
    await expect(attention).to_contain_text("All 5 miners are well", timeout=60_000)
    await expect(shows).to_contain_text("TH/s")


async def _restart(page: Page, device: AxeOSDevice) -> None:
    """Press the button, say no, press it again, and say yes."""
    pressed = ("POST", "/api/system/restart")
    restart = tile(page, "Restart")
    question = "It stops hashing for a minute or two."
    dialog = page.locator("ha-dialog").filter(has_text=question)
    await restart.click()
    await expect(dialog.get_by_text(question)).to_be_visible()
    await keep(page, "dashboard-10-restart")
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(dialog).to_have_count(0)
    assert pressed not in device.requests
    await restart.click()
    await dialog.get_by_role("button", name="OK").click()

    async def is_restarting() -> bool:
        return device.requests.count(pressed) == 1

    await until(is_restarting, "the miner restarts")


async def test_names(home: Home, shown: Shown, page: Page) -> None:
    """What somebody or a device calls something is shown as text, and nothing more."""
    complaints = Complaints(page)
    strange = shown.devices["garage"]
    assert isinstance(strange, NerdQAxeDevice)
    async with _renamed(home, shown), _strange_pool(home, shown, strange):
        await page.goto(f"{shown.url}/overview")
        for name in _NAMES.values():
            await expect(tile(page, name)).to_be_visible()
        await _look_for_code(page, complaints, "dashboard-11-names-overview")
        await move(page, f"{shown.url}/miners")
        for name in _NAMES.values():
            await expect(page.get_by_role("heading", name=name)).to_be_visible()
        await expect(page.get_by_text(_POOL).first).to_be_visible()
        await _look_for_code(page, complaints, "dashboard-12-names-miners")
        await move(page, f"{shown.url}/energy")
        lane = page.locator("miner-controller-price-chart")
        await expect(lane).to_contain_text(_NAMES["kitchen"])
        await _look_for_code(page, complaints, "dashboard-13-names-energy")
        await move(page, f"{shown.url}/miner-{shown.miners['garage'].device_id}")
        await expect(page.get_by_text(_POOL).first).to_be_visible()
        await _look_for_code(page, complaints, "dashboard-14-names-miner")
    assert complaints.found == []


async def _look_for_code(page: Page, complaints: Complaints, name: str) -> None:
    """Look at a page, and expect nothing on it that was made out of a name."""
    await look(page, complaints, name, dark=False)
    made = page.locator("img[src=x], img[src=y]")
    await expect(made).to_have_count(0)
    scripts = page.locator("script").filter(has_text="alert(1)")
    await expect(scripts).to_have_count(0)


@asynccontextmanager
async def _renamed(home: Home, shown: Shown) -> AsyncIterator[None]:
    """Have some miners called what no miner should be called."""
    update = "config/device_registry/update"
    ids = {shown.miners[key].device_id: name for key, name in _NAMES.items()}
    for device_id, name in ids.items():
        await home.api.command(update, device_id=device_id, name_by_user=name)
    try:
        yield
    finally:
        for device_id in ids:
            await home.api.command(update, device_id=device_id, name_by_user=None)


@asynccontextmanager
async def _strange_pool(
    home: Home, shown: Shown, device: NerdQAxeDevice
) -> AsyncIterator[None]:
    """Have a miner tell of a pool, and of a worker, what would be code elsewhere."""
    pool = device.settings.pool
    device.settings.pool = replace(pool, url=_POOL, user=_POOL)
    shows = shown.miners["garage"].entity_ids["hashrate"]
    await home.api.call(_LOOK_AGAIN, entity_id=shows)
    try:
        yield
    finally:
        device.settings.pool = pool
