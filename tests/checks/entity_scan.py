"""Finds the entities that the source describes.

An entity is seen where an EntityDescription is made, and where an entity class sets
its own translation key. The platform comes from the class: a SensorEntityDescription
or a SensorEntity is a sensor, wherever its file is.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
import re

from .literals import NOTHING, Source, Strings, called_name, keyword

PLATFORMS = frozenset(
    {
        "binary_sensor",
        "button",
        "event",
        "number",
        "select",
        "sensor",
        "switch",
        "text",
        "update",
    }
)


@dataclass(frozen=True, slots=True)
class Entity:
    """What the source says of an entity, or of several from one description."""

    platform: str
    keys: Strings
    translation_keys: Strings
    has_device_class: bool
    options: Strings | None
    """The states it can have, or nothing if it does not name any."""
    event_types: Strings | None
    where: str


def platform_of(source: Source, name: str, suffix: str) -> str | None:
    """Return the platform of a description class or of an entity class."""
    for base in sorted(source.base_names(name)):
        short = base.removesuffix(suffix).removeprefix("Restore")
        snake = re.sub(r"(?<!^)(?=[A-Z])", "_", short).lower()
        # RestoreSensor is the only kind of base whose name does not say Entity.
        named = base.endswith(suffix) or (
            suffix == "Entity" and base.startswith("Restore")
        )
        if base not in source.classes and named and snake in PLATFORMS:
            return snake
    return None


def scan_entities(source: Source) -> tuple[Entity, ...]:
    """Return the entities of the source."""
    return (*_described(source), *_self_named(source))


def _described(source: Source) -> Iterator[Entity]:
    """Yield the entities that have a description."""
    for name, calls in source.calls.items():
        platform = platform_of(source, name, "EntityDescription")
        if platform is None:
            continue
        for call in calls:
            yield _from_description(source, platform, name, call)


def _from_description(
    source: Source, platform: str, name: str, call: ast.Call
) -> Entity:
    """Return the entity of one description."""

    def given(field: str) -> ast.expr | None:
        """Return a field of the description: as called, or the class's default."""
        return keyword(call, field) or source.class_value(name, field)

    keys = source.strings(given("key"))
    written = given("translation_key")
    has_device_class = not _is_none(given("device_class")) or _class_gives(
        source, name, "_attr_device_class"
    )
    # Without a translation key the name is that of the device class. An entity that
    # has neither has no name, which shows as a missing text for its key.
    unnamed = NOTHING if has_device_class else keys
    options, event_types = given("options"), given("event_types")
    return Entity(
        platform=platform,
        keys=keys,
        translation_keys=unnamed if _is_none(written) else source.strings(written),
        has_device_class=has_device_class,
        options=None if _is_none(options) else source.elements(options),
        event_types=None if _is_none(event_types) else source.elements(event_types),
        where=source.where(call),
    )


def _is_none(node: ast.expr | None) -> bool:
    """Return whether a value is not given, or given as None."""
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def _class_gives(source: Source, description: str, attribute: str) -> bool:
    """Return whether the entity class of a description sets an attribute."""
    for definition in source.classes.values():
        for statement in definition.body:
            match statement:
                case ast.AnnAssign(
                    target=ast.Name(id="entity_description"),
                    annotation=ast.Name(id=name),
                ) if name == description:
                    if not _is_none(source.class_value(definition.name, attribute)):
                        return True
    return False


def _self_named(source: Source) -> Iterator[Entity]:
    """Yield the entities whose class sets the translation key itself."""
    for name, definition in source.classes.items():
        platform = platform_of(source, name, "Entity")
        if platform is None:
            continue
        keys = _attribute(source, definition, "_attr_translation_key")
        if not keys.values:
            continue
        options = source.class_value(name, "_attr_options")
        event_types = source.class_value(name, "_attr_event_types")
        yield Entity(
            platform=platform,
            keys=keys,
            translation_keys=keys,
            has_device_class=not _is_none(
                source.class_value(name, "_attr_device_class")
            ),
            options=None if _is_none(options) else source.elements(options),
            event_types=None if _is_none(event_types) else source.elements(event_types),
            where=source.where(definition),
        )


def _attribute(source: Source, definition: ast.ClassDef, name: str) -> Strings:
    """Return the strings that a class sets an attribute to, in or out of methods."""
    found = NOTHING
    for node in ast.walk(definition):
        match node:
            case ast.Assign(
                targets=[ast.Name(id=set_name) | ast.Attribute(attr=set_name)],
                value=value,
            ) if set_name == name:
                found |= source.strings(value)
            case ast.AnnAssign(
                target=ast.Name(id=set_name), value=ast.expr() as value
            ) if set_name == name:
                found |= source.strings(value)
    return found


def placeholder_names(source: Source) -> frozenset[str]:
    """Return the placeholders that entities give to their names."""
    given: list[ast.expr | None] = []
    for module in source.modules:
        for node in ast.walk(module.tree):
            match node:
                case ast.Assign(
                    targets=[ast.Name(id=name) | ast.Attribute(attr=name)], value=value
                ) if name == "_attr_translation_placeholders":
                    given.append(value)
                case ast.FunctionDef(name="translation_placeholders"):
                    given += [
                        inner.value
                        for inner in ast.walk(node)
                        if isinstance(inner, ast.Return)
                    ]
                case ast.Call() if called_name(node).endswith("EntityDescription"):
                    given.append(keyword(node, "translation_placeholders"))
    # What is passed on from a description is seen where the description is made.
    return frozenset(
        name for value in given if value for name in source.dict_keys(value).values
    )
