"""THE SCORE MATRIX: one submission, one score, one full score, however the tests are run.

Rows are submissions, columns are ways of running. The test file holds a crashing fixture and a test whose worker dies.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pytest_mmedu.report.report import Report

Grade = Callable[..., Report]

pytestmark = pytest.mark.train
pytest.importorskip("xdist")
pytest.importorskip("pytest_randomly")

TOML = """
id = "ex"
title = { zh = "练习", en = "Exercise" }
dataset = "shapes3"
budget = { epochs = 2, images = 20, seconds = 300 }
"""
TESTS = '''
"""练习 | Exercise"""
import os
import pytest
from pytest_mmedu import points

@points(30)
def test_parameters(check):
    """参数 | Parameters"""
    check.param("lr", between=(0.001, 0.1))
    check.param("epochs", between=(3, 20))

@points(40)
def test_training(check):
    """训练 | Training"""
    check.run_finished()
    check.log_exists()
    check.loss_finite()
    check.best_checkpoint_exists()

@points(20, after=test_training)
@pytest.mark.parametrize("epoch", [1, 2])
def test_epochs(run, epoch):
    """每一轮 | Each epoch"""
    assert epoch in run.checkpoints

@points(5, after=test_parameters)
def test_blocked():
    """被挡住 | Blocked"""

@pytest.fixture
def crashing():
    raise RuntimeError("broken")

@points(10)
def test_crashing_fixture(crashing):
    """夹具出错 | Crashing fixture"""

@points(15)
def test_worker_dies(request):
    """进程退出 | Worker dies"""
    if hasattr(request.config, "workerinput"):
        os._exit(0)
    raise RuntimeError("alone the whole run would be gone")
'''
RIGHT = """
from MMEdu import MMClassification as cls
model = cls(backbone="LeNet")
model.num_classes = 3
model.load_dataset(path="shapes3")
model.save_fold = "first"
model.train(epochs=2, lr=0.05, batch_size=4, random_seed=1, validate=True)
"""
SUBMISSIONS = {
    "right": (RIGHT, 75.0),  # half of the parameters, because epochs is 2: so `test_blocked` is blocked
    "unfilled": (RIGHT.replace("0.05", "...").replace("epochs=2", "epochs=..."), 0.0),
    "syntax error": (RIGHT.replace("lr=0.05,", "lr=0.05，"), 0.0),
    "os._exit(0) at once": ("import os\nos._exit(0)\n" + RIGHT, 0.0),
    "os._exit(0) after training": (RIGHT + "import os\nos._exit(0)\n", None),
}
WAYS: dict[str, tuple[tuple[str, ...], int | None]] = {
    "shuffled, seed 1": ((), 1),
    "shuffled, seed 2": ((), 2),
    "-n2": (("-n2",), None),
    "-n2, shuffled, seed 3": (("-n2",), 3),
}
FEWER = ("shuffled, seed 1", "-n2, shuffled, seed 3")  # each worker costs seconds
FULL = 120.0


def verdicts(report: Report) -> dict[str, tuple[str, float, float, list[str]]]:
    return {
        test.nodeid: (test.outcome, test.earned, test.points, [result.outcome for result in test.results])
        for test in report.tests
    }


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_one_score_however_it_is_run(grade: Grade, pytester: pytest.Pytester, name: str) -> None:
    homework, expected = SUBMISSIONS[name]
    pytester.path.joinpath("exercise.toml").write_text(TOML, "utf-8")
    pytester.path.joinpath("homework.py").write_text(homework, "utf-8")
    pytester.makepyfile(test_ex=TESTS)
    alone = grade(code=1)
    ways = WAYS if name == "right" else {way: WAYS[way] for way in FEWER}
    others = {way: grade(*args, seed=seed, code=1) for way, (args, seed) in ways.items()}
    assert alone.max_score == FULL
    assert expected is None or alone.score == expected
    for way, report in others.items():
        assert verdicts(report) == verdicts(alone), way
        assert (report.score, report.max_score, report.undecided) == (alone.score, FULL, alone.undecided), way
