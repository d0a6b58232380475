"""The browser that looks at the home."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import shutil

from playwright.async_api import (
    Browser,
    Locator,
    Page,
    Playwright,
    StorageState,
    expect,
)

from scripts.devhome.api import PASSWORD, USER

_ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]
TIMEOUT = 30_000
_TRIES = 15
_PAUSE = 0.7

# The pictures are about the pages, not about the way to them.
_HIDE_SIDEBAR = "localStorage.dockedSidebar = '\"always_hidden\"'"


async def launch(playwright: Playwright) -> Browser:
    """Run the browser that the system has."""
    return await playwright.chromium.launch(
        executable_path=shutil.which("chromium"), args=_ARGUMENTS
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """How large a window is, and how it draws."""

    width: int
    height: int
    scale: float = 1
    dark: bool = False


@asynccontextmanager
async def opened(
    browser: Browser, window: Window, state: StorageState | None = None
) -> AsyncIterator[Page]:
    """Open a window with a page."""
    context = await browser.new_context(
        viewport={"width": window.width, "height": window.height},
        device_scale_factor=window.scale,
        color_scheme="dark" if window.dark else "light",
        locale="en-GB",
        # What moves is in no picture.
        reduced_motion="reduce",
        # A service worker that takes over reloads the page.
        service_workers="block",
        storage_state=state,
    )
    context.set_default_timeout(TIMEOUT)
    await context.add_init_script(_HIDE_SIDEBAR)
    try:
        yield await context.new_page()
    finally:
        await context.close()


async def log_in(browser: Browser, url: str) -> StorageState:
    """Log in, and return what a browser remembers then."""
    async with opened(browser, Window(width=1280, height=900)) as page:
        await page.goto(url)
        await page.get_by_label("Username").fill(USER)
        await page.locator("input[name=password]").fill(PASSWORD)
        await page.get_by_role("button", name="Log in").click()
        await expect(page.locator("home-assistant-main")).to_be_visible()
        return await page.context.storage_state()


async def expect_drawn(page: Page) -> None:
    """Expect every icon and every graph to be drawn, which takes a moment."""
    for name, part in (("ha-icon", "path"), ("hui-statistics-graph-card", "canvas")):
        missing = page.locator(name).filter(visible=True)
        await expect(missing.filter(has_not=page.locator(part))).to_have_count(0)
    await expect(page.locator("hui-error-card, hui-error-badge")).to_have_count(0)


async def take(shown: Page | Locator, **options: object) -> bytes:
    """Return a picture of a page, or of a part of one, once nothing moves any more.

    Where something always does, as on a slow machine, it is as good after some tries.
    """
    picture = b""
    for _ in range(_TRIES):
        before = picture
        picture = await shown.screenshot(animations="disabled", **options)
        if picture == before:
            break
        await asyncio.sleep(_PAUSE)
    return picture
