"""Whatever a miner sends, there is a sound status or a named error."""

from collections.abc import Coroutine
import json
from typing import Any, override
from unittest.mock import Mock

import aiohttp
from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.protocols.axeos import AxeOSClient
from custom_components.miner_controller.protocols.errors import MinerError
from custom_components.miner_controller.protocols.esp_miner import EspMinerClient
from custom_components.miner_controller.protocols.http import HttpDevice, HttpReply
from custom_components.miner_controller.protocols.model import (
    Capabilities,
    MinerIdentity,
    MinerStatus,
)
from custom_components.miner_controller.protocols.nerdqaxe import NerdQAxeClient
from tests.devices import PROFILES, create_device

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


def check(client: EspMinerClient) -> None:
    """Meet and poll a miner: either result is sound, or a named error says why."""
    try:
        identity = result(client.identify())
        statuses = [result(client.fetch()) for _ in range(2)]
    except MinerError as err:
        assert str(err)  # noqa: PT017
        return
    for status in statuses:
        assert_sane(status)
    assert statuses[0] == statuses[1]
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
