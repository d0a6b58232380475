"""What a client asked: a command and perhaps its parameter, in text or in JSON."""

from dataclasses import dataclass
import json

INVALID_JSON = 23
MISSING_COMMAND = 24
INVALID_COMMAND = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request; `flaw` is the code of the error if it cannot be understood."""

    command: str
    parameter: str | None = None
    as_json: bool
    flaw: int | None = None

    @property
    def joined(self) -> bool:
        """Tell whether several reports are asked for at once."""
        return "+" in self.command

    def parts(self) -> list[str]:
        """Return the commands of a joined request, each of them once."""
        return list(dict.fromkeys(part for part in self.command.split("+") if part))


def parse(data: bytes) -> Request:
    """Read a request as cgminer does, whose strings end at the first NUL."""
    if data.startswith(b"{"):
        return _parse_json(data)
    text = data.split(b"\0", 1)[0].decode(errors="replace")
    command, bar, parameter = text.partition("|")
    return Request(command=command, parameter=parameter if bar else None, as_json=False)


def _parse_json(data: bytes) -> Request:
    """Read a request in JSON, after which only whitespace may follow."""
    try:
        content = json.loads(data)
    except ValueError:
        return Request(command="", as_json=True, flaw=INVALID_JSON)
    if "command" not in content:
        return Request(command="", as_json=True, flaw=MISSING_COMMAND)
    command = content["command"]
    if not isinstance(command, str):
        return Request(command="", as_json=True, flaw=INVALID_COMMAND)
    parameter = content.get("parameter")
    if isinstance(parameter, bool) or not isinstance(parameter, str | int | float):
        parameter = None
    elif isinstance(parameter, float):
        parameter = f"{parameter:f}"
    elif isinstance(parameter, int):
        parameter = str(parameter)
    return Request(command=command, parameter=parameter, as_json=True)


def leading_number(text: str) -> int:
    """Return the number a text begins with, or 0, as C's atoi does."""
    text = text.strip()
    digits = 1 if text[:1] in ("-", "+") else 0
    while text[digits : digits + 1].isdecimal():
        digits += 1
    try:
        return int(text[:digits])
    except ValueError:
        return 0
