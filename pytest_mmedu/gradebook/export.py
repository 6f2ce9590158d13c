"""导出成绩册 | A gradebook for other programs: CSV for Excel, JSON Lines, Markdown. One row at a time.

CSV opens right in Excel with Chinese (a mark of UTF-8 in front, CRLF), and no cell of it is a formula: what a student
writes must not compute on the teacher's machine.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pytest_mmedu.gradebook.row import Row, Status
from pytest_mmedu.text import Lang, Text

Cell = "str | float | int | None"

_STATUS: Mapping[Status, Text] = {
    "graded": Text("已批改", "graded"),
    "waiting": Text("未批改", "waiting"),
    "not graded": Text("没批成", "not graded"),
    "missing": Text("没有交", "not handed in"),
}
_COLUMNS: tuple[tuple[Text, Callable[[Row, Lang], Any]], ...] = (
    (Text("学生", "Student"), lambda row, _: row.student),
    (Text("最终得分", "Final score"), lambda row, _: row.final),
    (Text("满分", "Full score"), lambda row, _: row.max_score),
    (Text("自动评分", "Automatic score"), lambda row, _: row.score),
    (Text("迟交小时", "Hours late"), lambda row, _: round(row.hours_late, 2)),
    (Text("迟交扣分", "Late penalty"), lambda row, _: row.penalty),
    (Text("老师改分", "Override"), lambda row, _: row.override),
    (Text("评语", "Comment"), lambda row, _: row.comment),
    (Text("状态", "Status"), lambda row, lang: _STATUS[row.status].in_lang(lang)),
    (Text("原因", "Reason"), lambda row, lang: row.problem and row.problem.in_lang(lang)),
    (Text("交作业时间", "Handed in"), lambda row, _: row.handed_in),
    (Text("批改次数", "Attempts"), lambda row, _: row.attempts),
    (Text("批改时间", "Graded at"), lambda row, _: row.graded_at),
    (Text("作业", "Submission"), lambda row, _: row.path),
)
# The signs that Excel, also a Chinese or Japanese one, takes for the beginning of a formula.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r]")
# Behind what ends a cell where Windows is set to another sign than the comma, as in most of Europe.
_FORMULA_BEHIND = re.compile(r"([;\t][\s\"]*)(?=[=+\-@＝＋－＠])")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~])")


def to_csv(rows: Iterable[Row], lang: Lang) -> Iterator[str]:
    """Line by line, each with its CRLF; to be written in `utf-8-sig`, without changing the line ends."""
    yield _line(title.in_lang(lang) for title, _ in _COLUMNS)
    for row in rows:
        yield _line(defused(cell_of(row, lang)) for _, cell_of in _COLUMNS)


def defused(value: Any) -> Any:
    """A text that would be a formula, there or behind a semicolon, gets an apostrophe in front; numbers stay."""
    if not isinstance(value, str):
        return _number(value)
    text = _FORMULA_BEHIND.sub(r"\1'", value.replace("\0", ""))
    return f"'{text}" if _FORMULA.match(text) else text


def to_jsonl(rows: Iterable[Row], lang: Lang) -> Iterator[str]:
    """One object each, both languages inside, with what each test earned; the whole reports lie in `reports`."""
    del lang
    for row in rows:
        tests = row.report.tests if row.report else ()
        yield (
            json.dumps(
                {
                    **{name: getattr(row, name) for name in _PLAIN},
                    "problem": row.problem and row.problem.to_json(),
                    "tests": [
                        {"nodeid": one.nodeid, "points": one.points, "earned": one.earned, "outcome": one.outcome}
                        for one in tests
                    ],
                },
                ensure_ascii=False,
                allow_nan=False,
            )
            .encode("utf-8", "replace")
            .decode("utf-8")
            + "\n"
        )


def to_markdown(rows: Iterable[Row], lang: Lang) -> Iterator[str]:
    """A table for a wiki or an issue: who, the score, and why where there is none."""
    columns = [one for one in _COLUMNS if one[0] in _SHOWN]
    yield _markdown_line(title.in_lang(lang) for title, _ in columns)
    yield _markdown_line("---" for _ in columns)
    for row in rows:
        yield _markdown_line(_in_markdown(cell_of(row, lang)) for _, cell_of in columns)


FORMATS: Mapping[str, tuple[str, str, Callable[[Iterable[Row], Lang], Iterator[str]]]] = {
    "csv": ("gradebook.csv", "utf-8-sig", to_csv),
    "jsonl": ("gradebook.jsonl", "utf-8", to_jsonl),
    "markdown": ("gradebook.md", "utf-8", to_markdown),
}
_SHOWN = {_COLUMNS[at][0] for at in (0, 1, 2, 5, 6, 7, 8, 9)}
_PLAIN = (
    "student", "path", "sha256", "status", "attempts", "score", "override", "comment", "hours_late", "penalty",
    "final", "max_score", "graded_at", "handed_in",
)  # fmt: skip


def _line(cells: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(["" if cell is None else cell for cell in cells])
    return out.getvalue().encode("utf-8", "replace").decode("utf-8")


def _markdown_line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _in_markdown(value: Any) -> str:
    if value is None:
        return ""
    return _SPECIAL.sub(r"\\\1", " ".join(str(_number(value)).split()))


def _number(value: Any) -> Any:
    """70, not 70.0; no more than two digits behind the point."""
    if not isinstance(value, float):
        return value
    return int(value) if value.is_integer() else round(value, 2)
