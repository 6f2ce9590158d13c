"""Weights against log and pictures: mistake -> the exact sentences."""

from __future__ import annotations

from dataclasses import dataclass

from tests.checks.made import GOOD, Row, val, weigh, with_images, with_run
from tests.handmade import small_weights, write_checkpoint

BEST = "best_accuracy_top-1_epoch_4.pth"


@dataclass(frozen=True)
class Measured:
    """What a re-evaluation gives."""

    n: int
    top1: float
    top5: float | None = None


ROWS = (
    Row(
        "weights_fit_classes",
        "passed",
        with_images(then=with_run()),
        seen=("权重 3 类，数据集 3 类", "3 classes in the weights, 3 in the data"),
        place="best_accuracy_top-1_epoch_4.pth",
    ),
    Row(
        "weights_fit_classes",
        "failed",
        with_images(classes=4, then=with_run()),
        seen=("权重 3 类，数据集 4 类", "3 classes in the weights, 4 in the data"),
        hint=(
            "这些权重是用别的数据集训练的：核对 save_fold，交这次训练的权重。",
            "These weights were trained on another data set: check save_fold and hand in those of this training.",
        ),
        place="best_accuracy_top-1_epoch_4.pth",
    ),
    Row(
        "weights_fit_classes",
        "failed",
        with_images(then=with_run(extra=lambda place: weigh(place / BEST, 4, names=["c0", "dog", "c2"]))),
        seen=("类别名不同：权重里是 dog，数据集里是 c1", "other class names: dog in the weights, c1 in the data"),
        hint=(
            "这些权重是用别的数据集训练的：核对 save_fold，交这次训练的权重。",
            "These weights were trained on another data set: check save_fold and hand in those of this training.",
        ),
        place="best_accuracy_top-1_epoch_4.pth",
    ),
    Row(
        "weights_fit_classes",
        "undecidable",
        with_run(),
        seen=("没有数据集可以核对", "there is no data set to compare with"),
        hint=("请写明数据集。", "State the data set."),
        place="best_accuracy_top-1_epoch_4.pth",
    ),
    Row(
        "checkpoint_agrees",
        "passed",
        with_images(then=with_run()),
        seen=("第 5 轮，60 步", "epoch 5, 60 steps"),
        place="epoch_5.pth",
    ),
    Row(
        "checkpoint_agrees",
        "failed",
        with_run(extra=lambda place: weigh(place / "epoch_5.pth", 3)),
        seen=("文件名是第 5 轮，里面是第 3 轮", "named epoch 5, holds epoch 3"),
        hint=(
            "请把 save_fold 文件夹原样交上，不要改动里面的文件。",
            "Hand in the save folder as it is, without changing its files.",
        ),
        place="epoch_5.pth",
    ),
    Row(
        "checkpoint_agrees",
        "failed",
        with_images(192, then=with_run()),
        seen=("第 5 轮，60 步", "epoch 5, 60 steps"),
        wanted=("一轮 24 步", "24 steps in an epoch"),
        hint=(
            "日志和权重不像是同一次训练的：请把同一个 save_fold 里的文件一起交上。",
            "Log and weights do not seem to be of one training: hand in the files of one save folder together.",
        ),
        place="epoch_5.pth",
    ),
    Row(
        "checkpoint_agrees",
        "failed",
        with_run(epochs=0),
        seen=("没有 epoch_N.pth 文件", "there is no epoch_N.pth"),
        hint=(
            "让训练跑完再交：看看屏幕上最后几行有没有报错。",
            "Let the training run to its end: do the last lines on the screen show an error?",
        ),
    ),
    Row(
        "checkpoint_agrees",
        "undecidable",
        with_run(extra=lambda place: write_checkpoint(place / "epoch_5.pth", small_weights())),
        seen=("权重文件里没有写轮数", "the checkpoint does not state its epoch"),
        hint=(
            "请把 save_fold 文件夹原样交上，不要改动里面的文件。",
            "Hand in the save folder as it is, without changing its files.",
        ),
        place="epoch_5.pth",
    ),
    Row(
        "accuracy_reproduced",
        "passed",
        with_run(),
        seen=("日志 0.92，重算 0.92，30 张图片", "0.92 in the log, 0.92 computed again, 30 pictures"),
        wanted=("相差不超过一张图片", "within one picture"),
        place="run.log.json:9",
        given={"evaluation": Measured(30, 92.0)},
    ),
    Row(
        "accuracy_reproduced",
        "passed",
        with_run(),
        seen=("日志 0.92，重算 0.95，30 张图片", "0.92 in the log, 0.95 computed again, 30 pictures"),
        wanted=("相差不超过一张图片", "within one picture"),
        place="run.log.json:9",
        given={"evaluation": Measured(30, 95.2)},
    ),
    Row(
        "accuracy_reproduced",
        "failed",
        with_run(),
        seen=("日志 0.92，重算 0.33，30 张图片", "0.92 in the log, 0.33 computed again, 30 pictures"),
        wanted=("相差不超过一张图片", "within one picture"),
        hint=(
            "日志和权重不像是同一次训练的：请把同一个 save_fold 里的文件一起交上。",
            "Log and weights do not seem to be of one training: hand in the files of one save folder together.",
        ),
        place="run.log.json:9",
        given={"evaluation": Measured(30, 33.3)},
    ),
    Row(
        "accuracy_reproduced",
        "passed",
        with_run(records=[*GOOD[:8], *GOOD[6:7], val(4, 60.0), *GOOD[8:]]),
        seen=("日志 0.60，重算 0.60，30 张图片", "0.60 in the log, 0.60 computed again, 30 pictures"),
        wanted=("相差不超过一张图片", "within one picture"),
        place="run.log.json:11",
        given={"evaluation": Measured(30, 60.0)},
    ),
    Row(
        "accuracy_reproduced",
        "undecidable",
        with_run(),
        seen=("accuracy_top-3 没有重算", "accuracy_top-3 was not computed again"),
        hint=(
            "能重算的是 top-1，多于 5 类时还有 top-5。",
            "What can be computed again is top-1, and top-5 with more than five classes.",
        ),
        place="run.log.json",
        given={"evaluation": Measured(30, 92.0), "metric": "accuracy_top-3"},
    ),
    Row(
        "accuracy_reproduced",
        "undecidable",
        with_run(best=None, epochs=7),
        seen=("日志里没有这一轮的 accuracy_top-1", "the log has no accuracy_top-1 of that epoch"),
        hint=(
            "请把 save_fold 文件夹原样交上，不要改动里面的文件。",
            "Hand in the save folder as it is, without changing its files.",
        ),
        place="run.log.json",
        given={"evaluation": Measured(30, 92.0)},
    ),
)
