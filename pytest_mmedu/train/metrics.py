"""验证指标 | What is measured at validation, and by which number the best weights are kept."""

from __future__ import annotations

import re
from typing import Any

from pytest_mmedu.errors import ParameterError
from pytest_mmedu.params import METRICS, TrainParams
from pytest_mmedu.text import Text

_RANKED = re.compile(r"accuracy_top-(\d{1,6})")


def evaluation_config(params: TrainParams, num_classes: int, given: dict[str, Any] | None = None) -> dict[str, Any]:
    """mmcls's `evaluation` dict, after every epoch. `given` is the one of a config file.

    What `save_best` names is measured as well, where the real MMEdu ends with a KeyError.

    Raises:
        ParameterError: a top-k above the class count, or a `save_best` that no metric is called.
    """
    ranks = _ranks(params, num_classes, given)
    metrics = (params.metric,) if isinstance(params.metric, str) else tuple(params.metric)
    best = params.save_best
    if best == "auto" and "accuracy" not in metrics:
        best = _most_telling(metrics)
    if best not in (None, "auto"):
        best, metric, rank = _named(best, ranks, num_classes)
        metrics = metrics if metric in metrics else (*metrics, metric)
        ranks = ranks if rank is None or rank in ranks else tuple(sorted((*ranks, rank)))
    config = {"interval": 1, "metric": list(metrics), "metric_options": {"topk": ranks}, "save_best": best}
    # mmcv guesses from the name whether more is better, and has no guess for recall, f1_score and support.
    return config if best is None else {**config, "rule": "greater"}


def _most_telling(metrics: tuple[str, ...]) -> str:
    """mmcls takes the first of its results, and support comes before precision: it counts pictures, always the same."""
    return next((metric for metric in metrics if metric != "support"), "auto")


def _ranks(params: TrainParams, num_classes: int, given: dict[str, Any] | None) -> tuple[int, ...]:
    if params.topk is not None:
        asked = (params.topk,) if isinstance(params.topk, int) else tuple(params.topk)
        _refuse_above("topk", max(asked), num_classes)
        return asked
    in_file = ((given or {}).get("metric_options") or {}).get("topk")
    if in_file is not None:  # left at (1, 5) in many a config for three classes: what fits of it is measured
        wanted = (in_file,) if isinstance(in_file, int) else tuple(in_file)
        return tuple(k for k in wanted if k <= num_classes) or (1,)
    return (5,) if num_classes > 5 else (1,)


def _refuse_above(name: str, k: int, num_classes: int) -> None:
    if k > num_classes:
        seen = Text(
            f"参数 {name} 要看前 {k} 名，数据集只有 {num_classes} 类。",
            f"Parameter {name} looks at the top {k}, the data set has {num_classes} classes.",
        )
        raise ParameterError(seen, Text("k 不能超过类别数。", "k must not exceed the number of classes."))


def _named(best: str, ranks: tuple[int, ...], num_classes: int) -> tuple[str, str, int | None]:
    """The name as the evaluation result spells it, its metric, its k."""
    if best == "accuracy":
        return f"accuracy_top-{ranks[0]}", "accuracy", ranks[0]
    ranked = _RANKED.fullmatch(best)
    if ranked and int(ranked[1]) > 0:
        _refuse_above("save_best", int(ranked[1]), num_classes)
        return best, "accuracy", int(ranked[1])
    if best in METRICS:
        return best, best, None
    raise ParameterError(
        Text(
            f"参数 save_best 收到 {best!r}，没有这个指标。",
            f"Parameter save_best got {best!r}, which is no metric.",
        ),
        Text("一般用 'auto'。", "'auto' is the usual choice."),
        allowed=Text(
            "应为 auto、accuracy、accuracy_top-1、precision、recall、f1_score、support 之一。",
            "It takes auto, accuracy, accuracy_top-1, precision, recall, f1_score or support.",
        ),
    )
