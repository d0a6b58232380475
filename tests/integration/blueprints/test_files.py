"""Tests of what all blueprints have in common."""

from pathlib import Path

from homeassistant.components.automation.config import (
    AUTOMATION_BLUEPRINT_SCHEMA,
)
from homeassistant.components.blueprint import Blueprint
import pytest

from .arrangement import FILES, content, inputs

REPOSITORY = "https://github.com/Danvic-DEV/miner_controller/blob/main"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_blueprint(file: Path) -> None:
    """Home Assistant takes a blueprint, which says all that its user has to know."""
    blueprint = Blueprint(
        content(file),
        expected_domain="automation",
        schema=AUTOMATION_BLUEPRINT_SCHEMA,
    )
    assert blueprint.validate() is None
    assert blueprint.metadata["description"]
    assert blueprint.metadata["homeassistant"] == {"min_version": "2026.10.0"}
    assert blueprint.metadata["source_url"] == (
        f"{REPOSITORY}/custom_components/miner_controller/blueprints/automation/"
        f"{file.name}"
    )
    for key, item in inputs(blueprint.data).items():
        assert item["name"], key
        assert item["selector"], key
