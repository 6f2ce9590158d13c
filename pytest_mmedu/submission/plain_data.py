"""只有数据 | Plain data between the judge and the program: what is exactly a number, a text or a list of these.

Types are compared by `is`: an object that says that it is a number is not one. JSON carries the data; a tuple, a dict
and a number that JSON does not have are written as {"tuple": […]}, {"dict": [[key, value], …]}, {"float": "nan"}.
"""

from __future__ import annotations

import math
from typing import Any

MOST_UNITS = 200_000  # values and characters of one piece of data
DEEPEST = 50
_MOST_BITS = 10_000  # Python itself refuses to write out a number of 4300 digits


class NotPlain(Exception):
    """Something else is in the data: `kind` is its type's name, "" where there is only too much of it."""

    def __init__(self, kind: str = "") -> None:
        super().__init__(kind)
        self.kind = kind


def encode(value: Any) -> Any:
    """What JSON can write, and `decode` gives back with the same types.

    Raises:
        NotPlain: some part is of another type, or there is too much or too deep data.
    """
    return _encoded(value, [MOST_UNITS], 0)


def decode(data: Any) -> Any:
    """The inverse of `encode`; every call gives new lists and dicts.

    Raises:
        ValueError: `encode` never wrote this.
    """
    return _decoded(data, [MOST_UNITS], 0)


def _encoded(value: Any, left: list[int], depth: int) -> Any:
    kind = type(value)
    sized = kind is str or kind is list or kind is tuple or kind is dict  # `in` would ask the class if it is equal
    left[0] -= 1 + (len(value) if sized else 0)
    if left[0] < 0 or depth > DEEPEST:
        raise NotPlain
    if value is None or kind is bool or kind is str:
        return value
    if kind is int:
        if value.bit_length() > _MOST_BITS:
            raise NotPlain
        return value
    if kind is float:
        return value if math.isfinite(value) else {"float": repr(value)}
    if kind is list:
        return [_encoded(item, left, depth + 1) for item in value]
    if kind is tuple:
        return {"tuple": [_encoded(item, left, depth + 1) for item in value]}
    if kind is dict:
        pairs = value.items()
        return {"dict": [[_encoded(key, left, depth + 1), _encoded(item, left, depth + 1)] for key, item in pairs]}
    raise NotPlain(kind.__name__)


def _decoded(data: Any, left: list[int], depth: int) -> Any:
    left[0] -= 1 + (len(data) if isinstance(data, (str, list)) else 0)
    if left[0] < 0 or depth > DEEPEST + 1:
        raise ValueError("too much data")
    if isinstance(data, list):
        return [_decoded(item, left, depth + 1) for item in data]
    if not isinstance(data, dict):
        return data
    if len(data) != 1:
        raise ValueError("unknown form")
    [(form, content)] = data.items()
    if form == "float" and content in ("nan", "inf", "-inf"):
        return float(content)
    if form == "tuple" and isinstance(content, list):
        return tuple(_decoded(item, left, depth + 1) for item in content)
    if form == "dict" and isinstance(content, list):
        return dict(_pair(item, left, depth + 1) for item in content)
    raise ValueError("unknown form")


def _pair(item: Any, left: list[int], depth: int) -> tuple[Any, Any]:
    if not isinstance(item, list) or len(item) != 2:
        raise ValueError("no pair")
    key = _decoded(item[0], left, depth)
    try:
        hash(key)
    except TypeError as error:
        raise ValueError("no key") from error
    return key, _decoded(item[1], left, depth)
