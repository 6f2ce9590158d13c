"""老师改分 | The teacher's word on one submission, and everything that is written from it."""

from __future__ import annotations

import math
from pathlib import Path

from pytest_mmedu.batch.enrolling import no_such_student, title_in
from pytest_mmedu.errors import OptionError
from pytest_mmedu.gradebook.book import Gradebook, existing
from pytest_mmedu.gradebook.publish import publish_class
from pytest_mmedu.gradebook.row import Row
from pytest_mmedu.report.layout import number
from pytest_mmedu.text import Lang, Text, printable


def override_score(
    results: Path, name: str, score: float | None, comment: str | None, *, remove: bool = False, lang: Lang
) -> str:
    """Keep the teacher's score, comment, or both, beside what was found; a sentence that says what counts now.

    What is not given stays as the teacher said it before; `remove` takes both back.

    Raises:
        OptionError: there is no gradebook, no such student, or the score cannot be one.
    """
    with Gradebook(existing(results)) as book:
        student = book.find(name)
        if student is None:
            raise no_such_student(name, book.students())
        before = book.row(student)
        _refuse_impossible(score, before.max_score)
        if remove:
            book.override(student, None, "")
        else:
            kept = before.override if score is None else score
            book.override(student, kept, before.comment if comment is None else comment)
        publish_class(book, title_in(book), lang)
        return _told(book.row(student)).in_lang(lang)


def _refuse_impossible(score: float | None, most: float | None) -> None:
    if score is None or (math.isfinite(score) and 0 <= score <= (most or math.inf)):
        return
    seen = Text(f"得分不能是 {score:g}。", f"A score of {score:g} cannot be.")
    limit = "" if most is None else number(most)
    allowed = Text(f"应在 0 到 {limit} 之间。", f"It is between 0 and {limit}.") if limit else None
    raise OptionError(seen, Text("请核对分数。", "Check the score."), allowed=allowed)


def _told(row: Row) -> Text:
    who = printable(row.student, 60)
    if row.final is None:
        return Text(f"{who}：还没有得分。", f"{who}: no score yet.")
    final = number(row.final)
    if row.override is None:
        return Text(f"{who}：{final} 分，是自动评分。", f"{who}: {final} points, as graded.")
    earned = "–" if row.score is None else number(row.score)
    return Text(f"{who}：{final} 分，自动评分是 {earned} 分。", f"{who}: {final} points; {earned} as graded.")
