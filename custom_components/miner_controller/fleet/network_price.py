"""The price of a bitcoin as a sensor of somebody else tells it."""

from math import isfinite
from typing import Final

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import State

# Nothing costs that much.
_SENSELESS: Final = 1e15

_BITCOIN: Final = {"BTC", "XBT", "BITCOIN"}

# What one sign may stand for. It is not told from it which of them it is.
_SIGNS: Final = {
    "$": {"AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "TWD", "USD"},
    "£": {"GBP"},
    "¥": {"CNY", "JPY"},
    "€": {"EUR"},
}


def fits_currency(unit: str | None, currency: str) -> bool:
    """Return whether a unit can be that of a price in a currency.

    It is the currency, alone or for a whole bitcoin ("GBP/BTC"), or no unit. A price of
    energy is none, and "GBp" are pence.
    """
    if not unit:
        return True
    price, slash, piece = (part.strip() for part in unit.partition("/"))
    if slash and piece.upper() not in _BITCOIN:
        return False
    return price in {currency, currency.lower()} or currency in _SIGNS.get(price, ())


def read_price(state: State | None, currency: str) -> float | None:
    """Return the price in a currency, None where a state does not tell it."""
    if state is None:
        return None
    if not fits_currency(state.attributes.get(ATTR_UNIT_OF_MEASUREMENT), currency):
        return None
    try:
        price = float(state.state)
    except ValueError:
        return None
    return price if isfinite(price) and 0 < price < _SENSELESS else None
