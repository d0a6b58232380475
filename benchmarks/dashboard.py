"""What the dashboard costs in a browser with 50 miners, in a whole Home Assistant.

    .venv-latest/bin/python -m benchmarks.dashboard

The floor is an empty dashboard of the same Home Assistant, in the same browser and the
same run, which takes turns with the Overview: what Home Assistant's own pages take to
open, and to take note of the same changes of states.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
import socket
from statistics import median
import sys
import tempfile
from typing import override

import aiohttp
from playwright.async_api import BrowserContext, CDPSession, Page, async_playwright

from scripts.devhome.api import HomeAssistantApi
from scripts.devhome.dashboard import URL_PATH, create_dashboard
from scripts.devhome.instance import HomeAssistantInstance
from scripts.pictures.browser import launch, log_in
from simulator.clock import Clock
from simulator.home import Placement, running
from simulator.octopus import OctopusServer

_MINERS = 50
_PAINTS = 7
_ROUNDS = 5
# How often each miner's state changes in a round.
_CHANGES = 6

_MARK = "sensor.all_have_changed"
_EMPTY_PATH = "empty-page"
_EMPTY = {"views": [{"title": "Empty", "type": "sections", "sections": []}]}

# What the project aims at: the most floors that are good enough.
_PAINT_AIM = 2.0
_UPDATE_AIM = 3.0

_IS_TOLD = """([id, value]) =>
  document.querySelector("home-assistant").hass.states[id]?.state === value"""


class _Clock(Clock):
    """The time of devices that were plugged in some minutes ago."""

    @override
    def __call__(self) -> float:
        """Return the time now."""
        return super().__call__() + 600


def _free_port() -> int:
    """Return a port that nothing uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A Home Assistant with miners, and which sensors of theirs change."""

    api: HomeAssistantApi
    url: str
    last_title: str
    hashrates: list[str]


@asynccontextmanager
async def _home() -> AsyncIterator[_Shown]:
    """Run Home Assistant with miners, prices, the fleet, and both dashboards."""
    placements = tuple(
        Placement(name=f"rack {number}", spec="axeos:gamma601:2.15")
        for number in range(_MINERS)
    )
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        folder = stack.enter_context(
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        )
        devices = await enter(running(placements, host="127.0.0.1", clock=_Clock()))
        prices = await enter(OctopusServer())
        instance = await enter(
            HomeAssistantInstance(Path(folder) / "config", _free_port())
        )
        session = await enter(aiohttp.ClientSession())
        api = await HomeAssistantApi.open(session, instance.url)
        await api.add_prices("C", prices.url)
        await api.add_fleet()
        added = await asyncio.gather(
            *(api.add_miner(f"{device.host}:{device.port}") for device in devices)
        )
        await create_dashboard(api)
        await api.command(
            "lovelace/dashboards/create",
            mode="storage",
            title="Empty",
            url_path=_EMPTY_PATH,
        )
        await api.command("lovelace/config/save", url_path=_EMPTY_PATH, config=_EMPTY)
        entities = await api.command("config/entity_registry/list")
        yield _Shown(
            api=api,
            url=instance.url,
            last_title=max(result["title"] for result in added),
            hashrates=[
                entity["entity_id"]
                for entity in entities
                if entity["platform"] == "miner_controller"
                and entity["unique_id"].partition("_")[2] == "hashrate"
            ],
        )


async def _open(page: Page, shown: _Shown, path: str) -> float:
    """Open a dashboard and return the ms until all of it is there."""
    await page.goto(f"{shown.url}/{path}")
    sign = (
        page.locator("hui-sections-view")
        if path == _EMPTY_PATH
        else page.get_by_role("link", name=shown.last_title)
    )
    await sign.wait_for(state="attached" if path == _EMPTY_PATH else "visible")
    return float(await page.evaluate("performance.now()"))


async def _change(shown: _Shown, page: Page, number: int) -> None:
    """Change the hashrate of each miner, and wait until the page knows of all."""
    # Each is another value than the one before, with the attributes of the sensor.
    value = f"{1 + number / 1000:.3f}"
    attributes = {"unit_of_measurement": "TH/s", "state_class": "measurement"}
    for entity_id in shown.hashrates:
        await shown.api.post(
            f"/api/states/{entity_id}", {"state": value, "attributes": attributes}
        )
    # A miner may be asked again at any time, but nobody changes this one.
    await shown.api.post(f"/api/states/{_MARK}", {"state": value})
    await page.wait_for_function(_IS_TOLD, arg=[_MARK, value], polling=100)


async def _metrics(devtools: CDPSession) -> dict[str, float]:
    """Return the seconds that the page has spent on scripts, and on everything."""
    found = (await devtools.send("Performance.getMetrics"))["metrics"]
    return {each["name"]: each["value"] for each in found}


async def _update_cost(
    context: BrowserContext, shown: _Shown, path: str, first: int
) -> tuple[float, float]:
    """Return the ms of scripts, and of all work, for a change of one state."""
    page = await context.new_page()
    await _open(page, shown, path)
    devtools = await context.new_cdp_session(page)
    await devtools.send("Performance.enable")
    # The first changes have what they need compiled.
    await _change(shown, page, first)
    before = await _metrics(devtools)
    for number in range(1, _CHANGES + 1):
        await _change(shown, page, first + number)
    after = await _metrics(devtools)
    await page.close()
    changes = _CHANGES * len(shown.hashrates)
    script, task = (
        (after[name] - before[name]) * 1000 / changes
        for name in ("ScriptDuration", "TaskDuration")
    )
    return script, task


def _report(name: str, cost: float, floor: float, aim: float) -> bool:
    """Print a row, and return whether it is above its aim."""
    ratio = cost / floor
    verdict = "kept" if ratio <= aim else "MISSED"
    print(
        f"{name:28} {cost:9.2f} ms  floor {floor:9.2f} ms  "
        f"{ratio:5.2f} x  aim ≤ {aim:g}: {verdict}"
    )
    return ratio > aim


async def _measure(context: BrowserContext, shown: _Shown) -> bool:
    """Print the costs; return whether one is above its aim."""
    paths = (f"{URL_PATH}/overview", _EMPTY_PATH)
    paints: dict[str, list[float]] = {path: [] for path in paths}
    updates: dict[str, list[tuple[float, float]]] = {path: [] for path in paths}
    for number in range(_PAINTS + 1):
        for path in paths:
            page = await context.new_page()
            paint = await _open(page, shown, path)
            # The first one fetches what the browser keeps.
            if number:
                paints[path].append(paint)
            await page.close()
    for number in range(_ROUNDS):
        for place, path in enumerate(paths):
            first = (2 * number + place) * (_CHANGES + 1)
            updates[path].append(await _update_cost(context, shown, path, first))
    print(f"{_MINERS} miners, Overview against an empty dashboard")
    overview, empty = paths
    missed = _report(
        "first paint", median(paints[overview]), median(paints[empty]), _PAINT_AIM
    )
    for place, name in enumerate(("a change, scripts", "a change, all work")):
        cost, floor = (median(each[place] for each in updates[path]) for path in paths)
        missed |= _report(name, cost, floor, _UPDATE_AIM)
    return missed


async def _run() -> int:
    """Measure in a browser and a Home Assistant of their own."""
    async with _home() as shown, async_playwright() as playwright:
        browser = await launch(playwright)
        context = await browser.new_context(
            viewport={"width": 1280, "height": 900},
            service_workers="block",
            storage_state=await log_in(browser, shown.url),
        )
        missed = await _measure(context, shown)
        await browser.close()
    return int(missed)


def main() -> int:
    """Measure and print."""
    return asyncio.run(_run())


if __name__ == "__main__":
    sys.exit(main())
