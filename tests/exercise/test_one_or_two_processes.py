"""Exercise 01 trained by one process and by two: the same verdict. A process that dies costs the student nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.exercise.session import Session
from pytest_mmedu.report.report import Report
from pytest_mmedu.text import Text

pytestmark = pytest.mark.train
Graded = Callable[..., Report]
EXERCISE = Path(__file__).resolve().parents[2] / "exercises" / "01_first_training"
# 16 pictures in each step, whoever looks at them.
ALONE, TOGETHER = "batch_size=16", "batch_size=8, distributed=True, nproc=2"
HOMEWORK = """\
from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "model"
model.train({values}, topk=(1, 5))
"""
RIGHT = "epochs=6, lr=0.05, random_seed=1"
TOO_SHORT = "epochs=1, lr=0.05, random_seed=1"
# Both processes are killed as soon as they are there.
DIES = "import os\nos.register_at_fork(after_in_child=lambda: os.kill(os.getpid(), 9))\n"


@pytest.fixture
def graded(tmp_path_factory: pytest.TempPathFactory, warm_session: Session) -> Graded:
    def grade(values: str, before: str = "") -> Report:
        folder = tmp_path_factory.mktemp("submission")
        (folder / "homework.py").write_text(before + HOMEWORK.format(values=values), "utf-8")
        return grade_one(EXERCISE, folder, cache="off", isolation="process", session=warm_session)

    return grade


def verdict(report: Report) -> list[tuple[str, str, float, list[tuple[str, str, float]]]]:
    """Everything but the numbers that were measured."""
    return [
        (test.nodeid, test.outcome, test.earned, [(one.check, one.outcome, one.share) for one in test.results])
        for test in report.tests
    ]


@pytest.mark.parametrize(("values", "score"), [(RIGHT, 100.0), (TOO_SHORT, 60.0)], ids=["right", "too short"])
def test_two_processes_get_the_verdict_of_one(graded: Graded, values: str, score: float) -> None:
    alone, together = graded(f"{values}, {ALONE}"), graded(f"{values}, {TOGETHER}")
    assert (alone.versions["nproc"], together.versions["nproc"]) == ("1", "2")
    assert verdict(together) == verdict(alone)
    assert (together.score, alone.score) == (score, score)


def test_a_killed_process_is_not_the_students_fault(graded: Graded) -> None:
    report = graded(f"{RIGHT}, {TOGETHER}", DIES)
    outcomes = [(test.nodeid.rpartition("::")[2], test.outcome, test.earned) for test in report.tests]
    assert outcomes == [
        ("test_parameters", "passed", 30.0),
        ("test_training", "error", 0.0),
        ("test_learning", "error", 0.0),
    ]
    [ran, *_] = report.tests[1].results
    assert ran.seen == Text(
        "一起训练的 2 个进程中，第 1 个意外结束了（信号 9）。",
        "Of the 2 processes that train together, number 1 ended unexpectedly (signal 9).",
    )
