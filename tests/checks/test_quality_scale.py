"""The self-assessment names every rule of Home Assistant's quality scale."""

from typing import Any

import pytest

from .source_tree import INTEGRATION, read_yaml

RULES = {
    "action-exceptions",
    "action-setup",
    "appropriate-polling",
    "async-dependency",
    "brands",
    "common-modules",
    "config-entry-unloading",
    "config-flow",
    "config-flow-test-coverage",
    "dependency-transparency",
    "devices",
    "diagnostics",
    "discovery",
    "discovery-update-info",
    "docs-actions",
    "docs-conditions",
    "docs-configuration-parameters",
    "docs-data-update",
    "docs-examples",
    "docs-high-level-description",
    "docs-installation-instructions",
    "docs-installation-parameters",
    "docs-known-limitations",
    "docs-removal-instructions",
    "docs-supported-devices",
    "docs-supported-functions",
    "docs-triggers",
    "docs-troubleshooting",
    "docs-use-cases",
    "dynamic-devices",
    "entity-category",
    "entity-device-class",
    "entity-disabled-by-default",
    "entity-event-setup",
    "entity-translations",
    "entity-unavailable",
    "entity-unique-id",
    "exception-translations",
    "has-entity-name",
    "icon-translations",
    "inject-websession",
    "integration-owner",
    "log-when-unavailable",
    "parallel-updates",
    "reauthentication-flow",
    "reconfiguration-flow",
    "repair-issues",
    "runtime-data",
    "stale-devices",
    "strict-typing",
    "test-before-configure",
    "test-before-setup",
    "test-coverage",
    "unique-config-entry",
}


@pytest.fixture(scope="module")
def rules() -> dict[str, Any]:
    """Return what the integration says of each rule."""
    content: dict[str, dict[str, Any]] = read_yaml(INTEGRATION / "quality_scale.yaml")
    assert content.keys() == {"rules"}
    return content["rules"]


def test_every_rule_is_there(rules: dict[str, Any]) -> None:
    """There are 54 rules, and no others."""
    assert len(RULES) == 54
    assert rules.keys() == RULES


def test_every_rule_is_met_or_does_not_apply(rules: dict[str, Any]) -> None:
    """An exemption says why; nothing is left to do."""
    for rule, status in rules.items():
        if status == "done":
            continue
        assert status.keys() == {"status", "comment"}, rule
        assert status["status"] in {"done", "exempt"}, rule
        assert status["comment"].strip().endswith("."), rule


@pytest.mark.parametrize(
    ("rule", "file"),
    [("docs-conditions", "conditions.yaml"), ("docs-triggers", "triggers.yaml")],
)
def test_an_exemption_is_still_true(
    rules: dict[str, Any], rule: str, file: str
) -> None:
    """What the integration has has to be documented."""
    assert (rules[rule] == "done") == (INTEGRATION / file).exists()
