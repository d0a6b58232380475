"""What every electricity tariff offers, whoever sells it.

Another tariff is another module beside this one with a class derived from `Tariff`, and
a step of the config flow that creates it.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from ..planning.fetch_schedule import FetchState
from ..planning.slots import Slot

LONGEST_WAIT: Final = 6 * 3600.0
"""Seconds for which a service is left alone at most, whatever it asks for.

One that is left alone for longer leaves an installation without prices for a day.
"""


class TariffError(Exception):
    """Base of every error that asking for prices can end in.

    `retry_after` is the time in seconds that the service wants to be left alone from
    the reply on, None where it names none.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """Initialize the error."""
        super().__init__(message)
        self.retry_after = retry_after


class TariffNotFoundError(TariffError):
    """The service does not know the tariff, or a part of what it is made of."""


class TariffFault(StrEnum):
    """What is wrong with a tariff itself, and does not pass by itself."""

    REGION_WITHOUT_RATES = "region_without_rates"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Why there are no prices. What was retired has a replacement."""

    fault: TariffFault
    replacement: str | None = None


class Tariff(ABC):
    """The prices of one tariff, and when its service is to be asked for them.

    Prices are in `currency` per kWh with all taxes. All moments are aware.
    """

    currency: str
    provider: str
    model: str
    product: str
    """What the provider calls the tariff, which it may replace one day."""

    @property
    def unit(self) -> str:
        """Return the unit of the prices."""
        return f"{self.currency}/kWh"

    @property
    @abstractmethod
    def reference(self) -> str:
        """Return what the prices belong to: no price holds for another reference."""

    @property
    @abstractmethod
    def past_reference(self) -> str:
        """Return what past prices belong to, which may be more than one product."""

    @abstractmethod
    async def prices(self, start: datetime, end: datetime) -> list[Slot]:
        """Return the prices of a period, in order. What is not known is absent.

        Raises TariffError.
        """

    @abstractmethod
    async def past_prices(self, start: datetime, end: datetime) -> list[Slot]:
        """Return the prices of a long period in the past, in order.

        Raises TariffError.
        """

    @abstractmethod
    async def diagnose(
        self, now: datetime, start: datetime, end: datetime, *, is_found: bool
    ) -> Diagnosis | None:
        """Return why a period has no prices, None where they are merely late.

        `is_found` tells whether the service knew the tariff when it was asked. Raises
        TariffError.
        """

    @abstractmethod
    def next_fetch(self, now: datetime, state: FetchState) -> datetime:
        """Return when to fetch next: `now` where it is due."""

    @abstractmethod
    def after_attempt(
        self,
        now: datetime,
        state: FetchState,
        known_until: datetime | None,
        retry_after: float | None,
    ) -> FetchState:
        """Return the state after an attempt."""

    @abstractmethod
    def is_complete(self, now: datetime, state: FetchState) -> bool:
        """Return whether all prices are known that can be expected to be published."""

    @abstractmethod
    def period_to_fetch(
        self, now: datetime, known_until: datetime | None
    ) -> tuple[datetime, datetime]:
        """Return the period to ask for."""

    @abstractmethod
    def tomorrow_end(self, now: datetime) -> datetime:
        """Return until when prices are known once those of tomorrow are published."""
