"""The fleet and its pools, from the add menu to a miner that mines for another pool."""

from playwright.async_api import Page, expect

from simulator.stratum import Manners, StratumPool

from .home import Home
from .miners import running_miner
from .pages import (
    expect_texts_for_people,
    finish,
    keep,
    menu,
    open_device,
    open_integration,
    row,
    text,
)

_TITLE = "Miner fleet"
_PASSWORD = "canary-of-the-pool"
_POOL = "config_subentries.pool"


async def test_fleet(home: Home, page: Page) -> None:
    """A pool that was away is kept, and a miner mines for it once it is there."""
    async with (
        StratumPool(Manners.DROPS) as pool,
        running_miner("nerdqaxe:1.1.0", "127.0.0.1", seed=4) as device,
        home.with_miner(device.url) as miner,
    ):
        await _add_fleet(home, page)
        async with home.removing(_TITLE):
            fleet = await home.added(_TITLE)
            await page.goto(f"{home.url}/config/devices/device/{fleet.device_id}")
            await expect(row(page, "Total hashrate")).to_contain_text("TH/s")
            await expect_texts_for_people(page)
            await keep(page, "fleet-2-device")

            await _add_pool(home, page, pool)
            # With the fleet it has got a choice of pools.
            chooser = await home.added(miner.title)
            await open_device(page, home, chooser)
            await menu(page, "Pool").click()
            await keep(page, "fleet-6-choice")
            await page.get_by_role("menuitem", name="Shed", exact=True).click()
            await home.until_state(chooser, "pool", "Shed")
            stored = device.settings.pool
            assert (stored.url, stored.port) == (pool.host, pool.port)
            assert stored.password == _PASSWORD
            assert stored.user.startswith("bc1qcanary.nerdqaxe-")
            await keep(page, "fleet-7-chosen")
    assert _PASSWORD not in home.instance.log.read_text(encoding="utf-8")


async def _add_fleet(home: Home, page: Page) -> None:
    """Add the fleet."""
    await open_integration(page, home)
    await page.get_by_role("button", name="Add hub").click()
    await page.get_by_text(text("config.step.user.menu_options.fleet")).click()
    await expect(page.get_by_text(text("config.step.fleet.title"))).to_be_visible()
    await keep(page, "fleet-1-form")
    # Nothing is asked of the internet here.
    await page.locator("ha-selector-boolean ha-switch").click()
    await page.get_by_role("button", name="Submit").click()
    await finish(page, "Skip and finish")


async def _add_pool(home: Home, page: Page, pool: StratumPool) -> None:
    """Add a pool that does not answer yet."""
    await open_integration(page, home)
    await page.get_by_role(
        "button", name=text(f"{_POOL}.initiate_flow.user")
    ).first.click()
    await page.get_by_role("textbox", name="Name").fill("Shed")
    await page.get_by_role("textbox", name="Address").first.fill(
        f"{pool.host}:{pool.port}"
    )
    await page.get_by_role("textbox", name="Worker").fill("bc1qcanary.{miner}")
    await page.get_by_role("textbox", name="Password").first.fill(_PASSWORD)
    await expect_texts_for_people(page)
    await keep(page, "fleet-3-pool")
    await page.get_by_role("button", name="Submit").click()
    await expect(page.get_by_text(text(f"{_POOL}.error.no_answer"))).to_be_visible()
    await keep(page, "fleet-4-no-answer")
    pool.manners = Manners.SERVES
    await page.get_by_role("button", name="Submit").click()
    # The name of the worker is shown before anything is kept.
    await expect(page.get_by_text("bc1qcanary.nerdqaxe-")).to_be_visible()
    await expect_texts_for_people(page)
    await keep(page, "fleet-5-workers")
    await page.get_by_text(
        text(f"{_POOL}.step.workers.menu_options.save"), exact=True
    ).click()
    await expect(page.get_by_text("Created configuration for Shed.")).to_be_visible()
    await finish(page)
