"""The dashboard offers the blueprints that come with the integration, as they are."""

from typing import Any

import pytest

from .source_tree import INTEGRATION, REPOSITORY, read_json, read_yaml

SHIPPED = INTEGRATION / "blueprints" / "automation"
OFFERED = REPOSITORY / "frontend" / "src" / "strategy" / "blueprints.json"


@pytest.fixture(scope="module")
def offered() -> dict[str, dict[str, str]]:
    """Return what the dashboard says of each blueprint, by the names of their files."""
    content: Any = read_json(OFFERED)
    return {blueprint["file"]: blueprint for blueprint in content}


def test_each_blueprint_is_offered(offered: dict[str, dict[str, str]]) -> None:
    """No blueprint is left out, and none is offered that is not there."""
    assert sorted(offered) == sorted(path.name for path in SHIPPED.glob("*.yaml"))


def test_blueprints_say_the_same_of_themselves(
    offered: dict[str, dict[str, str]],
) -> None:
    """A blueprint has its name, and the first paragraph of its description."""
    for file, blueprint in offered.items():
        itself = read_yaml(SHIPPED / file)["blueprint"]
        assert blueprint["name"] == itself["name"]
        paragraph = itself["description"].split("\n", 1)[0].strip()
        assert blueprint["description"] == paragraph


def test_blueprints_come_from_where_they_say(
    offered: dict[str, dict[str, str]],
) -> None:
    """An imported blueprint is known by the address that the dashboard imports."""
    view = (OFFERED.parent / "automations.ts").read_text(encoding="utf-8")
    for file in offered:
        address = read_yaml(SHIPPED / file)["blueprint"]["source_url"]
        assert address.endswith(f"/{file}")
        folder = address.removesuffix(file).replace("miner_controller", "${DOMAIN}")
        assert f"`{folder}`" in view
