"""生成 faces2 | Makes faces2: happy and sad faces, 32x32 grey, drawn by this script.

    python -m datasets_tiny.faces2.make_faces2 [FOLDER]

Both have the same parts; only the mouth is bent up or down, so that counting bright pixels does not tell them apart.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

from datasets_tiny.drawing import Layer, Place, Within, between, picture
from datasets_tiny.image_folder import png, write_picture, write_texts

CLASSES = ("happy", "sad")
COUNTS = {"training_set": 80, "val_set": 20, "test_set": 10}
SEED = 20240913
NOISE = 25
DARK, BRIGHT = (15, 65), (165, 235)
EYE_X, EYE_Y, EYE = 0.36, -0.28, 0.15
MOUTH_Y, MOUTH_WIDTH, MOUTH_HALF_HEIGHT = 0.42, 0.6, 0.14


def make(root: Path) -> None:
    """Write the data set into `root`."""
    chance = Random(SEED)
    number = 0
    for split, count in COUNTS.items():
        for name in CLASSES:
            for _ in range(count):
                write_picture(root, split, name, number, png(drawn(name, chance)))
                number += 1
    write_texts(root, CLASSES)


def drawn(name: str, chance: Random) -> list[bytes]:
    """32 rows of grey pixels: one face of random size, place, turn and brightness on a noisy background."""
    place = Place.drawn_by(chance, radius=(10, 13), shift=2, turn=0.1)
    back, skin = (between(chance, *DARK),), (between(chance, *BRIGHT),)
    ink = (between(chance, *DARK),)
    bend = between(chance, 0.7, 1.3)
    layers: list[Layer] = [
        (_disc(0, 0, 1), skin),
        (_disc(-EYE_X, EYE_Y, EYE), ink),
        (_disc(EYE_X, EYE_Y, EYE), ink),
        (_mouth(bend if name == "happy" else -bend), ink),
    ]
    return picture(back, layers, place, NOISE, chance)


def _disc(x: float, y: float, radius: float) -> Within:
    return lambda px, py: (px - x) * (px - x) + (py - y) * (py - y) <= radius * radius


def _mouth(bend: float) -> Within:
    """A piece of a parabola; its middle lies as far from MOUTH_Y as its corners, so that its place says nothing."""
    middle = bend * MOUTH_WIDTH * MOUTH_WIDTH / 2

    def within(x: float, y: float) -> bool:
        return abs(x) <= MOUTH_WIDTH and abs(y - MOUTH_Y - middle + bend * x * x) <= MOUTH_HALF_HEIGHT

    return within


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
