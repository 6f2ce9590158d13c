"""mmengine 的 scalars.json | The JSON log of mmengine: no mode; `step` is the iteration, or in an evaluation the epoch.

{"lr": 0.01, "data_time": 0.0006, "loss": 1.3757, "time": 0.12, "epoch": 1, "memory": 3099, "step": 100}
{"accuracy/top1": 58.13, "accuracy/top5": 92.35, "data_time": 0.06, "time": 0.1, "step": 1}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_mmedu.logs import mmcv_json, usable
from pytest_mmedu.logs.builder import Builder
from pytest_mmedu.logs.metric_names import is_evaluation

_TRAIN_ONLY = frozenset({"lr", "epoch", "memory", "iter", "base_lr"})


def _is_evaluation(record: Mapping[str, Any]) -> bool:
    """An evaluation may have a loss of its own, but then beside a metric."""
    return _TRAIN_ONLY.isdisjoint(record) and ("loss" not in record or any(map(is_evaluation, record)))


class MmengineJson:
    """Remembers the last training record: it tells whether evaluations count epochs or iterations."""

    def __init__(self) -> None:
        self._epoch: int | None = None
        self._step: int | None = None

    def read(self, record: Mapping[str, Any], line: int, into: Builder) -> bool:
        """Takes a record of this format; False if it is none."""
        if "step" not in record or "mode" in record:
            return False
        step = usable.whole("step", record["step"], line, into.notes)
        if _is_evaluation(record):
            epoch = None if self._counts_iterations(step) else step
            into.add_val("mmengine json", line, epoch, None, mmcv_json.metrics(record, line, into))
            return True
        row = mmcv_json.train_row({**record, "iter": step}, line, into)
        self._epoch, self._step = row[1], step
        into.iter_counts_run = True
        into.add_train("mmengine json", row)
        return True

    def _counts_iterations(self, step: int | None) -> bool:
        if self._step is None:
            return False
        return self._epoch is None or step == self._step != self._epoch
