"""全班成绩表 | The class as a table: who earned what, and in which tests points were lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from rich import box
from rich.console import Console
from rich.table import Table

from pytest_mmedu.report.report import Report
from pytest_mmedu.text import Lang, Text, printable

NAME, SCORE = Text("作业", "Submission"), Text("得分", "Score")
FINAL = Text("最终", "Final")
CLASS = Text("全班", "The class")
_LONGEST_NAME, _POINTS = 24, 6  # columns of a terminal; 100.25 is shown whole


def show_class(
    reports: Sequence[Report],
    lang: Lang,
    console: Console | None = None,
    *,
    finals: Mapping[str, Text] = MappingProxyType({}),
) -> None:
    """A row per submission, a column per test of the exercise, the score at the end.

    `finals`: of the submissions whose score is not the one that counts, what counts.
    """
    console = console or Console(highlight=False, markup=False, emoji=False)  # [link] may be part of a name
    # A submission that could not be graded has no tests: the columns come from those that have.
    titles: Mapping[str, Text] = {test.nodeid: test.title for report in reports for test in report.tests}
    table = Table(title=CLASS.in_lang(lang), box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column(NAME.in_lang(lang), no_wrap=True, max_width=_LONGEST_NAME)  # the titles break instead
    for title in titles.values():
        # Chinese has no spaces to break at: it is folded.
        table.add_column(title.in_lang(lang), justify="right", overflow="fold", min_width=_POINTS)
    table.add_column(SCORE.in_lang(lang), justify="right", no_wrap=True)
    if finals:
        table.add_column(FINAL.in_lang(lang), justify="right", no_wrap=True)
    for report in reports:
        earned = {test.nodeid: _points(test.earned) for test in report.tests}
        cells = [earned.get(nodeid, "–") for nodeid in titles]
        name = report.submission.name
        final = [finals[name].in_lang(lang) if name in finals else ""] if finals else []
        table.add_row(printable(name, 40), *cells, _total(report), *final)
    console.print(table)


def _total(report: Report) -> str:
    return f"{_points(report.score)} / {_points(report.max_score)}"


def _points(points: float) -> str:
    """52.5 and 70, never 70.0."""
    return f"{points:.2f}".rstrip("0").rstrip(".")
