"""Checks what somebody types as a pool before it is kept."""

from collections.abc import Iterable
from typing import Final

from homeassistant.const import (
    CONF_NAME,
    CONF_PASSWORD,
    CONF_URL,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)

from ..protocols.pool_settings import is_sendable
from ..protocols.stratum_address import (
    AddressUnreadableError,
    PortMissingError,
    SchemeUnknownError,
    StratumAddressError,
    parse_stratum_address,
)
from .library import CONF_WORKER
from .worker_template import PlaceholderUnknownError, check_template

LONGEST_NAME: Final = 100
"""As a name is the state of a miner's choice, which Home Assistant limits to 255."""

# What a miner's choice of pools is where it is none.
_STATES: Final = {STATE_UNAVAILABLE, STATE_UNKNOWN}

_ADDRESS_FAULTS: Final[dict[type[StratumAddressError], str]] = {
    AddressUnreadableError: "address_unreadable",
    PortMissingError: "port_missing",
    SchemeUnknownError: "scheme_unknown",
}


def pool_faults(
    name: str, url: str, worker: str, password: str, *, others: Iterable[str]
) -> dict[str, str]:
    """Return what is wrong with a pool: the key of a text for each field that is.

    `others` are the names of the other pools, from which it is told apart whatever the
    letters' case. All is checked against what the pickiest firmware takes, since any
    miner may be told any pool.
    """
    faults: dict[str, str | None] = {
        CONF_NAME: _name_fault(name, others),
        CONF_URL: _address_fault(url),
        CONF_WORKER: _worker_fault(worker),
        CONF_PASSWORD: None if is_sendable(password) else "not_sendable",
    }
    return {field: fault for field, fault in faults.items() if fault is not None}


def _name_fault(name: str, others: Iterable[str]) -> str | None:
    """Return what is wrong with the name of a pool."""
    wanted = name.strip().lower()
    if not wanted:
        return "name_needed"
    if len(name) > LONGEST_NAME:
        return "name_too_long"
    if not name.isprintable():
        return "name_characters"
    if wanted in _STATES:
        return "name_reserved"
    return "name_taken" if wanted in {other.lower() for other in others} else None


def _address_fault(url: str) -> str | None:
    """Return what is wrong with the address of a pool."""
    try:
        address = parse_stratum_address(url)
    except StratumAddressError as err:
        return _ADDRESS_FAULTS[type(err)]
    return None if is_sendable(str(address)) else "not_sendable"


def _worker_fault(worker: str) -> str | None:
    """Return what is wrong with the template of the workers' names.

    What a placeholder stands for can always be sent, as can its own letters.
    """
    try:
        check_template(worker)
    except PlaceholderUnknownError:
        return "placeholder_unknown"
    return None if is_sendable(worker) else "not_sendable"
