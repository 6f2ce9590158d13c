"""MMEdu 训练作业的 pytest 插件 | A pytest plugin that teaches and grades MMEdu training.

Importing this package imports neither pytest nor torch: names are handed on when they are first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HANDED_ON = {
    "points": "pytest_mmedu.marks",
    "Result": "pytest_mmedu.result",
    "passed": "pytest_mmedu.result",
    "failed": "pytest_mmedu.result",
    "undecidable": "pytest_mmedu.result",
    "Text": "pytest_mmedu.text",
    "TrainParams": "pytest_mmedu.params",
    "MMEduError": "pytest_mmedu.errors",
    "read_log": "pytest_mmedu.logs",
}

__all__ = ["__version__", *sorted(_HANDED_ON)]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name not in _HANDED_ON:
        raise AttributeError(f"module 'pytest_mmedu' has no attribute {name!r}")
    return getattr(import_module(_HANDED_ON[name]), name)
