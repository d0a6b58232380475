"""Firmware versions, and tables of what each of them reports."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from simulator.wire import JsonObject

type Version = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field[S]:
    """One field of a reply: which versions have it and how they make it.

    `until` is the first version without it. A `make` that returns `ABSENT` leaves
    the key out of this one reply.
    """

    name: str
    make: Callable[[S], Any]
    since: Version = (0,)
    until: Version | None = None

    def exists_in(self, version: Version) -> bool:
        """Tell whether a version reports this field."""
        return self.since <= version and (self.until is None or version < self.until)


class Absent:
    """The type of the mark for a key that is left out."""


ABSENT = Absent()


def parse_version(text: str) -> Version:
    """Return a version such as `2.12` as numbers that compare."""
    return tuple(int(part) for part in text.removeprefix("v").split("."))


def report[S](fields: Iterable[Field[S]], version: Version, source: S) -> JsonObject:
    """Return what a version reports about a source."""
    made = (
        (entry.name, entry.make(source)) for entry in fields if entry.exists_in(version)
    )
    return {name: value for name, value in made if value is not ABSENT}
