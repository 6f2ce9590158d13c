"""The gradebook itself: what is due, what is kept, and what the teacher says beside it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from pytest_mmedu.errors import OutputError
from pytest_mmedu.gradebook.graders import Grader
from pytest_mmedu.gradebook.late import LateRule
from tests.gradebook.made import BROKEN, attempt, failed, grade, open_book, report, seen


def test_new_then_graded_then_changed(tmp_path: Path) -> None:
    with open_book(tmp_path) as book, Grader(book.path) as grader:
        book.see([seen("张三")])
        waiting = book.row("张三")
        assert (waiting.status, waiting.report, waiting.final, waiting.attempts) == ("waiting", None, None, 0)
        assert book.claim("张三", grader) is True
        book.put(attempt("张三"))
        graded = book.row("张三")
        assert (graded.status, graded.score, graded.final, graded.max_score) == ("graded", 7.5, 7.5, 10)
        assert graded.report == report("张三")
        assert book.due() == set()
        book.see([seen("张三", key="2")])
        changed = book.row("张三")
        assert (changed.status, changed.report, changed.score, changed.attempts) == ("waiting", None, None, 1)
        assert changed.sha256 == "sha of 2"


def test_the_same_again_costs_nothing_and_an_old_content_has_its_report_still(tmp_path: Path) -> None:
    with open_book(tmp_path) as book:
        grade(book, attempt("张三"))
        book.see([seen("张三")])
        assert book.due() == set()
        grade(book, attempt("张三", key="2", earned=10.0))
        assert book.row("张三").score == 10
        book.see([seen("张三")])
        assert book.due() == set()
        assert (book.row("张三").score, book.row("张三").attempts) == (7.5, 2)


def test_what_could_not_be_graded_says_why_and_is_not_tried_for_ever(tmp_path: Path) -> None:
    with open_book(tmp_path) as book:
        grade(book, failed("张三"), attempt("李四"))
        row = book.row("张三")
        assert (row.status, row.problem, row.score, row.final) == ("not graded", BROKEN, None, None)
        book.see([seen("张三"), seen("李四")])
        assert (book.due(), book.failed()) == (set(), ["张三"])
        book.make_due(["张三"])
        assert book.due() == {"张三"}
        grade(book, attempt("张三"))
        assert (book.row("张三").status, book.failed()) == ("graded", [])


def test_a_report_of_an_older_content_does_not_count_for_the_new_one(tmp_path: Path) -> None:
    with open_book(tmp_path) as book, Grader(book.path) as grader:
        book.see([seen("张三")])
        book.claim("张三", grader)
        book.see([seen("张三", key="2")])  # handed in again while the first was graded
        book.put(attempt("张三"))
        assert book.row("张三").status == "waiting"
        assert book.due() == {"张三"}


def test_the_teachers_word_stands_beside_and_is_final(tmp_path: Path) -> None:
    with open_book(tmp_path) as book:
        book.keep_fact("late", LateRule(datetime(2026, 1, 1, tzinfo=timezone.utc), per_day=2).to_json())
        grade(book, attempt("张三"))
        book.see([replace(seen("张三"), handed_in="2026-01-02T12:00:00+00:00")])
        late = book.row("张三")
        assert (late.hours_late, late.penalty, late.score, late.final) == (36, 4, 7.5, 3.5)
        book.override("张三", 9.0, "口头补充了")
        said = book.row("张三")
        assert (said.score, said.override, said.final, said.comment) == (7.5, 9, 9, "口头补充了")
        grade(book, attempt("张三", key="2", earned=1.0))
        assert (book.row("张三").score, book.row("张三").final) == (1, 9)
        book.override("张三", None, "")
        assert (book.row("张三").final, book.row("张三").comment) == (1, "")


def test_an_unknown_time_costs_nothing(tmp_path: Path) -> None:
    with open_book(tmp_path) as book:
        book.keep_fact("late", LateRule(datetime.now(timezone.utc) - timedelta(days=9), per_day=2).to_json())
        grade(book, attempt("张三"))
        assert (book.row("张三").hours_late, book.row("张三").penalty, book.row("张三").handed_in) == (0, 0, "")


def test_two_spellings_are_one_student(tmp_path: Path) -> None:
    with open_book(tmp_path) as book:
        grade(book, attempt("Zoé Li"))
        assert book.find("ZOE\u0301 LI") == "Zoé Li"
        assert book.find("Zoe Li") is None
        with pytest.raises(KeyError):
            book.row("Zoe Li")


def test_rows_come_in_order_of_name(tmp_path: Path) -> None:
    with open_book(tmp_path) as book:
        grade(book, *(attempt(name) for name in ("c", "a", "b")))
        assert [row.student for row in book.rows()] == ["a", "b", "c"]


def test_a_claim_is_one_graders_as_long_as_that_one_lives(tmp_path: Path) -> None:
    with open_book(tmp_path) as book, open_book(tmp_path) as other, Grader(book.path) as two:
        book.see([seen("张三")])
        with Grader(book.path) as one:
            assert book.claim("张三", one) is True
            assert book.claim("张三", one) is True
            assert other.claim("张三", two) is False
        assert other.claim("张三", two) is True
        other.put(attempt("张三"))
        assert other.claim("张三", two) is None


def test_a_half_written_transaction_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutputError), open_book(tmp_path) as book:
        book.see([seen("张三"), replace(seen("李四"), sha256=None)])  # type: ignore[arg-type]
    with open_book(tmp_path) as book:
        assert book.students() == []


@pytest.mark.parametrize("content", [b"not a database at all, " * 50, None])
def test_a_file_that_is_no_gradebook(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "gradebook.sqlite"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(OutputError) as caught, open_book(tmp_path):
        pass
    assert caught.value.text.zh.endswith("不能用：file is not a database。请核对路径和权限，或换一个文件夹。") or (
        "unable to open database file" in caught.value.text.en
    )


def test_a_gradebook_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    with open_book(tmp_path):
        pass
    base = sqlite3.connect(tmp_path / "gradebook.sqlite")
    base.execute("PRAGMA user_version = 99")
    base.close()
    with pytest.raises(OutputError) as caught, open_book(tmp_path):
        pass
    assert caught.value.text.zh == "成绩册 gradebook.sqlite 是更新的版本写的。请升级 pytest-mmedu。"
    assert caught.value.text.en == (
        "The gradebook gradebook.sqlite was written by a newer version. Upgrade pytest-mmedu."
    )
