"""The whole story of a user: log in, add a miner, change it, restart it."""

import re

from playwright.async_api import Page, expect

from simulator.axeos import AxeOSDevice

from .conftest import free_port
from .home import Home
from .miners import running_miner
from .pages import (
    choose_mode,
    expect_texts_for_people,
    keep,
    log_in,
    mode,
    row,
    text,
)
from .waiting import until

_HASHRATE = re.compile(r"\b[01]\.\d\d\sTH/s")


async def test_add_change_and_restart_a_miner(home: Home, new_page: Page) -> None:
    """A Bitaxe is added, set to another mode and restarted, all in the browser."""
    page = new_page
    await log_in(page, home.url)
    await keep(page, "story-01-logged-in")
    async with running_miner("axeos:gamma601:2.15", "127.0.0.3", seed=3) as miner:
        assert isinstance(miner, AxeOSDevice)
        title = f"Bitaxe Gamma {miner.mac.replace(':', '')[-4:]}"
        await _choose_integration(page)
        await _add(page, miner)
        async with home.removing(title):
            await _read_device_page(page, title)
            await _change_mode(page, miner)
            home.log.allow(f"Error fetching {title} data")
            await _restart(page, miner)


async def _choose_integration(page: Page) -> None:
    """Find the integration among all that can be added."""
    await page.get_by_role("link", name="Settings").click()
    await page.get_by_text("Devices & services").first.click()
    await page.get_by_role("button", name="Add integration").click()
    await page.get_by_placeholder("Search for a brand name").fill("Miner Controller")
    await keep(page, "story-02-search")
    await page.get_by_role("button", name="Miner Controller").click()
    await page.get_by_text("A miner by its address").wait_for()
    await keep(page, "story-03-menu")
    await page.get_by_text("A miner by its address").click()


async def _add(page: Page, miner: AxeOSDevice) -> None:
    """Enter a wrong address, then the right one."""
    address = page.get_by_role("textbox", name="Address")
    wrong = f"{miner.host}:{free_port()}"
    await address.fill(wrong)
    await keep(page, "story-04-address")
    await page.get_by_role("button", name="Submit").click()
    await expect(page.locator("ha-alert")).to_have_text(
        text("config.error.cannot_connect")
    )
    await expect(address).to_have_value(wrong)
    await keep(page, "story-05-wrong-address")
    await address.fill(f"{miner.host}:{miner.port}")
    await page.get_by_role("button", name="Submit").click()
    await expect(page.get_by_role("textbox", name="Device name")).to_have_value(
        re.compile("^Bitaxe Gamma ")
    )
    await keep(page, "story-06-added")
    await page.get_by_role("button", name="Skip and finish").click()
    # Closing the dialog leads to the page of the new device.
    await page.wait_for_url("**/config/devices/device/*")


async def _read_device_page(page: Page, title: str) -> None:
    """Read on the device page what the miner does."""
    await expect(page.get_by_text(title, exact=True).first).to_be_visible()
    await expect(row(page, "Hashrate")).to_contain_text(_HASHRATE)
    await expect(row(page, "Power")).to_contain_text(re.compile(r"\d\d\.\d\sW"))
    await expect(row(page, "Chip temperature")).to_contain_text("°C")
    await expect(row(page, "Accepted shares")).to_contain_text(re.compile("[1-9]"))
    await expect(row(page, "Hashing")).to_contain_text("Running")
    await expect(mode(page)).to_contain_text("Standard")
    await expect_texts_for_people(page)
    await keep(page, "story-07-device")
    await page.get_by_role("heading", name="Diagnostic").scroll_into_view_if_needed()
    await keep(page, "story-08-device-below")


async def _change_mode(page: Page, miner: AxeOSDevice) -> None:
    """Change the work mode and find the miner changed."""
    before = (miner.settings.frequency, miner.settings.core_voltage)
    assert before == (525, 1150)
    await mode(page).click()
    await page.get_by_role("menuitem", name="Eco", exact=True).wait_for()
    await keep(page, "story-09-modes")
    await page.keyboard.press("Escape")
    await choose_mode(page, "Eco")
    await expect(row(page, "Frequency")).to_contain_text("400")

    async def changed() -> bool:
        return (miner.settings.frequency, miner.settings.core_voltage) == (400, 1100)

    await until(changed, "the miner is in its eco mode")
    await expect(mode(page)).to_contain_text("Eco")
    await keep(page, "story-10-eco")


async def _restart(page: Page, miner: AxeOSDevice) -> None:
    """Press the button, and see the miner go and come back."""
    uptime = miner.info()["uptimeSeconds"]
    await row(page, "Restart").get_by_role("button", name="Press").click()
    await expect(row(page, "Hashrate")).to_contain_text("Unavailable")
    assert miner.requests.count(("POST", "/api/system/restart")) == 1
    await keep(page, "story-11-restarting")
    await expect(row(page, "Hashrate")).to_contain_text(_HASHRATE, timeout=45_000)
    assert miner.info()["uptimeSeconds"] < uptime
    # What was set before the restart is still set.
    await expect(mode(page)).to_contain_text("Eco")
    await keep(page, "story-12-restarted")
