"""A new user: an empty Home Assistant, the archive of a release, and the first page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
from pathlib import Path
import re

import aiohttp
from playwright.async_api import ConsoleMessage, Locator, Page, Response, expect

from scripts.devhome.api import HomeAssistantApi
from scripts.devhome.instance import REPOSITORY, HomeAssistantInstance
from scripts.release import INTEGRATION, pack
from simulator.axeos import AxeOSDevice
from simulator.octopus import OctopusServer

from .conftest import free_port
from .home import Home
from .log import HomeAssistantLog
from .miners import running_miner
from .pages import expect_texts_for_people, finish, keep, log_in, row, text

_NAME = "Miner Controller"
_HASHRATE = re.compile(r"\b[01]\.\d+\sTH/s")
_PRICE = re.compile(r"\bGBP/kWh\b")
_TEXTS = REPOSITORY / "frontend" / "src" / "i18n" / "en" / "strategy.json"

# Pictures of other integrations, which Home Assistant would fetch from the internet.
_OTHER_BRANDS = re.compile(r"/api/brands/integration/(?!miner_controller/)")


class _Complaints:
    """What a browser complains about while a page is open."""

    def __init__(self, page: Page) -> None:
        """Listen to a page."""
        self.found: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.found.append(str(error)))
        page.on("response", self._see)

    def _hear(self, message: ConsoleMessage) -> None:
        """Keep an error that a script has told."""
        self._keep(message.type == "error", f"{message.text} {message.location}")

    def _see(self, response: Response) -> None:
        """Keep a request that was refused."""
        self._keep(response.status >= 400, f"{response.status} {response.url}")

    def _keep(self, is_complaint: bool, text: str) -> None:
        """Keep what is a complaint about what this home could do."""
        if is_complaint and not _OTHER_BRANDS.search(text):
            self.found.append(text)


@asynccontextmanager
async def _installed(folder: Path) -> AsyncIterator[Home]:
    """Run a Home Assistant with nothing but what the store has unpacked into it."""
    archive = folder / "miner_controller.zip"
    pack(REPOSITORY / INTEGRATION, archive)
    instance = HomeAssistantInstance(folder / "config", free_port(), archive=archive)
    async with instance, aiohttp.ClientSession() as session:
        api = await HomeAssistantApi.open(session, instance.url)
        yield Home(instance=instance, api=api, log=HomeAssistantLog(instance.log))


async def test_release(new_page: Page, tmp_path: Path) -> None:
    """The archive is all that is needed, from adding a miner to looking at it."""
    page = new_page
    complaints = _Complaints(page)
    async with (
        running_miner("axeos:gamma601:2.15", "127.0.0.4", seed=8) as miner,
        OctopusServer(seed=5) as prices,
        _installed(tmp_path) as home,
    ):
        assert isinstance(miner, AxeOSDevice)
        assert not (home.instance.config / "custom_components").is_symlink()
        title = f"Bitaxe Gamma {miner.mac.replace(':', '')[-4:]}"
        await log_in(page, home.url)
        await _add_miner(page, f"{miner.host}:{miner.port}", title)
        await _add_prices(page, prices)
        await _add_fleet(page)
        # What was open before anything was added knows nothing of the dashboard yet.
        await page.reload()
        await _add_dashboard(page)
        await _look(page, title)
        assert complaints.found == []
    assert home.log.complaints() == []


async def _settings(page: Page, name: str) -> None:
    """Open one of the pages of the settings."""
    await page.get_by_role("link", name="Settings").click()
    await page.get_by_text(name, exact=True).first.click()


async def _choose(page: Page, choice: str, picture: str) -> None:
    """Add the integration, and choose what of it."""
    await _settings(page, "Devices & services")
    await page.get_by_role("button", name="Add integration").click()
    await page.get_by_placeholder("Search for a brand name").fill(_NAME)
    await page.get_by_role("button", name=_NAME).click()
    offered = page.get_by_text(text(f"config.step.user.menu_options.{choice}"))
    another = page.get_by_role("button", name=f"Set up another instance of {_NAME}")
    # Miners of others that broadcast on this machine are offered before the menu.
    await expect(offered.or_(another)).to_be_visible()
    if await another.is_visible():
        await another.click()
        await expect(offered).to_be_visible()
    await keep(page, picture)
    await offered.click()


async def _add_miner(page: Page, address: str, title: str) -> None:
    """Add a miner by its address."""
    await _choose(page, "address", "release-01-menu")
    await page.get_by_role("textbox", name="Address").fill(address)
    await page.get_by_role("button", name="Submit").click()
    await expect(page.get_by_role("textbox", name="Device name")).to_have_value(title)
    await keep(page, "release-02-miner")
    await finish(page, "Skip and finish")
    # Closing the dialog leads to the page of the new device.
    await page.wait_for_url("**/config/devices/device/*")
    await expect(row(page, "Hashrate")).to_contain_text(_HASHRATE)


async def _add_prices(page: Page, server: OctopusServer) -> None:
    """Add the prices of a region, from a service of one's own."""
    await _choose(page, "prices", "release-03-menu-again")
    await page.get_by_role("button", name="Region").click()
    await page.get_by_text("London").last.click()
    section = page.locator("ha-form-expandable")
    await section.click()
    await section.get_by_role("textbox", name="Address of the service").fill(server.url)
    await keep(page, "release-04-prices")
    await page.get_by_role("button", name="Submit").click()
    await finish(page, "Skip and finish")
    await page.wait_for_url("**/config/devices/device/*")
    await expect(row(page, "Current price")).to_contain_text(_PRICE)


async def _add_fleet(page: Page) -> None:
    """Add the fleet, which asks nothing of the internet here."""
    await _choose(page, "fleet", "release-05-menu-again")
    await page.locator("ha-selector-boolean ha-switch").click()
    await page.get_by_role("button", name="Submit").click()
    await finish(page, "Skip and finish")
    await page.wait_for_url("**/config/devices/device/*")
    await expect(row(page, "Total hashrate")).to_contain_text(_HASHRATE)
    await keep(page, "release-06-fleet")


def _offered(page: Page) -> Locator:
    """Return what is offered in the dialog of new dashboards."""
    return page.locator("dashboard-card").filter(has_text=_NAME)


def _description() -> str:
    """Return what is said of the dashboard where it is offered."""
    texts = json.loads(_TEXTS.read_text(encoding="utf-8"))
    return str(texts["strategy.description"])


async def _add_dashboard(page: Page) -> None:
    """Find the dashboard among those of the community, and create it."""
    await _settings(page, "Dashboards")
    await page.get_by_role("button", name="Add dashboard").click()
    await expect(page.get_by_text("Community dashboards")).to_be_visible()
    await expect(_offered(page)).to_have_count(1)
    await expect(_offered(page)).to_contain_text(_description())
    await _offered(page).scroll_into_view_if_needed()
    await keep(page, "release-07-dashboards")
    await _offered(page).click()
    await expect(page.get_by_role("textbox", name="Title")).to_have_value(_NAME)
    await keep(page, "release-08-new")
    await finish(page, "Create")


async def _look(page: Page, title: str) -> None:
    """Open the dashboard from the sidebar, and see the miner, the price and totals."""
    await page.get_by_role("link", name=_NAME).click()
    miner = page.locator("hui-tile-card").filter(has_text=title)
    await expect(miner).to_contain_text("Running")
    await expect(miner).to_contain_text(_HASHRATE)
    await expect(_tile(page, "Total hashrate")).to_contain_text(_HASHRATE)
    await expect(_tile(page, "Current price")).to_contain_text(_PRICE)
    await expect(page.locator("miner-controller-price-card")).to_contain_text("p/kWh")
    await expect_texts_for_people(page)
    await keep(page, "release-09-overview")
    await page.get_by_role("tab", name="Miners").click()
    await expect(page.get_by_role("heading", name=title)).to_be_visible()
    await expect(page.locator("hui-error-card")).to_have_count(0)
    await keep(page, "release-10-miners")


def _tile(page: Page, name: str) -> Locator:
    """Return a tile of a dashboard by the name of what it shows."""
    tiles = page.locator("hui-tile-card")
    return tiles.filter(has=page.get_by_text(name, exact=True))
