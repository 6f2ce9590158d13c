"""不运行就能算出的值 | What can be computed without running anything: arithmetic on constants, a few built-ins.

Every operation is bounded: `10 ** 10 ** 10` in a homework must not stop the grader.
"""

from __future__ import annotations

import ast
import operator
import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_LONGEST = 10_000  # characters or elements
_BITS = 4096


class Unknown(Exception):
    """This value is known only when the program runs."""


def _power(base: Any, exponent: Any) -> Any:
    size = base.bit_length() if isinstance(base, int) else 64
    if not isinstance(exponent, (int, float)) or size * abs(exponent) > _BITS:
        raise Unknown
    return base**exponent


def _round(number: Any, digits: Any = None) -> Any:
    """`round(1, -10 ** 9)` would work out ten to that power first."""
    if digits is not None and not (isinstance(digits, int) and abs(digits) <= _BITS):
        raise Unknown
    return round(number) if digits is None else round(number, digits)


def _times(left: Any, right: Any) -> Any:
    for text, count in ((left, right), (right, left)):
        if isinstance(text, (str, tuple, list)) and isinstance(count, int) and len(text) * count > _LONGEST:
            raise Unknown
    return left * right


def _shift(left: Any, right: Any) -> Any:
    if not isinstance(right, int) or right > _BITS:
        raise Unknown
    return left << right


def _percent(left: Any, right: Any) -> Any:
    if isinstance(left, str):  # "%1000000000d" % 1
        raise Unknown
    return left % right


_BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: _times,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: _percent,
    ast.Pow: _power,
    ast.LShift: _shift,
    ast.RShift: operator.rshift,
}
_UNARY: Mapping[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Not: operator.not_,
    ast.Invert: operator.invert,
}
_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
BUILTINS: Mapping[str, Callable[..., Any]] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "abs": abs,
    "min": min,
    "max": max,
    "round": _round,
    "pow": _power,
    "len": len,
    "tuple": tuple,
    "list": list,
    "range": range,
}


def plain(value: Any) -> bool:
    """Only plain data takes part: nothing here may call a method that somebody else wrote.

    Elements are counted through all depths: `a = [a, a]`, some thirty times, is a list that no machine can walk, and
    neither is `range(10 ** 12)`: `min` of it, or a search in it, would.
    """
    waiting, seen = [value], 0
    while waiting:
        one = waiting.pop()
        if isinstance(one, (tuple, list)):
            seen += len(one)
            if seen > _LONGEST:
                return False
            waiting.extend(one)
        elif isinstance(one, range):
            if one[_LONGEST:]:
                return False
        elif not (one is None or isinstance(one, (bool, int, float, str))):
            return False
    return True


def binary(operation: ast.operator, left: Any, right: Any) -> Any:
    return _bounded(_BINARY.get(type(operation)), left, right)


def unary(operation: ast.unaryop, value: Any) -> Any:
    return _bounded(_UNARY.get(type(operation)), value)


def compare(operations: Sequence[ast.cmpop], values: Sequence[Any]) -> bool:
    """`a < b <= c`: every step holds."""
    steps = zip(operations, values, values[1:], strict=False)
    return all(_bounded(_COMPARE.get(type(one)), left, right) for one, left, right in steps)


def call(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """`int("3")`, `round(x, 2)`, `range(3)`"""
    return _bounded(BUILTINS.get(name), *args, **kwargs)


def join_paths(args: Sequence[Any]) -> str:
    """`os.path.join("checkpoints", "cls_model")`, with the separator that works everywhere."""
    if not args or not all(isinstance(arg, str) for arg in args):
        raise Unknown
    return str(posixpath.join(*args))


def formatted(value: Any, spec: str) -> str:
    """One `{...}` of an f-string."""
    if re.search(r"\d{4}", spec):  # a width of a billion columns
        raise Unknown
    return str(_bounded(format, value, spec))


def _bounded(operation: Callable[..., Any] | None, *values: Any, **kwargs: Any) -> Any:
    if operation is None or not all(plain(value) for value in (*values, *kwargs.values())):
        raise Unknown
    try:
        result = operation(*values, **kwargs)
    except (ArithmeticError, TypeError, ValueError, IndexError, KeyError, AttributeError) as error:
        raise Unknown from error
    if isinstance(result, (str, tuple, list)) and len(result) > _LONGEST:
        raise Unknown
    if (isinstance(result, int) and result.bit_length() > _BITS) or not plain(result):
        raise Unknown
    return result
