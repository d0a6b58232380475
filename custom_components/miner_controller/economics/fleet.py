"""What all miners cost and earn together."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from ..const import LOGGER
from ..fleet.runtime import FleetConfigEntry
from ..planning.energy_cost import hour_start
from .bookkeeper import Bookkeeper
from .coordinator import MinerEconomics
from .figures import Figures
from .tariff import prices_of


class FleetEconomics(DataUpdateCoordinator[Figures]):
    """The sums, with each update of the fleet's totals and with other prices."""

    config_entry: FleetConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: FleetConfigEntry, keeper: Bookkeeper
    ) -> None:
        """Initialize with what is known now, and follow it."""
        super().__init__(hass, LOGGER, config_entry=entry, name=entry.title)
        self._keeper = keeper
        self.data = self._sums(dt_util.utcnow())
        entry.async_on_unload(
            entry.runtime_data.totals.async_add_listener(self._async_look)
        )
        entry.async_on_unload(keeper.async_add_listener(self._async_look))

    @callback
    def _async_look(self) -> None:
        """Show what holds now."""
        self.async_set_updated_data(self._sums(dt_util.utcnow()))

    def _sums(self, now: datetime) -> Figures:
        """Return what all miners cost and earn. What one does not tell is left out."""
        miners = [miner.data for miner in self._keeper.miners.values()]
        day = dt_util.start_of_local_day(dt_util.as_local(now))
        hour = hour_start(now, dt_util.get_default_time_zone())
        worth = energy = 0.0
        for miner in miners:
            if miner.break_even_price is not None and miner.power is not None:
                worth += miner.break_even_price * miner.power
                energy += miner.power
        return Figures(
            currency=self.hass.config.currency,
            day=day,
            hour=hour,
            sats_per_day=_sum(miner.sats_per_day for miner in miners),
            revenue_per_day=_sum(miner.revenue_per_day for miner in miners),
            profit_per_hour=_sum(miner.profit_per_hour for miner in miners),
            break_even_price=worth / energy if energy else None,
            hashrate=_sum(miner.hashrate for miner in miners),
            network=self._keeper.network,
            **self._costs(now, day, hour),
        )

    def _costs(self, now: datetime, day: datetime, hour: datetime) -> dict[str, Any]:
        """Return the costs in the currency of the oldest tariff, nothing without one.

        Those of miners that are not set up, or were removed, are a part of them.
        """
        keeper, memory = self._keeper, self._keeper.memory
        if (currency := self._cost_currency()) is None:
            return {}
        followed = [
            miner for miner in keeper.miners.values() if _counts(miner, currency)
        ]
        seen = {id(miner.account.ledger) for miner in followed}
        ledgers = memory.ledgers(currency)
        others = [ledger for ledger in ledgers if id(ledger) not in seen]
        return {
            "cost_currency": currency,
            "cost_total": sum(ledger.total for ledger in ledgers)
            + memory.retired_totals.get(currency, 0.0),
            "cost_today": _sum(
                (
                    *(miner.data.cost_today for miner in followed),
                    *(ledger.cost_between(day, now) for ledger in others),
                )
            ),
            "cost_this_hour": _sum(
                (
                    *(miner.data.cost_this_hour for miner in followed),
                    *(ledger.cost_between(hour, now) for ledger in others),
                )
            ),
        }

    def _cost_currency(self) -> str | None:
        """Return the currency of costs, the one of before while no tariff is set up."""
        currencies = [
            prices.tariff.currency
            for tariff in self._keeper.tariffs
            if (prices := prices_of(tariff)) is not None
        ]
        currencies += [
            account.currency
            for account in self._keeper.memory.accounts.values()
            if account.currency is not None
        ]
        return next(iter(currencies), None)


def _counts(miner: MinerEconomics, currency: str) -> bool:
    """Return whether the costs of a miner are in a currency."""
    return miner.account.currency == miner.data.cost_currency == currency


def _sum(values: Iterable[float | None]) -> float | None:
    """Return the sum of what is known, None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
