"""The options of a miner."""

from playwright.async_api import Locator, Page, expect

from simulator.axeos import AxeOSDevice

from .home import Home
from .miners import running_miner
from .pages import (
    choose_mode,
    expect_texts_for_people,
    finish,
    keep,
    mode,
    open_device,
    open_integration,
    text,
)
from .waiting import until


async def test_own_work_modes(home: Home, page: Page) -> None:
    """A mode that is added and one that is edited are offered and work."""
    async with (
        running_miner("axeos:supra401:2.9", "127.0.0.5", seed=9) as device,
        home.with_miner(device.url) as miner,
    ):
        assert isinstance(device, AxeOSDevice)
        await open_integration(page, home)
        await keep(page, "options-1-integration")
        entry = page.locator("ha-config-entry-row").filter(has_text=miner.title)
        await entry.get_by_role("button", name="Configure").click()
        await page.get_by_text(
            text("options.step.init.menu_options.miner"), exact=True
        ).click()
        await expect(page.get_by_text("Work modes", exact=True)).to_be_visible()
        for name in ("eco", "standard", "turbo"):
            await expect(_row(page, name)).to_contain_text("MHz")
        await expect_texts_for_people(page)
        await keep(page, "options-2-modes")

        await _row(page, "turbo").get_by_role("button", name="Edit").click()
        await _fill_mode(page, name="Winter", frequency=500, core_voltage=1180)
        await keep(page, "options-3-edit-mode")
        await page.get_by_role("button", name="Save", exact=True).click()
        await expect(_row(page, "Winter")).to_contain_text("500 MHz")

        await page.get_by_role("button", name="Add", exact=True).click()
        await _fill_mode(page, name="Night", frequency=5000, core_voltage=1110)
        await page.get_by_role("button", name="Add", exact=True).last.click()
        await page.get_by_role("button", name="Submit").click()
        await expect(page.locator("ha-alert")).to_have_text(
            text(
                "options.error.mode_frequency",
                name="Night",
                frequency_range="400–575",
            )
        )
        await keep(page, "options-4-too-fast")
        await _row(page, "Night").get_by_role("button", name="Edit").click()
        await _fill_mode(page, name="Night", frequency=410, core_voltage=1110)
        await page.get_by_role("button", name="Save", exact=True).click()
        await page.get_by_role("button", name="Submit").click()
        await expect(page.get_by_text("successfully saved")).to_be_visible()
        await keep(page, "options-5-saved")
        await finish(page)

        await open_device(page, home, miner)
        await mode(page).click()
        offered = page.locator("hui-select-entity-row").get_by_role("menuitem")
        await expect(offered.filter(has_text="Winter")).to_be_visible()
        await expect(offered.filter(has_text="Turbo")).to_have_count(0)
        await keep(page, "options-6-own-modes")
        await page.keyboard.press("Escape")
        await choose_mode(page, "Night")

        async def changed() -> bool:
            settings = device.settings
            return (settings.frequency, settings.core_voltage) == (410, 1110)

        await until(changed, "the miner is in its owner's mode")
        await home.until_state(miner, "mode", "Night")


def _row(page: Page, name: str) -> Locator:
    """Return the row of a mode in the table."""
    return page.get_by_role("listitem").filter(has_text=name)


async def _fill_mode(
    page: Page, *, name: str, frequency: int, core_voltage: int
) -> None:
    """Fill in the form of one mode."""
    await page.get_by_role("textbox", name="Name").fill(name)
    await page.get_by_role("spinbutton", name="Frequency").fill(str(frequency))
    await page.get_by_role("spinbutton", name="Core voltage").fill(str(core_voltage))
