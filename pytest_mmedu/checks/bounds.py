"""老师定的规则 | A teacher's rule for one parameter, in words and as a test that is safe for any value."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from pytest_mmedu.checks.figures import shown
from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.text import Text, listing


class _Any:
    """Stands for "no value given", since None is a value that a teacher may ask for."""

    def __repr__(self) -> str:
        return "ANY"


@dataclass(frozen=True)
class Bounds:
    """`low` to `high`, or one of `allowed`."""

    low: float | None = None
    high: float | None = None
    allowed: tuple[Any, ...] | None = None

    ANY = _Any()

    @classmethod
    def of(
        cls,
        name: str,
        *,
        between: tuple[float, float] | None,
        one_of: Collection[Any] | None,
        equals: Any,
        at_least: float | None,
        at_most: float | None,
    ) -> Bounds:
        """Raises ExerciseError where the teacher's rule cannot be meant so."""
        low, high = between if between is not None else (at_least, at_most)
        allowed = tuple(one_of) if one_of is not None else (None if equals is cls.ANY else (equals,))
        given = (between, one_of, None if equals is cls.ANY else True, at_least if at_least is not None else at_most)
        if sum(rule is not None for rule in given) != 1:
            raise mistake(
                Text(f"参数 {name} 的规则要恰好一条。", f"Parameter {name} needs exactly one rule."),
            )
        if low is not None and high is not None and low > high:
            raise mistake(Text(f"参数 {name} 的范围写反了。", f"The range of parameter {name} is upside down."))
        return cls(low, high, allowed)

    @property
    def wanted(self) -> Text:
        if self.allowed is not None:
            words = listing(shown(value) for value in self.allowed)
            if len(self.allowed) == 1:
                return Text(f"应为 {words.zh}", f"should be {words.en}")
            return Text(f"应为 {words.zh} 之一", f"should be one of {words.en}")
        if self.low is None:
            return Text(f"不大于 {shown(self.high)}", f"at most {shown(self.high)}")
        if self.high is None:
            return Text(f"不小于 {shown(self.low)}", f"at least {shown(self.low)}")
        low, high = shown(self.low), shown(self.high)
        return Text(f"应在 {low}–{high} 之间", f"should be between {low} and {high}")

    def hold(self, value: Any) -> bool:
        if self.allowed is not None:
            return any(_equal(value, each) for each in self.allowed)
        return self.side(value) == "inside"

    def side(self, value: Any) -> Literal["inside", "low", "high", "other"]:
        """Where a value lies; "other" for what is no number, or not one of the allowed values."""
        if self.allowed is not None or isinstance(value, bool) or not isinstance(value, (int, float)):
            return "other"
        if isinstance(value, float) and math.isnan(value):
            return "other"
        if self.low is not None and value < self.low:
            return "low"
        if self.high is not None and value > self.high:
            return "high"
        return "inside"


def _equal(value: Any, wanted: Any) -> bool:
    """Plain equality, but True is not 1, a list equals a tuple, and only plain data can equal anything."""
    if isinstance(value, (list, tuple)) and isinstance(wanted, (list, tuple)):
        return len(value) == len(wanted) and all(_equal(a, b) for a, b in zip(value, wanted, strict=True))
    if type(value) in (int, float) and type(wanted) in (int, float):
        return bool(value == wanted)
    return type(value) is type(wanted) and type(value) in _PLAIN and bool(value == wanted)


_PLAIN = (int, float, str, bool, type(None))


def text_for_number(value: str) -> Text:
    """What is seen where quotes make a text of a number."""
    quoted = shown(repr(value))
    return Text(f"{quoted} 是文字，不是数字", f"{quoted} is a text, not a number")


def mistake(seen: Text) -> ExerciseError:
    """The teacher's, in a rule for a parameter."""
    todo = Text("请改正测试文件里的 check.param(...)。", "Correct check.param(...) in the test file.")
    return ExerciseError(seen, todo)
