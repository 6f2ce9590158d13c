"""日志里的记录 | The records of a log, one object each, made from columns when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, overload

from pytest_mmedu.logs.columns import Column

BLOCK = 4096


class TrainRecord(NamedTuple):
    """One line about training; None where the log does not say. `memory` is in MB, `eta` in seconds.

    `iter` counts within the epoch, or over the whole run: TrainLog.iter_counts says which.
    """

    line: int
    epoch: int | None = None
    iter: int | None = None
    loss: float | None = None
    lr: float | None = None
    time: float | None = None
    data_time: float | None = None
    memory: int | None = None
    eta: int | None = None


class ValRecord(NamedTuple):
    """One evaluation. `metrics` by normalised name (`accuracy_top-1`), `original` the log's own spelling of each.

    `iter` is the number of validation batches. A record of a separate test run has no epoch.
    """

    line: int
    epoch: int | None = None
    iter: int | None = None
    metrics: Mapping[str, float] = {}
    original: Mapping[str, str] = {}
    lr: float | None = None


@dataclass
class TrainRecords(Sequence[TrainRecord]):
    """All training records of a run; each column (`log.train.loss`) is a sequence of its own."""

    line: Column[int] = field(default_factory=Column)
    epoch: Column[int | None] = field(default_factory=Column)
    iter: Column[int | None] = field(default_factory=Column)
    loss: Column[float | None] = field(default_factory=Column)
    lr: Column[float | None] = field(default_factory=Column)
    time: Column[float | None] = field(default_factory=Column)
    data_time: Column[float | None] = field(default_factory=Column)
    memory: Column[int | None] = field(default_factory=Column)
    eta: Column[int | None] = field(default_factory=Column)

    @property
    def columns(self) -> tuple[Column[int], ...]:
        return tuple(getattr(self, name) for name in TrainRecord._fields)

    def __len__(self) -> int:
        return len(self.line)

    @overload
    def __getitem__(self, index: int) -> TrainRecord: ...
    @overload
    def __getitem__(self, index: slice) -> list[TrainRecord]: ...
    def __getitem__(self, index: int | slice) -> TrainRecord | list[TrainRecord]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        return TrainRecord(*(column[index] for column in self.columns))

    def __iter__(self) -> Iterator[TrainRecord]:
        return map(TrainRecord._make, zip(*self.columns, strict=True))

    def cut(self, start: int, stop: int) -> TrainRecords:
        return TrainRecords(*(column.cut(start, stop) for column in self.columns))  # type: ignore[arg-type]


@dataclass
class ValRecords(Sequence[ValRecord]):
    """All evaluations of a run; `metrics` holds one column per metric, None where a record lacks it."""

    line: Column[int] = field(default_factory=Column)
    epoch: Column[int | None] = field(default_factory=Column)
    iter: Column[int | None] = field(default_factory=Column)
    lr: Column[float | None] = field(default_factory=Column)
    metrics: dict[str, Column[float | None]] = field(default_factory=dict)
    original: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.line)

    @overload
    def __getitem__(self, index: int) -> ValRecord: ...
    @overload
    def __getitem__(self, index: slice) -> list[ValRecord]: ...
    def __getitem__(self, index: int | slice) -> ValRecord | list[ValRecord]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        row = (self.line[index], self.epoch[index], self.iter[index], self.lr[index])
        return self._record(row, [column[index] for column in self.metrics.values()])

    def __iter__(self) -> Iterator[ValRecord]:
        values: Iterator[tuple[float | None, ...]] = zip(*self.metrics.values(), strict=True)
        rows = zip(self.line, self.epoch, self.iter, self.lr, strict=True)
        return (self._record(row, next(values, ())) for row in rows)

    def _record(
        self, row: tuple[int, int | None, int | None, float | None], values: Sequence[float | None]
    ) -> ValRecord:
        line, epoch, batches, lr = row
        named = zip(self.metrics, values, strict=False)
        metrics = {name: value for name, value in named if value is not None}
        return ValRecord(line, epoch, batches, metrics, {name: self.original[name] for name in metrics}, lr)

    def cut(self, start: int, stop: int) -> ValRecords:
        columns = (column.cut(start, stop) for column in (self.line, self.epoch, self.iter, self.lr))
        part = ValRecords(*columns)  # type: ignore[arg-type]
        for name, column in self.metrics.items():
            inside = column.cut(start, stop)
            if any(value is not None for value in inside):
                part.metrics[name], part.original[name] = inside, self.original[name]
        return part
