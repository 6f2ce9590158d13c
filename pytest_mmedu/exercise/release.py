"""发给学生的文件 | What students get: text, starter script and notebook, pictures, public tests, and no solution.

Only what is named here is copied; the master, the hidden tests, variant.py, the sample submissions and their verdicts
stay with the teacher, and every file is searched for what is in them before it is written.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise import cells
from pytest_mmedu.exercise.answer_key import answer_blanks, right_answers, starter_answers
from pytest_mmedu.exercise.load import EXERCISE_FILE, PYTEST_INI, PYTEST_INI_TEXT, Exercise, load_exercise
from pytest_mmedu.exercise.personal import STUDENT_FILE, student_file
from pytest_mmedu.exercise.solution import Blank, Master
from pytest_mmedu.exercise.student_id import is_id
from pytest_mmedu.exercise.variant import Variant
from pytest_mmedu.exercise.variant_file import VARIANT_FILE, VariantFile
from pytest_mmedu.exercise.withheld import Withheld, as_text, withheld
from pytest_mmedu.submission.material import all_but
from pytest_mmedu.text import Text, printable

README = "README.md"


@dataclass(frozen=True)
class Derived:
    """What a master turns into; the notebooks as file content."""

    starter_script: str
    starter_notebook: str
    reference_script: str
    reference_notebook: str
    blanks: tuple[Blank, ...]

    def starters(self, exercise: Exercise) -> dict[str, str]:
        """The files that students fill in, by their names."""
        programs = {exercise.script: self.starter_script}
        if exercise.notebook:
            programs[exercise.notebook] = self.starter_notebook
        return ({} if exercise.without_program else programs) | starter_answers(exercise)


def derive(exercise: Exercise) -> Derived:
    """Starter and reference from the exercise's master; an exercise that asks for no program needs none.

    Raises:
        ExerciseError: no master, or one whose marks are wrong.
    """
    if exercise.without_program:
        return Derived("", "", "", "", answer_blanks(exercise))
    master = Master(_read(exercise.master), exercise.master.name)
    starter, reference, name = master.starter(), master.reference(), exercise.master.name
    return Derived(
        starter_script=cells.script(starter, name),
        starter_notebook=cells.notebook(starter, name),
        reference_script=cells.script(reference, name),
        reference_notebook=cells.notebook(reference, name),
        blanks=(*master.blanks, *answer_blanks(exercise)),
    )


def write_starters(folder: Path) -> tuple[Path, ...]:
    """Bring the starter files beside the master up to date: for the teacher, after each change of the master."""
    exercise = load_exercise(folder)
    written = derive(exercise).starters(exercise)
    return tuple(_write(exercise.folder / name, text.encode()) for name, text in written.items())


def release(folder: Path, out: Path, *, data: bool = True, student: str = "") -> tuple[Path, ...]:
    """Write the student's folder to `out`, which must not hold anything yet; return the files.

    data     puts the pictures beside the script, to look at and for the real MMEdu, which knows no names of data sets
    student  the id whose variant it is, also written to student.toml; "" for the neutral one

    Raises:
        ExerciseError: the exercise is not fit to be handed out, `student` is no id, or `out` is not empty.
    """
    exercise = load_exercise(folder)
    files = _student_files(exercise, student)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        seen = Text(f"{out.name} 里已经有东西了。", f"{out.name} is not empty.")
        todo = Text("请换一个空文件夹，以免盖掉作业。", "Choose an empty folder, so that nobody's work is overwritten.")
        raise ExerciseError(seen, todo, place=str(out))
    written = [_write(out / name, content) for name, content in files.items()]
    return (*written, *(_copied_data(exercise, out) if data else ()))


def given_away(exercise: Exercise) -> Iterator[tuple[str, Text]]:
    """File and sentence for everything that stands in the files for all students and should not."""
    derived = derive(exercise)
    secret = _withheld(exercise, derived)
    for name, text in _common_texts(exercise, derived, missing="").items():
        yield from ((name, what) for what in secret.found_in(name, text))


def _student_files(exercise: Exercise, student: str) -> dict[str, bytes]:
    derived = derive(exercise)
    texts = _common_texts(exercise, derived)
    if student:
        texts[STUDENT_FILE] = student_file(_checked_id(student))
    own = VariantFile(exercise.folder).files(Variant(exercise.id, student))
    _refuse_twins(exercise, texts, own)
    secret = _withheld(exercise, derived, student)
    for name, text in texts.items():
        _refuse_leaks(exercise, name, secret.found_in(name, text))
    for name, content in own.items():
        _refuse_leaks(exercise, name, secret.found_in(name, as_text(content) or "", made=True))
    return {name: text.encode() for name, text in texts.items()} | own


def _common_texts(exercise: Exercise, derived: Derived, missing: str | None = None) -> dict[str, str]:
    """What every student gets; where a file is not there, `missing` unless that is None."""
    texts = {}
    for name in (README, EXERCISE_FILE, *(path.name for path in exercise.public_tests)):
        path = exercise.folder / name
        texts[name] = _read(path) if missing is None or path.is_file() else missing
    return texts | derived.starters(exercise) | {PYTEST_INI: PYTEST_INI_TEXT}


def _withheld(exercise: Exercise, derived: Derived, student: str = "") -> Withheld:
    teachers = VariantFile(exercise.folder)
    answers = [teachers.answers(Variant(exercise.id, one)) for one in dict.fromkeys(("", student))]
    return withheld(
        exercise,
        derived.blanks,
        starters=derived.starters(exercise).values(),
        references=(derived.reference_script, *right_answers(exercise).values()),
        answers=[pair for one in answers for pair in one.items()],
    )


def _checked_id(student: str) -> str:
    if is_id(student):
        return student.strip()
    shown = printable(repr(student), 60)
    seen = Text(f"学号是 {shown}。", f"The student's id is {shown}.")
    raise ExerciseError(seen, Text("请写一行文字，最多 80 个字。", "Give a line of text, at most 80 characters."))


def _refuse_twins(exercise: Exercise, texts: Collection[str], own: Collection[str]) -> None:
    """Also for names that differ in the case of letters alone: on Windows they are one file."""
    taken = {name.casefold() for name in (*texts, exercise.script, exercise.notebook, STUDENT_FILE)}
    for name in own:
        if name.casefold() in taken:
            seen = Text(f"{VARIANT_FILE} 也写了 {name}。", f"{VARIANT_FILE} writes {name} as well.")
            todo = Text("请换一个文件名。", "Choose another name for its file.")
            raise ExerciseError(seen, todo, place=f"{exercise.folder.name}/{VARIANT_FILE}")


def _refuse_leaks(exercise: Exercise, name: str, found: Iterator[Text]) -> None:
    for what in found:
        todo = Text("请改写那句话。", "Word it differently.")
        raise ExerciseError(what, todo, place=f"{exercise.folder.name}/{name}")


def _copied_data(exercise: Exercise, out: Path) -> Iterator[Path]:
    if exercise.dataset is None:
        return
    from pytest_mmedu.dataset import find_dataset

    beside = exercise.folder / exercise.dataset
    source = beside if beside.is_dir() else find_dataset(exercise.dataset)
    target = out / Path(exercise.dataset).name
    shutil.copytree(source, target, ignore=all_but(source, exercise.held_out, "*.py", "__pycache__", ".*"))
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
