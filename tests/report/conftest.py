"""The report that DESIGN's card shows, and its parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pytest_mmedu.report.report import ExerciseName, Report, SubmissionName, TestReport
from pytest_mmedu.result import failed, passed
from pytest_mmedu.text import Text

LR = passed(
    "param", Text("参数 lr", "Parameter lr"), Text.same("0.01"), Text("应在 0.001–0.1 之间", "between 0.001 and 0.1")
)
EPOCHS = passed(
    "param", Text("参数 epochs", "Parameter epochs"), Text.same("10"), Text("应在 5–20 之间", "between 5 and 20")
)
LOSS = passed(
    "loss_falls",
    Text("损失下降", "Loss falls"),
    Text("1.10 → 0.21，10 轮", "1.10 → 0.21, 10 epochs"),
    Text("要求下降 50%", "must fall by 50 %"),
)
ACCURACY = failed(
    "accuracy",
    Text("验证准确率", "Validation accuracy"),
    Text("0.74，第 10 轮", "0.74, epoch 10"),
    Text("满分 0.90，半分 0.70", "full marks 0.90, half 0.70"),
    hint=Text(
        "最后一轮准确率还在上升，多训练几轮会怎样？",
        "Accuracy was still rising in the last epoch: what would more epochs do?",
    ),
    place="run.log.json:21",
    share=0.5,
)
REPORT = Report(
    exercise=ExerciseName("01_first", Text("第一次训练", "First training")),
    submission=SubmissionName("wang", "0" * 64),
    tests=(
        TestReport("t.py::a", Text("参数合理", "Sensible parameters"), 30.0, 30.0, "passed", (LR, EPOCHS)),
        TestReport("t.py::b", Text("模型学会了", "The model learned"), 70.0, 52.5, "failed", (LOSS, ACCURACY)),
    ),
    score=82.5,
    max_score=100.0,
    versions={"pytest-mmedu": "0"},
)


@pytest.fixture
def report() -> Report:
    return REPORT


@pytest.fixture
def with_test() -> Callable[..., Report]:
    """The report of one test with these fields instead."""

    def make(**fields: Any) -> Report:
        one = replace(REPORT.tests[0], **{"results": (), "points": 10.0, "earned": 0.0, **fields})
        return replace(REPORT, tests=(one,), score=one.earned, max_score=one.points)

    return make
