"""Capital and small letters: Windows and macOS take them for the same in names, Linux does not. One verdict on all."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mmedu.dataset import read_dataset
from pytest_mmedu.errors import DatasetError


def test_classes_are_numbered_capitals_first_on_every_system(pets: Path) -> None:
    """As mmcls does: by the codes of the letters, where a file manager shows Owl last."""
    for split in ("training_set", "val_set", "test_set"):
        (pets / split / "owl").rename(pets / split / "Owl")
    for name in ("classes.txt", "val.txt", "test.txt"):
        (pets / name).unlink()
    images = read_dataset(pets)
    assert images.classes == ("Owl", "cat", "dog")
    assert {sample.label for sample in images.splits["val_set"] if sample.path.parent.name == "Owl"} == {0}


def test_a_class_in_other_letters_in_the_list_is_told(pets: Path) -> None:
    (pets / "classes.txt").write_text("Cat\ndog\nowl\n", "utf-8")
    images = read_dataset(pets)
    assert images.classes == ("cat", "dog", "owl")
    [found] = [finding for finding in images.findings if finding.kind == "classes.txt"]
    assert "只在 classes.txt 里：Cat；只在 training_set 里：cat" in found.text.zh
    assert "only in classes.txt: Cat; only in training_set: cat" in found.text.en


def test_training_set_in_other_letters_is_named_where_they_differ(pets: Path) -> None:
    (pets / "training_set").rename(pets / "Training_Set")
    if (pets / "training_set").is_dir():
        assert read_dataset(pets).classes == ("cat", "dog", "owl")
        return
    with pytest.raises(DatasetError) as caught:
        read_dataset(pets)
    assert "Training_Set" in caught.value.seen.en
    assert caught.value.todo.zh == "请把训练图片的文件夹改名为 training_set。"
