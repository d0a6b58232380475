"""Broken JSON of the cgminer API is repaired where that needs no guess."""

import json
import math
import re
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.protocols.cgminer import SIZE_LIMIT
from custom_components.miner_controller.protocols.cgminer_reply import (
    read_document,
    read_reply,
)
from custom_components.miner_controller.protocols.errors import (
    MinerError,
    MinerForeignError,
)

# What a string may hold that would be a defect outside of one.
TRAPS = (
    ",}",
    ",]",
    "}{",
    "[,{",
    "] [",
    "nan",
    "-inf",
    ":nan,",
    ', "id":1}',
    '\\"',
    "\\",
    '"',
    "\\\\",
    '{"a":nan,}',
)

KEYS = st.one_of(st.text(max_size=6), st.sampled_from(TRAPS))
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(TRAPS),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=10,
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=5)


def valid(document: Any) -> bytes:
    """Return JSON without NULs, which the transport never leaves in."""
    return json.dumps(document, ensure_ascii=False).encode(errors="replace")


def same(document: Any) -> Any:
    """Return what becomes of a document on its way, without any damage."""
    return json.loads(valid(document))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"a":1}\0', {"a": 1}),
        (b'{"a":1}\0\0\0', {"a": 1}),
        (b'{"a"\0:\x001}', {"a": 1}),
        (b'{"a":"b\0c"}', {"a": "bc"}),
        (b'{"a":1}\n\0', {"a": 1}),
        (b'{"a":1,}', {"a": 1}),
        (b'{"a":1, }', {"a": 1}),
        (b'{"a":1 ,\n }', {"a": 1}),
        (b'{"a":[1,2,]}', {"a": [1, 2]}),
        (b'{"a":[1,2,,]}', {"a": [1, 2]}),
        (b'{"a":{"b":1,},}', {"a": {"b": 1}}),
        (b'{"a":[{"b":1}{"c":2}]}', {"a": [{"b": 1}, {"c": 2}]}),
        (b'{"a":[{"b":1} {"c":2}\n{"d":3}]}', {"a": [{"b": 1}, {"c": 2}, {"d": 3}]}),
        (b'{"a":[{"b":1,}{"c":2,}]}', {"a": [{"b": 1}, {"c": 2}]}),
        (b'{"a":[[1][2]]}', {"a": [[1], [2]]}),
        (b'{"a":[,{"b":1}]}', {"a": [{"b": 1}]}),
        (b'{"a":[ , ,{"b":1}]}', {"a": [{"b": 1}]}),
        (b'{,"a":1}', {"a": 1}),
        (b'{"a":[,]}', {"a": []}),
        (b'{"a":nan}', {"a": None}),
        (b'{"a":-nan,"b":NaN}', {"a": None, "b": None}),
        (b'{"a":inf,"b":-inf,"c":+inf}', {"a": None, "b": None, "c": None}),
        (b'{"a":Infinity,"b":-Infinity}', {"a": None, "b": None}),
        (b'{"a":[nan,1,inf]}', {"a": [None, 1, None]}),
        (b',"id":1}', {"id": 1}),
        (b',"STATUS":[],"id":1}\0', {"STATUS": [], "id": 1}),
        (b'{"a":1,"a":2}', {"a": 2}),
        (b'{"a":1,"a":2,}', {"a": 2}),
        (b'{"a":"one\ntwo\r\n\tthree"}', {"a": "one\ntwo\r\n\tthree"}),
        (b'{"a":"\x01\x1f"}', {"a": "\x01\x1f"}),
        (b'{"a":"\xe2\x82"}', {"a": "\ufffd"}),
        (b'{"a":"\xff\xfe","b":1}', {"a": "\ufffd\ufffd", "b": 1}),
        # Half a pair of surrogates, which nothing could store, and a whole one.
        (rb'{"a":"\ud83d"}', {"a": "?"}),
        (rb'{"a":"\uD83D","b":"\udc00x",}', {"a": "?", "b": "?x"}),
        (rb'{"\ud83d":1}', {"?": 1}),
        (rb'{"a":"\ud83d\ude00",}', {"a": "\N{GRINNING FACE}"}),
        (rb'{"a":"\\ud83d",}', {"a": "\\ud83d"}),
        (rb'{"a":"\ud83d","b":nan}', {"a": "?", "b": None}),
        # Several at once.
        (
            b',"a":[,{"b":nan,}{"c":"x\n,}"}],}\0',
            {"a": [{"b": None}, {"c": "x\n,}"}]},
        ),
    ],
)
def test_a_known_defect_is_repaired(body: bytes, expected: object) -> None:
    """Each defect of the list, alone and with others."""
    assert read_document(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0",
        b"{",
        b"}",
        b",",
        b"nan",
        b"null",
        b"17",
        b"[]",
        b'"x"',
        b'[{"a":1}]',
        b'{"a":1',
        b'{"a":',
        b'{"a"}',
        b'{"a":1,,"b":2}',
        b'{"a":1 "b":2}',
        b'{"a":"x""b":2}',
        b'{"a":"x',
        b'{"a":"x\\"}',
        b"{'a':1}",
        b"{a:1}",
        b'{"a":1.2.3}',
        b'{"a":0x10}',
        b'{"a":nano}',
        b'{"a":info}',
        b'{"a":1}{"b":2}',
        b',"id":1}{"a":1}',
        b'{"RESTART","id":1}',
        b"STATUS=S,When=1,Code=11|",
    ],
)
def test_anything_else_is_not_guessed(body: bytes) -> None:
    """A reply whose meaning is not certain has none."""
    with pytest.raises(MinerForeignError) as caught:
        read_document(body)
    assert str(caught.value) in ("The reply is no JSON", "The reply is no JSON object")


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize("damage", [b"", b",", b" , "])
def test_nothing_in_a_string_is_touched(trap: str, damage: bytes) -> None:
    """What looks like a defect inside of a string or of a key is none."""
    text = json.dumps(trap).encode()
    body = b"{" + text + b":" + text + b',"x":[' + text + damage + b"]" + damage + b"}"
    assert read_document(body) == {trap: trap, "x": [trap]}


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1e999999"])
def test_a_number_beyond_all_is_none_of_use(number: str) -> None:
    """What Python calls infinite is never taken for a reading."""
    document = read_document(
        f'{{"STATUS":[{{"STATUS":"S","When":{number}}}],}}'.encode()
    )
    assert read_reply(document).when is None


def test_an_unlimited_integer_is_no_crash() -> None:
    """Python refuses to read an integer of very many digits."""
    with pytest.raises(MinerForeignError):
        read_document(b'{"a":' + b"9" * 100_000 + b",}")


@pytest.mark.parametrize("depth", [100, 1000, 100_000])
@pytest.mark.parametrize(("opened", "closed"), [(b"[", b"]"), (b'{"a":', b"}")])
@pytest.mark.parametrize("damage", [b"", b","])
def test_depth_is_no_crash(
    depth: int, opened: bytes, closed: bytes, damage: bytes
) -> None:
    """What is nested too deeply is no reply."""
    body = b'{"a":' + opened * depth + b"1" + damage + closed * depth + b"}"
    try:
        document = read_document(body)
    except MinerForeignError:
        assert depth > 100
    else:
        assert list(document) == ["a"]


@pytest.mark.parametrize(
    "piece",
    [
        b'"',
        b"\\",
        b'\\"',
        b'"\\',
        b",",
        b", ",
        b" ",
        b"[",
        b"]",
        b"{",
        b"}",
        b"[,",
        b",]",
        b"] ",
        b"[ ",
        b"}{",
        b"-",
        b"nan",
        b"nan ",
        b"-nan,",
        b"infinity",
        b'"a",',
        b'{"a":',
        b"\n",
        b"\xff",
        b"\xe2\x82",
    ],
)
@pytest.mark.parametrize("start", [b"", b'{"a":', b'{"a":"', b"[,", b'{"a":[1,'])
def test_a_megabyte_of_anything_comes_to_an_end(piece: bytes, start: bytes) -> None:
    """No reply within the size limit keeps the event loop busy for long."""
    body = (start + piece * (SIZE_LIMIT // len(piece)))[:SIZE_LIMIT]
    with pytest.raises(MinerForeignError):
        read_document(body)


@settings(max_examples=500, deadline=None)
@given(DOCUMENTS)
def test_what_is_valid_stays_what_it_is(document: dict[str, Any]) -> None:
    """The repair is not needed, and would change nothing either."""
    expected = same(document)
    body = valid(document)
    if b"\\u0000" not in body:
        assert read_document(body + b"\n\0") == expected
    # A comma at the end makes sure that the repair has its turn.
    if document:
        assert read_document(body[:-1] + b" , }") == expected


@st.composite
def damaged(draw: st.DrawFn) -> tuple[bytes, Any]:
    """Return a document that was damaged while it was written, and what it meant."""

    def comma() -> str:
        return draw(st.sampled_from(["", "", ",", ", ", " ,\n", ",,"]))

    def written(value: Any) -> tuple[str, Any]:
        if isinstance(value, dict):
            parts = []
            meant = {}
            for key, one in value.items():
                text, meant[key] = written(one)
                parts.append(f"{json.dumps(key, ensure_ascii=False)}:{text}")
            if not parts:
                return "{}", {}
            return f"{{{comma()}{','.join(parts)}{comma()}}}", meant
        if isinstance(value, list):
            return written_list(value)
        if isinstance(value, float | int) and not isinstance(value, bool):
            none = draw(st.sampled_from([None, None, "nan", "-nan", "inf", "-inf"]))
            if none is not None:
                return none, None
        if isinstance(value, str):
            # Raw control characters, but for a NUL, which nothing brings back.
            value = value.replace("\0", "")
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"', value
        return json.dumps(value), value

    def written_list(values: list[Any]) -> tuple[str, Any]:
        text, meant = "", []
        for place, value in enumerate(values):
            one, read = written(value)
            touching = text[-1:] in tuple("]}") and one[0] in "[{"
            if place:
                text += draw(st.sampled_from(["", " "])) if touching else ","
            text += one
            meant.append(read)
        if not values:
            return "[]", meant
        return f"[{comma()}{text}{comma()}]", meant

    document = draw(DOCUMENTS)
    text, meant = written(document)
    if document and draw(st.booleans()):
        # The beginning got lost.
        text = "," + text.lstrip("{").lstrip(", \n")
    body = text.encode(errors="replace")
    return body + draw(st.sampled_from([b"", b"\0", b"\n\0\0"])), meant


def without_nuls(value: Any) -> Any:
    """Return a value whose texts are as the wire leaves them."""
    if isinstance(value, dict):
        return {without_nuls(key): without_nuls(one) for key, one in value.items()}
    if isinstance(value, list):
        return [without_nuls(one) for one in value]
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    return value


@settings(max_examples=500, deadline=None)
@given(damaged())
def test_damage_is_undone_without_a_guess(case: tuple[bytes, Any]) -> None:
    """However the known defects come together, the values are those that were meant."""
    body, meant = case
    assert read_document(body) == without_nuls(meant)


SOUP = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *(bytes([byte]) for byte in b'{}[],:"\\ \n\0-+.0123456789'),
                b"nan",
                b"-inf",
                b"Infinity",
                b"null",
                b"true",
                b'"STATUS"',
                b'"S"',
                b'{"STATUS":[{"STATUS":"S"}],',
                b',"id":1}',
                b"}{",
                b"[,{",
                b"\xe2\x82",
                b"\xff",
            ]
        ),
        st.binary(max_size=5),
    ),
    max_size=40,
).map(b"".join)


@settings(max_examples=500, deadline=None)
@given(SOUP)
def test_any_bytes_are_a_document_or_foreign(body: bytes) -> None:
    """Nothing else is ever raised, and no number is infinite that was not written."""
    try:
        document = read_document(body)
    except MinerForeignError as err:
        assert str(err)  # noqa: PT017
        return
    assert isinstance(document, dict)
    printed = body.replace(b"\0", b"").decode(errors="replace")
    for number in numbers(document):
        assert math.isfinite(number)
        if isinstance(number, int):
            assert re.search(rf"{abs(number)}", printed)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(["STATUS", "POOLS", "id"]), VALUES))
def test_any_document_is_a_reply_or_a_named_error(document: dict[str, Any]) -> None:
    """What has no sensible status says so."""
    try:
        reply = read_reply(document)
    except MinerError:
        return
    assert isinstance(reply.message, str)
    assert reply.when is None or type(reply.when) is int
    assert all(isinstance(row, dict) for row in reply.rows("POOLS"))


def numbers(value: Any) -> list[float]:
    """Return all numbers of a document."""
    if isinstance(value, dict):
        return [number for one in value.values() for number in numbers(one)]
    if isinstance(value, list):
        return [number for one in value for number in numbers(one)]
    return [value] if type(value) in (int, float) else []
