"""Reads the fields in which Canaan's firmware packs its state: KEY[value] KEY[value].

Values hold spaces, commas, colons and words, and some firmware wraps all fields in
'STATS':{…}. Source: replies of Avalon Nano 3 and 3S, the firmware of the Nano 3S.
"""

from collections.abc import Mapping
import math
import re

type Fields = Mapping[str, str]

# A value may hold a bracket: the name of a Wi-Fi network can have any character. So
# the bracket that ends it is one after which the text ends or goes on with a key.
_FIELD = re.compile(
    r"""
    (?<!\w)(?P<key>[A-Za-z]\w*+)
    \[(?P<value>(?:[^\]]++|\](?!\s|\Z|[},']|[A-Za-z]\w*+\[))*+)\]
    """,
    re.ASCII | re.VERBOSE,
)


def tokenize(text: str) -> dict[str, str]:
    """Return the values by name, with the spaces around them.

    Where a name comes twice the first counts. What is no field is passed over.
    """
    # Nothing after the last bracket is a field, and up to it each value has an end:
    # so no character is looked at more than a few times.
    closed = text[: text.rfind("]") + 1]
    return dict(reversed(_FIELD.findall(closed)))


def number(
    fields: Fields,
    key: str,
    *,
    minimum: float = 0,
    maximum: float = 1e18,
    scale: float = 1,
    digits: int = 3,
) -> float | None:
    """Return the number in a field, which may end in %, if it is between both ends."""
    value = _as_number(fields.get(key, "").removesuffix("%"))
    if value is None or not minimum <= value * scale <= maximum:
        return None
    return round(value * scale, digits)


def numbers(fields: Fields, key: str) -> list[float | None]:
    """Return the numbers in a field, None for what is no number, so places stay."""
    return [_as_number(word) for word in fields.get(key, "").split()]


def _as_number(word: str) -> float | None:
    """Return a finite number, None for anything else."""
    try:
        value = float(word)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
