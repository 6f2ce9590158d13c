"""Exercises of which every student has a variant, judged: one, a class, and in the student's own folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from pytest_mmedu.cli import main
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.exercise.lint import lint
from pytest_mmedu.exercise.release import release
from pytest_mmedu.exercise.session import Session
from pytest_mmedu.exercise.verify import verify
from pytest_mmedu.report.report import Report
from tests.exercise.small_log import answered, right, write_exercise

Grade = Callable[[Path, Path], Report]


@pytest.fixture
def exercise(tmp_path: Path) -> Path:
    return write_exercise(tmp_path)


@pytest.fixture
def grade(warm_session: Session) -> Grade:
    return partial(grade_one, session=warm_session)


def earned(report: Report) -> dict[str, float]:
    return {test.nodeid.rpartition("::")[2]: test.earned for test in report.tests}


ALL = {"test_epochs": 10.0, "test_first": 1.0, "test_by_the_key": 5.0}
COPIED = {"test_epochs": 0.0, "test_first": 1.0, "test_by_the_key": 0.0}


def test_a_neighbours_answers_are_wrong(exercise: Path, tmp_path: Path, grade: Grade) -> None:
    own = grade(exercise, answered(tmp_path / "wang", right("2024001"), "2024001"))
    copied = grade(exercise, answered(tmp_path / "li", right("2024001"), "2024002"))
    assert (earned(own), earned(copied)) == (ALL, COPIED)
    assert own.submission.student == "2024001"
    assert [note.en for note in own.notes] == ["student.toml says that the student is 2024001: not verified."]


def test_the_log_that_counts_is_the_one_handed_out(exercise: Path, tmp_path: Path, grade: Grade) -> None:
    """Whoever shortens the log has not changed the question."""
    out = tmp_path / "out"
    release(exercise, out, student="2024001")
    (out / "run.log.json").write_text(json.dumps({"mode": "train", "epoch": 1, "iter": 1, "loss": 1.0}) + "\n", "utf-8")
    answered(out, 1)
    assert earned(grade(exercise, out)) == COPIED


def test_in_the_students_own_folder_the_public_tests_judge(exercise: Path, tmp_path: Path, grade: Grade) -> None:
    out = tmp_path / "02_log_released"
    release(exercise, out, student="2024001")
    answered(out, right("2024001"))
    assert earned(grade(out, out)) == {"test_epochs": 10.0, "test_first": 1.0}


def test_a_class(exercise: Path, tmp_path: Path) -> None:
    work = tmp_path / "class"
    answered(work / "li", right("2024002"), "2024001")
    answered(work / "wang", right("2024001"), "2024001")
    answered(work / "zhao", right("2024002"))
    (work / "students.csv").write_text("folder,id\nzhao,2024002\n", "utf-8")
    command = ["grade", str(work), "--exercise", str(exercise), "--lang", "en", "--out", str(tmp_path / "results")]
    done = CliRunner().invoke(main, command)
    assert "li, wang have the same id 2024001: find out whose work it is." in done.output
    scores = {
        path.stem: (data["score"], data["submission"]["student"])
        for path in sorted((tmp_path / "results" / "reports").glob("*.json"))
        for data in [json.loads(path.read_text("utf-8"))]
    }
    assert scores == {"li": (1.0, "2024001"), "wang": (16.0, "2024001"), "zhao": (16.0, "2024002")}


def test_it_verifies(exercise: Path, grade: Grade) -> None:
    assert lint(exercise) == []
    assert verify(exercise, grade=grade) == []


def test_release_and_check_take_an_id(exercise: Path, tmp_path: Path) -> None:
    out = tmp_path / "handout"
    done = CliRunner().invoke(main, ["release", str(exercise), "--out", str(out), "--student", "2024001"])
    assert done.exit_code == 0, done.output
    answered(out, right("2024001"))
    check = ["check", str(out), "--exercise", str(exercise), "--lang", "en", "--student", "2024002"]
    graded = CliRunner().invoke(main, check)
    assert graded.exit_code == 1
    assert "student.toml says 2024001; the work was graded as that of 2024002." in " ".join(graded.output.split())
    assert "Score 1 / 16" in graded.output
