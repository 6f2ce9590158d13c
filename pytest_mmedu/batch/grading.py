"""批改全班 | Grade every submission of a class, several at once, and show the cards and the class.

The seam is `concurrent.futures.Executor`: `grade_one` takes plain data and gives a plain report back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import click
from rich.progress import Progress

from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.exercise.load import load_exercise
from pytest_mmedu.report.class_table import show_class
from pytest_mmedu.report.json_file import write_report
from pytest_mmedu.report.report import Report
from pytest_mmedu.report.terminal import show_card
from pytest_mmedu.submission.isolation.boxes import Boxes
from pytest_mmedu.submission.isolation.levels import AUTO
from pytest_mmedu.text import Lang, Text

HANDED_IN = (".py", ".ipynb")


def find_submissions(folders: Iterable[Path]) -> list[Path]:
    """Every sub-folder, script and notebook in these folders is one student's submission, in order of name.

    Raises:
        SubmissionError: when there is none at all.
    """
    inside = (path for folder in folders for path in sorted(folder.iterdir()))
    found = [path for path in inside if not path.name.startswith((".", "_")) and _is_submission(path)]
    if not found:
        seen = Text("这里没有作业。", "There are no submissions here.")
        todo = Text(
            "每个学生应有一个子文件夹、脚本或笔记本。", "Each student needs a sub-folder, a script or a notebook."
        )
        raise SubmissionError(seen, todo)
    return found


def _is_submission(path: Path) -> bool:
    return path.is_dir() or path.suffix.lower() in HANDED_IN


def grade_class(
    folders: Sequence[Path],
    exercise: Path,
    *,
    workers: int,
    out: Path | None = None,
    show_cards: bool = False,
    cache: Path | str | None = None,
    isolation: str | None = None,
    lang: Lang,
) -> list[Report]:
    """Grade all submissions in the folders; one JSON report each goes to `out`."""
    submissions = find_submissions(folders)
    level = _one_level(exercise, isolation or AUTO)
    reports = []
    # Each submission is graded by processes of its own, so threads are enough to wait for them.
    with ThreadPoolExecutor(workers) as executor:
        for report in _watched(grade_all(submissions, exercise, executor, cache, level), len(submissions), lang):
            reports.append(report)
            if out is not None:
                write_report(report, out / f"{report.submission.name}.json")
    if show_cards:
        for report in reports:
            click.echo(f"\n── {report.submission.name} ──")
            show_card(report, lang)
    show_class(reports, lang)
    return reports


def _one_level(exercise: Path, asked: str) -> str:
    """The same level for the whole class, found once; where there is none, each report says why."""
    tried = Boxes().choose(asked, load_exercise(exercise).min_isolation)
    return asked if tried.box is None else tried.level


def grade_all(
    submissions: Sequence[Path],
    exercise: Path,
    executor: Executor,
    cache: Path | str | None = None,
    isolation: str | None = None,
) -> Iterator[Report]:
    """The reports in the order of the submissions, each as soon as it and those before it are there."""
    return executor.map(partial(grade_one, exercise, cache=cache, isolation=isolation), submissions)


def _watched(reports: Iterator[Report], total: int, lang: Lang) -> Iterator[Report]:
    """The same reports, with a progress bar where a person watches."""
    from rich.console import Console

    with Progress(console=Console(stderr=True), disable=not Console(stderr=True).is_terminal) as progress:
        task = progress.add_task(Text("批改", "Grading").in_lang(lang), total=total)
        for report in reports:
            yield report
            progress.advance(task)
