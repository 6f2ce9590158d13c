"""A log whose news the weights do not bear out: what is said, and that nobody is worse off for an honest one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_mmedu.checks.evaluated import NotEvaluated, Recomputed
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.run import Run
from pytest_mmedu.text import Text
from tests.checks.made import Make, Row, asked, course, with_run
from tests.checks.rows_readings import EXPLODES, FLAT, with_answer
from tests.checks.rows_recomputed import LENET, Sees, seen_by
from tests.handmade import small_weights, write_checkpoint

RULE = {"full": 0.9, "half": 0.7}
WANTED = ("满分 0.90，半分 0.70", "full marks from 0.90, half from 0.70")
FALLS = ("1.10 → 0.20，5 轮", "1.10 → 0.20, 5 epochs")
BY_HALF = ("要求下降 50%", "must fall by 50 %")
NOT_OF_ONE = (
    "日志和权重不像是同一次训练的：请把同一个 save_fold 里的文件一起交上。",
    "Log and weights do not seem to be of one training: hand in the files of one save folder together.",
)
TO_ITS_END = (
    "让训练跑完再交：看看屏幕上最后几行有没有报错。",
    "Let the training run to its end: do the last lines on the screen show an error?",
)
NO_WEIGHTS = ("没有权重文件，证实不了日志", "there is no checkpoint that bears out the log")
NOBODY_LOOKS = NotEvaluated(Text("没有图片", "no pictures"), Text("。", "."))


def text_for_weights(run: Path) -> None:
    for path in run.glob("*.pth"):
        path.write_text("weights\n", encoding="utf-8")


def without(*names: str) -> Callable[[Path], None]:
    def extra(run: Path) -> None:
        for name in names:
            (run / name).unlink()

    return extra


def handed_in(make: Make) -> Make:
    return lambda folder: replace(make(folder), handed_in=True)


def second_on(name: str, make: Make) -> Make:
    """One training of two, on a data set of this name; the exercise's pictures lie in a folder `data`."""

    def made(folder: Path) -> Subject:
        subject = replace(make(folder), asked=asked(dataset=name))
        return replace(subject, trainings=(subject, subject))

    return made


class ByHeart(Sees):
    """Every training picture is seen right."""

    def __call__(self, weights: Path, *, split: str, **given: Any) -> Recomputed | NotEvaluated:
        sees = Sees() if split == "training_set" else Sees(self.right)
        return sees(weights, split=split, **given)


def on_own_pictures(make: Make) -> Make:
    return lambda folder: replace(make(folder), asked=asked(dataset="mine"))


def normalising(right: int, logged: float) -> Make:
    """ResNet18, of which the log's one validation says this; so many of ten pictures are seen right."""
    records = [*course([1.1, 0.7, 0.4, 0.1, 0.02]), {"mode": "val", "epoch": 5, "iter": 9, "accuracy_top-1": logged}]
    made = seen_by(Sees(right), with_run(params={"epochs": 5, "backbone": "ResNet18"}, records=records))

    def sized(folder: Path) -> Subject:
        subject = made(folder)
        assert subject.run is not None
        return replace(subject, run=Run(subject.run.folder, subject.run.params, settings={"image_size": 32}))

    return sized


def nan_for_weights(run: Path) -> None:
    for path in run.glob("*.pth"):
        write_checkpoint(path, small_weights(first=float("nan")), {"epoch": 5})


def came_to_nothing(
    outcome: str, sees: Sees, told: tuple[str, str] | None = None, *, curve: Any = FLAT, **more: Any
) -> Row:
    """A training that is called slow, or diverged, and by its log is; `told`: what its weights say to that."""
    flat = curve is FLAT
    made = with_answer("q = 1\n", seen_by(sees, with_run(params=LENET, records=curve, **more)))
    curves = "1.10 → 1.08" if flat else "1.20 → 120"
    but = told or ("", "")
    return Row(
        "training_named",
        outcome,
        made,
        (f"第 1 次训练：{curves}{but[0]}", f"training 1: {curves}{but[1]}"),
        hint=NOT_OF_ONE if told else None,
        place="run.log.json:6",
        given={"name": "q", "behaves": "slow" if flat else "diverged"},
    )


LEARNED = (
    "，但权重其实学会了：验证图片的损失是 0.11",
    ", but the weights did learn: their loss on the validation pictures is 0.11",
)
LOW = with_run(params=LENET, records=course([1.1, 0.7, 0.4, 0.1, 0.02]))
FORGED = with_run(params=LENET, extra=text_for_weights)
NO_FILES = with_run(params=LENET, epochs=0, best=None)

ROWS = (
    came_to_nothing("failed", Sees(), LEARNED),
    came_to_nothing("failed", Sees(), LEARNED, curve=EXPLODES),
    came_to_nothing("passed", Sees(sure=0.57)),  # all right, and hardly sure of any: 0.56 is half of ln(3)
    came_to_nothing("passed", Sees(4)),
    came_to_nothing("passed", Sees(), curve=EXPLODES, extra=nan_for_weights),
    came_to_nothing("passed", Sees(not_evaluated=NOBODY_LOOKS)),
    Row(
        "training_named",
        "failed",
        with_answer("q = 1\n", seen_by(Sees(), with_run(params=LENET, records=FLAT, epochs=0, best=None))),
        NO_WEIGHTS,
        hint=TO_ITS_END,
        given={"name": "q", "behaves": "slow"},
    ),
    Row(
        "accuracy",
        "passed",
        seen_by(Sees(9)),
        ("0.92，第 4 轮", "0.92, epoch 4"),
        WANTED,
        given=RULE,
        place="run.log.json:9",
    ),
    Row(
        "accuracy",
        "failed",
        seen_by(Sees(2)),
        ("日志 0.92，用权重重算 0.20，第 4 轮", "0.92 in the log, 0.20 computed again from the weights, epoch 4"),
        WANTED,
        NOT_OF_ONE,
        "run.log.json:9",
        RULE,
    ),
    Row(  # what the weights are worth is what the work is worth
        "accuracy",
        "failed",
        seen_by(Sees(7)),
        ("日志 0.92，用权重重算 0.70，第 4 轮", "0.92 in the log, 0.70 computed again from the weights, epoch 4"),
        WANTED,
        NOT_OF_ONE,
        "run.log.json:9",
        RULE,
        share=0.5,
    ),
    Row(
        "accuracy",
        "passed",
        seen_by(Sees(8)),
        ("日志 0.92，用权重重算 0.80，第 4 轮", "0.92 in the log, 0.80 computed again from the weights, epoch 4"),
        ("满分 0.75", "full marks from 0.75"),
        given={"full": 0.75},
        place="run.log.json:9",
    ),
    Row(
        "accuracy",
        "failed",
        seen_by(Sees(), FORGED),
        (
            "epoch_4.pth 是文本文件，不是权重",
            "epoch_4.pth is a text file, not weights",
        ),
        hint=("请上传 .pth 文件本身。", "Upload the .pth file itself."),
        place="epoch_4.pth",
        given=RULE,
    ),
    Row("accuracy", "failed", seen_by(Sees(), NO_FILES), NO_WEIGHTS, WANTED, TO_ITS_END, given=RULE),
    # Nobody saw the training, and weights may be too large to be sent: the log is all there is.
    Row(
        "accuracy",
        "passed",
        handed_in(seen_by(Sees(), NO_FILES)),
        ("0.92，第 4 轮", "0.92, epoch 4"),
        WANTED,
        given=RULE,
        place="run.log.json:9",
    ),
    Row(
        "accuracy",
        "passed",
        seen_by(Sees(0, NOBODY_LOOKS)),
        ("0.92，第 4 轮", "0.92, epoch 4"),
        WANTED,
        given=RULE,
        place="run.log.json:9",
    ),
    # The best validation counts of which there are weights.
    Row(
        "accuracy",
        "passed",
        seen_by(Sees(9), with_run(params=LENET, extra=without("epoch_4.pth", "best_accuracy_top-1_epoch_4.pth"))),
        ("0.90，第 5 轮", "0.90, epoch 5"),
        WANTED,
        given=RULE,
        place="run.log.json:11",
    ),
    Row(
        "accuracy",
        "passed",
        second_on("elsewhere", seen_by(Sees(2))),
        ("0.92，第 4 轮", "0.92, epoch 4"),
        WANTED,
        given=RULE,
        place="run.log.json:9",
    ),
    Row(
        "accuracy",
        "failed",
        second_on("given/data", seen_by(Sees(2))),
        ("日志 0.92，用权重重算 0.20，第 4 轮", "0.92 in the log, 0.20 computed again from the weights, epoch 4"),
        WANTED,
        NOT_OF_ONE,
        "run.log.json:9",
        RULE,
    ),
    Row("loss_falls", "passed", seen_by(Sees(9)), FALLS, BY_HALF, place="run.log.json:10"),
    Row(
        "loss_falls",
        "failed",
        seen_by(Sees(3)),
        (
            f"{FALLS[0]}，但训练用的图片，权重只认对了 0.30，和这样的损失对不上",
            f"{FALLS[1]}, but the weights get 0.30 of the training pictures right: too few for such a loss",
        ),
        BY_HALF,
        NOT_OF_ONE,
        "run.log.json:10",
    ),
    Row(
        "loss_falls",
        "failed",
        seen_by(Sees(7), LOW),
        (
            "1.10 → 0.02，5 轮，但训练用的图片，权重只认对了 0.70，和这样的损失对不上",
            "1.10 → 0.02, 5 epochs, but the weights get 0.70 of the training pictures right: too few for such a loss",
        ),
        BY_HALF,
        NOT_OF_ONE,
        "run.log.json:6",
    ),
    # It knows the training pictures by heart, and others not so well.
    Row(
        "loss_falls",
        "passed",
        seen_by(ByHeart(7), LOW),
        ("1.10 → 0.02，5 轮", "1.10 → 0.02, 5 epochs"),
        BY_HALF,
        place="run.log.json:6",
    ),
    # Of pictures of its own the judge knows nothing but that one who learned does not guess.
    Row(
        "loss_falls",
        "passed",
        seen_by(Sees(7), on_own_pictures(LOW)),
        ("1.10 → 0.02，5 轮", "1.10 → 0.02, 5 epochs"),
        BY_HALF,
        place="run.log.json:6",
    ),
    # With batch normalisation it may be worse at what it knows than its loss was: the log says so itself.
    Row(
        "loss_falls",
        "passed",
        normalising(7, 70.0),
        ("1.10 → 0.02，5 轮", "1.10 → 0.02, 5 epochs"),
        BY_HALF,
        place="run.log.json:6",
    ),
    Row(
        "loss_falls",
        "failed",
        normalising(3, 90.0),
        (
            "1.10 → 0.02，5 轮，但权重的准确率是 0.30，不是日志写的",
            "1.10 → 0.02, 5 epochs, but the weights get 0.30 right, not what the log says",
        ),
        BY_HALF,
        NOT_OF_ONE,
        "run.log.json:6",
    ),
    Row("loss_falls", "failed", seen_by(Sees(), NO_FILES), NO_WEIGHTS, BY_HALF, TO_ITS_END),
)
