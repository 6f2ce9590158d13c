"""成绩册的一行 | One student's line in the gradebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pytest_mmedu.report.report import Report
from pytest_mmedu.text import Text

Status = Literal["graded", "waiting", "not graded", "missing"]


@dataclass(frozen=True)
class Row:
    """What is known of one student now.

    student     the name as shown, unique in the gradebook
    path        where the submission lay when it was last seen; "" for nothing handed in
    sha256      of the content of all its files
    status      "waiting": new or changed, no report yet; "not graded": it was tried and our part went wrong;
                "missing": on the list of the class, and nothing was handed in
    report      the report of this very content; with "not graded" it may be there and tell what went wrong
    problem     why it is not graded
    attempts    gradings so far, of this content and of earlier ones: all are kept
    score       what was earned by the report alone, before anything is taken off; None unless graded
    override    the teacher's score: it is final, nothing is taken off it
    hours_late  after the due time, also within the hours of grace
    penalty     points taken off for that
    final       the teacher's score, else the score less the penalty; None where there is neither
    graded_at   ISO, UTC; "" before
    handed_in   ISO with its zone; "" where nobody knows, and then nothing is taken off
    """

    student: str
    path: str
    sha256: str
    status: Status
    report: Report | None
    problem: Text | None
    attempts: int
    score: float | None
    override: float | None
    comment: str
    hours_late: float
    penalty: float
    final: float | None
    max_score: float | None
    graded_at: str
    handed_in: str = ""
