"""The price card on a dashboard of somebody's own, and how dashboards are made."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import sin
from typing import Any
from zoneinfo import ZoneInfo

from playwright.async_api import Locator, Page, expect

from scripts.devhome.dashboard import URL_PATH
from simulator.octopus import OctopusServer

from .dashboard import Complaints, look, remove_dashboards
from .home import Home
from .pages import expect_texts_for_people, finish, keep

_OWN_PATH = "own-cards"
_CARD = "custom:miner-controller-price-card"
_SLOT = timedelta(minutes=30)
_DAY = 48


# Shows a card to which Home Assistant tells other prices, of another place and time.
_SHOW = """({ zone, state, attributes, period }) => {
  document.querySelector("#made-up")?.remove();
  const { hass } = document.querySelector("home-assistant");
  const id = Object.keys(hass.states).find((each) => each.endsWith("_current_price"));
  const changed = { ...hass.states[id], state, attributes };
  const card = document.createElement("miner-controller-price-card");
  card.id = "made-up";
  card.style.cssText = "position: fixed; inset: 80px 8px auto; z-index: 9";
  card.setConfig({ type: "custom:miner-controller-price-card", period });
  const config = { ...hass.config, time_zone: zone };
  const locale = { ...hass.locale, time_zone: "server" };
  card.hass = { ...hass, config, locale, states: { ...hass.states, [id]: changed } };
  document.body.append(card);
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """A day as a tariff tells it, and what is to be seen of it."""

    picture: str
    date: date
    zone: str
    unit: str
    minutes: int
    known_hours: int
    period: str
    stops: int
    words: tuple[str, ...]

    @property
    def start(self) -> datetime:
        """Return when the day begins."""
        return datetime.combine(self.date, time(), ZoneInfo(self.zone)).astimezone(UTC)

    @property
    def now(self) -> datetime:
        """Return a moment before noon of the day."""
        return self.start + timedelta(hours=11, minutes=10)

    def state(self) -> dict[str, Any]:
        """Return what the tariff tells, and where."""
        slots = [
            self.start + number * timedelta(minutes=self.minutes)
            for number in range(self.known_hours * 60 // self.minutes)
        ]
        prices = [
            {
                "start": start.isoformat(),
                "end": (start + timedelta(minutes=self.minutes)).isoformat(),
                "price": round(0.2 + 0.08 * sin(number / 6), 4),
            }
            for number, start in enumerate(slots)
        ]
        attributes = {"unit_of_measurement": self.unit}
        return {
            "zone": self.zone,
            "state": "0.2137" if prices else "unavailable",
            "attributes": {**attributes, **({"prices": prices} if prices else {})},
            "period": self.period,
        }


_LONDON = {"zone": "Europe/London", "unit": "GBP/kWh", "minutes": 30}
_DAYS = (
    _Day(
        picture="40-spring",
        date=date(2026, 3, 29),
        known_hours=23,
        period="today",
        stops=46,
        words=("21.4", "p/kWh", "Sun 29 Mar"),
        **_LONDON,
    ),
    _Day(
        picture="41-autumn",
        date=date(2026, 10, 25),
        known_hours=25,
        period="today",
        stops=50,
        words=("Sun 25 Oct",),
        **_LONDON,
    ),
    _Day(
        picture="42-unpublished",
        date=date(2026, 11, 10),
        known_hours=23,
        period="48h",
        stops=47,
        words=("Published about 16:00", "Wed 11 Nov"),
        **_LONDON,
    ),
    _Day(
        picture="43-unknown",
        date=date(2026, 11, 10),
        known_hours=0,
        period="48h",
        stops=1,
        words=("No prices are known for this period.",),
        **_LONDON,
    ),
    _Day(
        picture="44-berlin",
        date=date(2026, 10, 25),
        known_hours=25,
        period="today",
        stops=100,
        words=("ct/kWh", "Sun 25 Oct"),
        zone="Europe/Berlin",
        unit="EUR/kWh",
        minutes=15,
    ),
)


@asynccontextmanager
async def _own_dashboard(home: Home, *cards: dict[str, Any]) -> AsyncIterator[str]:
    """Create a dashboard as somebody would, and remove it, and ours, in the end."""
    await home.api.command(
        "lovelace/dashboards/create", mode="storage", title="Own", url_path=_OWN_PATH
    )
    view = {
        "title": "Own",
        "type": "sections",
        "sections": [{"type": "grid", "cards": list(cards)}],
    }
    await home.api.command(
        "lovelace/config/save", url_path=_OWN_PATH, config={"views": [view]}
    )
    try:
        yield f"{home.url}/{_OWN_PATH}"
    finally:
        await remove_dashboards(home.api, _OWN_PATH, URL_PATH)


@asynccontextmanager
async def _with_wild_prices(home: Home) -> AsyncIterator[None]:
    """Add prices that are below zero, or far above all others, and remove them."""
    async with OctopusServer(seed=5) as server:
        now = datetime.now(UTC)
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        server.changed_prices = {
            today + number * _SLOT: Decimal(_pence(number % _DAY))
            for number in range(-_DAY, 3 * _DAY)
        }
        result = await home.api.add_prices("C", server.url)
        assert result["type"] == "create_entry", result
        async with home.removing(result["title"]):
            yield


def _pence(number: int) -> int:
    """Return what a half-hour of a wild day costs."""
    if 4 <= number < 10:
        return -6
    return 95 if number == 36 else 14 + number % 7


async def test_card(home: Home, page: Page) -> None:
    """The card is used by keyboard, set by its editor, and makes the dashboard."""
    complaints = Complaints(page)
    card = {"type": _CARD}
    small = {**card, "compact": True}
    async with _with_wild_prices(home), _own_dashboard(home, card, small) as url:
        await page.goto(url)
        chart = page.get_by_role("slider", name="Prices by time")
        await expect(chart).to_be_visible()
        await expect(page.locator("miner-controller-price-sparkline")).to_be_visible()
        await look(page, complaints, "dashboard-30-card")
        await _use_keyboard(page, chart)
        await _edit_card(home, page)
        await _create(home, page)
        await _edit_dashboard(home, page)
    assert complaints.found == []


async def _use_keyboard(page: Page, chart: Locator) -> None:
    """Go from the buttons of the period to the chart, and through its slots."""
    for name in ("Today", "Tomorrow", "48 h"):
        button = page.get_by_role("button", name=name, exact=True)
        await button.click()
        await expect(button).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("Tab")
    await expect(chart).to_be_focused()
    await page.keyboard.press("Home")
    await expect(chart).to_have_attribute("aria-valuenow", "0")
    for _ in range(4):
        await page.keyboard.press("ArrowRight")
    await expect(chart).to_have_attribute("aria-valuenow", "4")
    spoken = await chart.get_attribute("aria-valuetext") or ""
    assert "02:00" in spoken
    assert "6.3" in spoken
    assert "Negative" in spoken
    await expect(page.locator("miner-controller-price-chart")).to_contain_text("02:00")
    await keep(page, "dashboard-31-keyboard")
    await page.keyboard.press("End")
    last = await chart.get_attribute("aria-valuemax") or ""
    await expect(chart).to_have_attribute("aria-valuenow", last)
    await page.keyboard.press("ArrowRight")
    await expect(chart).to_have_attribute("aria-valuenow", last)


async def _edit_card(home: Home, page: Page) -> None:
    """Give the card another name in the dialog of Home Assistant."""
    await page.goto(f"{home.url}/{_OWN_PATH}/0?edit=1")
    await page.locator("hui-card-edit-mode").first.click()
    await page.get_by_role("textbox", name="Title").fill("Power")
    await expect(page.get_by_role("heading", name="Power")).to_be_visible()
    await expect_texts_for_people(page)
    await keep(page, "dashboard-32-editor")
    await finish(page, "Save")
    config = await home.api.command("lovelace/config", url_path=_OWN_PATH)
    cards = config["views"][0]["sections"][0]["cards"]
    # What is as usual is not written.
    assert cards == [
        {"type": _CARD, "title": "Power"},
        {"type": _CARD, "compact": True},
    ]


async def _create(home: Home, page: Page) -> None:
    """Make the dashboard by the button in the editor."""
    create = page.get_by_role("button", name="Create the miner dashboard")
    await page.locator("hui-card-edit-mode").first.click()
    await create.click()
    await _open(home, page)
    await page.goto(f"{home.url}/{_OWN_PATH}/0?edit=1")
    await page.locator("hui-card-edit-mode").first.click()
    await expect(page.get_by_text("is there already")).to_be_visible()
    await keep(page, "dashboard-33-created")
    await _open(home, page)
    await page.goto(f"{home.url}/{URL_PATH}")


async def _open(home: Home, page: Page) -> None:
    """Open the dashboard beside the editor, which stays as it is."""
    async with page.expect_popup() as opening:
        await page.get_by_role("link", name="Open it").click()
    opened = await opening.value
    await opened.wait_for_url(f"{home.url}/{URL_PATH}/**")
    await expect(opened.get_by_text("Welcome")).to_be_visible()
    await opened.close()


async def _edit_dashboard(home: Home, page: Page) -> None:
    """Choose the views of the dashboard, which are then all that there is."""
    tabs = page.get_by_role("tab")
    await expect(tabs).to_have_count(5)
    await page.get_by_role("button", name="Edit dashboard").click()
    for view in ("Pools", "Automations"):
        await page.get_by_role("checkbox", name=view).press("Space")
    await expect_texts_for_people(page)
    await keep(page, "dashboard-34-strategy")
    await finish(page, "Save")
    await expect(tabs).to_have_count(3)
    config = await home.api.command("lovelace/config", url_path=URL_PATH)
    assert config["strategy"] == {
        "type": "custom:miner-controller",
        "views": ["overview", "miners", "energy"],
    }


async def test_days(home: Home, page: Page) -> None:
    """The card shows days of any length, in any slots, and what is not known."""
    complaints = Complaints(page)
    async with _with_wild_prices(home), _own_dashboard(home, {"type": _CARD}) as url:
        await page.goto(url)
        await expect(page.get_by_role("slider")).to_be_visible()
        for day in _DAYS:
            await page.clock.set_fixed_time(day.now)
            await page.evaluate(_SHOW, day.state())
            card = page.locator("#made-up")
            for words in day.words:
                await expect(card).to_contain_text(words)
            await look(page, complaints, f"dashboard-{day.picture}", dark=False)
            chart = card.get_by_role("slider")
            await expect(chart).to_have_attribute("aria-valuemax", str(day.stops - 1))
    assert complaints.found == []
