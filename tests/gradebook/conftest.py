"""An exercise that asks for answers alone, and a class that answers: grading one takes a tenth of a second."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest

from pytest_mmedu.batch.executor import WarmExecutor
from pytest_mmedu.batch.grading import grade_class
from pytest_mmedu.batch.outcome import Outcome

EXERCISE = 'id = "asks"\ntitle = { zh = "问答", en = "Asks" }\nanswers = "answers.toml"\n'
TESTS = '''
from pytest_mmedu import points


@points(10)
def test_asks(check):
    """两个问题 | Two questions"""
    check.answer("q", equals=7)
    check.answer("p", equals=8)
'''
RIGHT, HALF, WRONG = "q = 7\np = 8\n", "q = 7\np = 9\n", "q = 1\np = 1\n"

MakeClass = Callable[[Mapping[str, str]], Path]


def write_exercise(folder: Path) -> Path:
    place = folder / "asks"
    place.mkdir()
    (place / "exercise.toml").write_text(EXERCISE, "utf-8")
    (place / "test_asks.py").write_text(TESTS, "utf-8")
    return place


def write_class(folder: Path, answers: Mapping[str, str]) -> Path:
    """Name -> answers, into the folder of the class."""
    for name, text in answers.items():
        (folder / "class" / name).mkdir(parents=True, exist_ok=True)
        (folder / "class" / name / "answers.toml").write_text(text, "utf-8")
    return folder / "class"


@pytest.fixture
def exercise(tmp_path: Path) -> Path:
    return write_exercise(tmp_path)


@pytest.fixture
def hand_in(tmp_path: Path) -> MakeClass:
    return partial(write_class, tmp_path)


class Grade:
    """Grades the class as the command does, in processes that are there already."""

    def __init__(self, exercise: Path, results: Path, executor: WarmExecutor) -> None:
        self.grade = partial(grade_class, exercise=exercise, out=results, executor=executor, workers=1, cache="off")

    def __call__(self, *folders: Path, **more: object) -> Outcome:
        return self.grade(folders, **{"lang": "en", **more})  # type: ignore[arg-type]


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return tmp_path / "results"


@pytest.fixture
def grade(exercise: Path, results: Path, warm_executor: WarmExecutor) -> Grade:
    return Grade(exercise, results, warm_executor)
