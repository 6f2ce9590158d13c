"""A report against what it should be: report -> exact sentences."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.exercise import compare
from pytest_mmedu.exercise.expected import Expected
from pytest_mmedu.exercise.solution import Blank
from pytest_mmedu.report.report import ExerciseName, Report, SubmissionName, TestReport
from pytest_mmedu.result import Result, failed, passed, undecidable
from pytest_mmedu.text import Text

EPOCHS, RATE = Text("参数 epochs", "Parameter epochs"), Text("参数 lr", "Parameter lr")
HINT = Text("再多几轮", "Try more")
EPOCHS_OK, RATE_OK = passed("param", EPOCHS, Text.same(10)), passed("param", RATE, Text.same(0.1))
EPOCHS_BAD = failed("param", EPOCHS, Text.same(1), hint=HINT)
RATE_BAD = failed("param", RATE, Text("还没有填写", "not filled in"), hint=HINT)
LOSS_UNKNOWN = undecidable("loss_falls", Text("损失下降", "Loss falls"), Text("没有", "none"), hint=HINT)


def _report(*results: Result, earned: float = 10.0, **changes: Any) -> Report:
    worst = next((one.outcome for one in results if one.outcome != "passed"), "passed")
    test = TestReport("test_a.py::test_one", Text("一", "One"), 10.0, earned, worst, results)
    test = replace(test, **changes)
    name = ExerciseName("a", Text("甲", "A"))
    return Report(name, SubmissionName("s"), (test,), score=test.earned, max_score=10.0)


def _expected(score: float | None = None, **more: Any) -> Expected:
    return Expected(Path("s"), "rejected", score, **more)


def _zh_en(found: Any) -> list[tuple[str, str]]:
    return [(one.zh, one.en) for one in found]


def test_accepted() -> None:
    assert list(compare.accepted(_report(EPOCHS_OK, RATE_OK))) == []
    assert list(compare.accepted(_report(EPOCHS_OK, RATE_BAD, earned=5.0), 5.0)) == []
    assert _zh_en(compare.accepted(_report(EPOCHS_OK, RATE_BAD, earned=5.0))) == [
        ("得 5 分，应得 10 分。", "It earns 5 points instead of 10."),
        ("没想到 param (Parameter lr) 失败。", "Not expected of param (Parameter lr): to fail."),
    ]


@pytest.mark.parametrize(
    "expected",
    [
        _expected(5.0, fails=("param epochs",)),
        _expected(5.0, fails=("param",)),
        _expected(5.0, fails=("param test_one",)),
        _expected(5.0, fails=("param epochs",), hints={"zh": ("多几轮",), "en": ("try MORE",)}),
    ],
)
def test_rejected_as_expected(expected: Expected) -> None:
    assert list(compare.rejected(_report(EPOCHS_BAD, RATE_OK, earned=5.0), expected)) == []


def test_rejected_otherwise() -> None:
    expected = _expected(6.0, fails=("param lr", "accuracy"), hints={"zh": ("轮", "学习率"), "en": ("rate",)})
    assert _zh_en(compare.rejected(_report(EPOCHS_BAD, RATE_OK, earned=5.0), expected)) == [
        ("得 5 分，应得 6 分。", "It earns 5 points instead of 6."),
        ("没想到 param (Parameter epochs) 失败。", "Not expected of param (Parameter epochs): to fail."),
        ("param lr 应该失败，却没有。", "param lr should fail, but does not."),
        ("accuracy 应该失败，却没有。", "accuracy should fail, but does not."),
        ("学生看不到“学习率”这个词。", "The student is not told “学习率”."),
        ("学生看不到“rate”这个词。", "The student is not told “rate”."),
    ]


def test_undecidable_is_not_failed() -> None:
    report = _report(EPOCHS_OK, LOSS_UNKNOWN, earned=5.0)
    assert list(compare.rejected(report, _expected(5.0, undecidable=("loss_falls",)))) == []
    assert _zh_en(compare.rejected(report, _expected(5.0, fails=("loss_falls",)))) == [
        ("loss_falls 应该失败，却没有。", "loss_falls should fail, but does not."),
        ("没想到 loss_falls (Loss falls) 无法判断。", "Not expected of loss_falls (Loss falls): to be undecidable."),
    ]


def test_an_assert_speaks_for_its_test() -> None:
    report = _report(outcome="failed", earned=0.0, message=Text("不对", "wrong"))
    assert list(compare.rejected(report, _expected(0.0, fails=("test_one",)))) == []
    half = _report(EPOCHS_OK, outcome="failed", earned=0.0, message=Text("不对", "wrong"))
    assert list(compare.rejected(half, _expected(0.0, fails=("test_one",)))) == []


def test_not_filled_in() -> None:
    assert list(compare.not_filled_in(_report(RATE_BAD, earned=0.0))) == []
    assert _zh_en(compare.not_filled_in(_report(EPOCHS_OK, EPOCHS_BAD, earned=5.0))) == [
        ("得 5 分，应得 0 分。", "It earns 5 points instead of 0."),
        ("没有填写却通过了 param (Parameter epochs)。", "Not filled in, but param (Parameter epochs) passed."),
        ("学生看不到“没有填写”。", "The student is not told “没有填写”."),
        ("学生看不到“not filled in”。", "The student is not told “not filled in”."),
    ]


def test_same_score() -> None:
    one, other = _report(EPOCHS_OK), _report(EPOCHS_BAD, earned=2.5)
    assert list(compare.same_score(one, one)) == []
    assert _zh_en(compare.same_score(one, other)) == [
        ("一：脚本 10 分，笔记本 2.5 分。", "One: the script earns 10, the notebook 2.5."),
    ]


def test_every_check_needs_a_submission_that_fails_it_alone() -> None:
    reference = _report(EPOCHS_OK, RATE_OK)
    first, second = _report(EPOCHS_BAD, RATE_OK), _report(EPOCHS_OK, RATE_BAD)
    assert list(compare.covered(reference, [first, second])) == []
    all_wrong = _report(EPOCHS_BAD, RATE_BAD)
    assert _zh_en(compare.covered(reference, [first, all_wrong])) == [
        ("没有一份错误作业使 param (Parameter lr) 失败。", "No rejected submission makes param (Parameter lr) fail."),
    ]


def test_errors_are_ours() -> None:
    broken = _report(outcome="error", earned=0.0, message=Text("坏了", "broken"))
    assert _zh_en(compare.no_errors(broken)) == [("一出错：坏了", "Error in One: broken")]
    nothing = replace(broken, tests=(), notes=(Text("没有报告。", "No report."),))
    assert _zh_en(compare.no_errors(nothing)) == [
        ("没有任何测试。没有报告。", "There is no test at all. No report."),
    ]
    assert list(compare.no_errors(_report(EPOCHS_BAD))) == []


def test_both_languages() -> None:
    assert list(compare.in_both_languages(_report(EPOCHS_BAD))) == []
    only = replace(EPOCHS_BAD, hint=Text.same("Try more"))
    assert _zh_en(compare.in_both_languages(_report(only))) == [
        ("缺一种语言：Try more", "One language is missing: Try more"),
    ]


@pytest.mark.parametrize(
    ("name", "value", "hint", "found"),
    [
        ("epochs", "12", "Try 12 epochs", True),
        ("epochs", "12", "Line 120, or 0.12, or -12", False),
        ("optimizer", '"Adam"', "Would Adam do?", True),
        ("optimizer", '"Adam"', "Adamant", False),
        ("topk", "(1, 5)", "Top-5 is out of 5", False),
        ("k", "5", "k may be 5", True),
        ("k", "5", "5 pictures of each class", False),
        ("validate", "True", "validate: True or False?", False),
        ("save_fold", "...", "save_fold is still open", False),
    ],
)
def test_a_hint_that_gives_the_answer_away(name: str, value: str, hint: str, found: bool) -> None:
    report = _report(replace(EPOCHS_BAD, hint=Text("试试别的", hint)))
    given = _zh_en(compare.gives_away(report, [Blank(name, value, 0, 0, 1, 1)]))
    assert given == ([(f"提示里有 {name} 的答案。", f"A hint holds the answer for {name}.")] if found else [])
