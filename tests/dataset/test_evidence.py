"""Counts, balance, and the same picture in two splits."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from pytest_mmedu.dataset import ImageFolder, read_dataset
from pytest_mmedu.dataset.evidence import (
    SamePicture,
    balance,
    counts,
    same_files,
    same_looks,
    sizes,
    unreadable_pictures,
)
from pytest_mmedu.text import Text


def read(root: Path) -> ImageFolder:
    """Without the text files, which the tests leave behind the folders."""
    for name in ("val.txt", "test.txt"):
        (root / name).unlink(missing_ok=True)
    return read_dataset(root)


def test_counts_per_split_and_class(pets: Path) -> None:
    shutil.rmtree(pets / "test_set" / "dog")
    assert counts(read(pets)) == {
        "training_set": {"cat": 3, "dog": 3, "owl": 3},
        "val_set": {"cat": 2, "dog": 2, "owl": 2},
        "test_set": {"cat": 1, "dog": 0, "owl": 1},
    }


def test_balance_names_the_smallest_and_the_largest_class(pets: Path) -> None:
    (pets / "training_set" / "owl" / "0.png").unlink()
    (pets / "training_set" / "owl" / "1.png").unlink()
    found = balance(read(pets))
    assert (found.smallest, found.fewest, found.largest, found.most, found.ratio) == ("owl", 1, "cat", 3, 3.0)
    assert balance(read(pets), "val_set").ratio == 1.0


def test_an_empty_class_is_infinitely_out_of_balance(pets: Path) -> None:
    shutil.rmtree(pets / "val_set" / "dog")
    assert balance(read(pets), "val_set").ratio == float("inf")


def test_sizes_the_most_frequent_first(pets: Path) -> None:
    Image.new("L", (7, 9)).save(pets / "training_set" / "cat" / "0.png")
    (pets / "training_set" / "cat" / "1.png").write_bytes(b"broken")
    assert list(sizes(read(pets)).items()) == [((24, 20), 16), ((7, 9), 1)]


def test_all_unreadable_pictures_are_named(pets: Path) -> None:
    first, second = pets / "training_set" / "dog" / "1.png", pets / "test_set" / "owl" / "0.png"
    for path in (first, second):
        path.write_bytes(b"")
    empty = Text("文件是空的", "the file is empty")
    assert unreadable_pictures(read(pets)) == ((first, empty), (second, empty))


def test_no_picture_twice(pets: Path) -> None:
    assert same_files(read(pets)) == ()
    assert same_looks(read(pets)) == ()


def test_the_same_file_in_two_splits(pets: Path) -> None:
    first, second = pets / "training_set" / "cat" / "0.png", pets / "val_set" / "cat" / "copy.png"
    shutil.copy(first, second)
    shutil.copy(first, first.with_name("twin.png"))  # twice in one split is another matter
    assert same_files(read(pets)) == (
        SamePicture("bytes", first, second),
        SamePicture("bytes", first.with_name("twin.png"), second),
    )


def test_the_same_picture_saved_anew_or_smaller(pets: Path) -> None:
    first = pets / "training_set" / "cat" / "0.png"
    again, small = pets / "val_set" / "cat" / "again.jpg", pets / "test_set" / "owl" / "small.bmp"
    with Image.open(first) as picture:
        picture.save(again, quality=90)
        picture.resize((48, 40)).save(small)
    images = read(pets)
    assert same_files(images) == ()
    assert {frozenset((pair.first, pair.second)) for pair in same_looks(images)} == {
        frozenset((first, again)),
        frozenset((first, small)),
        frozenset((again, small)),
    }


def test_a_damaged_picture_looks_like_nothing(pets: Path, draw: Callable[[Path, int], Path]) -> None:
    for path in ("training_set/cat/0.png", "val_set/cat/0.png"):
        (pets / path).write_bytes(b"broken")
    assert same_looks(read(pets)) == ()
