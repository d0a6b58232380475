"""A simulation as people and templates read it."""

from datetime import datetime, timedelta
from typing import Final

from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType, JsonValueType

from ..economics.coordinator import MinerEconomics
from ..planning.backtest import Backtest, BacktestRequest
from ..planning.backtest_row import Row

_HOUR: Final = timedelta(hours=1)
_TERA: Final = 1e12

# Sums over a year of what a small miner does in a second.
_DIGITS: Final = 6


def shown_simulation(
    economics: MinerEconomics,
    request: BacktestRequest,
    tried: Backtest,
    currency: str,
    start: datetime,
    end: datetime,
) -> JsonObjectType:
    """Return the table, and what it rests upon.

    Hashes are in TH, hashrates in TH/s, energy in kWh, amounts in currency and prices
    in currency per kWh.
    """
    known = sum(
        (slot.duration for slot in request.slots if slot.price is not None),
        timedelta(),
    )
    return {
        "name": economics.miner.config_entry.title,
        "currency": currency,
        "start": dt_util.as_local(start).isoformat(),
        "end": dt_util.as_local(end).isoformat(),
        "known_hours": _hours(known),
        "missing_hours": _hours(end - start - known),
        "rows": [_row(row) for row in tried.rows],
        "skipped": [
            {"strategy": strategy.value, "reason": reason.value}
            for strategy, reason in tried.skipped.items()
        ],
        "modes": [
            {
                "mode": mode.name,
                "hashrate": _rounded(mode.hashrate / _TERA),
                "power": round(mode.power, 2),
                "learned": mode.learned,
            }
            for mode in request.modes
        ],
        "assumptions": _assumptions(economics, request),
    }


def _row(row: Row) -> JsonObjectType:
    """Return a row of the table."""
    return {
        "strategy": row.strategy.value,
        "mode": row.mode,
        "price_limit": _rounded(row.price_limit),
        "hours_on": round(row.hours_on, 2),
        "hours": {mode: round(hours, 2) for mode, hours in row.hours.items()},
        "switches": row.switches,
        "energy": round(row.energy, 3),
        "terahashes": _rounded(row.hashes / _TERA),
        "cost": _rounded(row.cost),
        "revenue": _rounded(row.revenue),
        "heat": _rounded(row.heat),
        "profit": _rounded(row.profit),
        "average_price": _rounded(row.average_price),
        "exact": row.exact,
    }


def _assumptions(economics: MinerEconomics, request: BacktestRequest) -> JsonObjectType:
    """Return what was taken to have been as it is now, and what the rows are."""
    network, terms = economics.data.network, economics.data.terms
    notes: list[JsonValueType] = [
        "Difficulty, reward, bitcoin price and modes are those of now, at all times.",
        "The plan for profit knows all prices beforehand, the others those of a day.",
        "Time without a known price counts nowhere.",
        "What works below a price keeps to the shortest times, and to no quiet hours.",
    ]
    return {
        "revenue_per_terahash_hour": request.revenue,
        "bitcoin_price": None if network is None else network.bitcoin_price,
        "difficulty": None if network is None else network.difficulty,
        "reward": None if network is None else network.reward,
        "pool_fee": terms.pool_fee,
        "reject_rate": terms.reject_rate,
        "heat_value": terms.heat_value,
        "notes": notes,
    }


def _hours(duration: timedelta) -> float:
    """Return a duration in hours."""
    return round(duration / _HOUR, 2)


def _rounded(number: float | None) -> float | None:
    """Return a number without what arithmetic gets wrong."""
    return None if number is None else round(number, _DIGITS)
