"""权重证实日志 | Whether the weights bear out what a log says: it is text that anyone can write, also a program.

News that earns points is looked into, and only where the judge can look; who is worse than his log is judged by his
weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PureWindowsPath

from pytest_mmedu.checks import curves, figures
from pytest_mmedu.checks.chance import top_k
from pytest_mmedu.checks.evaluated import Recomputed
from pytest_mmedu.checks.facts import TOP1, MetricPoint, best_point, log_of, metric_points, ran_with, run_of
from pytest_mmedu.checks.files import RUN_TO_END, best_file_epoch, best_files, chosen_file
from pytest_mmedu.checks.looking import evaluation_of
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, no
from pytest_mmedu.run import Run
from pytest_mmedu.text import Text

_SPLIT, _TRAINED_ON = "val_set", "training_set"
_ROUNDED = 0.01  # of a percentage in a log
_LEAST_OF_A_MISTAKE = math.log(2) / 1.4  # of the loss; the network goes on learning while its loss is averaged
_SLACK = 0.1  # of all pictures
_WITHOUT_BATCH_NORM = ("LeNet",)


def with_weights(subject: Subject, points: Sequence[MetricPoint]) -> list[MetricPoint]:
    """The validations whose weights are still there; all of them where none is, or where nobody can look."""
    kept = _by_epoch(run_of(subject)) if _can_look(subject) else {}
    return [point for point in points if point.epoch in kept] or list(points)


def measured(subject: Subject, point: MetricPoint, metric: str) -> float | Verdict | None:
    """The accuracy in percent where the weights are worse than this validation says; None where they are not."""
    if top_k(metric) not in (1, 5):
        return None
    found = _looked(subject, lambda run: _file_of(run, point.epoch))
    if not isinstance(found, Recomputed):
        return found
    value = found.top1 if top_k(metric) == 1 else found.top5
    return value if value is not None and value < point.value - 100 / found.n - _ROUNDED else None


def belies(subject: Subject, loss: float) -> Text | Verdict | None:
    """Why the weights belie a training that ended at this loss; None where they do not.

    Each picture that is seen wrong costs ln(2) or more, so a small loss bounds the mistakes in the training pictures.
    They are looked at only where there are more mistakes than that in the others. With batch normalisation a network
    sees otherwise than it was trained: after a short training it may be worse than its loss was.
    """
    best = best_point(with_weights(subject, metric_points(log_of(subject)))) if _can_look(subject) else None
    epoch = None if best is None else best.epoch  # as `accuracy` does: one look will do
    found = _looked(subject, lambda run: _file_of(run, epoch))
    if not isinstance(found, Recomputed):
        return found
    if found.network not in _WITHOUT_BATCH_NORM:
        return None if best is None or measured(subject, best, TOP1) is None else _not_as_logged(found)
    if _fits(found, loss) or not _on_known_pictures(subject):
        return None
    again = _looked(subject, _last_file, _TRAINED_ON)
    if not isinstance(again, Recomputed):
        return again
    right = figures.fraction(again.top1 / 100)
    denied = Text(
        f"训练用的图片，权重只认对了 {right}，和这样的损失对不上",
        f"the weights get {right} of the training pictures right: too few for such a loss",
    )
    return None if _fits(again, loss) else denied


def learned_after_all(subject: Subject) -> Text | Verdict | None:
    """Why the weights belie a training that came to nothing, as its log says; None where they do not.

    Weights that hardly moved have nearly the loss of guessing, weights that diverged have more. Less than half of it
    has been learned.
    """
    found = _looked(subject, _last_file)
    if isinstance(found, Verdict):
        return found if found.seen == NO_WEIGHTS else None  # NaN in them bears out what the log says
    if found is None or found.loss >= math.log(found.classes) / 2:
        return None
    number = figures.loss(found.loss)
    return Text(
        f"权重其实学会了：验证图片的损失是 {number}",
        f"the weights did learn: their loss on the validation pictures is {number}",
    )


def _not_as_logged(found: Recomputed) -> Text:
    right = figures.fraction(found.top1 / 100)
    return Text(f"权重的准确率是 {right}，不是日志写的", f"the weights get {right} right, not what the log says")


def _fits(found: Recomputed, loss: float) -> bool:
    guessing = curves.at_chance([found.top1 / 100], found.classes, 1, found.n)
    return not guessing and 1 - found.top1 / 100 <= _SLACK + loss / _LEAST_OF_A_MISTAKE


def _can_look(subject: Subject) -> bool:
    """One training of several may have a data set of its own, which the exercise need not name."""
    several = len(subject.trainings) > 1
    return subject.evaluate is not None and subject.run is not None and (not several or _on_known_pictures(subject))


def _on_known_pictures(subject: Subject) -> bool:
    named, images = ran_with(subject, "dataset"), subject.images
    return images is None or not isinstance(named, str) or PureWindowsPath(named).name == images.root.name


def _looked(subject: Subject, choose: Callable[[Run], Path | None], split: str = _SPLIT) -> Recomputed | Verdict | None:
    """What the weights get right; a verdict where they cannot be any training's, None where nobody can tell."""
    if not _can_look(subject):
        return None
    path = choose(run_of(subject))
    if path is None:
        return None if subject.handed_in else no(NO_WEIGHTS, hint=RUN_TO_END)
    found = evaluation_of(subject, path, split, more_classes=True)
    if isinstance(found, Verdict):
        return found if found.outcome == "failed" else None
    return found


def _last_file(run: Run) -> Path | None:
    return next(reversed(run.checkpoints.values()), chosen_file(run))


def _file_of(run: Run, epoch: int | None) -> Path | None:
    return _by_epoch(run).get(epoch, chosen_file(run))


def _by_epoch(run: Run) -> Mapping[int | None, Path]:
    """Files that are named by their epoch come first: another may have been put in the place of the best one."""
    found: dict[int | None, Path] = {best_file_epoch(path): path for path in best_files(run)}
    return found | dict(run.checkpoints.items())


NO_WEIGHTS = Text("没有权重文件，证实不了日志", "there is no checkpoint that bears out the log")
SAME_TRAINING = Text(
    "日志和权重不像是同一次训练的：请把同一个 save_fold 里的文件一起交上。",
    "Log and weights do not seem to be of one training: hand in the files of one save folder together.",
)
