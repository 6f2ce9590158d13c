"""A small image folder to damage: three classes, real pictures, all text files in order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

CLASSES = ("cat", "dog", "owl")
COUNTS = {"training_set": 3, "val_set": 2, "test_set": 1}


@pytest.fixture
def draw() -> Callable[[Path, int], Path]:
    """`draw(path, number)`: a picture of its own for each number, in the format that the name says."""

    def draw_one(path: Path, number: int) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        picture = Image.new("RGB", (24, 20), (number * 37 % 256, number * 91 % 256, number * 53 % 256))
        picture.paste((number * 11 % 256, 255, 0), (number % 12, 4, number % 12 + 9, 14))
        picture.save(path)
        return path

    return draw_one


@pytest.fixture
def pets(tmp_path: Path, draw: Callable[[Path, int], Path]) -> Path:
    """cat, dog and owl with 3 + 2 + 1 pictures each, in a folder that has a Chinese name and a space."""
    root = tmp_path / "我的 宠物"
    number = 0
    for split, count in COUNTS.items():
        for name in CLASSES:
            for index in range(count):
                draw(root / split / name / f"{index}.png", number)
                number += 1
    (root / "classes.txt").write_text("".join(f"{name}\n" for name in CLASSES), encoding="utf-8")
    for split, name in (("val_set", "val.txt"), ("test_set", "test.txt")):
        lines = [f"{c}/{i}.png {label}\n" for label, c in enumerate(CLASSES) for i in range(COUNTS[split])]
        (root / name).write_text("".join(lines), encoding="utf-8")
    return root
