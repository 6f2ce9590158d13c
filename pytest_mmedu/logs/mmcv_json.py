"""mmcv 1.x 的 *.log.json | The JSON log of mmcv 1.x, which mmcls 0.x and MMEdu write.

{"tool": "MMEdu2.0.0", ...}                                                    first line: facts, or {}, or none
{"mode": "train", "epoch": 1, "iter": 10, "lr": 0.01, "loss": 1.83, ...}
{"mode": "val", "epoch": 1, "iter": 7, "lr": 0.01, "accuracy_top-1": 49.0}     iter: number of batches
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_mmedu.logs import note_texts, usable
from pytest_mmedu.logs.builder import Builder
from pytest_mmedu.logs.metric_names import NOT_METRICS
from pytest_mmedu.logs.train_log import Format

_META = frozenset({"env_info", "tool", "hook_msgs", "exp_name", "mmcls_version"})


def read(record: Mapping[str, Any], line: int, into: Builder, format_: Format = "mmcv json") -> bool:
    """Takes a record of this format; False if it is none."""
    mode = record.get("mode")
    if mode == "train":
        into.add_train(format_, train_row(record, line, into))
    elif mode in ("val", "test"):
        _evaluation(record, line, into, format_)
    else:
        return False
    return True


def train_row(record: Mapping[str, Any], line: int, into: Builder) -> tuple[Any, ...]:
    """A training record in the order of TrainRecord; what is no usable number is missing and noted."""

    def whole(key: str) -> int | None:
        return usable.whole(key, record.get(key), line, into.notes)

    def real(key: str) -> float | None:
        return usable.real(key, record.get(key), line, into.notes)

    times = (real("time"), real("data_time"), whole("memory"), None)
    return (line, whole("epoch"), whole("iter"), real("loss"), learning_rate(record, line, into), *times)


def learning_rate(record: Mapping[str, Any], line: int, into: Builder) -> float | None:
    """`lr`; where every parameter group has its own, the one value if they agree."""
    lr = record.get("lr")
    if isinstance(lr, (dict, list)):
        rates = lr.values() if isinstance(lr, dict) else lr
        different = {rate for rate in rates if isinstance(rate, (int, float))}
        if len(different) != 1:
            into.notes.add("lr groups", line, note_texts.lr_groups())
            return None
        lr = different.pop()
    return usable.real("lr", lr, line, into.notes)


def metrics(record: Mapping[str, Any], line: int, into: Builder) -> dict[str, float]:
    """What was measured: every number that is not about time or place."""
    found = {}
    for key, value in record.items():
        if key not in NOT_METRICS and (number := usable.real(key, value, line, into.notes)) is not None:
            found[key] = number
    return found


def _evaluation(record: Mapping[str, Any], line: int, into: Builder, format_: Format) -> None:
    epoch = usable.whole("epoch", record.get("epoch"), line, into.notes)
    batches = usable.whole("iter", record.get("iter"), line, into.notes)
    measured = metrics(record, line, into)
    if record["mode"] == "test":
        into.add_test(format_, line, batches, measured)
    else:
        into.add_val(format_, line, epoch, batches, measured, learning_rate(record, line, into))


def is_meta(record: Mapping[str, Any]) -> bool:
    """Whether a record can only be the first line of a log; `{}` may be one too."""
    return not record or not _META.isdisjoint(record)
