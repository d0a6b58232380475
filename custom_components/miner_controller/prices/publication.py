"""Notices that prices were published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..planning.slots import Slot, Summary, clipped, summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Prices that have been published, all of one day or of what was missed."""

    start: datetime
    end: datetime
    summary: Summary


class PublicationWatch:
    """Tells each publication once, when all of it is known.

    What the first prices of all tell was not published just now.
    """

    def __init__(self, announced_until: datetime | None) -> None:
        """Initialize with the end of the prices that were told of before."""
        self.announced_until = announced_until

    def look(
        self, slots: Sequence[Slot], known_until: datetime | None, *, complete: bool
    ) -> Publication | None:
        """Return what was published since the last time, if anything was.

        `complete` tells whether all is known that can be expected to be published.
        """
        since = self.announced_until
        if known_until is None or (since is not None and not complete):
            return None
        if since is None or since < known_until:
            self.announced_until = known_until
        if since is None:
            return None
        published = clipped(slots, since, known_until)
        if (told := summary(published)) is None:
            return None
        return Publication(start=published[0].start, end=known_until, summary=told)
