"""Replies of real devices are read with every field right.

The replies lie beside the repository and are no part of it: without them there is
nothing to test here.
"""

from dataclasses import fields
import json
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
import pytest

from custom_components.miner_controller.protocols.address import Address
from custom_components.miner_controller.protocols.client import MinerClient
from custom_components.miner_controller.protocols.detect import detect
from custom_components.miner_controller.protocols.model import (
    Capabilities,
    MinerFamily,
    MinerIdentity,
    MinerStatus,
    Pool,
    Range,
    WorkMode,
)

from . import HOST, Serve

CAPTURES = Path(__file__).parents[3] / "shared" / "captures"

pytestmark = pytest.mark.skipif(
    not CAPTURES.is_dir(), reason="the replies of real devices are not here"
)

ECO = WorkMode(name="eco", frequency=400, core_voltage=1.1)
BITAXE = Capabilities(
    fan_speed=Range(minimum=0, maximum=100),
    automatic_fan=True,
    clear_overheat=True,
)
SUPRA = {
    "frequency": Range(minimum=400, maximum=575),
    "frequency_limit": Range(minimum=400, maximum=575),
    "core_voltage": Range(minimum=1.1, maximum=1.3, step=0.001),
    "core_voltage_limit": Range(minimum=1.1, maximum=1.3, step=0.001),
    "work_modes": (
        ECO,
        WorkMode(name="standard", frequency=490, core_voltage=1.166),
        WorkMode(name="turbo", frequency=525, core_voltage=1.25),
        WorkMode(name="oc", frequency=575, core_voltage=1.3),
    ),
}
ULTRA = {
    **SUPRA,
    "work_modes": (
        ECO,
        WorkMode(name="standard", frequency=485, core_voltage=1.2),
        WorkMode(name="turbo", frequency=525, core_voltage=1.25),
        WorkMode(name="oc", frequency=575, core_voltage=1.3),
    ),
}
GAMMA = {
    "frequency": Range(minimum=400, maximum=625),
    "frequency_limit": Range(minimum=400, maximum=800),
    "core_voltage": Range(minimum=1.0, maximum=1.25, step=0.001),
    "core_voltage_limit": Range(minimum=1.0, maximum=1.4, step=0.001),
    "work_modes": (
        ECO,
        WorkMode(name="standard", frequency=525, core_voltage=1.15),
        WorkMode(name="turbo", frequency=575, core_voltage=1.2),
        WorkMode(name="oc", frequency=625, core_voltage=1.25),
    ),
}


def read(name: str) -> dict[str, Any]:
    """Return a reply."""
    reply: dict[str, Any] = json.loads((CAPTURES / name).read_text("utf-8"))
    return reply


async def meet(
    serve: Serve, session: aiohttp.ClientSession, info: str, asic: str | None
) -> tuple[MinerClient, MinerStatus]:
    """Return a client that met a device with these replies, and a status."""
    replies = {"/api/system/info": (CAPTURES / info).read_bytes()}
    if asic is not None:
        replies["/api/system/asic"] = (CAPTURES / asic).read_bytes()

    async def handler(request: web.BaseRequest) -> web.Response:
        if (body := replies.get(request.path)) is None:
            return web.Response(status=302, headers={"Location": "/"})
        reply = web.Response(body=body, content_type="application/json")
        reply.enable_chunked_encoding()
        return reply

    client = await detect(session, Address(host=HOST, port=await serve(handler)))
    return client, await client.fetch()


def assert_status(status: MinerStatus, **known: object) -> None:
    """Assert every field of a status: those that are not given are not known."""
    defaults = {field.name: field.default for field in fields(MinerStatus)}
    assert known.keys() <= defaults.keys()
    found = {name: getattr(status, name) for name in defaults}
    assert found == {**defaults, **known}


@pytest.mark.parametrize("asic", [None, "bitaxe/supra401_asic.json"])
async def test_supra_with_axeos_2_4_5(
    serve: Serve, session: aiohttp.ClientSession, asic: str | None
) -> None:
    """A real Supra some seconds after its start; the path of the ladder is newer."""
    name = "bitaxe/supra401_axeos_2.4.5_info.json"
    raw = read(name)
    client, status = await meet(serve, session, name, asic)
    assert_status(
        status,
        hashrate=1e12,
        expected_hashrate=490 * 1276 * 1e6,
        power=2.65,
        temperature=59.9,
        vr_temperature=78,
        fan_speed=35,
        fan_rpms=(3517,),
        automatic_fan=True,
        input_voltage=5.175,
        core_voltage=1.166,
        core_voltage_actual=1.172,
        frequency=490,
        shares_accepted=0,
        shares_rejected=0,
        best_difficulty=483_000,
        best_session_difficulty=0,
        uptime=4,
        active_pool=Pool(
            host="btc.example.pool", port=3333, user=str(raw["stratumUser"])
        ),
        fallback_pool=False,
        free_heap=8_443_612,
        overheated=False,
    )
    assert status.active_pool is not None
    assert status.active_pool.address == "btc.example.pool:3333"
    assert status.efficiency == pytest.approx(2.65)
    assert status.reject_rate is None
    assert client.identity == MinerIdentity(
        family=MinerFamily.AXEOS,
        manufacturer="Bitaxe",
        model="Bitaxe Supra",
        mac="aa:bb:cc:dd:ee:ff",
        firmware="v2.4.5-3-gb5d1e36-dirty",
        hardware="401",
        hostname="bitaxe",
    )
    assert client.capabilities.as_dict() == {**BITAXE.as_dict(), **plain(SUPRA)}
    assert mode(client, status) == "standard"


async def test_mock_of_axeos_2_9_0(
    serve: Serve, session: aiohttp.ClientSession
) -> None:
    """The authors' own mock: an Ultra at its fallback pool."""
    name = "bitaxe/firmware_mock_2.9.0_info.json"
    raw = read(name)
    client, status = await meet(serve, session, name, None)
    assert_status(
        status,
        hashrate=475e9,
        expected_hashrate=420e9,
        power=11.67,
        temperature=60,
        vr_temperature=45,
        fan_speed=100,
        fan_rpms=(0,),
        automatic_fan=True,
        target_temperature=60,
        input_voltage=5.209,
        core_voltage=1.2,
        core_voltage_actual=1.2,
        frequency=485,
        shares_accepted=1,
        shares_rejected=0,
        reject_reasons=(),
        best_difficulty=0,
        best_session_difficulty=0,
        uptime=38,
        signal_strength=-32,
        active_pool=Pool(
            host="test.public-pool.io",
            port=21497,
            user=str(raw["fallbackStratumUser"]),
        ),
        fallback_pool=True,
        pool_latency=10,
        free_heap=200_504,
        overheated=False,
        power_fault=False,
    )
    assert status.efficiency == pytest.approx(11.67 / 0.475)
    assert status.reject_rate == 0
    assert client.identity == MinerIdentity(
        family=MinerFamily.AXEOS,
        manufacturer="Bitaxe",
        model="Bitaxe Ultra",
        mac=str(raw["macAddr"]).lower(),
        firmware="2.0",
        hardware="204",
        hostname="Bitaxe",
    )
    assert client.capabilities.as_dict() == {
        **BITAXE.as_dict(),
        **plain(ULTRA),
        "target_temperature": {"minimum": 35, "maximum": 66, "step": 1},
    }
    assert mode(client, status) == "standard"


async def test_mock_of_axeos_2_15_0(
    serve: Serve, session: aiohttp.ClientSession
) -> None:
    """The authors' own mock: a Gamma that is set to a pair of no mode."""
    name = "bitaxe/firmware_mock_2.15.0_info.json"
    raw = read(name)
    client, status = await meet(serve, session, name, None)
    assert_status(
        status,
        hashrate=475e9,
        hashrate_average=477e9,
        expected_hashrate=420e9,
        power=11.67,
        temperature=60,
        temperature_2=60,
        vr_temperature=45,
        fan_speed=50,
        fan_rpms=(3583, 4146),
        automatic_fan=True,
        manual_fan_speed=70,
        target_temperature=60,
        input_voltage=5.209,
        core_voltage=1.2,
        core_voltage_actual=1.2,
        frequency=485,
        frequency_actual=485,
        shares_accepted=1,
        shares_rejected=10,
        reject_reasons=(("Above target", 8), ("Duplicate share", 2)),
        best_difficulty=238_214_491,
        best_session_difficulty=21_212_121,
        pool_difficulty=1000,
        network_difficulty=155_970_000_000_000,
        block_height=811_111,
        blocks_found=1,
        error_rate=0.2,
        uptime=38,
        signal_strength=-32,
        active_pool=Pool(
            host="public-pool.io", port=21496, user=str(raw["stratumUser"])
        ),
        fallback_pool=False,
        pool_latency=10,
        reset_reason="Power-on reset",
        free_heap=200_504,
        mining=True,
        overheated=False,
        power_fault=False,
        hardware_fault=False,
    )
    assert status.efficiency == pytest.approx(11.67 / 0.477)
    assert status.reject_rate == pytest.approx(100 * 10 / 11)
    assert client.identity == MinerIdentity(
        family=MinerFamily.AXEOS,
        manufacturer="Bitaxe",
        model="Bitaxe Gamma",
        mac=str(raw["macAddr"]).lower(),
        firmware="v2.12.0",
        hardware="602",
        hostname="Bitaxe",
    )
    assert client.capabilities.as_dict() == {
        **BITAXE.as_dict(),
        **plain(GAMMA),
        "target_temperature": {"minimum": 35, "maximum": 66, "step": 1},
        "pause": True,
        "locate": True,
        "pool_slots": 2,
    }
    assert mode(client, status) is None


async def test_nerdqaxe_with_1_1_0(
    serve: Serve, session: aiohttp.ClientSession
) -> None:
    """A real NerdQAxe++ that is set above its ladder, with its default voltage."""
    name = "nerdqaxe/nerdqaxepp_1.1.0-beta1_info.json"
    raw = read(name)
    client, status = await meet(
        serve, session, name, "nerdqaxe/nerdqaxepp_1.1.0-beta1_asic.json"
    )
    assert_status(
        status,
        hashrate=5_455_551_000_000,
        hashrate_average=5_512_898_000_000,
        expected_hashrate=680 * 2040 * 4 * 1e6,
        power=103,
        temperature=59.9,
        vr_temperature=55.9,
        overheat_temperature=70,
        fan_speed=54,
        fan_rpms=(1796, 1557),
        automatic_fan=True,
        manual_fan_speed=100,
        target_temperature=60,
        input_voltage=12.25,
        core_voltage=1.15,
        core_voltage_actual=1.15,
        frequency=680,
        shares_accepted=3492,
        shares_rejected=3,
        best_difficulty=13_790_464_144,
        best_session_difficulty=14_137_811,
        pool_difficulty=16384,
        network_difficulty=124_932_866_000_000,
        blocks_found=0,
        uptime=43173,
        signal_strength=-63,
        active_pool=Pool(
            host=str(raw["stratumURL"]), port=2018, user=str(raw["stratumUser"])
        ),
        fallback_pool=False,
        pool_latency=1.3,
        reset_reason="SYSTEM.RESET_SOFTWARE",
        free_heap=6_890_556,
        mining=True,
        overheated=False,
        locked=False,
    )
    assert status.efficiency == pytest.approx(103 / 5.512898)
    assert status.reject_rate == pytest.approx(100 * 3 / 3495)
    assert client.identity == MinerIdentity(
        family=MinerFamily.NERDQAXE,
        manufacturer="NerdQAxe",
        model="NerdQAxe++",
        mac=str(raw["macAddr"]).lower(),
        firmware="v1.1.0-beta1",
        hostname=str(raw["hostname"]),
    )
    assert client.capabilities == Capabilities(
        frequency=Range(minimum=500, maximum=600),
        frequency_limit=Range(minimum=400, maximum=800),
        core_voltage=Range(minimum=1.12, maximum=1.2, step=0.001),
        core_voltage_limit=Range(minimum=1.0, maximum=1.4, step=0.001),
        fan_speed=Range(minimum=0, maximum=100),
        target_temperature=Range(minimum=30, maximum=70),
        automatic_fan=True,
        shutdown=True,
        work_modes=(
            WorkMode(name="eco", frequency=500, core_voltage=1.12),
            WorkMode(name="standard", frequency=600, core_voltage=1.15),
        ),
    )
    assert not client.needs_code
    assert mode(client, status) is None


def plain(changes: dict[str, Any]) -> dict[str, Any]:
    """Return capabilities as the plain values of their storage."""
    stored = Capabilities(**changes).as_dict()
    return {key: stored[key] for key in changes}


def mode(client: MinerClient, status: MinerStatus) -> str | None:
    """Return the work mode that a status shows."""
    return next(
        (
            mode.name
            for mode in client.capabilities.work_modes
            if mode.matches(status.frequency, status.core_voltage)
        ),
        None,
    )
