"""准确率检查 | Checks of the accuracy: how well does the model see what it was not trained on?"""

from __future__ import annotations

from dataclasses import replace

from pytest_mmedu.checks import curves, figures
from pytest_mmedu.checks.chance import accuracy_metric, stuck_at, top_k
from pytest_mmedu.checks.confirmed import SAME_TRAINING, measured, with_weights
from pytest_mmedu.checks.facts import (
    TOP1,
    MetricPoint,
    best_point,
    class_count,
    log_of,
    loss_points,
    metric_names,
    metric_points,
    share_of_hundred,
    split_size,
)
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, check, no, unknown, yes
from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.text import Text, listing


@check("log")
def accuracy(subject: Subject, *, full: float, half: float | None = None, metric: str = TOP1) -> Verdict:
    """验证准确率 | Validation accuracy

    The best one of the log against `full` and `half`, both between 0 and 1; from `half` on half of the points. Where
    the weights are worse than the log says, they are what counts.
    """
    wanted = wanted_accuracy("accuracy", full, half)
    log = log_of(subject)
    points = metric_points(log, metric)
    best = best_point(with_weights(subject, points))
    if best is None:
        return _above(subject, metric, half or full, wanted) or _no_value(subject, metric, points, wanted)
    worse = measured(subject, best, metric) if best.value / 100 >= (half or full) else None
    if isinstance(worse, Verdict):
        return replace(worse, wanted=wanted)
    value = (best.value if worse is None else worse) / 100
    number = Text.same(figures.fraction(value, full, half))
    if worse is not None:
        number = _against(figures.fraction(best.value / 100, full, half), number.zh)
    seen = number if best.epoch is None else _at_epoch(number, best.epoch)
    where = log.place(best.line)
    if value >= full:
        return yes(seen, wanted, place=where)
    share = 0.5 if half is not None and value >= half else 0.0
    hint = _how_to_rise(subject, points) if worse is None else SAME_TRAINING
    return no(seen, wanted, hint=hint, place=where, share=share)


def _against(logged: str, found: str) -> Text:
    return Text(f"日志 {logged}，用权重重算 {found}", f"{logged} in the log, {found} computed again from the weights")


def _above(subject: Subject, metric: str, least: float, wanted: Text) -> Verdict | None:
    """Who is seldom right with five guesses is not right more often with one: MMEdu may log nothing but top-5."""
    log, k, other = log_of(subject), top_k(metric), accuracy_metric(subject)
    more = top_k(other) if other is not None else None
    if k is None or other is None or more is None or more <= k:
        return None
    points = metric_points(log, other)
    best = best_point(points)
    if best is None or best.value / 100 >= least:
        return None
    number = figures.fraction(best.value / 100, least)
    seen = Text(
        f"top-{more} 最高 {number}，top-{k} 不会更高", f"top-{more} of {number} at best; top-{k} is never above it"
    )
    return no(seen, wanted, hint=_how_to_rise(subject, points, more), place=log.place(best.line))


def _at_epoch(number: Text, epoch: int) -> Text:
    return Text(f"{number.zh}，第 {epoch} 轮", f"{number.en}, epoch {epoch}")


def wanted_accuracy(check_name: str, full: float, half: float | None) -> Text:
    """The rule in words.

    Raises:
        ExerciseError: `full` and `half` are no shares, or stand the wrong way round.
    """
    if not 0 < full <= 1 or (half is not None and not 0 < half < full):
        raise ExerciseError(
            Text(f"{check_name} 的 full={full}、half={half} 不对。", f"{check_name} got full={full}, half={half}."),
            Text("请写 0 到 1 之间的数，half 小于 full。", "Write numbers between 0 and 1, half below full."),
        )
    if half is None:
        return Text(f"满分 {full:.2f}", f"full marks from {full:.2f}")
    return Text(f"满分 {full:.2f}，半分 {half:.2f}", f"full marks from {full:.2f}, half from {half:.2f}")


def _no_value(subject: Subject, metric: str, points: list[MetricPoint], wanted: Text) -> Verdict:
    """Why there is no value: an impossible number, another metric only, or no validation."""
    log = log_of(subject)
    if points:
        number = figures.loss(points[0].value)
        seen = Text(f"{number} 不是可能的准确率", f"{number} is no possible accuracy")
        return no(seen, wanted, hint=IMPOSSIBLE, place=log.place(points[0].line))
    others = metric_names(log)
    where = log.place()
    if others:
        names = listing(others[:4])
        seen = Text(f"日志里没有 {metric}，只有 {names.zh}", f"the log has no {metric}, only {names.en}")
        return unknown(seen, wanted, hint=SET_TOPK, place=where)
    seen = Text("日志里没有验证记录", "the log has no validation")
    return no(seen, wanted, hint=VALIDATE, place=where)


def _how_to_rise(subject: Subject, points: list[MetricPoint], k: int = 1) -> Text:
    """A next step that follows from the curve: still rising, guessing, or at its end."""
    values = share_of_hundred(points)
    classes = class_count(subject)
    if classes and curves.at_chance(values, classes, k, split_size(subject, "val_set")):
        return GUESSING
    if len(values) < 2:
        return ONLY_ONE
    return STILL_RISING if values[-1] > max(values[:-1]) else AT_ITS_END


@check("log")
def better_than_chance(subject: Subject) -> Verdict:
    """比乱猜好 | Better than guessing"""
    log = log_of(subject)
    classes, metric = class_count(subject) or _stuck_classes(subject), accuracy_metric(subject)
    if classes is None:
        seen = Text("不知道有几个类别", "the number of classes is not known")
        return unknown(seen, hint=STATE_CLASSES)
    points = metric_points(log, metric) if metric else []
    best = best_point(points)
    if best is None or metric is None:
        return _no_value(subject, metric or TOP1, points, Text("高于乱猜", "above guessing"))
    k = top_k(metric) or 1
    wanted = Text(f"乱猜约 {min(1.0, k / classes):.2f}", f"guessing gives about {min(1.0, k / classes):.2f}")
    where = log.place(best.line)
    if k >= classes:
        seen = Text(f"{classes} 类的 top-{k} 总是 1.00", f"top-{k} of {classes} classes is always 1.00")
        return unknown(seen, wanted, hint=SET_TOPK, place=where)
    values = share_of_hundred(points)
    number = figures.fraction(best.value / 100)
    seen = Text(f"最高 {number}", f"{number} at best")
    if curves.at_chance(values, classes, k, split_size(subject, "val_set")):
        return no(seen, wanted, hint=GUESSING, place=where)
    return yes(seen, wanted, place=where)


def _stuck_classes(subject: Subject) -> int | None:
    """Where nobody states the classes, a loss that is stuck at ln(N) does."""
    trend = curves.loss_trend([(point.epoch, point.value) for point in loss_points(log_of(subject))])
    return None if trend is None else stuck_at(subject, trend.last)


STATE_CLASSES = Text("请写明 num_classes。", "State num_classes.")
IMPOSSIBLE = Text(
    "准确率应在 0 到 100 之间：请交训练时自动生成的日志，不要改动它。",
    "An accuracy lies between 0 and 100: hand in the log as the training wrote it.",
)
SET_TOPK = Text(
    "看一看参数 topk 和 metric：它们决定日志里记录哪种准确率。",
    "Look at the parameters topk and metric: they decide which accuracy is logged.",
)
VALIDATE = Text(
    "验证要打开：看一看参数 validate，并确认数据集里有 val_set。",
    "Validation has to be on: look at the parameter validate, and that the data set has a val_set.",
)
STILL_RISING = Text(
    "最后一轮准确率还在上升，多训练几轮会怎样？",
    "The accuracy still rises in the last epoch: what do more epochs change?",
)
ONLY_ONE = Text(
    "只验证了一次，看不出趋势：多训练几轮会怎样？",
    "A single validation shows no trend: what do more epochs change?",
)
AT_ITS_END = Text(
    "准确率已不再上升：换一个学习率或批大小会怎样？",
    "The accuracy no longer rises: what does another learning rate or batch size change?",
)
GUESSING = Text(
    "模型还在乱猜：先看损失有没有下降，再核对类别数和数据的文件夹。",
    "The model still guesses: does the loss fall? Then check the number of classes and the folders of the data.",
)
