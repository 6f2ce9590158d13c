"""单独测试的结果 | The result of a separate test run: one JSON object with metrics, without a place in a training.

{"accuracy/top1": 85.382, "accuracy/top5": 98.006, "data_time": 0.056, "time": 0.247}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_mmedu.logs import usable
from pytest_mmedu.logs.builder import Builder
from pytest_mmedu.logs.metric_names import is_evaluation


def read(record: Mapping[str, Any], line: int, into: Builder) -> bool:
    """Takes a record of this format; False if it is none."""
    named = {key: value for key, value in record.items() if is_evaluation(key) and not isinstance(value, (list, dict))}
    measured = {
        key: number for key, value in named.items() if (number := usable.real(key, value, line, into.notes)) is not None
    }
    if measured:
        into.add_test("test result", line, None, measured)
    return bool(measured)
