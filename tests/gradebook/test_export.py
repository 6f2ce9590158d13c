"""What other programs get: for Excel nothing that computes, nothing that is lost, exactly these headings."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.gradebook.export import defused, to_csv, to_jsonl, to_markdown
from pytest_mmedu.gradebook.publish import write_export
from pytest_mmedu.gradebook.row import Row
from pytest_mmedu.text import Text
from tests.gradebook.made import attempt, grade, open_book, report

COMPUTES = "=+-@\t\r＝＋－＠"


def row(student: str = "张三", comment: str = "", **changed: object) -> Row:
    given: dict[str, object] = {
        **{"student": student, "path": "class/x", "sha256": "ab", "status": "graded", "report": report(student)},
        **{"problem": None, "attempts": 2, "score": 7.5, "override": None, "comment": comment, "hours_late": 1.5},
        **{"penalty": 1.0, "final": 6.5, "max_score": 10.0, "graded_at": "2026-11-20T10:00:00+00:00"},
        **changed,
    }
    return Row(**given)  # type: ignore[arg-type]


def read(lines: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(lines, newline="")))


def test_headings_and_a_row_in_chinese() -> None:
    lines = "".join(to_csv([row(comment="很好，继续")], "zh"))
    assert lines == (
        "学生,最终得分,满分,自动评分,迟交小时,迟交扣分,老师改分,评语,状态,原因,交作业时间,批改次数,批改时间,作业\r\n"
        "张三,6.5,10,7.5,1.5,1,,很好，继续,已批改,,,2,2026-11-20T10:00:00+00:00,class/x\r\n"
    )


def test_headings_and_a_row_in_english() -> None:
    why = Text("进程没有了。", "The process is gone.")
    failed = row(status="not graded", report=None, problem=why, score=None, final=None, max_score=None, penalty=0.0)
    lines = "".join(to_csv([failed], "en"))
    assert lines == (
        "Student,Final score,Full score,Automatic score,Hours late,Late penalty,Override,Comment,Status,Reason,"
        "Handed in,Attempts,Graded at,Submission\r\n"
        "张三,,,,1.5,0,,,not graded,The process is gone.,,2,2026-11-20T10:00:00+00:00,class/x\r\n"
    )


@given(first=st.sampled_from(COMPUTES), rest=st.text())
def test_no_cell_computes(first: str, rest: str) -> None:
    assert defused(first + rest).startswith("'")
    assert defused(f"  {first}{rest}")[0] not in COMPUTES


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@given(first=st.sampled_from(COMPUTES), rest=st.text(max_size=5), before=st.text(max_size=3))
def test_no_cell_computes_whatever_sign_excel_takes_for_the_end_of_one(
    separator: str, first: str, rest: str, before: str
) -> None:
    hostile = f"{before}{separator}{first}{rest}"
    for line in to_csv([row(hostile, hostile, problem=Text.same(hostile))], "en"):
        cells = next(csv.reader([line], delimiter=separator)) if separator == "," else line.split(separator)
        assert [cell for cell in cells[1:] if cell.lstrip()[:1] and cell.lstrip()[0] in COMPUTES] == []


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_nothing_else_is_changed(text: str) -> None:
    cell = defused(text)
    assert cell.replace("'", "") == text.replace("'", "")
    if not set(text) & set(COMPUTES):
        assert cell == text
    cells = read("".join(to_csv([row(comment=text)], "en")))[1]
    assert cells[7] == cell


@given(student=st.text(), comment=st.text(), why=st.text())
def test_a_row_is_a_row_whatever_students_write(student: str, comment: str, why: str) -> None:
    one = row(student, comment, problem=Text.same(why))
    assert [len(cells) for cells in read("".join(to_csv([one, one], "zh")))] == [14, 14, 14]
    assert len("".join(to_markdown([one, one], "zh")).splitlines()) == 4
    assert len([json.loads(line) for line in to_jsonl([one, one], "zh")]) == 2


def test_markdown() -> None:
    shown = "".join(to_markdown([row("a|b <i>", comment="*x*")], "en"))
    assert shown == (
        "| Student | Final score | Full score | Late penalty | Override | Comment | Status | Reason |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
        "| a\\|b \\<i\\> | 6.5 | 10 | 1 |  | \\*x\\* | graded |  |\n"
    )


def test_json_lines() -> None:
    (line,) = to_jsonl([row()], "zh")
    data = json.loads(line)
    assert (data["student"], data["final"], data["problem"]) == ("张三", 6.5, None)
    assert data["tests"] == [{"nodeid": "test_a.py::test_a", "points": 10.0, "earned": 7.5, "outcome": "failed"}]


def test_excel_reads_the_file_as_utf8(tmp_path: Path) -> None:
    with open_book(tmp_path) as book:
        grade(book, attempt("张三"))
        path = write_export(book, "csv", "zh")
    data = path.read_bytes()
    assert data.startswith("\ufeff学生,".encode())
    assert data.count(b"\r\n") == data.count(b"\n") == 2
    assert b"\r\r" not in data
