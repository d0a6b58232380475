"""Documents of pools are read exactly, and nonsense becomes None or one error."""

from collections.abc import Callable
import contextlib
from dataclasses import astuple
import math
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.protocols.parse import Reply
from custom_components.miner_controller.sources import (
    braiins_pool,
    ckpool,
    public_pool,
)
from custom_components.miner_controller.sources.pool_service import (
    PoolServiceReplyError,
    PoolStatistics,
)

type Read = Callable[[Reply], PoolStatistics]

# As the services publish them, with invented values.
PUBLIC_POOL: dict[str, Any] = {
    "bestDifficulty": 123456789.1,
    "workersCount": 1,
    "workers": [
        {
            "sessionId": "57a6f098",
            "name": "bitaxe",
            "bestDifficulty": "5827361.22",
            "hashRate": 1.2e12,
            "startTime": "2026-09-23T20:00:00.000Z",
            "lastSeen": "2026-09-23T21:30:00.000Z",
        }
    ],
}
CKPOOL: dict[str, Any] = {
    "hashrate1m": "0",
    "hashrate5m": "0",
    "hashrate1hr": "4.57G",
    "hashrate1d": "85.4T",
    "hashrate7d": "148T",
    "lastshare": 1751962081,
    "workers": 0,
    "shares": 7831260707329,
    "bestshare": 203034806650.409,
    "bestever": 137427866914851,
    "authorised": 1721981103,
    "worker": [{"workername": "bc1q.bitaxe", "hashrate1hr": "4.57G"}],
}
BRAIINS: dict[str, Any] = {
    "all_time_reward": "0.5",
    "current_balance": "0.00123456",
    "today_reward": "0.1",
    "estimated_reward": "0.2",
    "hash_rate_unit": "Gh/s",
    "hash_rate_5m": 28203.76,
    "hash_rate_60m": 28974.6,
    "hash_rate_24h": 29377.1,
    "hash_rate_yesterday": 29633.6,
    "low_workers": 2,
    "off_workers": 1,
    "ok_workers": 3,
    "dis_workers": 1,
}


_DEEP = b"[" * 100_000


def read_braiins(account: Reply) -> PoolStatistics:
    """Read what Braiins Pool tells of an account."""
    return braiins_pool.read_statistics({"username": "u", "btc": account})


READERS: dict[str, tuple[Read, dict[str, Any]]] = {
    "public_pool": (public_pool.read_statistics, PUBLIC_POOL),
    "ckpool": (ckpool.read_statistics, CKPOOL),
    "braiins": (read_braiins, BRAIINS),
}

any_reader = pytest.mark.parametrize(
    ("read", "document"), READERS.values(), ids=READERS
)

# Numbers that no pool tells, and what is no number.
NONSENSE = (None, True, -1, 1e40, math.nan, "", "many", "-1", [1], {"a": 1})


def told(read: Read, document: Reply, changed: Reply, name: str) -> Any:
    """Return one figure of a document, some of whose values are others."""
    return getattr(read({**document, **changed}), name)


@any_reader
def test_a_document(read: Read, document: Reply) -> None:
    """Each figure comes from its field."""
    expected = {
        "public_pool": (1.2e12, 1, 123456789.1, None),
        "ckpool": (4.57e9, 0, 137427866914851.0, None),
        "braiins": (28974.6e9, 5, None, 0.00123456),
    }
    (name,) = (name for name, row in READERS.items() if row[0] is read)
    assert astuple(read(document)) == expected[name]


def test_public_pool_adds_up() -> None:
    """The pool tells the hashrate of each worker, and no sum."""
    for workers, hashrate in (
        ([], 0),
        ([{"hashRate": 1e12}, {"hashRate": 2.5e12}], 3.5e12),
        ([{"hashRate": 0}], 0),
        ([{"hashRate": "1200000000000.5"}], 1_200_000_000_000.5),
        # One that is not known makes the sum unknown.
        ([{"hashRate": 1e12}, {"hashRate": None}], None),
        ([{"hashRate": 1e12}, {}], None),
        ([{"hashRate": 1e12}, "bitaxe"], None),
        ({"hashRate": 1e12}, None),
        (1, None),
    ):
        changed = {"workers": workers}
        found = told(public_pool.read_statistics, PUBLIC_POOL, changed, "hashrate")
        assert found == hashrate, workers


def test_ckpool_has_suffixes() -> None:
    """Forks of it write plain numbers."""
    for text, hashrate in {
        "0": 0,
        "44.4K": 44_400,
        "97M": 97e6,
        "4.57G": 4.57e9,
        "3.97T": 3.97e12,
        "1e+03T": 1e15,
        "1.5P": 1.5e15,
        "2.5E": 2.5e18,
        "23457000000000": 23.457e12,
    }.items():
        changed = {"hashrate1hr": text}
        assert told(ckpool.read_statistics, CKPOOL, changed, "hashrate") == hashrate


def test_the_best_of_ckpool() -> None:
    """Older versions tell one figure, and before the first share there is none."""
    cases: tuple[tuple[Reply, float | None], ...] = (
        ({"bestever": 5}, 5),
        ({"bestever": None, "bestshare": 7.5}, 7.5),
        ({"bestever": 0, "bestshare": 7.5}, None),
        ({"bestever": None, "bestshare": 0}, None),
        ({"bestever": "no", "bestshare": "no"}, None),
    )
    for changed, best in cases:
        found = told(ckpool.read_statistics, CKPOOL, changed, "best_difficulty")
        assert found == best, changed


def test_the_best_of_public_pool() -> None:
    """Zero is no difficulty that a share could have."""
    for best, expected in {"12.5": 12.5, 0: None, None: None}.items():
        read, changed = public_pool.read_statistics, {"bestDifficulty": best}
        assert told(read, PUBLIC_POOL, changed, "best_difficulty") == expected


def test_braiins_has_units() -> None:
    """No unit is assumed."""
    for unit, hashrate in {
        "h/s": 2,
        "kh/s": 2e3,
        "Mh/s": 2e6,
        "Gh/s": 2e9,
        "GH/s": 2e9,
        "Th/s": 2e12,
        "Ph/s": 2e15,
        "Eh/s": 2e18,
        "Sol/s": None,
        "": None,
        None: None,
        9: None,
    }.items():
        changed = {"hash_rate_unit": unit, "hash_rate_60m": 2}
        assert told(read_braiins, BRAIINS, changed, "hashrate") == hashrate, unit


def test_amounts_are_texts() -> None:
    """There are 21 million BTC, and nobody owes the pool."""
    for amount, balance in {
        "0": 0,
        "0.00000001": 1e-8,
        "0E-8": 0,
        "1.5e-7": 1.5e-7,
        "21000000": 21e6,
        "21000000.1": None,
        "1e99": None,
        "1k": None,
        "1_0": None,
        "inf": None,
        "-0.1": None,
        "0,1": None,
        0.5: None,
        None: None,
    }.items():
        changed = {"current_balance": amount}
        assert told(read_braiins, BRAIINS, changed, "balance") == balance, amount


def test_braiins_counts_all_or_nobody() -> None:
    """A part of the workers is no count."""
    for missing in ("ok_workers", "low_workers"):
        assert told(read_braiins, BRAIINS, {missing: None}, "workers") is None


@any_reader
def test_nonsense_is_no_figure(read: Read, document: Reply) -> None:
    """The best difficulty alone does not make a document one of a pool."""
    for value in NONSENSE:
        nonsense = dict.fromkeys(document, value)
        with pytest.raises(PoolServiceReplyError):
            read({**nonsense, "bestDifficulty": 5, "bestever": 5})


@any_reader
def test_the_document_of_another_pool(read: Read, document: Reply) -> None:
    """Whoever chose the wrong service is told so."""
    for _, other in READERS.values():
        if other is not document:
            with pytest.raises(PoolServiceReplyError):
                read(other)


def test_a_file_without_an_object() -> None:
    """It is an error, not a pool without miners."""
    bodies = (b"", b" \n", b"<html>", b"[]", b"17", b"\xff{}", b'{"workers":', _DEEP)
    for body in bodies:
        with pytest.raises(PoolServiceReplyError):
            ckpool._first_object(body)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.just("hashRate") | st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=4,
)


@any_reader
@given(data=st.data())
@settings(max_examples=40)
def test_any_document(read: Read, document: Reply, data: st.DataObject) -> None:
    """Whatever is told, a figure is finite and not negative, or not known."""
    changed = data.draw(
        st.fixed_dictionaries({}, optional=dict.fromkeys(document, VALUES))
    )
    with contextlib.suppress(PoolServiceReplyError):
        for figure in astuple(read({**document, **changed})):
            assert figure is None or (math.isfinite(figure) and figure >= 0)


@given(body=st.binary(max_size=64) | st.text(max_size=64).map(str.encode))
@settings(max_examples=40)
def test_any_file(body: bytes) -> None:
    """A file is an object or an error."""
    with contextlib.suppress(PoolServiceReplyError):
        assert isinstance(ckpool._first_object(body), dict)
