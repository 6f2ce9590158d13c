"""损失检查 | Checks of the loss: did the model learn?"""

from __future__ import annotations

import math
from dataclasses import replace

from pytest_mmedu.checks import curves, figures
from pytest_mmedu.checks.chance import guessing, stuck_at
from pytest_mmedu.checks.confirmed import SAME_TRAINING, belies
from pytest_mmedu.checks.facts import (
    LossPoint,
    class_count,
    head_classes,
    log_of,
    loss_points,
    steps_per_epoch,
)
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, check, no, unknown, yes
from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.text import Text

CONVERGED = 0.1  # a start below this part of ln(classes) has nothing left to lose
DIVERGED = 2.0  # an end above this multiple of ln(classes) is worse than any untrained network
_ABOVE = 1.2  # a start above this multiple of it is no untrained network's
_MANY_DIGITS = 100.0  # from here on three decimals say nothing
MOST_CLASSES = 1000  # where the number of classes is not known: that of ImageNet


@check("log")
def loss_falls(subject: Subject, *, by: float = 0.5) -> Verdict:
    """损失下降 | Loss falls

    By the part `by` of its start, judged over the whole curve: real runs are noisy. A run that starts converged
    passes; one that ends no better than guessing does not, however far its loss fell.
    """
    if not 0 < by < 1:
        raise ExerciseError(
            Text(f"loss_falls 的 by 是 {by}。", f"loss_falls got by={by}."),
            Text("请写 0 和 1 之间的数，0.5 表示下降一半。", "Write a number between 0 and 1: 0.5 means by half."),
        )
    log = log_of(subject)
    percent = figures.percent(by)
    wanted = Text(f"要求下降 {percent.zh}", f"must fall by {percent.en}")
    points = loss_points(log)
    trend = curves.loss_trend([(point.epoch, point.value) for point in points])
    bad = _not_finite(subject, points, wanted)
    if bad is not None:
        return bad
    if trend is None:
        return _no_curve(subject, points, wanted)
    seen = _seen(trend, len({point.epoch for point in points}))
    where = log.place(points[-1].line)
    if trend.last > DIVERGED * math.log(_most_classes(subject)):
        return no(_diverged(seen), wanted, hint=LOWER_LR, place=where)
    trap = guessing(subject, trend.last)
    if trap is not None:
        return no(Text(f"{seen.zh}，但{trap.zh}", f"{seen.en}, but {trap.en}"), wanted, hint=CHECK_LABELS, place=where)
    if _starts_converged(trend, subject):
        seen = Text(f"{seen.zh}，开始时就已收敛", f"{seen.en}, converged from the start")
        return _denied(subject, trend.last, seen, wanted, where) or yes(seen, wanted, place=where)
    if trend.falling and trend.fall >= by:
        return _denied(subject, trend.last, seen, wanted, where) or yes(seen, wanted, place=where)
    return no(
        seen, wanted, hint=_falling_too_little(trend, subject) if trend.falling else _not_falling(trend), place=where
    )


def _denied(subject: Subject, last: float, seen: Text, wanted: Text, where: str | None) -> Verdict | None:
    """A curve of one's own making is as good as the weights beside it."""
    found = belies(subject, last)
    if isinstance(found, Text):
        return no(
            Text(f"{seen.zh}，但{found.zh}", f"{seen.en}, but {found.en}"), wanted, hint=SAME_TRAINING, place=where
        )
    return found and replace(found, wanted=wanted)


def _falling_too_little(trend: curves.Trend, subject: Subject) -> Text:
    """Steps that are too large throw a network far off first; what falls then is the way back."""
    return BEGINS_HIGH if trend.first > _ABOVE * math.log(_most_classes(subject)) else FALL_MORE


def _not_falling(trend: curves.Trend) -> Text:
    """A loss that grew to a multiple of its start does not merely fail to fall."""
    return LOWER_LR if trend.last > DIVERGED * max(trend.first, 1.0) else NOT_FALLING


def _seen(trend: curves.Trend, count: int) -> Text:
    text = f"{figures.loss(trend.first)} → {figures.loss(trend.last)}"
    return Text(f"{text}，{figures.epochs(count).zh}", f"{text}, {figures.epochs(count).en}")


def _most_classes(subject: Subject) -> int:
    """An untrained head of 1000 starts at ln(1000), whatever the data: the larger count is the fair one."""
    return max(class_count(subject) or 0, head_classes(subject) or 0) or MOST_CLASSES


def _starts_converged(trend: curves.Trend, subject: Subject) -> bool:
    limit = CONVERGED * math.log(class_count(subject) or 2)
    return trend.first <= limit and trend.last <= limit


def _not_finite(subject: Subject, points: list[LossPoint], wanted: Text | None) -> Verdict | None:
    log = log_of(subject)
    first = next((point for point in points if not math.isfinite(point.value) or point.value < 0), None)
    if first is None:
        return None
    if -math.inf < first.value < 0:
        number, epoch = figures.loss(first.value), first.epoch
        seen = Text(f"第 {epoch} 轮的损失是 {number}", f"a loss of {number} in epoch {epoch}")
        return no(seen, wanted, hint=BELOW_ZERO, place=log.place(first.line))
    seen = Text(
        f"第 {first.epoch} 轮起出现 {figures.loss(first.value)}",
        f"{figures.loss(first.value)} from epoch {first.epoch} on",
    )
    return no(seen, wanted, hint=LOWER_LR, place=log.place(first.line))


def _no_curve(subject: Subject, points: list[LossPoint], wanted: Text | None) -> Verdict:
    """The commonest real case: an epoch shorter than the log interval leaves no loss at all."""
    log = log_of(subject)
    steps = steps_per_epoch(subject)
    if points:
        seen = Text("日志里只有一条损失记录", "the log has a single loss record")
    elif steps:
        count = figures.many(steps, "step")
        seen = Text(f"日志里没有损失记录；一轮只有 {steps} 步", f"no loss in the log; an epoch has {count}")
    else:
        seen = Text("日志里没有损失记录", "no loss in the log")
    return unknown(seen, wanted, hint=MORE_RECORDS, place=log.place())


@check("log")
def loss_finite(subject: Subject) -> Verdict:
    """损失是有限的数 | Loss is finite"""
    log = log_of(subject)
    points = loss_points(log)
    if not points:
        return _no_curve(subject, points, None)
    count = len(points)
    seen = Text(f"{count} 条损失都是有限的数", f"{count} of {count} losses are finite")
    return _not_finite(subject, points, None) or yes(seen, place=log.place(points[-1].line))


@check("log")
def not_diverged(subject: Subject) -> Verdict:
    """训练没有发散 | Training did not diverge"""
    log = log_of(subject)
    points = loss_points(log)
    bad = _not_finite(subject, points, None)
    if bad is not None or not points:
        return bad or _no_curve(subject, points, None)
    trend = curves.loss_trend([(point.epoch, point.value) for point in points])
    last = trend.last if trend else points[-1].value
    limit, level = math.log(_most_classes(subject)), _level(subject)
    wanted = None if level is None else Text(f"乱猜约为 {level}", f"guessing gives about {level}")
    seen = Text(f"最后的损失 {figures.loss(last)}", f"the loss ends at {figures.loss(last)}")
    where = log.place(points[-1].line)
    if last > DIVERGED * limit:
        return no(seen, wanted, hint=LOWER_LR, place=where)
    return yes(seen, wanted, place=where)


@check("log")
def not_stuck(subject: Subject) -> Verdict:
    """损失离开了乱猜的水平 | Loss left the level of guessing"""
    log = log_of(subject)
    points = loss_points(log)
    trend = curves.loss_trend([(point.epoch, point.value) for point in points])
    if trend is None:
        return _not_finite(subject, points, None) or _no_curve(subject, points, None)
    where = log.place(points[-1].line)
    classes = stuck_at(subject, trend.last)
    number = f"{trend.last:.3f}" if trend.last < _MANY_DIGITS else figures.loss(trend.last)
    seen = Text(f"最后的损失 {number}", f"the loss ends at {number}")
    if classes is None:
        return yes(seen, place=where)
    level = f"ln({classes}) = {math.log(classes):.3f}"
    wanted = Text(f"应明显低于 {level}", f"should be clearly below {level}")
    return no(seen, wanted, hint=_not_falling(trend), place=where)


def _level(subject: Subject) -> str | None:
    """The loss of guessing, where the number of classes is known."""
    known = max(class_count(subject) or 0, head_classes(subject) or 0)
    return figures.loss(math.log(known)) if known else None


def _diverged(seen: Text) -> Text:
    return Text(f"{seen.zh}，远高于乱猜的水平", f"{seen.en}, far above the level of guessing")


LOWER_LR = Text(
    "训练发散了，多半是学习率太大：调小后再训练一次。",
    "The training diverged, most often from too large a learning rate: lower it and train again.",
)
FALL_MORE = Text(
    "损失在下降，但还不够：多训练几轮，或把学习率调大一点会怎样？",
    "The loss falls, but not enough yet: what do more epochs or a slightly larger learning rate change?",
)
BEGINS_HIGH = Text(
    "损失一开始就比乱猜还高，步子可能太大：把学习率调小些会怎样？",
    "The loss begins above that of guessing, the steps may be too large: what does a smaller learning rate change?",
)
NOT_FALLING = Text(
    "损失几乎没有下降：核对学习率、数据的文件夹和类别数。",
    "The loss hardly falls: check the learning rate, the folders of the data and the number of classes.",
)
CHECK_LABELS = Text(
    "模型还在乱猜：核对类别数、验证集的标签和学习率。",
    "The model still guesses: check the number of classes, the labels of the validation set and the learning rate.",
)
BELOW_ZERO = Text(
    "分类的损失不会小于 0：请交训练自动生成的日志，不要改动它。",
    "The loss of a classifier is never below 0: hand in the log as the training wrote it.",
)
MORE_RECORDS = Text(
    "多训练几轮，或把 batch_size 调小，日志里的损失记录就会多起来。",
    "Train more epochs or lower batch_size: the log then has more records of the loss.",
)
LOG_INTERVAL = Text(
    "一轮的步数少于日志间隔时不会记录损失：把 batch_size 或日志间隔（interval）调小后再训练。",
    "An epoch with fewer steps than the log interval leaves no loss: lower batch_size or the interval and train again.",
)
