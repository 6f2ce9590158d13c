"""读一个练习 | An exercise: its folder and what exercise.toml says about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.submission.budget import Budget
from pytest_mmedu.text import Text

if TYPE_CHECKING:
    from pytest_mmedu.gradebook.late import LateRule

EXERCISE_FILE = "exercise.toml"
SUBMISSIONS_FILE = "submissions.toml"
MASTER_FILE = "master.py"
PYTEST_INI = "pytest.ini"  # of the folder that a student gets
# importlib: two exercises side by side both have a test_exercise.py, which pytest's older modes cannot tell apart.
PYTEST_INI_TEXT = "[pytest]\naddopts = --import-mode=importlib\n"


@dataclass(frozen=True)
class Exercise:
    """`script` and `notebook` are the names of the starter files; `dataset` is a shipped name or a path.

    `notebook` is empty where the homework cannot be one: mmcls reads no config from a notebook.

    answers        the name of the file with the student's answers, where the exercise asks for some
    answers_only   it asks for nothing else: no program is looked for, none is run
    own_data       the name of the folder with the student's own data set, where that is what the exercise asks for:
                   no program is run; `dataset` are then the pictures that students are given for it
    held_out       the split whose pictures no student's program gets, for `accuracy_recomputed`
    min_isolation  the weakest level at which a student's program may be run
    late           what is taken off for handing in late
    """

    folder: Path
    id: str
    title: Text
    script: str = "homework.py"
    notebook: str = "homework.ipynb"
    dataset: str | None = None
    budget: Budget = field(default_factory=Budget)
    teaches: tuple[str, ...] = ()
    min_isolation: str = "process"
    held_out: str | None = None
    answers: str | None = None
    answers_only: bool = False
    own_data: str | None = None
    late: LateRule | None = None

    @property
    def without_program(self) -> bool:
        """Nothing that students hand in is run."""
        return self.answers_only or self.own_data is not None

    @property
    def solved_data(self) -> Path:
        """The data set as it should be, beside the pictures that students are given: for the teacher alone."""
        return self.folder / f"master_{self.own_data}"

    @property
    def master(self) -> Path:
        return self.folder / MASTER_FILE

    @property
    def submissions(self) -> Path:
        return self.folder / "submissions"

    @property
    def public_tests(self) -> tuple[Path, ...]:
        """What students get as well."""
        return tuple(sorted(self.folder.glob("test_*.py")))

    @property
    def hidden_tests(self) -> tuple[Path, ...]:
        """What the teacher alone has: they count when the teacher grades."""
        return tuple(sorted(self.folder.glob("hidden/test_*.py")))

    @property
    def test_files(self) -> tuple[Path, ...]:
        return (*self.public_tests, *self.hidden_tests)


def load_exercise(folder: Path) -> Exercise:
    """The exercise in `folder`; one without an exercise.toml is named after its folder and has MMEdu's file names.

    Raises:
        ExerciseError: the folder does not exist, or the first mistake in its exercise.toml.
    """
    folder = folder.resolve()
    if not folder.is_dir():
        seen = Text(f"没有练习文件夹 {folder.name}。", f"There is no exercise folder {folder.name}.")
        todo = Text("请核对路径。", "Check the path.")
        raise ExerciseError(seen, todo, place=str(folder))
    if not (folder / EXERCISE_FILE).exists():
        return Exercise(folder, folder.name, Text.same(folder.name))
    return _from_file(folder)


def _from_file(folder: Path) -> Exercise:
    from pytest_mmedu.exercise import tables, toml_file

    given = toml_file.read(folder / EXERCISE_FILE, tables.EXERCISE)
    answers_only = given.get("answers") not in (None, given.get("script")) and not {"script", "notebook"} & given.keys()
    made = {
        "title": Text(given["title"]["zh"], given["title"]["en"]),
        "teaches": tuple(given.get("teaches", ())),
        "budget": Budget(**given.get("budget", {})),
        "late": _late(**given["late"]) if "late" in given else None,
    }
    return Exercise(folder=folder, answers_only=answers_only, **{**given, **made})


def _late(**rule: Any) -> LateRule:
    from pytest_mmedu.gradebook.late import LateRule

    return LateRule(**rule)
