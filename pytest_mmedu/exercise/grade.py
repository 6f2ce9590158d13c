"""批改一份作业 | Grade one submission: pytest in a process of its own, its report read back strictly.

A process each, because one crash or one endless loop must not cost another student's report; and the report file
alone counts, because an exit code of 0 says nothing: a program may leave whenever it likes.
"""

from __future__ import annotations

import ast
import os
import time
from collections.abc import Iterator
from pathlib import Path

from pytest_mmedu.errors import MachineError
from pytest_mmedu.exercise.load import Exercise, load_exercise
from pytest_mmedu.exercise.session import Invocation, Session, fresh_session
from pytest_mmedu.report.json_file import read_report
from pytest_mmedu.report.report import ExerciseName, Report, SubmissionName, TestReport
from pytest_mmedu.temporary import temporary
from pytest_mmedu.text import Lang, Text, title_of

# What a run of the exercise needs beside the student's seconds: starting Python, importing torch, judging.
JUDGING_SECONDS = 180.0
# Parts of pytest that write files of their own, or that nobody can ask for here.
_NOT_USED = ("cacheprovider", "doctest", "junitxml", "pastebin", "setuponly", "setupplan", "stepwise")


def grade_one(
    exercise: Path,
    submission: Path,
    *,
    cache: Path | str | None = None,
    device: str | None = None,
    isolation: str | None = None,
    student: str | None = None,
    python: Path | None = None,
    lang: Lang | None = None,
    seconds: float | None = None,
    session: Session = fresh_session,
) -> Report:
    """The report of `submission`, a folder, script or notebook. Plain data in, plain data out: it can run anywhere.

    cache      the folder where runs are kept, or "off"; the machine's own place by default
    device     where the tests' own trainings compute: "cpu" (the default), "cuda", "cuda:N" or "auto"
    isolation  a level, by default the strongest that holds here
    student    whose work it is; by default what students.csv or student.toml say
    python     another interpreter to run students' programs in
    lang       language of whatever the child prints; a report holds both
    seconds    limit for the whole of it; by default the exercise's budget and time enough to judge
    session    runs pytest: in a fresh process, or in a fork of a process that has everything imported

    Without a report, or after the limit, every declared point is an `error` that says what happened.

    Raises:
        ExerciseError: there is no such exercise, or its exercise.toml is wrong.
    """
    loaded = load_exercise(exercise)
    limit = seconds if seconds is not None else loaded.budget.seconds + JUDGING_SECONDS
    options = {
        "--mmedu-cache": cache.resolve() if isinstance(cache, Path) else cache or None,
        "--mmedu-device": device,
        "--mmedu-isolation": isolation,
        "--mmedu-student": student,
        "--mmedu-python": python,
        "--mmedu-lang": lang,
    }
    started = time.monotonic()
    with temporary("grade") as folder:
        report = folder / "report.json"
        settings = {"--mmedu-submission": _whole(submission.resolve()), "--mmedu-report": f"json:{report}", **options}
        given = {flag: str(value) for flag, value in settings.items() if value is not None}
        happened = session(Invocation(_arguments(loaded), given), folder, limit)
        try:
            return read_report(report)
        except MachineError as error:
            happened = happened or error.text
            return _error_report(loaded, submission, happened, time.monotonic() - started)


def _whole(path: Path) -> str:
    """An option loses the spaces at its end; a folder's name may have them."""
    return f"{path}{os.sep}" if path.is_dir() else str(path)


def _arguments(exercise: Exercise) -> list[str]:
    """For a pytest without anything that grading does not need. What it prints goes where its output goes."""
    return [
        *(f"--rootdir={exercise.folder}", f"--confcutdir={_configured_from(exercise.folder)}"),
        *("--import-mode=importlib", "-q", "--capture=no"),
        *(word for name in _NOT_USED for word in ("-p", f"no:{name}")),
        *map(str, exercise.test_files),
    ]


def _configured_from(folder: Path) -> Path:
    """The highest folder with a conftest.py, else the exercise: pytest looks through each folder below it."""
    return next((one for one in reversed(folder.parents) if (one / "conftest.py").is_file()), folder)


def _error_report(exercise: Exercise, submission: Path, happened: Text, seconds: float) -> Report:
    tests = tuple(_declared(exercise, happened))
    return Report(
        exercise=ExerciseName(exercise.id, exercise.title),
        submission=SubmissionName(submission.name),
        tests=tests,
        score=0.0,
        max_score=float(sum(test.points for test in tests)),
        notes=(happened,),
        seconds=seconds,
    )


def _declared(exercise: Exercise, happened: Text) -> Iterator[TestReport]:
    """The tests and their points as the source declares them: a crash must not make the full score smaller."""
    for path in exercise.test_files:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.FunctionDef) and (points := _points(node)) is not None:
                title = title_of(ast.get_docstring(node), node.name)
                yield TestReport(f"{path.name}::{node.name}", title, points, 0.0, "error", message=happened)


def _tree(path: Path) -> ast.AST:
    """Empty for a test file that is not Python: that is then what happened, and the report says so."""
    try:
        return ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def _points(test: ast.FunctionDef) -> float | None:
    """30 for `@points(30, ...)`, by whatever module it is reached."""
    for mark in test.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith("points") and mark.args:
            number = mark.args[0]
            if isinstance(number, ast.Constant) and isinstance(number.value, (int, float)):
                return float(number.value)
    return None
