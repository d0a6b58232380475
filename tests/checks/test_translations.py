"""The English texts are valid, complete, and all used."""

from pathlib import Path
from typing import Any

import pytest

from .entity_scan import placeholder_names
from .flow_scan import Use, scan_flows
from .literals import Source
from .source_tree import INTEGRATION, read_json, read_yaml
from .text_scan import scan_source, scan_yaml
from .translation_file import Comparison, declared, file_faults, text_faults


def yaml_uses(folder: Path) -> list[Use]:
    """Return the texts of actions, triggers and conditions."""
    uses: list[Use] = []
    for section in ("conditions", "services", "triggers"):
        path = folder / f"{section}.yaml"
        if path.exists():
            uses.extend(scan_yaml(section, read_yaml(path)))
    return uses


@pytest.fixture(scope="module")
def comparison(source: Source, english: dict[str, Any]) -> Comparison:
    """Return the English texts beside their uses."""
    uses = (*scan_source(source), *scan_flows(source), *yaml_uses(INTEGRATION))
    return Comparison(english, uses)


def test_the_texts_are_valid(english: dict[str, Any]) -> None:
    """Home Assistant accepts the file."""
    assert list(file_faults(english)) == []


def test_every_kind_of_text_is_found(comparison: Comparison) -> None:
    """A scanner that finds nothing would make every other check pass."""
    found = {use.paths[0][0] for use in comparison.uses if use.required}
    assert found >= {"config", "entity", "exceptions", "issues", "options", "services"}


def test_every_used_text_exists(comparison: Comparison) -> None:
    """No user sees a key in the place of a text."""
    assert comparison.missing() == []


def test_every_text_is_used(comparison: Comparison) -> None:
    """Nobody translates what no one sees."""
    assert comparison.unused() == []


def test_every_placeholder_is_given(comparison: Comparison) -> None:
    """A text with a placeholder that nobody fills is shown with its braces."""
    assert comparison.without_placeholder() == []


def test_every_placeholder_of_an_entity_name_is_given(
    source: Source, english: dict[str, Any]
) -> None:
    """Home Assistant refuses an entity whose name cannot be filled."""
    given = placeholder_names(source)
    unfilled = {
        ".".join(path): sorted(names - given)
        for path, names in declared(english).items()
        if path[0] == "entity" and names - given
    }
    assert unfilled == {}


def test_other_languages_have_no_text_of_their_own(english: dict[str, Any]) -> None:
    """A translation is of something: a key without an English text is a mistake."""
    known = declared(english)
    for path in (INTEGRATION / "translations").glob("*.json"):
        assert declared(read_json(path)).keys() <= known.keys(), path.name


@pytest.mark.parametrize(
    "text",
    [
        " leading",
        "trailing ",
        "",
        "see <b>this</b>",
        "see https://example.org",
        "see www.example.org",
        "not '{name}'",
        "not {a b}",
        "not {",
        "[%key:common::x%]",
        1,
    ],
)
def test_a_bad_text_is_refused(text: Any) -> None:
    """Each rule for texts is applied."""
    assert list(text_faults(text))


@pytest.mark.parametrize("text", ["Plain", "With {name} (5 < 6)", "50 % of all"])
def test_a_good_text_is_accepted(text: str) -> None:
    """The rules refuse nothing that is right."""
    assert list(text_faults(text)) == []


@pytest.mark.parametrize(
    "content",
    [
        {"strings": {}},
        {"exceptions": {"Bad Key": {"message": "x"}}},
        {"exceptions": {"_bad": {"message": "x"}}},
        {"exceptions": {"x": {"text": "x"}}},
        {"config": {"error": {}}},
        {"config": {"step": {"user": {"data_description": {"host": "x"}}}}},
        {"config": {"step": {"user": {"text": "x"}}}},
        {"config": {"step": {}, "errors": {"x": "y"}}},
        {"config_subentries": {"pool": {"step": {}}}},
        {"issues": {"x": {"title": "x"}}},
        {"issues": {"x": {"title": "x", "description": "x", "fix_flow": {"step": {}}}}},
        {"services": {"unlock": {"name": "x"}}},
    ],
)
def test_a_bad_file_is_refused(content: dict[str, Any]) -> None:
    """Each rule for the shape of the file is applied."""
    assert list(file_faults(content))


CONTENT: dict[str, Any] = {
    "config": {
        "step": {"user": {"title": "At {where}", "data": {"host": "Host"}}},
        "error": {"timeout": "{where} did not answer"},
    },
    "exceptions": {"refused": {"message": "{miner} said {words}"}},
    "entity": {"sensor": {"fan_2": {"name": "Fan 2"}}},
}
STEP = Use((("config", "step", "user"),), "a:1", frozenset({"where"}))
FIELD = Use((("config", "step", "*", "data", "host"),), "a:2")
ERROR = Use((("config", "error", "timeout"), ("options", "error", "timeout")), "a:3")
REFUSED = Use((("exceptions", "refused"),), "a:4", frozenset({"miner", "words"}))
FAN = Use((("entity", "sensor", "fan_*"),), "a:5")
ALL = (STEP, FIELD, ERROR, REFUSED, FAN)


def test_texts_that_fit_are_accepted() -> None:
    """Nothing is missing, left over or unfilled in a file that fits its source."""
    comparison = Comparison(CONTENT, ALL)
    assert comparison.missing() == []
    assert comparison.unused() == []
    assert comparison.without_placeholder() == []


def test_a_missing_text_is_found() -> None:
    """A key of the source without a text is named with its place."""
    uses = (*ALL, Use((("exceptions", "absent"),), "b.py:7"))
    assert Comparison(CONTENT, uses).missing() == ["exceptions.absent (b.py:7)"]


def test_an_unused_text_is_found() -> None:
    """A text is unused although a text beside it is used."""
    uses = (STEP, FIELD, ERROR, FAN)
    assert Comparison(CONTENT, uses).unused() == ["exceptions.refused"]


def test_a_text_that_may_be_there_need_not_be() -> None:
    """Weak uses keep a text, and demand none."""
    weak = Use((("exceptions", "absent"),), "b.py:7", required=False)
    assert Comparison(CONTENT, (*ALL, weak)).missing() == []


def test_an_unfilled_placeholder_is_found() -> None:
    """Placeholders are checked for errors, and for what a form shows."""
    refused = Use(REFUSED.paths, "b.py:7", frozenset({"miner"}))
    step = Use(STEP.paths, "b.py:8", frozenset())
    assert Comparison(CONTENT, (step, ERROR, refused)).without_placeholder() == [
        "config.error.timeout needs where (a:3)",
        "config.step.user needs where (b.py:8)",
        "exceptions.refused needs words (b.py:7)",
    ]
