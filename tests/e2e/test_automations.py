"""Two automations, one built in the editor and one made from a blueprint, and both run.

They are made as a person makes them, without a line of YAML.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Page, expect

from simulator.axeos import AxeOSDevice

from .home import DOMAIN, AddedMiner, Home
from .miners import running_miner
from .pages import expect_texts_for_people, keep, text
from .waiting import until

_BUILT = "Tell me of a quiet miner"
_MESSAGE = "It does nothing."
_CREATE_NOTIFICATION = "Persistent Notification: Create persistent notification"
_BLUEPRINT = "Miners: tell me"
_BEST_BEFORE = 1.0e12
_BEST = 4.2e12


async def test_automations(home: Home, page: Page) -> None:
    """What a miner does starts both, and each tells it."""
    async with (
        running_miner("axeos:ultra204:2.14", "127.0.0.1", seed=11) as device,
        _forgetting_automations(home),
    ):
        assert isinstance(device, AxeOSDevice)
        # So good a share is found by nobody during the test.
        device.state.model.shares.best_ever = _BEST_BEFORE
        async with home.with_miner(device.url) as miner:
            built = await _build(home, page, miner)
            assert built["triggers"] == [
                {
                    "trigger": f"{DOMAIN}.stopped_hashing",
                    "target": {"device_id": miner.device_id},
                    "options": {"behavior": "each", "for": "00:00:00"},
                }
            ]
            assert built["conditions"] == [
                {
                    "condition": f"{DOMAIN}.is_online",
                    "target": {"device_id": miner.device_id},
                    "options": {"behavior": "any", "for": "00:00:00"},
                }
            ]
            assert built["actions"] == [
                {
                    "action": "persistent_notification.create",
                    "metadata": {},
                    "data": {"message": _MESSAGE},
                }
            ]
            used = await _use_blueprint(home, page, miner)
            assert used["use_blueprint"] == {
                "path": f"{DOMAIN}/tell_me.yaml",
                "input": {"miners": {"device_id": miner.device_id}},
            }
            # Their configuration is valid, or they would be unavailable.
            assert await _states(home) == {_BUILT: "on", _BLUEPRINT: "on"}
            assert await _repairs(home) == []
            expected = {_MESSAGE, f"{miner.title} found its best share: 4.2 T"}
            assert not expected & await _messages(home)

            device.state.model.shares.best_ever = _BEST
            device.state.paused = True

            async def told() -> bool:
                return expected <= await _messages(home)

            await until(told, "both automations have told it")
            await page.get_by_text("Notifications", exact=True).first.click()
            await expect(page.get_by_text(_MESSAGE)).to_be_visible()
            await expect_texts_for_people(page)
            await keep(page, "automations-9-told")


@asynccontextmanager
async def _forgetting_automations(home: Home) -> AsyncIterator[None]:
    """Remove all automations and what they told in the end."""
    try:
        yield
    finally:
        for state in await _automations(home):
            identifier = state["attributes"]["id"]
            await home.api.delete(f"/api/config/automation/config/{identifier}")
        await home.api.call("persistent_notification.dismiss_all")


async def _automations(home: Home) -> list[dict[str, Any]]:
    """Return the states of all automations."""
    states = await home.api.get("/api/states")
    return [state for state in states if state["entity_id"].startswith("automation.")]


async def _states(home: Home) -> dict[str, str]:
    """Return what all automations are by their names."""
    return {
        state["attributes"]["friendly_name"]: state["state"]
        for state in await _automations(home)
    }


async def _repairs(home: Home) -> list[dict[str, Any]]:
    """Return the repairs that automations ask for."""
    issues = (await home.api.command("repairs/list_issues"))["issues"]
    return [issue for issue in issues if issue["domain"] == "automation"]


async def _messages(home: Home) -> set[str]:
    """Return the texts of all notifications."""
    notifications = await home.api.command("persistent_notification/get")
    return {notification["message"] for notification in notifications}


async def _build(home: Home, page: Page, miner: AddedMiner) -> dict[str, Any]:
    """Build an automation in the editor and return its configuration."""
    await page.goto(f"{home.url}/config/automation/edit/new")
    await _add_trigger(page, miner)
    await _add_condition(page, miner)
    await page.get_by_role("button", name="Add action").click()
    await page.get_by_placeholder("Search").fill("create persistent")
    await page.get_by_text(_CREATE_NOTIFICATION).click()
    # What is typed before the texts are there is lost when they come.
    await expect(page.get_by_text("Message body of the notification.")).to_be_visible()
    message = page.locator("ha-selector-text").get_by_role("textbox").first

    async def typed() -> bool:
        if await message.input_value() == _MESSAGE:
            return True
        await message.fill(_MESSAGE)
        return False

    await until(typed, "the message stays in its field")
    await expect_texts_for_people(page)
    await keep(page, "automations-5-action")
    save = page.get_by_role("button", name="Save", exact=True)
    await save.click()
    await page.get_by_placeholder("New automation").fill(_BUILT)
    await save.last.click()
    built = await _saved(home, page)
    await expect_texts_for_people(page)
    await keep(page, "automations-6-built")
    return built


async def _add_trigger(page: Page, miner: AddedMiner) -> None:
    """Add a trigger that is offered for a miner."""
    name = text("triggers.stopped_hashing.name")
    await page.get_by_role("button", name="Add trigger").click()
    await page.get_by_text("Devices", exact=True).click()
    await page.get_by_text(miner.title, exact=True).click()
    offered = page.get_by_text(name).last
    await offered.scroll_into_view_if_needed()
    await expect_texts_for_people(page)
    await keep(page, "automations-1-triggers")
    await offered.click()
    await _expect_one_entity(page)
    await expect(
        page.get_by_text(text("triggers.stopped_hashing.description"))
    ).to_be_visible()
    await expect_texts_for_people(page)
    await keep(page, "automations-2-trigger")


async def _add_condition(page: Page, miner: AddedMiner) -> None:
    """Search for a condition, and choose a miner for it."""
    await page.get_by_role("button", name="Add condition").click()
    await page.get_by_placeholder("Search").fill("miner is")
    offered = page.get_by_text(text("conditions.is_online.name")).last
    await expect(offered).to_be_visible()
    await keep(page, "automations-3-conditions")
    await offered.click()
    await _choose_target(page, miner)
    await expect(
        page.get_by_text(text("conditions.is_online.description"))
    ).to_be_visible()
    await expect_texts_for_people(page)
    await keep(page, "automations-4-condition")


async def _choose_target(page: Page, miner: AddedMiner) -> None:
    """Choose a miner's device for a trigger, a condition or a blueprint."""
    await page.get_by_role("button", name="Add target").click()
    await page.get_by_text(miner.title, exact=True).last.click()
    await _expect_one_entity(page)


async def _expect_one_entity(page: Page) -> None:
    """Expect that a miner has got just one entity that what was chosen is about."""
    found = page.get_by_role("button", name="1 entity", exact=True)
    await expect(found).to_be_visible()


async def _use_blueprint(home: Home, page: Page, miner: AddedMiner) -> dict[str, Any]:
    """Make an automation from a blueprint and return its configuration."""
    await home.api.call(f"{DOMAIN}.install_blueprints")
    await page.goto(f"{home.url}/config/blueprint/dashboard")
    offered = page.get_by_text(_BLUEPRINT, exact=True)
    await expect(offered).to_be_visible()
    await keep(page, "automations-7-blueprints")
    await offered.click()
    await _choose_target(page, miner)
    await expect_texts_for_people(page)
    await keep(page, "automations-8-blueprint")
    # It has the name of the blueprint, so none is asked for.
    await page.get_by_role("button", name="Save", exact=True).click()
    return await _saved(home, page)


async def _saved(home: Home, page: Page) -> dict[str, Any]:
    """Return the configuration of an automation that was saved just now."""
    await expect(page.get_by_text("Traces")).to_be_visible()
    identifier = page.url.rpartition("/")[2]
    path = f"/api/config/automation/config/{identifier}"
    saved: dict[str, Any] = await home.api.get(path)
    return saved
