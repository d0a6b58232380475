"""Pays for energy whose price came late, with prices of the past where it takes them.

A tariff fetches the prices from yesterday on by itself. After a longer outage of its
service nobody else would ever ask for those before, and a week later it is too late.
"""

from collections.abc import MutableMapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakKeyDictionary

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..const import LOGGER
from ..planning.slots import Slot, slot_at
from ..planning.spans import Span
from ..prices.actions import async_slots
from ..prices.coordinator import PriceConfigEntry, PriceCoordinator
from ..prices.entries import async_tariff_entries
from .memory import Account
from .tariff import prices_of, tariff_among

# Also the longest day and the one before it begin within so much time.
_FETCHED_ANYWAY: Final = timedelta(hours=49)

_ASKED_AGAIN_AFTER: Final = timedelta(days=1)


class LatePrices:
    """Pays for what waits, and asks for what a tariff does not fetch by itself."""

    def __init__(self, hass: HomeAssistant, arrived: CALLBACK_TYPE) -> None:
        """Initialize; `arrived` hears that past prices have come to pay with."""
        self._hass = hass
        self._arrived = arrived
        self._past: MutableMapping[PriceCoordinator, Sequence[Slot]] = (
            WeakKeyDictionary()
        )
        """What was fetched last. It is paid with whenever the next look comes by."""
        self._missing: dict[PriceCoordinator, Span] = {}
        self._asked: dict[str, datetime] = {}
        """When a tariff was asked last, by the id of its entry."""

    @callback
    def async_pay(self, account: Account, now: datetime) -> bool:
        """Pay for what waits in an account, and return whether anything did.

        What is missing for that is asked for by `async_ask`.
        """
        paid = False
        for currency, ledger in account.ledgers.items():
            if ledger.waiting is None:
                continue
            tariffs = async_tariff_entries(self._hass)
            prices = _prices_in(currency, tariffs, account.tariff)
            if prices is None:
                continue
            paid |= ledger.settle(prices.slots, now)
            if prices in self._past:
                paid |= ledger.settle(self._past[prices], now)
            if (left := ledger.waiting) is not None and _is_missing(left, prices, now):
                self._miss(prices, left)
        return paid

    def _miss(self, prices: PriceCoordinator, span: Span) -> None:
        """Note for which time prices are missing."""
        before = self._missing.get(prices, span)
        self._missing[prices] = Span(
            start=min(before.start, span.start), end=max(before.end, span.end)
        )

    @callback
    def async_ask(self, now: datetime) -> None:
        """Ask for what is missing, once a day."""
        missing, self._missing = self._missing, {}
        for prices, span in missing.items():
            entry = prices.config_entry
            asked = self._asked.get(entry.entry_id)
            if asked is not None and asked <= now < asked + _ASKED_AGAIN_AFTER:
                continue
            self._asked[entry.entry_id] = now
            entry.async_create_background_task(
                self._hass,
                self._async_fetch(prices, span),
                f"{entry.title} late prices",
            )

    async def _async_fetch(self, prices: PriceCoordinator, span: Span) -> None:
        """Ask for prices of the past. The next day it is tried again."""
        now = dt_util.utcnow()
        try:
            slots = await async_slots(prices, span.start, min(span.end, now), now)
        except HomeAssistantError as err:
            LOGGER.debug("%s: late prices are still missing: %s", prices.name, err)
            return
        self._past[prices] = slots
        self._arrived()


def _is_missing(waiting: Span, prices: PriceCoordinator, now: datetime) -> bool:
    """Return whether something waits for prices that the tariff does not fetch.

    As long as it does not even know the price of now, its service is away.
    """
    slots = prices.slots
    if slot_at(slots, now) is None:
        return False
    return waiting.start < max(slots[0].start, now - _FETCHED_ANYWAY)


def _prices_in(
    currency: str, tariffs: Sequence[PriceConfigEntry], chosen: str | None
) -> PriceCoordinator | None:
    """Return the prices in a currency, None while nothing can be paid with them.

    They are those of the chosen tariff, also while that is just being set up, unless it
    has another currency by now.
    """
    tariff = tariff_among(tariffs, chosen)
    if tariff is None or tariff.state is not ConfigEntryState.LOADED:
        return None
    fitting = [
        each
        for each in tariffs
        if (prices := prices_of(each)) is not None
        and prices.tariff.currency == currency
    ]
    return prices_of(tariff_among(fitting, chosen))
