"""Whatever a miner sends, there is a sound status or a named error."""

from collections.abc import Coroutine
from dataclasses import replace
import json
from typing import Any, override
from unittest.mock import Mock, patch

import aiohttp
from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.protocols.avalon import AvalonClient
from custom_components.miner_controller.protocols.axeos import AxeOSClient
from custom_components.miner_controller.protocols.cgminer import CgminerDevice
from custom_components.miner_controller.protocols.cgminer_miner import CgminerClient
from custom_components.miner_controller.protocols.client import MinerClient
from custom_components.miner_controller.protocols.errors import MinerError
from custom_components.miner_controller.protocols.esp_miner import EspMinerClient
from custom_components.miner_controller.protocols.http import HttpDevice, HttpReply
from custom_components.miner_controller.protocols.model import (
    Capabilities,
    MinerIdentity,
    MinerStatus,
)
from custom_components.miner_controller.protocols.nerdqaxe import NerdQAxeClient
from custom_components.miner_controller.protocols.nmminer import NMMinerClient
from custom_components.miner_controller.protocols.nmminer_broadcasts import (
    NMMinerBroadcasts,
)
from tests.devices import CGMINER_PROFILES, PROFILES, create_device

from .raw_miner import INVALID_COMMAND, reply as cgminer_reply
from .sanity import assert_sane

EXAMPLES = 150

type Json = dict[str, Any]


class FakeTransport(HttpDevice):
    """A device in memory: it answers at once with the bytes it was given."""

    def __init__(self, info: bytes, asic: bytes) -> None:
        """Initialize the replies."""
        self.replies = {"/api/system/info": info, "/api/system/asic": asic}

    @override
    async def request(self, method: str, path: str, **arguments: Any) -> HttpReply:
        return HttpReply(status=200, body=self.replies[path])


def replies_of(profile: str) -> tuple[Json, Json]:
    """Return what a device of a profile answers."""
    device = create_device(profile)
    device.advance(60)
    return device.info(), device.asic()


REPLIES = {profile: replies_of(profile) for profile in PROFILES}


def client_with(profile: str, info: bytes, asic: bytes) -> EspMinerClient:
    """Return a client of the profile's family that gets these replies."""
    axeos = profile.startswith("axeos")
    client_class = AxeOSClient if axeos else NerdQAxeClient
    session = Mock(spec=aiohttp.ClientSession)
    client = client_class(session, "miner.example", 80)
    client._device = FakeTransport(info, asic)
    return client


def result[T](coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine returns that never has to wait."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        value: T = stop.value
        return value
    raise AssertionError("It waits for something")


def encoded(content: Any) -> bytes:
    """Return JSON as a device writes it, NaN and Infinity included."""
    return json.dumps(content, separators=(",", ":")).encode(errors="replace")


def check(client: MinerClient) -> None:
    """Meet and poll a miner: either result is sound, or a named error says why."""
    try:
        identity = result(client.identify())
        statuses = [result(client.fetch()) for _ in range(2)]
    except MinerError as err:
        assert str(err)  # noqa: PT017
        return
    for status in statuses:
        assert_sane(status)
    # A share is never later than the poll that tells of it.
    first, second = (replace(status, last_share=None) for status in statuses)
    assert first == second
    stored = json.loads(json.dumps(identity.as_dict(), allow_nan=False))
    assert MinerIdentity.from_dict(stored) == identity
    stored = json.loads(json.dumps(client.capabilities.as_dict(), allow_nan=False))
    assert Capabilities.from_dict(stored) == client.capabilities
    for name in (
        "frequency",
        "frequency_limit",
        "core_voltage",
        "core_voltage_limit",
    ):
        values = getattr(client.capabilities, name)
        assert values is None or 0 < values.minimum <= values.maximum
    json.dumps(client.needs_code)


NUMBERS = st.one_of(
    st.integers(-(10**25), 10**25),
    st.floats(),
    st.sampled_from(
        [
            0,
            -0.0,
            -1,
            -0.0001,
            1e-9,
            1e15,
            1e18,
            1e300,
            -1e300,
            2**53,
            2**63,
            2**64,
            10**30,
            10**400,
            float("nan"),
            float("inf"),
            float("-inf"),
        ]
    ),
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    NUMBERS,
    st.text(max_size=12),
    st.sampled_from(
        ["", "0", "525", "nan", "-1", "1e400", "9.99E", "BM1370", "BM1368", "\x00"]
    ),
    st.text(min_size=300, max_size=400),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text(max_size=6), inner, max_size=4),
    ),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn, original: Json) -> Json:
    """Return a reply with some fields dropped, retyped, renamed or nested."""
    reply = dict(original)
    for _ in range(draw(st.integers(1, 8))):
        if not reply:
            break
        key = draw(st.sampled_from(sorted(reply)))
        match draw(st.sampled_from(["drop", "set", "scale", "rename", "nest", "in"])):
            case "drop":
                del reply[key]
            case "set":
                reply[key] = draw(VALUES)
            case "scale":
                if type(reply[key]) in (int, float) and abs(reply[key]) < 1e200:
                    reply[key] *= draw(st.sampled_from([-1, 0, 0.001, 1000, 1e12]))
            case "rename":
                reply[draw(st.text(max_size=8))] = reply.pop(key)
            case "nest":
                reply[key] = draw(
                    st.sampled_from([[reply[key]], {key: reply[key]}, [[], {}]])
                )
            case "in":
                reply[key] = inside(draw, reply[key])
    return reply


def inside(draw: st.DrawFn, value: Any) -> Any:
    """Return a nested value with one of its parts changed."""
    if isinstance(value, dict) and value:
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: draw(VALUES)}
    if isinstance(value, list):
        return [*value[1:], draw(VALUES)]
    return draw(LEAVES)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_replies_themselves_are_sound(profile: str) -> None:
    """Without any change there is a status, so the other tests test something."""
    info, asic = REPLIES[profile]
    client = client_with(profile, encoded(info), encoded(asic))
    status = result(client.fetch())
    assert isinstance(status, MinerStatus)
    assert_sane(status)
    assert status.hashrate is not None
    assert status.expected_hashrate is not None
    assert client.capabilities.work_modes
    check(client)


@pytest.mark.parametrize("profile", PROFILES)
@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_changed_fields(profile: str, data: st.DataObject) -> None:
    """A field that is missing, renamed or mistyped makes no exception."""
    info, asic = REPLIES[profile]
    check(
        client_with(
            profile,
            encoded(data.draw(mutated(info), "info")),
            encoded(data.draw(st.just(asic) | mutated(asic), "asic")),
        )
    )


@pytest.mark.parametrize("profile", PROFILES)
@settings(max_examples=12, deadline=None)
@given(value=VALUES)
def test_each_field_alone(profile: str, value: Any) -> None:
    """Every single field is tried with every value."""
    info, asic = REPLIES[profile]
    for key in info:
        check(client_with(profile, encoded({**info, key: value}), encoded(asic)))
    for key in asic:
        check(client_with(profile, encoded(info), encoded({**asic, key: value})))


@pytest.mark.parametrize("profile", ["axeos-2.4", "axeos-2.15", "nerdqaxe-1.1.0"])
@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_changed_bytes(profile: str, data: st.DataObject) -> None:
    """A reply that is cut, or in which bytes are wrong, makes no exception."""
    info, asic = REPLIES[profile]
    body = bytearray(encoded(info))
    for _ in range(data.draw(st.integers(0, 5))):
        place = data.draw(st.integers(0, len(body) - 1))
        length = data.draw(st.integers(0, 3))
        body[place : place + length] = data.draw(st.binary(max_size=4))
    cut = data.draw(st.none() | st.integers(0, len(body)))
    check(client_with(profile, bytes(body[:cut]), encoded(asic)))


@pytest.mark.parametrize("profile", ["axeos-2.15", "nerdqaxe-1.1.0"])
@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_keys_given_twice(profile: str, data: st.DataObject) -> None:
    """A reply that contradicts itself makes no exception."""
    info, asic = REPLIES[profile]
    again = data.draw(
        st.dictionaries(st.sampled_from(sorted(info)), VALUES, min_size=1, max_size=5)
    )
    parts = [encoded(info)[1:-1], encoded(again)[1:-1]]
    if data.draw(st.booleans()):
        parts.reverse()
    check(client_with(profile, b"{" + b",".join(parts) + b"}", encoded(asic)))


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    profile=st.sampled_from(PROFILES),
    info=st.binary(max_size=300) | VALUES.map(encoded),
    asic=st.binary(max_size=300) | VALUES.map(encoded),
)
def test_anything_else(profile: str, info: bytes, asic: bytes) -> None:
    """Random bytes and other JSON are no miner, with the right board or without."""
    check(client_with(profile, info, asic))
    check(client_with(profile, encoded(REPLIES[profile][0]), asic))


@pytest.mark.parametrize("depth", [100, 1000, 20_000, 100_000])
@pytest.mark.parametrize("profile", ["axeos-2.15", "nerdqaxe-1.1.0"])
def test_deep_nesting(profile: str, depth: int) -> None:
    """Depth in a field that is read, and in one that is not, makes no exception."""
    info, asic = REPLIES[profile]
    whole = encoded(info)[1:-1]
    for key in (b"hashrateMonitor", b"stratum", b"unknown"):
        for opened, closed in ((b"[", b"]"), (b'{"a":', b"}")):
            value = opened * depth + b"1" + closed * depth
            body = b"{" + whole + b',"' + key + b'":' + value + b"}"
            check(client_with(profile, body, encoded(asic)))


@pytest.mark.parametrize("token", [b"nan", b"NaN", b"Infinity", b"-Infinity", b"1e999"])
@pytest.mark.parametrize("profile", PROFILES)
def test_numbers_that_are_none(profile: str, token: bytes) -> None:
    """Every number of a reply at once is printed as none."""
    info, asic = REPLIES[profile]
    parts = [
        encoded(key) + b":" + (token if type(value) in (int, float) else encoded(value))
        for key, value in info.items()
    ]
    check(client_with(profile, b"{" + b",".join(parts) + b"}", encoded(asic)))


class FakePage(HttpDevice):
    """An NMMiner in memory: it answers at once with the bytes it was given."""

    def __init__(self, info: bytes, probe: bytes) -> None:
        """Initialize the replies."""
        self.replies = {"/api/system/info": info, "/probe": probe}

    @override
    async def request(self, method: str, path: str, **arguments: Any) -> HttpReply:
        return HttpReply(status=200, body=self.replies[path])


def nmminer_with(info: bytes, probe: bytes) -> NMMinerClient:
    """Return a client that knows how to ask, and gets these replies."""
    client = NMMinerClient(Mock(spec=aiohttp.ClientSession), "miner.example", 80)
    client._http._device = FakePage(info, probe)
    # Nobody waits for a broadcast then.
    client._broadcasting = True
    return client


async def address_of_none(broadcasts: NMMinerBroadcasts) -> str | None:
    """Return that the name of a made-up miner has no address."""
    return None


def check_nmminer(info: bytes, probe: bytes) -> None:
    """Meet and poll an NMMiner over HTTP."""
    with patch.object(NMMinerBroadcasts, "address", address_of_none):
        check(nmminer_with(info, probe))


NMMINER_INFO: Json = {
    "identity": {
        "hwModel": "NMMiner",
        "hostName": "nm-one",
        "fwVersion": "v2.0.04",
        "rssi": -52,
    },
    "miner": {
        "hashRate": 0.000956432,
        "sAccepted": 128,
        "sRejected": 2,
        "uptimeSeconds": 4321,
        "networkDiff": "112392546849.9999",
        "poolDiff": "0.00050",
        "bestDiffSession": "0.04215",
        "bestDiffEver": "1.78330",
        "blkhits": 0,
        "freeHeap": 118432,
    },
    "stratum": {"url": "pool.example:3333", "user": "worker"},
    "temps": {"vcore": 51.3, "asic": None},
}
NMMINER_PROBE: Json = {"model": "NMMiner", "sw": 320, "sh": 240}


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_changed_fields_of_an_nmminer(data: st.DataObject) -> None:
    """A field that is missing, renamed or mistyped makes no exception."""
    info: Json = json.loads(json.dumps(NMMINER_INFO))
    name = data.draw(st.sampled_from(sorted(info)))
    info[name] = data.draw(mutated(info[name]) | VALUES)
    info = data.draw(st.just(info) | mutated(info))
    probe = data.draw(st.just(NMMINER_PROBE) | mutated(NMMINER_PROBE))
    check_nmminer(encoded(info), encoded(probe))


@settings(max_examples=40, deadline=None)
@given(value=VALUES)
def test_each_field_of_an_nmminer_alone(value: Any) -> None:
    """Every single field is tried with every value."""
    for name, section in NMMINER_INFO.items():
        for key in section:
            info = {**NMMINER_INFO, name: {**section, key: value}}
            check_nmminer(encoded(info), encoded(NMMINER_PROBE))
    for key in NMMINER_PROBE:
        probe = {**NMMINER_PROBE, key: value}
        check_nmminer(encoded(NMMINER_INFO), encoded(probe))


@settings(max_examples=EXAMPLES, deadline=None)
@given(body=st.binary(max_size=300) | VALUES.map(encoded))
def test_anything_else_at_an_nmminer(body: bytes) -> None:
    """Random bytes and other JSON are no miner."""
    check_nmminer(body, encoded(NMMINER_PROBE))
    check_nmminer(encoded(NMMINER_INFO), body)


class FakeMiner(CgminerDevice):
    """A miner in memory: it answers at once with the bytes it was given."""

    def __init__(self, replies: dict[str, bytes]) -> None:
        """Initialize the replies by command."""
        super().__init__("fake.example", 4028)
        self.replies = replies

    @override
    async def _send(self, request: bytes) -> bytes:
        command = json.loads(request)["command"]
        return self.replies.get(command, encoded(INVALID_COMMAND))


def cgminer_replies_of(profile: str) -> Json:
    """Return what a miner of a profile answers to each report."""
    device: Any = create_device(profile)
    device.clock_offset = -60
    device.advance(60)
    names = ("summary", details_of(profile), "pools")
    replies = {name: device.commands[name].handler(None).content() for name in names}
    version = cgminer_reply("S", 22, "CGMiner versions", VERSION=[device.version_row()])
    # Without its own classes of numbers.
    document: Json = json.loads(json.dumps({"version": version, **replies}))
    return document


def details_of(profile: str) -> str:
    """Return the report that tells most of a miner."""
    return "estats" if profile.startswith("avalon") else "devs"


CGMINER_REPLIES = {profile: cgminer_replies_of(profile) for profile in CGMINER_PROFILES}


def miner_with(
    profile: str, replies: Json, *, joins: bool = True
) -> AvalonClient | CgminerClient:
    """Return a client of the profile's family that gets these replies."""
    names = ("summary", details_of(profile), "pools")
    if joins:
        joined = {name: [replies[name]] for name in names if name in replies}
        replies = {"version": replies["version"], "+".join(names): joined}
    return miner_with_bytes(
        profile, {name: encoded(reply) for name, reply in replies.items()}
    )


def miner_with_bytes(
    profile: str, replies: dict[str, bytes]
) -> AvalonClient | CgminerClient:
    """Return a client of the profile's family that gets these bytes."""
    session = Mock(spec=aiohttp.ClientSession)
    client = (
        AvalonClient(session, "fake.example", 4028)
        if profile.startswith("avalon")
        else CgminerClient("fake.example", 4028)
    )
    client._device = FakeMiner(replies)
    return client


@st.composite
def mutated_line(draw: st.DrawFn, line: str) -> str:
    """Return a line of fields of which some have other values, or none at all."""
    fields = line.split("] ")
    values = st.one_of(
        NUMBERS.map(str),
        st.text(max_size=8),
        st.lists(NUMBERS.map(str), max_size=14).map(" ".join),
        st.sampled_from(["-273", "nan", "0 0 0 3 -1 99999 314", "Work: In Fault", "%"]),
    )
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(fields) - 1))
        name = fields[place].partition("[")[0]
        fields[place] = f"{name}[{draw(values)}"
    text = "] ".join(fields)
    return text[: draw(st.none() | st.integers(0, len(text)))]


@st.composite
def mutated_rows(draw: st.DrawFn, replies: Json) -> Json:
    """Return replies in which some rows, or lines of fields in them, are changed."""
    changed: Json = json.loads(json.dumps(replies))
    for _ in range(draw(st.integers(1, 4))):
        reply = changed[draw(st.sampled_from(sorted(changed)))]
        if not isinstance(reply, dict) or not reply:
            continue
        key = draw(st.sampled_from(sorted(reply)))
        rows = reply[key]
        places = range(len(rows)) if isinstance(rows, list) else range(0)
        place = draw(st.sampled_from(places)) if places else None
        row = None if place is None else rows[place]
        if not isinstance(row, dict):
            reply[key] = draw(VALUES)
            continue
        lines = [name for name, one in row.items() if str(name).startswith("MM ID")]
        if lines and isinstance(row[lines[0]], str) and draw(st.booleans()):
            row[lines[0]] = draw(mutated_line(row[lines[0]]))
        else:
            rows[place] = draw(mutated(row) if row else VALUES)
    return changed


@pytest.mark.parametrize("joins", [True, False])
@pytest.mark.parametrize("profile", CGMINER_PROFILES)
def test_the_replies_of_the_cgminer_api_are_sound(profile: str, joins: bool) -> None:
    """Without any change there is a status, so the other tests test something."""
    client = miner_with(profile, CGMINER_REPLIES[profile], joins=joins)
    status = result(client.fetch())
    assert_sane(status)
    assert status.hashrate
    assert len(status.pool_slots) == 3
    check(client)


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_changed_rows(profile: str, data: st.DataObject) -> None:
    """A value that is missing, renamed or mistyped makes no exception."""
    replies = data.draw(mutated_rows(CGMINER_REPLIES[profile]))
    joins = data.draw(st.booleans())
    check(miner_with(profile, replies, joins=joins))


@pytest.mark.parametrize("profile", CGMINER_PROFILES)
@settings(max_examples=12, deadline=None)
@given(value=VALUES)
def test_each_value_alone(profile: str, value: Any) -> None:
    """Every single value is tried with every other."""
    replies = CGMINER_REPLIES[profile]
    for name, reply in replies.items():
        check(miner_with(profile, {**replies, name: value}))
        for section, rows in reply.items():
            check(miner_with(profile, {**replies, name: {**reply, section: value}}))
            for key in rows[0] if isinstance(rows, list) else ():
                changed = [{**rows[0], key: value}, *rows[1:]]
                one = {**reply, section: changed}
                check(miner_with(profile, {**replies, name: one}))


@pytest.mark.parametrize("profile", ["avalon-nano3s", "avalon-q", "cgminer-4.11"])
@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_changed_bytes_of_the_cgminer_api(profile: str, data: st.DataObject) -> None:
    """A reply that is cut, or in which bytes are wrong, makes no exception."""
    replies = dict(miner_with(profile, CGMINER_REPLIES[profile])._device.replies)
    name = data.draw(st.sampled_from(sorted(replies)))
    body = bytearray(replies[name])
    for _ in range(data.draw(st.integers(0, 5))):
        place = data.draw(st.integers(0, len(body) - 1))
        length = data.draw(st.integers(0, 3))
        body[place : place + length] = data.draw(
            st.binary(max_size=4) | st.sampled_from([b",", b"nan", b'"', b"}{", b"\0"])
        )
    replies[name] = bytes(body[: data.draw(st.none() | st.integers(0, len(body)))])
    check(miner_with_bytes(profile, replies))


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    profile=st.sampled_from(CGMINER_PROFILES),
    body=st.binary(max_size=300) | VALUES.map(encoded),
)
def test_anything_else_at_the_cgminer_api(profile: str, body: bytes) -> None:
    """Random bytes and other JSON are no miner, after a version or without."""
    version = encoded(CGMINER_REPLIES[profile]["version"])
    names = ("summary", details_of(profile), "pools")
    bodies = dict.fromkeys(("+".join(names), *names), body)
    check(miner_with_bytes(profile, {**bodies, "version": body}))
    check(miner_with_bytes(profile, {**bodies, "version": version}))
