"""Rules that hold for every file of the repository."""

import ast
from collections.abc import Callable
from pathlib import Path
import re
from typing import Any

import pytest

from .source_tree import REPOSITORY, own_files, parse_json, parse_yaml, read_modules

# The dots are in brackets, so that this file is not its own finding.
INDEX_HOSTS = re.compile(
    r"pypi[.](?:org|python[.]org)|pythonhosted[.](?:org|com)|registry[.]npm"
)
MACHINE_PATH = re.compile(r"(?<![\w.$}/~-])/(?:home|root|work|Users)/[\w.]")
BINARY = {".gz", ".ico", ".jpg", ".png", ".woff2", ".zip"}


def text_files() -> list[Path]:
    """Return the repository's files that are text."""
    return [path for path in own_files() if path.suffix not in BINARY]


def found_in_files(pattern: re.Pattern[str]) -> list[str]:
    """Return each line of the repository that a pattern is found in."""
    return [
        f"{path.relative_to(REPOSITORY)}:{number}: {line.strip()[:100]}"
        for path in text_files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_files_are_found() -> None:
    """A list without files would make every other check pass."""
    names = {path.relative_to(REPOSITORY).as_posix() for path in own_files()}
    assert {"hacs.json", "pyproject.toml", "scripts/brand"} <= names
    assert not any(name.startswith(".venv") for name in names)


def test_no_package_index_is_named() -> None:
    """Where packages come from is a setting of the machine, not of the project."""
    assert found_in_files(INDEX_HOSTS) == []


def test_no_path_of_a_machine_is_named() -> None:
    """A path that is there on one machine only does not work on another."""
    assert found_in_files(MACHINE_PATH) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cd /home/" + "someone/project", True),
        ('"/work/' + 'project"', True),
        ("/root/" + ".bashrc", True),
        ("https://example.org/home/page", False),
        ("/homeassistant/config", False),
        ("${ROOT}/home/x", False),
    ],
)
def test_a_path_of_a_machine_is_recognised(text: str, found: bool) -> None:
    """An address and a relative path are not meant."""
    assert bool(MACHINE_PATH.search(text)) == found


@pytest.mark.parametrize("host", ["pypi." + "org", "files.pythonhosted." + "org"])
def test_a_package_index_is_recognised(host: str) -> None:
    """The hosts of the two usual indexes are meant."""
    assert INDEX_HOSTS.search(f"https://{host}/simple")


@pytest.mark.parametrize("folder", ["custom_components", "simulator"])
def test_every_module_says_what_it_is(folder: str) -> None:
    """A module begins with a sentence about itself."""
    modules = read_modules(REPOSITORY / folder)
    assert modules
    assert [m.name for m in modules if not ast.get_docstring(m.tree)] == []


@pytest.mark.parametrize(
    ("suffixes", "parse"),
    [({".json"}, parse_json), ({".yaml", ".yml"}, parse_yaml)],
    ids=["json", "yaml"],
)
def test_every_data_file_can_be_read(
    suffixes: set[str], parse: Callable[[str], Any]
) -> None:
    """No key is there twice, which readers accept by dropping one of them."""
    paths = [path for path in own_files() if path.suffix in suffixes]
    assert paths
    faults = {}
    for path in paths:
        try:
            parse(path.read_text("utf-8"))
        except ValueError as err:
            faults[path.relative_to(REPOSITORY).as_posix()] = str(err)
    assert faults == {}


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_json, '{"a": 1, "a": 2}'),
        (parse_json, '{"a": {"b": 1, "b": 2}}'),
        (parse_yaml, "a: 1\na: 2\n"),
        (parse_yaml, "a:\n  b: 1\n  b: 2\n"),
    ],
)
def test_a_key_given_twice_is_refused(parse: Callable[[str], Any], text: str) -> None:
    """The usual readers would say nothing."""
    with pytest.raises(ValueError, match="given twice"):
        parse(text)


def test_tags_of_home_assistant_are_read() -> None:
    """A blueprint names its inputs with a tag."""
    assert parse_yaml("a: !input mode\nb: !x [1]\n") == {"a": "mode", "b": [1]}
