"""Avalons of every model: polls, commands, pools and what they refuse."""

import asyncio
from datetime import UTC, datetime
import json
import re
import traceback
from typing import Any
from unittest.mock import patch

import aiohttp
from aiohttp import web
import pytest

from custom_components.miner_controller.protocols import (
    avalon as avalon_module,
    cgminer,
)
from custom_components.miner_controller.protocols.avalon import AvalonClient
from custom_components.miner_controller.protocols.avalon_web import fetch_mac
from custom_components.miner_controller.protocols.errors import (
    MinerCalibratingError,
    MinerConnectionError,
    MinerError,
    MinerLoginError,
    MinerMismatchError,
    MinerProtocolError,
    MinerRefusedError,
    MinerTimeoutError,
    MinerUnconfirmedError,
    MinerUnreachableError,
    MinerUnsupportedError,
)
from custom_components.miner_controller.protocols.model import (
    Capabilities,
    MinerFamily,
    MinerIdentity,
    Pool,
    PoolSlot,
    PoolState,
    Range,
)
from custom_components.miner_controller.protocols.pool_settings import PoolSettings
from custom_components.miner_controller.protocols.web_login import WebLogin
from simulator.avalon import AvalonDevice
from simulator.faults import Fault
from tests.devices import AVALON_PROFILES, WARM_UP, StartDevice, create_device

from . import HOST, Serve, assert_status
from .raw_miner import (
    ACCESS_DENIED,
    INVALID_COMMAND,
    StartMiner,
    answering,
    reply,
    until,
)

POLL = ("summary+estats+pools", "")
VERSION = ("version", "")
HELP = ("ascset", "0,help")

NANO3, NANO3S, MINI3, Q = AVALON_PROFILES
MODES = {
    NANO3: ("worklevel", ("low", "medium", "high")),
    NANO3S: ("workmode", ("low", "medium", "high")),
    MINI3: ("workmode", ("heating", "mining", "night")),
    Q: ("workmode", ("eco", "standard", "super")),
}
NAMES = {
    NANO3: "Avalon Nano 3",
    NANO3S: "Avalon Nano 3S",
    MINI3: "Avalon Mini 3",
    Q: "Avalon Q",
}
WITH_FAN = (NANO3, NANO3S, Q)
WITH_TARGET = {MINI3: "limittemp", Q: "target-temp"}
WITH_SOFT_OFF = (MINI3, Q)
WITH_LIGHT = (NANO3, NANO3S)

NEW_POOL = PoolSettings(
    url="stratum+tcp://new.pool.example:4444",
    worker="payout.new",
    password="poolsecret",
)

CLIENT = "custom_components.miner_controller.protocols.cgminer_client"

type Session = aiohttp.ClientSession


async def no_wait(_seconds: float) -> None:
    """Wait for nothing where no simulated time passes."""


def client_of(session: Session, device: AvalonDevice) -> AvalonClient:
    """Return a client that finds the web page of a simulated miner too."""
    return AvalonClient(session, HOST, device.port, web_port=device.web_port or 1)


async def polled(
    start_device: StartDevice, session: Session, profile: str
) -> tuple[AvalonDevice, AvalonClient]:
    """Return a running miner and its client after a first poll."""
    device = await start_device(profile)
    assert isinstance(device, AvalonDevice)
    client = client_of(session, device)
    await client.fetch()
    device.requests.clear()
    return device, client


def login_for(device: AvalonDevice) -> WebLogin:
    """Return the right login."""
    return WebLogin(user=device.web_user, password=device.web_password)


def writes(device: AvalonDevice) -> list[tuple[str, str]]:
    """Return what a miner was told besides polls and questions."""
    return [one for one in device.requests if one not in (POLL, VERSION, HELP)]


def expected_slots(device: AvalonDevice) -> tuple[PoolSlot, ...]:
    """Return the slots of the pools, from the device's own state."""
    return tuple(
        PoolSlot(
            number=number,
            pool=Pool(
                host=pool.host, port=int(pool.url.rpartition(":")[2]), user=pool.user
            ),
            state=PoolState(pool.status.lower()),
            priority=pool.priority,
            active=device.pools.active is pool,
            shares_accepted=pool.accepted,
            shares_rejected=pool.rejected,
        )
        for number, pool in enumerate(device.pools)
    )


def expected_status(device: AvalonDevice) -> dict[str, Any]:
    """Return what a poll should yield, from the device's own state."""
    state, model, profile = device.state, device.model, f"avalon-{device.kind.key}"
    ambient, chip = model.ambient, model.chip_temperature
    large = profile in WITH_SOFT_OFF
    slots = expected_slots(device)
    active = next(slot for slot in slots if slot.active)
    share_times = [pool.last_share_time for pool in device.pools]
    return {
        "hashrate": pytest.approx(model.hashrate * 1e9, abs=5.1e6),
        "hashrate_since_start": pytest.approx(state.average * 1e6, abs=5.1e6),
        "power": round(model.power),
        "power_limit": state.limit,
        "temperature": round(chip),
        "temperature_max": round(chip + 4),
        "inlet_temperature": round(ambient + 6) if large else None,
        "outlet_temperature": round(ambient + 0.52 * (chip - ambient)),
        "chip_temperatures": ()
        if large
        else tuple(
            float(f"{chip + 7 * number % 11 - 5:.0f}")
            for number in range(device.kind.hardware.chips)
        ),
        "target_temperature": state.target,
        "fan_speed": float(f"{model.fan_percent:.0f}"),
        "fan_rpms": tuple(
            max(0, model.fan_rpm - 30 * fan) for fan in range(device.kind.fans)
        ),
        "input_voltage": {
            NANO3: round(model.input_voltage / 10) / 100,
            NANO3S: round(model.input_voltage) / 1000,
        }.get(profile),
        "frequency_actual": (
            None
            if profile == NANO3
            else pytest.approx(model.frequency_actual, abs=0.006)
        ),
        "shares_accepted": sum(pool.accepted for pool in device.pools),
        "shares_rejected": sum(pool.rejected for pool in device.pools),
        "hardware_errors": state.hardware_errors,
        "blocks_found": model.blocks_found,
        "best_session_difficulty": int(max(pool.best_share for pool in device.pools)),
        "pool_difficulty": model.pool_difficulty,
        "block_height": state.first_height + state.blocks_seen,
        "error_rate": pytest.approx(2 + model.errors, abs=0.0006),
        # The Q counts these times from its start.
        "last_share": (
            None if profile == Q else datetime.fromtimestamp(max(share_times), UTC)
        ),
        "uptime": state.elapsed,
        "signal_strength": round(model.wifi_rssi) if profile == Q else None,
        "active_pool": active.pool,
        "active_slot": active,
        "fallback_pool": False,
        "pool_slots": slots,
        "pool_latency": round(model.ping_ms),
        "work_mode": MODES[profile][1][state.mode],
        "calibrating": False,
        "mining": True if large else None,
        "power_fault": False,
        "hardware_fault": False,
    }


@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_a_poll_yields_every_field(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """Each field is right, or not known where the model does not tell it."""
    device = await start_device(profile, warm=False)
    assert isinstance(device, AvalonDevice)
    device.clock_offset = -WARM_UP
    device.advance(WARM_UP)
    status = await client_of(session, device).fetch()
    assert_status(status, **expected_status(device))
    assert status.shares_accepted
    assert status.efficiency is not None
    assert 5 < status.efficiency < 40


@pytest.mark.parametrize("profile", AVALON_PROFILES)
@pytest.mark.parametrize("mode", range(3))
async def test_power_is_read_from_the_right_number(
    start_device: StartDevice, session: Session, profile: str, mode: int
) -> None:
    """In every mode it is the one at the wall, not the limit or a voltage."""
    device, client = await polled(start_device, session, profile)
    device.state.choose(mode, 0)
    device.advance(WARM_UP)
    status = await client.fetch()
    assert status.power == round(device.model.power)
    assert status.power_limit == device.kind.modes[mode].limit
    assert status.work_mode == MODES[profile][1][mode]


@pytest.mark.parametrize("offset", [-10_000, 10_000, 1e9, -1.7e9])
async def test_a_wrong_clock_tells_no_times(
    start_device: StartDevice, session: Session, offset: float
) -> None:
    """When the last share was is not known then; all else is."""
    device = await start_device(NANO3S)
    assert isinstance(device, AvalonDevice)
    device.clock_offset = offset
    status = await client_of(session, device).fetch()
    assert status.last_share is None
    assert status.shares_accepted


@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_who_it_is_and_what_it_can_do(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """The model decides, and the miner's own list of options."""
    device = await start_device(profile)
    assert isinstance(device, AvalonDevice)
    client = client_of(session, device)
    identity = await client.identify()
    assert identity == client.identity
    assert identity == MinerIdentity(
        family=MinerFamily.AVALON,
        manufacturer="Canaan",
        model=NAMES[profile],
        mac=None if profile == NANO3 else device.mac.lower(),
        firmware=device.firmware_name,
        hardware=device.kind.hardware_type,
        serial=device.dna,
    )
    assert identity.ids[-1] == device.dna
    assert client.capabilities == Capabilities(
        named_modes=MODES[profile][1],
        fan_speed=Range(minimum=15, maximum=100) if profile in WITH_FAN else None,
        automatic_fan=profile in WITH_FAN,
        automatic_fan_told=False,
        target_temperature=(
            Range(minimum=50, maximum=90) if profile in WITH_TARGET else None
        ),
        locate=profile in WITH_LIGHT,
        pause=profile in WITH_SOFT_OFF,
        pool_slots=3,
        switch_pool=True,
        set_pool=True,
        restart_for_pool=True,
        web_login=True,
    )
    assert writes(device) == []
    assert device.web_requests == []


@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_a_poll_is_one_connection(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """The first one asks more, and no two are ever open at once."""
    device = await start_device(profile)
    assert isinstance(device, AvalonDevice)
    client = client_of(session, device)
    await client.fetch()
    assert sorted(device.requests) == sorted([VERSION, POLL, HELP])
    device.requests.clear()
    connections = device.connections
    for _ in range(3):
        device.advance(10)
        await client.fetch()
    assert device.requests == [POLL] * 3
    assert device.connections == connections + 3
    await until(lambda: device.open_connections == 0)
    assert device.most_open_connections == 1
    assert client.last_reply is not None
    assert set(client.last_reply.json()) == {"summary", "estats", "pools"}


@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_a_restart_is_noticed(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """What only changes with a restart is read again after one."""
    device, client = await polled(start_device, session, profile)
    device.advance(100)
    await client.fetch()
    device.reboot()
    device.advance(50)
    device.requests.clear()
    status = await client.fetch()
    assert status.uptime == 50
    assert VERSION in device.requests
    device.requests.clear()
    await client.fetch()
    assert device.requests == [POLL]


@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_another_miner_at_the_address_is_noticed(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """The number of the board shows it in the next poll."""
    device, client = await polled(start_device, session, profile)
    before = client.identity
    device.state.dna = "0201abcdefabcdef"
    device.advance(5)
    await client.fetch()
    assert client.identity.serial == "0201abcdefabcdef" != before.serial
    assert VERSION in device.requests
    device.requests.clear()
    await client.fetch()
    assert device.requests == [POLL]


@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_every_mode(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """Each is written once and stands in what is read back."""
    device, client = await polled(start_device, session, profile)
    option, names = MODES[profile]
    first = device.state.mode
    for mode in ((first + 1) % 3, (first + 2) % 3, first):
        device.advance(300)
        device.requests.clear()
        status = await client.set_named_mode(names[mode])
        assert status.work_mode == names[mode]
        assert status.calibrating is True
        assert writes(device) == [("ascset", f"0,{option},set,{mode}")]
        assert device.state.mode == mode
    device.advance(300)
    assert (await client.fetch()).calibrating is False


@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_the_same_mode_is_not_written(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """Not even while the miner calibrates, which would be refused."""
    device, client = await polled(start_device, session, profile)
    name = MODES[profile][1][device.state.mode]
    assert (await client.set_named_mode(name)).work_mode == name
    device.state.calibrating = 50
    assert (await client.set_named_mode(name)).work_mode == name
    assert writes(device) == []


@pytest.mark.parametrize("profile", [NANO3S, MINI3, Q])
async def test_no_mode_while_calibrating(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """The miner refuses, in words of its own, and stays as it is."""
    device, client = await polled(start_device, session, profile)
    names = MODES[profile][1]
    mode = device.state.mode
    device.state.calibrating = 1000
    with pytest.raises(MinerCalibratingError, match="caling") as caught:
        await client.set_named_mode(names[(mode + 1) % 3])
    assert type(caught.value) is MinerCalibratingError
    assert device.state.mode == mode
    device.advance(1000)
    assert await client.set_named_mode(names[(mode + 1) % 3])


@pytest.mark.parametrize(
    ("words", "calibrating", "error"),
    [
        ("mode 1 is caling", False, MinerCalibratingError),
        ("Calibrating now", False, MinerCalibratingError),
        ("whatever", True, MinerCalibratingError),
        ("error:1 not support set workmode", False, MinerRefusedError),
        ("Unknown option: workmode", False, MinerUnsupportedError),
    ],
)
async def test_a_refused_mode(
    start_miner: StartMiner,
    session: Session,
    words: str,
    calibrating: bool,
    error: type[MinerError],
) -> None:
    """What is said, or that the miner calibrates, tells the reason."""
    device = unplugged(NANO3S)
    device.state.calibrating = 100 if calibrating else 0
    refusal = reply("E", 120, words)
    miner = await start_miner(answering({**answers_of(device), "ascset": refusal}))
    with pytest.raises(error) as caught:
        await AvalonClient(session, HOST, miner.port).set_named_mode("low")
    assert type(caught.value) is error
    assert str(caught.value) == words


@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_a_mode_of_another_model_is_not_written(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """A name that the model does not have is unsupported."""
    device, client = await polled(start_device, session, profile)
    for name in ("turbo", "", "Low", "eco" if profile != Q else "heating"):
        with pytest.raises(MinerUnsupportedError):
            await client.set_named_mode(name)
    assert writes(device) == []


async def test_a_mode_that_does_not_stand_is_refused(
    start_device: StartDevice, session: Session
) -> None:
    """A miner that says yes and does nothing did not do it."""
    device, client = await polled(start_device, session, NANO3S)
    with (
        patch.object(device.state, "choose"),
        pytest.raises(MinerRefusedError, match="mode did not change"),
    ):
        await client.set_named_mode("low")
    assert writes(device) == [("ascset", "0,workmode,set,0")]


@pytest.mark.parametrize("profile", WITH_FAN)
async def test_the_fan(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """A speed ends the automatic, and what was told is remembered."""
    device, client = await polled(start_device, session, profile)
    for speed in (60, 100, 15):
        device.requests.clear()
        device.state.fan = speed
        device.advance(60)
        status = await client.set_fan_speed(speed)
        assert writes(device) == [("ascset", f"0,fan-spd,{speed}")]
        assert device.state.fan == speed
        assert (status.automatic_fan, status.manual_fan_speed) == (False, speed)
        assert status.fan_speed == pytest.approx(speed, abs=3)
    device.requests.clear()
    status = await client.set_automatic_fan(enabled=True)
    assert writes(device) == [("ascset", "0,fan-spd,-1")]
    assert device.state.fan == -1
    assert (status.automatic_fan, status.manual_fan_speed) == (True, None)
    device.advance(60)
    assert (await client.fetch()).automatic_fan is True


@pytest.mark.parametrize("profile", WITH_FAN)
async def test_the_fan_from_its_automatic(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """The miner gets the time that it needs, and ends at the speed it had."""
    device, client = await polled(start_device, session, profile)
    present = (await client.fetch()).fan_speed
    assert present is not None
    status = await client.set_automatic_fan(enabled=False)
    wanted = max(present, 15)
    assert writes(device) == [("ascset", f"0,fan-spd,{wanted:.0f}")]
    assert (status.automatic_fan, status.manual_fan_speed) == (False, wanted)


@pytest.mark.parametrize("speed", [-1, 0, 14, 14.9, 100.1, 101, 1e9, float("nan")])
async def test_a_fan_speed_that_is_not_safe(
    start_device: StartDevice, session: Session, speed: float
) -> None:
    """The miner does not hear of it, and nothing is remembered."""
    device, client = await polled(start_device, session, NANO3S)
    with pytest.raises(MinerRefusedError, match="not safe"):
        await client.set_fan_speed(speed)
    assert writes(device) == []
    assert (await client.fetch()).automatic_fan is None


async def test_a_restart_ends_what_is_known_of_the_fan(
    start_device: StartDevice, session: Session
) -> None:
    """The miner may have gone back to its automatic."""
    device, client = await polled(start_device, session, NANO3S)
    assert (await client.set_automatic_fan(enabled=True)).automatic_fan is True
    device.reboot()
    device.advance(30)
    status = await client.fetch()
    assert (status.automatic_fan, status.manual_fan_speed) == (None, None)


async def test_a_fan_that_somebody_else_sets(
    start_device: StartDevice, session: Session
) -> None:
    """What was told before does not count any more."""
    device, client = await polled(start_device, session, NANO3S)
    await client.set_fan_speed(60)
    device.state.fan = 90
    device.advance(120)
    status = await client.fetch()
    assert status.fan_speed == 90
    assert (status.automatic_fan, status.manual_fan_speed) == (None, None)


async def test_a_fan_that_does_not_follow(
    start_miner: StartMiner, session: Session
) -> None:
    """A speed that is not reached is refused, and not remembered."""
    answers = {**answers_of(unplugged(NANO3S)), "ascset": reply()}
    miner = await start_miner(answering(answers))
    client = AvalonClient(session, HOST, miner.port)
    await client.identify()
    with (
        patch(f"{CLIENT}.sleep", no_wait),
        pytest.raises(MinerRefusedError, match="fan speed did not change"),
    ):
        await client.set_fan_speed(17)
    status = await client.fetch()
    assert (status.automatic_fan, status.manual_fan_speed) == (None, None)


@pytest.mark.parametrize("lost", [1, 4, 5])
async def test_a_change_that_is_not_seen_at_once(
    start_miner: StartMiner, session: Session, lost: int
) -> None:
    """A poll that is lost while reading back is made up for by the next one."""
    device = unplugged(NANO3S)
    answers = {**answers_of(device), "ascset": reply()}
    poll = answers["summary+estats+pools"]
    miner = await start_miner(answering(answers))
    client = AvalonClient(session, HOST, miner.port)
    target = int((await client.fetch()).target_temperature or 0)
    client._options |= {"target-temp"}
    polls = iter([None] * lost)
    miner.script = answering(
        {**answers, "summary+estats+pools": lambda _: next(polls, poll)}
    )
    with patch(f"{CLIENT}.sleep", no_wait):
        if lost < 5:
            status = await client.set_target_temperature(target)
            assert status.target_temperature == target
        else:
            with pytest.raises(MinerConnectionError):
                await client.set_target_temperature(target)


@pytest.mark.parametrize("profile", WITH_TARGET)
async def test_the_target_temperature(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """Both ends are taken, and nothing beyond them is written."""
    device, client = await polled(start_device, session, profile)
    for target in (50, 72, 90):
        status = await client.set_target_temperature(target)
        assert status.target_temperature == device.state.target == target
        assert writes(device)[-1] == ("ascset", f"0,{WITH_TARGET[profile]},{target}")
    device.requests.clear()
    for target in (49, 91, 0, -5, 1e6):
        with pytest.raises(MinerRefusedError, match="not safe"):
            await client.set_target_temperature(target)
    assert writes(device) == []


async def test_an_option_that_the_help_lists_is_there(
    start_device: StartDevice, session: Session
) -> None:
    """Some firmware of the Nano 3S has the target temperature."""
    device = await start_device(NANO3S)
    assert isinstance(device, AvalonDevice)
    device.offers_target_temperature = True
    client = client_of(session, device)
    await client.identify()
    assert client.capabilities.target_temperature == Range(minimum=50, maximum=90)
    assert (await client.set_target_temperature(70)).target_temperature == 70
    assert writes(device) == [("ascset", "0,target-temp,70")]


@pytest.mark.parametrize("profile", WITH_SOFT_OFF)
async def test_soft_off_and_on(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """Both are given a time of the miner's own clock, which may be wrong."""
    device, client = await polled(start_device, session, profile)
    device.clock_offset = -5_000
    at = device.state.now + 5
    status = await client.set_mining(enabled=False)
    assert writes(device) == [("ascset", f"0,softoff,1:{at}")]
    assert device.state.soft_off
    assert status.mining is False
    assert status.power is None
    assert status.calibrating is False
    assert status.is_hashing(None) is False
    device.advance(100)
    device.requests.clear()
    at = device.state.now + 5
    status = await client.set_mining(enabled=True)
    assert writes(device) == [("ascset", f"0,softon,1:{at}")]
    assert not device.state.soft_off
    assert status.mining is True
    device.advance(300)
    status = await client.fetch()
    assert status.power == round(device.model.power)
    assert status.is_hashing(None) is True


async def test_a_soft_off_that_is_ignored_is_refused(
    start_device: StartDevice, session: Session
) -> None:
    """The miner still works after its time."""
    device, client = await polled(start_device, session, MINI3)
    with (
        patch.object(device.state, "_follow_schedule"),
        pytest.raises(MinerRefusedError, match="did not change"),
    ):
        await client.set_mining(enabled=False)


@pytest.mark.parametrize(
    ("profile", "command", "arguments", "options"),
    [
        *((profile, "set_mining", (), {"enabled": False}) for profile in WITH_LIGHT),
        *((profile, "set_mining", (), {"enabled": True}) for profile in WITH_LIGHT),
        *((profile, "set_target_temperature", (70,), {}) for profile in WITH_LIGHT),
        *((profile, "locate", (), {}) for profile in WITH_SOFT_OFF),
        *((profile, "set_frequency", (500,), {}) for profile in AVALON_PROFILES),
        *((profile, "unlock", ("123456",), {}) for profile in AVALON_PROFILES),
    ],
)
async def test_what_a_model_does_not_have(
    start_device: StartDevice,
    session: Session,
    profile: str,
    command: str,
    arguments: tuple[Any, ...],
    options: dict[str, Any],
) -> None:
    """Nothing is written."""
    device, client = await polled(start_device, session, profile)
    with pytest.raises(MinerUnsupportedError):
        await getattr(client, command)(*arguments, **options)
    assert writes(device) == []


async def test_a_mini_3_has_no_fan_to_set(
    start_device: StartDevice, session: Session
) -> None:
    """Nothing about it changes."""
    device, client = await polled(start_device, session, MINI3)
    with pytest.raises(MinerUnsupportedError):
        await client.set_fan_speed(60)
    with pytest.raises(MinerUnsupportedError):
        await client.set_automatic_fan(enabled=True)
    assert device.state.fan == -1
    assert (await client.fetch()).automatic_fan is None


@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_a_restart(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """That the miner drops the connection is how it should be."""
    device, client = await polled(start_device, session, profile)
    await client.restart()
    parameter = "0,reboot,all" if profile == NANO3 else "0,reboot,0"
    assert device.requests == [("ascset", parameter)]
    assert not device.online
    with pytest.raises(MinerConnectionError):
        await client.fetch()
    device.advance(20)
    status = await client.fetch()
    assert status.uptime is not None
    assert status.uptime <= 20


@pytest.mark.parametrize(
    ("fault", "error"),
    [(Fault.REFUSE, MinerUnreachableError), (Fault.HANG, MinerTimeoutError)],
)
async def test_a_restart_that_nobody_heard(
    start_device: StartDevice, session: Session, fault: Fault, error: type[MinerError]
) -> None:
    """A miner that is away, or hangs, was not restarted."""
    device, client = await polled(start_device, session, NANO3S)
    await device.set_fault(fault)
    with patch.object(cgminer, "TIME_LIMIT", 0.05), pytest.raises(error) as caught:
        await client.restart()
    assert type(caught.value) is error


def light_of(device: AvalonDevice) -> object:
    """Return how the light is set."""
    if device.kind.key == "nano3":
        return device.state.led_mode
    return list(device.state.led)


FLASHING = {NANO3: 2, NANO3S: [2, 100, 50, 0, 0, 255]}
LIT = {NANO3: 4, NANO3S: [1, 30, 50, 0, 0, 255]}


def light(device: AvalonDevice, profile: str) -> None:
    """Set the light to something else than it was made with."""
    if profile == NANO3:
        device.state.led_mode = LIT[profile]
    else:
        device.state.led = list(LIT[profile])


@pytest.mark.parametrize("profile", WITH_LIGHT)
async def test_locate_puts_the_light_back(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """It flashes meanwhile, and both is read from what the miner tells."""
    device, client = await polled(start_device, session, profile)
    light(device, profile)
    seen: list[object] = []

    async def wait(seconds: float) -> None:
        assert seconds > 5
        seen.append(light_of(device))

    with patch.object(avalon_module, "sleep", wait):
        await client.locate()
        assert seen == [FLASHING[profile]]
        assert light_of(device) == LIT[profile]
        # Once more, for nothing is left over from the first time.
        await client.locate()
    assert seen == [FLASHING[profile]] * 2
    assert light_of(device) == LIT[profile]


@pytest.mark.parametrize("profile", WITH_LIGHT)
@pytest.mark.parametrize("cancelled", [True, False])
async def test_locate_twice_or_cancelled(
    start_device: StartDevice, session: Session, profile: str, cancelled: bool
) -> None:
    """A second press changes nothing, and giving up puts the light back too."""
    device, client = await polled(start_device, session, profile)
    light(device, profile)
    waiting, over = asyncio.Event(), asyncio.Event()

    async def wait(seconds: float) -> None:
        waiting.set()
        await over.wait()

    with patch.object(avalon_module, "sleep", wait):
        task = asyncio.create_task(client.locate())
        await waiting.wait()
        assert light_of(device) == FLASHING[profile]
        device.requests.clear()
        await client.locate()
        assert writes(device) == []
        if cancelled:
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        else:
            over.set()
            await task
    assert light_of(device) == LIT[profile]


@pytest.mark.parametrize(
    ("profile", "field"), [(NANO3, "Led[0] "), (NANO3S, "LEDUser[0-100-50-0-0-255] ")]
)
async def test_a_light_that_is_not_told_stays_as_it_is(
    start_miner: StartMiner, session: Session, profile: str, field: str
) -> None:
    """It could not be put back."""
    device = unplugged(profile)
    answers = answers_of(device)
    changed = json.loads(json.dumps(answers).replace(field, ""))
    assert changed != json.loads(json.dumps(answers))
    miner = await start_miner(answering({**changed, "ascset": INVALID_COMMAND}))
    client = AvalonClient(session, HOST, miner.port)
    await client.fetch()
    with pytest.raises(MinerProtocolError, match="light"):
        await client.locate()
    assert miner.commands.count("ascset") == 1


@pytest.mark.parametrize("profile", WITH_LIGHT)
async def test_giving_up_at_any_moment_puts_the_light_back(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """Also while the miner is being told to flash."""
    device, client = await polled(start_device, session, profile)
    waited = asyncio.Event()

    async def wait(seconds: float) -> None:
        waited.set()
        await asyncio.Event().wait()

    steps = 0
    with patch.object(avalon_module, "sleep", wait):
        while not waited.is_set():
            light(device, profile)
            task = asyncio.create_task(client.locate())
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert light_of(device) == LIT[profile], steps
            steps += 1
    assert steps > 10


@pytest.mark.parametrize("profile", WITH_LIGHT)
async def test_a_light_that_flashes_already_is_left_alone(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """Somebody else has it flash, and will put it back."""
    device, client = await polled(start_device, session, profile)
    await client.locate()
    if profile == NANO3:
        device.state.led_mode = 2
    else:
        device.state.led[0] = 2
    device.requests.clear()
    await client.locate()
    assert writes(device) == []


async def test_a_light_that_is_off_for_the_night(
    start_device: StartDevice, session: Session
) -> None:
    """The miner takes the command and does nothing, which is no success."""
    device, client = await polled(start_device, session, NANO3S)
    device.state.led_mode = 1
    before = list(device.state.led)
    with pytest.raises(MinerRefusedError, match="light did not change"):
        await client.locate()
    assert device.state.led == before
    # It can be tried again.
    device.state.led_mode = 0
    await client.locate()
    assert device.state.led == before


@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_pools_at_run_time(
    start_device: StartDevice, session: Session, profile: str
) -> None:
    """A switch, taking slots out and in, and an order all stand when read back."""
    device, client = await polled(start_device, session, profile)
    status = await client.switch_pool(1)
    assert status.active_slot is not None
    assert (status.active_slot.number, status.active_slot.priority) == (1, 0)
    assert status.pool_slots == expected_slots(device)
    assert status.fallback_pool is False
    status = await client.set_pool_enabled(1, enabled=False)
    assert status.pool_slots[1].state is PoolState.DISABLED
    assert status.active_slot is not None
    assert status.active_slot.number == 0
    # A pool that is disabled is none that was preferred.
    assert status.fallback_pool is False
    status = await client.set_pool_enabled(1, enabled=True)
    assert status.pool_slots[1].state is PoolState.ALIVE
    status = await client.set_pool_enabled(1, enabled=True)
    assert status.pool_slots[1].state is PoolState.ALIVE
    status = await client.set_pool_priorities((2, 0, 1))
    assert [slot.priority for slot in status.pool_slots] == [1, 2, 0]
    assert status.active_slot == status.pool_slots[2]
    assert writes(device) == [
        ("switchpool", "1"),
        ("disablepool", "1"),
        ("enablepool", "1"),
        ("enablepool", "1"),
        ("poolpriority", "2,0,1"),
    ]


async def test_a_pool_that_dies_is_a_fallback(
    start_device: StartDevice, session: Session
) -> None:
    """The slot in use is the one that the miner is connected to."""
    device, client = await polled(start_device, session, NANO3S)
    device.pools[0].reachable = False
    device.advance(10)
    status = await client.fetch()
    assert status.active_slot == status.pool_slots[1]
    assert status.pool_slots[0].state is PoolState.DEAD
    assert status.fallback_pool is True
    for pool in device.pools:
        pool.reachable = False
    device.advance(10)
    status = await client.fetch()
    assert (status.active_slot, status.active_pool) == (None, None)
    assert (status.fallback_pool, status.pool_difficulty) == (None, None)
    assert len(status.pool_slots) == 3


async def test_pools_that_cannot_be_had(
    start_device: StartDevice, session: Session
) -> None:
    """The miner says why."""
    device, client = await polled(start_device, session, NANO3S)
    with pytest.raises(MinerRefusedError, match="Invalid pool id 7"):
        await client.switch_pool(7)
    with pytest.raises(MinerRefusedError, match="Duplicate pool"):
        await client.set_pool_priorities((1, 1))
    await client.set_pool_enabled(0, enabled=False)
    await client.set_pool_enabled(1, enabled=False)
    with pytest.raises(MinerRefusedError, match="last active pool"):
        await client.set_pool_enabled(2, enabled=False)
    assert [pool.enabled for pool in device.pools] == [False, False, True]


@pytest.mark.parametrize(
    ("command", "arguments", "options"),
    [
        ("switch_pool", (1,), {}),
        ("set_pool_enabled", (1,), {"enabled": False}),
        ("set_pool_priorities", ((1, 0, 2),), {}),
    ],
)
async def test_a_pool_command_that_does_nothing_is_refused(
    start_miner: StartMiner,
    session: Session,
    command: str,
    arguments: tuple[Any, ...],
    options: dict[str, Any],
) -> None:
    """A miner that says yes and keeps its pools did not do it."""
    device = unplugged(NANO3S)
    names = ("switchpool", "disablepool", "poolpriority")
    answers = {**answers_of(device), **dict.fromkeys(names, reply())}
    miner = await start_miner(answering(answers))
    client = AvalonClient(session, HOST, miner.port)
    with (
        patch(f"{CLIENT}.sleep", no_wait),
        pytest.raises(MinerRefusedError, match="did not change"),
    ):
        await getattr(client, command)(*arguments, **options)


@pytest.mark.parametrize("slot", range(3))
@pytest.mark.parametrize("profile", AVALON_PROFILES)
async def test_a_new_pool_is_one_step(
    start_device: StartDevice, session: Session, profile: str, slot: int
) -> None:
    """It is written, the miner restarts, comes back and shows it."""
    device, client = await polled(start_device, session, profile)
    device.web_password = "websecret"
    client.web_login = WebLogin(user=device.web_user, password="websecret")
    status = await client.set_pool(slot, NEW_POOL)
    secret = device.web_token if profile == NANO3 else "websecret"
    parameter = ",".join(
        (
            device.web_user,
            secret,
            str(slot),
            NEW_POOL.url,
            NEW_POOL.worker,
            NEW_POOL.password,
        )
    )
    assert writes(device)[0] == ("setpool", parameter)
    assert writes(device)[1][1].startswith("0,reboot,")
    assert len(writes(device)) == 2
    found = status.pool_slots[slot]
    assert (found.pool.address, found.pool.user) == (
        "new.pool.example:4444",
        "payout.new",
    )
    assert device.pools[slot].password == "poolsecret"
    assert status.uptime is not None
    assert status.uptime < 60
    if profile == NANO3:
        assert "websecret" not in json.dumps(device.requests)


async def test_a_nano_3_needs_no_user(
    start_device: StartDevice, session: Session
) -> None:
    """Only its password counts."""
    device, client = await polled(start_device, session, NANO3)
    client.web_login = WebLogin(user="anybody", password=device.web_password)
    assert (await client.set_pool(1, NEW_POOL)).pool_slots[1].pool.port == 4444


@pytest.mark.parametrize("profile", AVALON_PROFILES)
@pytest.mark.parametrize(
    "login",
    [
        None,
        WebLogin(user="nobody", password="wrongsecret"),
        WebLogin(user="admin", password="wrongsecret"),
        WebLogin(user="root", password="wrongsecret"),
    ],
    ids=["none", "user", "admin", "root"],
)
async def test_a_login_that_is_missing_or_wrong(
    start_device: StartDevice, session: Session, profile: str, login: WebLogin | None
) -> None:
    """The default is not tried, nothing restarts, and no error tells a secret."""
    device, client = await polled(start_device, session, profile)
    client.web_login = login
    with pytest.raises(MinerLoginError) as caught:
        await client.set_pool(1, NEW_POOL)
    assert ("setpool" in dict(device.requests)) is (login is not None)
    assert not [one for one in writes(device) if one[0] == "ascset"]
    assert device.state.pending == {}
    told = "".join(traceback.format_exception(caught.value))
    for secret in ("wrongsecret", "payout", "poolsecret", "new.pool"):
        assert secret not in told
    assert "secret" not in repr(login)


@pytest.mark.parametrize("profile", [NANO3S, NANO3])
@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"url": "stratum+tcp://a,b:1"}, "url"),
        ({"url": ""}, "url"),
        ({"url": "no address"}, "url"),
        ({"worker": "me,you"}, "worker"),
        ({"worker": ""}, "worker"),
        ({"worker": "me\\"}, "worker"),
        ({"password": "x,y"}, "password"),
        ({"password": ""}, "password"),
        ({"password": "d=1 d"}, "password"),
    ],
)
async def test_a_pool_that_cannot_be_sent(
    start_device: StartDevice,
    session: Session,
    profile: str,
    changes: dict[str, str],
    named: str,
) -> None:
    """Nothing escapes a comma, so the miner does not hear of it."""
    device, client = await polled(start_device, session, profile)
    client.web_login = login_for(device)
    values = {"url": NEW_POOL.url, "worker": "me", "password": "x", **changes}
    with pytest.raises(MinerRefusedError, match=f"pool's {named} cannot") as caught:
        await client.set_pool(1, PoolSettings(**values))
    assert device.requests == []
    assert not changes[named] or changes[named] not in str(caught.value)


@pytest.mark.parametrize(
    "login",
    [WebLogin(user="ad,min", password="x"), WebLogin(user="admin", password="a,b")],
)
async def test_a_login_that_cannot_be_sent(
    start_device: StartDevice, session: Session, login: WebLogin
) -> None:
    """A comma in it would shift everything behind."""
    device, client = await polled(start_device, session, NANO3S)
    client.web_login = login
    with pytest.raises(MinerLoginError, match="cannot be sent"):
        await client.set_pool(1, NEW_POOL)
    assert device.requests == []


async def test_a_refusal_of_a_pool_tells_no_secret(
    start_miner: StartMiner, session: Session
) -> None:
    """The miner's words may quote what was sent to it, so they are not told."""
    device = unplugged(NANO3S)

    def setpool(parameter: str | None) -> dict[str, Any]:
        return reply("E", 132, f"Pool set error: no room for {parameter}")

    miner = await start_miner(answering({**answers_of(device), "setpool": setpool}))
    client = AvalonClient(session, HOST, miner.port)
    await client.fetch()
    client.web_login = WebLogin(user="webuser", password="websecret")
    with pytest.raises(MinerRefusedError, match="not accept the pool") as caught:
        await client.set_pool(1, NEW_POOL)
    told = "".join(traceback.format_exception(caught.value))
    for secret in (
        "no room",
        "webuser",
        "websecret",
        "payout",
        "poolsecret",
        "new.pool",
    ):
        assert secret not in told
    assert "ascset" not in miner.commands[3:]


async def test_a_miner_that_stays_away(
    start_device: StartDevice, session: Session
) -> None:
    """A device that does not come back is waited for, for minutes of its time."""
    device, client = await polled(start_device, session, NANO3S)
    client.web_login = login_for(device)
    restart = device.restart

    def away() -> None:
        restart()
        device.booted_at = float("inf")

    began = device.clock()
    with (
        patch.object(device, "restart", away),
        pytest.raises(MinerUnconfirmedError, match="did not come back"),
    ):
        await client.set_pool(1, NEW_POOL)
    assert device.clock() - began >= 120


async def test_a_miner_that_does_not_restart(
    start_device: StartDevice, session: Session
) -> None:
    """The pool is written, and counts after the next restart."""
    device, client = await polled(start_device, session, NANO3S)
    client.web_login = login_for(device)
    with patch.object(device, "restart"), pytest.raises(MinerUnconfirmedError):
        await client.set_pool(1, NEW_POOL)
    assert 1 in device.state.pending


async def test_a_miner_that_only_seems_to_have_been_away(
    start_device: StartDevice, session: Session
) -> None:
    """One answer that fails is no restart."""
    device, client = await polled(start_device, session, NANO3S)
    client.web_login = login_for(device)
    faults = iter((Fault.GARBAGE, Fault.SILENT, None))

    async def wait(seconds: float) -> None:
        device.advance(seconds)
        await device.set_fault(next(faults, None))

    with (
        patch.object(device, "restart"),
        patch(f"{CLIENT}.sleep", wait),
        pytest.raises(MinerUnconfirmedError),
    ):
        await client.set_pool(1, NEW_POOL)


async def test_a_pool_for_a_miner_that_has_just_started(
    start_device: StartDevice, session: Session
) -> None:
    """Its uptime has hardly anything to go back from."""
    device = await start_device(NANO3S, warm=False)
    assert isinstance(device, AvalonDevice)
    device.advance(1)
    client = client_of(session, device)
    client.web_login = login_for(device)
    await client.fetch()
    assert (await client.set_pool(1, NEW_POOL)).pool_slots[1].pool.port == 4444


async def test_a_pool_that_is_not_there_afterwards(
    start_device: StartDevice, session: Session
) -> None:
    """A restart alone is no success."""
    device, client = await polled(start_device, session, NANO3S)
    client.web_login = login_for(device)
    restart = device.restart

    def forgetful() -> None:
        device.state.pending.clear()
        restart()

    with (
        patch.object(device, "restart", forgetful),
        pytest.raises(MinerRefusedError, match="pool did not change"),
    ):
        await client.set_pool(1, NEW_POOL)


async def test_the_mac_address_of_a_nano_3(
    start_device: StartDevice, session: Session
) -> None:
    """Its web page tells it to who is logged in, and it is asked only once."""
    device = await start_device(NANO3)
    assert isinstance(device, AvalonDevice)
    client = client_of(session, device)
    assert (await client.identify()).mac is None
    assert device.web_requests == []
    client.web_login = WebLogin(user="root", password="wrongsecret")
    assert (await client.identify()).mac is None
    assert device.web_requests == [("GET", "/get_minerinfo.cgi")]
    client.web_login = login_for(device)
    identity = await client.identify()
    assert identity.mac == device.mac.lower()
    assert identity.ids == (device.mac.lower(), device.dna)
    asked = len(device.web_requests)
    client.web_login = None
    assert (await client.identify()).mac == device.mac.lower()
    assert len(device.web_requests) == asked
    # Another miner has another one.
    device.state.dna = "0201abcdefabcdef"
    assert (await client.identify()).mac is None


async def test_nobody_else_is_asked_for_a_page(
    start_device: StartDevice, session: Session
) -> None:
    """A Mini 3 has a page too, and tells its address without."""
    device = await start_device(MINI3)
    assert isinstance(device, AvalonDevice)
    client = client_of(session, device)
    client.web_login = login_for(device)
    assert (await client.identify()).mac == device.mac.lower()
    assert device.web_requests == []


@pytest.mark.parametrize(
    ("body", "mac"),
    [
        (b'minerinfoCallback({"mac":"e0:e1:a9:00:00:01"});', "e0:e1:a9:00:00:01"),
        (b' minerinfoCallback({"mac":"E0E1A9000001"}) \n', "e0:e1:a9:00:00:01"),
        (b'minerinfoCallback({"mac":"00:00:00:00:00:00"});', None),
        (b'minerinfoCallback({"mac":17});', None),
        (b"minerinfoCallback({});", None),
        (b'minerinfoCallback(["e0:e1:a9:00:00:01"]);', None),
        (b"minerinfoCallback({mac});", None),
        (b'{"mac":"e0:e1:a9:00:00:01"}', None),
        (b'otherCallback({"mac":"e0:e1:a9:00:00:01"});', None),
        (b"<!DOCTYPE html><title>Login</title>", None),
        (b"\xff\xfe", None),
        (b"", None),
    ],
)
async def test_the_page_of_a_nano_3(
    serve: Serve, session: Session, body: bytes, mac: str | None
) -> None:
    """What is no address on it is none."""
    login = WebLogin(user="root", password="websecret")
    cookies: list[str | None] = []

    async def handler(request: web.BaseRequest) -> web.Response:
        cookies.append(request.cookies.get("auth"))
        return web.Response(body=body)

    assert await fetch_mac(session, HOST, await serve(handler), login) == mac
    assert cookies == [login.token]


@pytest.mark.parametrize("status", [302, 401, 404, 500])
async def test_a_page_that_is_an_error(
    serve: Serve, session: Session, status: int
) -> None:
    """The address is not known then, and nothing else happens."""

    async def handler(request: web.BaseRequest) -> web.Response:
        return web.Response(status=status, headers={"Location": "/login"})

    login = WebLogin(user="root", password="websecret")
    assert await fetch_mac(session, HOST, await serve(handler), login) is None


async def test_no_page_at_all(
    start_device: StartDevice, session: Session, unused_tcp_port: int
) -> None:
    """The miner is known without."""
    device = await start_device(NANO3)
    client = AvalonClient(session, HOST, device.port, web_port=unused_tcp_port)
    client.web_login = WebLogin(user="root", password="websecret")
    identity = await client.identify()
    assert (identity.mac, identity.model) == (None, "Avalon Nano 3")


def unplugged(profile: str) -> AvalonDevice:
    """Return a miner without a socket whose clock is right after a minute of work."""
    device = create_device(profile)
    assert isinstance(device, AvalonDevice)
    device.clock_offset = -60
    device.advance(60)
    return device


def answers_of(device: Any) -> dict[str, Any]:
    """Return the answers of a simulated miner to a server's callers."""
    joined = device.info()
    row = device.version_row()
    return {
        "summary+estats+pools": joined,
        "version": reply("S", 22, "CGMiner versions", VERSION=[row]),
        **{name: joined[name][0] for name in ("summary", "estats", "pools")},
    }


@pytest.mark.parametrize("profile", AVALON_PROFILES)
@pytest.mark.parametrize(
    "refusal",
    [
        INVALID_COMMAND,
        None,
        reply("E", 45, "Access denied to joined commands"),
        b"\0",
        b"garbage",
        reply(SUMMARY=[{"Elapsed": 17}]),
        {"id": 1},
        {"summary": [reply(SUMMARY=[{"Elapsed": 17}])], "id": 1},
        {
            "summary": [reply(SUMMARY=[{"Elapsed": 17}])],
            "estats": [INVALID_COMMAND],
            "pools": [INVALID_COMMAND],
        },
    ],
)
async def test_firmware_without_joined_commands(
    start_miner: StartMiner, session: Session, profile: str, refusal: object
) -> None:
    """Each report takes a connection then, and the way is found only once."""
    device = unplugged(profile)
    answers = {**answers_of(device), "summary+estats+pools": refusal}
    answers["summary+stats+pools"] = refusal
    miner = await start_miner(answering(answers))
    client = AvalonClient(session, HOST, miner.port)
    first = await client.fetch()
    assert miner.commands[0] == "version"
    miner.requests.clear()
    second = await client.fetch()
    assert first == second
    assert first.hashrate is not None
    assert len(first.pool_slots) == 3
    assert miner.commands == ["summary", "estats", "pools"]
    await miner.until_left()
    assert miner.most_open == 1


@pytest.mark.parametrize("joins", [True, False])
@pytest.mark.parametrize("without", ["refused", "empty"])
async def test_firmware_without_the_shorter_report(
    start_miner: StartMiner, session: Session, joins: bool, without: str
) -> None:
    """The longer one tells the same."""
    device = unplugged(NANO3S)
    answers = answers_of(device)
    joined = answers.pop("summary+estats+pools")
    estats = answers["estats"]
    nothing = INVALID_COMMAND if without == "refused" else reply(STATS=[])
    answers |= {"estats": nothing, "stats": estats}
    if joins:
        answers["summary+estats+pools"] = {**joined, "estats": [nothing]}
        answers["summary+stats+pools"] = {**joined, "stats": joined["estats"]}
    miner = await start_miner(answering(answers))
    client = AvalonClient(session, HOST, miner.port)
    assert (await client.fetch()).hashrate
    miner.requests.clear()
    assert (await client.fetch()).hashrate
    assert miner.commands == (
        ["summary+stats+pools"] if joins else ["summary", "stats", "pools"]
    )


@pytest.mark.parametrize(
    ("version", "error"),
    [
        (INVALID_COMMAND, MinerUnsupportedError),
        (reply(VERSION=[]), MinerProtocolError),
        (reply(VERSION=[{"CGMiner": "4.11.1"}]), MinerMismatchError),
        (reply(VERSION=[{"PROD": "Avalon 1246"}]), MinerMismatchError),
        (reply(VERSION=[{"PROD": "Avalon A9", "MODEL": "A9"}]), MinerMismatchError),
    ],
)
async def test_another_kind_of_miner(
    start_miner: StartMiner, session: Session, version: object, error: type[MinerError]
) -> None:
    """What is none of the models is not taken for one."""
    device = create_device(NANO3S)
    miner = await start_miner(answering({**answers_of(device), "version": version}))
    with pytest.raises(error) as caught:
        await AvalonClient(session, HOST, miner.port).fetch()
    assert type(caught.value) is error


@pytest.mark.parametrize("missing", ["summary", "estats", "pools"])
async def test_a_miner_that_does_not_tell_enough(
    start_miner: StartMiner, session: Session, missing: str
) -> None:
    """Without one of the reports there is no status."""
    device = unplugged(NANO3S)
    answers = answers_of(device)
    joined = answers["summary+estats+pools"]
    answers["summary+estats+pools"] = {
        name: part for name, part in joined.items() if name != missing
    }
    del answers[missing]
    miner = await start_miner(answering(answers))
    with pytest.raises(MinerError) as caught:
        await AvalonClient(session, HOST, miner.port).fetch()
    assert isinstance(caught.value, MinerUnsupportedError | MinerProtocolError)


async def test_a_reply_that_is_cut_off_gets_a_second_try(
    start_miner: StartMiner, session: Session
) -> None:
    """It says nothing about whether the miner joins commands."""
    answers = answers_of(unplugged(NANO3S))
    whole = json.dumps(answers["summary+estats+pools"]).encode()
    replies = iter([whole[: len(whole) // 2]])
    polls = {"summary+estats+pools": lambda _: next(replies, whole)}
    miner = await start_miner(answering({**answers, **polls}))
    client = AvalonClient(session, HOST, miner.port)
    assert (await client.fetch()).hashrate
    miner.requests.clear()
    assert (await client.fetch()).hashrate
    assert miner.commands == ["summary+estats+pools"]


async def test_a_miner_whose_help_is_nonsense(
    start_miner: StartMiner, session: Session
) -> None:
    """What it can do is not known then, so it is met again."""
    answers = answers_of(unplugged(NANO3S))
    miner = await start_miner(answering({**answers, "ascset": b"garbage"}))
    client = AvalonClient(session, HOST, miner.port)
    with pytest.raises(MinerProtocolError):
        await client.fetch()
    miner.script = answering(answers)
    assert (await client.fetch()).hashrate


async def test_other_firmware_is_met_anew(
    start_miner: StartMiner, session: Session
) -> None:
    """A way that does not work any more is looked for again, by the next poll."""
    device = unplugged(NANO3S)
    answers = answers_of(device)
    miner = await start_miner(answering(answers))
    client = AvalonClient(session, HOST, miner.port)
    status = await client.fetch()
    refusing = {**answers, "summary+estats+pools": INVALID_COMMAND}
    miner.script = answering(refusing)
    with pytest.raises(MinerUnsupportedError):
        await client.fetch()
    assert await client.fetch() == status
    miner.requests.clear()
    assert await client.fetch() == status
    assert miner.commands == ["summary", "estats", "pools"]
    # Another kind of miner at the address is no Avalon any more.
    miner.script = answering({"version": reply(VERSION=[{"CGMiner": "4.11.1"}])})
    with pytest.raises(MinerUnsupportedError):
        await client.fetch()
    with pytest.raises(MinerMismatchError):
        await client.fetch()


@pytest.mark.parametrize(
    "answer", [INVALID_COMMAND, reply("E", 120, "Unknown option: help")]
)
async def test_a_miner_without_help(
    start_miner: StartMiner, session: Session, answer: object
) -> None:
    """The model alone tells then what it can do."""
    device = unplugged(NANO3S)
    miner = await start_miner(answering({**answers_of(device), "ascset": answer}))
    client = AvalonClient(session, HOST, miner.port)
    await client.identify()
    assert client.capabilities.fan_speed is not None
    assert client.capabilities.target_temperature is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("PS[0 ", "PS[1 "), {"power_fault": True}),
        (("PS[0 ", "PS[x "), {"power_fault": None}),
        (("PS[", "NOPS["), {"power": None, "power_fault": None, "input_voltage": None}),
        (("ECHU[0]", "ECHU[0 512 0]"), {"hardware_fault": True}),
        (("ECMM[0]", "ECMM[1]"), {"hardware_fault": True}),
        (("Work: In Work", "Work: In Fault"), {"hardware_fault": True}),
        (("Fan1[", "NoFan["), {"fan_rpms": ()}),
        (("Fan1[", "Fan3[30] Fan1[x] X["), {"fan_rpms": (None, None, 30)}),
        (("ADJ[1]", "ADJ[0]"), {"calibrating": True}),
        (("ADJ[", "NOADJ["), {"calibrating": None}),
        (("MPO[", "NOMPO["), {"power_limit": None}),
        (("MPO[", "MPO[9999"), {"power_limit": None}),
        (("TAvg[", "TAvg[-273] X["), {"temperature": None}),
        (("ITemp[-273]", "ITemp[-5]"), {"inlet_temperature": -5}),
        (("ITemp[-273]", "ITemp[0]"), {"inlet_temperature": 0}),
        (("WORKMODE[2]", "WORKMODE[7]"), {"work_mode": None}),
        (("GHSspd[", "GHSspd[nan] X["), {"hashrate": None}),
        (("PING[", "PING[0] X["), {"pool_latency": None}),
        (("Ver[", "RSSI[-61] Ver["), {"signal_strength": -61}),
        (("Ver[", "RSSI[0] Ver["), {"signal_strength": None}),
    ],
)
async def test_what_the_fields_tell(
    start_miner: StartMiner,
    session: Session,
    change: tuple[str, str],
    expected: dict[str, object],
) -> None:
    """Errors are shown, and what makes no sense is not known."""
    device = unplugged(NANO3S)
    old, new = change
    text, times = re.subn(
        rf'(?<=[ "\[]){re.escape(old)}', new, json.dumps(answers_of(device))
    )
    assert times > 0
    miner = await start_miner(answering(json.loads(text)))
    status = await AvalonClient(session, HOST, miner.port).fetch()
    assert {name: getattr(status, name) for name in expected} == expected


async def test_a_poll_and_commands_never_overlap(
    start_device: StartDevice, session: Session
) -> None:
    """Two clients of one miner, with polls and buttons at the same time."""
    device = await start_device(NANO3S)
    assert isinstance(device, AvalonDevice)
    clients = [client_of(session, device) for _ in range(2)]
    await clients[1].identify()
    await asyncio.gather(
        *(client.fetch() for client in clients),
        *(client.identify() for client in clients),
        clients[0].switch_pool(1),
        clients[1].set_automatic_fan(enabled=True),
        *(client.fetch() for client in clients),
    )
    await until(lambda: device.open_connections == 0)
    assert device.most_open_connections == 1
    assert device.connections == len(device.requests)


@pytest.mark.parametrize("answer", [ACCESS_DENIED, None])
async def test_a_miner_that_only_tells(
    start_miner: StartMiner, session: Session, answer: object
) -> None:
    """Who may not ask for the options still reads the miner, by its model."""
    miner = await start_miner(
        answering({**answers_of(unplugged(NANO3S)), "ascset": answer})
    )
    client = AvalonClient(session, HOST, miner.port)
    assert (await client.fetch()).hashrate is not None
    assert client.capabilities.named_modes == ("low", "medium", "high")


async def test_a_mini_3_is_told_nothing_of_fans(
    start_device: StartDevice, session: Session
) -> None:
    """What a model does not have is not tried."""
    device = await start_device("avalon-mini3")
    assert isinstance(device, AvalonDevice)
    client = client_of(session, device)
    await client.identify()
    asked = len(device.requests)
    for command in (
        client.set_fan_speed(60),
        client.set_automatic_fan(enabled=True),
        client.set_automatic_fan(enabled=False),
    ):
        with pytest.raises(MinerUnsupportedError):
            await command
    assert len(device.requests) == asked
