"""A training that goes on with the weights of another -> the exact sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_mmedu.checks.subject import Subject
from tests.checks.made import Make, Row, asked, course, weigh, with_images, with_no_run, with_run

FIRST = course([2.4, 1.2, 0.5])
NEAR, HALF_WAY, FROM_START = course([0.6, 0.4]), course([1.5, 1.2]), course([2.4, 2.3])
FLAT = course([1.1, 1.2, 1.3])
WANTED = ("应该接得上", "one should meet the other")
GIVE_WEIGHTS = (
    "用参数 checkpoint 写明从哪个 .pth 文件开始。",
    "Name the .pth file to start from by the parameter checkpoint.",
)
SMALLER_STEPS = (
    "模型已经训练过，步子太大会把学到的冲掉：把学习率调小。",
    "These weights are trained already, and large steps destroy what they know: lower the learning rate.",
)
OTHER_WEIGHTS = (
    "这些权重不像是上次训练结束时的：看一看是第几轮的、是哪个数据集的。",
    "These do not seem to be the weights at the end of the training before: of which epoch and data set are they?",
)
READ_BOTH = (
    "两次训练都要留下日志，一轮至少 10 步才有损失的记录。",
    "Both trainings have to leave a log; a loss is logged with 10 steps in an epoch or more.",
)
START = "first/epoch_5.pth"


def after(
    then: Sequence[Mapping[str, Any]] | None,
    *,
    first: Sequence[Mapping[str, Any]] | None = FIRST,
    before: Make | None = None,
    classes: int = 3,
    fold: str = "first",
    **values: Any,
) -> Make:
    """A second training whose log is `then`, behind one that saved into the folder `fold`."""

    def make(folder: Path) -> Subject:
        def other(place: Path) -> None:
            weigh(place / "epoch_5.pth", 5, classes=classes)

        for name in ("one", "two"):
            (folder / name).mkdir()
        earlier = (before or with_run(records=first, extra=other, save_fold=fold))(folder / "one")
        second = with_run(records=then, epochs=2, save_fold="second", **{"lr": 0.005, **values})(folder / "two")
        return replace(second, trainings=(earlier, second))

    return make


def beside(images: int, make: Make) -> Make:
    return with_images(30, images, then=make)


def alone(folder: Path) -> Subject:
    return replace(with_run(records=NEAR)(folder), asked=asked(checkpoint=START))


def goes_on(outcome: str, make: Make, seen: tuple[str, str], place: str | None = "run.log.json:2", **more: Any) -> Row:
    return Row("goes_on", outcome, make, seen=seen, place=place, **more)


def start(outcome: str, make: Make, seen: tuple[str, str], **more: Any) -> Row:
    given = {"required": True, "same_classes": True}
    return Row("start_checkpoint", outcome, make, seen=seen, place="homework.py:12", given=given, **more)


ROWS = (
    goes_on(
        "passed", after(NEAR, checkpoint=START), ("上次结束时 0.50，这次开始时 0.60", "ended at 0.50, begins at 0.60")
    ),
    goes_on(
        "passed",
        after(NEAR, fold="../runs/first", checkpoint="/home/li/runs/first/latest.pth"),
        ("上次结束时 0.50，这次开始时 0.60", "ended at 0.50, begins at 0.60"),
    ),
    goes_on(
        "failed",
        after(FROM_START),
        ("上次结束时 0.50，这次开始时 2.40", "ended at 0.50, begins at 2.40"),
        wanted=WANTED,
        hint=GIVE_WEIGHTS,
    ),
    goes_on(
        "failed",
        after(HALF_WAY, checkpoint=START),
        ("上次结束时 0.50，这次开始时 1.50", "ended at 0.50, begins at 1.50"),
        wanted=WANTED,
        hint=OTHER_WEIGHTS,
    ),
    goes_on(
        "failed",
        after(HALF_WAY, checkpoint=START, lr=1.0),
        ("上次结束时 0.50，这次开始时 1.50", "ended at 0.50, begins at 1.50"),
        wanted=WANTED,
        hint=SMALLER_STEPS,
    ),
    goes_on(
        "failed",
        alone,
        ("程序只训练了一次", "the program trained only once"),
        "homework.py:9",
        hint=(
            "先训练一次，再用它留下的权重训练第二次：程序里要有两个 train()。",
            "Train once, then a second time with the weights of the first: the program needs two train() calls.",
        ),
    ),
    goes_on(
        "failed",
        after(NEAR, before=with_no_run(), checkpoint=START),
        ("训练中断：lr 还没有填写", "the training stopped: lr is not filled in"),
        "homework.py:12",
        hint=("把 ... 换成你选的值。", "Replace the ... by a value of your choice."),
    ),
    goes_on(
        "undecidable",
        after(NEAR, first=None, checkpoint=START),
        ("没有训练日志", "there is no training log"),
        None,
        hint=READ_BOTH,
    ),
    goes_on(
        "undecidable",
        after([{"mode": "val", "epoch": 1, "iter": 4, "accuracy_top-1": 50.0}], checkpoint=START),
        ("日志里没有训练损失", "the log has no training loss"),
        None,
        hint=READ_BOTH,
    ),
    goes_on(
        "undecidable",
        after(NEAR, first=FLAT, checkpoint=START),
        ("上次结束时 1.30，这次开始时 0.60", "ended at 1.30, begins at 0.60"),
        hint=(
            "上一次训练的损失没有下降，没有什么可以接着学的：先把它训练好。",
            "The loss of the training before did not fall, so there is nothing to go on with: train that one first.",
        ),
    ),
    start("passed", beside(3, after(NEAR, checkpoint=START)), (START, START)),
    start(
        "passed",
        beside(3, after(NEAR, checkpoint="/tmp/grading-1/first/epoch_5.pth")),
        (START, START),
    ),
    start(
        "failed",
        beside(3, after(NEAR, checkpoint="epoch_9.pth")),
        ("找不到 epoch_9.pth", "epoch_9.pth is not there"),
        hint=("核对路径，并把这个权重文件一起交上。", "Check the path, and hand this file in as well."),
    ),
    start(
        "failed",
        beside(3, after(NEAR, checkpoint="first/epoch_9.pth")),
        ("找不到 first/epoch_9.pth", "first/epoch_9.pth is not there"),
        hint=("核对路径，并把这个权重文件一起交上。", "Check the path, and hand this file in as well."),
    ),
    start(
        "failed",
        beside(3, after(NEAR, classes=4, checkpoint=START)),
        (f"{START} 是别的类别的权重", f"{START} holds weights of other classes"),
        wanted=("数据集有 3 类", "the data set has 3 classes"),
        hint=(
            "接着训练，要用同一个数据集训练出的权重。",
            "To go on, take weights that were trained on the same data set.",
        ),
    ),
)
