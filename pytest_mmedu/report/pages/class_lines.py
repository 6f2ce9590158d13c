"""全班表格的一行 | One student's line in the table of the class: a few numbers, so that 10,000 fit into memory."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from pytest_mmedu.gradebook.file_names import file_name
from pytest_mmedu.gradebook.row import Row, Status
from pytest_mmedu.report.pages.class_figures import Seen, seen
from pytest_mmedu.report.terminal import UNICODE_MARKS
from pytest_mmedu.text import Text

Mark = tuple[Seen, float]  # of one test, and the points earned there

SEEN: Mapping[Seen, Text] = {
    "passed": Text("满分", "all points"),
    "half": Text("一部分", "some points"),
    "failed": Text("没有得分", "no points"),
    "undecidable": Text("无法判定", "could not be decided"),
    "blocked": Text("前面的测试没通过，不计分", "not counted: an earlier test did not pass"),
    "error": Text("批改出错", "grading went wrong"),
    "not run": Text("没有运行", "not run"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """What the table shows of a `Row`; `marks` by node id are those of its tests.

    `page` is the student's own, None where there is no report to show.
    """

    student: str
    status: Status
    page: str | None
    score: float | None
    override: float | None
    penalty: float
    hours_late: float
    final: float | None
    max_score: float | None
    commented: bool
    marks: Mapping[str, Mark]

    @property
    def days_late(self) -> int:
        """Days that have begun."""
        return math.ceil(self.hours_late / 24)

    @property
    def kinds(self) -> str:
        """By what a teacher picks lines out, as words for the script."""
        lost = self.final is not None and self.max_score is not None and self.final < self.max_score - 1e-6
        words = {
            "lost": lost,
            "late": self.hours_late > 0,
            "changed": self.override is not None or self.commented,
            "open": self.status != "graded",
        }
        return " ".join(word for word, holds in words.items() if holds)

    def cells(self, tests: Sequence[str]) -> Iterator[tuple[str, str, float] | None]:
        """For each test the outcome as a word for classes, its sign, and the points; None where it is not there."""
        for nodeid in tests:
            mark = self.marks.get(nodeid)
            yield None if mark is None else (css_word(mark[0]), UNICODE_MARKS[mark[0]].strip(), mark[1])


def line_of(row: Row) -> Line:
    """The few numbers of a row; its report may be forgotten."""
    tests = row.report.tests if row.report is not None else ()
    return Line(
        student=row.student,
        status=row.status,
        page=page_of(row.student) if row.report is not None else None,
        score=row.score,
        override=row.override,
        penalty=row.penalty,
        hours_late=row.hours_late,
        final=row.final,
        max_score=row.max_score,
        commented=bool(row.comment.strip()),
        marks={test.nodeid: (seen(test.outcome, test.earned), test.earned) for test in tests},
    )


def page_of(student: str) -> str:
    """Where the student's own page lies, from the page of the class."""
    return f"students/{quote(file_name(student))}.html"


def css_word(outcome: Seen) -> str:
    return "is-" + outcome.replace(" ", "-")
