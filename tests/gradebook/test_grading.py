"""A class graded into a gradebook: what is written, and what is graded again."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from pytest_mmedu.batch.executor import WarmExecutor
from pytest_mmedu.errors import OptionError
from pytest_mmedu.gradebook.book import Gradebook
from pytest_mmedu.report.json_file import read_report
from tests.gradebook.conftest import EXERCISE, HALF, RIGHT, TESTS, WRONG, Grade, MakeClass
from tests.gradebook.graded import CLASS, SCORES, run, scores


def test_what_is_left_behind(
    hand_in: MakeClass, grade: Grade, results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = grade(hand_in(CLASS))
    assert (outcome.exit_code, outcome.students, outcome.new) == (0, 3, 3)
    assert scores(results) == SCORES
    assert {path.stem: read_report(path).score for path in (results / "reports").iterdir()} == SCORES
    assert {path.name for path in (results / "students").iterdir()} == {f"{name}.html" for name in CLASS}
    assert "张三" in (results / "index.html").read_text("utf-8")
    lines = (results / "gradebook.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(",")[:3] for line in lines[1:]] == [
        ["Li Si", "5", "10"],
        ["wang", "0", "10"],
        ["张三", "10", "10"],
    ]
    assert capsys.readouterr().out.endswith("\n3 graded now, 0 unchanged.\n")


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", ("读作业", "批改", "剩余")), ("en", ("Reading", "Grading", "left"))]
)
def test_who_watches_sees_how_far_it_is(
    hand_in: MakeClass,
    grade: Grade,
    lang: str,
    words: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # as on a terminal
    monkeypatch.setenv("COLUMNS", "100")
    grade(hand_in(CLASS), lang=lang)
    shown = capsys.readouterr().err
    assert [word for word in (*words, "3/3") if word not in shown] == []


def test_only_what_is_new_or_changed_is_graded(hand_in: MakeClass, grade: Grade, results: Path) -> None:
    folder = hand_in(CLASS)
    grade(folder)
    assert grade(folder).new == 0
    hand_in({"wang": RIGHT, "zhao": WRONG})
    assert grade(folder).new == 2
    assert scores(results) == {**SCORES, "wang": 10, "zhao": 0}
    hand_in({"wang": WRONG})  # the first one again: it has a report
    assert grade(folder).new == 0
    assert scores(results)["wang"] == 0


def test_a_changed_exercise_is_graded_anew_a_changed_late_rule_is_not(
    hand_in: MakeClass, grade: Grade, exercise: Path, results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = hand_in(CLASS)
    (folder / "handed_in.csv").write_text("张三,2026-11-21 23:00\nwang,2026-11-20 23:00\n", "utf-8")
    grade(folder)
    rule = "[late]\ndue = 2026-11-20T23:59:00+08:00\nper_day = 20\nunit = 'percent'\n"
    (exercise / "exercise.toml").write_text(EXERCISE + rule, "utf-8")
    (exercise / "README.md").write_text("# 题目\n", "utf-8")
    capsys.readouterr()
    outcome = grade(folder)
    assert (outcome.new, outcome.unknown_times) == (0, 1)
    assert capsys.readouterr().out.splitlines()[-1] == (
        "When 1 of them were handed in is not known, so nothing was taken off for being late. Put a handed_in.csv "
        "beside the submissions, or Moodle's grading worksheet, or the grades of GitHub Classroom."
    )
    assert scores(results) == {**SCORES, "张三": 8}
    page = (results / "students" / "张三.html").read_text("utf-8")
    assert "迟交 23.02 小时，扣 2 分，最终 8 分。 | 23.02 hours late: 2 points off, 8 points count." in page
    (exercise / "test_asks.py").write_text(TESTS.replace("equals=8", "equals=9"), "utf-8")
    assert grade(folder).new == 3
    assert scores(results) == {"张三": 3, "Li Si": 10, "wang": 0}


@pytest.mark.skipif(sys.platform == "win32", reason="no folder has such a name on Windows")
@pytest.mark.parametrize("name", ["Li ", " Li", "a\nb", "-x", "=1+1", "a'b\"c", "%s{0}", "~", "😀"])
def test_a_folder_of_any_name_is_graded(hand_in: MakeClass, grade: Grade, name: str) -> None:
    outcome = grade(hand_in({name: RIGHT}), min_score=10)
    assert (outcome.exit_code, outcome.students, outcome.not_graded) == (0, 1, {})


def test_who_is_on_the_list_and_handed_nothing_in_has_a_row(
    hand_in: MakeClass, grade: Grade, results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = hand_in(CLASS)
    (folder / "students.csv").write_text("张三,1\nli si,2\nWang,3\n赵六,4\n孙七,5\n", "utf-8")
    assert (grade(folder).exit_code, scores(results)) == (0, {**SCORES, "赵六": None, "孙七": None})
    assert capsys.readouterr().out.endswith("2 on the list of the class handed nothing in: 赵六, 孙七.\n")
    assert "\n赵六,,,,0,0,,,not handed in,,,0,,\n" in (results / "gradebook.csv").read_text("utf-8-sig")
    assert "not handed in" in (results / "index.html").read_text("utf-8")
    assert run("override", results, "孙七", "--score", 0, "--comment", "请假 | ill").output == (
        "孙七: 0 points; – as graded.\n"
    )
    hand_in({"赵六": HALF})
    (folder / "students.csv").write_text("张三,1\nwang,3\n赵六,4\n", "utf-8")
    assert grade(folder, min_score=0).exit_code == 0
    assert scores(results) == {**SCORES, "赵六": 5, "孙七": 0}


def test_one_student_with_two_hand_ins_is_one_student(
    hand_in: MakeClass, grade: Grade, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = hand_in({"张三": RIGHT, "li": HALF})
    with zipfile.ZipFile(folder / "张三.zip", "w") as archive:
        archive.writestr("answers.toml", WRONG)
    (folder / "students.csv").write_text("张三,1\nli,2\n", "utf-8")
    assert grade(folder).students == 3
    assert capsys.readouterr().out.partition("3 graded now, 0 unchanged.\n")[2] == (
        "2 submissions go by the name of 张三, and each was graded: 张三 (张三), 张三 (张三.zip). "
        "Are these people of one name, or did one hand in more than once?\n"
    )
    (folder / "students.csv").write_text("张三,1\nli,1\n", "utf-8")
    grade(folder)
    assert "\nli, 张三 have the same id 1: find out whose work it is.\n" in capsys.readouterr().out


def test_another_class_in_the_same_results_is_no_silent_exchange(
    hand_in: MakeClass, grade: Grade, results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = hand_in(CLASS)
    grade(first)
    moved = first.rename(tmp_path / "moved")
    grade(moved)
    assert "lies in another folder" not in capsys.readouterr().out
    grade(hand_in({"张三": WRONG}))
    assert capsys.readouterr().out.splitlines()[-1] == (
        "张三: the work lies in another folder than the last time, and the gradebook now has this one. "
        "If these are two people of one name, give each class an --out folder of its own."
    )
    assert scores(results) == {**SCORES, "张三": 0}


def test_regrade_one_or_all(hand_in: MakeClass, grade: Grade, results: Path) -> None:
    folder = hand_in(CLASS)
    grade(folder)
    assert grade(folder, regrade=["all"]).new == 3
    hand_in({"wang": HALF})
    assert grade(folder, regrade=["LI SI"]).new == 1
    with Gradebook(results / "gradebook.sqlite") as book:
        assert {row.student: row.attempts for row in book.rows()} == {"张三": 2, "Li Si": 3, "wang": 2}
        assert book.row("wang").status == "waiting"
    with pytest.raises(OptionError) as caught:
        grade(folder, regrade=["wong"])
    assert caught.value.text.zh == "这里没有学生 wong。是不是 wang？"
    assert caught.value.text.en == "There is no student wong here. Did you mean wang?"


def test_a_gradebook_is_for_one_exercise(hand_in: MakeClass, grade: Grade, exercise: Path) -> None:
    folder = hand_in({"wang": RIGHT})
    grade(folder)
    (exercise / "exercise.toml").write_text(EXERCISE.replace('"asks"', '"other"'), "utf-8")
    with pytest.raises(OptionError) as caught:
        grade(folder)
    assert caught.value.text.zh == "这个成绩册是练习 asks 的，不是 other 的。请给每个练习一个自己的 --out 文件夹。"
    assert caught.value.text.en == (
        "This gradebook is for exercise asks, not other. Give each exercise an --out folder of its own."
    )


def test_results_among_the_submissions_are_no_students(
    hand_in: MakeClass, exercise: Path, warm_executor: WarmExecutor
) -> None:
    folder = hand_in({"wang": RIGHT, "zhao": RIGHT})
    grade = Grade(exercise, folder / "results", warm_executor)
    grade(folder)
    assert (grade(folder).students, sorted(scores(folder / "results"))) == (2, ["wang", "zhao"])


def test_a_file_that_was_lost_is_written_again(hand_in: MakeClass, grade: Grade, results: Path) -> None:
    folder = hand_in(CLASS)
    grade(folder)
    lost = [results / "reports" / "wang.json", results / "students" / "张三.html", results / "index.html"]
    before = {path: path.read_bytes() for path in lost}
    for path in lost:
        path.unlink()
    assert grade(folder).new == 0
    assert {path: path.read_bytes() for path in lost} == before
