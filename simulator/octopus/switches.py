"""The switches of the price server as plain values, for whoever has only its port."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from simulator.octopus.faults import OctopusFault
from simulator.octopus.server import OctopusServer
from simulator.wire import JsonObject


class SwitchError(ValueError):
    """A switch that there is not, or a value that it cannot have."""


def _truth(value: Any) -> bool:
    """Return a truth value."""
    if not isinstance(value, bool):
        raise SwitchError("is true or false")
    return value


def _whole(value: Any) -> int:
    """Return a whole number that is not negative."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise SwitchError("is a whole number from 0 on")
    return value


def _fault(value: Any) -> OctopusFault | None:
    """Return a fault."""
    if value is None:
        return None
    if value not in list(OctopusFault):
        raise SwitchError(f"is one of {', '.join(OctopusFault)}, or null")
    return OctopusFault(value)


def _codes(value: Any) -> set[str]:
    """Return codes of products."""
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise SwitchError("is a list of codes")
    return set(value)


_SWITCHES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "duplicates": ("duplicates", _truth),
    "fault": ("fault", _fault),
    "newer_product": ("newer_product", _truth),
    "null_valid_to": ("null_valid_to", _truth),
    "overlapping_pages": ("overlapping_pages", _truth),
    "publication_delay_minutes": (
        "publication_delay",
        lambda value: timedelta(minutes=_whole(value)),
    ),
    "retired_listed": ("retired_listed", _truth),
    "retired_products": ("retired_products", _codes),
    "retry_after": ("retry_after", _whole),
}


def show(server: OctopusServer) -> JsonObject:
    """Return where the server is, and how each switch is set."""
    return {
        "url": server.url,
        "requests": len(server.requests),
        **{
            name: _plain(getattr(server, attribute))
            for name, (attribute, _) in _SWITCHES.items()
        },
    }


def change(server: OctopusServer, values: Mapping[str, Any]) -> None:
    """Set some switches, all of them or none. Raises SwitchError."""
    changes = {}
    for name, value in values.items():
        if name not in _SWITCHES:
            raise SwitchError(f"{name} is none of {', '.join(_SWITCHES)}")
        attribute, read = _SWITCHES[name]
        try:
            changes[attribute] = read(value)
        except SwitchError as error:
            raise SwitchError(f"{name} {error}") from error
    for attribute, value in changes.items():
        setattr(server, attribute, value)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    match value:
        case timedelta():
            return round(value / timedelta(minutes=1))
        case set():
            return sorted(value)
        case _:
            return value
