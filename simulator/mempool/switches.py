"""The switches of the mempool as plain values, for whoever has only its port."""

from collections.abc import Callable, Mapping
from typing import Any

from simulator.mempool.faults import MempoolFault
from simulator.mempool.server import PARTS, MempoolServer
from simulator.wire import JsonObject


class SwitchError(ValueError):
    """A switch that there is not, or a value that it cannot have."""


def _number(value: Any) -> float:
    """Return a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SwitchError("is a number")
    return value


def _whole(value: Any) -> int:
    """Return a whole number that is not negative."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise SwitchError("is a whole number from 0 on")
    return value


def _truth(value: Any) -> bool:
    """Return a truth value."""
    if not isinstance(value, bool):
        raise SwitchError("is true or false")
    return value


def _fault(value: Any) -> MempoolFault | None:
    """Return a fault."""
    if value is None:
        return None
    if value not in list(MempoolFault):
        raise SwitchError(f"is one of {', '.join(MempoolFault)}, or null")
    return MempoolFault(value)


def _faulty(value: Any) -> set[str]:
    """Return the parts that the fault is about."""
    if not isinstance(value, list) or not all(part in PARTS for part in value):
        raise SwitchError(f"is a list of {', '.join(PARTS)}")
    return set(value)


def _prices(value: Any) -> dict[str, float]:
    """Return prices by currency."""
    if not isinstance(value, dict):
        raise SwitchError("is an object of prices by currency")
    return {currency: _number(price) for currency, price in value.items()}


_SWITCHES: dict[str, Callable[[Any], Any]] = {
    "adjustment_change": _number,
    "difficulty": _number,
    "fault": _fault,
    "faulty": _faulty,
    "height": _whole,
    "in_seconds": _truth,
    "prices": _prices,
    "retry_after": _whole,
    "reward": _whole,
}


def show(server: MempoolServer) -> JsonObject:
    """Return where the server is, and how each switch is set."""
    values = {name: getattr(server, name) for name in _SWITCHES}
    return {
        "url": server.url,
        "requests": len(server.requests),
        **values,
        "faulty": sorted(server.faulty),
    }


def change(server: MempoolServer, values: Mapping[str, Any]) -> None:
    """Set some switches, all of them or none. Raises SwitchError."""
    changes = {}
    for name, value in values.items():
        if name not in _SWITCHES:
            raise SwitchError(f"{name} is none of {', '.join(_SWITCHES)}")
        try:
            changes[name] = _SWITCHES[name](value)
        except SwitchError as error:
            raise SwitchError(f"{name} {error}") from error
    for name, value in changes.items():
        setattr(server, name, value)
