"""A course may have a conftest.py above its exercises: grading one of them takes it."""

from __future__ import annotations

from pathlib import Path

from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.exercise.session import Session

TESTS = '''"""练习 | Exercise"""
from pytest_mmedu import points


@points(10)
def test_answer(check, limit):
    """答案 | Answer"""
    check.answer("epochs", equals=limit)
'''
CONFTEST = """
import pytest


@pytest.fixture
def limit():
    return 12
"""


def test_it_counts(tmp_path: Path, warm_session: Session) -> None:
    exercise, submission = tmp_path / "course" / "lessons" / "exercise", tmp_path / "homework"
    for folder in (exercise, submission):
        folder.mkdir(parents=True)
    (tmp_path / "course" / "conftest.py").write_text(CONFTEST, "utf-8")
    (exercise / "exercise.toml").write_text(
        'id = "one"\ntitle = { zh = "一", en = "One" }\nanswers = "answers.toml"\n', "utf-8"
    )
    (exercise / "test_one.py").write_text(TESTS, "utf-8")
    (submission / "answers.toml").write_text("epochs = 12\n", "utf-8")
    assert grade_one(exercise, submission, cache="off", session=warm_session).score == 10
