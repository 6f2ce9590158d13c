"""批改全班 | Grade every submission of a class, several at once, into a gradebook, and show the class.

The seam is `concurrent.futures.Executor`: `grade_one` takes plain data and gives a plain report back. Everything that
is known lies in the gradebook: killed at any instant, the same command goes on where it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TypeVar

import click

from pytest_mmedu.batch.class_lists import ClassLists
from pytest_mmedu.batch.comparing import compare
from pytest_mmedu.batch.due import Job, Submit, grade_due
from pytest_mmedu.batch.enrolling import bind, choose, enrol
from pytest_mmedu.batch.executor import WarmExecutor
from pytest_mmedu.batch.layouts import students_in
from pytest_mmedu.batch.outcome import Outcome, look_through, show_outcome
from pytest_mmedu.batch.remarks import on_class
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.exercise.load import Exercise, load_exercise
from pytest_mmedu.exercise.session import Session, fresh_session
from pytest_mmedu.gradebook.book import Gradebook
from pytest_mmedu.gradebook.file_names import GRADEBOOK
from pytest_mmedu.gradebook.graders import Grader
from pytest_mmedu.gradebook.publish import publish_class, publish_student
from pytest_mmedu.report.report import Report
from pytest_mmedu.submission.isolation.boxes import Boxes
from pytest_mmedu.submission.isolation.levels import AUTO
from pytest_mmedu.temporary import temporary
from pytest_mmedu.text import Lang, Text

T = TypeVar("T")
_EACH_WORKER = 2  # submissions handed out, so that none waits for the next


def grade_class(
    folders: Sequence[Path],
    exercise: Path,
    *,
    workers: int,
    executor: Executor | None = None,
    out: Path | None = None,
    regrade: Sequence[str] = (),
    min_score: float | None = None,
    show_cards: bool = False,
    cache: Path | str | None = None,
    isolation: str | None = None,
    python: Path | None = None,
    lang: Lang,
) -> Outcome:
    """Grade all submissions in the folders and show the class.

    workers   how many at once; of another `executor`, how many it has
    executor  where they are graded; it stays open. By default warm processes of this machine
    out       the folder of the gradebook, which is gone on with; without it none is kept
    python    another interpreter to run the programs in
    regrade   names, "changed", "failed", "all": what is to be graded although it has a report

    Raises:
        InputError: there is no such exercise, no submission, nobody of that name: the command was wrong.
        MachineError: something cannot be written, or the executor is gone. What was graded is kept.
    """
    loaded = load_exercise(exercise)
    with ExitStack() as stack:
        students = stack.enter_context(students_in(folders))
        place = out or stack.enter_context(temporary("gradebook"))
        book = stack.enter_context(Gradebook(place / GRADEBOOK))
        grader = stack.enter_context(Grader(book.path))
        bind(book, loaded)
        seen = _watched(students, len(students), _READING, lang)
        lists = ClassLists(loaded.late.due.tzinfo if loaded.late else None)
        enrolled = enrol(book, seen, loaded, _how(isolation, python), lists)
        jobs = choose(book, enrolled.jobs, regrade)
        due = book.due()
        wanted = [job for job in jobs if job.student in due]
        submit = _submit(stack, loaded, wanted, executor, workers, cache, isolation, python)
        done = grade_due(book, grader, wanted, submit, _EACH_WORKER * workers)
        for student in _watched(done, len(wanted), _GRADING, lang):
            if out is not None:
                publish_student(book, student, lang)
        if out is not None:
            compare(_watched(students, len(students), _COMPARING, lang), loaded, out)
            publish_class(book, loaded.title, lang)
        names = [job.student for job in jobs]
        outcome = look_through(book, names, min_score, len(wanted))
        show_outcome(outcome, book, names, lang, cards=show_cards, min_score=min_score)
        for remark in on_class(students, enrolled, lists, outcome.owners):
            click.echo(remark.in_lang(lang))
        return outcome


def _submit(
    stack: ExitStack,
    exercise: Exercise,
    wanted: Collection[Job],
    executor: Executor | None,
    workers: int,
    cache: Path | str | None,
    isolation: str | None,
    python: Path | None,
) -> Submit:
    """Hands a job to the executor given, else to warm processes; those are not started for nothing."""
    if executor is None and wanted:
        executor = stack.enter_context(WarmExecutor(workers))
        isolation = _one_level(exercise, isolation or AUTO)
    session: Session = getattr(executor, "session", fresh_session)
    one = partial(grade_one, exercise.folder, cache=cache, isolation=isolation, python=python, session=session)

    def submit(job: Job) -> Future[Report]:
        assert executor is not None  # nobody calls this without a job
        return executor.submit(one, job.path, student=job.owner or None)

    return submit


def _how(isolation: str | None, python: Path | None) -> str | None:
    """What was asked for beside the exercise: with another answer all reports are out of date."""
    return isolation if python is None else f"{isolation or AUTO} {python}"


def _one_level(exercise: Exercise, asked: str) -> str:
    """The same level for the whole class, found once; where there is none, each report says why."""
    tried = Boxes().choose(asked, exercise.min_isolation)
    return asked if tried.box is None else tried.level


def _watched(items: Iterable[T], total: int, what: Text, lang: Lang) -> Iterator[T]:
    """The same items, with a progress bar and the time that is left, where a person watches."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    left = TextColumn(Text("剩余", "left").in_lang(lang))
    columns = (
        *(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()),
        *(left, TimeRemainingColumn(compact=True)),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(what.in_lang(lang), total=total)
        for item in items:
            yield item
            progress.advance(task)


_READING = Text("读作业", "Reading")
_GRADING = Text("批改", "Grading")
_COMPARING = Text("比较", "Comparing")
