"""接着训练 | Check of a training that goes on with the weights of another: nothing learned may be lost."""

from __future__ import annotations

import math

from pytest_mmedu.checks import figures
from pytest_mmedu.checks.facts import chosen_value, class_count, log_of, loss_points
from pytest_mmedu.checks.start import GIVE_WEIGHTS, SMALLER_STEPS, lr_fits_optimizer
from pytest_mmedu.checks.start_file import origin
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import NO_LOG, Verdict, because, check, no, unknown, yes
from pytest_mmedu.text import Text


@check("log")
def goes_on(subject: Subject, *, keeps: float = 0.8) -> Verdict:
    """从上次结束的地方接着学 | It goes on where the one before ended

    The first loss is near the last loss of the earlier training whose weights it starts from: of the way down the part
    `keeps` is still there. For a training of several, as `check.run(2)`.
    """
    value = chosen_value(subject, "checkpoint")
    before = _before(subject, value)
    if before is None:
        seen = Text("程序只训练了一次", "the program trained only once")
        return no(seen, hint=TRAIN_TWICE, place=subject.asked.place)
    if before.log is None:
        return because(before.no_run) if before.no_run is not None else unknown(NO_LOG, hint=READ_BOTH)
    old = [point.value for point in loss_points(before.log)]
    new = loss_points(log_of(subject))
    if not old or not new:
        return unknown(NO_LOSS, hint=READ_BOTH)
    top = max(old[0], math.log(class_count(before) or 1))
    seen = Text(
        f"上次结束时 {figures.loss(old[-1])}，这次开始时 {figures.loss(new[0].value)}",
        f"ended at {figures.loss(old[-1])}, begins at {figures.loss(new[0].value)}",
    )
    where = log_of(subject).place(new[0].line)
    if not top - old[-1] > 0:  # also for NaN
        return unknown(seen, hint=NOTHING_LEARNED, place=where)
    if new[0].value <= top - keeps * (top - old[-1]):
        return yes(seen, place=where)
    return no(seen, Text("应该接得上", "one should meet the other"), hint=_why(subject, value), place=where)


def _before(subject: Subject, value: object) -> Subject | None:
    """The training that the weights are of; the one before where they are of none."""
    named = origin(subject, value) if isinstance(value, str) else None
    return named or (subject.trainings[-2] if len(subject.trainings) > 1 else None)


def _why(subject: Subject, value: object) -> Text:
    if value is None:
        return GIVE_WEIGHTS
    return SMALLER_STEPS if lr_fits_optimizer(subject).outcome == "failed" else OTHER_WEIGHTS


NO_LOSS = Text("日志里没有训练损失", "the log has no training loss")
TRAIN_TWICE = Text(
    "先训练一次，再用它留下的权重训练第二次：程序里要有两个 train()。",
    "Train once, then a second time with the weights of the first: the program needs two train() calls.",
)
READ_BOTH = Text(
    "两次训练都要留下日志，一轮至少 10 步才有损失的记录。",
    "Both trainings have to leave a log; a loss is logged with 10 steps in an epoch or more.",
)
NOTHING_LEARNED = Text(
    "上一次训练的损失没有下降，没有什么可以接着学的：先把它训练好。",
    "The loss of the training before did not fall, so there is nothing to go on with: train that one first.",
)
OTHER_WEIGHTS = Text(
    "这些权重不像是上次训练结束时的：看一看是第几轮的、是哪个数据集的。",
    "These do not seem to be the weights at the end of the training before: of which epoch and data set are they?",
)
