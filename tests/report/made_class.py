"""A class made by hand: rows of a gradebook with all that may stand in one, and submissions that are alike."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pytest_mmedu.alike import Alike, Excerpt
from pytest_mmedu.gradebook.row import Row
from pytest_mmedu.report.report import ExerciseName, Report, SubmissionName, TestReport
from pytest_mmedu.result import Result, failed, passed, undecidable
from pytest_mmedu.text import Text

TITLE = Text("第一次训练", "First training run")
CHOSEN, LEARNED = Text("参数合理", "The parameters you chose"), Text("模型学会了", "The model learned")
EPOCHS, LR = Text("参数 epochs", "Parameter epochs"), Text("参数 lr", "Parameter lr")
LOSS, ACCURACY = Text("损失下降", "Loss falls"), Text("验证准确率", "Validation accuracy")
MORE = Text("最后几轮损失还在下降，多训练几轮会怎样？", "The loss still fell in the last epochs: what would more do?")
SMALLER = Text("损失来回跳，学习率小一些会怎样？", "The loss jumps: what would a smaller learning rate do?")
HOSTILE = "<img src=x onerror=alert(1)>\u202e"


def graded(student: str, report: Report, **more: Any) -> Row:
    """A row as the gradebook gives it; `final` follows from the rest unless it is given."""
    row = Row(
        student=student,
        path=f"class/{student}",
        sha256="0" * 64,
        status="graded",
        report=report,
        problem=None,
        attempts=1,
        score=report.score,
        override=None,
        comment="",
        hours_late=0.0,
        penalty=0.0,
        final=report.score,
        max_score=report.max_score,
        graded_at="2026-11-23T20:00:00+00:00",
    )
    row = replace(row, **more)
    if "final" not in more:
        final = row.override if row.override is not None else report.score - row.penalty
        row = replace(row, final=final)
    return row


def without_report(student: str, status: Any, problem: Text | None = None) -> Row:
    return Row(student, "", "", status, None, problem, 0, None, None, "", 0.0, 0.0, None, None, "")


def report_of(shares: tuple[float, float, float, float | None], **more: Any) -> Report:
    """A report with these shares of two checks in each of two tests; None for what could not be decided."""
    chosen = (_result(EPOCHS, shares[0], MORE), _result(LR, shares[1], SMALLER))
    learned = (_result(LOSS, shares[2], SMALLER), _result(ACCURACY, shares[3], MORE))
    tests = (_test("t.py::a", CHOSEN, 30.0, chosen), _test("t.py::b", LEARNED, 70.0, learned))
    score = sum(test.earned for test in tests)
    named = {"isolation": "namespaces", "seconds": 2.0} | more
    return Report(ExerciseName("01", TITLE), SubmissionName("s"), tests, score, 100.0, **named)


def _test(nodeid: str, title: Text, points: float, results: tuple[Result, ...]) -> TestReport:
    share = sum(result.share for result in results) / len(results)
    outcomes = {result.outcome for result in results}
    outcome: Any = next((one for one in ("failed", "undecidable") if one in outcomes), "passed")
    return TestReport(nodeid, title, points, round(points * share, 2), outcome, results)


def _result(title: Text, share: float | None, hint: Text) -> Result:
    if share is None:
        return undecidable("made", title, Text("没有日志", "there is no log"), hint=hint)
    if share == 1:
        return passed("made", title, Text.same("1"))
    return failed("made", title, Text.same("0"), hint=hint, share=share)


def many(students: int, seed: int = 1) -> Iterator[Row]:
    """A class of any size, the same for the same seed."""
    chance = random.Random(seed)
    family, given = "王李张刘陈杨黄赵吴周徐孙马朱胡", "小红明芳伟强静丽军洋艳勇杰娟涛超秀英华平"
    for number in range(students):
        shares = (
            float(chance.random() < 0.55),
            float(chance.random() < 0.85),
            chance.choice((0.0, 0.5, 1.0, 1.0, 1.0)),
            chance.choice((0.0, 0.5, 0.5, 1.0, None)),
        )
        name = f"{chance.choice(family)}{chance.choice(given)}{chance.choice(given)} {20260000 + number}"
        late = chance.choice((0.0,) * 9 + (30.0,))
        report = report_of(shares, seconds=round(chance.lognormvariate(1.5, 0.6), 2))
        yield graded(name, report, hours_late=late, penalty=min(10.0, report.score) if late else 0.0)


def alike_of(first: str, second: str) -> Alike:
    """Two programs of which one was written from the other."""
    mine = ("def best_of(folder):", "    best, name = 0, None", "    for path in sorted(folder.glob('*.pth')):")
    theirs = ("def zuihao(dir):", "    b, n = 0, None", "    for p in sorted(dir.glob('*.pth')):")
    sides = (Excerpt(first, "homework.py:12", mine), Excerpt(second, "作业/homework.ipynb[3]:2", theirs))
    return Alike("program", (first, second), 0.83, sides)
