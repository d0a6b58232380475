"""Fixtures for tests in a Home Assistant."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
import socket
from unittest.mock import patch

from aiohttp import ClientSession, web
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
import pytest_socket
from syrupy.assertion import SnapshotAssertion

# Imported before anything is patched, so that no module takes over a patched value.
from custom_components.miner_controller import config_flow, sensor  # noqa: F401
from custom_components.miner_controller.const import DOMAIN
from custom_components.miner_controller.protocols import detect
from custom_components.miner_controller.protocols.model import MinerFamily
from custom_components.miner_controller.protocols.scan import scan
from custom_components.miner_controller.sources.firmware import Release, ReleaseError
from simulator.nmminer import NMMinerUdpDevice
from tests.devices import WARM_UP, Device, StartDevice, create_device

from . import add_miner, add_nmminer

INTEGRATION = "custom_components.miner_controller"

type AddMiner = Callable[..., Awaitable[MockConfigEntry]]
type AddNMMiner = Callable[..., Awaitable[tuple[NMMinerUdpDevice, MockConfigEntry]]]
type ServeJson = Callable[[object], Awaitable[str]]
type StartAt = Callable[..., Awaitable[Device]]


@dataclass
class ReleaseList:
    """What the release lists answer, None for no network, and who was asked for."""

    newest: Release | None = None
    asked: list[MinerFamily] = field(default_factory=list)


@dataclass(frozen=True)
class UsualPorts:
    """The ports at which miners are in a test, instead of 80 and 4028."""

    http: int
    cgminer: int


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


@pytest.fixture(autouse=True)
def own_port() -> Iterator[None]:
    """Listen on a port that no other test listens on, and wait for nothing there."""
    with (
        patch(f"{INTEGRATION}.miner.listening.REPORT_PORT", 0),
        patch(f"{INTEGRATION}.miner.scan.HEARING_TIME", 0.05),
        patch(f"{INTEGRATION}.protocols.nmminer.HEARING_TIME", 0.05),
    ):
        yield


@pytest.fixture(autouse=True)
def no_network_data() -> Iterator[None]:
    """Have fleets without data of the network, unless their options ask for it.

    No test asks the public service. One that wants the data has the option "network"
    with "enabled" and the "url" of a simulated service.
    """
    with patch(f"{INTEGRATION}.fleet.network_options.ON_BY_DEFAULT", False):
        yield


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
def usual_ports(socket_enabled: None) -> Iterator[UsualPorts]:
    """Have miners at ports that no other test has, on all addresses of loopback."""
    pytest_socket.socket_allow_hosts(["127.0.0.0/8"])
    with ExitStack() as stack:
        http, cgminer = (stack.enter_context(free_tcp_port()) for _ in range(2))
        families = {
            family: cgminer
            if family in {MinerFamily.AVALON, MinerFamily.CGMINER}
            else http
            for family in MinerFamily
        }
        stack.enter_context(patch.dict(detect.DEFAULT_PORTS, families))
        probes = (
            (detect._probe_esp_miner, http),
            (detect._probe_cgminer, cgminer),
        )
        for target, replacement in {
            "protocols.detect.HTTP_PORT": http,
            "protocols.detect._PROBES": probes,
            "miner.entity.HTTP_PORT": http,
            "miner.scan.scan": partial(scan, http_port=http, cgminer_port=cgminer),
        }.items():
            stack.enter_context(patch(f"{INTEGRATION}.{target}", replacement))
        yield UsualPorts(http=http, cgminer=cgminer)


@contextmanager
def free_tcp_port() -> Iterator[int]:
    """Return a TCP port where nothing listens that the test itself does not start."""
    with socket.socket() as holder:
        holder.bind(("", 0))
        # Only after it was found: it shall not be one that somebody shares already.
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        yield int(holder.getsockname()[1])


@pytest.fixture
async def start_at(usual_ports: UsualPorts) -> AsyncIterator[StartAt]:
    """Start devices at addresses of their own, each at the usual port."""
    async with AsyncExitStack() as stack:

        async def start(profile: str, host: str, **changes: object) -> Device:
            device = create_device(profile, **changes)
            is_tcp = profile.startswith(("avalon", "cgminer"))
            port = usual_ports.cgminer if is_tcp else usual_ports.http
            await device.start(host, port)
            stack.push_async_callback(device.stop)
            device.advance(WARM_UP)
            return device

        yield start


@pytest.fixture
def nmminer(
    hass: HomeAssistant, start_device: StartDevice, usual_ports: UsualPorts
) -> AddNMMiner:
    """Add NMMiners that broadcast as entries."""

    async def add(
        firmware: str = "1.8.10",
        *,
        options: dict[str, object] | None = None,
        **changes: object,
    ) -> tuple[NMMinerUdpDevice, MockConfigEntry]:
        device = await start_device(f"nmminer-{firmware}", **changes)
        assert isinstance(device, NMMinerUdpDevice)
        return device, await add_nmminer(hass, device, **options or {})

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
