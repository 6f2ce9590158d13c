"""日志的完整 | Checks that a log is whole and fits what it claims to be the log of."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from pytest_mmedu import rules
from pytest_mmedu.checks import curves, figures
from pytest_mmedu.checks.facts import (
    LR_ROUNDED,
    batch_size,
    last_epoch,
    last_line,
    log_of,
    logged_rates,
    ran_with,
    training_pictures,
    wanted_epochs,
)
from pytest_mmedu.checks.figures import clause, many, shown
from pytest_mmedu.checks.files import HAND_IN_UNTOUCHED, RUN_TO_END
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, check, no, unknown, yes
from pytest_mmedu.text import Text, printable

if TYPE_CHECKING:
    from pytest_mmedu.logs import TrainLog

_SPOILS = ("cut off", "conflict markers", "several runs", "traceback", "starts late")


@check("log")
def log_complete(subject: Subject) -> Verdict:
    """日志完整 | The log is complete"""
    log = log_of(subject)
    end = log.place(last_line(log))
    reached, wanted = last_epoch(log), wanted_epochs(subject)
    if not reached:
        return no(Text("日志里没有训练记录", "the log has no record of an epoch"), hint=RUN_TO_END, place=end)
    for kind in _SPOILS:
        note = log.noted(kind)
        if note is not None:
            return no(clause(note.text), hint=HAND_IN_UNTOUCHED, place=log.place(note.line))
    gap = _gap(log)
    if gap is not None:
        seen = Text(f"缺少第 {gap} 轮的记录", f"the records of epoch {gap} are missing")
        return no(seen, hint=HAND_IN_UNTOUCHED, place=end)
    if wanted is not None and reached < wanted:
        seen = Text(f"只到第 {reached} 轮，共 {wanted} 轮", f"ends at epoch {reached} of {wanted}")
        return no(seen, hint=RUN_TO_END, place=end)
    done = figures.epochs(reached)
    return yes(Text(f"{done.zh}都有记录", f"{done.en}, all recorded"), place=end)


def _gap(log: TrainLog) -> int | None:
    """The first epoch without a record; validations may be every few epochs and in the last, but regularly."""
    trained = {epoch for epoch in log.train.epoch if epoch is not None}
    if trained:
        return _first_missing(trained)
    tested = sorted({epoch for epoch in log.val.epoch if epoch is not None})
    steps = [after - before for before, after in pairwise(tested)]
    usual = min(steps[:-1] or steps, default=1)
    return next((before + usual for before, after in pairwise(tested) if after - before > usual), None)


def _first_missing(epochs: set[int]) -> int | None:
    return next((epoch for epoch in range(min(epochs), max(epochs)) if epoch not in epochs), None)


@check("log")
def iterations_per_epoch(subject: Subject) -> Verdict:
    """每轮的步数对得上 | The steps of an epoch are right

    Pictures divided by batch size, rounded up.
    """
    log = log_of(subject)
    pictures, batch = training_pictures(subject), batch_size(subject)
    if pictures is None or batch is None:
        seen = Text("不知道图片数或批大小", "the number of pictures or the batch size is not known")
        return unknown(seen, hint=STATE_BATCH, place=log.place())
    steps = math.ceil(pictures / batch)
    wanted = Text(f"{pictures} 张图片，每批 {batch} 张", f"{many(pictures, 'picture')}, {batch} in a batch")
    found, line = _longest_epoch(log)
    if log.iters_per_epoch is not None:
        seen = Text(f"一轮 {log.iters_per_epoch} 步", f"{many(log.iters_per_epoch, 'step')} in an epoch")
        right = log.iters_per_epoch == steps
    elif found is None:
        seen = Text("日志里没有训练步数", "the log counts no steps")
        return unknown(seen, wanted, hint=STATE_BATCH, place=log.place())
    else:  # the log counts every so many steps only
        seen = Text(f"一轮记录到第 {found} 步", f"an epoch is recorded up to step {found}")
        interval = _interval(log)
        right = found in (steps, steps - steps % interval)
    if right:
        return yes(seen, wanted, place=log.place(line))
    return no(seen, wanted, hint=COUNT_STEPS, place=log.place(line))


def _longest_epoch(log: TrainLog) -> tuple[int | None, int | None]:
    """The highest step within an epoch, and its line."""
    if log.iter_counts != "epoch":
        return None, None
    rows = [(step, line) for step, line in zip(log.train.iter, log.train.line, strict=True) if step is not None]
    return max(rows, key=lambda row: row[0], default=(None, None))


def _interval(log: TrainLog) -> int:
    stated = log.config.get("log_interval")
    if rules.whole(stated, 1):
        return cast(int, stated)
    return min((step for step in log.train.iter if step), default=1)


@check("log")
def validated_every_epoch(subject: Subject) -> Verdict:
    """每轮都有验证 | Validated in every epoch"""
    log = log_of(subject)
    tested = {epoch for epoch in log.val.epoch if epoch is not None}
    reached = last_epoch(log)
    wanted = Text("每轮一次", "once in every epoch")
    if not tested:
        return no(Text("没有验证记录", "there is no validation"), wanted, hint=TURN_ON, place=log.place())
    trained = {epoch for epoch in log.train.epoch if epoch is not None}
    if reached < (wanted_epochs(subject) or 0):  # that the training stopped is for log_complete to say
        trained.discard(reached)
    missing = trained - tested if trained else _first_missing(tested)
    seen = Text(
        f"{reached} 轮中验证了 {len(tested)} 次", f"{many(len(tested), 'validation')} in {many(reached, 'epoch')}"
    )
    where = log.place(log.val.line[-1])
    return no(seen, wanted, hint=EVERY_EPOCH, place=where) if missing else yes(seen, wanted, place=where)


@check("log")
def parameters_agree(subject: Subject) -> Verdict:
    """日志与参数一致 | The log agrees with the parameters"""
    log = log_of(subject)
    compared = list(_compare(subject, log))
    for name, asked, found, line in compared:
        if asked != found:
            what = Text(
                f"{name}：要求 {shown(asked)}，日志里是 {shown(found)}",
                f"{name}: asked for {shown(asked)}, the log has {shown(found)}",
            )
            return no(what, hint=SAME_RUN, place=log.place(line))
    if not compared:
        return unknown(Text("没有可以比较的参数", "nothing to compare"), hint=STATE_BATCH, place=log.place())
    names = ", ".join(name for name, *_ in compared)
    return yes(Text(f"{names.replace(', ', '、')} 一致", f"the same {names}"), place=log.place())


def _compare(subject: Subject, log: TrainLog) -> Iterable[tuple[str, object, object, int | None]]:
    """Name, what was asked for, what the log has, line: of everything that both know."""
    backbone, named = ran_with(subject, "backbone"), log.meta.get("backbone")
    if isinstance(backbone, str) and isinstance(named, str):
        yield "backbone", backbone, printable(named, 40), 1
    lr = ran_with(subject, "lr")
    logged = logged_rates(log)
    if rules.positive(lr) and logged:
        values = [value for value, _ in logged]
        yield "lr", lr, lr if curves.may_reach(values, lr, LR_ROUNDED) else max(values), logged[0][1]
    epochs, reached = wanted_epochs(subject), last_epoch(log)
    if epochs is not None and reached:
        yield "epochs", epochs, max(epochs, reached), last_line(log)


STATE_BATCH = Text("请写明 batch_size 和数据集。", "State batch_size and the data set.")
COUNT_STEPS = Text(
    "图片数除以批大小，不足一批的也算一步：日志是这次训练的吗？",
    "Pictures divided by batch size, a rest counts as a step: is it the log of this training?",
)
TURN_ON = Text("看一看参数 validate。", "Look at the parameter validate.")
EVERY_EPOCH = Text("把验证的间隔设成每轮一次。", "Set the interval of the validation to every epoch.")
SAME_RUN = Text(
    "请交这次训练的日志，参数和日志要对得上。",
    "Hand in the log of this very training: parameters and log belong together.",
)
