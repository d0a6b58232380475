"""Miners that are known by their cgminer API alone: a plain one, an Antminer."""

from datetime import UTC, datetime
from typing import Any

import pytest

from custom_components.miner_controller.protocols.cgminer_miner import CgminerClient
from custom_components.miner_controller.protocols.errors import (
    MinerAccessDeniedError,
    MinerConnectionError,
    MinerError,
    MinerMismatchError,
    MinerProtocolError,
    MinerRefusedError,
    MinerUnsupportedError,
)
from custom_components.miner_controller.protocols.model import (
    Capabilities,
    MinerFamily,
    MinerIdentity,
    Pool,
    PoolSlot,
    PoolState,
)
from custom_components.miner_controller.protocols.pool_settings import PoolSettings
from simulator.cgminer.plain import PlainCgminerDevice
from tests.devices import WARM_UP, StartDevice

from . import HOST, assert_status
from .raw_miner import ACCESS_DENIED, INVALID_COMMAND, StartMiner, answering, reply

DENIED, PRIVILEGED = "cgminer-4.11", "cgminer-4.11:privileged"
POLL = ("summary+devs+pools", "")

# As an Antminer answers, with values of nobody's.
SUMMARY = {
    "Elapsed": 5000,
    "GHS 5s": "13512.33",
    "GHS av": 13400.5,
    "Found Blocks": 0,
    "Accepted": 1200,
    "Rejected": 3,
    "Hardware Errors": 17,
    "Device Hardware%": 0.0012,
    "Best Share": 987654,
}
POOL = {
    "POOL": 0,
    "URL": "stratum+tcp://payout:secret@Pool.Example:3333/path",
    "Status": "Alive",
    "Priority": 0,
    "User": "payout.one",
    "Accepted": 1200,
    "Rejected": 3,
    "Stratum Active": True,
    "Stratum Difficulty": 16384,
    "Last Share Time": "0:00:05",
}
DEV = {"ASC": 0, "Temperature": 61.25, "Fan Speed In": 4320, "Fan Speed Out": 0}
VERSION = {
    "BMMiner": "2.0.0",
    "API": "3.1",
    "Miner": "49.0.1.3",
    "Type": "Antminer S9",
}


def antminer(**changes: Any) -> dict[str, Any]:
    """Return the answers of an Antminer that joins nothing."""
    return {
        "version": reply(VERSION=[VERSION]),
        "summary": reply(SUMMARY=[SUMMARY]),
        "devs": reply(DEVS=[DEV, {**DEV, "Temperature": 70, "Fan Percent": 55}]),
        "pools": reply(POOLS=[POOL]),
        **changes,
    }


async def plain(
    start_device: StartDevice, profile: str
) -> tuple[PlainCgminerDevice, CgminerClient]:
    """Return a plain cgminer whose clock is right, and its client after a poll."""
    device = await start_device(profile, warm=False)
    assert isinstance(device, PlainCgminerDevice)
    device.clock_offset = -WARM_UP
    device.advance(WARM_UP)
    client = CgminerClient(HOST, device.port)
    await client.fetch()
    return device, client


@pytest.mark.parametrize("as_list", [True, False])
@pytest.mark.parametrize("profile", [DENIED, PRIVILEGED])
async def test_a_plain_cgminer(
    start_device: StartDevice, profile: str, as_list: bool
) -> None:
    """Every field that summary, devs and pools tell, and nothing else."""
    device, client = await plain(start_device, profile)
    device.joined_as_list = as_list
    device.requests.clear()
    status = await client.fetch()
    assert device.requests == [POLL]
    state, pools = device.state, list(device.pools)
    slots = tuple(
        PoolSlot(
            number=number,
            pool=Pool(
                host=pool.host, port=int(pool.url.rpartition(":")[2]), user=pool.user
            ),
            state=PoolState.ALIVE,
            priority=number,
            active=number == 0,
            shares_accepted=pool.accepted,
            shares_rejected=pool.rejected,
        )
        for number, pool in enumerate(pools)
    )
    assert_status(
        status,
        hashrate=pytest.approx(state.rates.values["5m"] * 1e6, abs=5.1e3),
        hashrate_since_start=pytest.approx(state.average * 1e6, abs=5.1e3),
        shares_accepted=sum(pool.accepted for pool in pools),
        shares_rejected=sum(pool.rejected for pool in pools),
        hardware_errors=state.hardware_errors,
        blocks_found=state.model.blocks_found,
        best_session_difficulty=int(max(pool.best_share for pool in pools)) or None,
        error_rate=pytest.approx(status.error_rate),
        uptime=state.elapsed,
        last_share=datetime.fromtimestamp(pools[0].last_share_time, UTC),
        active_pool=slots[0].pool,
        active_slot=slots[0],
        fallback_pool=False,
        pool_slots=slots,
        pool_difficulty=state.model.pool_difficulty,
        block_height=state.first_height + state.blocks_seen,
    )
    assert status.error_rate is not None
    assert client.identity == MinerIdentity(
        family=MinerFamily.CGMINER,
        manufacturer=None,
        model="cgminer miner",
        firmware="CGMiner 4.11.1",
    )
    assert client.identity.ids == ()
    privileged = profile == PRIVILEGED
    assert client.capabilities == Capabilities(
        restart=privileged, switch_pool=privileged, pool_slots=3
    )


async def test_a_restart_with_the_privilege(start_device: StartDevice) -> None:
    """That the farewell is no JSON does not matter."""
    device, client = await plain(start_device, PRIVILEGED)
    await client.restart()
    assert device.requests[-1] == ("restart", "")
    assert not device.online
    with pytest.raises(MinerConnectionError):
        await client.fetch()
    device.advance(30)
    assert (await client.fetch()).uptime == 22


async def test_changes_without_the_privilege(start_device: StartDevice) -> None:
    """The miner denies each of them, and says so."""
    device, client = await plain(start_device, DENIED)
    with pytest.raises(MinerAccessDeniedError, match="denied to 'restart'"):
        await client.restart()
    with pytest.raises(MinerAccessDeniedError):
        await client.switch_pool(1)
    with pytest.raises(MinerAccessDeniedError):
        await client.set_pool_enabled(1, enabled=False)
    with pytest.raises(MinerAccessDeniedError):
        await client.set_pool_priorities((1, 0, 2))
    assert device.online
    assert device.pools[0].priority == 0
    assert device.pools[1].enabled


async def test_pools_with_the_privilege(start_device: StartDevice) -> None:
    """A slot is chosen, taken out, taken in and put in order."""
    device, client = await plain(start_device, PRIVILEGED)
    status = await client.switch_pool(2)
    assert status.active_slot is not None
    assert status.active_slot.number == 2
    status = await client.set_pool_enabled(2, enabled=False)
    assert status.pool_slots[2].state is PoolState.DISABLED
    status = await client.set_pool_enabled(2, enabled=True)
    assert status.pool_slots[2].state is PoolState.ALIVE
    status = await client.set_pool_priorities((1, 2))
    assert [slot.priority for slot in status.pool_slots] == [2, 0, 1]
    assert device.pools[1].priority == 0


async def test_what_no_cgminer_has(start_device: StartDevice) -> None:
    """Nothing is sent for it."""
    device, client = await plain(start_device, PRIVILEGED)
    device.requests.clear()
    pool = PoolSettings(url="stratum+tcp://pool.example:1", worker="me")
    for command in (
        client.set_named_mode("eco"),
        client.set_fan_speed(50),
        client.set_mining(enabled=False),
        client.set_pool(0, pool),
        client.locate(),
    ):
        with pytest.raises(MinerUnsupportedError):
            await command
    assert device.requests == []


async def test_a_restart_is_noticed(start_device: StartDevice) -> None:
    """The version may be another one then."""
    device, client = await plain(start_device, DENIED)
    device.reboot()
    device.advance(30)
    device.requests.clear()
    assert (await client.fetch()).uptime == 30
    assert ("version", "") in device.requests


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, 13_512_330_000_000),
        ({"GHS 5s": 13512.33}, 13_512_330_000_000),
        ({"GHS 5s": "13512.33 "}, 13_512_330_000_000),
        ({"GHS 5s": "fast"}, None),
        ({"GHS 5s": ""}, None),
        ({"GHS 5s": "nan"}, None),
        ({"GHS 5s": "inf"}, None),
        ({"GHS 5s": "-1"}, None),
        ({"GHS 5s": 1e12}, None),
        ({"GHS 5s": None}, None),
        ({"MHS 5s": 5e6}, 5e12),
        ({"MHS 20s": 4e6, "MHS 5s": 5e6}, 4e12),
        ({"MHS 1m": 3e6, "MHS 20s": 4e6}, 3e12),
        ({"MHS 5m": 2e6, "MHS 1m": 3e6}, 2e12),
        ({"MHS 5m": "2000000.5"}, 2_000_000_500_000),
        ({"MHS 5m": 0}, 0),
        ({"MHS 5m": None, "MHS 1m": 3e6}, 3e12),
    ],
)
async def test_the_hashrate_of_an_antminer(
    start_miner: StartMiner, change: dict[str, object], expected: float | None
) -> None:
    """It may be a text, and the steadiest one counts."""
    answers = antminer(summary=reply(SUMMARY=[{**SUMMARY, **change}]))
    miner = await start_miner(answering(answers))
    status = await CgminerClient(HOST, miner.port).fetch()
    assert status.hashrate == expected
    assert status.hashrate_since_start == 13_400_500_000_000


async def test_an_antminer(start_miner: StartMiner) -> None:
    """Everything that it tells besides the hashrate."""
    miner = await start_miner(answering(antminer()))
    client = CgminerClient(HOST, miner.port)
    pool = Pool(host="pool.example", port=3333, user="payout.one")
    slot = PoolSlot(
        number=0,
        pool=pool,
        state=PoolState.ALIVE,
        priority=0,
        active=True,
        shares_accepted=1200,
        shares_rejected=3,
    )
    assert_status(
        await client.fetch(),
        hashrate=13_512_330_000_000,
        hashrate_since_start=13_400_500_000_000,
        temperature=70,
        fan_speed=55,
        fan_rpms=(4320, 0),
        shares_accepted=1200,
        shares_rejected=3,
        hardware_errors=17,
        blocks_found=0,
        best_session_difficulty=987654,
        error_rate=0.0012,
        uptime=5000,
        active_pool=pool,
        active_slot=slot,
        fallback_pool=False,
        pool_slots=(slot,),
        pool_difficulty=16384,
    )
    assert client.identity == MinerIdentity(
        family=MinerFamily.CGMINER,
        manufacturer=None,
        model="Antminer S9",
        firmware="BMMiner 2.0.0",
    )
    assert client.capabilities == Capabilities(restart=False, pool_slots=1)
    miner.requests.clear()
    await client.fetch()
    assert miner.commands == ["summary", "devs", "pools"]


@pytest.mark.parametrize(
    ("row", "model", "firmware"),
    [
        ({"CGMiner": "4.12.0", "API": "3.7"}, "cgminer miner", "CGMiner 4.12.0"),
        ({"BTMiner": "1.0", "PROD": "M30"}, "M30", "BTMiner 1.0"),
        ({"SGMiner": 5}, "cgminer miner", "SGMiner ?"),
        ({"Miner": "49.0", "Type": " Antminer T9 "}, "Antminer T9", "Miner 49.0"),
        ({"API": "3.7"}, "cgminer miner", None),
        (
            {"CGMiner": "4.11.1", "PROD": "AvalonMiner 1246", "MAC": "b4a2eb000001"},
            "AvalonMiner 1246",
            "CGMiner 4.11.1",
        ),
    ],
)
async def test_names(
    start_miner: StartMiner, row: dict[str, object], model: str, firmware: str | None
) -> None:
    """Model and firmware are what the miner calls them, if it does."""
    miner = await start_miner(answering(antminer(version=reply(VERSION=[row]))))
    client = CgminerClient(HOST, miner.port)
    identity = await client.identify()
    assert (identity.model, identity.firmware) == (model, firmware)
    assert identity.mac == ("b4:a2:eb:00:00:01" if "MAC" in row else None)


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (reply(CHECK=[{"Exists": "Y", "Access": "Y"}]), True),
        (reply(CHECK=[{"Exists": "Y", "Access": "N"}]), False),
        (reply(CHECK=[{"Exists": "N", "Access": "N"}]), False),
        (reply(CHECK=[]), False),
        (reply("E", 71, "Missing check cmd"), False),
        (INVALID_COMMAND, False),
    ],
)
async def test_a_restart_is_there_if_the_miner_says_so(
    start_miner: StartMiner, check: object, expected: bool
) -> None:
    """The right to change something is not enough."""
    asked: list[str | None] = []

    def checked(parameter: str | None) -> object:
        asked.append(parameter)
        return check

    answers = antminer(privileged=reply(code=46), check=checked)
    miner = await start_miner(answering(answers))
    client = CgminerClient(HOST, miner.port)
    await client.identify()
    assert client.capabilities.restart is expected
    assert client.capabilities.switch_pool is True
    assert asked == ["restart"]


@pytest.mark.parametrize(
    "refusal", [ACCESS_DENIED, INVALID_COMMAND, reply("E", 1, "Not you")]
)
async def test_a_miner_without_privileges(
    start_miner: StartMiner, refusal: object
) -> None:
    """However it says so, nothing can be changed."""
    answers = antminer(
        privileged=refusal, check=reply(CHECK=[{"Exists": "Y", "Access": "Y"}])
    )
    miner = await start_miner(answering(answers))
    client = CgminerClient(HOST, miner.port)
    await client.identify()
    assert client.capabilities == Capabilities(restart=False, pool_slots=1)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (None, None),
        (b'{"RESTART","id":1}\0', None),
        (b"RESTART\0", None),
        (reply(), None),
        (reply("E", 1, "Not now"), MinerRefusedError),
        (INVALID_COMMAND, MinerUnsupportedError),
    ],
)
async def test_the_answer_to_a_restart(
    start_miner: StartMiner, answer: object, error: type[MinerError] | None
) -> None:
    """Only a refusal is an error."""
    miner = await start_miner(answering(antminer(restart=answer)))
    client = CgminerClient(HOST, miner.port)
    if error is None:
        await client.restart()
    else:
        with pytest.raises(error) as caught:
            await client.restart()
        assert type(caught.value) is error
    assert miner.commands == ["restart"]


@pytest.mark.parametrize(
    ("rows", "active", "fallback"),
    [
        ([], None, None),
        ([{"POOL": 0, "Stratum Active": False, "Status": "Dead"}], None, None),
        # Who is connected counts more than the order.
        (
            [
                {"POOL": 0, "Priority": 0},
                {"POOL": 1, "Priority": 1, "Stratum Active": True},
            ],
            1,
            True,
        ),
        (
            [
                {"POOL": 0, "Priority": 0, "Status": "Disabled"},
                {"POOL": 1, "Priority": 1, "Stratum Active": True},
            ],
            1,
            False,
        ),
        # Else the first of those that are alive.
        (
            [
                {"POOL": 0, "Priority": 2},
                {"POOL": 1, "Priority": 0, "Status": "Dead"},
                {"POOL": 2, "Priority": 1},
            ],
            2,
            True,
        ),
        ([{"POOL": 0}, {"POOL": 5, "Priority": 3}], 5, False),
        ([{"POOL": 4, "Priority": None}], 4, None),
        # What is no slot is left out.
        ([{"POOL": "0"}, {"POOL": -1}, {"POOL": 1, "URL": ""}], None, None),
        ([{"POOL": 0, "Status": "alive"}], None, None),
        ([{"POOL": 0, "Status": 17}], None, None),
    ],
)
async def test_the_pool_in_use(
    start_miner: StartMiner,
    rows: list[dict[str, object]],
    active: int | None,
    fallback: bool | None,
) -> None:
    """The connected one, else the alive one that is preferred."""
    pools = [
        {"URL": "stratum+tcp://pool.example:1", "Status": "Alive", **row}
        for row in rows
    ]
    miner = await start_miner(answering(antminer(pools=reply(POOLS=pools))))
    status = await CgminerClient(HOST, miner.port).fetch()
    assert (status.active_slot and status.active_slot.number) == active
    assert status.fallback_pool is fallback


@pytest.mark.parametrize(
    ("version", "error"),
    [
        (reply(VERSION=[]), MinerProtocolError),
        (reply(VERSION=["CGMiner"]), MinerProtocolError),
        (
            reply(VERSION=[{"PROD": "Avalon Nano3s", "MODEL": "Nano3s"}]),
            MinerMismatchError,
        ),
        (reply(VERSION=[{"PROD": "Avalon Q"}]), MinerMismatchError),
    ],
)
async def test_an_avalon_is_none_of_these(
    start_miner: StartMiner, version: object, error: type[MinerError]
) -> None:
    """It has a client of its own."""
    miner = await start_miner(answering(antminer(version=version)))
    with pytest.raises(error) as caught:
        await CgminerClient(HOST, miner.port).fetch()
    assert type(caught.value) is error
