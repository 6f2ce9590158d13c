"""学习率与记录间隔 | Checks of the learning rate's schedule and of the log's interval."""

from __future__ import annotations

from typing import Any

from pytest_mmedu import rules
from pytest_mmedu.checks import advice, curves
from pytest_mmedu.checks.choices import unusable
from pytest_mmedu.checks.config_fields import not_known
from pytest_mmedu.checks.facts import (
    LR_ROUNDED,
    chosen_value,
    log_of,
    logged_rates,
    ran_with,
    steps_per_epoch,
    wanted_epochs,
)
from pytest_mmedu.checks.figures import many, shown
from pytest_mmedu.checks.learning import LOG_INTERVAL
from pytest_mmedu.checks.parameters import NOT_FILLED_IN
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, check, no, unknown, yes
from pytest_mmedu.config_tree import ConfigTree
from pytest_mmedu.text import Text, listing

_MAY_RISE = ("cyclic", "onecycle", "cosinerestart", "CosineAnnealing")


@check("log or config")
def milestones_reachable(subject: Subject) -> Verdict:
    """学习率的转折轮能走到 | The milestones can be reached

    A step at epoch 40 of a training of 20 never happens. Of a config that was handed in by what it says itself.
    """
    if subject.asked.config is not None:
        return _reachable_in(subject, subject.asked.config)
    log = log_of(subject)
    epochs, steps = wanted_epochs(subject), _milestones(log.config.get("lr_milestones"))
    if not steps or epochs is None:
        seen = Text("日志里没有写学习率的转折轮", "the log states no milestones")
        return unknown(seen, hint=DUMP_CONFIG, place=log.place())
    never = [step for step in steps if step >= epochs]
    listed = listing(steps)
    seen = Text(f"转折在第 {listed.zh} 轮，共 {epochs} 轮", f"milestones {listed.en}; {many(epochs, 'epoch')} in all")
    if never:
        return no(seen, hint=MOVE_MILESTONES, place=log.place())
    return yes(seen, place=log.place())


def _reachable_in(subject: Subject, config: ConfigTree) -> Verdict:
    """The first step is what matters: those after it may lie beyond the end."""
    empty = unusable(subject, "epochs")
    if empty is not None:
        return empty
    found = config.first("param_scheduler.milestones", "lr_config.step", "param_scheduler.step_size")
    if found.state == "unreadable":
        return not_known(found)
    epochs, steps, where = chosen_value(subject, "epochs"), _milestones(found.value), found.place or config.name
    if not steps or not rules.whole(epochs, 1):
        where = config.first("param_scheduler", "lr_config").place or config.name
        return yes(Text("学习率计划里没有转折轮", "the schedule has no milestones"), place=where)
    if config.first("lr_config.by_epoch", "param_scheduler.by_epoch").value is False:
        seen = Text("转折按步数算", "the milestones count steps, not epochs")
        return unknown(seen, hint=advice.WRITE_OUT, place=where)
    listed = listing(steps)
    seen = Text(f"转折在第 {listed.zh} 轮，共 {epochs} 轮", f"milestones {listed.en}; {many(epochs, 'epoch')} in all")
    return yes(seen, place=where) if min(steps) < epochs else no(seen, hint=MOVE_MILESTONES, place=where)


def _milestones(value: Any) -> list[int]:
    if rules.whole(value, 1):  # a single number means every so many epochs
        return [value]
    return [step for step in value if rules.whole(step, 1)] if isinstance(value, (list, tuple)) else []


@check("log or config")
def log_interval_fits(subject: Subject) -> Verdict:
    """日志间隔不长于一轮 | The log interval fits into an epoch"""
    if subject.asked.config is not None:
        return _interval_in(subject, subject.asked.config)
    log = log_of(subject)
    interval, steps = log.config.get("log_interval"), log.iters_per_epoch or steps_per_epoch(subject)
    if not rules.whole(interval, 1):
        interval = 10 if log.meta.get("tool") else None  # MMEdu's own, which it does not write down
    if steps is None or interval is None:
        seen = Text("不知道一轮有几步，或日志间隔是多少", "the steps of an epoch or the interval are not known")
        return unknown(seen, hint=DUMP_CONFIG, place=log.place())
    return _compared(steps, interval, log.place())


def _interval_in(subject: Subject, config: ConfigTree) -> Verdict:
    """Of what the config says: in the short training of the grading it is the kit's own."""
    found = config.first("log_config.interval", "default_hooks.logger.interval")
    where = found.place or config.name
    if found.state == "not filled in":
        return no(NOT_FILLED_IN, hint=advice.FILL_IN, place=where)
    if found.state == "unreadable":
        return not_known(found)
    empty, steps = unusable(subject, "batch_size"), steps_per_epoch(subject)
    if empty is not None:
        return empty
    if steps is None or not rules.whole(found.value, 1):
        seen = Text("不知道一轮有几步，或日志间隔是多少", "the steps of an epoch or the interval are not known")
        return unknown(seen, hint=advice.WRITE_OUT, place=where)
    return _compared(steps, found.value, where)


def _compared(steps: int, interval: int, where: str | None) -> Verdict:
    count = many(steps, "step")
    seen = Text(f"一轮 {steps} 步，每 {interval} 步记一次", f"{count} in an epoch, a record every {interval}")
    return no(seen, hint=LOG_INTERVAL, place=where) if interval > steps else yes(seen, place=where)


@check("log")
def lr_follows_schedule(subject: Subject) -> Verdict:
    """学习率按计划变化 | The learning rate follows its schedule

    It peaks at the one asked for; after its peak it stays or falls, unless the schedule is one that rises again.
    """
    log = log_of(subject)
    points = logged_rates(log)
    if not points:
        seen = Text("日志里没有记录学习率", "the log records no learning rate")
        return unknown(seen, hint=KEEP_LR, place=log.place())
    values = [lr for lr, _ in points]
    peak = max(range(len(values)), key=values.__getitem__)
    asked = _asked_lr(subject)
    seen = _course(values)
    if asked is not None and not curves.may_reach(values, asked, LR_ROUNDED):
        wanted = Text(f"要求 {shown(asked)}", f"asked for {shown(asked)}")
        return no(seen, wanted, hint=OTHER_LR, place=log.place(points[peak][1]))
    if not str(log.config.get("lr_policy", "")).startswith(_MAY_RISE):
        rises = [at for at in range(peak + 1, len(values)) if values[at] > values[at - 1] * 1.01 + LR_ROUNDED]
        if rises:
            seen = Text.same(f"{values[rises[0] - 1]:g} → {values[rises[0]]:g}")
            wanted = Text("升到最高后只降不升", "falls after its peak")
            return no(seen, wanted, hint=RISES, place=log.place(points[rises[0]][1]))
    return yes(seen, place=log.place(points[-1][1]))


def _asked_lr(subject: Subject) -> float | None:
    """The learning rate of the run; the config's where no parameter says."""
    value = ran_with(subject, "lr")
    if value is None and subject.log is not None and "auto_scale_lr" not in subject.log.dumped:
        value = subject.log.config.get("lr")
    return value if rules.positive(value) else None


def _course(values: list[float]) -> Text:
    first, peak, last = values[0], max(values), values[-1]
    named = [f"{first:g}"]
    if peak > max(first, last):
        named.append(f"{peak:g}")
    if last != first or len(named) > 1:
        named.append(f"{last:g}")
    course = " → ".join(named)
    return Text(f"{course}，一直不变", f"{course} throughout") if len(named) == 1 else Text.same(course)


DUMP_CONFIG = Text(
    "请交上开头写有完整配置的日志（.log 文本）。",
    "Hand in the text log (.log) that begins with the whole config.",
)
MOVE_MILESTONES = Text(
    "训练结束时还没走到转折轮：把它们提前，或多训练几轮。",
    "The training ends before its milestones: move them, or train longer.",
)
KEEP_LR = Text(
    "请交训练自动生成的日志，不要删去内容。",
    "Hand in the log as the training wrote it, with nothing removed.",
)
OTHER_LR = Text(
    "日志里的学习率不是所写的那个：日志是这次训练的吗？",
    "The log's learning rate is not the one written: is it the log of this training?",
)
RISES = Text(
    "学习率中途变大：看看日志里是不是接连有两次训练。",
    "The learning rate grows on the way: does the log hold two trainings, one after the other?",
)
