"""生成 signs6 | Makes signs6: six kinds of traffic signs, 32x32 colour, drawn by this script.

    python -m datasets_tiny.signs6.make_signs6 [FOLDER]

With more than five classes MMEdu logs top-5. The signs differ in shape as well as in colour: LeNet sees grey.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

from datasets_tiny.drawing import Colour, Layer, Place, Within, between, picture
from datasets_tiny.image_folder import png, write_picture, write_texts

COUNTS = {"training_set": 25, "val_set": 8, "test_set": 4}
SEED = 20250308
NOISE = 40
GROUND = (70, 150)
LIGHT = (0.65, 1.0)  # from dusk to day
RED, BLUE, YELLOW, WHITE, BLACK = (205, 30, 35), (25, 75, 190), (250, 205, 20), (245, 245, 245), (25, 25, 25)
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
    """32 rows of RGB pixels: one sign of random size, place, turn and light on a noisy background."""
    place = Place.drawn_by(chance, radius=(9.5, 12), shift=2.5, turn=0.08)
    ground = tuple(between(chance, *GROUND) for _ in "rgb")
    light = between(chance, *LIGHT)
    layers = [(within, _lit(colour, light)) for within, colour in SIGNS[name]()]
    return picture(ground, layers, place, NOISE, chance)


def _lit(colour: Colour, light: float) -> Colour:
    return tuple(value * light for value in colour)


def _disc(radius: float) -> Within:
    return lambda x, y: x * x + y * y <= radius * radius


def _box(left: float, top: float, right: float, bottom: float) -> Within:
    return lambda x, y: left <= x <= right and top <= y <= bottom


def _diamond(radius: float) -> Within:
    return lambda x, y: abs(x) + abs(y) <= radius


def _triangle(inner: float, up: int) -> Within:
    """Of equal sides, pointing up (1) or down (-1); `inner` is the radius of the circle within."""
    return lambda x, y: max(up * y - 0.1, HALF_ROOT_3 * abs(x) - (up * y - 0.1) / 2) <= inner


def _ahead() -> list[Layer]:
    head: Within = lambda x, y: -0.65 <= y <= -0.05 and abs(x) <= 0.75 * (y + 0.65)  # noqa: E731
    return [(_disc(1), BLUE), (head, WHITE), (_box(-0.16, -0.05, 0.16, 0.65), WHITE)]


def _no_entry() -> list[Layer]:
    return [(_disc(1), RED), (_box(-0.68, -0.2, 0.68, 0.2), WHITE)]


def _parking() -> list[Layer]:
    bow: Within = lambda x, y: (x - 0.05) * (x - 0.05) + (y + 0.25) * (y + 0.25) <= 0.17  # noqa: E731
    hole: Within = lambda x, y: (x - 0.05) * (x - 0.05) + (y + 0.25) * (y + 0.25) <= 0.03  # noqa: E731
    stem = _box(-0.36, -0.66, -0.1, 0.66)
    return [(_box(-0.9, -0.9, 0.9, 0.9), BLUE), (bow, WHITE), (hole, BLUE), (stem, WHITE)]


def _priority() -> list[Layer]:
    return [(_diamond(1.25), WHITE), (_diamond(0.85), YELLOW)]


def _warning() -> list[Layer]:
    mark = [(_box(-0.1, -0.5, 0.1, 0.15), BLACK), (_box(-0.1, 0.27, 0.1, 0.45), BLACK)]
    return [(_triangle(0.68, 1), BLACK), (_triangle(0.5, 1), YELLOW), *mark]


def _yield() -> list[Layer]:
    return [(_triangle(0.68, -1), RED), (_triangle(0.4, -1), WHITE)]


SIGNS: dict[str, Callable[[], list[Layer]]] = {
    "ahead": _ahead,
    "no_entry": _no_entry,
    "parking": _parking,
    "priority": _priority,
    "warning": _warning,
    "yield": _yield,
}
CLASSES = tuple(SIGNS)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
