"""Actions are described, registered and translated, all three or none."""

import ast
from pathlib import Path
from typing import Any

from homeassistant.helpers.selector import validate_selector

from .flow_scan import MARKERS
from .literals import Source
from .snippets import make_source
from .source_tree import INTEGRATION, read_yaml

# The place of the action's name among the arguments.
REGISTRATIONS = {
    "async_register": 1,
    "async_register_admin_service": 2,
    "async_register_entity_service": 0,
    "async_register_platform_entity_service": 2,
}


def registered(source: Source) -> frozenset[str]:
    """Return the names of the actions that the source registers."""
    names = set[str]()
    for function, at in REGISTRATIONS.items():
        for call in source.calls.get(function, ()):
            # A register of something else, such as system health, has that name too.
            owner = ast.unparse(call.func)
            if function == "async_register" and not owner.endswith(
                "services.async_register"
            ):
                continue
            names |= source.strings(call.args[at]).values
    return frozenset(names)


def described_fields(definition: dict[str, Any] | None) -> dict[str, dict[str, Any]]:
    """Return the fields of an action, also those in a section."""
    fields: dict[str, dict[str, Any]] = {}
    for name, field in ((definition or {}).get("fields") or {}).items():
        fields |= (
            field["fields"] if field and "fields" in field else {name: field or {}}
        )
    return fields


def schema_fields(source: Source) -> frozenset[str]:
    """Return the fields that the schemas of actions take."""
    return frozenset(
        value
        for name in MARKERS
        for call in source.calls.get(name, ())
        if "flow" not in source.where(call)
        for value in source.strings(call.args[0]).values
    )


def test_every_action_is_described_and_registered(source: Source) -> None:
    """A described action that is not registered does nothing."""
    described: dict[str, Any] = read_yaml(INTEGRATION / "services.yaml")
    assert described.keys() == registered(source)


def test_every_action_is_translated(english: dict[str, Any]) -> None:
    """An action and each of its fields have a name and a description."""
    described: dict[str, Any] = read_yaml(INTEGRATION / "services.yaml")
    texts = english["services"]
    assert texts.keys() == described.keys()
    for name, definition in described.items():
        fields = texts[name].get("fields", {})
        assert fields.keys() == described_fields(definition).keys(), name


def test_every_field_can_be_entered(source: Source) -> None:
    """A field has a selector that Home Assistant knows, and a place in a schema."""
    described: dict[str, Any] = read_yaml(INTEGRATION / "services.yaml")
    accepted = schema_fields(source)
    for name, definition in described.items():
        for key, field in described_fields(definition).items():
            validate_selector(field["selector"])
            assert key in accepted, f"{name}.{key}"


def test_registrations_are_found(tmp_path: Path) -> None:
    """Each way to register an action is seen, and nothing else."""
    code = """
    UNLOCK = "unlock"
    hass.services.async_register(DOMAIN, UNLOCK, handle, schema=SCHEMA)
    async_register_admin_service(hass, DOMAIN, "scan", handle)
    service.async_register_platform_entity_service(hass, DOMAIN, "pause", func="x")
    platform.async_register_entity_service("resume", None, "x")
    system_health.async_register(hass, "no_action")
    SCHEMA = vol.Schema({vol.Required("code"): str})
    """
    source = make_source(tmp_path, services=code)
    assert registered(source) == {"unlock", "scan", "pause", "resume"}
    assert schema_fields(source) == {"code"}


def test_fields_in_a_section_are_fields() -> None:
    """A section of a form only groups the fields."""
    definition = {"fields": {"a": None, "more": {"fields": {"b": {"default": 1}}}}}
    assert described_fields(definition) == {"a": {}, "b": {"default": 1}}
