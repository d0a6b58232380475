"""Finds the texts that config flows, options flows and repair flows use.

A path is where the text is in a translation file. An asterisk in it stands for what
the source does not tell, such as the issue that a repair flow belongs to.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from .literals import NOTHING, Source, Strings, called_name, keyword

type Path = tuple[str, ...]

CONFIG: Path = ("config",)
OPTIONS: Path = ("options",)
REPAIRS: Path = ("issues", "*", "fix_flow")
ANY_SUBENTRY: Path = ("config_subentries", "*")
ALL_FLOWS: tuple[Path, ...] = (CONFIG, OPTIONS, REPAIRS, ANY_SUBENTRY)

MARKERS = {"Exclusive", "Inclusive", "Optional", "Required", "Secret"}
FORMS = {"async_external_step", "async_show_form", "async_show_menu"}

# The reason that a helper of the flow gives by itself. Those that are not here, such as
# the one for a successful reconfiguration, are translated by Home Assistant.
DEFAULT_REASONS = {
    "_abort_if_unique_id_configured": {"already_configured"},
    "_abort_if_unique_id_mismatch": {"unique_id_mismatch"},
    "_async_abort_entries_match": {"already_configured"},
    "async_update_and_abort": set[str](),
    "async_update_reload_and_abort": set[str](),
}


@dataclass(frozen=True, slots=True)
class Use:
    """A use of a text: one of the paths has to exist."""

    paths: tuple[Path, ...]
    where: str
    given: frozenset[str] | None = None
    """The placeholders that come with it; nothing if the source does not tell."""
    required: bool = True
    """Whether the text has to be there, or merely may."""


def placeholders(source: Source, node: ast.expr | None) -> frozenset[str] | None:
    """Return the names of placeholders in a dictionary, if they can be read."""
    if node is None or (isinstance(node, ast.Constant) and node.value is None):
        return frozenset()
    found = source.dict_keys(node)
    return found.values if found.complete else None


def is_flow_module(source: Source, name: str, tree: ast.Module) -> bool:
    """Return whether a file belongs to a flow: by its name or by a class in it."""
    return (
        "flow" in name
        or name.endswith("repairs.py")
        or any(
            flows_of_class(source, node.name) != ALL_FLOWS
            for node in tree.body
            if isinstance(node, ast.ClassDef)
        )
    )


def subentry_types(source: Source) -> dict[str, str]:
    """Return the subentry type that each flow class is registered for."""
    if source.subentry_types is None:
        # Each node of a flow asks for them.
        source.subentry_types = _subentry_types(source)
    return source.subentry_types


def _subentry_types(source: Source) -> dict[str, str]:
    """Look for the subentry type that each flow class is registered for."""
    types: dict[str, str] = {}
    for function in source.functions.get("async_get_supported_subentry_types", ()):
        for node in ast.walk(function):
            if not isinstance(node, ast.Dict):
                continue
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(value, ast.Name):
                    found = NOTHING if key is None else source.strings(key)
                    types |= dict.fromkeys([value.id], min(found.values, default="*"))
    return types


def flows_of_class(source: Source, name: str) -> tuple[Path, ...]:
    """Return where the texts of a flow class are; for another class, anywhere."""
    bases = source.base_names(name)
    if bases & {"OptionsFlow", "OptionsFlowWithReload", "OptionsFlowWithConfigEntry"}:
        return (OPTIONS,)
    if "ConfigSubentryFlow" in bases:
        kind = subentry_types(source).get(name, "*")
        return (("config_subentries", kind),)
    if bases & {"ConfirmRepairFlow", "RepairsFlow"}:
        return (REPAIRS,)
    if "ConfigFlow" in bases:
        return (CONFIG,)
    return ALL_FLOWS


def scan_flows(source: Source) -> tuple[Use, ...]:
    """Return the texts that the flows use."""
    uses: list[Use] = []
    for module in source.modules:
        if is_flow_module(source, module.name, module.tree):
            for node in ast.walk(module.tree):
                uses.extend(_FlowNode(source, node).uses())
    return tuple(uses)


def _is_error(target: ast.expr) -> bool:
    """Return whether something is put into a dictionary of errors."""
    match target:
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name.endswith("errors")
    return False


@dataclass(frozen=True, slots=True)
class _FlowNode:
    """A node of a flow's source."""

    source: Source
    node: ast.AST

    def uses(self) -> Iterator[Use]:
        """Yield the texts that the node uses by itself."""
        match self.node:
            case ast.Call():
                yield from self._call(self.node)
            case ast.Assign(targets=[target], value=value):
                yield from self._assignment(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield from self._assignment(target, value)
            case ast.Return(value=ast.Dict() as value):
                # A helper that checks an input may return the errors for the form.
                yield from self._texts(
                    ("error",),
                    Strings(self.source.dict_values(value).values),
                    required="base" in self.source.dict_keys(value).values,
                )

    def _flows(self) -> tuple[Path, ...]:
        """Return where the texts of the node are."""
        for scope in self.source.enclosing(self.node):
            if isinstance(scope, ast.ClassDef):
                return flows_of_class(self.source, scope.name)
        return ALL_FLOWS

    def _texts(
        self,
        section: Path,
        keys: Strings,
        given: frozenset[str] | None = None,
        *,
        required: bool = True,
    ) -> Iterator[Use]:
        """Yield the uses of keys in a section of the flow."""
        where = self.source.where(self.node)
        for key in sorted(keys.values):
            paths = tuple((*flow, *section, key) for flow in self._flows())
            yield Use(paths, where, given, required)
        if required and not keys.complete:
            # A key that cannot be followed is at least written somewhere.
            for key in self.source.literals():
                paths = tuple((*flow, *section, key) for flow in self._flows())
                yield Use(paths, where, None, required=False)

    def _assignment(self, target: ast.expr, value: ast.expr) -> Iterator[Use]:
        """Yield the errors that are put into the dictionary of errors."""
        match target:
            case ast.Tuple(elts=targets):
                for at, inner in enumerate(targets):
                    if _is_error(inner):
                        yield from self._texts(("error",), self.source.part(value, at))
            case ast.Subscript() if _is_error(target):
                # Which of all its keys an error has when it is caught here is not
                # written; those that no one raises here need no text here.
                yield from self._texts(
                    ("error",),
                    self.source.strings(value),
                    required=not isinstance(value, ast.Attribute),
                )
            case ast.Name(id=name) | ast.Attribute(attr=name) if name.endswith(
                "errors"
            ) and isinstance(value, ast.Dict):
                yield from self._texts(("error",), self.source.dict_values(value))

    def _call(self, call: ast.Call) -> Iterator[Use]:
        """Yield the texts that a call uses."""
        name, source = called_name(call), self.source
        if source.strings(keyword(call, "translation_domain")).values == {
            "homeassistant"
        }:
            # Home Assistant has the text.
            return
        given = placeholders(source, keyword(call, "description_placeholders"))
        if name in FORMS:
            yield from self._form(call, given)
        elif name == "async_show_progress":
            steps = source.strings(keyword(call, "step_id"))
            yield from self._texts(("step",), steps, given, required=False)
            action = source.strings(keyword(call, "progress_action"))
            yield from self._texts(("progress",), action, given)
        elif name in {"AbortFlow", "async_abort"}:
            reason = keyword(call, "reason") or next(iter(call.args), None)
            yield from self._texts(("abort",), source.strings(reason), given)
        elif name in DEFAULT_REASONS:
            yield from self._default_abort(call, given)
        elif name == "async_create_entry":
            description = source.strings(keyword(call, "description"))
            yield from self._texts(("create_entry",), description, given)
        elif name == "ConfirmRepairFlow":
            # Home Assistant's own flow, whose one step may say what it confirms.
            path = (*REPAIRS, "step", "confirm")
            yield Use((path,), source.where(call), required=False)
        elif name in MARKERS and call.args:
            yield from self._field(call)

    def _form(self, call: ast.Call, given: frozenset[str] | None) -> Iterator[Use]:
        """Yield a step with what its form or its menu shows."""
        steps = self.source.strings(
            keyword(call, "step_id") or next(iter(call.args), None)
        )
        if not (steps.values or called_name(call) != "async_show_form"):
            # Without an identifier it is the step of the method itself.
            steps = self._own_step()
        yield from self._texts(("step",), steps, given)
        if (errors := keyword(call, "errors")) is not None and isinstance(
            errors, ast.Dict
        ):
            yield from self._texts(("error",), self.source.dict_values(errors), given)
        options = keyword(call, "menu_options")
        # A dictionary brings its own labels.
        found = (
            NOTHING if isinstance(options, ast.Dict) else self.source.elements(options)
        )
        for step in sorted(steps.values):
            yield from self._texts(("step", step, "menu_options"), found, given)
            yield from self._texts(
                ("step", step, "menu_option_descriptions"), found, given, required=False
            )

    def _own_step(self) -> Strings:
        """Return the step that the method around the node handles."""
        for scope in self.source.enclosing(self.node):
            match scope:
                case ast.AsyncFunctionDef(name=name) if name.startswith("async_step_"):
                    return Strings(frozenset({name.removeprefix("async_step_")}))
        return NOTHING

    def _default_abort(
        self, call: ast.Call, given: frozenset[str] | None
    ) -> Iterator[Use]:
        """Yield the reason of a helper that ends the flow."""
        name = called_name(call)
        option = "error" if name == "_abort_if_unique_id_configured" else "reason"
        written = keyword(call, option)
        if written is not None:
            yield from self._texts(("abort",), self.source.strings(written), given)
            return
        default = Strings(frozenset(DEFAULT_REASONS[name]))
        yield from self._texts(("abort",), default, given)

    def _field(self, call: ast.Call) -> Iterator[Use]:
        """Yield the label of a field of a form, or the name of a section."""
        argument = call.args[0]
        if isinstance(argument, ast.Call) and called_name(argument) == "Secret":
            argument = argument.args[0]
        group = "data"
        parent = self.source.parents.get(call)
        if isinstance(parent, ast.Dict):
            value = (
                parent.values[parent.keys.index(call)] if call in parent.keys else None
            )
            if isinstance(value, ast.Call) and called_name(value) == "section":
                group = "sections"
        keys = self.source.strings(argument)
        yield from self._texts(("step", "*", group), keys)
