"""What students get, and that nothing of the solution is in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.load import load_exercise
from pytest_mmedu.exercise.release import derive, release, write_starters

MakeExercise = Callable[..., Path]


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_files_of_a_release(make_exercise: MakeExercise, tmp_path: Path) -> None:
    out = tmp_path / "for students"
    written = release(make_exercise(), out)
    names = {"README.md", "exercise.toml", "homework.ipynb", "homework.py", "pytest.ini", "test_small.py"}
    assert _names(out) == names == {path.name for path in written}
    assert (out / "pytest.ini").read_text("utf-8") == "[pytest]\naddopts = --import-mode=importlib\n"


def test_nothing_of_the_solution(make_exercise: MakeExercise, tmp_path: Path) -> None:
    release(make_exercise(), tmp_path / "out")
    for path in (tmp_path / "out").iterdir():
        text = path.read_text("utf-8")
        assert "SOLUTION" not in text
        assert "0.02" not in text
        assert "epochs=12" not in text


def test_starter_script_and_notebook(make_exercise: MakeExercise, tmp_path: Path) -> None:
    release(make_exercise(), tmp_path / "out")
    script = (tmp_path / "out" / "homework.py").read_text("utf-8")
    assert script.endswith('model = cls(backbone="LeNet")\nmodel.train(\n    epochs=...,\n    lr=...,\n)\n')
    book = nbformat.read(tmp_path / "out" / "homework.ipynb", as_version=4)
    assert book.cells[-1].source == 'model = cls(backbone="LeNet")\nmodel.train(\n    epochs=...,\n    lr=...,\n)'


def test_same_master_same_bytes(make_exercise: MakeExercise, tmp_path: Path) -> None:
    folder = make_exercise()
    for name in ("one", "two"):
        release(folder, tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_reference_is_the_master_without_marks(make_exercise: MakeExercise) -> None:
    derived = derive(load_exercise(make_exercise()))
    assert "    epochs=12,\n    lr=0.02,\n" in derived.reference_script
    assert "SOLUTION" not in derived.reference_script + derived.reference_notebook
    assert [blank.name for blank in derived.blanks] == ["epochs", "lr"]


def test_starters_are_written_beside_the_master(make_exercise: MakeExercise) -> None:
    folder = make_exercise(starters=False)
    assert write_starters(folder) == (folder / "homework.py", folder / "homework.ipynb")
    assert b"\r" not in (folder / "homework.py").read_bytes()


def test_pictures_come_along(make_exercise: MakeExercise, tmp_path: Path) -> None:
    table = 'id = "01_small"\ntitle = { zh = "小", en = "S" }\ndataset = "digits10"\n'
    folder = make_exercise({"exercise.toml": table})
    release(folder, tmp_path / "with")
    assert len(list((tmp_path / "with" / "digits10" / "training_set").rglob("*.png"))) == 320
    assert not list((tmp_path / "with" / "digits10").rglob("*.py"))
    release(folder, tmp_path / "without", data=False)
    assert not (tmp_path / "without" / "digits10").exists()


def test_work_is_never_overwritten(make_exercise: MakeExercise, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "homework.py").write_text("mine", "utf-8")
    with pytest.raises(ExerciseError) as caught:
        release(make_exercise(), out)
    assert caught.value.text.zh == "out 里已经有东西了。请换一个空文件夹，以免盖掉作业。"
    assert caught.value.text.en == "out is not empty. Choose an empty folder, so that nobody's work is overwritten."
    assert (out / "homework.py").read_text("utf-8") == "mine"


@pytest.mark.parametrize("name", ["README.md", "test_small.py", "master.py"])
def test_a_solution_that_can_be_read_is_refused(make_exercise: MakeExercise, tmp_path: Path, name: str) -> None:
    folder = make_exercise()
    text = (folder / name).read_text("utf-8")
    (folder / name).write_text("# try epochs = 12\n" + text, "utf-8")
    told = "homework.py" if name == "master.py" else name
    with pytest.raises(ExerciseError) as caught:
        release(folder, tmp_path / "out")
    assert caught.value.text.zh == f"{told} 里能读到 epochs 的答案。请改写那句话。"
    assert caught.value.text.en == f"{told} gives the answer for epochs away. Word it differently."
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["README.md", "master.py"])
def test_a_missing_file_is_named(make_exercise: MakeExercise, tmp_path: Path, name: str) -> None:
    folder = make_exercise()
    (folder / name).unlink()
    with pytest.raises(ExerciseError) as caught:
        release(folder, tmp_path / "out")
    assert caught.value.text.en == f"{name} is missing or is not UTF-8 text. Add the file and save it as UTF-8."
