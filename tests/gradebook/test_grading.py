"""A class graded into a gradebook: what is written, what is graded again, and what the exit code says."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pytest_mmedu.batch.executor import WarmExecutor
from pytest_mmedu.batch.grading import grade_class
from pytest_mmedu.batch.outcome import Outcome
from pytest_mmedu.cli import main
from pytest_mmedu.errors import OptionError
from pytest_mmedu.gradebook.book import Gradebook
from pytest_mmedu.report.json_file import read_report
from tests.gradebook.conftest import EXERCISE, HALF, RIGHT, TESTS, WRONG, MakeClass

CLASS = {"张三": RIGHT, "Li Si": HALF, "wang": WRONG}
SCORES = {"张三": 10.0, "Li Si": 5.0, "wang": 0.0}


@pytest.fixture(scope="module")
def warm() -> Iterator[WarmExecutor]:
    """Started once for all tests of this file."""
    with WarmExecutor(1) as executor:
        yield executor


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return tmp_path / "results"


class Grade:
    """Grades the class as the command does, in processes that are there already."""

    def __init__(self, exercise: Path, results: Path, executor: WarmExecutor) -> None:
        self.grade = partial(grade_class, exercise=exercise, out=results, executor=executor, workers=1, cache="off")

    def __call__(self, *folders: Path, **more: object) -> Outcome:
        return self.grade(folders, **{"lang": "en", **more})  # type: ignore[arg-type]


@pytest.fixture
def grade(exercise: Path, results: Path, warm: WarmExecutor) -> Grade:
    return Grade(exercise, results, warm)


def scores(results: Path) -> Mapping[str, float | None]:
    with Gradebook(results / "gradebook.sqlite") as book:
        return {row.student: row.final for row in book.rows()}


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [*map(str, words), "--lang", "en"])


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


CRASHES = (
    TESTS
    + '''

@points(5)
def test_ours(submission):
    """老师写的 | By the teacher"""
    if "boom" in (submission.folder / "answers.toml").read_text("utf-8"):
        raise RuntimeError("the teacher's own mistake")
'''
)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_cannot_be_graded_has_its_own_exit_code_and_is_tried_again_when_asked(
    hand_in: MakeClass, grade: Grade, exercise: Path, results: Path, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (exercise / "test_asks.py").write_text(CRASHES, "utf-8")
    folder = hand_in({"张三": RIGHT, "wang": f"{HALF}# boom\n"})
    outcome = grade(folder, min_score=11, lang=lang)
    assert (outcome.exit_code, list(outcome.not_graded)) == (4, ["wang"])
    shown = capsys.readouterr().out
    told = {
        "zh": "有 1 份没批成：\n  wang：{}\n加上 --regrade failed 再批一次这些作业。\n",
        "en": "1 could not be graded:\n  wang: {}\nAdd --regrade failed to try these again.\n",
    }
    assert told[lang].partition("{}")[0] in shown
    assert shown.endswith(told[lang].partition("{}")[2])
    assert scores(results) == {"张三": 15, "wang": None}
    assert grade(folder).new == 0
    assert grade(folder, regrade=["failed"]).new == 1
    run("override", results, "wang", "--score", 12)
    outcome = grade(folder, min_score=12.5)
    assert (outcome.exit_code, outcome.below) == (1, ["wang"])


def test_the_commands_exit_codes(hand_in: MakeClass, exercise: Path, tmp_path: Path) -> None:
    words = ["grade", hand_in({"张三": HALF}), "--exercise", exercise, "--cache", "off", "--workers", "1"]
    below = run(*words, "--min-score", 6)
    assert (below.exit_code, below.output.splitlines()[-1]) == (1, "Below 6 points: 张三.")
    (exercise / "exercise.toml").write_text(EXERCISE + "wrong = 1\n", "utf-8")
    assert run(*words).exit_code == 2
    (exercise / "exercise.toml").write_text(EXERCISE, "utf-8")
    (tmp_path / "empty").mkdir()
    nobody = run("grade", tmp_path / "empty", *words[2:])
    assert (nobody.exit_code, "这里没有作业。" in nobody.output) == (2, True)
    assert run("grade", tmp_path / "nowhere", *words[2:]).exit_code == 2
    (tmp_path / "file").write_text("", "utf-8")
    assert run(*words, "--out", tmp_path / "file" / "results").exit_code == 3


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


def test_results_among_the_submissions_are_no_students(hand_in: MakeClass, exercise: Path, warm: WarmExecutor) -> None:
    folder = hand_in({"wang": RIGHT, "zhao": RIGHT})
    grade = Grade(exercise, folder / "results", warm)
    grade(folder)
    assert (grade(folder).students, sorted(scores(folder / "results"))) == (2, ["wang", "zhao"])


def test_override_and_export(hand_in: MakeClass, grade: Grade, results: Path) -> None:
    grade(hand_in(CLASS))
    changed = run("override", results, "LI SI", "--score", "8", "--comment", "=很好")
    assert (changed.exit_code, changed.output) == (0, "Li Si: 8 points; 5 as graded.\n")
    page = (results / "students" / "Li Si.html").read_text("utf-8")
    assert "很好" in page
    assert "老师给的得分：8 分。 | The teacher&#39;s score: 8 points." in page
    assert "Li Si,8,10,5,0,0,8,'=很好,graded," in (results / "gradebook.csv").read_text("utf-8-sig")
    exported = run("export", results, "--format", "markdown")
    assert exported.output == f"{results / 'gradebook.md'}\n"
    assert "| Li Si | 8 | 10 | 0 | 8 | =很好 | graded |  |\n" in (results / "gradebook.md").read_text("utf-8")
    commented = run("override", results, "Li Si", "--comment", "再看看")
    assert commented.output == "Li Si: 8 points; 5 as graded.\n"
    removed = run("override", results, "Li Si", "--remove")
    assert removed.output == "Li Si: 5 points, as graded.\n"
    assert "很好" not in (results / "students" / "Li Si.html").read_text("utf-8")


IMPOSSIBLE = {
    ("Li", "--score", "3"): "There is no student Li here. Did you mean Li Si?",
    ("wang", "--score", "80"): "A score of 80 cannot be. It is between 0 and 10. Check the score.",
    ("wang", "--score", "nan"): "A score of nan cannot be. It is between 0 and 10. Check the score.",
    ("wang",): "Give --score or --comment, or --remove alone.",
}


def test_an_override_that_cannot_be(hand_in: MakeClass, grade: Grade, results: Path) -> None:
    grade(hand_in(CLASS))
    for words, sentence in IMPOSSIBLE.items():
        done = run("override", results, *words)
        assert (done.exit_code, sentence in done.output) == (2, True), done.output
    assert scores(results) == SCORES


def test_no_gradebook_there(tmp_path: Path) -> None:
    for command in (["override", tmp_path, "wang", "--score", "1"], ["export", tmp_path]):
        done = run(*command)
        assert done.exit_code == 2
        assert f"There is no gradebook in {tmp_path.name}. Give the folder of `grade --out`." in done.output
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_lost_is_written_again(hand_in: MakeClass, grade: Grade, results: Path) -> None:
    folder = hand_in(CLASS)
    grade(folder)
    lost = [results / "reports" / "wang.json", results / "students" / "张三.html", results / "index.html"]
    before = {path: path.read_bytes() for path in lost}
    for path in lost:
        path.unlink()
    assert grade(folder).new == 0
    assert {path: path.read_bytes() for path in lost} == before


@pytest.mark.parametrize(
    ("answers", "more", "code"),
    [
        (HALF, ["--min-score", "5"], 0),
        (HALF, ["--min-score", "5.5"], 1),
        (f"{RIGHT}# boom\n", ["--min-score", "5"], 4),
    ],
)
def test_the_exit_code_of_one_submission(
    hand_in: MakeClass, exercise: Path, answers: str, more: list[str], code: int
) -> None:
    (exercise / "test_asks.py").write_text(CRASHES.replace("points(5)", "points(0)"), "utf-8")
    submission = hand_in({"wang": answers}) / "wang"
    assert run("check", submission, "--exercise", exercise, "--cache", "off", *more).exit_code == code


def test_a_wrong_exercise_is_a_wrong_command(hand_in: MakeClass, exercise: Path) -> None:
    (exercise / "exercise.toml").write_text("wrong = 1\n", "utf-8")
    done = run("check", hand_in({"wang": RIGHT}) / "wang", "--exercise", exercise)
    assert (done.exit_code, "exercise.toml lacks id." in done.output) == (2, True)
