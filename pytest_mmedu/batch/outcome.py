"""批改的结果 | What grading a class came to: what is shown at the end, and the exit code."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import click

from pytest_mmedu.batch.exit_codes import BELOW, NOT_GRADED, WELL
from pytest_mmedu.batch.hand_in_times import TIMES_FILE
from pytest_mmedu.batch.remarks import MOST_NAMED, named
from pytest_mmedu.gradebook.book import Gradebook
from pytest_mmedu.gradebook.row import Row
from pytest_mmedu.report.class_table import show_class
from pytest_mmedu.report.layout import number
from pytest_mmedu.report.report import Report
from pytest_mmedu.report.terminal import show_card
from pytest_mmedu.text import Lang, Text, printable

LONGEST_TABLE = 200  # students; more than that nobody reads on a terminal


@dataclass
class Outcome:
    """`new`: how many were graded now, the others had a valid report. All lists hold names."""

    students: int = 0
    new: int = 0
    not_graded: dict[str, Text] = field(default_factory=dict)
    below: list[str] = field(default_factory=list)
    unknown_times: int = 0
    owners: list[tuple[str, str]] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        if self.not_graded:
            return NOT_GRADED
        return BELOW if self.below else WELL

    def add(self, row: Row, min_score: float | None) -> None:
        """A teacher's own score is as good as a report."""
        self.students += 1
        self.unknown_times += not row.handed_in
        if row.final is None:
            self.not_graded[row.student] = row.problem or _WAITING
        elif min_score is not None and row.final < min_score:
            self.below.append(row.student)
        if row.report is not None:
            self.owners.append((row.student, row.report.submission.student))


def look_through(book: Gradebook, students: Collection[str], min_score: float | None, new: int) -> Outcome:
    """Every row of these students once."""
    outcome = Outcome(new=new)
    for student in students:
        outcome.add(book.row(student), min_score)
    return outcome


def show_outcome(
    outcome: Outcome, book: Gradebook, students: Collection[str], lang: Lang, *, cards: bool, min_score: float | None
) -> None:
    """Cards where they are wanted, the table of the class, and what a teacher should know."""
    if cards:
        for row in map(book.row, students):
            _show_card(row, lang)
    if len(students) <= LONGEST_TABLE:
        rows = [row for row in map(book.row, students) if row.report is not None]
        reports: list[Report] = [row.report for row in rows if row.report is not None]
        show_class(reports, lang, finals={row.student: _final(row) for row in rows if row.final != row.score})
    for remark in _remarks(outcome, book, min_score):
        click.echo(remark.in_lang(lang))


def _show_card(row: Row, lang: Lang) -> None:
    if row.report is not None:
        click.echo(f"\n── {row.student} ──")
        show_card(row.report, lang)


def _final(row: Row) -> Text:
    """What counts, and why it is not what was earned."""
    if row.final is None:
        return Text("–", "–")
    final, taken = number(row.final), number(row.penalty)
    if row.override is not None:
        return Text(f"{final}（老师）", f"{final} (teacher)")
    return Text(f"{final}（迟交 -{taken}）", f"{final} (late -{taken})")


def _remarks(outcome: Outcome, book: Gradebook, min_score: float | None) -> list[Text]:
    old, new = outcome.students - outcome.new, outcome.new
    found = [Text(f"新批改 {new} 份，{old} 份没有变化。", f"{new} graded now, {old} unchanged.")]
    if book.late_rule is not None and outcome.unknown_times:
        count = outcome.unknown_times
        found.append(
            Text(
                f"有 {count} 份作业不知道是什么时候交的，没有扣迟交分。可以在作业旁边放一个 {TIMES_FILE}，"
                "或 Moodle 的评分工作表、GitHub Classroom 的成绩表。",
                f"When {count} of them were handed in is not known, so nothing was taken off for being late. "
                f"Put a {TIMES_FILE} beside the submissions, or Moodle's grading worksheet, or the grades of "
                "GitHub Classroom.",
            )
        )
    if outcome.below and min_score is not None:
        names, least = named(outcome.below), number(min_score)
        found.append(Text(f"不到 {least} 分：{names.zh}。", f"Below {least} points: {names.en}."))
    if outcome.not_graded:
        found.extend(_not_graded(outcome))
    return found


def _not_graded(outcome: Outcome) -> list[Text]:
    count = len(outcome.not_graded)
    lines = [Text(f"有 {count} 份没批成：", f"{count} could not be graded:")]
    for student, why in list(outcome.not_graded.items())[:MOST_NAMED]:
        name = printable(student, 40)
        lines.append(Text(f"  {name}：{why.zh}", f"  {name}: {why.en}"))
    again = Text("加上 --regrade failed 再批一次这些作业。", "Add --regrade failed to try these again.")
    return [*lines, *([_AND_MORE] if count > MOST_NAMED else []), again]


_WAITING = Text("还没有批改。", "It has not been graded yet.")
_AND_MORE = Text("  ……", "  …")
