"""Readers for single values of a reply, which make nonsense None."""

from collections.abc import Iterator, Mapping
import re
from typing import Any

type Reply = Mapping[str, Any]

# Home Assistant keeps no longer state, and no device has reason to send more.
_TEXT_LIMIT = 255

# Nothing that a miner measures or counts comes near this number.
_SENSELESS = 1e30

_SUFFIXES = {
    "": 1.0,
    "k": 1e3,
    "m": 1e6,
    "g": 1e9,
    "t": 1e12,
    "p": 1e15,
    "e": 1e18,
}
_SUFFIXED_NUMBER = re.compile(
    r"(?P<number>\d{1,20}(?:\.\d{1,20})?(?:e[+-]?\d{1,2})?) ?(?P<suffix>[kmgtpe]?)",
    re.ASCII | re.IGNORECASE,
)
_MAC = re.compile(r"[0-9a-f]{12}", re.ASCII)


def number(
    reply: Reply,
    key: str,
    *,
    minimum: float = 0,
    maximum: float = 1e18,
    scale: float = 1,
    digits: int = 3,
) -> float | None:
    """Return a finite number between both ends, scaled and rounded to `digits`.

    Firmware prints its 32-bit floats as doubles (11.670000076293945): rounding
    gives back what was measured.
    """
    value = reply.get(key)
    # A truth value is an int to isinstance, and this runs for every value of a poll.
    if type(value) is not float and type(value) is not int:
        return None
    # Neither NaN nor an integer too large for a float passes.
    if not -_SENSELESS < value < _SENSELESS:
        return None
    scaled = value * scale
    return round(scaled, digits) if minimum <= scaled <= maximum else None


def positive(
    reply: Reply,
    key: str,
    *,
    maximum: float = 1e18,
    scale: float = 1,
    digits: int = 3,
) -> float | None:
    """Return a number above zero where zero stands for "no sensor"."""
    return number(reply, key, maximum=maximum, scale=scale, digits=digits) or None


def count(reply: Reply, key: str, *, maximum: int = 2**53) -> int | None:
    """Return a whole number that is not negative."""
    value = number(reply, key, maximum=maximum, digits=6)
    return int(value) if value is not None and value.is_integer() else None


def flag(reply: Reply, key: str) -> bool | None:
    """Return a truth value, which firmware sends as 0 and 1 or as a boolean."""
    value = reply.get(key)
    return bool(value) if isinstance(value, int) and value in (0, 1) else None


def text(reply: Reply, key: str) -> str | None:
    """Return a text of printable characters that is not empty."""
    value = reply.get(key)
    if not isinstance(value, str):
        return None
    if not value.isprintable():
        value = "".join(char for char in value if char.isprintable())
    return value.strip()[:_TEXT_LIMIT] or None


def difficulty(reply: Reply, key: str, *, digits: int = 3) -> float | None:
    """Return a difficulty, sent as a number or as "483k", "1.38 G" or "1e+03k"."""
    value = reply.get(key)
    if not isinstance(value, str):
        return number(reply, key, maximum=_SENSELESS, digits=digits)
    return suffixed_number(value, digits=digits)


def suffixed_number(text: str, *, digits: int = 3) -> float | None:
    """Return the number in a text such as "483k", "1.38 G" or "1e+03k"."""
    if (match := _SUFFIXED_NUMBER.fullmatch(text.strip())) is None:
        return None
    result = float(match["number"]) * _SUFFIXES[match["suffix"].lower()]
    return round(result, digits) if result < _SENSELESS else None


def mac(reply: Reply, key: str) -> str | None:
    """Return a MAC address in lower case with colons."""
    value = reply.get(key)
    if not isinstance(value, str):
        return None
    digits = value.replace(":", "").replace("-", "").lower()
    if _MAC.fullmatch(digits) is None or digits in ("0" * 12, "f" * 12):
        return None
    return ":".join(digits[index : index + 2] for index in range(0, 12, 2))


def section(reply: Reply, key: str) -> Reply:
    """Return a nested object, empty where there is none."""
    value = reply.get(key)
    return value if isinstance(value, dict) else {}


def rows(reply: Reply, key: str) -> Iterator[Reply]:
    """Yield the objects of a nested list."""
    value = reply.get(key)
    if isinstance(value, list):
        yield from (row for row in value if isinstance(row, dict))


def numbers(reply: Reply, key: str) -> list[float]:
    """Return the numbers of a nested list in rising order."""
    value = reply.get(key)
    if not isinstance(value, list):
        return []
    found = (number({key: item}, key) for item in value)
    return sorted({item for item in found if item is not None})
