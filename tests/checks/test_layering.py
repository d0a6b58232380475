"""The rooms of the integration keep to themselves, and no file grows too long."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from .entity_scan import PLATFORMS
from .literals import Source
from .snippets import make_source
from .source_tree import INTEGRATION, REPOSITORY, Module, read_modules

INDEPENDENT = ("planning", "protocols", "sources")
MOST_LINES = 450


def imported(module: Module) -> Iterator[str]:
    """Yield the names of the modules that a module imports, in full where it can."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=name, level=0):
                yield name or ""
            case ast.ImportFrom(module=name, level=level):
                folder = Path(module.name).parts[:-level]
                if level > len(Path(module.name).parts):
                    folder = ("..",)
                yield ".".join((*folder, *filter(None, [name]))) or "."


def strangers(source: Source) -> list[str]:
    """Return what the independent rooms import from outside of them."""
    found = []
    for module in source.modules:
        room = Path(module.name).parts[0]
        if room not in INDEPENDENT:
            continue
        for name in imported(module):
            first = name.split(".")[0]
            inside = first in INDEPENDENT
            own = (INTEGRATION / first).exists() or (
                INTEGRATION / f"{first}.py"
            ).exists()
            if first in {"homeassistant", "custom_components", ".", ""} or (
                own and not inside
            ):
                found.append(f"{module.name}: {name}")
    return found


def more_than_routing(module: Module) -> list[str]:
    """Return what a platform file at the top does beside sending Home Assistant on."""
    found = []
    for statement in module.tree.body:
        match statement:
            case ast.Import() | ast.ImportFrom():
                continue
            case ast.Expr(value=ast.Constant(value=str())):
                continue
            case ast.Assign(targets=[ast.Name(id="PARALLEL_UPDATES" | "__all__")]):
                continue
            case ast.AnnAssign(target=ast.Name(id="PARALLEL_UPDATES")):
                continue
            case ast.AsyncFunctionDef(name="async_setup_entry"):
                continue
        found.append(f"{module.name}:{statement.lineno}")
    return found


def parallel_updates(module: Module) -> bool:
    """Return whether a platform file says how many updates may run at once."""
    for statement in module.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="PARALLEL_UPDATES")]):
                return True
            case ast.AnnAssign(target=ast.Name(id="PARALLEL_UPDATES")):
                return True
            case ast.ImportFrom(names=names) if any(
                alias.name == "PARALLEL_UPDATES" for alias in names
            ):
                return True
    return False


def platforms(source: Source) -> list[Module]:
    """Return the files where Home Assistant looks for the platforms."""
    return [
        module
        for module in source.modules
        if "/" not in module.name and module.stem in PLATFORMS
    ]


def test_protocols_know_nothing_of_home_assistant(source: Source) -> None:
    """What talks to devices and what plans could be a library of its own."""
    assert any(module.name.startswith("protocols/") for module in source.modules)
    assert strangers(source) == []


def test_platform_files_only_route(source: Source) -> None:
    """What an entity does is in the room of what it belongs to."""
    assert platforms(source)
    for module in platforms(source):
        assert more_than_routing(module) == []


def test_platform_files_say_how_many_updates_may_run(source: Source) -> None:
    """Home Assistant reads it there, and a device takes one command at a time."""
    for module in platforms(source):
        assert parallel_updates(module), module.name


def test_no_file_is_too_long() -> None:
    """A file can be read in one sitting."""
    modules = read_modules(REPOSITORY / "custom_components")
    assert {m.name: m.lines for m in modules if m.lines > MOST_LINES} == {}


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("import asyncio", True),
        ("from .model import Miner", True),
        ("from ..sources.firmware import API_URL", True),
        ("from . import model", True),
        ("import homeassistant.core", False),
        ("from homeassistant.core import HomeAssistant", False),
        ("def f():\n    from homeassistant import core", False),
        ("from ..const import DOMAIN", False),
        ("from ..miner.entity import MinerEntity", False),
        ("from .. import const", False),
        ("from custom_components.miner_controller import const", False),
    ],
)
def test_an_import_is_judged(tmp_path: Path, code: str, allowed: bool) -> None:
    """A room of its own imports itself, its likes and libraries."""
    found = strangers(make_source(tmp_path, protocols__axeos=code))
    assert (found == []) == allowed


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ('"""Routes."""\nfrom .miner.sensor import async_setup_entry', True),
        ("PARALLEL_UPDATES = 0", True),
        ("async def async_setup_entry(hass, entry, add): ...", True),
        ("class Sensor: ...", False),
        ("SENSORS = ()", False),
        ("def helper(): ...", False),
    ],
)
def test_routing_is_judged(tmp_path: Path, code: str, allowed: bool) -> None:
    """A class or a table in a platform file is found."""
    (module,) = platforms(make_source(tmp_path, sensor=code))
    assert (more_than_routing(module) == []) == allowed
    assert parallel_updates(module) == code.startswith("PARALLEL_UPDATES")
