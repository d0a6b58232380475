"""Reads the log of Home Assistant for what the integration complains about."""

from itertools import pairwise
from pathlib import Path
import re

# With colorlog, which some environments have, records begin with a colour.
_RECORD = re.compile(
    r"^(?:\x1b\[\d+m)?\d{4}-\d\d-\d\d [\d:.+]+ (?P<level>[A-Z]+) \(.*?\) \[.*?\] ",
    re.MULTILINE,
)

# What Home Assistant says of every integration that is not part of it.
_OF_ANY_CUSTOM_INTEGRATION = re.compile(
    r"homeassistant\.loader\] We found a custom integration miner_controller which"
)


class HomeAssistantLog:
    """The log of one Home Assistant and what of it is expected."""

    def __init__(self, path: Path) -> None:
        """Initialize for a file, which need not exist yet."""
        self._path = path
        self._read = 0
        self._allowed: list[str] = []

    def allow(self, part: str) -> None:
        """Expect one record more, at most, with a part such as an error's text."""
        self._allowed.append(part)

    def complaints(self) -> list[str]:
        """Return the new records that speak of the integration and should not."""
        with self._path.open("rb") as log:
            log.seek(self._read)
            new = log.read()
        # A record that is being written is left for the next time.
        end = new.rfind(b"\n") + 1
        self._read += end
        found = [
            record
            for record in _records(new[:end].decode())
            if not _OF_ANY_CUSTOM_INTEGRATION.search(record)
        ]
        return [record for record in found if not self._take_allowance(record)]

    def _take_allowance(self, record: str) -> bool:
        """Return whether a record was expected, which it is then no more."""
        part = next((part for part in self._allowed if part in record), None)
        if part is None:
            return False
        self._allowed.remove(part)
        return True


def _records(text: str) -> list[str]:
    """Return the warnings, errors and tracebacks that name the integration."""
    starts = list(_RECORD.finditer(text))
    bounds = [*(start.start() for start in starts), len(text)]
    # What no logger wrote, such as the traceback of an interpreter's exit.
    records = [("ERROR", text[: bounds[0]])]
    records += [
        (start["level"], text[begin:end])
        for start, (begin, end) in zip(starts, pairwise(bounds), strict=True)
    ]
    return [
        record
        for level, record in records
        if "miner_controller" in record
        and (level not in {"DEBUG", "INFO"} or "Traceback" in record)
    ]
