"""读数据集 | Reading an image folder as MMEdu wants it, without opening a picture unless asked to.

    training_set/<class>/*.png   val_set/<class>/*.png   test_set/<class>/*.png   classes.txt   val.txt   test.txt

The folder belongs to the student: nothing is ever written into it. Text files that MMEdu would generate are derived.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from pytest_mmedu.dataset.annotations import check_annotations, class_order, some
from pytest_mmedu.dataset.contents import SPLITS, Listing, list_split
from pytest_mmedu.dataset.finding import Finding
from pytest_mmedu.dataset.shipped import find_dataset
from pytest_mmedu.errors import DatasetError
from pytest_mmedu.text import Text, printable


class Sample(NamedTuple):
    """One picture and the number of its class."""

    path: Path
    label: int


@dataclass(frozen=True)
class ImageFolder:
    """`classes` in the order of their labels. `splits` always has all three names; one that is missing is empty."""

    root: Path
    classes: tuple[str, ...]
    splits: Mapping[str, tuple[Sample, ...]]
    findings: tuple[Finding, ...] = ()

    def at_most(self, count: int | None, *, apart: str | None = None) -> ImageFolder:
        """At most so many pictures of each split but `apart`: the first of each class in turn, so that none is lost."""
        if count is None:
            return self
        capped = {name: _spread(found, count) for name, found in self.splits.items() if name != apart}
        return replace(self, splits={**self.splits, **capped})


def _spread(samples: tuple[Sample, ...], most: int) -> tuple[Sample, ...]:
    if len(samples) <= most:
        return samples
    turn: dict[int, int] = {}
    order = []
    for place, sample in enumerate(samples):
        turn[sample.label] = turn.get(sample.label, 0) + 1
        order.append((turn[sample.label], place))
    kept = sorted(place for _, place in sorted(order)[:most])
    return tuple(samples[place] for place in kept)


def read_dataset(root: str | os.PathLike[str], *, check: bool = False) -> ImageFolder:
    """The image folder at `root` (a path or a shipped name); a DatasetError (-101, -201) says why it cannot be used.

    `check` opens every picture, as MMEdu's load_dataset(check=True) does, and names the first damaged one.
    """
    folder = find_dataset(root)
    listings = {split: list_split(folder, split) for split in SPLITS}
    train = listings["training_set"]
    _refuse_unusable(folder, train)
    classes, findings = class_order(folder, train)
    about_texts, missing = check_annotations(folder, listings, classes)
    if not (folder / "classes.txt").is_file():
        missing.insert(0, "classes.txt")
    findings = [*_about_files(listings), *_about_classes(listings, classes), *findings, *about_texts]
    findings += _about_missing(missing)
    splits = {split: tuple(_samples(found, classes)) for split, found in listings.items()}
    if check:
        _refuse_damaged(folder, listings, splits)
    return ImageFolder(folder, classes, splits, tuple(findings))


def _samples(found: Listing, classes: Sequence[str]) -> Iterator[Sample]:
    for label, name in enumerate(classes):
        folder = found.folder / name
        for picture in found.by_class.get(name, ()):
            yield Sample(folder / picture, label)


def _refuse_unusable(root: Path, train: Listing) -> None:
    filled = [name for name, pictures in train.by_class.items() if pictures]
    if not train.exists:
        raise _no_training_set(root)
    if not filled:
        seen = Text("training_set 里没有一张图片。", "training_set holds no picture.")
    elif len(train.by_class) < 2:
        name = printable(filled[0], 60)
        seen = Text(f"training_set 里只有 {name} 一个类别。", f"training_set has one class only, {name}.")
    else:
        return
    allowed = Text("应有至少两个类别文件夹，里面放图片。", "It needs two class folders or more, with pictures in them.")
    todo = Text("请把每一类的图片放进它自己的文件夹。", "Put the pictures of each class into a folder of its own.")
    raise DatasetError(seen, todo, allowed=allowed, code=-201)


def _no_training_set(root: Path) -> DatasetError:
    """Says what is there instead; a data set one level up or down (a zip unpacks like that) is named."""
    shown = printable(str(root))
    inside = sorted(path.name for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
    deeper = [name for name in inside if (root / name / "training_set").is_dir()]
    there = some(inside)
    seen = Text(
        f"{shown} 里没有 training_set，只有：{there.zh}。",
        f"{shown} has no training_set, only: {there.en}.",
    )
    todo = Text(
        "请把训练图片的文件夹改名为 training_set。", "Rename the folder of the training pictures to training_set."
    )
    if not inside:
        seen = Text(f"{shown} 里一个文件夹也没有。", f"{shown} holds no folder at all.")
        todo = Text("请核对路径，数据集里应有 training_set。", "Check the path: a data set holds a training_set.")
    if deeper:
        todo = Text(
            f"training_set 在 {deeper[0]} 里面，请把路径写到那一层。",
            f"training_set lies within {deeper[0]}: let the path end there.",
        )
    elif (root.resolve().parent / "training_set").is_dir():
        todo = Text("路径多写了一层，请写它的上一层文件夹。", "The path is one level too deep: give the folder above.")
    return DatasetError(seen, todo, code=-201)


def _about_files(listings: Mapping[str, Listing]) -> Iterator[Finding]:
    ignored: Counter[str] = sum((found.ignored for found in listings.values()), Counter())
    if ignored:
        few = some([name if count == 1 else f"{name} ×{count}" for name, count in sorted(ignored.items())])
        text = Text(
            f"忽略了系统文件 {few.zh}；MMEdu 会被它们卡住，请删掉。",
            f"Ignored system files: {few.en}. MMEdu stumbles over them: delete them.",
        )
        yield Finding("ignored", text)
    for split, found in listings.items():
        if found.others:
            few = some(found.others)
            text = Text(
                f"{split} 里的 {few.zh} 不是 MMEdu 能读的图片，没有读。",
                f"Not read, for MMEdu takes no such pictures: {few.en} in {split}.",
            )
            yield Finding("not a picture", text, f"{split}/{found.others[0]}")
        if found.loose:
            few = some(found.loose)
            text = Text(
                f"{split} 里的 {few.zh} 不在任何类别文件夹里，没有读。",
                f"Not read, for it lies in no class folder: {few.en} in {split}.",
            )
            yield Finding("loose", text, f"{split}/{found.loose[0]}")


def _about_classes(listings: Mapping[str, Listing], classes: Sequence[str]) -> Iterator[Finding]:
    if not listings["val_set"].exists:
        text = Text(
            "没有 val_set，训练时不能验证；请从训练图片里分出一部分。",
            "There is no val_set, so no training can be validated: set some of the pictures aside for it.",
        )
        yield Finding("no val_set", text)
    for split, found in listings.items():
        for name in classes if found.exists else ():
            if name not in found.by_class:
                yield Finding("missing class", _shifted(f"{split} 里没有", f"{split} has no folder for", name), split)
            elif not found.by_class[name]:
                shown = f"{split}/{printable(name, 60)}"
                text = Text(f"{shown} 里没有图片。", f"{shown} holds no picture.")
                yield Finding("empty class", text, f"{split}/{name}")
        for name in sorted(set(found.by_class) - set(classes)):
            yield Finding("stray folder", _shifted(f"{split} 里多了", f"{split} has an extra folder", name), split)


def _shifted(zh: str, en: str, name: str) -> Text:
    shown = printable(name, 60)
    return Text(
        f"{zh}文件夹 {shown}；MMEdu 会把排在它后面的标签都错开一位，这里没有错开。",
        f"{en} {shown}; MMEdu shifts all labels that sort after it, here they stay right.",
    )


def _about_missing(names: Sequence[str]) -> Iterator[Finding]:
    if names:
        few = some(names)
        text = Text(
            f"没有 {few.zh}：MMEdu 读取时会生成；这里按文件夹推算，不往你的文件夹里写。",
            f"No {few.en}: MMEdu writes what is missing; here it is derived, nothing is written into your folder.",
        )
        yield Finding("missing text", text)


def _refuse_damaged(root: Path, listings: Mapping[str, Listing], splits: Mapping[str, tuple[Sample, ...]]) -> None:
    from pytest_mmedu.dataset.pictures import damaged

    gifs = [
        found.folder / name for found in listings.values() for name in found.others if name.lower().endswith(".gif")
    ]
    paths = [sample.path for samples in splits.values() for sample in samples]
    for path, why in damaged([*gifs, *paths]):
        shown = printable(path.relative_to(root).as_posix())
        raise DatasetError(
            Text(f"图片 {shown} 用不了：{why.zh}。", f"The picture {shown} cannot be used: {why.en}."),
            Text("请换一张，或把它删掉。", "Replace it or delete it."),
            code=-201,
            place=path.relative_to(root).as_posix(),
        )
