"""The save folder: value -> exact sentences."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mmedu.asked import Asked, AskedValue
from pytest_mmedu.checks import CHECKS, NoRun, Subject
from pytest_mmedu.result import Result
from pytest_mmedu.text import Text

AWAY = ("别的电脑上没有这个位置", "other computers have no such place")
OUTSIDE = ("在作业文件夹外面", "outside your folder")
NO_NAME = ("不是文件夹的名字", "not the name of a folder")


def _judge(value: AskedValue | None) -> Result:
    values = {} if value is None else {"save_fold": value}
    return CHECKS["save_fold_inside"](Subject(asked=Asked(values, place="homework.py:9")))


@pytest.mark.parametrize(
    "value", ["model", "./my model", "a/b/c", "a/../b", "checkpoints\\数字", "..model", "模型", "x.y"]
)
def test_inside(value: str) -> None:
    result = _judge(AskedValue(value, place="homework.py:9"))
    assert (result.outcome, result.place, result.hint) == ("passed", "homework.py:9", None)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("D:/MMEdu/my_model", AWAY),
        ("d:my_model", AWAY),
        ("/home/student/model", AWAY),
        ("\\\\server\\share\\model", AWAY),
        ("~/model", AWAY),
        ("../model", OUTSIDE),
        ("a/../../model", OUTSIDE),
        ("..\\model", OUTSIDE),
        ("..", OUTSIDE),
        ("", NO_NAME),
        (7, NO_NAME),
    ],
)
def test_outside(value: Any, words: tuple[str, str]) -> None:
    result = _judge(AskedValue(value, place="homework.py:9"))
    assert result.outcome == "failed"
    assert (result.seen.zh.rpartition("，")[2], result.seen.en.rpartition(", ")[2]) == words
    assert result.wanted == Text("应在作业文件夹里面", "should lie inside your folder")


def test_evidence_and_hint() -> None:
    result = _judge(AskedValue("D:/MMEdu", place="homework.py:9"))
    assert result.seen == Text("D:/MMEdu，别的电脑上没有这个位置", "D:/MMEdu, other computers have no such place")
    assert result.hint == Text(
        "只写文件夹的名字，不写盘符、开头的 / 和 ..：它会建在作业旁边。",
        "Write the folder's name alone, without a drive, a leading / or ..: it is made beside your work.",
    )


def test_default_is_in_the_folder_above() -> None:
    result = _judge(None)
    assert result.outcome == "failed"
    assert result.seen == Text("没有写，会存到上一级文件夹", "not mentioned: the folder above is used")
    assert result.hint == Text(
        "给它起个文件夹的名字，结果就留在作业旁边。",
        "Give it the name of a folder: the results then stay beside your work.",
    )


def test_not_filled_in() -> None:
    result = _judge(AskedValue(..., "not filled in", "homework.py:9"))
    assert (result.outcome, result.seen) == ("failed", Text("还没有填写", "not filled in"))


def test_unreadable_is_judged_by_what_the_call_received() -> None:
    assert _judge(AskedValue(None, "unreadable")).outcome == "undecidable"
    assert _judge(AskedValue(None, "unreadable", differs="model")).outcome == "passed"
    assert _judge(AskedValue(None, "unreadable", differs="/tmp/model")).outcome == "failed"


def test_both_the_written_and_the_received_value_count() -> None:
    assert _judge(AskedValue("model", differs="/tmp/model")).outcome == "failed"


def test_a_program_that_cannot_be_read_says_why() -> None:
    no_run = NoRun("failed", Text("语法错误", "a syntax error"), Text("改", "mend it"), "homework.py:3")
    result = CHECKS["save_fold_inside"](Subject(no_run=no_run))
    assert (result.outcome, result.seen, result.place) == ("failed", no_run.seen, "homework.py:3")
