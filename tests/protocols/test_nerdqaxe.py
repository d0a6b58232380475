"""NerdQAxe++ of every firmware: polls, commands, and the one-time password."""

import asyncio
from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from unittest.mock import patch

import aiohttp
import pytest

from custom_components.miner_controller.protocols.errors import (
    MinerCodeLimitError,
    MinerCodeRejectedError,
    MinerConnectionError,
    MinerLockedError,
    MinerMismatchError,
    MinerProtocolError,
    MinerRefusedError,
    MinerUnsupportedError,
)
from custom_components.miner_controller.protocols.model import (
    MinerFamily,
    MinerIdentity,
    MinerStatus,
    Pool,
    Range,
    WorkMode,
)
from custom_components.miner_controller.protocols.nerdqaxe import NerdQAxeClient
from custom_components.miner_controller.protocols.otp import OtpSession
from simulator.faults import Fault
from simulator.nerdqaxe import NerdQAxeDevice
from tests.devices import NERDQAXE_FIRMWARES, StartDevice

from . import HOST, NOT_OVER_HTTP, client_for, requests_for

INFO = ("GET", "/api/system/info")
ASIC = ("GET", "/api/system/asic")

OTP_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
OTP_PATHS = {
    "1.0.34": ["/api/otp/session"],
    "1.0.37": ["/api/otp/session"],
    "1.1.0": ["/api/otp/session", "/api/v2/otp/session"],
}
DAY = 24 * 3600

ECO = WorkMode(name="eco", frequency=500, core_voltage=1.12)


def version(firmware: str) -> tuple[int, ...]:
    """Return a firmware's number as one that compares."""
    return tuple(int(part) for part in firmware.split("."))


def expected_status(device: NerdQAxeDevice) -> dict[str, Any]:
    """Return what a poll should yield, from the device's own state."""
    model, chosen, state = device.model, device.settings, device.state
    release = device.version
    since = lambda number, value: value if release >= number else None  # noqa: E731
    best, session_best = model.shares.best_ever, model.shares.best_session
    if release < (1, 0, 35):
        best, session_best = float(f"{best:.3g}"), float(f"{session_best:.3g}")
    else:
        best, session_best = int(best), int(session_best)
    automatic = chosen.autofan != 0
    fan = round(model.fan_percent)
    second_rpm = round(3300 * 1.15 * state.second_fan_percent / 100)
    return {
        **NOT_OVER_HTTP,
        "hashrate": pytest.approx(model.hashrate * 1e9, rel=1e-6),
        "hashrate_average": pytest.approx(model.averages["10m"] * 1e9, rel=1e-6),
        "expected_hashrate": chosen.frequency * 2040 * 4 * 1e6,
        "power": pytest.approx(model.power, abs=0.006),
        "temperature": pytest.approx(model.chip_temperature, abs=0.06),
        "temperature_2": None,
        "chip_temperatures": (),
        "vr_temperature": pytest.approx(model.vr_temperature, abs=0.06),
        "overheat_temperature": chosen.overheat_temperature,
        "fan_speed": fan,
        "fan_rpms": (
            (model.fan_rpm, second_rpm) if release >= (1, 0, 36) else (model.fan_rpm,)
        ),
        "automatic_fan": automatic,
        "manual_fan_speed": (
            chosen.manual_fan if release >= (1, 0, 35) else None if automatic else fan
        ),
        "target_temperature": chosen.pid_target,
        "input_voltage": pytest.approx(model.input_voltage / 1000, abs=0.0006),
        "core_voltage": chosen.core_voltage / 1000,
        "core_voltage_actual": round(model.core_voltage_actual) / 1000,
        "frequency": chosen.frequency,
        "frequency_actual": None,
        "shares_accepted": model.shares.accepted,
        "shares_rejected": model.shares.rejected,
        "reject_reasons": None,
        "best_difficulty": best,
        "best_session_difficulty": session_best,
        "pool_difficulty": model.pool_difficulty,
        "network_difficulty": since((1, 0, 35), model.network_difficulty),
        "block_height": None,
        "blocks_found": since((1, 0, 33), model.shares.blocks_found_ever),
        "error_rate": None,
        "uptime": int(state.uptime),
        "signal_strength": since((1, 0, 31), model.wifi_rssi),
        "active_pool": Pool(
            host=chosen.pool.url, port=chosen.pool.port, user=chosen.pool.user
        ),
        "fallback_pool": state.using_fallback,
        "pool_latency": pytest.approx(model.ping_ms, abs=0.06),
        "reset_reason": state.reset_reason,
        "free_heap": state.free_heap,
        "mining": since((1, 0, 35), not state.shutdown),
        "overheated": False,
        "power_fault": None,
        "hardware_fault": None,
        "locked": since((1, 0, 34), state.otp),
    }


def differing(status: MinerStatus, expected: Mapping[str, Any]) -> dict[str, Any]:
    """Return each field that is not as expected; all fields have to be."""
    assert set(expected) == {field.name for field in fields(MinerStatus)}
    return {
        name: (getattr(status, name), value)
        for name, value in expected.items()
        if getattr(status, name) != value
    }


async def polled(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    firmware: str,
    **changes: object,
) -> tuple[NerdQAxeDevice, NerdQAxeClient]:
    """Return a running device and its client after a first poll.

    The client's session for changes lives by the device's clock.
    """
    device = await start_device(f"nerdqaxe-{firmware}", **changes)
    assert isinstance(device, NerdQAxeDevice)
    client = client_for(session, device)
    assert isinstance(client, NerdQAxeClient)
    client.otp = OtpSession(device.clock)
    await client.fetch()
    device.requests.clear()
    return device, client


def right_code(device: NerdQAxeDevice) -> str:
    """Return the code that the device takes now."""
    code = device.current_otp()
    assert code is not None
    return code


def wrong_code(device: NerdQAxeDevice) -> str:
    """Return a code that the device does not take now."""
    return "000001" if right_code(device) != "000001" else "000002"


@pytest.mark.parametrize("firmware", NERDQAXE_FIRMWARES)
async def test_a_poll_yields_every_field(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """Each value comes from the right field in the right unit, else it is None."""
    device, client = await polled(start_device, session, firmware)
    status = await client.fetch()
    assert status.shares_accepted is not None
    assert status.shares_accepted > 0
    assert differing(status, expected_status(device)) == {}
    assert client.last_reply is not None
    assert client.last_reply.json() == device.info()


@pytest.mark.parametrize("firmware", NERDQAXE_FIRMWARES)
async def test_a_poll_of_a_locked_miner_with_a_manual_fan(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """The values that differ from a calm day's are read as well."""
    device, client = await polled(
        start_device, session, firmware, otp_secret=OTP_SECRET
    )
    device.settings.autofan = 0
    device.settings.manual_fan = 90
    device.model.shares.rejected = 3
    device.model.blocks_found = 1
    device.advance(1)
    status = await client.fetch()
    assert differing(status, expected_status(device)) == {}
    assert status.manual_fan_speed == 90
    assert client.needs_code is (version(firmware) >= (1, 0, 34))


@pytest.mark.parametrize("firmware", NERDQAXE_FIRMWARES)
async def test_identity(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """The model is what the miner calls itself."""
    device = await start_device(f"nerdqaxe-{firmware}")
    assert await client_for(session, device).identify() == MinerIdentity(
        family=MinerFamily.NERDQAXE,
        manufacturer="NerdQAxe",
        model="NerdQAxe++",
        mac=device.mac.lower(),
        firmware=f"v{firmware}",
        hardware=None,
        hostname="nerdqaxe",
    )


@pytest.mark.parametrize("firmware", NERDQAXE_FIRMWARES)
async def test_capabilities_follow_the_firmware(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """What a firmware cannot do is not offered."""
    _, client = await polled(start_device, session, firmware)
    found = client.capabilities
    assert found.frequency == Range(minimum=500, maximum=600)
    assert found.frequency_limit == Range(minimum=400, maximum=800)
    assert found.core_voltage == Range(minimum=1.12, maximum=1.2, step=0.001)
    assert found.core_voltage_limit == Range(minimum=1.0, maximum=1.4, step=0.001)
    assert found.fan_speed == Range(minimum=0, maximum=100)
    assert found.target_temperature == Range(minimum=30, maximum=70)
    assert found.automatic_fan
    assert found.shutdown is (version(firmware) >= (1, 0, 36))
    assert (found.pause, found.locate, found.clear_overheat) == (False, False, False)
    assert (found.pool_slots, found.set_pool) == (2, True)
    assert (found.switch_pool, found.restart_for_pool) == (False, False)
    assert found.work_modes == (
        ECO,
        WorkMode(name="standard", frequency=600, core_voltage=1.15),
    )


@pytest.mark.parametrize("firmware", NERDQAXE_FIRMWARES)
async def test_a_poll_is_one_request(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """The board's data is read at first and after a reboot."""
    device = await start_device(f"nerdqaxe-{firmware}")
    client = client_for(session, device)
    await client.fetch()
    assert device.requests == [INFO, ASIC]
    device.requests.clear()
    for _ in range(3):
        device.advance(15)
        await client.fetch()
    assert device.requests == [INFO] * 3
    device.requests.clear()
    device.reboot()
    device.advance(30)
    await client.fetch()
    assert device.requests == [INFO, ASIC]


async def test_the_board_is_read_again_with_other_firmware(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """Capabilities follow an update."""
    device, client = await polled(start_device, session, "1.0.35")
    assert not client.capabilities.shutdown
    device.version = device.state.version = (1, 0, 37)
    device.state.firmware = "1.0.37"
    await client.fetch()
    assert device.requests == [INFO, ASIC]
    assert client.identity.firmware == "v1.0.37"
    assert client.capabilities.shutdown


async def test_a_bitaxe_at_the_address_is_no_match(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """The original's replies look alike and mean other things."""
    device = await start_device("axeos-2.12")
    with pytest.raises(MinerMismatchError, match="Another kind of miner"):
        await NerdQAxeClient(session, HOST, device.port).fetch()


@pytest.mark.parametrize("firmware", NERDQAXE_FIRMWARES)
async def test_a_spike_of_the_hashrate_is_unknown(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """Chips cannot do more than twice what their frequency gives."""
    device, client = await polled(start_device, session, firmware)
    device.model.hashrate = 3 * 4896
    for window in ("1m", "10m", "1h"):
        device.model.averages[window] = 3 * 4896
    status = await client.fetch()
    assert (status.hashrate, status.hashrate_average) == (None, None)
    assert status.efficiency is None
    device.model.hashrate = 1.9 * 4896
    assert (await client.fetch()).hashrate == pytest.approx(1.9 * 4896e9, rel=1e-6)


@pytest.mark.parametrize("firmware", NERDQAXE_FIRMWARES)
async def test_the_fallback_pool_is_told(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """The flag is flat in old firmware and in the stratum object in new."""
    device, client = await polled(start_device, session, firmware)
    device.state.using_fallback = True
    status = await client.fetch()
    fallback = device.settings.fallback_pool
    assert status.fallback_pool is True
    assert status.active_pool == Pool(
        host=fallback.url, port=fallback.port, user=fallback.user
    )
    assert fallback.url != device.settings.pool.url


async def test_two_pools_at_once_have_no_fallback(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """In dual mode the miner does not tell of a fallback, so it is not known."""
    device, client = await polled(start_device, session, "1.0.37")
    device.settings.pool_mode = 1
    device.reboot()
    device.advance(30)
    status = await client.fetch()
    assert status.fallback_pool is None
    assert status.active_pool is not None
    assert status.active_pool.host == device.settings.pool.url


@pytest.mark.parametrize(
    ("temperatures", "expected"),
    [
        ([51.25, 52, 0, 50.5], (51.2, 52, None, 50.5)),
        ([0, 0, 0, 0], ()),
        ([], ()),
        ([50] * 101, ()),
        ("50", ()),
        ([50, "50", None, 1e9], (50, None, None, None)),
    ],
)
async def test_each_chip_has_its_temperature(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    temperatures: object,
    expected: tuple[float | None, ...],
) -> None:
    """There are none where all are zero."""
    device, client = await polled(start_device, session, "1.0.37")
    info = {**device.info(), "asicTemps": temperatures}
    assert client._read_status(info).chip_temperatures == expected


@pytest.mark.parametrize("firmware", NERDQAXE_FIRMWARES)
async def test_settings_are_written_and_read_back(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """The device has the new value, and so has the status that is returned."""
    device, client = await polled(start_device, session, firmware)
    chosen = device.settings
    assert (await client.set_frequency(575)).frequency == 575
    assert chosen.frequency == 575
    assert (await client.set_core_voltage(1.18)).core_voltage == 1.18
    assert chosen.core_voltage == 1180
    status = await client.set_work_mode(ECO)
    assert (status.frequency, status.core_voltage) == (500, 1.12)
    assert (chosen.frequency, chosen.core_voltage) == (500, 1120)
    assert (await client.set_target_temperature(60)).target_temperature == 60
    assert chosen.pid_target == 60
    assert requests_for(device, "PATCH") == ["/api/system"] * 4


@pytest.mark.parametrize("mode", [1, 2, 3])
@pytest.mark.parametrize("firmware", NERDQAXE_FIRMWARES)
async def test_the_automatic_fan_gets_its_mode_back(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    firmware: str,
    mode: int,
) -> None:
    """A fixed speed ends the automatic, which later is the one that it was."""
    device, client = await polled(start_device, session, firmware)
    device.settings.autofan = mode
    assert (await client.fetch()).automatic_fan is True
    status = await client.set_fan_speed(83)
    assert (status.automatic_fan, status.manual_fan_speed) == (False, 83)
    assert (device.settings.autofan, device.settings.manual_fan) == (0, 83)
    status = await client.set_automatic_fan(enabled=True)
    assert status.automatic_fan is True
    assert device.settings.autofan == mode
    status = await client.set_automatic_fan(enabled=False)
    assert status.automatic_fan is False
    assert device.settings.autofan == 0


@pytest.mark.parametrize(("target", "mode"), [(55, 2), (0, 1)])
async def test_an_automatic_that_was_never_seen(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    target: int,
    mode: int,
) -> None:
    """It is the PID controller where the miner has one, else the first automatic."""
    device = await start_device("nerdqaxe-1.0.37")
    assert isinstance(device, NerdQAxeDevice)
    device.settings.autofan = 0
    device.settings.pid_target = target
    client = client_for(session, device)
    await client.fetch()
    await client.set_automatic_fan(enabled=True)
    assert device.settings.autofan == mode


@pytest.mark.parametrize("firmware", NERDQAXE_FIRMWARES)
async def test_mining_is_switched_off_and_on_where_it_can_be(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """Switching off is a shutdown, and only a restart undoes it."""
    device, client = await polled(start_device, session, firmware)
    if version(firmware) < (1, 0, 36):
        with pytest.raises(MinerUnsupportedError):
            await client.set_mining(enabled=False)
        assert device.state.shutdown is False
        return
    status = await client.set_mining(enabled=False)
    assert status is not None
    assert status.mining is False
    assert status.hashrate == 0
    assert device.state.shutdown is True
    assert await client.set_mining(enabled=True) is None
    assert not device.online
    device.advance(60)
    status = await client.fetch()
    assert status.mining is True
    assert status.is_hashing(None) is True
    assert requests_for(device, "POST") == [
        "/api/system/shutdown",
        "/api/system/restart",
    ]


@pytest.mark.parametrize("firmware", NERDQAXE_FIRMWARES)
async def test_restarting(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """The miner is away for some seconds and then counts from zero."""
    device, client = await polled(start_device, session, firmware)
    await client.restart()
    assert not device.online
    with pytest.raises(MinerConnectionError):
        await client.fetch()
    device.advance(30)
    assert 0 < ((await client.fetch()).uptime or 0) <= 30


async def test_a_dropped_connection_is_a_restart(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """A miner may be gone before it has answered, but not before it was asked."""
    device, client = await polled(start_device, session, "1.0.37")
    await device.set_fault(Fault.CUT)
    await client.restart()
    assert not device.online
    await device.set_fault(Fault.REFUSE)
    with pytest.raises(MinerConnectionError):
        await client.restart()


@pytest.mark.parametrize("firmware", NERDQAXE_FIRMWARES)
async def test_what_the_family_lacks_is_unsupported(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """Nothing is sent for a command that does not exist."""
    device, client = await polled(start_device, session, firmware)
    with pytest.raises(MinerUnsupportedError):
        await client.locate()
    with pytest.raises(MinerUnsupportedError):
        await client.clear_overheat(ECO)
    assert device.requests == []


@pytest.mark.parametrize(
    ("command", "value"),
    [
        ("set_frequency", 399),
        ("set_frequency", 801),
        ("set_core_voltage", 0.999),
        ("set_core_voltage", 1.401),
        ("set_work_mode", WorkMode(name="x", frequency=810, core_voltage=1.15)),
        ("set_work_mode", WorkMode(name="x", frequency=600, core_voltage=1.5)),
    ],
)
@pytest.mark.parametrize("firmware", ["1.0.30", "1.0.37"])
async def test_what_is_not_safe_is_never_sent(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    firmware: str,
    command: str,
    value: object,
) -> None:
    """The device itself would take almost any value."""
    device, client = await polled(start_device, session, firmware)
    with pytest.raises(MinerRefusedError, match="is not safe"):
        await getattr(client, command)(value)
    assert device.requests == []


@pytest.mark.parametrize("firmware", NERDQAXE_FIRMWARES)
async def test_a_change_that_is_ignored_is_refused(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """The firmware says OK to what it does not take; the poll tells the truth."""
    device, client = await polled(start_device, session, firmware)
    with (
        patch("simulator.nerdqaxe.device.apply_patch"),
        pytest.raises(MinerRefusedError, match="frequency, coreVoltage did not change"),
    ):
        await client.set_work_mode(ECO)
    assert requests_for(device, "PATCH") == ["/api/system"]


async def test_heat_is_told_until_it_is_gone(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """The miner tells its limit and no state, so the temperature decides."""
    device, client = await polled(start_device, session, "1.0.37")
    device.model.chip_temperature = 80
    device.catch_up()
    status = await client.fetch()
    assert status.overheated is True
    assert status.is_hashing(None) is False
    device.advance(600)
    status = await client.fetch()
    assert status.overheated is False
    assert status.is_hashing(None) is False


# One-time passwords.


@pytest.mark.parametrize("firmware", OTP_PATHS)
async def test_nothing_is_sent_without_a_code(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """A change that is bound to be refused could count towards the lock-out."""
    device, client = await polled(
        start_device, session, firmware, otp_secret=OTP_SECRET
    )
    assert client.needs_code
    for _ in range(10):
        with pytest.raises(MinerLockedError):
            await client.set_frequency(500)
    assert device.requests == []
    assert device.settings.frequency == 600


@pytest.mark.parametrize("firmware", OTP_PATHS)
async def test_a_right_code_opens_a_session_for_a_day(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """The path is that of the firmware, and one code serves many changes."""
    device, client = await polled(
        start_device, session, firmware, otp_secret=OTP_SECRET
    )
    await client.unlock(right_code(device))
    assert requests_for(device, "POST") == OTP_PATHS[firmware]
    assert not client.needs_code
    assert (await client.set_frequency(500)).frequency == 500
    device.advance(DAY - 60)
    assert (await client.set_frequency(515)).frequency == 515
    device.advance(60)
    assert client.needs_code
    device.requests.clear()
    with pytest.raises(MinerLockedError):
        await client.set_frequency(525)
    assert device.requests == []
    await client.unlock(right_code(device))
    assert (await client.set_frequency(525)).frequency == 525


@pytest.mark.parametrize("firmware", OTP_PATHS)
async def test_wrong_codes_never_lock_the_miner(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """After three within a minute none is sent until the minute is over."""
    device, client = await polled(
        start_device, session, firmware, otp_secret=OTP_SECRET
    )
    for _ in range(3):
        with pytest.raises(MinerCodeRejectedError):
            await client.unlock(wrong_code(device))
        assert client.needs_code
    device.requests.clear()
    for _ in range(10):
        device.advance(5)
        with pytest.raises(MinerCodeLimitError):
            await client.unlock(right_code(device))
    assert device.requests == []
    device.advance(10)
    await client.unlock(right_code(device))
    assert (await client.set_frequency(500)).frequency == 500


@pytest.mark.parametrize("firmware", OTP_PATHS)
async def test_many_wrong_codes_never_lock_the_miner(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """Whenever a code may be sent, a right one is still taken."""
    device, client = await polled(
        start_device, session, firmware, otp_secret=OTP_SECRET
    )
    refused = 0
    for _ in range(100):
        device.advance(7)
        try:
            await client.unlock(wrong_code(device))
        except MinerCodeRejectedError:
            refused += 1
        except MinerCodeLimitError:
            continue
        assert device._lock is not None
        assert not device._lock.blocked
    assert refused > 20


@pytest.mark.parametrize("firmware", OTP_PATHS)
async def test_a_session_outlives_a_reboot_of_the_miner(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """The token is kept by both sides, so no new code is asked for."""
    device, client = await polled(
        start_device, session, firmware, otp_secret=OTP_SECRET
    )
    await client.unlock(right_code(device))
    device.reboot()
    device.advance(30)
    await client.fetch()
    assert not client.needs_code
    assert (await client.set_frequency(500)).frequency == 500


@pytest.mark.parametrize("firmware", OTP_PATHS)
async def test_a_session_that_the_miner_forgot_is_closed(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """The first refused change ends it, and the next one is not sent."""
    device, client = await polled(
        start_device, session, firmware, otp_secret=OTP_SECRET
    )
    await client.unlock(right_code(device))
    assert device._lock is not None
    device._lock._sessions.clear()
    device.requests.clear()
    for _ in range(3):
        with pytest.raises(MinerLockedError):
            await client.set_frequency(500)
        assert client.needs_code
    assert requests_for(device, "PATCH") == ["/api/system"]
    await client.unlock(right_code(device))
    assert (await client.set_frequency(500)).frequency == 500


@pytest.mark.parametrize("firmware", OTP_PATHS)
async def test_polls_and_restarts_need_no_code(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """Only changes of settings are locked."""
    device, client = await polled(
        start_device, session, firmware, otp_secret=OTP_SECRET
    )
    assert (await client.fetch()).locked is True
    if client.capabilities.shutdown:
        status = await client.set_mining(enabled=False)
        assert status is not None
        assert status.mining is False
    await client.restart()
    assert not device.online


@pytest.mark.parametrize("firmware", OTP_PATHS)
async def test_codes_switched_off_are_not_asked_for(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """The next poll tells, and so does an attempt to open a session."""
    device, client = await polled(
        start_device, session, firmware, otp_secret=OTP_SECRET
    )
    device._lock = None
    device.state.otp = False
    assert client.needs_code
    await client.unlock("123456")
    assert not client.needs_code
    assert (await client.set_frequency(500)).frequency == 500
    assert (await client.fetch()).locked is False


@pytest.mark.parametrize("firmware", OTP_PATHS)
async def test_codes_switched_on_are_noticed_at_the_first_change(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """The miner's refusal says that it wants a code, before any poll does."""
    locked, _ = await polled(start_device, session, firmware, otp_secret=OTP_SECRET)
    device, client = await polled(start_device, session, firmware)
    device._lock = locked._lock
    with pytest.raises(MinerLockedError):
        await client.set_frequency(500)
    assert client.needs_code
    device.requests.clear()
    with pytest.raises(MinerLockedError):
        await client.set_frequency(500)
    assert device.requests == []


async def test_firmware_without_codes_takes_none(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """It knows neither of the paths, and locks nothing."""
    device, client = await polled(start_device, session, "1.0.30")
    await client.unlock("123456")
    assert not client.needs_code
    assert requests_for(device, "POST") == ["/api/otp/session", "/api/v2/otp/session"]


async def test_an_error_at_unlocking_is_no_wrong_code(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """It can be tried again, more often than a wrong code."""
    device, client = await polled(
        start_device, session, "1.0.37", otp_secret=OTP_SECRET
    )
    await device.set_fault(Fault.SERVER_ERROR)
    for _ in range(5):
        with pytest.raises(MinerProtocolError, match="500"):
            await client.unlock(right_code(device))
    await device.set_fault(Fault.GARBAGE)
    for _ in range(5):
        with pytest.raises(MinerProtocolError):
            await client.unlock(right_code(device))
    await device.set_fault(None)
    await client.unlock(right_code(device))
    assert not client.needs_code


async def test_no_code_and_no_token_is_shown(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither is in an error or in the log."""
    device, client = await polled(
        start_device, session, "1.0.37", otp_secret=OTP_SECRET
    )
    wrong = wrong_code(device)
    with pytest.raises(MinerCodeRejectedError) as caught:
        await client.unlock(wrong)
    assert wrong not in str(caught.value)
    right = right_code(device)
    await client.unlock(right)
    token = client.otp.token()
    assert token is not None
    await client.set_frequency(500)
    for secret in (wrong, right, token):
        assert secret not in caplog.text


async def test_codes_at_the_same_time_are_counted_in_turn(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """However many come at once, the miner does not lock itself."""
    device = await start_device("nerdqaxe-1.0.37", otp_secret=OTP_SECRET)
    client = NerdQAxeClient(session, device.host, device.port)
    await client.fetch()
    outcomes = await asyncio.gather(
        *(client.unlock("000000") for _ in range(8)), return_exceptions=True
    )
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds.count(MinerCodeRejectedError) == 3
    assert kinds.count(MinerCodeLimitError) == 5
    assert isinstance(device, NerdQAxeDevice)
    assert device._lock is not None
    assert not device._lock.blocked
