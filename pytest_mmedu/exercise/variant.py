"""每个学生自己的一份 | A student's own variant of an exercise: the same choices for one id, everywhere and always.

    variant = Variant("12_read_a_log", "2024001")
    epochs = variant.integer("epochs", 8, 15)
    optimizer = variant.choice("optimizer", ("SGD", "Adam"))

A choice depends on the exercise, the student and the choice's name alone: not on the order of the calls, the version of
Python, the machine, or any other choice. An exercise is equally hard for all because its author draws from values that
are equally hard. The id "" is nobody's: the neutral variant, which the reference solves.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.student_id import same_id
from pytest_mmedu.text import Text, printable

T = TypeVar("T")
_FINE = 1 << 53  # steps between 0 and 1 that a float tells apart


@dataclass(frozen=True)
class Variant:
    """`exercise` is its id, `student` an id of the school: a number or a name, "" for the neutral variant.

    `name` says what is chosen; one name gives one value, so name every choice differently.
    """

    exercise: str
    student: str = ""

    @property
    def is_neutral(self) -> bool:
        return not self._student

    @cached_property
    def _student(self) -> str:
        return same_id(self.student)

    @cached_property
    def _key(self) -> bytes:
        return f"pytest-mmedu variant 1\0{self.exercise}\0{self._student}".encode("utf-8", "surrogatepass")

    def integer(self, name: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        if high < low:
            raise _nothing_to_choose(name, f"{low}..{high}")
        return low + self._number(name) % (high - low + 1)

    def real(self, name: str, low: float, high: float, digits: int | None = None) -> float:
        """A number from `low` to `high`, rounded to `digits` decimals where that is given."""
        if high < low:
            raise _nothing_to_choose(name, f"{low}..{high}")
        value = low + (high - low) * (self._number(name) % _FINE / _FINE)
        return value if digits is None else round(value, digits)

    def choice(self, name: str, options: Sequence[T]) -> T:
        """One of `options`, a sequence: the order counts, so never a set."""
        return _listed(name, options)[self._number(name) % len(options)]

    def shuffled(self, name: str, options: Sequence[T]) -> list[T]:
        """All of `options` in an order of the student's own."""
        return self.sample(name, options, len(options))

    def sample(self, name: str, options: Sequence[T], count: int) -> list[T]:
        """`count` different ones of `options`, in an order of the student's own."""
        if not 0 <= count <= len(options):
            raise _nothing_to_choose(name, f"{count} / {len(options)}")
        left = list(_listed(name, options)) if options else []
        return [left.pop(self._number(f"{name}\0{step}") % len(left)) for step in range(count)]

    def _number(self, name: str) -> int:
        """256 bits: the remainder of any division by a number of reasonable size is even, to far below one in 2^200."""
        return int.from_bytes(hmac.new(self._key, name.encode(), hashlib.sha256).digest(), "big")


def _listed(name: str, options: Sequence[T]) -> Sequence[T]:
    """Only what has an order, and at least one: a set's order changes from one process to the next."""
    given: Any = options
    if not isinstance(given, Sequence) or not given:
        raise _nothing_to_choose(name, printable(repr(given), 60))
    return options


def _nothing_to_choose(name: str, shown: str) -> ExerciseError:
    what = printable(name, 40)
    seen = Text(f"变式的 {what} 没法从 {shown} 里选。", f"Variant: {what} cannot be chosen from {shown}.")
    todo = Text("请给一个不空的列表，或从小到大的范围。", "Give a list that is not empty, or a range from low to high.")
    return ExerciseError(seen, todo)
