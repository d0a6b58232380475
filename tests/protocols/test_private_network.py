"""Only networks at home are searched, and none that is too large."""

from ipaddress import IPv4Address, IPv4Network

import pytest

from custom_components.miner_controller.protocols.private_network import (
    NetworkError,
    NetworkNotPrivateError,
    NetworkTooLargeError,
    NetworkUnreadableError,
    hosts,
    is_private,
    parse_network,
)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("10.0.0.0", "10.255.255.255"),
        ("127.0.0.0", "127.255.255.255"),
        ("172.16.0.0", "172.31.255.255"),
        ("192.168.0.0", "192.168.255.255"),
    ],
)
def test_the_private_ranges_end_where_they_do(first: str, last: str) -> None:
    """Both ends belong to a range, and their neighbours do not."""
    lowest, highest = IPv4Address(first), IPv4Address(last)
    assert is_private(lowest)
    assert is_private(highest)
    assert not is_private(lowest - 1)
    assert not is_private(highest + 1)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104
        "8.8.8.8",
        "100.64.0.1",
        "169.254.1.1",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.75",
        "240.0.0.1",
        "255.255.255.255",
    ],
)
def test_nothing_else_is_private(address: str) -> None:
    """Python itself calls some of these private."""
    assert not is_private(IPv4Address(address))
    with pytest.raises(NetworkNotPrivateError):
        parse_network(f"{address}/24")


@pytest.mark.parametrize(
    ("typed", "network"),
    [
        ("192.168.1.0/24", "192.168.1.0/24"),
        ("192.168.1.20/24", "192.168.1.0/24"),
        (" 192.168.1.0/24\n", "192.168.1.0/24"),
        ("192.168.1.0/255.255.255.0", "192.168.1.0/24"),
        ("192.168.1.20", "192.168.1.20/32"),
        ("10.1.2.3/22", "10.1.0.0/22"),
        ("172.31.255.255/31", "172.31.255.254/31"),
        ("127.0.3.0/24", "127.0.3.0/24"),
    ],
)
def test_a_network_is_read(typed: str, network: str) -> None:
    """A network may be typed by any address inside."""
    assert parse_network(typed) == IPv4Network(network)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "/24",
        "192.168.1",
        "192.168.1.0/",
        "192.168.1.0/33",
        "192.168.1.0/-1",
        "192.168.1.0/24/24",
        "192.168.1.256",
        "192.168.01.1",
        "192.168.1.0-192.168.1.9",
        "192.168.1.0 /24",
        "192.168.1.*",
        "192.168.1.٣",
        "3232235777",
        "bitaxe.local",
        "http://192.168.1.0/24",
        "fe80::1",
        "fd00::/120",
        "::ffff:192.168.1.1",
    ],
)
def test_what_is_no_ipv4_network_is_unreadable(typed: str) -> None:
    """No miner serves IPv6."""
    with pytest.raises(NetworkUnreadableError):
        parse_network(typed)


@pytest.mark.parametrize("typed", ["192.168.0.0/21", "10.0.0.0/8", "0.0.0.0/0"])
def test_a_large_network_is_refused(typed: str) -> None:
    """A search of it would take minutes."""
    with pytest.raises(NetworkTooLargeError):
        parse_network(typed)


@pytest.mark.parametrize(
    "error", [NetworkNotPrivateError, NetworkTooLargeError, NetworkUnreadableError]
)
def test_each_error_is_a_value_error(error: type[Exception]) -> None:
    """Whoever does not tell them apart catches one."""
    assert issubclass(error, NetworkError)
    assert issubclass(error, ValueError)


@pytest.mark.parametrize(
    ("typed", "first", "last", "count"),
    [
        ("192.168.1.20", "192.168.1.20", "192.168.1.20", 1),
        ("192.168.1.20/31", "192.168.1.20", "192.168.1.21", 2),
        ("192.168.1.20/30", "192.168.1.21", "192.168.1.22", 2),
        ("192.168.1.0/24", "192.168.1.1", "192.168.1.254", 254),
        ("192.168.0.0/22", "192.168.0.1", "192.168.3.254", 1022),
    ],
)
def test_the_hosts_of_a_network(typed: str, first: str, last: str, count: int) -> None:
    """The network itself and its broadcast address are no hosts."""
    found = hosts(parse_network(typed))
    assert (found[0], found[-1]) == (IPv4Address(first), IPv4Address(last))
    assert len(found) == len(set(found)) == count
