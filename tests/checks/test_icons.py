"""Every entity without a device class, and every action, has an icon of its own."""

from collections.abc import Iterator
import re
from typing import Any

import pytest

from .entity_scan import PLATFORMS, scan_entities
from .literals import Source
from .source_tree import INTEGRATION, read_json, read_yaml
from .translation_file import KEY, matches, texts

ICON = re.compile(r"mdi:[a-z0-9]+(?:-[a-z0-9]+)*")
SECTIONS = {"conditions": "condition", "services": "service", "triggers": "trigger"}


@pytest.fixture(scope="module")
def icons() -> dict[str, Any]:
    """Return the icons."""
    content: dict[str, Any] = read_json(INTEGRATION / "icons.json")
    return content


def faults(icons: dict[str, Any]) -> Iterator[str]:
    """Yield everything that Home Assistant would refuse in an icons file."""
    for path, icon in texts(icons):
        if not (isinstance(icon, str) and ICON.fullmatch(icon)):
            yield f"{'.'.join(path)}: {icon!r} is not a Material Design icon"
    for section in sorted(icons.keys() - {"entity", *SECTIONS}):
        yield f"{section}: is not a section"
    for platform, entities in icons.get("entity", {}).items():
        if platform not in PLATFORMS:
            yield f"entity.{platform}: is not a platform"
        for key, icon in entities.items():
            if not KEY.fullmatch(key):
                yield f"entity.{platform}.{key}: is not a valid key"
            yield from _entity_faults(f"entity.{platform}.{key}", icon)
    for section, kind in SECTIONS.items():
        for key, icon in icons.get(section, {}).items():
            if kind not in icon or not icon.keys() <= {kind, "sections"}:
                yield f"{section}.{key}: needs a {kind}"


def _entity_faults(name: str, icon: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the icons of an entity."""
    if "default" not in icon:
        yield f"{name}: has no default"
    for key in sorted(icon.keys() - {"default", "range", "state", "state_attributes"}):
        yield f"{name}.{key}: is not a kind of icon"
    if "range" in icon and "state" in icon:
        yield f"{name}: is chosen by state or by range, not by both"
    limits = list(icon.get("range", {}))
    try:
        numbers = [float(limit) for limit in limits]
    except ValueError:
        yield f"{name}.range: has a limit that is no number"
    else:
        if numbers != sorted(numbers):
            yield f"{name}.range: is not in order"


def test_the_file_is_valid(icons: dict[str, Any]) -> None:
    """Home Assistant accepts the file."""
    assert list(faults(icons)) == []


def test_every_icon_is_of_an_entity(icons: dict[str, Any], source: Source) -> None:
    """An icon of nothing is a name that was mistyped or left behind."""
    known = {
        (entity.platform, key)
        for entity in scan_entities(source)
        for key in entity.translation_keys.values
    }
    assert known
    unknown = [
        f"{platform}.{key}"
        for platform, entities in icons["entity"].items()
        for key in entities
        if not any(matches((platform, key), pattern) for pattern in known)
    ]
    assert unknown == []


def test_every_entity_has_an_icon(icons: dict[str, Any], source: Source) -> None:
    """Where no device class gives an icon, the file does."""
    lacking = {
        f"{entity.platform}.{key} ({entity.where})"
        for entity in scan_entities(source)
        if not entity.has_device_class
        for key in entity.translation_keys.values
        if not any(
            matches((known,), (key,))
            for known in icons["entity"].get(entity.platform, ())
        )
    }
    assert lacking == set()


def test_every_icon_of_a_state_is_of_a_state(
    icons: dict[str, Any], english: dict[str, Any]
) -> None:
    """A state with an icon is a state that has a name, or on and off."""
    for platform, entities in icons["entity"].items():
        for key, icon in entities.items():
            names = english["entity"][platform].get(key, {}).get("state", {})
            assert icon.get("state", {}).keys() <= {*names, "off", "on"}, key


@pytest.mark.parametrize("section", SECTIONS)
def test_every_action_has_an_icon(icons: dict[str, Any], section: str) -> None:
    """Actions, triggers and conditions are chosen from a list with icons."""
    path = INTEGRATION / f"{section}.yaml"
    described = read_yaml(path) if path.exists() else {}
    assert icons.get(section, {}).keys() == described.keys()


@pytest.mark.parametrize(
    "content",
    [
        {"icons": {}},
        {"entity": {"sensor": {"x": {"default": "hass:chip"}}}},
        {"entity": {"sensor": {"x": {"default": "mdi:Chip"}}}},
        {"entity": {"sensor": {"x": {"state": {"on": "mdi:chip"}}}}},
        {"entity": {"sensor": {"x": {"default": "mdi:a", "icon": "mdi:a"}}}},
        {"entity": {"sensor": {"X": {"default": "mdi:a"}}}},
        {"entity": {"gadget": {"x": {"default": "mdi:a"}}}},
        {"entity": {"sensor": {"x": {"default": "mdi:a", "range": {"low": "mdi:b"}}}}},
        {"services": {"unlock": {"icon": "mdi:lock"}}},
        {"services": {"unlock": "mdi:lock"}},
    ],
)
def test_a_bad_file_is_refused(content: dict[str, Any]) -> None:
    """Each rule for the file is applied."""
    assert list(faults(content))
