"""What students get, and that nothing of the solution is in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.lint import lint
from pytest_mmedu.exercise.load import load_exercise
from pytest_mmedu.exercise.release import derive, release, write_starters
from pytest_mmedu.exercise.variant import Variant

ROOT = Path(__file__).resolve().parents[2]
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
    assert (tmp_path / "with" / "digits10" / "test_set").is_dir()
    make_exercise({"exercise.toml": table + 'held_out = "test_set"\n'})
    release(folder, tmp_path / "held out")
    kept = {path.name for path in (tmp_path / "held out" / "digits10").iterdir()}
    assert kept == {"classes.txt", "data.toml", "training_set", "val.txt", "val_set"}
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


# -- planted: what stays with the teacher is found in whatever is handed out ------------------------------------------

MORE: dict[str, str | None] = {
    "hidden/test_hidden.py": (
        '"""藏 | Hidden"""\n\n\ndef test_it(check):\n    """藏 | Hidden"""\n'
        '    check.param("momentum", between=(0.8, 0.95))\n'
    ),
    "variant.py": (
        "def files(variant):\n    return {'data.txt': f'{variant.integer(\"secret number\", 1, 10**6)}'}\n\n\n"
        "def answers(variant):\n    return {'colour': variant.choice('colour', ('magenta', 'turquoise')), 'yes': 1}\n"
    ),
}
PLANTED = {
    "a solved value in a test": (
        "test_small.py",
        '# check.param("epochs", equals=12)\n',
        "test_small.py gives the answer for epochs away.",
    ),
    "a solved value in the text": ("README.md", "epochs: 12\n", "README.md gives the answer for epochs away."),
    "the mark": ("README.md", "x = 1  # SOLUTION\n", "README.md has a # SOLUTION mark."),
    "an accepted submission": (
        "README.md",
        "    net.train(lr=.01, epochs=n)\n",
        "README.md has a line of the sample submission accepted/positional_style/mine.py "
        "(net.train(lr=.01, epochs=n)).",
    ),
    "a rejected submission": (
        "test_small.py",
        "model.train(epochs=1, lr=0.01)  # too short\n",
        "test_small.py has a line of the sample submission rejected/short/homework.py "
        "(model.train(epochs=1, lr=0.01)).",
    ),
    "a hidden test": (
        "README.md",
        '    check.param("momentum",  between=(0.8, 0.95))\n',
        'README.md has a line of the hidden test test_hidden.py (check.param("momentum", between=(0.8, 0.95))).',
    ),
    "variant.py in the text": (
        "README.md",
        "# - return {'data.txt': f'{variant.integer(\"secret number\", 1, 10**6)}'}\n",
        "README.md has a line of variant.py (return {'data.txt': f'{variant.integer(\"secret number\", 1, …).",
    ),
    "an answer of nobody": (
        "README.md",
        f"colour = {Variant('01_small').choice('colour', ('magenta', 'turquoise'))}\n",
        "README.md gives the answer for colour away.",
    ),
    "an answer that is a number": ("README.md", "yes: 1\n", "README.md gives the answer for yes away."),
}


@pytest.mark.parametrize("name", PLANTED)
def test_planted_leaks_are_found(make_exercise: MakeExercise, tmp_path: Path, name: str) -> None:
    file, line, said = PLANTED[name]
    folder = make_exercise(MORE)
    release(folder, tmp_path / "before")
    assert lint(folder) == []
    (folder / file).write_text((folder / file).read_text("utf-8") + line, "utf-8")
    with pytest.raises(ExerciseError) as caught:
        release(folder, tmp_path / "out")
    assert caught.value.text.en == f"{said} Word it differently."
    assert caught.value.text.zh.endswith("请改写那句话。")
    assert caught.value.place == f"01_small/{file}"
    assert not (tmp_path / "out").exists()
    assert [problem.text.en for problem in lint(folder)] == [said]


def test_the_answer_of_the_student_who_gets_it(make_exercise: MakeExercise, tmp_path: Path) -> None:
    folder = make_exercise(MORE)
    colours = {
        student: Variant("01_small", student).choice("colour", ("magenta", "turquoise")) for student in "abcdefgh"
    }
    neutral = Variant("01_small").choice("colour", ("magenta", "turquoise"))
    other = next(student for student, colour in colours.items() if colour != neutral)
    (folder / "README.md").write_text(f"# 小 | Small\n\ncolour = {colours[other]}\n", "utf-8")
    with pytest.raises(ExerciseError, match="gives the answer for colour away"):
        release(folder, tmp_path / "out", student=other)
    release(folder, tmp_path / "out")


def test_what_is_made_for_a_student_is_searched_as_well(make_exercise: MakeExercise, tmp_path: Path) -> None:
    made = (
        "from pathlib import Path\n\n\ndef files(variant):\n"
        "    return {'x.txt': Path(__file__).read_text('utf-8') + variant.student}\n"
    )
    folder = make_exercise({"variant.py": made})
    with pytest.raises(ExerciseError, match=r"x\.txt has a line of variant\.py"):
        release(folder, tmp_path / "out", student="1")


def test_hidden_things_stay_where_they_are(make_exercise: MakeExercise, tmp_path: Path) -> None:
    release(make_exercise(MORE), tmp_path / "out", student="1")
    names = {"README.md", "exercise.toml", "homework.ipynb", "homework.py", "pytest.ini", "test_small.py"}
    assert _names(tmp_path / "out") == names | {"data.txt", "student.toml"}


def test_own_pictures_are_found_beside_the_exercise(make_exercise: MakeExercise, tmp_path: Path) -> None:
    table = 'id = "01_small"\ntitle = { zh = "小", en = "S" }\ndataset = "pets"\n'
    folder = make_exercise({"exercise.toml": table, "pets/classes.txt": "cat\n", "pets/training_set/cat/1.png": "x"})
    release(folder, tmp_path / "out")
    assert (tmp_path / "out" / "pets" / "training_set" / "cat" / "1.png").is_file()


EXERCISES = sorted(path.parent for path in (ROOT / "exercises").glob("*/exercise.toml"))


@pytest.mark.parametrize("folder", EXERCISES, ids=lambda folder: folder.name)
def test_no_exercise_of_the_course_hands_out_what_it_should_not(folder: Path, tmp_path: Path) -> None:
    release(folder, tmp_path / "out", data=False, student="2024001")
    given = {path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    kept = [folder / "master.py", folder / "submissions.toml", folder / "variant.py"]
    kept += [path for part in ("submissions", "hidden") for path in (folder / part).rglob("*") if path.is_file()]
    starters = {path.read_bytes() for path in folder.glob("homework.*")}
    assert not {path for path in kept if path.is_file() and path.read_bytes() in given - starters}
    assert {path.name for path in (tmp_path / "out").rglob("*")} >= {"README.md", "pytest.ini", "student.toml"}
