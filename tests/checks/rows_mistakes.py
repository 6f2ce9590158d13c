"""What is wrong with a training, named by an answer -> the exact sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.dataset import read_dataset
from pytest_mmedu.logs import from_records
from tests.checks.made import Row, course, val
from tests.checks.rows_answers import answered
from tests.checks.rows_readings import NAME_THE_FILE, NO_FILE, NOT_FILLED_IN, YOUR_ANSWER

Curve = Sequence[Mapping[str, Any]]
NONE: Curve = [val(epoch, 10.0 + epoch) for epoch in range(1, 9)]
BROKEN = course([3.0, 9.0, 40.0, float("nan"), float("nan")], [10, 10, 10, 0, 0])
STUCK = course([2.303, 2.302, 2.301, 2.301, 2.3], [10, 9, 11, 10, 12])
WRONG_LABELS = course([2.1, 1.2, 0.6, 0.4, 0.3], [12, 9, 11, 10, 12])
OVER_FITTED = course([2.1, 1.2, 0.6, 0.4, 0.2, 0.1], [60, 88, 84, 76, 70, 66])
SHORT = course([2.2, 1.6], [30, 45])
WELL = course([2.1, 1.2, 0.6, 0.4, 0.3], [50, 70, 82, 88, 90])

OF_THE_TABLE = ("应为表里的词", "should be words of the table")
CHOOSE = (
    "请从题目的表里选一个，照着写。",
    "Choose one from the table of the exercise, and write it as it stands there.",
)
CAUSE_FIRST = (
    "先找原因：是哪个参数造成的？再想它该变大还是变小。",
    "Find the cause first: which parameter brought it about? Then: should it be larger or smaller?",
)


def row(check: str, outcome: str, answer: str, curve: Curve, **more: Any) -> Row:
    given = {"name": "q", "log": from_records(curve), "images": read_dataset("digits10")}
    seen, place = more.pop("seen", (answer, answer)), more.pop("place", "answers.toml:1")
    return Row(check, outcome, answered(f'q = "{answer}"\n'), seen=seen, place=place, given=given, **more)


def cause(outcome: str, answer: str, curve: Curve, **more: Any) -> Row:
    return row("mistake_named", outcome, answer, curve, **more)


def change(outcome: str, answer: str, curve: Curve, **more: Any) -> Row:
    return row("remedy_named", outcome, answer, curve, **more)


ROWS = (
    cause("passed", "批太大", NONE),
    cause("passed", "lr too large", BROKEN),
    cause("passed", "LR_too-small", STUCK),
    cause("passed", "标签错了", WRONG_LABELS),
    cause("passed", "TooManyEpochs", OVER_FITTED),
    cause("passed", "ｔｏｏ few epochs", SHORT),
    cause(
        "failed",
        "too few epochs",
        NONE,
        hint=("数一数日志里的 loss 有几个：一轮有几步？", "Count the losses in the log: how many steps has an epoch?"),
    ),
    cause(
        "failed",
        "wrong labels",
        BROKEN,
        hint=(
            "从头到尾看 loss，和乱猜时的损失比一比。",
            "Follow the loss to its end, and compare it with that of guessing.",
        ),
    ),
    cause(
        "failed",
        "标签错了",
        STUCK,
        hint=(
            "比一比第一个和最后一个 loss：差了多少？",
            "Compare the first loss with the last: how far apart are they?",
        ),
    ),
    cause(
        "failed",
        "学习率太小",
        WRONG_LABELS,
        hint=("loss 和准确率说的是同一件事吗？", "Do the loss and the accuracy tell the same story?"),
    ),
    cause(
        "failed",
        "轮数太少",
        OVER_FITTED,
        hint=(
            "把每一轮的准确率从头看到尾，再和 loss 对照。",
            "Follow the accuracy from the first epoch to the last, then the loss.",
        ),
    ),
    cause(
        "failed",
        "lr too small",
        SHORT,
        hint=(
            "看最后几条记录：loss 和准确率还在变好吗？",
            "Look at the last records: do loss and accuracy still get better?",
        ),
    ),
    cause("failed", "学习率不好", SHORT, wanted=OF_THE_TABLE, hint=CHOOSE),
    cause("failed", "...", SHORT, seen=NOT_FILLED_IN, hint=YOUR_ANSWER),
    cause(
        "undecidable",
        "lr too small",
        WELL,
        seen=("这份日志看不出毛病", "nothing seems to be wrong with this log"),
        hint=("请老师换一份日志。", "The teacher should take another log."),
        place=None,
    ),
    change("passed", "减小batch_size", NONE),
    change("passed", "lower lr", BROKEN),
    change("passed", "增大 lr", STUCK),
    change("passed", "check the dataset", WRONG_LABELS),
    change("passed", "减小 epochs", OVER_FITTED),
    change("passed", "raise epochs", SHORT),
    change("failed", "lower lr", STUCK, hint=CAUSE_FIRST),
    change("failed", "lr", BROKEN, wanted=OF_THE_TABLE, hint=CHOOSE),
    Row(
        "remedy_named",
        "undecidable",
        lambda _: Subject(),
        seen=NO_FILE,
        hint=NAME_THE_FILE,
        given={"name": "q", "log": from_records(SHORT)},
    ),
)
