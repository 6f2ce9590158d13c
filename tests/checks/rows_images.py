"""Pictures: what lies in the data set -> the exact sentences."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.dataset import read_dataset
from tests.checks.made import Make, Row, with_asked, with_images, with_no_run


def drawn(*, damaged: int = 0, shared: str = "") -> Make:
    """Real pictures: two classes of three, two of them to validate."""
    from PIL import Image

    def draw(path: Path, at: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        blocks = Image.frombytes("RGB", (4, 4), random.Random(at).randbytes(4 * 4 * 3))
        blocks.resize((24, 24), Image.Resampling.NEAREST).save(path)

    def make(folder: Path) -> Subject:
        root = folder / "data"
        for at in range(6):
            draw(root / "training_set" / "ab"[at % 2] / f"{at}.png", at)
        for at in range(2):
            draw(root / "val_set" / "ab"[at] / f"{at}.png", 50 + at)
        for at in range(damaged):
            path = root / "training_set" / "a" / f"{2 * at}.png"
            path.write_bytes(path.read_bytes()[:60])
        twin = root / "val_set" / "b" / "twin.png"
        if shared == "copy":
            twin.write_bytes((root / "training_set" / "b" / "3.png").read_bytes())
        elif shared:
            with Image.open(root / "training_set" / "b" / "3.png") as picture:
                picture.resize((48, 48), Image.Resampling.NEAREST).save(twin)
        return replace(Subject(), images=read_dataset(root))

    return make


def of_student(files: Mapping[str, bytes], *, test: int = 3) -> Make:
    """The pictures above and these files; so many of them to test."""

    def make(folder: Path) -> Subject:
        from PIL import Image

        images = drawn()(folder).images
        assert images is not None
        for at in range(test):
            path = images.root / "test_set" / "ab"[at % 2] / f"{at}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (24, 24), (80 * at, 0, 255)).save(path)
        for name, content in files.items():
            (images.root / name).write_bytes(content)
        return replace(Subject(), images=read_dataset(images.root))

    return make


def not_made(folder: Path) -> Subject:
    """A student's own data set that cannot be judged."""
    return replace(Subject(), no_images=with_no_run()(folder).no_run)


LISTS = {
    "classes.txt": b"a\nb\n",
    "val.txt": b"a/0.png 0\nb/1.png 1\n",
    "test.txt": b"a/0.png 0\nb/1.png 1\na/2.png 0\n",
}
WRITE_LISTS = (
    "照着说明把列表文件写好：类别名一行一个，按名称排序。",
    "Write the lists as the exercise says; classes.txt has one class a line, sorted by name.",
)
REPLACE = ("换掉或删去打不开的图片。", "Replace or delete the picture that does not open.")

ROWS = (
    Row(
        "dataset_consistent",
        "passed",
        of_student(LISTS),
        seen=("2 类，6 / 2 / 3 张", "2 classes, 6 / 2 / 3 pictures"),
        given={"lists": True},
    ),
    Row(
        "dataset_consistent",
        "failed",
        of_student({"classes.txt": LISTS["classes.txt"]}),
        seen=("没有 val.txt、test.txt", "there is no val.txt, test.txt"),
        hint=WRITE_LISTS,
        place="val.txt",
        given={"lists": True},
    ),
    Row(
        "dataset_consistent",
        "failed",
        of_student({**LISTS, "classes.txt": b"b\na\n", "val.txt": b"b/1.png 0\na/0.png 1\n"}, test=0),
        seen=(
            "classes.txt 没有按名称排序；MMEdu 按文件夹名排序编号，推理时会显示错的类名（共 2 处）",
            "classes.txt is not sorted; MMEdu numbers the folders by their sorted names and shows wrong names at"
            " inference (2 in all)",
        ),
        hint=(
            "training_set、val_set、test_set 里的类别文件夹要一样，列表文件要对得上。",
            "training_set, val_set and test_set need the same class folders, and the lists have to agree with them.",
        ),
        place="classes.txt",
        given={"lists": True},
    ),
    Row(
        "dataset_consistent",
        "failed",
        not_made,
        seen=("训练中断：lr 还没有填写", "the training stopped: lr is not filled in"),
        hint=("把 ... 换成你选的值。", "Replace the ... by a value of your choice."),
        place="homework.py:12",
    ),
    Row(
        "images_readable",
        "failed",
        of_student({"training_set/a/notes.txt": b"x", "training_set/b/1.gif": b"GIF89a"}),
        seen=(
            "training_set 里的 a/notes.txt、b/1.gif 不是 MMEdu 能读的图片，没有读",
            "Not read, for MMEdu takes no such pictures: a/notes.txt, b/1.gif in training_set",
        ),
        hint=REPLACE,
        place="training_set/a/notes.txt",
        given={"all_files": True},
    ),
    Row(
        "images_readable",
        "failed",
        of_student({"val_set/c.png": b"x"}),
        seen=(
            "val_set 里的 c.png 不在任何类别文件夹里，没有读",
            "Not read, for it lies in no class folder: c.png in val_set",
        ),
        hint=REPLACE,
        place="val_set/c.png",
        given={"all_files": True},
    ),
    Row(
        "images_readable",
        "passed",
        of_student({"val_set/c.png": b"x"}),
        seen=("11 张都能打开", "11 of 11 open"),
    ),
    Row(
        "enough_pictures",
        "passed",
        of_student(LISTS),
        seen=("最少的是 b：5 张", "the fewest are of b: 5"),
        wanted=("每类至少 5 张", "5 or more of each class"),
        given={"at_least": 5},
    ),
    Row(
        "enough_pictures",
        "failed",
        of_student(LISTS),
        seen=("最少的是 b：5 张", "the fewest are of b: 5"),
        wanted=("每类至少 10 张", "10 or more of each class"),
        hint=("给图片少的类别多收集一些图片。", "Collect more pictures of the small class."),
        place="b",
    ),
    Row(
        "enough_pictures",
        "failed",
        drawn(),
        seen=("test_set 里没有图片", "test_set has no picture"),
        hint=(
            "把每一类的图片分成三份：大部分训练，一小部分验证，再留几张测试。",
            "Share out the pictures of each class: most to train, some to validate, a few to test.",
        ),
        place="test_set",
    ),
    Row(
        "enough_pictures",
        "undecidable",
        with_asked(),
        seen=("没有数据集可以核对", "there is no data set to compare with"),
        hint=("请老师在练习里写明数据集。", "The teacher should name the data set in the exercise."),
    ),
    Row(
        "dataset_consistent",
        "passed",
        with_images(),
        seen=("3 类，96 / 30 / 0 张", "3 classes, 96 / 30 / 0 pictures"),
    ),
    Row(
        "dataset_consistent",
        "failed",
        with_images(3, 3, 2),
        seen=(
            "val_set 里没有文件夹 c2；MMEdu 会把排在它后面的标签都错开一位，这里没有错开",
            "val_set has no folder for c2; MMEdu shifts all labels that sort after it, here they stay right",
        ),
        hint=(
            "training_set、val_set、test_set 里的类别文件夹要一样，列表文件要对得上。",
            ("training_set, val_set and test_set need the same class folders, and the lists have to agree with them."),
        ),
        place="val_set",
    ),
    Row(
        "dataset_consistent",
        "undecidable",
        with_asked(),
        seen=("没有数据集可以核对", "there is no data set to compare with"),
        hint=("请老师在练习里写明数据集。", "The teacher should name the data set in the exercise."),
    ),
    Row(
        "images_readable",
        "passed",
        drawn(),
        seen=("8 张都能打开", "8 of 8 open"),
    ),
    Row(
        "images_readable",
        "failed",
        drawn(damaged=1),
        seen=("training_set/a/0.png：文件损坏或不完整", "training_set/a/0.png: it is damaged or cut off"),
        hint=("换掉或删去打不开的图片。", "Replace or delete the picture that does not open."),
        place="training_set/a/0.png",
    ),
    Row(
        "images_readable",
        "failed",
        drawn(damaged=2),
        seen=(
            "training_set/a/0.png：文件损坏或不完整（共 2 张）",
            "training_set/a/0.png: it is damaged or cut off (2 in all)",
        ),
        hint=("换掉或删去打不开的图片。", "Replace or delete the picture that does not open."),
        place="training_set/a/0.png",
    ),
    Row(
        "images_readable",
        "undecidable",
        with_asked(),
        seen=("没有数据集可以核对", "there is no data set to compare with"),
        hint=("请老师在练习里写明数据集。", "The teacher should name the data set in the exercise."),
    ),
    Row(
        "no_shared_images",
        "passed",
        drawn(),
        seen=("没有相同的图片", "no picture is in two splits"),
    ),
    Row(
        "no_shared_images",
        "failed",
        drawn(shared="copy"),
        seen=(
            "training_set/b/3.png 和 val_set/b/twin.png 相同，共 1 对",
            "training_set/b/3.png and val_set/b/twin.png are the same, 1 in all",
        ),
        hint=(
            "验证集要用训练时没见过的图片：重新分一次数据。",
            "Validate on pictures that the training has not seen: split the data anew.",
        ),
        place="val_set/b/twin.png",
    ),
    Row(
        "no_shared_images",
        "failed",
        drawn(shared="resized"),
        seen=(
            "training_set/b/3.png 和 val_set/b/twin.png 看起来相同，共 1 对",
            "training_set/b/3.png and val_set/b/twin.png look the same, 1 in all",
        ),
        hint=(
            "验证集要用训练时没见过的图片：重新分一次数据。",
            "Validate on pictures that the training has not seen: split the data anew.",
        ),
        place="val_set/b/twin.png",
    ),
    Row(
        "no_shared_images",
        "undecidable",
        with_asked(),
        seen=("没有数据集可以核对", "there is no data set to compare with"),
        hint=("请老师在练习里写明数据集。", "The teacher should name the data set in the exercise."),
    ),
    Row(
        "classes_balanced",
        "passed",
        with_images(),
        seen=("c0 32 张，c0 32 张", "c0 32, c0 32"),
        wanted=("相差不超过 3 倍", "at most 3 times"),
    ),
    Row(
        "classes_balanced",
        "failed",
        with_images(7, 4, 4),
        seen=("c3 1 张，c0 2 张", "c3 1, c0 2"),
        wanted=("相差不超过 1.5 倍", "at most 1.5 times"),
        hint=("给图片少的类别多收集一些图片。", "Collect more pictures of the small class."),
        place="c3",
        given={"at_most": 1.5},
    ),
    Row(
        "classes_balanced",
        "undecidable",
        with_asked(),
        seen=("没有数据集可以核对", "there is no data set to compare with"),
        hint=("请老师在练习里写明数据集。", "The teacher should name the data set in the exercise."),
    ),
    Row(
        "split_sizes",
        "passed",
        with_images(),
        seen=("96 张训练，30 张验证", "96 to train, 30 to validate"),
        wanted=("验证集占 10%–40%", "validation takes 10% to 40%"),
    ),
    Row(
        "split_sizes",
        "failed",
        with_images(val_pictures=96),
        seen=("96 张训练，96 张验证", "96 to train, 96 to validate"),
        wanted=("验证集占 10%–40%", "validation takes 10% to 40%"),
        hint=(
            "数一数 training_set 和 val_set 里的图片，重新分一次。",
            "Count the pictures in training_set and val_set, and split them anew.",
        ),
    ),
    Row(
        "split_sizes",
        "undecidable",
        with_asked(),
        seen=("没有数据集可以核对", "there is no data set to compare with"),
        hint=("请老师在练习里写明数据集。", "The teacher should name the data set in the exercise."),
    ),
)
