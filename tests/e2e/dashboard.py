"""The dashboard in the browser: a home to show, and what is never to be seen on it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
import math
from pathlib import Path
from typing import Literal

from playwright.async_api import (
    ConsoleMessage,
    Dialog,
    Locator,
    Page,
    Request,
    Response,
    ViewportSize,
    expect,
)

from scripts.devhome.api import HomeAssistantApi
from scripts.devhome.dashboard import URL_PATH, create_dashboard

from .home import AddedMiner, Home
from .pages import REPOSITORY, SIZE, expect_texts_for_people, keep

PHONE: ViewportSize = {"width": 360, "height": 780}
WIDE: ViewportSize = {"width": SIZE["width"], "height": SIZE["height"]}

_WEEK_HOURS = 7 * 24
# What statistics are kept of, and whether as sums.
_KEPT = {
    "hashrate": False,
    "temperature": False,
    "break_even_price": False,
    "energy": True,
    "energy_cost": True,
}
_UNIT_CLASSES = {"°C": "temperature", "kWh": "energy"}

_SCRIPTS = (
    REPOSITORY / "frontend" / "node_modules" / "axe-core" / "axe.min.js",
    Path(__file__).with_suffix(".js"),
)

_IS_DARK = """(dark) =>
  document.querySelector("home-assistant").hass.themes.darkMode === dark"""


class Complaints:
    """What a browser complains about while a page is open."""

    def __init__(self, page: Page) -> None:
        """Listen to a page."""
        self.found: list[str] = []
        self._allowed: tuple[str, ...] = ()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._add(f"uncaught: {error}"))
        page.on("response", self._see)
        page.on("requestfailed", self._miss)
        page.on("dialog", self._close)

    def allow(self, *parts: str) -> None:
        """Expect complaints with any of some parts."""
        self._allowed = parts

    def _add(self, text: str) -> None:
        if not any(part in text for part in self._allowed):
            self.found.append(text)

    def _hear(self, message: ConsoleMessage) -> None:
        """Keep an error that a script has told."""
        if message.type == "error":
            self._add(f"console: {message.text} {message.location}")

    def _see(self, response: Response) -> None:
        """Keep a request that was refused."""
        if response.status >= 400:
            self._add(f"{response.status} {response.url}")

    def _miss(self, request: Request) -> None:
        """Keep a request without an answer, but not one that another page ended."""
        if request.failure != "net::ERR_ABORTED":
            self._add(f"{request.failure} {request.url}")

    async def _close(self, dialog: Dialog) -> None:
        """Keep what a script asks in a dialog of the browser."""
        self._add(f"dialog: {dialog.message}")
        await dialog.dismiss()


@asynccontextmanager
async def with_dashboard(home: Home) -> AsyncIterator[str]:
    """Create the dashboard, return its address, and remove it in the end."""
    await create_dashboard(home.api)
    try:
        yield f"{home.url}/{URL_PATH}"
    finally:
        await remove_dashboards(home.api, URL_PATH)


async def remove_dashboards(api: HomeAssistantApi, *paths: str) -> None:
    """Remove dashboards, as far as they are there."""
    for item in await api.command("lovelace/dashboards/list"):
        if item["url_path"] in paths:
            await api.command("lovelace/dashboards/delete", dashboard_id=item["id"])


async def move(page: Page, path: str) -> None:
    """Go to another page of Home Assistant without loading everything anew."""
    await page.evaluate(
        """(path) => {
          history.pushState(null, "", path);
          window.dispatchEvent(new CustomEvent("location-changed", { detail: {} }));
        }""",
        path,
    )


async def set_theme(page: Page, theme: Literal["light", "dark"]) -> None:
    """Have the system prefer a theme, and Home Assistant follow."""
    await page.emulate_media(color_scheme=theme)
    await page.wait_for_function(_IS_DARK, arg=theme == "dark")


async def look(
    page: Page, complaints: Complaints, name: str, *, dark: bool = True
) -> None:
    """Judge what is shown, wide and narrow, light and dark, and keep pictures."""
    if not await page.evaluate("'judge' in window"):
        for script in _SCRIPTS:
            await page.add_script_tag(path=script)
    await expect_texts_for_people(page)
    await expect(page.locator("hui-error-card, hui-error-badge")).to_have_count(0)
    await expect(page.get_by_text("Configuration error")).to_have_count(0)
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for size, width in ((WIDE, "wide"), (PHONE, "phone")):
        await page.set_viewport_size(size)
        for theme in themes if dark else themes[:1]:
            await set_theme(page, theme)
            picture = f"{name}-{width}-{theme}"
            for question in ("sideways", "violations"):
                found = await page.evaluate(f"judge.{question}()")
                complaints.found += [f"{picture}: {question}: {each}" for each in found]
            await keep(page, picture)
    await page.set_viewport_size(WIDE)
    await set_theme(page, "light")


def tile(page: Page, name: str) -> Locator:
    """Return the tile with a name."""
    return page.locator("hui-tile-card").filter(has=page.get_by_text(name, exact=True))


async def remember_week(home: Home, miner: AddedMiner) -> None:
    """Have Home Assistant know of a week of a miner, as if it had been there."""
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    for key, is_sum in _KEPT.items():
        if key not in miner.entity_ids:
            continue
        entity_id = miner.entity_ids[key]
        state = await home.api.get(f"/api/states/{entity_id}")
        unit = state["attributes"]["unit_of_measurement"]
        value = float(state["state"])
        await home.api.command(
            "recorder/import_statistics",
            metadata={
                "mean_type": 0 if is_sum else 1,
                "has_sum": is_sum,
                "name": None,
                "source": "recorder",
                "statistic_id": entity_id,
                "unit_class": _UNIT_CLASSES.get(unit),
                "unit_of_measurement": unit,
            },
            stats=[
                {
                    "start": (hour - timedelta(hours=_WEEK_HOURS - number)).isoformat(),
                    **(
                        {"state": number / 50, "sum": number / 50}
                        if is_sum
                        else {"mean": value * (1 + 0.03 * math.sin(number / 4))}
                    ),
                }
                for number in range(_WEEK_HOURS)
            ],
        )
