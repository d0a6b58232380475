"""Addresses are read as people type or paste them."""

from hypothesis import given, strategies as st
import pytest

from custom_components.miner_controller.protocols.address import Address, parse_address


@pytest.mark.parametrize(
    ("typed", "host", "port"),
    [
        ("192.168.1.20", "192.168.1.20", None),
        ("  192.168.1.20\n", "192.168.1.20", None),
        ("192.168.1.20:8080", "192.168.1.20", 8080),
        ("bitaxe", "bitaxe", None),
        ("BitAxe.Local.", "bitaxe.local", None),
        ("bitaxe_2.lan:80", "bitaxe_2.lan", 80),
        ("http://192.168.1.20", "192.168.1.20", None),
        ("http://192.168.1.20/", "192.168.1.20", None),
        ("http://192.168.1.20:80/#/settings", "192.168.1.20", 80),
        ("https://bitaxe.local/index.html?x=1", "bitaxe.local", None),
        ("http://user:secret@bitaxe.local:81/", "bitaxe.local", 81),
    ],
)
def test_an_address_is_understood(typed: str, host: str, port: int | None) -> None:
    """Host and port are taken from names, IP addresses and pasted URLs."""
    assert parse_address(typed) == Address(host=host, port=port)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "http://",
        "://",
        ":80",
        "ftp://192.168.1.20",
        "stratum+tcp://pool.example:3333",
        "192.168.1.20:0",
        "192.168.1.20:99999",
        "192.168.1.20:http",
        "192.168.1.300",
        "192.168.1",
        "1234",
        "my miner",
        "grüße.example",
        "miner!",
        "-miner",
        "miner-",
        "a..b",
        "[fe80::1",
        "[fe80::1]",
        "http://[fe80::1]:8080/",
        "x" * 64,
        ".".join(["abcdefgh"] * 30),
        "\x00",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    """There is one error for everything that cannot be an address."""
    with pytest.raises(ValueError, match=r"^The (address|host) "):
        parse_address(typed)


@given(st.text() | st.from_regex(r"\A(https?://)?[\w.:\[\]@/-]{0,30}\Z"))
def test_any_text_is_an_address_or_refused(typed: str) -> None:
    """No text raises another error, and what is read can be read again."""
    try:
        address = parse_address(typed)
    except ValueError:
        return
    assert address.host
    assert address.port is None or 0 < address.port <= 65535
    port = "" if address.port is None else f":{address.port}"
    assert parse_address(f"{address.host}{port}") == Address(
        host=address.host, port=address.port
    )
