"""What is kept over a restart of all miners' costs, and of what their modes do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from typing import Any, Final, Self

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, LOGGER
from ..planning.energy_cost import CostLedger
from ..planning.mode_learning import ModeLearner
from ..prices.memory import UNREADABLE

_VERSION: Final = 1


@dataclass(slots=True, kw_only=True)
class Account:
    """What a miner has cost, and what it does in each of its modes.

    The currency is None until there was a tariff.
    """

    currency: str | None = None
    ledger: CostLedger = field(default_factory=CostLedger)
    learner: ModeLearner = field(default_factory=ModeLearner)

    def use_currency(self, currency: str) -> None:
        """Count in a currency. What was counted in another one is of no use then."""
        if currency != self.currency:
            self.currency = currency
            self.ledger = CostLedger()

    def as_dict(self) -> dict[str, Any]:
        """Return the account as plain values that survive JSON unchanged."""
        return {
            "currency": self.currency,
            "ledger": self.ledger.as_dict(),
            "learner": self.learner.as_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the account that `as_dict` stored."""
        currency = data["currency"]
        return cls(
            currency=None if currency is None else str(currency),
            ledger=CostLedger.from_dict(data["ledger"]),
            learner=ModeLearner.from_dict(data["learner"]),
        )


@dataclass(slots=True, kw_only=True)
class EconomicsMemory:
    """The accounts of all miners, by the id of their entry.

    What a miner has cost stays a part of the sum when it is removed: its ledger until
    the day is over, and then its total alone, by currency.
    """

    accounts: dict[str, Account] = field(default_factory=dict)
    retired: list[Account] = field(default_factory=list)
    retired_totals: dict[str, float] = field(default_factory=dict)

    def account(self, entry_id: str) -> Account:
        """Return the account of a miner, which is new for a new miner."""
        return self.accounts.setdefault(entry_id, Account())

    def ledgers(self, currency: str) -> list[CostLedger]:
        """Return the ledgers in a currency, those too of miners removed today."""
        return [
            account.ledger
            for account in (*self.accounts.values(), *self.retired)
            if account.currency == currency
        ]

    def retire(self, entry_id: str) -> None:
        """Keep of a miner that was removed what it has cost."""
        account = self.accounts.pop(entry_id, None)
        if account is not None and account.currency is not None:
            self.retired.append(account)

    def retire_missing(self, present: Iterable[str]) -> None:
        """Retire the miners that were removed while nobody looked."""
        for entry_id in self.accounts.keys() - set(present):
            self.retire(entry_id)

    def fold(self, now: datetime) -> None:
        """Keep of the miners that were removed before today their totals alone."""
        start = dt_util.start_of_local_day(dt_util.as_local(now))
        for account in self.retired[:]:
            if account.ledger.cost_between(start, now):
                continue
            currency = account.currency or ""
            before = self.retired_totals.get(currency, 0.0)
            self.retired_totals[currency] = before + account.ledger.total
            self.retired.remove(account)

    def as_dict(self) -> dict[str, Any]:
        """Return the memory as plain values that survive JSON unchanged."""
        return {
            "miners": {
                entry_id: account.as_dict()
                for entry_id, account in self.accounts.items()
            },
            "retired": [account.as_dict() for account in self.retired],
            "retired_totals": dict(self.retired_totals),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the memory that `as_dict` stored."""
        return cls(
            accounts={
                str(entry_id): Account.from_dict(account)
                for entry_id, account in data["miners"].items()
            },
            retired=[Account.from_dict(account) for account in data["retired"]],
            retired_totals={
                str(currency): _amount(total)
                for currency, total in data["retired_totals"].items()
            },
        )


def _amount(stored: Any) -> float:
    """Return an amount of money, which may be below zero."""
    amount = float(stored)
    if not isfinite(amount):
        raise ValueError("This is no amount of money")
    return amount


def economics_store(hass: HomeAssistant) -> Store[dict[str, Any]]:
    """Return the file that keeps the memory of all miners."""
    return Store(hass, _VERSION, f"{DOMAIN}.economics")


async def async_recall(store: Store[dict[str, Any]]) -> EconomicsMemory:
    """Return what was kept. A file that somebody damaged is as good as none."""
    try:
        data = await store.async_load()
        if data is not None:
            return EconomicsMemory.from_dict(data)
    except UNREADABLE as err:
        LOGGER.warning(
            "What was stored of the miners' costs cannot be read, so they count anew"
            " (%s)",
            type(err).__name__,
        )
    return EconomicsMemory()
