"""Networks at home, which are the only ones that are searched for miners."""

from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import Final

# Miners serve only callers in the first three, and this machine may simulate some.
# What Python calls private is wider: link-local and documentation are part of it.
_PRIVATE: Final = (
    IPv4Network("10.0.0.0/8"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv4Network("127.0.0.0/8"),
)

SHORTEST_PREFIX: Final = 22
"""The prefix length of the largest network that is searched: 1022 hosts."""


class NetworkError(ValueError):
    """Base of what keeps a network from being searched."""


class NetworkUnreadableError(NetworkError):
    """What was typed is no IPv4 network."""


class NetworkTooLargeError(NetworkError):
    """The network has more addresses than are searched."""


class NetworkNotPrivateError(NetworkError):
    """The network is not wholly private."""


def is_private(address: IPv4Address) -> bool:
    """Return whether an address belongs to a home or to this machine."""
    return any(address in network for network in _PRIVATE)


@lru_cache(maxsize=2048)
def is_private_address(address: str) -> bool:
    """Return whether a text is an IPv4 address of a home or of this machine."""
    try:
        return is_private(IPv4Address(address))
    except AddressValueError:
        return False


def parse_network(typed: str) -> IPv4Network:
    """Return the network in "192.168.1.0/24", or the one address in "192.168.1.20".

    Any address inside stands for its network. Raises NetworkUnreadableError,
    NetworkTooLargeError or NetworkNotPrivateError, the first that applies.
    """
    try:
        network = IPv4Network(typed.strip(), strict=False)
    except ValueError as err:
        raise NetworkUnreadableError("This is no IPv4 network") from err
    if network.prefixlen < SHORTEST_PREFIX:
        raise NetworkTooLargeError(f"The network is larger than a /{SHORTEST_PREFIX}")
    if not any(network.subnet_of(private) for private in _PRIVATE):
        raise NetworkNotPrivateError("The network is not private")
    return network


def hosts(network: IPv4Network) -> list[IPv4Address]:
    """Return the addresses that a host can have.

    The first and the last address of a network are none, except in one that has only
    these two, or a single one.
    """
    return list(network.hosts())
