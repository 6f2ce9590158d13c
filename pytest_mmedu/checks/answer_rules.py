"""答案对不对 | When an answer is right: lenient where its meaning is certain, and silent about the expected value.

`10`, `10.0` and "10" are one number, "90%" is 0.9, "sgd" is "SGD", `是` is true; True is not the number 1.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from pytest_mmedu.checks.figures import shown
from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.text import Text

_NUMBER = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,3})?", re.ASCII)
_PERCENT = re.compile(r"([+-]?\d{1,30}(?:\.\d{0,30})?) ?[%％]", re.ASCII)
_BETWEEN = re.compile(r"[\s,，、;；]+")
_TRUE, _FALSE = {"true", "yes", "是", "对"}, {"false", "no", "否", "错", "不是"}
_EXACT = 1e-9  # two ways to write or to compute one number


class _Any:
    """Stands for "no value given"."""

    def __repr__(self) -> str:
        return "ANY"


ANY = _Any()


@dataclass(frozen=True)
class Rule:
    """What a test expects: any of `accepted`. `allowed` is how far a number may be off, `share` in parts of it."""

    accepted: tuple[Any, ...]
    allowed: float = 0.0
    share: float = 0.0

    @classmethod
    def of(cls, name: str, equals: Any, one_of: Collection[Any] | None, within: float | str | None) -> Rule:
        """Raises ExerciseError where the test's rule cannot be meant so."""
        if (equals is ANY) == (one_of is None):
            raise _mistake(name, Text("要写 equals 或 one_of，二者之一", "give equals or one_of, one of the two"))
        accepted = (equals,) if one_of is None else tuple(one_of)
        if isinstance(one_of, str) or not accepted or not all(_expectable(one) for one in accepted):
            wrong = Text(
                "期待的值要是数、文字、真假或它们的列表", "it expects numbers, texts, booleans or lists of them"
            )
            raise _mistake(name, wrong)
        return cls(accepted, *_tolerance(name, within, accepted))

    @property
    def form(self) -> Text:
        """What kind of value is asked for, without the value."""
        return _FORMS[_kind(self.accepted[0])]

    def fits_form(self, value: Any) -> bool:
        """Whether the value is of a kind that could be right at all."""
        return any(next(_readings(value, one), ANY) is not ANY for one in self.accepted)

    def hold(self, value: Any) -> bool:
        return any(self._equal(value, one) for one in self.accepted)

    def _equal(self, value: Any, expected: Any) -> bool:
        return any(self._same(read, expected) for read in _readings(value, expected))

    def _same(self, read: Any, expected: Any) -> bool:
        if isinstance(expected, (list, tuple, set, frozenset)):
            return self._same_items(read, expected)
        if _kind(expected) == "number":
            return self._near(read, expected)
        return bool(read == (_plain(expected) if isinstance(expected, str) else expected))

    def _same_items(self, read: list[Any], expected: Collection[Any]) -> bool:
        """In this order; a set has none."""
        if len(read) != len(expected):
            return False
        if not isinstance(expected, (set, frozenset)):
            return all(self._equal(one, other) for one, other in zip(read, expected, strict=True))
        left = list(expected)
        for one in read:
            match = next((at for at, other in enumerate(left) if self._equal(one, other)), None)
            if match is None:
                return False
            del left[match]
        return True

    def _near(self, read: float, expected: float) -> bool:
        allowed = max(self.allowed, self.share * abs(expected), _EXACT * abs(expected))
        # What is written as 0.31 lies a rounding error beyond 0.3 ± 0.01.
        return abs(read - expected) <= allowed * (1 + _EXACT)


def _tolerance(name: str, within: float | str | None, accepted: tuple[Any, ...]) -> tuple[float, float]:
    if within is None:
        return 0.0, 0.0
    percent = _PERCENT.fullmatch(within) if isinstance(within, str) else None
    number = float(percent[1]) / 100 if percent else within
    if not isinstance(number, (int, float)) or isinstance(number, bool) or not 0 < number < math.inf:
        raise _mistake(name, Text('within 应为正数或 "5%"', 'within takes a positive number, or "5%"'))
    if any(_kind(one) != "number" for one in accepted):
        raise _mistake(name, Text("within 只用于数", "within is for numbers"))
    return (0.0, number) if percent else (float(number), 0.0)


def _expectable(value: Any) -> bool:
    if isinstance(value, (list, tuple, set, frozenset)):
        return bool(value) and all(_expectable(one) and _kind(one) != "list" for one in value)
    if isinstance(value, str):
        return bool(value.strip())
    return isinstance(value, (bool, int, float)) and math.isfinite(value)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, (int, float)):
        return "number"
    return "text" if isinstance(value, str) else "list"


def _readings(value: Any, expected: Any) -> Iterator[Any]:
    """What the answer can mean where a value like `expected` is asked for; nothing where it can mean none."""
    kind = _kind(expected)
    if kind == "list":
        yield from _as_list(value)
    elif kind == "number":
        yield from _as_number(value, percent=isinstance(expected, float))
    elif kind == "truth":
        yield from _as_truth(value)
    elif isinstance(value, str) or type(value) in (int, float):
        yield _plain(str(value))
        # A word that is a number: "10" expected, 10.0 written.
        if _NUMBER.fullmatch(str(expected).strip()) and float(str(expected)) in _as_number(value, percent=False):
            yield _plain(expected)


def _as_list(value: Any) -> Iterator[list[Any]]:
    if isinstance(value, list):
        yield value
    elif isinstance(value, str):
        yield [one for one in _BETWEEN.split(value.strip("()[]（）【】 ")) if one]
    else:
        yield [value]


def _as_number(value: Any, *, percent: bool) -> Iterator[float]:
    if type(value) in (int, float):
        yield value
    elif isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        number = float(value)
        if math.isfinite(number):
            yield number
    elif isinstance(value, str) and percent and (found := _PERCENT.fullmatch(value.strip())):
        yield float(found[1]) / 100
        if abs(float(found[1])) > 1:  # a log writes accuracies as 90.0
            yield float(found[1])


def _as_truth(value: Any) -> Iterator[bool]:
    if isinstance(value, bool):
        yield value
    elif isinstance(value, str) and _plain(value) in _TRUE | _FALSE:
        yield _plain(value) in _TRUE


def _plain(text: str) -> str:
    """Without differences of case, width and spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _mistake(name: str, what: Text) -> ExerciseError:
    seen = Text(
        f"答案 {shown(name)} 的规则不对：{what.zh}。", f"The rule for answer {shown(name)} is wrong: {what.en}."
    )
    todo = Text("请改正测试文件里的 check.answer(...)。", "Correct check.answer(...) in the test file.")
    return ExerciseError(seen, todo)


_FORMS = {
    "number": Text("应为一个数，不带单位", "should be a number without a unit"),
    "truth": Text("应为 true 或 false", "should be true or false"),
    "text": Text("应为文字", "should be a text"),
    "list": Text("应为一个列表，如 [a, b]", "should be a list like [a, b]"),
}
