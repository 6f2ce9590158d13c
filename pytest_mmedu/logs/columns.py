"""按列存放的数字 | Numbers kept by column, packed block by block.

A log of a million records is a few columns that mostly stand still (epoch, lr), count upwards (line, iter)
or hold short decimals (loss, time). Each block of a column takes the smallest form that gives back exactly
the same numbers; what has no smaller form stays an array of doubles.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise, repeat
from operator import sub
from typing import Any, TypeVar, overload

T = TypeVar("T")
_DECIMALS = 1e5  # mmcv rounds to five decimals
_WORTH = 16  # a range costs as much as so many small numbers
_UNSIGNED = (("B", 1 << 8), ("H", 1 << 16), ("I", 1 << 32))


class Column(Sequence[T]):
    """A read-only sequence of numbers (None where a record has none) that grows by whole blocks."""

    __slots__ = ("_blocks", "_ends")

    def __init__(self) -> None:
        self._blocks: list[Any] = []
        self._ends: list[int] = []

    def extend(self, values: Sequence[T | None]) -> None:
        """Packs `values` as one block."""
        if values:
            self._append(pack(values))

    def _append(self, block: Any) -> None:
        self._blocks.append(block)
        self._ends.append(len(self) + len(block))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        index = index + len(self) if index < 0 else index
        if not 0 <= index < len(self):
            raise IndexError(index)
        at = bisect_right(self._ends, index)
        value: T = self._blocks[at][index - self._start(at)]
        return value

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(self._blocks)

    def _start(self, block: int) -> int:
        return self._ends[block - 1] if block else 0

    def cut(self, start: int, stop: int) -> Column[T]:
        """The rows from `start` to before `stop`."""
        if (start, stop) == (0, len(self)):
            return self
        part: Column[T] = Column()
        for at, block in enumerate(self._blocks):
            low, high = max(start - self._start(at), 0), min(stop - self._start(at), len(block))
            if low < high:
                cut = block[low:high]
                part._append(pack(cut) if isinstance(cut, list) else cut)
        return part

    def __repr__(self) -> str:
        return f"Column({self[:5]}{', …' if len(self) > 5 else ''})"


def pack(values: Sequence[Any]) -> Any:
    """The smallest form of `values` that gives back exactly the same numbers."""
    first = values[0]
    if values[-1] == first and values.count(first) == len(values):
        return _Same(first, len(values))
    try:
        return _whole(values) if isinstance(first, int) else _decimals(values)
    except (ValueError, OverflowError, TypeError):  # NaN, infinity, None, whole numbers and fractions mixed
        return tuple(values) if None in values else array("d", values)


def _whole(values: Sequence[int]) -> Any:
    if isinstance(values, range):
        return values
    steps = list(map(sub, values[1:], values))
    step = steps[0]
    breaks = len(steps) - steps.count(step)
    if step and breaks * _WORTH <= len(steps):
        return _ranges(values, step, [i + 1 for i, found in enumerate(steps) if found != step] if breaks else [])
    low = min(values)
    return _Shifted(low, _small_array([value - low for value in values]))


def _ranges(values: Sequence[int], step: int, breaks: list[int]) -> Any:
    """Numbers that count by `step` and begin anew in a few places."""
    parts: Column[int] = Column()
    for start, stop in pairwise([0, *breaks, len(values)]):
        parts._append(range(values[start], values[start] + (stop - start) * step, step))
    return parts


def _decimals(values: Sequence[float]) -> Any:
    scaled = [int(value * _DECIMALS + 0.5) for value in values]
    if [number / _DECIMALS for number in scaled] != (values if isinstance(values, list) else list(values)):
        raise ValueError("more than five decimals")
    return _Decimal(_small_array(scaled))


def _small_array(values: list[int]) -> array[int]:
    """Raises OverflowError for negative numbers and those of 32 bits or more."""
    high = max(values)
    return array(next((code for code, limit in _UNSIGNED if high < limit), "I"), values)


class _Same(Sequence[Any]):
    """One value, again and again."""

    __slots__ = ("_size", "_value")

    def __init__(self, value: Any, size: int) -> None:
        self._value, self._size = value, size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return _Same(self._value, len(range(*index.indices(self._size))))
        return self._value

    def __iter__(self) -> Iterator[Any]:
        return repeat(self._value, self._size)


class _Shifted(Sequence[Any]):
    """Whole numbers as small distances from their minimum."""

    __slots__ = ("_low", "_values")

    def __init__(self, low: int, values: array[int]) -> None:
        self._low, self._values = low, values

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return _Shifted(self._low, self._values[index])
        return self._values[index] + self._low

    def __iter__(self) -> Iterator[Any]:
        low = self._low
        return (value + low for value in self._values)


class _Decimal(Sequence[Any]):
    """Numbers of at most five decimals, as whole numbers; the division gives the very same double back."""

    __slots__ = ("_values",)

    def __init__(self, values: array[int]) -> None:
        self._values = values

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return _Decimal(self._values[index])
        return self._values[index] / _DECIMALS

    def __iter__(self) -> Iterator[Any]:
        return (value / _DECIMALS for value in self._values)
