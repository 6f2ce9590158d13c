"""要做的批改 | The work in a gradebook: what is due, who is at it, and what came of it.

Each change is a short transaction of its own. A report is valid for its key: the content of the submission, the
exercise and the kit's version. `see` makes due whatever has no valid report, `claim` gives it to one grader, `put`
keeps what came of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pytest_mmedu.gradebook.connected import Connected, now
from pytest_mmedu.gradebook.database import transaction
from pytest_mmedu.gradebook.file_names import same_name
from pytest_mmedu.gradebook.graders import Grader
from pytest_mmedu.gradebook.stored import packed, said
from pytest_mmedu.report.report import Report
from pytest_mmedu.text import Text

_AT_ONCE = 500  # students of one transaction: one each would wait for the disk 10,000 times


@dataclass(frozen=True)
class Seen:
    """A submission as it lies there now."""

    student: str
    path: str
    sha256: str
    key: str
    handed_in: str = ""


@dataclass(frozen=True)
class Attempt:
    """What came of grading a submission; `problem` says why it is not graded, then `report` may be None."""

    student: str
    sha256: str
    key: str
    report: Report | None
    problem: Text | None = None


class Work(Connected):
    """What graders ask of a gradebook."""

    def see(self, submissions: Iterable[Seen]) -> None:
        """New and changed ones become due; one that was graded with this very key before has its report again."""
        waiting: list[Seen] = []
        for one in submissions:
            waiting.append(one)
            if len(waiting) == _AT_ONCE:
                self._see(waiting)
                waiting.clear()
        self._see(waiting)

    def _see(self, submissions: Sequence[Seen]) -> None:
        with transaction(self._base) as base:
            for one in submissions:
                self._see_one(base, one)

    def _see_one(self, base: sqlite3.Connection, one: Seen) -> None:
        known = self._one("SELECT key FROM students WHERE student = ?", one.student)
        if known is None:
            base.execute(
                "INSERT INTO students (student, same_name, path, sha256, key, handed_in, due) VALUES (?,?,?,?,?,?,1)",
                (one.student, same_name(one.student), one.path, one.sha256, one.key, one.handed_in),
            )
            return
        base.execute(
            "UPDATE students SET path = ?, sha256 = ?, handed_in = ? WHERE student = ?",
            (one.path, one.sha256, one.handed_in, one.student),
        )
        if known["key"] != one.key:
            before = self._one(
                "SELECT max(id) AS id FROM attempts WHERE student = ? AND key = ? AND status = 'graded'",
                *(one.student, one.key),
            )
            attempt = before and before["id"]
            base.execute(
                "UPDATE students SET key = ?, attempt = ?, due = ?, grader = NULL WHERE student = ?",
                (one.key, attempt, attempt is None, one.student),
            )

    def expect(self, students: Iterable[str]) -> None:
        """A row for each of these who has handed nothing in; who is expected no more has none, unless the teacher has
        said something about it."""
        with transaction(self._base) as base:
            base.execute(
                "DELETE FROM students WHERE path = '' AND student NOT IN (SELECT student FROM overrides)",
            )
            base.executemany(
                """INSERT OR IGNORE INTO students (student, same_name, path, sha256, key, handed_in, due)
                   VALUES (?, ?, '', '', '', '', 0)""",
                [(one, same_name(one)) for one in students],
            )

    def due(self) -> set[str]:
        """Students to be graded, claimed by somebody or not."""
        return {name for (name,) in self._base.execute("SELECT student FROM students WHERE due")}

    def failed(self) -> list[str]:
        """Students whose grading was tried and went wrong."""
        question = """SELECT students.student FROM students JOIN attempts ON attempts.id = students.attempt
                      WHERE NOT students.due AND attempts.status = 'not graded' ORDER BY students.student"""
        return [name for (name,) in self._base.execute(question)]

    def make_due(self, students: Iterable[str]) -> None:
        """To be graded anew, all of them or none; what was found before is kept among the attempts."""
        with transaction(self._base) as base:
            base.executemany("UPDATE students SET due = 1 WHERE student = ?", [(one,) for one in students])

    def claim(self, student: str, grader: Grader) -> bool | None:
        """True: now this grader's to grade. False: a living grader is at it. None: it is not due any more."""
        with transaction(self._base) as base:
            found = self._one("SELECT due, grader FROM students WHERE student = ?", student)
            if found is None or not found["due"]:
                return None
            if found["grader"] not in (None, grader.id) and grader.lives(found["grader"]):
                return False
            base.execute("UPDATE students SET grader = ? WHERE student = ?", (grader.id, student))
        return True

    def put(self, attempt: Attempt) -> None:
        """Keep it. It is what the student has now, unless another content was handed in meanwhile."""
        report, problem = attempt.report, attempt.problem
        counts = report is not None and problem is None
        with transaction(self._base) as base:
            made = base.execute(
                """INSERT INTO attempts (student, sha256, key, status, score, max_score, problem, report, graded_at)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                (
                    *(attempt.student, attempt.sha256, attempt.key),
                    "graded" if counts else "not graded",
                    report.score if report and counts else None,
                    report.max_score if report else None,
                    *(said(problem), packed(report), now()),
                ),
            )
            base.execute(
                "UPDATE students SET attempt = ?, due = 0, grader = NULL WHERE student = ? AND key = ?",
                (made.lastrowid, attempt.student, attempt.key),
            )
