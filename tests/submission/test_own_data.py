"""A data set that a student hands in: found in an untidy folder, read as hostile data, refused with MMEdu's codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from pytest_mmedu.checks.subject import NoRun
from pytest_mmedu.dataset import ImageFolder
from pytest_mmedu.submission import own_data
from pytest_mmedu.submission.own_data import NOT_FILLED_IN, find_own_data, read_own_data
from pytest_mmedu.text import Text

PARTS = ("training_set/cat/1.png", "training_set/dog/2.png", "val_set/cat/3.png", "val_set/dog/4.png")


def data_set(root: Path, files: tuple[str, ...] = PARTS) -> Path:
    for number, name in enumerate(files):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (40 * number, 0, 0)).save(path)
    return root


def read(folder: Path, place: Path) -> ImageFolder | NoRun:
    place.mkdir(exist_ok=True)
    return read_own_data(find_own_data(folder), "my_dataset", place)


def refused(folder: Path, place: Path) -> NoRun:
    found = read(folder, place)
    assert isinstance(found, NoRun)
    assert found.outcome == "failed"
    return found


@pytest.mark.parametrize("inside", ["my_dataset", "王小红/作业/my_dataset", "whatever", "."])
def test_it_is_found_wherever_it_lies(tmp_path: Path, inside: str) -> None:
    handed_in, place = tmp_path / "in", tmp_path / "place"
    data_set(handed_in / inside)
    images = read(handed_in, place)
    assert isinstance(images, ImageFolder)
    assert images.classes == ("cat", "dog")
    assert images.root == place / ("my_dataset" if inside == "." else Path(inside).name)
    assert [sample.path.name for sample in images.splits["val_set"]] == ["3.png", "4.png"]


def test_the_folder_that_was_asked_for_comes_first(tmp_path: Path) -> None:
    data_set(tmp_path / "in" / "an_older_one")
    data_set(tmp_path / "in" / "homework" / "my_dataset", (*PARTS, "training_set/eel/5.png"))
    images = read(tmp_path / "in", tmp_path / "place")
    assert isinstance(images, ImageFolder)
    assert images.classes == ("cat", "dog", "eel")


def test_nothing_made(tmp_path: Path) -> None:
    data_set(tmp_path / "in", ("pictures/1.png",))
    (tmp_path / "in" / "my_dataset").mkdir()
    found = refused(tmp_path / "in", tmp_path / "place")
    assert found.seen == NOT_FILLED_IN
    assert found.hint.en.startswith("Make a folder my_dataset with training_set, val_set and test_set in it")


def test_one_picture_is_no_data_set_and_its_neighbours_are_not_looked_at(tmp_path: Path) -> None:
    data_set(tmp_path / "in" / "my_dataset")
    data_set(tmp_path / "in", ("one.png",))
    assert refused(tmp_path / "in" / "one.png", tmp_path / "place").seen == NOT_FILLED_IN


def test_the_code_of_mmedu_and_no_path_of_this_machine(tmp_path: Path) -> None:
    data_set(tmp_path / "in" / "my_dataset", ("train/cat/1.png", "train/dog/2.png"))
    found = refused(tmp_path / "in", tmp_path / "place")
    assert found.seen == Text(
        "Error Code: -201. my_dataset 里没有 training_set，只有：train",
        "Error Code: -201. my_dataset has no training_set, only: train",
    )


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    data_set(tmp_path / "teacher", ("secret/9.png",))
    folder = data_set(tmp_path / "in" / "my_dataset")
    try:
        (folder / "training_set" / "eel").symlink_to(tmp_path / "teacher" / "secret", target_is_directory=True)
        (folder / "training_set" / "cat" / "9.png").symlink_to(tmp_path / "teacher" / "secret" / "9.png")
    except OSError:
        pytest.skip("links are not allowed here")
    images = read(tmp_path / "in", tmp_path / "place")
    assert isinstance(images, ImageFolder)
    assert images.classes == ("cat", "dog")
    assert [sample.path.name for sample in images.splits["training_set"]] == ["1.png", "2.png"]
    assert [note.en for note in find_own_data(tmp_path / "in").notes] == [
        "my_dataset/training_set/cat/9.png was not read: it is a link.",
        "my_dataset/training_set/eel was not read: it is a link.",
    ]


@pytest.mark.parametrize(("limit", "value"), [("MOST_FILES", 3), ("MOST_BYTES", 100), ("MOST_PIXELS", 200)])
def test_too_much_is_not_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    data_set(tmp_path / "in" / "my_dataset")
    monkeypatch.setattr(own_data, limit, value)
    found = refused(tmp_path / "in", tmp_path / "place")
    assert found.seen.en == "too many or too large pictures (4 files, 0 MB): they were not looked at"
    assert found.hint == Text("把图片缩小，或少放一些。", "Make the pictures smaller, or take fewer.")
