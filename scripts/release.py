"""Packs the integration into the archive that the store unpacks."""

import argparse
from collections.abc import Iterator
import hashlib
import json
from pathlib import Path
import re
import sys
import tomllib
import zipfile

REPOSITORY = Path(__file__).resolve().parents[1]
INTEGRATION = Path("custom_components", "miner_controller")
ARCHIVE = Path("dist", "miner_controller.zip")

# Nothing of the day or the machine is in the archive: the least date that a ZIP file
# can hold, and a plain file of Unix that everybody may read.
_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_MODE = 0o100644

_SECTION = re.compile(r"^## \[(.+?)\]", re.MULTILINE)


class ReleaseError(Exception):
    """What is here cannot be released as it is."""


def release_version(root: Path, tag: str | None = None) -> str:
    """Return the version that all of the project agrees on, and the tag if given."""
    manifest = json.loads((root / INTEGRATION / "manifest.json").read_text("utf-8"))
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    newest = _SECTION.search((root / "CHANGELOG.md").read_text("utf-8"))
    versions = {
        "manifest.json": manifest["version"],
        "pyproject.toml": project["project"]["version"],
        "CHANGELOG.md": newest[1] if newest else "nothing",
    }
    if tag is not None:
        versions["the tag"] = tag
    if len(set(versions.values())) > 1:
        told = ", ".join(f"{name} says {version}" for name, version in versions.items())
        raise ReleaseError(f"The versions differ: {told}")
    return str(manifest["version"])


def pack(folder: Path, archive: Path) -> None:
    """Pack the contents of a folder, so that the same contents give the same bytes.

    The store unpacks them into custom_components/miner_controller, so the folder
    itself is not in the archive.
    """
    archive.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive, "w") as packed:
        for name, path in sorted(_files(folder)):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system = _UNIX
            entry.external_attr = _MODE << 16
            packed.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Return all files of a folder that somebody wrote, by their names in it."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        is_hidden = any(part.startswith(".") for part in name.parts)
        is_cache = "__pycache__" in name.parts or path.suffix in {".pyc", ".pyo"}
        if path.is_file() and not is_hidden and not is_cache:
            yield name.as_posix(), path


def main() -> int:
    """Make the archive, or say why not and return 1."""
    parser = argparse.ArgumentParser(prog="scripts/package", description=__doc__)
    parser.add_argument("tag", nargs="?", help="what the version has to be")
    tag = parser.parse_args().tag
    try:
        version = release_version(REPOSITORY, tag)
    except ReleaseError as err:
        print(err, file=sys.stderr)
        return 1
    archive = REPOSITORY / ARCHIVE
    pack(REPOSITORY / INTEGRATION, archive)
    content = archive.read_bytes()
    print(f"{ARCHIVE.as_posix()}: version {version}, {len(content)} bytes")
    print(f"SHA-256 {hashlib.sha256(content).hexdigest()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
