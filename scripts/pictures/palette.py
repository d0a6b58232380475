"""Makes the file of a picture small, by a palette of its colours."""

from collections import Counter
from collections.abc import Mapping
import io
from itertools import batched
import math

from PIL import Image

type Color = tuple[int, ...]

_COLORS = 256


def small(picture: bytes) -> bytes:
    """Return a picture in which few colours stand for all."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    pixels = [*batched(image.tobytes(), 3, strict=True)]
    palette, places = _choose(dict(Counter(pixels).most_common()))
    few = Image.frombytes("P", image.size, bytes(places[pixel] for pixel in pixels))
    few.putpalette([part for color in palette for part in color])
    file = io.BytesIO()
    few.save(file, "PNG", optimize=True)
    return file.getvalue()


def _choose(counts: Mapping[Color, int]) -> tuple[list[Color], dict[Color, int]]:
    """Return a palette, and the place in it that stands for each colour.

    Each time that colour is taken which is missed most, by how often it is there and
    how much it differs from the nearest one so far. So a small area keeps its colour,
    unlike with the averages of Pillow, and only edges of letters get another shade.
    """
    palette: list[Color] = []
    places: dict[Color, int] = {}
    missed = dict.fromkeys(counts, math.inf)
    while len(palette) < _COLORS and any(missed.values()):
        taken = max(missed, key=missed.__getitem__)
        for color, count in counts.items():
            loss = count * _difference(color, taken)
            if loss < missed[color]:
                missed[color] = loss
                places[color] = len(palette)
        palette.append(taken)
    return palette, places


def _difference(one: Color, other: Color) -> int:
    """Return how much two colours differ."""
    red, green, blue = one
    return (red - other[0]) ** 2 + (green - other[1]) ** 2 + (blue - other[2]) ** 2
