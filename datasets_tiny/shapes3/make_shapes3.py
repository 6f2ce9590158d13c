"""生成 shapes3 | Makes shapes3: circles, squares and triangles in random colours, 32x32, drawn by this script.

    python -m datasets_tiny.shapes3.make_shapes3 [FOLDER]

Running it again writes the same bytes on every machine: of `random` only random() is used, and no sine or cosine.
The three shapes of one size have the same area, so that counting coloured pixels does not tell them apart.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

from datasets_tiny.drawing import SIDE, Colour, Place, between
from datasets_tiny.image_folder import png, write_picture, write_texts

CLASSES = ("circle", "square", "triangle")
COUNTS = {"training_set": 24, "val_set": 8, "test_set": 5}
SEED = 20240607
FINE = 3  # points per pixel and direction
NOISE = 30
DARK, BRIGHT = (0, 90), (130, 255)  # so that a network that sees grey can tell the two apart
SHIFT = 2.5  # pixels from the middle
TURN = 0.15  # tangent of half the largest angle: about 17 degrees either way
HALF_SQUARE = 0.8862269  # of a square with the area of the unit circle
INNER_TRIANGLE = 0.7776  # the radius of the circle within such a triangle; the one around it is twice that
HALF_ROOT_3 = 0.8660254


def make(root: Path) -> None:
    """Write the data set into `root`."""
    chance = Random(SEED)
    number = 0
    for split, count in COUNTS.items():
        for name in CLASSES:
            for _ in range(count):
                write_picture(root, split, name, number, png(drawn(name, chance), colour=True))
                number += 1
    write_texts(root, CLASSES)


def drawn(name: str, chance: Random) -> list[bytes]:
    """32 rows of RGB pixels: one shape of random size, place, turn and colour on a noisy background."""
    radius = between(chance, 7.5, 8.6)
    x, y = (SIDE / 2 + between(chance, -SHIFT, SHIFT) for _ in "xy")
    place = Place(x, y, radius, between(chance, -TURN, TURN))
    back, front = _colour(chance, *DARK), _colour(chance, *BRIGHT)

    def covered(column: int, row: int) -> float:
        """The share of a pixel that lies within the shape."""
        return sum(_within(name, x, y) for x, y in place.points(column, row, FINE)) / FINE**2

    return [
        b"".join(_pixel(back, front, covered(column, row), chance) for column in range(SIDE)) for row in range(SIDE)
    ]


def _within(name: str, x: float, y: float) -> bool:
    if name == "circle":
        return x * x + y * y <= 1
    if name == "square":
        return max(abs(x), abs(y)) <= HALF_SQUARE
    return max(y, HALF_ROOT_3 * abs(x) - y / 2) <= INNER_TRIANGLE


def _colour(chance: Random, low: float, high: float) -> Colour:
    return tuple(between(chance, low, high) for _ in "rgb")


def _pixel(back: Colour, front: Colour, share: float, chance: Random) -> bytes:
    mixed = (b + (f - b) * share + between(chance, -NOISE, NOISE) for b, f in zip(back, front, strict=True))
    return bytes(min(255, max(0, round(value))) for value in mixed)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
