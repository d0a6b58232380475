"""What NMMiners before firmware 2 do when they are told to change."""

import asyncio
from collections.abc import AsyncIterator, Callable
import json
import socket
from typing import Any

import pytest

from simulator.clock import ManualClock
from simulator.device import RESTART_SECONDS, SimulatedDevice
from simulator.faults import Fault
from simulator.identity import FALLBACK_HOST, POOL_HOST, WIFI_NAME
from simulator.nmminer import NMMinerHttpDevice, NMMinerUdpDevice
from simulator.nmminer.configuration import EVERY_DEVICE
from simulator.nmminer.settings import WIFI_SECRET

from .conftest import PATIENCE, Listener

type Listen = Callable[..., Listener]
type Serve = Callable[[SimulatedDevice], Any]
type Tell = Callable[..., Any]

OLD = f"{POOL_HOST}:3333"
NEW = {
    "PrimaryPool": "stratum+tcp://gold.example:4444",
    "PrimaryPassword": "d=1",
    "PrimaryAddress": "bc1qsomebodyelse.shed",
}


def nmminer(firmware: str = "1.8.10", **more: Any) -> NMMinerUdpDevice:
    """Return an NMMiner that has been mining for a minute."""
    device = NMMinerUdpDevice(firmware=firmware, clock=ManualClock(), **more)
    device.advance(60)
    return device


@pytest.fixture
async def device(serve: Serve) -> NMMinerUdpDevice:
    """Return a running NMMiner."""
    made = nmminer()
    await serve(made)
    return made


@pytest.fixture
async def tell(socket_enabled: None) -> AsyncIterator[Tell]:
    """Return what sends a datagram and waits until the devices have it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)

        async def send(
            content: Any, *devices: NMMinerUdpDevice, host: str | None = None
        ) -> None:
            data = content if isinstance(content, bytes) else json.dumps(content)
            seen = [len(device.requests) for device in devices]
            target = (host or devices[0].host, devices[0].config_port)
            sender.sendto(data if isinstance(data, bytes) else data.encode(), target)
            async with asyncio.timeout(PATIENCE):
                for device, before in zip(devices, seen, strict=True):
                    # The list of requests has no event to wait for.
                    while len(device.requests) == before:  # noqa: ASYNC110
                        await asyncio.sleep(0)

        yield send


async def test_a_new_pool_after_a_few_seconds(
    device: NMMinerUdpDevice, tell: Tell
) -> None:
    """What is not mentioned stays."""
    before = dict(device.settings)
    await tell({"IP": device.host, **NEW}, device)
    assert device.requests == [("UDP", "12347")]
    assert device.configurations == [{"IP": device.host, **NEW}]
    assert device.settings == before | NEW
    assert device.info()["PoolInUse"] == OLD
    device.advance(2)
    assert device.pool_in_use == OLD
    device.advance(1)
    assert device.info()["PoolInUse"] == "gold.example:4444"
    assert device.state.user_in_use == NEW["PrimaryAddress"]


async def test_the_same_ten_times(device: NMMinerUdpDevice, tell: Tell) -> None:
    """As the official client sends it, which does not put anything off."""
    content = {"IP": EVERY_DEVICE, **NEW}
    await tell(content, device)
    device.advance(2)
    for _ in range(9):
        await tell(content, device)
    assert device.configurations == [content] * 10
    device.advance(1)
    assert device.pool_in_use == "gold.example:4444"
    await tell(content, device)
    device.reboot()
    assert device.pool_in_use == "gold.example:4444"
    assert not device.locked_out


async def test_a_broadcast_reaches_every_device(serve: Serve, tell: Tell) -> None:
    """Those that it is not meant for ignore it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as finder:
        finder.bind(("127.255.255.255", 0))
        port = finder.getsockname()[1]
    first, second = [nmminer("1.5.01", config_port=port) for _ in range(2)]
    await serve(first)
    await serve(second)
    both = (first, second)
    await tell({"IP": second.host, "Brightness": 10}, *both, host="127.255.255.255")
    assert (first.settings["Brightness"], second.settings["Brightness"]) == (100, 10)
    assert first.configurations == []
    await tell({"IP": EVERY_DEVICE, "Brightness": 20}, *both, host="127.255.255.255")
    assert (first.settings["Brightness"], second.settings["Brightness"]) == (20, 20)
    assert len(first.requests) == len(second.requests) == 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"[" * 60_000,
        json.dumps(NEW).encode(),
        json.dumps({"IP": "127.0.0.200", **NEW}).encode(),
        json.dumps({"IP": 0, **NEW}).encode(),
    ],
)
async def test_what_is_meant_for_nobody(
    device: NMMinerUdpDevice, tell: Tell, data: bytes
) -> None:
    """Nothing happens, and nobody is told."""
    before = dict(device.settings)
    await tell(data, device)
    assert device.settings == before
    assert device.configurations == []
    assert device.requests == [("UDP", "12347")]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("PrimaryPool", 17),
        ("PrimaryAddress", None),
        ("SecondaryPassword", ["x"]),
        ("WiFiSSID", 1),
        ("WiFiPWD", None),
        ("Timezone", "1"),
        ("Timezone", 15),
        ("UIRefresh", -1),
        ("ScreenTimeout", 1.5),
        ("Brightness", 101),
        ("Brightness", True),
        ("SaveUptime", 0),
        ("LedEnable", "false"),
        ("HostName", "other"),
        ("Nonsense", 1),
    ],
)
async def test_values_that_are_ignored(
    device: NMMinerUdpDevice, tell: Tell, key: str, value: object
) -> None:
    """Silently, while what stands beside them is taken."""
    before = dict(device.settings)
    await tell({"IP": device.host, key: value, "BTCPrice": True}, device)
    assert device.settings == before | {"BTCPrice": True}
    assert not device.locked_out


async def test_every_other_setting(device: NMMinerUdpDevice, tell: Tell) -> None:
    """They are stored as they come."""
    content = {
        "SecondaryPool": "stratum+tcp://silver.example:1",
        "Timezone": -7,
        "UIRefresh": 5,
        "ScreenTimeout": 0,
        "Brightness": 0,
        "SaveUptime": False,
        "LedEnable": False,
        "RotateScreen": True,
        "AutoBrightness": True,
        "WiFiSSID": WIFI_NAME,
        "WiFiPWD": WIFI_SECRET,
    }
    before = dict(device.settings)
    await tell({"IP": device.host, **content}, device)
    assert device.settings == before | content
    assert not device.locked_out


@pytest.mark.parametrize(
    ("key", "value"),
    [("WiFiSSID", ""), ("WiFiPWD", ""), ("WiFiSSID", "other"), ("WiFiPWD", "other")],
)
async def test_wifi_fields_lock_it_out(
    serve: Serve, listen: Listen, tell: Tell, key: str, value: str
) -> None:
    """It is never heard of again, whatever happens to it."""
    listener = listen()
    device = nmminer(status_target=listener.address, config_target=listener.address)
    await serve(device)
    await tell({"IP": device.host, **NEW, key: value}, device)
    assert device.locked_out
    await tell({"IP": device.host, "WiFiSSID": WIFI_NAME}, device)
    assert len(device.configurations) == 1
    device.reboot()
    device.advance(600)
    device.announce()
    device.announce_configuration()
    assert listener.hears_nothing()
    assert device.locked_out


async def test_an_empty_pool(device: NMMinerUdpDevice, tell: Tell) -> None:
    """Nobody can mine there, so it goes to the second one."""
    await tell({"IP": device.host, "PrimaryPool": ""}, device)
    device.advance(3)
    assert device.pool_in_use == f"{FALLBACK_HOST}:3334"


async def test_nobody_is_there_to_be_told(device: NMMinerUdpDevice, tell: Tell) -> None:
    """While it boots or refuses; one that only says nothing still listens."""
    device.reboot(outage=RESTART_SECONDS)
    await tell({"IP": device.host, "Brightness": 1}, device)
    device.advance(RESTART_SECONDS)
    await device.set_fault(Fault.REFUSE)
    await tell({"IP": device.host, "Brightness": 2}, device)
    assert device.settings["Brightness"] == 100
    await device.set_fault(Fault.HANG)
    await tell({"IP": device.host, "Brightness": 3}, device)
    assert device.settings["Brightness"] == 3


@pytest.mark.parametrize("firmware", ["0.3.01", "1.2.01"])
async def test_old_firmware_is_told_nothing(
    serve: Serve, tell: Tell, firmware: str
) -> None:
    """It does not listen; another device that does is told meanwhile."""
    old, new = nmminer(firmware), nmminer()
    await serve(old)
    await serve(new)
    old_address = (old.host, old.config_port)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(json.dumps({"IP": old.host, **NEW}).encode(), old_address)
    await tell({"IP": new.host, **NEW}, new)
    assert old.requests == []
    assert old.configurations == []
    assert old.settings["PrimaryPool"] == f"stratum+tcp://{OLD}"
    assert not old.configurable


async def test_a_port_of_its_own(serve: Serve, tell: Tell) -> None:
    """Which may be any free one."""
    device = nmminer(config_port=0)
    await device.start("127.0.0.1")
    assert device.config_port > 0
    await tell({"IP": "127.0.0.1", "Brightness": 5}, device)
    assert device.settings["Brightness"] == 5
    assert device.requests == [("UDP", str(device.config_port))]
    await device.stop()


async def test_an_update_to_firmware_2(device: NMMinerUdpDevice, tell: Tell) -> None:
    """The same name and pools at the same address, but over HTTP."""
    await tell({"IP": device.host, **NEW}, device)
    await device.stop()
    updated = NMMinerHttpDevice(settings=device.settings, clock=ManualClock())
    await updated.start(device.host)
    assert updated.host == device.host
    assert updated.hostname == device.hostname
    assert updated.pool_in_use == "gold.example:4444"
    assert updated.settings["RotateScreen"] == 0
    await updated.stop()
