"""Single values of a reply are read exactly, and nonsense becomes None."""

import math
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.miner_controller.protocols import parse

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)

NO_NUMBERS: tuple[Any, ...] = (
    None,
    True,
    False,
    "17",
    "",
    [17],
    {"value": 17},
    math.nan,
    math.inf,
    -math.inf,
    10**30,
    -(10**30),
    10**400,
)


@pytest.mark.parametrize(
    ("value", "options", "expected"),
    [
        (17, {}, 17),
        (0, {}, 0),
        (11.670000076293945, {"digits": 2}, 11.67),
        (59.875, {"digits": 1}, 59.9),
        (5208.75, {"scale": 1e-3}, 5.209),
        (475, {"scale": 1e9, "maximum": 1e15}, 475e9),
        (-1, {}, None),
        (-52, {"minimum": -127, "maximum": -1}, -52),
        (0, {"minimum": -127, "maximum": -1}, None),
        (100, {"maximum": 100}, 100),
        (100.01, {"maximum": 100}, None),
        # The bounds are those of the scaled number.
        (1500, {"maximum": 10, "scale": 1e-3}, 1.5),
        (1e300, {"maximum": 1e15, "scale": 1e9}, None),
        (1e308, {"scale": 1e9}, None),
    ],
)
def test_a_number_is_scaled_and_rounded(
    value: float, options: dict[str, Any], expected: float | None
) -> None:
    """A number between both ends, which are included, is given in our unit."""
    assert parse.number({"key": value}, "key", **options) == expected


@pytest.mark.parametrize("value", NO_NUMBERS, ids=lambda value: repr(value)[:20])
def test_what_is_no_number_is_none(value: object) -> None:
    """Another type, and a number that is not finite, is no number."""
    reply = {"key": value}
    assert parse.number(reply, "key", minimum=-1e18) is None
    assert parse.positive(reply, "key") is None
    assert parse.count(reply, "key") is None


def test_a_missing_key_is_none() -> None:
    """Each reader answers None, or nothing, for a key that is not there."""
    assert parse.number({}, "key") is None
    assert parse.positive({}, "key") is None
    assert parse.count({}, "key") is None
    assert parse.flag({}, "key") is None
    assert parse.text({}, "key") is None
    assert parse.difficulty({}, "key") is None
    assert parse.mac({}, "key") is None
    assert parse.section({}, "key") == {}
    assert list(parse.rows({}, "key")) == []
    assert parse.numbers({}, "key") == []


@pytest.mark.parametrize(
    ("value", "expected"), [(0, None), (0.0004, None), (-3, None), (2.5, 2.5)]
)
def test_zero_is_no_positive_number(value: float, expected: float | None) -> None:
    """Zero stands for a sensor that is not there."""
    assert parse.positive({"key": value}, "key") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, 0), (7, 7), (7.0, 7), (7.5, None), (-1, None), (2**53, 2**53)],
)
def test_a_count_is_whole(value: float, expected: int | None) -> None:
    """A count is an int, however the number was written."""
    found = parse.count({"key": value}, "key")
    assert found == expected
    assert type(found) is type(expected)


def test_a_count_has_a_maximum() -> None:
    """A count above the maximum is none."""
    assert parse.count({"key": 9}, "key", maximum=9) == 9
    assert parse.count({"key": 10}, "key", maximum=9) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        (False, False),
        (1, True),
        (0, False),
        (2, None),
        (-1, None),
        (1.0, None),
        ("1", None),
        ("true", None),
        (None, None),
        ([], None),
    ],
)
def test_a_flag_is_zero_one_or_a_boolean(value: object, expected: bool | None) -> None:
    """Everything else says neither yes nor no."""
    assert parse.flag({"key": value}, "key") is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("  bitaxe ", "bitaxe"),
        ("bit\x00axe\n", "bitaxe"),
        ("", None),
        (" \t\r\n", None),
        ("\ud800", None),
        ("x" * 300, "x" * 255),
        (17, None),
        (None, None),
        (["bitaxe"], None),
    ],
)
def test_a_text_is_printable_and_short(value: object, expected: str | None) -> None:
    """Control characters are dropped, and what is left may not be empty."""
    assert parse.text({"key": value}, "key") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", 0),
        ("999", 999),
        ("483k", 483e3),
        ("1e+03k", 1e6),
        ("4.29G", 4.29e9),
        ("1.38 G", 1.38e9),
        ("1.38G", 1.38e9),
        ("21.5M", 21.5e6),
        ("1.02T", 1.02e12),
        ("3.5P", 3.5e15),
        ("2E", 2e18),
        (" 4.29g ", 4.29e9),
        (13790464144, 13790464144),
        (10**30, 1e30),
        (10**31, None),
        (1e300, None),
        (float("nan"), None),
        (True, None),
        (-5, None),
        ("", None),
        ("G", None),
        ("-4.29G", None),
        ("4.29  G", None),
        ("4.29X", None),
        ("nan", None),
        ("inf", None),
        ("1e99E", None),
        ("9" * 400, None),
        ("٣k", None),
        ({"best": 1}, None),
    ],
)
def test_a_difficulty_is_a_number_or_has_a_suffix(
    value: object, expected: float | None
) -> None:
    """Each notation of the firmwares is read, and nothing else."""
    found = parse.difficulty({"key": value}, "key")
    assert found == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("5A:51:00:00:00:01", "5a:51:00:00:00:01"),
        ("5a-51-00-00-00-01", "5a:51:00:00:00:01"),
        ("5a5100000001", "5a:51:00:00:00:01"),
        ("00:00:00:00:00:00", None),
        ("FF:FF:FF:FF:FF:FF", None),
        ("5A:51:00:00:00", None),
        ("5G:51:00:00:00:01", None),
        ("", None),
        (0x5A5100000001, None),
    ],
)
def test_a_mac_is_lower_case_with_colons(value: object, expected: str | None) -> None:
    """An address that no device has is none."""
    assert parse.mac({"key": value}, "key") == expected


def test_nested_parts_are_read_where_they_are() -> None:
    """A section is an object, and rows are the objects of a list."""
    reply = {"object": {"a": 1}, "list": [{"b": 2}, 3, None, [{}], {"c": 4}]}
    assert parse.section(reply, "object") == {"a": 1}
    assert parse.section(reply, "list") == {}
    assert list(parse.rows(reply, "list")) == [{"b": 2}, {"c": 4}]
    assert list(parse.rows(reply, "object")) == []


def test_numbers_are_sorted_and_bare_of_nonsense() -> None:
    """Each number is there once, the rest of the list is left out."""
    reply = {"list": [525, "600", 400, None, 525, math.nan, -1, True, 490.5]}
    assert parse.numbers(reply, "list") == [400, 490.5, 525]
    assert parse.numbers({"list": "400"}, "list") == []


@given(JSON_VALUES)
def test_no_value_breaks_a_reader(value: Any) -> None:
    """Whatever JSON holds is read as a sound value or as None."""
    reply = {"key": value}
    for found in (
        parse.number(reply, "key"),
        parse.positive(reply, "key"),
        parse.count(reply, "key"),
        parse.difficulty(reply, "key"),
        *parse.numbers(reply, "key"),
    ):
        assert found is None or (math.isfinite(found) and found >= 0)
    found_text = parse.text(reply, "key")
    assert found_text is None or (found_text.isprintable() and found_text)
    assert parse.flag(reply, "key") in (None, True, False)
    assert parse.mac(reply, "key") is None
    assert isinstance(parse.section(reply, "key"), dict)
    assert all(isinstance(row, dict) for row in parse.rows(reply, "key"))


@given(st.floats(min_value=0, max_value=2**50, width=32))
def test_rounding_keeps_the_number(value: float) -> None:
    """A number is at most half of its last digit away from what was sent."""
    found = parse.number({"key": value}, "key")
    assert found == pytest.approx(value, rel=1e-12, abs=0.000501)
