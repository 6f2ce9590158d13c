"""Reports and a gradebook without any grading."""

from __future__ import annotations

from pathlib import Path

from pytest_mmedu.gradebook.book import Gradebook
from pytest_mmedu.gradebook.graders import Grader
from pytest_mmedu.gradebook.work import Attempt, Seen
from pytest_mmedu.report.report import ExerciseName, Report, SubmissionName, TestReport
from pytest_mmedu.result import Outcome
from pytest_mmedu.text import Text

BROKEN = Text("批改进程没有了。", "The grading process is gone.")


def report(name: str = "张三", earned: float = 7.5, points: float = 10.0, outcome: Outcome = "failed") -> Report:
    """One test, `earned` of `points`."""
    message = BROKEN if outcome == "error" else None
    test = TestReport("test_a.py::test_a", Text("甲", "A"), points, earned, outcome, message=message)
    return Report(ExerciseName("01_a", Text("练习", "Exercise")), SubmissionName(name), (test,), earned, points)


def seen(student: str, key: str = "1", handed_in: str = "") -> Seen:
    return Seen(student, f"class/{student}", f"sha of {key}", f"key {key}", handed_in)


def attempt(student: str, key: str = "1", earned: float = 7.5) -> Attempt:
    return Attempt(student, f"sha of {key}", f"key {key}", report(student, earned))


def failed(student: str, key: str = "1") -> Attempt:
    return Attempt(student, f"sha of {key}", f"key {key}", None, BROKEN)


def grade(book: Gradebook, *attempts: Attempt) -> None:
    """As a grader does it: each is seen, claimed, and put."""
    with Grader(book.path) as grader:
        for one in attempts:
            book.see([Seen(one.student, f"class/{one.student}", one.sha256, one.key)])
            if book.claim(one.student, grader):
                book.put(one)


def open_book(folder: Path) -> Gradebook:
    return Gradebook(folder / "gradebook.sqlite")
