"""An exercise whose homework is a data set: what students get, and how it is counted and made for verify."""

from __future__ import annotations

from pathlib import Path

from pytest_mmedu.exercise.lint import lint
from pytest_mmedu.exercise.load import load_exercise
from pytest_mmedu.exercise.release import release
from pytest_mmedu.exercise.verify import REFERENCE, STARTER, _made, count

FOLDER = Path(__file__).resolve().parents[2] / "exercises" / "15_own_dataset"


def test_students_get_the_pictures_and_nothing_sorted(tmp_path: Path) -> None:
    release(FOLDER, tmp_path / "out")
    names = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    texts = {"README.md", "exercise.toml", "pytest.ini", "test_exercise.py"}
    assert names == texts | {f"pictures/IMG_{number:03}.png" for number in range(1, 28)}


def test_no_program_is_asked_for() -> None:
    exercise = load_exercise(FOLDER)
    assert exercise.without_program
    assert not exercise.answers_only
    assert lint(FOLDER) == []


def test_reference_and_starter_are_folders() -> None:
    made = {name: set(files) for name, (files, _) in _made(load_exercise(FOLDER)).items()}
    assert set(made) == {REFERENCE, STARTER}
    assert {"my_dataset/classes.txt", "my_dataset/val.txt", "my_dataset/test.txt"} < made[REFERENCE]
    assert not any(name.startswith("my_dataset") for name in made[STARTER])
    assert count(FOLDER) == 14
