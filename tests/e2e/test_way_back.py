"""A miner that was off while Home Assistant started, and is switched on later.

The name of this module makes it the last, because the return takes up to a minute.
"""

from playwright.async_api import Page, expect

from .home import Home, LateMiner
from .pages import expect_texts_for_people, keep, open_device, row


async def test_late_miner_returns_by_itself(
    home: Home, late_miner: LateMiner, page: Page
) -> None:
    """A miner that is switched on later is found by itself."""
    await late_miner.switch_on()
    miner = late_miner.added
    await home.until_state(miner, "reachable", "on", seconds=75)
    hashrate = float(await home.state(miner, "hashrate"))
    assert 0 < hashrate < 1

    await open_device(page, home, miner)
    await expect(row(page, "Reachable")).to_contain_text("Connected")
    await expect(row(page, "Hashrate")).to_contain_text("TH/s")
    await expect_texts_for_people(page)
    await keep(page, "away-device-returned")
