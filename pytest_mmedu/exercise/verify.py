"""检查练习是否正确 | Does an exercise grade as its author says?

The reference earns everything, as a script and as a notebook; the untouched starter earns 0 and is told that it is not
filled in; every sample submission meets its entry in submissions.toml; no check is without a submission that fails it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.compare import (
    accepted,
    covered,
    in_both_languages,
    no_errors,
    not_filled_in,
    rejected,
    same_score,
)
from pytest_mmedu.exercise.expected import Expected, expected_submissions
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.exercise.lint import lint
from pytest_mmedu.exercise.load import Exercise, load_exercise
from pytest_mmedu.exercise.problem import Problem
from pytest_mmedu.exercise.release import derive
from pytest_mmedu.report.report import Report
from pytest_mmedu.text import Lang, Text

WORKERS = 2
Grade = Callable[[Path, Path], Report]


@dataclass(frozen=True)
class Job:
    """One submission to grade, and what to say against its report."""

    name: str
    submission: Path
    judge: Callable[[Report], Iterable[Text]]


def verify(
    folder: Path,
    *,
    workers: int = WORKERS,
    cache: Path | str | None = None,
    grade: Grade | None = None,
    watch: Callable[[str], None] = lambda name: None,
) -> list[Problem]:
    """Everything that is wrong with the exercise in `folder`; an empty list means that it can be handed out.

    `grade` replaces the grading of one submission; `watch` is told each submission's name when it is graded.
    """
    problems = lint(folder)
    try:
        exercise = load_exercise(folder)
        with tempfile.TemporaryDirectory(prefix="mmedu-verify-", ignore_cleanup_errors=True) as place:
            jobs = list(_jobs(exercise, Path(place)))
            with ThreadPoolExecutor(workers) as executor:
                reports = _graded(exercise, jobs, grade or partial(grade_one, cache=cache), executor, watch)
    except ExerciseError:  # lint has said it, and there is nothing to grade
        return problems
    return problems + [Problem(f"{exercise.id}/{where}", text) for where, text in _wrong(exercise, jobs, reports)]


def count(folder: Path) -> int:
    """How many submissions `verify` will grade; 0 for a folder that is no exercise."""
    try:
        return len(expected_submissions(load_exercise(folder))) + len(_MADE)
    except ExerciseError:
        return 0


def verify_all(folders: Sequence[Path], *, lang: Lang, workers: int = WORKERS, cache: Path | str | None = None) -> bool:
    """Verify every exercise in `folders` (exercises, or folders of them) and say what is wrong; True when all is well.

    A progress bar shows where a person watches.
    """
    from pytest_mmedu.exercise.verify_view import Watched

    exercises = find_exercises(folders)
    with Watched(lang, {one: count(one) for one in exercises}) as shown:
        for one in exercises:
            shown.tell(one, verify(one, workers=workers, cache=cache, watch=partial(shown.step, one)))
    return shown.all_well


def find_exercises(folders: Iterable[Path]) -> list[Path]:
    """The folders that are exercises themselves, and the exercises right below the others.

    Raises:
        ExerciseError: a folder holds none.
    """
    found: list[Path] = []
    for folder in (folder.resolve() for folder in folders):
        inside = [folder] if _is_exercise(folder) else sorted(filter(_is_exercise, folder.glob("*/")))
        if not inside:
            seen = Text(f"{folder.name} 里没有练习。", f"There is no exercise in {folder.name}.")
            todo = Text("练习文件夹里要有 exercise.toml。", "The folder of an exercise holds an exercise.toml.")
            raise ExerciseError(seen, todo, place=str(folder))
        found += inside
    return found


def _is_exercise(folder: Path) -> bool:
    return (folder / "exercise.toml").is_file()


# Made from the master; a script and a notebook each.
REFERENCE, REFERENCE_BOOK = "reference", "reference (notebook)"
STARTER, STARTER_BOOK = "starter", "starter (notebook)"
_MADE = (REFERENCE, REFERENCE_BOOK, STARTER, STARTER_BOOK)


def _jobs(exercise: Exercise, place: Path) -> Iterator[Job]:
    derived = derive(exercise)
    made = {
        REFERENCE: (exercise.script, derived.reference_script, accepted),
        REFERENCE_BOOK: (exercise.notebook, derived.reference_notebook, accepted),
        STARTER: (exercise.script, derived.starter_script, not_filled_in),
        STARTER_BOOK: (exercise.notebook, derived.starter_notebook, not_filled_in),
    }
    for number, (name, (file, text, judge)) in enumerate(made.items()):
        folder = place / str(number)
        folder.mkdir()
        (folder / file).write_bytes(text.encode())
        yield Job(name, folder, judge)
    for one in expected_submissions(exercise):
        if one.folder.is_dir():  # lint has named those that are missing
            yield Job(one.name, one.folder, partial(_as_expected, one))


def _as_expected(one: Expected, report: Report) -> Iterable[Text]:
    return rejected(report, one) if one.kind == "rejected" else accepted(report, one.score)


def _graded(
    exercise: Exercise, jobs: Sequence[Job], grade: Grade, executor: Executor, watch: Callable[[str], None]
) -> dict[str, Report]:
    futures = {job.name: executor.submit(grade, exercise.folder, job.submission) for job in jobs}
    for name, future in futures.items():
        future.add_done_callback(lambda _, name=name: watch(name))  # type: ignore[misc]
    return {name: future.result() for name, future in futures.items()}


def _wrong(exercise: Exercise, jobs: Sequence[Job], reports: dict[str, Report]) -> Iterator[tuple[str, Text]]:
    for job in jobs:
        report = reports[job.name]
        broken = list(no_errors(report))
        for text in broken or [*job.judge(report), *in_both_languages(report)]:
            yield job.name, text
    yield from ((REFERENCE_BOOK, text) for text in same_score(reports[REFERENCE], reports[REFERENCE_BOOK]))
    sent_back = [reports[job.name] for job in jobs if job.name.startswith("rejected/")]
    yield from (("", text) for text in covered(reports[REFERENCE], sent_back))
