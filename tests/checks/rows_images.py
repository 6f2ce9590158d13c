"""Pictures: what lies in the data set -> the exact sentences."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.dataset import read_dataset
from tests.checks.made import Make, Row, with_asked, with_images


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


ROWS = (
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
