"""Bitaxe miners of every firmware: what a poll yields and what commands do."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from unittest.mock import patch

import aiohttp
import pytest

from custom_components.miner_controller.protocols.axeos import AxeOSClient, _product
from custom_components.miner_controller.protocols.errors import (
    MinerAuthenticationError,
    MinerConnectionError,
    MinerError,
    MinerMismatchError,
    MinerProtocolError,
    MinerRefusedError,
    MinerTimeoutError,
    MinerUnreachableError,
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
from simulator.axeos import AxeOSDevice
from simulator.faults import Fault
from tests.devices import AXEOS_FIRMWARES, StartDevice

from . import HOST, NOT_OVER_HTTP, client_for, requests_for

INFO = ("GET", "/api/system/info")
ASIC = ("GET", "/api/system/asic")
PATCH = ("PATCH", "/api/system")

OLD_OVERHEAT = ("2.4", "2.6", "2.9", "2.10")
NEW_OVERHEAT = ("2.11", "2.12", "2.13", "2.14", "2.15")

STANDARD = WorkMode(name="standard", frequency=525, core_voltage=1.15)
TURBO = WorkMode(name="turbo", frequency=575, core_voltage=1.2)


def version(firmware: str) -> tuple[int, ...]:
    """Return a firmware's number as one that compares."""
    return tuple(int(part) for part in firmware.split("."))


def expected_status(device: AxeOSDevice) -> dict[str, Any]:
    """Return what a poll should yield, from the device's own state."""
    model, chosen, state = device.model, device.settings, device.state
    release = device.version
    since = lambda number, value: value if release >= number else None  # noqa: E731
    best, session_best = model.shares.best_ever, model.shares.best_session
    if release < (2, 9):
        best, session_best = float(f"{best:.3g}"), float(f"{session_best:.3g}")
    elif release < (2, 11):
        # Two decimals of the number before its suffix.
        best = pytest.approx(best, rel=0.005)
        session_best = pytest.approx(session_best, rel=0.005)
    else:
        best, session_best = int(best), int(session_best)
    automatic = chosen.autofan
    fan = round(model.fan_percent)
    return {
        **NOT_OVER_HTTP,
        "hashrate": pytest.approx(model.hashrate * 1e9, rel=1e-6),
        "hashrate_average": since(
            (2, 12), pytest.approx(model.averages["10m"] * 1e9, rel=1e-6)
        ),
        "expected_hashrate": pytest.approx(
            chosen.frequency * device.board.hardware.cores * 1e6, rel=1e-6
        ),
        "power": pytest.approx(model.power, abs=0.006),
        "temperature": pytest.approx(state.chip_temperature, abs=0.06),
        "temperature_2": None,
        "chip_temperatures": (),
        "vr_temperature": (
            pytest.approx(model.vr_temperature, abs=0.06)
            if device.board.regulator
            else None
        ),
        "overheat_temperature": None,
        "fan_speed": fan,
        "fan_rpms": (model.fan_rpm,),
        "automatic_fan": automatic,
        "manual_fan_speed": (
            chosen.manual_fan if release >= (2, 11) else None if automatic else fan
        ),
        "target_temperature": since((2, 7), chosen.target_temperature),
        "input_voltage": pytest.approx(model.input_voltage / 1000, abs=0.0006),
        "core_voltage": chosen.core_voltage / 1000,
        "core_voltage_actual": round(model.core_voltage_actual) / 1000,
        "frequency": chosen.frequency,
        "frequency_actual": since((2, 14), state.actual_frequency),
        "shares_accepted": model.shares.accepted,
        "shares_rejected": model.shares.rejected,
        "reject_reasons": since((2, 6), tuple(model.shares.reasons.items())),
        "best_difficulty": best,
        "best_session_difficulty": session_best,
        "pool_difficulty": model.pool_difficulty,
        "network_difficulty": since((2, 11), model.network_difficulty),
        "block_height": since((2, 11), 905_000 + int(state.uptime // 600)),
        "blocks_found": since((2, 11), model.blocks_found),
        "error_rate": since((2, 11), pytest.approx(model.errors, abs=0.006)),
        "uptime": int(state.uptime),
        "signal_strength": since((2, 6), model.wifi_rssi),
        "active_pool": Pool(
            host=device.pool.url, port=device.pool.port, user=device.pool.user
        ),
        "fallback_pool": state.using_fallback,
        "pool_latency": since((2, 9), pytest.approx(model.ping_ms, abs=0.06)),
        "reset_reason": since((2, 12), state.reset_reason),
        "free_heap": state.free_heap,
        "mining": since((2, 14), not state.paused),
        "overheated": chosen.overheat_mode,
        "power_fault": since((2, 6), model.power_fault is not None),
        "hardware_fault": since((2, 14), model.hardware_fault is not None),
        "locked": None,
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
) -> tuple[AxeOSDevice, AxeOSClient]:
    """Return a running device and its client after a first poll."""
    device = await start_device(f"axeos-{firmware}", **changes)
    assert isinstance(device, AxeOSDevice)
    client = client_for(session, device)
    assert isinstance(client, AxeOSClient)
    await client.fetch()
    device.requests.clear()
    return device, client


@pytest.mark.parametrize("board", ["gamma601", "supra401", "ultra204"])
@pytest.mark.parametrize("firmware", AXEOS_FIRMWARES)
async def test_a_poll_yields_every_field(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    firmware: str,
    board: str,
) -> None:
    """Each value comes from the right field in the right unit, else it is None."""
    device, client = await polled(start_device, session, firmware, board=board)
    status = await client.fetch()
    assert status.shares_accepted is not None
    assert status.shares_accepted > 0
    assert differing(status, expected_status(device)) == {}
    assert client.last_reply is not None
    assert client.last_reply.json() == device.info()


@pytest.mark.parametrize("firmware", AXEOS_FIRMWARES)
async def test_a_manual_fan_and_rejected_shares_are_shown(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """The values that differ from a calm day's are read as well."""
    device, client = await polled(start_device, session, firmware)
    device.settings.autofan = False
    device.settings.manual_fan = 80
    device.model.shares.rejected = 3
    device.model.shares.reasons = {"Stale share": 2, "Above target": 1}
    device.model.blocks_found = 1
    device.advance(1)
    status = await client.fetch()
    assert differing(status, expected_status(device)) == {}
    assert status.manual_fan_speed == 80
    assert status.fan_speed == 80


@pytest.mark.parametrize("firmware", AXEOS_FIRMWARES)
async def test_a_miner_that_just_booted_shows_no_false_numbers(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """Before the first job there is no hashrate, no height and no difficulty."""
    device = await start_device(f"axeos-{firmware}", warm=False)
    status = await client_for(session, device).fetch()
    assert status.hashrate == 0
    assert status.block_height is None
    assert status.network_difficulty is None
    assert status.pool_difficulty is None
    assert status.best_session_difficulty == 0
    assert status.efficiency is None
    assert status.reject_rate is None
    assert status.is_hashing(None) is False


@pytest.mark.parametrize(
    ("board", "model", "hardware"),
    [
        ("gamma601", "Bitaxe Gamma", "601"),
        ("supra401", "Bitaxe Supra", "401"),
        ("ultra204", "Bitaxe Ultra", "204"),
    ],
)
@pytest.mark.parametrize("firmware", AXEOS_FIRMWARES)
async def test_identity(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    firmware: str,
    board: str,
    model: str,
    hardware: str,
) -> None:
    """The model is the product, told by the board where the firmware does not."""
    device = await start_device(f"axeos-{firmware}", board=board, hostname="garage")
    identity = await client_for(session, device).identify()
    assert identity == MinerIdentity(
        family=MinerFamily.AXEOS,
        manufacturer="Bitaxe",
        model=model,
        mac=device.mac.lower(),
        firmware=f"v{firmware}.0",
        hardware=hardware,
        hostname="garage",
    )


@pytest.mark.parametrize(
    ("board", "product"),
    [
        ("102", "Max"),
        ("204", "Ultra"),
        ("303", "Hex"),
        ("401", "Supra"),
        ("602", "Gamma"),
        ("650", "Gamma Duo"),
        ("701", "Supra Hex"),
        ("800", "GT"),
        ("0.11", None),
        ("", None),
        (None, None),
    ],
)
def test_the_board_tells_the_product(board: str | None, product: str | None) -> None:
    """The first digits of the board's version are enough."""
    assert _product(board) == product


@pytest.mark.parametrize("firmware", AXEOS_FIRMWARES)
async def test_capabilities_follow_the_firmware(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """What a firmware cannot do is not offered."""
    _, client = await polled(start_device, session, firmware)
    release = version(firmware)
    found = client.capabilities
    assert found.frequency == Range(minimum=400, maximum=625)
    assert found.frequency_limit == Range(minimum=400, maximum=800)
    assert found.core_voltage == Range(minimum=1.0, maximum=1.25, step=0.001)
    assert found.core_voltage_limit == Range(minimum=1.0, maximum=1.4, step=0.001)
    assert found.fan_speed == Range(minimum=0, maximum=100)
    assert found.target_temperature == (
        Range(minimum=35, maximum=66) if release >= (2, 7) else None
    )
    assert found.automatic_fan
    assert found.pause is (release >= (2, 14))
    assert not found.shutdown
    assert found.locate is (release >= (2, 12))
    assert found.clear_overheat
    assert found.pool_slots == (8 if release >= (2, 15) else 2)
    assert (found.set_pool, found.switch_pool) == (True, False)
    assert found.restart_for_pool
    assert [mode.name for mode in found.work_modes] == [
        "eco",
        "standard",
        "turbo",
        "oc",
    ]
    assert not client.needs_code


@pytest.mark.parametrize("firmware", AXEOS_FIRMWARES)
async def test_a_poll_is_one_request(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """The board's data is read with the first poll only."""
    device = await start_device(f"axeos-{firmware}")
    client = client_for(session, device)
    await client.fetch()
    assert device.requests == [INFO, ASIC]
    device.requests.clear()
    for _ in range(3):
        device.advance(15)
        await client.fetch()
    await client.identify()
    assert device.requests == [INFO] * 4


@pytest.mark.parametrize("firmware", AXEOS_FIRMWARES)
async def test_the_board_is_read_again_after_a_reboot(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """A shorter uptime tells of a reboot, after which one poll takes two requests."""
    device, client = await polled(start_device, session, firmware)
    device.reboot()
    device.advance(30)
    await client.fetch()
    assert device.requests == [INFO, ASIC]
    device.requests.clear()
    device.advance(15)
    await client.fetch()
    assert device.requests == [INFO]


async def test_the_board_is_read_again_with_other_firmware(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """Identity and capabilities follow an update that the uptime does not tell."""
    device, client = await polled(start_device, session, "2.12")
    assert not client.capabilities.pause
    device.version = (2, 15)
    device.state.version = (2, 15)
    await client.fetch()
    assert device.requests == [INFO, ASIC]
    assert client.identity.firmware == "v2.15.0"
    assert client.capabilities.pause
    assert client.capabilities.pool_slots == 8


async def test_another_miner_at_the_address_is_noticed(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """The identity is that of the miner which answers now."""
    device, client = await polled(start_device, session, "2.12")
    device.state.mac = "5A:51:00:00:00:99"
    await client.fetch()
    assert client.identity.mac == "5a:51:00:00:00:99"


@pytest.mark.parametrize("reason", ["reboot", "update"])
async def test_a_board_that_cannot_be_read_is_tried_again(
    start_device: StartDevice, session: aiohttp.ClientSession, reason: str
) -> None:
    """The status is told all the same, and old capabilities do not stay for good."""
    device, client = await polled(start_device, session, "2.12")
    if reason == "reboot":
        device.reboot()
    else:
        device.version = device.state.version = (2, 15)
    device.advance(30)
    request = client._device.request

    async def failing(method: str, path: str, **arguments: Any) -> Any:
        if path == "/api/system/asic":
            raise MinerConnectionError("gone")
        return await request(method, path, **arguments)

    with patch.object(client._device, "request", failing):
        assert (await client.fetch()).power is not None
    device.requests.clear()
    await client.fetch()
    assert device.requests == [INFO, ASIC]


async def test_a_nerdqaxe_at_the_address_is_no_match(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """The fork's replies look alike and mean other things."""
    device = await start_device("nerdqaxe-1.0.37")
    with pytest.raises(MinerMismatchError, match="Another kind of miner"):
        await AxeOSClient(session, HOST, device.port).fetch()


@pytest.mark.parametrize("firmware", AXEOS_FIRMWARES)
async def test_a_spike_of_the_hashrate_is_unknown(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """Chips cannot do more than twice what their frequency gives."""
    device, client = await polled(start_device, session, firmware)
    device.model.hashrate = 3 * 1071
    device.model.averages["10m"] = 3 * 1071
    status = await client.fetch()
    assert status.hashrate is None
    assert status.hashrate_average != pytest.approx(3 * 1071e9)
    assert status.efficiency is None
    device.model.hashrate = 1.9 * 1071
    assert (await client.fetch()).hashrate == pytest.approx(1.9 * 1071e9, rel=1e-6)


@pytest.mark.parametrize("firmware", ["2.6", "2.12", "2.14"])
async def test_faults_of_the_hardware_are_told(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """A key that is there only while something is wrong is a fault."""
    device, client = await polled(start_device, session, firmware)
    device.model.power_fault = "regulator"
    device.model.hardware_fault = "fan"
    status = await client.fetch()
    assert status.power_fault is True
    assert status.hardware_fault is (True if version(firmware) >= (2, 14) else None)


async def test_the_fallback_pool_is_told(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """The active pool is the fallback while that is in use."""
    device, client = await polled(start_device, session, "2.15")
    device.state.using_fallback = True
    status = await client.fetch()
    assert status.fallback_pool is True
    fallback = device.settings.fallback_pool
    assert status.active_pool == Pool(
        host=fallback.url, port=fallback.port, user=fallback.user
    )
    assert fallback.url != device.settings.pool.url


@pytest.mark.parametrize(
    ("changes", "host"),
    [
        ({"primaryPoolIndex": 1}, "second.example"),
        ({"secondaryPoolIndex": 1, "isUsingFallbackStratum": 1}, "second.example"),
        ({"primaryPoolIndex": 7}, None),
        ({}, None),
    ],
)
async def test_the_slots_tell_the_pool_where_the_flat_keys_are_gone(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    changes: dict[str, int],
    host: str | None,
) -> None:
    """A slot counts only if the miner names it."""
    device, client = await polled(start_device, session, "2.15")
    info = {
        key: value
        for key, value in device.info().items()
        if "tratumURL" not in key and "PoolIndex" not in key
    }
    info["pools"] = [
        {"id": 0, "stratumURL": "stratum+tcp://first.example", "stratumPort": 1},
        {"id": 1, "stratumURL": "stratum+tcp://second.example", "stratumPort": 2},
        {"stratumURL": "nameless.example", "stratumPort": 3},
    ]
    pool = client._read_status({**info, **changes}).active_pool
    assert pool == (None if host is None else Pool(host=host, port=2))


@pytest.mark.parametrize("firmware", AXEOS_FIRMWARES)
async def test_settings_are_written_and_read_back(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """The device has the new value, and so has the status that is returned."""
    device, client = await polled(start_device, session, firmware)
    chosen = device.settings
    assert (await client.set_frequency(490)).frequency == 490
    assert chosen.frequency == 490
    assert (await client.set_core_voltage(1.06)).core_voltage == 1.06
    assert chosen.core_voltage == 1060
    status = await client.set_work_mode(TURBO)
    assert (status.frequency, status.core_voltage) == (575, 1.2)
    assert (chosen.frequency, chosen.core_voltage) == (575, 1200)
    assert TURBO.matches(status.frequency, status.core_voltage)
    assert device.requests.count(PATCH) == 3


@pytest.mark.parametrize("firmware", AXEOS_FIRMWARES)
async def test_the_fan_is_set(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """A fixed speed ends the automatic, under the key that the firmware takes."""
    device, client = await polled(start_device, session, firmware)
    status = await client.set_fan_speed(83)
    assert status.automatic_fan is False
    assert status.manual_fan_speed == 83
    assert (device.settings.autofan, device.settings.manual_fan) == (False, 83)
    assert requests_for(device, "PATCH") == ["/api/system"]
    status = await client.set_automatic_fan(enabled=True)
    assert status.automatic_fan is True
    assert device.settings.autofan is True
    status = await client.set_automatic_fan(enabled=False)
    assert status.automatic_fan is False
    assert device.settings.autofan is False


@pytest.mark.parametrize("firmware", AXEOS_FIRMWARES)
async def test_the_target_temperature_is_set_where_there_is_one(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """Firmware without it says OK and changes nothing, which is a refusal."""
    device, client = await polled(start_device, session, firmware)
    if version(firmware) < (2, 7):
        with pytest.raises(MinerRefusedError, match="temptarget did not change"):
            await client.set_target_temperature(55)
        return
    assert (await client.set_target_temperature(55)).target_temperature == 55
    assert device.settings.target_temperature == 55


@pytest.mark.parametrize("firmware", AXEOS_FIRMWARES)
async def test_mining_is_paused_and_resumed_where_it_can_be(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """Older firmware knows neither command."""
    device, client = await polled(start_device, session, firmware)
    if version(firmware) < (2, 14):
        for enabled in (False, True):
            with pytest.raises(MinerUnsupportedError):
                await client.set_mining(enabled=enabled)
        return
    status = await client.set_mining(enabled=False)
    assert status is not None
    assert status.mining is False
    assert status.is_hashing(None) is False
    assert device.state.paused is True
    device.advance(5)
    status = await client.fetch()
    assert (status.hashrate, status.frequency_actual) == (0, 0)
    assert status.temperature is None
    status = await client.set_mining(enabled=True)
    assert status is not None
    assert status.mining is True
    assert device.state.paused is False
    assert requests_for(device, "POST") == ["/api/system/pause", "/api/system/resume"]


@pytest.mark.parametrize("firmware", AXEOS_FIRMWARES)
async def test_the_miner_shows_itself_where_it_can(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """The answer is a text or JSON; older firmware has no such command."""
    device, client = await polled(start_device, session, firmware)
    if version(firmware) < (2, 12):
        with pytest.raises(MinerUnsupportedError):
            await client.locate()
        return
    await client.locate()
    assert device.requests == [("POST", "/api/system/identify")]


@pytest.mark.parametrize("firmware", AXEOS_FIRMWARES)
async def test_restarting(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """The miner is away for some seconds and then counts from zero."""
    device, client = await polled(start_device, session, firmware)
    await client.restart()
    assert device.requests == [("POST", "/api/system/restart")]
    assert not device.online
    with pytest.raises(MinerConnectionError):
        await client.fetch()
    device.advance(30)
    status = await client.fetch()
    assert status.uptime is not None
    assert 0 < status.uptime <= 30
    assert device.requests[-2:] == [INFO, ASIC]


async def test_a_dropped_connection_is_a_restart(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """A miner may be gone before it has answered."""
    device, client = await polled(start_device, session, "2.12")
    await device.set_fault(Fault.CUT)
    await client.restart()
    assert not device.online


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.REFUSE, MinerUnreachableError),
        (Fault.HANG, MinerTimeoutError),
        (Fault.UNAUTHORIZED, MinerAuthenticationError),
        (Fault.SERVER_ERROR, MinerRefusedError),
        (Fault.REDIRECT, MinerUnsupportedError),
    ],
)
async def test_a_restart_that_was_not_heard_is_an_error(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    fault: Fault,
    error: type[MinerError],
) -> None:
    """A miner that cannot be connected to has not heard the command."""
    device, client = await polled(start_device, session, "2.12")
    await device.set_fault(fault)
    if fault is Fault.REFUSE:
        # A poll finds out that the kept connection is closed.
        with pytest.raises(MinerConnectionError):
            await client.fetch()
    with (
        patch(
            "custom_components.miner_controller.protocols.http.TIME_LIMIT",
            0.05 if fault is Fault.HANG else 5,
        ),
        pytest.raises(error) as caught,
    ):
        await client.restart()
    assert type(caught.value) is error
    assert device.online


UNSAFE: tuple[tuple[str, Any], ...] = (
    ("set_frequency", 399),
    ("set_frequency", 801),
    ("set_frequency", 0),
    ("set_frequency", -525),
    ("set_frequency", 65535),
    ("set_core_voltage", 0.999),
    ("set_core_voltage", 1.401),
    ("set_core_voltage", 1150),
    ("set_core_voltage", 0),
    ("set_work_mode", WorkMode(name="x", frequency=801, core_voltage=1.15)),
    ("set_work_mode", WorkMode(name="x", frequency=525, core_voltage=1.45)),
    ("clear_overheat", WorkMode(name="x", frequency=50, core_voltage=1.15)),
    ("clear_overheat", WorkMode(name="x", frequency=525, core_voltage=0.9)),
)


@pytest.mark.parametrize(("command", "value"), UNSAFE)
@pytest.mark.parametrize("firmware", ["2.4", "2.12", "2.15"])
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


async def test_nothing_is_sent_before_the_limits_are_known(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """A client that never met its miner does not overclock it."""
    device = await start_device("axeos-2.12")
    client = client_for(session, device)
    with pytest.raises(MinerRefusedError, match="is not safe"):
        await client.set_work_mode(STANDARD)
    assert device.requests == []


@pytest.mark.parametrize(("frequency", "core_voltage"), [(400, 1.0), (800, 1.4)])
async def test_the_limits_themselves_are_taken(
    start_device: StartDevice,
    session: aiohttp.ClientSession,
    frequency: float,
    core_voltage: float,
) -> None:
    """Both ends of what is safe are safe."""
    device, client = await polled(start_device, session, "2.12")
    mode = WorkMode(name="edge", frequency=frequency, core_voltage=core_voltage)
    status = await client.set_work_mode(mode)
    assert (status.frequency, status.core_voltage) == (frequency, core_voltage)
    assert device.settings.frequency == frequency


@pytest.mark.parametrize("firmware", AXEOS_FIRMWARES)
async def test_a_change_that_is_ignored_is_refused(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """The firmware says OK to what it does not take; the poll tells the truth."""
    device, client = await polled(start_device, session, firmware)
    with (
        patch("simulator.axeos.device.apply_patch", return_value=True),
        pytest.raises(MinerRefusedError, match="frequency, coreVoltage did not change"),
    ):
        await client.set_work_mode(TURBO)
    assert requests_for(device, "PATCH") == ["/api/system"]
    assert device.requests.count(INFO) == 4


async def test_a_change_may_take_a_moment_to_show(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """The miner is asked again before a change is taken for ignored."""
    device, client = await polled(start_device, session, "2.12")
    shown = client._get_info
    answers = 0

    async def slow() -> Mapping[str, Any]:
        nonlocal answers
        answers += 1
        info = await shown()
        return {**info, "frequency": 525} if answers < 3 else info

    with patch.object(client, "_get_info", slow):
        assert (await client.set_frequency(600)).frequency == 600
    assert answers == 3
    assert requests_for(device, "PATCH") == ["/api/system"]


@pytest.mark.parametrize("firmware", NEW_OVERHEAT)
async def test_the_firmwares_own_words_are_kept(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """A refusal with a reason is told with that reason."""
    _, client = await polled(start_device, session, firmware)
    with pytest.raises(MinerRefusedError, match="Wrong API input"):
        await client.set_target_temperature(90)


async def test_a_refusal_without_words_tells_its_status(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """There is always something to show."""
    _, client = await polled(start_device, session, "2.12")
    request = client._device.request

    async def speechless(method: str, path: str, **arguments: Any) -> Any:
        reply = await request("GET", path)
        return type(reply)(status=503, body=b" \x00\n")

    with (
        patch.object(client._device, "request", speechless),
        pytest.raises(MinerRefusedError, match=r"^status 503$"),
    ):
        await client.set_frequency(500)


async def test_a_fork_has_no_unlocking(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """A Bitaxe asks for no code and takes none."""
    device, client = await polled(start_device, session, "2.15")
    with pytest.raises(MinerUnsupportedError):
        await client.unlock("123456")
    assert device.requests == []


@pytest.mark.parametrize("firmware", OLD_OVERHEAT)
async def test_old_firmware_halts_when_hot_until_it_is_cleared(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """Clearing restores the pair and the automatic fan, and it hashes again."""
    device, client = await polled(start_device, session, firmware)
    device.model.chip_temperature = 90
    device.advance(1)
    status = await client.fetch()
    assert status.overheated is True
    assert status.is_hashing(None) is False
    assert (status.frequency, status.core_voltage) == (50, 1.0)
    assert (status.automatic_fan, status.fan_speed) == (False, 100)
    assert status.temperature is None
    device.advance(3600)
    assert (await client.fetch()).overheated is True
    status = await client.clear_overheat(STANDARD)
    assert status.overheated is False
    assert (status.frequency, status.core_voltage) == (525, 1.15)
    assert status.automatic_fan is True
    assert requests_for(device, "PATCH") == ["/api/system"]
    device.advance(60)
    status = await client.fetch()
    assert status.is_hashing(None) is True
    assert status.hashrate == pytest.approx(1071e9, rel=0.2)


@pytest.mark.parametrize("firmware", NEW_OVERHEAT)
async def test_newer_firmware_recovers_with_the_fan_left_at_full_speed(
    start_device: StartDevice, session: aiohttp.ClientSession, firmware: str
) -> None:
    """Clearing afterwards restores what the recovery left changed."""
    device, client = await polled(start_device, session, firmware)
    device.model.chip_temperature = 90
    device.advance(1)
    status = await client.fetch()
    assert status.overheated is True
    assert status.is_hashing(None) is False
    device.advance(60)
    status = await client.fetch()
    assert status.overheated is False
    assert (status.frequency, status.core_voltage) == (425, 1.05)
    assert (status.automatic_fan, status.manual_fan_speed) == (False, 100)
    status = await client.clear_overheat(STANDARD)
    assert status.overheated is False
    assert (status.frequency, status.core_voltage) == (525, 1.15)
    assert status.automatic_fan is True
    assert device.settings.autofan is True


async def test_a_board_without_ladder_can_be_watched_only(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """An unknown chip of old firmware has no ranges, no modes, no clearing."""
    device, client = await polled(start_device, session, "2.4")
    info = {**device.info(), "ASICModel": "BM9999"}
    with patch.object(AxeOSDevice, "info", return_value=info):
        client = client_for(session, device)
        status = await client.fetch()
    found = client.capabilities
    assert status.frequency == 525
    assert (found.frequency, found.core_voltage, found.work_modes) == (None, None, ())
    assert not found.clear_overheat
    assert found.fan_speed == Range(minimum=0, maximum=100)
    with pytest.raises(MinerRefusedError, match="is not safe"):
        await client.set_frequency(525)


async def test_a_board_that_answers_with_an_error_is_no_board(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """Only a path that is not there stands for older firmware."""
    device = await start_device("axeos-2.12")
    client = client_for(session, device)
    request = client._device.request

    async def failing(method: str, path: str, **arguments: Any) -> Any:
        reply = await request(method, path, **arguments)
        asic = path == "/api/system/asic"
        return type(reply)(status=500, body=b"") if asic else reply

    with (
        patch.object(client._device, "request", failing),
        pytest.raises(MinerProtocolError, match="500"),
    ):
        await client.fetch()
    assert (await client.fetch()).frequency == 525
    assert client.identity.model == "Bitaxe Gamma"


async def test_a_reply_without_a_chip_is_no_miner(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """The chip decides what is safe, so it has to be told once."""
    device = await start_device("axeos-2.12")
    info = {key: value for key, value in device.info().items() if key != "ASICModel"}
    with (
        patch.object(AxeOSDevice, "info", return_value=info),
        pytest.raises(MinerProtocolError, match="chip"),
    ):
        await client_for(session, device).fetch()


async def test_another_miner_whose_board_cannot_be_read_is_an_error(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """Its status is not taken for that of the miner before."""
    device, client = await polled(start_device, session, "2.12")
    device.state.mac = "5A:51:00:00:00:99"
    request = client._device.request

    async def failing(method: str, path: str, **arguments: Any) -> Any:
        if path == "/api/system/asic":
            raise MinerConnectionError("gone")
        return await request(method, path, **arguments)

    with (
        patch.object(client._device, "request", failing),
        pytest.raises(MinerConnectionError, match="gone"),
    ):
        await client.fetch()


async def test_a_reason_names_no_worker(
    start_device: StartDevice, session: aiohttp.ClientSession
) -> None:
    """Pools put the worker into their reason, and with it a payout address."""
    device, client = await polled(start_device, session, "2.15")
    user = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4.rig1"
    device.model.shares.reasons = {f"Worker {user} is not authorized": 2}
    assert (await client.fetch()).reject_reasons == (("Worker … is not authorized", 2),)


@pytest.mark.parametrize(
    "url",
    [
        "stratum+tcp://bc1qsecret.rig:pw@pool.example/path",
        "bc1qsecret@pool.example",
        "pool.example/bc1qsecret",
    ],
)
async def test_a_pool_typed_as_a_url_shows_only_its_host(
    start_device: StartDevice, session: aiohttp.ClientSession, url: str
) -> None:
    """A user and a path in it are left out."""
    device, client = await polled(start_device, session, "2.14")
    told = {**device.info(), "stratumURL": url}
    with patch.object(device, "info", lambda: told):
        pool = (await client.fetch()).active_pool
    assert pool is not None
    assert pool.address.partition(":")[0] == "pool.example"
