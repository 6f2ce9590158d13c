"""两份数据是否一致 | Whether a function gave what it should: plain data, numbers within a bound."""

from __future__ import annotations

import math
from typing import Any, Literal

from pytest_mmedu.text import Text

Kind = Literal["number", "truth", "text", "sequence", "table", "nothing"]
_KINDS: dict[type, Kind] = {
    int: "number",
    float: "number",
    bool: "truth",
    str: "text",
    list: "sequence",
    tuple: "sequence",
    dict: "table",
    type(None): "nothing",
}
KIND_NAMES: dict[Kind, Text] = {
    "number": Text("数", "a number"),
    "truth": Text("真假值", "a truth value"),
    "text": Text("文字", "a text"),
    "sequence": Text("列表", "a list"),
    "table": Text("字典", "a dict"),
    "nothing": Text("None", "None"),
}


def kind_of(value: Any) -> Kind | None:
    """What kind of plain data it is; None for anything else."""
    return _KINDS.get(type(value))


def agree(found: Any, wanted: Any, close: float) -> bool:
    """1 and 1.0 agree, a list and a tuple of the same; True and 1 do not. NaN agrees with NaN."""
    kind = kind_of(found)
    if kind is None or kind != kind_of(wanted):
        return False
    if kind == "number":
        return _near(found, wanted, close)
    if kind == "sequence":
        return len(found) == len(wanted) and all(agree(*pair, close) for pair in zip(found, wanted, strict=True))
    if kind == "table":
        return bool(found.keys() == wanted.keys()) and all(agree(found[key], wanted[key], close) for key in wanted)
    return bool(found == wanted)


def _near(found: float, wanted: float, close: float) -> bool:
    if type(found) is type(wanted) is int:
        return found == wanted or abs(found - wanted) <= close
    try:
        one, other = float(found), float(wanted)
    except OverflowError:
        return False
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    return math.isclose(one, other, rel_tol=close, abs_tol=close)
