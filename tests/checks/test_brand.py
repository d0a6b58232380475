"""The brand images have the sizes and the form that Home Assistant shows."""

from pathlib import Path
import subprocess
import sys

from PIL import Image
import pytest

from .source_tree import INTEGRATION, REPOSITORY

BRAND = INTEGRATION / "brand"
ICONS = {"icon": 256, "icon@2x": 512, "dark_icon": 256, "dark_icon@2x": 512}
LOGOS = ("logo", "dark_logo")


def header(path: Path) -> tuple[int, int, int, int]:
    """Return width, height, depth and colour type from a PNG's first block."""
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR")
    width, height = (int.from_bytes(data[at : at + 4]) for at in (16, 20))
    return width, height, data[24], data[25]


def test_there_is_nothing_else() -> None:
    """Each image has a variant for dark pages and one for dense screens."""
    names = {*ICONS, *LOGOS, *(f"{name}@2x" for name in LOGOS)}
    assert {path.name for path in BRAND.iterdir()} == {f"{name}.png" for name in names}


@pytest.mark.parametrize(("name", "size"), ICONS.items())
def test_an_icon_is_a_square_of_its_size(name: str, size: int) -> None:
    """Icons are shown in fixed squares."""
    assert header(BRAND / f"{name}.png")[:2] == (size, size)


@pytest.mark.parametrize("name", LOGOS)
def test_a_logo_lies_and_has_a_double(name: str) -> None:
    """Logos are landscape, of 128 to 256 pixels, and exactly twice that."""
    width, height, *_ = header(BRAND / f"{name}.png")
    assert width > height
    assert 128 <= height <= 256
    double_width, double_height, *_ = header(BRAND / f"{name}@2x.png")
    assert double_height == 2 * height
    # A part of a pixel at the edge may be a whole one at double size.
    assert double_width in {2 * width - 1, 2 * width}


@pytest.mark.parametrize("path", sorted(BRAND.iterdir()), ids=lambda path: path.stem)
def test_an_image_is_trimmed_and_transparent(path: Path) -> None:
    """The background is transparent, and there is no empty margin."""
    assert header(path)[2:] == (8, 6), "8 bits a channel, with alpha"
    with Image.open(path) as image:
        alpha = image.getchannel("A")
        assert alpha.getbbox() == (0, 0, *image.size)
        assert alpha.getpixel((0, 0)) == 0
        assert alpha.getextrema() == (0, 255)
    assert path.stat().st_size < 64 * 1024


def test_the_images_are_what_the_script_draws(tmp_path: Path) -> None:
    """An image that was changed by hand would be lost at the next drawing."""
    names = ["icon.png", "dark_logo.png"]
    script = str(REPOSITORY / "scripts" / "brand")
    command = [sys.executable, script, *names, "--output", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    for name in names:
        # The pixels, since another zlib may pack the same ones differently.
        with Image.open(tmp_path / name) as drawn, Image.open(BRAND / name) as kept:
            assert drawn.tobytes() == kept.tobytes(), name
