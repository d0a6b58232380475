"""Leaves a service alone for as long as it asked for, whoever wants something of it."""

from datetime import datetime, timedelta

from ..sources.tariff import LONGEST_WAIT, TariffError


class ServicePause:
    """Until when a service wants to be left alone, and what it said."""

    def __init__(self, until: datetime | None = None) -> None:
        """Initialize with what a service asked for before a restart."""
        self._until = until
        self._error = TariffError("The service asked to be left alone for some time")

    def begin(self, now: datetime, error: TariffError) -> None:
        """Leave the service alone if an error says for how long."""
        if error.retry_after:
            self._until = now + timedelta(seconds=error.retry_after)
            self._error = error

    def end(self, now: datetime) -> datetime | None:
        """Return when it ends, None if there is none.

        One that lasts longer than any is of a clock that was set back since.
        """
        longest = now + timedelta(seconds=LONGEST_WAIT)
        return (
            self._until
            if self._until is not None and now < self._until <= longest
            else None
        )

    def check(self, now: datetime) -> None:
        """Raise what the service said, while it wants to be left alone."""
        if self.end(now) is not None:
            raise self._error
