"""read_dataset: what is read, in which order, and the exact sentence for everything that is wrong."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.dataset import read_dataset
from pytest_mmedu.dataset.finding import Finding
from pytest_mmedu.errors import DatasetError
from pytest_mmedu.text import Text

Draw = Callable[[Path, int], Path]


def findings(root: Path) -> list[tuple[str, Text]]:
    return [(found.kind, found.text) for found in read_dataset(root).findings]


def refused(root: Any, *, check: bool = False) -> DatasetError:
    with pytest.raises(DatasetError) as caught:
        read_dataset(root, check=check)
    return caught.value


def test_a_tidy_folder_is_read_without_a_word(pets: Path) -> None:
    images = read_dataset(pets, check=True)
    assert images.root == pets
    assert images.classes == ("cat", "dog", "owl")
    assert {split: len(samples) for split, samples in images.splits.items()} == {
        "training_set": 9,
        "val_set": 6,
        "test_set": 3,
    }
    assert [(s.path.relative_to(pets).as_posix(), s.label) for s in images.splits["val_set"]] == [
        ("val_set/cat/0.png", 0),
        ("val_set/cat/1.png", 0),
        ("val_set/dog/0.png", 1),
        ("val_set/dog/1.png", 1),
        ("val_set/owl/0.png", 2),
        ("val_set/owl/1.png", 2),
    ]
    assert images.findings == ()


def test_nothing_is_written_into_the_folder(pets: Path) -> None:
    for name in ("classes.txt", "val.txt", "test.txt"):
        (pets / name).unlink()
    before = sorted(pets.rglob("*"))
    assert findings(pets) == [
        (
            "missing text",
            Text(
                "没有 classes.txt、val.txt、test.txt：MMEdu 读取时会生成；这里按文件夹推算，不往你的文件夹里写。",
                "No classes.txt, val.txt, test.txt: MMEdu writes what is missing; here it is derived, nothing is"
                " written into your folder.",
            ),
        )
    ]
    assert sorted(pets.rglob("*")) == before


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "None"), (5, "5"), ("", "''"), ("  ", "'  '"), (["a"], "['a']"), (b"pets", "b'pets'")]
)
def test_not_a_path(value: Any, shown: str) -> None:
    error = refused(value)
    assert error.code == -201
    assert error.text == Text(
        f"数据集路径收到 {shown}。应为文件夹路径（字符串）。请把路径写在引号里。",
        f"The path of the data set got {shown}. It takes the path of a folder (a string). Write the path in quotes.",
    )


@pytest.mark.parametrize("name", ["nowhere/pets", "pets\0", "x" * 5000])
def test_no_such_folder(name: str) -> None:
    error = refused(name)
    assert error.code == -101
    assert error.text.zh.endswith(
        "。自带的数据集有 digits10、faces2、shapes3、signs6。请核对路径；相对路径从运行程序的文件夹算起。"
    )
    assert error.text.en.endswith(
        ". The kit brings digits10, faces2, shapes3, signs6. Check the path; a relative one starts at the folder in "
        "which the program runs."
    )
    assert "\0" not in str(error)


def test_no_such_folder_names_it() -> None:
    assert refused("nowhere/pets").seen == Text(
        "找不到数据集文件夹 nowhere/pets。", "There is no data set folder nowhere/pets."
    )


@pytest.mark.parametrize(
    ("name", "todo"),
    [
        ("pets.zip", Text("请先解压，再写解压出来的文件夹。", "Unpack it first, then give the folder.")),
        ("pets.txt", Text("请写数据集文件夹的路径。", "Give the path of the data set folder.")),
    ],
)
def test_a_file_instead_of_a_folder(tmp_path: Path, name: str, todo: Text) -> None:
    path = tmp_path / name
    path.write_bytes(b"PK")
    error = refused(path)
    assert (error.code, error.todo) == (-101, todo)
    assert error.seen == Text(f"{path} 是文件，不是文件夹。", f"{path} is a file, not a folder.")


def test_no_training_set(pets: Path) -> None:
    (pets / "training_set").rename(pets / "train")
    error = refused(pets)
    assert error.code == -201
    assert error.text == Text(
        f"{pets} 里没有 training_set，只有：test_set、train、val_set。请把训练图片的文件夹改名为 training_set。",
        f"{pets} has no training_set, only: test_set, train, val_set. Rename the folder of the training pictures to"
        " training_set.",
    )


def test_a_folder_without_any_folder(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    error = refused(tmp_path)
    assert (error.code, error.text) == (
        -201,
        Text(
            f"{tmp_path} 里一个文件夹也没有。请核对路径，数据集里应有 training_set。",
            f"{tmp_path} holds no folder at all. Check the path: a data set holds a training_set.",
        ),
    )


def test_a_link_in_a_circle_is_no_picture_and_no_class(pets: Path) -> None:
    name = sorted((pets / "training_set").iterdir())[0].name
    for link in (pets / "training_set" / name / "round.png", pets / "training_set" / "round"):
        try:
            link.symlink_to(link)
        except OSError:
            pytest.skip("this system lets no test make a link")
    images = read_dataset(pets)
    assert "round" not in images.classes
    told = {finding.kind: finding.text.en for finding in images.findings}
    assert told["not a picture"] == f"Not read, for MMEdu takes no such pictures: {name}/round.png in training_set."
    assert told["loose"] == "Not read, for it lies in no class folder: round in training_set."


def test_one_level_too_high(pets: Path) -> None:
    assert refused(pets.parent).todo == Text(
        "training_set 在 我的 宠物 里面，请把路径写到那一层。",
        "training_set lies within 我的 宠物: let the path end there.",
    )


def test_one_level_too_deep(pets: Path) -> None:
    assert refused(pets / "training_set").todo == Text(
        "路径多写了一层，请写它的上一层文件夹。", "The path is one level too deep: give the folder above."
    )


def test_no_picture_at_all(pets: Path) -> None:
    for picture in (pets / "training_set").rglob("*.png"):
        picture.unlink()
    assert refused(pets).text == Text(
        "training_set 里没有一张图片。应有至少两个类别文件夹，里面放图片。请把每一类的图片放进它自己的文件夹。",
        "training_set holds no picture. It needs two class folders or more, with pictures in them. Put the pictures of"
        " each class into a folder of its own.",
    )


def test_one_class_only(pets: Path) -> None:
    for name in ("cat", "dog"):
        shutil.rmtree(pets / "training_set" / name)
    assert refused(pets).seen == Text("training_set 里只有 owl 一个类别。", "training_set has one class only, owl.")


def test_what_systems_leave_behind_is_no_class(pets: Path) -> None:
    for folder in (".ipynb_checkpoints", "__MACOSX"):
        (pets / "training_set" / folder).mkdir()
        shutil.copy(pets / "training_set" / "cat" / "0.png", pets / "training_set" / folder)
        (pets / "val_set" / "cat" / folder).mkdir()
    for place in ("training_set/.DS_Store", "val_set/cat/.DS_Store", "val_set/dog/Thumbs.db", "test_set/desktop.ini"):
        (pets / place).write_bytes(b"\0")
    (pets / "training_set" / "cat" / "._0.png").write_bytes(b"\0\5\x16\7")
    images = read_dataset(pets, check=True)
    assert images.classes == ("cat", "dog", "owl")
    assert len(images.splits["training_set"]) == 9
    shown = ".DS_Store ×2{0}._0.png{0}.ipynb_checkpoints ×2{0}Thumbs.db{0}__MACOSX ×2"
    assert findings(pets) == [
        (
            "ignored",
            Text(
                f"忽略了系统文件 {shown.format('、')} 等 6 个；MMEdu 会被它们卡住，请删掉。",
                f"Ignored system files: {shown.format(', ')} and others, 6 in all. MMEdu stumbles over them: delete"
                " them.",
            ),
        )
    ]


def test_a_class_missing_in_val_set_does_not_shift_the_labels(pets: Path) -> None:
    shutil.rmtree(pets / "val_set" / "cat")
    (pets / "val.txt").unlink()
    images = read_dataset(pets)
    assert {sample.path.parent.name: sample.label for sample in images.splits["val_set"]} == {"dog": 1, "owl": 2}
    assert images.findings[0] == Finding(
        "missing class",
        Text(
            "val_set 里没有文件夹 cat；MMEdu 会把排在它后面的标签都错开一位，这里没有错开。",
            "val_set has no folder for cat; MMEdu shifts all labels that sort after it, here they stay right.",
        ),
        "val_set",
    )


def test_a_stray_folder_in_val_set_is_no_class(pets: Path, draw: Draw) -> None:
    draw(pets / "val_set" / "bird" / "0.png", 99)
    images = read_dataset(pets)
    assert images.classes == ("cat", "dog", "owl")
    assert [sample.label for sample in images.splits["val_set"]] == [0, 0, 1, 1, 2, 2]
    assert images.findings[0] == Finding(
        "stray folder",
        Text(
            "val_set 里多了文件夹 bird；MMEdu 会把排在它后面的标签都错开一位，这里没有错开。",
            "val_set has an extra folder bird; MMEdu shifts all labels that sort after it, here they stay right.",
        ),
        "val_set",
    )


def test_no_val_set(pets: Path) -> None:
    shutil.rmtree(pets / "val_set")
    (pets / "val.txt").unlink()
    assert read_dataset(pets).splits["val_set"] == ()
    assert findings(pets) == [
        (
            "no val_set",
            Text(
                "没有 val_set，训练时不能验证；请从训练图片里分出一部分。",
                "There is no val_set, so no training can be validated: set some of the pictures aside for it.",
            ),
        )
    ]


def test_an_empty_class_is_still_a_class(pets: Path) -> None:
    for picture in (pets / "training_set" / "dog").iterdir():
        picture.unlink()
    images = read_dataset(pets)
    assert images.classes == ("cat", "dog", "owl")
    assert images.findings == (
        Finding(
            "empty class",
            Text("training_set/dog 里没有图片。", "training_set/dog holds no picture."),
            "training_set/dog",
        ),
    )


def test_an_empty_folder_that_classes_txt_does_not_name_is_no_class(pets: Path) -> None:
    (pets / "training_set" / "新建文件夹").mkdir()
    images = read_dataset(pets)
    assert images.classes == ("cat", "dog", "owl")
    assert [found.kind for found in images.findings] == ["stray folder"]


def test_files_that_are_no_pictures_are_named(pets: Path) -> None:
    (pets / "training_set" / "cat" / "a.webp").write_bytes(b"RIFF")
    (pets / "training_set" / "cat" / "b.gif").write_bytes(b"GIF89a")
    (pets / "val_set" / "readme.md").write_text("hello", encoding="utf-8")
    assert read_dataset(pets).findings == (
        Finding(
            "not a picture",
            Text(
                "training_set 里的 cat/a.webp、cat/b.gif 不是 MMEdu 能读的图片，没有读。",
                "Not read, for MMEdu takes no such pictures: cat/a.webp, cat/b.gif in training_set.",
            ),
            "training_set/cat/a.webp",
        ),
        Finding(
            "loose",
            Text(
                "val_set 里的 readme.md 不在任何类别文件夹里，没有读。",
                "Not read, for it lies in no class folder: readme.md in val_set.",
            ),
            "val_set/readme.md",
        ),
    )


def test_pictures_in_deeper_folders_count_as_in_mmcls(pets: Path, draw: Draw) -> None:
    deep = draw(pets / "training_set" / "cat" / "more" / "x.JPEG", 50)
    assert [s.path for s in read_dataset(pets).splits["training_set"] if s.label == 0][-1] == deep


def test_a_folder_that_may_not_be_opened(pets: Path) -> None:
    folder = pets / "training_set" / "cat"
    mode = stat.S_IMODE(folder.stat().st_mode)
    folder.chmod(0)
    try:
        if _readable(folder):
            pytest.skip("this user may open every folder")
        error = refused(pets)
    finally:
        folder.chmod(mode)
    assert error.code == -201
    assert error.seen.zh.startswith(f"打不开 {folder}（")
    assert error.seen.en.startswith(f"Cannot open {folder} (")


def _readable(folder: Path) -> bool:
    try:
        return any(True for _ in folder.iterdir())
    except OSError:
        return False
