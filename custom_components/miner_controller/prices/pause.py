"""Leaves a service alone for as long as it asked for, whoever wants something of it."""

from datetime import datetime, timedelta

from ..sources.tariff import TariffError


class ServicePause:
    """Until when a service wants to be left alone, and what it said."""

    def __init__(self, until: datetime | None = None) -> None:
        """Initialize with what a service asked for before a restart."""
        self.until = until
        self._error = TariffError("The service asked to be left alone for some time")

    def note(self, now: datetime, error: TariffError) -> None:
        """Take note of an error, which may name a time in seconds."""
        if error.retry_after:
            self.until = now + timedelta(seconds=error.retry_after)
            self._error = error

    def check(self, now: datetime) -> None:
        """Raise what the service said, while it wants to be left alone."""
        if self.until is not None and now < self.until:
            raise self._error
