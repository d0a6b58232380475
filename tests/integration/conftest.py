"""Fixtures for tests in a Home Assistant."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from unittest.mock import patch

from aiohttp import ClientSession, web
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from syrupy.assertion import SnapshotAssertion

from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.protocols.model import MinerFamily
from custom_components.miner_controller.sources.firmware import Release, ReleaseError
from tests.devices import Device

from . import add_miner

type AddMiner = Callable[..., Awaitable[MockConfigEntry]]
type ServeJson = Callable[[object], Awaitable[str]]


@dataclass
class ReleaseList:
    """What the release lists answer, None for no network, and who was asked for."""

    newest: Release | None = None
    asked: list[MinerFamily] = field(default_factory=list)


@pytest.fixture(autouse=True)
def custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant find the integration."""


@pytest.fixture(autouse=True)
def no_outdated_use(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail where Home Assistant complains of how the integration uses it."""
    yield
    for when in ("setup", "call"):
        complaints = [
            record.getMessage()
            for record in caplog.get_records(when)
            if "Detected that custom integration" in record.getMessage()
        ]
        assert not complaints


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Keep snapshots where Home Assistant keeps them."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
def entity_registry_enabled_by_default() -> Iterator[None]:
    """Enable all entities, also those that are disabled by default."""
    with patch.object(Entity, "entity_registry_enabled_default", True):
        yield


@pytest.fixture(autouse=True)
def releases() -> Iterator[ReleaseList]:
    """Answer for the release lists, which no test asks over the network."""
    answers = ReleaseList()

    async def fetch(session: ClientSession, family: MinerFamily) -> Release:
        answers.asked.append(family)
        if answers.newest is None:
            raise ReleaseError("no network")
        return answers.newest

    with patch(
        "custom_components.miner_controller.miner.releases.fetch_newest_release", fetch
    ):
        yield answers


@pytest.fixture(autouse=True)
async def unload(
    hass: HomeAssistant, custom_integrations: None, socket_enabled: None
) -> AsyncIterator[None]:
    """Unload all miners in the end."""
    yield
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()


@pytest.fixture
def add(hass: HomeAssistant, socket_enabled: None) -> AddMiner:
    """Add miners as entries."""

    async def add(device: Device, **options: object) -> MockConfigEntry:
        return await add_miner(hass, device, **options)

    return add


@pytest.fixture
async def serve_json(socket_enabled: None) -> AsyncIterator[ServeJson]:
    """Serve JSON as the system information of something that is no simulated device."""
    runners: list[web.AppRunner] = []

    async def serve(content: object) -> str:
        async def answer(request: web.Request) -> web.Response:
            return web.json_response(content)

        app = web.Application()
        app.router.add_get("/api/system/info", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    yield serve
    for runner in runners:
        await runner.cleanup()
