"""Tests for firmware releases."""

import asyncio
from datetime import timedelta
import logging
from unittest.mock import patch

from aiohttp import ClientSession
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.protocols.model import MinerFamily
from custom_components.miner_controller.sources.firmware import Release
from tests.devices import CGMINER_PROFILES, StartDevice

from . import entity_id, find_entity_id, full_state, known_miner, poll, state
from .conftest import AddMiner, ReleaseList

NEWEST = Release(
    version="v2.16.0",
    url="https://example.org/releases/v2.16.0",
    notes="# What is new\n\nLess heat.",
)


async def test_newer_release(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    releases: ReleaseList,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """The newest release is shown with its page and its notes, and not installed."""
    releases.newest = NEWEST
    entry = await add(await start_device("axeos-2.15"))
    shown = full_state(hass, entry, "update", "firmware")
    assert shown.state == "on"
    assert shown.attributes["installed_version"] == "v2.15.0"
    assert shown.attributes["latest_version"] == "v2.16.0"
    assert shown.attributes["release_url"] == NEWEST.url
    assert shown.attributes["title"] == "AxeOS"
    assert shown.attributes["device_class"] == "firmware"
    # Release notes and nothing else.
    assert shown.attributes["supported_features"] == 16
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {"type": "update/release_notes", "entity_id": shown.entity_id}
    )
    assert (await client.receive_json())["result"] == NEWEST.notes


async def test_up_to_date(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    releases: ReleaseList,
) -> None:
    """A miner with the newest release has no update."""
    releases.newest = Release(version="v1.0.37", url="https://example.org", notes="")
    entry = await add(await start_device("nerdqaxe-1.0.37"))
    assert state(hass, entry, "update", "firmware") == "off"


async def test_one_request_for_a_family(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    releases: ReleaseList,
) -> None:
    """All miners of a family share one request, every twelve hours."""
    releases.newest = NEWEST
    first = await start_device("axeos-2.15")
    second = await start_device("axeos-2.13", seed=2)
    third = await start_device("nerdqaxe-1.0.37")
    entries = [await add(device) for device in (first, second, third)]
    assert sorted(releases.asked) == [MinerFamily.AXEOS, MinerFamily.NERDQAXE]
    assert [state(hass, entry, "update", "firmware") for entry in entries] == ["on"] * 3

    for _ in range(4):
        await poll(hass, freezer, first, second, third)
    assert len(releases.asked) == 2
    await poll(hass, freezer, seconds=12 * 3600)
    assert (
        sorted(releases.asked) == [MinerFamily.AXEOS] * 2 + [MinerFamily.NERDQAXE] * 2
    )


async def test_one_request_when_started_together(
    hass: HomeAssistant,
    start_device: StartDevice,
    freezer: FrozenDateTimeFactory,
    releases: ReleaseList,
) -> None:
    """Miners that are set up at the same time cause one request."""
    releases.newest = NEWEST
    entries = [
        await known_miner(hass, await start_device("axeos-2.15", seed=seed))
        for seed in range(1, 4)
    ]
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    await poll(hass, freezer)
    assert releases.asked == [MinerFamily.AXEOS]
    assert {state(hass, entry, "update", "firmware") for entry in entries} == {"on"}


async def test_no_network(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    releases: ReleaseList,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without a network nothing is known, and nobody is bothered."""
    device = await start_device("axeos-2.15")
    entry = await add(device)
    shown = full_state(hass, entry, "update", "firmware")
    assert shown.state == STATE_UNKNOWN
    assert shown.attributes["latest_version"] is None
    assert shown.attributes["release_url"] is None
    assert releases.asked == [MinerFamily.AXEOS]
    assert [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.miner_controller")
        and record.levelno > logging.DEBUG
    ] == []

    releases.newest = NEWEST
    await poll(hass, freezer, seconds=12 * 3600)
    assert state(hass, entry, "update", "firmware") == "on"
    releases.newest = None
    await poll(hass, freezer, seconds=12 * 3600)
    assert state(hass, entry, "update", "firmware") == "on"


async def test_no_release_notes(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Without a network there are no notes, which is no error."""
    entry = await add(await start_device("axeos-2.15"))
    entity = hass.data["entity_components"]["update"].get_entity(
        entity_id(hass, entry, "update", "firmware")
    )
    assert await entity.async_release_notes() is None


async def test_start_does_not_wait(
    hass: HomeAssistant, start_device: StartDevice
) -> None:
    """A release list that takes its time does not delay the start."""
    answer = asyncio.Event()

    async def fetch(session: ClientSession, family: MinerFamily) -> Release:
        await answer.wait()
        return NEWEST

    entry = await known_miner(hass, await start_device("axeos-2.15"))
    with patch(
        "custom_components.miner_controller.miner.releases.fetch_newest_release", fetch
    ):
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        assert entry.state is ConfigEntryState.LOADED
        assert state(hass, entry, "update", "firmware") == STATE_UNKNOWN
        answer.set()
        await hass.async_block_till_done(wait_background_tasks=True)
    assert state(hass, entry, "update", "firmware") == "on"


async def test_no_requests_without_miners(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    freezer: FrozenDateTimeFactory,
    releases: ReleaseList,
) -> None:
    """Nobody is asked any more once the last miner is gone."""
    releases.newest = NEWEST
    entry = await add(await start_device("axeos-2.15"))
    await hass.config_entries.async_unload(entry.entry_id)
    freezer.tick(timedelta(hours=13))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(releases.asked) == 1


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
async def test_no_release_list(
    hass: HomeAssistant,
    start_device: StartDevice,
    add: AddMiner,
    releases: ReleaseList,
    profile: str,
) -> None:
    """A family without a list of releases has no update, and no list is asked."""
    releases.newest = NEWEST
    entry = await add(await start_device(profile))
    assert find_entity_id(hass, entry, "update", "firmware") is None
    assert releases.asked == []
