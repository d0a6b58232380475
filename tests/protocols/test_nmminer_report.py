"""What NMMiners broadcast is read in every format that their firmware has had."""

import json
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.protocols.model import MinerStatus, Pool
from custom_components.miner_controller.protocols.nmminer_report import (
    LARGEST_REPORT,
    NMMinerReport,
    ReportError,
    read_report,
)
from simulator.nmminer import NMMinerUdpDevice
from simulator.nmminer.settings import endpoint
from tests.devices import NMMINER_UDP_PROFILES, WARM_UP, create_device

from . import assert_status
from .broadcasts import TOLD, datagram
from .sanity import assert_sane
from .test_fuzz import VALUES, encoded, mutated

EXAMPLES = 200


def status_of(**changes: Any) -> MinerStatus:
    """Return what a report tells in which some fields are different."""
    return read_report(datagram(**changes)).status


def test_the_first_firmware() -> None:
    """Every field of a datagram of a real device."""
    report = read_report(datagram(IP="192.168.1.101"))
    assert (report.address, report.board) == ("192.168.1.101", "NMLotto")
    assert report.firmware == "v0.3.01"
    assert report.json() == {**TOLD, "IP": "192.168.1.101"}
    assert "document" not in repr(report)
    assert_status(
        report.status,
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
        active_pool=Pool(host="pool.example", port=3333),
        free_heap=8_400_794,
    )


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ({"ip": "192.168.1.9"}, "192.168.1.9"),
        ({"IP": "192.168.1.9"}, "192.168.1.9"),
        ({"ip": "192.168.1.9", "IP": "192.168.1.8"}, "192.168.1.9"),
        ({"ip": "", "IP": "192.168.1.8"}, "192.168.1.8"),
        ({"ip": 17}, None),
        ({}, None),
    ],
)
def test_the_address(told: dict[str, Any], address: str | None) -> None:
    """It is told under two names, or not at all."""
    assert read_report(datagram(**told)).address == address


@pytest.mark.parametrize(
    ("told", "hashrate"),
    [
        ("1.0154MH/s", 1_015_400),
        ("993.22KH/s", 993_220),
        ("113.13K", 113_130),
        ("1.2 MH/s", 1_200_000),
        ("1.2mh/S", 1_200_000),
        ("950KH", 950_000),
        ("0.0000H/s", 0),
        ("512.5", 512.5),
        ("20M", 20e6),
        # What no ESP32 reaches, which is a known fault of the firmware.
        ("20.1M", None),
        ("500.0MH/s", None),
        ("500.0M", None),
        ("1.2TH/s", None),
        ("", None),
        ("-1KH/s", None),
        ("nan", None),
        ("infH/s", None),
        ("1..2KH/s", None),
        ("1.2XH/s", None),
        ("9" * 30, None),
        (113.13, None),
        (None, None),
    ],
)
def test_the_hashrate(told: object, hashrate: float | None) -> None:
    """Its unit is part of the text, in one way or another."""
    assert status_of(HashRate=told).hashrate == hashrate


@pytest.mark.parametrize(
    ("told", "hashrate"),
    [("487.1GH/s", 487.1e9), ("4.8TH/s", 4.8e12), ("500TH/s", None)],
)
def test_the_hashrate_of_a_board_with_a_chip(told: str, hashrate: float | None) -> None:
    """Only such a board tells its power, and it is faster."""
    status = status_of(HashRate=told, Power="12.3W", BoardType="NMAxe")
    assert status.hashrate == hashrate
    assert status.power == 12.3


@pytest.mark.parametrize(
    ("told", "power"),
    [
        ("12.3W", 12.3),
        ("12 W", 12),
        ("12.34", 12.34),
        ("0.0W", None),
        ("-3W", None),
        ("99999W", None),
        ("W", None),
        (12.3, None),
        (None, None),
    ],
)
def test_the_power(told: object, power: float | None) -> None:
    """Zero is no reading."""
    assert status_of(Power=told).power == power


@pytest.mark.parametrize(
    ("told", "rejected", "accepted"),
    [
        ("1/138", 1, 138),
        ("2/5308/98.7%", 2, 5308),
        ("0/0/0.0%", 0, 0),
        ("0/0", 0, 0),
        ("1/", None, None),
        ("138", None, None),
        ("-1/138", None, None),
        ("1/138 (99%)", None, None),
        (f"1/{'9' * 16}", None, None),
        (1, None, None),
        (None, None, None),
    ],
)
def test_the_shares(told: object, rejected: int | None, accepted: int | None) -> None:
    """The rejected ones come first, and a percentage may follow."""
    status = status_of(Share=told)
    assert (status.shares_rejected, status.shares_accepted) == (rejected, accepted)


@pytest.mark.parametrize(
    ("told", "session", "ever"),
    [
        ("4.021M", None, 4_021_000),
        ("0.000", None, 0),
        (4021.5, None, 4021.5),
        (7, None, 7),
        ("12.34\r480.5K", 12.34, 480_500),
        ("0.000 \r 1.783", 0, 1.783),
        ("x\r480.5K", None, 480_500),
        ("12.34\rx", 12.34, None),
        ("0.00000421\r1", 0.000004, 1),
        ("", None, None),
        ([1], None, None),
        (None, None, None),
    ],
)
def test_the_best_difficulty(
    told: object, session: float | None, ever: float | None
) -> None:
    """A carriage return lies between that of the session and that of all time."""
    status = status_of(BestDiff=told)
    assert status.best_session_difficulty == session
    assert status.best_difficulty == ever


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("00d 01:23:46", 5026),
        ("000d 01:23:46", 5026),
        ("012d 00:00:00\r112d 02:24:18", 1_036_800),
        ("1d 1:2:3", 90_123),
        ("99999d 00:00:00", 99_999 * 86_400),
        ("100000d 00:00:00", None),
        ("01:23:46", None),
        ("-1d 00:00:00", None),
        (5026, None),
        (None, None),
    ],
)
def test_the_uptime(told: object, seconds: float | None) -> None:
    """It is that of the session, wherever both are told."""
    assert status_of(Uptime=told).uptime == seconds


@pytest.mark.parametrize(
    ("field", "told", "name", "value"),
    [
        ("Temp", 48.55, "temperature", 48.5),
        ("Temp", 0, "temperature", None),
        ("Temp", 0.0, "temperature", None),
        ("Temp", None, "temperature", None),
        ("Temp", -127, "temperature", None),
        ("Temp", 201, "temperature", None),
        ("Temp", "N/A", "temperature", None),
        ("Valid", 2, "blocks_found", 2),
        ("Valid", -1, "blocks_found", None),
        ("Valid", "0", "blocks_found", None),
        ("RSSI", -61, "signal_strength", -61),
        ("RSSI", 0, "signal_strength", None),
        ("RSSI", -121, "signal_strength", None),
        ("FreeHeap", 62.5, "free_heap", 64_000),
        ("FreeHeap", -1, "free_heap", None),
        ("FreeHeap", "63.211KB", "free_heap", None),
        ("PoolDiff", "2.048K", "pool_difficulty", 2048),
        ("PoolDiff", 0.0005, "pool_difficulty", 0.0005),
        ("PoolDiff", "0.000", "pool_difficulty", None),
        ("PoolDiff", None, "pool_difficulty", None),
        ("NetDiff", "128.0T", "network_difficulty", 128e12),
        ("NetDiff", "0.000", "network_difficulty", None),
        ("NetDiff", "much", "network_difficulty", None),
        ("PoolInUse", "stratum+tcp://A.example:1", "active_pool", ("a.example", 1)),
        ("PoolInUse", "a.example", "active_pool", ("a.example", None)),
        ("PoolInUse", "a.example:99999", "active_pool", None),
        ("PoolInUse", "", "active_pool", None),
        ("PoolInUse", None, "active_pool", None),
    ],
)
def test_other_fields(field: str, told: object, name: str, value: object) -> None:
    """What makes no sense is not known."""
    if isinstance(value, tuple):
        value = Pool(host=value[0], port=value[1])
    assert getattr(status_of(**{field: told}), name) == value


def test_the_board_and_the_firmware() -> None:
    """Neither has to be told."""
    report = read_report(datagram(BoardType=None))
    assert (report.board, report.firmware) == ("NMMiner", "v0.3.01")
    report = read_report(datagram(Version=""))
    assert (report.board, report.firmware) == ("NMLotto", None)


@pytest.mark.parametrize("field", ["HashRate", "Share", "BoardType", "Version"])
def test_one_field_may_be_missing(field: str) -> None:
    """Firmware has dropped fields before, but two of these are none of it."""
    assert read_report(datagram(**{field: None})).status.blocks_found == 0
    other = "Share" if field != "Share" else "Version"
    with pytest.raises(ReportError):
        read_report(datagram(**{field: None, other: None}))


def test_a_bare_carriage_return() -> None:
    """The firmware that prints its JSON by hand does not escape it."""
    data = datagram(BestDiff="12.34\r480.5K", Uptime="000d 00:00:05\r001d 00:00:00")
    report = read_report(data.replace(rb"\r", b"\r"))
    assert report.status.best_session_difficulty == 12.34
    assert report.status.best_difficulty == 480_500
    assert report.status.uptime == 5


@pytest.mark.parametrize("token", [b"nan", b"NaN", b"Infinity", b"-Infinity", b"1e999"])
def test_a_number_that_is_none(token: bytes) -> None:
    """It spoils nothing else, or the datagram is no JSON."""
    data = datagram().replace(b"48.5", token)
    try:
        status = read_report(data).status
    except ReportError:
        return
    assert status.temperature is None
    assert status.hashrate == 113_130


@pytest.mark.parametrize("board", ["cyd28", "nmlotto", "devkit", "nmaxe"])
@pytest.mark.parametrize("profile", NMMINER_UDP_PROFILES)
def test_each_firmware_and_board(profile: str, board: str) -> None:
    """What is read is what the device is doing."""
    device = create_device(profile, board=board)
    assert isinstance(device, NMMinerUdpDevice)
    device.host = "127.0.12.77"
    device.advance(WARM_UP)
    data = device.status_datagram()
    assert len(data) <= LARGEST_REPORT
    report = read_report(data)
    status, model = report.status, device.model
    assert_sane(status)
    assert report.address == device.host
    assert report.board == device.board.board_type
    assert report.firmware == f"v{device.firmware_name}"
    assert status.hashrate == pytest.approx(model.hashrate * 1e9, rel=1e-3)
    assert status.shares_accepted == model.shares.accepted
    assert status.shares_rejected == model.shares.rejected
    assert status.uptime == WARM_UP
    assert status.active_pool is not None
    assert status.active_pool.address == endpoint(device.settings["PrimaryPool"])
    session, ever = model.shares.best_session, model.best_difficulty
    if device.version >= (1, 5, 1):
        assert status.best_difficulty == pytest.approx(ever, rel=1e-3)
        assert status.best_session_difficulty == pytest.approx(
            session, rel=1e-3, abs=0.001
        )
    else:
        assert status.best_difficulty == pytest.approx(session, rel=1e-3, abs=0.001)
        assert status.best_session_difficulty is None
    if device.board.thermometer:
        assert status.temperature == pytest.approx(model.chip_temperature, abs=0.06)
    else:
        assert status.temperature is None
    if device.board.asic:
        assert status.power == pytest.approx(model.power, abs=0.06)
    else:
        assert status.power is None
    device.absurd_hashrate = True
    absurd = read_report(device.status_datagram()).status
    assert absurd.hashrate == (500e6 if device.board.asic else None)
    assert absurd.shares_accepted == status.shares_accepted


def check(data: bytes) -> None:
    """Read a datagram: its report is sound, or it is none."""
    try:
        report = read_report(data)
    except ReportError as err:
        assert str(err)  # noqa: PT017
        return
    assert type(report) is NMMinerReport
    assert_sane(report.status)
    for text in (report.address, report.board, report.firmware):
        assert text is None or (text.isprintable() and 0 < len(text) <= 255)
    # It can be stored, since nothing in it is half a character or no number.
    json.dumps(report.json(), allow_nan=False).encode()


DEVICES = tuple(create_device(profile) for profile in NMMINER_UDP_PROFILES)
REPORTS: tuple[dict[str, Any], ...] = tuple(device.info() for device in DEVICES)


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_changed_fields(data: st.DataObject) -> None:
    """A field that is missing, renamed or mistyped makes no exception."""
    report = data.draw(st.sampled_from(REPORTS))
    check(encoded(data.draw(mutated(report))))


@settings(max_examples=20, deadline=None)
@given(value=VALUES)
def test_each_field_alone(value: Any) -> None:
    """Every single field is tried with every value."""
    for report in REPORTS:
        for key in report:
            check(encoded({**report, key: value}))


@settings(max_examples=EXAMPLES, deadline=None)
@given(text=st.text("0123456789.eE+-kmgtpEKMGTPHh/sdW:%\r ,", max_size=24))
def test_texts_of_the_right_characters(text: str) -> None:
    """What looks like a value need not be one."""
    for key in TOLD:
        check(datagram(**{key: text}))


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_changed_bytes(data: st.DataObject) -> None:
    """A report that is cut, or in which bytes are wrong, makes no exception."""
    body = bytearray(encoded(data.draw(st.sampled_from(REPORTS))))
    for _ in range(data.draw(st.integers(0, 5))):
        place = data.draw(st.integers(0, len(body) - 1))
        length = data.draw(st.integers(0, 3))
        body[place : place + length] = data.draw(st.binary(max_size=4))
    check(bytes(body[: data.draw(st.none() | st.integers(0, len(body)))]))


@settings(max_examples=EXAMPLES, deadline=None)
@given(body=st.binary(max_size=300) | VALUES.map(encoded))
def test_anything_else(body: bytes) -> None:
    """Random bytes and other JSON are no report."""
    check(body)


@pytest.mark.parametrize("depth", [100, 400, 900])
def test_deep_nesting(depth: int) -> None:
    """As deep as a datagram has room for."""
    start = datagram()[:-1] + b', "more": '
    check(start + b"[" * depth + b"]" * depth + b"}")
    check(start + b"[" * depth)
    check(b"[" * 2 * depth)
