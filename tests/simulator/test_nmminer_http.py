"""NMMiner's firmware 2, as a client on a real socket meets it."""

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from simulator.clock import ManualClock
from simulator.device import SimulatedDevice
from simulator.faults import Fault
from simulator.identity import FALLBACK_HOST, POOL_HOST, WIFI_NAME, pool_user
from simulator.nmminer import NMMinerHttpDevice
from simulator.nmminer.settings import WIFI_SECRET

type Serve = Callable[[SimulatedDevice], Any]

INFO = "/api/system/info"
MINING = "/api/setting/mining"
POOL = f"{POOL_HOST}:3333"


def nmminer(firmware: str = "2.0.04", board: str = "cydc5") -> NMMinerHttpDevice:
    """Return an NMMiner that has been mining for ten minutes."""
    device = NMMinerHttpDevice(firmware=firmware, board=board, clock=ManualClock())
    device.advance(600)
    return device


@pytest.fixture
async def device(serve: Serve) -> NMMinerHttpDevice:
    """Return a running NMMiner."""
    made = nmminer()
    await serve(made)
    return made


async def test_the_probe(
    http: aiohttp.ClientSession, device: NMMinerHttpDevice
) -> None:
    """In hashes a second, unlike everything else."""
    reply = await http.get(f"{device.url}/probe")
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    told = await reply.json()
    assert told == {
        "model": "NMMiner",
        "hostname": device.hostname,
        "ver": "v2.0.04",
        "sw": 320,
        "sh": 240,
        "hr": round(device.model.hashrate * 1e9),
        "sbd": round(device.model.shares.best_session, 4),
        "ebd": round(device.model.best_difficulty, 4),
        "ut": 600,
    }
    assert 800_000 < told["hr"] < 1_200_000


async def test_the_info(http: aiohttp.ClientSession, device: NMMinerHttpDevice) -> None:
    """In objects, under the path that a Bitaxe has too."""
    told = await (await http.get(device.url + INFO)).json()
    assert told == device.info()
    shares = device.model.shares
    assert told["identity"] == {
        "hwModel": "NMMiner",
        "hostName": device.hostname,
        "fwVersion": "v2.0.04",
        "rssi": round(device.model.wifi_rssi),
    }
    miner = told["miner"]
    assert miner["hashRate"] == round(device.model.hashrate, 9)
    assert (miner["sAccepted"], miner["sRejected"]) == (
        shares.accepted,
        shares.rejected,
    )
    assert miner["uptimeSeconds"] == 600
    assert miner["uptimeEver"] == int(device.state.past_uptime) + 600
    assert miner["networkDiff"] == "128000000000000.0000"
    assert miner["poolDiff"] == "0.00500"
    assert miner["bestDiffSession"] == f"{shares.best_session:.5f}"
    assert miner["bestDiffEver"] == f"{device.model.best_difficulty:.5f}"
    assert told["stratum"] == {"url": POOL, "user": pool_user(device.hostname)}
    assert told["temps"]["vcore"] > 30
    assert told["temps"]["asic"] is None
    assert "macAddr" not in told
    assert 10 < 600 / (shares.accepted + shares.rejected) < 30


def test_differences_between_devices() -> None:
    """Difficulties with suffixes, and a board without a thermometer."""
    device = nmminer("2.0.01", "cyd28")
    device.model.best_difficulty = 480_500.0
    told = device.info()
    assert told["miner"]["networkDiff"] == "128.0T"
    assert told["miner"]["poolDiff"] == "0.005"
    assert told["miner"]["bestDiffEver"] == "480.5K"
    assert told["temps"] == {"vcore": None, "asic": None}
    board, tail = device.hostname.removeprefix("nm-").rsplit("-", 1)
    assert board == "cyd-28"
    assert len(bytes.fromhex(tail)) == 3
    assert nmminer().hostname.startswith("nm-cyd-c5-")
    assert NMMinerHttpDevice(hostname="mine").info()["identity"]["hostName"] == "mine"


async def test_others_of_its_kind(
    http: aiohttp.ClientSession, device: NMMinerHttpDevice
) -> None:
    """It knows of none."""
    told = await (await http.get(f"{device.url}/alive?rescan")).json()
    assert told["self"] == device.host
    assert told["ips"] == [device.host]
    assert told["scanning"] is False
    assert set(told) == {"self", "ips", "scanning", "progress", "total", "next_scan_in"}


async def test_anybody_may_ask(
    http: aiohttp.ClientSession, device: NMMinerHttpDevice
) -> None:
    """Also a page from elsewhere."""
    headers = {"Origin": "http://elsewhere.example"}
    reply = await http.post(f"{device.url}/api/swarm/find", headers=headers)
    assert reply.status == 200
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert device.finds == 1
    assert device.requests == [("POST", "/api/swarm/find")]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nothing"),
        ("POST", "/probe"),
        ("GET", "/api/setting/nothing"),
        ("DELETE", "/api/setting/mining"),
        ("GET", "/api/swarm/find"),
    ],
)
async def test_unknown_paths(
    http: aiohttp.ClientSession, device: NMMinerHttpDevice, method: str, path: str
) -> None:
    """A text and a 404."""
    reply = await http.request(method, device.url + path)
    assert reply.status == 404
    assert reply.content_type == "text/plain"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert device.finds == 0


@pytest.mark.parametrize("path", ["/", "/api-doc"])
async def test_pages(
    http: aiohttp.ClientSession, device: NMMinerHttpDevice, path: str
) -> None:
    """For people."""
    reply = await http.get(device.url + path)
    assert reply.status == 200
    assert reply.content_type == "text/html"


async def test_a_restart(
    http: aiohttp.ClientSession, device: NMMinerHttpDevice
) -> None:
    """It answers, goes away and starts a session."""
    ever = device.info()["miner"]["uptimeEver"]
    reply = await http.post(f"{device.url}/api/system/restart")
    assert await reply.json() == {"status": "ok"}
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await http.post(f"{device.url}/api/system/restart")
    device.advance(10)
    told = await (await http.get(device.url + INFO)).json()
    assert told["miner"]["uptimeSeconds"] == 2
    assert told["miner"]["uptimeEver"] == ever + 2
    assert told["miner"]["sAccepted"] == 0


@pytest.mark.parametrize("reboot", [True, False])
async def test_a_new_pool(
    http: aiohttp.ClientSession, device: NMMinerHttpDevice, reboot: bool
) -> None:
    """It is stored at once, and used from the next connection or boot on."""
    change = {
        "PrimaryPool": "stratum+tcp://gold.example:4444",
        "PrimaryAddress": "bc1qsomebodyelse.shed",
    }
    before = await (await http.get(device.url + MINING)).json()
    assert before["SecondaryPool"] == f"stratum+tcp://{FALLBACK_HOST}:3334"
    reply = await http.post(device.url + MINING, json=change)
    assert (reply.status, await reply.text()) == (200, "OK")
    assert await (await http.get(device.url + MINING)).json() == before | change
    assert device.pool_in_use == POOL
    if reboot:
        device.reboot()
    else:
        device.advance(59)
        assert device.pool_in_use == POOL
        device.advance(1)
    assert device.info()["stratum"] == {
        "url": "gold.example:4444",
        "user": "bc1qsomebodyelse.shed",
    }
    device.primary_dead = True
    assert device.primary_dead
    assert device.pool_in_use == f"{FALLBACK_HOST}:3334"


@pytest.mark.parametrize(
    ("group", "change"),
    [
        ("network", {"HostName": "shed"}),
        ("time", {"Timezone": -7}),
        (
            "preference",
            {
                "Brightness": 1,
                "RotateScreen": 270,
                "LedEnable": 0,
                "ScreenSaver": "off",
                "ScreenSaverMode": "black",
                "LadderEnable": 1,
            },
        ),
    ],
)
async def test_settings(
    http: aiohttp.ClientSession,
    device: NMMinerHttpDevice,
    group: str,
    change: dict[str, Any],
) -> None:
    """What is not mentioned stays."""
    url = f"{device.url}/api/setting/{group}"
    before = await (await http.get(url)).json()
    assert not change.items() <= before.items()
    assert await (await http.post(url, json=change)).text() == "OK"
    assert await (await http.get(url)).json() == before | change
    device.reboot()
    assert await (await http.get(url)).json() == before | change


@pytest.mark.parametrize(
    ("group", "key", "value"),
    [
        ("mining", "PrimaryPool", 1),
        ("mining", "Brightness", 50),
        ("time", "Timezone", "1"),
        ("preference", "Brightness", 0),
        ("preference", "RotateScreen", 45),
        ("preference", "LedEnable", True),
        ("preference", "ScreenSaver", "2m"),
        ("preference", "PrimaryPool", "x"),
    ],
)
async def test_settings_that_are_ignored(
    http: aiohttp.ClientSession,
    device: NMMinerHttpDevice,
    group: str,
    key: str,
    value: object,
) -> None:
    """The reply is the same."""
    before = dict(device.settings)
    reply = await http.post(f"{device.url}/api/setting/{group}", json={key: value})
    assert (reply.status, await reply.text()) == (200, "OK")
    assert device.settings == before


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]", b"17"])
async def test_bad_json(
    http: aiohttp.ClientSession, device: NMMinerHttpDevice, body: bytes
) -> None:
    """A text that says so."""
    reply = await http.post(device.url + MINING, data=body)
    assert reply.status == 400
    assert await reply.text() == "Bad JSON"


async def test_the_wifi_is_nobodys_secret(
    http: aiohttp.ClientSession, device: NMMinerHttpDevice
) -> None:
    """Anybody may read its key, and lock the device out by changing it."""
    url = f"{device.url}/api/setting/network"
    told = await (await http.get(url)).json()
    assert told["WiFiSSID"] == WIFI_NAME
    assert told["WiFiPWD"] == WIFI_SECRET
    await http.post(url, json={"WiFiPWD": ""})
    locked = [device.locked_out]
    device.reboot()
    assert [*locked, device.locked_out] == [False, True]
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await http.post(url, json={"WiFiPWD": WIFI_SECRET})


async def test_faults(http: aiohttp.ClientSession, device: NMMinerHttpDevice) -> None:
    """Those of every device with HTTP."""
    await device.set_fault(Fault.SERVER_ERROR)
    assert (await http.get(device.url + INFO)).status == 500
    with pytest.raises(ValueError, match="no fault"):
        await device.set_fault(Fault.TWICE)


def test_what_there_is_not() -> None:
    """Boards and firmwares are known by name."""
    with pytest.raises(ValueError, match="there are cyd28"):
        NMMinerHttpDevice(board="toaster")
    with pytest.raises(ValueError, match=r"there are 2\.0\.01"):
        NMMinerHttpDevice(firmware="1.8.10")
