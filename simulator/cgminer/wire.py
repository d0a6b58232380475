"""How cgminer prints a reply: as text or as JSON, with printf's decimals."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from simulator.wire import JsonObject

# A section of one row begins with its name in text; the rows of all other sections
# begin with their number.
_NAMED_SECTIONS = frozenset({"SUMMARY", "CONFIG", "VERSION", "COIN", "CHECK", "LCD"})


class Severity(StrEnum):
    """The letter that tells how a command went."""

    SUCCESS = "S"
    INFO = "I"
    WARNING = "W"
    ERROR = "E"
    FATAL = "F"


class Fixed(float):
    """A number that is printed with a fixed count of decimals."""

    __slots__ = ("places",)

    places: int

    def __new__(cls, value: float, places: int) -> Self:
        """Round the number to what will be printed of it."""
        made = super().__new__(cls, round(value, places))
        made.places = places
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What one command answers."""

    severity: Severity = Severity.SUCCESS
    code: int
    message: str
    when: int
    description: str
    section: str | None = None
    rows: list[JsonObject] = field(default_factory=list)

    def status(self) -> JsonObject:
        """Return the part that every reply has."""
        return {
            "STATUS": str(self.severity),
            "When": self.when,
            "Code": self.code,
            "Msg": self.message,
            "Description": self.description,
        }

    def content(self) -> JsonObject:
        """Return the reply as the object that JSON shows."""
        content: JsonObject = {"STATUS": [self.status()]}
        if self.section is not None:
            content[self.section] = self.rows
        return content | {"id": 1}

    def text(self) -> str:
        """Return the reply as plain text."""
        rows = [f"STATUS={_pairs(self.status()).removeprefix('STATUS=')}|"]
        for row in self.rows:
            name = f"{self.section}," if self.section in _NAMED_SECTIONS else ""
            rows.append(f"{name}{_pairs(row)}|")
        return "".join(rows)


def to_json(value: Any) -> str:
    """Return a value as JSON, of which cgminer escapes only quotes and backslashes."""
    if isinstance(value, dict):
        inner = ",".join(
            f"{to_json(key)}:{to_json(each)}" for key, each in value.items()
        )
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{','.join(to_json(each) for each in value)}]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return "null" if value is None else _plain(value)


def escape_text(value: str) -> str:
    """Escape what separates the parts of a text reply."""
    for special in "\\|,=":
        value = value.replace(special, f"\\{special}")
    return value


def _pairs(row: JsonObject) -> str:
    """Return a row as text."""
    return ",".join(f"{key}={escape_text(_plain(value))}" for key, value in row.items())


def _plain(value: Any) -> str:
    """Return one value without quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fixed):
        return f"{float(value):.{value.places}f}"
    return str(value)
