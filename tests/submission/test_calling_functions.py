"""A student's function in a process of its own: which program it is taken from, what is kept, what is believed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.submission import Budget, find_submission
from pytest_mmedu.submission.call_results import Answer, read_answers
from pytest_mmedu.submission.functions import Called, Calls, call_function
from pytest_mmedu.text import Text

CALLS = Calls("double", ((1,), (2.5,), ([1, "a", None, (True,)],)))
DOUBLE = "def double(x):\n    return x * 2 if not isinstance(x, list) else x + x\n"
DOUBLED = [2, 5.0, [1, "a", None, (True,), 1, "a", None, (True,)]]
Call = Callable[..., Called]


@pytest.fixture
def call(tmp_path: Path) -> Call:
    """Call the function of the files that are handed in."""
    folder = tmp_path / "handed in"
    folder.mkdir()

    def call_it(calls: Calls = CALLS, script: str | None = None, seconds: float = 20.0, **files: str) -> Called:
        for name, text in files.items():
            (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
        found = find_submission(folder, script=script)
        return call_function(found, calls, budget=Budget(seconds=seconds), cache=RunCache(tmp_path / "cache"))

    return call_it


def notebook(*cells: str) -> str:
    made: list[dict[str, Any]] = [
        {"cell_type": "code", "id": f"c{at}", "metadata": {}, "outputs": [], "execution_count": None, "source": text}
        for at, text in enumerate(cells)
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made})


def values(called: Called) -> list[Any]:
    return [answer.value for answer in called.answers if answer.how == "returned"]


def test_values_come_back_with_their_types(call: Call) -> None:
    called = call(homework_py=DOUBLE)
    assert values(called) == DOUBLED
    assert [type(value) for value in values(called)] == [int, float, list]
    assert (called.place, called.takes, called.isolation, called.stopped) == ("homework.py:1", "(x)", "process", None)


def test_a_notebook_s_lines_are_named_by_cell(call: Call) -> None:
    called = call(homework_ipynb=notebook("y = 1", "def double(x):\n    return x / 0\n"))
    assert called.place == "homework.ipynb[2]:1"
    assert [answer.how for answer in called.answers] == ["raised", "raised", "raised"]


def test_of_script_and_notebook_the_one_that_is_written(call: Call) -> None:
    """Both starters lie in the folder; the student has worked in the notebook."""
    stub = "def double(x):\n    ...\n"
    called = call(script="homework.py", homework_py=stub, homework_ipynb=notebook(DOUBLE))
    assert values(called) == DOUBLED


def test_the_same_program_and_examples_are_called_once(call: Call) -> None:
    first, second = call(homework_py=DOUBLE), call(homework_py=DOUBLE)
    assert (first.from_cache, second.from_cache) == (False, True)
    assert second.answers == first.answers
    assert call(Calls("double", ((3,),))).from_cache is False
    assert call(homework_py=DOUBLE + "#\n").from_cache is False


def test_a_module_beside_the_program_can_hold_the_function(call: Call) -> None:
    assert values(call(homework_py="from mine import *\n", mine_py=DOUBLE, script="homework.py")) == DOUBLED


def test_what_fails_beside_the_function_is_a_note(call: Call) -> None:
    called = call(homework_py=DOUBLE + "double(1) + 'a'\n")
    assert values(called) == DOUBLED
    assert called.notes == (
        Text(
            "函数之外（homework.py:3）：程序出错：int 和 str 类型的值之间不能用 +（TypeError）。",
            "Outside of the function (homework.py:3): The program failed: "
            "TypeError: unsupported operand type(s) for +: 'int' and 'str'",
        ),
    )


def test_each_call_has_arguments_of_its_own(call: Call) -> None:
    """Kept from one call and changed in the next: neither call's arguments are those of another."""
    program = "kept = []\ndef double(x):\n    kept.append(x)\n    kept[0][:] = [7]\n    return len(kept)\n"
    called = call(Calls("double", (([1],), ([1],), ([1],))), homework_py=program)
    assert [(answer.how, answer.value) for answer in called.answers] == [
        ("changed", None),
        ("returned", 2),
        ("returned", 3),
    ]


def test_no_library_is_loaded_for_a_program_that_only_mentions_one(call: Call) -> None:
    program = (
        "import sys\nfrom MMEdu import MMClassification as torch\n"
        + "def double(x):\n    return 'torch' in sys.modules\n"
    )
    assert set(values(call(homework_py=program))) == {False}


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ([], 0),
        (["not json"], 0),
        (['{"how": "returned", "value": 1}'], 0),  # nothing is said about the function first
        (['{"function": "there"}', '{"how": "returned", "value": 1}'], 0),
        (['{"function": "there", "line": -1, "takes": ""}'], 0),
        (['{"function": "there", "line": 1, "takes": ""}', '{"how": "wonderful"}'], 1),
        (['{"function": "there", "line": 1, "takes": ""}', "[]", '{"how": "exit"}'], 1),
        (['{"function": "there", "line": 1, "takes": ""}', *['{"how": "exit"}'] * 9], 3),
    ],
)
def test_only_well_formed_lines_are_read_and_never_more_than_were_asked(
    tmp_path: Path, lines: list[str], kept: int
) -> None:
    (tmp_path / "answers").write_text("\n".join(lines), encoding="utf-8")
    assert len(read_answers(tmp_path / "answers", 2)) == kept


@pytest.mark.parametrize(
    "line",
    [
        {"how": "returned"},
        {"how": "returned", "value": {"float": 3}},
        {"how": "changed", "which": -1},
        {"how": "changed", "which": True},
        {"how": "raised", "error": "no dict"},
        {"how": "not plain", "type": ["x"] * 1000},
    ],
)
def test_a_line_may_hold_anything(line: dict[str, Any]) -> None:
    answer = Answer.of(line)
    assert (answer.which, answer.error, len(answer.detail) <= 200) == (0, {}, True)
    assert answer.value is None
