"""点名 | Who is in the class and what was handed in, written into the gradebook: what is new becomes due."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pytest_mmedu.batch.class_lists import ClassLists
from pytest_mmedu.batch.due import Job
from pytest_mmedu.batch.layouts import Student
from pytest_mmedu.batch.validity import content_of, exercise_key, report_key
from pytest_mmedu.errors import OptionError
from pytest_mmedu.exercise.load import Exercise
from pytest_mmedu.exercise.personal import claim_of
from pytest_mmedu.gradebook.book import Gradebook
from pytest_mmedu.gradebook.work import Seen
from pytest_mmedu.text import Text, listing, printable

CHANGED, FAILED, ALL = "changed", "failed", "all"
_EXERCISE, _LATE = "exercise", "late"


def bind(book: Gradebook, exercise: Exercise) -> None:
    """A gradebook is for one exercise; its late rule is taken as it is now.

    Raises:
        OptionError: the gradebook is another exercise's.
    """
    known = book.fact(_EXERCISE)
    if known is not None and known["id"] != exercise.id:
        was, now = printable(known["id"]), printable(exercise.id)
        seen = Text(f"这个成绩册是练习 {was} 的，不是 {now} 的。", f"This gradebook is for exercise {was}, not {now}.")
        todo = Text("请给每个练习一个自己的 --out 文件夹。", "Give each exercise an --out folder of its own.")
        raise OptionError(seen, todo)
    book.keep_fact(_EXERCISE, {"id": exercise.id, "title": exercise.title.to_json()})
    book.keep_fact(_LATE, exercise.late and exercise.late.to_json())


def title_in(book: Gradebook) -> Text:
    """The title of the exercise that the gradebook is of."""
    known = book.fact(_EXERCISE)
    return Text("", "") if known is None else Text.from_json(known["title"])


@dataclass
class Enrolled:
    """What is known of the class before anything is graded.

    jobs   one for each submission
    moved  students whose work has changed, and lies in another folder than before
    """

    jobs: list[Job] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)


def enrol(
    book: Gradebook, students: Iterable[Student], exercise: Exercise, isolation: str | None, lists: ClassLists
) -> Enrolled:
    """Everybody who handed something in, and a row for everybody else who is on a list of the class.

    Raises:
        ExerciseError: a list of the class beside the submissions cannot be understood.
    """
    enrolled = Enrolled()
    book.see(_seen(book, students, exercise_key(exercise, isolation), lists, enrolled))
    book.expect(lists.missing)
    return enrolled


def _seen(
    book: Gradebook, students: Iterable[Student], exercise: str, lists: ClassLists, enrolled: Enrolled
) -> Iterator[Seen]:
    for one in students:
        before = book.last_seen(one.name)
        name = before.student if before else one.name
        known, content = lists.of(one), content_of(one.path)
        key = report_key(exercise, content, known.owner or claim_of(one.path).id)
        if before and before.path and before.sha256 != content and Path(before.path).parent != Path(one.where).parent:
            enrolled.moved.append(name)
        enrolled.jobs.append(Job(name, one.path, content, key, known.owner))
        yield Seen(name, one.where, content, key, known.handed_in or one.handed_in)


def choose(book: Gradebook, jobs: Sequence[Job], regrade: Sequence[str]) -> list[Job]:
    """The jobs that the teacher means, what is to be graded anew made due.

    Raises:
        OptionError: somebody is named who is not in the class.
    """
    known = {job.student for job in jobs}
    names = [_named(book, known, one) for one in regrade if one not in (CHANGED, FAILED, ALL)]
    again = set(names)
    if FAILED in regrade:
        again |= known & set(book.failed())
    if ALL in regrade:
        again |= known
    book.make_due(sorted(again))
    if names and not {CHANGED, FAILED, ALL} & set(regrade):
        return [job for job in jobs if job.student in again]
    return list(jobs)


def _named(book: Gradebook, known: set[str], name: str) -> str:
    found = book.find(name)
    if found in known:
        return found
    raise no_such_student(name, known)


def no_such_student(name: str, known: Iterable[str]) -> OptionError:
    """The error for a name that nobody has, with those that are near."""
    shown = printable(name, 60)
    seen = Text(f"这里没有学生 {shown}。", f"There is no student {shown} here.")
    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    if not near:
        return OptionError(seen, Text("请核对名字。", "Check the name."))
    names = listing(printable(one, 60) for one in near)
    return OptionError(seen, Text(f"是不是 {names.zh}？", f"Did you mean {names.en}?"))
