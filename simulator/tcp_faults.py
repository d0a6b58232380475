"""Replies of a device that misbehaves over TCP."""

from collections.abc import Callable

from simulator.fault_replies import HUGE_BODY_BYTES, NOISE
from simulator.faults import Fault

PIECE_BYTES = 97

_CHUNK = b"0" * 65536
HUGE_PIECES = (
    b'{"padding":"',
    *(_CHUNK for _ in range(HUGE_BODY_BYTES // len(_CHUNK))),
    b'"}\0',
)
_ELSEWHERE = (
    b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere.invalid/login\r\n"
    b"Content-Length: 0\r\n\r\n"
)


def spoil(reply: bytes, fault: Fault | None) -> bytes:
    """Return a reply as a fault leaves it; nothing at all closes the connection."""
    if fault is None or (change := _CHANGES.get(fault)) is None:
        return reply
    return change(reply)


def _with_nuls(reply: bytes) -> bytes:
    """Put NULs behind the reply and one in front of a section."""
    return reply.replace(b'],"', b']\0,"', 1).replace(b"|", b"|\0", 1) + b"\0\0"


def _split_utf8(reply: bytes) -> bytes:
    """Leave half of a character and bytes of another encoding in a string."""
    return _in_description(reply, b" \xe2\x82 M\xfcnze \xff")


def _control_characters(reply: bytes) -> bytes:
    """Put a tab, a newline and a bell into a string as they are."""
    return _in_description(reply, b" \t\r\n\x07\x1b")


def _in_description(reply: bytes, added: bytes) -> bytes:
    """Add something to the text that every status has."""
    for start in (b'"Description":"', b"Description="):
        reply = reply.replace(start, start + added)
    return reply


def _stray_commas(reply: bytes) -> bytes:
    """Put a comma behind the last entry of an object and before the first one."""
    return reply.replace(b"}", b",}").replace(b"[{", b"[,{")


def _missing_comma(reply: bytes) -> bytes:
    """Let two objects touch, as in the statistics of old Antminers."""
    return reply.replace(b"},{", b"}{").replace(b'}],"', b'}{}],"', 1)


def _not_numbers(reply: bytes) -> bytes:
    """Print numbers that a division by zero left."""
    for key, number in (
        (b'"MHS av":', b"nan"),
        (b'"MHS 5s":', b"-nan"),
        (b'"Utility":', b"inf"),
        (b'"Pool Rejected%":', b"-inf"),
        (b'"Wait":', b"nan"),
    ):
        parts = reply.split(key)
        reply = (key + number).join(
            [parts[0], *(part.lstrip(b"-.0123456789") for part in parts[1:])]
        )
    return reply


def _duplicate_keys(reply: bytes) -> bytes:
    """Say the first part of every status twice, and differently."""
    return reply.replace(b'{"STATUS":"', b'{"STATUS":"?","STATUS":"')


def _leading_id(reply: bytes) -> bytes:
    """Begin with what belongs at the end."""
    return b',"id":1}' + reply


_CHANGES: dict[Fault, Callable[[bytes], bytes]] = {
    Fault.CUT: lambda reply: reply[: len(reply) // 2],
    Fault.GARBAGE: lambda _: NOISE,
    Fault.REDIRECT: lambda _: _ELSEWHERE,
    Fault.SILENT: lambda _: b"",
    Fault.TWICE: lambda reply: reply + reply,
    Fault.NULS: _with_nuls,
    Fault.SPLIT_UTF8: _split_utf8,
    Fault.CONTROL_CHARACTERS: _control_characters,
    Fault.STRAY_COMMAS: _stray_commas,
    Fault.MISSING_COMMA: _missing_comma,
    Fault.NOT_NUMBERS: _not_numbers,
    Fault.DUPLICATE_KEYS: _duplicate_keys,
    Fault.LEADING_ID: _leading_id,
}
