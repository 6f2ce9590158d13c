"""成绩册里存的样子 | How a report and a row are kept in the database, and read back."""

from __future__ import annotations

import json
import sqlite3
import zlib
from datetime import datetime
from typing import Any

from pytest_mmedu.gradebook.late import LateRule
from pytest_mmedu.gradebook.row import Row
from pytest_mmedu.report.report import Report, dumps
from pytest_mmedu.text import Text

# What `row_of` reads; the columns of an attempt are NULL where there is none.
ROWS = """
SELECT students.student, students.path, students.sha256, students.handed_in, students.due,
       attempts.status, attempts.score, attempts.max_score, attempts.problem, attempts.report, attempts.graded_at,
       overrides.score AS override, overrides.comment,
       (SELECT count(*) FROM attempts AS all_attempts WHERE all_attempts.student = students.student) AS attempts
FROM students
LEFT JOIN attempts ON attempts.id = students.attempt
LEFT JOIN overrides ON overrides.student = students.student
"""


def packed(report: Report | None) -> bytes | None:
    return None if report is None else zlib.compress(dumps(report).encode())


def unpacked(blob: bytes | None) -> Report | None:
    return None if blob is None else Report.from_json(json.loads(zlib.decompress(blob)))


def said(text: Text | None) -> str | None:
    return None if text is None else json.dumps(text.to_json(), ensure_ascii=False)


def row_of(found: sqlite3.Row, rule: LateRule | None) -> Row:
    """The row, with what the rule takes off. Of a submission that is to be graded again nothing old is told."""
    known: dict[str, Any] = {} if found["due"] or found["status"] is None else dict(found)
    score, most, override = known.get("score"), known.get("max_score"), found["override"]
    hours = rule.hours_late(datetime.fromisoformat(found["handed_in"])) if rule and found["handed_in"] else 0.0
    penalty = rule.penalty(hours, score, most or 0.0) if rule and score is not None else 0.0
    automatic = None if score is None else score - penalty
    problem = known.get("problem")
    return Row(
        student=found["student"],
        path=found["path"],
        sha256=found["sha256"],
        status=known.get("status") or ("waiting" if found["path"] else "missing"),
        report=unpacked(known.get("report")),
        problem=None if problem is None else Text.from_json(json.loads(problem)),
        attempts=found["attempts"],
        score=score,
        override=override,
        comment=found["comment"] or "",
        hours_late=hours,
        penalty=penalty,
        final=automatic if override is None else override,
        max_score=most,
        graded_at=known.get("graded_at") or "",
        handed_in=found["handed_in"],
    )
