"""Says which strings an expression of the source can have, as far as it is written.

The reading ignores the order of statements: a name may have any of the values that
are assigned to it. What cannot be read leaves the answer incomplete, and the unknown
part of an f-string is an asterisk, so that the answer can be compared as a pattern.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
import importlib
from itertools import product

from .source_tree import Module

type Function = ast.FunctionDef | ast.AsyncFunctionDef
type Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp

_SAME_STRING_METHODS = {"casefold", "lower", "strip"}
_SAME_ELEMENTS = {"frozenset", "list", "reversed", "set", "sorted", "tuple"}


@dataclass(frozen=True, slots=True)
class Strings:
    """The strings that an expression can have."""

    values: frozenset[str] = frozenset()
    complete: bool = True

    def __or__(self, other: Strings) -> Strings:
        """Return the strings of either."""
        return Strings(self.values | other.values, self.complete and other.complete)


NOTHING = Strings()
UNKNOWN = Strings(complete=False)


def union(parts: Iterable[Strings]) -> Strings:
    """Return the strings of any of several."""
    result = NOTHING
    for part in parts:
        result |= part
    return result


def called_name(call: ast.Call) -> str:
    """Return the last part of the name of what is called, or nothing."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """Return the value of a keyword argument."""
    return next((item.value for item in call.keywords if item.arg == name), None)


def _assignments(scope: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield target and value of each assignment below a node."""
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=targets, value=value):
                yield from ((target, value) for target in targets)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield target, value
            case ast.NamedExpr(target=target, value=value):
                yield target, value


@dataclass(slots=True)
class Source:
    """Modules with what is needed to follow a name through them."""

    modules: tuple[Module, ...]
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)
    places: dict[ast.AST, Module] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    functions: dict[str, list[Function]] = field(
        default_factory=lambda: defaultdict(list)
    )
    calls: dict[str, list[ast.Call]] = field(default_factory=lambda: defaultdict(list))
    constants: dict[str, list[ast.expr]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _active: set[ast.AST] = field(default_factory=set)
    subentry_types: dict[str, str] | None = None
    """The subentry type of each flow class, once somebody has looked for them."""

    def __post_init__(self) -> None:
        """Make the indexes."""
        for module in self.modules:
            for node in ast.walk(module.tree):
                self.places[node] = module
                for child in ast.iter_child_nodes(node):
                    self.parents[child] = node
                match node:
                    case ast.ClassDef(name=name):
                        self.classes[name] = node
                    case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                        self.functions[name].append(node)
                    case ast.Call():
                        self.calls[called_name(node)].append(node)
            for statement in module.tree.body:
                if isinstance(statement, ast.Assign | ast.AnnAssign):
                    for target, value in _assignments(statement):
                        if isinstance(target, ast.Name):
                            self.constants[target.id].append(value)

    def where(self, node: ast.AST) -> str:
        """Return file and line of a node."""
        return f"{self.places[node].name}:{getattr(node, 'lineno', 1)}"

    def enclosing(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what a node is in, from the inside out."""
        while (parent := self.parents.get(node)) is not None:
            yield parent
            node = parent

    def base_names(self, name: str) -> set[str]:
        """Return the names of a class and of everything it derives from."""
        names, waiting = set[str](), [name]
        while waiting:
            current = waiting.pop()
            if current in names:
                continue
            names.add(current)
            if (definition := self.classes.get(current)) is None:
                continue
            for base in definition.bases:
                # A generic base is named before its brackets.
                expression = base.value if isinstance(base, ast.Subscript) else base
                match expression:
                    case ast.Name(id=found) | ast.Attribute(attr=found):
                        waiting.append(found)
        return names

    def class_value(self, name: str, attribute: str) -> ast.expr | None:
        """Return what a class of the source, or a base of it, gives an attribute."""
        for base in sorted(self.base_names(name), key=lambda item: item != name):
            if (definition := self.classes.get(base)) is None:
                continue
            for statement in definition.body:
                for target, value in _assignments(statement):
                    if isinstance(target, ast.Name) and target.id == attribute:
                        return value
        return None

    def literals(self) -> frozenset[str]:
        """Return every string that is written in the source."""
        return (
            frozenset(
                node.value
                for module in self.modules
                for node in ast.walk(module.tree)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            )
            | union(map(self._members, self.classes.values())).values
        )

    def strings(self, node: ast.expr | None) -> Strings:
        """Return the strings that an expression can have."""
        if node is None:
            return NOTHING
        if node in self._active:
            return NOTHING
        self._active.add(node)
        try:
            return self._strings(node)
        finally:
            self._active.discard(node)

    def _strings(self, node: ast.expr) -> Strings:
        """Return the strings of an expression that is not being read already."""
        match node:
            case ast.Constant(value=str(value)):
                return Strings(frozenset({value}))
            case ast.Constant(value=None):
                return NOTHING
            case ast.JoinedStr(values=parts):
                return self._joined(parts)
            case ast.IfExp(body=body, orelse=other):
                return self.strings(body) | self.strings(other)
            case ast.BoolOp(values=values):
                return union(map(self.strings, values))
            case ast.Await(value=value) | ast.NamedExpr(value=value):
                return self.strings(value)
            case ast.Name():
                return self._name(node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Subscript(value=container, slice=index):
                return self._item(container, index)
            case ast.Call():
                return self._call(node)
            case _:
                return UNKNOWN

    def _joined(self, parts: list[ast.expr]) -> Strings:
        """Return the strings of an f-string."""
        choices: list[frozenset[str]] = []
        complete = True
        for part in parts:
            value = part.value if isinstance(part, ast.FormattedValue) else part
            found = self.strings(value) if isinstance(value, ast.expr) else UNKNOWN
            if not (found.complete and found.values):
                found, complete = Strings(frozenset({"*"})), False
            choices.append(found.values)
        # A pattern is as good an answer as a list, unless nothing in it is known.
        known = {"".join(choice) for choice in product(*choices)}
        return Strings(frozenset(known - {"*"}), complete or "*" not in known)

    def _name(self, node: ast.Name) -> Strings:
        """Return the strings that a name can have where it stands."""
        for scope in self.enclosing(node):
            found: list[Strings] = []
            match scope:
                case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                    found += self._loops(node.id, scope.generators)
                case ast.DictComp(generators=generators):
                    found += self._loops(node.id, generators)
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    found += [
                        self.strings(value)
                        for target, value in _assignments(scope)
                        if isinstance(target, ast.Name) and target.id == node.id
                    ]
                    found += self._loops(
                        node.id,
                        (
                            loop
                            for loop in ast.walk(scope)
                            if isinstance(loop, ast.For | ast.AsyncFor)
                        ),
                    )
                    if node.id in self._parameters(scope):
                        found.append(self._argument(scope, node.id))
            if found:
                return union(found)
        if found := [self.strings(value) for value in self.constants.get(node.id, ())]:
            return union(found)
        return self._imported(node)

    def _loops(
        self, name: str, loops: Iterable[ast.For | ast.AsyncFor | ast.comprehension]
    ) -> Iterator[Strings]:
        """Yield the strings that loops give a name."""
        for loop in loops:
            match loop.target:
                case ast.Name(id=found) if found == name:
                    yield self.elements(loop.iter)
                case ast.Tuple(elts=targets):
                    for at, target in enumerate(targets):
                        if isinstance(target, ast.Name) and target.id == name:
                            yield self._column(loop.iter, at)

    def _column(self, rows: ast.expr, at: int) -> Strings:
        """Return the strings in one place of each tuple of a table."""
        match rows:
            case ast.Name(id=name) if name in self.constants:
                return union(self._column(row, at) for row in self.constants[name])
            case ast.Call(func=ast.Attribute(value=value, attr="items")):
                found = self._dicts(value)
                pairs = [
                    pair for d in found for pair in zip(d.keys, d.values, strict=True)
                ]
                return (
                    union(self.strings(pair[at]) for pair in pairs)
                    if found
                    else (UNKNOWN)
                )
            case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
                return union(
                    self.strings(item.elts[at])
                    if isinstance(item, ast.Tuple) and at < len(item.elts)
                    else UNKNOWN
                    for item in items
                )
            case _:
                return UNKNOWN

    @staticmethod
    def _parameters(function: Function) -> list[str]:
        """Return the names of a function's parameters."""
        arguments = function.args
        return [
            item.arg
            for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        ]

    def _arguments(self, function: Function, name: str) -> list[ast.expr | None]:
        """Return what the calls of a function give a parameter."""
        arguments = function.args
        positional = [item.arg for item in (*arguments.posonlyargs, *arguments.args)]
        defaults = dict(
            zip(reversed(positional), reversed(arguments.defaults), strict=False)
        ) | {
            item.arg: value
            for item, value in zip(
                arguments.kwonlyargs, arguments.kw_defaults, strict=True
            )
            if value is not None
        }
        if positional and positional[0] in {"self", "cls"}:
            positional = positional[1:]
        names = [function.name]
        if function.name == "__init__":
            owner = self.parents[function]
            names = [n for n in self.classes if owner in self._lineage(n)]
        found: list[ast.expr | None] = []
        for call in (call for called in names for call in self.calls.get(called, ())):
            if self._is_of_homeassistant(call):
                continue
            value = keyword(call, name)
            if value is None and name in positional:
                at = positional.index(name)
                value = call.args[at] if at < len(call.args) else None
            found.append(value or defaults.get(name))
        return found

    def _argument(self, function: Function, name: str) -> Strings:
        """Return the strings that a parameter can have."""
        arguments = function.args
        for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            match item.annotation:
                case ast.Name(id=kind) if item.arg == name and kind in self.classes:
                    members = self._members(self.classes[kind])
                    if members.values:
                        return members
        found = [
            UNKNOWN if value is None else self.strings(value)
            for value in self._arguments(function, name)
        ]
        return union(found) if found else UNKNOWN

    def _is_of_homeassistant(self, call: ast.Call) -> bool:
        """Return whether what is called is in a module of Home Assistant."""
        match call.func:
            case ast.Attribute(value=ast.Name(id=owner)):
                return any(
                    (alias.asname or alias.name) == owner
                    for node in ast.walk(self.places[call].tree)
                    if isinstance(node, ast.ImportFrom)
                    and (node.module or "").startswith("homeassistant")
                    for alias in node.names
                )
        return False

    def _lineage(self, name: str) -> list[ast.ClassDef]:
        """Return the classes of the source that a class is made of."""
        return [self.classes[n] for n in self.base_names(name) if n in self.classes]

    def _imported(self, node: ast.Name) -> Strings:
        """Return the value of a constant that comes from Home Assistant."""
        for statement in ast.walk(self.places[node].tree):
            if not isinstance(statement, ast.ImportFrom):
                continue
            for alias in statement.names:
                if (alias.asname or alias.name) != node.id:
                    continue
                if statement.level or not (statement.module or "").startswith(
                    "homeassistant."
                ):
                    # The same name under another one, or code of someone else.
                    values = self.constants.get(alias.name, ())
                    return union(map(self.strings, values)) if values else UNKNOWN
                module = importlib.import_module(statement.module or "")
                value = getattr(module, alias.name, None)
                if isinstance(value, str):
                    return Strings(frozenset({str(value)}))
        return UNKNOWN

    def _members(self, definition: ast.ClassDef) -> Strings:
        """Return the values of an enumeration, or nothing for another class."""
        if not any(n.endswith("Enum") for n in self.base_names(definition.name)):
            return NOTHING
        return union(
            self._member(target.id, value)
            for statement in definition.body
            for target, value in _assignments(statement)
            if isinstance(target, ast.Name)
        )

    def _member(self, name: str, value: ast.expr) -> Strings:
        """Return the value of a member; what auto() makes is the name in small."""
        if isinstance(value, ast.Call) and called_name(value) == "auto":
            return Strings(frozenset({name.lower()}))
        return self.strings(value)

    def _attribute(self, node: ast.Attribute) -> Strings:
        """Return the strings of an attribute: of an enumeration, or of self."""
        if node.attr in {"value", "name"}:
            return self.strings(node.value)
        match node.value:
            case ast.Name(id="self" | "cls"):
                for scope in self.enclosing(node):
                    if isinstance(scope, ast.ClassDef):
                        return self._own(scope.name, node.attr)
            case ast.Name(id=name) if name in self.classes:
                if (value := self.class_value(name, node.attr)) is not None:
                    return self._member(node.attr, value)
            case ast.Name(id=name):
                for scope in self.enclosing(node):
                    match scope:
                        case ast.ExceptHandler(type=ast.Name(id=kind)) if (
                            scope.name == name and kind in self.classes
                        ):
                            return self._own(kind, node.attr)
        return UNKNOWN

    def part(self, node: ast.expr, at: int) -> Strings:
        """Return the strings in one place of a tuple that an expression can be."""
        match node:
            case ast.Constant(value=None):
                return NOTHING
            case ast.Tuple(elts=items) if at < len(items):
                return self.strings(items[at])
            case ast.IfExp(body=body, orelse=other):
                return self.part(body, at) | self.part(other, at)
            case ast.Call() if returned := self._returned(called_name(node)):
                return union(self.part(value, at) for value in returned)
            case ast.Name(id=name):
                for scope in self.enclosing(node):
                    if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
                        local = [
                            self.part(value, at)
                            for target, value in _assignments(scope)
                            if isinstance(target, ast.Name) and target.id == name
                        ]
                        return union(local) if local else UNKNOWN
        return UNKNOWN

    def _own(self, name: str, attribute: str) -> Strings:
        """Return the strings that a class gives an attribute of itself."""
        found = []
        for definition in self._lineage(name):
            for target, value in _assignments(definition):
                match target:
                    case ast.Name(id=set_name) if (
                        set_name == attribute and self._is_direct(target, definition)
                    ):
                        found.append(self.strings(value))
                    case ast.Attribute(value=ast.Name(id="self"), attr=set_name) if (
                        set_name == attribute
                    ):
                        found.append(self.strings(value))
        return union(found) if found else UNKNOWN

    def _is_direct(self, node: ast.AST, definition: ast.ClassDef) -> bool:
        """Return whether a node is in a class itself, not in a method of it."""
        for scope in self.enclosing(node):
            if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
                return False
            if scope is definition:
                return True
        return False

    def _dicts(self, node: ast.expr) -> list[ast.Dict]:
        """Return the dictionaries that an expression can be."""
        match node:
            case ast.Dict():
                return [node]
            case ast.Name(id=name):
                for scope in self.enclosing(node):
                    if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
                        local = [
                            value
                            for target, value in _assignments(scope)
                            if isinstance(target, ast.Name) and target.id == name
                        ]
                        if local:
                            return [d for d in local if isinstance(d, ast.Dict)]
                        if name in self._parameters(scope):
                            return self._given_dicts(scope, name)
                return [
                    d for d in self.constants.get(name, ()) if isinstance(d, ast.Dict)
                ]
            case ast.Call(func=ast.Name(id="MappingProxyType"), args=[inner]):
                return self._dicts(inner)
            case _:
                return []

    def _given_dicts(self, function: Function, name: str) -> list[ast.Dict]:
        """Return the dictionaries that calls give a parameter, if all can be read."""
        found: list[ast.Dict] = []
        for value in self._arguments(function, name):
            given = [] if value is None else self._dicts(value)
            if not given:
                return []
            found += given
        return found

    def dict_keys(self, node: ast.expr) -> Strings:
        """Return the keys of a dictionary that is written out."""
        found = self._dicts(node)
        if not found:
            return UNKNOWN
        return self._added_keys(node) | union(
            UNKNOWN if key is None else self.strings(key)
            for written in found
            for key in written.keys
        )

    def _added_keys(self, node: ast.expr) -> Strings:
        """Return the keys that a function adds to a dictionary of its own."""
        if not isinstance(node, ast.Name):
            return NOTHING
        return union(
            self.strings(added.slice)
            for scope in self.enclosing(node)
            if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef)
            for added in ast.walk(scope)
            if isinstance(added, ast.Subscript)
            and isinstance(added.ctx, ast.Store)
            and isinstance(added.value, ast.Name)
            and added.value.id == node.id
        )

    def dict_values(self, node: ast.expr) -> Strings:
        """Return the values of a dictionary that is written out."""
        found = self._dicts(node)
        if not found:
            return UNKNOWN
        return union(self.strings(v) for written in found for v in written.values)

    def _item(self, container: ast.expr, index: ast.expr) -> Strings:
        """Return the strings in a dictionary: the one of a key, or all of them."""
        wanted = self.strings(index)
        if wanted.complete and wanted.values:
            chosen = [
                self.strings(value)
                for written in self._dicts(container)
                for key, value in zip(written.keys, written.values, strict=True)
                if key is not None and self.strings(key).values & wanted.values
            ]
            if chosen:
                return union(chosen)
        return self.dict_values(container)

    def _call(self, call: ast.Call) -> Strings:
        """Return the strings that a call can return."""
        name = called_name(call)
        match call:
            case ast.Call(func=ast.Name(id="next"), args=[value, *rest]):
                return self.elements(value) | union(map(self.strings, rest))
            case ast.Call(func=ast.Name(id="str"), args=[value]):
                return self.strings(value)
            case ast.Call(func=ast.Attribute(value=value), args=[]) if (
                name in _SAME_STRING_METHODS
            ):
                return self.strings(value)
            case ast.Call(func=ast.Attribute(value=value, attr="get"), args=[_, *rest]):
                return self.dict_values(value) | union(map(self.strings, rest))
            case ast.Call(func=ast.Name(id=found)) if found in self.classes:
                members = self._members(self.classes[found])
                return members if members.values else UNKNOWN
        returned = self._returned(name)
        return union(map(self.strings, returned)) if returned else UNKNOWN

    def _returned(self, name: str) -> list[ast.expr]:
        """Return what the functions of a name return."""
        return [
            node.value
            for function in self.functions.get(name, ())
            for node in ast.walk(function)
            if isinstance(node, ast.Return) and node.value is not None
        ]

    def elements(self, node: ast.expr | None) -> Strings:
        """Return the strings in a list, a tuple, a set, or an enumeration."""
        match node:
            case None:
                return NOTHING
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
                return union(
                    self.elements(item.value)
                    if isinstance(item, ast.Starred)
                    else self.strings(item)
                    for item in items
                )
            case ast.ListComp(elt=item) | ast.SetComp(elt=item):
                return self.strings(item)
            case ast.GeneratorExp(elt=item):
                return self.strings(item)
            case ast.Dict():
                return self.dict_keys(node)
            case ast.BinOp(left=left, right=right):
                return self.elements(left) | self.elements(right)
            case ast.IfExp(body=body, orelse=other):
                return self.elements(body) | self.elements(other)
            case ast.Name(id=name) if name in self.classes:
                members = self._members(self.classes[name])
                return members if members.values else UNKNOWN
            case ast.Name(id=name):
                return self._named_elements(node, name)
            case ast.Call(func=ast.Name(id=name), args=[inner]) if (
                name in _SAME_ELEMENTS
            ):
                return self.elements(inner)
            case ast.Call(func=ast.Attribute(value=value, attr="keys")):
                return self.dict_keys(value)
            case ast.Call(func=ast.Attribute(value=value, attr="values")):
                return self.dict_values(value)
            case ast.Call():
                return self._returned_elements(node)
            case _:
                return UNKNOWN

    def _returned_elements(self, node: ast.Call) -> Strings:
        """Return the strings in what a call returns, which may call its like."""
        if node in self._active:
            return NOTHING
        self._active.add(node)
        try:
            returned = self._returned(called_name(node))
            return union(map(self.elements, returned)) if returned else UNKNOWN
        finally:
            self._active.discard(node)

    def _named_elements(self, node: ast.Name, name: str) -> Strings:
        """Return the strings in what a name stands for."""
        if node in self._active:
            return NOTHING
        self._active.add(node)
        try:
            for scope in self.enclosing(node):
                if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
                    local = [
                        self.elements(value)
                        for target, value in _assignments(scope)
                        if isinstance(target, ast.Name) and target.id == name
                    ]
                    if local:
                        return union(local)
            values = self.constants.get(name, ())
            return union(map(self.elements, values)) if values else UNKNOWN
        finally:
            self._active.discard(node)
