"""从对象里读出的事实 | Facts that several checks read from a subject: classes, epochs, steps, the loss curve."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_mmedu import rules
from pytest_mmedu.asked import AskedValue
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.params import BACKBONES, USUAL_PROCESSES
from pytest_mmedu.run import Run

if TYPE_CHECKING:
    from pytest_mmedu.logs import TrainLog

TOP1 = "accuracy_top-1"


def log_of(subject: Subject) -> TrainLog:
    """The log, where `check("log")` has made sure that there is one."""
    assert subject.log is not None
    return subject.log


def run_of(subject: Subject) -> Run:
    """The run, where `check("run")` has made sure that there is one."""
    assert subject.run is not None
    return subject.run


class LossPoint(NamedTuple):
    epoch: int
    value: float
    line: int | None


def loss_points(log: TrainLog) -> list[LossPoint]:
    """Every logged training loss, NaN and Infinity included. A record without an epoch belongs to the one before."""
    found: list[LossPoint] = []
    epoch = 1
    for in_epoch, value, line in zip(log.train.epoch, log.train.loss, log.train.line, strict=True):
        epoch = in_epoch if in_epoch is not None else epoch
        if value is not None:
            found.append(LossPoint(epoch, value, line))
    return found


class MetricPoint(NamedTuple):
    """One validation; `value` as logged, 0 to 100 for an accuracy."""

    epoch: int | None
    value: float
    line: int | None


def metric_points(log: TrainLog, metric: str = TOP1) -> list[MetricPoint]:
    """Every validation that measured `metric`; those of a separate test run where there was no validation."""
    records = log.val if len(log.val) else log.test
    values = records.metrics.get(metric, ())
    rows = zip(records.epoch, values, records.line, strict=True) if values else ()
    return [MetricPoint(epoch, value, line) for epoch, value, line in rows if value is not None]


def possible(value: float) -> bool:
    """Is this a percentage at all? A log is text that anyone can write: NaN, 150, a million digits."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 100


def best_point(points: Sequence[MetricPoint]) -> MetricPoint | None:
    """The highest possible value; the earliest of equal ones, as the trainer keeps it."""
    usable = [point for point in points if possible(point.value)]
    return max(usable, key=lambda point: point.value, default=None)


def metric_names(log: TrainLog) -> list[str]:
    """Every metric of the log in order of its first appearance."""
    return list(log.val.metrics if len(log.val) else log.test.metrics)


def last_epoch(log: TrainLog) -> int:
    """The last epoch that left any record, 0 where none did."""
    return log.epochs or 0


def last_line(log: TrainLog) -> int | None:
    return max([column[-1] for column in (log.train.line, log.val.line) if len(column)], default=None)


def ran_with(subject: Subject, name: str) -> Any:
    """A parameter of the run: what the run itself noted, else what was asked for; None where nobody knows."""
    if subject.run is not None and name in subject.run.params:
        return subject.run.params[name]
    asked = subject.asked[name]
    if asked.differs is not None:
        return asked.differs
    known = asked.state == "given" or (asked.state == "default" and subject.asked.place is not None)
    return asked.value if known else None


def chosen(subject: Subject, name: str) -> AskedValue:
    """What was asked; the run's own note where there is no source to read, as for a run that a test made itself."""
    run = subject.run
    if name not in subject.asked.values and subject.asked.place is None and run is not None and name in run.params:
        return AskedValue(run.params[name])
    return subject.asked[name]


def chosen_value(subject: Subject, name: str) -> Any:
    """The value that was asked for, as the call received it; `...` while it is not filled in or cannot be read."""
    asked = chosen(subject, name)
    if asked.differs is not None:
        return asked.differs
    return asked.value if asked.state in ("given", "default") else ...


LR_ROUNDED = 6e-6  # MMEdu rounds what it logs to five decimals


def logged_rates(log: TrainLog) -> list[tuple[float, int]]:
    """Every logged learning rate and its line; those of the validations where no training record has one."""
    records = log.train if any(lr is not None for lr in log.train.lr) else log.val
    return [(lr, line) for lr, line in zip(records.lr, records.line, strict=True) if lr is not None]


def _whole(value: Any, low: int = 1) -> int | None:
    return value if rules.whole(value, low, 10**9) else None


def data_classes(subject: Subject) -> int | None:
    """How many classes the data set has."""
    return len(subject.images.classes) if subject.images is not None and subject.images.classes else None


def head_classes(subject: Subject) -> int | None:
    """How many classes the network was built for, as parameters or the log's config say."""
    asked = _whole(ran_with(subject, "num_classes"), 2)
    if asked is not None or subject.log is None:
        return asked
    return _whole(subject.log.config.get("num_classes"), 2)


def class_count(subject: Subject) -> int | None:
    """The number of classes to reckon chance with: the data's, else the network's."""
    return data_classes(subject) or head_classes(subject)


def wanted_epochs(subject: Subject) -> int | None:
    """How many epochs the run was to have."""
    found = _whole(ran_with(subject, "epochs"))
    if found is None and subject.log is not None:
        found = _whole(subject.log.config.get("max_epochs"))
    return found


def processes(subject: Subject) -> int:
    """How many processes trained together, as the parameters say."""
    if ran_with(subject, "distributed") is not True:
        return 1
    return _whole(ran_with(subject, "nproc")) or USUAL_PROCESSES


def batch_size(subject: Subject) -> int | None:
    """How many pictures a step sees, in all processes together."""
    own = _batch_of_process(subject)
    return None if own is None else own * processes(subject)


def _batch_of_process(subject: Subject) -> int | None:
    """Where nobody chose, what the network's own config says."""
    found = _whole(ran_with(subject, "batch_size"))
    if found is None and subject.log is not None:
        found = _whole(subject.log.config.get("batch_size"))
    if found is None and (backbone := ran_with(subject, "backbone")) in BACKBONES:
        found = LENET_BATCH if backbone == "LeNet" else OTHER_BATCH
    return found


LENET_BATCH, OTHER_BATCH = 64, 32  # samples_per_gpu in MMEdu's configs


def training_pictures(subject: Subject) -> int | None:
    """How many pictures an epoch sees: counted in the data set, else as the log's first line says."""
    return split_size(subject, "training_set") or (
        _whole(subject.log.meta.get("dataset_size")) if subject.log is not None else None
    )


def split_size(subject: Subject, split: str) -> int | None:
    """How many pictures "training_set" or "val_set" has; None where it has none or nobody knows."""
    if subject.images is None:
        return None
    return len(subject.images.splits.get(split, ())) or None


def steps_per_epoch(subject: Subject) -> int | None:
    """Pictures divided by batch size, rounded up; None where either is not known."""
    pictures, batch = training_pictures(subject), batch_size(subject)
    return math.ceil(pictures / batch) if pictures and batch else None


def share_of_hundred(points: Sequence[MetricPoint]) -> list[float]:
    """The possible percentages among these, as 0 to 1."""
    return [point.value / 100 for point in points if possible(point.value)]
