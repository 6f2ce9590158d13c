"""批改一份作业 | Grade one submission: pytest in a process of its own, its report read back strictly.

A process each, because one crash or one endless loop must not cost another student's report; and the report file
alone counts, because an exit code of 0 says nothing: a program may leave whenever it likes.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from pytest_mmedu.errors import MachineError
from pytest_mmedu.exercise.load import Exercise, load_exercise
from pytest_mmedu.report.json_file import read_report
from pytest_mmedu.report.report import ExerciseName, Report, SubmissionName, TestReport
from pytest_mmedu.text import Lang, Text, printable, title_of

# What a run of the exercise needs beside the student's seconds: starting Python, importing torch, judging.
JUDGING_SECONDS = 180.0
_TAIL = 20_000  # bytes of output that are searched for the reason


def grade_one(
    exercise: Path,
    submission: Path,
    *,
    cache: Path | str | None = None,
    device: str | None = None,
    isolation: str | None = None,
    lang: Lang | None = None,
    seconds: float | None = None,
) -> Report:
    """The report of `submission`, a folder, script or notebook. Plain data in, plain data out: it can run anywhere.

    cache      the folder where runs are kept, or "off"; the machine's own place by default
    device     "cpu" or "cuda", by default what the submission asks for
    isolation  a level, by default the strongest that holds here
    lang       language of whatever the child prints; a report holds both
    seconds    limit for the whole of it; by default the exercise's budget and time enough to judge

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
        "--mmedu-lang": lang,
    }
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mmedu-grade-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        report = folder / "report.json"
        command = [
            *_pytest(loaded, folder),
            f"--mmedu-submission={submission.resolve()}",
            f"--mmedu-report=json:{report}",
            *(f"{name}={value}" for name, value in options.items() if value is not None),
        ]
        happened = _run(command, folder, limit)
        try:
            return read_report(report)
        except MachineError as error:
            happened = happened or error.text
            return _error_report(loaded, submission, happened, time.monotonic() - started)


def _pytest(exercise: Exercise, folder: Path) -> list[str]:
    """pytest that reads no settings but ours: an empty pytest.ini, no plugins beside this one."""
    ini = folder / "pytest.ini"
    ini.write_text("[pytest]\n", "utf-8")
    return [
        *(sys.executable, "-m", "pytest", "-c", str(ini), f"--rootdir={exercise.folder}"),
        *("-p", "pytest_mmedu.plugin", "-p", "no:cacheprovider", "--import-mode=importlib", "-q"),
        *map(str, exercise.test_files),
    ]


def _run(command: list[str], folder: Path, limit: float) -> Text | None:
    """Run it in the empty `folder`; None, or what went wrong in case there is no report."""
    output = folder / "output.txt"
    with output.open("wb") as sink:
        process = subprocess.Popen(
            command, cwd=folder, env=_environment(), stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT
        )
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            return Text(
                f"批改超过 {limit:g} 秒，已停止。", f"Grading took more than {limit:g} seconds and was stopped."
            )
        finally:
            _kill_tree(process)
    why = _last_words(output)
    return Text(f"批改进程没有留下报告，退出码 {code}：{why}", f"Grading left no report, exit code {code}: {why}")


def _environment() -> dict[str, str]:
    """Ours, without what would steer pytest or Python."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHON", "MMEDU_"))}
    return kept | {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONSAFEPATH": "1",
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _last_words(path: Path) -> str:
    """The lines that pytest marks with E, else the last few: what a teacher needs to find the reason."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        lines = [line for line in file.read().decode("utf-8", "replace").splitlines() if line.strip()]
    marked = [line.removeprefix("E") for line in lines if line.startswith("E  ")]
    return printable(" ".join(" ".join(marked or lines[-5:]).split()), 500)


def _kill_tree(process: subprocess.Popen[bytes]) -> None:
    """Nothing that grading started may outlive it."""
    if process.poll() is not None:
        return
    import psutil

    try:
        family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    except psutil.NoSuchProcess:
        return
    for one in family:
        try:
            one.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(family, timeout=10)
    process.wait()


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
