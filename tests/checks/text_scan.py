"""Finds the texts that the rest of the source uses: errors, issues, selectors, ..."""

import ast
from collections.abc import Iterator
from typing import Any

from .entity_scan import scan_entities
from .flow_scan import Path, Use, placeholders
from .literals import Source, Strings, keyword

ERROR_ENDINGS = ("Error", "Exception", "Failed", "Invalid", "NotReady")


def uses_of(
    source: Source,
    prefix: Path,
    keys: Strings,
    where: str,
    given: frozenset[str] | None = None,
) -> Iterator[Use]:
    """Yield the uses of keys below a path."""
    for key in sorted(keys.values):
        yield Use(((*prefix, key),), where, given)
    if not keys.complete:
        # A key that cannot be followed is at least written somewhere.
        for key in source.literals():
            yield Use(((*prefix, key),), where, None, required=False)


def _is_passed_on(node: ast.expr | None) -> bool:
    """Return whether a key is taken from another error, and so is seen there."""
    return isinstance(node, ast.Attribute) and node.attr == "translation_key"


def scan_exceptions(source: Source) -> Iterator[Use]:
    """Yield the messages of translated errors."""
    for name, calls in source.calls.items():
        for call in calls:
            key = keyword(call, "translation_key")
            if key is None or name == "async_create_issue" or _is_passed_on(key):
                continue
            is_error = any(
                base.endswith(ERROR_ENDINGS) for base in source.base_names(name)
            )
            if is_error or keyword(call, "translation_domain") is not None:
                given = placeholders(source, keyword(call, "translation_placeholders"))
                keys = source.strings(key)
                yield from uses_of(
                    source, ("exceptions",), keys, source.where(call), given
                )


def scan_error_arguments(source: Source) -> Iterator[Use]:
    """Yield the messages of errors whose arguments are put together in a dictionary."""
    for module in source.modules:
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Dict):
                continue
            named = {
                key.value: value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            }
            if {"translation_domain", "translation_key"} <= named.keys():
                given = placeholders(source, named.get("translation_placeholders"))
                keys = source.strings(named["translation_key"])
                yield from uses_of(
                    source, ("exceptions",), keys, source.where(node), given
                )


def scan_issues(source: Source) -> Iterator[Use]:
    """Yield the texts of repair issues."""
    for call in source.calls.get("async_create_issue", ()):
        key = keyword(call, "translation_key")
        if key is not None:
            given = placeholders(source, keyword(call, "translation_placeholders"))
            keys = source.strings(key)
            yield from uses_of(source, ("issues",), keys, source.where(call), given)


def scan_devices(source: Source) -> Iterator[Use]:
    """Yield the names of devices."""
    for name in ("ChildDeviceInfo", "DeviceInfo"):
        for call in source.calls.get(name, ()):
            key = keyword(call, "translation_key")
            if key is not None:
                given = placeholders(source, keyword(call, "translation_placeholders"))
                keys = source.strings(key)
                yield from uses_of(source, ("device",), keys, source.where(call), given)


def scan_selectors(source: Source) -> Iterator[Use]:
    """Yield the options of select selectors and the fields of tables in forms."""
    for call in source.calls.get("ObjectSelectorConfig", ()):
        key, table = keyword(call, "translation_key"), keyword(call, "fields")
        if key is None or table is None:
            continue
        for name in sorted(source.strings(key).values):
            yield Use((("selector", name),), source.where(call))
            yield from uses_of(
                source,
                ("selector", name, "fields"),
                source.dict_keys(table),
                source.where(call),
            )
    for call in source.calls.get("SelectSelectorConfig", ()):
        key = keyword(call, "translation_key")
        if key is None:
            continue
        options = source.elements(keyword(call, "options"))
        for name in sorted(source.strings(key).values):
            yield Use((("selector", name),), source.where(call))
            yield from uses_of(
                source, ("selector", name, "options"), options, source.where(call)
            )


def scan_system_health(source: Source) -> Iterator[Use]:
    """Yield the lines of the system health page."""
    for module in source.modules:
        if module.stem != "system_health":
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Return) and node.value is not None:
                keys = source.dict_keys(node.value)
                if keys.values:
                    yield from uses_of(
                        source, ("system_health", "info"), keys, source.where(node)
                    )


def scan_entity_texts(source: Source) -> Iterator[Use]:
    """Yield the names and states of entities."""
    written = source.literals()
    for entity in scan_entities(source):
        prefix = ("entity", entity.platform)
        yield from uses_of(source, prefix, entity.translation_keys, entity.where)
        for key in sorted(entity.translation_keys.values):
            path = (*prefix, key)
            if entity.options is not None:
                yield from uses_of(
                    source, (*path, "state"), entity.options, entity.where
                )
            if entity.event_types is not None:
                types = (*path, "state_attributes", "event_type", "state")
                yield from uses_of(source, types, entity.event_types, entity.where)
            # States of on and off, attributes, and states that a function offers.
            for text in written | {"event_type", "off", "on"}:
                states = (*path, "state", text)
                attributes = (*path, "state_attributes", text)
                yield Use((states,), entity.where, required=False)
                yield Use((attributes,), entity.where, required=False)
                yield Use((*((*attributes, "state", "*"),),), entity.where, None, False)


def scan_yaml(section: str, described: dict[str, Any]) -> Iterator[Use]:
    """Yield the texts of services.yaml, triggers.yaml or conditions.yaml."""
    for name, definition in (described or {}).items():
        where = f"{section}.yaml"
        yield Use(((section, name),), where)
        for field, content in ((definition or {}).get("fields") or {}).items():
            inner = (content or {}).get("fields")
            if inner is not None:
                yield Use(((section, name, "sections", field),), where)
            for key, value in ({field: content} if inner is None else inner).items():
                yield Use(((section, name, "fields", key),), where)
                yield from _yaml_selector((value or {}).get("selector"), where)


def _yaml_selector(selector: dict[str, Any] | None, where: str) -> Iterator[Use]:
    """Yield the options of a select selector."""
    select = (selector or {}).get("select") or {}
    if (key := select.get("translation_key")) is None:
        return
    yield Use((("selector", key),), where)
    for option in select.get("options", ()):
        value = option["value"] if isinstance(option, dict) else option
        yield Use((("selector", key, "options", str(value)),), where)


def scan_source(source: Source) -> tuple[Use, ...]:
    """Return all texts that the Python source uses outside of flows."""
    return (
        *scan_error_arguments(source),
        *scan_exceptions(source),
        *scan_issues(source),
        *scan_devices(source),
        *scan_selectors(source),
        *scan_system_health(source),
        *scan_entity_texts(source),
    )
