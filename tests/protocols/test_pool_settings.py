"""Addresses, settings and logins of pools and pages are taken only as they can be."""

from hashlib import sha256

from hypothesis import example, given, strategies as st
import pytest

from custom_components.miner_controller.protocols.errors import MinerUnsupportedError
from custom_components.miner_controller.protocols.model import Pool
from custom_components.miner_controller.protocols.pool_address import (
    parse_pool_address,
)
from custom_components.miner_controller.protocols.pool_settings import (
    PoolSettings,
    check_pool,
    is_sendable,
)
from custom_components.miner_controller.protocols.web_login import WebLogin


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("stratum+tcp://pool.example:3333", "pool.example", 3333),
        ("stratum+ssl://pool.example:443", "pool.example", 443),
        ("STRATUM+TCP://Pool.Example:3333", "pool.example", 3333),
        ("http://pool.example", "pool.example", None),
        ("pool.example:3333", "pool.example", 3333),
        ("pool.example", "pool.example", None),
        ("192.0.2.7:3333", "192.0.2.7", 3333),
        ("  pool.example:1  ", "pool.example", 1),
        ("pool.example:65535/path", "pool.example", 65535),
        ("pool.example:3333/#xnsub", "pool.example", 3333),
        ("stratum+tcp://payout:secret@pool.example:3333", "pool.example", 3333),
        ("stratum+tcp://payout@pool.example", "pool.example", None),
    ],
)
def test_an_address(url: str, host: str, port: int | None) -> None:
    """Scheme, user and path are left out."""
    assert parse_pool_address(url) == Pool(host=host, port=port)


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        ":3333",
        "stratum+tcp://",
        "stratum+tcp://:3333",
        "pool.example:0",
        "pool.example:65536",
        "pool.example:123456",
        "pool.example:port",
        "pool.example:",
        "pool.example:-1",
        "pool example:3333",
        "pool.example:3333 x",
        "pool.example:٣٣٣٣",
        "p" * 241,
        "\n",
    ],
)
def test_no_address(url: str) -> None:
    """What is no address has no host."""
    assert parse_pool_address(url) is None


@example("pool\x1b.example:3333")
@example("pool\u202e.example:3333")
@given(st.text(max_size=40) | st.text("abc:/@.+ 0123456789", max_size=40))
def test_any_text_is_an_address_or_none(url: str) -> None:
    """A host can be shown, and is never a user."""
    if (pool := parse_pool_address(url)) is None:
        return
    assert pool.host
    assert pool.host.isprintable()
    assert not set(pool.host) & set(" :/@")
    assert pool.port is None or 0 < pool.port < 65536
    assert pool.user is None


@pytest.mark.parametrize("text", ["x", "d=1024", "me.worker_1-2", "~!#[]", "y" * 255])
def test_what_can_be_sent(text: str) -> None:
    """Printable characters of ASCII can."""
    assert is_sendable(text)


@pytest.mark.parametrize(
    "text", ["", " ", "a,b", "a\\b", "a b", "a\n", "\0", "ü", "y" * 256, "\x7f"]
)
def test_what_cannot_be_sent(text: str) -> None:
    """Neither commas nor backslashes, blanks and what is no ASCII."""
    assert not is_sendable(text)


@given(st.text(max_size=20))
def test_only_what_is_one_parameter_can_be_sent(text: str) -> None:
    """Whatever passes stays one parameter of a command."""
    plain = text.isascii() and text.isprintable() and not set(text) & set(" ,\\")
    assert is_sendable(text) is (plain and text != "")


@pytest.mark.parametrize(
    ("changes", "unusable"),
    [
        ({}, None),
        ({"password": "d=1024"}, None),
        ({"url": "no address"}, "url"),
        ({"url": "pool.example:0"}, "url"),
        ({"url": "stratum+tcp://pool.example:3333/a,b"}, "url"),
        ({"url": " pool.example:3333"}, "url"),
        ({"worker": ""}, "worker"),
        ({"worker": "me,you"}, "worker"),
        ({"worker": "", "password": ""}, "worker"),
        ({"password": ""}, "password"),
        ({"password": "a\\,b"}, "password"),
    ],
)
def test_the_first_setting_that_cannot_be_used(
    changes: dict[str, str], unusable: str | None
) -> None:
    """It is named, so that its owner can mend it."""
    values = {"url": "stratum+tcp://pool.example:3333", "worker": "me", **changes}
    assert PoolSettings(**values).unusable == unusable


def test_the_second_version_is_sent_to_nobody() -> None:
    """A miner would restart for a pool that it cannot speak to."""
    check_pool(PoolSettings(url="stratum+tls://pool.example:1", worker="me"))
    for scheme in ("stratum2+tcp", "SV2"):
        with pytest.raises(MinerUnsupportedError):
            check_pool(PoolSettings(url=f"{scheme}://pool.example:1", worker="me"))


def test_a_password_has_the_usual_default() -> None:
    """Most pools do not look at it."""
    assert PoolSettings(url="pool.example:1", worker="me").password == "x"


def test_nothing_shows_a_secret() -> None:
    """Neither the worker's name nor a password is in what logs show."""
    shown = repr(PoolSettings(url="pool.one:1", worker="payout", password="poolsecret"))
    shown += repr(WebLogin(user="webuser", password="websecret"))
    for secret in ("pool.one", "payout", "poolsecret", "webuser", "websecret"):
        assert secret not in shown


@given(st.text(min_size=1, max_size=30).filter(str.isprintable))
def test_the_token_of_a_login(password: str) -> None:
    """It follows from the password alone, and can be sent."""
    token = WebLogin(user="a", password=password).token
    assert token == WebLogin(user="b", password=password).token
    assert token == "ff0000ff" + sha256(password.encode()).hexdigest()[:24]
    assert is_sendable(token)
