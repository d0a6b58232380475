"""An Avalon Nano 3S, from its address to a change of its pool."""

import re

from aiohttp import ClientResponseError
from playwright.async_api import Page, expect
import pytest

from simulator.avalon import AvalonDevice

from .home import AddedMiner, Home
from .miners import HeadStartClock, running_miner
from .pages import (
    choose_mode,
    expect_texts_for_people,
    keep,
    log_in,
    menu,
    mode,
    open_device,
    open_integration,
    row,
    text,
)
from .waiting import until

_HASHRATE = re.compile(r"\b6\.\d\d\sTH/s")
_CALIBRATING = re.compile("is calibrating and takes no other mode")
_CALIBRATION_SECONDS = 10 * 60


async def test_modes_and_pools_of_an_avalon(home: Home, new_page: Page) -> None:
    """The page shows what the miner says, and what it refuses is told in words."""
    page = new_page
    async with running_miner("avalon:nano3s", "127.0.0.6", seed=6) as miner:
        assert isinstance(miner, AvalonDevice)
        async with home.with_miner(f"{miner.host}:{miner.port}") as added:
            await log_in(page, home.url)
            await open_device(page, home, added)
            await _read_device_page(page)
            await _change_mode(page, miner)
            await _change_pool(page, home, added, miner)


async def _read_device_page(page: Page) -> None:
    """Read on the device page what the miner does."""
    await expect(row(page, "Hashrate")).to_contain_text(_HASHRATE)
    await expect(row(page, "Power")).to_contain_text(re.compile(r"\b1[34]\d\.\d\sW"))
    await expect(row(page, "Hottest chip temperature")).to_contain_text("°C")
    await expect(mode(page)).to_contain_text("High")
    await expect_texts_for_people(page)
    await keep(page, "avalon-01-device")


async def _change_mode(page: Page, miner: AvalonDevice) -> None:
    """Change the mode twice, which the miner takes only once it has calibrated."""
    await choose_mode(page, "Low")
    await expect(mode(page)).to_contain_text("Low")
    await expect(row(page, "Calibrating")).to_contain_text("On")
    await choose_mode(page, "Medium")
    await expect(page.get_by_text(_CALIBRATING).first).to_be_visible()
    await keep(page, "avalon-02-calibrating")
    assert isinstance(miner.clock, HeadStartClock)
    miner.clock.skip(_CALIBRATION_SECONDS)
    await expect(row(page, "Calibrating")).to_contain_text("Off", timeout=20_000)


async def _change_pool(
    page: Page, home: Home, added: AddedMiner, miner: AvalonDevice
) -> None:
    """Use another of the miner's pools, then store one, for which it restarts."""
    await menu(page, "Pool slot").click()
    second = page.get_by_role("menuitem", name=re.compile("^2 · "))
    host = (await second.inner_text()).removeprefix("2 · ")
    await second.click()
    await expect(row(page, "Active pool")).to_contain_text(host)
    await keep(page, "avalon-03-second-pool")

    await _enter_login(page, home, added, miner)
    await _set_pool(home, added)
    await until(
        lambda: _shows(home, added, "3 · pool.example"), "the miner shows its new pool"
    )
    await open_device(page, home, added)
    await menu(page, "Pool slot").click()
    await page.get_by_role("menuitem", name="3 · pool.example").wait_for()
    await keep(page, "avalon-06-new-pool")


async def _enter_login(
    page: Page, home: Home, added: AddedMiner, miner: AvalonDevice
) -> None:
    """Be asked for the login that a change of a stored pool takes, and enter it."""
    refusal = "The login of the miner's web page is not known"
    home.log.allow(refusal)
    with pytest.raises(ClientResponseError):
        await _set_pool(home, added)
    await open_integration(page, home)
    await page.get_by_role("button", name="Reconfigure").click()
    await page.get_by_role("textbox", name="User name").fill(miner.web_user)
    await page.locator("input[type=password]").fill("two words")
    await page.get_by_role("button", name="Submit").click()
    await expect(page.get_by_text(text("config.error.cannot_be_sent"))).to_be_visible()
    await keep(page, "avalon-04-login")
    await page.locator("input[type=password]").fill(miner.web_password)
    questions = miner.requests.count(("version", ""))
    await page.get_by_role("button", name="Submit").click()
    await (
        page.locator("ha-dialog-footer").get_by_role("button", name="Close").wait_for()
    )
    await keep(page, "avalon-05-login-stored")

    async def reloaded() -> bool:
        asked = miner.requests.count(("version", "")) > questions
        return asked and (await home.entry(added.title))["state"] == "loaded"

    # The new login reloads the miner, which is asked anew who it is.
    await until(reloaded, "the miner is loaded again")


async def _set_pool(home: Home, added: AddedMiner) -> None:
    """Store another pool on the miner, which takes a restart of it."""
    await home.api.call(
        "miner_controller.set_pool",
        device_id=added.device_id,
        slot=3,
        url="stratum+tcp://pool.example:3333",
        worker="nobody.kitchen",
    )


async def _shows(home: Home, added: AddedMiner, option: str) -> bool:
    """Return whether the pools of the miner can be chosen from, with this one."""
    states = await home.api.get("/api/states")
    (found,) = (
        state for state in states if state["entity_id"] == added.entity_ids["pool_slot"]
    )
    return option in found["attributes"].get("options", [])
