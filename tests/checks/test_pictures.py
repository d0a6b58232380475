"""The pictures of the README and the documentation are there, and small."""

import re

from .source_tree import REPOSITORY

IMAGES = REPOSITORY / "docs" / "images"
MOST_BYTES = 250_000

_SHOWN = re.compile(r"!\[[^\]]+\]\((?!https?:)([^)]+)\)")


def test_every_picture_is_shown_and_there() -> None:
    """No page shows a picture that is missing, and none is left that no page shows."""
    pages = [REPOSITORY / "README.md", *(REPOSITORY / "docs").glob("*.md")]
    shown = {
        (page.parent / name).resolve()
        for page in pages
        for name in _SHOWN.findall(page.read_text("utf-8"))
    }
    assert shown == set(IMAGES.iterdir())


def test_pictures_are_small() -> None:
    """A clone and a page hold all of them."""
    sizes = {path.name: path.stat().st_size for path in IMAGES.iterdir()}
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}
