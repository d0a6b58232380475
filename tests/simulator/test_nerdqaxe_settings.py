"""What a NerdQAxe++ takes in PATCH, and the one-time code in front of it."""

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from simulator.device import SimulatedDevice
from simulator.nerdqaxe import FIRMWARES, NerdQAxeDevice

type Make = Callable[..., NerdQAxeDevice]
type Serve = Callable[[SimulatedDevice], Any]

WRONG_CODE = {"X-TOTP": "000000"}


async def change(
    http: aiohttp.ClientSession,
    device: NerdQAxeDevice,
    content: dict[str, Any],
    headers: dict[str, str] | None = None,
) -> tuple[int, str]:
    """Send one PATCH and return status and body."""
    reply = await http.patch(f"{device.url}/api/system", json=content, headers=headers)
    return reply.status, await reply.text()


@pytest.mark.parametrize("firmware", FIRMWARES)
async def test_right_types_apply_at_once(
    serve: Serve, http: aiohttp.ClientSession, nerdqaxe: Make, firmware: str
) -> None:
    """Even the pool changes without a restart."""
    device = nerdqaxe(firmware)
    await serve(device)
    content = {
        "frequency": 550,
        "coreVoltage": 1130,
        "autofanspeed": 1,
        "pidTargetTemp": 60,
        "pidP": 5,
        "overheat_temp": 68,
        "flipscreen": True,
        "stratumURL": "new.pool.example",
        "fallbackStratumPort": 5555,
        "stratum_keep": 0,
        "unknown": 1,
    }
    assert await change(http, device, content) == (200, "")
    info = device.info()
    assert (info["frequency"], info["coreVoltage"]) == (550, 1130)
    assert info["autofanspeed"] == 1
    assert (info["pidTargetTemp"], info["pidP"]) == (60, 5)
    assert info["overheat_temp"] == 68
    assert info["flipscreen"] == 1
    assert info["stratumURL"] == "new.pool.example"
    assert info["fallbackStratumPort"] == 5555
    assert device.settings.stratum_keep is False


async def test_wrong_types_are_skipped_without_a_word(
    serve: Serve, http: aiohttp.ClientSession, nerdqaxe: Make
) -> None:
    """The reply is 200 and only what fits is saved."""
    device = nerdqaxe("1.0.37")
    await serve(device)
    before = device.info()
    content = {
        "frequency": 525.0,
        "coreVoltage": "1100",
        "autofanspeed": True,
        "manualFanSpeed": 50.5,
        "pidTargetTemp": "60",
        "flipscreen": 1,
        "invertscreen": "true",
        "stratumTLS": 1,
        "stratumPort": 70000,
        "stratumURL": None,
        "jobInterval": 0,
        "hostname": 9,
    }
    assert await change(http, device, content) == (200, "")
    assert device.info() == before
    assert await change(http, device, content | {"frequency": 0}) == (200, "")
    assert device.info() == before


@pytest.mark.parametrize("firmware", FIRMWARES)
async def test_the_fan_key_changed_its_name(
    serve: Serve, http: aiohttp.ClientSession, nerdqaxe: Make, firmware: str
) -> None:
    """Each version takes one of the two."""
    device = nerdqaxe(firmware)
    await serve(device)
    wanted = {"autofanspeed": 0, "fanspeed": 41, "manualFanSpeed": 42}
    await change(http, device, wanted)
    device.advance(1)
    new = FIRMWARES.index(firmware) >= FIRMWARES.index("1.0.35")
    assert device.info()["fanspeed"] == (42 if new else 41)


@pytest.mark.parametrize(
    ("firmware", "encrypted", "version"),
    [("1.0.35", False, 0), ("1.0.36", True, 0), ("1.0.37", True, 1)],
)
async def test_pools_have_more_keys_from_time_to_time(
    serve: Serve,
    http: aiohttp.ClientSession,
    nerdqaxe: Make,
    firmware: str,
    encrypted: bool,
    version: int,
) -> None:
    """TLS came first, the second version of the protocol later; both count at once."""
    device = nerdqaxe(firmware)
    await serve(device)
    await change(http, device, {"stratumTLS": True, "stratumProtocol": 1})
    pool = device.settings.pool
    assert (pool.tls, pool.protocol) == (encrypted, version)
    info = device.info()
    assert info.get("stratumTLS", False) is encrypted
    assert info.get("stratumProtocol", 0) == version
    assert info.get("fallbackStratumProtocol", 0) == 0


async def test_bodies_that_are_no_settings(
    serve: Serve, http: aiohttp.ClientSession, nerdqaxe: Make
) -> None:
    """Broken JSON is refused, another JSON value has no keys."""
    device = await serve(nerdqaxe("1.0.37"))
    url = f"{device.url}/api/system"
    assert (await http.patch(url, data=b"{")).status == 400
    assert (await http.patch(url, data=b"[1]")).status == 200
    assert (await http.patch(url, data=b" " * 10240)).status == 500


@pytest.mark.parametrize("firmware", ["1.0.34", "1.0.37", "1.1.0"])
async def test_a_code_opens_the_settings(
    serve: Serve, http: aiohttp.ClientSession, nerdqaxe: Make, firmware: str
) -> None:
    """Only a code of now or half a minute around it; reading is always free."""
    device = nerdqaxe(firmware, otp=True)
    await serve(device)
    assert device.info()["otp"] is True
    refused = (401, "OTP/Session required")
    assert await change(http, device, {"frequency": 500}) == refused
    assert await change(http, device, {"frequency": 500}, WRONG_CODE) == refused
    code = device.current_otp()
    assert code is not None
    headers = {"X-TOTP": code}
    assert await change(http, device, {"frequency": 500}, headers) == (200, "")
    device.advance(30)
    assert await change(http, device, {"frequency": 515}, headers) == (200, "")
    device.advance(31)
    assert await change(http, device, {"frequency": 525}, headers) == refused
    assert device.settings.frequency == 515
    assert (await http.get(f"{device.url}/api/system/info")).status == 200


async def test_firmware_without_codes_ignores_the_secret(
    serve: Serve, http: aiohttp.ClientSession, nerdqaxe: Make
) -> None:
    """1.0.30 is open to everybody."""
    device = nerdqaxe("1.0.30", otp=True)
    await serve(device)
    assert "otp" not in device.info()
    assert device.current_otp() is None
    assert await change(http, device, {"frequency": 500}) == (200, "")


@pytest.mark.parametrize(
    ("firmware", "path", "other"),
    [
        ("1.0.34", "/api/otp/session", "/api/v2/otp/session"),
        ("1.0.37", "/api/otp/session", "/api/v2/otp/session"),
        ("1.1.0", "/api/v2/otp/session", "/api/otp/session"),
    ],
)
async def test_a_session_token_stands_for_a_code_for_a_day(
    serve: Serve,
    http: aiohttp.ClientSession,
    nerdqaxe: Make,
    firmware: str,
    path: str,
    other: str,
) -> None:
    """Each version has one of the two paths."""
    device = nerdqaxe(firmware, otp=True)
    await serve(device)
    headers = {"X-TOTP": device.current_otp() or ""}
    unknown = await http.post(
        device.url + other, headers=headers, allow_redirects=False
    )
    assert unknown.status == 405
    assert (await http.post(device.url + path)).status == 400
    assert (await http.post(device.url + path, headers=WRONG_CODE)).status == 401
    reply = await (await http.post(device.url + path, headers=headers)).json()
    assert reply["ttlMs"] == 24 * 60 * 60 * 1000
    assert reply["expiresAt"] == (device.clock.unix_time() + 86400) * 1000
    session = {"X-OTP-Session": reply["token"]}
    device.advance(3600)
    assert await change(http, device, {"frequency": 500}, session) == (200, "")
    device.advance(23 * 3600)
    assert (await change(http, device, {"frequency": 525}, session))[0] == 401
    assert (await change(http, device, {}, {"X-OTP-Session": "forged"}))[0] == 401


async def test_a_session_may_be_shorter(
    serve: Serve, http: aiohttp.ClientSession, nerdqaxe: Make
) -> None:
    """A wish is kept between a minute and a day; nonsense is ignored."""
    device = nerdqaxe("1.1.0", otp=True)
    await serve(device)
    for wish, granted in (("3600000", 3_600_000), ("1", 60_000), ("x", 86_400_000)):
        headers = {"X-TOTP": device.current_otp() or "", "X-OTP-Session-TTL": wish}
        reply = await http.post(f"{device.url}/api/v2/otp/session", headers=headers)
        assert (await reply.json())["ttlMs"] == granted


async def test_no_session_while_codes_are_off(
    serve: Serve, http: aiohttp.ClientSession, nerdqaxe: Make
) -> None:
    """There is nothing to open."""
    device = await serve(nerdqaxe("1.0.37"))
    reply = await http.post(f"{device.url}/api/otp/session", headers=WRONG_CODE)
    assert reply.status == 405


async def test_five_failures_in_a_minute_lock_everybody_out(
    serve: Serve, http: aiohttp.ClientSession, nerdqaxe: Make
) -> None:
    """For five minutes even a right code and an open session are refused."""
    device = nerdqaxe("1.0.37", otp=True)
    await serve(device)
    path = f"{device.url}/api/otp/session"
    headers = {"X-TOTP": device.current_otp() or ""}
    reply = await (await http.post(path, headers=headers)).json()
    session = {"X-OTP-Session": reply["token"]}
    for _ in range(5):
        assert (await change(http, device, {}, WRONG_CODE))[0] == 401
        device.advance(10)
    headers = {"X-TOTP": device.current_otp() or ""}
    blocked = (401, "blocked for 5 minutes")
    assert await change(http, device, {"frequency": 500}, headers) == blocked
    assert await change(http, device, {"frequency": 500}, session) == blocked
    assert (await http.post(path, headers=headers)).status == 401
    assert device.settings.frequency == 600
    device.advance(300)
    headers = {"X-TOTP": device.current_otp() or ""}
    assert await change(http, device, {"frequency": 500}, headers) == (200, "")


async def test_five_slow_failures_lock_nobody_out(
    serve: Serve, http: aiohttp.ClientSession, nerdqaxe: Make
) -> None:
    """They have to come within a minute."""
    device = nerdqaxe("1.0.37", otp=True)
    await serve(device)
    for _ in range(8):
        assert (await change(http, device, {}, WRONG_CODE))[0] == 401
        device.advance(16)
    headers = {"X-TOTP": device.current_otp() or ""}
    assert await change(http, device, {"frequency": 500}, headers) == (200, "")
