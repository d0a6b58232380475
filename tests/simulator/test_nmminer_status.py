"""What NMMiners before firmware 2 say of themselves, as a listener hears it."""

import asyncio
from collections.abc import Callable
import json
from typing import Any

import pytest

from simulator.clock import Clock, ManualClock
from simulator.device import RESTART_SECONDS, SimulatedDevice
from simulator.faults import Fault
from simulator.identity import FALLBACK_HOST, POOL_HOST, WIFI_NAME
from simulator.nmminer import UDP_FIRMWARES, NMMinerUdpDevice
from simulator.nmminer.settings import WIFI_SECRET
from simulator.nmminer.status import duration, scaled

from .conftest import Listener

type Listen = Callable[..., Listener]
type Serve = Callable[[SimulatedDevice], Any]

POOL = f"{POOL_HOST}:3333"


def nmminer(firmware: str, board: str = "cyd28", **more: Any) -> NMMinerUdpDevice:
    """Return an NMMiner that has been mining for two hours."""
    device = NMMinerUdpDevice(
        firmware=firmware, board=board, clock=ManualClock(), **more
    )
    device.advance(7200)
    return device


@pytest.fixture
async def heard(serve: Serve, listen: Listen) -> tuple[NMMinerUdpDevice, Listener]:
    """Return a running NMMiner and somebody who hears it."""
    listener = listen()
    device = nmminer("1.8.10", status_target=listener.address)
    await serve(device)
    return device, listener


@pytest.mark.parametrize(
    ("firmware", "address", "later"),
    [
        ("0.3.01", "IP", ["Progress", "Temp"]),
        ("1.2.01", "ip", ["Progress", "Temp"]),
        ("1.8.10", "ip", []),
    ],
)
def test_the_keys_of_a_status(firmware: str, address: str, later: list[str]) -> None:
    """The address changed its name, and two keys are gone."""
    assert list(nmminer(firmware).info()) == [
        *(address, "BoardType", "HashRate", "Share", "NetDiff", "PoolDiff"),
        *("LastDiff", "BestDiff", "Valid", *later, "RSSI", "FreeHeap", "Uptime"),
        *("Version", "PoolInUse"),
    ]


def test_the_first_firmware() -> None:
    """It knows no units, no percentage and no past."""
    device = nmminer("0.3.01", "nmlotto")
    device.model.hashrate = 0.00011313
    device.model.shares.accepted = 138
    device.model.shares.rejected = 1
    device.model.shares.best_session = 4_021_000.0
    device.model.network_difficulty = 89.47e12
    device.state.last_difficulty = 0.0123
    told = device.info()
    assert told["BoardType"] == "NMLotto"
    assert told["HashRate"] == "113.13K"
    assert told["Share"] == "1/138"
    assert told["BestDiff"] == "4.021M"
    assert told["NetDiff"] == "89.47T"
    assert told["PoolDiff"] == "0.001"
    assert told["LastDiff"] == "0.012"
    assert told["Uptime"] == "00d 02:00:00"
    assert told["Version"] == "v0.3.01"
    assert told["PoolInUse"] == POOL
    assert isinstance(told["Progress"], float)
    assert told["FreeHeap"] > 8000
    assert 30 < told["Temp"] < 60


def test_units_and_a_percentage() -> None:
    """Firmware 1.2.01 brought them."""
    device = nmminer("1.2.01")
    device.model.hashrate = 0.00099322
    told = device.info()
    assert told["HashRate"] == "993.22KH/s"
    shares = device.model.shares
    percent = 100 * shares.accepted / (shares.accepted + shares.rejected)
    assert told["Share"] == f"{shares.rejected}/{shares.accepted}/{percent:.1f}%"
    assert told["Uptime"] == "000d 02:00:00"
    assert "\r" not in told["BestDiff"]
    assert NMMinerUdpDevice(firmware="1.2.01").info()["Share"] == "0/0/0.0%"


@pytest.mark.parametrize(("firmware", "raw"), [("1.5.01", False), ("1.8.10", True)])
def test_a_carriage_return_between_session_and_ever(firmware: str, raw: bool) -> None:
    """Firmware that prints its JSON by hand does not escape it."""
    device = nmminer(firmware)
    device.model.hashrate = 0.0010154
    device.model.best_difficulty = 480_500.0
    device.model.shares.best_session = 12.34
    device.state.past_uptime = 90_061.0
    told = device.info()
    assert told["HashRate"] == "1.0154MH/s"
    assert told["BestDiff"] == "12.34\r480.5K"
    assert told["Uptime"] == "000d 02:00:00\r001d 03:01:01"
    data = device.status_datagram()
    assert (b'"12.34\r480.5K"' in data) == raw
    assert (rb'"12.34\r480.5K"' in data) != raw
    assert json.loads(data, strict=False) == told
    if raw:
        with pytest.raises(json.JSONDecodeError):
            json.loads(data)


def test_a_thermometer_that_is_not_there() -> None:
    """It read 0, until newer firmware left it out on a CYD."""
    assert nmminer("1.5.01").info()["Temp"] == 0
    assert "Temp" not in nmminer("1.8.10").info()
    assert nmminer("1.8.10", "devkit").info()["Temp"] == 0
    assert nmminer("1.8.10", "nmlotto").info()["Temp"] > 30


def test_a_board_with_an_asic() -> None:
    """It knows its power and hashes half a million times as fast."""
    told = nmminer("1.8.10", "nmaxe").info()
    assert told["BoardType"] == "NMAxe"
    assert 10 < float(told["Power"].removesuffix("W")) < 15
    assert 400 < float(told["HashRate"].removesuffix("GH/s")) < 600
    assert told["Lastseen"] == 7_200_000
    assert told["PoolDiff"] == "2.048K"
    assert "Power" not in nmminer("1.8.10", "nmlotto").info()


@pytest.mark.parametrize("firmware", UDP_FIRMWARES)
@pytest.mark.parametrize("board", ["cyd28", "nmaxe"])
def test_shares_come_every_half_minute_or_more_often(firmware: str, board: str) -> None:
    """On every board, because the pool asks of each what it can do."""
    shares = nmminer(firmware, board).model.shares
    assert 7200 / 30 < shares.accepted + shares.rejected < 7200 / 10
    assert shares.best_session > shares.pool_difficulty


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0, 5, "0.0000"),
        (0.0004, 4, "0.000"),
        (9.9999, 4, "10.00"),
        (999.96, 4, "1.000K"),
        (1000.0, 4, "1.000K"),
        (12_345.6, 4, "12.35K"),
        (8.947e13, 4, "89.47T"),
        (1e24, 4, "1000000E"),
    ],
)
def test_numbers_with_suffixes(value: float, digits: int, text: str) -> None:
    """There is always room for the same count of digits."""
    assert scaled(value, digits) == text


def test_durations() -> None:
    """Days and a clock."""
    assert duration(0) == "000d 00:00:00"
    assert duration(86399.9, 2) == "00d 23:59:59"
    assert duration(123 * 86400 + 3661) == "123d 01:01:01"


async def test_it_is_heard_from_its_own_address(
    heard: tuple[NMMinerUdpDevice, Listener],
) -> None:
    """Which is the only thing to know it by."""
    device, listener = heard
    device.announce()
    data, sender = await listener.hear()
    assert sender == device.host
    assert data == device.status_datagram()
    assert json.loads(data, strict=False)["ip"] == device.host
    assert device.host.startswith("127.0.12.")


async def test_everybody_hears_it(serve: Serve, listen: Listen) -> None:
    """As a broadcast, which is what happens when no target is given."""
    listener = listen("127.255.255.255")
    device = nmminer("1.5.01", status_target=listener.address)
    await serve(device)
    device.announce()
    assert (await listener.hear())[1] == device.host


async def test_it_is_heard_regularly(serve: Serve, listen: Listen) -> None:
    """By a real clock, from the start."""
    listener, other = listen(), listen()
    device = NMMinerUdpDevice(
        firmware="0.3.01",
        clock=Clock(),
        status_target=listener.address,
        config_target=other.address,
    )
    await serve(device)
    first, second = [json.loads((await listener.hear())[0]) for _ in range(2)]
    assert first["IP"] == second["IP"] == device.host
    assert json.loads((await other.hear())[0])["IP"] == device.host


async def test_one_that_is_not_periodic_waits(serve: Serve, listen: Listen) -> None:
    """It says something only when it is told to."""
    listener = listen()
    device = NMMinerUdpDevice(status_target=listener.address, periodic=False)
    await serve(device)
    await asyncio.sleep(0)
    assert listener.hears_nothing()
    device.announce()
    assert not listener.hears_nothing()


@pytest.mark.parametrize(("firmware", "seconds"), [("0.3.01", 2), ("1.2.01", 5)])
async def test_a_clock_moved_by_hand(
    serve: Serve, listen: Listen, firmware: str, seconds: float
) -> None:
    """It sends when the time for it has come, and not twice for a long time."""
    listener, other = listen(), listen()
    device = nmminer(
        firmware, status_target=listener.address, config_target=other.address
    )
    await serve(device)
    device.advance(seconds - 1)
    assert listener.hears_nothing()
    device.advance(1)
    await listener.hear()
    assert other.hears_nothing()
    device.advance(600)
    await listener.hear()
    assert listener.hears_nothing()
    await other.hear()
    assert other.hears_nothing()
    device.periodic = False
    device.advance(600)
    assert listener.hears_nothing()


async def test_it_tells_everybody_its_secrets(serve: Serve, listen: Listen) -> None:
    """The key of the Wi-Fi in clear text among them."""
    listener = listen()
    device = nmminer("1.5.01", config_target=listener.address)
    await serve(device)
    device.announce_configuration()
    told = json.loads((await listener.hear())[0])
    assert told["IP"] == device.host
    assert told["WiFiSSID"] == WIFI_NAME
    assert told["WiFiPWD"] == WIFI_SECRET
    assert told["PrimaryPool"] == f"stratum+tcp://{POOL}"
    assert told["SaveUptime"] is True
    assert "HostName" not in told


async def test_a_reboot(heard: tuple[NMMinerUdpDevice, Listener]) -> None:
    """It is silent until it is up, and has forgotten its session."""
    device, listener = heard
    device.absurd_hashrate = True
    assert device.info()["HashRate"] == "500.0MH/s"
    ever = device.state.uptime_ever
    best = device.model.best_difficulty
    device.reboot(outage=RESTART_SECONDS)
    device.announce()
    device.announce_configuration()
    assert listener.hears_nothing()
    device.periodic = False
    device.advance(RESTART_SECONDS + 3)
    device.announce()
    told = json.loads((await listener.hear())[0], strict=False)
    assert told["Uptime"].split("\r") == [duration(3), duration(ever + 3)]
    assert told["Share"] == "0/0/0.0%"
    assert told["HashRate"] == "0.0000H/s"
    assert told["BestDiff"] == f"0.000\r{scaled(best, 4)}"


def test_an_uptime_that_is_not_saved() -> None:
    """What the session added is lost."""
    device = nmminer("1.5.01")
    device.settings["SaveUptime"] = False
    device.state.past_uptime = 100.0
    device.reboot()
    assert device.info()["Uptime"] == f"{duration(0)}\r{duration(100)}"


def test_the_absurd_hashrate_of_old_firmware() -> None:
    """It has no unit, as ever."""
    device = nmminer("0.3.01")
    device.absurd_hashrate = True
    assert device.info()["HashRate"] == "500.0M"


def test_a_pool_that_is_dead() -> None:
    """The second one takes over."""
    device = nmminer("1.8.10")
    device.primary_dead = True
    assert device.primary_dead
    assert device.info()["PoolInUse"] == f"{FALLBACK_HOST}:3334"
    device.primary_dead = False
    assert device.pool_in_use == POOL


@pytest.mark.parametrize("fault", [Fault.REFUSE, Fault.HANG])
async def test_faults_that_silence_it(
    heard: tuple[NMMinerUdpDevice, Listener], fault: Fault
) -> None:
    """Its address stays its own meanwhile."""
    device, listener = heard
    host = device.host
    await device.set_fault(fault)
    device.announce()
    assert listener.hears_nothing()
    other = nmminer("1.8.10")
    await other.start()
    assert other.host != host
    await other.stop()
    await device.set_fault(None)
    device.announce()
    assert (await listener.hear())[1] == host


async def test_faults_that_spoil_a_datagram(
    heard: tuple[NMMinerUdpDevice, Listener],
) -> None:
    """Each in its own way."""
    device, listener = heard
    told = device.info()

    async def said(fault: Fault) -> bytes:
        await device.set_fault(fault)
        device.announce()
        return (await listener.hear())[0]

    cut = await said(Fault.CUT)
    assert cut.startswith(b'{"ip":')
    for data in (cut, await said(Fault.GARBAGE)):
        with pytest.raises(ValueError, match=r"decode|Expecting|Unterminated"):
            json.loads(data, strict=False)
    wrong = json.loads(await said(Fault.WRONG_TYPES))
    assert wrong.keys() == told.keys()
    assert not any(wrong[key] == told[key] for key in told)
    huge = await said(Fault.HUGE)
    assert len(huge) > 2048
    assert told.items() <= json.loads(huge, strict=False).items()
    with pytest.raises(ValueError, match="no fault"):
        await device.set_fault(Fault.REDIRECT)


async def test_it_ends_also_while_it_refuses(serve: Serve) -> None:
    """And its address is free at once."""
    device = nmminer("1.8.10")
    await device.set_fault(Fault.REFUSE)
    await device.start()
    host = device.host
    await device.stop()
    await device.start(host)
    assert device.host == host
    await device.stop()


async def test_an_address_that_is_taken(serve: Serve) -> None:
    """Also by a device that does not listen there."""
    device = nmminer("0.3.01")
    await serve(device)
    with pytest.raises(OSError, match="in use"):
        await nmminer("1.8.10").start(device.host)
    with pytest.raises(OSError, match="in use"):
        await nmminer("1.2.01").start(device.host)


def test_what_there_is_not() -> None:
    """Boards and firmwares are known by name."""
    with pytest.raises(ValueError, match="there are cyd28"):
        NMMinerUdpDevice(board="toaster")
    with pytest.raises(ValueError, match=r"there are 0\.3\.01"):
        NMMinerUdpDevice(firmware="2.0.04")
