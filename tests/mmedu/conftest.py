"""A data set of a few dozen real digits, small enough to train on in a moment."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.dataset import find_dataset

CLASSES = ("0", "1", "2")
COUNTS = {"training_set": 16, "val_set": 6, "test_set": 3}


@pytest.fixture
def make_digits(tmp_path: Path) -> Callable[[], Path]:
    """Call it for a copy of its own that a test may spoil."""
    return lambda: copy_digits(tmp_path / "digits")


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One copy for all tests of a module that only read it."""
    return copy_digits(tmp_path_factory.mktemp("data") / "digits")


def copy_digits(target: Path) -> Path:
    source = find_dataset("digits10")
    for split, count in COUNTS.items():
        for name in CLASSES:
            (target / split / name).mkdir(parents=True)
            for picture in sorted((source / split / name).iterdir())[:count]:
                shutil.copy(picture, target / split / name)
    return target
