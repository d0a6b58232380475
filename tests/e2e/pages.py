"""What the tests do in the browser."""

import json
from pathlib import Path
import re

from playwright.async_api import Locator, Page, expect

from scripts.devhome.api import PASSWORD, USER

from .home import AddedMiner, Home

REPOSITORY = Path(__file__).resolve().parents[2]
SCREENSHOTS = REPOSITORY / "screenshots"
TRANSLATIONS = (
    REPOSITORY / "custom_components" / "miner_controller" / "translations" / "en.json"
)

SIZE = {"width": 1280, "height": 900}

# What a text looks like that is missing, or that was never meant for people.
_NOT_FOR_PEOPLE = re.compile(
    r"component\.|\bNaN\b|\bundefined\b|\[object|\b[a-z]+_[a-z]"
)


def text(key: str, **placeholders: str) -> str:
    """Return the English text for a key such as "config.error.timeout"."""
    found = json.loads(TRANSLATIONS.read_text(encoding="utf-8"))
    for part in key.split("."):
        found = found[part]
    assert isinstance(found, str)
    return found.format(**placeholders)


async def keep(page: Page, name: str) -> None:
    """Keep a picture of the page."""
    SCREENSHOTS.mkdir(exist_ok=True)
    await expect_icons(page)
    await page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")


async def expect_icons(page: Page) -> None:
    """Expect every icon to be drawn, which Home Assistant does a little late."""
    icons = page.locator("ha-icon").filter(visible=True)
    await expect(icons.filter(has_not=page.locator("path"))).to_have_count(0)


async def log_in(page: Page, url: str) -> None:
    """Open the pages of Home Assistant and log in."""
    await page.goto(url)
    await page.get_by_label("Username").fill(USER)
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("link", name="Settings")).to_be_visible()


async def open_device(page: Page, home: Home, miner: AddedMiner) -> None:
    """Open the page of a miner's device."""
    await page.goto(f"{home.url}/config/devices/device/{miner.device_id}")
    await expect(page.get_by_role("heading", name="Sensors")).to_be_visible()


async def open_integration(page: Page, home: Home) -> None:
    """Open the page of the integration."""
    await page.goto(f"{home.url}/config/integrations/integration/miner_controller")
    await expect(page.get_by_role("heading", name="Hubs")).to_be_visible()


async def open_options(
    page: Page, home: Home, title: str, choice: str, picture: str = ""
) -> None:
    """Open the options of an entry, and choose one of the menu by its text.

    A picture of the menu is kept, if it is given a name.
    """
    await open_integration(page, home)
    entry = page.locator("ha-config-entry-row").filter(has_text=title)
    await entry.get_by_role("button", name="Configure").click()
    offered = page.get_by_text(choice, exact=True)
    await expect(offered).to_be_visible()
    if picture:
        await keep(page, picture)
    await offered.click()


async def finish(page: Page, name: str = "Finish") -> None:
    """Close a dialog that is done.

    It goes back in the browser's history when it has closed, and would take a page
    that was opened before that with it.
    """
    button = page.get_by_role("button", name=name)
    await button.click()
    await expect(button).to_have_count(0)


def row(page: Page, name: str) -> Locator:
    """Return the row of an entity on a device page, the last of that name."""
    rows = page.locator("hui-generic-entity-row")
    return rows.filter(has=page.get_by_text(name, exact=True)).last


def mode(page: Page) -> Locator:
    """Return the menu of work modes on a device page."""
    return menu(page, "Mode")


def menu(page: Page, name: str) -> Locator:
    """Return the menu of a select on a device page."""
    rows = page.locator("hui-select-entity-row")
    return rows.get_by_role("button", name=re.compile(f"^{name} "))


async def choose_mode(page: Page, name: str) -> None:
    """Choose a work mode on a device page."""
    await mode(page).click()
    await page.get_by_role("menuitem", name=name, exact=True).click()


async def expect_texts_for_people(page: Page) -> None:
    """Expect no raw key and no broken number in what can be read on a page."""
    everything = page.locator("home-assistant")
    # The sidebar proves that the texts are read at all.
    await expect(everything).to_contain_text("Settings")
    await expect(everything).not_to_contain_text(_NOT_FOR_PEOPLE)
