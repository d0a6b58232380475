"""Makes small source trees, for the tests of the scanners themselves."""

from pathlib import Path
from textwrap import dedent

from .literals import Source
from .source_tree import read_modules


def make_source(folder: Path, **files: str) -> Source:
    """Write files, named without their suffix, and return their source."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return Source(read_modules(folder))
