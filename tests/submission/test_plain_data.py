"""What may pass between the judge and a student's function, and what may not."""

from __future__ import annotations

import enum
import json
import math
from collections import OrderedDict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.strict_json import parse
from pytest_mmedu.submission._functions import plain
from pytest_mmedu.submission.plain_data import NotPlain, decode, encode

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
    ),
    max_leaves=15,
)


def typed(value: Any) -> Any:
    """The value with all its types: 1, 1.0 and True are different."""
    if isinstance(value, (list, tuple)):
        return type(value), [typed(item) for item in value]
    if isinstance(value, dict):
        return dict, [(typed(key), typed(item)) for key, item in value.items()]
    return type(value), value


@given(VALUES)
def test_plain_data_comes_back_as_it_was(value: Any) -> None:
    assert typed(decode(parse(json.dumps(encode(value), allow_nan=False)))) == typed(value)


def test_nan_comes_back_too() -> None:
    assert math.isnan(decode(encode([float("nan")]))[0])


class Yes(float):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = float.__hash__


class Liar:
    __class__ = float  # type: ignore[assignment]


class Colour(enum.IntEnum):
    RED = 1


def deep(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        Yes(1),
        Liar(),
        Colour.RED,
        type("list", (list,), {})([1]),
        OrderedDict(a=1),
        {1, 2},
        b"x",
        1j,
        (n for n in range(2)),
        range(3),
        object(),
        [1, [Yes(1)]],
        {"a": Yes(1)},
        ...,
        deep(60),
        [0] * 300_000,
        "x" * 300_000,
        10**4000,
    ],
    ids=lambda value: type(value).__name__,
)
def test_anything_else_is_refused(value: Any) -> None:
    with pytest.raises(NotPlain):
        encode(plain(value))


@pytest.mark.parametrize(
    "line",
    [
        "NaN",
        "Infinity",
        "",
        "{}",
        '{"float": "1"}',
        '{"float": 1}',
        '{"set": []}',
        '{"tuple": 1}',
        '{"tuple": [], "float": "nan"}',
        '{"dict": [[1]]}',
        '{"dict": [[[], 1]]}',
        "[" * 100_000,
        f"[{'[' * 60}{']' * 60}]",
        "[" + "0," * 300_000 + "0]",
    ],
    ids=lambda line: line[:20],
)
def test_what_encode_never_wrote_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        decode(parse(line))


def test_numbers_and_arrays_of_the_libraries_become_python_s_own() -> None:
    numpy = pytest.importorskip("numpy")
    found = plain([numpy.float32(0.5), numpy.int64(3), numpy.bool_(True), numpy.array(2.0), (numpy.array([[1, 2]]),)])
    assert typed(found) == typed([0.5, 3, True, 2.0, ([[1, 2]],)])


def test_what_is_derived_from_them_is_refused() -> None:
    numpy = pytest.importorskip("numpy")

    class Close(numpy.ndarray):  # type: ignore[misc]
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    class Near(numpy.float64):  # type: ignore[misc]
        pass

    for value in (numpy.array([1.0]).view(Close), Near(1), numpy.array([object()])):
        with pytest.raises(NotPlain):
            encode(plain(value))


@pytest.mark.train
def test_tensors_become_numbers_and_lists() -> None:
    torch = pytest.importorskip("torch")
    assert typed(plain([torch.tensor(0.5), torch.tensor([1, 2])])) == typed([0.5, [1, 2]])
    with pytest.raises(NotPlain):
        encode(plain(torch.nn.Parameter(torch.tensor(1.0))))
