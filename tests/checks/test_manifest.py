"""The manifest is what Home Assistant, hassfest and HACS accept."""

import re
import tomllib
from typing import Any

import pytest

from .source_tree import INTEGRATION, REPOSITORY, read_json

REQUIRED = {
    "codeowners",
    "documentation",
    "domain",
    "iot_class",
    "issue_tracker",
    "name",
    "version",
}
ALLOWED = REQUIRED | {
    "after_dependencies",
    "config_flow",
    "dependencies",
    "dhcp",
    "integration_type",
    "loggers",
    "quality_scale",
    "requirements",
    "single_config_entry",
    "zeroconf",
}
PROJECT = "https://github.com/Danvic-DEV/miner_controller"


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """Return the manifest."""
    content: dict[str, Any] = read_json(INTEGRATION / "manifest.json")
    return content


def test_the_keys_are_in_order(manifest: dict[str, Any]) -> None:
    """The domain and the name come first, the rest by the alphabet."""
    rest = sorted(manifest.keys() - {"domain", "name"})
    assert list(manifest) == ["domain", "name", *rest]


def test_the_keys_are_known(manifest: dict[str, Any]) -> None:
    """Nothing that is required is absent, and nothing is there that is not a key."""
    assert manifest.keys() >= REQUIRED
    assert manifest.keys() <= ALLOWED


def test_it_names_this_integration(manifest: dict[str, Any]) -> None:
    """The domain is the folder's name, which an update must never change."""
    assert manifest["domain"] == INTEGRATION.name == "miner_controller"
    assert manifest["name"] == "Miner Controller"
    assert manifest["documentation"] == PROJECT
    assert manifest["issue_tracker"] == f"{PROJECT}/issues"
    assert manifest["codeowners"] == ["@Danvic-DEV"]


def test_it_says_how_it_works(manifest: dict[str, Any]) -> None:
    """Home Assistant shows these on the page of the integration."""
    assert manifest["config_flow"] is True
    assert manifest["integration_type"] == "hub"
    assert manifest["iot_class"] == "local_polling"


def test_it_requires_nothing(manifest: dict[str, Any]) -> None:
    """No package of others can break it when Home Assistant is updated."""
    assert manifest["requirements"] == []


def test_the_version_is_a_release(manifest: dict[str, Any]) -> None:
    """The version parses wherever it is read, and is the project's own."""
    assert re.fullmatch(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?", manifest["version"])
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == manifest["version"]
