"""验证曲线检查 | Checks of the validation curve: top-5, the best epoch, over-fitting."""

from __future__ import annotations

import math
import statistics
from typing import Any

from pytest_mmedu import rules
from pytest_mmedu.checks import curves, figures
from pytest_mmedu.checks.accuracy import SET_TOPK, STATE_CLASSES, VALIDATE
from pytest_mmedu.checks.chance import accuracy_metric
from pytest_mmedu.checks.facts import (
    TOP1,
    best_point,
    class_count,
    log_of,
    loss_points,
    metric_names,
    metric_points,
    possible,
    split_size,
)
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, check, no, unknown, yes
from pytest_mmedu.text import Text

TOP5 = "accuracy_top-5"
_FIVE = 5
_CLEARLY = 0.02  # the part of a loss that noise alone takes away


@check("log")
def top5_meaningful(subject: Subject) -> Verdict:
    """top-5 用得有意义 | Top-5 where it means something

    With more than five classes it belongs into the log; with five or fewer it is always 100 %.
    """
    log, classes = log_of(subject), class_count(subject)
    names = metric_names(log)
    if classes is None:
        seen = Text("不知道有几个类别", "the number of classes is not known")
        return unknown(seen, hint=STATE_CLASSES, place=log.place())
    if not names:
        return unknown(Text("没有验证记录", "there is no validation"), hint=VALIDATE, place=log.place())
    points = metric_points(log, TOP5)
    seen = Text(
        f"{classes} 个类别，日志里{'有' if points else '没有'} top-5",
        f"{classes} classes, {'a' if points else 'no'} top-5 in the log",
    )
    wanted = Text("多于 5 类时才看 top-5", "top-5 only with more than five classes")
    where = log.place(points[0].line if points else None)
    if bool(points) == (classes > _FIVE):
        return yes(seen, wanted, place=where)
    return no(seen, wanted, hint=SET_TOPK, place=where)


@check("log")
def top5_not_below_top1(subject: Subject) -> Verdict:
    """top-5 不低于 top-1 | Top-5 is not below top-1"""
    log = log_of(subject)
    first = {point.line: point.value for point in metric_points(log, TOP1)}
    both = [point for point in metric_points(log, TOP5) if point.line in first]
    if not both:
        seen = Text("日志里没有同时记录 top-1 和 top-5", "the log does not have both top-1 and top-5")
        return unknown(seen, hint=SET_TOPK, place=log.place())
    for point in both:
        top1 = first[point.line]
        if point.value < top1 - 0.01:  # the two are rounded apart
            seen = Text.same(f"top-1 {figures.loss(top1)}, top-5 {figures.loss(point.value)}")
            return no(seen, hint=UNTOUCHED, place=log.place(point.line))
    count = len(both)
    return yes(Text(f"{count} 次验证都对", f"in {figures.many(count, 'validation')}"), place=log.place(both[-1].line))


@check("log")
def best_named(subject: Subject, *, value: Any = None, epoch: Any = None, metric: str = TOP1) -> Verdict:
    """读出最好的结果 | The best result is read off

    An answer: the best value (as the log writes it, or as a share of 1) and its epoch. The last epoch need not be the
    best one, top-5 is not top-1, and of equal values any epoch is right.
    """
    log = log_of(subject)
    if value is ... or epoch is ... or (value is None and epoch is None):
        return no(Text("还没有填写", "not filled in"), hint=FIND_BEST)
    points = metric_points(log, metric)
    best = best_point(points)
    if best is None:
        seen = Text(f"日志里没有 {metric}", f"the log has no {metric}")
        return unknown(seen, hint=SET_TOPK, place=log.place())
    ties = [point for point in points if math.isclose(point.value, best.value, abs_tol=1e-6)]
    answered = [] if value is None else [figures.shown(value)]
    parts = Text("，".join(answered), ", ".join(answered))
    if epoch is not None:
        comma = ("，", ", ") if answered else ("", "")
        number = figures.shown(epoch)
        parts = Text(f"{parts.zh}{comma[0]}第 {number} 轮", f"{parts.en}{comma[1]}epoch {number}")
    seen = Text(f"答：{parts.zh}", f"answered {parts.en}")
    if value is not None and not _same_number(value, best.value):
        other = [each.value for name in metric_names(log) if name != metric for each in metric_points(log, name)]
        wrong_metric = any(_same_number(value, each) for each in other) and not any(
            _same_number(value, point.value) for point in points
        )
        return no(seen, hint=OTHER_METRIC if wrong_metric else FIND_BEST, place=log.place())
    if epoch is not None and epoch not in [point.epoch for point in ties]:
        return no(seen, hint=NOT_LAST if epoch == points[-1].epoch else FIND_BEST, place=log.place())
    return yes(seen, place=log.place(best.line))


def _same_number(answer: object, logged: float) -> bool:
    """Equal to two decimals of a percentage, whether written as 93.33 or as 0.9333."""
    if not rules.not_negative(answer):
        return False
    number = float(answer)  # type: ignore[arg-type]  # not_negative has made sure
    return abs(number - logged) <= 0.006 or (number <= 1 and abs(number * 100 - logged) <= 0.06)


@check("log")
def no_over_fitting(subject: Subject, *, drop: float = 0.05) -> Verdict:
    """没有过拟合 | No over-fitting

    Over-fitting: the accuracy ends clearly below its best (by `drop`, a share of 1) while the loss goes on falling.
    On few pictures more than `drop` is needed: one in ten of fifty pictures is chance.
    """
    log = log_of(subject)
    metric = accuracy_metric(subject)
    points = [point for point in metric_points(log, metric) if possible(point.value)] if metric else []
    best = best_point(points)
    if best is None or len(points) < 3:
        seen = Text("验证不到 3 次，看不出来", "fewer than three validations cannot tell")
        return unknown(seen, hint=MORE_EPOCHS, place=log.place())
    end = statistics.median(point.value for point in points[-max(1, len(points) // 5) :])
    lost = (best.value - end) / 100
    top, last = figures.fraction(best.value / 100), figures.fraction(end / 100)
    seen = Text(f"最高 {top}，最后 {last}", f"{top} at best, {last} at the end")
    allowed = max(drop, _noise(best.value / 100, split_size(subject, "val_set")))
    percent = figures.percent(allowed)
    wanted = Text(f"回落不超过 {percent.zh}", f"falls back by at most {percent.en}")
    if lost > allowed and _loss_goes_on_falling(subject, best.epoch):
        return no(seen, wanted, hint=STOP_EARLIER, place=log.place(best.line))
    return yes(seen, wanted, place=log.place(points[-1].line))


def _noise(accuracy: float, pictures: int | None) -> float:
    """Two standard deviations of an accuracy measured on so many pictures."""
    return 2 * math.sqrt(accuracy * (1 - accuracy) / pictures) if pictures else 0.0


def _loss_goes_on_falling(subject: Subject, since: int | None) -> bool:
    """Between the best epoch and the end; without loss records the accuracy alone has to decide."""
    points = [(point.epoch, point.value) for point in loss_points(log_of(subject))]
    means = curves.epoch_means(points)
    if not means:
        return True
    at_best = means.get(since or 0, next(iter(means.values())))
    return list(means.values())[-1] < at_best * (1 - _CLEARLY)


MORE_EPOCHS = Text(
    "验证的次数太少：多训练几轮，每轮都验证。",
    "There are too few validations: train for more epochs, and validate in each.",
)
UNTOUCHED = Text(
    "猜对第一名就一定猜对前五名：请交没有改动过的日志。",
    "Who is right with one guess is right with five: hand in the log as the training wrote it.",
)
FIND_BEST = Text(
    "把每一轮验证的准确率都看一遍，找出最大的那个。",
    "Go through the accuracy of every validation and find the largest.",
)
NOT_LAST = Text("最后一轮不一定最好：往前看看。", "The last epoch need not be the best: look at the earlier ones.")
OTHER_METRIC = Text(
    "看错了指标：日志里不止一种准确率。",
    "That is another metric: the log has more than one accuracy.",
)
STOP_EARLIER = Text(
    "训练集上越来越好，验证集上变差了：少训练几轮会怎样？",
    "It grows better on what it trains on and worse on the rest: what do fewer epochs change?",
)
