"""权重检查 | Checks of what the checkpoints hold, read without running anything in them."""

from __future__ import annotations

from pathlib import Path

from pytest_mmedu.checkpoint import Checkpoint, read_checkpoint
from pytest_mmedu.checks import figures
from pytest_mmedu.checks.chance import top_k
from pytest_mmedu.checks.confirmed import SAME_TRAINING
from pytest_mmedu.checks.evaluated import Evaluated
from pytest_mmedu.checks.facts import (
    TOP1,
    data_classes,
    metric_points,
    run_of,
    steps_per_epoch,
)
from pytest_mmedu.checks.files import (
    HAND_IN_UNTOUCHED,
    LOOK_AT_SAVE_BEST,
    RUN_TO_END,
    best_file_epoch,
    best_files,
    chosen_file,
)
from pytest_mmedu.checks.looking import LOWER_LR_AGAIN, OTHER_WEIGHTS, evaluation_of
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import NO_IMAGES, NO_LOG, NO_RUN, Verdict, check, no, unknown, yes
from pytest_mmedu.text import Text, listing, printable

_FEW = 3


def _checkpoint(subject: Subject) -> Checkpoint | Verdict:
    path = chosen_file(run_of(subject))
    if path is None:
        return no(Text("没有权重文件", "there is no checkpoint"), hint=RUN_TO_END)
    return read_checkpoint(path)


@check("run")
def weights_readable(subject: Subject) -> Verdict:
    """权重文件完好 | The checkpoints are sound

    Best, last and latest: a cut-off copy, a pointer or a page in place of a file is named for what it is.
    """
    run = run_of(subject)
    last = list(run.checkpoints.values())[-1:]
    paths = {path.name: path for path in (*best_files(run), *last, *([run.latest] if run.latest else []))}
    if not paths:
        return no(Text("没有权重文件", "there is no checkpoint"), hint=RUN_TO_END)
    facts = [read_checkpoint(path) for path in paths.values()]
    numbers = facts[0].parameters
    names = listing(printable(name, 60) for name in list(paths)[:_FEW])
    seen = Text(f"{names.zh}：{numbers} 个参数", f"{names.en}: {numbers} parameters")
    return yes(seen, place=printable(facts[0].path.name, 80))


@check("run")
def weights_finite(subject: Subject) -> Verdict:
    """权重是有限的数 | The weights are finite"""
    found = _checkpoint(subject)
    if isinstance(found, Verdict):
        return found
    where = printable(found.path.name, 80)
    if found.finite:
        return yes(Text(f"{found.parameters} 个数都是", f"all of {found.parameters}"), place=where)
    names = listing(printable(name, 60) for name in found.not_finite[:_FEW])
    seen = Text(f"{names.zh} 里有 NaN 或 Infinity", f"NaN or Infinity in {names.en}")
    return no(seen, hint=LOWER_LR_AGAIN, place=where)


@check("run")
def weights_fit_classes(subject: Subject) -> Verdict:
    """权重的类别与数据集一致 | The weights' classes are the data set's"""
    found = _checkpoint(subject)
    if isinstance(found, Verdict):
        return found
    where, real = printable(found.path.name, 80), data_classes(subject)
    if subject.images is None or real is None:
        return unknown(NO_IMAGES, hint=Text("请写明数据集。", "State the data set."), place=where)
    head = found.head_size
    if head is None:
        seen = Text("看不出网络最后一层有几类", "the last layer does not tell its classes")
        return unknown(seen, hint=HAND_IN_UNTOUCHED, place=where)
    seen = Text(f"权重 {head} 类，数据集 {real} 类", f"{head} classes in the weights, {real} in the data")
    if head != real:
        return no(seen, hint=OTHER_WEIGHTS, place=where)
    names = found.classes
    if names is not None and names != subject.images.classes:
        ours, theirs = _first_difference(subject.images.classes, names)
        seen = Text(
            f"类别名不同：权重里是 {theirs}，数据集里是 {ours}",
            f"other class names: {theirs} in the weights, {ours} in the data",
        )
        return no(seen, hint=OTHER_WEIGHTS, place=where)
    return yes(seen, place=where)


def _first_difference(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, str]:
    for our, their in zip(ours, theirs, strict=False):
        if our != their:
            return printable(our, 40), printable(their, 40)
    return str(len(ours)), str(len(theirs))


@check("run")
def best_checkpoint_matches(subject: Subject) -> Verdict:
    """最佳权重是日志里最好的一轮 | The best checkpoint is the log's best epoch"""
    files = best_files(run_of(subject))
    if not files:
        return no(Text("没有 best_*.pth 文件", "there is no best_*.pth"), hint=LOOK_AT_SAVE_BEST)
    path = files[-1]
    where, epoch = printable(path.name, 80), best_file_epoch(path)
    if subject.log is None:
        return unknown(NO_LOG, hint=HAND_IN_UNTOUCHED, place=where)
    metric = _metric_in_name(path)
    points = metric_points(subject.log, metric)
    best = subject.log.best(metric)
    if best is None or epoch is None:
        seen = Text(f"日志里没有 {printable(metric, 40)}", f"the log has no {printable(metric, 40)}")
        return unknown(seen, hint=HAND_IN_UNTOUCHED, place=where)
    at = [each for each in best.epochs if each is not None]
    line = next(point.line for point in points if point.value == best.value)
    wanted = Text(f"{metric} 最高的一轮", f"the epoch of the highest {metric}")
    first = at[0] if at else 0
    seen = Text(
        f"文件是第 {epoch} 轮，日志最好的是第 {first} 轮", f"the file is of epoch {epoch}, the log's best is {first}"
    )
    if epoch not in at:
        return no(seen, wanted, hint=SAME_TRAINING, place=subject.log.place(line))
    inside = read_checkpoint(path).epoch
    if inside is not None and inside != epoch:
        seen = _other_epoch(epoch, inside)
        return no(seen, wanted, hint=HAND_IN_UNTOUCHED, place=where)
    return yes(Text(f"第 {epoch} 轮", f"epoch {epoch}"), wanted, place=where)


def _other_epoch(named: int, inside: int) -> Text:
    return Text(f"文件名是第 {named} 轮，里面是第 {inside} 轮", f"named epoch {named}, holds epoch {inside}")


def _metric_in_name(path: Path) -> str:
    """`best_accuracy_top-1_epoch_4.pth`, `best_accuracy_top1_epoch_4.pth`, `best_accuracy/top1_epoch_4.pth`."""
    from pytest_mmedu.logs.metric_names import normalised  # whoever has weights has a log reader loaded

    stem = path.name.rpartition("_epoch_")[0]
    return normalised(stem.removeprefix("best_")) if stem.startswith("best_") else normalised(f"accuracy_{stem}")


@check("run")
def checkpoint_agrees(subject: Subject) -> Verdict:
    """权重与训练一致 | The checkpoint agrees with the training

    The file of the last epoch knows its epoch and its steps.
    """
    run = run_of(subject)
    if not run.checkpoints:
        return no(Text("没有 epoch_N.pth 文件", "there is no epoch_N.pth"), hint=RUN_TO_END)
    epoch, path = list(run.checkpoints.items())[-1]
    found, where = read_checkpoint(path), printable(path.name, 80)
    if found.epoch is None:
        seen = Text("权重文件里没有写轮数", "the checkpoint does not state its epoch")
        return unknown(seen, hint=HAND_IN_UNTOUCHED, place=where)
    if found.epoch != epoch:
        seen = Text(
            f"文件名是第 {epoch} 轮，里面是第 {found.epoch} 轮", f"named epoch {epoch}, holds epoch {found.epoch}"
        )
        return no(seen, hint=HAND_IN_UNTOUCHED, place=where)
    steps = steps_per_epoch(subject)
    seen = Text(f"第 {epoch} 轮，{found.iter} 步", f"epoch {epoch}, {found.iter} steps")
    if steps is None or found.iter is None or found.iter == steps * epoch:
        return yes(seen, place=where)
    wanted = Text(f"一轮 {steps} 步", f"{steps} steps in an epoch")
    return no(seen, wanted, hint=SAME_TRAINING, place=where)


@check("log")
def accuracy_reproduced(
    subject: Subject, *, evaluation: Evaluated | None = None, epoch: int | None = None, metric: str = TOP1
) -> Verdict:
    """准确率能重现 | The accuracy can be reproduced

    Of the best checkpoint or of that of `epoch`, on val_set, by the judge's own evaluation; `evaluation` is one that a
    test has made in its place. It may differ from the log by one picture.
    """
    log = subject.log
    assert log is not None
    at = epoch if epoch is not None else _epoch_of_file(subject)
    logged = next((point for point in reversed(metric_points(log, metric)) if point.epoch == at), None)  # if resumed
    if top_k(metric) not in (1, 5):
        return _not_computed(metric, log.place())
    if logged is None:
        return _not_logged(metric, log.place())
    found = evaluation if evaluation is not None else _evaluated(subject, epoch)
    if isinstance(found, Verdict):
        return found
    value = found.top1 if top_k(metric) == 1 else found.top5
    if value is None:
        return _not_computed(metric, log.place())
    if not found.n:
        return _not_logged(metric, log.place())
    here, there = figures.fraction(value / 100), figures.fraction(logged.value / 100)
    seen = Text(
        f"日志 {there}，重算 {here}，{found.n} 张图片",
        f"{there} in the log, {here} computed again, {found.n} pictures",
    )
    wanted = Text("相差不超过一张图片", "within one picture")
    where = log.place(logged.line)
    if abs(value - logged.value) <= 100 / found.n + 0.01:
        return yes(seen, wanted, place=where)
    return no(seen, wanted, hint=SAME_TRAINING, place=where)


def _evaluated(subject: Subject, epoch: int | None) -> Evaluated | Verdict:
    """The judge's own evaluation of the checkpoint that is meant."""
    if subject.run is None:
        return unknown(NO_RUN, hint=HAND_IN_UNTOUCHED)
    path = chosen_file(subject.run) if epoch is None else subject.run.checkpoints.get(epoch)
    if path is None:
        return no(Text("没有这一轮的权重文件", "there is no checkpoint of that epoch"), hint=RUN_TO_END)
    return evaluation_of(subject, path, "val_set")


def _not_computed(metric: str, place: str | None) -> Verdict:
    name = printable(metric, 40)
    return unknown(Text(f"{name} 没有重算", f"{name} was not computed again"), hint=TOP1_OR_TOP5, place=place)


def _not_logged(metric: str, place: str | None) -> Verdict:
    seen = Text(f"日志里没有这一轮的 {metric}", f"the log has no {metric} of that epoch")
    return unknown(seen, hint=HAND_IN_UNTOUCHED, place=place)


def _epoch_of_file(subject: Subject) -> int | None:
    if subject.run is None:
        return None
    path = chosen_file(subject.run)
    named = best_file_epoch(path) if path is not None else None
    return named if named is not None else max(subject.run.checkpoints, default=None)


TOP1_OR_TOP5 = Text(
    "能重算的是 top-1，多于 5 类时还有 top-5。",
    "What can be computed again is top-1, and top-5 with more than five classes.",
)
