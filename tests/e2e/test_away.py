"""A miner that is off while Home Assistant starts."""

from playwright.async_api import Page, expect

from .home import Home, LateMiner
from .pages import expect_texts_for_people, keep, open_device, row


async def test_start_without_a_miner(
    home: Home, late_miner: LateMiner, page: Page
) -> None:
    """A miner that is off is set up, has all its entities, and is not reachable."""
    miner = late_miner.added
    assert not late_miner.is_on
    await home.until_state(miner, "reachable", "off")
    assert (await home.entry(miner.title))["state"] == "loaded"
    states = {key: await home.state(miner, key) for key in miner.entity_ids}
    # Its energy so far, and what happened on it last, are known without it.
    elsewhere = {"activity", "energy", "reachable"}
    assert len(states) > 30
    assert {key: state for key, state in states.items() if key not in elsewhere} == (
        dict.fromkeys(states.keys() - elsewhere, "unavailable")
    )

    await open_device(page, home, miner)
    await expect(row(page, "Reachable")).to_contain_text("Disconnected")
    await expect(row(page, "Hashrate")).to_contain_text("Unavailable")
    await expect_texts_for_people(page)
    await keep(page, "away-device")

    # Another test waits for its return, which may take a minute.
    await late_miner.switch_on()
