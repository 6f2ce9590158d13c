"""优化器 | Any optimizer of torch by its name, with the arguments that it takes and no others."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Mapping
from typing import Any

from pytest_mmedu.errors import ParameterError
from pytest_mmedu.text import Text, printable
from pytest_mmedu.train.stack import OPTIMIZERS

# mmcls's training step fits none of these: they ask for a closure, sparse gradients, matrices only.
_OTHER_TRAINING = ("LBFGS", "SparseAdam", "Muon")
_NOT_OF_THE_CLASS = ("type", "paramwise_cfg", "constructor")


def known_optimizers() -> dict[str, Any]:
    """Every optimizer that can train here, by name: torch's and mmcls's own."""
    skipped = ("Optimizer", *_OTHER_TRAINING)
    return {name: kind for name, kind in OPTIMIZERS.module_dict.items() if name not in skipped}


def fitted(config: Mapping[str, Any]) -> dict[str, Any]:
    """The optimizer's config without what its constructor does not take.

    Raises:
        ParameterError: torch has no such optimizer, or it cannot train here.
    """
    kind = known_optimizers().get(config["type"])
    if kind is None:
        raise _unknown(config["type"])
    accepted = inspect.signature(kind).parameters
    return {key: value for key, value in config.items() if key in accepted or key in _NOT_OF_THE_CLASS}


def _unknown(name: str) -> ParameterError:
    shown = printable(name, 60)
    if name in _OTHER_TRAINING:
        seen = Text(
            f"优化器 {shown} 要用别的训练方式，这里用不了。",
            f"Optimizer {shown} needs another way of training and cannot be used here.",
        )
        return ParameterError(seen, Text("请换一个优化器，例如 SGD 或 Adam。", "Choose another one, SGD or Adam."))
    seen = Text(f"没有名为 {shown} 的优化器。", f"There is no optimizer {shown}.")
    near = _nearest(name)
    if near is None:
        return ParameterError(seen, Text("常用的有 SGD、Adam、Adagrad。", "Usual ones are SGD, Adam, Adagrad."))
    return ParameterError(seen, Text(f"你是不是想写 {near}？", f"Did you mean {near}?"))


def _nearest(name: str) -> str | None:
    """`adam` is Adam: capitals do not count."""
    by_lower = {known.lower(): known for known in known_optimizers()}
    near = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[near[0]] if near else None
