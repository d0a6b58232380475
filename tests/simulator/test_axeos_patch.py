"""What AxeOS makes of PATCH /api/system, by version."""

from collections.abc import Callable
import json
from typing import Any

import aiohttp
import pytest

from simulator.axeos import FIRMWARES, AxeOSDevice
from simulator.device import SimulatedDevice

type Make = Callable[..., AxeOSDevice]
type Serve = Callable[[SimulatedDevice], Any]

LOOSE = [f for f in FIRMWARES if f not in ("2.11", "2.12", "2.13", "2.14", "2.15")]
STRICT = ["2.11", "2.12", "2.13", "2.14", "2.15"]


@pytest.fixture
async def patch(serve: Serve, http: aiohttp.ClientSession) -> Callable[..., Any]:
    """Return what sends one PATCH and returns status and body."""

    async def send(device: AxeOSDevice, content: Any) -> tuple[int, bytes]:
        if not device.port:
            await serve(device)
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        reply = await http.patch(f"{device.url}/api/system", data=body)
        return reply.status, await reply.read()

    return send


@pytest.mark.parametrize("firmware", FIRMWARES)
async def test_a_change_answers_200_with_nothing_and_applies(
    bitaxe: Make, patch: Callable[..., Any], firmware: str
) -> None:
    """Frequency and voltage follow at once, unknown keys are ignored."""
    device = bitaxe(firmware)
    content = {"frequency": 490, "coreVoltage": 1100, "voltage": 1250, "x": [1]}
    assert await patch(device, content) == (200, b"")
    device.advance(5)
    info = device.info()
    assert (info["frequency"], info["coreVoltage"]) == (490, 1100)
    assert device.model.frequency_actual == 490
    assert device.model.core_voltage_actual == pytest.approx(1100, abs=5)


@pytest.mark.parametrize("firmware", ["2.4", "2.15"])
async def test_nothing_is_clamped(
    bitaxe: Make, patch: Callable[..., Any], firmware: str
) -> None:
    """The firmware takes what would ruin the chip."""
    device = bitaxe(firmware)
    assert (await patch(device, {"frequency": 65535, "coreVoltage": 1}))[0] == 200
    assert device.settings.frequency == 65535
    assert device.settings.core_voltage == 1


@pytest.mark.parametrize("firmware", STRICT)
@pytest.mark.parametrize(
    "wrong",
    [
        {"frequency": "490"},
        {"frequency": 0},
        {"frequency": 65536},
        {"frequency": True},
        {"coreVoltage": None},
        {"coreVoltage": 70000},
        {"autofanspeed": 2},
        {"autofanspeed": "1"},
        {"manualFanSpeed": 101},
        {"manualFanSpeed": -1},
        {"minFanSpeed": 100},
        {"temptarget": 34},
        {"temptarget": 67},
        {"overheat_mode": 1},
        {"hostname": 5},
        {"hostname": "h" * 33},
        {"useFallbackStratum": 7},
    ],
)
async def test_strict_versions_refuse_the_whole_request(
    bitaxe: Make,
    serve: Serve,
    patch: Callable[..., Any],
    firmware: str,
    wrong: dict[str, Any],
) -> None:
    """One wrong value and nothing at all is saved."""
    device = bitaxe(firmware)
    await serve(device)
    before = device.info()
    good = {"coreVoltage": 1000, "statsFrequency": 30}
    assert await patch(device, good | wrong) == (400, b"Wrong API input")
    assert device.info() == before


@pytest.mark.parametrize("firmware", LOOSE)
async def test_loose_versions_read_any_value_as_a_whole_number(
    bitaxe: Make, patch: Callable[..., Any], firmware: str
) -> None:
    """A text is 0, which only frequency and voltage are guarded against."""
    device = bitaxe(firmware)
    content = {
        "frequency": "490",
        "coreVoltage": 1100.7,
        "autofanspeed": "1",
        "fanspeed": True,
        "hostname": 7,
    }
    assert await patch(device, content) == (200, b"")
    assert device.settings.frequency == 525
    assert device.settings.core_voltage == 1100
    assert device.settings.autofan is False
    assert device.settings.manual_fan == 1
    assert device.settings.hostname == "bitaxe"


@pytest.mark.parametrize(
    ("firmware", "body", "status"),
    [
        ("2.10", b"no json", 200),
        ("2.11", b"no json", 400),
        ("2.4", b"[]", 200),
        ("2.15", b"[]", 400),
        ("2.4", b'{"frequency":1e999}', 200),
        ("2.15", b'{"frequency":1e999}', 400),
    ],
)
async def test_a_body_that_is_no_object(
    bitaxe: Make, patch: Callable[..., Any], firmware: str, body: bytes, status: int
) -> None:
    """Old firmware is content with anything."""
    assert (await patch(bitaxe(firmware), body))[0] == status


@pytest.mark.parametrize(("size", "status"), [(10239, 200), (10240, 500)])
async def test_a_body_that_fills_the_buffer_is_an_error(
    bitaxe: Make, patch: Callable[..., Any], size: int, status: int
) -> None:
    """The limit is exact."""
    empty = len(b'{"x":""}')
    body = b'{"x":"' + b"a" * (size - empty) + b'"}'
    assert (await patch(bitaxe("2.12"), body))[0] == status


@pytest.mark.parametrize("firmware", FIRMWARES)
async def test_the_fan_key_changed_its_name(
    bitaxe: Make, patch: Callable[..., Any], firmware: str
) -> None:
    """Each version ignores the other's key."""
    device = bitaxe(firmware)
    await patch(device, {"autofanspeed": 0, "fanspeed": 41, "manualFanSpeed": 42})
    device.advance(1)
    info = device.info()
    assert info["fanspeed"] == (42 if firmware in STRICT else 41)
    assert info["autofanspeed"] == 0


async def test_the_target_temperature_is_checked_since_2_11(
    bitaxe: Make, patch: Callable[..., Any]
) -> None:
    """Before that anything goes, and before 2.7 there is no such key."""
    old = bitaxe("2.6")
    await patch(old, {"temptarget": 50})
    assert old.settings.target_temperature == 60
    loose = bitaxe("2.10")
    await patch(loose, {"temptarget": 90, "minFanSpeed": 30})
    assert loose.settings.target_temperature == 90
    assert loose.settings.minimum_fan == 30
    strict = bitaxe("2.11")
    assert (await patch(strict, {"temptarget": 66}))[0] == 200
    assert strict.settings.target_temperature == 66


@pytest.mark.parametrize("firmware", ["2.4", "2.12", "2.14"])
async def test_pools_apply_after_a_restart(
    bitaxe: Make, patch: Callable[..., Any], firmware: str
) -> None:
    """The settings show the new pool while the old one is still mined at."""
    device = bitaxe(firmware)
    old = device.pool.url
    wanted = {"stratumURL": "new.pool.example", "stratumPort": 4444}
    wanted |= {"fallbackStratumUser": "someone.else"}
    assert (await patch(device, wanted))[0] == 200
    assert device.info()["stratumURL"] == "new.pool.example"
    assert device.info()["fallbackStratumUser"] == "someone.else"
    assert device.pool.url == old
    device.reboot()
    assert (device.pool.url, device.pool.port) == ("new.pool.example", 4444)


@pytest.mark.parametrize(
    ("firmware", "taken"), [("2.12", 0), ("2.13", 2), ("2.14", 2), ("2.15", 0)]
)
async def test_pools_have_tls_since_2_13(
    bitaxe: Make, patch: Callable[..., Any], firmware: str, taken: int
) -> None:
    """It is a number of its own type, under the flat keys until there are slots."""
    device = bitaxe(firmware)
    wanted = {"stratumTLS": 2, "fallbackStratumTLS": 2}
    assert (await patch(device, wanted))[0] == 200
    assert (device.settings.pool.tls, device.settings.fallback_pool.tls) == (taken,) * 2
    for wrong in (True, "1", 3):
        refused = 400 if taken else 200
        assert (await patch(device, {"stratumTLS": wrong}))[0] == refused
        assert device.settings.pool.tls == taken


async def test_the_fallback_pool_is_chosen_at_a_restart(
    bitaxe: Make, patch: Callable[..., Any]
) -> None:
    """The wish is a setting, the use a state."""
    device = bitaxe("2.12")
    await patch(device, {"useFallbackStratum": 1})
    assert device.info()["isUsingFallbackStratum"] == 0
    device.reboot()
    assert device.info()["isUsingFallbackStratum"] == 1
    assert device.pool == device.settings.fallback_pool


async def test_2_15_ignores_the_flat_pool_keys(
    bitaxe: Make, serve: Serve, patch: Callable[..., Any]
) -> None:
    """It answers 200 and nothing changes, not even for a wrong type."""
    device = bitaxe("2.15")
    await serve(device)
    before = device.info()
    wanted = {"stratumURL": "new.pool.example", "stratumPort": "x", "stratumUser": 1}
    assert await patch(device, wanted) == (200, b"")
    assert device.info() == before


async def test_pool_slots_replace_the_whole_pool(
    bitaxe: Make, patch: Callable[..., Any]
) -> None:
    """What is left out gets its default; a masked password stays."""
    device = bitaxe("2.15")
    slot = {"id": 2, "stratumURL": "a.example", "stratumPort": 1, "stratumUser": "u"}
    full = slot | {"stratumPassword": "secret", "stratumTLS": 2}
    indices = {"primaryPoolIndex": 2, "secondaryPoolIndex": 0}
    assert (await patch(device, {"pools": [full], **indices}))[0] == 200
    assert device.settings.pools[2].password == "secret"
    assert device.settings.pools[2].tls == 2
    info = device.info()
    assert info["stratumURL"] == "a.example"
    assert info["pools"][2]["stratumPassword"] == "*****"
    await patch(device, {"pools": [slot | {"stratumPassword": "*****"}]})
    assert device.settings.pools[2].password == "secret"
    assert device.settings.pools[2].tls == 0
    await patch(device, {"pools": [slot]})
    assert device.settings.pools[2].password == "x"
    assert device.pool.url != "a.example"
    device.reboot()
    assert device.pool.url == "a.example"


@pytest.mark.parametrize(
    "wrong",
    [
        {"pools": {}},
        {"pools": [7]},
        {"pools": [{"id": 0, "stratumURL": "a", "stratumPort": 1}]},
        {"pools": [{"id": 8, "stratumURL": "a", "stratumPort": 1, "stratumUser": ""}]},
        {"pools": [{"id": 0, "stratumURL": "a", "stratumPort": 0, "stratumUser": ""}]},
        {"pools": [{"id": 0, "stratumURL": 1, "stratumPort": 1, "stratumUser": ""}]},
        {"primaryPoolIndex": 8},
        {"secondaryPoolIndex": True},
    ],
)
async def test_a_wrong_pool_slot_is_refused(
    bitaxe: Make, serve: Serve, patch: Callable[..., Any], wrong: dict[str, Any]
) -> None:
    """Nothing of the request is saved."""
    device = bitaxe("2.15")
    await serve(device)
    before = device.info()
    assert (await patch(device, {"coreVoltage": 1000} | wrong))[0] == 400
    assert device.info() == before


async def test_a_new_hostname_answers_json_in_2_15(
    bitaxe: Make, patch: Callable[..., Any]
) -> None:
    """The reply says where the device will be found."""
    status, body = await patch(bitaxe("2.15"), {"hostname": "cellar"})
    assert status == 200
    assert json.loads(body)["redirect"]["url"] == "http://cellar.local"
    assert await patch(bitaxe("2.14"), {"hostname": "cellar"}) == (200, b"")
