"""Columns give back exactly what was put in, in little memory."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.logs.columns import Column, pack

NUMBERS = st.one_of(
    st.lists(st.integers(0, 2**32 - 1) | st.none(), min_size=1),
    st.lists(st.floats(allow_nan=False) | st.none(), min_size=1),
    st.lists(st.integers(0, 10**7).map(lambda value: value / 1e5), min_size=1),
    st.builds(lambda start, size, step: list(range(start, start + size * step, step)),
              st.integers(0, 1000), st.integers(1, 200), st.integers(1, 10)),
    st.lists(st.integers(1, 90), min_size=1, max_size=4).map(lambda sizes: [i for n in sizes for i in range(n)]),
)  # fmt: skip


@given(blocks=st.lists(NUMBERS, max_size=5))
def test_what_was_put_in_comes_out(blocks: list[list[Any]]) -> None:
    column: Column[Any] = Column()
    for block in blocks:
        column.extend(block)
    values = [value for block in blocks for value in block]
    assert list(column) == values
    assert [column[i] for i in range(len(values))] == values
    assert column[-3:] == values[-3:]


@given(block=NUMBERS, data=st.data())
def test_a_cut_is_a_slice(block: list[Any], data: st.DataObject) -> None:
    column: Column[Any] = Column()
    column.extend(block)
    column.extend(block)
    start, stop = (data.draw(st.integers(0, 2 * len(block))) for _ in range(2))
    assert list(column.cut(start, stop)) == (block * 2)[start:stop]


def test_nan_and_infinity_are_kept() -> None:
    column: Column[float] = Column()
    column.extend([1.0, math.nan, -math.inf])
    assert repr(list(column)) == "[1.0, nan, -inf]"


def test_an_index_outside_is_an_error() -> None:
    column: Column[int] = Column()
    column.extend([1, 2])
    for index in (2, -3):
        with pytest.raises(IndexError):
            column[index]


@pytest.mark.parametrize(
    ("values", "form"),
    [
        ([7] * 100, "_Same"), ([None] * 3, "_Same"), (range(5), "range"), ([1, None], "tuple"),
        ([*range(100), *range(100)], "Column"), ([5, 9, 6, 300], "_Shifted"), ([0.12345, 2.5], "_Decimal"),
        ([math.pi, 1.0], "array"), ([-0.5, 1.0], "array"), ([math.nan, 1.0], "array"),
    ],
)  # fmt: skip
def test_the_form_of_a_block(values: Any, form: str) -> None:
    assert type(pack(values)).__name__ == form
