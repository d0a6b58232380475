"""How the firmwares print values: C floats, whole numbers, difficulties."""

import json
import struct
from typing import Any

type JsonObject = dict[str, Any]

_SUFFIXES = ("", "k", "M", "G", "T", "P", "E")


def number(value: float) -> int | float:
    """Print a double as cJSON does: a whole number carries no decimal point."""
    return int(value) if float(value).is_integer() else value


def float32(value: float) -> int | float:
    """Print a C float as a double, which shows its long tail of digits."""
    return number(struct.unpack("f", struct.pack("f", value))[0])


def decimals(value: float, places: int) -> int | float:
    """Print a number rounded to some decimals, without a point when whole."""
    return number(round(value, places))


def encode(value: Any) -> bytes:
    """Return a value as compact JSON, the way the devices send it."""
    return json.dumps(value, separators=(",", ":")).encode()


def difficulty_text(
    difficulty: float, *, conversion: str = ".3g", space: bool = False
) -> str:
    """Return a difficulty with its suffix, in one firmware's notation.

    Only the scaled number goes through the printf conversion, so `.3g` can show
    the odd `1e+03k` where rounding reaches the next thousand.
    """
    power = 0
    scaled = difficulty
    while scaled >= 1000 and power < len(_SUFFIXES) - 1:
        scaled /= 1000
        power += 1
    if power == 0:
        return str(int(scaled))
    gap = " " if space else ""
    return f"{scaled:{conversion}}{gap}{_SUFFIXES[power]}"
