"""Tests of the reading of strings from source."""

import ast
from pathlib import Path

import pytest

from .literals import Strings
from .snippets import make_source

CODE = """
from enum import StrEnum, auto
from homeassistant.const import CONF_HOST
from .const import ERROR_TIMEOUT as TIMEOUT

BASE = "base"
KEYS = {KeyError: "missing", ValueError: "invalid"}
NAMED = {"a": "one", "b": "two"}
LIST = ["x", *("y", "z")]
TABLE = (("first", 1), ("second", 2))

class Mode(StrEnum):
    ECO = "eco"
    TURBO = auto()

class Entity:
    _attr_kind = "class"
    def __init__(self):
        self._attr_kind = "method"
    def kind(self):
        return probe(self._attr_kind)

def returned(flag):
    if flag:
        return "yes"
    return "no"

def local(flag):
    reason = "late"
    if flag:
        reason = "early"
    return probe(reason)

def given(key, other="default"):
    return probe(key), probe(other)

def loops():
    for name, _ in TABLE:
        probe(name)
    return [probe(mode.value) for mode in Mode]

given("by_position")
given(key="by_keyword", other="said")
"""


def ask(tmp_path: Path, expression: str) -> Strings:
    """Return what is read for an expression at the end of the code."""
    source = make_source(
        tmp_path, code=f"{CODE}\nasked({expression})\n", const='ERROR_TIMEOUT = "late"'
    )
    return source.strings(source.calls["asked"][0].args[0])


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('"plain"', {"plain"}),
        ("None", set()),
        ("BASE", {"base"}),
        ("CONF_HOST", {"host"}),
        ("TIMEOUT", {"late"}),
        ('"a" if BASE else "b"', {"a", "b"}),
        ('f"{BASE}_x"', {"base_x"}),
        ("KEYS[type(err)]", {"missing", "invalid"}),
        ('NAMED["a"]', {"one"}),
        ('KEYS.get(err, "other")', {"missing", "invalid", "other"}),
        ("Mode.ECO", {"eco"}),
        ("Mode.TURBO.value", {"turbo"}),
        ("returned(1)", {"yes", "no"}),
        ("Mode.ECO.name.lower()", {"eco"}),
    ],
)
def test_an_expression_is_read(
    tmp_path: Path, expression: str, expected: set[str]
) -> None:
    """Each way to write a string that the integration may use is followed."""
    assert ask(tmp_path, expression) == Strings(frozenset(expected))


@pytest.mark.parametrize("expression", ["unheard_of", "error.key", "str(1 + 1)"])
def test_what_cannot_be_read_is_said_to_be_incomplete(
    tmp_path: Path, expression: str
) -> None:
    """A scanner has to know that there may be more."""
    assert ask(tmp_path, expression) == Strings(complete=False)


def test_the_unknown_part_of_a_string_is_an_asterisk(tmp_path: Path) -> None:
    """A key with a number in it is compared as a pattern."""
    assert ask(tmp_path, 'f"fan_{number}"') == Strings(frozenset({"fan_*"}))


def test_names_inside_functions_are_followed(tmp_path: Path) -> None:
    """A parameter has the values of all calls, a variable those assigned to it."""
    source = make_source(tmp_path, code=CODE)
    read = {
        ast.unparse(call.args[0]): source.strings(call.args[0]).values
        for call in source.calls["probe"]
    }
    assert read == {
        "self._attr_kind": {"class", "method"},
        "reason": {"late", "early"},
        "key": {"by_position", "by_keyword"},
        "other": {"default", "said"},
        "name": {"first", "second"},
        "mode.value": {"eco", "turbo"},
    }


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("LIST", {"x", "y", "z"}),
        ("Mode", {"eco", "turbo"}),
        ("list(Mode)", {"eco", "turbo"}),
        ("NAMED", {"a", "b"}),
        ("sorted(NAMED.values())", {"one", "two"}),
        ('[*LIST, "w"]', {"w", "x", "y", "z"}),
        ("[mode.value for mode in Mode]", {"eco", "turbo"}),
    ],
)
def test_the_elements_of_a_list_are_read(
    tmp_path: Path, expression: str, expected: set[str]
) -> None:
    """The options of a select may be written in several ways."""
    source = make_source(tmp_path, code=f"{CODE}\nasked({expression})\n")
    found = source.elements(source.calls["asked"][0].args[0])
    assert found == Strings(frozenset(expected))
