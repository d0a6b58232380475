"""A NerdQAxe++ that takes changes only with a one-time password."""

from playwright.async_api import Page, expect

from simulator.nerdqaxe import NerdQAxeDevice

from .home import Home
from .miners import running_miner
from .pages import choose_mode, expect_texts_for_people, keep, mode, open_device, text
from .waiting import until


async def test_unlock_in_repairs(home: Home, page: Page) -> None:
    """A refused change raises a repair, whose code makes the change possible."""
    async with (
        running_miner("nerdqaxe:1.1.0:otp", "127.0.0.4", seed=5) as device,
        home.with_miner(device.url) as miner,
    ):
        assert isinstance(device, NerdQAxeDevice)
        before = (device.settings.frequency, device.settings.core_voltage)
        await open_device(page, home, miner)
        await expect(mode(page)).to_contain_text("Standard")
        refusal = text("exceptions.locked.message", miner=miner.title)
        # Home Assistant logs what it refuses in the browser.
        home.log.allow(refusal.rstrip("."))
        await choose_mode(page, "Eco")
        await expect(page.get_by_text(refusal).first).to_be_visible()
        await keep(page, "otp-1-refused")
        assert (device.settings.frequency, device.settings.core_voltage) == before

        await _repair(page, home, miner.title, device)
        assert await home.issues() == []

        await open_device(page, home, miner)
        await choose_mode(page, "Eco")

        async def changed() -> bool:
            return device.settings.frequency < before[0]

        await until(changed, "the unlocked miner is in its eco mode")
        await home.until_state(miner, "mode", "eco")
        await expect(mode(page)).to_contain_text("Eco")
        await keep(page, "otp-6-changed")


async def _repair(page: Page, home: Home, title: str, device: NerdQAxeDevice) -> None:
    """Enter a wrong code, then the one of the moment, in the repair."""
    await page.goto(f"{home.url}/config/repairs")
    repair = page.get_by_text(text("issues.otp_required.title", miner=title))
    await repair.wait_for()
    await expect_texts_for_people(page)
    await keep(page, "otp-2-repairs")
    await repair.click()
    code = page.get_by_role("textbox", name="Code")
    await code.fill("000000" if device.current_otp() != "000000" else "111111")
    await page.get_by_role("button", name="Submit").click()
    await expect(page.locator("ha-alert")).to_have_text(
        text("issues.otp_required.fix_flow.error.code_rejected")
    )
    await keep(page, "otp-3-wrong-code")
    await code.fill(device.current_otp() or "")
    await page.get_by_role("button", name="Submit").click()
    await expect(page.get_by_text("The issue is repaired!")).to_be_visible()
    await keep(page, "otp-4-repaired")
    await page.get_by_role("button", name="Finish").click()
    await expect(
        page.get_by_text("There are currently no repairs pending")
    ).to_be_visible()
    await expect(repair).to_have_count(0)
    await keep(page, "otp-5-no-repairs")
