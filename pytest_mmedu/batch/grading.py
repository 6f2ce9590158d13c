"""批改全班 | Grade every submission of a class, several at once, and show the cards and the class.

The seam is `concurrent.futures.Executor`: `grade_one` takes plain data and gives a plain report back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from pathlib import Path

import click
from rich.progress import Progress

from pytest_mmedu.batch.executor import WarmExecutor
from pytest_mmedu.batch.layouts import students_in
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.exercise.load import load_exercise
from pytest_mmedu.exercise.personal import same_students
from pytest_mmedu.exercise.session import Session, fresh_session
from pytest_mmedu.report.class_table import show_class
from pytest_mmedu.report.json_file import write_report
from pytest_mmedu.report.report import Report
from pytest_mmedu.report.terminal import show_card
from pytest_mmedu.submission.isolation.boxes import Boxes
from pytest_mmedu.submission.isolation.levels import AUTO
from pytest_mmedu.text import Lang, Text


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
    level = _one_level(exercise, isolation or AUTO)
    reports = []
    with students_in(folders) as students, WarmExecutor(workers) as executor:
        paths = [one.path for one in students]
        graded = grade_all(paths, exercise, executor, cache, level, session=executor.session)
        for student, unnamed in zip(students, _watched(graded, len(students), lang), strict=True):
            report = replace(unnamed, submission=replace(unnamed.submission, name=student.name))
            reports.append(report)
            if out is not None:
                write_report(report, out / f"{report.submission.name}.json")
    if show_cards:
        for report in reports:
            click.echo(f"\n── {report.submission.name} ──")
            show_card(report, lang)
    show_class(reports, lang)
    for remark in same_students((report.submission.name, report.submission.student) for report in reports):
        click.echo(remark.in_lang(lang))
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
    *,
    session: Session = fresh_session,
) -> Iterator[Report]:
    """The reports in the order of the submissions, each as soon as it and those before it are there."""
    return executor.map(partial(grade_one, exercise, cache=cache, isolation=isolation, session=session), submissions)


def _watched(reports: Iterator[Report], total: int, lang: Lang) -> Iterator[Report]:
    """The same reports, with a progress bar where a person watches."""
    from rich.console import Console

    with Progress(console=Console(stderr=True), disable=not Console(stderr=True).is_terminal) as progress:
        task = progress.add_task(Text("批改", "Grading").in_lang(lang), total=total)
        for report in reports:
            yield report
            progress.advance(task)
