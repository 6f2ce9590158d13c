"""What is handed out to one student: the own files, the id, and nothing of anybody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.personal import student_of
from pytest_mmedu.exercise.release import release
from tests.exercise.small_log import right, write_exercise


@pytest.fixture
def exercise(tmp_path: Path) -> Path:
    return write_exercise(tmp_path)


def test_a_student_gets_his_own(exercise: Path, tmp_path: Path) -> None:
    names = {"README.md", "exercise.toml", "answers.toml", "test_log.py", "pytest.ini", "run.log.json", "student.toml"}
    for student in ("2024001", "王小红"):
        out = tmp_path / student
        assert {path.name for path in release(exercise, out, student=student)} == names
        assert {path.relative_to(out).as_posix() for path in out.rglob("*")} == names
        assert len((out / "run.log.json").read_bytes().splitlines()) == right(student)
        assert student_of(out).id == student
    same = names - {"run.log.json", "student.toml"}
    for name in same:
        assert (tmp_path / "2024001" / name).read_bytes() == (tmp_path / "王小红" / name).read_bytes()


def test_without_an_id_it_is_the_neutral_one(exercise: Path, tmp_path: Path) -> None:
    release(exercise, tmp_path / "out")
    assert not (tmp_path / "out" / "student.toml").exists()
    assert len((tmp_path / "out" / "run.log.json").read_bytes().splitlines()) == right("")


@pytest.mark.parametrize("student", ['a"b', "C:\\x", "O'Hara"])
def test_any_id_comes_back_as_it_was(exercise: Path, tmp_path: Path, student: str) -> None:
    release(exercise, tmp_path / "out", student=student)
    assert student_of(tmp_path / "out").id == student


@pytest.mark.parametrize("student", [" ", "a\nb", "x" * 81])
def test_what_is_no_id(exercise: Path, tmp_path: Path, student: str) -> None:
    with pytest.raises(ExerciseError) as caught:
        release(exercise, tmp_path / "out", student=student)
    assert caught.value.todo.en == "Give a line of text, at most 80 characters."
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["readme.md", "homework.py", "student.toml", "answers.toml"])
def test_a_variant_overwrites_nothing(exercise: Path, tmp_path: Path, name: str) -> None:
    (exercise / "variant.py").write_text(f"def files(variant):\n    return {{{name!r}: ''}}\n", "utf-8")
    with pytest.raises(ExerciseError) as caught:
        release(exercise, tmp_path / "out", student="1")
    assert caught.value.text.zh == f"variant.py 也写了 {name}。请换一个文件名。"
    assert caught.value.text.en == f"variant.py writes {name} as well. Choose another name for its file."
