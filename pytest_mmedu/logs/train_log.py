"""一份日志 | One training log, whatever its format was."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from pytest_mmedu.logs.notes import Note
from pytest_mmedu.logs.records import TrainRecords, ValRecords

Format = Literal["mmcv json", "mmcv text", "mmengine json", "mmengine text", "test result", "records"]


class SavedBest(NamedTuple):
    """A line that says which checkpoint is the best so far; `metric` is normalised."""

    line: int
    metric: str
    value: float
    epoch: int
    file: str | None = None


class Best(NamedTuple):
    """The best value of a metric, with every epoch and line where it was reached."""

    value: float
    epochs: tuple[int | None, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True)
class TrainLog:
    """What a log says. `source` is the file's name; `log.place(21)` is `run.log.json:21`.

    train, val       the records of the run; of several runs in one file the last one's, `earlier` holds those before
    test             results of a separate test run, in the same form as val
    config           facts from the dumped config, by plain names (num_classes, max_epochs, topk, lr_policy, ...)
    dumped           the dumped config itself, as plain data
    meta             the first line of a JSON log (MMEdu: tool, backbone, dataset_size, ...)
    iters_per_epoch  where the log says it or where it follows from what it says
    saved_best       the best-checkpoint lines, in order
    """

    source: str
    format: Format
    encoding: str = "utf-8"
    meta: Mapping[str, Any] = field(default_factory=dict)
    train: TrainRecords = field(default_factory=TrainRecords)
    val: ValRecords = field(default_factory=ValRecords)
    test: ValRecords = field(default_factory=ValRecords)
    notes: tuple[Note, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    dumped: Mapping[str, Any] = field(default_factory=dict)
    saved_best: tuple[SavedBest, ...] = ()
    iters_per_epoch: int | None = None
    iter_counts: Literal["epoch", "run"] = "epoch"
    lines: int = 0
    earlier: tuple[TrainLog, ...] = ()

    @property
    def epochs(self) -> int | None:
        """The number of the last epoch that left a record."""
        columns = (self.train.epoch, self.val.epoch)
        return max((epoch for column in columns for epoch in column if epoch is not None), default=None)

    @property
    def metric_names(self) -> tuple[str, ...]:
        return tuple(self.val.metrics)

    def best(self, metric: str, *, lowest: bool = False) -> Best | None:
        """The best value of a metric and where; None where no record has it as a number other than NaN."""
        values = self.val.metrics.get(metric, ())
        numbers = [value for value in values if value is not None and not math.isnan(value)]
        if not numbers:
            return None
        best = min(numbers) if lowest else max(numbers)
        at = [i for i, value in enumerate(values) if value == best]
        return Best(best, tuple(self.val.epoch[i] for i in at), tuple(self.val.line[i] for i in at))

    def place(self, line: int | None = None) -> str:
        """`file:line`, as a message shows it."""
        return self.source if line is None else f"{self.source}:{line}"

    def noted(self, kind: str) -> Note | None:
        """The first note of a kind."""
        return next((note for note in self.notes if note.kind == kind), None)
