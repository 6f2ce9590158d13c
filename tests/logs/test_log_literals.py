"""Printed Python data is read as data: nothing is run, nothing can be nested or spelt so that it hurts."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.logs import literals
from pytest_mmedu.logs.dumped_config import DumpedConfig


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1), ("-1.5e-3", -0.0015), ("'a\\'b'", "a'b"), ("'D:\\models\\a'", "D:\\models\\a"), ("None", None),
        ("(1, )", (1,)), ("[]", []), ("{}", {}), ("dict()", {}), ("dict(a=1, b=dict(c=[True, 'x']))",
        {"a": 1, "b": {"c": [True, "x"]}}), ("{'a': {'b': -inf}}", {"a": {"b": -math.inf}}),
        ("name.of.it", "name.of.it"),
        ("tuple(1, 2)", [1, 2]), ("np.float64(0.5)", 0.5),
        ("tensor(-2)", -2), ("other(3)", [3]), ("{1: 2}", {1: 2}), ("[1,\n 2,\n]", [1, 2]),
    ],
)  # fmt: skip
def test_values(text: str, value: Any) -> None:
    assert literals.parse(text) == value


@pytest.mark.parametrize(
    "text", ["", "1 2", "[1", "dict(a=", "(]", "'open", "[" * 100_000, "-" * 100_000, "1 +", "a b", "[1 2]"]
)
def test_no_values(text: str) -> None:
    with pytest.raises(literals.NotLiteral):
        literals.parse(text)


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.text(st.characters(codec="ascii", exclude_characters="\\'\""))
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.sampled_from("abcxyz"), min_size=1), inner),
    max_leaves=20,
)


@given(value=PLAIN)
def test_what_python_prints_is_read(value: Any) -> None:
    printed = repr(value)
    if "\\" not in printed:  # control characters are printed as escapes that logs do not hold
        assert literals.parse(printed) == value


def test_nothing_is_run(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    config = DumpedConfig()
    config.feed(f"model = __import__('pathlib').Path({str(marker)!r}).touch()")
    assert not marker.exists()
    assert config.found == {}


def test_an_endless_statement_is_given_up() -> None:
    config = DumpedConfig()
    config.feed("model = dict(")
    for _ in range(3000):
        config.feed("    a=1, " * 8)
    assert not config.inside
