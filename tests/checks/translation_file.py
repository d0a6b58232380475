"""What a translation file declares, and what Home Assistant demands of its texts."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
import re
import string
from typing import Any

from .flow_scan import Path, Use

SECTIONS = frozenset(
    {
        "common",
        "conditions",
        "config",
        "config_subentries",
        "device",
        "entity",
        "exceptions",
        "issues",
        "options",
        "selector",
        "services",
        "system_health",
        "title",
        "triggers",
    }
)
FLOW_GROUPS = ("abort", "create_entry", "error", "progress")
FLOW_KEYS = {*FLOW_GROUPS, "flow_title", "initiate_flow", "step"}
STEP_KEYS = {
    "data",
    "data_description",
    "description",
    "menu_option_descriptions",
    "menu_options",
    "sections",
    "submit",
    "title",
}

KEY = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
HTML = re.compile(r"<[a-z!/][^>]*>", re.IGNORECASE)
URL = re.compile(r"(?:\b[a-z0-9]+://|\bwww\.)[a-z0-9]", re.IGNORECASE)
QUOTED_PLACEHOLDER = re.compile(r"'\{\w+\}'")


def texts(node: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every text below a node with its path."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from texts(value, (*path, key))
    else:
        yield path, node


def placeholders_in(text: str) -> frozenset[str]:
    """Return the names of the placeholders in a text."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


def text_faults(text: Any) -> Iterator[str]:
    """Yield what Home Assistant would refuse in a text."""
    if not isinstance(text, str):
        yield "is not a text"
        return
    if not text:
        yield "is empty"
    if text != text.strip():
        yield "begins or ends with a space"
    if HTML.search(text):
        yield "contains HTML"
    if URL.search(text):
        yield "contains an address: use a placeholder"
    if QUOTED_PLACEHOLDER.search(text):
        yield "has a placeholder in single quotes"
    if "[%key:" in text:
        yield "refers to another text, which only core's own build resolves"
    try:
        names = placeholders_in(text)
    except ValueError:
        yield "has a brace without its partner"
        return
    for name in sorted(names):
        if not name.isidentifier():
            yield f"has a placeholder that is no name: {name}"


def file_faults(content: dict[str, Any]) -> Iterator[str]:
    """Yield everything that Home Assistant would refuse in a translation file."""
    for section in sorted(content.keys() - SECTIONS):
        yield f"{section}: is not a known section"
    for path, text in texts(content):
        name = ".".join(path)
        yield from (f"{name}: {fault}" for fault in text_faults(text))
        for key in path:
            if not KEY.fullmatch(key) and key != "_":
                yield f"{name}: {key!r} is not a valid key"
    for path, flow in _flows(content):
        yield from (f"{'.'.join(path)}.{fault}" for fault in _flow_faults(flow))
    for kind, flow in content.get("config_subentries", {}).items():
        if "entry_type" not in flow or "user" not in flow.get("initiate_flow", {}):
            yield f"config_subentries.{kind}: needs entry_type and initiate_flow.user"
    for key, issue in content.get("issues", {}).items():
        if "title" not in issue or ("description" in issue) == ("fix_flow" in issue):
            yield f"issues.{key}: needs a title, and a description or a fix_flow"
    for key, exception in content.get("exceptions", {}).items():
        if exception.keys() != {"message"}:
            yield f"exceptions.{key}: needs a message and nothing else"
    for section in ("conditions", "services", "triggers"):
        for key, described in content.get(section, {}).items():
            yield from _described_faults(f"{section}.{key}", described)


def _flows(content: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield every flow in a translation file with its path."""
    for section in ("config", "options"):
        if section in content:
            yield (section,), content[section]
    for kind, flow in content.get("config_subentries", {}).items():
        yield ("config_subentries", kind), flow
    for key, issue in content.get("issues", {}).items():
        if "fix_flow" in issue:
            yield ("issues", key, "fix_flow"), issue["fix_flow"]


def _flow_faults(flow: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the shape of a flow."""
    for key in sorted(flow.keys() - FLOW_KEYS - {"entry_type"}):
        yield f"{key}: is not a part of a flow"
    if "step" not in flow:
        yield "step: is missing"
    for name, step in flow.get("step", {}).items():
        for key in sorted(step.keys() - STEP_KEYS):
            yield f"step.{name}.{key}: is not a part of a step"
        for part in (step, *step.get("sections", {}).values()):
            extra = (
                part.get("data_description", {}).keys() - part.get("data", {}).keys()
            )
            for key in sorted(extra):
                yield f"step.{name}.data_description.{key}: is not in data"


def _described_faults(name: str, described: dict[str, Any]) -> Iterator[str]:
    """Yield what an action, a trigger or a condition lacks."""
    for key in ("name", "description"):
        if key not in described:
            yield f"{name}: has no {key}"
    for field, text in described.get("fields", {}).items():
        if not {"name", "description"} <= text.keys():
            yield f"{name}.fields.{field}: needs a name and a description"


def _declared_by_flows(content: dict[str, Any]) -> dict[Path, Any]:
    """Return the texts of flows by the path that a use of them has."""
    found: dict[Path, Any] = {}
    for prefix, flow in _flows(content):
        for group in FLOW_GROUPS:
            found |= _children((*prefix, group), flow.get(group))
        for name, step in flow.get("step", {}).items():
            path = (*prefix, "step", name)
            found[path] = step
            for group in ("data", "menu_option_descriptions", "menu_options"):
                found |= _children((*path, group), step.get(group))
            for section, part in step.get("sections", {}).items():
                found[(*path, "sections", section)] = {}
                found |= _children((*path, "data"), part.get("data"))
    return found


def declared(content: dict[str, Any]) -> dict[Path, frozenset[str]]:
    """Return the paths that source has to use, with the placeholders of their texts.

    A path is as a use names it: the fields in a section of a form are fields of the
    step, and a group of texts that are used together is one path.
    """
    found = _declared_by_flows(content)
    for section in ("device", "exceptions"):
        found |= _children((section,), content.get(section))
    for key, issue in content.get("issues", {}).items():
        # The steps of a fix have placeholders of their own.
        found[("issues", key)] = {k: v for k, v in issue.items() if k != "fix_flow"}
    for key, selector in content.get("selector", {}).items():
        found[("selector", key)] = {}
        for group in ("fields", "options"):
            found |= _children(("selector", key, group), selector.get(group))
    for section in ("conditions", "services", "triggers"):
        for key, described in content.get(section, {}).items():
            found[(section, key)] = described
            for group in ("fields", "sections"):
                found |= _children((section, key, group), described.get(group))
    health = content.get("system_health", {})
    found |= _children(("system_health", "info"), health.get("info"))
    for platform, entities in content.get("entity", {}).items():
        for key, entity in entities.items():
            path = ("entity", platform, key)
            found[path] = entity.get("name", "")
            found |= _children((*path, "state"), entity.get("state"))
            for name, attribute in entity.get("state_attributes", {}).items():
                place = (*path, "state_attributes", name)
                found[place] = {}
                found |= _children((*place, "state"), attribute.get("state"))
    return {
        path: frozenset[str]().union(
            *(placeholders_in(text) for _, text in texts(node) if isinstance(text, str))
        )
        for path, node in found.items()
    }


def _children(prefix: Path, group: dict[str, Any] | None) -> dict[Path, Any]:
    """Return the texts of a group by their path."""
    return {(*prefix, key): value for key, value in (group or {}).items()}


def matches(path: Path, pattern: Path) -> bool:
    """Return whether a path is one that a pattern with asterisks means."""
    return len(path) == len(pattern) and all(
        fnmatchcase(part, wanted) for part, wanted in zip(path, pattern, strict=True)
    )


class Patterns:
    """Many patterns with asterisks, to ask whether any of them means a path.

    They are kept by where their asterisks are and by all else, which one look-up finds:
    a flow has thousands of patterns, and a file thousands of paths.
    """

    def __init__(self, patterns: Iterable[Path]) -> None:
        """Sort the patterns."""
        self._by_shape: dict[tuple[int, ...], dict[Path, list[Path]]] = {}
        for pattern in patterns:
            places = (place for place, part in enumerate(pattern) if "*" in part)
            shape = (len(pattern), *places)
            alike = self._by_shape.setdefault(shape, {})
            alike.setdefault(self._rest(pattern, shape), []).append(pattern)

    @staticmethod
    def _rest(path: Path, shape: tuple[int, ...]) -> Path:
        """Return the parts of a path that have no asterisk in a shape."""
        return tuple(part for at, part in enumerate(path) if at not in shape[1:])

    def mean(self, path: Path) -> bool:
        """Return whether any pattern means a path."""
        return any(
            matches(path, pattern)
            for shape, patterns in self._by_shape.items()
            if shape[0] == len(path)
            for pattern in patterns.get(self._rest(path, shape), ())
        )


class Comparison:
    """The declared texts beside the used ones."""

    def __init__(self, content: dict[str, Any], uses: Iterable[Use]) -> None:
        """Compare a translation file with the uses of its texts."""
        self.declared = declared(content)
        self.uses = tuple(uses)
        self._exact = frozenset(
            path for use in self.uses for path in use.paths if "*" not in "".join(path)
        )
        self._patterns = Patterns(
            {path for use in self.uses for path in use.paths if "*" in "".join(path)}
        )

    def meant(self, use: Use) -> list[Path]:
        """Return the declared paths that a use can mean."""
        return [
            found
            for path in use.paths
            for found in (
                [path] * (path in self.declared)
                if "*" not in "".join(path)
                else [known for known in self.declared if matches(known, path)]
            )
        ]

    def missing(self) -> list[str]:
        """Return the texts that are used and not there."""
        return sorted(
            {
                f"{' or '.join('.'.join(path) for path in use.paths)} ({use.where})"
                for use in self.uses
                if use.required and not self.meant(use)
            }
        )

    def unused(self) -> list[str]:
        """Return the texts that are there and not used."""
        return sorted(
            ".".join(path)
            for path in self.declared
            if path not in self._exact and not self._patterns.mean(path)
        )

    def without_placeholder(self) -> list[str]:
        """Return the texts with a placeholder that the source does not give."""
        faults = set()
        for use in self.uses:
            if not use.required or (given := self._given(use)) is None:
                continue
            lacking = [(path, self.declared[path] - given) for path in self.meant(use)]
            # Where a use can mean several texts, it is enough that one of them fits.
            if lacking and all(names for _, names in lacking):
                faults |= {
                    f"{'.'.join(path)} needs {', '.join(sorted(names))} ({use.where})"
                    for path, names in lacking
                }
        return sorted(faults)

    def _given(self, use: Use) -> frozenset[str] | None:
        """Return the placeholders that come with a use, if the source tells."""
        if not any("error" in path for path in use.paths):
            return use.given
        # An error is shown by a form, and filled with what any form is given.
        of_forms = [
            form.given
            for form in self.uses
            if form.required and "step" in form.paths[0] and "data" not in form.paths[0]
        ]
        known = frozenset[str]().union(*(given or () for given in of_forms))
        return None if None in of_forms else known
