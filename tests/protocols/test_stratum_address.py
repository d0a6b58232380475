"""Tests for the addresses of pools."""

from hypothesis import given, strategies as st
import pytest

from custom_components.miner_controller.protocols.stratum_address import (
    AddressUnreadableError,
    PortMissingError,
    SchemeUnknownError,
    StratumAddress,
    StratumAddressError,
    parse_stratum_address,
)


@pytest.mark.parametrize(
    ("text", "tls", "version"),
    [
        ("pool.example:3333", False, 1),
        ("stratum+tcp://pool.example:3333", False, 1),
        ("STRATUM+TCP://Pool.Example:3333/", False, 1),
        ("  tcp://pool.example:3333  ", False, 1),
        ("stratum+ssl://pool.example:3333", True, 1),
        ("stratum+tls://user.worker@pool.example:3333", True, 1),
        ("ssl://pool.example:3333", True, 1),
        ("stratum2+tcp://pool.example:3333/key", False, 2),
    ],
)
def test_what_people_type(text: str, tls: bool, version: int) -> None:
    """The scheme tells how a pool is spoken to; a user is left out."""
    assert parse_stratum_address(text) == StratumAddress(
        host="pool.example", port=3333, tls=tls, version=version
    )


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", AddressUnreadableError),
        ("pool example:3333", AddressUnreadableError),
        ("stratum+tcp://:3333", AddressUnreadableError),
        ("pool.example:99999", AddressUnreadableError),
        ("pool.example", PortMissingError),
        ("stratum+tcp://pool.example", PortMissingError),
        ("https://pool.example:443", SchemeUnknownError),
        ("stratum+udp://pool.example:3333", SchemeUnknownError),
    ],
)
def test_what_is_no_address(text: str, error: type[StratumAddressError]) -> None:
    """Each mistake has a name of its own."""
    with pytest.raises(error):
        parse_stratum_address(text)


@pytest.mark.parametrize(
    "address",
    [
        StratumAddress(host="pool.example", port=3333),
        StratumAddress(host="pool.example", port=4333, tls=True),
        StratumAddress(host="10.0.0.5", port=3336, version=2),
    ],
)
def test_an_address_is_written_as_it_is_read(address: StratumAddress) -> None:
    """What is shown can be typed again."""
    assert parse_stratum_address(str(address)) == address


@given(st.text(max_size=60))
def test_whatever_is_typed(text: str) -> None:
    """It is an address or one of few errors."""
    try:
        found = parse_stratum_address(text)
    except StratumAddressError:
        return
    assert 0 < found.port < 65536
    assert found.host
