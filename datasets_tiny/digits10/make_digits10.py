"""生成 digits10 | Makes digits10: real handwritten digits, 32x32 grey, from the copy that scikit-learn carries.

    python -m datasets_tiny.digits10.make_digits10 [FOLDER]

Running it again writes the same bytes: the enlarging is done in whole numbers.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from datasets_tiny.image_folder import png, write_picture, write_texts

CLASSES = tuple("0123456789")
SIDE = 32
SCALE = SIDE // 8
INK = 16  # the darkest value of a pixel in the source
# The 1797 digits stand in the order in which 13 people wrote them, about 130 each; most begin with 0 to 9 three times
# over. Each split begins at such a start, and a person is left out between two splits: no hand is in two of them.
SPLITS = {"training_set": (0, 1029, 32), "val_set": (1157, 1415, 10), "test_set": (1667, 1797, 5)}


def make(root: Path) -> None:
    """Write the data set into `root`."""
    from sklearn.datasets import load_digits

    source = load_digits()
    labels = [int(label) for label in source.target]
    images = [[[int(value) for value in row] for row in image] for image in source.images]
    if any(labels[start : start + 30] != [*range(10)] * 3 for start, _, _ in SPLITS.values()):
        raise SystemExit("the digits of this scikit-learn stand in another order")
    for split, (start, end, count) in SPLITS.items():
        for digit, name in enumerate(CLASSES):
            places = [place for place in range(start, end) if labels[place] == digit]
            for place in spread(places, count):
                write_picture(root, split, name, place, png(enlarged(images[place])))
    write_texts(root, CLASSES)


def spread(places: Sequence[int], count: int) -> list[int]:
    """`count` of the places, evenly spread, so that every writer of the split takes part."""
    return [places[index * len(places) // count] for index in range(count)]


def enlarged(rows: Sequence[Sequence[int]]) -> list[bytes]:
    """8x8 counts of ink as 32 rows of 32 bytes, white on black, bilinear with the edge repeated."""
    full = INK * (2 * SCALE) ** 2
    weights = [_weights(place) for place in range(SIDE)]
    return [
        bytes(
            (2 * 255 * sum(wy * wx * rows[y][x] for y, wy in down for x, wx in across) + full) // (2 * full)
            for across in weights
        )
        for down in weights
    ]


def _weights(place: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """The two source cells that an output pixel lies between, and their shares in (2 * SCALE)ths."""
    cell, share = divmod(2 * place + 1 - SCALE, 2 * SCALE)
    return (max(cell, 0), 2 * SCALE - share), (min(cell + 1, 7), share)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
