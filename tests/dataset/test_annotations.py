"""classes.txt, val.txt and test.txt against the folders, in whatever encoding they come."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.dataset import read_dataset
from pytest_mmedu.dataset.annotations import decode
from pytest_mmedu.dataset.finding import Finding
from pytest_mmedu.errors import DatasetError
from pytest_mmedu.text import Text


def rename(root: Path, old: str, new: str) -> None:
    """A class under another name, everywhere."""
    for split in ("training_set", "val_set", "test_set"):
        (root / split / old).rename(root / split / new)
    for name in ("classes.txt", "val.txt", "test.txt"):
        text = (root / name).read_text("utf-8").replace(old, new)
        (root / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("codec", "shown"),
    [("gbk", "GBK"), ("utf-16", "UTF-16"), ("utf-8-sig", "UTF-8 BOM"), ("utf-8", None)],
)
def test_text_files_in_other_encodings_are_read(pets: Path, codec: str, shown: str | None) -> None:
    rename(pets, "owl", "猫头鹰")
    for name in ("classes.txt", "val.txt", "test.txt"):
        text = (pets / name).read_text("utf-8")
        (pets / name).write_bytes(text.replace("\n", "\r\n").encode(codec))
    images = read_dataset(pets)
    assert images.classes == ("cat", "dog", "猫头鹰")
    if shown is None:
        assert images.findings == ()
    else:
        assert images.findings == tuple(
            Finding(
                "encoding",
                Text(
                    f"{name} 的编码是 {shown}，MMEdu 读不对；请另存为 UTF-8。",
                    f"{name} is in {shown}, which MMEdu does not read right: save it as UTF-8.",
                ),
                name,
            )
            for name in ("classes.txt", "val.txt", "test.txt")
        )


def test_bytes_of_no_chinese_encoding_are_still_read() -> None:
    text, encoding = decode("café\nmañana\nüber\n".encode("cp1252") + b"\xff")
    assert text.splitlines()[-1]
    assert encoding != "UTF-8"


def test_a_mac_spells_letters_in_two_characters(pets: Path) -> None:
    rename(pets, "cat", unicodedata.normalize("NFD", "Säbel"))
    for name in ("classes.txt", "val.txt", "test.txt"):
        text = unicodedata.normalize("NFC", (pets / name).read_text("utf-8"))
        (pets / name).write_text(text, encoding="utf-8")
    images = read_dataset(pets)
    assert [unicodedata.normalize("NFC", name) for name in images.classes] == ["Säbel", "dog", "owl"]
    assert images.findings == ()


def test_classes_txt_decides_the_order_where_it_agrees(pets: Path) -> None:
    (pets / "classes.txt").write_text("owl\ncat\ndog\n", encoding="utf-8")
    for name in ("val.txt", "test.txt"):
        (pets / name).unlink()
    images = read_dataset(pets)
    assert images.classes == ("owl", "cat", "dog")
    assert {s.path.parent.name: s.label for s in images.splits["training_set"]} == {"owl": 0, "cat": 1, "dog": 2}
    assert images.findings[0] == Finding(
        "class order",
        Text(
            "classes.txt 没有按名称排序；MMEdu 按文件夹名排序编号，推理时会显示错的类名。",
            "classes.txt is not sorted; MMEdu numbers the folders by their sorted names and shows wrong names at"
            " inference.",
        ),
        "classes.txt",
    )


@pytest.mark.parametrize(
    ("content", "zh", "en"),
    [
        (
            "cat\ndog\nfox\n",
            "；只在 classes.txt 里：fox；只在 training_set 里：owl。",
            "; only in classes.txt: fox; only in training_set: owl.",
        ),
        ("cat\ndog\n", "；只在 training_set 里：owl。", "; only in training_set: owl."),
        ("cat\ndog\nowl\ncat\n", "；写了两次：cat。", "; written twice: cat."),
        ("", "；只在 training_set 里：cat、dog、owl。", "; only in training_set: cat, dog, owl."),
    ],
)
def test_the_folders_decide_where_classes_txt_disagrees(pets: Path, content: str, zh: str, en: str) -> None:
    (pets / "classes.txt").write_text(content, encoding="utf-8")
    images = read_dataset(pets)
    assert images.classes == ("cat", "dog", "owl")
    assert images.findings == (
        Finding(
            "classes.txt",
            Text(
                f"classes.txt 与 training_set 的文件夹不一致{zh}按文件夹编号。",
                f"classes.txt and the folders of training_set disagree{en} The folders count.",
            ),
            "classes.txt",
        ),
    )


def edit(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    path.write_text("\n".join(change(path.read_text("utf-8").splitlines())), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "place", "seen"),
    [
        (
            lambda lines: [*lines[:2], "dog/9.png 1", *lines[2:]],
            "val.txt:3",
            Text("val.txt 写了 dog/9.png，val_set 里没有它。", "val.txt names dog/9.png, which val_set does not have."),
        ),
        (
            lambda lines: lines[1:],
            "val.txt",
            Text("val_set 里的 cat/0.png 没有写进 val.txt。", "val.txt lacks cat/0.png of val_set."),
        ),
        (
            lambda lines: ["cat/0.png 2", *lines[1:]],
            "val.txt:1",
            Text(
                "val.txt 说 cat/0.png 是第 2 类，按文件夹应是第 0 类。",
                "val.txt says that cat/0.png is class 2, its folder is class 0.",
            ),
        ),
        (
            lambda lines: ["cat/0.png", *lines[1:]],
            "val.txt:1",
            Text("val.txt 这一行没有类别编号。", "This line of val.txt has no class number."),
        ),
    ],
)
def test_val_txt_must_fit_val_set(pets: Path, change: Callable[[list[str]], list[str]], place: str, seen: Text) -> None:
    edit(pets / "val.txt", change)
    with pytest.raises(DatasetError) as caught:
        read_dataset(pets)
    assert (caught.value.code, caught.value.place, caught.value.seen) == (-201, place, seen)
    assert caught.value.todo == Text(
        "增删过图片就把 val.txt 删掉，MMEdu 会重新生成它。",
        "After adding or removing pictures delete val.txt: MMEdu writes it anew.",
    )


def test_val_txt_without_val_set(pets: Path) -> None:
    shutil.rmtree(pets / "val_set")
    with pytest.raises(DatasetError) as caught:
        read_dataset(pets)
    assert caught.value.place == "val.txt:1"


@pytest.mark.parametrize("form", ["val_set/{}", "./{}", "{}  ", "\\{}"])
def test_ways_of_writing_a_path_that_mean_the_same(pets: Path, form: str) -> None:
    def change(lines: list[str]) -> list[str]:
        if form.startswith("\\"):
            return [line.replace("/", "\\") for line in lines]
        return [form.format(line) for line in lines]

    edit(pets / "val.txt", change)
    assert read_dataset(pets).findings == ()


def test_a_val_txt_that_mmedu_generated_from_shifted_folders(pets: Path) -> None:
    """The first class is missing in val_set, so MMEdu numbers dog 0 and owl 1: no error, but the right labels here."""
    shutil.rmtree(pets / "val_set" / "cat")
    edit(pets / "val.txt", lambda lines: ["dog/0.png 0", "dog/1.png 0", "owl/0.png 1", "owl/1.png 1"])
    images = read_dataset(pets)
    assert [sample.label for sample in images.splits["val_set"]] == [1, 1, 2, 2]
    assert [found.kind for found in images.findings] == ["missing class", "annotation"]
    assert images.findings[1] == Finding(
        "annotation",
        Text(
            "val.txt 的编号错开了：dog/0.png 写成第 0 类，按 training_set 是第 1 类。按文件夹编号。",
            "The numbers in val.txt are shifted: dog/0.png is given as class 0, in training_set it is class 1."
            " The folders count.",
        ),
        "val.txt:1",
    )


def test_test_txt_that_does_not_fit_is_only_a_finding(pets: Path) -> None:
    edit(pets / "test.txt", lambda lines: [*lines, "owl/7.png 2"])
    assert read_dataset(pets).findings == (
        Finding(
            "annotation",
            Text(
                "test.txt 写了 owl/7.png，test_set 里没有它。",
                "test.txt names owl/7.png, which test_set does not have.",
            ),
            "test.txt:4",
        ),
    )
