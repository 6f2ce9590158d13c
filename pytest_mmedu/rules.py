"""参数的取值规则 | What a parameter accepts: one small predicate each, safe for any value a student may write."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any


def truth(value: Any) -> bool:
    return isinstance(value, bool)


_MOST = 10**18  # of anything that is counted; Python itself refuses to write out far larger numbers


def whole(value: Any, low: int, high: int = _MOST) -> bool:
    """A whole number within [low, high]; True is not the number 1."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _finite(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) < 1e308  # also false for NaN, and no overflow for a huge int


def positive(value: Any) -> bool:
    return _finite(value) and value > 0


def not_negative(value: Any) -> bool:
    return _finite(value) and value >= 0


def filled_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and "\0" not in value


def name(value: Any) -> bool:
    return isinstance(value, str) and value.isidentifier()


def path_ending(value: Any, suffix: str) -> bool:
    return filled_text(value) and value.lower().endswith(suffix)


def one_of(value: Any, allowed: Collection[str]) -> bool:
    return isinstance(value, str) and value in allowed


def one_or_many(value: Any, allowed: Collection[str]) -> bool:
    """One of the words, or a non-empty list of different ones."""
    if isinstance(value, (list, tuple)):
        return 0 < len(value) == len({str(v) for v in value}) and all(one_of(v, allowed) for v in value)
    return one_of(value, allowed)


def metric_to_save(value: Any, metrics: Collection[str]) -> bool:
    """`auto`, `accuracy_top-1`, `f1_score`, `recall_class-…`: a name as an evaluation result spells it."""
    return isinstance(value, str) and (value == "auto" or value.startswith(tuple(metrics)))


def cuda_index(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"cuda:\d{1,2}", value) is not None


def ranks(value: Any) -> bool:
    """The k of top-k: a positive whole number or a non-empty tuple of them."""
    if isinstance(value, (list, tuple)):
        return bool(value) and all(whole(k, 1) for k in value)
    return whole(value, 1)
