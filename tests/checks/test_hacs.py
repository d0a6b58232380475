"""The repository can be installed from the store."""

import re
from typing import Any

import pytest

from .source_tree import INTEGRATION, REPOSITORY, read_json

ALLOWED: dict[str, type | tuple[type, ...]] = {
    "content_in_root": bool,
    "country": (str, list),
    "filename": str,
    "hacs": str,
    "hide_default_branch": bool,
    "homeassistant": str,
    "name": str,
    "persistent_directory": str,
    "render_readme": bool,
    "zip_release": bool,
}


@pytest.fixture(scope="module")
def hacs() -> dict[str, Any]:
    """Return what the repository tells the store."""
    content: dict[str, Any] = read_json(REPOSITORY / "hacs.json")
    return content


def test_the_keys_are_known(hacs: dict[str, Any]) -> None:
    """The store refuses a file with any other key, or with another type."""
    assert hacs.keys() <= ALLOWED.keys()
    for key, value in hacs.items():
        assert isinstance(value, ALLOWED[key]), key


def test_it_names_this_integration(hacs: dict[str, Any]) -> None:
    """The store shows the name that Home Assistant shows."""
    assert hacs["name"] == read_json(INTEGRATION / "manifest.json")["name"]


def test_a_release_is_an_archive(hacs: dict[str, Any]) -> None:
    """The store takes the file that the release workflow makes."""
    assert hacs["zip_release"] is True
    assert hacs["filename"] == f"{INTEGRATION.name}.zip"
    workflow = REPOSITORY / ".github" / "workflows" / "release.yml"
    assert hacs["filename"] in workflow.read_text("utf-8")


def test_the_least_version_is_a_version(hacs: dict[str, Any]) -> None:
    """The store compares it with the Home Assistant that is running."""
    assert re.fullmatch(r"20\d\d\.(?:[1-9]|1[0-2])\.\d+", hacs["homeassistant"])


def test_there_is_one_integration() -> None:
    """The store looks for a single folder."""
    folders = [
        path.name
        for path in (REPOSITORY / "custom_components").iterdir()
        if path.is_dir() and path.name != "__pycache__"
    ]
    assert folders == [INTEGRATION.name]


@pytest.mark.parametrize("name", ["README.md", "info.md"])
def test_there_is_a_page_to_read(name: str) -> None:
    """The store shows a page before anybody installs."""
    text = (REPOSITORY / name).read_text("utf-8")
    assert text.startswith("# Miner Controller\n")


def test_the_licence_is_recognised() -> None:
    """The store asks for a licence that GitHub knows by its words."""
    text = (REPOSITORY / "LICENSE").read_text("utf-8")
    assert text.startswith("MIT License\n\nCopyright (c) 2026 Danvic-DEV\n")
    assert "without restriction" in text
