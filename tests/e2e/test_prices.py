"""Electricity prices and a cheap window, from the add menu to a restart offline."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from playwright.async_api import Page, expect
import pytest_asyncio

from simulator.octopus import CURRENT, OctopusServer

from .home import Home
from .pages import expect_texts_for_people, finish, keep, open_integration, row, text
from .waiting import until

_REGION = "C"
_TITLE = "Octopus Agile London"
_ADD = "config_subentries.cheap_window.initiate_flow.user"
_SLOT = timedelta(minutes=30)


@pytest_asyncio.fixture(loop_scope="session")
async def prices() -> AsyncIterator[OctopusServer]:
    """Run a price service with the prices of the real day."""
    async with OctopusServer(seed=5) as server:
        yield server


def _slot_start() -> datetime:
    """Return when the current half hour began."""
    now = datetime.now(UTC)
    return now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0)


def _pounds(server: OctopusServer, start: datetime) -> float:
    """Return the price of a half hour."""
    return float(server.price(CURRENT, _REGION, start).inc_vat / 100)


async def _shows_price_of_now(home: Home, server: OctopusServer) -> bool:
    """Return whether the current price is that of the current half hour."""
    entity_id = f"sensor.{_TITLE.lower().replace(' ', '_')}_current_price"
    before = _slot_start()
    shown = await home.api.state(entity_id)
    # A half hour may just have ended.
    moments = (before, _slot_start())
    return shown in {str(_pounds(server, moment)) for moment in moments}


async def _until_window_is_active(home: Home) -> None:
    """Wait until the window is active: adding it, and a restart, set prices up anew."""

    async def active() -> bool:
        return await home.api.state("binary_sensor.any_price_active") == "on"

    await until(active, "the window is active")


async def _expect_price_of_now(home: Home, server: OctopusServer) -> None:
    """Expect the current price to be there soon, since it is fetched after set-up."""

    async def shown() -> bool:
        return await _shows_price_of_now(home, server)

    await until(shown, "the current price is shown")


async def test_prices(home: Home, page: Page, prices: OctopusServer) -> None:
    """A postcode is enough; prices and a cheap window are there, also offline."""
    await _add_prices(home, page, prices)
    async with home.removing(_TITLE):
        await _expect_price_of_now(home, prices)
        tariff = await home.added(_TITLE)
        await page.goto(f"{home.url}/config/devices/device/{tariff.device_id}")
        await expect(row(page, "Current price")).to_contain_text("GBP/kWh")
        await expect(row(page, "Tomorrow published")).to_be_visible()
        await expect_texts_for_people(page)
        await keep(page, "prices-5-device")

        await _add_window(home, page)
        # All prices up to ten pounds are cheap enough, so it is active at once.
        await _until_window_is_active(home)
        await _expect_price_of_now(home, prices)
        asked = len(prices.requests)

        # The service is away and Home Assistant is restarted: nothing is forgotten.
        await home.restart(between=prices.stop)
        await _expect_price_of_now(home, prices)
        await _until_window_is_active(home)
        assert len(prices.requests) == asked
    assert {path for path, query in prices.requests if "SW1A1AA" in str(query)} == {
        "/v1/industry/grid-supply-points/"
    }
    storage = home.instance.config / ".storage"
    assert not any(
        b"SW1A" in path.read_bytes() for path in storage.iterdir() if path.is_file()
    )


async def test_prices_from_elsewhere(home: Home, prices: OctopusServer) -> None:
    """Prices that are added again from another address come from there."""
    result = await home.api.add_prices(_REGION, prices.url)
    assert result["type"] == "create_entry"
    async with home.removing(_TITLE), OctopusServer(seed=6) as other:
        await _expect_price_of_now(home, prices)
        result = await home.api.add_prices(_REGION, other.url)
        assert result["reason"] == "reconfigure_successful"

        async def changed() -> bool:
            return bool(other.requests) and await _shows_price_of_now(home, other)

        await until(changed, "the prices are those of the other service")


async def _add_prices(home: Home, page: Page, server: OctopusServer) -> None:
    """Add prices by a postcode, after a mistake."""
    await open_integration(page, home)
    await page.get_by_role("button", name="Add hub").click()
    await page.get_by_text(text("config.step.user.menu_options.prices")).click()
    await keep(page, "prices-1-form")
    await page.get_by_role("button", name="Submit").click()
    await expect(page.locator("ha-alert")).to_have_text(
        text("config.error.region_needed")
    )
    section = page.locator("ha-form-expandable")
    await section.click()
    address = section.get_by_role("textbox", name="Address of the service")
    await address.fill("http://127.0.0.1:1")
    await page.get_by_role("textbox", name="Postcode").fill("SW1A 1AA")
    await page.get_by_role("button", name="Submit").click()
    await expect(page.locator("ha-alert")).to_have_text(
        text("config.error.prices_unreachable")
    )
    # Nothing that was typed is lost, and the section stays open.
    await expect(page.get_by_role("textbox", name="Postcode")).to_have_value("SW1A 1AA")
    await expect(address).to_have_value("http://127.0.0.1:1")
    await expect_texts_for_people(page)
    await keep(page, "prices-2-unreachable")
    await address.fill(server.url)
    await page.get_by_role("button", name="Submit").click()
    done = "Skip and finish"
    await expect(page.get_by_role("button", name=done)).to_be_visible()
    await keep(page, "prices-3-created")
    await finish(page, done)


async def _add_window(home: Home, page: Page) -> None:
    """Add a cheap window, after a mistake."""
    await open_integration(page, home)
    await page.get_by_role("button", name=text(_ADD)).first.click()
    await page.get_by_role("textbox", name="Name").fill("Any price")
    hours = page.get_by_role("spinbutton", name="Hours")
    await hours.fill("")
    await page.get_by_role("button", name="Submit").click()
    await expect(page.locator("ha-alert")).to_have_text(
        text("config_subentries.cheap_window.error.nothing_wanted")
    )
    await keep(page, "prices-6-nothing-wanted")
    await page.get_by_role("spinbutton", name="Maximum price").fill("10")
    await page.get_by_role("button", name="While prices are unknown").click()
    option = "selector.unknown_prices.options.use_known"
    await page.get_by_text(text(option), exact=True).last.click()
    await expect_texts_for_people(page)
    await keep(page, "prices-7-window")
    await page.get_by_role("button", name="Submit").click()
    await expect(
        page.get_by_text("Created configuration for Any price.")
    ).to_be_visible()
    await finish(page)
    await open_integration(page, home)
    await expect(page.get_by_text("Any price").first).to_be_visible()
    await keep(page, "prices-8-integration")
