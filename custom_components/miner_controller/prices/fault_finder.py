"""Finds out why prices are missing, and has a person told of it."""

from datetime import datetime, timedelta
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..const import LOGGER
from ..planning.fetch_schedule import FetchState
from ..sources.tariff import Tariff, TariffError, TariffFault, TariffNotFoundError
from .issues import PriceIssue, async_is_shown, async_show_issue
from .pause import ServicePause

# After so many attempts in a row something may be wrong that does not pass by itself.
# Prices that are published late are no hurry while there still are some.
_PATIENCE: Final = 3
_PATIENCE_WITH_PRICE: Final = 6

# What is wrong with a tariff costs some requests to find out, and lasts.
_LOOK_INTERVAL: Final = timedelta(hours=6)

FAULT_REST: Final = timedelta(hours=2)
"""How long prices are not asked for after a fault was found, as it mostly lasts."""

_FAULTS: Final = {
    TariffFault.REGION_WITHOUT_RATES: PriceIssue.REGION_WITHOUT_RATES,
    TariffFault.RETIRED: PriceIssue.PRODUCT_RETIRED,
}


class FaultFinder:
    """Raises the repair of a tariff, and takes it back."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        tariff: Tariff,
        pause: ServicePause,
    ) -> None:
        """Initialize for a tariff that was not looked at yet."""
        self._hass = hass
        self._entry = entry
        self._tariff = tariff
        self._pause = pause
        self._looked_at: datetime | None = None
        # A restart does not mend it.
        self._found = next(
            (
                fault
                for fault, issue in _FAULTS.items()
                if async_is_shown(hass, entry, issue)
            ),
            None,
        )
        self._closed = False

    def close(self) -> None:
        """Raise nothing any more: the tariff may be another one, or removed."""
        self._closed = True

    async def async_judge(
        self,
        now: datetime,
        state: FetchState,
        error: TariffError | None,
        *,
        has_price: bool,
    ) -> bool:
        """Raise or take back the repair after an attempt, which ended with an error.

        `has_price` tells whether there is a price for now. Returns whether the service
        answers and the tariff itself is wrong, so that asking again helps little.
        """
        if self._tariff.is_complete(now, state):
            self._found = None
            self._show(None)
            return False
        is_found = not isinstance(error, TariffNotFoundError)
        answers = error is None or not is_found
        patience = _PATIENCE_WITH_PRICE if has_price else _PATIENCE
        is_impatient = state.failures >= patience
        if answers and (is_impatient or not is_found):
            await self._async_look(now, state, is_found=is_found)
        if self._found is None:
            self._show_missing(has_price, answers, is_impatient)
        return answers and self._found is not None

    def _show_missing(self, has_price: bool, answers: bool, is_impatient: bool) -> None:
        """Raise the repair of prices that are missing for no reason of the tariff's."""
        if has_price:
            # A service that does not answer says nothing about what was wrong.
            if answers:
                self._show(None)
        elif is_impatient:
            self._show(
                PriceIssue.NO_PRICES if answers else PriceIssue.PRICES_UNREACHABLE
            )

    async def _async_look(
        self, now: datetime, state: FetchState, *, is_found: bool
    ) -> None:
        """Find out what is wrong with the tariff, unless that was done lately."""
        last = self._looked_at
        if last is not None and last <= now < last + _LOOK_INTERVAL:
            return
        missing = state.known_until or now
        try:
            found = await self._tariff.diagnose(
                now, missing, self._tariff.tomorrow_end(now), is_found=is_found
            )
        except TariffError as err:
            self._pause.begin(now, err)
            LOGGER.debug("%s cannot be looked up: %s", self._entry.title, err)
            return
        self._looked_at = now
        self._found = found.fault if found else None
        if found is not None:
            self._show(_FAULTS[found.fault], found.replacement)

    def _show(self, issue: PriceIssue | None, replacement: str | None = None) -> None:
        """Raise the one repair of the tariff, or none."""
        if not self._closed:
            async_show_issue(
                self._hass, self._entry, issue, self._tariff.product, replacement
            )
