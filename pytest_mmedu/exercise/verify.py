"""检查练习是否正确 | Does an exercise grade as its author says?

The reference earns everything, as a script and as a notebook; the untouched starter earns 0 and is told that it is not
filled in; every sample submission meets its entry in submissions.toml; no check is without a submission that fails it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pytest_mmedu.batch.executor import WarmExecutor
from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.answer_key import right_answers, starter_answers
from pytest_mmedu.exercise.compare import (
    accepted,
    covered,
    gives_away,
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
from pytest_mmedu.temporary import temporary
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
    isolation: str | None = None,
    grade: Grade | None = None,
    watch: Callable[[str], None] = lambda name: None,
) -> list[Problem]:
    """Everything that is wrong with the exercise in `folder`; an empty list means that it can be handed out.

    `isolation` is a level, by default the strongest that holds here. `grade` replaces the grading of one submission;
    `watch` is told each submission's name when it is graded.
    """
    with temporary("verify") as place, WarmExecutor(workers) as executor:
        return _started(folder, place, executor, grade or _grading(executor, cache, isolation), watch)()


def _grading(executor: WarmExecutor, cache: Path | str | None, isolation: str | None) -> Grade:
    return partial(grade_one, cache=cache, isolation=isolation, session=executor.session)


def _started(
    folder: Path, place: Path, executor: Executor, grade: Grade, watch: Callable[[str], None]
) -> Callable[[], list[Problem]]:
    """The grading of an exercise's submissions has begun; the function waits for its end and says what is wrong."""
    problems = lint(folder)
    try:
        exercise = load_exercise(folder)
        jobs = list(_jobs(exercise, place))
    except ExerciseError:  # lint has said it, and there is nothing to grade
        return lambda: problems
    futures = {job.name: executor.submit(grade, exercise.folder, job.submission) for job in jobs}
    for name, future in futures.items():
        future.add_done_callback(lambda _, name=name: watch(name))  # type: ignore[misc]
    return lambda: [*problems, *_found(exercise, jobs, futures)]


def count(folder: Path) -> int:
    """How many submissions `verify` will grade; 0 for a folder that is no exercise."""
    try:
        exercise = load_exercise(folder)
        forms = 1 if exercise.without_program or not exercise.notebook else 2
        return len(expected_submissions(exercise)) + 2 * forms
    except ExerciseError:
        return 0


def verify_all(
    folders: Sequence[Path],
    *,
    lang: Lang,
    workers: int = WORKERS,
    cache: Path | str | None = None,
    isolation: str | None = None,
) -> bool:
    """Verify every exercise in `folders` (exercises, or folders of them) and say what is wrong; True when all is well.

    A progress bar shows where a person watches.
    """
    from pytest_mmedu.exercise.verify_view import Watched

    exercises = find_exercises(folders)
    watched = Watched(lang, {one: count(one) for one in exercises})
    with watched as shown, temporary("verify") as place, WarmExecutor(workers) as executor:
        started: dict[Path, Callable[[], list[Problem]]] = {}
        for one in exercises:
            folder = place / str(len(started))
            folder.mkdir()
            grade = _grading(executor, cache, isolation)
            started[one] = _started(one, folder, executor, grade, partial(shown.step, one))
        for one, problems in started.items():
            shown.tell(one, problems())
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


def _jobs(exercise: Exercise, place: Path) -> Iterator[Job]:
    for number, (name, (files, judge)) in enumerate(_made(exercise).items()):
        folder = place / str(number)
        folder.mkdir()
        for file, content in files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(content.encode() if isinstance(content, str) else content)
        yield Job(name, folder, judge)
    for one in expected_submissions(exercise):
        if one.folder.is_dir():  # lint has named those that are missing
            yield Job(one.name, one.folder, partial(_as_expected, one))


def _made(exercise: Exercise) -> dict[str, tuple[Mapping[str, str | bytes], Callable[[Report], Iterable[Text]]]]:
    """What each must come to; an exercise that asks for answers, a config or a data set alone has no notebook."""
    if exercise.own_data is not None:
        given = _files_in(exercise.folder, str(exercise.dataset))
        solved = _files_in(exercise.folder, exercise.solved_data.name, exercise.own_data)
        return {REFERENCE: (solved, accepted), STARTER: (given, not_filled_in)}
    derived, right, empty = derive(exercise), right_answers(exercise), starter_answers(exercise)
    if exercise.answers_only:
        return {REFERENCE: (right, accepted), STARTER: (empty, not_filled_in)}
    made: dict[str, tuple[Mapping[str, str | bytes], Callable[[Report], Iterable[Text]]]] = {
        REFERENCE: ({exercise.script: derived.reference_script, **right}, accepted),
        STARTER: ({exercise.script: derived.starter_script, **empty}, not_filled_in),
    }
    if exercise.notebook:
        made[REFERENCE_BOOK] = {exercise.notebook: derived.reference_notebook, **right}, accepted
        made[STARTER_BOOK] = {exercise.notebook: derived.starter_notebook, **empty}, not_filled_in
    return made


def _files_in(folder: Path, name: str, handed_in_as: str = "") -> dict[str, str | bytes]:
    """All files below a folder of the exercise, as they lie in what a student hands in."""
    found = sorted(path for path in (folder / name).rglob("*") if path.is_file())
    return {f"{handed_in_as or name}/{path.relative_to(folder / name).as_posix()}": path.read_bytes() for path in found}


def _as_expected(one: Expected, report: Report) -> Iterable[Text]:
    return rejected(report, one) if one.kind == "rejected" else accepted(report, one.score)


def _found(exercise: Exercise, jobs: Sequence[Job], futures: Mapping[str, Future[Report]]) -> Iterator[Problem]:
    reports = {name: future.result() for name, future in futures.items()}
    yield from (Problem(f"{exercise.id}/{where}", text) for where, text in _wrong(exercise, jobs, reports))


def _wrong(exercise: Exercise, jobs: Sequence[Job], reports: dict[str, Report]) -> Iterator[tuple[str, Text]]:
    blanks = derive(exercise).blanks
    for job in jobs:
        report = reports[job.name]
        broken = list(no_errors(report))
        for text in broken or [*job.judge(report), *in_both_languages(report), *gives_away(report, blanks)]:
            yield job.name, text
    if REFERENCE_BOOK in reports:
        yield from ((REFERENCE_BOOK, text) for text in same_score(reports[REFERENCE], reports[REFERENCE_BOOK]))
    sent_back = [reports[job.name] for job in jobs if job.name.startswith("rejected/")]
    yield from (("", text) for text in covered(reports[REFERENCE], sent_back))
