"""发给学生的文件 | What students get: text, starter script and notebook, pictures, public tests, and no solution.

Only what is named here is copied; the master, the sample submissions and their verdicts stay with the teacher,
and every file is searched for the solved values before it is written.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise import cells
from pytest_mmedu.exercise.leaks import leaks
from pytest_mmedu.exercise.load import EXERCISE_FILE, Exercise, load_exercise
from pytest_mmedu.exercise.solution import Blank, Master
from pytest_mmedu.text import Text

README = "README.md"
PYTEST_INI = "pytest.ini"
# importlib: two exercises side by side both have a test_exercise.py, which pytest's older modes cannot tell apart.
PYTEST_INI_TEXT = "[pytest]\naddopts = --import-mode=importlib\n"


@dataclass(frozen=True)
class Derived:
    """What a master turns into; the notebooks as file content."""

    starter_script: str
    starter_notebook: str
    reference_script: str
    reference_notebook: str
    blanks: tuple[Blank, ...]


def derive(exercise: Exercise) -> Derived:
    """Starter and reference from the exercise's master.

    Raises:
        ExerciseError: no master, or one whose marks are wrong.
    """
    master = Master(_read(exercise.master), exercise.master.name)
    starter, reference, name = master.starter(), master.reference(), exercise.master.name
    return Derived(
        starter_script=cells.script(starter, name),
        starter_notebook=cells.notebook(starter, name),
        reference_script=cells.script(reference, name),
        reference_notebook=cells.notebook(reference, name),
        blanks=master.blanks,
    )


def write_starters(folder: Path) -> tuple[Path, ...]:
    """Bring the starter files beside the master up to date: for the teacher, after each change of the master."""
    exercise = load_exercise(folder)
    derived = derive(exercise)
    written = {exercise.script: derived.starter_script, exercise.notebook: derived.starter_notebook}
    return tuple(_write(exercise.folder / name, text.encode()) for name, text in written.items())


def release(folder: Path, out: Path, *, data: bool = True) -> tuple[Path, ...]:
    """Write the student's folder to `out`, which must not hold anything yet; return the files.

    `data` puts the pictures beside the script, to look at and for the real MMEdu, which knows no names of data sets.

    Raises:
        ExerciseError: the exercise is not fit to be handed out, or `out` is not empty.
    """
    exercise = load_exercise(folder)
    files = dict(_student_files(exercise))
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        seen = Text(f"{out.name} 里已经有东西了。", f"{out.name} is not empty.")
        todo = Text("请换一个空文件夹，以免盖掉作业。", "Choose an empty folder, so that nobody's work is overwritten.")
        raise ExerciseError(seen, todo, place=str(out))
    written = [_write(out / name, content) for name, content in files.items()]
    return (*written, *(_copied_data(exercise, out) if data else ()))


def _student_files(exercise: Exercise) -> Iterator[tuple[str, bytes]]:
    derived = derive(exercise)
    copied = [README, EXERCISE_FILE, *(path.name for path in exercise.test_files)]
    texts = {name: _read(exercise.folder / name) for name in copied}
    texts |= {exercise.script: derived.starter_script, exercise.notebook: derived.starter_notebook}
    texts[PYTEST_INI] = PYTEST_INI_TEXT
    for name, text in texts.items():
        for blank in leaks(text, derived.blanks):
            seen = Text(f"{name} 里能读到 {blank.name} 的答案。", f"{name} gives the answer for {blank.name} away.")
            todo = Text("请改写那句话。", "Word it differently.")
            raise ExerciseError(seen, todo, place=f"{exercise.folder.name}/{name}")
        yield name, text.encode()


def _copied_data(exercise: Exercise, out: Path) -> Iterator[Path]:
    if exercise.dataset is None:
        return
    from pytest_mmedu.dataset import find_dataset

    source = find_dataset(exercise.dataset)
    target = out / Path(exercise.dataset).name
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.py", "__pycache__", ".*"))
    yield from sorted(path for path in target.rglob("*") if path.is_file())


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        seen = Text(f"练习缺少 {path.name}，或它不是 UTF-8 文本。", f"{path.name} is missing or is not UTF-8 text.")
        todo = Text("请补上这个文件，用 UTF-8 保存。", "Add the file and save it as UTF-8.")
        raise ExerciseError(seen, todo, place=f"{path.parent.name}/{path.name}") from None


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
