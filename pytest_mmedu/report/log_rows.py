"""日志的每一轮 | A log epoch by epoch: the rows of its table and the points of its curves."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeGuard

from pytest_mmedu.logs import TrainLog

Point = tuple[float, float]


@dataclass
class EpochRow:
    """One epoch: the mean of its losses, its last learning rate, what was measured, seconds per iteration."""

    epoch: int
    losses: list[float] = field(default_factory=list)
    lr: float | None = None
    metrics: dict[str, float] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)

    @property
    def loss(self) -> float | None:
        return sum(self.losses) / len(self.losses) if self.losses else None

    @property
    def time(self) -> float | None:
        return sum(self.times) / len(self.times) if self.times else None


def epoch_rows(log: TrainLog) -> list[EpochRow]:
    """A row per epoch that left a record, in order."""
    rows: dict[int, EpochRow] = {}
    train = log.train
    for epoch, loss, lr, time in zip(train.epoch, train.loss, train.lr, train.time, strict=True):
        if epoch is None:
            continue
        row = rows.setdefault(epoch, EpochRow(epoch))
        row.losses += [] if loss is None else [loss]
        row.times += [] if time is None else [time]
        row.lr = row.lr if lr is None else lr
    for record in log.val:
        if record.epoch is not None:
            row = rows.setdefault(record.epoch, EpochRow(record.epoch))
            row.metrics.update(record.metrics)
            row.lr = record.lr if row.lr is None else row.lr
    return [rows[epoch] for epoch in sorted(rows)]


def thinned(rows: list[EpochRow], most: int, keep: Iterable[int]) -> list[EpochRow]:
    """At most about `most` rows, evenly spread; the first, the last and the epochs in `keep` always."""
    if len(rows) <= most:
        return rows
    spread = {round(i * (len(rows) - 1) / (most - 1)) for i in range(most)}
    wanted = {rows[i].epoch for i in spread} | set(keep)
    return [row for row in rows if row.epoch in wanted]


def loss_points(log: TrainLog) -> list[Point]:
    """(epoch, loss) of every record; within an epoch the records are spread by their order."""
    numbers = [epoch or 0 for epoch in log.train.epoch]
    if not any(numbers):  # counted by iterations only
        places = zip(log.train.iter, log.train.loss, strict=True)
        return [(float(at or i), loss) for i, (at, loss) in enumerate(places, 1) if _shown(loss)]
    counts: dict[int, int] = {}
    for epoch in numbers:
        counts[epoch] = counts.get(epoch, 0) + 1
    points, seen = [], dict.fromkeys(counts, 0)
    for epoch, loss in zip(numbers, log.train.loss, strict=True):
        seen[epoch] += 1
        if _shown(loss):
            points.append((epoch - 1 + seen[epoch] / counts[epoch], loss))
    return points


def _shown(value: float | None) -> TypeGuard[float]:
    return value is not None and math.isfinite(value)


def metric_points(log: TrainLog, metric: str) -> list[Point]:
    """(epoch, value) of every evaluation; without epochs the evaluations are counted."""
    values = log.val.metrics.get(metric, ())
    pairs = zip(log.val.epoch, values, strict=False)
    return [(float(epoch or i), value) for i, (epoch, value) in enumerate(pairs, 1) if _shown(value)]
