"""The course as it is handed out: every exercise grades as its author says, and every topic is taught by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mmedu.exercise.load import load_exercise
from pytest_mmedu.exercise.verify import find_exercises, verify_all

COURSE = Path(__file__).resolve().parents[2] / "exercises"
TOPICS = {f"T{number:02}" for number in range(1, 27)}  # the rows of the page that students read


def test_every_topic_is_taught() -> None:
    taught = {topic for folder in find_exercises([COURSE]) for topic in load_exercise(folder).teaches}
    assert taught == TOPICS


def test_exercises_are_numbered_without_gaps() -> None:
    names = [folder.name for folder in find_exercises([COURSE])]
    assert [int(name[:2]) for name in names] == list(range(1, len(names) + 1))


@pytest.mark.train
def test_it_grades_as_its_authors_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    well = verify_all([COURSE], lang="en", cache=tmp_path / "cache")
    assert well, capsys.readouterr().out
