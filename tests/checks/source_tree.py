"""Reads the files of this repository for the checks."""

import ast
from collections.abc import Hashable
from dataclasses import dataclass
import json
from pathlib import Path
import subprocess
from typing import Any, override

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
INTEGRATION = REPOSITORY / "custom_components" / "miner_controller"


@dataclass(frozen=True, slots=True)
class Module:
    """A Python file, parsed."""

    name: str
    """The path below the folder that was read, with slashes."""
    tree: ast.Module
    lines: int

    @property
    def stem(self) -> str:
        """Return the file's name without its folder and suffix."""
        return Path(self.name).stem


def read_modules(root: Path) -> tuple[Module, ...]:
    """Return every Python file below a folder, in the order of their names."""
    modules = []
    for path in sorted(root.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        name = path.relative_to(root).as_posix()
        modules.append(Module(name, ast.parse(source, name), source.count("\n")))
    return tuple(modules)


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object, or fail where a key is there twice."""
    keys = [key for key, _ in pairs]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise ValueError(f"keys given twice: {', '.join(sorted(twice))}")
    return dict(pairs)


def parse_json(text: str) -> Any:
    """Return what a JSON text says; a key that is there twice is an error."""
    return json.loads(text, object_pairs_hook=_unique_keys)


def read_json(path: Path) -> Any:
    """Return what a JSON file says; a key that is there twice is an error."""
    return parse_json(path.read_text(encoding="utf-8"))


class _Loader(yaml.SafeLoader):
    """Reads YAML with Home Assistant's own tags, such as !input, as plain values."""

    @override
    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, Any]:
        """Return a mapping, or fail where a key is there twice."""
        keys = [key.value for key, _ in node.value]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise ValueError(f"keys given twice: {', '.join(sorted(twice))}")
        return super().construct_mapping(node, deep)


def _construct_tagged(loader: _Loader, _: str, node: yaml.Node) -> Any:
    """Return the value behind a tag that plain YAML does not know."""
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.ScalarNode)
    return loader.construct_scalar(node)


_Loader.add_multi_constructor("!", _construct_tagged)


def parse_yaml(text: str) -> Any:
    """Return what a YAML text says; a key that is there twice is an error."""
    # The loader is a SafeLoader, which makes nothing but plain values.
    return yaml.load(text, Loader=_Loader)  # noqa: S506


def read_yaml(path: Path) -> Any:
    """Return what a YAML file says; a key that is there twice is an error."""
    return parse_yaml(path.read_text(encoding="utf-8"))


def own_files(root: Path = REPOSITORY) -> tuple[Path, ...]:
    """Return the files of the repository: those in git and those not ignored by it."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=True,
        text=True,
    )
    names = sorted(set(filter(None, listing.stdout.split("\0"))))
    # A file that was deleted is still in git until the next commit.
    return tuple(path for name in names if (path := root / name).is_file())
