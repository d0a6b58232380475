"""What is kept over a restart of all miners' costs, and of what their modes do."""

from collections.abc import Callable, Iterable, Mapping
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

    The currency is None until there was a tariff. `others` are the ledgers in the
    currencies of before, and `tariff` is the id of the entry of the tariff by which the
    miner is paid for, also while it is not set up.
    """

    currency: str | None = None
    tariff: str | None = None
    ledger: CostLedger = field(default_factory=CostLedger)
    others: dict[str, CostLedger] = field(default_factory=dict)
    learner: ModeLearner = field(default_factory=ModeLearner)

    @property
    def ledgers(self) -> dict[str, CostLedger]:
        """Return the ledger of each currency."""
        if self.currency is None:
            return self.others
        return {self.currency: self.ledger, **self.others}

    def use_currency(self, currency: str) -> None:
        """Count in a currency, where that was left off if it was used before.

        The ledger in the one of before is kept: for a while a miner may be paid for by
        another tariff than its own, only because that one was disabled.
        """
        if currency == self.currency:
            return
        if self.currency is not None:
            self.others[self.currency] = self.ledger
        self.currency = currency
        before = self.others.pop(currency, None)
        self.ledger = CostLedger() if before is None else before

    def as_dict(self) -> dict[str, Any]:
        """Return the account as plain values that survive JSON unchanged."""
        return {
            "currency": self.currency,
            "tariff": self.tariff,
            "ledger": self.ledger.as_dict(),
            "others": {
                currency: ledger.as_dict() for currency, ledger in self.others.items()
            },
            "learner": self.learner.as_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the account that `as_dict` stored.

        Raises one of `UNREADABLE` where it did not.
        """
        return cls(
            currency=_name(data["currency"]),
            tariff=_name(data.get("tariff")),
            ledger=CostLedger.from_dict(data["ledger"]),
            others={
                str(currency): CostLedger.from_dict(ledger)
                for currency, ledger in data.get("others", {}).items()
            },
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
            ledger
            for account in (*self.accounts.values(), *self.retired)
            if (ledger := account.ledgers.get(currency)) is not None
        ]

    def retire(self, entry_id: str) -> None:
        """Keep of a miner that was removed what it has cost, in each currency."""
        account = self.accounts.pop(entry_id, None)
        if account is not None:
            self.retired.extend(
                Account(currency=currency, tariff=account.tariff, ledger=ledger)
                for currency, ledger in account.ledgers.items()
            )

    def retire_missing(self, present: Iterable[str]) -> None:
        """Retire the miners that were removed while nobody looked."""
        for entry_id in self.accounts.keys() - set(present):
            self.retire(entry_id)

    def fold(self, now: datetime) -> None:
        """Keep of the miners that were removed before today their totals alone.

        What waits for its price is first paid, or too old to be.
        """
        start = dt_util.start_of_local_day(dt_util.as_local(now))
        for account in self.retired[:]:
            account.ledger.forget(now)
            if account.ledger.waiting or account.ledger.cost_between(start, now):
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
        """Return the memory that `as_dict` stored.

        A part that cannot be read costs nothing but itself. Raises one of `UNREADABLE`
        where there are no parts.
        """
        accounts = {
            str(entry_id): _readable(Account.from_dict, stored)
            for entry_id, stored in data["miners"].items()
        }
        retired = [_readable(Account.from_dict, stored) for stored in data["retired"]]
        totals = {
            str(currency): _readable(_amount, stored)
            for currency, stored in data["retired_totals"].items()
        }
        return cls(
            accounts={key: each for key, each in accounts.items() if each is not None},
            retired=[each for each in retired if each is not None],
            retired_totals={
                key: each for key, each in totals.items() if each is not None
            },
        )


def _readable[StoredT, PartT](
    read: Callable[[StoredT], PartT], stored: StoredT
) -> PartT | None:
    """Return a part of what was stored, None where it cannot be read."""
    try:
        return read(stored)
    except UNREADABLE as err:
        _warn("A part of what", err)
        return None


def _warn(what: str, err: Exception) -> None:
    """Tell that something was lost. What is wrong may have secrets in it."""
    LOGGER.warning(
        "%s was stored of the miners' costs cannot be read, so it counts anew (%s)",
        what,
        type(err).__name__,
    )


def _amount(stored: Any) -> float:
    """Return an amount of money, which may be below zero."""
    amount = float(stored)
    if not isfinite(amount):
        raise ValueError("This is no amount of money")
    return amount


def _name(stored: Any) -> str | None:
    """Return the name of something, None where there is none."""
    return None if stored is None else str(stored)


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
        _warn("What", err)
    return EconomicsMemory()
