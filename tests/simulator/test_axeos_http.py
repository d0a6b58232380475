"""AxeOS's other endpoints, by version, over a real socket."""

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from simulator.axeos import FIRMWARES, AxeOSDevice
from simulator.device import SimulatedDevice

type Make = Callable[..., AxeOSDevice]
type Serve = Callable[[SimulatedDevice], Any]

SINCE = {
    ("GET", "/api/system/asic"): "2.7",
    ("GET", "/api/system/statistics"): "2.8",
    ("POST", "/api/system/identify"): "2.12",
    ("POST", "/api/system/blockFound/dismiss"): "2.13",
    ("POST", "/api/system/pause"): "2.14",
    ("POST", "/api/system/resume"): "2.14",
    ("DELETE", "/api/system/pools/7"): "2.15",
}


@pytest.mark.parametrize("firmware", FIRMWARES)
async def test_paths_exist_from_their_version_on(
    serve: Serve, http: aiohttp.ClientSession, bitaxe: Make, firmware: str
) -> None:
    """An unknown path redirects home in old firmware and is a 404 in newer."""
    device = await serve(bitaxe(firmware))
    place = FIRMWARES.index(firmware)
    missing = 404 if place >= FIRMWARES.index("2.9") else 302
    for (method, path), since in SINCE.items():
        reply = await http.request(method, device.url + path, allow_redirects=False)
        known = place >= FIRMWARES.index(since)
        assert reply.status == (200 if known else missing), path
        if reply.status == 404:
            assert await reply.json() == {"error": "unknown route"}
        if reply.status == 302:
            assert reply.headers["Location"] == "/"


@pytest.mark.parametrize(("firmware", "json"), [("2.12", False), ("2.13", True)])
async def test_restart_answers_then_goes_away_then_starts_anew(
    serve: Serve,
    http: aiohttp.ClientSession,
    bitaxe: Make,
    firmware: str,
    json: bool,
) -> None:
    """For eight seconds every connection is dropped."""
    device = bitaxe(firmware)
    await serve(device)
    best = device.info()["bestDiff"]
    device.settings.frequency = 490
    reply = await http.post(f"{device.url}/api/system/restart")
    assert reply.status == 200
    text = "System will restart shortly."
    if json:
        assert await reply.json() == {"message": text}
    else:
        assert reply.content_type == "text/html"
        assert await reply.text() == text
    for _ in range(2):
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await http.post(f"{device.url}/api/system/restart")
        device.advance(3.5)
    device.advance(1)
    info = await (await http.get(f"{device.url}/api/system/info")).json()
    assert info["uptimeSeconds"] == 0
    assert info["sharesAccepted"] == 0
    assert info["hashRate"] == 0
    assert info["bestDiff"] == best
    assert info["frequency"] == 490


def test_a_spontaneous_reboot_keeps_only_what_is_in_flash(bitaxe: Make) -> None:
    """Session counters are zero, totals go on."""
    device = bitaxe("2.15")
    device.advance(3600)
    before = device.info()
    assert before["sharesAccepted"] > 0
    assert before["bestSessionDiff"] > 0
    device.reboot()
    after = device.info()
    assert after["uptimeSeconds"] == 0
    assert after["sharesAccepted"] == after["bestSessionDiff"] == 0
    assert after["hashRate_1h"] == 0
    assert after["bestDiff"] == before["bestDiff"]
    assert after["totalUptimeSeconds"] == before["totalUptimeSeconds"]
    assert after["totalHashes"] == before["totalHashes"]
    assert after["resetReason"] == "Reset due to power-on event"


async def test_pause_cuts_hashing_until_resumed_or_restarted(
    serve: Serve, http: aiohttp.ClientSession, bitaxe: Make
) -> None:
    """The chip is off, which its own thermometer shows as -1."""
    device = bitaxe("2.14")
    await serve(device)
    await http.post(f"{device.url}/api/system/pause")
    device.advance(10)
    info = device.info()
    assert info["miningPaused"] is True
    assert info["hashRate"] == info["actualFrequency"] == info["current"] == 0
    assert info["temp"] == -1
    assert info["frequency"] == 525
    await http.post(f"{device.url}/api/system/resume")
    device.advance(10)
    assert device.info()["miningPaused"] is False
    assert device.info()["hashRate"] > 900
    await http.post(f"{device.url}/api/system/pause")
    device.reboot()
    assert device.info()["miningPaused"] is False


@pytest.mark.parametrize(
    ("board", "chip", "frequency", "voltage"),
    [
        ("gamma601", "BM1370", 525, 1150),
        ("supra401", "BM1368", 490, 1166),
        ("ultra204", "BM1366", 485, 1200),
    ],
)
async def test_asic_tells_what_the_chip_can_be_set_to(
    serve: Serve,
    http: aiohttp.ClientSession,
    bitaxe: Make,
    board: str,
    chip: str,
    frequency: int,
    voltage: int,
) -> None:
    """2.7 knows the ladders only, later versions also the device."""
    early = await serve(bitaxe("2.7", board))
    reply = await (await http.get(f"{early.url}/api/system/asic")).json()
    assert reply["ASICModel"] == chip
    assert reply["defaultFrequency"] == frequency
    assert reply["defaultVoltage"] == voltage
    assert frequency in reply["frequencyOptions"]
    assert voltage in reply["voltageOptions"]
    assert "asicCount" not in reply
    late = await serve(bitaxe("2.15", board))
    reply = await (await http.get(f"{late.url}/api/system/asic")).json()
    assert reply["asicCount"] == 1
    assert {"deviceModel", "swarmColor", "hashDomains"} <= set(reply)


@pytest.mark.parametrize(
    ("firmware", "origin", "status"),
    [
        ("2.15", None, 200),
        ("2.15", "http://192.168.1.20", 200),
        ("2.15", "http://127.0.0.1:8123", 200),
        ("2.15", "http://172.31.0.1", 200),
        ("2.15", "http://172.32.0.1", 401),
        ("2.15", "http://100.64.0.9", 401),
        ("2.15", "https://home.example.com", 401),
        ("2.15", "http://[::1]:8123", 401),
        ("2.15", "http://bitaxe.local", 200),
        ("2.14", "http://bitaxe.local", 401),
        ("2.15", "http://bitaxe", 200),
    ],
)
async def test_only_pages_of_the_own_network_may_ask(
    serve: Serve,
    http: aiohttp.ClientSession,
    bitaxe: Make,
    firmware: str,
    origin: str | None,
    status: int,
) -> None:
    """A browser's Origin header decides; its absence does no harm."""
    device = await serve(bitaxe(firmware))
    headers = {} if origin is None else {"Origin": origin}
    reply = await http.get(f"{device.url}/api/system/info", headers=headers)
    assert reply.status == status
    if status == 401:
        assert await reply.text() == "Unauthorized"


async def test_info_is_chunked_json_on_a_kept_connection(
    serve: Serve, http: aiohttp.ClientSession, bitaxe: Make
) -> None:
    """There is no length to trust, and requests are counted."""
    device = await serve(bitaxe("2.12"))
    for _ in range(2):
        reply = await http.get(f"{device.url}/api/system/info?ts=1")
        assert reply.content_type == "application/json"
        assert reply.headers["Transfer-Encoding"] == "chunked"
        assert (await reply.json())["ASICModel"] == "BM1370"
    assert device.requests == [("GET", "/api/system/info")] * 2


async def test_statistics_are_empty_until_wanted(
    serve: Serve, http: aiohttp.ClientSession, bitaxe: Make
) -> None:
    """Rows come every statsFrequency seconds, with the columns asked for."""
    device = bitaxe("2.12")
    await serve(device)
    url = f"{device.url}/api/system/statistics"
    assert (await (await http.get(url)).json())["statistics"] == []
    await http.patch(f"{device.url}/api/system", json={"statsFrequency": 10})
    device.advance(60)
    reply = await (await http.get(url, params={"columns": "power,asicTemp"})).json()
    assert reply["labels"] == ["asicTemp", "power", "timestamp"]
    assert len(reply["statistics"]) == 6
    assert all(len(row) == 3 for row in reply["statistics"])
    full = await (await http.get(url)).json()
    assert "hashrate_10m" in full["labels"]
    assert full["currentTimestamp"] == 120_000


async def test_one_pool_slot_by_its_own_path(
    serve: Serve, http: aiohttp.ClientSession, bitaxe: Make
) -> None:
    """PUT replaces a slot, DELETE empties it."""
    device = bitaxe("2.15")
    await serve(device)
    url = f"{device.url}/api/system/pools"
    pool = {"stratumURL": "b.example", "stratumPort": 99, "stratumUser": "w"}
    assert (await http.put(f"{url}/5", json=pool)).status == 200
    assert device.settings.pools[5].url == "b.example"
    assert (await http.put(f"{url}/5", json={"stratumURL": "c"})).status == 400
    assert (await http.put(f"{url}/5", data=b"x" * 10240)).status == 500
    assert (await http.delete(f"{url}/5")).status == 200
    assert device.settings.pools[5].url == ""
    assert (await http.put(f"{url}/8", json=pool)).status == 404
    assert (await http.put(f"{url}/five", json=pool)).status == 404


async def test_a_block_is_celebrated_until_dismissed(
    serve: Serve, http: aiohttp.ClientSession, bitaxe: Make
) -> None:
    """The counter stays, the notice goes."""
    device = bitaxe("2.13")
    await serve(device)
    device.model.blocks_found = 1
    assert device.info()["showNewBlock"] is True
    await http.post(f"{device.url}/api/system/blockFound/dismiss")
    assert device.info()["showNewBlock"] is False
    assert device.info()["blockFound"] == 1


async def test_the_start_page_is_no_api(
    serve: Serve, http: aiohttp.ClientSession, bitaxe: Make
) -> None:
    """A browser gets a page, even from elsewhere."""
    device = await serve(bitaxe("2.15"))
    reply = await http.get(device.url, headers={"Origin": "http://8.8.8.8"})
    assert reply.status == 200
    assert "AxeOS" in await reply.text()
