"""The program behind scripts/develop."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
from dataclasses import dataclass
from pathlib import Path
import re
import signal
import sys

from playwright.async_api import Page, expect

from scripts.devhome.__main__ import PLANS, WINDOWS
from scripts.devhome.dashboard import URL_PATH
from scripts.devhome.instance import REPOSITORY
from simulator.home import DEFAULT_HOME

from .conftest import free_port
from .log import HomeAssistantLog
from .pages import expect_texts_for_people, keep, log_in
from .waiting import until

_HASHRATE = re.compile(r"\b[\d,]+\.\d+\s*[kT]H/s")
_PRICE = re.compile(r"-?\d+\.\d\s*p/kWh")
_MODE = re.compile("Off|Eco|Standard|Turbo|Overclock")
_READY_SECONDS = 60
_END_SECONDS = 30


@dataclass(slots=True, kw_only=True)
class _Program:
    """The running program and what it printed until it was ready."""

    process: asyncio.subprocess.Process
    printed: str


@contextlib.asynccontextmanager
async def _devhome(*arguments: str) -> AsyncIterator[_Program]:
    """Run the program, and end it in any case."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "scripts.devhome",
        *arguments,
        cwd=REPOSITORY,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield _Program(process=process, printed=await _printed(process))
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _printed(process: asyncio.subprocess.Process) -> str:
    """Return what the program prints until it is ready."""
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_READY_SECONDS):
            printed = await process.stdout.readuntil(b"Ctrl-C ends all of it.\n")
    except asyncio.IncompleteReadError as err:
        raise AssertionError(f"It ended with: {err.partial.decode()}") from None
    return printed.decode()


def _descendants(process_id: int) -> set[int]:
    """Return the processes that a process has started, and those they have."""
    found: set[int] = set()
    for children in Path(f"/proc/{process_id}/task").glob("*/children"):
        for child in children.read_text(encoding="ascii").split():
            found |= {int(child)} | _descendants(int(child))
    return found


def _alive(process_ids: set[int]) -> set[int]:
    """Return which of some processes still run."""
    return {number for number in process_ids if Path(f"/proc/{number}").exists()}


async def test_live_dashboard_and_a_clean_end(new_page: Page, tmp_path: Path) -> None:
    """All miners are live on the dashboard, and an interrupt ends everything."""
    port = free_port()
    folder = tmp_path / "config"
    async with _devhome(
        f"--port={port}", f"--config={folder}", "--simulator-port=0"
    ) as program:
        assert f"http://localhost:{port}\n" in program.printed
        assert "user dev, password dev" in program.printed
        assert "prices: Octopus Agile London\n" in program.printed
        started = _descendants(program.process.pid)
        assert started

        await log_in(new_page, f"http://localhost:{port}")
        dashboard = f"http://localhost:{port}/{URL_PATH}"
        await new_page.goto(dashboard)
        await _watch(new_page)
        await new_page.goto(f"{dashboard}/energy")
        await _see_prices(new_page)
        await _see_plans(new_page)

        program.process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(program.process.wait(), _END_SECONDS) == 0
        assert not _alive(started)
    assert HomeAssistantLog(folder / "output.log").complaints() == []


async def _see_prices(page: Page) -> None:
    """See the price of now, and the cheap windows."""
    await expect(page.locator("miner-controller-price-card")).to_contain_text(_PRICE)
    headings = page.locator("hui-heading-card")
    for name in WINDOWS:
        await expect(headings.filter(has_text=name)).to_have_count(1)


async def _see_plans(page: Page) -> None:
    """See what is planned."""
    planned = page.locator("hui-tile-card").filter(
        has=page.get_by_text("Planned mode", exact=True)
    )
    await expect(planned).to_have_count(len(PLANS))
    await expect(planned).to_contain_text([_MODE] * len(PLANS))


async def _watch(page: Page) -> None:
    """See every miner hash, the numbers move, and what the network tells."""
    readings = page.locator("miner-controller-readings")
    await expect(readings).to_have_count(len(DEFAULT_HOME))
    await expect(readings).to_contain_text([_HASHRATE] * len(DEFAULT_HOME))
    price = page.locator("hui-tile-card").filter(has_text="Bitcoin price")
    await expect(price).to_contain_text("80,000 GBP/BTC")
    await expect_texts_for_people(page)
    await keep(page, "devhome-dashboard")
    first = await readings.first.aria_snapshot()

    async def moved() -> bool:
        return await readings.first.aria_snapshot() != first

    await until(moved, "the hashrate moves", seconds=40)
