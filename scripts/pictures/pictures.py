"""The pictures: what each of them shows, and how it is cut."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
import re

from playwright.async_api import Browser, Page, StorageState, expect

from scripts.devhome.api import HomeAssistantApi
from scripts.devhome.dashboard import URL_PATH
from scripts.pictures.browser import Window, expect_drawn, opened, take

# So high that everything is drawn, also what is cut off then.
_ROOM = 4000

_WIDE = Window(width=1280, height=_ROOM)
_PHONE = Window(width=360, height=_ROOM, scale=2, dark=True)
# As wide as a picture is on the page of a repository.
_PAGE = Window(width=880, height=1400)
_DIALOG = Window(width=1120, height=900)
# A page of 1600 points, made smaller.
_SMALL_PRINT = Window(width=1600, height=1125, scale=0.8)

_MARGIN = 8

# The greatest height, up to a limit, at which no card is cut through.
_CUT = """([limit, margin]) => {
  const cards = [];
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.localName === "hui-card") {
        const { top, bottom } = element.getBoundingClientRect();
        const leads = element.querySelector("hui-heading-card") !== null;
        if (bottom > top) cards.push({ top, bottom, leads });
      }
      if (element.shadowRoot) walk(element.shadowRoot);
    }
  };
  walk(document);
  // A heading belongs to what is beneath it.
  const last = cards.filter(({ leads }) => !leads);
  const cuts = last.map(({ bottom }) => Math.ceil(bottom) + margin);
  const whole = cuts.filter((cut) =>
    cut <= limit && !cards.some(({ top, bottom }) => top < cut - 1 && bottom > cut));
  return whole.length ? Math.max(...whole) : limit;
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What there is to take pictures of."""

    browser: Browser
    state: StorageState
    url: str
    api: HomeAssistantApi


async def _view(
    scene: Scene, view: str, window: Window, limit: int, wanted: str
) -> bytes:
    """Return a picture of a view, down to a height at which no card is cut."""
    async with opened(scene.browser, window, scene.state) as page:
        await page.goto(f"{scene.url}/{URL_PATH}/{view}")
        await expect(page.locator(wanted).first).to_be_visible()
        await expect_drawn(page)
        await take(page)
        height = await page.evaluate(_CUT, [limit, _MARGIN])
        clip = {"x": 0, "y": 0, "width": window.width, "height": height}
        return await take(page, clip=clip)


async def _price_card(scene: Scene) -> bytes:
    """Return a picture of the price card alone."""
    async with opened(scene.browser, _PAGE, scene.state) as page:
        await page.goto(f"{scene.url}/{URL_PATH}/energy")
        card = page.locator("miner-controller-price-card")
        await expect(card).to_contain_text("p/kWh")
        await expect_drawn(page)
        return await take(card)


async def _dialog(scene: Scene) -> bytes:
    """Return a picture of the dialog in which the dashboard is created."""
    async with opened(scene.browser, _DIALOG, scene.state) as page:
        await page.goto(f"{scene.url}/config/lovelace/dashboards")
        await page.get_by_role("button", name="Add dashboard").click()
        ours = page.locator("dashboard-card").filter(has_text="Miner Controller")
        await expect(ours).to_be_visible()
        await expect_drawn(page)
        await ours.scroll_into_view_if_needed()
        await ours.hover()
        return await take(page)


async def _device(scene: Scene) -> bytes:
    """Return a picture of the page of a device, which was just set to save power."""
    device_id, mode = await _bitaxe(scene.api)
    await scene.api.call("select.select_option", entity_id=mode, option="eco")
    async with opened(scene.browser, _SMALL_PRINT, scene.state) as page:
        await page.goto(f"{scene.url}/config/devices/device/{device_id}")
        await expect(page.get_by_role("heading", name="Sensors")).to_be_visible()
        await _expect_row(page, "Hashrate", re.compile(r"\b0\.[78]\d\sTH/s"))
        await expect_drawn(page)
        return await take(page)


async def _expect_row(page: Page, name: str, text: re.Pattern[str]) -> None:
    """Expect a row of the page of a device to have a text."""
    rows = page.locator("hui-generic-entity-row")
    row = rows.filter(has=page.get_by_text(name, exact=True)).last
    # The miner takes a while to settle in another mode.
    await expect(row).to_contain_text(text, timeout=180_000)


async def _bitaxe(api: HomeAssistantApi) -> tuple[str, str]:
    """Return the device of a Bitaxe, and its mode."""
    devices = await api.command("config/device_registry/list")
    device_id = next(
        str(each["id"]) for each in devices if each["model"] == "Bitaxe Gamma"
    )
    entities = await api.command("config/entity_registry/list")
    mode = next(
        str(each["entity_id"])
        for each in entities
        if each["device_id"] == device_id and each["unique_id"].endswith("_mode")
    )
    return device_id, mode


_PRICES = "miner-controller-price-card"
_TABLE = "miner-controller-table-card"

# The device comes last: for its picture a miner is set to another mode.
PICTURES: Mapping[str, Callable[[Scene], Awaitable[bytes]]] = {
    "dashboard-overview": partial(
        _view, view="overview", window=_WIDE, limit=1500, wanted=_PRICES
    ),
    "dashboard-energy": partial(
        _view, view="energy", window=_WIDE, limit=1500, wanted=_PRICES
    ),
    "dashboard-miners": partial(
        _view, view="miners", window=_WIDE, limit=1500, wanted=_TABLE
    ),
    "dashboard-phone": partial(
        _view, view="overview", window=_PHONE, limit=1250, wanted=_PRICES
    ),
    "price-card": _price_card,
    "dashboard-dialog": _dialog,
    "device": _device,
}
