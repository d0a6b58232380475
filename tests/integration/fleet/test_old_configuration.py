"""Tests for reading the configuration of the old application."""

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.fleet.old_configuration import (
    MOST_CHARACTERS,
    LineKind,
    OldConfigurationError,
    OldFault,
    OldMiner,
    OldPool,
    parse_old_configuration,
)
from custom_components.miner_controller.protocols.stratum_address import StratumAddress

CANARY = "canary-password"


def test_the_file_of_the_application() -> None:
    """A file as the application writes it, with more than is taken over."""
    old = parse_old_configuration(f"""
mqtt:
  enabled: false
  password: ''
octopus_agile:
  region: H
miners:
- name: Kitchen
  miner_type: avalon_nano
  ip_address: 192.168.1.20
  port: 4028
  enabled: true
  config: null
- name: Shed
  miner_type: nmminer
  ip_address: 192.168.1.21
  port: 12345
- name: Attic
  miner_type: bitaxe
  ip_address: 192.168.1.22
  port: null
pools:
- name: Solo
  url: solo.example
  port: 3333
  user: bc1qcanary
  password: {CANARY}
  enabled: true
  priority: 0
- name: Second
  url: stratum+tls://pool.example:4333
  port: 3333
  user: account.{{mac}}
  password: 007
  priority: 3
  weight: 5
""")
    assert old.miners == (
        OldMiner(name="Kitchen", address="192.168.1.20:4028"),
        # Nothing answers at the port to which it broadcasts.
        OldMiner(name="Shed", address="192.168.1.21"),
        OldMiner(name="Attic", address="192.168.1.22"),
    )
    assert old.pools == (
        OldPool(
            name="Solo",
            address=StratumAddress(host="solo.example", port=3333),
            worker="bc1qcanary.{miner}",
            password=CANARY,
        ),
        OldPool(
            name="Second",
            address=StratumAddress(host="pool.example", port=4333, tls=True),
            worker="account.{mac}",
            password="007",
            priority=3,
            weight=5,
        ),
    )
    assert old.faults == ()
    for private in (CANARY, "bc1qcanary"):
        assert private not in repr(old)


def test_other_spellings() -> None:
    """Fields go by the names that versions and people have for them."""
    old = parse_old_configuration("""
miners:
  - {Host: 'http://192.168.1.20:8080/', port: 80}
  - {title: " Two  words ", IP: miner.local, type: Bitaxe, port: 0}
  - {name: ~, address: 192.168.1.22}
pools:
  - {address: pool.example, port: '3333', wallet: bc1q, pass: ""}
  - {host: "stratum+ssl://user@Pool.Example/", port: 3334, username: me}
""")
    assert [(miner.name, miner.address) for miner in old.miners] == [
        ("", "192.168.1.20:8080"),
        ("Two words", "miner.local"),
        ("", "192.168.1.22"),
    ]
    assert [(pool.name, str(pool.address)) for pool in old.pools] == [
        ("pool.example", "stratum+tcp://pool.example:3333"),
        ("pool.example", "stratum+tls://pool.example:3334"),
    ]
    assert [pool.password for pool in old.pools] == ["x", "x"]
    assert old.faults == ()


def test_one_list_is_enough() -> None:
    """A list may be missing, empty, or something else than a list."""
    only_pool = "pools: [{url: 'a.example:1', user: u}]\nminers: "
    for miners in ("", "[]", "none", "{a: b}"):
        assert len(parse_old_configuration(only_pool + miners).pools) == 1
    assert parse_old_configuration("miners: [{ip: a}]").pools == ()


def test_lines_that_make_no_sense() -> None:
    """A line that is odd is a fault, and the others are taken."""
    lines = {
        LineKind.MINER: (
            "{name: computer, type: xmrig, ip: 192.168.1.9}",
            "{name: all, ip: 0.0.0.0}",
            "{name: number, ip: 192.168.1.300}",
            "{name: nowhere}",
            "{name: list, ip: [192.168.1.9]}",
            "{name: secret, ip: !secret address}",
            "{name: port, ip: 192.168.1.9, port: 65536}",
            "{name: text, ip: 192.168.1.9, port: usual}",
        ),
        LineKind.POOL: (
            "{name: no port, url: a.example, user: u}",
            "{name: scheme, url: 'http://a.example:1', user: u}",
            "{name: unreadable, url: '???', user: u}",
            "{name: nobody, url: 'a.example:1'}",
            "{name: hidden, url: 'a.example:1', user: u, password: !secret p}",
            "{name: negative, url: 'a.example:1', user: u, priority: -1}",
            "{name: long, url: 'a.example:1', user: u, weight: 100000}",
        ),
    }
    text = "\n".join(
        f"{kind}s:\n" + "".join(f"  - {line}\n" for line in found)
        for kind, found in lines.items()
    )
    nameless = '  - just text\n  - {name: "\\uD800"}\n  - {name: ' + "n" * 101 + "}\n"
    good = "  - {name: good, url: 'a.example:1', user: u}\n"
    old = parse_old_configuration(text + nameless + good)
    assert old.miners == ()
    assert [pool.name for pool in old.pools] == ["good"]
    assert [fault.name for fault in old.faults] == [
        *("computer", "all", "number", "nowhere", "list", "secret", "port", "text"),
        *("no port", "scheme", "unreadable", "nobody", "hidden", "negative", "long"),
        *("#8", "#9", "#10"),
    ]
    assert old.faults[0] == OldFault(kind=LineKind.MINER, name="computer")
    assert old.faults[-1].kind is LineKind.POOL


# Texts that are no configuration, and the key of what is said of them.
NO_CONFIGURATIONS = (
    ("x" * (MOST_CHARACTERS + 1), "configuration_too_large"),
    ("miners:\n" + "- a\n" * 1001, "configuration_too_large"),
    ("a: b: c", "configuration_unreadable"),
    ("[" * 500, "configuration_unreadable"),
    ("pools: " + "[" * 20 + "]" * 20, "configuration_unreadable"),
    ("a: &a [1]\nb: [*a, *a]", "configuration_unreadable"),
    ('"\\U00110000"', "configuration_unreadable"),
    ('"\\UFFFFFFFF"', "configuration_unreadable"),
    ("miners: []\n---\nmore: []", "configuration_unreadable"),
    ("", "configuration_empty"),
    ("just text", "configuration_empty"),
    ("? [a]\n: b", "configuration_empty"),
    ("miners: []\npools: []", "configuration_empty"),
    ("!!python/object/apply:os.system ['true']", "configuration_empty"),
)


def test_no_configuration() -> None:
    """What is no configuration is told in words that do not quote it."""
    for text, key in NO_CONFIGURATIONS:
        with pytest.raises(OldConfigurationError) as caught:
            parse_old_configuration(text)
        assert caught.value.key == key, text[:20]
        assert str(caught.value) == key
        assert caught.value.__cause__ is None


@given(
    st.text(alphabet=st.sampled_from("miners:pol \n-{}[]&*!'\"#,0x~|>?%@\\"))
    | st.text()
    | st.builds("miners: [{{ip: {}, port: {}}}]".format, st.text(), st.text())
    | st.builds("pools: [{{url: {}, user: {}}}]".format, st.text(), st.text())
)
@settings(max_examples=50, deadline=None)
def test_any_text(text: str) -> None:
    """No text is more than a mistake."""
    try:
        old = parse_old_configuration(text)
    except OldConfigurationError:
        return
    assert old.miners or old.pools or old.faults
