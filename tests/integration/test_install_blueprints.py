"""Tests for the action that copies the blueprints into the configuration."""

from pathlib import Path
import re
from typing import Any
from unittest.mock import patch

from homeassistant.components.automation import automations_with_blueprint
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockUser,
    async_capture_events,
)

from custom_components.miner_controller.const import DOMAIN

from .conftest import INTEGRATION

BLUEPRINT = """\
blueprint:
  name: Count
  domain: automation
  input:
    by:
      default: {by}
triggers:
  - trigger: event
    event_type: count
actions:
  - event: counted
    event_data:
      by: !input by
"""


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """Provide the blueprints that come with the integration."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "count.yaml").write_text(BLUEPRINT.format(by=1))
    (folder / "other.yaml").write_text(BLUEPRINT.format(by=2))
    (folder / "notes.txt").write_text("no blueprint")
    return folder


@pytest.fixture(autouse=True)
async def home(hass: HomeAssistant, tmp_path: Path, shipped: Path) -> Any:
    """Provide a configuration of its own, in which the integration is set up."""
    hass.config.config_dir = str(tmp_path / "config")
    with patch(f"{INTEGRATION}.install_blueprints.SHIPPED", shipped):
        assert await async_setup_component(hass, DOMAIN, {})
        yield


@pytest.fixture
def folder(home: None, hass: HomeAssistant) -> Path:
    """Return where the blueprints belong."""
    return Path(hass.config.path("blueprints", "automation", DOMAIN))


def files(folder: Path) -> dict[str, str]:
    """Return what is in a folder."""
    if not folder.exists():
        return {}
    return {path.name: path.read_text() for path in folder.iterdir()}


def write(path: Path, text: str) -> None:
    """Write a file, in a folder that need not be there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


async def install(hass: HomeAssistant, **outcome: list[str]) -> None:
    """Install the blueprints, and check what became of which."""
    response = await hass.services.async_call(
        DOMAIN, "install_blueprints", blocking=True, return_response=True
    )
    nothing = dict[str, list[str]](installed=[], updated=[], kept=[], unchanged=[])
    assert response == {**nothing, **outcome}


async def test_install(hass: HomeAssistant, shipped: Path, folder: Path) -> None:
    """New ones are copied, old ones brought up to date, and changed ones kept."""
    both = ["count.yaml", "other.yaml"]
    await install(hass, installed=both)
    assert files(folder) == {
        "count.yaml": BLUEPRINT.format(by=1),
        "other.yaml": BLUEPRINT.format(by=2),
    }
    await install(hass, unchanged=both)

    (shipped / "count.yaml").write_text(BLUEPRINT.format(by=3))
    await install(hass, updated=["count.yaml"], unchanged=["other.yaml"])
    assert files(folder)["count.yaml"] == BLUEPRINT.format(by=3)

    mine = BLUEPRINT.format(by=100)
    (folder / "count.yaml").write_text(mine)
    (folder / "other.yaml").unlink()
    (shipped / "count.yaml").write_text(BLUEPRINT.format(by=4))
    await install(hass, kept=["count.yaml"], installed=["other.yaml"])
    assert files(folder)["count.yaml"] == mine

    # Who takes the present one in place of their own has it brought up to date again.
    (folder / "count.yaml").write_text(BLUEPRINT.format(by=4))
    await install(hass, unchanged=both)
    (shipped / "count.yaml").write_text(BLUEPRINT.format(by=5))
    await install(hass, updated=["count.yaml"], unchanged=["other.yaml"])


@pytest.mark.parametrize("stored", [None, [1], {"hashes": "x"}])
async def test_nothing_is_known(
    hass: HomeAssistant, hass_storage: dict[str, Any], folder: Path, stored: object
) -> None:
    """What nobody remembers writing is somebody's own."""
    if stored is not None:
        hass_storage[f"{DOMAIN}.blueprints"] = {"version": 1, "data": stored}
    write(folder / "count.yaml", BLUEPRINT.format(by=9))
    await install(hass, kept=["count.yaml"], installed=["other.yaml"])
    hashes = hass_storage[f"{DOMAIN}.blueprints"]["data"]["hashes"]
    assert hashes.keys() == {"other.yaml"}


async def test_automations_follow(
    hass: HomeAssistant, shipped: Path, folder: Path
) -> None:
    """An automation that uses a blueprint goes on with its new version."""
    automation = {
        "alias": "Counter",
        "use_blueprint": {"path": f"{DOMAIN}/count.yaml", "input": {}},
    }
    counted = async_capture_events(hass, "counted")
    with patch(
        "homeassistant.config.load_yaml_config_file",
        return_value={"automation": [automation]},
    ):
        # At first the blueprint is missing.
        assert await async_setup_component(
            hass, "automation", {"automation": [automation]}
        )
        await install(hass, installed=["count.yaml", "other.yaml"])
        assert automations_with_blueprint(hass, f"{DOMAIN}/count.yaml")
        (shipped / "count.yaml").write_text(BLUEPRINT.format(by=7))
        await install(hass, updated=["count.yaml"], unchanged=["other.yaml"])
        await hass.async_block_till_done()
        hass.bus.async_fire("count")
        await hass.async_block_till_done()
    assert [event.data for event in counted] == [{"by": 7}]


async def test_not_writable(
    hass: HomeAssistant, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A folder in which nothing can be written is an error that says so."""
    write(folder, "This is no folder")
    with pytest.raises(HomeAssistantError) as caught:
        await install(hass)
    assert caught.value.translation_key == "blueprints_not_written"
    assert re.search(r"[A-Z]", str(caught.value.translation_placeholders))
    assert "Traceback" not in caplog.text


async def test_for_administrators(
    hass: HomeAssistant, folder: Path, hass_read_only_user: MockUser
) -> None:
    """Nobody else may write files."""
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            "install_blueprints",
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )
    assert files(folder) == {}
