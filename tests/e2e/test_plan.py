"""What a miner costs and earns, and a plan that it follows, as its owner sees them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import isclose
from typing import Any

from playwright.async_api import Page, expect

from simulator.axeos import AxeOSDevice
from simulator.mempool import MempoolServer
from simulator.octopus import OctopusServer

from .home import DOMAIN, AddedMiner, Home
from .miners import running_miner
from .pages import (
    SIZE,
    expect_texts_for_people,
    finish,
    keep,
    open_device,
    open_options,
    row,
    text,
)
from .waiting import until

_FLEET = "Miner fleet"
_TARIFF = "Octopus Agile London"
_REGION = "C"
_BLUEPRINT = "Miners: follow the plan"
_MENU = "options.step.init.menu_options"
_PLAN = "options.step.plan"
_LIMITS = f"{_PLAN}.sections.limits"

_PHONE = {"width": 360, "height": 780}

# Pence without VAT: more than any mode earns, until a bitcoin is worth ten times more.
_PENCE = Decimal(20)
_PRICE = 0.21
# Half of the heat is of use, and a kWh of it costs 6 p.
_HEAT_VALUE = 0.03
_DEAR_BITCOIN = 800_000.0
_SLOT = timedelta(minutes=30)


async def test_plan(home: Home, page: Page) -> None:
    """A miner stops where power is too dear, and works when a bitcoin is worth more."""
    complaints = _complaints(page)
    async with (
        _with_prices(home) as prices,
        MempoolServer() as network,
        MempoolServer() as later,
        _with_fleet(home),
        running_miner("axeos:gamma601:2.15", "127.0.0.9", seed=8) as device,
        home.with_miner(device.url) as miner,
        _without_automations(home),
    ):
        assert isinstance(device, AxeOSDevice)
        await _choose_network(home, page, network)
        await _tell_costs(home, page, miner)
        await _choose_goal(home, page, miner)
        planned = await home.added(miner.title)
        await home.until_state(planned, "planned_mode", "off")
        await _see_device(home, page, planned)
        assert await _planned_modes(home, planned) == {"off"}
        assert {slot["explanation"] for slot in await _plan_of(home, planned)} == {
            f"Off at {_PRICE:.4f} GBP/kWh: no mode earns what it costs."
        }
        rows = await _simulation(home, planned)
        assert {each["strategy"]: each["profit"] < 0 for each in rows} == {
            "always_on": True,
            "price_below": False,
            "profit": False,
        }

        assert not device.state.paused
        await _follow(home, page, planned)

        async def stopped() -> bool:
            return device.state.paused

        await until(stopped, "the miner is off, as planned")
        assert await home.state(planned, "plan_followed") == "on"

        # What is planned for now is kept. What follows is not what it was.
        later.prices["GBP"] = _DEAR_BITCOIN
        assert (await home.api.set_network(later.url))["type"] == "create_entry"

        async def planned_anew() -> bool:
            return "off" not in await _planned_modes(home, planned)

        await until(planned_anew, "the miner is to work as soon as it may")
        for slot in (await _plan_of(home, planned))[1:]:
            assert slot["revenue"] > slot["cost"] > 0
            assert isclose(slot["heat"], slot["energy"] * _HEAT_VALUE, rel_tol=1e-3)
        await _see_fleet(home, page)
        # Another goal is planned for from now on, and the automation looks again.
        await home.api.set_plan(miner.title, goal="budget", budget=5)

        async def planned_now() -> bool:
            return await home.state(planned, "planned_mode") == "oc"

        await until(planned_now, "the miner is to work now")
        await home.api.call("automation.reload")

        async def works() -> bool:
            return not device.state.paused

        await until(works, "the miner works again, as planned")
        await home.until_state(planned, "mode", "oc")
        assert await home.state(planned, "plan_followed") == "on"
        assert prices.requests
    assert complaints == []


def _complaints(page: Page) -> list[str]:
    """Return a list that fills with the errors that the browser notes."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "console",
        lambda message: found.append(message.text) if message.type == "error" else None,
    )
    return found


@asynccontextmanager
async def _with_prices(home: Home) -> AsyncIterator[OctopusServer]:
    """Add a tariff with one price for all the time, and remove it in the end."""
    async with OctopusServer(seed=5) as server:
        now = datetime.now(UTC)
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        server.changed_prices = {
            today + number * _SLOT: _PENCE for number in range(-48, 4 * 48)
        }
        result = await home.api.add_prices(_REGION, server.url)
        assert result["type"] == "create_entry", result
        async with home.removing(_TARIFF):
            yield server


@asynccontextmanager
async def _with_fleet(home: Home) -> AsyncIterator[None]:
    """Add the fleet, and remove it in the end."""
    result = await home.api.add_fleet()
    assert result["type"] == "create_entry", result
    async with home.removing(_FLEET):
        yield


@asynccontextmanager
async def _without_automations(home: Home) -> AsyncIterator[None]:
    """Remove all automations in the end."""
    try:
        yield
    finally:
        for state in await home.api.get("/api/states"):
            if state["entity_id"].startswith("automation."):
                identifier = state["attributes"]["id"]
                await home.api.delete(f"/api/config/automation/config/{identifier}")


async def _choose_network(home: Home, page: Page, network: MempoolServer) -> None:
    """Enter the address of the mempool, after a mistake."""
    await open_options(
        page, home, _FLEET, text("options.step.fleet.menu_options.network")
    )
    await page.locator("ha-selector-boolean ha-switch").click()
    address = page.get_by_role("textbox", name=text("options.step.network.data.url"))
    await address.fill("http://127.0.0.1:1")
    await page.get_by_role("button", name="Submit").click()
    await expect(page.get_by_text("The mempool does not answer")).to_be_visible()
    await expect(address).to_have_value("http://127.0.0.1:1")
    await expect_texts_for_people(page)
    await keep(page, "plan-1-network")
    await address.fill(network.url)
    await _submit(page)


async def _tell_costs(home: Home, page: Page, miner: AddedMiner) -> None:
    """Tell what the pool keeps, and what the heat is worth."""
    await open_options(
        page, home, miner.title, text(f"{_MENU}.economics"), "plan-2-menu"
    )
    fields = "options.step.economics.data"
    await expect(
        page.get_by_text(text("options.step.economics.data_description.pool_fee"))
    ).to_be_visible()
    await page.get_by_role("spinbutton", name=text(f"{fields}.pool_fee")).fill("1.5")
    await page.get_by_role("spinbutton", name=text(f"{fields}.heat_share")).fill("50")
    await page.get_by_role("spinbutton", name=text(f"{fields}.heat_price")).fill("0.06")
    await expect_texts_for_people(page)
    await keep(page, "plan-3-costs")
    await _submit(page)


async def _choose_goal(home: Home, page: Page, miner: AddedMiner) -> None:
    """Choose the goal profit, after a mistake in which nothing typed is lost."""
    await open_options(page, home, miner.title, text(f"{_MENU}.plan"))
    await _choose(page, f"{_PLAN}.data.goal", "selector.plan_goal.options.budget")
    await _unfold_limits(page)
    shortest = page.get_by_role("spinbutton", name=text(f"{_LIMITS}.data.min_off"))
    await shortest.fill("0")
    await page.get_by_role("button", name="Submit").click()
    await expect(page.get_by_text(text("options.error.budget_needed"))).to_be_visible()
    await page.locator("ha-alert").scroll_into_view_if_needed()
    await expect_texts_for_people(page)
    await keep(page, "plan-4-budget-needed")
    await _unfold_limits(page)
    await expect(shortest).to_have_value("0")
    await page.set_viewport_size(_PHONE)
    await shortest.scroll_into_view_if_needed()
    await keep(page, "plan-5-narrow")
    await page.set_viewport_size(SIZE)
    await _choose(page, f"{_PLAN}.data.goal", "selector.plan_goal.options.profit")
    await keep(page, "plan-6-profit")
    await _submit(page)


async def _choose(page: Page, field: str, option: str) -> None:
    """Choose an option of a field, both by the keys of their texts."""
    await page.get_by_role("button", name=text(field)).first.click()
    await page.get_by_role("menuitem", name=text(option), exact=True).click()


async def _unfold_limits(page: Page) -> None:
    """Unfold the section of limits."""
    await page.get_by_role("button", name=text(f"{_LIMITS}.name"), exact=True).click()


async def _submit(page: Page) -> None:
    """Send a form that is right, and close the dialog."""
    await page.get_by_role("button", name="Submit").click()
    await expect(page.get_by_text("successfully saved")).to_be_visible()
    await finish(page)


async def _see_device(home: Home, page: Page, miner: AddedMiner) -> None:
    """See on the page of the miner what it costs, and what is planned."""
    await open_device(page, home, miner)
    for key, shown in (
        ("planned_mode", "Off"),
        ("cost_today", "£"),
        ("planned_cost_today", "£"),
        ("planned_energy_today", "kWh"),
        ("profit", "-0.00"),
        ("revenue", "GBP/day"),
        ("break_even_price", "GBP/kWh"),
    ):
        name = text(f"entity.sensor.{key}.name")
        await expect(row(page, name)).to_contain_text(shown)
    followed = row(page, text("entity.binary_sensor.plan_followed.name"))
    await expect(followed).to_contain_text("Yes")
    await followed.scroll_into_view_if_needed()
    await expect_texts_for_people(page)
    await keep(page, "plan-7-device")


async def _see_fleet(home: Home, page: Page) -> None:
    """See on the page of the fleet what a bitcoin is worth now."""
    fleet = await home.added(_FLEET)
    await page.goto(f"{home.url}/config/devices/device/{fleet.device_id}")
    price = row(page, text("entity.sensor.bitcoin_price.name"))
    await expect(price).to_contain_text("800,000 GBP/BTC")
    await expect(row(page, text("entity.sensor.hashprice.name"))).to_be_visible()
    await expect_texts_for_people(page)
    await keep(page, "plan-10-fleet")


async def _answer(home: Home, action: str, **data: Any) -> dict[str, Any]:
    """Return what an action answers."""
    path = f"/api/services/{DOMAIN}/{action}?return_response"
    answer: dict[str, Any] = (await home.api.post(path, data))["service_response"]
    return answer


async def _plan_of(home: Home, miner: AddedMiner) -> list[dict[str, Any]]:
    """Return the plan of a miner, as the action tells it."""
    answer = await _answer(home, "get_plan", device_id=miner.device_id)
    (told,) = answer["miners"]
    assert told["error"] is None
    slots: list[dict[str, Any]] = told["slots"]
    return slots


async def _planned_modes(home: Home, miner: AddedMiner) -> set[str]:
    """Return the modes that are planned after the slot that runs."""
    state = await home.api.get(f"/api/states/{miner.entity_ids['planned_mode']}")
    return {slot["mode"] for slot in state["attributes"]["plan"][1:]}


async def _simulation(home: Home, miner: AddedMiner) -> list[dict[str, Any]]:
    """Return what yesterday would have come to in each way."""
    answer = await _answer(home, "simulate_plan", device_id=miner.device_id, days=1)
    rows: list[dict[str, Any]] = answer["rows"]
    return rows


async def _follow(home: Home, page: Page, miner: AddedMiner) -> None:
    """Have the miner follow its plan, by the blueprint."""
    await home.api.call(f"{DOMAIN}.install_blueprints")
    await page.goto(f"{home.url}/config/blueprint/dashboard")
    await page.get_by_text(_BLUEPRINT, exact=True).click()
    await page.get_by_role("button", name="Select a device").click()
    await page.get_by_text(miner.title, exact=True).last.click()
    await expect_texts_for_people(page)
    await keep(page, "plan-8-blueprint")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Traces")).to_be_visible()
    await expect(page.get_by_text(miner.title, exact=True)).to_be_visible()
    await keep(page, "plan-9-automation")
