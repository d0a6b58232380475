"""Replies of real devices are read with every field right.

The replies lie beside the repository and are no part of it: without them there is
nothing to test here.
"""

from datetime import UTC, datetime
import json
from pathlib import Path
from typing import Any
from unittest.mock import Mock, patch

import aiohttp
from aiohttp import web
import pytest

from custom_components.miner_controller.protocols.address import Address
from custom_components.miner_controller.protocols.client import MinerClient
from custom_components.miner_controller.protocols.detect import (
    HTTP_PORT,
    create_client,
    detect,
)
from custom_components.miner_controller.protocols.model import (
    Capabilities,
    MinerFamily,
    MinerIdentity,
    MinerStatus,
    Pool,
    PoolSlot,
    PoolState,
    Range,
    WorkMode,
)
from custom_components.miner_controller.protocols.nmminer_listener import (
    NMMinerListener,
)

from . import HOST, Serve, assert_status
from .broadcasts import say
from .raw_miner import (
    INVALID_COMMAND,
    RawMiner,
    StartMiner,
    answering,
    reply as made_up_reply,
    until,
)

CAPTURES = Path(__file__).parents[3] / "shared" / "captures"

pytestmark = pytest.mark.skipif(
    not CAPTURES.is_dir(), reason="the replies of real devices are not here"
)

ECO = WorkMode(name="eco", frequency=400, core_voltage=1.1)
BITAXE = Capabilities(
    fan_speed=Range(minimum=0, maximum=100),
    automatic_fan=True,
    clear_overheat=True,
    pool_slots=2,
    set_pool=True,
    restart_for_pool=True,
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
        "pool_slots": 8,
        "locate": True,
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
        pool_slots=2,
        set_pool=True,
        shutdown=True,
        work_modes=(
            WorkMode(name="eco", frequency=500, core_voltage=1.12),
            WorkMode(name="standard", frequency=600, core_voltage=1.15),
        ),
    )
    assert not client.needs_code
    assert mode(client, status) is None


NANO3S = "avalon_nano3s"
AVALON = Capabilities(
    fan_speed=Range(minimum=15, maximum=100),
    automatic_fan=True,
    automatic_fan_told=False,
    locate=True,
    pool_slots=3,
    switch_pool=True,
    set_pool=True,
    restart_for_pool=True,
    web_login=True,
    named_modes=("low", "medium", "high"),
)


async def meet_avalon(
    start_miner: StartMiner,
    session: aiohttp.ClientSession,
    answers: dict[str, Any],
    when: int,
) -> tuple[MinerClient, MinerStatus, RawMiner]:
    """Return a client that met an Avalon with these answers when they were given."""
    miner = await start_miner(answering(answers))
    module = "custom_components.miner_controller.protocols.cgminer_client"
    clock = Mock(now=lambda zone: datetime.fromtimestamp(when + 7, zone))
    with patch(f"{module}.datetime", clock):
        client = await detect(session, Address(host=HOST, port=miner.port))
        miner.requests.clear()
        return client, await client.fetch(), miner


def raw_nano3s(name: str) -> bytes:
    """Return a reply of the Nano 3S as it came."""
    return (CAPTURES / NANO3S / f"{name}.json").read_bytes().strip()


def nano3s_slots() -> tuple[PoolSlot, ...]:
    """Return the three slots of the Nano 3S, which hold the same pool."""
    pool = Pool(host="stratum.braiins.com", port=3333, user="worker.nano3s")
    return tuple(
        PoolSlot(
            number=number,
            pool=pool,
            state=PoolState.ALIVE,
            priority=number,
            active=number == 0,
            shares_accepted=accepted,
            shares_rejected=rejected,
        )
        for number, (accepted, rejected) in enumerate(((3078, 1), (0, 0), (19, 0)))
    )


NANO3S_IDENTITY = MinerIdentity(
    family=MinerFamily.AVALON,
    manufacturer="Canaan",
    model="Avalon Nano 3S",
    mac="e0:e1:a9:3e:f5:a5",
    firmware="25021401_56abae7",
    hardware="N_MM1v1_X1",
    serial="02010000dc04db98",
)


@pytest.mark.parametrize("joins", [True, False])
async def test_nano_3s(
    start_miner: StartMiner, session: aiohttp.ClientSession, joins: bool
) -> None:
    """A real one, some minutes apart: it draws 132 W, and 133 W are its limit."""
    names = ("summary", "stats", "pools")
    answers: dict[str, Any] = {
        name: raw_nano3s(name) + b"\n\0" for name in ("version", *names)
    }
    if joins:
        parts = b",".join(
            b'"' + name.encode() + b'":[' + raw_nano3s(name) + b"]" for name in names
        )
        answers["summary+stats+pools"] = b"{" + parts + b',"id":1}\0'
    when = read(f"{NANO3S}/summary.json")["STATUS"][0]["When"]
    client, status, miner = await meet_avalon(start_miner, session, answers, when)
    slots = nano3s_slots()
    assert_status(
        status,
        hashrate=6_423_030_000_000,
        hashrate_since_start=6_372_550_000_000,
        power=132,
        power_limit=133,
        temperature=90,
        temperature_max=96,
        outlet_temperature=58,
        chip_temperatures=(86, 92, 93, 89, 94, 90, 85, 83, 94, 96, 92, 85),
        target_temperature=90,
        fan_speed=36,
        fan_rpms=(1720,),
        input_voltage=27.697,
        frequency_actual=450.95,
        shares_accepted=2567,
        shares_rejected=1,
        hardware_errors=0,
        blocks_found=0,
        best_session_difficulty=111_181_383,
        pool_difficulty=8192,
        block_height=943_768,
        error_rate=2.13,
        uptime=12961,
        active_pool=slots[0].pool,
        active_slot=slots[0],
        fallback_pool=False,
        pool_slots=slots,
        pool_latency=71,
        last_share=status.last_share,
        work_mode="high",
        calibrating=False,
        power_fault=False,
        hardware_fault=False,
    )
    assert status.efficiency == pytest.approx(132 / 6.42303)
    assert status.reject_rate == pytest.approx(100 / 2568)
    assert client.identity == NANO3S_IDENTITY
    assert client.capabilities == AVALON
    assert miner.commands == (["summary+stats+pools"] if joins else list(names))


async def test_nano_3s_in_one_moment(
    start_miner: StartMiner, session: aiohttp.ClientSession
) -> None:
    """Its joined reply: 131 W some minutes after a start."""
    joined = read(f"{NANO3S}/summary+version+stats.json")
    answers = {
        "version": joined["version"][0],
        "summary+estats+pools": {
            "summary": joined["summary"],
            "estats": joined["stats"],
            "pools": [read(f"{NANO3S}/pools.json")],
            "id": 1,
        },
        # What it says to a mode that it is in already.
        "ascset": raw_nano3s("ascset-workmode"),
    }
    when = joined["summary"][0]["STATUS"][0]["When"]
    client, status, miner = await meet_avalon(start_miner, session, answers, when)
    slots = nano3s_slots()
    assert_status(
        status,
        hashrate=6_418_280_000_000,
        hashrate_since_start=5_412_210_000_000,
        power=131,
        power_limit=133,
        temperature=89,
        temperature_max=95,
        outlet_temperature=58,
        chip_temperatures=(84, 91, 93, 89, 93, 89, 85, 83, 94, 96, 91, 85),
        target_temperature=90,
        fan_speed=37,
        fan_rpms=(1740,),
        input_voltage=27.687,
        frequency_actual=450.82,
        shares_accepted=188,
        shares_rejected=0,
        hardware_errors=0,
        blocks_found=0,
        best_session_difficulty=909_757,
        pool_difficulty=8192,
        block_height=943_768,
        error_rate=2.145,
        last_share=datetime.fromtimestamp(1_775_395_661, UTC),
        uptime=393,
        active_pool=slots[0].pool,
        active_slot=slots[0],
        fallback_pool=False,
        pool_slots=slots,
        pool_latency=43,
        work_mode="high",
        calibrating=False,
        power_fault=False,
        hardware_fault=False,
    )
    assert client.identity == NANO3S_IDENTITY
    assert client.capabilities == AVALON
    assert miner.commands == ["summary+estats+pools"]


async def test_nano_3(start_miner: StartMiner, session: aiohttp.ClientSession) -> None:
    """A real one: it draws 92 W, and 314 are no watts. Its pools are not known."""
    capture = read("avalon_nano3/summary_and_stats.json")
    summary = capture["Summary"]
    pools = made_up_reply(POOLS=[])
    answers = {
        "version": (CAPTURES / "avalon_nano3/version.json").read_bytes() + b"\0",
        "summary+stats+pools": {
            "summary": [summary],
            "stats": [capture["Stats"]],
            "pools": [pools],
            "id": 1,
        },
        "ascset": INVALID_COMMAND,
    }
    when = summary["STATUS"][0]["When"]
    client, status, _ = await meet_avalon(start_miner, session, answers, when)
    assert_status(
        status,
        hashrate=3_332_400_000_000,
        hashrate_since_start=3_044_720_000_000,
        power=92,
        power_limit=90,
        temperature=85,
        temperature_max=87,
        outlet_temperature=45,
        chip_temperatures=(84, 85, 86, 85, 84, 82, 87, 86, 86, 83),
        target_temperature=85,
        fan_speed=43,
        fan_rpms=(3360,),
        input_voltage=27.8,
        shares_accepted=21853,
        shares_rejected=15,
        hardware_errors=148,
        blocks_found=0,
        best_session_difficulty=138_508_908,
        error_rate=1.474,
        uptime=101_614,
        pool_latency=166,
        work_mode="medium",
        calibrating=False,
        power_fault=False,
        hardware_fault=False,
    )
    assert status.efficiency == pytest.approx(92 / 3.3324)
    assert client.identity == MinerIdentity(
        family=MinerFamily.AVALON,
        manufacturer="Canaan",
        model="Avalon Nano 3",
        firmware="24071801_42c628d",
        hardware="PMMv1_X1",
        serial="02010000d89ada98",
    )
    assert client.capabilities == AVALON


async def test_nmminer_with_0_3_01(
    session: aiohttp.ClientSession, listener: NMMinerListener
) -> None:
    """A real datagram, which a relay hands on: its address is what it tells."""
    name = "nmminer/udp_status_0.3.01.json"
    raw = read(name)
    say((CAPTURES / name).read_bytes(), listener.port, sender="127.0.13.31")
    await until(lambda: listener.heard)
    address = Address(host=str(raw["IP"]))
    client = create_client(
        MinerFamily.NMMINER, session, address.host, HTTP_PORT, listener
    )
    await client.identify()
    status = await client.fetch()
    assert_status(
        status,
        hashrate=113_130,
        temperature=48.5,
        shares_accepted=138,
        shares_rejected=1,
        best_difficulty=4_021_000,
        pool_difficulty=0.001,
        network_difficulty=89_470_000_000_000,
        blocks_found=0,
        uptime=5026,
        signal_strength=-62,
        active_pool=Pool(host="public-pool.io", port=21496),
        free_heap=8_400_794,
    )
    assert status.reject_rate == pytest.approx(100 / 139)
    assert client.identity == MinerIdentity(
        family=MinerFamily.NMMINER,
        manufacturer="NMMiner",
        model="NMLotto",
        firmware="v0.3.01",
    )
    assert client.capabilities == Capabilities(restart=False)


async def test_nmminer_with_2_0_04(
    serve: Serve, session: aiohttp.ClientSession
) -> None:
    """What the documents of the firmware show."""
    replies = {
        "/api/system/info": "nmminer/system_info_2.0.04.json",
        "/probe": "nmminer/probe_2.0.04.json",
    }

    async def handler(request: web.BaseRequest) -> web.Response:
        return web.Response(body=(CAPTURES / replies[request.path]).read_bytes())

    raw = read(replies["/api/system/info"])
    client = await detect(session, Address(host=HOST, port=await serve(handler)))
    status = await client.fetch()
    assert_status(
        status,
        hashrate=956_432,
        temperature=51.3,
        shares_accepted=128,
        shares_rejected=2,
        best_difficulty=1.7833,
        best_session_difficulty=0.04215,
        pool_difficulty=0.0005,
        network_difficulty=112_392_546_850,
        blocks_found=0,
        uptime=4321,
        signal_strength=-52,
        active_pool=Pool(
            host="solobtc.nmminer.com", port=3333, user=str(raw["stratum"]["user"])
        ),
        free_heap=118_432,
    )
    assert client.identity == MinerIdentity(
        family=MinerFamily.NMMINER,
        manufacturer="NMMiner",
        model="NMMiner",
        firmware="v2.0.04",
        hardware="320 × 240",
        hostname="nm-cyd-c5-ab12cd",
    )
    assert client.capabilities == Capabilities(
        locate=True, set_pool=True, restart_for_pool=True, pool_slots=2
    )


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
