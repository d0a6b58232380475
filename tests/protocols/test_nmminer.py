"""An NMMiner over UDP and over HTTP is one miner: what it is, tells and does."""

import asyncio
from collections.abc import Callable
import socket
from typing import Any
from unittest.mock import patch

import aiohttp
from aiohttp import web
import pytest

from custom_components.miner_controller.protocols import (
    http as http_module,
    nmminer as nmminer_module,
    nmminer_broadcasts as broadcasts_module,
)
from custom_components.miner_controller.protocols.errors import (
    MinerConnectionError,
    MinerError,
    MinerMismatchError,
    MinerProtocolError,
    MinerRefusedError,
    MinerTimeoutError,
    MinerUnreachableError,
    MinerUnsupportedError,
)
from custom_components.miner_controller.protocols.model import (
    Capabilities,
    MinerFamily,
    MinerIdentity,
    MinerStatus,
    Pool,
)
from custom_components.miner_controller.protocols.nmminer import NMMinerClient
from custom_components.miner_controller.protocols.nmminer_broadcasts import (
    NMMinerBroadcasts,
)
from custom_components.miner_controller.protocols.nmminer_info import read_info
from custom_components.miner_controller.protocols.nmminer_listener import (
    NMMinerListener,
)
from custom_components.miner_controller.protocols.nmminer_values import (
    broadcasts_status,
    firmware_version,
    has_chip,
    has_web_page,
    model_of,
)
from simulator.clock import ManualClock
from simulator.faults import Fault
from simulator.nmminer import NMMinerHttpDevice, NMMinerUdpDevice
from tests.devices import NMMINER_HTTP_PROFILES, NMMINER_UDP_PROFILES, StartDevice

from . import HOST, Serve, assert_status
from .broadcasts import datagram, say
from .raw_miner import until
from .sanity import assert_sane

type Session = aiohttp.ClientSession

LISTENED = "127.0.13.21"


def client_of(
    session: Session,
    host: str,
    listener: NMMinerListener | None = None,
    port: int | None = None,
) -> NMMinerClient:
    """Return a client for a miner at which nothing answers over HTTP, unless told."""
    return NMMinerClient(session, host, port or 1, listener)


async def start_udp(
    start_device: StartDevice,
    listener: NMMinerListener,
    profile: str = "nmminer-1.8.10",
    **changes: Any,
) -> NMMinerUdpDevice:
    """Start a device that is heard by a listener."""
    target = (HOST, listener.port)
    device = await start_device(profile, status_target=target, **changes)
    assert isinstance(device, NMMinerUdpDevice)
    return device


async def start_http(
    start_device: StartDevice, profile: str = "nmminer-2.0.04", **changes: Any
) -> NMMinerHttpDevice:
    """Start a device with newer firmware."""
    device = await start_device(profile, **changes)
    assert isinstance(device, NMMinerHttpDevice)
    return device


async def hear(listener: NMMinerListener, device: NMMinerUdpDevice) -> None:
    """Let a device broadcast, and wait until it was heard."""
    before = listener.heard.get(device.host)
    device.announce()
    await until(lambda: listener.heard.get(device.host) is not before)


@pytest.mark.parametrize("profile", NMMINER_UDP_PROFILES)
async def test_each_firmware_over_udp(
    start_device: StartDevice,
    session: Session,
    listener: NMMinerListener,
    profile: str,
) -> None:
    """Who it is, what it can do, and what it is doing."""
    device = await start_udp(start_device, listener, profile)
    await hear(listener, device)
    client = client_of(session, device.host, listener)
    assert client.silence_limit is None
    identity = await client.identify()
    assert identity == client.identity
    assert identity == MinerIdentity(
        family=MinerFamily.NMMINER,
        manufacturer="NMMiner",
        model="NMMiner cyd 2.8",
        firmware=f"v{device.firmware_name}",
    )
    assert identity.ids == ()
    assert client.capabilities == Capabilities(
        restart=False,
        set_pool=device.configurable,
        whole_configuration=device.configurable,
        pool_slots=2 if device.configurable else 0,
    )
    assert client.silence_limit == 30
    status = await client.fetch()
    assert_sane(status)
    assert status == listener.heard[device.host].status
    assert status.hashrate == pytest.approx(device.model.hashrate * 1e9, rel=1e-3)
    assert client.last_reply is listener.heard[device.host]
    assert not client.needs_code


@pytest.mark.parametrize("board", ["cydc5", "devkit"])
@pytest.mark.parametrize("profile", NMMINER_HTTP_PROFILES)
async def test_each_firmware_over_http(
    start_device: StartDevice, session: Session, profile: str, board: str
) -> None:
    """It tells less of itself, and can do more."""
    device = await start_http(start_device, profile, board=board)
    client = client_of(session, device.host, port=device.port)
    assert await client.identify() == MinerIdentity(
        family=MinerFamily.NMMINER,
        manufacturer="NMMiner",
        model="NMMiner",
        firmware=f"v{device.firmware_name}",
        hardware="320 × 240" if board == "cydc5" else None,
        hostname=device.hostname,
    )
    assert client.capabilities == Capabilities(
        locate=True, set_pool=True, restart_for_pool=True, pool_slots=2
    )
    assert client.silence_limit is None
    status = await client.fetch()
    assert_sane(status)
    model = device.model
    near: Callable[[float], Any] = lambda value: pytest.approx(  # noqa: E731
        value, rel=1e-3, abs=0.001
    )
    info = device.info()
    assert_status(
        status,
        hashrate=pytest.approx(model.hashrate * 1e9, abs=1),
        temperature=(
            pytest.approx(model.chip_temperature, abs=0.06)
            if device.board.thermometer
            else None
        ),
        shares_accepted=model.shares.accepted,
        shares_rejected=model.shares.rejected,
        best_difficulty=near(model.best_difficulty),
        best_session_difficulty=near(model.shares.best_session),
        pool_difficulty=near(model.pool_difficulty),
        network_difficulty=near(model.network_difficulty),
        blocks_found=model.blocks_found,
        uptime=600,
        signal_strength=info["identity"]["rssi"],
        active_pool=Pool(
            host=device.pool_in_use.split(":")[0],
            port=3333,
            user=device.state.user_in_use,
        ),
        free_heap=info["miner"]["freeHeap"],
    )
    info_path = ("GET", "/api/system/info")
    assert device.requests == [info_path, ("GET", "/probe"), info_path]


@pytest.mark.parametrize(
    "reply",
    [
        web.Response(status=404),
        web.Response(body=b"<html>"),
        web.json_response({"sw": 320}),
        web.json_response({"sw": "320", "sh": 240}),
        web.json_response([]),
    ],
    ids=["404", "html", "half", "text", "list"],
)
async def test_a_screen_that_is_not_told(
    serve: Serve, session: Session, reply: web.Response
) -> None:
    """The miner is known all the same, and is not asked for it again."""
    asked: list[str] = []

    async def handler(request: web.BaseRequest) -> web.Response:
        asked.append(request.path)
        if request.path == "/probe":
            return web.Response(body=reply.body, status=reply.status)
        return web.json_response({"identity": {"hwModel": "NMMiner"}})

    client = client_of(session, HOST, port=await serve(handler))
    assert (await client.identify()).hardware is None
    await client.fetch()
    assert asked == ["/api/system/info", "/probe", "/api/system/info"]


@pytest.mark.parametrize(
    ("section", "key", "told", "name", "value"),
    [
        ("miner", "hashRate", 0.5, "hashrate", None),
        ("miner", "hashRate", "0.001", "hashrate", None),
        ("miner", "hashRate", 0, "hashrate", 0),
        ("miner", "poolDiff", "0.00000", "pool_difficulty", None),
        ("miner", "networkDiff", "0.0", "network_difficulty", None),
        ("miner", "networkDiff", "89.47T", "network_difficulty", 89.47e12),
        ("miner", "bestDiffEver", "4.021M", "best_difficulty", 4_021_000),
        ("miner", "bestDiffSession", "0.04215", "best_session_difficulty", 0.04215),
        ("miner", "uptimeSeconds", 1e15, "uptime", None),
        ("miner", "blkhits", -1, "blocks_found", None),
        ("temps", "vcore", 0, "temperature", None),
        ("temps", "vcore", None, "temperature", None),
        ("temps", "asic", 61.25, "temperature", 61.2),
        ("stratum", "url", "", "active_pool", None),
        ("stratum", "url", None, "active_pool", None),
        ("identity", "rssi", 0, "signal_strength", None),
    ],
)
def test_fields_over_http(
    section: str, key: str, told: object, name: str, value: object
) -> None:
    """What makes no sense is not known."""
    info: dict[str, Any] = {
        "identity": {"hwModel": "NMMiner"},
        "temps": {"vcore": 51.3, "asic": None},
    }
    info[section] = {**info.get(section, {}), key: told}
    status = read_info(info)
    assert_sane(status)
    assert getattr(status, name) == value


def test_the_hashrate_of_a_chip_over_http() -> None:
    """A board whose chip has a temperature may be fast."""
    info = {"miner": {"hashRate": 500}, "temps": {"asic": 61}}
    assert read_info(info).hashrate == 500e9
    assert read_info({**info, "temps": {"asic": None}}).hashrate is None
    assert read_info({}) == MinerStatus()


async def test_a_miner_that_is_heard_next(
    start_device: StartDevice, session: Session, listener: NMMinerListener
) -> None:
    """It has not said anything so far, and nothing answers over HTTP."""
    device = await start_udp(start_device, listener)
    client = client_of(session, device.host, listener)
    task = asyncio.create_task(client.identify())
    await until(lambda: listener.is_followed(device.host))
    device.announce()
    assert (await task).firmware == "v1.8.10"
    assert not listener.is_followed(device.host)


async def test_a_miner_that_answers_while_it_is_listened_for(
    start_device: StartDevice, session: Session, listener: NMMinerListener
) -> None:
    """Nobody waits for a broadcast then."""
    device = await start_http(start_device)
    client = client_of(session, device.host, listener, device.port)
    assert (await client.identify()).hostname == device.hostname
    assert not listener.is_followed(device.host)


async def test_nothing_is_there(session: Session, listener: NMMinerListener) -> None:
    """What HTTP ran into is told, and nobody listens any more."""
    before = asyncio.all_tasks()
    client = client_of(session, LISTENED, listener)
    with (
        patch.object(nmminer_module, "HEARING_TIME", 0.01),
        pytest.raises(MinerUnreachableError),
    ):
        await client.fetch()
    assert not listener.is_followed(LISTENED)
    assert asyncio.all_tasks() == before
    with pytest.raises(MinerUnreachableError):
        await client_of(session, LISTENED).fetch()
    with (
        patch.object(nmminer_module, "HEARING_TIME", 0.01),
        pytest.raises(MinerTimeoutError, match="does not broadcast"),
    ):
        await client.hear()
    with pytest.raises(MinerTimeoutError, match="Nobody listens"):
        await client_of(session, LISTENED).hear()


async def test_giving_up_while_a_miner_is_met(
    session: Session, listener: NMMinerListener
) -> None:
    """Both ways are left."""
    before = asyncio.all_tasks()
    task = asyncio.create_task(client_of(session, LISTENED, listener).fetch())
    await until(lambda: listener.is_followed(LISTENED))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not listener.is_followed(LISTENED)
    assert asyncio.all_tasks() == before


async def test_a_silent_miner_is_away(
    start_device: StartDevice,
    session: Session,
    listener: NMMinerListener,
    moment: ManualClock,
) -> None:
    """After half a minute, and it is back with its next word."""
    device = await start_udp(start_device, listener)
    client = client_of(session, device.host, listener)
    heard: list[MinerStatus] = []
    end = client.listen(heard.append)
    for _ in range(4):
        moment.advance(5)
        await hear(listener, device)
    assert len(heard) == 4
    assert client.silence_limit == 30
    moment.advance(29.4)
    assert await client.fetch() == heard[-1]
    moment.advance(0.6)
    with pytest.raises(MinerTimeoutError, match="silent"):
        await client.fetch()
    assert client.silence_limit == 30
    await hear(listener, device)
    assert await client.fetch() == heard[4]
    # One absence says nothing of how often it speaks.
    assert client.silence_limit == 30
    end()
    moment.advance(5)
    await hear(listener, device)
    assert len(heard) == 5


async def test_a_miner_that_speaks_seldom(
    start_device: StartDevice,
    session: Session,
    listener: NMMinerListener,
    moment: ManualClock,
) -> None:
    """It may be silent for four of its own intervals."""
    device = await start_udp(start_device, listener)
    client = client_of(session, device.host, listener)
    client.listen(lambda _: None)
    for _ in range(6):
        moment.advance(20)
        await hear(listener, device)
    assert client.silence_limit == 80
    moment.advance(79.4)
    await client.fetch()
    moment.advance(0.6)
    with pytest.raises(MinerTimeoutError):
        await client.fetch()


@pytest.mark.parametrize("gaps", [(3600,), (5, 3600), (3600, 5), (5, 3600, 3600, 5)])
async def test_a_miner_that_was_away_for_long(
    start_device: StartDevice,
    session: Session,
    listener: NMMinerListener,
    moment: ManualClock,
    gaps: tuple[float, ...],
) -> None:
    """It is not allowed to be silent for hours, however little is known of it."""
    device = await start_udp(start_device, listener)
    client = client_of(session, device.host, listener)
    client.listen(lambda _: None)
    await hear(listener, device)
    for gap in gaps:
        moment.advance(gap)
        await hear(listener, device)
    assert client.silence_limit == 30


async def test_an_update_to_http_and_back(
    start_device: StartDevice,
    session: Session,
    listener: NMMinerListener,
    moment: ManualClock,
) -> None:
    """The same client follows it, and what is known of its board stays."""
    device = await start_udp(start_device, listener)
    await hear(listener, device)
    with socket.socket() as free:
        free.bind((device.host, 0))
        port = free.getsockname()[1]
    client = client_of(session, device.host, listener, port)
    heard: list[MinerStatus] = []
    client.listen(heard.append)
    await client.identify()
    assert client.capabilities.whole_configuration
    await device.stop()
    # It is not asked while its last word may still be true.
    await client.fetch()
    moment.advance(30)
    with pytest.raises(MinerTimeoutError):
        await client.fetch()
    updated = NMMinerHttpDevice(settings=device.settings, clock=ManualClock())
    await updated.start(device.host, port)
    updated.advance(60)
    status = await client.fetch()
    assert status.shares_accepted == updated.model.shares.accepted
    assert client.silence_limit is None
    assert client.identity == MinerIdentity(
        family=MinerFamily.NMMINER,
        manufacturer="NMMiner",
        model="NMMiner cyd 2.8",
        firmware="v2.0.04",
        hardware="320 × 240",
        hostname=device.hostname,
    )
    assert client.capabilities == Capabilities(
        locate=True, set_pool=True, restart_for_pool=True, pool_slots=2
    )
    # Somebody speaks in its name while it answers.
    moment.advance(29)
    say(datagram(), listener.port, sender=device.host)
    await until(lambda: listener.heard[device.host].firmware == "v0.3.01")
    assert heard == []
    assert client.identity.firmware == "v2.0.04"
    await updated.stop()
    with pytest.raises(MinerUnreachableError):
        await client.fetch()
    # Its owner went back to the old firmware.
    moment.advance(2)
    await device.start(device.host)
    await hear(listener, device)
    assert len(heard) == 1
    assert await client.fetch() == heard[0]
    assert client.silence_limit is not None
    assert client.identity.firmware == "v1.8.10"
    assert client.identity.hostname == device.hostname
    assert client.capabilities.whole_configuration


async def test_what_is_known_stays_the_same_object(
    start_device: StartDevice,
    session: Session,
    listener: NMMinerListener,
    moment: ManualClock,
) -> None:
    """Nobody has to look at what did not change, and a MAC address is kept."""
    device = await start_udp(start_device, listener)
    client = client_of(session, device.host, listener)
    client.identity = MinerIdentity(
        family=MinerFamily.NMMINER,
        manufacturer="NMMiner",
        model="an older board",
        mac="02:00:00:00:00:01",
    )
    await hear(listener, device)
    await client.fetch()
    identity, capabilities = client.identity, client.capabilities
    assert (identity.mac, identity.model) == ("02:00:00:00:00:01", "NMMiner cyd 2.8")
    moment.advance(5)
    await hear(listener, device)
    await client.fetch()
    assert client.identity is identity
    assert client.capabilities is capabilities


async def test_a_name_as_its_host(
    start_device: StartDevice,
    session: Session,
    listener: NMMinerListener,
    moment: ManualClock,
) -> None:
    """Broadcasts tell addresses, and that of a name may change."""
    first = await start_udp(start_device, listener)
    second = await start_udp(start_device, listener, board="nmlotto")
    found: str | None = None
    asked: list[str] = []

    async def resolve(host: str) -> str | None:
        asked.append(host)
        return found

    client = client_of(session, "miner.invalid", listener)
    heard: list[MinerStatus] = []
    end = client.listen(heard.append)
    with patch.object(broadcasts_module, "_resolve", resolve):
        with pytest.raises(MinerError):
            await client.fetch()
        found = first.host
        await hear(listener, first)
        assert heard == []
        await client.fetch()
        assert client.identity.model == "NMMiner cyd 2.8"
        assert client.present_address == first.host
        assert listener.is_followed(first.host)
        moment.advance(5)
        await hear(listener, first)
        found = second.host
        await hear(listener, second)
        await client.fetch()
        assert client.identity.model == "NMLotto"
        assert not listener.is_followed(first.host)
        # A name that nobody knows for now is where it was.
        found = None
        moment.advance(5)
        await hear(listener, second)
        await client.fetch()
    assert set(asked) == {"miner.invalid"}
    assert len(heard) == 2
    end()
    assert not listener.is_followed(second.host)


async def test_names_are_looked_up(socket_enabled: None) -> None:
    """By the system; an address needs no look-up."""
    loop = asyncio.get_running_loop()
    found = [(socket.AF_INET, socket.SOCK_DGRAM, 17, "", ("127.0.0.7", 0))]
    for answer, address in (
        ({"return_value": found}, "127.0.0.7"),
        ({"return_value": []}, None),
        ({"side_effect": socket.gaierror("unknown")}, None),
    ):
        with patch.object(loop, "getaddrinfo", **answer) as look_up:
            broadcasts = NMMinerBroadcasts("miner.local", None)
            assert await broadcasts.address() == address
            assert look_up.call_args.args[0] == "miner.local"
            look_up.reset_mock()
            assert await NMMinerBroadcasts(HOST, None).address() == HOST
            look_up.assert_not_called()


async def test_another_kind_of_miner(
    start_device: StartDevice,
    session: Session,
    listener: NMMinerListener,
    moment: ManualClock,
) -> None:
    """It has the address now, and is never taken for the one that was there."""
    other = await start_device("axeos-2.15")
    assert other.port
    with pytest.raises(MinerMismatchError):
        await client_of(session, other.host, port=other.port).fetch()
    with pytest.raises(MinerMismatchError):
        await client_of(session, other.host, listener, other.port).identify()
    say(datagram(), listener.port, sender=other.host)
    await until(lambda: other.host in listener.heard)
    client = client_of(session, other.host, listener, other.port)
    await client.fetch()
    moment.advance(30)
    with pytest.raises(MinerMismatchError):
        await client.fetch()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"{}", MinerProtocolError),
        (b'{"identity": {"name": "printer"}}', MinerProtocolError),
        (b'{"identity": "NMMiner"}', MinerProtocolError),
        (b"[]", MinerProtocolError),
        (b"<html>", MinerProtocolError),
    ],
)
async def test_something_else_than_a_miner(
    serve: Serve, session: Session, content: bytes, error: type[MinerError]
) -> None:
    """A printer may be at the address."""

    async def handler(request: web.BaseRequest) -> web.Response:
        return web.Response(body=content)

    client = client_of(session, HOST, port=await serve(handler))
    with pytest.raises(error) as caught:
        await client.identify()
    assert type(caught.value) is error


FAULTS: dict[Fault, type[MinerError]] = {
    Fault.REFUSE: MinerUnreachableError,
    Fault.HANG: MinerTimeoutError,
    Fault.CUT: MinerConnectionError,
    Fault.GARBAGE: MinerProtocolError,
    Fault.HUGE: MinerProtocolError,
    Fault.REDIRECT: MinerProtocolError,
    Fault.SERVER_ERROR: MinerProtocolError,
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is_a_named_error_and_passes(
    start_device: StartDevice, session: Session, fault: Fault
) -> None:
    """Who it is stays known meanwhile."""
    device = await start_http(start_device)
    client = client_of(session, device.host, port=device.port)
    identity = await client.identify()
    await device.set_fault(fault)
    limit = 0.1 if fault is Fault.HANG else http_module.TIME_LIMIT
    with patch.object(http_module, "TIME_LIMIT", limit):
        with pytest.raises(FAULTS[fault]) as caught:
            await client.fetch()
        assert str(caught.value)
    await device.set_fault(None)
    assert (await client.fetch()).hashrate
    assert client.identity == identity


async def test_wrong_types_make_no_false_numbers(
    start_device: StartDevice,
    session: Session,
    listener: NMMinerListener,
    moment: ManualClock,
) -> None:
    """Neither over UDP nor over HTTP."""
    device = await start_udp(start_device, listener)
    await device.set_fault(Fault.WRONG_TYPES)
    await hear(listener, device)
    client = client_of(session, device.host, listener)
    assert_sane(await client.fetch())
    other = await start_http(start_device)
    await other.set_fault(Fault.WRONG_TYPES)
    client = client_of(session, other.host, port=other.port)
    try:
        assert_sane(await client.fetch())
    except MinerProtocolError as err:
        assert str(err)  # noqa: PT017


async def test_commands_over_http(start_device: StartDevice, session: Session) -> None:
    """It restarts, and it shows which one it is."""
    device = await start_http(start_device)
    client = client_of(session, device.host, port=device.port)
    await client.identify()
    await client.locate()
    assert device.finds == 1
    await client.restart()
    assert not device.online
    with pytest.raises(MinerConnectionError):
        await client.fetch()
    device.advance(10)
    status = await client.fetch()
    assert status.uptime is not None
    assert status.uptime < 10
    with pytest.raises(MinerUnsupportedError):
        await client.set_frequency(500)


async def test_commands_that_are_refused(
    start_device: StartDevice, session: Session
) -> None:
    """The miner's status is told."""
    device = await start_http(start_device)
    client = client_of(session, device.host, port=device.port)
    await client.identify()
    await device.set_fault(Fault.SERVER_ERROR)
    for command in (client.locate, client.restart):
        with pytest.raises(MinerRefusedError, match="status 500"):
            await command()
    # A miner may be gone before it has answered that it restarts.
    await device.set_fault(Fault.CUT)
    await client.restart()
    await device.set_fault(Fault.REFUSE)
    with pytest.raises(MinerUnreachableError):
        await client.restart()


@pytest.mark.parametrize("profile", NMMINER_UDP_PROFILES)
async def test_commands_over_udp(
    start_device: StartDevice,
    session: Session,
    listener: NMMinerListener,
    profile: str,
) -> None:
    """There are none but those of pools."""
    device = await start_udp(start_device, listener, profile)
    await hear(listener, device)
    client = client_of(session, device.host, listener)
    await client.identify()
    for command in (client.locate, client.restart):
        with pytest.raises(MinerUnsupportedError):
            await command()
    with pytest.raises(MinerUnsupportedError):
        await client.set_mining(enabled=False)
    assert device.requests == []


@pytest.mark.parametrize(
    ("firmware", "version"),
    [
        ("v1.8.10", (1, 8, 10)),
        ("1.5.01", (1, 5, 1)),
        ("v1.8", (1, 8, 0)),
        ("v1.8.10-beta", (1, 8, 10)),
        ("beta", (0,)),
        ("", (0,)),
        (None, (0,)),
    ],
)
def test_versions(firmware: str | None, version: tuple[int, ...]) -> None:
    """One that cannot be read takes no settings."""
    assert firmware_version(firmware) == version


@pytest.mark.parametrize(
    ("firmware", "expected"),
    [("v0.3.01", False), ("v1.7.05", False), ("v1.7.06", True), ("v2.0.04", True)],
)
def test_which_firmware_has_a_web_page(firmware: str, expected: bool) -> None:
    """A browser finds nothing at an older one."""
    assert has_web_page(firmware) is expected


def test_the_names_of_boards() -> None:
    """Those that say whose they are need no more."""
    assert model_of("NMLotto") == "NMLotto"
    assert model_of("cyd 2.8") == "NMMiner cyd 2.8"


@pytest.mark.parametrize(
    ("firmware", "expected"),
    [("v0.3.01", True), ("v1.8.10", True), ("v2.0.01", False), ("v2.0.04", False)],
)
def test_which_firmware_broadcasts(firmware: str, expected: bool) -> None:
    """The newer one answers over HTTP instead."""
    assert broadcasts_status(firmware) is expected


def test_which_boards_have_a_chip() -> None:
    """They are named after it."""
    assert has_chip("NMAxe")
    assert not has_chip("NMLotto")
