"""The judge's own accuracy: what the weights get right, or why nobody can say -> the exact sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pytest_mmedu.asked import Asked
from pytest_mmedu.checks.evaluated import NotEvaluated, Recomputed
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.submission import find_submission, read_asked
from pytest_mmedu.text import Text
from tests.checks.made import META, Make, Row, course, weigh, with_images, with_no_run, with_run, written

BEST = "best_accuracy_top-1_epoch_4.pth"
FULL = {"full": 0.9, "half": 0.6}
WANTED = ("满分 0.90，半分 0.60", "full marks from 0.90, half from 0.60")
OTHER_DATA = (
    "这些权重是用别的数据集训练的：核对 save_fold，交这次训练的权重。",
    "These weights were trained on another data set: check save_fold and hand in those of this training.",
)
UNTOUCHED = (
    "请把 save_fold 文件夹原样交上，包括 run.json。",
    "Hand in the save folder as it is, run.json included.",
)
LENET = {"epochs": 5, "backbone": "LeNet"}


@dataclass(frozen=True)
class Sees:
    """Stands for the judge's other process: so many of ten pictures are seen right, and it is so sure of each."""

    right: int = 10
    not_evaluated: NotEvaluated | None = None
    sure: float = 0.9

    def __call__(
        self,
        weights: Path,
        *,
        networks: Sequence[str],
        image_size: int | None,
        split: str,
        pictures: Sequence[Path] = (),
    ) -> Recomputed | NotEvaluated:
        ranked = tuple((0, 1, 2) if at < self.right else (1, 0, 2) for at in range(10))
        likely = ((self.sure, (1 - self.sure) / 2, (1 - self.sure) / 2),) * 10
        return self.not_evaluated or Recomputed(networks[0], 3, (0,) * 10, ranked, likely)


def seen_by(sees: Sees, then: Make | None = None, *, classes: int = 3) -> Make:
    def make(folder: Path) -> Subject:
        before = with_images(classes=classes, then=then or with_run(params=LENET))(folder)
        return replace(before, evaluate=sees)

    return make


def without_network(folder: Path) -> Subject:
    """Nobody names it: neither run.json nor a program nor the log's first line."""
    from pytest_mmedu.logs import read_log

    subject = with_run(params={"epochs": 5})(folder)
    named_not = {key: value for key, value in META.items() if key != "backbone"}
    return replace(subject, asked=Asked(), log=read_log(written(folder / "run", course([1.1]), named_not)))


def by_config(colours: str) -> Make:
    """A run of LeNet by a config that normalizes its pictures like this; without a word, one that has no steps."""

    def make(folder: Path) -> Subject:
        steps = f", pipeline=[dict(type='LoadImageFromFile'), dict(type='Normalize', {colours})]" if colours else ""
        place = folder / "handed_in"
        place.mkdir()
        text = f"model = dict(backbone=dict(type='LeNet5'))\ndata = dict(val=dict(data_prefix='data/val'{steps}))\n"
        (place / "config.py").write_text(text, encoding="utf-8")
        return replace(with_run(params=LENET)(folder), asked=read_asked(find_submission(place))[0])

    return make


ROWS = (
    Row(
        "accuracy_recomputed",
        "passed",
        seen_by(Sees(9)),
        seen=("0.90，test_set 的 10 张图片", "0.90 of 10 pictures of test_set"),
        wanted=WANTED,
        place=BEST,
        given=FULL,
    ),
    Row(
        "accuracy_recomputed",
        "failed",
        seen_by(Sees(7)),
        seen=("0.70，val_set 的 10 张图片", "0.70 of 10 pictures of val_set"),
        wanted=WANTED,
        hint=(
            "这些图片训练时没有用过：对照日志里的损失和验证准确率，想想该改哪个参数。",
            "The training did not use these pictures: look at the log's loss and validation, "
            "then think which parameter to change.",
        ),
        place=BEST,
        given={**FULL, "split": "val_set"},
        share=0.5,
    ),
    Row(
        "accuracy_recomputed",
        "failed",
        seen_by(Sees(), with_run(epochs=0, best=None)),
        seen=("没有权重文件", "there is no checkpoint"),
        wanted=WANTED,
        hint=(
            "让训练跑完再交：看看屏幕上最后几行有没有报错。",
            "Let the training run to its end: do the last lines on the screen show an error?",
        ),
        given=FULL,
    ),
    Row(
        "accuracy_recomputed",
        "failed",
        seen_by(Sees(), with_run(params=LENET, extra=lambda at: put(weigh(at / BEST, 4, first=float("nan"))))),
        seen=("backbone.conv.weight 里有 NaN 或 Infinity", "NaN or Infinity in backbone.conv.weight"),
        hint=(
            "训练发散了：把学习率调小，再训练一次。",
            "The training diverged: lower the learning rate and train again.",
        ),
        place=BEST,
        given=FULL,
    ),
    Row(
        "accuracy_recomputed",
        "failed",
        seen_by(Sees(), classes=4),
        seen=("权重 3 类，数据集 4 类", "3 classes in the weights, 4 in the data"),
        hint=OTHER_DATA,
        place=BEST,
        given=FULL,
    ),
    Row(
        "accuracy_recomputed",
        "failed",
        with_no_run(),
        seen=("训练中断：lr 还没有填写", "the training stopped: lr is not filled in"),
        hint=("把 ... 换成你选的值。", "Replace the ... by a value of your choice."),
        place="homework.py:12",
        given=FULL,
    ),
    Row(
        "accuracy_recomputed",
        "undecidable",
        seen_by(Sees(), without_network),
        seen=("不知道是哪种网络的权重", "it is not known which network the weights belong to"),
        hint=(
            "请在程序里写明 backbone，并把 save_fold 文件夹原样交上。",
            "Name backbone in the program, and hand in the save folder as it is.",
        ),
        place=BEST,
        given=FULL,
    ),
    Row(
        "accuracy_recomputed",
        "undecidable",
        seen_by(Sees(), with_run(params={"epochs": 5, "backbone": "ResNet18"})),
        seen=("不知道训练时图片有多大", "it is not known how large the pictures were in training"),
        hint=UNTOUCHED,
        place=BEST,
        given=FULL,
    ),
    Row(
        "accuracy_recomputed",
        "undecidable",
        seen_by(Sees(not_evaluated=NotEvaluated(Text("超时", "too slow"), Text("再来。", "Again.")))),
        seen=("超时", "too slow"),
        hint=("再来。", "Again."),
        place=BEST,
        given=FULL,
    ),
    Row(
        "accuracy_recomputed",
        "undecidable",
        with_run(params=LENET),
        seen=("没有数据集可以核对", "there is no data set to compare with"),
        hint=("请老师在练习里写明数据集。", "The teacher should name the data set in the exercise."),
        place=BEST,
        given=FULL,
    ),
    Row(
        "accuracy_recomputed",
        "passed",
        seen_by(Sees(9), by_config("")),
        seen=("0.90，test_set 的 10 张图片", "0.90 of 10 pictures of test_set"),
        wanted=WANTED,
        place=BEST,
        given=FULL,
    ),
    Row(
        "accuracy_recomputed",
        "passed",
        seen_by(Sees(9), by_config("mean=[33.46], std=[78.87]")),
        seen=("0.90，test_set 的 10 张图片", "0.90 of 10 pictures of test_set"),
        wanted=WANTED,
        place=BEST,
        given=FULL,
    ),
    Row(
        "accuracy_recomputed",
        "undecidable",
        seen_by(Sees(9), by_config("mean=[127.5], std=[127.5]")),
        seen=(
            "配置读图片的方法和这种网络通常的不同，没有重算",
            "the config reads its pictures in a way of its own: nothing was computed again",
        ),
        hint=(
            "Normalize 的 mean 和 std 照 mmcls 里这种网络的配置来写。",
            "Take mean and std of Normalize from mmcls's own config of this network.",
        ),
        place=BEST,
        given=FULL,
    ),
    Row(
        "accuracy_reproduced",
        "passed",
        seen_by(Sees(9)),
        seen=("日志 0.92，重算 0.90，10 张图片", "0.92 in the log, 0.90 computed again, 10 pictures"),
        wanted=("相差不超过一张图片", "within one picture"),
        place="run.log.json:9",
    ),
    Row(
        "accuracy_reproduced",
        "failed",
        seen_by(Sees(2)),
        seen=("日志 0.60，重算 0.20，10 张图片", "0.60 in the log, 0.20 computed again, 10 pictures"),
        wanted=("相差不超过一张图片", "within one picture"),
        hint=(
            "日志和权重不像是同一次训练的：请把同一个 save_fold 里的文件一起交上。",
            "Log and weights do not seem to be of one training: hand in the files of one save folder together.",
        ),
        place="run.log.json:5",
        given={"epoch": 2},
    ),
    Row(
        "accuracy_reproduced",
        "failed",
        seen_by(Sees(), with_run(params=LENET, extra=lambda at: (at / "epoch_2.pth").unlink())),
        seen=("没有这一轮的权重文件", "there is no checkpoint of that epoch"),
        hint=(
            "让训练跑完再交：看看屏幕上最后几行有没有报错。",
            "Let the training run to its end: do the last lines on the screen show an error?",
        ),
        given={"epoch": 2},
    ),
    Row(
        "accuracy_reproduced",
        "undecidable",
        with_run(params=LENET),
        seen=("没有数据集可以核对", "there is no data set to compare with"),
        hint=("请老师在练习里写明数据集。", "The teacher should name the data set in the exercise."),
        place=BEST,
    ),
)


def put(_: Path) -> None:
    """For a lambda that has nothing to give back."""
