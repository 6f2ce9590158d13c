"""读一个练习 | An exercise: its folder and what exercise.toml says about it.

The fixtures load this at every run of an exercise; pydantic (60 ms) is imported only where there is a file to check.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.submission.budget import Budget
from pytest_mmedu.text import Text

EXERCISE_FILE = "exercise.toml"
SUBMISSIONS_FILE = "submissions.toml"
MASTER_FILE = "master.py"


@dataclass(frozen=True)
class Exercise:
    """`script` and `notebook` are the names of the starter files; `dataset` is a shipped name or a path.

    min_isolation  the weakest level at which a student's program may be run
    """

    folder: Path
    id: str
    title: Text
    script: str = "homework.py"
    notebook: str = "homework.ipynb"
    dataset: str | None = None
    budget: Budget = field(default_factory=lambda: Budget(epochs=None, images=None, seconds=60.0, memory_mb=None))
    teaches: tuple[str, ...] = ()
    min_isolation: str = "process"

    @property
    def master(self) -> Path:
        return self.folder / MASTER_FILE

    @property
    def submissions(self) -> Path:
        return self.folder / "submissions"

    @property
    def test_files(self) -> tuple[Path, ...]:
        return tuple(sorted(self.folder.glob("test_*.py")))


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

    table = toml_file.read(folder / EXERCISE_FILE, tables.ExerciseTable)
    return Exercise(
        folder=folder,
        id=table.id,
        title=Text(table.title.zh, table.title.en),
        script=table.script,
        notebook=table.notebook,
        dataset=table.dataset,
        budget=Budget(**table.budget.model_dump()),
        teaches=tuple(table.teaches),
        min_isolation=table.min_isolation,
    )
