"""mmcv 1.x 的文字日志 | The console text of mmcv 1.x.

Epoch [1][10/838]	lr: 1.000e-02, eta: 0:00:10, time: 0.213, data_time: 0.202, memory: 105, loss: 2.2821
Epoch(val) [1][7]	accuracy_top-1: 49.0000, accuracy_top-5: 87.0000
Iter [10/1000]	lr: 1.000e-02, ...                       the iteration-based runner
Now best checkpoint is saved as best_accuracy_top-1_epoch_1.pth.
Best accuracy_top-1 is 87.0000 at 1 epoch.
"""

from __future__ import annotations

import re

from pytest_mmedu.logs import usable
from pytest_mmedu.logs.builder import Builder
from pytest_mmedu.logs.console_line import ConsoleRecord, seconds
from pytest_mmedu.logs.metric_names import NOT_METRICS, normalised
from pytest_mmedu.logs.train_log import SavedBest

_BEST_FILE = re.compile(r"best checkpoint is saved as (\S{1,200}\.pth)")
_BEST = re.compile(r"Best (\S{1,100}) is (-?\d{1,20}(?:\.\d{1,20})?) at (\d{1,9}) (?:epoch|iter)")


def read(record: ConsoleRecord, into: Builder) -> bool:
    """Takes a record of this format; False if it is none."""
    if record.mode == "train" or (record.mode and (record.first_of, record.second_of) != (None, None)):
        return False
    if record.mode or (record.unit == "Epoch" and record.second_of is None):
        return _evaluation(record, into)
    return train(record, into)


def train(record: ConsoleRecord, into: Builder) -> bool:
    """Takes a training record of either stack; False if the file ends within it."""
    place: tuple[int | None, ...] = (record.first, record.second, record.second_of)
    if record.unit == "Iter":
        place = (None, record.first, None)
        into.iter_counts_run, into.max_iters = True, record.first_of
    epoch, at, total = place
    values = {key: float(value) for key, value in record.pairs.items() if ":" not in value}
    if "loss" not in values and (record.cut or not values):
        return False
    memory, eta = usable.whole("memory", values.get("memory"), record.line, into.notes), record.pairs.get("eta", "")
    times = (values.get("time"), values.get("data_time"), memory)
    left = seconds(eta) if ":" in eta else None
    row = (record.line, epoch, at, values.get("loss"), learning_rate(values), *times, left)
    into.add_train("mmcv text" if record.mode is None else "mmengine text", row, total)
    return True


def learning_rate(values: dict[str, float]) -> float | None:
    """`lr`; else the one value of `lr_backbone`, `lr_head`, ... if they agree."""
    groups = {value for key, value in values.items() if key.startswith("lr_")}
    return values.get("lr", groups.pop() if len(groups) == 1 else None)


def metrics(record: ConsoleRecord) -> dict[str, float]:
    return {key: float(value) for key, value in record.pairs.items() if key not in NOT_METRICS and ":" not in value}


def _evaluation(record: ConsoleRecord, into: Builder) -> bool:
    measured = metrics(record)
    if not measured:
        return False
    epoch, batches = (record.first, record.second) if record.unit == "Epoch" else (None, record.first)
    if record.mode == "test":
        into.add_test("mmcv text", record.line, batches, measured)
    else:
        into.add_val("mmcv text", record.line, epoch, batches, measured)
    return True


class BestLines:
    """The two lines about the best checkpoint: its file, then its value."""

    def __init__(self) -> None:
        self._file: str | None = None

    def read(self, text: str, line: int, into: Builder) -> bool:
        named, valued = _BEST_FILE.search(text), _BEST.search(text)
        if named:
            self._file = named[1]
        if valued:
            best = SavedBest(line, normalised(valued[1]), float(valued[2]), int(valued[3]), self._file)
            into.add_best("mmcv text", best)
            self._file = None
        return bool(named or valued)
