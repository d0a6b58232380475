"""What each NerdQAxe++ version reports and where it answers."""

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from simulator.device import SimulatedDevice
from simulator.nerdqaxe import FIRMWARES, NerdQAxeDevice

type Make = Callable[..., NerdQAxeDevice]
type Serve = Callable[[SimulatedDevice], Any]

# Written down from the firmware's history, independently of the simulator's table.
ADDED = {
    "1.0.30": """
        asicCount smallCoreCount deviceModel hostip macAddr power maxPower minPower
        voltage maxVoltage minVoltage current temp vrTemp vrTempInt hashRateTimestamp
        hashRate hashRate_10m hashRate_1h hashRate_1d coreVoltage defaultCoreVoltage
        coreVoltageActual fanspeed fanrpm lastpingrtt recentpingloss poolDifficulty
        sharesAccepted sharesRejected bestDiff bestSessionDiff asicTemps pidTargetTemp
        pidP pidI pidD hostname ssid stratumURL stratumPort stratumUser
        stratumEnonceSubscribe fallbackStratumURL fallbackStratumPort
        fallbackStratumUser fallbackStratumEnonceSubscribe frequency defaultFrequency
        jobInterval stratumDifficulty overheat_temp flipscreen invertscreen
        autoscreenoff invertfanpolarity autofanspeed ASICModel uptimeSeconds
        lastResetReason wifiStatus freeHeap freeHeapInt version runningPartition
        defaultTheme isStratumConnected isUsingFallbackStratum""",
    "1.0.31": "hashRate_1m wifiRSSI",
    "1.0.33": "foundBlocks totalFoundBlocks vrFrequency defaultVrFrequency",
    "1.0.34": "otp",
    "1.0.35": "stratum manualFanSpeed shutdown duplicateHWNonces stratum_keep",
    "1.0.36": """
        currentA minCurrentA maxCurrentA fanrpm2 fanCount stratumTLS
        fallbackStratumTLS""",
    "1.0.37": """
        fans fanspeed2 networkDifficulty stratumProtocol fallbackStratumProtocol
        sv2AuthorityPubkey fallbackSv2AuthorityPubkey sv2ChannelType
        fallbackSv2ChannelType""",
}
REMOVED = {"1.0.35": "isStratumConnected isUsingFallbackStratum"}


def expected_fields(firmware: str) -> set[str]:
    """Return the fields of a version."""
    fields: set[str] = set()
    for version in FIRMWARES[: FIRMWARES.index(firmware) + 1]:
        fields |= set(ADDED.get(version, "").split())
        fields -= set(REMOVED.get(version, "").split())
    return fields


@pytest.mark.parametrize("firmware", FIRMWARES)
def test_a_version_reports_exactly_its_fields(nerdqaxe: Make, firmware: str) -> None:
    """Nothing is missing and nothing comes from another version."""
    assert set(nerdqaxe(firmware).info()) == expected_fields(firmware)


@pytest.mark.parametrize("firmware", FIRMWARES)
def test_the_units_and_types(nerdqaxe: Make, firmware: str) -> None:
    """Input in mV and mA, its limits in V, the fan mode a number."""
    info = nerdqaxe(firmware).info()
    assert 11_500 < info["voltage"] < 12_500
    assert (info["minVoltage"], info["maxVoltage"]) == (11, 13)
    assert info["power"] == pytest.approx(info["voltage"] * info["current"] / 1e6, 0.01)
    if "currentA" in info:
        assert info["currentA"] == pytest.approx(info["current"] / 1000, rel=1e-3)
    assert info["autofanspeed"] == 2
    assert type(info["autofanspeed"]) is int
    assert info["deviceModel"] == "NerdQAxe++"
    assert info["asicTemps"] == [0, 0, 0, 0]
    assert info["version"] == f"v{firmware}"
    text = FIRMWARES.index(firmware) < FIRMWARES.index("1.0.35")
    assert type(info["bestDiff"]) is (str if text else int)
    assert type(info["bestSessionDiff"]) is (str if text else int)


def test_old_averages_repeat_the_ten_minutes(nerdqaxe: Make) -> None:
    """Up to 1.0.31 the hour and the day are not what they say."""
    old, new = nerdqaxe("1.0.30"), nerdqaxe("1.0.34")
    for device in (old, new):
        device.advance(3600)
        device.settings.frequency = 500
        device.advance(900)
    info = old.info()
    assert info["hashRate_10m"] == info["hashRate_1h"] == info["hashRate_1d"]
    info = new.info()
    assert info["hashRate_10m"] < info["hashRate_1h"] < info["hashRate_1d"]


def test_the_stratum_object_follows_the_pool_mode(nerdqaxe: Make) -> None:
    """One connection in failover mode, two in dual mode, from a reboot on."""
    device = nerdqaxe("1.1.0")
    stratum = device.info()["stratum"]
    assert stratum["usingFallback"] is False
    assert len(stratum["pools"]) == 1
    assert stratum["pools"][0]["verifyBlocked"] == ""
    assert stratum["pools"][0]["accepted"] == device.info()["sharesAccepted"]
    device.settings.pool_mode = 1
    assert device.info()["stratum"]["activePoolMode"] == 0
    device.reboot()
    device.advance(600)
    stratum = device.info()["stratum"]
    assert stratum["activePoolMode"] == 1
    assert "usingFallback" not in stratum
    accepted = [pool["accepted"] for pool in stratum["pools"]]
    assert sum(accepted) == device.info()["sharesAccepted"]
    assert "verifyBlocked" not in nerdqaxe("1.0.35").info()["stratum"]["pools"][0]


def test_two_fans(nerdqaxe: Make) -> None:
    """The first fan's mode is the old flat field, the second has its own."""
    device = nerdqaxe("1.0.37")
    device.settings.autofan = 0
    device.settings.manual_fan = 55
    device.advance(1)
    info = device.info()
    front, rear = info["fans"]
    assert front["mode"] == info["autofanspeed"] == 0
    assert front["speedPerc"] == info["fanspeed"] == 55
    assert rear["speedPerc"] == info["fanspeed2"] == 40
    device.settings.second_fan_mode = 3
    assert device.info()["fanspeed2"] == 55


@pytest.mark.parametrize("firmware", FIRMWARES)
async def test_paths_exist_from_their_version_on(
    serve: Serve, http: aiohttp.ClientSession, nerdqaxe: Make, firmware: str
) -> None:
    """An unknown page redirects home, and every connection is closed."""
    device = await serve(nerdqaxe(firmware))
    place = FIRMWARES.index(firmware)
    for method, path, since, status in (
        ("GET", "/api/system/asic", "1.0.32", 200),
        ("POST", "/api/system/shutdown", "1.0.36", 200),
        ("POST", "/api/system/reset-stats", "1.0.37", 204),
        ("GET", "/api/v2/otp", "1.1.0", 200),
        ("GET", "/nowhere", "9", 0),
    ):
        reply = await http.request(method, device.url + path, allow_redirects=False)
        known = since in FIRMWARES and place >= FIRMWARES.index(since)
        unknown = 302 if method == "GET" else 405
        assert reply.status == (status if known else unknown), path
        assert reply.headers["Connection"] == "close"
    page = await http.get(device.url)
    assert page.status == 200


async def test_asic_tells_what_the_board_can_be_set_to(
    serve: Serve, http: aiohttp.ClientSession, nerdqaxe: Make
) -> None:
    """The eco preset is named since 1.0.34 and empty on this board."""
    device = await serve(nerdqaxe("1.0.34"))
    reply = await (await http.get(f"{device.url}/api/system/asic")).json()
    assert reply["asicCount"] == 4
    assert reply["absMaxFrequency"] == 800
    assert reply["ecoFrequency"] == 0
    assert reply["frequencyOptions"][-1] == reply["defaultFrequency"] == 600
    assert "ecoFrequency" not in nerdqaxe("1.0.32").asic()


async def test_shutdown_lasts_until_a_restart(
    serve: Serve, http: aiohttp.ClientSession, nerdqaxe: Make
) -> None:
    """Nothing but a restart brings the chips back, no code is asked for."""
    device = nerdqaxe("1.0.37", otp=True)
    await serve(device)
    reply = await http.post(f"{device.url}/api/system/shutdown")
    assert await reply.text() == "System will shutdown shortly."
    device.advance(60)
    info = device.info()
    assert info["shutdown"] is True
    assert info["hashRate"] == info["hashRate_10m"] == 0
    assert info["power"] < 15
    assert info["temp"] > 20
    reply = await http.post(f"{device.url}/api/system/restart")
    assert await reply.text() == "System will restart shortly."
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await http.post(f"{device.url}/api/system/restart")
    device.advance(68)
    info = device.info()
    assert info["shutdown"] is False
    assert info["hashRate"] > 4000
    assert info["uptimeSeconds"] == 60
    assert info["lastResetReason"] == "SYSTEM.RESET_SOFTWARE"


async def test_reset_stats_clears_the_session(
    serve: Serve, http: aiohttp.ClientSession, nerdqaxe: Make
) -> None:
    """The best difficulty ever stays."""
    device = nerdqaxe("1.0.37")
    await serve(device)
    device.advance(3600)
    best = device.info()["bestDiff"]
    await http.post(f"{device.url}/api/system/reset-stats")
    info = device.info()
    assert info["sharesAccepted"] == info["bestSessionDiff"] == 0
    assert info["bestDiff"] == best


@pytest.mark.parametrize(
    ("sensor", "heat"), [("chip_temperature", 71), ("vr_temperature", 101)]
)
def test_heat_cuts_the_voltage_for_good(
    nerdqaxe: Make, sensor: str, heat: float
) -> None:
    """Only a reboot mines again."""
    device = nerdqaxe("1.0.35")
    setattr(device.model, sensor, heat)
    device.advance(600)
    assert device.info()["hashRate"] == 0
    assert device.info()["coreVoltageActual"] == 0
    device.reboot()
    device.advance(60)
    assert device.info()["hashRate"] > 4000


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:8123", 200),
        ("http://nerdqaxe", 200),
        ("http://nerd.local", 200),
        ("http://10.1.2.3", 200),
        ("http://example.com", 401),
    ],
)
async def test_only_pages_of_the_own_network_may_ask(
    serve: Serve, http: aiohttp.ClientSession, nerdqaxe: Make, origin: str, status: int
) -> None:
    """A browser's Origin header decides."""
    device = await serve(nerdqaxe("1.0.37"))
    url = f"{device.url}/api/system/info"
    assert (await http.get(url, headers={"Origin": origin})).status == status


def test_an_unknown_firmware_is_refused() -> None:
    """A misspelt device is no device."""
    with pytest.raises(ValueError, match=r"no NerdQAxe\+\+ firmware"):
        NerdQAxeDevice(firmware="2.12")
