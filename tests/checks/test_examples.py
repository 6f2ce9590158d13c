"""Examples for a student's function: the same every time, the simplest first, and nothing but plain data."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from pytest_mmedu.checks import CHECKS, Subject
from pytest_mmedu.checks.examples import drawn
from pytest_mmedu.errors import ExerciseError

WHOLE = st.tuples(st.lists(st.integers(0, 10_000), min_size=1, max_size=5), st.integers(1, 5))
PROGRAM = """\
import sys
sys.path.insert(0, {folder!r})
import constants_of_mine
from hypothesis import strategies as st
from pytest_mmedu.checks.examples import drawn
print(drawn(st.tuples(st.lists(st.integers(0, 10_000), min_size=1, max_size=5), st.integers(1, 5)), 50))
"""


def test_each_example_once_and_the_simplest_first() -> None:
    found = drawn(WHOLE, 100)
    assert found[0] == ([0], 1)
    assert len(set(map(repr, found))) == len(found) > 50
    assert [len(repr(one)) for one in found] == sorted(len(repr(one)) for one in found)


def test_other_modules_change_nothing_and_nothing_is_left_in_the_folder(tmp_path: Path) -> None:
    """Newer versions of hypothesis like the numbers that stand in whatever modules are loaded."""
    numbers = ", ".join(map(str, range(7001, 7400)))
    (tmp_path / "constants_of_mine.py").write_text(f"NUMBERS = [{numbers}]\n", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "constants_of_mine.py").write_text("", encoding="utf-8")
    printed = [
        subprocess.run(
            [sys.executable, "-B", "-c", PROGRAM.format(folder=str(folder))],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for folder in (tmp_path, tmp_path / "empty")
    ]
    assert printed[0] == printed[1] == f"{drawn(WHOLE, 50)}\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["constants_of_mine.py", "empty"]


def test_a_list_keeps_its_order() -> None:
    assert drawn([(3, "c"), (1, "a"), (3, "c"), (2, None)], 2) == ((3, "c"), (1, "a"), (2, None))


@pytest.mark.parametrize(
    ("examples", "zh", "en"),
    [
        ([], "没有例子可以用。", "There are no examples."),
        ([[1, 2]], "例子 [1, 2] 不是元组。", "The example [1, 2] is not a tuple."),
        ([({1, 2},)], "例子里有 set，或者数据太多。", "An example holds a set, or too much data."),
        (7, "examples 收到 7。", "examples got 7."),
        (st.nothing(), "不能从这个策略得到例子", "This strategy gives no examples"),
        (st.tuples(st.integers().filter(lambda _: False)), "不能从这个策略得到例子", "This strategy gives no examples"),
    ],
    ids=["none", "no tuple", "a set", "a number", "nothing", "nothing left"],
)
def test_a_teacher_s_mistake_is_named(examples: Any, zh: str, en: str) -> None:
    with pytest.raises(ExerciseError) as caught:
        drawn(examples, 10)
    assert (zh in caught.value.seen.zh, en in caught.value.seen.en) == (True, True), caught.value.seen


def _fails(_: int) -> int:
    raise ValueError("not below one")


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        ({}, "check.function 没有说怎样才算对。", "check.function does not say what is right."),
        (
            {"reference": _fails},
            "reference(1,) 出错：ValueError: not below one。",
            "reference(1,) failed: ValueError: not below one.",
        ),
        (
            {"reference": lambda n: {n}},
            "reference 返回了 set：(1,)。",
            "The reference returns a set: (1,).",
        ),
    ],
    ids=["no rule", "fails", "a set"],
)
def test_a_reference_that_cannot_be_used_is_named(given: dict[str, Any], zh: str, en: str) -> None:
    with pytest.raises(ExerciseError) as caught:
        CHECKS["function"](Subject(), "double", examples=[(1,)], **given)
    assert (caught.value.seen.zh, caught.value.seen.en) == (zh, en)


def test_the_reference_cannot_change_the_examples() -> None:
    examples = [([3, 1, 2],)]
    CHECKS["function"](Subject(), "order", examples=examples, reference=lambda row: row.sort())
    assert examples == [([3, 1, 2],)]
