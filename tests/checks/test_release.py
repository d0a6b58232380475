"""A release is an archive that the store can unpack, with one version throughout."""

import json
import os
from pathlib import Path
import re
import stat
from typing import Any
import zipfile

import pytest

from scripts.release import ReleaseError, pack, release_version

from .source_tree import INTEGRATION, REPOSITORY, own_files, parse_yaml, read_json

FOLDER = Path("custom_components", "miner_controller")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the archive of the integration as it is."""
    path = tmp_path_factory.mktemp("dist") / "miner_controller.zip"
    pack(INTEGRATION, path)
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project in which everything has the same version."""
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "manifest.json").write_text('{"version": "1.2.3"}', "utf-8")
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n', "utf-8")
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changelog\n\n## [1.2.3] – 2026-11-28\n\n## [1.2.2] – 2026-11-01\n", "utf-8"
    )
    return tmp_path


def test_the_archive_is_the_integration(archive: Path) -> None:
    """It holds what is in the folder and in git, and nothing else."""
    expected = [
        path.relative_to(INTEGRATION).as_posix()
        for path in own_files()
        if path.is_relative_to(INTEGRATION)
    ]
    with zipfile.ZipFile(archive) as packed:
        assert packed.testzip() is None
        assert packed.namelist() == sorted(expected)


@pytest.mark.parametrize(
    "name",
    [
        "__init__.py",
        "blueprints/automation/follow_plan.yaml",
        "brand/icon.png",
        "frontend/miner-controller.js",
        "manifest.json",
        "translations/en.json",
    ],
)
def test_the_archive_has_a_part(archive: Path, name: str) -> None:
    """Each kind of file is where Home Assistant looks, as it is in the folder."""
    with zipfile.ZipFile(archive) as packed:
        assert packed.read(name) == (INTEGRATION / name).read_bytes()


def test_the_same_contents_give_the_same_bytes(tmp_path: Path) -> None:
    """Caches, hidden files, dates and permissions leave no trace."""
    before, after = tmp_path / "before.zip", tmp_path / "after.zip"
    folder = tmp_path / "folder"
    for name in ("b.py", "a/c.py", "a.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, "utf-8")
    pack(folder, before)
    os.utime(folder / "b.py", (1_700_000_000, 1_700_000_000))
    (folder / "a.py").chmod(0o700)
    for name in ("__pycache__/a.cpython-314.pyc", "old.pyc", ".DS_Store", ".git/x"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    pack(folder, after)
    assert after.read_bytes() == before.read_bytes()
    with zipfile.ZipFile(after) as packed:
        assert packed.namelist() == ["a.py", "a/c.py", "b.py"]
        modes = {entry.external_attr >> 16 for entry in packed.infolist()}
        assert modes == {stat.S_IFREG | 0o644}


def test_the_versions_agree() -> None:
    """What is here can be released."""
    version = release_version(REPOSITORY)
    assert version == read_json(INTEGRATION / "manifest.json")["version"]


def test_a_tag_is_the_version(project: Path) -> None:
    """The tag is the version itself, without a letter."""
    assert release_version(project, "1.2.3") == "1.2.3"
    with pytest.raises(ReleaseError, match=re.escape("the tag says v1.2.3")):
        release_version(project, "v1.2.3")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        (FOLDER / "manifest.json", '{"version": "1.2.4"}', "manifest.json says 1.2.4"),
        ("pyproject.toml", '[project]\nversion = "1.2"\n', "pyproject.toml says 1.2"),
        (
            "CHANGELOG.md",
            "## [Unreleased]\n## [1.2.3]\n",
            "CHANGELOG.md says Unreleased",
        ),
        ("CHANGELOG.md", "# Changelog\n", "CHANGELOG.md says nothing"),
    ],
    ids=["manifest", "project", "unreleased", "empty"],
)
def test_another_version_is_refused(
    project: Path, name: str | Path, content: str, told: str
) -> None:
    """Nobody gets an archive whose changes are not listed, or listed as another's."""
    (project / name).write_text(content, "utf-8")
    with pytest.raises(ReleaseError, match=f"{re.escape(told)}(,|$)"):
        release_version(project)


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    """Return the workflow of a release."""
    path = REPOSITORY / ".github" / "workflows" / "release.yml"
    content: dict[str, Any] = parse_yaml(path.read_text("utf-8"))
    return content


def test_only_the_upload_may_write(workflow: dict[str, Any]) -> None:
    """The token is given to nothing but the upload, and no job may do more."""
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    assert job["permissions"] == {"contents": "write"}
    steps = [step for step in job["steps"] if "token" in json.dumps(step)]
    assert [step["run"].split()[:3] for step in steps] == [["gh", "release", "upload"]]


def test_the_workflow_uploads_what_the_script_makes(workflow: dict[str, Any]) -> None:
    """The script checks the tag and makes the file that the store asks for."""
    (job,) = workflow["jobs"].values()
    runs = [step["run"] for step in job["steps"] if "run" in step]
    assert 'scripts/package "$TAG"' in runs
    filename = read_json(REPOSITORY / "hacs.json")["filename"]
    assert f"dist/{filename}" in runs[-1]
