"""Every family is given other pools in the way that disturbs it least."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import replace
import logging
import traceback
from typing import Any
from unittest.mock import AsyncMock, patch

import aiohttp
from aiohttp import web
import pytest

from custom_components.miner_controller.protocols import (
    nmminer_pool,
    restart_watch,
)
from custom_components.miner_controller.protocols.avalon import AvalonClient
from custom_components.miner_controller.protocols.avalon_setpool import setpool_refusal
from custom_components.miner_controller.protocols.axeos_slots import choose_slot
from custom_components.miner_controller.protocols.cgminer_miner import CgminerClient
from custom_components.miner_controller.protocols.client import MinerClient
from custom_components.miner_controller.protocols.errors import (
    MinerConnectionError,
    MinerError,
    MinerLockedError,
    MinerLoginError,
    MinerRefusedError,
    MinerUnconfirmedError,
    MinerUnsupportedError,
)
from custom_components.miner_controller.protocols.esp_pool import esp_pool
from custom_components.miner_controller.protocols.nmminer import NMMinerClient
from custom_components.miner_controller.protocols.nmminer_listener import (
    NMMinerListener,
)
from custom_components.miner_controller.protocols.otp import OtpSession
from custom_components.miner_controller.protocols.pool_settings import PoolSettings
from custom_components.miner_controller.protocols.web_login import WebLogin
from simulator.avalon import AvalonDevice
from simulator.axeos import AxeOSDevice
from simulator.axeos.settings import Pool as AxePool
from simulator.clock import ManualClock
from simulator.fault_replies import hang_up
from simulator.http_device import Handler
from simulator.nerdqaxe import NerdQAxeDevice
from simulator.nmminer import NMMinerHttpDevice, NMMinerUdpDevice
from tests.devices import Device, StartDevice

from . import HOST, client_for
from .raw_miner import until

type Session = aiohttp.ClientSession
type EspDevice = AxeOSDevice | NerdQAxeDevice

# What no error, log or representation may ever show.
CANARY = "canary-password"
WORKER = "bc1qcanary.shed"
NEW_HOST = "gold.example"

POOL = PoolSettings(
    url=f"stratum+tcp://{NEW_HOST}:4444", worker=WORKER, password=CANARY
)
TLS_POOL = replace(POOL, url=f"stratum+ssl://{NEW_HOST}:4455")
SECOND = PoolSettings(url="silver.example:3333", worker=f"{WORKER}2", password="d=1")
THIRD = PoolSettings(url="tcp://bronze.example:3335", worker=f"{WORKER}3")
V2_POOL = replace(POOL, url=f"stratum2+tcp://{NEW_HOST}:3336")

FLAT = ("2.4", "2.6", "2.10", "2.14")
RESTART = "/api/system/restart"
SETTINGS = "/api/system"
OTP_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


async def met(
    start_device: StartDevice, session: Session, profile: str, **changes: object
) -> tuple[Any, Any]:
    """Return a running device and a client that has polled it."""
    # Not for as long as others are: no test needs shares.
    device = await start_device(profile, warm=False, **changes)
    device.advance(70)
    client: MinerClient
    if isinstance(device, AxeOSDevice | NerdQAxeDevice):
        client = client_for(session, device)
        client.otp = OtpSession(device.clock)
    elif isinstance(device, AvalonDevice):
        client = AvalonClient(session, HOST, device.port, web_port=device.web_port or 1)
        client.web_login = WebLogin(user=device.web_user, password=device.web_password)
    elif isinstance(device, NMMinerHttpDevice):
        client = NMMinerClient(session, device.host, device.port)
    else:
        client = CgminerClient(HOST, device.port)
    await client.fetch()
    device.requests.clear()
    return device, client


def stored(pool: Any) -> tuple[object, ...]:
    """Return what a device keeps of a pool, as far as a home sets it."""
    return (pool.url, pool.port, pool.user, pool.password, bool(pool.tls))


def parts(pool: PoolSettings) -> tuple[object, ...]:
    """Return the same of a pool that is sent."""
    wanted = esp_pool(pool)
    return (wanted.host, wanted.port, wanted.user, wanted.password, wanted.tls)


def changes(device: Device) -> list[str]:
    """Return what a device was told over HTTP, in order."""
    return [path for method, path in device.requests if method != "GET"]


@contextmanager
def answering_patch(device: EspDevice, handler: Handler) -> Iterator[None]:
    """Let a device answer a change in another way than its firmware does."""
    key = ("PATCH", SETTINGS)
    routes: dict[tuple[str, str], Any] = device._routes
    *since, _ = routes[key]
    with patch.dict(routes, {key: (*since, handler)}):
        yield


@contextmanager
def impatience() -> Iterator[None]:
    """Wait for a restart for a shorter time."""
    with patch.object(restart_watch, "_RESTART_STEPS", 5):
        yield


async def told(action: Awaitable[object]) -> tuple[MinerError, str]:
    """Return the error in which a command ends, with its whole traceback."""
    with pytest.raises(MinerError) as caught:
        await action
    return caught.value, "".join(traceback.format_exception(caught.value))


def assert_no_secret(text: str) -> None:
    """Assert that nothing of a pool is in a text."""
    for secret in (CANARY, WORKER, NEW_HOST):
        assert secret not in text


# AxeOS up to 2.14: two pools under flat keys, which count from the next start on.


@pytest.mark.parametrize("firmware", FLAT)
async def test_a_bitaxe_with_flat_keys(
    start_device: StartDevice, session: Session, firmware: str
) -> None:
    """One change, one restart, and the pool is the one of the new session."""
    device, client = await met(start_device, session, f"axeos-{firmware}")
    fallback = stored(device.settings.fallback_pool)
    assert (client.capabilities.set_pool, client.capabilities.pool_slots) == (True, 2)
    assert client.capabilities.restart_for_pool
    status = await client.use_pool(POOL)
    assert changes(device) == [SETTINGS, RESTART]
    assert stored(device.pool) == parts(POOL)
    assert stored(device.settings.fallback_pool) == fallback
    assert status.active_pool.address == f"{NEW_HOST}:4444"
    assert status.uptime < 60


@pytest.mark.parametrize("firmware", ["2.10", "2.14", "2.15"])
async def test_a_bitaxe_that_uses_the_pool_already(
    start_device: StartDevice, session: Session, firmware: str
) -> None:
    """It does not restart for nothing, unless it has not restarted as it should."""
    device, client = await met(start_device, session, f"axeos-{firmware}")
    await client.use_pool(POOL)
    device.requests.clear()
    status = await client.use_pool(replace(POOL, password="other"))
    assert status.active_pool.host == NEW_HOST
    assert changes(device) == []
    # What it was told by `set_pool` is written in any case: the password may differ.
    slot = device.settings.primary
    await client.set_pool(slot, replace(POOL, password="other"))
    assert changes(device) == [SETTINGS, RESTART]
    assert device.pool.password == "other"
    device.requests.clear()
    with (
        impatience(),
        patch.object(device, "reboot"),
        pytest.raises(MinerUnconfirmedError, match="did not come back"),
    ):
        await client.use_pool(SECOND)
    assert stored(device.settings.pool) == parts(SECOND)
    assert stored(device.pool) != parts(SECOND)
    device.requests.clear()
    await client.use_pool(SECOND)
    assert changes(device) == [SETTINGS, RESTART]
    assert stored(device.pool) == parts(SECOND)


@pytest.mark.parametrize("firmware", ["2.6", "2.14", "2.15"])
async def test_all_pools_of_a_bitaxe(
    start_device: StartDevice, session: Session, firmware: str
) -> None:
    """They are written in one change with one restart; what is too much is left."""
    device, client = await met(start_device, session, f"axeos-{firmware}")
    device.settings.primary, device.settings.secondary = (
        (3, 0) if firmware == "2.15" else (0, 1)
    )
    rest = [THIRD] * 8
    await client.set_pools([POOL, SECOND, *rest])
    assert changes(device) == [SETTINGS, RESTART]
    assert stored(device.settings.pool) == stored(device.pool) == parts(POOL)
    assert stored(device.settings.fallback_pool) == parts(SECOND)
    assert (device.settings.primary, device.settings.secondary) == (0, 1)
    found = [stored(pool) for pool in device.settings.pools[2:]]
    assert (found == [parts(THIRD)] * 6) is (firmware == "2.15")
    await client.set_pool(1, THIRD)
    assert stored(device.settings.fallback_pool) == parts(THIRD)
    assert stored(device.settings.pool) == parts(POOL)
    device.requests.clear()
    with pytest.raises(MinerUnsupportedError):
        await client.set_pool(client.capabilities.pool_slots, POOL)
    with pytest.raises(MinerUnsupportedError):
        await client.set_pool(0, POOL, whole_configuration=True)
    assert device.requests == []


async def test_one_pool_for_a_bitaxe_whose_fallback_it_replaces(
    start_device: StartDevice, session: Session
) -> None:
    """What was the first choice becomes the second one, so that there is one."""
    device, client = await met(start_device, session, "axeos-2.15")
    device.settings.primary, device.settings.secondary = 3, 0
    await client.set_pools([POOL])
    assert (device.settings.primary, device.settings.secondary) == (0, 3)
    await client.set_pools([SECOND])
    assert (device.settings.primary, device.settings.secondary) == (0, 3)


@pytest.mark.parametrize(
    ("firmware", "told"),
    [("2.10", None), ("2.12", None), ("2.14", None), ("2.15", True)],
)
async def test_a_bitaxe_that_was_told_to_use_its_fallback(
    start_device: StartDevice, session: Session, firmware: str, told: bool | None
) -> None:
    """That order ends, also where only its effect is told."""
    device, client = await met(start_device, session, f"axeos-{firmware}")
    pool = device.settings.pool
    device.settings.use_fallback = True
    device.reboot()
    device.advance(30)
    assert (await client.fetch()).fallback_pool is True
    assert device.info().get("useFallbackStratum") == told
    same = PoolSettings(url=f"{pool.url}:{pool.port}", worker=pool.user)
    status = await client.use_pool(same)
    # Firmware up to 2.10 knows no such order: its first pool does not answer.
    ordered = firmware != "2.10"
    assert bool(changes(device)) is ordered
    assert device.settings.use_fallback is not ordered
    assert status.fallback_pool is not ordered


async def test_a_fallback_that_is_ordered_again_is_no_success(
    start_device: StartDevice, session: Session
) -> None:
    """The pool is not mined for, though it stands where it should."""
    device, client = await met(start_device, session, "axeos-2.15")
    device.settings.use_fallback = True
    boot = device.state.boot

    def stubborn(reason: str) -> None:
        device.settings.use_fallback = True
        boot(reason)

    with (
        patch.object(device.state, "boot", stubborn),
        pytest.raises(MinerRefusedError, match="The pool did not change"),
    ):
        await client.use_pool(POOL)


# TLS and the versions of Stratum.


@pytest.mark.parametrize(
    "profile", ["axeos-2.13", "axeos-2.14", "axeos-2.15", "nerdqaxe-1.1.0"]
)
async def test_a_pool_with_tls(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """It is spoken to rightly, and so is the next one without."""
    device, client = await met(start_device, session, profile)
    await client.use_pool(TLS_POOL)
    assert stored(device.settings.pool) == parts(TLS_POOL)
    await client.use_pool(replace(POOL, url=f"{NEW_HOST}:4455"))
    assert stored(device.settings.pool)[-1] is False
    await client.set_pools([THIRD, TLS_POOL])
    assert stored(device.settings.fallback_pool) == parts(TLS_POOL)


@pytest.mark.parametrize("profile", ["axeos-2.14", "axeos-2.15"])
async def test_an_own_certificate_stays(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """A pool that is written again keeps everything that a home does not set."""
    device, client = await met(start_device, session, profile)
    own: dict[str, Any] = {"tls": 2, "certificate": "PEM", "suggested_difficulty": 512}
    wanted = esp_pool(TLS_POOL)
    device.settings.pools[0] = AxePool(
        url=wanted.host, port=wanted.port, user=wanted.user, **own
    )
    await client.set_pool(0, TLS_POOL)
    kept = device.settings.pools[0]
    assert {name: getattr(kept, name) for name in own} == own
    assert kept.password == CANARY
    if profile == "axeos-2.15":
        # Another pool gets nothing of it.
        await client.set_pool(0, replace(TLS_POOL, worker="other"))
        assert device.settings.pools[0].suggested_difficulty == 1000
        assert device.settings.pools[0].tls == 1


@pytest.mark.parametrize(
    "profile", ["axeos-2.12", "nerdqaxe-1.0.30", "nerdqaxe-1.0.35"]
)
async def test_firmware_without_tls(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """It says so, and nothing is sent that would be ignored."""
    device, client = await met(start_device, session, profile)
    for action in (client.use_pool(TLS_POOL), client.set_pools([POOL, TLS_POOL])):
        with pytest.raises(MinerUnsupportedError, match="does not speak TLS to pools"):
            await action
    assert changes(device) == []


@pytest.mark.parametrize("profile", ["axeos-2.14", "axeos-2.15", "nerdqaxe-1.0.37"])
async def test_a_pool_with_the_second_version_of_stratum(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """It cannot be set, but a pool takes the place of one."""
    device, client = await met(start_device, session, profile)
    with pytest.raises(MinerUnsupportedError, match="Stratum V2"):
        await client.use_pool(V2_POOL)
    assert changes(device) == []
    info = device.info()
    if profile.startswith("axeos"):
        second = {"protocol": "SV2", "authority_key": "key"}
        device.settings.pools[0] = replace(device.settings.pools[0], **second)
    else:
        device.settings.pool.protocol = 1
    old = PoolSettings(
        url=f"{info['stratumURL']}:{info['stratumPort']}", worker=info["stratumUser"]
    )
    for pool in (old, POOL):
        await client.use_pool(pool)
        assert stored(device.settings.pool)[:3] == parts(pool)[:3]
        assert device.settings.pool.protocol in ("SV1", 0)


# AxeOS from 2.15 on: slots, of which one is the first choice and another the second.


def slot_row(number: int, pool: PoolSettings | None) -> dict[str, object]:
    """Return a slot as a miner tells of it."""
    if pool is None:
        return {"id": number, "stratumURL": "", "stratumPort": 3333, "stratumUser": ""}
    wanted = esp_pool(pool)
    return {
        "id": number,
        "stratumURL": wanted.host,
        "stratumPort": wanted.port,
        "stratumUser": wanted.user,
    }


@pytest.mark.parametrize(
    ("pools", "primary", "secondary", "chosen"),
    [
        # It holds it already, whichever it is; the first choice above all.
        ([SECOND, POOL, None], 0, 1, 1),
        ([POOL, SECOND, POOL], 2, 0, 2),
        ([THIRD, SECOND, POOL, POOL], 0, 1, 2),
        # It is another account of the same pool.
        ([replace(POOL, worker="x"), SECOND, None], 0, 1, 2),
        # Empty, and not in use. Only slots that are filled are told, of eight.
        ([SECOND, THIRD, SECOND, None], 0, 1, 3),
        ([SECOND, THIRD], 1, 0, 2),
        ([SECOND], None, None, 1),
        # The first choice itself is empty.
        ([None, THIRD, SECOND], 0, 1, 0),
        ([], None, None, 0),
        # There is none that is empty.
        ([SECOND, THIRD] * 4, 0, 1, 2),
    ],
)
def test_the_slot_of_a_pool(
    pools: list[PoolSettings | None],
    primary: int | None,
    secondary: int | None,
    chosen: int,
) -> None:
    """As little as possible is lost."""
    info = {
        "primaryPoolIndex": primary,
        "secondaryPoolIndex": secondary,
        "pools": [
            "no slot",
            {"id": "none", "stratumURL": NEW_HOST},
            *(slot_row(number, pool) for number, pool in enumerate(pools)),
        ],
    }
    assert choose_slot(info, esp_pool(POOL)) == chosen


async def test_a_bitaxe_with_slots(start_device: StartDevice, session: Session) -> None:
    """A free slot is filled and preferred, and no pool is lost."""
    device, client = await met(start_device, session, "axeos-2.15")
    assert client.capabilities.pool_slots == 8
    before = [stored(pool) for pool in device.settings.pools]
    status = await client.use_pool(POOL)
    assert changes(device) == [SETTINGS, RESTART]
    assert stored(device.pool) == parts(POOL)
    assert (device.settings.primary, device.settings.secondary) == (2, 1)
    after = [stored(pool) for pool in device.settings.pools]
    assert after == [*before[:2], parts(POOL), *before[3:]]
    assert status.active_pool.address == f"{NEW_HOST}:4444"
    # The second choice becomes the first one, and the first one the second.
    pool = device.settings.pools[1]
    second = PoolSettings(url=f"{pool.url}:{pool.port}", worker=pool.user)
    status = await client.use_pool(second)
    assert (device.settings.primary, device.settings.secondary) == (1, 2)
    assert status.active_pool.host == pool.url
    # Nothing of the slots is told that would be another entity.
    assert (status.pool_slots, status.active_slot) == ((), None)


# NerdQAxe++: two pools under flat keys, which count at once.


@pytest.mark.parametrize("firmware", ["1.0.30", "1.0.35", "1.1.0"])
async def test_a_nerdqaxe(
    start_device: StartDevice, session: Session, firmware: str
) -> None:
    """Nothing restarts, and a pool that is in use is written for its password."""
    device, client = await met(start_device, session, f"nerdqaxe-{firmware}")
    assert (client.capabilities.set_pool, client.capabilities.pool_slots) == (True, 2)
    assert not client.capabilities.restart_for_pool
    fallback = stored(device.settings.fallback_pool)
    for pool in (POOL, replace(POOL, password="other")):
        status = await client.use_pool(pool)
        assert stored(device.settings.pool) == parts(pool)
        assert status.active_pool.address == f"{NEW_HOST}:4444"
    assert stored(device.settings.fallback_pool) == fallback
    await client.set_pool(1, SECOND)
    assert stored(device.settings.fallback_pool) == parts(SECOND)
    await client.set_pools([SECOND, THIRD, POOL])
    assert stored(device.settings.pool) == parts(SECOND)
    assert stored(device.settings.fallback_pool) == parts(THIRD)
    assert changes(device) == [SETTINGS] * 4
    assert device.state.uptime > 60
    with pytest.raises(MinerUnsupportedError):
        await client.set_pool(2, POOL)


@pytest.mark.parametrize("firmware", ["1.0.34", "1.1.0"])
async def test_a_locked_nerdqaxe(
    start_device: StartDevice, session: Session, firmware: str
) -> None:
    """It is told with the session of a one-time password, and nothing without."""
    device, client = await met(
        start_device, session, f"nerdqaxe-{firmware}", otp_secret=OTP_SECRET
    )
    with pytest.raises(MinerLockedError):
        await client.use_pool(POOL)
    assert changes(device) == []
    await client.unlock(device.current_otp())
    await client.use_pool(POOL)
    assert stored(device.settings.pool) == parts(POOL)


async def test_a_miner_with_one_pool(
    start_device: StartDevice, session: Session
) -> None:
    """Firmware that tells of no fallback has none, and the rest is left out."""
    device, client = await met(start_device, session, "axeos-2.4")
    fallback = stored(device.settings.fallback_pool)
    info = device.info

    def short() -> Mapping[str, Any]:
        return {key: value for key, value in info().items() if "fallback" not in key}

    with patch.object(device, "info", short):
        client = client_for(session, device)
        await client.set_pools([POOL, SECOND])
        assert client.capabilities.pool_slots == 1
    assert stored(device.settings.pool) == parts(POOL)
    assert stored(device.settings.fallback_pool) == fallback


# What goes wrong with the miners over HTTP.


@pytest.mark.parametrize(
    ("profile", "command"),
    [
        ("axeos-2.6", "use_pool"),
        ("axeos-2.14", "set_pools"),
        ("axeos-2.15", "use_pool"),
        ("axeos-2.15", "set_pools"),
        ("nerdqaxe-1.0.37", "use_pool"),
        ("nerdqaxe-1.1.0", "set_pools"),
    ],
)
async def test_a_change_of_pools_that_goes_wrong(
    start_device: StartDevice,
    session: Session,
    caplog: pytest.LogCaptureFixture,
    profile: str,
    command: str,
) -> None:
    """Each way has its error, and none tells anything of the pool."""
    caplog.set_level(logging.DEBUG)
    device, client = await met(start_device, session, profile)
    argument = POOL if command == "use_pool" else [POOL, SECOND]
    act: Callable[[], Awaitable[object]] = lambda: getattr(client, command)(argument)  # noqa: E731
    restarts = profile.startswith("axeos")

    async def ignore(_request: web.BaseRequest) -> web.Response:
        return web.Response()

    async def refuse(request: web.BaseRequest) -> web.Response:
        return web.Response(status=400, text=f"Wrong: {await request.text()}")

    async def lose(request: web.BaseRequest) -> web.Response:
        device.reboot(outage=8)
        hang_up(request, at_once=True)
        return web.Response()

    shown = ""
    with answering_patch(device, ignore):
        error, text = await told(act())
        shown += text
    assert type(error) is MinerRefusedError
    assert str(error) == "The pool did not change"
    assert changes(device) == [SETTINGS, RESTART][: 1 + restarts]

    device.requests.clear()
    with answering_patch(device, refuse):
        error, text = await told(act())
        shown += text
    assert type(error) is MinerRefusedError
    assert str(error) == "The miner did not accept the pool"
    assert changes(device) == [SETTINGS]

    device.requests.clear()
    with answering_patch(device, lose):
        error, text = await told(act())
        shown += text
    assert isinstance(error, MinerConnectionError)
    assert changes(device) == [SETTINGS]
    device.advance(60)

    if restarts:
        reboot = device.reboot
        with (
            impatience(),
            patch.object(device, "reboot", lambda **_: reboot(outage=float("inf"))),
        ):
            error, text = await told(act())
            shown += text
        assert type(error) is MinerUnconfirmedError
        device.booted_at = device.clock()

    # It is a miner like others again.
    await act()
    assert stored(device.settings.pool) == parts(POOL)
    assert_no_secret(shown + caplog.text + repr(argument) + repr(vars(client)))
    assert CANARY not in repr(esp_pool(POOL))


@pytest.mark.parametrize("firmware", ["2.10", "2.15"])
async def test_a_restart_that_is_not_answered(
    start_device: StartDevice, session: Session, firmware: str
) -> None:
    """That the miner went before it answered is no failure."""
    device, client = await met(start_device, session, f"axeos-{firmware}")
    with patch.object(
        client._device, "post_last", side_effect=MinerConnectionError("gone")
    ) as post_last:

        async def vanish(path: str) -> None:
            device.reboot(outage=8)
            raise MinerConnectionError("gone")

        post_last.side_effect = vanish
        await client.use_pool(POOL)
    assert stored(device.pool) == parts(POOL)


@pytest.mark.parametrize(
    "profile",
    [
        "axeos-2.14",
        "axeos-2.15",
        "nerdqaxe-1.0.37",
        "avalon-nano3s",
        "cgminer-4.11:privileged",
        "nmminer-2.0.04",
    ],
)
async def test_pools_that_cannot_be_sent(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """A miner does not hear of them."""
    device, client = await met(start_device, session, profile)
    device.requests.clear()
    fills = client.capabilities.set_pool
    for field, changed in (
        ("url", replace(POOL, url="no address")),
        ("worker", replace(POOL, worker=f"{WORKER},x")),
        ("password", replace(POOL, password=f"{CANARY} x")),
    ):
        actions = [client.use_pool(changed)]
        if fills:
            actions += [
                client.set_pools([SECOND, changed]),
                client.set_pool(0, changed),
            ]
        for action in actions:
            error, text = await told(action)
            assert type(error) is MinerRefusedError
            assert str(error) == f"The pool's {field} cannot be sent"
            assert_no_secret(text)
    if fills:
        error, _ = await told(client.set_pools([]))
        assert type(error) is MinerRefusedError
    assert device.requests == []


@pytest.mark.parametrize("url", [NEW_HOST, f"http://{NEW_HOST}:80"])
async def test_an_address_without_what_a_bitaxe_needs(
    start_device: StartDevice, session: Session, url: str
) -> None:
    """It is told a host and a port of plain Stratum, and nothing else."""
    device, client = await met(start_device, session, "axeos-2.14")
    error, text = await told(client.use_pool(replace(POOL, url=url)))
    assert str(error) == "The pool's url cannot be sent"
    assert_no_secret(text)
    assert device.requests == []


# Avalon and others with the API of cgminer.


def commands(device: Device) -> list[str]:
    """Return the commands that a miner was given besides questions."""
    asked = [name for name, parameter in device.requests if parameter != "0,help"]
    return [name for name in asked if name in ("ascset", "setpool", "switchpool")]


@pytest.mark.parametrize("profile", ["avalon-nano3", "avalon-nano3s"])
async def test_an_avalon_without_the_pool(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """Its first slot is filled, for that is the one it prefers after its restart."""
    device, client = await met(start_device, session, profile)
    assert client.capabilities.restart_for_pool
    await client.switch_pool(2)
    device.requests.clear()
    status = await client.use_pool(POOL)
    assert commands(device) == ["setpool", "ascset"]
    assert device.pools.active is device.pools[0]
    first = device.pools[0]
    assert (first.url, first.user, first.password) == (POOL.url, WORKER, CANARY)
    assert status.active_pool.host == NEW_HOST
    device.requests.clear()
    await client.set_pools([SECOND, THIRD, POOL, POOL])
    assert commands(device) == ["setpool"] * 3 + ["ascset"]
    assert [pool.url for pool in device.pools] == [SECOND.url, THIRD.url, POOL.url]
    # Without its login nothing at all is written.
    client.web_login = None
    device.requests.clear()
    with pytest.raises(MinerUnsupportedError):
        await client.set_pool(0, POOL, whole_configuration=True)
    with pytest.raises(MinerLoginError):
        await client.set_pools([POOL, SECOND])
    assert commands(device) == []


def test_a_refusal_of_an_avalon_says_nothing_of_what_was_sent() -> None:
    """Its kind stays what it was."""
    refusal = setpool_refusal(MinerUnsupportedError(f"Invalid command {CANARY}"))
    assert (type(refusal), str(refusal)) == (MinerUnsupportedError, "setpool")


async def test_pools_of_an_avalon_that_are_not_there_afterwards(
    start_device: StartDevice, session: Session
) -> None:
    """Each of them has to stand."""
    device, client = await met(start_device, session, "avalon-nano3s")
    restart = device.restart

    def forgetful() -> None:
        del device.state.pending[1]
        restart()

    with patch.object(device, "restart", forgetful):
        error, text = await told(client.set_pools([POOL, SECOND]))
    assert type(error) is MinerRefusedError
    assert str(error) == "The pool did not change"
    assert_no_secret(text)
    with impatience(), patch.object(device, "restart"):
        error, text = await told(client.use_pool(THIRD))
    assert type(error) is MinerUnconfirmedError
    assert_no_secret(text)


@pytest.mark.parametrize(
    "profile", ["avalon-nano3", "avalon-nano3s", "cgminer-4.11:privileged"]
)
async def test_a_slot_with_the_pool_is_switched_to(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """That takes no restart, and nothing at all where it is preferred already."""
    device, client = await met(start_device, session, profile)
    device.pools[1].url, device.pools[1].user = f"{NEW_HOST}:4444", WORKER
    device.pools[2].url, device.pools[2].user = f"{NEW_HOST}:4444", WORKER
    status = await client.use_pool(POOL)
    assert commands(device) == ["switchpool"]
    assert status.active_slot.number == 1
    device.requests.clear()
    assert (await client.use_pool(POOL)).active_slot.number == 1
    assert commands(device) == []
    device.pools[1].enabled = False
    status = await client.use_pool(POOL)
    assert commands(device) == ["switchpool"]
    assert device.pools[1].enabled


async def test_a_cgminer_without_the_pool(
    start_device: StartDevice, session: Session
) -> None:
    """Another account at the same pool is another pool, and slots are not filled."""
    device, client = await met(start_device, session, "cgminer-4.11:privileged")
    device.pools[1].url = POOL.url
    for action in (client.use_pool(POOL), client.set_pools([POOL])):
        error, text = await told(action)
        assert type(error) is MinerUnsupportedError
        assert_no_secret(text)
    assert commands(device) == []


# NMMiner.


async def test_an_nmminer_over_http(
    start_device: StartDevice, session: Session
) -> None:
    """The second pool is written first, and the first one restarts the miner."""
    device, client = await met(start_device, session, "nmminer-2.0.04")
    assert client.capabilities.restart_for_pool
    mining = "/api/setting/mining"
    status = await client.use_pool(POOL)
    assert changes(device) == [mining, RESTART]
    assert status.active_pool.host == NEW_HOST
    device.requests.clear()
    await client.set_pools([THIRD, SECOND, POOL])
    assert changes(device) == [mining, mining, RESTART]
    assert device.settings["PrimaryAddress"] == THIRD.worker
    assert device.settings["SecondaryAddress"] == SECOND.worker

    async def vanish(path: str) -> None:
        device.reboot(outage=8)
        raise MinerConnectionError("gone")

    with patch.object(client._http._device, "post_last", vanish):
        status = await client.use_pool(POOL)
    assert status.active_pool.host == NEW_HOST


async def heard(
    start_device: StartDevice,
    session: Session,
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


@pytest.mark.parametrize("shows", [True, False])
async def test_an_nmminer_over_udp(
    start_device: StartDevice,
    session: Session,
    listener: NMMinerListener,
    moment: ManualClock,
    shows: bool,
) -> None:
    """Both pools are told, the first one also where the second does not show."""
    device, client = await heard(start_device, session, listener)
    assert not client.capabilities.restart_for_pool
    silence = AsyncMock(side_effect=MinerUnconfirmedError("it did not tell"))
    with (
        nullcontext()
        if shows
        else patch.object(nmminer_pool, "_wait_for_settings", silence)
    ):
        task = asyncio.create_task(client.set_pools([POOL, SECOND, THIRD]))
        await until(lambda: len(device.configurations) >= 10)
        device.announce_configuration()
        await until(
            lambda: (
                len(device.configurations) == 20 and listener.is_followed(device.host)
            )
        )
        device.advance(5)
        moment.advance(5)
        device.announce()
        if shows:
            pool = (await task).active_pool
            assert pool is not None
            assert pool.host == NEW_HOST
        else:
            error, text = await told(task)
            assert type(error) is MinerUnconfirmedError
            assert_no_secret(text)
    assert device.settings["PrimaryAddress"] == WORKER
    assert device.settings["SecondaryAddress"] == SECOND.worker
    assert not device.locked_out


async def test_an_nmminer_that_takes_nothing(
    start_device: StartDevice, session: Session, listener: NMMinerListener
) -> None:
    """Firmware before 1.5.01 is told nothing."""
    device, client = await heard(start_device, session, listener, "nmminer-0.3.01")
    for action in (client.use_pool(POOL), client.set_pools([POOL])):
        with pytest.raises(MinerUnsupportedError):
            await action
    assert device.requests == []
