"""读懂训练 | Checks of what a student worked out or read off: steps, curves compared, the best weights.

Each answer is held against the student's own trainings, so that a neighbour's numbers are no help.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Literal

from pytest_mmedu import rules
from pytest_mmedu.answered import Answer
from pytest_mmedu.checks import curves, figures
from pytest_mmedu.checks.accuracy import VALIDATE
from pytest_mmedu.checks.answers import answered
from pytest_mmedu.checks.chance import accuracy_metric
from pytest_mmedu.checks.confirmed import SAME_TRAINING, learned_after_all
from pytest_mmedu.checks.facts import (
    best_point,
    class_count,
    log_of,
    loss_points,
    metric_names,
    metric_points,
    steps_per_epoch,
)
from pytest_mmedu.checks.learning import loss_falls, not_diverged
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.validation import NOT_LAST
from pytest_mmedu.checks.verdict import Verdict, because, check, no, unknown, yes
from pytest_mmedu.text import Text

Behaviour = Literal["slow", "diverged", "learned"]
_HARDLY = 0.15  # a loss that lost less than this part of its start ...
_AT_START = 0.95  # ... and began where guessing does has hardly moved
_EPOCH = re.compile(r"(?:.*_)?epoch_(\d{1,9})\.pth")


@check("asked")
def steps_worked_out(subject: Subject, name: str) -> Verdict:
    """算出的步数 | The steps worked out

    The answer `name`: how many steps an epoch of this training has. It is compared with pictures and batch size.
    """
    found = answered(subject.answers, name)
    if isinstance(found, Verdict):
        return found
    steps = steps_per_epoch(subject)
    seen = Text.same(figures.shown(found.value))
    if steps is None:
        return no(seen, hint=BATCH_FIRST, place=found.place)
    if not rules.whole(found.value, 1):
        return no(seen, Text("应为一个整数", "should be a whole number"), hint=ROUND_UP, place=found.place)
    return yes(seen, place=found.place) if found.value == steps else no(seen, hint=ROUND_UP, place=found.place)


@check()
def training_named(subject: Subject, name: str, *, behaves: Behaviour, by: float = 0.5) -> Verdict:
    """说出是哪一次训练 | The training that an answer names

    The answer `name` is the number of a training; its loss has to be "slow" (hardly moves), "diverged", or to have
    "learned" (falls by the part `by`). Where no training is like that, the hint says what to try.
    """
    title = _TITLES[behaves]
    found = answered(subject.answers, name)
    if isinstance(found, Verdict):
        return Verdict(found.outcome, found.seen, found.wanted, 0.0, found.hint, found.place, title)
    each = subject.trainings or (subject,)
    if not rules.whole(found.value, 1, len(each)):
        seen = Text.same(figures.shown(found.value))
        wanted = Text(f"应为 1 到 {len(each)} 的编号", f"should be a number from 1 to {len(each)}")
        return no(seen, wanted, hint=NUMBER_OF_TRAINING, place=found.place, title=title)
    return _named(each, found, behaves, by, title)


def _named(each: tuple[Subject, ...], found: Answer, behaves: Behaviour, by: float, title: Text) -> Verdict:
    one = each[found.value - 1]
    if one.log is None:
        missing = because(one.no_run) if one.no_run is not None else no(NO_LOSS, hint=READ_LOSSES)
        return Verdict("failed", missing.seen, hint=missing.hint, place=missing.place, title=title)
    points = loss_points(one.log)
    where = one.log.place(points[-1].line if points else None)
    seen = Text(
        f"第 {found.value} 次训练：{_curve(one)}",
        f"training {found.value}: {_curve(one)}",
    )
    if _behaves(one, behaves, by):
        denied = None if behaves == "learned" else learned_after_all(one)
        if isinstance(denied, Verdict):
            return replace(denied, title=title)
        if denied is not None:
            seen = Text(f"{seen.zh}，但{denied.zh}", f"{seen.en}, but {denied.en}")
            return no(seen, hint=SAME_TRAINING, place=where, title=title)
        return yes(seen, place=where, title=title)
    some = any(_behaves(other, behaves, by) for other in each)
    return no(seen, hint=READ_LOSSES if some else _TRY[behaves], place=found.place, title=title)


def _curve(subject: Subject) -> str:
    values = [point.value for point in loss_points(log_of(subject))]
    return f"{figures.loss(values[0])} → {figures.loss(values[-1])}" if values else "—"


def _behaves(subject: Subject, behaves: Behaviour, by: float) -> bool:
    if subject.log is None:
        return False
    if behaves == "diverged":
        return not_diverged(subject).outcome == "failed"
    if behaves == "learned":
        return loss_falls(subject, by=by).outcome == "passed"
    return _hardly_moves(subject)


def _hardly_moves(subject: Subject) -> bool:
    trend = curves.loss_trend([(point.epoch, point.value) for point in loss_points(log_of(subject))])
    if trend is None or not_diverged(subject).outcome != "passed":
        return False
    level = math.log(class_count(subject) or 2)
    return abs(trend.fall) < _HARDLY and trend.first > _AT_START * level


@check("log")
def best_weights_named(subject: Subject, name: str) -> Verdict:
    """选出最好的权重 | The best weights chosen

    The answer `name` is the path of the weights that the student goes on with: those of the log's best epoch. The
    last epoch will do where it is the best one.
    """
    found = answered(subject.answers, name)
    if isinstance(found, Verdict):
        return found
    log, metric = log_of(subject), accuracy_metric(subject)
    points = metric_points(log, metric) if metric else []
    best = best_point(points)
    seen = Text.same(figures.shown(found.value))
    if best is None:
        nothing = Text("日志里没有验证准确率", "the log has no accuracy")
        tell = unknown if metric_names(log) else no  # another metric was measured, or none at all
        return tell(nothing, hint=VALIDATE, place=log.place())
    epoch = _epoch_of(subject, found.value)
    if epoch is None:
        return no(seen, hint=A_FILE_OF_THE_RUN, place=found.place)
    wanted = Text("日志里准确率最高的一轮", "of the epoch with the log's highest accuracy")
    if epoch in {point.epoch for point in points if point.value == best.value}:
        return yes(seen, wanted, place=log.place(best.line))
    return no(seen, wanted, hint=NOT_LAST if epoch == points[-1].epoch else LOOK_AT_BEST, place=found.place)


def _epoch_of(subject: Subject, value: object) -> int | None:
    """The epoch of a file that the training left; None for any other path."""
    if not isinstance(value, str) or subject.run is None:
        return None
    file = value.replace("\\", "/").rpartition("/")[2]
    if not (subject.run.folder / file).is_file():
        return None
    if file == "latest.pth":
        return max(subject.run.checkpoints, default=None)
    match = _EPOCH.fullmatch(file)
    return int(match[1]) if match else None


_TITLES: dict[Behaviour, Text] = {
    "slow": Text("损失几乎不动的一次", "The loss that hardly moves"),
    "diverged": Text("损失发散的一次", "The loss that diverges"),
    "learned": Text("学得好的一次", "The loss that falls well"),
}
_TRY: dict[Behaviour, Text] = {
    "slow": Text(
        "三次里没有一次是几乎不动的：把其中一个学习率调到非常小，再看损失。",
        "None of your trainings hardly moves: make one learning rate tiny and look at the loss again.",
    ),
    "diverged": Text(
        "三次里没有一次发散：把其中一个学习率调得很大，再看损失。",
        "None of your trainings diverged: make one learning rate very large and look at the loss again.",
    ),
    "learned": Text(
        "三次里没有一次学得好：在太小和太大之间再找一个学习率。",
        "None of your trainings learned well: look for a learning rate between too small and too large.",
    ),
}
NO_LOSS = Text("没有训练日志", "there is no training log")
READ_LOSSES = Text(
    "打开每次训练的日志，比一比第一个和最后一个 loss。",
    "Open the log of each training and compare its first loss with its last.",
)
NUMBER_OF_TRAINING = Text(
    "写训练的编号：数一数它是程序里的第几个 train()。",
    "Write the number of the training: which train() of the program is it? Count them.",
)
BATCH_FIRST = Text(
    "先选好批大小，再算一轮有几步。", "Choose the batch size first, then work out the steps of an epoch."
)
ROUND_UP = Text(
    "图片数除以批大小，除不尽时最后一小批也算一步；和日志里的步数对一对。",
    "Pictures divided by batch size; a smaller last batch is a step too. Compare with the steps in the log.",
)
A_FILE_OF_THE_RUN = Text(
    "写一个训练真正留下的 .pth 文件：打开 save_fold 看看里面有哪些。",
    "Name a .pth file that the training really left: open the save folder and look.",
)
LOOK_AT_BEST = Text(
    "看一看日志里每轮的准确率：哪一轮最高，就用那一轮的权重。",
    "Look at the accuracy of each epoch in the log: take the weights of the highest.",
)
