"""推理结果的形式 | The form of a prediction: MMEdu's dict, and its Chinese one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypedDict


class Prediction(TypedDict):
    """What inference() returns for one picture."""

    pred_label: int
    pred_score: float
    pred_class: str


def chinese(predictions: Iterable[Prediction]) -> list[dict[str, Any]]:
    """The same with Chinese keys, as print_result() shows it."""
    return [
        {"标签": one["pred_label"], "置信度": one["pred_score"], "预测结果": one["pred_class"]} for one in predictions
    ]


def sentence_of(result: list[dict[str, Any]]) -> str:
    return f"分类结果如下：\n{result}"
