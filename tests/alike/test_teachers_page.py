"""From the folders of a class to the teacher's page: compared once, kept beside the gradebook, in no student's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mmedu.alike import read_alike
from pytest_mmedu.batch.comparing import compare
from pytest_mmedu.batch.layouts import Student
from pytest_mmedu.exercise.load import Exercise, load_exercise
from pytest_mmedu.gradebook.book import Gradebook
from pytest_mmedu.gradebook.publish import publish_class
from tests.alike.test_of_class import FILLED, OTHER, OWN, RENAMED, STARTER, hand_in


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    return load_exercise(hand_in(tmp_path / "exercise", homework_py=STARTER)[1])


@pytest.fixture
def students(tmp_path: Path) -> list[Student]:
    texts = {"张三": FILLED + OWN, "李四": FILLED + RENAMED, "王五": FILLED + OTHER}
    return [Student(*hand_in(tmp_path / name, homework_py=text)) for name, text in texts.items()]


def test_what_is_alike_reaches_the_page_of_the_class(
    exercise: Exercise, students: list[Student], tmp_path: Path
) -> None:
    with Gradebook(tmp_path / "out" / "gradebook.sqlite") as book:
        publish_class(book, exercise.title, "en")
        page = tmp_path / "out" / "index.html"
        assert "They were not compared this time." in page.read_text("utf-8")
        found = compare(students, exercise, tmp_path / "out")
        publish_class(book, exercise.title, "en")
    assert [one.students for one in found] == [("张三", "李四")]
    assert read_alike(tmp_path / "out" / "alike.json") == found
    shown = page.read_text("utf-8")
    assert "def count_dui(biaoqians, answers)" in shown
    assert "Look at both, then talk with the students." in shown


def test_the_starter_and_the_samples_of_the_exercise_are_nobody_s_own(
    exercise: Exercise, students: list[Student], tmp_path: Path
) -> None:
    (exercise.folder / "submissions" / "accepted").mkdir(parents=True)
    hand_in(exercise.folder / "submissions" / "accepted" / "with_functions", homework_py=FILLED + OWN)
    assert compare(students, exercise, tmp_path / "out") == ()
    assert read_alike(tmp_path / "out" / "alike.json") == ()
