"""记录的收集 | Where the readers of all formats put what they find; nothing here knows a format.

Rows are gathered and packed 4096 at a time, so that memory stays that of the packed columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from operator import add
from typing import Any

from pytest_mmedu.logs import note_texts
from pytest_mmedu.logs.columns import Column
from pytest_mmedu.logs.metric_names import normalised
from pytest_mmedu.logs.notes import Notes
from pytest_mmedu.logs.records import BLOCK, TrainRecord, TrainRecords, ValRecords
from pytest_mmedu.logs.train_log import Format, SavedBest
from pytest_mmedu.logs.usable import MOST

MOST_METRICS = 256
TrainRow = tuple[Any, ...]  # in the order of TrainRecord's fields
LONGEST_FACT = 4096
_MANY = 100_000


def _short(value: Any) -> Any:
    """A fact of the first line; env_info and config may be long and are kept in part."""
    return value[:LONGEST_FACT] if isinstance(value, str) else value


class TrainRows:
    """Training records on their way into columns."""

    def __init__(self) -> None:
        self.records = TrainRecords()
        self.rises = True  # whether no record goes back to an earlier epoch or iteration
        self._rows: list[TrainRow] = []
        self._last = 0

    def add(self, row: TrainRow) -> None:
        self._rows.append(row)
        if len(self._rows) >= BLOCK:
            self.flush()

    def add_columns(self, line: Sequence[int], columns: Mapping[str, Sequence[Any] | None]) -> None:
        """Many records at once; a column that is not given is empty in all of them."""
        self.flush()
        empty = [None] * len(line)
        self._extend([line, *(columns.get(name) or empty for name in TrainRecord._fields[1:])])

    def flush(self) -> None:
        if self._rows:
            self._extend(list(zip(*self._rows, strict=True)))
            self._rows.clear()

    def _extend(self, columns: list[Sequence[Any]]) -> None:
        for column, values in zip(self.records.columns, columns, strict=True):
            column.extend(values)
        _, epochs, iterations, *_ = columns
        try:
            places = list(map(add, map(MOST.__mul__, epochs), iterations))
        except TypeError:  # some record without an epoch or iteration
            places = [(epoch or 0) * MOST + (at or 0) for epoch, at in zip(epochs, iterations, strict=True)]
        self.rises = self.rises and self._last <= places[0] and places == sorted(places)
        self._last = places[-1]

    def __len__(self) -> int:
        return len(self.records) + len(self._rows)


class ValRows:
    """Evaluations on their way into columns; a metric that turns up late was absent before."""

    def __init__(self) -> None:
        self.records = ValRecords()
        self._rows: list[tuple[Any, ...]] = []
        self._metrics: list[Mapping[str, float]] = []

    def add(self, line: int, epoch: int | None, batches: int | None, lr: float | None, named: dict[str, float]) -> bool:
        """`named` by the log's own spelling. False if there were too many different metrics to keep all."""
        metrics = {}
        for name, value in named.items():
            plain = normalised(name)
            if len(self.records.original) < MOST_METRICS or plain in self.records.original:
                self.records.original.setdefault(plain, name)
                metrics[plain] = value
        self._rows.append((line, epoch, batches, lr))
        self._metrics.append(metrics)
        if len(self._rows) >= BLOCK:
            self.flush()
        return len(metrics) == len(named)

    def flush(self) -> None:
        if not self._rows:
            return
        before, records = len(self.records), self.records
        columns: tuple[Any, ...] = (records.line, records.epoch, records.iter, records.lr)
        for column, values in zip(columns, zip(*self._rows, strict=True), strict=True):
            column.extend(values)
        for name in records.original:
            if name not in records.metrics:
                records.metrics[name] = Column()
                records.metrics[name].extend([None] * before)
            records.metrics[name].extend([row.get(name) for row in self._metrics])
        self._rows.clear()
        self._metrics.clear()

    def __len__(self) -> int:
        return len(self.records) + len(self._rows)


class Builder:
    """Everything that the readers of one log found."""

    def __init__(self) -> None:
        self.notes = Notes()
        self.train, self.val, self.test = TrainRows(), ValRows(), ValRows()
        self.formats: Counter[Format] = Counter()
        self.meta: dict[str, Any] | None = None
        self.dumped: dict[str, Any] = {}
        self.saved_best: list[SavedBest] = []
        self.totals: list[tuple[int, int]] = []  # (line, 838) where the 838 of `[10/838]` changes
        self.max_iters: int | None = None
        self.iter_counts_run = False
        self.restarts: list[int] = []  # lines where a log begins anew: a second meta line, a second dumped config

    def add_train(self, format_: Format, row: TrainRow, total: int | None = None) -> None:
        self.formats[format_] += 1
        self._note_total(total, row[0])
        if row[3] is None:
            self.notes.add("no loss", row[0], note_texts.no_loss())
        self.train.add(row)

    def add_many(
        self, format_: Format, line: Sequence[int], total: int | None, columns: Mapping[str, Sequence[Any] | None]
    ) -> None:
        """Many training records at once, by column."""
        self.formats[format_] += len(line)
        self._note_total(total, line[0])
        self.train.add_columns(line, columns)

    def _note_total(self, total: int | None, line: int) -> None:
        if total is not None and (not self.totals or self.totals[-1][1] != total) and len(self.totals) < _MANY:
            self.totals.append((line, total))

    def add_val(
        self,
        format_: Format,
        line: int,
        epoch: int | None,
        batches: int | None,
        metrics: dict[str, float],
        lr: float | None = None,
    ) -> None:
        self.formats[format_] += 1
        if not self.val.add(line, epoch, batches, lr, metrics):
            self.notes.add("extra metric", line, note_texts.too_many_metrics(MOST_METRICS))

    def add_test(self, format_: Format, line: int, batches: int | None, metrics: dict[str, float]) -> None:
        self.hint(format_)
        self.test.add(line, None, batches, None, metrics)

    def add_meta(self, record: Mapping[str, Any], line: int) -> None:
        """The first line of a JSON log; a second one begins another run, or goes on with it."""
        self.hint("mmcv json")
        if self.meta is None:
            self.meta = {str(key): _short(value) for key, value in record.items()}
        elif len(self.restarts) < _MANY:
            self.restarts.append(line)

    def add_best(self, format_: Format, best: SavedBest) -> None:
        self.hint(format_)
        if len(self.saved_best) < _MANY:
            self.saved_best.append(best)

    def hint(self, format_: Format) -> None:
        """Something that only such a log has, though it is no record: a log may hold no more than that."""
        self.formats[format_] += 0

    def flush(self) -> None:
        for rows in (self.train, self.val, self.test):
            rows.flush()
