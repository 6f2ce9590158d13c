"""练习的数据放到程序找它的地方 | The exercise's data where the program looks for it.

A student's `load_dataset(path='../dataset')` names a folder that the teacher handed out: it is not handed in again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from pytest_mmedu.one_computer import of_one_computer
from pytest_mmedu.submission.script import Written

if TYPE_CHECKING:
    from pytest_mmedu.dataset import ImageFolder

_LISTS = {"val_set": "val.txt", "test_set": "test.txt"}  # that belong to a split


def lay_out(program: Written, file: Path, work: Path, name: str, copy: Callable[[Path], None]) -> None:
    """Copy the data to each place inside `work` that the program names by the data's own folder `name`."""
    for place in _places(program, file.parent):
        if place.name == name and place.is_relative_to(work) and not place.exists():
            copy(place)


def asked_elsewhere(program: Written, name: str) -> set[str]:
    """The data by their path on the author's own computer, `D:/data/digits10`: grading has no such place."""
    asked = {one["dataset"].value for one in program.asked}
    return {path for path in asked if isinstance(path, str) and of_one_computer(path) and _last(path) == name}


def _last(path: str) -> str:
    """Of a path of any system."""
    return PureWindowsPath(path.strip()).name


def data_of_config(work: Path, images: Path) -> Path:
    """Where the data lie for a config, whatever folders it names."""
    return work / "data" / images.name


def copy_without(images: Path, place: Path, held_out: str | None) -> None:
    """The data set without one split."""
    shutil.copytree(images, place, symlinks=True, ignore=all_but(images, held_out))


def copy_at_most(images: ImageFolder, place: Path, held_out: str | None, most: int | None) -> None:
    """The same with so many pictures of each other split, and lists to match: for a reader that cannot be capped."""
    copy_without(images.root, place, held_out)
    for split, kept in images.at_most(most).splits.items():
        if split == held_out or len(kept) == len(images.splits[split]):
            continue
        names = {sample.path.relative_to(images.root / split): sample.label for sample in kept}
        for sample in images.splits[split]:
            if sample.path.relative_to(images.root / split) not in names:
                (place / sample.path.relative_to(images.root)).unlink()
        if split in _LISTS:
            lines = [f"{path.as_posix()} {label}\n" for path, label in names.items()]
            (place / _LISTS[split]).write_text("".join(lines), "utf-8")


def all_but(images: Path, held_out: str | None, *patterns: str) -> Callable[[str, list[str]], set[str]]:
    """For copytree: leaves out a split, its pictures and its list, and files whose names match a pattern."""
    by_name = shutil.ignore_patterns(*patterns)
    of_split = {held_out, _LISTS.get(held_out or "")}

    def ignored(folder: str, names: list[str]) -> set[str]:
        return set(by_name(folder, names)) | ({*names} & of_split if Path(folder) == images else set())

    return ignored


def _places(program: Written, folder: Path) -> Iterator[Path]:
    for asked in program.asked:
        path = asked["dataset"].value
        if isinstance(path, str) and "\0" not in path and ("/" in path or "\\" in path) and not of_one_computer(path):
            # A bare name is left alone: it may be one of the data sets that come with the kit.
            yield Path(os.path.normpath(folder / path.replace("\\", "/")))
