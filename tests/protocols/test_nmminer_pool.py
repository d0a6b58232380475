"""An NMMiner is told another pool without ever losing its network."""

import asyncio
from collections.abc import Awaitable, Iterator
from dataclasses import replace
import json
import logging
import socket
import traceback
from typing import Any
from unittest.mock import patch

import aiohttp
import pytest

from custom_components.miner_controller.protocols import (
    nmminer_broadcasts as broadcasts_module,
    nmminer_configuration as configuration_module,
    nmminer_pool as pool_module,
)
from custom_components.miner_controller.protocols.errors import (
    MinerError,
    MinerRefusedError,
    MinerTimeoutError,
    MinerUnconfirmedError,
    MinerUnreachableError,
    MinerUnsupportedError,
)
from custom_components.miner_controller.protocols.model import Pool
from custom_components.miner_controller.protocols.nmminer import NMMinerClient
from custom_components.miner_controller.protocols.nmminer_broadcasts import (
    NMMinerBroadcasts,
)
from custom_components.miner_controller.protocols.nmminer_configuration import (
    ALL_MINERS,
    ConfigurationReports,
    names_network,
    pool_url,
    send_configuration,
)
from custom_components.miner_controller.protocols.nmminer_listener import (
    NMMinerListener,
)
from custom_components.miner_controller.protocols.nmminer_pool import (
    tell_pool,
    wait_for_pool,
)
from custom_components.miner_controller.protocols.nmminer_report import (
    NMMinerReport,
    read_report,
)
from custom_components.miner_controller.protocols.pool_address import parse_pool_address
from custom_components.miner_controller.protocols.pool_settings import PoolSettings
from simulator.clock import ManualClock
from simulator.faults import Fault
from simulator.identity import WIFI_NAME
from simulator.nmminer import NMMinerHttpDevice, NMMinerUdpDevice
from simulator.nmminer.settings import WIFI_KEYS, WIFI_SECRET, endpoint
from tests.devices import NMMINER_HTTP_PROFILES, StartDevice

from . import HOST
from .broadcasts import datagram, say
from .raw_miner import until

CONFIGURABLE = ("nmminer-1.5.01", "nmminer-1.8.10")
STRANGER = "127.0.13.9"

SECRET = "worker-password"
POOL = PoolSettings(url="gold.example:4444", worker="bc1qworker.shed", password=SECRET)
PRIMARY = {
    "PrimaryPool": "stratum+tcp://gold.example:4444",
    "PrimaryPassword": SECRET,
    "PrimaryAddress": "bc1qworker.shed",
}
SECONDARY = {key.replace("Primary", "Secondary"): PRIMARY[key] for key in PRIMARY}
SHOWN = Pool(host="gold.example", port=4444)

MINING = "/api/setting/mining"


@pytest.fixture
def impatient() -> Iterator[None]:
    """Wait for a confirmation for a moment only."""
    with patch.object(pool_module, "CONFIRMATION_TIME", 0.05):
        yield


@pytest.fixture
def opened() -> Iterator[list[ConfigurationReports]]:
    """Note each time that the settings of miners are heard."""
    made: list[ConfigurationReports] = []

    class Noted(ConfigurationReports):
        def __init__(self) -> None:
            super().__init__()
            made.append(self)

    with patch.object(pool_module, "ConfigurationReports", Noted):
        yield made
    # None of them hears anything any more.
    assert all(reports._socket.fileno() == -1 for reports in made)


async def meet(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    listener: NMMinerListener,
    profile: str = "nmminer-1.8.10",
) -> tuple[NMMinerUdpDevice, NMMinerClient]:
    """Return a device that broadcasts and a client that has heard it."""
    device = await start_device(profile, status_target=(HOST, listener.port))
    assert isinstance(device, NMMinerUdpDevice)
    client = NMMinerClient(session, device.host, 1, listener)
    device.announce()
    await until(lambda: device.host in listener.heard)
    await client.fetch()
    return device, client


async def confirm(
    device: NMMinerUdpDevice, listener: NMMinerListener, moment: ManualClock
) -> None:
    """Let a device take its settings and broadcast what it does then."""
    await until(
        lambda: len(device.configurations) == 10 and listener.is_followed(device.host)
    )
    device.advance(5)
    moment.advance(5)
    device.announce()


@pytest.mark.parametrize("profile", CONFIGURABLE)
async def test_a_pool_is_sent_alone(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    listener: NMMinerListener,
    moment: ManualClock,
    profile: str,
) -> None:
    """Ten times to one miner, with nothing else, until it uses the pool."""
    device, client = await meet(start_device, session, listener, profile)
    before = dict(device.settings)
    task = asyncio.create_task(client.set_pool(0, POOL))
    await confirm(device, listener, moment)
    status = await task
    assert status.active_pool == SHOWN
    assert device.configurations == [{"IP": device.host, **PRIMARY}] * 10
    assert len(device.requests) == 10
    assert device.settings == before | PRIMARY
    assert not device.locked_out


async def test_a_miner_that_shows_its_old_pool_at_first(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    listener: NMMinerListener,
    moment: ManualClock,
) -> None:
    """It takes some seconds to connect, and may report meanwhile."""
    device, client = await meet(start_device, session, listener)
    task = asyncio.create_task(client.set_pool(0, POOL))
    await until(lambda: listener.is_followed(device.host))
    moment.advance(2)
    say(datagram(), listener.port, sender=device.host)
    await until(lambda: listener.heard[device.host].firmware == "v0.3.01")
    assert not task.done()
    await confirm(device, listener, moment)
    assert (await task).active_pool == SHOWN


async def test_a_miner_that_shows_nothing(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    listener: NMMinerListener,
    impatient: None,
) -> None:
    """It may have fallen silent, which is said."""
    device, client = await meet(start_device, session, listener)
    with pytest.raises(MinerUnconfirmedError, match="it shows no pool"):
        await client.set_pool(0, POOL)
    await until(lambda: len(device.configurations) == 10)
    assert not listener.is_followed(device.host)


class Told(NMMinerBroadcasts):
    """What a miner broadcasts, as a test has it, and then silence."""

    def __init__(self, *reports: bytes, endless: bool = False) -> None:
        """Initialize what is told one after the other."""
        super().__init__(HOST, None)
        self.reports = [*reports]
        self.endless = endless

    async def next(self, seconds: float) -> NMMinerReport:
        """Return what is told next."""
        if self.reports:
            return read_report(self.reports.pop(0))
        if self.endless:
            await asyncio.Event().wait()
        raise MinerTimeoutError("The miner does not broadcast")


@pytest.mark.parametrize("endless", [True, False])
@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("stratum+tcp://old.example:3333", "it shows old.example:3333"),
        ("gold.example:4445", "it shows gold.example:4445"),
        ("silver.example:4444", "it shows silver.example:4444"),
        (None, "it shows no pool"),
    ],
)
async def test_a_miner_that_shows_another_pool(
    impatient: None, told: str | None, text: str, endless: bool
) -> None:
    """Which one is said, since its owner can do something about it then."""
    broadcasts = Told(datagram(PoolInUse=told), endless=endless)
    with pytest.raises(MinerUnconfirmedError) as caught:
        await wait_for_pool(broadcasts, SHOWN)
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("told", "pool"),
    [
        ("gold.example:4444", "gold.example:4444"),
        ("GOLD.example:4444", "stratum+tcp://gold.Example:4444"),
        ("gold.example:4444", "stratum+tcp://gold.example"),
    ],
)
async def test_a_pool_is_recognized(told: str, pool: str) -> None:
    """However it is written; a port that was not said may be any."""
    broadcasts = Told(datagram(PoolInUse="old.example:1"), datagram(PoolInUse=told))
    await wait_for_pool(broadcasts, parse_pool_address(pool))
    assert broadcasts.reports == []


async def test_what_no_pool_is_is_never_shown(impatient: None) -> None:
    """There is nothing to wait for, and nobody says that it worked."""
    with pytest.raises(MinerUnconfirmedError):
        await wait_for_pool(Told(datagram()), None)


async def test_the_client_waits_for_a_pool(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    listener: NMMinerListener,
    moment: ManualClock,
) -> None:
    """Also where somebody else told all miners at once."""
    device, client = await meet(start_device, session, listener)
    task = asyncio.create_task(client.wait_for_pool(SHOWN))
    with patch.object(configuration_module, "CONFIGURATION_PORT", device.config_port):
        await send_configuration(PRIMARY, to="127.255.255.255", address=ALL_MINERS)
    await confirm(device, listener, moment)
    await task
    assert device.configurations == [{"IP": ALL_MINERS, **PRIMARY}] * 10


@pytest.mark.parametrize("slot", [0, 1])
@pytest.mark.parametrize("profile", CONFIGURABLE)
async def test_a_pool_is_sent_with_everything(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    listener: NMMinerListener,
    moment: ManualClock,
    opened: list[ConfigurationReports],
    profile: str,
    slot: int,
) -> None:
    """As the miner itself told it just now, its network's name and key among it."""
    device, client = await meet(start_device, session, listener, profile)
    before = dict(device.settings)
    wanted = (PRIMARY, SECONDARY)[slot]
    task = asyncio.create_task(client.set_pool(slot, POOL, whole_configuration=True))
    await until(lambda: opened)
    # A stranger would lock the miner out of its network.
    lure = {"IP": device.host, **before, "WiFiSSID": "lure", "WiFiPWD": "lure"}
    port = configuration_module.CONFIGURATION_REPORT_PORT
    for data in (json.dumps(lure).encode(), b"{", b"[]", b"x" * 3000):
        say(data, port, sender=STRANGER)
    for data in (b"{", b"[]", b"{}", b"x" * 3000):
        say(data, port, sender=device.host)
    assert device.requests == []
    device.announce_configuration()
    await until(lambda: len(device.configurations) == 10)
    if slot == 0:
        await confirm(device, listener, moment)
    else:
        device.announce_configuration()
    await task
    told = {key: before[key] for key in before if key != "HostName"}
    assert device.configurations == [{"IP": device.host, **told, **wanted}] * 10
    assert device.settings == before | wanted
    assert not device.locked_out


@pytest.mark.parametrize("address", [ALL_MINERS, "192.168.1.77", None, 7])
async def test_whom_all_settings_are_for(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    listener: NMMinerListener,
    moment: ManualClock,
    opened: list[ConfigurationReports],
    address: object,
) -> None:
    """One miner, whatever it thinks that its own address is."""
    device, client = await meet(start_device, session, listener)
    task = asyncio.create_task(client.set_pool(0, POOL, whole_configuration=True))
    await until(lambda: opened)
    told = {**device.settings, "IP": address}
    port = configuration_module.CONFIGURATION_REPORT_PORT
    say(json.dumps(told).encode(), port, sender=device.host)
    await confirm(device, listener, moment)
    await task
    assert {told["IP"] for told in device.configurations} == {device.host}


@pytest.mark.parametrize(
    "missing",
    [{"WiFiSSID": ""}, {"WiFiPWD": ""}, {"WiFiSSID": None}, {"WiFiPWD": 12345678}],
)
def test_settings_that_would_lock_a_miner_out(missing: dict[str, Any]) -> None:
    """They are not sent back to it."""
    whole = {"WiFiSSID": "home", "WiFiPWD": "secret", "Brightness": 3}
    assert names_network(whole)
    assert not names_network(whole | missing)
    assert not names_network({key: whole[key] for key in whole if key not in missing})


@pytest.mark.parametrize("slot", [0, 1])
async def test_a_miner_that_does_not_tell_its_settings(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    listener: NMMinerListener,
    impatient: None,
    opened: list[ConfigurationReports],
    slot: int,
) -> None:
    """Nothing is sent to it, since what is left out may be lost."""
    device, client = await meet(start_device, session, listener)
    with pytest.raises(MinerRefusedError, match="did not tell its settings") as caught:
        await client.set_pool(slot, POOL, whole_configuration=True)
    assert not isinstance(caught.value, MinerUnconfirmedError)
    device.advance(5)
    await asyncio.sleep(0)
    assert device.requests == []
    assert device.configurations == []


async def test_the_second_pool(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    listener: NMMinerListener,
    opened: list[ConfigurationReports],
) -> None:
    """It shows only in the settings that the miner itself tells."""
    device, client = await meet(start_device, session, listener)
    old = {"IP": device.host, **device.settings}
    task = asyncio.create_task(client.set_pool(1, POOL))
    await until(lambda: len(device.configurations) == 10)
    port = configuration_module.CONFIGURATION_REPORT_PORT
    say(json.dumps(old).encode(), port, sender=device.host)
    say(json.dumps({**old, **SECONDARY}).encode(), port, sender=STRANGER)
    for _ in range(20):
        await asyncio.sleep(0)
    assert not task.done()
    device.announce_configuration()
    status = await task
    assert device.configurations == [{"IP": device.host, **SECONDARY}] * 10
    assert status.active_pool is not None
    assert status.active_pool.address == device.pool_in_use
    assert not device.locked_out


async def test_a_second_pool_that_is_not_shown(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    listener: NMMinerListener,
    impatient: None,
    opened: list[ConfigurationReports],
) -> None:
    """That it worked is not claimed."""
    device, client = await meet(start_device, session, listener)
    with pytest.raises(MinerUnconfirmedError, match="did not tell its settings"):
        await client.set_pool(1, POOL)
    await until(lambda: len(device.configurations) == 10)


async def test_a_flood_of_settings(
    start_device: StartDevice, opened: list[ConfigurationReports]
) -> None:
    """Others have their turn while somebody else's are passed over."""
    turns = 0

    async def work() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    port = configuration_module.CONFIGURATION_REPORT_PORT
    reports = pool_module.ConfigurationReports()
    for _ in range(40):
        say(b"{}", port, sender=STRANGER)
    say(b'{"WiFiSSID": "a", "WiFiPWD": "b"}', port, sender="127.0.13.8")
    working = asyncio.create_task(work())
    async with asyncio.timeout(20):
        told = await reports.wait_for("127.0.13.8", names_network)
    working.cancel()
    reports.close()
    assert told == {"WiFiSSID": "a", "WiFiPWD": "b"}
    assert turns >= 40


@pytest.mark.parametrize("whole", [True, False])
async def test_a_port_for_settings_that_is_taken(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    listener: NMMinerListener,
    whole: bool,
) -> None:
    """Nothing is sent that could not be confirmed."""
    device, client = await meet(start_device, session, listener)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("", 0))
        port = holder.getsockname()[1]
        with (
            patch.object(configuration_module, "CONFIGURATION_REPORT_PORT", port),
            pytest.raises(MinerUnreachableError, match="in use"),
        ):
            await client.set_pool(1, POOL, whole_configuration=whole)
    assert device.requests == []


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "169.254.1.1", "192.0.2.1", "255.255.255.255", "miner.local", ""],
)
async def test_nothing_is_sent_out_of_the_home(address: str) -> None:
    """A password would go to a stranger."""
    with (
        patch.object(configuration_module.socket, "socket") as made,
        pytest.raises(MinerRefusedError, match="private"),
    ):
        await send_configuration(PRIMARY, to=address)
    made.assert_not_called()


async def test_a_network_that_takes_nothing(start_device: StartDevice) -> None:
    """The system's reason is told."""
    with (
        patch.object(configuration_module, "CONFIGURATION_PORT", 0),
        pytest.raises(MinerUnreachableError, match="Invalid"),
    ):
        await send_configuration(PRIMARY, to=HOST)


async def test_a_name_that_has_no_address(impatient: None) -> None:
    """There is nobody to be told."""
    broadcasts = NMMinerBroadcasts("miner.invalid", None)

    async def nothing(host: str) -> str | None:
        return None

    with (
        patch.object(broadcasts_module, "_resolve", nothing),
        pytest.raises(MinerUnreachableError, match="no address"),
    ):
        await tell_pool(broadcasts, 0, POOL, whole=False)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a.example:1", "stratum+tcp://a.example:1"),
        ("stratum+tcp://a.example:1", "stratum+tcp://a.example:1"),
        ("stratum+ssl://a.example:1", "stratum+ssl://a.example:1"),
    ],
)
def test_the_scheme_of_a_pool(typed: str, sent: str) -> None:
    """The firmware wants one."""
    assert pool_url(PoolSettings(url=typed, worker="w")) == sent


@pytest.mark.parametrize("profile", ["nmminer-0.3.01", "nmminer-1.2.01"])
async def test_old_firmware_takes_no_settings(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    listener: NMMinerListener,
    profile: str,
) -> None:
    """It is not even told."""
    device, client = await meet(start_device, session, listener, profile)
    with pytest.raises(MinerUnsupportedError):
        await client.set_pool(0, POOL)
    with pytest.raises(MinerUnsupportedError):
        await client.set_pool(0, POOL, whole_configuration=True)
    assert device.requests == []


@pytest.mark.parametrize(
    ("slot", "pool", "error"),
    [
        (2, POOL, MinerUnsupportedError),
        (0, PoolSettings(url="not an address", worker="w"), MinerRefusedError),
        (0, PoolSettings(url="a.example:1", worker="a b"), MinerRefusedError),
        (
            1,
            PoolSettings(url="a.example:1", worker="w", password=""),
            MinerRefusedError,
        ),
    ],
)
async def test_what_cannot_be_sent(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    listener: NMMinerListener,
    slot: int,
    pool: PoolSettings,
    error: type[MinerError],
) -> None:
    """Neither over UDP nor over HTTP."""
    device, client = await meet(start_device, session, listener)
    updated, http_client = await meet_http(start_device, session)
    for each in (client, http_client):
        with pytest.raises(error):
            await each.set_pool(slot, pool)
    assert device.requests == []
    assert all(method == "GET" for method, _ in updated.requests)


async def shown_of(attempt: Awaitable[object]) -> str:
    """Return what an attempt shows of itself: its error with all that led to it."""
    try:
        return repr(await attempt)
    except MinerError as err:
        return "".join(traceback.format_exception(err)) + repr(err)


@pytest.mark.parametrize("slot", [0, 1])
@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("confirmed", [True, False])
async def test_secrets_stay_secret(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    listener: NMMinerListener,
    moment: ManualClock,
    opened: list[ConfigurationReports],
    caplog: pytest.LogCaptureFixture,
    slot: int,
    whole: bool,
    confirmed: bool,
) -> None:
    """Neither the network's name and key nor a password is logged, shown or kept."""
    caplog.set_level(logging.DEBUG)
    device, client = await meet(start_device, session, listener)
    time = 20 if confirmed else 0.2
    with patch.object(pool_module, "CONFIRMATION_TIME", time):
        task = asyncio.create_task(
            shown_of(client.set_pool(slot, POOL, whole_configuration=whole))
        )
        if whole:
            await until(lambda: opened)
            device.announce_configuration()
        if confirmed:
            await until(lambda: len(device.configurations) == 10)
            if slot == 0:
                await confirm(device, listener, moment)
            else:
                device.announce_configuration()
        shown = await task
    assert ("MinerUnconfirmedError" in shown or "MinerRefusedError" in shown) == (
        not confirmed
    )
    kept = [repr(each) for each in (client, vars(client), vars(listener))]
    kept += [repr(vars(client._broadcasts)), repr(client.last_reply), repr(POOL)]
    for secret in (WIFI_NAME, WIFI_SECRET, SECRET):
        assert secret not in shown
        assert secret not in caplog.text
        assert all(secret not in text for text in kept)


async def meet_http(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    profile: str = "nmminer-2.0.04",
) -> tuple[NMMinerHttpDevice, NMMinerClient]:
    """Return a device with newer firmware and a client that knows it."""
    device = await start_device(profile)
    assert isinstance(device, NMMinerHttpDevice)
    client = NMMinerClient(session, device.host, device.port)
    await client.identify()
    return device, client


def writes(device: NMMinerHttpDevice) -> list[str]:
    """Return the paths that something was sent to."""
    return [path for method, path in device.requests if method == "POST"]


@pytest.mark.parametrize("profile", NMMINER_HTTP_PROFILES)
async def test_a_pool_over_http(
    start_device: StartDevice, session: aiohttp.ClientSession, profile: str
) -> None:
    """It is written, read back, and in use after a restart."""
    device, client = await meet_http(start_device, session, profile)
    before = dict(device.settings)
    status = await client.set_pool(0, POOL)
    assert status.active_pool == replace(SHOWN, user=POOL.worker)
    assert device.settings == before | PRIMARY
    assert writes(device) == [MINING, "/api/system/restart"]
    assert ("GET", MINING) in device.requests
    assert not device.locked_out
    assert not set(WIFI_KEYS) & set(PRIMARY)


@pytest.mark.parametrize("profile", NMMINER_HTTP_PROFILES)
async def test_the_second_pool_over_http(
    start_device: StartDevice, session: aiohttp.ClientSession, profile: str
) -> None:
    """It takes no restart, since it is used only when the first one fails."""
    device, client = await meet_http(start_device, session, profile)
    before = dict(device.settings)
    status = await client.set_pool(1, POOL)
    assert device.settings == before | SECONDARY
    assert writes(device) == [MINING]
    assert status.active_pool is not None
    assert status.active_pool.address == endpoint(before["PrimaryPool"])


async def test_all_settings_over_http(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """There is no need for them."""
    device, client = await meet_http(start_device, session)
    with pytest.raises(MinerUnsupportedError):
        await client.set_pool(0, POOL, whole_configuration=True)
    assert writes(device) == []


async def test_a_pool_that_is_refused_over_http(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """By its status, or because it does not stand there afterwards."""
    device, client = await meet_http(start_device, session)
    with (
        patch("simulator.nmminer.http_device.change"),
        pytest.raises(MinerRefusedError, match="did not change"),
    ):
        await client.set_pool(0, POOL)
    await device.set_fault(Fault.SERVER_ERROR)
    with pytest.raises(MinerRefusedError, match="status 500"):
        await client.set_pool(0, POOL)
    assert writes(device) == [MINING, MINING]


async def test_a_pool_over_http_that_is_not_used(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """A miner that prefers its other pool for a minute is not waited for longer."""
    device, client = await meet_http(start_device, session)
    device.primary_dead = True
    with pytest.raises(MinerUnconfirmedError, match="does not use") as caught:
        await client.set_pool(0, POOL)
    assert SECRET not in str(caught.value)
    assert device.settings["PrimaryPool"] == PRIMARY["PrimaryPool"]
